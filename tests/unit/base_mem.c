/* mem: copies, and what happens when memory runs out. */
#include "cmocka_all.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topicmon/base/mem.h"

static void
copies_are_copies(void **state)
{
	char *s = xstrdup("topic"), *n = xstrndup("topic", 3);
	void *m = xmemdup("a\0b", 3);

	(void)state;
	assert_string_equal(s, "topic");
	assert_string_equal(n, "top");
	assert_memory_equal(m, "a\0b", 3);
	assert_null(xstrdup(NULL));
	assert_null(xmemdup(NULL, 3));
	free(s);
	free(n);
	free(m);
}

static void
size_zero_gives_memory(void **state)
{
	void *a = xmalloc(0), *b = xcalloc(0, 8), *c = xrealloc(NULL, 0), *d = xmemdup("", 0);

	(void)state;
	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_non_null(d);
	free(a);
	free(b);
	free(c);
	free(d);
}

static void
say_restored(void)
{
	if (write(STDOUT_FILENO, "R", 1) != 1)
		_exit(9);
}

/* An overflowing product aborts; the handler was called first and once. */
static void
exhaustion_restores_and_aborts(void **state)
{
	int out[2], err[2], status;
	char text[100];
	ssize_t n;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(out), 0);
	assert_int_equal(pipe(err), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		mem_on_exhausted(say_restored);
		xcalloc(SIZE_MAX / 2, 3);
		_exit(0);
	}
	close(out[1]);
	close(err[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	n = read(out[0], text, sizeof(text));
	assert_int_equal(n, 1);
	n = read(err[0], text, sizeof(text) - 1);
	assert_true(n > 0);
	text[n] = '\0';
	assert_non_null(strstr(text, "out of memory"));
	close(out[0]);
	close(err[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_copies),
		cmocka_unit_test(size_zero_gives_memory),
		cmocka_unit_test(exhaustion_restores_and_aborts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
