/* How the screen comes up, and what keeps it from coming up. No broker is needed. */
#include "rig.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

static void
test_paints_at_once_and_names_the_address_that_is_silent(void **state)
{
	int64_t start = clock_ms();
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED) });
	char *line;
	int h, m, s;

	(void)state;
	rig_see(ps, "topicmon");
	/* An order of magnitude above the goal, which tests/bench measures; a screen that waited for a broker takes longer. */
	assert_in_range(clock_ms() - start, 0, 2000);
	line = rig_line_with(ps, CLOSED " does not answer since ");
	assert_int_equal(sscanf(strstr(line, "since"), "since %d:%d:%d", &h, &m, &s), 3);
	assert_non_null(strstr(line, "refused"));
	free(line);
	rig_see(ps, "The topics come here as soon as");
	rig_quit(ps);
}

/* A host that takes the connection and says nothing: a firewall, a stopped broker. */
static void
test_names_a_broker_that_accepts_and_never_answers(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), status;
	struct pty_screen *ps;
	char bootstrap[32];
	int64_t start;

	(void)state;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	snprintf(bootstrap, sizeof bootstrap, "127.0.0.1:%d", ntohs(address.sin_port));
	ps = rig_start(&(struct session){ .args = ARGS("-b", bootstrap, "--timeout", "1") });
	rig_see(ps, "does not answer since");
	rig_see(ps, bootstrap);
	start = clock_ms();
	pty_keys(ps, "q");
	assert_true(pty_exit_status(ps, WAIT_MS, &status));
	assert_in_range(clock_ms() - start, 0, 2000);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_null(pty_not_restored(ps));
	close(listener);
}

static void
test_names_a_host_that_does_not_resolve_and_the_option(void **state)
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", "broker1.invalid:9092"), .cols = 200 });

	(void)state;
	rig_see(ps, "broker1.invalid:9092 does not answer since");
	rig_see(ps, "does not resolve");
	rig_see(ps, "--resolve broker1.invalid=");
	rig_quit(ps);
}

static void
test_the_name_given_by_resolve_is_used(void **state)
{
	struct pty_screen *ps = rig_start(&(struct session){
		.args = ARGS("-b", "broker1.invalid:1", "--resolve", "broker1.invalid=127.0.0.1"), .cols = 200 });
	char *line = rig_line_with(ps, "does not answer since");

	(void)state;
	assert_non_null(strstr(line, "refused"));
	free(line);
	rig_quit(ps);
}

/* --- what is no terminal --- */

static void
assert_sentence(const char *text, const char *what)
{
	const char *newline = strchr(text, '\n');

	if (strncmp(text, "topicmon: ", 10) != 0 || newline == NULL || newline[1] != '\0')
		fail_msg("not one sentence: '%s'", text);
	if (strstr(text, what) == NULL)
		fail_msg("'%s' does not name '%s'", text, what);
	for (const char *p = text; p < newline; p++)
		if ((unsigned char)*p < ' ')
			fail_msg("a control byte in '%s'", text);
}

static void
test_without_a_terminal_it_says_so_and_exits_2(void **state)
{
	struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;

	(void)state;
	assert_int_equal(rig_verb(ARGS("-b", CLOSED), "", &out, &err), 2);
	assert_string_equal(strbuf_str(&out), "");
	assert_sentence(strbuf_str(&err), "needs a terminal");
	strbuf_fini(&out);
	strbuf_fini(&err);
}

static void
test_one_end_that_is_no_terminal_is_enough(void **state)
{
	static const struct { const char *command, *says; } cases[] = {
		{ PROGRAM " -b " CLOSED " | cat; echo \"after the pipe\"", "standard output is not one" },
		{ "echo q | " PROGRAM " -b " CLOSED "; echo \"after status $?\"", "standard input is not one" },
	};
	struct pty_options o = { .rows = 24, .cols = 150, .term = "xterm" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps = pty_start(&o, ARGS("sh", "-c", cases[i].command));
		int status;

		rig_see(ps, "after ");
		rig_see(ps, cases[i].says);
		if (i == 1)
			rig_see(ps, "after status 2");
		assert_true(pty_exit_status(ps, WAIT_MS, &status));
		assert_null(pty_not_restored(ps));
		pty_free(ps);
	}
}

static void
test_a_terminal_that_cannot_draw_gets_a_sentence(void **state)
{
	static const char *const terms[] = { "", "dumb", "nonsense", "../../etc/passwd", "unknown" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .term = terms[i] });
		char *line;

		rig_ends(ps, 2);
		line = rig_line_with(ps, "topicmon: ");
		assert_non_null(strstr(line, "TERM"));
		assert_non_null(strstr(line, "terminal"));
		if (terms[i][0] != '\0')
			assert_non_null(strstr(line, terms[i]));
		assert_false(pty_wrote(ps, "\033"));
		free(line);
		rig_teardown(NULL);
		rig_setup(NULL);
	}
}

/* --- what was written wrongly --- */

static void
test_a_wrong_option_is_named(void **state)
{
	static const struct { const char *args[4]; const char *names; } cases[] = {
		{ { "--colour" }, "--colour" },
		{ { "-b" }, "-b" },
		{ { "-b", "" }, "-b" },
		{ { "-b", "host:99999" }, "host:99999" },
		{ { "--timeout", "soon" }, "--timeout" },
		{ { "--resolve", "broker1" }, "--resolve" },
		{ { "-X", "sasl.password" }, "-X" },
		{ { "-F", "/nonexistent/client.properties" }, "/nonexistent/client.properties" },
		{ { "--theme" }, "--theme" },
		{ { "list", "--theme", "dark" }, "--theme" },
		{ { "tail", "t", "--from", }, "--from" },
		{ { "create", "a/b" }, "a/b" },
		{ { "one", "two" }, "two" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;

		assert_int_equal(rig_verb(cases[i].args, "", &out, &err), 2);
		assert_string_equal(strbuf_str(&out), "");
		assert_sentence(strbuf_str(&err), cases[i].names);
		strbuf_fini(&out);
		strbuf_fini(&err);
	}
}

/* Only the library knows them, when the screen is there already: it goes again. */
static void
test_a_wrong_property_is_named_and_the_terminal_given_back(void **state)
{
	static const struct { const char *property, *names; } cases[] = {
		{ "nonsense.property=1", "nonsense.property" },
		{ "security.protocol=foo", "security.protocol" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps = rig_start(&(struct session){
			.args = ARGS("-b", CLOSED, "-X", cases[i].property) });
		char *line;

		rig_ends(ps, 2);
		line = rig_line_with(ps, "topicmon: ");
		assert_non_null(strstr(line, cases[i].names));
		free(line);
	}
}

static void
test_a_wrong_config_is_named_with_its_place(void **state)
{
	static const struct { const char *json, *names; } cases[] = {
		{ "{ \"theme\": \"dark\"", "config.json" },
		{ "{ \"themes\": \"dark\" }", "themes" },
		{ "{ \"refresh_ms\": \"often\" }", "refresh_ms" },
		{ "{ \"refresh_ms\": -1 }", "refresh_ms" },
		{ "{ \"protected\": [\"a\", 7] }", "protected[1]" },
		{ "{ \"resolve\": { \"broker1\": 7 } }", "resolve.broker1" },
		{ "{ \"keymap\": { \"topics\": { \"ctrl-\": \"create\" } } }", "keymap.topics" },
		{ "{ \"keymap\": { \"topics\": { \"r\": \"explode\" } } }", "explode" },
		{ "{ \"keymap\": { \"attic\": { \"r\": \"refresh\" } } }", "attic" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps;
		char *screen;

		rig_write("config/topicmon/config.json", cases[i].json);
		ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED), .cols = 400 });
		rig_ends(ps, 2);
		screen = pty_text(ps);
		assert_sentence(strcat(strtok(screen, "\n"), "\n"), cases[i].names);
		assert_non_null(strstr(screen, "config.json"));
		free(screen);
		rig_teardown(NULL);
		rig_setup(NULL);
	}
}

static void
test_a_broken_theme_is_named_and_the_default_used(void **state)
{
	static const struct { const char *json, *names; } cases[] = {
		{ "{ \"roles\": { \"table.headr\": { \"fg\": \"red\" } } }", "table.headr" },
		{ "{ \"roles\": { \"text\": { \"fg\": \"reddish\" } } }", "reddish" },
		{ "{ \"roles\": ", "broken.json" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps;

		rig_write("config/topicmon/themes/broken.json", cases[i].json);
		ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED, "--theme", "broken"), .cols = 200 });
		rig_see(ps, "broken.json");
		rig_see(ps, cases[i].names);
		/* The log keeps what the status line forgets. */
		pty_keys(ps, "5");
		rig_see(ps, "┌ Log");
		rig_see(ps, "broken.json");
		pty_keys(ps, "q");
		rig_gone(ps, "┌ Log");
		rig_quit(ps);
		rig_teardown(NULL);
		rig_setup(NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)
		TEST(test_paints_at_once_and_names_the_address_that_is_silent),
		TEST(test_names_a_broker_that_accepts_and_never_answers),
		TEST(test_names_a_host_that_does_not_resolve_and_the_option),
		TEST(test_the_name_given_by_resolve_is_used),
		TEST(test_without_a_terminal_it_says_so_and_exits_2),
		TEST(test_one_end_that_is_no_terminal_is_enough),
		TEST(test_a_terminal_that_cannot_draw_gets_a_sentence),
		TEST(test_a_wrong_option_is_named),
		TEST(test_a_wrong_property_is_named_and_the_terminal_given_back),
		TEST(test_a_wrong_config_is_named_with_its_place),
		TEST(test_a_broken_theme_is_named_and_the_default_used),
	};

	return cmocka_run_group_tests_name("pty_start", tests, NULL, NULL);
}
