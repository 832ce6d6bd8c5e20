/* The reader against a real broker: what is read is exactly what was asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

/* Reads to the end (or until) and returns the finished stream. */
static struct stream *
read_over(struct fixture *f, struct request *req)
{
	struct stream *st = stream_open(f, req);

	stream_wait(f, st, stream_is_over, 0);
	if (st->state != STREAM_ENDED)
		fail_msg("%s", st->err.text);
	return st;
}

/* Whether the stream holds each offset of partitions 0 to n - 1 from first[p] on, once and in order. */
static void
assert_each_offset_once(const struct stream *st, int32_t n, const int64_t *first, const int64_t *end)
{
	int64_t next[8];
	struct record rec;

	memcpy(next, first, (size_t)n * sizeof(*next));
	for (size_t s = 0; s < st->nsegs; s++) {
		for (size_t i = 0; i < segment_count(st->segs[s]); i++) {
			segment_get(st->segs[s], i, &rec);
			assert_in_range(rec.partition, 0, n - 1);
			assert_int_equal(rec.offset, next[rec.partition]);
			next[rec.partition]++;
		}
	}
	for (int32_t p = 0; p < n; p++)
		assert_int_equal(next[p], end[p]);
}

static void
assert_value(const struct stream *st, size_t i, const char *value)
{
	struct record rec;

	stream_record(st, i, &rec);
	assert_int_equal(rec.value.len, strlen(value));
	assert_memory_equal(rec.value.data, value, rec.value.len);
}

static void
reads_everything_exactly_once(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "all", 3);
	const int64_t first[] = { 0, 0, 0 }, end[] = { 33334, 33333, 33333 };
	struct request req;
	struct stream *st;

	produce_bulk(f, topic, -1, 100000, 100);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = read_over(f, &req);
	assert_int_equal(st->n, 100000);
	assert_each_offset_once(st, 3, first, end);
	assert_int_equal(st->meter.received, 100000);
	assert_int_equal(st->meter.matched, 100000);
	assert_int_equal(st->meter.received_bytes, 100000 * 101);
	assert_int_equal(st->meter.gaps, 0);
	assert_int_equal(st->meter.behind, 0);
	/* Full segments, not an event a message. */
	assert_in_range(st->nevents, 1, 400);
}

static void
live_stream_gets_all_that_comes_and_nothing_before(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "live", 3);
	const int64_t first[] = { 4, 3, 3 }, end[] = { 4 + 6667, 3 + 6667, 3 + 6666 };
	struct request req;
	struct stream *st;

	produce_some(f, topic, -1, "old", 10, 0);
	stream_request(&req, topic, FROM_END, 0, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_live, 0);
	produce_bulk(f, topic, -1, 20000, 200);
	stream_wait(f, st, stream_has, 20000);
	stream_watch(f, 100);
	assert_int_equal(st->n, 20000);
	assert_each_offset_once(st, 3, first, end);
	assert_int_equal(st->notes.n, 0);
	assert_int_equal(st->meter.gaps, 0);
}

static void
live_message_comes_at_once(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "soon", 1);
	struct request req;
	struct stream *st;
	int64_t worst_ms = 0;

	stream_request(&req, topic, FROM_END, 0, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_live, 0);
	for (int i = 0; i < 20; i++) {
		int64_t since_ms;

		produce_some(f, topic, 0, "m", 1, 0);
		since_ms = clock_ms();
		stream_wait(f, st, stream_has, i + 1);
		if (st->at_ms[st->nsegs - 1] - since_ms > worst_ms)
			worst_ms = st->at_ms[st->nsegs - 1] - since_ms;
	}
	print_message("live message: at most %lld ms after the broker's word\n", (long long)worst_ms);
	/* 500 ms would be a fetch that waits although there is something. */
	assert_in_range(worst_ms, 0, 250);
}

/* Timestamps that a test gives: lately, so that no retention takes the messages away. */
static int64_t
lately(void)
{
	static int64_t ms;

	if (!ms)
		ms = clock_wall_ms() - (int64_t)3600 * 1000;
	return ms;
}

/* Six messages a partition; the timestamps go around the partitions: lately(), lately() + 1, … */
static const char *
make_spread(struct fixture *f, const char *word)
{
	const char *topic = topic_make(f, word, 3);

	produce_some(f, topic, -1, "s", 18, lately());
	return topic;
}

static void
last_n_is_exact_and_in_order(void **state)
{
	struct fixture *f = *state;
	const char *topic = make_spread(f, "last");
	const int wanted[] = { 0, 1, 2, 5, 17, 18, 19, 100000 };
	struct request req;
	char value[16];

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		size_t n = wanted[i] < 18 ? (size_t)wanted[i] : 18;
		struct stream *st;

		stream_request(&req, topic, FROM_LAST, wanted[i], UNTIL_END, 0);
		st = read_over(f, &req);
		assert_int_equal(st->n, n);
		for (size_t k = 0; k < n && wanted[i] < 100; k++) {
			snprintf(value, sizeof(value), "s%zu", 18 - n + k);
			assert_value(st, k, value);
		}
		stream_close(f, st);
	}
}

static void
last_n_is_exact_in_uneven_partitions(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "uneven", 3);
	struct request req;
	struct stream *st;

	produce_some(f, topic, 1, "a", 50, lately());
	produce_some(f, topic, 2, "b", 2, lately() + 10);
	stream_request(&req, topic, FROM_LAST, 45, UNTIL_END, 0);
	st = read_over(f, &req);
	assert_int_equal(st->n, 45);
	/* a7 … a9, then b0 and a10 have the same time. */
	assert_value(st, 0, "a7");
	assert_value(st, 44, "a49");
	stream_close(f, st);
	/* More than are held in memory at once: the places are found first, then read. */
	produce_bulk(f, topic, 0, 120000, 20);
	stream_request(&req, topic, FROM_LAST, 110000, UNTIL_END, 0);
	st = read_over(f, &req);
	assert_int_equal(st->n, 110000);
}

static void
last_n_is_exact_where_offsets_skip(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "markers", 1);
	struct request req;
	struct stream *st;

	/* Offsets 0 to 79: 20 committed messages, 20 aborted ones, 40 markers. */
	produce_transactions(f, topic, 0, 40);
	for (int n = 1; n <= 32; n *= 2) {
		stream_request(&req, topic, FROM_LAST, n, UNTIL_END, 0);
		st = read_over(f, &req);
		assert_int_equal(st->n, n < 20 ? n : 20);
		assert_value(st, st->n - 1, "t38");
		stream_close(f, st);
	}
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = read_over(f, &req);
	assert_int_equal(st->n, 20);
	assert_int_equal(st->meter.gaps, 60);
}

static void
last_n_then_live(void **state)
{
	struct fixture *f = *state;
	const char *topic = make_spread(f, "lastlive");
	struct request req;
	struct stream *st;

	stream_request(&req, topic, FROM_LAST, 4, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_live, 0);
	assert_int_equal(st->n, 4);
	produce_some(f, topic, -1, "n", 30, 0);
	stream_wait(f, st, stream_has, 34);
	stream_watch(f, 50);
	assert_int_equal(st->n, 34);
	assert_value(st, 0, "s14");
	assert_int_equal(st->meter.gaps, 0);
}

static void
begins_and_stops_at_offsets(void **state)
{
	struct fixture *f = *state;
	const char *topic = make_spread(f, "offset");
	struct request req;
	struct stream *st;

	stream_request(&req, topic, FROM_OFFSET, 2, UNTIL_OFFSET, 5);
	req.stream.partition = 1;
	st = read_over(f, &req);
	assert_int_equal(st->n, 3);
	assert_value(st, 0, "s7");
	assert_value(st, 2, "s13");
	stream_close(f, st);
	/* An offset beyond the end is not waited for without --follow. */
	stream_request(&req, topic, FROM_OFFSET, 4, UNTIL_OFFSET, 100);
	req.stream.partition = 1;
	st = read_over(f, &req);
	assert_int_equal(st->n, 2);
	stream_close(f, st);
	stream_request(&req, topic, FROM_OFFSET, 7, UNTIL_END, 0);
	req.stream.partition = 1;
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->state, STREAM_FAILED);
	assert_non_null(strstr(st->err.text, "ends at offset 6"));
	stream_close(f, st);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.partition = 3;
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(st->err.text, "partition 3"));
}

static void
begins_and_stops_at_times(void **state)
{
	struct fixture *f = *state;
	const char *topic = make_spread(f, "time");
	struct request req;
	struct stream *st;

	stream_request(&req, topic, FROM_TIME, lately() + 4, UNTIL_TIME, lately() + 10);
	st = read_over(f, &req);
	assert_int_equal(st->n, 6);
	for (size_t i = 0; i < 6; i++) {
		struct record rec;

		stream_record(st, i, &rec);
		assert_in_range(rec.timestamp_ms, lately() + 4, lately() + 9);
		assert_int_equal(rec.timestamp_kind, TIMESTAMP_CREATE);
	}
	stream_close(f, st);
	/* After the last message, and until now: nothing, at once. */
	stream_request(&req, topic, FROM_TIME, lately() + 5000, UNTIL_TIME, clock_wall_ms());
	st = read_over(f, &req);
	assert_int_equal(st->n, 0);
	stream_close(f, st);
	/* A time ahead is waited for by those who follow. */
	stream_request(&req, topic, FROM_END, 0, UNTIL_TIME, clock_wall_ms() + 700);
	req.stream.follow_recreation = true;
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_live, 0);
	produce_some(f, topic, -1, "now", 3, 0);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->state, STREAM_ENDED);
	assert_int_equal(st->n, 3);
}

static void
filters_and_counts(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "filter", 3);
	struct request req;
	struct stream *st;
	struct err e;

	produce_some(f, topic, -1, "v", 1000, 0);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.filter = filter_compile("/^v99[0-9]?$/", NULL, &e);
	assert_non_null(req.stream.filter);
	st = read_over(f, &req);
	assert_int_equal(st->n, 11);
	assert_int_equal(st->meter.received, 1000);
	assert_int_equal(st->meter.matched, 11);
	stream_close(f, st);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.filter = filter_compile("key:k partition:1", NULL, &e);
	req.stream.count_only = true;
	st = read_over(f, &req);
	assert_int_equal(st->n, 0);
	assert_int_equal(st->meter.matched, 333);
	stream_close(f, st);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.count_only = true;
	st = read_over(f, &req);
	assert_int_equal(st->nsegs, 0);
	assert_int_equal(st->meter.matched, 1000);
}

/* Writes by the same road as the screen: REQ_PRODUCE. */
static void
produce(struct fixture *f, const char *topic, const char *key, const char *value, const char *const *headers)
{
	const struct reply *r;
	struct request req;

	request_init(&req, REQ_PRODUCE);
	req.produce.topic = xstrdup(topic);
	req.produce.partition = 0;
	req.produce.key = key ? xstrdup(key) : NULL;
	req.produce.key_len = key ? strlen(key) : 0;
	req.produce.value = value ? xstrdup(value) : NULL;
	req.produce.value_len = value ? strlen(value) : 0;
	for (; headers && *headers; headers += 2) {
		strvec_push(&req.produce.header_names, headers[0]);
		strvec_push(&req.produce.header_values, headers[1]);
	}
	r = ask(f, &req);
	if (r->err.code != ERR_NONE)
		fail_msg("%s", r->err.text);
}

static void
null_is_not_empty(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "null", 1);
	struct request req;
	struct stream *st;
	struct record rec;

	produce(f, topic, NULL, NULL, NULL);
	produce(f, topic, "", "", NULL);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = read_over(f, &req);
	assert_int_equal(st->n, 2);
	stream_record(st, 0, &rec);
	assert_null(rec.key.data);
	assert_null(rec.value.data);
	stream_record(st, 1, &rec);
	assert_non_null(rec.key.data);
	assert_non_null(rec.value.data);
	assert_int_equal(rec.key.len, 0);
	assert_int_equal(rec.value.len, 0);
}

static void
headers_keep_order_and_duplicates(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "headers", 1);
	const char *const headers[] = { "b", "1", "a", "2", "b", "", "b", "1", NULL };
	size_t pos = 0, n = 0;
	struct request req;
	struct stream *st;
	struct record rec;
	struct header h;
	struct err e;

	produce(f, topic, "k", "with", headers);
	produce(f, topic, "k", "without", NULL);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = read_over(f, &req);
	stream_record(st, 0, &rec);
	assert_int_equal(rec.nheaders, 4);
	while (record_next_header(&rec, &pos, &h)) {
		assert_string_equal(h.name, headers[2 * n]);
		assert_int_equal(h.value.len, strlen(headers[2 * n + 1]));
		assert_non_null(h.value.data);
		assert_memory_equal(h.value.data, headers[2 * n + 1], h.value.len);
		n++;
	}
	assert_int_equal(n, 4);
	stream_record(st, 1, &rec);
	assert_int_equal(rec.nheaders, 0);
	stream_close(f, st);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.filter = filter_compile("header.a:2", NULL, &e);
	st = read_over(f, &req);
	assert_int_equal(st->n, 1);
	assert_value(st, 0, "with");
}

static void
several_topics_in_one_stream(void **state)
{
	struct fixture *f = *state;
	const char *a = topic_make(f, "multi-a", 2);
	const char *b = topic_make(f, "multi-b", 1);
	struct request req;
	struct stream *st;
	struct record rec;
	size_t n[2] = { 0, 0 };

	produce_some(f, a, -1, "a", 10, 0);
	produce_some(f, b, -1, "b", 7, 0);
	stream_request(&req, a, FROM_BEGINNING, 0, UNTIL_END, 0);
	strvec_push(&req.stream.topics, b);
	strvec_push(&req.stream.topics, a);
	st = read_over(f, &req);
	for (size_t i = 0; i < st->n; i++) {
		stream_record(st, i, &rec);
		assert_in_range(rec.topic, 0, 1);
		assert_int_equal(*(const char *)rec.value.data, rec.topic ? 'b' : 'a');
		n[rec.topic]++;
	}
	assert_int_equal(n[0], 10);
	assert_int_equal(n[1], 7);
}

static void
slow_screen_holds_the_reader_back(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "slow", 1);
	struct request req;
	struct stream *st;
	size_t waiting;

	produce_bulk(f, topic, 0, 20000, 1000);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	req.stream.max_waiting = 2;
	st = stream_open(f, &req);
	/* Nobody takes anything until the reader has come to a halt. */
	do {
		waiting = mailbox_count(f->inbox);
		wake_wait(&f->wake, 300);
	} while (mailbox_count(f->inbox) != waiting || waiting == 0);
	assert_in_range(waiting, 1, 8);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->n, 20000);
}

static void
unknown_topic_is_said_and_not_created(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "unknown");
	struct request req;
	struct stream *st;

	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->state, STREAM_FAILED);
	assert_int_equal(st->err.code, ERR_NOT_FOUND);
	assert_non_null(strstr(st->err.text, topic));
	stream_close(f, st);
	stream_request(&req, topic, FROM_END, 0, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->err.code, ERR_NOT_FOUND);
	assert_false(topic_exists(f, topic));
}

static void
reading_leaves_no_group(void **state)
{
	struct fixture *f = *state;
	const char *topic = make_spread(f, "trace");
	size_t before, after;
	int tries = 0;

	/* Somebody else on the same broker may make a group meanwhile: then once more. */
	do {
		struct request req;
		struct stream *st;

		before = outsider_count_groups(f);
		stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_NEVER, 0);
		st = stream_open(f, &req);
		stream_wait(f, st, stream_has, 18);
		stream_watch(f, 700);
		stream_close(f, st);
		after = outsider_count_groups(f);
	} while (after > before && ++tries < 3);
	assert_in_range(after, 0, before);
}

/* An argument is a filter: the tests whose names it matches ("recreated_*"). */
int
main(int argc, char **argv)
{
#define READS(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		READS(reads_everything_exactly_once),
		READS(live_stream_gets_all_that_comes_and_nothing_before),
		READS(live_message_comes_at_once),
		READS(last_n_is_exact_and_in_order),
		READS(last_n_is_exact_in_uneven_partitions),
		READS(last_n_is_exact_where_offsets_skip),
		READS(last_n_then_live),
		READS(begins_and_stops_at_offsets),
		READS(begins_and_stops_at_times),
		READS(filters_and_counts),
		READS(null_is_not_empty),
		READS(headers_keep_order_and_duplicates),
		READS(several_topics_in_one_stream),
		READS(slow_screen_holds_the_reader_back),
		READS(unknown_topic_is_said_and_not_created),
		READS(reading_leaves_no_group),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
