/*
 * watch: groups. Here: the answers. A group's commits are shown only when the ends of its partitions were asked for after
 * them: the other way round a receiver that is quick would seem to be ahead of the topic.
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "watch_groups_parts.h"

static void
hold(struct watch_groups *g, rd_kafka_event_t *ev)
{
	if (g->nheld == g->held_cap) {
		g->held_cap = g->held_cap ? g->held_cap * 2 : 16;
		g->held = xreallocarray(g->held, g->held_cap, sizeof(*g->held));
	}
	g->held[g->nheld++] = ev;
}

/* The one group in an answer about commits; NULL: it failed. */
static const rd_kafka_group_result_t *
commits_of(rd_kafka_event_t *ev)
{
	const rd_kafka_ListConsumerGroupOffsets_result_t *result = rd_kafka_event_ListConsumerGroupOffsets_result(ev);
	const rd_kafka_group_result_t **groups;
	size_t n = 0;

	if (!result || rd_kafka_event_error(ev))
		return NULL;
	groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &n);
	return n && !rd_kafka_group_result_error(groups[0]) ? groups[0] : NULL;
}

/* Takes the event over. */
static void
commits_answer(struct watch *w, rd_kafka_event_t *ev, const struct group_call *call)
{
	struct watch_groups *g = w->groups;
	struct known_group *k = groups_find(g, call->groups.v[0]);

	if (k)
		k->asking_commits = false;
	if (commits_of(ev)) {
		hold(g, ev);
		return;
	}
	/* Asked in vain: what was known before stays. */
	if (k && !k->told_commits)
		picture_group_commits(w->picture, k->name, NULL, NULL, NULL, 0);
	w->dirty = true;
	rd_kafka_event_destroy(ev);
}

static void
tell_members(struct watch *w, const rd_kafka_ConsumerGroupDescription_t *described)
{
	struct known_group *k = groups_find(w->groups, rd_kafka_ConsumerGroupDescription_group_id(described));
	const rd_kafka_error_t *error = rd_kafka_ConsumerGroupDescription_error(described);
	enum group_state state = convert_group_state(rd_kafka_ConsumerGroupDescription_state(described));

	if (!k)
		return;
	if (error && rd_kafka_error_code(error)) {
		picture_group_members(w->picture, k->name, k->listed, NULL, 0, false);
	} else if (state == GROUP_DEAD && k->listed != GROUP_DEAD && k->listed != GROUP_EMPTY) {
		/* Listed as alive: it speaks a protocol that this library does not. */
		k->new_protocol = true;
		picture_group_members(w->picture, k->name, k->listed, NULL, 0, false);
	} else {
		convert_members(w->picture, described);
	}
}

static void
members_answer(struct watch *w, rd_kafka_event_t *ev, const struct group_call *call)
{
	const rd_kafka_DescribeConsumerGroups_result_t *result = rd_kafka_event_DescribeConsumerGroups_result(ev);
	const rd_kafka_ConsumerGroupDescription_t **described = NULL;
	size_t n = 0;

	if (result && !rd_kafka_event_error(ev))
		described = rd_kafka_DescribeConsumerGroups_result_groups(result, &n);
	for (size_t i = 0; i < call->groups.n; i++) {
		struct known_group *k = groups_find(w->groups, call->groups.v[i]);

		if (!k)
			continue;
		k->asking_members = false;
		if (!described)
			picture_group_members(w->picture, k->name, k->listed, NULL, 0, false);
	}
	for (size_t i = 0; i < n; i++)
		tell_members(w, described[i]);
	w->dirty = true;
	rd_kafka_event_destroy(ev);
}

void
groups_take_events(struct watch *w, rd_kafka_queue_t *queue, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	rd_kafka_event_t *ev;

	while ((ev = rd_kafka_queue_poll(queue, 0))) {
		size_t at = (size_t)(uintptr_t)rd_kafka_event_opaque(ev) - 1;
		struct group_call *call = at < CALLS_MAX ? &g->calls[at] : NULL;

		if (rd_kafka_event_type(ev) == RD_KAFKA_EVENT_LISTCONSUMERGROUPS_RESULT) {
			groups_listing_answer(w, ev, now_ms);
			rd_kafka_event_destroy(ev);
		} else if (rd_kafka_event_type(ev) == RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT) {
			groups_rights_answer(w, ev);
			rd_kafka_event_destroy(ev);
		} else if (!call || !call->used) {
			rd_kafka_event_destroy(ev);
		} else {
			if (call->members)
				members_answer(w, ev, call);
			else
				commits_answer(w, ev, call);
			groups_end_call(g, call);
		}
	}
}

/* Telling: when a batch is together, the ends of its partitions are asked for; when they are known it is told. */

static void
want_ends(struct watch *w)
{
	struct watch_groups *g = w->groups;
	bool *wanted = xcalloc(picture_ntopics(w->picture), sizeof(*wanted));
	const char *last = "";

	for (size_t i = 0; i < g->nheld; i++) {
		const rd_kafka_topic_partition_list_t *list = rd_kafka_group_result_partitions(commits_of(g->held[i]));

		for (int k = 0; list && w->spec.offsets && k < list->cnt; k++) {
			const rd_kafka_topic_partition_t *tp = &list->elems[k];
			long topic;

			if (tp->offset < 0 || strcmp(tp->topic, last) == 0)
				continue;
			last = tp->topic;
			topic = picture_topic_index(w->picture, last);
			if (topic < 0 || wanted[topic])
				continue;
			wanted[topic] = true;
			offsets_want(w, (size_t)topic);
		}
	}
	free(wanted);
	g->ntell = g->nheld;
	g->ends_asked = true;
}

static void
tell_held(struct watch *w)
{
	struct watch_groups *g = w->groups;

	for (size_t i = 0; i < g->ntell; i++) {
		const rd_kafka_group_result_t *result = commits_of(g->held[i]);
		struct known_group *k = groups_find(g, rd_kafka_group_result_name(result));

		convert_commits(w->picture, rd_kafka_group_result_name(result), rd_kafka_group_result_partitions(result));
		if (k)
			k->told_commits = true;
		rd_kafka_event_destroy(g->held[i]);
	}
	g->nheld -= g->ntell;
	memmove(g->held, g->held + g->ntell, g->nheld * sizeof(*g->held));
	g->ntell = 0;
	g->ends_asked = false;
	w->dirty = true;
}

int64_t
groups_tell_step(struct watch *w, int64_t now_ms)
{
	struct watch_groups *g = w->groups;

	if (g->ends_asked) {
		if (offsets_pending(w, FOR_COMMITS))
			return NEVER;
		tell_held(w);
	}
	if (!g->nheld)
		return NEVER;
	if (g->ncalls && now_ms < g->gather_ms + GATHER_MS)
		return g->gather_ms + GATHER_MS;
	want_ends(w);
	return offsets_pending(w, FOR_COMMITS) ? NEVER : now_ms;
}
