/* rig: see the header. */
#include "rig.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define JOB         TM_BINARY_DIR "/tests/pty/pty_job"
#define STARTED_MAX 8
#define FRAME_GAP_MS 15
#define FRAME_PIECES 20

static char home[64];
static struct pty_screen *started[STARTED_MAX];
static size_t nstarted;
static struct strbuf path = STRBUF_INIT;

static int
remove_one(const char *name, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(name);
}

int
rig_setup(void **state)
{
	(void)state;
	utf8_locale();
	signal(SIGPIPE, SIG_IGN);
	snprintf(home, sizeof home, "/tmp/topicmon-pty-XXXXXX");
	return mkdtemp(home) == NULL;
}

int
rig_teardown(void **state)
{
	(void)state;
	while (nstarted > 0)
		pty_free(started[--nstarted]);
	nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	strbuf_fini(&path);
	return 0;
}

const char *
rig_path(const char *name)
{
	strbuf_reset(&path);
	strbuf_addf(&path, "%s/%s", home, name);
	return strbuf_str(&path);
}

const char *
rig_write(const char *name, const char *text)
{
	FILE *f;

	rig_path(name);
	for (char *p = strchr(path.buf + strlen(home) + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(path.buf, 0700);
		*p = '/';
	}
	f = fopen(path.buf, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	return path.buf;
}

/* What the program is told about its home, before the test's own. */
static void
environment(struct strvec *env, const char *const *more)
{
	static const char *const folders[][2] = {
		{ "HOME", "" }, { "XDG_CONFIG_HOME", "/config" }, { "XDG_STATE_HOME", "/state" },
	};
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%s=%s%s", folders[i][0], home, folders[i][1]);
		strvec_push(env, strbuf_str(&text));
	}
	for (; more != NULL && *more != NULL; more++)
		strvec_push(env, *more);
	strbuf_fini(&text);
}

struct pty_screen *
rig_start(const struct session *s)
{
	struct strvec env = STRVEC_INIT, argv = STRVEC_INIT;
	struct pty_options o = { .rows = s->rows != 0 ? s->rows : 32, .cols = s->cols != 0 ? s->cols : 120 };

	assert_true(nstarted < STARTED_MAX);
	o.term = s->term == NULL ? "xterm-256color" : s->term[0] != '\0' ? s->term : NULL;
	environment(&env, s->env);
	o.env = (const char *const *)env.v;
	if (s->through_job)
		strvec_push(&argv, JOB);
	strvec_push(&argv, PROGRAM);
	for (const char *const *arg = s->args; arg != NULL && *arg != NULL; arg++)
		strvec_push(&argv, *arg);
	started[nstarted++] = pty_start(&o, (const char *const *)argv.v);
	strvec_fini(&env);
	strvec_fini(&argv);
	return started[nstarted - 1];
}

struct pty_screen *
rig_start_down(void)
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", CLOSED) });

	rig_see(ps, CLOSED " does not answer since");
	return ps;
}

/* A frame may come in several pieces: what was seen in the first must hold when the last is there. */
static void
whole_frame(struct pty_screen *ps)
{
	for (int i = 0; i < FRAME_PIECES && pty_pump(ps, FRAME_GAP_MS); i++)
		;
}

static void
see(struct pty_screen *ps, const char *text, bool there)
{
	int64_t deadline = clock_ms() + WAIT_MS;

	do {
		int left = (int)(deadline - clock_ms());

		if (!(there ? pty_wait_text : pty_wait_gone)(ps, text, left > 0 ? left : 0))
			fail_msg("'%s' %s", text, there ? "never came on the screen" : "never went from the screen");
		whole_frame(ps);
	} while (pty_find(ps, text, NULL, NULL) != there);
}

void
rig_see(struct pty_screen *ps, const char *text)
{
	see(ps, text, true);
}

void
rig_gone(struct pty_screen *ps, const char *text)
{
	see(ps, text, false);
}

void
rig_settle(struct pty_screen *ps)
{
	/* The clock draws each second, so that there are such moments. */
	for (int i = 0; i < 50 && pty_pump(ps, 250); i++)
		;
}

char *
rig_line_with(struct pty_screen *ps, const char *text)
{
	int y;

	rig_see(ps, text);
	assert_true(pty_find(ps, text, &y, NULL));
	return pty_line(ps, y);
}

void
rig_clean(struct pty_screen *ps)
{
	if (pty_stray(ps) != NULL)
		fail_msg("the program wrote %s", pty_stray(ps));
}

void
rig_ends(struct pty_screen *ps, int expected)
{
	int status;

	if (!pty_exit_status(ps, WAIT_MS, &status))
		fail_msg("the program does not end");
	if (WIFSIGNALED(status))
		fail_msg("the program was ended by signal %d", WTERMSIG(status));
	assert_int_equal(WEXITSTATUS(status), expected);
	if (pty_not_restored(ps) != NULL)
		fail_msg("%s", pty_not_restored(ps));
	rig_clean(ps);
}

void
rig_quit(struct pty_screen *ps)
{
	pty_keys(ps, "q");
	rig_ends(ps, 0);
}

/* --- without a terminal --- */

static _Noreturn void
run_child(const char *const argv[], int in, int out, int err)
{
	struct strvec args = STRVEC_INIT, env = STRVEC_INIT;

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	environment(&env, NULL);
	for (size_t i = 0; i < env.n; i++) {
		char *equals = strchr(env.v[i], '=');

		*equals = '\0';
		setenv(env.v[i], equals + 1, 1);
	}
	for (size_t i = 0; argv[i] != NULL; i++)
		strvec_push(&args, argv[i]);
	signal(SIGPIPE, SIG_DFL);
	execvp(args.v[0], args.v);
	_exit(127);
}

/* Reads what there is; false at its end. */
static bool
read_some(int fd, struct strbuf *out)
{
	char buf[16384];
	ssize_t n = read(fd, buf, sizeof buf);

	if (n > 0 && out != NULL)
		strbuf_add(out, buf, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

/* Feeds and reads the three ends until the outputs have ended. */
static void
serve(int in, const char *input, int out_fd, struct strbuf *out, int err_fd, struct strbuf *err)
{
	size_t left = input != NULL ? strlen(input) : 0;

	fcntl(in, F_SETFL, O_NONBLOCK);
	while (out_fd >= 0 || err_fd >= 0) {
		struct pollfd fds[] = {
			{ .fd = out_fd, .events = POLLIN }, { .fd = err_fd, .events = POLLIN },
			{ .fd = in, .events = POLLOUT },
		};

		if (in >= 0 && left == 0) {
			close(in);
			in = -1;
			continue;
		}
		poll(fds, 3, -1);
		if (fds[2].revents != 0) {
			ssize_t n = write(in, input, left);

			left = n < 0 ? 0 : left - (size_t)n;
			input += n < 0 ? 0 : n;
		}
		if (fds[0].revents != 0 && !read_some(out_fd, out))
			out_fd = -1;
		if (fds[1].revents != 0 && !read_some(err_fd, err))
			err_fd = -1;
	}
	if (in >= 0)
		close(in);
}

int
rig_run(const char *const argv[], const char *input, struct strbuf *out, struct strbuf *err)
{
	int in[2], outs[2], errs[2], status;
	pid_t pid;

	assert_int_equal(pipe(in) | pipe(outs) | pipe(errs), 0);
	fcntl(in[1], F_SETFD, FD_CLOEXEC);
	fcntl(outs[0], F_SETFD, FD_CLOEXEC);
	fcntl(errs[0], F_SETFD, FD_CLOEXEC);
	pid = fork();
	if (pid == 0)
		run_child(argv, in[0], outs[1], errs[1]);
	close(in[0]);
	close(outs[1]);
	close(errs[1]);
	serve(in[1], input, outs[0], out, errs[0], err);
	close(outs[0]);
	close(errs[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
rig_verb(const char *const args[], const char *input, struct strbuf *out, struct strbuf *err)
{
	struct strvec argv = STRVEC_INIT;
	int status;

	strvec_push(&argv, PROGRAM);
	for (; *args != NULL; args++)
		strvec_push(&argv, *args);
	status = rig_run((const char *const *)argv.v, input, out, err);
	strvec_fini(&argv);
	return status;
}
