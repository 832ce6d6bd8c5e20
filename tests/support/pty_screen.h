/*
 * pty_screen: a program in a pseudo-terminal, and the screen that it really draws, read by libvterm.
 *
 * A test starts a program, waits until something is on the screen, sends keys, and looks at cells, colours, the cursor
 * and the state of the terminal. Nothing sleeps: every wait has a condition and a deadline. Rows and columns are from 0.
 *
 * A suspend needs a shell with job control around the program: start one (bash -i) and type the command.
 *
 * Thread: one.   Depends on: base, libvterm.
 */
#ifndef TOPICMON_TESTS_PTY_SCREEN_H
#define TOPICMON_TESTS_PTY_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pty_options {
	int rows, cols;
	const char *term;               /* NULL: TERM is not set */
	const char *const *env;         /* "NAME=value", ended by NULL, above a small clean environment; NULL: none */
	const char *cwd;                /* NULL: where the test is */
};

struct pty_cell {
	char text[32];          /* UTF-8; "" where nothing was drawn and in the right half of a wide character */
	int width;
	bool bold, underline, italic, reverse;
	bool fg_default, bg_default;
	uint32_t fg, bg;        /* 0xRRGGBB as shown, before reverse */
};

struct pty_screen;

/* Starts argv (found in PATH). Never NULL: what cannot be started exits with 127. */
struct pty_screen *pty_start(const struct pty_options *o, const char *const argv[]);
/* Kills the program if it still runs, and forgets it. */
void pty_free(struct pty_screen *ps);
pid_t pty_pid(const struct pty_screen *ps);

/* Takes what the program has written, waiting at most timeout_ms for the first of it; true when there was something. */
bool pty_pump(struct pty_screen *ps, int timeout_ms);
/* Wait until the condition holds; false when the deadline came first. */
bool pty_wait(struct pty_screen *ps, bool (*holds)(struct pty_screen *ps, void *arg), void *arg, int timeout_ms);
bool pty_wait_text(struct pty_screen *ps, const char *text, int timeout_ms);
bool pty_wait_gone(struct pty_screen *ps, const char *text, int timeout_ms);
/* Until nothing was written for quiet_ms. */
bool pty_wait_quiet(struct pty_screen *ps, int quiet_ms, int timeout_ms);

/* Sends bytes as they are. */
void pty_send(struct pty_screen *ps, const char *bytes);
/* Sends keys as a terminal does in its present mode: characters, and <Enter> <Esc> <Tab> <S-Tab> <Up> <Down> <Left>
 * <Right> <Home> <End> <PgUp> <PgDn> <Ins> <Del> <BS> <Space> <F1>… <C-x> <M-x> <lt>. */
void pty_keys(struct pty_screen *ps, const char *keys);
/* Pastes text, in brackets if the program asked for them. */
void pty_paste(struct pty_screen *ps, const char *text);
void pty_click(struct pty_screen *ps, int y, int x);
void pty_wheel(struct pty_screen *ps, bool up, int y, int x);
void pty_resize(struct pty_screen *ps, int rows, int cols);
/* The terminal goes away (SIGHUP for the program). */
void pty_hangup(struct pty_screen *ps);
void pty_kill(struct pty_screen *ps, int sig);
/* Waits for the end; *status as from waitpid(). */
bool pty_exit_status(struct pty_screen *ps, int timeout_ms, int *status);

/* The screen as text, a line a row, trailing spaces removed; the caller frees it. */
char *pty_text(struct pty_screen *ps);
char *pty_line(struct pty_screen *ps, int y);
/* Where text is, within a line; false: nowhere. y and x may be NULL. */
bool pty_find(struct pty_screen *ps, const char *text, int *y, int *x);
bool pty_cell(struct pty_screen *ps, int y, int x, struct pty_cell *out);
/* False when the program has hidden it. */
bool pty_cursor(struct pty_screen *ps, int *y, int *x);
bool pty_altscreen(const struct pty_screen *ps);
size_t pty_bytes(const struct pty_screen *ps);  /* written by the program so far */
int pty_bells(const struct pty_screen *ps);

/* Whether the program ever wrote these bytes in a row. */
bool pty_wrote(const struct pty_screen *ps, const char *text);

/* Whether the line settings are what they were before the program started. */
bool pty_termios_restored(struct pty_screen *ps);
/* The whole terminal as it was: line settings, first screen, cursor seen, mouse and bracketed paste off, keypad as ever,
 * plain colours. NULL when it is, else what is not. */
const char *pty_not_restored(struct pty_screen *ps);
/* What the program wrote that is none of curses' business (an OSC other than the palette's, a DCS, an odd control byte):
 * a sentence, or NULL. With hostile payloads on the screen it tells that one got through. */
const char *pty_stray(const struct pty_screen *ps);

/* Renders the screen as SVG; false when the file cannot be written. */
bool pty_svg(struct pty_screen *ps, const char *path);

#endif
