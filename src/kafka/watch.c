/* watch: see the header. Here: the thread, requests, metadata, publishing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/event.h"
#include "watch_parts.h"

#define ASKERS         4
#define PUBLISH_MS     40       /* while answers come */
#define FIRST_MS       4        /* while the first ones do, in a small cluster */
#define AGAIN_MS       400      /* after metadata were asked for in vain */
#define PATIENCE_MS    500      /* a call that is not answered keeps the program from ending; first try with little */
#define DOWN_MS        100      /* and with less when it is known that nobody answers: newer libraries try to connect a
                                 * hundred times a second as long as a call waits for it */
#define SMALL_MS       2000     /* how often metadata are asked for where they cost nothing: new topics are seen soon */
#define SMALL_TOPICS   500
#define GONE_MS        1000     /* and while the selected topic is not there: it may come back */
#define LEADERLESS_MS  125      /* until metadata are asked again for a leader that is missing; doubled each time */
#define INBOX_FULL     100      /* events nobody reads: the newest snapshot is enough when somebody does again */
#define FRESH_SLACK_MS 500

int64_t
watch_after(const struct watch *w, int64_t now_ms, int64_t period_ms)
{
	return w->spec.refresh_ms > 0 ? now_ms + period_ms : NEVER;
}

void
watch_want_metadata(struct watch *w, int64_t at_ms)
{
	if (at_ms < w->metadata_ms)
		w->metadata_ms = at_ms;
}

bool
watch_is_up(const struct watch *w)
{
	return w->metadata_known && !session_is_down(w->session) && !session_is_suspect(w->session);
}

/* Requests. */

static void
take_spec(struct watch *w, struct request *req)
{
	struct request old = { .kind = REQ_WATCH, .watch = w->spec };
	bool other = !w->watching || !w->spec.only != !req->watch.only ||
	             (w->spec.only && strcmp(w->spec.only, req->watch.only) != 0);

	w->spec = req->watch;
	req->kind = REQ_NONE;
	w->watching = true;
	request_fini(&old);
	if (other) {
		w->metadata_known = false;
		w->metadata_ms = 0;
	}
	picture_set_fresh_ms(w->picture, w->spec.refresh_ms > 0 ? 2 * (int64_t)w->spec.refresh_ms + FRESH_SLACK_MS : INT64_MAX);
	offsets_respec(w);
	groups_respec(w);
}

static void
take_requests(struct watch *w)
{
	struct request req;

	while (mailbox_pop(w->requests, &req)) {
		if (req.kind == REQ_WATCH) {
			take_spec(w, &req);
		} else if (req.kind == REQ_REFRESH) {
			w->metadata_ms = 0;
			offsets_refresh(w);
			groups_refresh(w);
			configs_refresh(w);
		}
		request_fini(&req);
	}
}

/* Metadata. */

static int64_t
metadata_period_ms(const struct watch *w)
{
	const char *wanted = w->spec.only ? w->spec.only : w->spec.focus;

	if (wanted && picture_topic_index(w->picture, wanted) < 0)
		return GONE_MS;
	if (picture_ntopics(w->picture) > SMALL_TOPICS)
		return ALL_MS;
	return w->spec.refresh_ms > SMALL_MS ? w->spec.refresh_ms : SMALL_MS;
}

static int
patience_ms(const struct watch *w)
{
	int least_ms = session_is_down(w->session) ? DOWN_MS : PATIENCE_MS;

	return w->metadata_slow || w->conn.timeout_ms < least_ms ? w->conn.timeout_ms : least_ms;
}

static int64_t
metadata_step(struct watch *w, int64_t now_ms)
{
	struct ask *ask;

	if (w->metadata_asked)
		return NEVER;
	/* All connections were lost, or the spec is new: now. */
	if (now_ms < w->metadata_ms && !session_is_suspect(w->session))
		return w->metadata_ms;
	if (!askers_idle(w->askers))
		return NEVER;
	ask = ask_new(ASK_METADATA);
	ask->timeout_ms = patience_ms(w);
	ask->only = xstrdup(w->spec.only);
	w->metadata_asked = true;
	w->metadata_ms = watch_after(w, now_ms, metadata_period_ms(w));
	askers_ask(w->askers, ask);
	return NEVER;
}

/* Whether a partition has no leader: a new topic's have none for a moment, and then its numbers are wanted soon. */
static bool
has_leaderless(const struct watch *w)
{
	for (size_t i = 0; i < picture_ntopics(w->picture); i++) {
		uint32_t n;

		picture_topic_at(w->picture, i, &n);
		for (uint32_t k = 0; k < n; k++) {
			if (picture_leader(w->picture, i, k) < 0)
				return true;
		}
		if (n == 0)
			return true;
	}
	return false;
}

static bool
same_topic(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
metadata_answer(struct watch *w, struct ask *ask, int64_t now_ms)
{
	w->metadata_asked = false;
	if (ask->code) {
		/* With nobody to ask the call waits for a broker and says "transport"; a timeout means that one has not
		 * answered yet. */
		w->metadata_slow = ask->code == RD_KAFKA_RESP_ERR__TIMED_OUT;
		session_unanswered(w->session, ask->code);
		watch_want_metadata(w, (session_is_down(w->session) ? now_ms : ask->begun_ms) + AGAIN_MS);
		/* What is shown grows old. */
		w->dirty = w->dirty || (w->last && now_ms - w->published_ms >= w->spec.refresh_ms);
		return;
	}
	if (session_is_down(w->session))
		offsets_recovered(w);
	session_answered(w->session);
	if (!same_topic(ask->only, w->spec.only)) {
		watch_want_metadata(w, now_ms);
		return;
	}
	convert_metadata(w->picture, ask->md, ask->cluster_id, ask->controller, w->spec.only, now_ms);
	w->dirty = true;
	/* Names first. */
	w->flush = w->flush || !w->metadata_known;
	w->metadata_known = true;
	if (has_leaderless(w)) {
		watch_want_metadata(w, now_ms + w->leaderless_ms);
		w->leaderless_ms = w->leaderless_ms * 2 < ALL_MS ? w->leaderless_ms * 2 : ALL_MS;
	} else {
		w->leaderless_ms = LEADERLESS_MS;
	}
	offsets_metadata(w, now_ms);
}

static void
take_answers(struct watch *w)
{
	struct ask *ask;

	while ((ask = askers_answer(w->askers))) {
		int64_t now_ms = clock_ms();

		if (ask->kind == ASK_METADATA) {
			metadata_answer(w, ask, now_ms);
			ask_free(ask);
		} else {
			offsets_answer(w, ask, now_ms);
		}
	}
}

/* Publishing. */

static void
publish(struct watch *w, int64_t now_ms)
{
	struct event ev = { .kind = EV_SNAPSHOT };

	ev.snapshot = picture_freeze(w->picture, now_ms, clock_wall_ms());
	snapshot_unref(w->last);
	w->last = snapshot_ref(ev.snapshot);
	mailbox_push(w->inbox, &ev);
	w->published_ms = now_ms;
	w->dirty = false;
	w->flush = false;
}

/* Somebody who has just opened the screen waits for the numbers beside the names. */
static int64_t
pause_ms(const struct watch *w)
{
	bool first = !w->last || !w->last->offsets_complete;

	return first && picture_ntopics(w->picture) <= SMALL_TOPICS ? FIRST_MS : PUBLISH_MS;
}

/* At once when nothing more is to come, else a few times while it does. */
static int64_t
publish_step(struct watch *w, int64_t now_ms)
{
	bool more = false;

	if (!w->dirty)
		return NEVER;
	for (int purpose = 0; purpose < PURPOSES; purpose++)
		more = more || offsets_pending(w, purpose);
	if (!w->flush && more && now_ms < w->published_ms + pause_ms(w))
		return w->published_ms + pause_ms(w);
	/* New ends and old commits do not go together. */
	if (!w->flush && offsets_pending(w, FOR_COMMITS) && now_ms < w->published_ms + MEMBERS_MS)
		return w->published_ms + MEMBERS_MS;
	/* The same once more would only be drawn once more. */
	if (!w->flush && !picture_changed(w->picture) && now_ms < w->published_ms + w->spec.refresh_ms)
		return w->published_ms + w->spec.refresh_ms;
	if (mailbox_count(w->inbox) > INBOX_FULL)
		return now_ms + PUBLISH_MS;
	publish(w, now_ms);
	return NEVER;
}

/* The thread. */

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Does all that is due; returns when the next thing will be. */
static int64_t
step(struct watch *w)
{
	int64_t now_ms = clock_ms(), next_ms;

	if (!w->watching)
		return NEVER;
	next_ms = metadata_step(w, now_ms);
	if (watch_is_up(w)) {
		next_ms = earlier(next_ms, groups_step(w, now_ms));
		next_ms = earlier(next_ms, offsets_step(w, now_ms));
		next_ms = earlier(next_ms, configs_step(w, now_ms));
	}
	return earlier(next_ms, publish_step(w, now_ms));
}

static void
wait_until(struct watch *w, int64_t at_ms)
{
	int64_t now_ms = clock_ms();

	if (at_ms == NEVER)
		wake_wait(&w->wake, -1);
	else if (at_ms > now_ms)
		wake_wait(&w->wake, at_ms - now_ms > ALL_MS ? ALL_MS : (int)(at_ms - now_ms));
}

static bool
open_session(struct watch *w)
{
	struct event ev = {
		.kind = EV_CONNECTION,
		.connection = { .state = CONN_DOWN, .since_wall_ms = clock_wall_ms() },
	};
	struct err e;

	w->session = session_new(&w->conn, SESSION_WATCH, NULL, w->inbox, &w->wake, &e);
	if (w->session) {
		w->rk = session_kafka(w->session);
		w->askers = askers_new(w->rk, &w->wake, ASKERS);
		w->picture = picture_new();
		w->offsets = offsets_new();
		w->groups = groups_new(w);
		w->configs = configs_new(w);
		return true;
	}
	snprintf(ev.connection.address, sizeof(ev.connection.address), "%s", w->conn.bootstrap);
	snprintf(ev.connection.reason, sizeof(ev.connection.reason), "%.*s", (int)sizeof(ev.connection.reason) - 1, e.text);
	mailbox_push(w->inbox, &ev);
	return false;
}

static void
close_session(struct watch *w)
{
	/* First the threads that use the handle, then what the queues inside hold, then the handle. */
	askers_free(w->askers);
	groups_free(w->groups);
	configs_free(w->configs);
	offsets_free(w->offsets);
	picture_free(w->picture);
	snapshot_unref(w->last);
	session_free(w->session);
}

static void *
watch_main(void *arg)
{
	struct watch *w = arg;

	if (open_session(w)) {
		while (!atomic_load(&w->stop)) {
			take_requests(w);
			session_serve(w->session);
			take_answers(w);
			wait_until(w, step(w));
		}
		close_session(w);
	}
	atomic_store(&w->ended, true);
	wake_signal(w->on_end);
	return NULL;
}

static void
fini_request(void *item)
{
	request_fini(item);
}

struct watch *
watch_start(const struct connection *conn, struct mailbox *inbox, const struct wake *ended)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	connection_copy(&w->conn, conn);
	w->leaderless_ms = LEADERLESS_MS;
	w->inbox = inbox;
	w->on_end = ended;
	wake_init(&w->wake);
	w->requests = mailbox_new(sizeof(struct request), &w->wake, fini_request);
	atomic_init(&w->stop, false);
	atomic_init(&w->ended, false);
	if (pthread_create(&w->thread, NULL, watch_main, w) == 0)
		return w;
	mailbox_free(w->requests);
	wake_fini(&w->wake);
	connection_fini(&w->conn);
	free(w);
	return NULL;
}

void
watch_post(struct watch *w, struct request *req)
{
	mailbox_push(w->requests, req);
	*req = (struct request){ .kind = REQ_NONE };
}

void
watch_stop(struct watch *w)
{
	atomic_store(&w->stop, true);
	wake_signal(&w->wake);
}

bool
watch_ended(struct watch *w)
{
	return atomic_load(&w->ended);
}

void
watch_free(struct watch *w)
{
	struct request spec;

	if (!w)
		return;
	watch_stop(w);
	pthread_join(w->thread, NULL);
	spec = (struct request){ .kind = REQ_WATCH, .watch = w->spec };
	request_fini(&spec);
	mailbox_free(w->requests);
	wake_fini(&w->wake);
	connection_fini(&w->conn);
	free(w);
}
