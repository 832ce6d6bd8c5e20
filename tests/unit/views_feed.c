/* feed: rows that stay where they are while others come and go; a filter whose index is kept bit by bit. */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "topicmon/model/record.h"
#include "topicmon/views/feed.h"

#define SMALL (256 * 1024)
#define LARGE (64 * 1024 * 1024)

/* n messages "row FIRST", "row FIRST+1", … in one segment. */
static void
add_rows(struct feed *f, int first, int n, size_t padding)
{
	struct segment *seg = segment_new(1024);
	static char value[8192];

	for (int i = 0; i < n; i++) {
		int len = snprintf(value, sizeof(value), "row %d", first + i);
		struct record rec = { .kind = RECORD_MESSAGE, .offset = first + i };

		memset(value + len, ' ', padding);
		rec.value = (struct bytes){ value, (size_t)len + padding };
		assert_true(segment_add(seg, &rec));
	}
	segment_seal(seg);
	feed_add(f, seg);
	segment_unref(seg);
}

static void
set_filter(struct feed *f, const char *text)
{
	struct filter *filter = filter_compile(text, NULL, NULL);

	assert_non_null(filter);
	feed_set_filter(f, filter);
	filter_unref(filter);
}

static int64_t
offset_at(const struct feed *f, size_t i)
{
	struct record rec;

	assert_true(feed_get(f, i, &rec));
	return rec.offset;
}

static void
test_all_rows_without_a_filter(void **state)
{
	struct feed *f = feed_new(LARGE);

	(void)state;
	add_rows(f, 0, 10, 0);
	assert_int_equal(feed_count(f), 10);
	assert_int_equal(offset_at(f, 0), 0);
	assert_int_equal(offset_at(f, 9), 9);
	assert_int_equal(feed_find(f, feed_id(f, 7)), 7);
	assert_int_equal(feed_find(f, feed_end_id(f)), 10);
	assert_int_equal(feed_shown(f), 10);
	assert_int_equal(feed_filtered(f), 0);
	feed_free(f);
}

static void
test_a_filter_is_worked_through_in_parts(void **state)
{
	struct feed *f = feed_new(LARGE);

	(void)state;
	add_rows(f, 0, 100, 0);
	set_filter(f, "/row .*7$/");
	assert_true(feed_work(f, 50, 0));
	assert_int_equal(feed_count(f), 5);
	assert_true(feed_has_work(f));
	assert_false(feed_work(f, 50, 0));
	assert_int_equal(feed_count(f), 10);
	assert_int_equal(offset_at(f, 9), 97);
	assert_int_equal(feed_filtered(f), 90);
	/* What comes later is matched too, and only that. */
	add_rows(f, 100, 10, 0);
	assert_int_equal(feed_count(f), 10);
	feed_work(f, 1000, 0);
	assert_int_equal(feed_count(f), 11);
	assert_int_equal(offset_at(f, 10), 107);
	feed_set_filter(f, NULL);
	assert_int_equal(feed_count(f), 110);
	feed_free(f);
}

/* What was there before is matched anew, but it is not shown anew: the count is of what comes. */
static void
test_shown_counts_what_comes(void **state)
{
	struct feed *f = feed_new(LARGE);

	(void)state;
	add_rows(f, 0, 100, 0);
	assert_int_equal(feed_shown(f), 100);
	set_filter(f, "/7$/");
	feed_work(f, 1000, 0);
	assert_int_equal(feed_count(f), 10);
	assert_int_equal(feed_shown(f), 100);
	add_rows(f, 100, 10, 0);
	feed_work(f, 1000, 0);
	assert_int_equal(feed_shown(f), 101);
	feed_set_filter(f, NULL);
	assert_int_equal(feed_shown(f), 101);
	add_rows(f, 110, 3, 0);
	assert_int_equal(feed_shown(f), 104);
	feed_clear(f);
	assert_int_equal(feed_shown(f), 0);
	feed_free(f);
}

static void
test_rows_that_go_leave_the_index(void **state)
{
	struct feed *f = feed_new(SMALL);

	(void)state;
	set_filter(f, "row");
	for (int i = 0; i < 40; i++) {
		add_rows(f, i * 10, 10, 2000);
		feed_work(f, 1000, 0);
	}
	assert_true(feed_dropped(f) > 0);
	assert_int_equal(feed_count(f) + feed_dropped(f), 400);
	assert_int_equal(offset_at(f, 0), feed_dropped(f));
	assert_int_equal(offset_at(f, feed_count(f) - 1), 399);
	feed_free(f);
}

static void
test_an_id_stays_with_its_row(void **state)
{
	struct feed *f = feed_new(SMALL);
	struct record rec;
	uint64_t id;

	(void)state;
	add_rows(f, 0, 50, 2000);
	id = feed_id(f, 49);
	add_rows(f, 50, 20, 2000);
	assert_true(feed_get_id(f, id, &rec));
	assert_int_equal(rec.offset, 49);
	assert_int_equal(offset_at(f, feed_find(f, id)), 49);
	feed_free(f);
}

static void
test_held_rows_stay_and_the_rest_waits(void **state)
{
	struct feed *f = feed_new(SMALL);
	int64_t first;
	uint64_t dropped;

	(void)state;
	for (int i = 0; i < 5; i++)
		add_rows(f, i * 10, 10, 2000);
	feed_hold(f, true);
	first = offset_at(f, 0);
	for (int i = 5; i < 60; i++)
		add_rows(f, i * 10, 10, 2000);
	assert_int_equal(offset_at(f, 0), first);
	assert_int_equal(feed_total(f), 600);
	dropped = feed_dropped(f);
	assert_true(dropped > 0);
	feed_hold(f, false);
	assert_int_equal(offset_at(f, feed_count(f) - 1), 599);
	feed_free(f);
}

static void
test_where_rows_are_missing_a_row_says_so(void **state)
{
	struct feed *f = feed_new(SMALL);
	struct record rec;
	bool said = false;

	(void)state;
	feed_hold(f, true);
	for (int i = 0; i < 60; i++)
		add_rows(f, i * 10, 10, 2000);
	feed_hold(f, false);
	for (size_t i = 0; feed_get(f, i, &rec); i++)
		said |= rec.kind == RECORD_NOTE;
	assert_true(said);
	feed_free(f);
}

static void
test_notes_pass_every_filter(void **state)
{
	struct feed *f = feed_new(LARGE);
	struct record rec;

	(void)state;
	set_filter(f, "nothing-has-this");
	add_rows(f, 0, 10, 0);
	feed_add_note(f, 12345, "it was recreated");
	feed_work(f, 100, 0);
	assert_int_equal(feed_count(f), 1);
	assert_true(feed_get(f, 0, &rec));
	assert_int_equal(rec.kind, RECORD_NOTE);
	feed_free(f);
}

static void
test_clear_forgets_all_but_the_filter(void **state)
{
	struct feed *f = feed_new(LARGE);

	(void)state;
	set_filter(f, "row");
	add_rows(f, 0, 10, 0);
	feed_work(f, 100, 0);
	feed_hold(f, true);
	feed_clear(f);
	assert_int_equal(feed_count(f), 0);
	assert_int_equal(feed_total(f), 0);
	assert_int_equal(feed_dropped(f), 0);
	assert_non_null(feed_filter(f));
	add_rows(f, 0, 3, 0);
	feed_work(f, 100, 0);
	assert_int_equal(feed_count(f), 3);
	feed_free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_rows_without_a_filter),
		cmocka_unit_test(test_a_filter_is_worked_through_in_parts),
		cmocka_unit_test(test_shown_counts_what_comes),
		cmocka_unit_test(test_rows_that_go_leave_the_index),
		cmocka_unit_test(test_an_id_stays_with_its_row),
		cmocka_unit_test(test_held_rows_stay_and_the_rest_waits),
		cmocka_unit_test(test_where_rows_are_missing_a_row_says_so),
		cmocka_unit_test(test_notes_pass_every_filter),
		cmocka_unit_test(test_clear_forgets_all_but_the_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
