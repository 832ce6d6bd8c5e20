/*
 * screen: the terminal. The only module that calls curses: opens and closes it, shows a canvas in the colours of a theme,
 * turns input into events.
 *
 * The terminal is given back as it was whatever ends the program: screen_close(), screen_emergency() from a crash
 * handler, suspend and resume.
 *
 * Thread: UI, except screen_emergency() (async-signal-safe).   Depends on: base, model, ui/canvas, curses.
 */
#ifndef TOPICMON_UI_SCREEN_H
#define TOPICMON_UI_SCREEN_H

#include <stdbool.h>

#include "topicmon/base/err.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/role.h"
#include "topicmon/ui/canvas.h"

struct screen;

struct screen_options {
	bool mouse;
	bool color;             /* false: NO_COLOR, attributes only */
};

/* NULL and *e (ERR_USAGE) when stdin or stdout is no terminal, TERM is dumb or unknown, or the terminal cannot move its
 * cursor. Restores the terminal at exit by itself. */
struct screen *screen_open(const struct screen_options *o, struct err *e);
void screen_close(struct screen *s);
/* Writes what gives the terminal back, with write(2) only; for handlers of fatal signals. */
void screen_emergency(void);

/* The theme must be resolved (role_resolve_theme). Colours are brought down to what the terminal has: 24 bit, 256, 8, none. */
void screen_set_theme(struct screen *s, const struct theme *theme);
/* Shows the canvas: only cells that changed go to the terminal (curses sees to it). */
void screen_flush(struct screen *s, const struct canvas *c);
void screen_size(const struct screen *s, int *rows, int *cols);
/* After SIGWINCH: asks the terminal for its size, tells curses; true when it changed. */
bool screen_resized(struct screen *s);
/* Gives the terminal back (for ^Z or $EDITOR) and takes it again. */
void screen_suspend(struct screen *s);
void screen_resume(struct screen *s);
/* The next flush paints everything: something else has written on the terminal. */
void screen_redraw(struct screen *s);
void screen_bell(struct screen *s);

int screen_input_fd(const struct screen *s);
/* Reads all keys and mouse actions that are there and pushes them into inbox as events; never waits. False when the
 * terminal is gone (hang-up). */
bool screen_read(struct screen *s, struct mailbox *inbox);
/* Forgets what was typed and not read yet: a card that has just been drawn does not take older keys. */
void screen_flush_input(struct screen *s);

#endif
