/* Colours, themes, help, palette, mouse and log, on a broker that is not there. */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

#define SECRET "TOPSECRET"

/* --- colours --- */

struct wanted_cell {
	int y, x;
	uint32_t bg;
};

static bool
has_background(struct pty_screen *ps, void *arg)
{
	const struct wanted_cell *w = arg;
	struct pty_cell cell;

	return pty_cell(ps, w->y, w->x, &cell) && cell.bg == w->bg;
}

/* An empty place of the topics pane. */
static void
see_background(struct pty_screen *ps, uint32_t rgb)
{
	struct wanted_cell w = { 8, 5, rgb };
	struct pty_cell cell;

	if (!pty_wait(ps, has_background, &w, WAIT_MS)) {
		pty_cell(ps, w.y, w.x, &cell);
		fail_msg("the background is %06X, not %06X", (unsigned)cell.bg, (unsigned)rgb);
	}
}

static struct pty_screen *
start_themed(const char *theme, const char *term, const char *env)
{
	struct pty_screen *ps = rig_start(&(struct session){
		.args = ARGS("-b", CLOSED, "--theme", theme), .term = term, .env = ARGS(env) });

	rig_see(ps, "does not answer since");
	return ps;
}

static void
test_true_colour_is_the_themes_own(void **state)
{
	struct pty_screen *ps = start_themed("light", "xterm-256color", "COLORTERM=truecolor");

	(void)state;
	see_background(ps, 0xFBFAF7);
	rig_quit(ps);
}

static void
test_256_colours_come_close(void **state)
{
	struct pty_screen *ps = start_themed("light", "xterm-256color", "COLORTERM=");
	struct pty_cell cell;

	(void)state;
	pty_wait_quiet(ps, 100, WAIT_MS);
	assert_true(pty_cell(ps, 8, 5, &cell));
	assert_false(cell.bg_default);
	for (int shift = 0; shift <= 16; shift += 8)
		assert_in_range(cell.bg >> shift & 0xFF, 0xEE, 0xFF);
	rig_quit(ps);
}

/* All that is drawn is in the first eight of the terminal's own. */
static void
test_8_colours_are_enough(void **state)
{
	static const uint32_t eight[] = {
		0x1B1F27, 0xE0605E, 0x7FBF6A, 0xE0B45C, 0x5F9FE0, 0xC07FD8, 0x56B6C2, 0xC8CDD8,
	};
	struct pty_screen *ps = start_themed("dark", "xterm", "COLORTERM=");
	size_t coloured = 0;

	(void)state;
	for (int y = 0; y < 32; y++) {
		for (int x = 0; x < 120; x++) {
			struct pty_cell cell;
			bool fg, bg;

			assert_true(pty_cell(ps, y, x, &cell));
			fg = cell.fg_default;
			bg = cell.bg_default;
			coloured += !fg || !bg;
			for (size_t i = 0; i < ARRAY_LEN(eight); i++) {
				fg |= cell.fg == eight[i];
				bg |= cell.bg == eight[i];
			}
			if (!fg || !bg)
				fail_msg("row %d, column %d has a ninth colour: %06X on %06X", y, x, (unsigned)cell.fg,
				         (unsigned)cell.bg);
		}
	}
	assert_in_range(coloured, 100, 32 * 120);
	rig_quit(ps);
}

static void
test_no_color_means_none(void **state)
{
	struct pty_screen *ps = start_themed("light", "xterm-256color", "NO_COLOR=1");
	size_t marked = 0;

	(void)state;
	for (int y = 0; y < 32; y++) {
		for (int x = 0; x < 120; x++) {
			struct pty_cell cell;

			assert_true(pty_cell(ps, y, x, &cell));
			assert_true(cell.fg_default && cell.bg_default);
			marked += cell.bold || cell.reverse || cell.underline;
		}
	}
	/* What must be told apart still is. */
	assert_in_range(marked, 10, 32 * 120);
	rig_quit(ps);
}

/* --- themes --- */

static void
open_themes(struct pty_screen *ps)
{
	pty_keys(ps, "t");
	rig_see(ps, "┌ Theme");
}

static void
test_a_theme_is_previewed_and_let_go(void **state)
{
	struct pty_screen *ps = start_themed("dark", "xterm-256color", "COLORTERM=truecolor");
	struct pty_cell before;

	(void)state;
	assert_true(pty_cell(ps, 8, 5, &before));
	assert_true(before.bg != 0xFBFAF7);
	open_themes(ps);
	rig_see(ps, "high-contrast");
	pty_keys(ps, "jj");
	see_background(ps, 0xFBFAF7);
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Theme");
	see_background(ps, before.bg);
	rig_quit(ps);
}

static void
test_a_theme_is_taken_and_remembered(void **state)
{
	struct pty_screen *ps = start_themed("dark", "xterm-256color", "COLORTERM=truecolor");
	struct strbuf text = STRBUF_INIT;

	(void)state;
	open_themes(ps);
	pty_keys(ps, "jj<Enter>");
	rig_gone(ps, "┌ Theme");
	see_background(ps, 0xFBFAF7);
	rig_quit(ps);
	assert_int_equal(rig_run(ARGS("cat", rig_path("config/topicmon/config.json")), NULL, &text, NULL), 0);
	assert_non_null(strstr(strbuf_str(&text), "\"theme\""));
	assert_non_null(strstr(strbuf_str(&text), "\"light\""));
	strbuf_fini(&text);
	ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .env = ARGS("COLORTERM=truecolor") });
	see_background(ps, 0xFBFAF7);
	rig_quit(ps);
}

static void
test_a_theme_of_ones_own_needs_five_lines(void **state)
{
	struct pty_screen *ps;

	(void)state;
	rig_write("config/topicmon/themes/mine.json",
	          "{\n\"palette\": { \"p\": \"#102030\" },\n\"roles\": {\n\"text\": { \"bg\": \"p\" }\n}}\n");
	ps = start_themed("dark", "xterm-256color", "COLORTERM=truecolor");
	open_themes(ps);
	rig_see(ps, "mine");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Theme");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "theme mine<Enter>");
	see_background(ps, 0x102030);
	rig_quit(ps);
}

/* --- help and palette --- */

static void
test_help_lists_the_keys_of_each_place(void **state)
{
	static const struct { const char *key, *text; } places[] = {
		{ "1", "Create a topic" }, { "2", "Pause or resume the stream" }, { "3", "Run any command by name" },
		{ "4", "Run any command by name" }, { "5", "Run any command by name" },
	};
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .rows = 60 });

	(void)state;
	rig_see(ps, "does not answer since");
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		pty_keys(ps, places[i].key);
		pty_keys(ps, "?");
		rig_see(ps, "┌ Keys");
		rig_see(ps, places[i].text);
		rig_see(ps, "Everywhere");
		pty_keys(ps, "?");
		rig_gone(ps, "┌ Keys");
	}
	pty_keys(ps, "1");
	rig_see(ps, "┌ Topics");
	rig_quit(ps);
}

static void
test_the_bar_names_the_keys_that_matter(void **state)
{
	static const char *const words[] = { "c create", "d delete", "x clear", "p produce", "? help", "q quit", ": command" };
	struct pty_screen *ps = rig_start_down();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		rig_see(ps, words[i]);
	pty_keys(ps, "5");
	rig_see(ps, "┌ Log");
	rig_gone(ps, "c create");
	rig_see(ps, "q back");
	pty_keys(ps, "q");
	rig_gone(ps, "┌ Log");
	rig_quit(ps);
}

static void
test_the_palette_completes_and_runs(void **state)
{
	struct pty_screen *ps = rig_start_down();

	(void)state;
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "brok");
	rig_see(ps, "Go to the brokers");
	rig_gone(ps, "Create a topic");
	pty_keys(ps, "<Tab>");
	rig_see(ps, ": brokers");
	pty_keys(ps, "<Enter>");
	rig_gone(ps, "┌ Command");
	rig_see(ps, "┌ Brokers");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "no-such-thing");
	rig_see(ps, "No command is called so");
	pty_keys(ps, "<Enter>");
	rig_see(ps, "No command is called so");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Command");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "quit<Enter>");
	rig_gone(ps, "┌ Brokers");
	rig_quit(ps);
}

/* What is pasted is text: no key of it is a command. */
static void
test_a_paste_is_text_in_a_field_and_nothing_elsewhere(void **state)
{
	struct pty_screen *ps = rig_start_down();

	(void)state;
	pty_paste(ps, "cq");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_paste(ps, "logs\nq");
	rig_see(ps, "logs");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Command");
	rig_quit(ps);
}

/* --- the mouse --- */

static void
click_on(struct pty_screen *ps, const char *text)
{
	int y, x;

	rig_see(ps, text);
	assert_true(pty_find(ps, text, &y, &x));
	pty_click(ps, y, x + 1);
}

static void
test_a_click_on_the_bar_is_the_key(void **state)
{
	struct pty_screen *ps = rig_start_down();

	(void)state;
	click_on(ps, "? help");
	rig_see(ps, "┌ Keys");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Keys");
	click_on(ps, "q quit");
	rig_ends(ps, 0);
}

static void
test_the_wheel_scrolls_and_a_click_chooses(void **state)
{
	struct pty_screen *ps = rig_start(&(struct session){
		.args = ARGS("-b", CLOSED, "--theme", "dark"), .rows = 20, .env = ARGS("COLORTERM=truecolor") });
	int y, x;

	(void)state;
	rig_see(ps, "does not answer since");
	pty_keys(ps, "?");
	rig_see(ps, " 1-");
	assert_true(pty_find(ps, "┌ Keys", &y, &x));
	pty_wheel(ps, false, y + 3, x + 3);
	rig_gone(ps, " 1-");
	pty_wheel(ps, true, y + 3, x + 3);
	rig_see(ps, " 1-");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Keys");
	open_themes(ps);
	click_on(ps, " light");
	see_background(ps, 0xFBFAF7);
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Theme");
	rig_quit(ps);
}

static void
test_bytes_that_are_no_key_do_nothing(void **state)
{
	static const char *const junk[] = {
		"\033[<0;9999;9999M", "\033[<0;0;0M", "\033[<999;1;1M", "\033[M   ", "\033[200~half a paste\033[201~",
		"\033[1;9Z", "\033[99999999999999999999~", "\033]0;title\007", "\033P+q\033\\", "\300\301\377", "\033[?1;2c",
	};
	struct pty_screen *ps = rig_start_down();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(junk); i++) {
		pty_send(ps, junk[i]);
		rig_settle(ps);
	}
	/* Whatever was made of them, the way out is there. */
	for (int i = 0; i < 4; i++) {
		pty_keys(ps, "<Esc>");
		rig_settle(ps);
	}
	pty_keys(ps, "?");
	rig_see(ps, "┌ Keys");
	pty_keys(ps, "?");
	rig_gone(ps, "┌ Keys");
	rig_clean(ps);
	pty_kill(ps, 15);
	rig_ends(ps, 0);
}

static void
test_mouse_off_in_the_config_means_off(void **state)
{
	struct pty_screen *ps;

	(void)state;
	rig_write("config/topicmon/config.json", "{ \"mouse\": false }");
	ps = rig_start_down();
	assert_false(pty_wrote(ps, "1000h"));
	rig_quit(ps);
}

/* --- the log --- */

static void
test_the_log_has_the_librarys_lines_and_no_secret(void **state)
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED,
		"-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanism=PLAIN", "-X", "sasl.username=alice",
		"-X", "sasl.password=" SECRET, "-X", "debug=conf,broker,security"), .cols = 300 });

	(void)state;
	rig_see(ps, "does not answer since");
	pty_keys(ps, "5");
	rig_see(ps, "┌ Log");
	rig_see(ps, "Connect to ipv4#127.0.0.1:1 failed");
	pty_keys(ps, "g");
	rig_settle(ps);
	for (int i = 0; i < 20; i++) {
		pty_keys(ps, "<PgDn>");
		pty_pump(ps, 50);
		assert_false(pty_find(ps, SECRET, NULL, NULL));
	}
	assert_false(pty_wrote(ps, SECRET));
	pty_keys(ps, "q");
	rig_gone(ps, "┌ Log");
	rig_quit(ps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
		TEST(test_true_colour_is_the_themes_own),
		TEST(test_256_colours_come_close),
		TEST(test_8_colours_are_enough),
		TEST(test_no_color_means_none),
		TEST(test_a_theme_is_previewed_and_let_go),
		TEST(test_a_theme_is_taken_and_remembered),
		TEST(test_a_theme_of_ones_own_needs_five_lines),
		TEST(test_help_lists_the_keys_of_each_place),
		TEST(test_the_bar_names_the_keys_that_matter),
		TEST(test_the_palette_completes_and_runs),
		TEST(test_a_paste_is_text_in_a_field_and_nothing_elsewhere),
		TEST(test_a_click_on_the_bar_is_the_key),
		TEST(test_the_wheel_scrolls_and_a_click_chooses),
		TEST(test_bytes_that_are_no_key_do_nothing),
		TEST(test_mouse_off_in_the_config_means_off),
		TEST(test_the_log_has_the_librarys_lines_and_no_secret),
	};

	return cmocka_run_group_tests_name("pty_places", tests, NULL, NULL);
}
