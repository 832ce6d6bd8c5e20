/* watch: groups. Here: the listing, whom to ask, and asking, many at a time. */
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "convert.h"
#include "rights.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "watch_groups_parts.h"

/* The listing asks every broker that the library has heard of, and while it waits for one that is down the library's threads
 * spin. So it waits little, and the less and the seldomer as long as one does not answer. */
#define LIST_MS       5000
#define LIST_WAIT_MS  2000
#define LIST_SHORT_MS 500
#define LIST_AGAIN_MS 1000      /* after it failed; doubled with each failure … */
#define LIST_PAUSES   4u        /* … this often */
#define GROUP_MS      10        /* of a period for each group that it looks at: thousands are looked at less often */
#define MEMBERS_SLACK_MS 50     /* so that every second look at commits is one at members too */
#define BATCH_MAX     200u      /* groups asked for at a time */
#define DESCRIBE_MAX  50u       /* groups in one description */

struct watch_groups *
groups_new(struct watch *w)
{
	struct watch_groups *g = xcalloc(1, sizeof(*g));

	g->rk = w->rk;
	g->timeout_ms = w->conn.timeout_ms;
	g->queue = rd_kafka_queue_new(w->rk);
	rd_kafka_queue_io_event_enable(g->queue, w->wake.write_fd, "k", 1);
	g->due_before_ms = 1;
	return g;
}

static void
free_known(struct known_group *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].name);
	free(v);
}

static void
close_queue(rd_kafka_queue_t *queue)
{
	rd_kafka_queue_io_event_enable(queue, -1, NULL, 0);
	rd_kafka_queue_destroy(queue);
}

void
groups_free(struct watch_groups *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nheld; i++)
		rd_kafka_event_destroy(g->held[i]);
	for (size_t i = 0; i < CALLS_MAX; i++)
		strvec_fini(&g->calls[i].groups);
	free(g->held);
	free_known(g->v, g->n);
	close_queue(g->queue);
	if (g->asking) {
		close_queue(g->commits);
		session_free(g->asking);
	}
	free(g);
}

void
groups_respec(struct watch *w)
{
	w->groups->choose_ms = 0;
}

void
groups_refresh(struct watch *w)
{
	w->groups->list_ms = 0;
	w->groups->choose_ms = 0;
	w->groups->due_before_ms = clock_ms() + 1;
}

static int
compare_known(const void *a, const void *b)
{
	return strcmp(((const struct known_group *)a)->name, ((const struct known_group *)b)->name);
}

struct known_group *
groups_find(const struct watch_groups *g, const char *name)
{
	struct known_group key = { .name = NULL };

	key.name = (char *)(uintptr_t)name;
	return g->n ? bsearch(&key, g->v, g->n, sizeof(*g->v), compare_known) : NULL;
}

/* Options for one call; the caller destroys them. */
static rd_kafka_AdminOptions_t *
options_new(const struct watch_groups *g, rd_kafka_admin_op_t op, size_t call)
{
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(g->rk, op);

	rd_kafka_AdminOptions_set_request_timeout(options, g->timeout_ms, NULL, 0);
	/* The library hands it back and never looks at what it points to, which is nothing. */
	rd_kafka_AdminOptions_set_opaque(options, (void *)(uintptr_t)(call + 1));
	return options;
}

/* The listing. */

static int64_t
list_step(struct watch *w, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	rd_kafka_AdminOptions_t *options;
	int wait_ms;

	if (g->listing)
		return NEVER;
	if (now_ms < g->list_ms)
		return g->list_ms;
	options = options_new(g, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, CALLS_MAX);
	wait_ms = g->list_failures ? LIST_SHORT_MS : LIST_WAIT_MS;
	if (g->timeout_ms > wait_ms)
		rd_kafka_AdminOptions_set_request_timeout(options, wait_ms, NULL, 0);
	rd_kafka_ListConsumerGroups(g->rk, options, g->queue);
	rd_kafka_AdminOptions_destroy(options);
	g->listing = true;
	g->list_ms = watch_after(w, now_ms, LIST_MS);
	return NEVER;
}

/* What is known of a group stays. One that changed its state is due: it has come, gone or moved. */
static void
take_over(struct known_group *k, const struct known_group *old)
{
	k->new_protocol = k->new_protocol || old->new_protocol;
	k->told_commits = old->told_commits;
	k->asking_commits = old->asking_commits;
	k->asking_members = old->asking_members;
	if (k->listed == old->listed) {
		k->asked_ms = old->asked_ms;
		k->described_ms = old->described_ms;
	}
}

static struct known_group
listed_group(const rd_kafka_ConsumerGroupListing_t *listing)
{
	return (struct known_group){
		.name = xstrdup(rd_kafka_ConsumerGroupListing_group_id(listing)),
		.listed = convert_group_state(rd_kafka_ConsumerGroupListing_state(listing)),
		.new_protocol = compat_listed_new_protocol(listing),
	};
}

/* Takes out of the sorted list what is there twice: several coordinators may name a group while it moves. */
static size_t
without_doubles(struct known_group *v, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && strcmp(v[kept - 1].name, v[i].name) == 0)
			free(v[i].name);
		else
			v[kept++] = v[i];
	}
	return kept;
}

/* Not every broker answered: the groups that were known and are not listed may be that one's. The new list has room. */
static size_t
add_missing(const struct watch_groups *g, struct known_group *v, size_t n)
{
	size_t all = n, i = 0;

	for (size_t o = 0; o < g->n; o++) {
		while (i < n && strcmp(v[i].name, g->v[o].name) < 0)
			i++;
		if (i < n && strcmp(v[i].name, g->v[o].name) == 0)
			continue;
		v[all] = g->v[o];
		v[all++].name = xstrdup(g->v[o].name);
	}
	if (all > n)
		qsort(v, all, sizeof(*v), compare_known);
	return all;
}

/* result NULL: there is no group. */
static void
tell_listing(struct watch *w, const rd_kafka_ListConsumerGroups_result_t *result, bool partial)
{
	struct watch_groups *g = w->groups;
	size_t n = 0;
	const rd_kafka_ConsumerGroupListing_t **listings = result ? rd_kafka_ListConsumerGroups_result_valid(result, &n) : NULL;
	struct known_group *v = xcalloc(n + g->n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = listed_group(listings[i]);
	if (n > 1)
		qsort(v, n, sizeof(*v), compare_known);
	n = without_doubles(v, n);
	for (size_t i = 0; i < n; i++) {
		const struct known_group *old = groups_find(g, v[i].name);

		if (old)
			take_over(&v[i], old);
	}
	if (partial)
		n = add_missing(g, v, n);
	picture_groups_begin(w->picture);
	for (size_t i = 0; i < n; i++)
		picture_group(w->picture, v[i].name, v[i].listed, v[i].new_protocol);
	picture_groups_end(w->picture);
	free_known(g->v, g->n);
	g->v = v;
	g->n = n;
	g->choose_ms = 0;
	w->dirty = true;
}

/* Nothing was listed. Is there nothing, or may this user not see it? */
static bool
ask_rights(struct watch_groups *g)
{
	rd_kafka_AdminOptions_t *options = options_new(g, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, CALLS_MAX);

	g->listing = rights_ask(g->rk, options, g->queue);
	rd_kafka_AdminOptions_destroy(options);
	return g->listing;
}

void
groups_rights_answer(struct watch *w, rd_kafka_event_t *ev)
{
	struct watch_groups *g = w->groups;

	g->listing = false;
	g->sees_all = !rd_kafka_event_error(ev) && !rights_hide_groups(ev);
	if (rights_hide_groups(ev))
		picture_groups_denied(w->picture);
	else
		tell_listing(w, NULL, false);
	w->dirty = true;
}

static bool
is_denied(rd_kafka_resp_err_t code)
{
	return code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED || code == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
}

/* A broker that does not answer keeps nobody from what the others list. */
void
groups_listing_answer(struct watch *w, rd_kafka_event_t *ev, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	const rd_kafka_ListConsumerGroups_result_t *result = rd_kafka_event_ListConsumerGroups_result(ev);
	rd_kafka_resp_err_t code = rd_kafka_event_error(ev);
	const rd_kafka_error_t **errors;
	size_t n = 0, nerrors = 0;

	g->listing = false;
	if (!code && result) {
		rd_kafka_ListConsumerGroups_result_valid(result, &n);
		errors = rd_kafka_ListConsumerGroups_result_errors(result, &nerrors);
		code = nerrors ? rd_kafka_error_code(errors[0]) : RD_KAFKA_RESP_ERR_NO_ERROR;
	}
	if (code) {
		g->list_ms = now_ms + (LIST_AGAIN_MS << (g->list_failures < LIST_PAUSES ? g->list_failures : LIST_PAUSES));
		g->list_failures++;
	} else {
		g->list_failures = 0;
	}
	if (is_denied(code)) {
		picture_groups_denied(w->picture);
		w->dirty = true;
	} else if (code && result && (n || (w->last && nerrors < w->last->nbrokers))) {
		tell_listing(w, result, true);
	} else if (!code && (n || g->sees_all || !ask_rights(g))) {
		tell_listing(w, result, false);
	}
}

/* Choosing whom to ask. */

static void
set_period(struct watch *w, const char *group, int64_t period_ms, bool watched)
{
	struct known_group *k = groups_find(w->groups, group);

	if (!k)
		return;
	k->watched = k->watched || watched;
	if (period_ms < k->period_ms)
		k->period_ms = period_ms;
}

static const struct topic *
last_topic(const struct watch *w, const char *name)
{
	return w->last ? snapshot_find_topic(w->last, name) : NULL;
}

static void
set_periods_of_topic(struct watch *w, const char *name, int64_t period_ms, bool watched)
{
	const struct topic *t = last_topic(w, name);

	for (size_t i = 0; t && i < t->ngroups; i++)
		set_period(w, t->groups[i].group->name, period_ms, watched);
}

static int64_t
longer(int64_t a_ms, int64_t b_ms)
{
	return a_ms > b_ms ? a_ms : b_ms;
}

/* Of the topics on the screen only the lag is seen, which may be that of many groups. */
static void
set_visible_periods(struct watch *w, int64_t least_ms)
{
	int64_t n = 0;

	for (size_t i = 0; i < w->spec.visible.n; i++) {
		const struct topic *t = last_topic(w, w->spec.visible.v[i]);

		n += t ? (int64_t)t->ngroups : 0;
	}
	for (size_t i = 0; i < w->spec.visible.n; i++)
		set_periods_of_topic(w, w->spec.visible.v[i], longer(least_ms, n * GROUP_MS), false);
}

/* Groups on what is on the screen are looked at as often as that is, the others in turn. */
static void
set_periods(struct watch *w)
{
	struct watch_groups *g = w->groups;
	int64_t rest_ms = longer((int64_t)g->n * GROUP_MS, ALL_MS), visible_ms = w->spec.refresh_ms;

	for (size_t i = 0; i < g->n; i++) {
		g->v[i].period_ms = rest_ms;
		g->v[i].watched = false;
	}
	set_visible_periods(w, visible_ms);
	for (size_t i = 0; i < w->spec.visible_groups.n; i++)
		set_period(w, w->spec.visible_groups.v[i], visible_ms, true);
	if (w->spec.focus)
		set_periods_of_topic(w, w->spec.focus, visible_ms < FOCUS_MS ? visible_ms : FOCUS_MS, true);
}

static int64_t
due_ms(const struct watch *w, const struct known_group *k)
{
	if (k->asked_ms < w->groups->due_before_ms)
		return 0;
	return watch_after(w, k->asked_ms, k->period_ms);
}

static int
compare_periods(const void *a, const void *b)
{
	const struct known_group *x = *(struct known_group *const *)a, *y = *(struct known_group *const *)b;

	return (x->period_ms > y->period_ms) - (x->period_ms < y->period_ms);
}

/* Asking. */

static size_t
begin_call(struct watch_groups *g, bool members)
{
	for (size_t i = 0; i < CALLS_MAX; i++) {
		if (!g->calls[i].used) {
			g->calls[i].used = true;
			g->calls[i].members = members;
			g->ncalls++;
			return i;
		}
	}
	return CALLS_MAX;
}

void
groups_end_call(struct watch_groups *g, struct group_call *call)
{
	strvec_fini(&call->groups);
	call->used = false;
	g->ncalls--;
}

/* The handle that asks for commits is there. False: it cannot be had, which the log says. */
static bool
open_asking(struct watch *w, const char *listed_group)
{
	struct watch_groups *g = w->groups;

	if (g->asking)
		return true;
	g->asking = session_new_groups(&w->conn, listed_group, w->inbox, &w->wake, NULL);
	if (!g->asking)
		return false;
	g->commits = rd_kafka_queue_new(session_kafka(g->asking));
	rd_kafka_queue_io_event_enable(g->commits, w->wake.write_fd, "k", 1);
	return true;
}

static bool
ask_commits(struct watch *w, struct known_group *k)
{
	struct watch_groups *g = w->groups;
	size_t call = open_asking(w, k->name) ? begin_call(g, false) : CALLS_MAX;
	rd_kafka_ListConsumerGroupOffsets_t *what;
	rd_kafka_AdminOptions_t *options;

	if (call == CALLS_MAX)
		return false;
	strvec_push(&g->calls[call].groups, k->name);
	options = options_new(g, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, call);
	what = rd_kafka_ListConsumerGroupOffsets_new(k->name, NULL);
	rd_kafka_ListConsumerGroupOffsets(session_kafka(g->asking), &what, 1, options, g->commits);
	rd_kafka_ListConsumerGroupOffsets_destroy(what);
	rd_kafka_AdminOptions_destroy(options);
	k->asking_commits = true;
	return true;
}

static void
ask_members(struct watch_groups *g, struct known_group **v, size_t n)
{
	size_t call = n ? begin_call(g, true) : CALLS_MAX;
	rd_kafka_AdminOptions_t *options;

	if (call == CALLS_MAX)
		return;
	for (size_t i = 0; i < n; i++) {
		strvec_push(&g->calls[call].groups, v[i]->name);
		v[i]->asking_members = true;
	}
	options = options_new(g, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, call);
	/* The library only reads the names. */
	rd_kafka_DescribeConsumerGroups(g->rk, (const char **)(void *)g->calls[call].groups.v, n, options, g->queue);
	rd_kafka_AdminOptions_destroy(options);
}

/* An empty group has no members, as the listing says every few seconds; those that somebody looks at are asked each time. */
static bool
needs_description(const struct known_group *k, int64_t now_ms)
{
	if (k->asking_members)
		return false;
	if (!k->watched && k->listed == GROUP_EMPTY)
		return false;
	return !k->described_ms || now_ms - k->described_ms >= (k->watched ? MEMBERS_MS - MEMBERS_SLACK_MS : ALL_MS);
}

/* Asks for the first of them; returns how many. */
static size_t
ask_batch(struct watch *w, struct known_group **due, size_t n, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	struct known_group *describe[DESCRIBE_MAX];
	size_t ndescribe = 0, i;

	for (i = 0; i < n && i < BATCH_MAX; i++) {
		struct known_group *k = due[i];

		if (!ask_commits(w, k))
			break;
		k->asked_ms = now_ms;
		if (k->listed == GROUP_EMPTY && !k->watched)
			picture_group_members(w->picture, k->name, GROUP_EMPTY, NULL, 0, true);
		if (needs_description(k, now_ms)) {
			k->described_ms = now_ms;
			describe[ndescribe++] = k;
			if (ndescribe == DESCRIBE_MAX) {
				ask_members(g, describe, ndescribe);
				ndescribe = 0;
			}
		}
	}
	ask_members(g, describe, ndescribe);
	g->gather_ms = now_ms;
	return i;
}

/* The groups that are due, the most urgent first; says when the next one will be. The caller frees the list. */
static struct known_group **
choose(struct watch *w, size_t *n, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	struct known_group **due = xcalloc(g->n, sizeof(*due));

	*n = 0;
	/* By then other groups may be on what is selected. */
	g->choose_ms = g->n ? watch_after(w, now_ms, FOCUS_MS) : NEVER;
	set_periods(w);
	for (size_t i = 0; i < g->n; i++) {
		struct known_group *k = &g->v[i];
		int64_t at_ms = due_ms(w, k);

		if (at_ms <= now_ms && !k->asking_commits)
			due[(*n)++] = k;
		if (at_ms <= now_ms)
			at_ms = watch_after(w, now_ms, k->period_ms);
		if (at_ms < g->choose_ms)
			g->choose_ms = at_ms;
	}
	if (*n > 1)
		qsort(due, *n, sizeof(struct known_group *), compare_periods);
	return due;
}

static int64_t
choose_step(struct watch *w, int64_t now_ms)
{
	struct watch_groups *g = w->groups;
	int64_t gathered_ms = g->ncalls ? g->gather_ms + GATHER_MS : 0;
	struct known_group **due;
	size_t n;

	/* How many messages there are comes before who has read them. */
	if (g->nheld || g->ends_asked || offsets_busy(w))
		return NEVER;
	if (now_ms < gathered_ms || now_ms < g->choose_ms)
		return gathered_ms > g->choose_ms ? gathered_ms : g->choose_ms;
	due = choose(w, &n, now_ms);
	/* The rest of them when these were told. */
	if (n && ask_batch(w, due, n, now_ms) < n)
		g->choose_ms = now_ms;
	free(due);
	return n && g->choose_ms < now_ms + GATHER_MS ? now_ms + GATHER_MS : g->choose_ms;
}

int64_t
groups_step(struct watch *w, int64_t now_ms)
{
	int64_t next_ms, other_ms;

	/* Answers also come when nobody wants them any more. */
	groups_take_events(w, w->groups->queue, now_ms);
	if (w->groups->asking) {
		session_serve(w->groups->asking);
		groups_take_events(w, w->groups->commits, now_ms);
	}
	if (!w->spec.groups)
		return NEVER;
	next_ms = groups_tell_step(w, now_ms);
	other_ms = list_step(w, now_ms);
	next_ms = other_ms < next_ms ? other_ms : next_ms;
	other_ms = choose_step(w, now_ms);
	return other_ms < next_ms ? other_ms : next_ms;
}
