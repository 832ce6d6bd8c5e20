/*
 * The reader while its topic changes under it: recreated, deleted, trimmed, widened, unreachable. A consumer as such
 * notices nothing of a recreation; each case here is one in which it would stay silent or skip.
 */
#include <string.h>

#include "support.h"
/* clang-format off */
#include <librdkafka/rdkafka_mock.h>
/* clang-format on */
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define NOTICED_MS 1000         /* what is promised between the recreation and the note */

static struct stream *
follow(struct fixture *f, const char *topic, enum stream_from from)
{
	struct request req;
	struct stream *st;

	stream_request(&req, topic, from, 0, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_live, 0);
	return st;
}

/* That the last n records are, for each partition, the offsets from 0 on with values "<prefix>…". */
static void
assert_new_from_zero(const struct stream *st, size_t first, size_t n, int32_t npartitions, const char *prefix)
{
	int64_t next[8] = { 0 };
	struct record rec;

	for (size_t i = first; i < first + n; i++) {
		stream_record(st, i, &rec);
		assert_in_range(rec.partition, 0, npartitions - 1);
		assert_int_equal(rec.offset, next[rec.partition]);
		next[rec.partition]++;
		assert_in_range(rec.value.len, strlen(prefix), 64);
		assert_memory_equal(rec.value.data, prefix, strlen(prefix));
	}
}

static void
assert_noticed(const struct stream *st, int64_t recreated_ms)
{
	print_message("noticed %lld ms after the recreation\n", (long long)(st->note_ms - recreated_ms));
	assert_in_range(st->note_ms > recreated_ms ? st->note_ms - recreated_ms : 0, 0, NOTICED_MS);
	assert_non_null(strstr(st->notes.v[st->notes.n - 1], "was recreated: reading on from its new beginning"));
}

/* Old messages, then a recreation, then new ones at once. */
static void
recreate_with(struct fixture *f, const char *word, int32_t npartitions, enum stream_from from, int nold, int nnew)
{
	const char *topic = topic_make(f, word, npartitions);
	size_t seen = from == FROM_END ? 0 : (size_t)nold;
	int64_t recreated_ms;
	struct stream *st;

	produce_some(f, topic, -1, "old", nold, 0);
	st = follow(f, topic, from);
	stream_wait(f, st, stream_has, (int64_t)seen);
	/* Long enough for the reader to know what the topic was like. */
	stream_watch(f, 400);
	recreated_ms = topic_recreate(f, topic, npartitions);
	produce_some(f, topic, -1, "new", nnew, 0);
	recreated_ms = nnew > 0 ? clock_ms() : recreated_ms;
	stream_wait(f, st, stream_was_recreated, 1);
	assert_noticed(st, recreated_ms);
	/* What was read of the new topic before it was known to be new is read again. */
	seen = st->note_n;
	stream_wait(f, st, stream_has, (int64_t)seen + nnew);
	stream_watch(f, 50);
	assert_int_equal(st->n, seen + (size_t)nnew);
	assert_new_from_zero(st, seen, (size_t)nnew, npartitions, "new");
	assert_int_equal(st->nrecreated, 1);
	/* And it is a live stream as before. */
	produce_some(f, topic, -1, "more", 6, 0);
	stream_wait(f, st, stream_has, (int64_t)seen + nnew + 6);
	assert_int_equal(st->nrecreated, 1);
}

static void
recreated_and_empty(void **state)
{
	recreate_with(*state, "empty", 3, FROM_BEGINNING, 30, 0);
}

static void
recreated_with_fewer(void **state)
{
	recreate_with(*state, "fewer", 3, FROM_BEGINNING, 30, 9);
}

static void
recreated_with_as_many(void **state)
{
	recreate_with(*state, "equal", 3, FROM_BEGINNING, 30, 30);
}

static void
recreated_with_more(void **state)
{
	recreate_with(*state, "more", 3, FROM_BEGINNING, 30, 90);
}

/* Nothing of the old topic was read: what is remembered of it is its last record. */
static void
recreated_with_as_many_after_the_end(void **state)
{
	recreate_with(*state, "endequal", 1, FROM_END, 30, 30);
}

static void
recreated_with_more_after_the_end(void **state)
{
	recreate_with(*state, "endmore", 1, FROM_END, 30, 500);
}

static void
recreated_with_one_for_one(void **state)
{
	recreate_with(*state, "one", 1, FROM_BEGINNING, 1, 1);
}

static void
recreated_with_fewer_partitions(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "narrow", 4);
	struct stream *st;
	int64_t recreated_ms;

	produce_some(f, topic, 0, "old", 4, 0);
	st = follow(f, topic, FROM_BEGINNING);
	stream_wait(f, st, stream_has, 4);
	recreated_ms = topic_recreate(f, topic, 2);
	produce_some(f, topic, 1, "new", 5, 0);
	stream_wait(f, st, stream_has, 9);
	assert_noticed(st, recreated_ms);
	assert_new_from_zero(st, 4, 5, 2, "new");
}

static void
recreated_twice_in_a_row(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "twice", 1);
	struct stream *st;

	produce_some(f, topic, 0, "old", 5, 0);
	st = follow(f, topic, FROM_BEGINNING);
	stream_wait(f, st, stream_has, 5);
	for (int i = 1; i <= 2; i++) {
		stream_watch(f, 300);
		topic_recreate(f, topic, 1);
		produce_some(f, topic, 0, "new", 5, 0);
		stream_wait(f, st, stream_was_recreated, i);
		stream_wait(f, st, stream_has, 5 + 5 * i);
		assert_new_from_zero(st, st->n - 5, 5, 1, "new");
	}
}

static void
deleted_is_said_and_waited_for(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "gone", 2);
	int64_t back_ms;
	struct stream *st;

	produce_some(f, topic, -1, "old", 6, 0);
	st = follow(f, topic, FROM_BEGINNING);
	stream_wait(f, st, stream_has, 6);
	topic_delete(f, topic);
	stream_wait(f, st, stream_has_notes, 1);
	assert_non_null(strstr(st->notes.v[0], "was deleted"));
	/* Waiting does not bring it back. */
	stream_watch(f, 1500);
	assert_false(topic_exists(f, topic));
	assert_int_equal(st->state, STREAM_LIVE);
	assert_int_equal(st->notes.n, 1);
	topic_create(f, topic, 2);
	back_ms = clock_ms();
	stream_wait(f, st, stream_was_recreated, 1);
	assert_noticed(st, back_ms);
	produce_some(f, topic, -1, "new", 6, 0);
	stream_wait(f, st, stream_has, 12);
	assert_new_from_zero(st, 6, 6, 2, "new");
}

static void
scan_of_a_deleted_topic_fails(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "scan", 1);
	struct request req;
	struct stream *st;

	produce_bulk(f, topic, 0, 30000, 1000);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_OFFSET, 1000000);
	req.stream.max_waiting = 1;
	req.stream.follow_recreation = false;
	req.stream.until = UNTIL_NEVER;
	st = stream_open(f, &req);
	stream_wait(f, st, stream_has, 30000);
	topic_delete(f, topic);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->state, STREAM_FAILED);
	assert_int_equal(st->err.code, ERR_NOT_FOUND);
}

static bool
stream_has_offset(const struct stream *st, int64_t offset)
{
	struct record rec;

	if (st->nsegs == 0)
		return false;
	segment_get(st->segs[st->nsegs - 1], segment_count(st->segs[st->nsegs - 1]) - 1, &rec);
	return rec.offset == offset;
}

static bool
stream_is_not_behind(const struct stream *st, int64_t unused)
{
	(void)unused;
	return st->meter.behind == 0;
}

static void
trimmed_is_said_and_read_on(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "trim", 1);
	struct request req;
	struct stream *st;
	struct record rec;
	size_t waiting;

	/* The reader is held back, so that most is trimmed before it is fetched. */
	produce_bulk(f, topic, 0, 60000, 1000);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_NEVER, 0);
	req.stream.max_waiting = 1;
	st = stream_open(f, &req);
	do {
		waiting = mailbox_count(f->inbox);
		wake_wait(&f->wake, 300);
	} while (mailbox_count(f->inbox) != waiting || waiting == 0);
	outsider_delete_records(f, topic, 0, 60000);
	produce_some(f, topic, 0, "after", 10, 0);
	stream_wait(f, st, stream_has_notes, 1);
	assert_non_null(strstr(st->notes.v[0], "were removed before they could be read"));
	stream_wait(f, st, stream_has_offset, 60009);
	stream_wait(f, st, stream_is_not_behind, 0);
	assert_in_range(st->n, 10, 59999);
	stream_record(st, st->n - 1, &rec);
	assert_int_equal(rec.offset, 60009);
	stream_record(st, st->n - 10, &rec);
	assert_int_equal(rec.offset, 60000);
	assert_int_equal(st->nrecreated, 0);
}

/* A purge to the end, read already: nothing is missed, so nothing is said. */
static void
trimmed_behind_the_position_is_nothing(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "purge", 1);
	struct stream *st;

	produce_some(f, topic, 0, "old", 10, 0);
	st = follow(f, topic, FROM_BEGINNING);
	stream_wait(f, st, stream_has, 10);
	outsider_delete_records(f, topic, 0, 10);
	stream_watch(f, 1200);
	produce_some(f, topic, 0, "new", 10, 0);
	stream_wait(f, st, stream_has, 20);
	stream_watch(f, 700);
	assert_int_equal(st->n, 20);
	assert_int_equal(st->notes.n, 0);
	stream_close(f, st);
	/* Opened on a topic that was purged: the record before its end is not there to be remembered. */
	outsider_delete_records(f, topic, 0, 20);
	st = follow(f, topic, FROM_END);
	stream_watch(f, 700);
	produce_some(f, topic, 0, "last", 3, 0);
	stream_wait(f, st, stream_has, 3);
	assert_int_equal(st->n, 3);
	assert_int_equal(st->notes.n, 0);
}

/* Timestamps that go back and forth are no recreation. */
static void
odd_timestamps_are_no_recreation(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "clock", 1);
	int64_t now_ms = clock_wall_ms();
	struct stream *st;
	size_t n = 0;

	produce_some(f, topic, 0, "ahead", 5, now_ms + 3000000);
	st = follow(f, topic, FROM_END);
	for (int i = 0; i < 4; i++) {
		produce_some(f, topic, 0, "old", 3, now_ms - 3000000 + i);
		produce_some(f, topic, 0, "ahead", 3, now_ms + 700000 * (4 - i));
		produce_some(f, topic, 0, "now", 3, 0);
		n += 9;
		stream_wait(f, st, stream_has, (int64_t)n);
		stream_watch(f, 600);
	}
	assert_int_equal(st->n, n);
	assert_int_equal(st->notes.n, 0);
}

static void
new_partitions_are_read_from_their_beginning(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "wide", 1);
	struct stream *st;
	struct record rec;

	produce_some(f, topic, 0, "old", 5, 0);
	st = follow(f, topic, FROM_END);
	outsider_add_partitions(f, topic, 3);
	produce_some(f, topic, 2, "new", 5, 0);
	stream_wait(f, st, stream_has, 5);
	for (size_t i = 0; i < 5; i++) {
		stream_record(st, i, &rec);
		assert_int_equal(rec.partition, 2);
		assert_int_equal(rec.offset, (int)i);
	}
	assert_int_equal(st->notes.n, 0);
}

/* The library's own make-believe cluster can be stopped and started. */
static void
broker_that_is_down_is_waited_for(void **state)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
	rd_kafka_mock_cluster_t *mock = rd_kafka_mock_cluster_new(rk, 1);
	struct fixture *f = fixture_new(rd_kafka_mock_cluster_bootstraps(mock), false, 5000);
	struct record rec;
	struct stream *st;

	(void)state;
	assert_int_equal(rd_kafka_mock_topic_create(mock, "mocked", 1, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
	produce_some(f, "mocked", 0, "one", 100, 0);
	st = follow(f, "mocked", FROM_BEGINNING);
	stream_wait(f, st, stream_has, 100);
	rd_kafka_mock_broker_set_down(mock, 1);
	stream_wait(f, st, stream_in_trouble, 0);
	assert_int_equal(st->state, STREAM_LIVE);
	assert_true(st->err.retriable);
	rd_kafka_mock_broker_set_up(mock, 1);
	produce_some(f, "mocked", 0, "two", 100, 0);
	stream_wait(f, st, stream_has, 200);
	stream_wait(f, st, stream_all_well, 0);
	assert_int_equal(st->n, 200);
	for (size_t i = 0; i < 200; i++) {
		stream_record(st, i, &rec);
		assert_int_equal(rec.offset, (int)i);
	}
	assert_int_equal(st->nrecreated, 0);
	fixture_free(f);
	rd_kafka_mock_cluster_destroy(mock);
	rd_kafka_destroy(rk);
}

static void
nobody_there_is_said_and_bounded_for_a_scan(void **state)
{
	struct fixture *f = fixture_new("127.0.0.1:1", false, 1000);
	int64_t since_ms = clock_ms();
	struct request req;
	struct stream *st;

	(void)state;
	stream_request(&req, "any", FROM_END, 0, UNTIL_NEVER, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_in_trouble, 0);
	assert_int_equal(st->state, STREAM_OPENING);
	stream_close(f, st);
	stream_request(&req, "any", FROM_BEGINNING, 0, UNTIL_END, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->state, STREAM_FAILED);
	assert_true(st->err.code == ERR_UNREACHABLE || st->err.code == ERR_TIMEOUT);
	assert_in_range(clock_ms() - since_ms, 0, 6000);
	fixture_free(f);
}

/* An argument is a filter: the tests whose names it matches ("recreated_*"). */
int
main(int argc, char **argv)
{
#define READS(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		READS(recreated_and_empty),
		READS(recreated_with_fewer),
		READS(recreated_with_as_many),
		READS(recreated_with_more),
		READS(recreated_with_as_many_after_the_end),
		READS(recreated_with_more_after_the_end),
		READS(recreated_with_one_for_one),
		READS(recreated_with_fewer_partitions),
		READS(recreated_twice_in_a_row),
		READS(deleted_is_said_and_waited_for),
		READS(scan_of_a_deleted_topic_fails),
		READS(trimmed_is_said_and_read_on),
		READS(trimmed_behind_the_position_is_nothing),
		READS(odd_timestamps_are_no_recreation),
		READS(new_partitions_are_read_from_their_beginning),
		cmocka_unit_test(broker_that_is_down_is_waited_for),
		cmocka_unit_test(nobody_there_is_said_and_bounded_for_a_scan),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
