/*
 * topicmon-shot: runs a program in a pseudo-terminal, presses keys, and renders the screen that it drew as SVG. The
 * README's pictures are made with it.
 *
 *   topicmon-shot --size 120x32 --wait TEXT --keys "j<Enter>" --out file.svg -- command args
 *
 * --keys and --wait (until TEXT is seen) and --gone (until it is not) happen in the order in which they are given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>

#include "pty_screen.h"

#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/base/utf8.h"

#define QUIET_MS 120

struct shot {
	int cols, rows;
	const char *term, *out;
	bool text;
	int timeout_ms;
	struct strvec env, steps;       /* steps: what and with which text, in turn */
	char **command;
};

static int
usage(void)
{
	fputs("usage: topicmon-shot [--size COLSxROWS] [--term TERM] [--env NAME=VALUE]... [--timeout SECONDS]\n"
		"                     [--wait TEXT | --gone TEXT | --keys KEYS | --resize COLSxROWS]...\n"
		"                     (--out FILE.svg | --text) -- COMMAND [ARG]...\n", stderr);
	return 2;
}

static bool
parse_size(const char *text, int *cols, int *rows)
{
	char *end;
	long c = strtol(text, &end, 10), r;

	if (*end != 'x' || c < 1 || c > 1000)
		return false;
	r = strtol(end + 1, &end, 10);
	if (*end || r < 1 || r > 1000)
		return false;
	*cols = (int)c;
	*rows = (int)r;
	return true;
}

static bool
is_step(const char *option)
{
	return strcmp(option, "--wait") == 0 || strcmp(option, "--gone") == 0 || strcmp(option, "--keys") == 0 ||
		strcmp(option, "--resize") == 0;
}

static bool
parse(struct shot *shot, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *option = argv[i], *value;

		if (strcmp(option, "--") == 0) {
			shot->command = argv + i + 1;
			break;
		}
		if (strcmp(option, "--text") == 0) {
			shot->text = true;
			continue;
		}
		if (i + 1 >= argc)
			return false;
		value = argv[++i];
		if (is_step(option)) {
			strvec_push(&shot->steps, option);
			strvec_push(&shot->steps, value);
		} else if (strcmp(option, "--size") == 0) {
			if (!parse_size(value, &shot->cols, &shot->rows))
				return false;
		} else if (strcmp(option, "--term") == 0) {
			shot->term = value;
		} else if (strcmp(option, "--env") == 0) {
			strvec_push(&shot->env, value);
		} else if (strcmp(option, "--timeout") == 0) {
			shot->timeout_ms = atoi(value) * 1000;
		} else if (strcmp(option, "--out") == 0) {
			shot->out = value;
		} else {
			return false;
		}
	}
	return shot->command && shot->command[0] && (shot->out || shot->text);
}

static bool
run_steps(struct pty_screen *ps, const struct shot *shot)
{
	for (size_t i = 0; i + 1 < shot->steps.n; i += 2) {
		const char *what = shot->steps.v[i], *text = shot->steps.v[i + 1];
		int cols, rows;

		if (strcmp(what, "--wait") == 0) {
			if (!pty_wait_text(ps, text, shot->timeout_ms))
				return false;
		} else if (strcmp(what, "--gone") == 0) {
			if (!pty_wait_gone(ps, text, shot->timeout_ms))
				return false;
		} else if (strcmp(what, "--keys") == 0) {
			pty_keys(ps, text);
		} else if (parse_size(text, &cols, &rows)) {
			pty_resize(ps, rows, cols);
		}
	}
	/* A stream never falls silent: the picture is then of the last moment. */
	pty_wait_quiet(ps, QUIET_MS, 2000);
	return true;
}

int
main(int argc, char **argv)
{
	struct shot shot = { .cols = 120, .rows = 32, .term = "xterm-256color", .timeout_ms = 15000 };
	struct pty_options o;
	struct pty_screen *ps;
	bool good;
	int status;

	utf8_locale();
	if (!parse(&shot, argc, argv))
		return usage();
	o = (struct pty_options){ .rows = shot.rows, .cols = shot.cols, .term = shot.term,
		.env = (const char *const *)shot.env.v };
	ps = pty_start(&o, (const char *const *)shot.command);
	good = run_steps(ps, &shot);
	if (good && shot.text) {
		char *text = pty_text(ps);

		fputs(text, stdout);
		free(text);
	}
	if (good && shot.out && !pty_svg(ps, shot.out)) {
		perror(shot.out);
		good = false;
	}
	pty_kill(ps, SIGTERM);
	if (!pty_exit_status(ps, 5000, &status))
		fputs("topicmon-shot: the program does not end on SIGTERM; it is killed\n", stderr);
	pty_free(ps);
	strvec_fini(&shot.env);
	strvec_fini(&shot.steps);
	return good ? 0 : 1;
}
