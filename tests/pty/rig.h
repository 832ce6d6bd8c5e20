/*
 * rig: the real program in a pseudo-terminal, with a home folder of its own, for the tests of this folder.
 *
 * What a test starts is ended in rig_teardown(), also when the test failed half way. Every wait has a deadline; a test
 * that asserts how long something took measures it itself.
 *
 * Thread: one.   Depends on: cmocka, pty_screen.
 */
#ifndef TOPICMON_TESTS_PTY_RIG_H
#define TOPICMON_TESTS_PTY_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "pty_screen.h"
#include "topicmon/base/strbuf.h"

#define PROGRAM      TM_BINARY_DIR "/topicmon"
#define WAIT_MS      15000              /* the deadline of whatever must come */
#define CLOSED       "127.0.0.1:1"      /* nobody listens there */
#define ARGS(...)    ((const char *const[]) { __VA_ARGS__, NULL })

struct session {
	const char *const *args;        /* after the program's name; NULL: none */
	const char *const *env;         /* above a clean environment with a home of our own; NULL: none */
	const char *term;               /* NULL: xterm-256color; "": not set */
	int rows, cols;                 /* 0: 32 x 120 */
	bool through_job;               /* as the job of a small shell (job.c), which can stop and continue it */
};

/* setup and teardown for cmocka: a fresh home folder each test. */
int rig_setup(void **state);
int rig_teardown(void **state);

struct pty_screen *rig_start(const struct session *s);
/* On a broker that is not there, at 32 x 120, until it says so. */
struct pty_screen *rig_start_down(void);

/* Fail the test when it does not come, or go, in time. */
void rig_see(struct pty_screen *ps, const char *text);
void rig_gone(struct pty_screen *ps, const char *text);
/* Takes what comes until nothing came for a moment: for showing that a key did nothing. */
void rig_settle(struct pty_screen *ps);
/* The row that holds the text, which must be there; owned by the caller. */
char *rig_line_with(struct pty_screen *ps, const char *text);
/* Waits for the program's own end and asserts its exit status, and that the terminal is as it was. */
void rig_ends(struct pty_screen *ps, int status);
/* Presses q and expects just that. */
void rig_quit(struct pty_screen *ps);
/* The program wrote nothing that is not curses' business. */
void rig_clean(struct pty_screen *ps);

/* Writes a file below the home folder, making its folders: "config/topicmon/config.json". Returns its path (borrowed until
 * the next call). */
const char *rig_write(const char *name, const char *text);
const char *rig_path(const char *name);         /* borrowed until the next call */

/* Runs a command without a terminal; what it wrote is appended to out and err (NULL: thrown away). Its exit status, or
 * 128 and the signal. */
int rig_run(const char *const argv[], const char *input, struct strbuf *out, struct strbuf *err);
/* The program itself, with these arguments. */
int rig_verb(const char *const args[], const char *input, struct strbuf *out, struct strbuf *err);

#endif
