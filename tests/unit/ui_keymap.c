/* Keys and their names; which command a key runs where; the table of the global keys, checked row by row. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/keymap.h"

static const struct binding topic_keys[] = {
	{ "c",     CMD_CREATE, NULL,   "create" },
	{ "x",     CMD_CLEAR,  NULL,   "clear" },
	{ "alt-x", CMD_CLEAR,  NULL,   NULL },
	{ "R",     CMD_SORT,   "rate", NULL },
	{ "n",     CMD_CREATE, "new",  NULL },
};

static struct keymap *
make(void)
{
	struct keymap *km = keymap_new();

	keymap_add_view(km, "topics", topic_keys, ARRAY_LEN(topic_keys));
	keymap_add_view(km, "log", NULL, 0);
	return km;
}

static enum command
run(const struct keymap *km, const char *view, const char *name, const char **arg)
{
	struct key k;

	assert_true(key_parse(name, &k));
	return keymap_lookup(km, view, &k, arg);
}

static void
assert_key(const char *name, uint32_t code, unsigned mods, const char *canonical, const char *label)
{
	struct strbuf out = STRBUF_INIT;
	struct key k;

	assert_true(key_parse(name, &k));
	assert_int_equal(k.code, code);
	assert_int_equal(k.mods, mods);
	key_name(&k, &out);
	assert_string_equal(strbuf_str(&out), canonical);
	strbuf_reset(&out);
	key_label(&k, &out);
	assert_string_equal(strbuf_str(&out), label);
	strbuf_fini(&out);
}

static void
names_of_keys(void **state)
{
	(void)state;
	assert_key("x", 'x', 0, "x", "x");
	assert_key("X", 'X', 0, "X", "X");
	assert_key("shift-x", 'X', 0, "X", "X");
	assert_key("ctrl-d", 'd', KEYMOD_CTRL, "ctrl-d", "Ctrl-D");
	assert_key("Ctrl-D", 'd', KEYMOD_CTRL, "ctrl-d", "Ctrl-D");
	assert_key("alt-x", 'x', KEYMOD_ALT, "alt-x", "Alt-x");
	assert_key("alt-ctrl-x", 'x', KEYMOD_ALT | KEYMOD_CTRL, "ctrl-alt-x", "Ctrl-Alt-X");
	assert_key("enter", KC_ENTER, 0, "enter", "Enter");
	assert_key("Escape", KC_ESC, 0, "esc", "Esc");
	assert_key("shift-tab", KC_TAB, KEYMOD_SHIFT, "shift-tab", "Shift-Tab");
	assert_key("f5", KC_F5, 0, "f5", "F5");
	assert_key("F12", KC_F12, 0, "f12", "F12");
	assert_key("space", ' ', 0, "space", "Space");
	assert_key("ctrl-space", ' ', KEYMOD_CTRL, "ctrl-space", "Ctrl-Space");
	assert_key("page-up", KC_PGUP, 0, "pgup", "PgUp");
	assert_key("-", '-', 0, "-", "-");
	assert_key("alt--", '-', KEYMOD_ALT, "alt--", "Alt--");
	assert_key("ü", 0xFC, 0, "ü", "ü");
	/* The same byte comes from a terminal for both. */
	assert_key("ctrl-i", KC_TAB, 0, "tab", "Tab");
	assert_key("ctrl-m", KC_ENTER, 0, "enter", "Enter");
	assert_key("ctrl-h", KC_BACKSPACE, 0, "backspace", "Backspace");
	assert_key("ctrl-[", KC_ESC, 0, "esc", "Esc");
	assert_key("ctrl-j", KC_ENTER, KEYMOD_CTRL, "ctrl-enter", "Ctrl-Enter");
}

static void
what_is_no_key(void **state)
{
	static const char *const bad[] = {
		"", " ", "xy", "ctrl-", "ctrl-ctrl-x", "ctrl-1", "ctrl-ü", "shift-1", "hyper-x", "f13", "\x1B", "\xFF",
		"e\xCC\x81", "\xCC\x81", "ctrl",
	};
	struct key k = { 42, 42 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(key_parse(bad[i], &k));
	assert_int_equal(k.code, 42);
}

static void
every_global_row_is_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < nglobal_keys; i++) {
		const struct binding *row = &global_keys[i];
		struct strbuf name = STRBUF_INIT;
		struct key k, other;

		assert_true(key_parse(row->key, &k));
		key_name(&k, &name);
		assert_string_equal(strbuf_str(&name), row->key);
		strbuf_fini(&name);
		assert_in_range(row->cmd, CMD_NONE + 1, CMD_COUNT - 1);
		if (row->arg)
			assert_true(command_info(row->cmd)->flags & CF_ARG);
		/* What holds everywhere must not destroy anything anywhere. */
		assert_false(command_info(row->cmd)->flags & (CF_DANGEROUS | CF_WRITES));
		if (row->bar)
			assert_in_range(strlen(row->bar), 1, 12);
		for (size_t j = i + 1; j < nglobal_keys; j++) {
			assert_true(key_parse(global_keys[j].key, &other));
			assert_false(k.code == other.code && k.mods == other.mods);
			if (row->bar && global_keys[j].bar)
				assert_string_not_equal(row->bar, global_keys[j].bar);
		}
	}
}

/* Nobody learns what has no key and is not in the palette. */
static void
every_hidden_command_has_a_key(void **state)
{
	(void)state;
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
		bool found = false;

		/* Ctrl-X is a row of the places that have a value to edit. */
		if (!(command_info((enum command)i)->flags & CF_HIDDEN) || i == CMD_EDITOR)
			continue;
		for (size_t j = 0; j < nglobal_keys; j++)
			found = found || global_keys[j].cmd == (enum command)i;
		assert_true(found);
	}
}

static void
a_view_comes_before_the_global_rows(void **state)
{
	struct keymap *km = make();
	const char *arg;

	(void)state;
	assert_int_equal(run(km, "topics", "x", &arg), CMD_CLEAR);
	assert_string_equal(arg, "");
	assert_int_equal(run(km, "topics", "R", &arg), CMD_SORT);
	assert_string_equal(arg, "rate");
	assert_int_equal(run(km, "topics", "n", &arg), CMD_CREATE);
	assert_int_equal(run(km, "log", "n", &arg), CMD_FIND_NEXT);
	assert_int_equal(run(km, "log", "x", &arg), CMD_NONE);
	assert_string_equal(arg, "");
	assert_int_equal(run(km, "nowhere", "q", &arg), CMD_QUIT);
	assert_int_equal(run(km, "global", "ctrl-c", &arg), CMD_QUIT);
	assert_int_equal(run(km, "log", "ctrl-enter", &arg), CMD_OPEN);
	keymap_free(km);
}

static void
the_user_binds_and_takes_away(void **state)
{
	struct keymap *km = make();
	struct strbuf label = STRBUF_INIT;
	const char *arg;
	struct err e;

	(void)state;
	assert_true(keymap_bind(km, "topics", "f9", "clear", &e));
	assert_true(keymap_bind(km, "topics", "x", "", &e));
	assert_true(keymap_bind(km, "log", "q", "", &e));
	assert_true(keymap_bind(km, "global", "ctrl-t", "sort rate", &e));
	assert_true(keymap_bind(km, "global", "t", "topics", &e));
	assert_int_equal(run(km, "topics", "f9", &arg), CMD_CLEAR);
	assert_int_equal(run(km, "topics", "alt-x", &arg), CMD_CLEAR);
	assert_int_equal(run(km, "topics", "x", &arg), CMD_NONE);
	assert_int_equal(run(km, "log", "q", &arg), CMD_NONE);
	assert_int_equal(run(km, "topics", "q", &arg), CMD_QUIT);
	assert_int_equal(run(km, "log", "t", &arg), CMD_TOPICS);
	assert_int_equal(run(km, "log", "ctrl-t", &arg), CMD_SORT);
	assert_string_equal(arg, "rate");
	assert_true(keymap_key_of(km, "topics", CMD_CLEAR, &label));
	assert_string_equal(strbuf_str(&label), "F9");
	assert_false(keymap_key_of(km, "topics", CMD_THEME, &label));
	/* The same once more, and the default again: nothing is doubled. */
	assert_true(keymap_bind(km, "global", "ctrl-t", "sort lag", &e));
	assert_true(keymap_bind(km, "topics", "c", "create", &e));
	assert_int_equal(run(km, "log", "ctrl-t", &arg), CMD_SORT);
	assert_string_equal(arg, "lag");
	strbuf_fini(&label);
	keymap_free(km);
}

static void
what_cannot_be_bound_is_named(void **state)
{
	struct keymap *km = make();
	struct err e;

	(void)state;
	assert_false(keymap_bind(km, "topic", "x", "clear", &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.text, "'topic'"));
	assert_false(keymap_bind(km, "topics", "ctrl-1", "clear", &e));
	assert_non_null(strstr(e.text, "'ctrl-1'"));
	assert_false(keymap_bind(km, "topics", "x", "wipe", &e));
	assert_non_null(strstr(e.text, "'wipe'"));
	assert_false(keymap_bind(km, "topics", "x", "zoom in", &e));
	assert_non_null(strstr(e.text, "'zoom'"));
	keymap_free(km);
}

static size_t
count_bar(const struct keymap_row *rows, size_t n, const char *word)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += rows[i].bar && strcmp(rows[i].bar, word) == 0;
	return found;
}

static void
rows_in_force(void **state)
{
	struct keymap *km = make();
	struct keymap_row rows[128];
	size_t n, n_default = keymap_rows(km, "topics", rows, ARRAY_LEN(rows));

	(void)state;
	/* All five of the view's, and the global ones but `n`. */
	assert_int_equal(n_default, ARRAY_LEN(topic_keys) + nglobal_keys - 1);
	assert_false(rows[0].global);
	assert_true(rows[n_default - 1].global);
	assert_true(keymap_bind(km, "topics", "f9", "clear", NULL));
	n = keymap_rows(km, "topics", rows, ARRAY_LEN(rows));
	assert_int_equal(n, n_default + 1);
	/* The user's key stands where the default one stood, with its word; the word is not there twice. */
	assert_int_equal(rows[1].key.code, KC_F9);
	assert_string_equal(rows[1].bar, "clear");
	assert_int_equal(count_bar(rows, n, "clear"), 1);
	assert_true(keymap_bind(km, "topics", "f9", "", NULL));
	n = keymap_rows(km, "topics", rows, ARRAY_LEN(rows));
	assert_int_equal(n, n_default);
	assert_int_equal(count_bar(rows, n, "clear"), 1);
	assert_int_equal(keymap_rows(km, "topics", rows, 3), 3);
	assert_int_equal(keymap_rows(km, "global", rows, ARRAY_LEN(rows)), nglobal_keys);
	keymap_free(km);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_keys),
		cmocka_unit_test(what_is_no_key),
		cmocka_unit_test(every_global_row_is_good),
		cmocka_unit_test(every_hidden_command_has_a_key),
		cmocka_unit_test(a_view_comes_before_the_global_rows),
		cmocka_unit_test(the_user_binds_and_takes_away),
		cmocka_unit_test(what_cannot_be_bound_is_named),
		cmocka_unit_test(rows_in_force),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
