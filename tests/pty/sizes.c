/* Every size of the terminal, and changes of it. No broker is needed. */
#include "rig.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

#define STORM 300

/* A moment in which the screen cannot be compared: the clock shows in it. */
static char *
without_times(char *text)
{
	for (char *p = text; *p != '\0'; p++)
		if (isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]) && p[2] == ':')
			p[0] = p[1] = '#';
	for (char *p = text; *p != '\0'; p++)
		if (p[0] == ':' && isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2]))
			p[1] = p[2] = '#';
	return text;
}

struct same_as {
	const char *text;
	bool same;
};

static bool
is_same(struct pty_screen *ps, void *arg)
{
	struct same_as *s = arg;
	char *text = without_times(pty_text(ps));

	s->same = strcmp(text, s->text) == 0;
	free(text);
	return s->same;
}

/* Waits until the program shows just what a fresh one of this size shows. */
static void
assert_like_fresh(struct pty_screen *ps, int rows, int cols)
{
	struct pty_screen *fresh = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .rows = rows, .cols = cols });
	struct same_as s = { .same = false };
	char *want, *have;

	rig_see(fresh, "does not answer since");
	pty_wait_quiet(fresh, 200, 2000);
	want = without_times(pty_text(fresh));
	s.text = want;
	if (!pty_wait(ps, is_same, &s, WAIT_MS)) {
		have = pty_text(ps);
		fail_msg("at %d x %d the screen is\n%sand a fresh one is\n%s", rows, cols, have, want);
	}
	free(want);
	rig_quit(fresh);
}

static void
test_each_size_is_drawn_within_itself(void **state)
{
	static const struct { int rows, cols; const char *shows; } sizes[] = {
		{ 1, 1, NULL }, { 1, 200, "The topics come" }, { 2, 2, NULL }, { 3, 20, NULL }, { 5, 500, "topicmon" },
		{ 200, 3, NULL }, { 10, 40, "no answer since" }, { 24, 80, "does not answer" }, { 60, 200, "does not answer" },
		{ 200, 400, "does not answer" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct pty_screen *ps = rig_start(&(struct session){
			.args = ARGS("-b", CLOSED), .rows = sizes[i].rows, .cols = sizes[i].cols });

		if (sizes[i].shows != NULL)
			rig_see(ps, sizes[i].shows);
		else
			assert_true(pty_wait_quiet(ps, 300, WAIT_MS));
		assert_true(pty_altscreen(ps));
		/* With a card over it too; whether that is in sight differs, so a signal ends it. */
		pty_keys(ps, "?");
		rig_settle(ps);
		pty_kill(ps, SIGTERM);
		rig_ends(ps, 0);
		rig_teardown(NULL);
		rig_setup(NULL);
	}
}

static void
test_down_to_one_cell_and_back(void **state)
{
	struct pty_screen *ps = rig_start_down();

	(void)state;
	pty_resize(ps, 1, 1);
	pty_keys(ps, "?");
	rig_settle(ps);
	pty_resize(ps, 32, 120);
	rig_see(ps, "┌ Keys");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Keys");
	assert_like_fresh(ps, 32, 120);
	rig_quit(ps);
}

static void
test_a_storm_of_sizes_ends_in_a_true_screen(void **state)
{
	struct pty_screen *ps = rig_start_down();
	uint32_t random = 4711;

	(void)state;
	for (int i = 0; i < STORM; i++) {
		random = random * 1664525u + 1013904223u;
		pty_resize(ps, 1 + (int)(random >> 8) % 70, 1 + (int)(random >> 16) % 250);
		if (i % 7 == 0)
			pty_pump(ps, 1);
		if (i % 50 == 0)
			pty_keys(ps, i % 100 == 0 ? "?" : "<Esc>");
	}
	pty_resize(ps, 40, 132);
	assert_true(pty_wait_quiet(ps, 200, WAIT_MS));
	if (pty_find(ps, "┌ Keys", NULL, NULL))
		pty_keys(ps, "<Esc>");
	assert_like_fresh(ps, 40, 132);
	rig_clean(ps);
	rig_quit(ps);
}

/* The cards too: they shrink with the screen and grow again. */
static void
test_a_card_survives_any_size(void **state)
{
	struct pty_screen *ps = rig_start_down();
	static const int sizes[][2] = { { 6, 30 }, { 1, 1 }, { 2, 120 }, { 60, 4 }, { 24, 80 } };

	(void)state;
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		pty_resize(ps, sizes[i][0], sizes[i][1]);
		pty_keys(ps, "t");
		assert_true(pty_wait_quiet(ps, 100, WAIT_MS));
	}
	rig_see(ps, "ttttt");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "ttttt");
	assert_like_fresh(ps, 24, 80);
	rig_quit(ps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
		TEST(test_each_size_is_drawn_within_itself),
		TEST(test_down_to_one_cell_and_back),
		TEST(test_a_storm_of_sizes_ends_in_a_true_screen),
		TEST(test_a_card_survives_any_size),
	};

	return cmocka_run_group_tests_name("pty_sizes", tests, NULL, NULL);
}
