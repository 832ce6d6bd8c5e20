/* screen: see the header. Colours: screen_color.c; keys: screen_input.c; descriptions of terminals: screen_term.c. */
#include "screen_private.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define ADVICE "In a script use the verbs, e.g. topicmon list --json"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* What the handlers of fatal signals need, made ready when the screen opens. */
static struct {
	volatile sig_atomic_t armed;
	struct termios saved;
	char text[512];
	size_t len;
} emergency;

/* For the way out through exit(). */
static struct screen *opened;

/* The signals are the loop's: curses gets none of them. */
static const int signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
struct dispositions {
	struct sigaction old[ARRAY_LEN(signals)];
};

static void
signals_save(struct dispositions *d)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], NULL, &d->old[i]);
}

static void
signals_restore(const struct dispositions *d)
{
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &d->old[i], NULL);
}

static void
write_all(const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

static void
terminal_size(int *rows, int *cols)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col) {
		*rows = size.ws_row;
		*cols = size.ws_col;
	}
}

void
screen_emergency(void)
{
	int old_errno = errno;

	if (emergency.armed) {
		emergency.armed = 0;
		write_all(emergency.text, emergency.len);
		tcsetattr(STDIN_FILENO, TCSANOW, &emergency.saved);
	}
	errno = old_errno;
}

static void
prepare_emergency(const struct screen *s)
{
	static const char *const capabilities[] = { "sgr0", "op", "rmkx", "cnorm", "rmcup" };
	struct strbuf text = STRBUF_INIT;

	if (s->mouse)
		strbuf_adds(&text, MOUSE_OFF);
	if (s->paste)
		strbuf_adds(&text, PASTE_OFF);
	if (s->palette.redefines)
		term_capability("oc", &text);
	for (size_t i = 0; i < ARRAY_LEN(capabilities); i++)
		term_capability(capabilities[i], &text);
	/* Without a second screen the last line of ours stays: what comes next begins below it. */
	if (!term_has("rmcup"))
		strbuf_adds(&text, "\r\n");
	emergency.len = text.len < sizeof(emergency.text) ? text.len : 0;
	memcpy(emergency.text, text.buf, emergency.len);
	emergency.saved = s->saved;
	emergency.armed = 1;
	strbuf_fini(&text);
}

static void
give_back(struct screen *s)
{
	emergency.armed = 0;
	if (s->paste)
		write_all(PASTE_OFF, sizeof(PASTE_OFF) - 1);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &s->saved);
}

static void
close_at_exit(void)
{
	if (opened && !opened->suspended)
		give_back(opened);
}

static void
resize_shown(struct screen *s)
{
	free(s->shown);
	free(s->run);
	s->shown = xcalloc((size_t)s->rows * (size_t)s->cols, sizeof(*s->shown));
	s->run = xcalloc((size_t)s->cols, sizeof(*s->run));
	s->stale = true;
}

/* Everything that is set once the terminal is ours. */
static void
set_modes(struct screen *s, bool mouse)
{
	raw();
	noecho();
	nonl();
	set_escdelay(25);
	typeahead(-1);          /* a frame goes out whole, whatever is being typed */
	curs_set(0);
	s->keys = newpad(1, 1);
	if (s->keys) {
		keypad(s->keys, TRUE);
		nodelay(s->keys, TRUE);
	}
	s->mouse = mouse && term_has("kmous");
	if (s->mouse) {
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
		mouseinterval(0);
	}
	/* The terminals that know it are those with a mouse protocol: a printer or a vt100 is not asked. */
	s->paste = term_has("kmous");
	if (s->paste)
		write_all(PASTE_ON, sizeof(PASTE_ON) - 1);
}

struct screen *
screen_open(const struct screen_options *o, struct err *e)
{
	static bool at_exit;
	struct dispositions signals_before;
	struct screen *s;
	char name[128];
	bool redefines;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err_set(e, ERR_USAGE, "topicmon needs a terminal: standard %s is not one. " ADVICE,
			isatty(STDIN_FILENO) ? "output" : "input");
		return NULL;
	}
	if (!term_pick(o->color, name, sizeof(name), &redefines, e))
		return NULL;
	s = xcalloc(1, sizeof(*s));
	tcgetattr(STDIN_FILENO, &s->saved);
	fflush(stdout);
	signals_save(&signals_before);
	/* The size is what the terminal says, not what a shell exported. */
	use_env(FALSE);
	use_tioctl(TRUE);
	s->curses = newterm(name, stdout, stdin);
	signals_restore(&signals_before);
	if (!s->curses) {
		free(s);
		err_set(e, ERR_USAGE, "topicmon needs a terminal: '%s' cannot be used as one. " ADVICE, name);
		return NULL;
	}
	/* On the Linux console curses asks gpm for the mouse, whose news come on a descriptor that nobody here polls. */
	set_modes(s, o->mouse && strncmp(name, "linux", 5) != 0);
	palette_open(&s->palette, o->color, redefines);
	prepare_emergency(s);
	getmaxyx(stdscr, s->rows, s->cols);
	resize_shown(s);
	screen_resized(s);
	opened = s;
	if (!at_exit) {
		atexit(close_at_exit);
		at_exit = true;
	}
	return s;
}

void
screen_close(struct screen *s)
{
	if (!s)
		return;
	if (!s->suspended)
		give_back(s);
	opened = NULL;
	if (s->keys)
		delwin(s->keys);
	delscreen(s->curses);
	free(s->shown);
	free(s->run);
	free(s);
}

void
screen_set_theme(struct screen *s, const struct theme *theme)
{
	palette_set_theme(&s->palette, theme);
	s->stale = true;
}

/* A cell for curses. */
static void
make_cchar(struct screen *s, const struct cell *cell, cchar_t *out)
{
	const struct look *look = palette_look(&s->palette, (enum role)cell->role, (enum role)cell->over);
	wchar_t text[CCHARW_MAX + 1];
	size_t n = 0, left = strlen(cell->text);
	const char *from = cell->text;
	int pair = look->pair;

	while (left && n < CCHARW_MAX) {
		uint32_t cp;
		size_t taken = utf8_decode(from, left, &cp);

		text[n++] = (wchar_t)cp;
		from += taken;
		left -= taken;
	}
	text[n] = L'\0';
	setcchar(out, text, look->attrs, (short)pair, &pair);
}

static bool
same_cell(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Hands the changed cells of a row to curses, run by run. */
static void
flush_row(struct screen *s, int y, const struct cell *row, int cols)
{
	struct cell *shown = s->shown + (size_t)y * (size_t)s->cols;
	int x = 0;

	if (!s->stale && memcmp(row, shown, (size_t)cols * sizeof(*row)) == 0)
		return;
	while (x < cols) {
		int start, n = 0;

		while (x < cols && !s->stale && same_cell(&row[x], &shown[x]))
			x++;
		for (start = x; x < cols && (s->stale || !same_cell(&row[x], &shown[x])); x++) {
			shown[x] = row[x];
			if (row[x].width)
				make_cchar(s, &row[x], &s->run[n++]);
		}
		if (n)
			mvadd_wchnstr(y, start, s->run, n);
	}
}

static void
flush_cursor(struct screen *s, const struct canvas *c)
{
	int y = s->rows - 1, x = 0;
	bool shown = canvas_cursor(c, &y, &x) && y < s->rows && x < s->cols;

	if (shown != s->cursor_shown)
		curs_set(shown ? 1 : 0);
	s->cursor_shown = shown;
	move(y < s->rows ? y : s->rows - 1, x < s->cols ? x : 0);
}

void
screen_flush(struct screen *s, const struct canvas *c)
{
	int rows = canvas_rows(c) < s->rows ? canvas_rows(c) : s->rows;
	int cols = canvas_cols(c) < s->cols ? canvas_cols(c) : s->cols;

	if (s->suspended || !s->palette.has_theme)
		return;
	if (s->stale)
		erase();
	for (int y = 0; y < rows && cols; y++)
		flush_row(s, y, canvas_cell(c, y, 0), cols);
	s->stale = false;
	flush_cursor(s, c);
	wnoutrefresh(stdscr);
	doupdate();
}

void
screen_size(const struct screen *s, int *rows, int *cols)
{
	*rows = s->rows;
	*cols = s->cols;
}

bool
screen_resized(struct screen *s)
{
	int rows = s->rows, cols = s->cols;

	terminal_size(&rows, &cols);
	if (rows == s->rows && cols == s->cols)
		return false;
	if (resizeterm(rows, cols) != OK)
		return false;
	s->rows = rows;
	s->cols = cols;
	resize_shown(s);
	screen_redraw(s);
	return true;
}

void
screen_suspend(struct screen *s)
{
	if (s->suspended)
		return;
	give_back(s);
	s->suspended = true;
}

void
screen_resume(struct screen *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	emergency.armed = 1;
	screen_redraw(s);
	doupdate();
	if (s->paste)
		write_all(PASTE_ON, sizeof(PASTE_ON) - 1);
	s->input = (struct input){ .escape = ESCAPE_NONE };
}

void
screen_redraw(struct screen *s)
{
	s->stale = true;
	clearok(curscr, TRUE);
}

void
screen_bell(struct screen *s)
{
	if (!s->suspended)
		beep();
}

int
screen_input_fd(const struct screen *s)
{
	(void)s;
	return STDIN_FILENO;
}
