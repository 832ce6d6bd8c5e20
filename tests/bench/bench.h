/*
 * bench: what the measuring programs share: figures of several runs, and the real program on a screen of 120 × 32.
 *
 * A figure is printed as one line of fields separated by tabs, which run.sh puts into its table:
 *   NAME UNIT RUNS MEDIAN MIN MAX P99       or, when it could not be measured:       NAME - WHY
 *
 * Thread: one, but for what live.c says.   Depends on: base, pty_screen.
 */
#ifndef TOPICMON_TESTS_BENCH_H
#define TOPICMON_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pty_screen.h"

#define BENCH_ROWS 32
#define BENCH_COLS 120
#define DEADLINE_MS 20000       /* of whatever must come; later counts as not measured */

struct figure {
	double *v;      /* owned */
	size_t n;
};

void figure_add(struct figure *f, double value);
/* Prints the line and forgets the values. Without any it says that it was not measured. */
void figure_print(struct figure *f, const char *name, const char *unit);
void not_measured(const char *name, const char *why);

/* Starts the program on a broker; topic NULL: none is named. The user's own config is not read. */
struct pty_screen *bench_start(const char *program, const char *bootstrap, const char *topic);
/* Ends it as a closed window would, without a wait for its manners. */
void bench_end(struct pty_screen *ps);
/* Takes output until the condition holds; the time of the output that made it hold, in microseconds, or -1 when the
 * deadline came first. */
int64_t bench_wait(struct pty_screen *ps, bool (*holds)(struct pty_screen *ps, const void *arg), const void *arg,
                   int timeout_ms);
/* The same for a text on the screen. */
int64_t bench_wait_text(struct pty_screen *ps, const char *text, int timeout_ms);
/* Takes output for that long, so that a measured moment is not always the same one of a turn. */
void bench_pass(struct pty_screen *ps, int ms);

/* How many rows of the topics pane begin with prefix; *counted: of them, those with a number of messages. */
size_t bench_rows(struct pty_screen *ps, const char *prefix, size_t *counted);

/* live.c: these have messages under way. */
int bench_live(const char *program, const char *bootstrap, const char *topic, int count);
int bench_keys(const char *program, const char *bootstrap, const char *topic, const char *load, int rate, int presses);

#endif
