/*
 * table: rows and columns with a cursor, a sort order and a filter; the shape of most views. A column row carries value
 * and format, so that drawing, sorting and filtering need no switch anywhere.
 *
 * Thread: UI.   Depends on: base, model, ui/canvas, ui/command.
 */
#ifndef TOPICMON_UI_TABLE_H
#define TOPICMON_UI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/model/event.h"
#include "topicmon/ui/canvas.h"
#include "topicmon/ui/command.h"

enum column_type { COL_TEXT, COL_INT, COL_REAL };

/* The value of one cell. */
struct value {
	enum role role;         /* set to ROLE_TEXT before the call */
	bool known;             /* false: drawn as "-"; sorts last. Set to true before the call */
	const char *text;       /* COL_TEXT: borrowed from the row, or from buf. Not known: drawn instead of "-" */
	int64_t integer;        /* COL_INT */
	double real;            /* COL_REAL */
	char buf[96];           /* room for a text that is made */
};

struct column {
	const char *id;         /* for `sort ID` and config */
	const char *title;
	const char *help;
	enum column_type type;
	int min_width;
	int weight;             /* share of the spare width; 0: none */
	int drop;               /* when there is no room: the highest goes first; 0: never */
	void (*value)(const void *row, struct value *out);
	/* Makes the drawn text; NULL: integers with separators and right-aligned, text as it is. */
	void (*format)(const void *row, const struct value *v, struct strbuf *out);
};

struct table {
	const struct column *columns;
	size_t ncolumns;
	size_t cursor;          /* index among the rows shown */
	size_t top;             /* first row on the screen */
	int sort;               /* column, -1: as they come */
	bool descending;
	int page;               /* rows on the screen at the last draw */
	size_t nrows;           /* rows shown, at the last table_set_rows */
};

void table_init(struct table *t, const struct column *columns, size_t ncolumns, int sort, bool descending);
/* The value of one cell, and the text that is drawn for it (appended to out; "-": unknown), for filters and finds. */
void column_value(const struct column *col, const void *row, struct value *out);
void column_text(const struct column *col, const void *row, struct value *v, struct strbuf *out);
/* Sorts the row pointers in place by the sort column (stable; ties by column 0, rising; unknown ones last). */
void table_sort(const struct table *t, const void **rows, size_t n);
void table_set_rows(struct table *t, size_t n);
void table_move_to(struct table *t, size_t row);
/* Handles movement, paging, top and bottom, sort commands; false: not a table's command, or no such column. Sorting by the
 * column that it is sorted by already turns the order around; without a name the next column is taken. */
bool table_command(struct table *t, enum command cmd, const char *arg);
/* Draws header and rows. rows[i] for the whole list; only those on the screen are asked for values. */
void table_draw(const struct table *t, struct canvas *c, struct rect r, const void *const *rows, size_t n, bool focused);
/* Keeps the cursor on the screen; call before draw with the rows that r will show: its height without the header. */
void table_scroll(struct table *t, int height);
/* The row at screen line y of rect r, or -1; the header's column at y, x, or -1. */
long table_row_at(const struct table *t, struct rect r, int y);
int table_column_at(const struct table *t, struct rect r, int y, int x);

#endif
