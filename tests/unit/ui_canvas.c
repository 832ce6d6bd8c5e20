/* canvas: what is drawn stays in its columns, and nothing hostile gets into a cell. */
#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/canvas.h"

static void
assert_screen(const struct canvas *c, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	canvas_dump_text(c, &out);
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
}

static void
assert_roles(const struct canvas *c, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	canvas_dump_roles(c, &out);
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
}

static void
text_stops_at_its_width(void **state)
{
	struct canvas *c = canvas_new(2, 10);

	(void)state;
	assert_int_equal(canvas_text(c, 0, 1, 5, ROLE_TEXT, "orders_shipping"), 5);
	assert_int_equal(canvas_text(c, 1, 8, 20, ROLE_TEXT, "long"), 2);
	assert_int_equal(canvas_text(c, 1, 0, 0, ROLE_TEXT, "x"), 0);
	assert_int_equal(canvas_text(c, 1, 0, -3, ROLE_TEXT, "x"), 0);
	assert_screen(c, " order\n        lo\n");
	canvas_free(c);
}

static void
drawing_outside_is_no_harm(void **state)
{
	struct canvas *c = canvas_new(2, 4);

	(void)state;
	canvas_text(c, -1, 0, 4, ROLE_TEXT, "up");
	canvas_text(c, 2, 0, 4, ROLE_TEXT, "down");
	canvas_text(c, 0, 9, 4, ROLE_TEXT, "right");
	canvas_text(c, 1, -2, 4, ROLE_TEXT, "left");
	canvas_fill(c, (struct rect){ -5, -5, 3, 100 }, ROLE_DIM);
	canvas_over(c, (struct rect){ 1, -5, 100, 100 }, ROLE_CURSOR);
	canvas_frame(c, (struct rect){ 5, 5, 3, 3 }, "far", true);
	assert_null(canvas_cell(c, 0, 4));
	assert_null(canvas_cell(c, -1, 0));
	assert_screen(c, "\nft\n");
	canvas_free(c);
}

static void
nothing_can_be_drawn_on_nothing(void **state)
{
	struct canvas *c = canvas_new(0, 0);

	(void)state;
	canvas_text(c, 0, 0, 9, ROLE_TEXT, "日本");
	canvas_frame(c, (struct rect){ 0, 0, 0, 0 }, "t", false);
	canvas_frame_right(c, (struct rect){ 0, 0, 0, 0 }, "t", false);
	canvas_over(c, (struct rect){ 0, 0, 9, 9 }, ROLE_CURSOR);
	canvas_show_cursor(c, 0, 0);
	assert_screen(c, "");
	canvas_resize(c, 1, 1);
	canvas_text(c, 0, 0, 9, ROLE_TEXT, "日本");
	canvas_frame(c, (struct rect){ 0, 0, 1, 1 }, "t", false);
	assert_screen(c, "\n");
	canvas_free(c);
}

/* A half that does not fit is a space, on the left, on the right, and under what is drawn over the other half. */
static void
wide_characters_are_never_cut_in_half(void **state)
{
	struct canvas *c = canvas_new(4, 6);

	(void)state;
	assert_int_equal(canvas_text(c, 0, 0, 3, ROLE_TEXT, "日本語"), 3);
	assert_int_equal(canvas_cell(c, 0, 0)->width, 2);
	assert_int_equal(canvas_cell(c, 0, 1)->width, 0);
	assert_string_equal(canvas_cell(c, 0, 2)->text, " ");
	canvas_bytes(c, 1, 0, 6, 1, ROLE_TEXT, "日本語", 9);
	canvas_text(c, 2, 0, 6, ROLE_TEXT, "日本語");
	canvas_text(c, 2, 1, 2, ROLE_TEXT, "ab");
	canvas_text(c, 3, 5, 6, ROLE_TEXT, "語");
	assert_screen(c, "日\n 本語\n ab 語\n\n");
	canvas_free(c);
}

static void
wide_characters_at_the_edge_of_a_clip(void **state)
{
	struct canvas *c = canvas_new(1, 8);
	struct rect old;

	(void)state;
	canvas_text(c, 0, 0, 8, ROLE_TEXT, "........");
	old = canvas_clip(c, (struct rect){ 0, 1, 1, 4 });
	canvas_text(c, 0, 0, 8, ROLE_TEXT, "日本語");
	canvas_unclip(c, old);
	assert_screen(c, ". 本 ...\n");
	canvas_free(c);
}

static void
combining_marks_stay_with_their_letter(void **state)
{
	struct canvas *c = canvas_new(1, 6);

	(void)state;
	assert_int_equal(canvas_text(c, 0, 0, 6, ROLE_TEXT, "ae\xCC\x81x"), 3);
	assert_string_equal(canvas_cell(c, 0, 1)->text, "e\xCC\x81");
	assert_int_equal(canvas_cell(c, 0, 1)->width, 1);
	assert_string_equal(canvas_cell(c, 0, 2)->text, "x");
	canvas_free(c);
}

static void
clips_nest(void **state)
{
	struct canvas *c = canvas_new(3, 6);
	struct rect all, outer;

	(void)state;
	all = canvas_clip(c, (struct rect){ 0, 0, 2, 4 });
	outer = canvas_clip(c, (struct rect){ 1, 2, 9, 9 });
	for (int y = 0; y < 3; y++)
		canvas_text(c, y, 0, 6, ROLE_TEXT, "abcdef");
	canvas_unclip(c, outer);
	canvas_text(c, 0, 3, 9, ROLE_TEXT, "xyz");
	canvas_unclip(c, all);
	canvas_text(c, 2, 5, 9, ROLE_TEXT, "z");
	assert_screen(c, "   x\n  cd\n     z\n");
	canvas_free(c);
}

static void
right_and_cut(void **state)
{
	struct canvas *c = canvas_new(6, 8);

	(void)state;
	assert_int_equal(canvas_text_right(c, 0, 0, 8, ROLE_TEXT, "1,204"), 5);
	assert_int_equal(canvas_text_right(c, 1, 0, 3, ROLE_TEXT, "1,204"), 3);
	assert_int_equal(canvas_text_cut(c, 2, 0, 5, ROLE_TEXT, "order"), 5);
	assert_int_equal(canvas_text_cut(c, 3, 0, 5, ROLE_TEXT, "orders"), 5);
	assert_int_equal(canvas_text_cut(c, 4, 0, 4, ROLE_TEXT, "日本語"), 4);
	assert_int_equal(canvas_text_cut(c, 5, 0, 1, ROLE_TEXT, "日本語"), 1);
	assert_screen(c, "   1,204\n204\norder\norde…\n日 …\n…\n");
	canvas_free(c);
}

static void
hostile_bytes_are_seen_not_sent(void **state)
{
	static const char evil[] = "a\x1B[2Jb\0c\r\n\xFF\xE2\x80\xAE\xC2\x9B";
	struct canvas *c = canvas_new(1, 60);

	(void)state;
	canvas_bytes(c, 0, 0, 60, 0, ROLE_TEXT, evil, sizeof(evil) - 1);
	assert_screen(c, "a␛[2Jb␀c␍␊\\xFF\\u{202E}\\u{009B}\n");
	assert_roles(c, ".a....a.aaaaaaaaaaaaaaaaaaaaaa\n. text\na record.escape\n");
	for (int x = 0; x < 60; x++) {
		for (const char *s = canvas_cell(c, 0, x)->text; *s; s++)
			assert_true((unsigned char)*s >= 0x20 && *s != 0x7F);
	}
	canvas_free(c);
}

static void
a_topic_name_is_hostile_too(void **state)
{
	struct canvas *c = canvas_new(3, 20);

	(void)state;
	canvas_text(c, 1, 0, 20, ROLE_STRONG, "x\x1B]0;t\x07");
	canvas_frame(c, (struct rect){ 0, 0, 3, 20 }, "\x1B[31m", false);
	assert_screen(c, "┌ ␛[31m ───────────┐\n│␛]0;t␇            │\n└──────────────────┘\n");
	canvas_free(c);
}

static void
skipping_goes_by_columns(void **state)
{
	struct canvas *c = canvas_new(4, 6);

	(void)state;
	canvas_bytes(c, 0, 0, 6, 2, ROLE_TEXT, "abcdef", 6);
	canvas_bytes(c, 1, 0, 6, 2, ROLE_TEXT, "\xFFxyz", 4);
	canvas_bytes(c, 2, 0, 6, 100, ROLE_TEXT, "abc", 3);
	assert_int_equal(canvas_bytes(c, 3, 0, 6, -4, ROLE_TEXT, "abc", 3), 3);
	assert_screen(c, "cdef\nFFxyz\n\nabc\n");
	canvas_free(c);
}

static void
lines_keep_their_roles(void **state)
{
	struct lines l;
	struct canvas *c = canvas_new(3, 12);

	(void)state;
	lines_init(&l);
	lines_begin(&l);
	lines_adds(&l, ROLE_JSON_KEY, "\"id\"");
	lines_adds(&l, ROLE_JSON_PUNCT, ": ");
	lines_adds(&l, ROLE_JSON_NUMBER, "931");
	lines_begin(&l);
	canvas_line(c, 0, 0, 12, 0, &l, 0);
	canvas_line(c, 1, 0, 12, 5, &l, 0);
	assert_int_equal(canvas_line(c, 2, 0, 12, 0, &l, 1), 0);
	assert_int_equal(canvas_line(c, 2, 0, 12, 0, &l, 7), 0);
	assert_screen(c, "\"id\": 931\n 931\n\n");
	assert_roles(c, "aaaabbccc\nbccc\n\n. text\na json.key\nb json.punctuation\nc json.number\n");
	lines_fini(&l);
	canvas_free(c);
}

static void
over_keeps_what_is_below(void **state)
{
	struct canvas *c = canvas_new(1, 6);

	(void)state;
	canvas_text(c, 0, 0, 6, ROLE_TEXT, "a日b");
	canvas_text(c, 0, 3, 1, ROLE_STRONG, "b");
	/* Half of the wide one is asked for: it gets the role whole. */
	canvas_over(c, (struct rect){ 0, 2, 1, 2 }, ROLE_CURSOR);
	assert_roles(c, ".aab\n. text\na text under table.cursor\nb text.strong under table.cursor\n");
	canvas_free(c);
}

static void
frames(void **state)
{
	struct canvas *c = canvas_new(4, 38);
	struct rect in = canvas_frame(c, (struct rect){ 0, 0, 4, 38 }, "Live ─ order_shipping", true);

	(void)state;
	assert_int_equal(in.y, 1);
	assert_int_equal(in.x, 1);
	assert_int_equal(in.h, 2);
	assert_int_equal(in.w, 36);
	canvas_frame_right(c, (struct rect){ 0, 0, 4, 38 }, "81/s", true);
	assert_screen(c, "┌ Live ─ order_shipping ────── 81/s ─┐\n│                                    │\n"
		"│                                    │\n└────────────────────────────────────┘\n");
	canvas_free(c);
}

static void
the_right_text_leaves_the_title_whole(void **state)
{
	struct canvas *c = canvas_new(1, 24);

	(void)state;
	canvas_frame(c, (struct rect){ 0, 0, 1, 24 }, "a long enough title", false);
	canvas_frame_right(c, (struct rect){ 0, 0, 1, 24 }, "in 81/s", false);
	assert_screen(c, "┌ a long enough title ─┐\n");
	canvas_clear(c);
	canvas_frame(c, (struct rect){ 0, 0, 1, 24 }, "a title", false);
	canvas_frame_right(c, (struct rect){ 0, 0, 1, 24 }, "in 81/s, dropped 0", false);
	assert_screen(c, "┌ a title  in 81/s, … ─┐\n");
	canvas_free(c);
}

static void
cursor(void **state)
{
	struct canvas *c = canvas_new(3, 10);
	int y, x;

	(void)state;
	assert_false(canvas_cursor(c, &y, &x));
	canvas_show_cursor(c, 2, 5);
	assert_true(canvas_cursor(c, &y, &x));
	assert_int_equal(y, 2);
	assert_int_equal(x, 5);
	canvas_show_cursor(c, 2, 10);
	assert_false(canvas_cursor(c, &y, &x));
	canvas_show_cursor(c, 0, 0);
	canvas_clear(c);
	assert_false(canvas_cursor(c, &y, &x));
	canvas_free(c);
}

static void
sparks(void **state)
{
	static const float samples[] = { -1, 0, 0.01f, 50, 100, INFINITY };
	static const float idle[] = { 0, 0 };
	static const float broken[] = { NAN, 1 };
	struct strbuf out = STRBUF_INIT;

	(void)state;
	spark_text(&out, samples, ARRAY_LEN(samples));
	assert_string_equal(strbuf_str(&out), " ▁▂▅██");
	strbuf_reset(&out);
	spark_text(&out, idle, ARRAY_LEN(idle));
	spark_text(&out, broken, ARRAY_LEN(broken));
	spark_text(&out, NULL, 0);
	assert_string_equal(strbuf_str(&out), "▁▁ █");
	strbuf_fini(&out);
}

static void
ascii_where_there_is_only_ascii(void **state)
{
	static const float samples[] = { 0, 100 };
	struct canvas *c = canvas_new(3, 24);
	struct strbuf out = STRBUF_INIT;

	(void)state;
	sanitize_set_ascii(true);
	canvas_set_ascii(true);
	canvas_frame(c, (struct rect){ 0, 0, 3, 24 }, "日", false);
	canvas_frame_right(c, (struct rect){ 0, 0, 3, 24 }, "○ down", false);
	canvas_text_cut(c, 1, 1, 8, ROLE_TEXT, "▸order_shipping");
	spark_text(&out, samples, ARRAY_LEN(samples));
	canvas_text(c, 1, 12, 5, ROLE_SPARK, strbuf_str(&out));
	assert_int_equal(canvas_columns("… ≤1", 99), 5);
	/* In a payload a sign is a payload's: it is escaped, not replaced. */
	canvas_bytes(c, 1, 14, 8, 0, ROLE_TEXT, "…", 3);
	sanitize_set_ascii(false);
	canvas_set_ascii(false);
	assert_screen(c, "+ \\u{65E5} --- o down -+\n|>order_~    #\\u{2026} |\n+----------------------+\n");
	strbuf_fini(&out);
	canvas_free(c);
}

/* A bound stays a bound, and half an escape is never shown. */
static void
ascii_says_nothing_untrue(void **state)
{
	struct canvas *c = canvas_new(4, 12);

	(void)state;
	sanitize_set_ascii(true);
	canvas_set_ascii(true);
	canvas_text(c, 0, 0, 12, ROLE_TEXT, "≤15");
	canvas_text_right(c, 1, 0, 6, ROLE_TEXT, "≤15");
	canvas_bytes(c, 2, 0, 9, 0, ROLE_TEXT, "ab…", 5);
	canvas_bytes(c, 3, 0, 10, 0, ROLE_TEXT, "ab…", 5);
	sanitize_set_ascii(false);
	canvas_set_ascii(false);
	assert_screen(c, "<=15\n  <=15\nab~\nab\\u{2026}\n");
	canvas_free(c);
}

/* The view draws a value of any size for the price of the columns that are seen. */
static void
a_long_value_costs_what_is_seen(void **state)
{
	size_t len = 64u << 20;
	char *value = xmalloc(len);
	struct canvas *c = canvas_new(50, 200);
	int64_t start = clock_us();

	(void)state;
	memset(value, 'x', len);
	for (int i = 0; i < 1000; i++)
		canvas_bytes(c, i % 50, 0, 200, 0, ROLE_TEXT, value, len);
	/* 64 GB would have been looked at otherwise: minutes, not this. */
	assert_true(clock_us() - start < 5000000);
	free(value);
	canvas_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stops_at_its_width),
		cmocka_unit_test(drawing_outside_is_no_harm),
		cmocka_unit_test(nothing_can_be_drawn_on_nothing),
		cmocka_unit_test(wide_characters_are_never_cut_in_half),
		cmocka_unit_test(wide_characters_at_the_edge_of_a_clip),
		cmocka_unit_test(combining_marks_stay_with_their_letter),
		cmocka_unit_test(clips_nest),
		cmocka_unit_test(right_and_cut),
		cmocka_unit_test(hostile_bytes_are_seen_not_sent),
		cmocka_unit_test(a_topic_name_is_hostile_too),
		cmocka_unit_test(skipping_goes_by_columns),
		cmocka_unit_test(lines_keep_their_roles),
		cmocka_unit_test(over_keeps_what_is_below),
		cmocka_unit_test(frames),
		cmocka_unit_test(the_right_text_leaves_the_title_whole),
		cmocka_unit_test(cursor),
		cmocka_unit_test(sparks),
		cmocka_unit_test(ascii_where_there_is_only_ascii),
		cmocka_unit_test(ascii_says_nothing_untrue),
		cmocka_unit_test(a_long_value_costs_what_is_seen),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
