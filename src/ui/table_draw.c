/* table_draw: the widths of the columns and the drawing of header and rows. See ui/table.h. */
#include <string.h>

#include "topicmon/ui/table.h"

#define COLUMNS_MAX 64
#define GUTTER 1                /* the sign of the cursor row */
#define GAP 1

struct layout {
	struct {
		size_t col;
		int x, w;       /* x from the rect's left */
	} at[COLUMNS_MAX];
	size_t n;
};

static int
width_needed(const struct layout *lay)
{
	int width = GUTTER;

	for (size_t i = 0; i < lay->n; i++)
		width += lay->at[i].w + (i ? GAP : 0);
	return width;
}

/* Takes out the column with the highest drop; false: none may go. */
static bool
drop_one(const struct table *t, struct layout *lay)
{
	size_t victim = 0;
	int highest = 0;

	for (size_t i = 0; i < lay->n; i++) {
		if (t->columns[lay->at[i].col].drop > highest) {
			highest = t->columns[lay->at[i].col].drop;
			victim = i;
		}
	}
	if (!highest)
		return false;
	lay->n--;
	memmove(&lay->at[victim], &lay->at[victim + 1], (lay->n - victim) * sizeof(lay->at[0]));
	return true;
}

/* Hands the spare columns out by weight; the rounding goes to the first ones. A lack is taken from them in the same way,
 * down to a few columns each. */
static void
share(const struct table *t, struct layout *lay, int spare)
{
	int weights = 0, left = spare;

	for (size_t i = 0; i < lay->n; i++)
		weights += t->columns[lay->at[i].col].weight;
	if (!weights)
		return;
	for (size_t i = 0; i < lay->n; i++) {
		int part = spare * t->columns[lay->at[i].col].weight / weights;

		lay->at[i].w += part;
		left -= part;
	}
	for (size_t i = 0; i < lay->n && left; i++) {
		if (!t->columns[lay->at[i].col].weight)
			continue;
		lay->at[i].w += left > 0 ? 1 : -1;
		left += left > 0 ? -1 : 1;
	}
	for (size_t i = 0; i < lay->n; i++) {
		if (lay->at[i].w < 4 && t->columns[lay->at[i].col].weight)
			lay->at[i].w = 4;
	}
}

/* From the columns' rows and the width alone, so that a click finds what was drawn. */
static void
lay_out(const struct table *t, int width, struct layout *lay)
{
	int x = GUTTER;

	lay->n = t->ncolumns < COLUMNS_MAX ? t->ncolumns : COLUMNS_MAX;
	for (size_t i = 0; i < lay->n; i++) {
		int title = canvas_columns(t->columns[i].title, 64);

		lay->at[i].col = i;
		lay->at[i].w = t->columns[i].min_width > title ? t->columns[i].min_width : title;
	}
	while (width_needed(lay) > width && drop_one(t, lay))
		;
	share(t, lay, width - width_needed(lay));
	/* What still does not fit ends at the edge: a number there shows that it is cut. */
	for (size_t i = 0; i < lay->n; i++) {
		lay->at[i].x = x;
		if (x + lay->at[i].w > width)
			lay->at[i].w = width - x;
		if (lay->at[i].w <= 0)
			lay->n = i;
		else
			x += lay->at[i].w + GAP;
	}
}

static void
draw_header(const struct table *t, struct canvas *c, struct rect r, const struct layout *lay)
{
	canvas_fill(c, (struct rect){ r.y, r.x, 1, r.w }, ROLE_TABLE_HEADER);
	for (size_t i = 0; i < lay->n; i++) {
		const struct column *col = &t->columns[lay->at[i].col];
		bool sorted = t->sort >= 0 && (size_t)t->sort == lay->at[i].col;
		enum role role = sorted ? ROLE_TABLE_SORTED : ROLE_TABLE_HEADER;
		const char *arrow = t->descending ? "▼" : "▲";
		int x = r.x + lay->at[i].x, w = lay->at[i].w, taken;

		if (col->type == COL_TEXT) {
			taken = canvas_text_cut(c, r.y, x, w, role, col->title);
			if (sorted)
				canvas_text(c, r.y, x + taken, 1, role, arrow);
		} else {
			taken = canvas_columns(col->title, w);
			if (taken > w)
				taken = canvas_text_cut(c, r.y, x, w, role, col->title);
			else
				canvas_text_right(c, r.y, x, w, role, col->title);
			if (sorted)
				canvas_text(c, r.y, x + w - taken - 1, 1, role, arrow);
		}
	}
}

/* Columns to the left of x on this line that are still empty, one kept as the gap. */
static int
room_to_the_left(const struct canvas *c, int y, int x, int least)
{
	int room = 0;

	while (x - room - 1 > least) {
		const struct cell *cell = canvas_cell(c, y, x - room - 1);

		if (!cell || strcmp(cell->text, " ") != 0)
			break;
		room++;
	}
	return room > GAP ? room - GAP : 0;
}

/* A number as it is drawn where it does not fit: without separators, and cut on the right if that is still too long. */
static void
draw_long_number(struct canvas *c, int y, int x, int w, enum role role, const char *text)
{
	struct strbuf plain = STRBUF_INIT;

	for (; *text; text++) {
		if (*text != ',')
			strbuf_addch(&plain, *text);
	}
	if (canvas_columns(strbuf_str(&plain), w) <= w)
		canvas_text_right(c, y, x, w, role, strbuf_str(&plain));
	else
		canvas_text_cut(c, y, x, w, role, strbuf_str(&plain));
	strbuf_fini(&plain);
}

/* Digits never go missing unseen: a number that is too long takes what the columns before left empty,
 * gives up its separators, or else shows that it is cut. */
static void
draw_number(struct canvas *c, int y, int x, int w, int left, enum role role, const char *text)
{
	int need = canvas_columns(text, w + x - left), room;

	if (need <= w) {
		canvas_text_right(c, y, x, w, role, text);
		return;
	}
	room = room_to_the_left(c, y, x, left);
	if (room >= need - w)
		canvas_text_right(c, y, x - (need - w), need, role, text);
	else
		draw_long_number(c, y, x - room, w + room, role, text);
}

static void
draw_row(const struct table *t, struct canvas *c, struct rect line, const struct layout *lay, const void *row,
	struct strbuf *text)
{
	for (size_t i = 0; i < lay->n; i++) {
		const struct column *col = &t->columns[lay->at[i].col];
		int x = line.x + lay->at[i].x;
		struct value v;

		strbuf_reset(text);
		column_text(col, row, &v, text);
		if (col->type == COL_TEXT)
			canvas_text_cut(c, line.y, x, lay->at[i].w, v.role, strbuf_str(text));
		else
			draw_number(c, line.y, x, lay->at[i].w, line.x, v.role, strbuf_str(text));
	}
}

void
table_draw(const struct table *t, struct canvas *c, struct rect r, const void *const *rows, size_t n, bool focused)
{
	struct strbuf text = STRBUF_INIT;
	struct rect old = canvas_clip(c, r);
	struct layout lay;

	lay_out(t, r.w, &lay);
	if (r.h > 0)
		draw_header(t, c, r, &lay);
	for (int y = 1; y < r.h && t->top + (size_t)(y - 1) < n; y++) {
		size_t i = t->top + (size_t)(y - 1);
		struct rect line = { r.y + y, r.x, 1, r.w };

		draw_row(t, c, line, &lay, rows[i], &text);
		if (i != t->cursor)
			continue;
		canvas_text(c, line.y, line.x, GUTTER, ROLE_TEXT, "▸");
		canvas_over(c, line, focused ? ROLE_CURSOR : ROLE_CURSOR_UNFOCUSED);
	}
	canvas_unclip(c, old);
	strbuf_fini(&text);
}

int
table_column_at(const struct table *t, struct rect r, int y, int x)
{
	struct layout lay;

	if (y != r.y || r.h < 1 || x < r.x || x >= r.x + r.w)
		return -1;
	lay_out(t, r.w, &lay);
	for (size_t i = 0; i < lay.n; i++) {
		if (x - r.x < lay.at[i].x + lay.at[i].w)
			return (int)lay.at[i].col;
	}
	return -1;
}
