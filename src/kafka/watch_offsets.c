/* watch: offsets. Here: what is to be asked for, in which order, and asking. */
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "watch_offsets_parts.h"

/* The library's cost grows with the square of a call's list, and a broker answers one call after the other: with 150 to 250
 * partitions a call and three calls under way, 6,000 partitions take the least time. */
#define CHUNK           200u
#define CALLS_LEADER    3u      /* at once to one leader */
#define CALLS_FOR_ALL   3u      /* at once for everything, so that what is on the screen need not wait */
#define TRIES_SHIFT     3u      /* what fails a second time is asked again by the eighth: one bad partition spoils a list */
#define ALL_SLACK_MS    2000    /* after ALL_MS: so long may the look at the groups, which asks for theirs, be late */

struct watch_offsets *
offsets_new(void)
{
	struct watch_offsets *o = xcalloc(1, sizeof(*o));

	o->again = rd_kafka_topic_partition_list_new(0);
	o->due_before_ms = 1;
	o->retry_ms = NEVER;
	o->retry_pause_ms = RETRY_MS;
	return o;
}

void
offsets_free(struct watch_offsets *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->nplanned; i++)
		ask_free(o->planned[i]);
	for (size_t i = 0; i < o->nbad; i++)
		free(o->bad[i].topic);
	rd_kafka_topic_partition_list_destroy(o->again);
	free(o->planned);
	free(o->leaders);
	free(o);
}

bool
offsets_busy(const struct watch *w)
{
	const struct watch_offsets *o = w->offsets;

	return w->spec.offsets && !o->swept;
}

bool
offsets_pending(const struct watch *w, enum ask_purpose purpose)
{
	return w->offsets->pending[purpose] > 0;
}

void
offsets_respec(struct watch *w)
{
	w->offsets->focus_ms = 0;
	w->offsets->visible_ms = 0;
}

static int64_t
soonest(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

void
offsets_recovered(struct watch *w)
{
	for (size_t i = 0; i < w->offsets->nleaders; i++) {
		w->offsets->leaders[i].failures = 0;
		w->offsets->leaders[i].retry_ms = 0;
	}
	w->offsets->retry_pause_ms = RETRY_MS;
	offsets_respec(w);
}

void
offsets_sweep(struct watch_offsets *o)
{
	o->sweeping = true;
	o->cursor = 0;
	o->cursor_partition = 0;
}

void
offsets_refresh(struct watch *w)
{
	offsets_respec(w);
	w->offsets->retry_pause_ms = RETRY_MS;
	w->offsets->due_before_ms = clock_ms() + 1;
	offsets_sweep(w->offsets);
}

/* Leaders and bad partitions. */

struct leader *
offsets_leader(struct watch_offsets *o, int32_t id)
{
	for (size_t i = 0; i < o->nleaders; i++) {
		if (o->leaders[i].id == id)
			return &o->leaders[i];
	}
	o->leaders = xreallocarray(o->leaders, o->nleaders + 1, sizeof(*o->leaders));
	o->leaders[o->nleaders] = (struct leader){ .id = id };
	return &o->leaders[o->nleaders++];
}

/* It did not answer, and it is not yet time to try again. */
static bool
is_lost(const struct leader *leader, int64_t now_ms)
{
	return leader->failures >= LEADER_FAILURES && leader->retry_ms > now_ms;
}

bool
offsets_is_bad(const struct watch_offsets *o, const char *topic, int32_t partition)
{
	for (size_t i = 0; i < o->nbad; i++) {
		if (o->bad[i].partition == partition && strcmp(o->bad[i].topic, topic) == 0)
			return true;
	}
	return false;
}

static void
forget_bad(struct watch_offsets *o, int64_t now_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->nbad; i++) {
		if (o->bad[i].until_ms > now_ms)
			o->bad[kept++] = o->bad[i];
		else
			free(o->bad[i].topic);
	}
	o->nbad = kept;
}

/* Planning. */

static unsigned
list_limit(unsigned tries)
{
	unsigned limit = tries > 1 ? CHUNK >> ((tries - 1) * TRIES_SHIFT) : CHUNK;

	return limit ? limit : 1;
}

void
offsets_add_planned(struct watch_offsets *o, struct ask *ask)
{
	if (o->nplanned == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 16;
		o->planned = xreallocarray(o->planned, o->cap, sizeof(*o->planned));
	}
	o->planned[o->nplanned++] = ask;
	o->pending[ask->purpose]++;
}

/* The planned ask that this partition can join, or a new one. */
static struct ask *
planned_ask(struct watch_offsets *o, enum ask_purpose purpose, int32_t leader, unsigned tries)
{
	struct ask *ask;

	for (size_t i = o->nplanned; i > 0; i--) {
		ask = o->planned[i - 1];
		if (ask->purpose == purpose && ask->leader == leader && ask->tries == tries)
			if ((unsigned)ask->list->cnt < list_limit(tries))
				return ask;
	}
	ask = ask_new(ASK_OFFSETS);
	ask->purpose = purpose;
	ask->leader = leader;
	ask->tries = tries;
	ask->list = rd_kafka_topic_partition_list_new(8);
	offsets_add_planned(o, ask);
	return ask;
}

void
offsets_tell_in_vain(struct watch *w, const char *topic, int32_t partition, int64_t now_ms)
{
	picture_offsets(w->picture, topic, partition, OFFSET_UNKNOWN, OFFSET_UNKNOWN, now_ms);
	w->dirty = true;
}

void
offsets_plan(struct watch *w, enum ask_purpose purpose, size_t topic, uint32_t at, unsigned tries, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	int32_t leader = picture_leader(w->picture, topic, at), id = picture_partition_id(w->picture, topic, at);
	const char *name = picture_topic_at(w->picture, topic, NULL);

	/* Nobody to ask; and the library would wait for a leader to come, with all the others. */
	if (leader < 0 || offsets_is_bad(o, name, id) || is_lost(offsets_leader(o, leader), now_ms))
		offsets_tell_in_vain(w, name, id, now_ms);
	else
		rd_kafka_topic_partition_list_add(planned_ask(o, purpose, leader, tries)->list, name, id);
}

/* The partitions of a topic that were not asked since. */
static void
plan_topic(struct watch *w, enum ask_purpose purpose, const char *name, int64_t since_ms, int64_t now_ms)
{
	long topic = picture_topic_index(w->picture, name);
	uint32_t npartitions = 0;

	if (topic < 0)
		return;
	picture_topic_at(w->picture, (size_t)topic, &npartitions);
	for (uint32_t i = 0; i < npartitions; i++) {
		if (picture_asked_ms(w->picture, (size_t)topic, i) < since_ms)
			offsets_plan(w, purpose, (size_t)topic, i, 0, now_ms);
	}
}

void
offsets_want(struct watch *w, size_t topic)
{
	uint32_t npartitions;

	picture_topic_at(w->picture, topic, &npartitions);
	for (uint32_t i = 0; i < npartitions; i++)
		offsets_plan(w, FOR_COMMITS, topic, i, 0, clock_ms());
}

/* A topic that groups have commits on is asked for each time that their commits were: a lag out of an old commit and a
 * new end would be too large. Only if that did not happen for long it is asked for all the same. */
static int64_t
asked_since(const struct watch *w, const char *name, int64_t now_ms, int64_t period_ms)
{
	const struct topic *t = w->spec.groups && w->last ? snapshot_find_topic(w->last, name) : NULL;
	int64_t since_ms = now_ms - (t && t->ngroups ? 2 * period_ms : period_ms / 2);

	return since_ms > w->offsets->due_before_ms ? since_ms : w->offsets->due_before_ms;
}

static int64_t
plan_focus(struct watch *w, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	int period_ms = w->spec.refresh_ms < FOCUS_MS ? w->spec.refresh_ms : FOCUS_MS;

	if (!w->spec.focus || o->pending[FOR_FOCUS])
		return NEVER;
	if (now_ms < o->focus_ms)
		return o->focus_ms;
	plan_topic(w, FOR_FOCUS, w->spec.focus, asked_since(w, w->spec.focus, now_ms, period_ms), now_ms);
	o->focus_ms = watch_after(w, now_ms, period_ms);
	return o->focus_ms;
}

static int64_t
plan_visible(struct watch *w, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;

	if (!w->spec.visible.n || o->pending[FOR_VISIBLE])
		return NEVER;
	if (now_ms < o->visible_ms)
		return o->visible_ms;
	for (size_t i = 0; i < w->spec.visible.n; i++) {
		const char *name = w->spec.visible.v[i];

		/* Scrolling makes them due again and again: what is new enough stays. */
		if (!w->spec.focus || strcmp(name, w->spec.focus) != 0)
			plan_topic(w, FOR_VISIBLE, name, asked_since(w, name, now_ms, w->spec.refresh_ms), now_ms);
	}
	o->visible_ms = watch_after(w, now_ms, w->spec.refresh_ms);
	return o->visible_ms;
}

/* From the cursor on: a list or so of those that were asked before since_ms. True when the end was reached. */
static bool
plan_from_cursor(struct watch *w, int64_t since_ms, size_t want, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;

	for (; o->cursor < picture_ntopics(w->picture); o->cursor++, o->cursor_partition = 0) {
		uint32_t npartitions;

		picture_topic_at(w->picture, o->cursor, &npartitions);
		for (; o->cursor_partition < npartitions; o->cursor_partition++) {
			if (picture_asked_ms(w->picture, o->cursor, o->cursor_partition) >= since_ms)
				continue;
			if (!want--)
				return false;
			offsets_plan(w, FOR_ALL, o->cursor, o->cursor_partition, 0, now_ms);
		}
	}
	return true;
}

static size_t
count_partitions(const struct watch *w)
{
	size_t n = 0;

	for (size_t i = 0; i < picture_ntopics(w->picture); i++) {
		uint32_t npartitions;

		picture_topic_at(w->picture, i, &npartitions);
		n += npartitions;
	}
	return n;
}

/* Everything: what is due at once as fast as the answers come, the rest list by list over the whole period. */
static int64_t
plan_all(struct watch *w, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	size_t lists;

	/* What is on the screen is among all: once it is answered it need not be asked twice. */
	if (o->pending[FOR_FOCUS] || o->pending[FOR_VISIBLE])
		return NEVER;
	if (now_ms >= o->retry_ms) {
		o->retry_ms = NEVER;
		o->retry_pause_ms = o->retry_pause_ms * 2 < ALL_MS ? o->retry_pause_ms * 2 : ALL_MS;
		o->due_before_ms = now_ms;
		offsets_sweep(o);
	}
	if (o->sweeping && o->pending[FOR_ALL] - o->under_way[FOR_ALL] < 2) {
		o->sweeping = !plan_from_cursor(w, o->due_before_ms, CHUNK * (o->nleaders + 1), now_ms);
		o->swept = o->swept || !o->sweeping;
	}
	if (o->sweeping || w->spec.refresh_ms <= 0)
		return o->retry_ms;
	if (now_ms < o->all_ms || o->pending[FOR_ALL])
		return soonest(o->pending[FOR_ALL] ? NEVER : o->all_ms, o->retry_ms);
	if (plan_from_cursor(w, now_ms - ALL_MS - ALL_SLACK_MS, CHUNK, now_ms))
		o->cursor = o->cursor_partition = 0;
	lists = count_partitions(w) / CHUNK + 1;
	o->all_ms = now_ms + ALL_MS / (int64_t)(lists < ALL_MS / 20 ? lists : ALL_MS / 20);
	return soonest(o->all_ms, o->retry_ms);
}

/* Asking. */

static bool
may_begin(struct watch_offsets *o, const struct ask *ask, int64_t now_ms, int64_t *next_ms)
{
	const struct leader *leader = offsets_leader(o, ask->leader);

	if (ask->purpose == FOR_ALL && o->under_way[FOR_ALL] >= CALLS_FOR_ALL)
		return false;
	/* One call at a time tells whether it is back. */
	if (leader->under_way >= (leader->failures ? 1 : CALLS_LEADER))
		return false;
	if (leader->retry_ms > now_ms) {
		if (leader->retry_ms < *next_ms)
			*next_ms = leader->retry_ms;
		return false;
	}
	return true;
}

/* Which planned ask is next, nplanned: none can begin now. */
static size_t
choose(struct watch_offsets *o, int64_t now_ms, int64_t *next_ms)
{
	size_t best = o->nplanned;

	for (size_t i = 0; i < o->nplanned; i++) {
		if (best < o->nplanned && o->planned[best]->purpose <= o->planned[i]->purpose)
			continue;
		if (may_begin(o, o->planned[i], now_ms, next_ms))
			best = i;
	}
	return best;
}

/* A call that fails is made once more before what it asks for counts as unknown; all that is bounded by the timeout. */
static int
call_timeout_ms(const struct watch *w)
{
	return w->conn.timeout_ms / 4 > 500 ? w->conn.timeout_ms / 4 : 500;
}

static int64_t
begin_asks(struct watch *w, int64_t now_ms)
{
	struct watch_offsets *o = w->offsets;
	int64_t next_ms = NEVER;

	while (askers_idle(w->askers)) {
		size_t i = choose(o, now_ms, &next_ms);
		struct ask *ask;

		if (i == o->nplanned)
			break;
		ask = o->planned[i];
		memmove(&o->planned[i], &o->planned[i + 1], (--o->nplanned - i) * sizeof(*o->planned));
		ask->timeout_ms = call_timeout_ms(w);
		ask->starts = xcalloc((size_t)ask->list->cnt, sizeof(*ask->starts));
		o->under_way[ask->purpose]++;
		offsets_leader(o, ask->leader)->under_way++;
		askers_ask(w->askers, ask);
	}
	return next_ms;
}

int64_t
offsets_step(struct watch *w, int64_t now_ms)
{
	int64_t next_ms;

	if (!w->spec.offsets)
		return NEVER;
	forget_bad(w->offsets, now_ms);
	next_ms = plan_focus(w, now_ms);
	next_ms = soonest(next_ms, plan_visible(w, now_ms));
	next_ms = soonest(next_ms, plan_all(w, now_ms));
	return soonest(next_ms, begin_asks(w, now_ms));
}
