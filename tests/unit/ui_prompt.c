/* edit and form: typing, moving, history, and fields that are too short for their text. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/keymap.h"
#include "topicmon/ui/prompt.h"

static enum edit_result
press(struct edit *ed, const char *name)
{
	struct key k;

	assert_true(key_parse(name, &k));
	return edit_key(ed, &k);
}

static void
type(struct edit *ed, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		struct key k = { 0, 0 };
		size_t taken = utf8_decode(text, left, &k.code);

		assert_int_equal(edit_key(ed, &k), EDIT_CHANGED);
		text += taken;
		left -= taken;
	}
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
typing_and_moving(void **state)
{
	struct edit ed;

	(void)state;
	edit_init(&ed);
	type(&ed, "order_shiping");
	assert_int_equal(press(&ed, "right"), EDIT_IGNORED);
	for (int i = 0; i < 4; i++)
		assert_int_equal(press(&ed, "left"), EDIT_MOVED);
	type(&ed, "p");
	assert_string_equal(strbuf_str(&ed.text), "order_shipping");
	assert_int_equal(press(&ed, "home"), EDIT_MOVED);
	assert_int_equal(press(&ed, "backspace"), EDIT_IGNORED);
	assert_int_equal(press(&ed, "delete"), EDIT_CHANGED);
	assert_int_equal(press(&ed, "ctrl-e"), EDIT_MOVED);
	assert_int_equal(press(&ed, "backspace"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "rder_shippin");
	assert_int_equal(press(&ed, "ctrl-a"), EDIT_MOVED);
	assert_int_equal(press(&ed, "ctrl-k"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "");
	assert_int_equal(press(&ed, "enter"), EDIT_ACCEPTED);
	assert_int_equal(press(&ed, "esc"), EDIT_CANCELLED);
	assert_int_equal(press(&ed, "ctrl-c"), EDIT_CANCELLED);
	assert_int_equal(press(&ed, "tab"), EDIT_COMPLETE);
	assert_int_equal(press(&ed, "f5"), EDIT_IGNORED);
	assert_int_equal(press(&ed, "alt-x"), EDIT_IGNORED);
	edit_fini(&ed);
}

static void
words_and_lines_are_cut(void **state)
{
	struct edit ed;

	(void)state;
	edit_init(&ed);
	edit_set(&ed, "status = SHIPPED  ");
	assert_int_equal(press(&ed, "ctrl-w"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "status = ");
	press(&ed, "left");
	press(&ed, "left");
	assert_int_equal(press(&ed, "ctrl-u"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "= ");
	assert_int_equal(ed.cursor, 0);
	assert_int_equal(press(&ed, "ctrl-u"), EDIT_IGNORED);
	assert_int_equal(press(&ed, "ctrl-w"), EDIT_IGNORED);
	edit_fini(&ed);
}

static void
a_letter_goes_with_its_marks(void **state)
{
	struct edit ed;

	(void)state;
	edit_init(&ed);
	type(&ed, "ae\xCC\x81\xCC\xA3日");
	assert_int_equal(press(&ed, "left"), EDIT_MOVED);
	assert_int_equal(ed.cursor, 6);
	assert_int_equal(press(&ed, "left"), EDIT_MOVED);
	assert_int_equal(ed.cursor, 1);
	assert_int_equal(press(&ed, "right"), EDIT_MOVED);
	assert_int_equal(ed.cursor, 6);
	assert_int_equal(press(&ed, "backspace"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "a日");
	edit_set(&ed, "x\xFF\xFE");
	assert_int_equal(press(&ed, "left"), EDIT_MOVED);
	assert_int_equal(ed.cursor, 2);
	assert_int_equal(press(&ed, "backspace"), EDIT_CHANGED);
	assert_int_equal(ed.text.len, 2);
	edit_fini(&ed);
}

static void
control_characters_cannot_be_typed(void **state)
{
	static const uint32_t codes[] = { 0x00, 0x07, 0x1B, 0x7F, 0x85, 0x202E, 0x200B, 0xD800, KC_F1, KC_INSERT };
	struct edit ed;

	(void)state;
	edit_init(&ed);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		struct key k = { codes[i], 0 };

		assert_int_equal(edit_key(&ed, &k), EDIT_IGNORED);
	}
	assert_int_equal(ed.text.len, 0);
	edit_fini(&ed);
}

static void
history(void **state)
{
	struct edit ed;

	(void)state;
	edit_init(&ed);
	assert_int_equal(press(&ed, "up"), EDIT_IGNORED);
	assert_int_equal(press(&ed, "down"), EDIT_IGNORED);
	edit_set(&ed, "one");
	edit_remember(&ed);
	edit_remember(&ed);
	edit_set(&ed, "two");
	edit_remember(&ed);
	edit_set(&ed, "");
	edit_remember(&ed);
	assert_int_equal(ed.history.n, 2);
	type(&ed, "half typed");
	assert_int_equal(press(&ed, "up"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "two");
	assert_int_equal(press(&ed, "up"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "one");
	assert_int_equal(press(&ed, "up"), EDIT_IGNORED);
	assert_int_equal(press(&ed, "down"), EDIT_CHANGED);
	assert_int_equal(press(&ed, "down"), EDIT_CHANGED);
	assert_string_equal(strbuf_str(&ed.text), "half typed");
	assert_int_equal(press(&ed, "down"), EDIT_IGNORED);
	edit_fini(&ed);
}

static void
a_long_text_scrolls(void **state)
{
	struct canvas *c = canvas_new(1, 8);
	struct edit ed;
	int y, x;

	(void)state;
	edit_init(&ed);
	type(&ed, "0123456789");
	edit_draw(&ed, c, 0, 1, 6, ROLE_FIELD, true);
	assert_screen(c, " 56789\n");
	assert_true(canvas_cursor(c, &y, &x));
	assert_int_equal(x, 6);
	press(&ed, "home");
	edit_draw(&ed, c, 0, 1, 6, ROLE_FIELD, true);
	assert_screen(c, " 012345\n");
	assert_true(canvas_cursor(c, &y, &x));
	assert_int_equal(x, 1);
	press(&ed, "end");
	canvas_clear(c);
	edit_draw(&ed, c, 0, 1, 6, ROLE_FIELD, false);
	assert_screen(c, " 012345\n");
	assert_false(canvas_cursor(c, &y, &x));
	edit_draw(&ed, c, 0, 1, 0, ROLE_FIELD, true);
	assert_false(canvas_cursor(c, &y, &x));
	edit_fini(&ed);
	canvas_free(c);
}

/* The cursor stands on a wide character: all of it is seen, and the cursor is on its first column. */
static void
wide_text_scrolls(void **state)
{
	struct canvas *c = canvas_new(1, 6);
	struct edit ed;
	int y, x;

	(void)state;
	edit_init(&ed);
	type(&ed, "日本語");
	edit_draw(&ed, c, 0, 0, 6, ROLE_FIELD, true);
	assert_screen(c, " 本語\n");
	assert_true(canvas_cursor(c, &y, &x));
	assert_int_equal(x, 5);
	press(&ed, "left");
	edit_draw(&ed, c, 0, 0, 5, ROLE_FIELD, true);
	assert_screen(c, " 本語\n");
	assert_true(canvas_cursor(c, &y, &x));
	assert_int_equal(x, 3);
	edit_fini(&ed);
	canvas_free(c);
}

static const char *const labels[] = { "Name", "Partitions", "Replication" };
static const char *const hints[] = { "letters, digits, . _ -", NULL, "at most the number of brokers" };

static enum edit_result
form_press(struct form *f, const char *name)
{
	struct key k;

	assert_true(key_parse(name, &k));
	return form_key(f, &k);
}

static void
a_form_is_walked_through(void **state)
{
	struct form f;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	assert_int_equal(form_press(&f, "x"), EDIT_CHANGED);
	assert_string_equal(form_text(&f, 0), "x");
	assert_int_equal(form_press(&f, "enter"), EDIT_ACCEPTED);
	assert_int_equal(form_press(&f, "tab"), EDIT_MOVED);
	assert_int_equal(f.focus, 1);
	assert_int_equal(form_press(&f, "tab"), EDIT_MOVED);
	assert_int_equal(f.focus, 2);
	assert_int_equal(form_press(&f, "down"), EDIT_MOVED);
	assert_int_equal(f.focus, 0);
	assert_int_equal(form_press(&f, "shift-tab"), EDIT_MOVED);
	assert_int_equal(f.focus, 2);
	assert_int_equal(form_press(&f, "3"), EDIT_CHANGED);
	assert_int_equal(form_press(&f, "enter"), EDIT_ACCEPTED);
	assert_int_equal(form_press(&f, "up"), EDIT_MOVED);
	assert_int_equal(f.focus, 1);
	assert_int_equal(form_press(&f, "ctrl-enter"), EDIT_ACCEPTED);
	assert_int_equal(form_press(&f, "esc"), EDIT_CANCELLED);
	assert_string_equal(form_text(&f, 2), "3");
	form_fini(&f);
}

/* A proposal is as if it were selected: what is typed takes its place; whoever moves or deletes in it edits it. */
static void
a_proposal_is_replaced_or_edited(void **state)
{
	static const char *const edits[] = { "end", "left", "backspace", "delete", "ctrl-a", "ctrl-w" };
	struct edit ed;

	(void)state;
	edit_init(&ed);
	edit_propose(&ed, "3");
	type(&ed, "16");
	assert_string_equal(strbuf_str(&ed.text), "16");
	edit_propose(&ed, "3");
	assert_int_equal(press(&ed, "enter"), EDIT_ACCEPTED);
	assert_int_equal(press(&ed, "tab"), EDIT_COMPLETE);
	type(&ed, "6");
	assert_string_equal(strbuf_str(&ed.text), "6");
	for (size_t i = 0; i < ARRAY_LEN(edits); i++) {
		edit_propose(&ed, "3");
		press(&ed, edits[i]);
		assert_false(ed.proposed);
	}
	edit_propose(&ed, "3");
	press(&ed, "end");
	type(&ed, "6");
	assert_string_equal(strbuf_str(&ed.text), "36");
	edit_propose(&ed, "12");
	press(&ed, "backspace");
	type(&ed, "4");
	assert_string_equal(strbuf_str(&ed.text), "14");
	edit_set(&ed, "12");
	type(&ed, "4");
	assert_string_equal(strbuf_str(&ed.text), "124");
	edit_propose(&ed, "");
	assert_false(ed.proposed);
	edit_fini(&ed);
}

/* Dim until it is touched, on the field's own ground. */
static void
a_proposal_looks_like_one(void **state)
{
	struct canvas *c = canvas_new(1, 6);
	struct edit ed;

	(void)state;
	edit_init(&ed);
	edit_propose(&ed, "12");
	edit_draw(&ed, c, 0, 0, 6, ROLE_FIELD_FOCUS, true);
	assert_int_equal(canvas_cell(c, 0, 0)->role, ROLE_DIM);
	assert_int_equal(canvas_cell(c, 0, 0)->over, ROLE_FIELD_FOCUS);
	press(&ed, "end");
	canvas_clear(c);
	edit_draw(&ed, c, 0, 0, 6, ROLE_FIELD_FOCUS, true);
	assert_int_equal(canvas_cell(c, 0, 0)->role, ROLE_FIELD_FOCUS);
	edit_fini(&ed);
	canvas_free(c);
}

static void
enter_accepts_and_the_focus_goes_to_the_first_error(void **state)
{
	struct form f;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	assert_false(form_focus_error(&f));
	assert_int_equal(f.focus, 0);
	form_error(&f, 1, "A whole number from 1");
	form_error(&f, 2, "A whole number from 1");
	for (size_t from = 0; from < ARRAY_LEN(labels); from++) {
		f.focus = from;
		assert_int_equal(form_press(&f, "enter"), EDIT_ACCEPTED);
		assert_int_equal(f.focus, from);
		assert_true(form_focus_error(&f));
		assert_int_equal(f.focus, 1);
	}
	form_fini(&f);
}

static void
a_form_shows_hints_and_errors(void **state)
{
	struct canvas *c = canvas_new(8, 40);
	struct rect r = { 0, 1, 8, 38 };
	struct form f;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	edit_set(&f.fields[1].edit, "0");
	form_error(&f, 1, "A topic has at least one partition.");
	assert_true(form_has_errors(&f));
	assert_int_equal(form_rows(&f, 38), 8);
	assert_int_equal(form_draw(&f, c, r), 8);
	assert_screen(c,
		" Name\n"
		"              letters, digits, . _ -\n"
		" Partitions   0\n"
		"              A topic has at least one\n"
		"              partition.\n"
		" Replication\n"
		"              at most the number of\n"
		"              brokers\n");
	form_error(&f, 1, "");
	assert_false(form_has_errors(&f));
	assert_int_equal(form_rows(&f, 38), 7);
	assert_int_equal(form_rows(&f, 80), 6);
	form_fini(&f);
	canvas_free(c);
}

static void
a_low_form_shows_the_field_in_focus(void **state)
{
	struct canvas *c = canvas_new(3, 60);
	struct rect r = { 0, 0, 2, 60 };
	struct form f;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		canvas_clear(c);
		form_draw(&f, c, r);
		assert_string_equal(canvas_cell(c, 0, 0)->text, i == 0 ? "N" : i == 1 ? "P" : "R");
		assert_string_equal(canvas_cell(c, 2, 0)->text, " ");
		form_press(&f, "tab");
	}
	form_press(&f, "shift-tab");
	assert_true(form_click(&f, r, 1, 5));
	assert_int_equal(f.focus, 2);
	assert_false(form_click(&f, r, 2, 5));
	r.h = 6;
	assert_true(form_click(&f, r, 3, 5));
	assert_int_equal(f.focus, 1);
	form_fini(&f);
	canvas_free(c);
}

static void
a_form_survives_any_size(void **state)
{
	struct form f;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	edit_set(&f.fields[0].edit, "日本語日本語");
	form_error(&f, 0, "日本語日本語 is not a legal name");
	for (int w = 0; w < 30; w++) {
		for (int h = 0; h < 9; h++) {
			struct canvas *c = canvas_new(h, w);

			form_draw(&f, c, (struct rect){ 0, 0, h, w });
			canvas_free(c);
		}
	}
	form_fini(&f);
}

static void
a_long_error_is_cut_between_characters(void **state)
{
	struct form f;
	struct strbuf text = STRBUF_INIT;

	(void)state;
	form_init(&f, labels, hints, ARRAY_LEN(labels));
	for (int i = 0; i < 100; i++)
		strbuf_adds(&text, "日");
	form_error(&f, 0, strbuf_str(&text));
	assert_int_equal(strlen(f.fields[0].error), 198);
	assert_true(utf8_valid(f.fields[0].error, 198));
	strbuf_fini(&text);
	form_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typing_and_moving),
		cmocka_unit_test(words_and_lines_are_cut),
		cmocka_unit_test(a_letter_goes_with_its_marks),
		cmocka_unit_test(control_characters_cannot_be_typed),
		cmocka_unit_test(history),
		cmocka_unit_test(a_long_text_scrolls),
		cmocka_unit_test(wide_text_scrolls),
		cmocka_unit_test(a_form_is_walked_through),
		cmocka_unit_test(a_proposal_is_replaced_or_edited),
		cmocka_unit_test(a_proposal_looks_like_one),
		cmocka_unit_test(enter_accepts_and_the_focus_goes_to_the_first_error),
		cmocka_unit_test(a_form_shows_hints_and_errors),
		cmocka_unit_test(a_low_form_shows_the_field_in_focus),
		cmocka_unit_test(a_form_survives_any_size),
		cmocka_unit_test(a_long_error_is_cut_between_characters),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
