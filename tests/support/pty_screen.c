/* pty_screen: the program, its terminal and its screen; pty_keys.c sends, pty_svg.c renders. See the header. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pty_private.h"

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/base/utf8.h"

#define SLICE_MS 5              /* how often a wait looks whether the program has ended */

/* libvterm answers queries, and writes keys, through this. */
void
pty_write(struct pty_screen *ps, const char *bytes, size_t len)
{
	while (len && ps->master >= 0) {
		ssize_t n = write(ps->master, bytes, len);

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			pty_pump(ps, SLICE_MS);
			continue;
		}
		if (n < 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void
on_output(const char *bytes, size_t len, void *user)
{
	struct pty_screen *ps = user;

	if (!ps->probing)
		strbuf_add(&ps->answers, bytes, len);
	for (size_t i = 0; ps->probing && i < len && ps->nprobed < sizeof(ps->probed); i++)
		ps->probed[ps->nprobed++] = bytes[i];
}

static int
on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct pty_screen *ps = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		ps->cursor_shown = val->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		ps->altscreen = val->boolean;
	else if (prop == VTERM_PROP_MOUSE)
		ps->mouse = val->number;
	return 1;
}

static int
on_bell(void *user)
{
	struct pty_screen *ps = user;

	ps->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_prop, .bell = on_bell };

static void
stray(struct pty_screen *ps, const char *what, unsigned char byte)
{
	if (!ps->stray[0])
		snprintf(ps->stray, sizeof(ps->stray), "%s (0x%02X) after %zu bytes", what, byte, ps->bytes);
}

/* Looks at the raw bytes for what curses does not send. */
static void
inspect(struct pty_screen *ps, unsigned char byte)
{
	unsigned char before = ps->last_byte;

	ps->last_byte = byte;
	ps->bytes++;
	if (ps->in_osc) {
		/* ESC ] 4 ; … and ESC ] 104 change the palette, and put it back. */
		ps->in_osc = false;
		if (byte != '4' && byte != '1')
			stray(ps, "an operating system command", byte);
		return;
	}
	if (before == 0x1B && byte == ']')
		ps->in_osc = true;
	else if (before == 0x1B && strchr("P_^Xc", byte) && byte)
		stray(ps, "a device control or reset", byte);
	else if (before == 0xC2 && byte >= 0x80 && byte < 0xA0)
		stray(ps, "a C1 control", byte);
	else if ((byte < 0x07 || byte == 0x0B || byte == 0x0C || (byte > 0x0F && byte < 0x1B) ||
		(byte > 0x1B && byte < 0x20) || byte == 0x7F) && byte)
		stray(ps, "a control byte", byte);
}

bool
pty_pump(struct pty_screen *ps, int timeout_ms)
{
	struct pollfd fd = { .fd = ps->master, .events = POLLIN };
	char buf[16384];
	bool any = false;

	if (ps->master < 0)
		return false;
	while (poll(&fd, 1, any ? 0 : timeout_ms) > 0) {
		ssize_t n = read(ps->master, buf, sizeof(buf));

		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			inspect(ps, (unsigned char)buf[i]);
		strbuf_add(&ps->raw, buf, (size_t)n);
		vterm_input_write(ps->vt, buf, (size_t)n);
		any = true;
	}
	if (any)
		ps->last_output_ms = clock_ms();
	if (ps->answers.len) {
		struct strbuf answers = ps->answers;

		strbuf_init(&ps->answers);
		pty_write(ps, answers.buf, answers.len);
		strbuf_fini(&answers);
	}
	return any;
}

/* A set of colours that is pleasant to look at, in pictures too. */
static void
set_colors(VTermState *state)
{
	static const uint32_t ansi[16] = {
		0x1B1F27, 0xE0605E, 0x7FBF6A, 0xE0B45C, 0x5F9FE0, 0xC07FD8, 0x56B6C2, 0xC8CDD8,
		0x5C6473, 0xFF7B72, 0x9BE07F, 0xFFD479, 0x82BBFF, 0xDDA0F0, 0x7FDBE5, 0xFFFFFF,
	};
	VTermColor fg, bg;

	vterm_color_rgb(&fg, 0xD0, 0xD5, 0xDF);
	vterm_color_rgb(&bg, 0x12, 0x15, 0x1B);
	vterm_state_set_default_colors(state, &fg, &bg);
	for (int i = 0; i < 16; i++) {
		vterm_color_rgb(&fg, (uint8_t)(ansi[i] >> 16), (uint8_t)(ansi[i] >> 8), (uint8_t)ansi[i]);
		vterm_state_set_palette_color(state, i, &fg);
	}
	vterm_state_set_bold_highbright(state, 0);
}

static void
put_env(const char *assignment)
{
	char *copy = xstrdup(assignment), *equals = strchr(copy, '=');

	if (equals) {
		*equals = '\0';
		setenv(copy, equals + 1, 1);
	}
	free(copy);
}

/* What the program inherits: where to find programs and a home, how sanitizers report; nothing else of the tester's. */
static void
set_environment(const struct pty_options *o)
{
	static const char *const kept[] = {
		"PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS",
		"LD_LIBRARY_PATH",
	};
	extern char **environ;
	static char *nothing[] = { NULL };
	struct strvec keep = STRVEC_INIT;

	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct strbuf sb = STRBUF_INIT;

		if (!getenv(kept[i]))
			continue;
		strbuf_addf(&sb, "%s=%s", kept[i], getenv(kept[i]));
		strvec_push(&keep, strbuf_str(&sb));
		strbuf_fini(&sb);
	}
	environ = nothing;
	for (size_t i = 0; i < keep.n; i++)
		put_env(keep.v[i]);
	strvec_fini(&keep);
	put_env("LANG=C.UTF-8");
	if (o->term)
		setenv("TERM", o->term, 1);
	for (size_t i = 0; o->env && o->env[i]; i++)
		put_env(o->env[i]);
}

static _Noreturn void
run_child(const struct pty_options *o, const char *const argv[], int master, const char *slave_name)
{
	struct strvec args = STRVEC_INIT;
	int slave;

	setsid();
	slave = open(slave_name, O_RDWR);
	if (slave < 0)
		_exit(127);
	ioctl(slave, TIOCSCTTY, 0);
	close(master);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	dup2(slave, STDERR_FILENO);
	if (slave > STDERR_FILENO)
		close(slave);
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	set_environment(o);
	if (o->cwd && chdir(o->cwd) != 0)
		_exit(127);
	for (size_t i = 0; argv[i]; i++)
		strvec_push(&args, argv[i]);
	execvp(args.v[0], args.v);
	fprintf(stderr, "cannot start %s: %s\n", args.v[0], strerror(errno));
	_exit(127);
}

static void
set_size(struct pty_screen *ps, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	ps->rows = rows;
	ps->cols = cols;
	ioctl(ps->slave, TIOCSWINSZ, &size);
}

struct pty_screen *
pty_start(const struct pty_options *o, const char *const argv[])
{
	struct pty_screen *ps = xcalloc(1, sizeof(*ps));
	char *name;

	ps->master = posix_openpt(O_RDWR | O_NOCTTY);
	if (ps->master < 0 || grantpt(ps->master) != 0 || unlockpt(ps->master) != 0) {
		perror("no pseudo-terminal");
		abort();
	}
	name = xstrdup(ptsname(ps->master));
	fcntl(ps->master, F_SETFD, FD_CLOEXEC);
	/* Held open, so that what the program leaves behind can be read and compared when it is gone. */
	ps->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	tcgetattr(ps->slave, &ps->before);
	set_size(ps, o->rows, o->cols);
	ps->vt = vterm_new(o->rows, o->cols);
	vterm_set_utf8(ps->vt, 1);
	vterm_output_set_callback(ps->vt, on_output, ps);
	ps->screen = vterm_obtain_screen(ps->vt);
	vterm_screen_set_callbacks(ps->screen, &callbacks, ps);
	vterm_screen_enable_altscreen(ps->screen, 1);
	ps->cursor_shown = true;
	vterm_screen_reset(ps->screen, 1);
	set_colors(vterm_obtain_state(ps->vt));
	ps->last_output_ms = clock_ms();
	fflush(NULL);
	ps->pid = fork();
	if (ps->pid == 0)
		run_child(o, argv, ps->master, name);
	free(name);
	fcntl(ps->master, F_SETFL, O_NONBLOCK);
	return ps;
}

void
pty_free(struct pty_screen *ps)
{
	int status;

	if (!ps)
		return;
	if (!ps->ended) {
		kill(ps->pid, SIGKILL);
		kill(ps->pid, SIGCONT);
		pty_exit_status(ps, 5000, &status);
	}
	pty_hangup(ps);
	vterm_free(ps->vt);
	strbuf_fini(&ps->answers);
	strbuf_fini(&ps->raw);
	free(ps);
}

pid_t
pty_pid(const struct pty_screen *ps)
{
	return ps->pid;
}

bool
pty_wait(struct pty_screen *ps, bool (*holds)(struct pty_screen *ps, void *arg), void *arg, int timeout_ms)
{
	int64_t deadline = clock_ms() + timeout_ms;

	for (;;) {
		int64_t left = deadline - clock_ms();

		if (holds(ps, arg))
			return true;
		if (left <= 0)
			return false;
		if (ps->master < 0)
			poll(NULL, 0, SLICE_MS);
		else
			pty_pump(ps, left < SLICE_MS ? (int)left : SLICE_MS);
	}
}

struct wanted {
	const char *text;
	bool there;
};

static bool
text_is(struct pty_screen *ps, void *arg)
{
	const struct wanted *wanted = arg;

	return pty_find(ps, wanted->text, NULL, NULL) == wanted->there;
}

/* For whoever reads the log of a test that failed. */
static bool
or_show(struct pty_screen *ps, bool good, const char *what, const char *text)
{
	char *screen;

	if (good)
		return true;
	screen = pty_text(ps);
	fprintf(stderr, "pty_screen: %s '%s' in time; the screen is:\n%s\n", what, text, screen);
	free(screen);
	return false;
}

bool
pty_wait_text(struct pty_screen *ps, const char *text, int timeout_ms)
{
	struct wanted wanted = { text, true };

	return or_show(ps, pty_wait(ps, text_is, &wanted, timeout_ms), "there was no", text);
}

bool
pty_wait_gone(struct pty_screen *ps, const char *text, int timeout_ms)
{
	struct wanted wanted = { text, false };

	return or_show(ps, pty_wait(ps, text_is, &wanted, timeout_ms), "there was still", text);
}

static bool
quiet_for(struct pty_screen *ps, void *arg)
{
	const int *quiet_ms = arg;

	return clock_ms() - ps->last_output_ms >= *quiet_ms;
}

bool
pty_wait_quiet(struct pty_screen *ps, int quiet_ms, int timeout_ms)
{
	return pty_wait(ps, quiet_for, &quiet_ms, timeout_ms);
}

void
pty_resize(struct pty_screen *ps, int rows, int cols)
{
	pty_pump(ps, 0);
	vterm_set_size(ps->vt, rows, cols);
	set_size(ps, rows, cols);
}

void
pty_hangup(struct pty_screen *ps)
{
	if (ps->slave >= 0)
		close(ps->slave);
	if (ps->master >= 0)
		close(ps->master);
	ps->slave = ps->master = -1;
}

void
pty_kill(struct pty_screen *ps, int sig)
{
	if (!ps->ended)
		kill(ps->pid, sig);
}

static bool
has_ended(struct pty_screen *ps, void *arg)
{
	(void)arg;
	if (!ps->ended && waitpid(ps->pid, &ps->status, WNOHANG) == ps->pid)
		ps->ended = true;
	return ps->ended;
}

bool
pty_exit_status(struct pty_screen *ps, int timeout_ms, int *status)
{
	if (!pty_wait(ps, has_ended, NULL, timeout_ms))
		return false;
	while (pty_pump(ps, 0))
		;
	*status = ps->status;
	return true;
}

/* The colour as xterm shows it; libvterm has steps of its own in the cube and the greys. */
static uint32_t
rgb_of(struct pty_screen *ps, VTermColor color)
{
	static const uint8_t steps[6] = { 0, 95, 135, 175, 215, 255 };

	if (VTERM_COLOR_IS_INDEXED(&color) && color.indexed.idx >= 232)
		return (8 + (color.indexed.idx - 232u) * 10) * 0x010101u;
	if (VTERM_COLOR_IS_INDEXED(&color) && color.indexed.idx >= 16) {
		int n = color.indexed.idx - 16;

		return (uint32_t)steps[n / 36] << 16 | (uint32_t)steps[n / 6 % 6] << 8 | steps[n % 6];
	}
	vterm_screen_convert_color_to_rgb(ps->screen, &color);
	return (uint32_t)color.rgb.red << 16 | (uint32_t)color.rgb.green << 8 | color.rgb.blue;
}

bool
pty_cell(struct pty_screen *ps, int y, int x, struct pty_cell *out)
{
	VTermScreenCell cell;
	size_t len = 0;

	memset(out, 0, sizeof(*out));
	if (y < 0 || x < 0 || y >= ps->rows || x >= ps->cols ||
		!vterm_screen_get_cell(ps->screen, (VTermPos){ y, x }, &cell))
		return false;
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != (uint32_t)-1; i++)
		len += utf8_encode(cell.chars[i], out->text + len);
	out->width = cell.width;
	out->bold = cell.attrs.bold;
	out->underline = cell.attrs.underline != 0;
	out->italic = cell.attrs.italic;
	out->reverse = cell.attrs.reverse;
	out->fg_default = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg);
	out->bg_default = VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
	out->fg = rgb_of(ps, cell.fg);
	out->bg = rgb_of(ps, cell.bg);
	return true;
}

/* The columns after a wide character belong to it. */
static void
append_line(struct pty_screen *ps, int y, struct strbuf *out)
{
	size_t start = out->len;
	struct pty_cell cell;

	for (int x = 0; x < ps->cols && pty_cell(ps, y, x, &cell); x += cell.width > 1 ? cell.width : 1)
		strbuf_adds(out, cell.text[0] ? cell.text : " ");
	while (out->len > start && out->buf[out->len - 1] == ' ')
		strbuf_remove(out, out->len - 1, 1);
}

char *
pty_line(struct pty_screen *ps, int y)
{
	struct strbuf out = STRBUF_INIT;

	append_line(ps, y, &out);
	return strbuf_detach(&out);
}

char *
pty_text(struct pty_screen *ps)
{
	struct strbuf out = STRBUF_INIT;

	for (int y = 0; y < ps->rows; y++) {
		append_line(ps, y, &out);
		strbuf_addch(&out, '\n');
	}
	return strbuf_detach(&out);
}

bool
pty_find(struct pty_screen *ps, const char *text, int *y, int *x)
{
	for (int row = 0; row < ps->rows; row++) {
		char *line = pty_line(ps, row), *at = strstr(line, text);

		if (at) {
			*at = '\0';
			if (y)
				*y = row;
			if (x)
				*x = (int)utf8_columns(line);
		}
		free(line);
		if (at)
			return true;
	}
	return false;
}

bool
pty_cursor(struct pty_screen *ps, int *y, int *x)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(ps->vt), &pos);
	*y = pos.row;
	*x = pos.col;
	return ps->cursor_shown;
}

bool
pty_altscreen(const struct pty_screen *ps)
{
	return ps->altscreen;
}

size_t
pty_bytes(const struct pty_screen *ps)
{
	return ps->bytes;
}

bool
pty_wrote(const struct pty_screen *ps, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i + len <= ps->raw.len; i++)
		if (memcmp(ps->raw.buf + i, text, len) == 0)
			return true;
	return false;
}

int
pty_bells(const struct pty_screen *ps)
{
	return ps->bells;
}

const char *
pty_stray(const struct pty_screen *ps)
{
	return ps->stray[0] ? ps->stray : NULL;
}
