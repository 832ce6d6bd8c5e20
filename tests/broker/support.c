/* support: see the header. This file: the source, requests, streams and topics; outsider.c writes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

const char *
test_bootstrap(void)
{
	const char *address = getenv("TOPICMON_TEST_BOOTSTRAP");

	if (!address || !*address)
		fail_msg("TOPICMON_TEST_BOOTSTRAP is not set: it names the broker to test with");
	return address;
}

struct fixture *
fixture_new(const char *bootstrap, bool read_only, int timeout_ms)
{
	struct fixture *f = xcalloc(1, sizeof(*f));
	struct err e;

	connection_init(&f->conn);
	free(f->conn.bootstrap);
	f->conn.bootstrap = xstrdup(bootstrap);
	f->conn.read_only = read_only;
	f->conn.timeout_ms = timeout_ms;
	wake_init(&f->wake);
	f->inbox = inbox_new(&f->wake);
	outbox_init(&f->out);
	strvec_init(&f->topics);
	f->src = kafka_source_new(&f->conn, f->inbox, &e);
	if (!f->src)
		fail_msg("no source: %s", e.text);
	return f;
}

static void
forget_stream(struct stream *st)
{
	for (size_t i = 0; i < st->nsegs; i++)
		segment_unref(st->segs[i]);
	free(st->segs);
	free(st->at_ms);
	strvec_fini(&st->notes);
	*st = (struct stream){ .id = 0 };
}

void
fixture_free(struct fixture *f)
{
	for (size_t i = 0; i < MAX_STREAMS; i++)
		forget_stream(&f->streams[i]);
	assert_true(source_stop(f->src, WAIT_MS));
	event_fini(&f->reply);
	mailbox_free(f->inbox);
	outbox_fini(&f->out);
	strvec_fini(&f->topics);
	wake_fini(&f->wake);
	connection_fini(&f->conn);
	if (f->producer)
		rd_kafka_destroy(f->producer);
	if (f->outsider)
		rd_kafka_destroy(f->outsider);
	free(f);
}

int
fixture_setup(void **state)
{
	*state = fixture_new(test_bootstrap(), false, 5000);
	return 0;
}

int
fixture_setup_read_only(void **state)
{
	*state = fixture_new(test_bootstrap(), true, 5000);
	return 0;
}

int
fixture_teardown(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < MAX_STREAMS; i++)
		stream_close(f, &f->streams[i]);
	for (size_t i = 0; i < f->topics.n && !f->conn.read_only; i++) {
		const struct reply *r = ask_topic(f, REQ_TOPIC_DELETE, f->topics.v[i]);

		if (r->err.code != ERR_NONE && r->err.code != ERR_NOT_FOUND)
			fail_msg("%s", r->err.text);
	}
	fixture_free(f);
	return 0;
}

static void
take_segment(struct stream *st, struct event *ev)
{
	st->segs = xreallocarray(st->segs, st->nsegs + 1, sizeof(*st->segs));
	st->at_ms = xreallocarray(st->at_ms, st->nsegs + 1, sizeof(*st->at_ms));
	st->at_ms[st->nsegs] = clock_ms();
	st->segs[st->nsegs++] = segment_ref(ev->segment.seg);
	st->n += segment_count(ev->segment.seg);
	st->meter = ev->segment.meter;
}

static void
take_stream(struct stream *st, struct event *ev)
{
	st->state = ev->stream.state;
	st->meter = ev->stream.meter;
	st->err = ev->stream.err;
	st->nrecreated += ev->stream.recreated ? 1 : 0;
	if (ev->stream.note) {
		strvec_push(&st->notes, ev->stream.note);
		st->note_ms = clock_ms();
		st->note_n = st->n;
	}
}

static struct stream *
find_stream(struct fixture *f, uint64_t id)
{
	for (size_t i = 0; i < MAX_STREAMS; i++) {
		if (f->streams[i].id == id)
			return &f->streams[i];
	}
	return NULL;
}

/* Takes one event to where it belongs; others (snapshots, log lines) are dropped. */
static void
take_event(struct fixture *f, struct event *ev)
{
	struct stream *st = NULL;

	if (ev->kind == EV_SEGMENT)
		st = find_stream(f, ev->segment.stream);
	else if (ev->kind == EV_STREAM)
		st = find_stream(f, ev->stream.stream);
	if (st)
		st->nevents++;
	if (st && ev->kind == EV_SEGMENT) {
		take_segment(st, ev);
	} else if (st) {
		take_stream(st, ev);
	} else if (ev->kind == EV_REPLY && ev->reply.id == f->waiting_for) {
		f->waiting_for = 0;
		event_fini(&f->reply);
		f->reply = *ev;
		return;
	}
	event_fini(ev);
}

static void
pump(struct fixture *f, int timeout_ms)
{
	struct event ev;

	wake_wait(&f->wake, timeout_ms);
	while (mailbox_pop(f->inbox, &ev))
		take_event(f, &ev);
}

const struct reply *
ask(struct fixture *f, struct request *req)
{
	int64_t until_ms = clock_ms() + WAIT_MS;
	enum request_kind kind = req->kind;

	f->waiting_for = outbox_add(&f->out, req);
	source_send(f->src, &f->out);
	while (f->waiting_for && clock_ms() < until_ms)
		pump(f, 100);
	if (f->waiting_for)
		fail_msg("no reply to a request of kind %d within %d ms", (int)kind, WAIT_MS);
	assert_int_equal(f->reply.reply.kind, kind);
	return &f->reply.reply;
}

const struct reply *
ask_topic(struct fixture *f, enum request_kind kind, const char *topic)
{
	struct request req;

	request_init(&req, kind);
	req.topic.name = xstrdup(topic);
	return ask(f, &req);
}

void
stream_request(struct request *req, const char *topic, enum stream_from from, int64_t from_value,
               enum stream_until until, int64_t until_value)
{
	request_init(req, REQ_STREAM_OPEN);
	strvec_push(&req->stream.topics, topic);
	req->stream.from = from;
	req->stream.from_value = from_value;
	req->stream.until = until;
	req->stream.until_value = until_value;
	req->stream.follow_recreation = until == UNTIL_NEVER;
}

struct stream *
stream_open(struct fixture *f, struct request *req)
{
	struct stream *st = find_stream(f, 0);

	assert_non_null(st);
	st->id = outbox_add(&f->out, req);
	source_send(f->src, &f->out);
	return st;
}

void
stream_close(struct fixture *f, struct stream *st)
{
	if (!st->id)
		return;
	outbox_close_stream(&f->out, st->id);
	source_send(f->src, &f->out);
	forget_stream(st);
}

void
stream_wait(struct fixture *f, struct stream *st, bool (*cond)(const struct stream *st, int64_t arg), int64_t arg)
{
	int64_t until_ms = clock_ms() + WAIT_MS;

	while (!cond(st, arg)) {
		if (clock_ms() >= until_ms)
			fail_msg("the stream did not get there within %d ms: state %d, %zu records, %zu notes (%s), "
			         "received %llu, behind %lld, error '%s'", WAIT_MS, (int)st->state, st->n, st->notes.n,
			         st->notes.n ? st->notes.v[st->notes.n - 1] : "",
			         (unsigned long long)st->meter.received, (long long)st->meter.behind, st->err.text);
		pump(f, 100);
	}
}

void
stream_watch(struct fixture *f, int ms)
{
	int64_t until_ms = clock_ms() + ms;

	while (clock_ms() < until_ms)
		pump(f, (int)(until_ms - clock_ms()) + 1);
}

bool
stream_is_over(const struct stream *st, int64_t unused)
{
	(void)unused;
	return st->state == STREAM_ENDED || st->state == STREAM_FAILED;
}

bool
stream_is_live(const struct stream *st, int64_t unused)
{
	(void)unused;
	return st->state == STREAM_LIVE;
}

bool
stream_has(const struct stream *st, int64_t records)
{
	return st->n >= (size_t)records;
}

bool
stream_received(const struct stream *st, int64_t messages)
{
	return st->meter.received >= (uint64_t)messages;
}

bool
stream_was_recreated(const struct stream *st, int64_t times)
{
	return st->nrecreated >= (size_t)times;
}

bool
stream_has_notes(const struct stream *st, int64_t notes)
{
	return st->notes.n >= (size_t)notes;
}

bool
stream_in_trouble(const struct stream *st, int64_t unused)
{
	(void)unused;
	return st->err.code != ERR_NONE;
}

bool
stream_all_well(const struct stream *st, int64_t unused)
{
	(void)unused;
	return st->err.code == ERR_NONE;
}

void
stream_record(const struct stream *st, size_t i, struct record *rec)
{
	for (size_t s = 0; s < st->nsegs; s++) {
		size_t n = segment_count(st->segs[s]);

		if (i < n) {
			segment_get(st->segs[s], i, rec);
			return;
		}
		i -= n;
	}
	fail_msg("the stream has no record %zu", i);
}

const char *
topic_name(struct fixture *f, const char *word)
{
	char name[120];

	snprintf(name, sizeof(name), "r-%s-%ld", word, (long)getpid());
	strvec_push(&f->topics, name);
	return f->topics.v[f->topics.n - 1];
}

void
topic_create(struct fixture *f, const char *topic, int32_t partitions)
{
	int64_t until_ms = clock_ms() + WAIT_MS;
	const struct reply *r;

	/* A topic that was just deleted may be there for a moment still. */
	do {
		struct request req;

		request_init(&req, REQ_TOPIC_CREATE);
		topic_spec_init(&req.create.spec);
		req.create.spec.name = xstrdup(topic);
		req.create.spec.partitions = partitions;
		req.create.spec.replication = 1;
		r = ask(f, &req);
	} while (r->err.code == ERR_EXISTS && clock_ms() < until_ms);
	if (r->err.code != ERR_NONE)
		fail_msg("%s", r->err.text);
}

const char *
topic_make(struct fixture *f, const char *word, int32_t partitions)
{
	const char *topic = topic_name(f, word);

	topic_create(f, topic, partitions);
	return topic;
}

void
topic_delete(struct fixture *f, const char *topic)
{
	const struct reply *r = ask_topic(f, REQ_TOPIC_DELETE, topic);

	if (r->err.code != ERR_NONE)
		fail_msg("%s", r->err.text);
}

int64_t
topic_recreate(struct fixture *f, const char *topic, int32_t partitions)
{
	topic_delete(f, topic);
	topic_create(f, topic, partitions);
	return clock_ms();
}

bool
topic_exists(struct fixture *f, const char *topic)
{
	const struct reply *r = ask_topic(f, REQ_TOPIC_OFFSETS, topic);

	if (r->err.code != ERR_NONE && r->err.code != ERR_NOT_FOUND)
		fail_msg("%s", r->err.text);
	return r->err.code == ERR_NONE;
}
