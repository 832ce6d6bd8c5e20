/* table: order, movement, and a layout that keeps numbers whole. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/table.h"

struct sample {
	const char *name;
	int64_t messages;       /* -1: unknown */
	double rate;
};

static int values_asked;

static void
name_value(const void *row, struct value *out)
{
	const struct sample *topic = row;

	out->text = topic->name;
	values_asked++;
}

static void
messages_value(const void *row, struct value *out)
{
	const struct sample *topic = row;

	out->integer = topic->messages;
	out->known = topic->messages >= 0;
}

static void
rate_value(const void *row, struct value *out)
{
	const struct sample *topic = row;

	out->real = topic->rate;
	if (topic->rate > 50)
		out->role = ROLE_LEVEL_WARN;
}

static void
rate_format(const void *row, const struct value *v, struct strbuf *out)
{
	(void)row;
	strbuf_addf(out, "%.0f/s", v->real);
}

/* A text that is made: it lives in the value. */
static void
state_value(const void *row, struct value *out)
{
	const struct sample *topic = row;

	snprintf(out->buf, sizeof(out->buf), "%s", topic->rate > 0 ? "busy" : "idle");
	out->text = out->buf;
}

static const struct column columns[] = {
	/* id        title       help                   type      min wt dr  value           format */
	{ "name",     "TOPIC",    "Topic name",          COL_TEXT, 8,  1, 0,  name_value,     NULL },
	{ "messages", "MESSAGES", "Number of messages",  COL_INT,  5,  0, 0,  messages_value, NULL },
	{ "rate",     "RATE",     "Messages per second", COL_REAL, 6,  0, 1,  rate_value,     rate_format },
	{ "state",    "STATE",    "In a word",           COL_TEXT, 5,  0, 2,  state_value,    NULL },
};

static const struct sample topics[] = {
	{ "payments",       412,   0 },
	{ "order_shipping", 1013,  81 },
	{ "order_placed",   88120, 12 },
	{ "audit",          -1,    0 },
};

static size_t
all(const void **rows)
{
	for (size_t i = 0; i < ARRAY_LEN(topics); i++)
		rows[i] = &topics[i];
	return ARRAY_LEN(topics);
}

static void
assert_order(const void **rows, size_t n, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < n; i++) {
		const struct sample *topic = rows[i];

		strbuf_addf(&out, "%s ", topic->name);
	}
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
}

static void
assert_screen(const struct canvas *c, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	canvas_dump_text(c, &out);
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
}

static void
sorts_either_way_with_the_unknown_last(void **state)
{
	const void *rows[ARRAY_LEN(topics)];
	size_t n = all(rows);
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), -1, false);
	table_sort(&t, rows, n);
	assert_order(rows, n, "payments order_shipping order_placed audit ");
	t.sort = 1;
	table_sort(&t, rows, n);
	assert_order(rows, n, "payments order_shipping order_placed audit ");
	t.descending = true;
	table_sort(&t, rows, n);
	assert_order(rows, n, "order_placed order_shipping payments audit ");
	t.sort = 0;
	table_sort(&t, rows, n);
	assert_order(rows, n, "payments order_shipping order_placed audit ");
	/* Equal ones by name, rising, although the rates fall. */
	t.sort = 2;
	table_sort(&t, rows, n);
	assert_order(rows, n, "order_shipping order_placed audit payments ");
	t.sort = 3;
	t.descending = false;
	table_sort(&t, rows, n);
	assert_order(rows, n, "order_placed order_shipping audit payments ");
	table_sort(&t, rows, 0);
}

static void
a_sort_is_stable_at_any_size(void **state)
{
	enum { MOST = 700 };
	static struct sample many[MOST];
	const void *rows[MOST];
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 1, false);
	for (size_t n = 0; n <= MOST; n = n < 20 ? n + 1 : n * 2 - 7) {
		for (size_t i = 0; i < n; i++) {
			many[i] = (struct sample){ "same", (int64_t)(i * 7919 % 13), 0 };
			rows[i] = &many[i];
		}
		table_sort(&t, rows, n);
		for (size_t i = 1; i < n; i++) {
			const struct sample *a = rows[i - 1], *b = rows[i];

			assert_true(a->messages < b->messages || (a->messages == b->messages && a < b));
		}
	}
}

static void
sort_commands(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 0, false);
	assert_true(table_command(&t, CMD_SORT, "rate"));
	assert_int_equal(t.sort, 2);
	assert_true(t.descending);
	assert_true(table_command(&t, CMD_SORT, "RATE"));
	assert_false(t.descending);
	assert_true(table_command(&t, CMD_SORT_REVERSE, ""));
	assert_true(t.descending);
	assert_false(table_command(&t, CMD_SORT, "colour"));
	assert_int_equal(t.sort, 2);
	assert_true(table_command(&t, CMD_SORT, ""));
	assert_int_equal(t.sort, 3);
	assert_false(t.descending);
	assert_true(table_command(&t, CMD_SORT, NULL));
	assert_int_equal(t.sort, 0);
	assert_false(table_command(&t, CMD_OPEN, ""));
}

static void
moves_and_stays_inside(void **state)
{
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 0, false);
	assert_true(table_command(&t, CMD_DOWN, ""));
	assert_int_equal(t.cursor, 0);
	table_set_rows(&t, 100);
	table_scroll(&t, 10);
	assert_true(table_command(&t, CMD_PAGE_DOWN, ""));
	assert_true(table_command(&t, CMD_HALF_DOWN, ""));
	assert_int_equal(t.cursor, 15);
	table_scroll(&t, 10);
	assert_int_equal(t.top, 6);
	assert_true(table_command(&t, CMD_PAGE_UP, ""));
	assert_true(table_command(&t, CMD_HALF_UP, ""));
	assert_true(table_command(&t, CMD_UP, ""));
	assert_int_equal(t.cursor, 0);
	table_scroll(&t, 10);
	assert_int_equal(t.top, 0);
	assert_true(table_command(&t, CMD_BOTTOM, ""));
	assert_int_equal(t.cursor, 99);
	table_scroll(&t, 10);
	assert_int_equal(t.top, 90);
	/* The window grows: no empty lines at the bottom. */
	table_scroll(&t, 30);
	assert_int_equal(t.top, 70);
	/* The list shrinks under the cursor. */
	table_set_rows(&t, 5);
	assert_int_equal(t.cursor, 4);
	table_scroll(&t, 30);
	assert_int_equal(t.top, 0);
	table_set_rows(&t, 0);
	table_scroll(&t, 0);
	assert_int_equal(t.cursor, 0);
	assert_int_equal(t.top, 0);
}

static void
draws_header_rows_and_cursor(void **state)
{
	struct canvas *c = canvas_new(6, 44);
	const void *rows[ARRAY_LEN(topics)];
	size_t n = all(rows);
	struct table t;
	struct strbuf roles = STRBUF_INIT;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 2, true);
	table_set_rows(&t, n);
	table_move_to(&t, 1);
	table_draw(&t, c, (struct rect){ 0, 0, 6, 44 }, rows, n, true);
	assert_screen(c,
		" TOPIC                 MESSAGES  ▼RATE STATE\n"
		" payments                   412    0/s idle\n"
		"▸order_shipping           1,013   81/s busy\n"
		" order_placed            88,120   12/s busy\n"
		" audit                        -    0/s idle\n"
		"\n");
	canvas_dump_roles(c, &roles);
	assert_non_null(strstr(strbuf_str(&roles), "text under table.cursor\n"));
	assert_non_null(strstr(strbuf_str(&roles), "level.warning under table.cursor\n"));
	strbuf_fini(&roles);
	canvas_free(c);
}

static void
columns_go_when_there_is_no_room(void **state)
{
	struct canvas *c = canvas_new(2, 26);
	const void *rows[ARRAY_LEN(topics)];
	size_t n = all(rows);
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 0, false);
	table_set_rows(&t, n);
	table_draw(&t, c, (struct rect){ 0, 0, 2, 26 }, rows, n, true);
	assert_screen(c, " TOPIC▲    MESSAGES   RATE\n▸payments       412    0/s\n");
	canvas_clear(c);
	table_draw(&t, c, (struct rect){ 0, 0, 2, 20 }, rows, n, true);
	assert_screen(c, " TOPIC▲     MESSAGES\n▸payments        412\n");
	canvas_clear(c);
	/* Too narrow for what must stay: cut, and nothing outside. */
	table_draw(&t, c, (struct rect){ 0, 0, 2, 9 }, rows, n, true);
	assert_screen(c, " TOP…▲ME…\n▸pay… 412\n");
	canvas_clear(c);
	table_draw(&t, c, (struct rect){ 0, 0, 2, 8 }, rows, n, true);
	assert_screen(c, " TOP…▲M…\n▸pay… 4…\n");
	canvas_clear(c);
	for (int w = 0; w < 26; w++) {
		table_draw(&t, c, (struct rect){ 0, 0, 2, w }, rows, n, true);
		for (int x = w; x < 26; x++)
			assert_string_equal(canvas_cell(c, 1, x)->text, " ");
	}
	canvas_free(c);
}

/* 12,345,678,901 must not read as 678,901: it takes the empty place on its left, or shows that it is cut. */
static void
a_number_is_never_cut_unseen(void **state)
{
	static const struct sample big[] = {
		{ "a",                     12345678901, 0 },
		{ "a_name_that_is_longer", 12345678901, 0 },
		{ "a_name_that_is_longer", 12345678,    0 },
	};
	const void *rows[] = { &big[0], &big[1], &big[2] };
	struct canvas *c = canvas_new(4, 24);
	struct table t;

	(void)state;
	table_init(&t, columns, 2, -1, false);
	table_draw(&t, c, (struct rect){ 0, 0, 4, 24 }, rows, 3, true);
	assert_screen(c, " TOPIC          MESSAGES\n▸a        12,345,678,901\n a_name_that_i… 1234567…\n a_name_that_i… 12345678\n");
	canvas_free(c);
}

static void
only_rows_on_the_screen_are_asked(void **state)
{
	enum { MANY = 10000 };
	const void **rows = xcalloc(MANY, sizeof(*rows));
	struct canvas *c = canvas_new(11, 40);
	struct table t;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		rows[i] = &topics[i % ARRAY_LEN(topics)];
	table_init(&t, columns, ARRAY_LEN(columns), 0, false);
	table_set_rows(&t, MANY);
	table_move_to(&t, 5000);
	table_scroll(&t, 10);
	values_asked = 0;
	table_draw(&t, c, (struct rect){ 0, 0, 11, 40 }, rows, MANY, true);
	assert_int_equal(values_asked, 10);
	free(rows);
	canvas_free(c);
}

static void
clicks_find_what_was_drawn(void **state)
{
	struct rect r = { 2, 3, 4, 44 };
	struct table t;

	(void)state;
	table_init(&t, columns, ARRAY_LEN(columns), 0, false);
	table_set_rows(&t, 20);
	table_move_to(&t, 10);
	table_scroll(&t, 3);
	assert_int_equal(table_row_at(&t, r, 2), -1);
	assert_int_equal(table_row_at(&t, r, 3), 8);
	assert_int_equal(table_row_at(&t, r, 5), 10);
	assert_int_equal(table_row_at(&t, r, 6), -1);
	assert_int_equal(table_column_at(&t, r, 2, 4), 0);
	assert_int_equal(table_column_at(&t, r, 2, 3 + 29), 1);
	assert_int_equal(table_column_at(&t, r, 2, 3 + 36), 2);
	assert_int_equal(table_column_at(&t, r, 2, 3 + 40), 3);
	assert_int_equal(table_column_at(&t, r, 3, 4), -1);
	assert_int_equal(table_column_at(&t, r, 2, 2), -1);
	table_set_rows(&t, 2);
	table_scroll(&t, 3);
	assert_int_equal(table_row_at(&t, r, 5), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_either_way_with_the_unknown_last),
		cmocka_unit_test(a_sort_is_stable_at_any_size),
		cmocka_unit_test(sort_commands),
		cmocka_unit_test(moves_and_stays_inside),
		cmocka_unit_test(draws_header_rows_and_cursor),
		cmocka_unit_test(columns_go_when_there_is_no_room),
		cmocka_unit_test(a_number_is_never_cut_unseen),
		cmocka_unit_test(only_rows_on_the_screen_are_asked),
		cmocka_unit_test(clicks_find_what_was_drawn),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
