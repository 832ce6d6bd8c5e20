/* reader: see reader.h; reader_parts.h says which file does what. This one: the thread, and what it tells. */
#include <stdlib.h>
#include <string.h>

#include "reader_parts.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define MAX_WAITING     64      /* events that may be unread before the reader waits */
#define FULL_PAUSE_MS   3       /* between two looks whether they were read */
#define TELL_MS         1000    /* how often the meter is told when no segment brings it */
#define BEHIND_MS       100     /* how often at most meter.behind is computed */
#define WAIT_MS         500     /* a turn of the loop when nothing happens */

bool
reader_stopped(struct reader *r)
{
	return atomic_load_explicit(&r->stop, memory_order_relaxed);
}

void
reader_pause(struct reader *r, int ms)
{
	if (!reader_stopped(r))
		wake_wait(&r->wake, ms);
	reader_serve(r);
}

void
reader_serve(struct reader *r)
{
	if (r->session)
		session_serve(r->session);
	if (r->looker)
		session_serve(r->looker);
}

bool
reader_is_live(const struct reader *r)
{
	return r->req.stream.until == UNTIL_NEVER || r->req.stream.follow_recreation;
}

/* How many messages lie between the positions and the end (or the stop). Local: from the last answers. */
static void
measure_behind(struct reader *r, int64_t now_ms)
{
	int64_t sum = 0;
	int64_t low, high;

	r->behind_ms = now_ms;
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts && r->session; k++) {
			struct part *p = &t->parts[k];
			int64_t from = p->position > p->first ? p->position : p->first;

			if (p->done || p->position == OFFSET_UNKNOWN)
				continue;
			if (rd_kafka_get_watermark_offsets(session_kafka(r->session), t->name, p->id, &low, &high) ||
			    high < 0)
				high = p->answer[ASK_END];
			if (p->stop != STOP_NEVER && (high < 0 || p->stop < high))
				high = p->stop;
			if (high > from)
				sum += high - from;
		}
	}
	r->meter.behind = sum;
}

/* The meter as it is told. */
static const struct stream_meter *
meter_now(struct reader *r)
{
	int64_t now_ms = clock_ms();

	r->told_old = r->behind_ms != 0 && now_ms - r->behind_ms < BEHIND_MS && r->undone > 0;
	if (!r->told_old)
		measure_behind(r, now_ms);
	r->told_received = r->meter.received;
	r->told_ms = now_ms;
	return &r->meter;
}

void
reader_tell(struct reader *r, bool recreated, char *note)
{
	struct event ev = { .kind = EV_STREAM };

	reader_publish(r);
	ev.stream.stream = r->req.id;
	ev.stream.state = r->state;
	ev.stream.meter = *meter_now(r);
	ev.stream.recreated = recreated;
	ev.stream.note = note;
	ev.stream.err = r->trouble;
	mailbox_push(r->inbox, &ev);
}

void
reader_note(struct reader *r, bool recreated, const char *fmt, ...)
{
	struct strbuf note = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&note, fmt, ap);
	va_end(ap);
	reader_tell(r, recreated, strbuf_detach(&note));
}

void
reader_trouble(struct reader *r, const struct err *e)
{
	if (e ? r->trouble.code == e->code && r->trouble.kafka == e->kafka : r->trouble.code == ERR_NONE)
		return;
	if (e)
		r->trouble = *e;
	else
		err_clear(&r->trouble);
	reader_tell(r, false, NULL);
}

enum reader_next
reader_end(struct reader *r)
{
	r->state = STREAM_ENDED;
	err_clear(&r->trouble);
	reader_tell(r, false, NULL);
	return NEXT_OVER;
}

enum reader_next
reader_fail(struct reader *r, const struct err *e)
{
	if (!reader_stopped(r)) {
		r->state = STREAM_FAILED;
		r->trouble = *e;
		reader_tell(r, false, NULL);
	}
	return NEXT_OVER;
}

void
reader_publish(struct reader *r)
{
	struct event ev = { .kind = EV_SEGMENT };

	if (!r->seg)
		return;
	r->seg_hint = segment_bytes(r->seg);
	segment_seal(r->seg);
	ev.segment.stream = r->req.id;
	ev.segment.seg = r->seg;
	ev.segment.meter = *meter_now(r);
	r->seg = NULL;
	r->published_ms = r->told_ms;
	mailbox_push(r->inbox, &ev);
}

/* Waits while too much is unread, so that what the screen cannot take stays with the broker. */
static void
wait_for_room(struct reader *r)
{
	size_t most = r->req.stream.max_waiting ? r->req.stream.max_waiting : MAX_WAITING;

	while (mailbox_count(r->inbox) > most && !reader_stopped(r))
		reader_pause(r, FULL_PAUSE_MS);
}

/* How long the loop may sleep when the queue is empty. */
static int
idle_ms(const struct reader *r, int publish_in_ms, int64_t now_ms)
{
	int64_t wait_ms = WAIT_MS;

	if (publish_in_ms >= 0 && publish_in_ms < wait_ms)
		wait_ms = publish_in_ms;
	if (r->check_ms - now_ms < wait_ms)
		wait_ms = r->check_ms - now_ms;
	return wait_ms < 1 ? 1 : (int)wait_ms;
}

/* Whether every partition's stop is reached; a deleted topic may still come back. */
static bool
all_done(const struct reader *r)
{
	if (r->undone > 0 || r->fatal.code != ERR_NONE)
		return false;
	for (size_t i = 0; i < r->ntopics; i++) {
		if (r->topics[i].gone)
			return false;
	}
	return true;
}

/* Reads until something changes. */
static enum reader_next
read_on(struct reader *r)
{
	rd_kafka_message_t *msgs[READER_BATCH];
	enum reader_next next = NEXT_READ;

	while (next == NEXT_READ) {
		int64_t now_ms;
		int publish_in_ms;
		ssize_t n;

		wait_for_room(r);
		if (reader_stopped(r))
			return NEXT_OVER;
		n = rd_kafka_consume_batch_queue(r->queue, 0, msgs, READER_BATCH);
		if (n > 0)
			reader_take(r, msgs, (size_t)n);
		reader_serve(r);
		reader_unpark(r, false);
		now_ms = clock_ms();
		publish_in_ms = reader_publish_due(r, now_ms, n <= 0);
		if (all_done(r))
			return reader_end(r);
		if ((r->told_old || r->told_received != r->meter.received) && now_ms - r->told_ms >= TELL_MS)
			reader_tell(r, false, NULL);
		next = reader_check(r, now_ms);
		if (n <= 0 && next == NEXT_READ)
			wake_wait(&r->wake, idle_ms(r, publish_in_ms, now_ms));
	}
	return next;
}

static void *
reader_main(void *arg)
{
	struct reader *r = arg;
	enum reader_next next = NEXT_OPEN;

	r->scratch = filter_scratch_new();
	while (next != NEXT_OVER && !reader_stopped(r)) {
		next = reader_open(r, r->last_pending || !reader_is_live(r));
		if (next == NEXT_READ && r->last_pending)
			next = reader_last(r);
		if (next == NEXT_READ && all_done(r))
			next = reader_end(r);
		if (next == NEXT_READ) {
			r->state = STREAM_LIVE;
			reader_start_parts(r);
			reader_tell(r, false, NULL);
			next = read_on(r);
		}
		reader_close(r);
	}
	reader_close_looker(r);
	reader_unpark(r, true);
	segment_unref(r->seg);
	r->seg = NULL;
	atomic_store(&r->ended, true);
	return NULL;
}

/* A topic that is named twice is read once. */
static void
add_topic(struct reader *r, const char *name, uint16_t index)
{
	for (size_t i = 0; i < r->ntopics; i++) {
		if (strcmp(r->topics[i].name, name) == 0)
			return;
	}
	r->topics[r->ntopics++] = (struct stream_topic){ .name = name, .index = index };
}

struct reader *
reader_start(const struct connection *conn, struct request *req, struct mailbox *inbox)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	const struct strvec *names;

	connection_copy(&r->conn, conn);
	r->req = *req;
	request_init(req, REQ_NONE);
	r->inbox = inbox;
	wake_init(&r->wake);
	atomic_init(&r->stop, false);
	atomic_init(&r->ended, false);
	r->last_pending = r->req.stream.from == FROM_LAST;
	names = &r->req.stream.topics;
	r->topics = xcalloc(names->n, sizeof(*r->topics));
	for (size_t i = 0; i < names->n; i++)
		add_topic(r, names->v[i], (uint16_t)i);
	r->has_thread = pthread_create(&r->thread, NULL, reader_main, r) == 0;
	if (!r->has_thread) {
		struct err e;

		err_set(&e, ERR_FAILED, "The stream cannot begin: the system gives no further thread.");
		reader_fail(r, &e);
		atomic_store(&r->ended, true);
	}
	return r;
}

uint64_t
reader_id(const struct reader *r)
{
	return r->req.id;
}

void
reader_stop(struct reader *r)
{
	atomic_store(&r->stop, true);
	wake_signal(&r->wake);
}

bool
reader_ended(struct reader *r)
{
	return atomic_load(&r->ended);
}

void
reader_free(struct reader *r)
{
	if (!r)
		return;
	reader_stop(r);
	if (r->has_thread)
		pthread_join(r->thread, NULL);
	for (size_t i = 0; i < r->ntopics; i++)
		free(r->topics[i].parts);
	free(r->topics);
	filter_scratch_free(r->scratch);
	strbuf_fini(&r->headers);
	request_fini(&r->req);
	connection_fini(&r->conn);
	wake_fini(&r->wake);
	free(r);
}
