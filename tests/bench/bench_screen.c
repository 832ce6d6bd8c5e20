/*
 * bench_screen: measures the real program in a pseudo-terminal. run.sh calls it and says what the figures should be.
 *
 *   bench_screen paint NAME PROGRAM RUNS                             exec to the first frame, no broker there
 *   bench_screen list NAME PROGRAM BOOTSTRAP PREFIX TOPICS RUNS      exec to PREFIX… topics with their message counts
 *   bench_screen idle NAME PROGRAM BOOTSTRAP TOPIC WARM SECONDS      NAME_cpu and NAME_rss
 *   bench_screen quit NAME PROGRAM BOOTSTRAP PID RUNS                key to exit; PID (0: none) is stopped meanwhile
 *   bench_screen live PROGRAM BOOTSTRAP TOPIC COUNT                  delivered to seen
 *   bench_screen keys PROGRAM BOOTSTRAP TOPIC LOAD RATE PRESSES      key to paint while messages stream in
 *   bench_screen command NAME RUNS COMMAND [ARG]...                  exec to exit, output thrown away
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define NO_BROKER "127.0.0.1:1"

static int
usage(void)
{
	fputs("usage: bench_screen paint|list|idle|quit|live|keys|command ... (see the head of bench_screen.c)\n", stderr);
	return 2;
}

/* On the second screen, so that the sentence of a program that did not start is no paint. */
static bool
painted(struct pty_screen *ps, const void *arg)
{
	return pty_altscreen(ps) && pty_find(ps, arg, NULL, NULL);
}

static int
paint(char **args)
{
	struct figure f = { .n = 0 };
	int runs = atoi(args[2]);

	for (int i = 0; i < runs; i++) {
		int64_t start = clock_us(), at;
		struct pty_screen *ps = bench_start(args[1], NO_BROKER, NULL);

		at = bench_wait(ps, painted, "topicmon", DEADLINE_MS);
		if (at >= 0)
			figure_add(&f, (double)(at - start) / 1e3);
		bench_end(ps);
	}
	figure_print(&f, args[0], "ms");
	return 0;
}

struct wanted {
	const char *prefix;
	size_t rows;
};

static bool
all_counted(struct pty_screen *ps, const void *arg)
{
	const struct wanted *w = arg;
	size_t counted, rows = bench_rows(ps, w->prefix, &counted);

	return rows >= w->rows && counted == rows;
}

/* How many of the topics the first screen has room for: a run that is not measured. */
static size_t
rows_in_sight(const char *program, const char *bootstrap, const char *prefix, size_t topics)
{
	struct pty_screen *ps = bench_start(program, bootstrap, NULL);
	struct wanted any = { prefix, 1 };
	size_t counted, rows = 0;

	if (bench_wait(ps, all_counted, &any, DEADLINE_MS) >= 0) {
		bench_pass(ps, 1000);
		rows = bench_rows(ps, prefix, &counted);
	}
	bench_end(ps);
	return rows < topics ? rows : topics;
}

static int
list(char **args)
{
	const char *program = args[1], *bootstrap = args[2];
	struct wanted w = { args[3], 0 };
	int runs = atoi(args[5]);
	struct figure f = { .n = 0 };

	w.rows = rows_in_sight(program, bootstrap, w.prefix, (size_t)atoi(args[4]));
	if (w.rows == 0) {
		not_measured(args[0], "the topics with their counts never came");
		return 1;
	}
	for (int i = 0; i < runs; i++) {
		int64_t start = clock_us(), at;
		struct pty_screen *ps = bench_start(program, bootstrap, NULL);

		at = bench_wait(ps, all_counted, &w, DEADLINE_MS);
		if (at >= 0)
			figure_add(&f, (double)(at - start) / 1e3);
		bench_end(ps);
	}
	figure_print(&f, args[0], "ms");
	return 0;
}

/* Processor time of a process so far, in microseconds; -1: this system does not say. */
static int64_t
cpu_us(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &ts) != 0)
		return -1;
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

static double
rss_mb(pid_t pid)
{
	char command[64];
	long kb = -1;
	FILE *ps;

	snprintf(command, sizeof command, "ps -o rss= -p %ld", (long)pid);
	ps = popen(command, "r");
	if (ps == NULL || fscanf(ps, "%ld", &kb) != 1)
		kb = -1;
	if (ps != NULL)
		pclose(ps);
	return kb < 0 ? -1 : (double)kb / 1024;
}

static int
idle(char **args)
{
	char cpu_name[64], rss_name[64];
	struct pty_screen *ps = bench_start(args[1], args[2], args[3]);
	int64_t before, after, start, end;
	struct figure cpu = { .n = 0 }, rss = { .n = 0 };

	snprintf(cpu_name, sizeof cpu_name, "%s_cpu", args[0]);
	snprintf(rss_name, sizeof rss_name, "%s_rss", args[0]);
	bench_pass(ps, atoi(args[4]) * 1000);
	before = cpu_us(pty_pid(ps));
	start = clock_us();
	bench_pass(ps, atoi(args[5]) * 1000);
	after = cpu_us(pty_pid(ps));
	end = clock_us();
	if (before < 0 || after < 0) {
		not_measured(cpu_name, "this system does not tell the processor time of another process");
	} else {
		figure_add(&cpu, 100.0 * (double)(after - before) / (double)(end - start));
		figure_print(&cpu, cpu_name, "% of a core");
	}
	if (rss_mb(pty_pid(ps)) < 0) {
		not_measured(rss_name, "ps does not tell the resident size");
	} else {
		figure_add(&rss, rss_mb(pty_pid(ps)));
		figure_print(&rss, rss_name, "MB");
	}
	bench_end(ps);
	return 0;
}

static int
quit(char **args)
{
	pid_t broker = (pid_t)atol(args[3]);
	int runs = atoi(args[4]), status;
	struct figure f = { .n = 0 };

	for (int i = 0; i < runs; i++) {
		struct pty_screen *ps = bench_start(args[1], args[2], NULL);
		int64_t start;

		if (bench_wait_text(ps, broker > 0 ? "1 broker" : "does not answer", DEADLINE_MS) >= 0) {
			if (broker > 0)
				kill(broker, SIGSTOP);
			/* So that there are requests under way that nobody answers. */
			bench_pass(ps, 300);
			start = clock_us();
			pty_send(ps, "q");
			if (pty_exit_status(ps, DEADLINE_MS, &status))
				figure_add(&f, (double)(clock_us() - start) / 1e3);
			if (broker > 0)
				kill(broker, SIGCONT);
		}
		bench_end(ps);
	}
	figure_print(&f, args[0], "ms");
	return 0;
}

static bool
run_command(char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int
command(const char *name, int runs, char **argv)
{
	struct figure f = { .n = 0 };

	for (int i = 0; i < runs; i++) {
		int64_t start = clock_us();

		if (!run_command(argv)) {
			not_measured(name, "the command failed");
			free(f.v);
			return 1;
		}
		figure_add(&f, (double)(clock_us() - start) / 1e3);
	}
	figure_print(&f, name, "ms");
	return 0;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	utf8_locale();
	if (strcmp(what, "paint") == 0 && argc == 5)
		return paint(argv + 2);
	if (strcmp(what, "list") == 0 && argc == 8)
		return list(argv + 2);
	if (strcmp(what, "idle") == 0 && argc == 8)
		return idle(argv + 2);
	if (strcmp(what, "quit") == 0 && argc == 7)
		return quit(argv + 2);
	if (strcmp(what, "live") == 0 && argc == 6)
		return bench_live(argv[2], argv[3], argv[4], atoi(argv[5]));
	if (strcmp(what, "keys") == 0 && argc == 8)
		return bench_keys(argv[2], argv[3], argv[4], argv[5], atoi(argv[6]), atoi(argv[7]));
	if (strcmp(what, "command") == 0 && argc > 4)
		return command(argv[2], atoi(argv[3]), argv + 4);
	return usage();
}
