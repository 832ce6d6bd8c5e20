/* bench: see the header. */
#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define SLICE_MS 20

void
figure_add(struct figure *f, double value)
{
	f->v = xreallocarray(f->v, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = value;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
not_measured(const char *name, const char *why)
{
	printf("%s\t-\t%s\n", name, why);
	fflush(stdout);
}

void
figure_print(struct figure *f, const char *name, const char *unit)
{
	double median;

	if (f->n == 0) {
		not_measured(name, "no run came to its end");
		return;
	}
	qsort(f->v, f->n, sizeof(*f->v), by_value);
	median = f->n % 2 == 1 ? f->v[f->n / 2] : (f->v[f->n / 2 - 1] + f->v[f->n / 2]) / 2;
	/* The smallest value that 99 of 100 do not exceed. */
	printf("%s\t%s\t%zu\t%.3f\t%.3f\t%.3f\t%.3f\n", name, unit, f->n, median, f->v[0], f->v[f->n - 1],
	       f->v[(f->n * 99 + 99) / 100 - 1]);
	fflush(stdout);
	free(f->v);
	*f = (struct figure){ .n = 0 };
}

struct pty_screen *
bench_start(const char *program, const char *bootstrap, const char *topic)
{
	/* A folder that cannot be: nobody's config.json or themes are found. */
	static const char *const env[] = { "XDG_CONFIG_HOME=/nonexistent", "XDG_STATE_HOME=/nonexistent", NULL };
	const struct pty_options o = { .rows = BENCH_ROWS, .cols = BENCH_COLS, .term = "xterm-256color", .env = env };
	const char *const argv[] = { program, "-b", bootstrap, topic, NULL };

	return pty_start(&o, argv);
}

void
bench_end(struct pty_screen *ps)
{
	int status;

	pty_kill(ps, SIGTERM);
	pty_exit_status(ps, 5000, &status);
	pty_free(ps);
}

int64_t
bench_wait(struct pty_screen *ps, bool (*holds)(struct pty_screen *ps, const void *arg), const void *arg,
           int timeout_ms)
{
	int64_t deadline = clock_us() + timeout_ms * INT64_C(1000), at;

	do {
		bool any = pty_pump(ps, SLICE_MS);

		at = clock_us();
		if (any && holds(ps, arg))
			return at;
	} while (at < deadline);
	return -1;
}

static bool
has_text(struct pty_screen *ps, const void *arg)
{
	return pty_find(ps, arg, NULL, NULL);
}

int64_t
bench_wait_text(struct pty_screen *ps, const char *text, int timeout_ms)
{
	return bench_wait(ps, has_text, text, timeout_ms);
}

void
bench_pass(struct pty_screen *ps, int ms)
{
	int64_t until = clock_ms() + ms, now;

	while ((now = clock_ms()) < until)
		pty_pump(ps, (int)(until - now));
}

/* After the frame and the cursor's mark: NAME PARTITIONS MESSAGES. */
static bool
row_of(const char *line, const char *prefix, bool *counted)
{
	const char *at = strstr(line, prefix);
	char name[256], partitions[32], messages[32];

	if (at == NULL || at - line > 7)
		return false;
	*counted = sscanf(at, "%255s %31s %31s", name, partitions, messages) == 3 &&
		partitions[0] >= '0' && partitions[0] <= '9' && messages[strspn(messages, "≤")] >= '0' &&
		messages[strspn(messages, "≤")] <= '9';
	return true;
}

size_t
bench_rows(struct pty_screen *ps, const char *prefix, size_t *counted)
{
	size_t n = 0;

	*counted = 0;
	for (int y = 0; y < BENCH_ROWS; y++) {
		char *line = pty_line(ps, y);
		bool number = false;

		if (row_of(line, prefix, &number)) {
			n++;
			*counted += number;
		}
		free(line);
	}
	return n;
}
