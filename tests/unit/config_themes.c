/* Themes: every file of the tree loads and can be read by eye, and a mistake names file and key. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/config/theme_file.h"

static const char *const shipped[] = { "dark", "light", "high-contrast", "mono" };

static struct theme
good(const char *text)
{
	struct theme theme;
	struct err e;

	if (!theme_parse("themes/mine.json", text, strlen(text), &theme, &e))
		fail_msg("%s\n%s", e.text, text);
	return theme;
}

static void
bad(const char *text, const char *part, ...)
{
	struct theme theme, before;
	struct err e;
	va_list ap;

	memset(&theme, 0x5a, sizeof(theme));
	before = theme;
	if (theme_parse("themes/mine.json", text, strlen(text), &theme, &e))
		fail_msg("was taken: %s", text);
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.text, "themes/mine.json"));
	va_start(ap, part);
	for (; part; part = va_arg(ap, const char *)) {
		if (!strstr(e.text, part))
			fail_msg("'%s' is not in: %s", part, e.text);
	}
	va_end(ap);
	assert_memory_equal(&theme, &before, sizeof(theme));
}

static void
is_color(struct color color, enum color_kind kind, uint32_t value)
{
	assert_int_equal(color.kind, kind);
	assert_int_equal(color.value, value);
}

static void
colours(void **state)
{
	struct theme t = good(
		"{\"palette\": {\"accent\": \"#7Fb0f5\", \"blue\": 111, \"none\": \"default\"},"
		" \"roles\": {\"border\": {\"fg\": \"accent\", \"bg\": \"none\"},"
		" \"match\": {\"fg\": \"bright-white\", \"bg\": 255},"
		" \"sparkline\": {\"fg\": \"blue\", \"bg\": \"black\"},"
		" \"status.ok\": {\"fg\": \"#000000\", \"bg\": 0}}}");

	(void)state;
	assert_string_equal(t.name, "mine");
	is_color(t.styles[ROLE_BORDER].fg, COLOR_RGB, 0x7fb0f5);
	is_color(t.styles[ROLE_BORDER].bg, COLOR_DEFAULT_KIND, 0);
	is_color(t.styles[ROLE_MATCH].fg, COLOR_INDEX, 15);
	is_color(t.styles[ROLE_MATCH].bg, COLOR_INDEX, 255);
	is_color(t.styles[ROLE_SPARK].fg, COLOR_INDEX, 111); /* the palette says what its blue is */
	is_color(t.styles[ROLE_SPARK].bg, COLOR_INDEX, 0);
	is_color(t.styles[ROLE_STATUS_OK].fg, COLOR_RGB, 0);
}

static void
attributes_and_fallback(void **state)
{
	struct theme t = good(
		"{\"roles\": {\"text\": {\"fg\": \"red\"},"
		" \"border\": {\"bold\": true, \"dim\": true, \"underline\": true,"
		" \"reverse\": true, \"italic\": true},"
		" \"border.title\": {\"bold\": false}}}");

	(void)state;
	assert_int_equal(t.styles[ROLE_BORDER].attrs,
	                 STYLE_BOLD | STYLE_DIM | STYLE_UNDERLINE | STYLE_REVERSE | STYLE_ITALIC);
	assert_int_equal(t.styles[ROLE_BORDER_FOCUS].attrs, t.styles[ROLE_BORDER].attrs);
	assert_int_equal(t.styles[ROLE_PANE_TITLE].attrs, 0);
	is_color(t.styles[ROLE_JSON_PUNCT].fg, COLOR_INDEX, 1);
	is_color(t.styles[ROLE_JSON_PUNCT].bg, COLOR_DEFAULT_KIND, 0);
}

static void
a_theme_may_say_nothing(void **state)
{
	struct theme t = good("{}");

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++)
		is_color(t.styles[i].fg, COLOR_DEFAULT_KIND, 0);
}

static void
mistakes(void **state)
{
	(void)state;
	bad("{\n\"roles\": {,}}", "mine.json:2:11:", NULL);
	bad("[]", "object", NULL);
	bad("{\"role\": {}}", "role:", "\"roles\"", NULL);
	bad("{\"palette\": []}", "palette:", "an array", NULL);
	bad("{\"roles\": 1}", "roles:", "a number", NULL);
	bad("{\"palette\": {\"x\": \"#12345\"}}", "palette.x:", "#rrggbb", NULL);
	bad("{\"palette\": {\"x\": \"#12345g\"}}", "palette.x:", "'#12345g'", NULL);
	bad("{\"palette\": {\"x\": \"bleu\"}}", "palette.x:", "\"bleu\"", "\"blue\"?", NULL);
	/* A palette has no names of names. */
	bad("{\"palette\": {\"x\": \"y\", \"y\": 1}}", "palette.x:", "\"y\"", NULL);
	bad("{\"palette\": {\"x\": 256}}", "palette.x:", "0 to 255", "256", NULL);
	bad("{\"palette\": {\"x\": -1}}", "palette.x:", NULL);
	bad("{\"palette\": {\"x\": 1.5}}", "palette.x:", NULL);
	bad("{\"palette\": {\"x\": true}}", "palette.x:", "true", NULL);
	bad("{\"roles\": {\"table.cursr\": {}}}", "roles.table.cursr:", "\"table.cursor\"?", NULL);
	bad("{\"roles\": {\"xyzzy\": {}}}", "roles.xyzzy:", "no such role", NULL);
	bad("{\"roles\": {\"text\": \"red\"}}", "roles.text:", "\"fg\"", "a text", NULL);
	bad("{\"roles\": {\"text\": {\"color\": 1}}}", "roles.text.color:", "italic", NULL);
	bad("{\"roles\": {\"text\": {\"blod\": true}}}", "roles.text.blod:", "\"bold\"?", NULL);
	bad("{\"roles\": {\"text\": {\"bold\": 1}}}", "roles.text.bold:", "true or false", NULL);
	bad("{\"roles\": {\"text\": {\"fg\": \"accnt\"}}, \"palette\": {\"accent\": 1}}",
	    "roles.text.fg:", "\"accent\"?", NULL);
	bad("{\"roles\": {\"text\": {\"fg\": \"nothing like it\"}}}",
	    "roles.text.fg:", "bright-blue", NULL);
	bad("{\"roles\": {\"text\": {}, \"text\": {}}}", "text", "twice", NULL);
}

static struct theme
load(const char *name)
{
	struct theme theme;
	struct err e;

	if (!theme_load(name, &theme, &e))
		fail_msg("%s", e.text);
	return theme;
}

static void
all_shipped_themes_load(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
		struct theme by_name = load(shipped[i]), by_path;
		char path[512];

		assert_string_equal(by_name.name, shipped[i]);
		snprintf(path, sizeof(path), "%s/themes/%s.json", TM_SOURCE_DIR, shipped[i]);
		by_path = load(path);
		assert_memory_equal(&by_name, &by_path, sizeof(by_name));
	}
}

static void
the_default_is_compiled_in(void **state)
{
	struct theme dark = load("dark"), compiled;

	(void)state;
	theme_default(&compiled);
	assert_memory_equal(&compiled, &dark, sizeof(dark));
	assert_int_equal(compiled.styles[ROLE_CURSOR].bg.kind, COLOR_RGB);
}

static void
mono_has_no_colour(void **state)
{
	struct theme t = load("mono");

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		is_color(t.styles[i].fg, COLOR_DEFAULT_KIND, 0);
		is_color(t.styles[i].bg, COLOR_DEFAULT_KIND, 0);
	}
}

/* What must be told apart at a glance is drawn differently in every theme. */
static void
what_matters_is_distinct(void **state)
{
	static const enum role pairs[][2] = {
		{ ROLE_BORDER, ROLE_BORDER_FOCUS },
		{ ROLE_PANE_TITLE, ROLE_PANE_TITLE_FOCUS },
		{ ROLE_CURSOR, ROLE_TEXT },
		{ ROLE_CURSOR, ROLE_CURSOR_UNFOCUSED },
		{ ROLE_CURSOR_UNFOCUSED, ROLE_TEXT },
		{ ROLE_SELECTED, ROLE_TEXT },
		{ ROLE_SELECTED, ROLE_CURSOR },
		{ ROLE_MATCH, ROLE_TEXT },
		{ ROLE_MATCH, ROLE_CURSOR },
		{ ROLE_KEY_BAR, ROLE_KEY_BAR_KEY },
		{ ROLE_LEVEL_WARN, ROLE_LEVEL_OK },
		{ ROLE_LEVEL_CRIT, ROLE_LEVEL_WARN },
		{ ROLE_STATUS_ERROR, ROLE_STATUS_WARN },
		{ ROLE_CARD_DANGER, ROLE_CARD },
		{ ROLE_CARD_TITLE, ROLE_CARD },
		{ ROLE_FIELD, ROLE_CARD },
		{ ROLE_FIELD_FOCUS, ROLE_FIELD },
		{ ROLE_FIELD_ERROR, ROLE_FIELD },
		{ ROLE_TABLE_SORTED, ROLE_TABLE_HEADER },
		{ ROLE_TABLE_HEADER, ROLE_TEXT },
		{ ROLE_JSON_KEY, ROLE_JSON_STRING },
		{ ROLE_RECORD_NULL, ROLE_TEXT },
		{ ROLE_ESCAPE, ROLE_TEXT },
		{ ROLE_RECORD_NOTE, ROLE_TEXT },
		{ ROLE_OLD, ROLE_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
		struct theme t = load(shipped[i]);

		for (size_t j = 0; j < ARRAY_LEN(pairs); j++) {
			if (memcmp(&t.styles[pairs[j][0]], &t.styles[pairs[j][1]],
			           sizeof(struct style)) == 0)
				fail_msg("%s: %s looks like %s", shipped[i], role_name(pairs[j][0]),
				         role_name(pairs[j][1]));
		}
	}
}

/* WCAG 2: relative luminance and contrast of two colours. */
static double
luminance(uint32_t rgb)
{
	static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double c = ((rgb >> (16 - 8 * i)) & 0xff) / 255.0;

		sum += weight[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* fg and bg stand in for the terminal's own. Frames are no text: 3 is enough for those in dark
 * themes, and a light frame may be as pale as it likes, the focused one counts. */
static void
check_contrast(const char *name, uint32_t fg, uint32_t bg, double least)
{
	struct theme t = load(name);

	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct style *s = &t.styles[i];
		uint32_t front = s->fg.kind == COLOR_RGB ? s->fg.value : fg,
			 back = s->bg.kind == COLOR_RGB ? s->bg.value : bg;

		assert_int_not_equal(s->fg.kind, COLOR_INDEX);
		if (i != ROLE_BORDER && contrast(front, back) < least)
			fail_msg("%s: %s has a contrast of %.2f", name, role_name((enum role)i),
			         contrast(front, back));
	}
}

static void
all_text_can_be_read(void **state)
{
	(void)state;
	check_contrast("light", 0x000000, 0xffffff, 4.5);
	check_contrast("dark", 0xd0d0d0, 0x000000, 4.5);
	check_contrast("dark", 0xd0d0d0, 0x282c34, 4.5); /* as light as dark terminals come */
	check_contrast("high-contrast", 0xffffff, 0x000000, 7);
}

static int
make_home(void **state)
{
	char *dir = xstrdup("/tmp/topicmon_themes_XXXXXX"), path[256];

	assert_non_null(mkdtemp(dir));
	setenv("XDG_CONFIG_HOME", dir, 1);
	snprintf(path, sizeof(path), "%s/topicmon", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/topicmon/themes", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	*state = dir;
	return 0;
}

static void
put_theme(const char *home, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/topicmon/themes/%s", home, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int
drop_home(void **state)
{
	static const char *const files[] = {
		"themes/mine.json",
		"themes/dark.json",
		"themes/broken.json",
		"themes/.hidden.json",
		"themes/notes.txt",
		"themes",
		".",
	};
	char path[256];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/topicmon/%s", (char *)*state, files[i]);
		if (strchr(files[i], '/'))
			unlink(path);
		else
			rmdir(path);
	}
	snprintf(path, sizeof(path), "%s/topicmon", (char *)*state);
	rmdir(path);
	assert_int_equal(rmdir(*state), 0);
	free(*state);
	return 0;
}

static void
the_users_own_come_first(void **state)
{
	struct theme t;
	struct err e;

	put_theme(*state, "mine.json", "{\"roles\": {\"text\": {\"fg\": 200}}}");
	put_theme(*state, "dark.json", "{\"roles\": {\"text\": {\"fg\": 201}}}");
	put_theme(*state, "broken.json", "{\"roles\": {\"text\": {\"fg\": 2000}}}");
	t = load("mine");
	is_color(t.styles[ROLE_TEXT].fg, COLOR_INDEX, 200);
	t = load("dark");
	is_color(t.styles[ROLE_TEXT].fg, COLOR_INDEX, 201);
	assert_false(theme_load("broken", &t, &e));
	assert_non_null(strstr(e.text, "broken.json"));
	assert_non_null(strstr(e.text, "roles.text.fg"));
}

static void
themes_are_listed(void **state)
{
	struct strvec names = STRVEC_INIT;

	put_theme(*state, "mine.json", "{}");
	put_theme(*state, "dark.json", "{}");
	put_theme(*state, ".hidden.json", "{}");
	put_theme(*state, "notes.txt", "");
	theme_list(&names);
	assert_int_equal(names.n, 5);
	assert_string_equal(names.v[0], "dark");
	assert_string_equal(names.v[1], "high-contrast");
	assert_string_equal(names.v[2], "light");
	assert_string_equal(names.v[3], "mine");
	assert_string_equal(names.v[4], "mono");
	strvec_fini(&names);
}

static void
themes_that_are_not_there(void **state)
{
	struct theme t;
	struct err e;

	(void)state;
	assert_false(theme_load("drak", &t, &e));
	assert_non_null(strstr(e.text, "'drak'"));
	assert_non_null(strstr(e.text, "'dark'?"));
	assert_false(theme_load("solarized", &t, &e));
	assert_non_null(strstr(e.text, "high-contrast"));
	assert_false(theme_load("./nowhere.json", &t, &e));
	assert_non_null(strstr(e.text, "./nowhere.json"));
	assert_false(theme_load("nowhere.json", &t, &e));
	assert_non_null(strstr(e.text, "nowhere.json"));
	assert_false(theme_load("", &t, &e));
}

static void
a_long_name_is_cut_between_characters(void **state)
{
	struct strbuf path = STRBUF_INIT;
	struct theme t;
	struct err e;

	(void)state;
	for (int i = 0; i < 62; i++)
		strbuf_addch(&path, 'a');
	strbuf_adds(&path, "\xc3\xa4\xc3\xa4.json");
	assert_true(theme_parse(path.buf, "{}", 2, &t, &e));
	assert_int_equal(strlen(t.name), 62);
	assert_true(utf8_valid(t.name, strlen(t.name)));
	strbuf_fini(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(colours),
		cmocka_unit_test(attributes_and_fallback),
		cmocka_unit_test(a_theme_may_say_nothing),
		cmocka_unit_test(mistakes),
		cmocka_unit_test_setup_teardown(all_shipped_themes_load, make_home, drop_home),
		cmocka_unit_test_setup_teardown(the_default_is_compiled_in, make_home, drop_home),
		cmocka_unit_test_setup_teardown(mono_has_no_colour, make_home, drop_home),
		cmocka_unit_test_setup_teardown(what_matters_is_distinct, make_home, drop_home),
		cmocka_unit_test_setup_teardown(all_text_can_be_read, make_home, drop_home),
		cmocka_unit_test_setup_teardown(the_users_own_come_first, make_home, drop_home),
		cmocka_unit_test_setup_teardown(themes_are_listed, make_home, drop_home),
		cmocka_unit_test_setup_teardown(themes_that_are_not_there, make_home, drop_home),
		cmocka_unit_test(a_long_name_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
