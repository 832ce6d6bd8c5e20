/*
 * screen_private: what the files of the screen share.
 *
 * Thread: UI.   Depends on: curses, ui/screen, model/event.
 */
#ifndef TOPICMON_UI_SCREEN_PRIVATE_H
#define TOPICMON_UI_SCREEN_PRIVATE_H

/* curses has a `struct screen` of its own; it goes by another name here. */
#define screen curses_screen
#include <curses.h>
#undef screen

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

#include "topicmon/model/event.h"
#include "topicmon/ui/screen.h"

enum depth { DEPTH_MONO, DEPTH_8, DEPTH_256, DEPTH_RGB };

/* How a role under another looks on this terminal. */
struct look {
	bool known;
	attr_t attrs;
	int pair;
};

#define PALETTE_SIZE 256

struct palette {
	enum depth depth;
	bool defaults;          /* the terminal's own colours can be had */
	bool redefines;         /* its 256 colours can be redefined, and show 24 bit so */
	bool has_theme;
	struct theme theme;
	struct look looks[ROLE_COUNT][ROLE_COUNT];      /* [role][over] */
	bool redefined[PALETTE_SIZE];
	bool taken[PALETTE_SIZE];                       /* redefined by the theme that is shown */
	uint32_t rgb[PALETTE_SIZE];                     /* to this */
};

/* Where the reading of keys is: between two reads a sequence may be cut anywhere. */
enum escape { ESCAPE_NONE, ESCAPE_ESC, ESCAPE_CSI, ESCAPE_SS3 };

struct input {
	enum escape escape;
	int64_t escape_ms;      /* when its last byte came */
	char csi[32];           /* what came after ESC [ */
	size_t ncsi;
	unsigned char utf8[4];
	size_t nutf8;
	bool alt;               /* ESC came before the UTF-8 bytes */
	bool pasting;
	int64_t paste_ms;
	bool paste_text, paste_space;   /* text came in this paste; a line end or tab waits for more */
	int click_y, click_x;
	int64_t click_ms;       /* 0: none that a second click could double */
};

struct screen {
	SCREEN *curses;
	WINDOW *keys;           /* a pad: reading from it never paints */
	struct termios saved;
	int rows, cols;
	struct cell *shown;     /* what curses has: rows * cols */
	cchar_t *run;           /* room for a row */
	bool stale;             /* `shown` says nothing: paint all */
	bool suspended;
	bool cursor_shown;
	bool mouse;             /* its actions are reported */
	bool paste;             /* bracketed paste is switched on */
	struct palette palette;
	struct input input;
};

/* screen_term.c: the name of the terminal description to use: $TERM, or its sibling with direct colours when the
 * environment says that the terminal has 24 bits. *redefines: its palette may be changed to show 24 bits instead. */
bool term_pick(bool color, char *name, size_t size, bool *redefines, struct err *e);
/* Appends a string capability with its delays taken out; nothing when the terminal lacks it. */
void term_capability(const char *name, struct strbuf *out);
bool term_has(const char *name);

/* screen_color.c */
void palette_open(struct palette *p, bool color, bool redefines);
void palette_set_theme(struct palette *p, const struct theme *theme);
const struct look *palette_look(struct palette *p, enum role role, enum role over);

#endif
