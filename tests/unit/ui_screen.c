/* screen: the real thing in a pseudo-terminal: what it shows, reads and gives back. The program is ui_screen_child.c. */
#include "cmocka_all.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty_screen.h"

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define SOON 10000              /* ms: reached only when something is broken */
#define TERMINFO TM_BINARY_DIR "/terminfo"

static const char *const plain[] = { TM_SCREEN_CHILD, NULL };

/* The last cell of all, the last one that is drawn. */
static bool
has_corner(struct pty_screen *ps, void *arg)
{
	const int *size = arg;
	struct pty_cell cell;

	return pty_cell(ps, size[0] - 1, size[1] - 1, &cell) && strcmp(cell.text, "$") == 0;
}

static struct pty_screen *
start(const char *term, const char *env)
{
	const char *env_list[] = { "TERMINFO_DIRS=" TERMINFO ":", env, NULL };
	struct pty_options o = { .rows = 12, .cols = 70, .term = term, .env = env_list };
	int size[] = { o.rows, o.cols };
	struct pty_screen *ps = pty_start(&o, plain);

	assert_true(pty_wait_text(ps, "events:", SOON));
	assert_true(pty_wait(ps, has_corner, size, SOON));
	return ps;
}

static void
assert_restored(struct pty_screen *ps)
{
	const char *what = pty_not_restored(ps);

	assert_string_equal(what ? what : "restored", "restored");
}

static void
quit(struct pty_screen *ps)
{
	int status;

	pty_keys(ps, "q");
	assert_true(pty_exit_status(ps, SOON, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_restored(ps);
	assert_string_equal(pty_stray(ps) ? pty_stray(ps) : "nothing", "nothing");
	pty_free(ps);
}

static void
shows_and_gives_back(void **state)
{
	static const char *const terms[] = {
		"xterm-256color", "screen-256color", "tmux-256color", "linux", "vt100", "xterm",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty_screen *ps = start(terms[i], NULL);
		char *line = pty_line(ps, 4);
		int x;

		assert_true(pty_find(ps, "size 70x12", NULL, NULL));
		assert_string_equal(line, "日本 e\xCC\x81 end");
		assert_true(pty_find(ps, "end", NULL, &x));
		assert_int_equal(x, 7);
		free(line);
		quit(ps);
	}
}

/* What a shell exported about some other window is not believed. */
static void
the_size_is_the_terminals_own(void **state)
{
	(void)state;
	quit(start("xterm-256color", "LINES=50"));
	quit(start("linux", "COLUMNS=33"));
}

static void
keys(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_keys(ps, "x<Up><Down><Left><Right><Home><End><PgUp><PgDn>");
	assert_true(pty_wait_text(ps, "events: x up down left right home end pgup pgdn", SOON));
	pty_keys(ps, "C<Ins><Del><BS><Tab><S-Tab><Enter><F1><F5><F12><Space>");
	assert_true(pty_wait_text(ps, "insert delete backspace tab shift-tab enter f1 f5 f12 space", SOON));
	pty_keys(ps, "C<C-d><C-r><C-c><C-s><C-q>");
	assert_true(pty_wait_text(ps, " ctrl-d ctrl-r ctrl-c ctrl-s ctrl-q", SOON));
	pty_keys(ps, "C<C-j><C-h><M-x><C-Right>");
	assert_true(pty_wait_text(ps, " ctrl-enter backspace alt-x ctrl-right", SOON));
	pty_keys(ps, "Cü日€😀");
	assert_true(pty_wait_text(ps, "ü 日 € 😀", SOON));
	pty_send(ps, "C\033[1;2A\033[1;3B\033[5;5~\033OA\033[Z");
	assert_true(pty_wait_text(ps, "shift-up alt-down ctrl-pgup up shift-tab", SOON));
	quit(ps);
}

static void
escape_is_a_key_of_its_own(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_keys(ps, "<Esc>");
	assert_true(pty_wait_text(ps, "events: esc", SOON));
	pty_keys(ps, "<M-[>");
	assert_true(pty_wait_text(ps, "esc alt-[", SOON));
	pty_keys(ps, "<M-O>");
	assert_true(pty_wait_text(ps, "alt-[ alt-O", SOON));
	pty_send(ps, "\033\033[A");
	assert_true(pty_wait_text(ps, "alt-O esc up", SOON));
	quit(ps);
}

/* A sequence that nobody knows must not run as commands: each of these would have quit. */
static void
unknown_sequences_are_swallowed(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_send(ps, "\033[?1;2q\033[99;3q\033Oj\033[I\033[O\033[1;99q.");
	assert_true(pty_wait_text(ps, "events: .", SOON));
	/* Far longer than any. */
	pty_send(ps, "C\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18;19;20;21;22;23;24q.");
	assert_true(pty_wait_text(ps, " .", SOON));
	quit(ps);
}

static void
broken_utf8_is_left_out(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_send(ps, "\xFFy\xC3(\xE6\x97z\x80\x80w");
	assert_true(pty_wait_text(ps, "events: y ( z w", SOON));
	/* A character that comes in two pieces. */
	pty_send(ps, "\xE6\x97");
	assert_false(pty_wait_quiet(ps, 60, 30));
	pty_send(ps, "\xA5.");
	assert_true(pty_wait_text(ps, "w 日 .", SOON));
	quit(ps);
}

static void
a_paste_accepts_nothing(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_paste(ps, "\r\na\r\nb\tc\033[A\x03" "d\n\n");
	pty_keys(ps, "<Enter>");
	assert_true(pty_wait_text(ps, "events: a space b space c d enter", SOON));
	quit(ps);
}

static void
what_was_typed_before_can_be_forgotten(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_keys(ps, "W");
	assert_true(pty_wait_text(ps, "W waiting", SOON));
	pty_keys(ps, "qqq");
	assert_true(pty_wait_text(ps, "forgotten", SOON));
	pty_keys(ps, ".");
	assert_true(pty_wait_text(ps, "waiting forgotten .", SOON));
	quit(ps);
}

static void
mouse(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_click(ps, 3, 5);
	assert_true(pty_wait_text(ps, "events: click@3,5", SOON));
	pty_click(ps, 3, 6);
	pty_click(ps, 3, 6);
	pty_click(ps, 3, 6);
	assert_true(pty_wait_text(ps, "click@3,5 click@3,6 double@3,6 click@3,6", SOON));
	pty_keys(ps, "C");
	pty_wheel(ps, true, 0, 69);
	pty_wheel(ps, false, 11, 0);
	assert_true(pty_wait_text(ps, "wheel-up@0,69 wheel-down@11,0", SOON));
	quit(ps);
}

static void
resizes(void **state)
{
	static int sizes[][2] = { { 40, 120 }, { 1, 1 }, { 3, 2 }, { 1, 200 }, { 60, 1 }, { 24, 80 } };
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		pty_resize(ps, sizes[i][0], sizes[i][1]);
		assert_true(pty_wait(ps, has_corner, sizes[i], SOON));
	}
	assert_true(pty_wait_text(ps, "size 80x24", SOON));
	quit(ps);
}

/* Faster than anybody draws: what counts is the last one. */
static void
many_resizes_at_once(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);
	int last[] = { 24, 80 };

	(void)state;
	for (int i = 0; i < 40; i++)
		pty_resize(ps, 5 + i * 7 % 40, 10 + i * 13 % 90);
	pty_resize(ps, last[0], last[1]);
	assert_true(pty_wait_text(ps, "size 80x24", SOON));
	assert_true(pty_wait(ps, has_corner, last, SOON));
	quit(ps);
}

static void
starts_in_one_cell(void **state)
{
	struct pty_options o = { .rows = 1, .cols = 1, .term = "xterm-256color" };
	struct pty_screen *ps = pty_start(&o, plain);

	(void)state;
	assert_true(pty_wait_text(ps, "$", SOON));
	pty_resize(ps, 10, 60);
	assert_true(pty_wait_text(ps, "size 60x10", SOON));
	quit(ps);
}

static void
suspends_and_resumes(void **state)
{
	static const char *const shell[] = { "bash", "--norc", "--noprofile", "-i", NULL };
	const char *const env[] = { "PS1=prompt% ", "HISTFILE=/dev/null", NULL };
	struct pty_options o = { .rows = 12, .cols = 70, .term = "xterm-256color", .env = env };
	struct pty_screen *ps = pty_start(&o, shell);
	int status;

	(void)state;
	assert_true(pty_wait_text(ps, "prompt%", SOON));
	pty_send(ps, TM_SCREEN_CHILD "\r");
	assert_true(pty_wait_text(ps, "events:", SOON));
	pty_keys(ps, "F<C-z>");
	assert_true(pty_wait_text(ps, "Stopped", SOON));
	assert_false(pty_altscreen(ps));
	pty_send(ps, "stty -a | tr ' ' '\\n' | grep -xE 'echo;?|icanon;?' | tr '\\n' '.'\r");
	assert_true(pty_wait_text(ps, "icanon.echo.", SOON));
	pty_resize(ps, 14, 72);
	pty_send(ps, "fg\r");
	assert_true(pty_wait_text(ps, "resumed", SOON));
	assert_true(pty_wait_text(ps, "size 72x14 change 1", SOON));
	assert_true(pty_altscreen(ps));
	pty_keys(ps, "<Up>");
	assert_true(pty_wait_text(ps, "resumed up", SOON));
	pty_click(ps, 2, 2);
	assert_true(pty_wait_text(ps, "up click@2,2", SOON));
	pty_keys(ps, "q");
	assert_true(pty_wait_text(ps, "closed", SOON));
	pty_send(ps, "exit 0\r");
	assert_true(pty_exit_status(ps, SOON, &status));
	assert_false(pty_altscreen(ps));
	pty_free(ps);
}

static void
a_crash_gives_the_terminal_back(void **state)
{
	static const char *const terms[] = { "xterm-256color", "linux", "vt100" };
	int status;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty_screen *ps = start(terms[i], NULL);

		pty_keys(ps, "FFK");
		assert_true(pty_exit_status(ps, SOON, &status));
		assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGSEGV : WEXITSTATUS(status) != 0);
		assert_restored(ps);
		pty_free(ps);
	}
}

static void
exit_gives_the_terminal_back(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);
	int status;

	(void)state;
	pty_keys(ps, "X");
	assert_true(pty_exit_status(ps, SOON, &status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_restored(ps);
	pty_free(ps);
}

static void
a_hang_up_is_noticed(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);
	int status;

	(void)state;
	pty_hangup(ps);
	assert_true(pty_exit_status(ps, SOON, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	pty_free(ps);
}

static void
assert_refused(const char *term, const char *const argv[], const char *sentence)
{
	struct pty_options o = { .rows = 6, .cols = 200, .term = term };
	struct pty_screen *ps = pty_start(&o, argv);
	int status;

	assert_true(pty_exit_status(ps, SOON, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	assert_true(pty_find(ps, sentence, NULL, NULL));
	assert_true(pty_find(ps, "In a script use the verbs, e.g. topicmon list --json", NULL, NULL));
	assert_restored(ps);
	pty_free(ps);
}

static void
what_is_no_terminal_is_refused(void **state)
{
	static const char *const no_input[] = { "sh", "-c", TM_SCREEN_CHILD " </dev/null", NULL };
	static const char *const no_output[] = { "sh", "-c", TM_SCREEN_CHILD " >/dev/null", NULL };

	(void)state;
	assert_refused("dumb", plain, "topicmon needs a terminal: TERM is 'dumb'.");
	assert_refused("no-such-terminal", plain, "topicmon needs a terminal: TERM is 'no-such-terminal'.");
	assert_refused("unknown", plain, "topicmon needs a terminal: TERM is 'unknown'.");
	assert_refused("../x", plain, "topicmon needs a terminal: TERM is '../x'.");
	assert_refused("", plain, "topicmon needs a terminal: TERM is not set.");
	assert_refused(NULL, plain, "topicmon needs a terminal: TERM is not set.");
	assert_refused("xterm-256color", no_input, "topicmon needs a terminal: standard input is not one.");
	assert_refused("xterm-256color", no_output, "topicmon needs a terminal: standard output is not one.");
}

static void
hostile_text_stays_text(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	pty_keys(ps, "H");
	assert_true(pty_wait_text(ps, "␛]0;pwned␇␛[2J␛[?1049l␛Pq␛\\\\x9B31m\\u{009B}31m\\u{202E}␎␍␊␀␡␛c", SOON));
	assert_true(pty_altscreen(ps));
	assert_int_equal(pty_bells(ps), 0);
	pty_keys(ps, "B.");
	assert_true(pty_wait_text(ps, "B .", SOON));
	assert_int_equal(pty_bells(ps), 1);
	quit(ps);
}

static struct pty_cell
cell_of(struct pty_screen *ps, int y, int x)
{
	struct pty_cell cell;

	assert_true(pty_cell(ps, y, x, &cell));
	return cell;
}

static bool
is_second_theme(struct pty_screen *ps, void *arg)
{
	(void)arg;
	return cell_of(ps, 2, 4).fg == 0x0A84FF;
}

static void
true_colours_are_exact(void **state)
{
	static const char *const terms[][2] = {
		{ "tmtest-direct2", NULL }, { "tmtest-256color", "COLORTERM=truecolor" },
		{ "tmtest", "COLORTERM=24bit" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty_screen *ps = start(terms[i][0], terms[i][1]);

		assert_int_equal(cell_of(ps, 2, 0).fg, 0x7C6F64);
		assert_int_equal(cell_of(ps, 2, 4).fg, 0xFA0102);
		assert_true(cell_of(ps, 2, 4).bg_default);
		assert_true(cell_of(ps, 0, 0).fg_default);
		assert_true(cell_of(ps, 2, 14).bold);
		/* Under the cursor line: its background, and the text's own colour; under a match: both of the match. */
		assert_int_equal(cell_of(ps, 3, 0).bg, 0x303840);
		assert_int_equal(cell_of(ps, 3, 0).fg, 0xFA0102);
		assert_int_equal(cell_of(ps, 3, 60).bg, 0x303840);
		assert_int_equal(cell_of(ps, 3, 8).bg, 0xFFD700);
		assert_int_equal(cell_of(ps, 3, 8).fg, 0x102030);
		pty_keys(ps, "T");
		assert_true(pty_wait(ps, is_second_theme, NULL, SOON));
		quit(ps);
	}
}

static void
true_colours_come_down_to_256(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);

	(void)state;
	assert_int_equal(cell_of(ps, 2, 0).fg, 0x6C6C6C);
	assert_int_equal(cell_of(ps, 2, 4).fg, 0xFF0000);
	assert_int_equal(cell_of(ps, 3, 0).bg, 0x3A3A3A);
	assert_int_equal(cell_of(ps, 3, 8).bg, 0xFFD700);
	quit(ps);
}

/* A terminal that says it has 24 bits, and no description of it that could tell how: the nearest colours are redefined. A
 * terminal that does not listen, as this one, shows the nearest ones. */
static void
a_palette_is_redefined_where_nothing_else_helps(void **state)
{
	struct pty_screen *ps = start("tmpalette", "COLORTERM=truecolor");

	(void)state;
	assert_int_equal(cell_of(ps, 2, 4).fg, 0xFF0000);
	quit(ps);
}

static void
eight_colours_keep_things_apart(void **state)
{
	struct pty_screen *ps = start("linux", NULL);
	struct pty_cell cursor = cell_of(ps, 3, 60), match = cell_of(ps, 3, 8);

	(void)state;
	/* A dark grey is no black on black. */
	assert_true(cell_of(ps, 2, 0).fg_default);
	assert_true(cursor.reverse);
	assert_false(match.bg_default);
	assert_int_not_equal(match.bg, match.fg);
	quit(ps);
}

static void
without_colours_there_are_attributes(void **state)
{
	static const char *const cases[][2] = { { "xterm-256color", "NO_COLOR=1" }, { "vt100", NULL } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps = start(cases[i][0], cases[i][1]);

		for (int y = 0; y < 12; y++) {
			for (int x = 0; x < 70; x++) {
				assert_true(cell_of(ps, y, x).fg_default);
				assert_true(cell_of(ps, y, x).bg_default);
			}
		}
		assert_true(cell_of(ps, 3, 60).reverse);
		assert_true(cell_of(ps, 3, 8).reverse);
		assert_true(cell_of(ps, 3, 8).bold);
		assert_false(cell_of(ps, 2, 0).reverse);
		quit(ps);
	}
}

/* Only what changed goes out. */
static void
little_changes_cost_little(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);
	size_t before;

	(void)state;
	assert_true(pty_wait_quiet(ps, 100, SOON));
	before = pty_bytes(ps);
	pty_keys(ps, "F");
	assert_true(pty_wait_text(ps, "change 1", SOON));
	assert_true(pty_wait_text(ps, "events: F", SOON));
	assert_in_range(pty_bytes(ps) - before, 1, 80);
	quit(ps);
}

static void
the_cursor_is_shown_on_demand(void **state)
{
	struct pty_screen *ps = start("xterm-256color", NULL);
	int y, x;

	(void)state;
	assert_false(pty_cursor(ps, &y, &x));
	pty_keys(ps, "FF");
	assert_true(pty_wait_text(ps, "change 2", SOON));
	assert_true(pty_wait_quiet(ps, 50, SOON));
	assert_true(pty_cursor(ps, &y, &x));
	assert_int_equal(y, 4);
	assert_int_equal(x, 3);
	quit(ps);
}

static void
ascii_locale(void **state)
{
	struct pty_screen *ps = start("xterm-256color", "LANG=C");

	(void)state;
	assert_true(pty_find(ps, "\\u{65E5}\\u{672C} e\\u{0301} end", NULL, NULL));
	quit(ps);
}

/* Descriptions of terminals that must not be taken for granted on every machine. */
static int
make_descriptions(void **state)
{
	static const char source[] =
		"tmtest-direct2|direct colours,\n\tRGB, colors#0x1000000, pairs#0x10000, ccc@, initc@, oc@,\n"
		"\tsetaf=\\E[%?%p1%{8}%<%t3%p1%d%e38:2:%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n"
		"\tsetab=\\E[%?%p1%{8}%<%t4%p1%d%e48:2:%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m,\n"
		"\tuse=xterm-256color,\n"
		"tmtest-256color|its sibling,\n\tuse=xterm-256color,\n"
		"tmtest|the same without a number of colours,\n\tuse=xterm-256color,\n"
		"tmpalette|colours that can be redefined,\n\tccc, use=xterm-256color,\n";
	FILE *out;

	(void)state;
	if (system("rm -rf " TERMINFO) != 0 || mkdir(TERMINFO, 0777) != 0)
		return -1;
	out = fopen(TERMINFO "/test.ti", "w");
	if (!out || fputs(source, out) < 0 || fclose(out) != 0)
		return -1;
	return system("tic -x -o " TERMINFO " " TERMINFO "/test.ti") == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_and_gives_back),
		cmocka_unit_test(the_size_is_the_terminals_own),
		cmocka_unit_test(keys),
		cmocka_unit_test(escape_is_a_key_of_its_own),
		cmocka_unit_test(unknown_sequences_are_swallowed),
		cmocka_unit_test(broken_utf8_is_left_out),
		cmocka_unit_test(a_paste_accepts_nothing),
		cmocka_unit_test(what_was_typed_before_can_be_forgotten),
		cmocka_unit_test(mouse),
		cmocka_unit_test(resizes),
		cmocka_unit_test(many_resizes_at_once),
		cmocka_unit_test(starts_in_one_cell),
		cmocka_unit_test(suspends_and_resumes),
		cmocka_unit_test(a_crash_gives_the_terminal_back),
		cmocka_unit_test(exit_gives_the_terminal_back),
		cmocka_unit_test(a_hang_up_is_noticed),
		cmocka_unit_test(what_is_no_terminal_is_refused),
		cmocka_unit_test(hostile_text_stays_text),
		cmocka_unit_test(true_colours_are_exact),
		cmocka_unit_test(true_colours_come_down_to_256),
		cmocka_unit_test(a_palette_is_redefined_where_nothing_else_helps),
		cmocka_unit_test(eight_colours_keep_things_apart),
		cmocka_unit_test(without_colours_there_are_attributes),
		cmocka_unit_test(little_changes_cost_little),
		cmocka_unit_test(the_cursor_is_shown_on_demand),
		cmocka_unit_test(ascii_locale),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, make_descriptions, NULL);
}
