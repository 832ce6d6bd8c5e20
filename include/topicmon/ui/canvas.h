/*
 * canvas: a grid of cells: text and a role, no colours, no curses. Everything that is drawn is drawn here; a back end
 * (ui/screen.h, or a test) shows it afterwards. All text passes the sanitiser on its way in, so a hostile topic name or
 * payload cannot reach the terminal; wide characters keep to their columns and are never cut in half.
 *
 * Coordinates are rows and columns from 0; what lies outside the canvas or the clip is not drawn, silently: a view need
 * not know how small its place is.
 *
 * Thread: UI.   Depends on: base, model/role, model/spans.
 */
#ifndef TOPICMON_UI_CANVAS_H
#define TOPICMON_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/role.h"
#include "topicmon/model/spans.h"

struct rect {
	int y, x, h, w;
};

struct cell {
	char text[16];          /* one glyph as UTF-8; "" in the right half of a wide one */
	uint8_t width;          /* 1 or 2; 0: right half of the cell before */
	uint8_t role;           /* enum role: how it looks */
	uint8_t over;           /* enum role that is laid over it (cursor line), or ROLE_TEXT for none */
};

struct canvas;

struct canvas *canvas_new(int rows, int cols);
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int rows, int cols);        /* empties it */
void canvas_clear(struct canvas *c);
int canvas_rows(const struct canvas *c);
int canvas_cols(const struct canvas *c);
const struct cell *canvas_cell(const struct canvas *c, int y, int x);   /* borrowed; NULL outside */

/* Restricts drawing to r (and to the clip before); returns the old clip, for canvas_unclip(). */
struct rect canvas_clip(struct canvas *c, struct rect r);
void canvas_unclip(struct canvas *c, struct rect old);

void canvas_fill(struct canvas *c, struct rect r, enum role role);               /* spaces */
/* Draws at most w columns of text; returns the columns taken. */
int canvas_text(struct canvas *c, int y, int x, int w, enum role role, const char *text);
int canvas_textf(struct canvas *c, int y, int x, int w, enum role role, const char *fmt, ...) PRINTF_LIKE(6, 7);
/* As canvas_text, set to the right end of the w columns; what does not fit loses its left part. */
int canvas_text_right(struct canvas *c, int y, int x, int w, enum role role, const char *text);
/* As canvas_text, and when it does not fit it ends in "…". */
int canvas_text_cut(struct canvas *c, int y, int x, int w, enum role role, const char *text);
/* Bytes of any kind: what could not be drawn as it is gets the role ESCAPE. skip: columns to leave out on the left. */
int canvas_bytes(struct canvas *c, int y, int x, int w, int skip, enum role role, const void *data, size_t len);
/* One line of a struct lines, with the roles of its spans. */
int canvas_line(struct canvas *c, int y, int x, int w, int skip, const struct lines *l, size_t line);
/* Gives the cells a role that is laid over their own: the cursor line, a selection, a match. */
void canvas_over(struct canvas *c, struct rect r, enum role role);
/* Columns that canvas_text would take for a text, counted no further than just over `most`. */
int canvas_columns(const char *text, int most);
/* A frame with a title in its top line; returns the rect inside. */
struct rect canvas_frame(struct canvas *c, struct rect r, const char *title, bool focused);
/* Adds text to the right end of a frame's top line. */
void canvas_frame_right(struct canvas *c, struct rect r, const char *text, bool focused);

/* Shows the terminal's cursor at y, x (a text field); without a call it is hidden. Reset by canvas_clear. */
void canvas_show_cursor(struct canvas *c, int y, int x);
bool canvas_cursor(const struct canvas *c, int *y, int *x);

/* The canvas as text, a line a row, trailing spaces removed; and its roles, a letter a cell, with a legend. For tests. */
void canvas_dump_text(const struct canvas *c, struct strbuf *out);
void canvas_dump_roles(const struct canvas *c, struct strbuf *out);

/* "▂▃▅▇" of n samples (negative: no sample), scaled to their maximum; in ASCII mode " .:-=+*#". UTF-8, NUL-terminated. */
void spark_text(struct strbuf *out, const float *samples, size_t n);

/* Draws lines and frames with ASCII only from now on (a locale without UTF-8). */
void canvas_set_ascii(bool ascii);

#endif
