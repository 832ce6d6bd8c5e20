/* store: rows in order, sequence numbers that only grow, and a bound that holds. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/store.h"

#define MIB (1024u * 1024)

/* A sealed segment of n records of value_len bytes; offsets count on from *offset. */
static struct segment *
make_segment(size_t n, size_t value_len, int64_t *offset)
{
	struct segment *seg = segment_new(n * (value_len + 50));
	char *value = xcalloc(value_len + 1, 1);

	for (size_t i = 0; i < n; i++) {
		struct record rec = { .offset = (*offset)++, .value = { value, value_len } };

		if (value_len >= sizeof(rec.offset))
			memcpy(value, &rec.offset, sizeof(rec.offset));
		assert_true(segment_add(seg, &rec));
	}
	segment_seal(seg);
	free(value);
	return seg;
}

static void
add(struct store *st, size_t n, size_t value_len, int64_t *offset)
{
	struct segment *seg = make_segment(n, value_len, offset);

	store_add(st, seg);
	segment_unref(seg);
}

/* Row seq holds the record of offset seq, all rows from first to end are there, and nothing
 * beside them. */
static void
assert_rows(const struct store *st)
{
	struct record rec;

	for (uint64_t seq = store_first(st); seq < store_end(st); seq++) {
		assert_true(store_get(st, seq, &rec));
		assert_int_equal(rec.offset, seq);
		if (rec.value.len >= sizeof(rec.offset))
			assert_memory_equal(rec.value.data, &rec.offset, sizeof(rec.offset));
	}
	assert_false(store_get(st, store_end(st), &rec));
	assert_false(store_get(st, UINT64_MAX, &rec));
	if (store_first(st) > 0)
		assert_false(store_get(st, store_first(st) - 1, &rec));
}

static void
empty_store(void **state)
{
	struct store *st = store_new(MIB);
	struct segment *seg = segment_new(0);
	struct record rec;

	(void)state;
	assert_int_equal(store_first(st), 0);
	assert_int_equal(store_end(st), 0);
	assert_int_equal(store_bytes(st), 0);
	assert_false(store_get(st, 0, &rec));
	store_add(st, seg);
	assert_int_equal(store_end(st), 0);
	store_clear(st);
	store_free(st);
	store_free(NULL);
	segment_unref(seg);
}

static void
small_and_large_stay_in_order(void **state)
{
	struct store *st = store_new(64 * MIB);
	int64_t offset = 0;

	(void)state;
	for (int round = 0; round < 40; round++) {
		add(st, (size_t)(round % 5) + 1, 100, &offset);
		if (round % 7 == 3)
			add(st, 5000, 100, &offset);
		assert_int_equal(store_end(st), offset);
	}
	assert_int_equal(store_first(st), 0);
	assert_int_equal(store_dropped(st), 0);
	assert_rows(st);
	store_free(st);
}

static void
large_ones_are_not_copied(void **state)
{
	struct store *st = store_new(64 * MIB);
	int64_t offset = 0;
	struct segment *seg = make_segment(5000, 100, &offset);
	struct record in_store, in_segment;

	(void)state;
	store_add(st, seg);
	segment_unref(seg);             /* the store has its own reference */
	assert_true(store_get(st, 17, &in_store));
	segment_get(seg, 17, &in_segment);
	assert_ptr_equal(in_store.value.data, in_segment.value.data);
	store_free(st);
}

/* Whatever comes, in whatever pieces, the bound holds and not much less than it allows is kept. */
static void
bound_holds(void **state)
{
	static const size_t limits[] = { 0, 100, 4096, 20000, 100000, MIB, 3 * MIB, 9 * MIB };

	(void)state;
	for (size_t l = 0; l < sizeof(limits) / sizeof(limits[0]); l++) {
		struct store *st = store_new(limits[l]);
		int64_t offset = 0;
		uint64_t end = 0;

		for (int round = 0; round < 300; round++) {
			add(st, round % 50 == 0 ? 3000 : 3, (size_t)(round * 7) % 300, &offset);
			assert_int_equal(store_end(st), offset);
			assert_true(store_end(st) > end);
			end = store_end(st);
			assert_true(store_first(st) < end);
			assert_int_equal(store_dropped(st), store_first(st));
			/* The newest row stays even where it alone is more than the bound. */
			if (end - store_first(st) > 1)
				assert_in_range(store_bytes(st), 1, limits[l]);
		}
		assert_rows(st);
		if (store_first(st) > 0 && limits[l] >= 100000)
			assert_true(store_bytes(st) > limits[l] / 2);
		store_free(st);
	}
}

static void
a_record_beyond_the_bound_is_seen(void **state)
{
	struct store *st = store_new(100000);
	int64_t offset = 0;

	(void)state;
	add(st, 10, 50, &offset);
	add(st, 1, 2 * MIB, &offset);
	assert_int_equal(store_first(st), 10);
	assert_int_equal(store_end(st), 11);
	assert_rows(st);
	add(st, 1, 50, &offset);
	assert_int_equal(store_first(st), 11);
	assert_true(store_bytes(st) < 100000);
	assert_rows(st);
	store_free(st);
}

static void
a_lower_limit_drops_the_oldest(void **state)
{
	struct store *st = store_new(64 * MIB);
	int64_t offset = 0;

	(void)state;
	for (int i = 0; i < 10; i++)
		add(st, 5000, 100, &offset);
	store_set_limit(st, 2 * MIB);
	assert_in_range(store_bytes(st), MIB, 2 * MIB);
	assert_int_equal(store_end(st), 50000);
	assert_rows(st);
	/* Less than the one segment that is left: it is cut into pieces. */
	store_set_limit(st, 100000);
	assert_in_range(store_bytes(st), 50000, 100000);
	assert_int_equal(store_end(st), 50000);
	assert_int_equal(store_dropped(st), store_first(st));
	assert_rows(st);
	add(st, 1, 100, &offset);
	assert_rows(st);
	store_free(st);
}

static void
clear_goes_on_counting(void **state)
{
	struct store *st = store_new(MIB);
	int64_t offset = 0;
	struct record rec;

	(void)state;
	add(st, 10, 20, &offset);
	store_clear(st);
	assert_int_equal(store_first(st), 10);
	assert_int_equal(store_end(st), 10);
	assert_int_equal(store_bytes(st), 0);
	assert_int_equal(store_dropped(st), 0);
	assert_false(store_get(st, 9, &rec));
	add(st, 5, 20, &offset);
	assert_int_equal(store_first(st), 10);
	assert_int_equal(store_end(st), 15);
	assert_rows(st);
	store_free(st);
}

static void
notes_stand_among_the_rows(void **state)
{
	struct store *st = store_new(MIB);
	int64_t offset = 0;
	struct record rec;

	(void)state;
	add(st, 2, 20, &offset);
	store_add_note(st, 1234, "order_shipping was recreated");
	add(st, 2, 20, &offset);
	assert_int_equal(store_end(st), 5);
	assert_true(store_get(st, 2, &rec));
	assert_int_equal(rec.kind, RECORD_NOTE);
	assert_int_equal(rec.partition, -1);
	assert_int_equal(rec.offset, -1);
	assert_int_equal(rec.timestamp_ms, 1234);
	assert_int_equal(rec.value.len, 28);
	assert_memory_equal(rec.value.data, "order_shipping was recreated", 28);
	assert_true(store_get(st, 3, &rec));
	assert_int_equal(rec.kind, RECORD_MESSAGE);
	assert_int_equal(rec.offset, 2);
	store_free(st);
}

/* A slow stream gives its records one by one: many of them may not take the time of the square
 * of their number, nor a segment's memory each. */
static void
one_by_one_is_cheap(void **state)
{
	struct store *st = store_new(16 * MIB);
	int64_t offset = 0, start = clock_ms();
	size_t kept;

	(void)state;
	for (int i = 0; i < 200000; i++)
		add(st, 1, 8, &offset);
	kept = (size_t)(store_end(st) - store_first(st));
	assert_int_equal(store_end(st), 200000);
	assert_true(store_bytes(st) / kept < 100);
	assert_true(clock_ms() - start < 20000);
	store_free(st);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_store),
		cmocka_unit_test(small_and_large_stay_in_order),
		cmocka_unit_test(large_ones_are_not_copied),
		cmocka_unit_test(bound_holds),
		cmocka_unit_test(a_record_beyond_the_bound_is_seen),
		cmocka_unit_test(a_lower_limit_drops_the_oldest),
		cmocka_unit_test(clear_goes_on_counting),
		cmocka_unit_test(notes_stand_among_the_rows),
		cmocka_unit_test(one_by_one_is_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
