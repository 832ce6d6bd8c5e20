/* watch: offsets. Here: what becomes of the answers. */
#include <stdlib.h>

#include "topicmon/base/mem.h"
#include "watch_offsets_parts.h"

#define TRIES_MAX       4u
#define TRY_AGAIN_MS    100     /* doubled with each try: leaders that have just changed need a moment to know it */
#define AGAIN_MAX       1000    /* when so many fail it is not one partition but a broker that has just started, and asking
                                 * one by one would take for ever */
#define LEADER_PAUSE_MS 250     /* doubled with each failure … */
#define LEADER_PAUSES   4u      /* … this often */
#define BAD_MS          10000

static void
remember_bad(struct watch_offsets *o, const char *topic, int32_t partition, int64_t now_ms)
{
	if (o->nbad < BAD_MAX && !offsets_is_bad(o, topic, partition))
		o->bad[o->nbad++] = (struct bad_partition){ xstrdup(topic), partition, now_ms + BAD_MS };
}

/* The broker that was asked is not the one to ask, or not for this partition: nothing that waiting at it would change. */
static bool
is_partition_trouble(rd_kafka_resp_err_t code)
{
	switch (code) {
	case RD_KAFKA_RESP_ERR__TIMED_OUT:
	case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
	case RD_KAFKA_RESP_ERR__TRANSPORT:
	case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
	case RD_KAFKA_RESP_ERR__DESTROY:
	case RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE:
	case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
	case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
		return false;
	default:
		return true;
	}
}

static void
tell_offsets(struct watch *w, const struct ask *ask)
{
	for (int i = 0; i < ask->list->cnt; i++) {
		const rd_kafka_topic_partition_t *tp = &ask->list->elems[i];
		int64_t start = ask->starts[i] >= 0 ? ask->starts[i] : OFFSET_UNKNOWN;
		int64_t end = tp->err || tp->offset < 0 ? OFFSET_UNKNOWN : tp->offset;

		if (picture_offsets(w->picture, tp->topic, tp->partition, start, end, ask->asked_ms)) {
			/* Recreated: the partitions may be others, and what was forgotten is wanted again. */
			watch_want_metadata(w, 0);
			w->offsets->focus_ms = 0;
			w->offsets->visible_ms = 0;
		}
	}
	w->dirty = true;
}

/* To be asked again after the next metadata, in smaller lists; or given up. */
static void
try_again(struct watch *w, const struct ask *ask, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	bool bad = ask->tries >= TRIES_MAX, many = ask->tries > 0 && o->again->cnt > AGAIN_MAX;

	for (int i = 0; i < ask->list->cnt; i++) {
		const rd_kafka_topic_partition_t *tp = &ask->list->elems[i];

		if (bad || many) {
			if (bad)
				remember_bad(o, tp->topic, tp->partition, now_ms);
			else
				o->retry_ms = now_ms + o->retry_pause_ms;
			offsets_tell_in_vain(w, tp->topic, tp->partition, now_ms);
		} else {
			rd_kafka_topic_partition_list_add(o->again, tp->topic, tp->partition)->offset = ask->tries + 1;
		}
	}
	watch_want_metadata(w, ask->tries ? now_ms + (TRY_AGAIN_MS << ask->tries) : now_ms);
}

static void
tell_all_in_vain(struct watch *w, const struct ask *ask, int64_t now_ms)
{
	for (int i = 0; i < ask->list->cnt; i++)
		offsets_tell_in_vain(w, ask->list->elems[i].topic, ask->list->elems[i].partition, now_ms);
}

/* What else was planned for a leader that does not answer need not wait for it in turn. */
static void
give_up_planned(struct watch *w, int32_t leader, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	size_t kept = 0;

	for (size_t i = 0; i < o->nplanned; i++) {
		struct ask *ask = o->planned[i];

		if (ask->leader != leader) {
			o->planned[kept++] = ask;
			continue;
		}
		o->pending[ask->purpose]--;
		tell_all_in_vain(w, ask, now_ms);
		ask_free(ask);
	}
	o->nplanned = kept;
}

static void
plan_again(struct watch_offsets *o, struct ask *ask)
{
	free(ask->starts);
	ask->starts = NULL;
	offsets_add_planned(o, ask);
}

/* The leader did not answer. Others may have become leaders instead. Takes the ask over. */
static void
leader_failed(struct watch *w, struct ask *ask, int64_t now_ms)
{
	struct leader *leader = offsets_leader(w->offsets, ask->leader);
	unsigned pauses = leader->failures < LEADER_PAUSES ? leader->failures : LEADER_PAUSES;

	leader->retry_ms = now_ms + (LEADER_PAUSE_MS << pauses);
	leader->failures++;
	watch_want_metadata(w, now_ms);
	if (leader->failures < LEADER_FAILURES && ask->purpose == FOR_ALL) {
		plan_again(w->offsets, ask);
		return;
	}
	if (leader->failures >= LEADER_FAILURES)
		give_up_planned(w, ask->leader, now_ms);
	tell_all_in_vain(w, ask, now_ms);
	ask_free(ask);
}

/* What was given up meanwhile is due. */
static void
leader_answered(struct watch_offsets *o, struct leader *leader, int64_t now_ms)
{
	if (leader->failures >= LEADER_FAILURES) {
		o->due_before_ms = now_ms;
		offsets_sweep(o);
	}
	leader->failures = 0;
}

void
offsets_answer(struct watch *w, struct ask *ask, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;

	o->pending[ask->purpose]--;
	o->under_way[ask->purpose]--;
	offsets_leader(o, ask->leader)->under_way--;
	if (ask->code && !is_partition_trouble(ask->code)) {
		leader_failed(w, ask, now_ms);
		return;
	}
	leader_answered(o, offsets_leader(o, ask->leader), now_ms);
	if (ask->code)
		try_again(w, ask, now_ms);
	else
		tell_offsets(w, ask);
	ask_free(ask);
}

void
offsets_metadata(struct watch *w, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;

	for (int i = 0; i < o->again->cnt; i++) {
		const rd_kafka_topic_partition_t *tp = &o->again->elems[i];
		long topic = picture_topic_index(w->picture, tp->topic);
		uint32_t n = 0;

		if (topic < 0)
			continue;
		picture_topic_at(w->picture, (size_t)topic, &n);
		if ((uint32_t)tp->partition < n)
			offsets_plan(w, FOR_ALL, (size_t)topic, (uint32_t)tp->partition, (unsigned)tp->offset, now_ms);
	}
	rd_kafka_topic_partition_list_destroy(o->again);
	o->again = rd_kafka_topic_partition_list_new(0);
	/* New topics and partitions were never asked for. */
	offsets_sweep(o);
}
