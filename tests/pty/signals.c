/* However the program goes, or is stopped, the terminal is as it was. No broker is needed. */
#include "rig.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define QUIT_MS 2000

static bool
is_restored(struct pty_screen *ps, void *arg)
{
	(void)arg;
	return pty_not_restored(ps) == NULL;
}

static bool
is_full_screen(struct pty_screen *ps, void *arg)
{
	int y, x;

	(void)arg;
	return pty_altscreen(ps) && !pty_cursor(ps, &y, &x) && !pty_termios_restored(ps) &&
		pty_find(ps, CLOSED " does not answer", NULL, NULL);
}

/* Stops it the given way, looks at the terminal, continues it and looks at the screen. */
static void
assert_suspends(void (*stop)(struct pty_screen *ps))
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .through_job = true });

	rig_see(ps, CLOSED " does not answer");
	for (int i = 0; i < 2; i++) {
		stop(ps);
		rig_see(ps, "job stopped");
		if (!pty_wait(ps, is_restored, NULL, WAIT_MS))
			fail_msg("suspended, %s", pty_not_restored(ps));
		pty_send(ps, "fg\n");
		if (!pty_wait(ps, is_full_screen, NULL, WAIT_MS))
			fail_msg("continued, it does not draw");
		rig_gone(ps, "job stopped");
	}
	rig_quit(ps);
}

static void
by_key(struct pty_screen *ps)
{
	pty_keys(ps, "<C-z>");
}

static void
test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(void **state)
{
	(void)state;
	assert_suspends(by_key);
}

static void
by_name(struct pty_screen *ps)
{
	/* The card of the last time is drawn once more before it goes. */
	rig_gone(ps, "┌ Command");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "suspend<Enter>");
}

static void
test_suspend_by_its_name(void **state)
{
	(void)state;
	assert_suspends(by_name);
}

/* Whoever had the terminal meanwhile left it as it liked. */
static void
test_continued_after_a_stop_by_force_it_draws_anew(void **state)
{
	struct pty_screen *ps = rig_start_down();
	size_t before;

	(void)state;
	pty_kill(ps, SIGSTOP);
	before = pty_bytes(ps);
	pty_kill(ps, SIGCONT);
	assert_true(pty_wait(ps, is_full_screen, NULL, WAIT_MS));
	/* All of it, not only the clock. */
	while (pty_bytes(ps) < before + 1000)
		assert_true(pty_pump(ps, WAIT_MS));
	rig_see(ps, CLOSED " does not answer");
	rig_quit(ps);
}

static void
test_signals_that_end_it_are_a_way_to_quit(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct pty_screen *ps = rig_start_down();
		int64_t start = clock_ms();

		pty_kill(ps, signals[i]);
		rig_ends(ps, 0);
		assert_in_range(clock_ms() - start, 0, QUIT_MS);
	}
}

static void
test_a_closed_window_ends_it(void **state)
{
	struct pty_screen *ps = rig_start_down();
	int64_t start = clock_ms();
	int status;

	(void)state;
	pty_hangup(ps);
	assert_true(pty_exit_status(ps, WAIT_MS, &status));
	assert_in_range(clock_ms() - start, 0, QUIT_MS);
	assert_true(WIFEXITED(status));
}

static void
test_a_crash_gives_the_terminal_back(void **state)
{
	static const int signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct pty_screen *ps = rig_start_down();
		int status;

		pty_kill(ps, signals[i]);
		assert_true(pty_exit_status(ps, WAIT_MS, &status));
		/* By that signal, so that a core is written and the shell says what happened. */
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		if (pty_not_restored(ps) != NULL)
			fail_msg("after signal %d %s", signals[i], pty_not_restored(ps));
	}
}

static void
test_a_crash_in_a_card_with_another_theme_too(void **state)
{
	struct pty_screen *ps = rig_start(&(struct session){
		.args = ARGS("-b", CLOSED, "--theme", "light"), .env = ARGS("COLORTERM=truecolor") });
	int status;

	(void)state;
	rig_see(ps, CLOSED " does not answer");
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_kill(ps, SIGSEGV);
	assert_true(pty_exit_status(ps, WAIT_MS, &status));
	assert_null(pty_not_restored(ps));
}

static void
test_q_with_a_dead_broker_takes_less_than_two_seconds(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct pty_screen *ps = rig_start_down();
		int64_t start = clock_ms();

		rig_quit(ps);
		assert_in_range(clock_ms() - start, 0, QUIT_MS);
	}
}

static void
test_ctrl_c_quits(void **state)
{
	struct pty_screen *ps = rig_start_down();

	(void)state;
	pty_keys(ps, "<C-c>");
	rig_ends(ps, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
		TEST(test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again),
		TEST(test_suspend_by_its_name),
		TEST(test_continued_after_a_stop_by_force_it_draws_anew),
		TEST(test_signals_that_end_it_are_a_way_to_quit),
		TEST(test_a_closed_window_ends_it),
		TEST(test_a_crash_gives_the_terminal_back),
		TEST(test_a_crash_in_a_card_with_another_theme_too),
		TEST(test_q_with_a_dead_broker_takes_less_than_two_seconds),
		TEST(test_ctrl_c_quits),
	};

	return cmocka_run_group_tests_name("pty_signals", tests, NULL, NULL);
}
