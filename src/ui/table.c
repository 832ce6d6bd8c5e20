/* table: order, cursor and scrolling; table_draw.c draws. See ui/table.h. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "topicmon/base/mem.h"
#include "topicmon/ui/table.h"

/* What a sort works on: the values of the sort column, computed once; their addresses stay, as a text may be inside. */
struct sorting {
	const struct table *t;
	const void **rows;
	struct value *values;
};

void
table_init(struct table *t, const struct column *columns, size_t ncolumns, int sort, bool descending)
{
	*t = (struct table){
		.columns = columns,
		.ncolumns = ncolumns,
		.sort = sort,
		.descending = descending,
		.page = 1,
	};
}

void
column_value(const struct column *col, const void *row, struct value *out)
{
	out->role = ROLE_TEXT;
	out->known = true;
	out->text = NULL;
	out->integer = 0;
	out->real = 0;
	out->buf[0] = '\0';
	col->value(row, out);
}

void
column_text(const struct column *col, const void *row, struct value *v, struct strbuf *out)
{
	column_value(col, row, v);
	if (!v->known) {
		strbuf_adds(out, v->text ? v->text : "-");
		if (v->role == ROLE_TEXT)
			v->role = ROLE_DIM;
	} else if (col->format) {
		col->format(row, v, out);
	} else if (col->type == COL_INT) {
		strbuf_add_grouped(out, v->integer);
	} else if (col->type == COL_REAL) {
		strbuf_addf(out, "%.1f", v->real);
	} else if (v->text) {
		strbuf_adds(out, v->text);
	}
}

static int
compare_values(enum column_type type, const struct value *a, const struct value *b)
{
	switch (type) {
	case COL_TEXT:
		return strcmp(a->text ? a->text : "", b->text ? b->text : "");
	case COL_INT:
		return (a->integer > b->integer) - (a->integer < b->integer);
	case COL_REAL:
		return (a->real > b->real) - (a->real < b->real);
	}
	return 0;
}

/* Unknown values come last in either direction; what is equal is in the order of column 0, rising. */
static int
compare_rows(const struct sorting *s, size_t a, size_t b)
{
	const struct table *t = s->t;
	const struct value *va = &s->values[a], *vb = &s->values[b];
	struct value ta, tb;
	int order;

	if (va->known != vb->known)
		return va->known ? -1 : 1;
	order = va->known ? compare_values(t->columns[t->sort].type, va, vb) : 0;
	if (order)
		return t->descending ? -order : order;
	if (t->sort == 0)
		return 0;
	column_value(&t->columns[0], s->rows[a], &ta);
	column_value(&t->columns[0], s->rows[b], &tb);
	return compare_values(t->columns[0].type, &ta, &tb);
}

static void
merge(const struct sorting *s, const size_t *from, size_t *to, size_t low, size_t mid, size_t high)
{
	size_t a = low, b = mid;

	for (size_t i = low; i < high; i++) {
		if (a < mid && (b >= high || compare_rows(s, from[a], from[b]) <= 0))
			to[i] = from[a++];
		else
			to[i] = from[b++];
	}
}

/* A merge sort from the bottom up: stable, and no recursion. Returns which of the two arrays holds the result. */
static size_t *
sort_order(const struct sorting *s, size_t *order, size_t *spare, size_t n)
{
	for (size_t width = 1; width < n; width *= 2) {
		size_t *swap = order;

		for (size_t low = 0; low < n; low += 2 * width) {
			size_t mid = low + width < n ? low + width : n;
			size_t high = mid + width < n ? mid + width : n;

			merge(s, order, spare, low, mid, high);
		}
		order = spare;
		spare = swap;
	}
	return order;
}

void
table_sort(const struct table *t, const void **rows, size_t n)
{
	struct sorting s = { .t = t };
	size_t *order, *sorted;

	if (t->sort < 0 || (size_t)t->sort >= t->ncolumns || n < 2)
		return;
	s.rows = xmemdup(rows, n * sizeof(*rows));
	s.values = xreallocarray(NULL, n, sizeof(*s.values));
	order = xreallocarray(NULL, n, 2 * sizeof(*order));
	for (size_t i = 0; i < n; i++) {
		column_value(&t->columns[t->sort], rows[i], &s.values[i]);
		order[i] = i;
	}
	sorted = sort_order(&s, order, order + n, n);
	for (size_t i = 0; i < n; i++)
		rows[i] = s.rows[sorted[i]];
	free(order);
	free(s.values);
	free(s.rows);
}

void
table_set_rows(struct table *t, size_t n)
{
	t->nrows = n;
	table_move_to(t, t->cursor);
}

void
table_move_to(struct table *t, size_t row)
{
	t->cursor = t->nrows && row >= t->nrows ? t->nrows - 1 : row;
	if (!t->nrows)
		t->cursor = 0;
}

static void
move_by(struct table *t, long rows)
{
	if (rows < 0 && t->cursor < (size_t)-rows)
		table_move_to(t, 0);
	else
		table_move_to(t, t->cursor + (size_t)rows);
}

/* A text from A on, a number from the greatest: what one looks for. The same column again turns the order around. */
static void
sort_by(struct table *t, int col)
{
	t->descending = t->sort == col ? !t->descending : t->columns[col].type != COL_TEXT;
	t->sort = col;
}

static bool
sort_command(struct table *t, const char *id)
{
	if (!id || !*id) {
		int next = t->sort + 1;

		if (!t->ncolumns)
			return false;
		t->sort = -1;
		sort_by(t, (size_t)next < t->ncolumns ? next : 0);
		return true;
	}
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (strcasecmp(t->columns[i].id, id) == 0) {
			sort_by(t, (int)i);
			return true;
		}
	}
	return false;
}

bool
table_command(struct table *t, enum command cmd, const char *arg)
{
	long page = t->page > 1 ? t->page : 1, half = page > 1 ? page / 2 : 1;

	switch (cmd) {
	case CMD_UP:
		move_by(t, -1);
		return true;
	case CMD_DOWN:
		move_by(t, 1);
		return true;
	case CMD_PAGE_UP:
		move_by(t, -page);
		return true;
	case CMD_PAGE_DOWN:
		move_by(t, page);
		return true;
	case CMD_HALF_UP:
		move_by(t, -half);
		return true;
	case CMD_HALF_DOWN:
		move_by(t, half);
		return true;
	case CMD_TOP:
		table_move_to(t, 0);
		return true;
	case CMD_BOTTOM:
		table_move_to(t, t->nrows);
		return true;
	case CMD_SORT:
		return sort_command(t, arg);
	case CMD_SORT_REVERSE:
		t->descending = !t->descending;
		return true;
	default:
		return false;
	}
}

void
table_scroll(struct table *t, int height)
{
	size_t page = height > 1 ? (size_t)height : 1;

	t->page = (int)page;
	if (t->cursor < t->top)
		t->top = t->cursor;
	if (t->cursor >= t->top + page)
		t->top = t->cursor - page + 1;
	/* No empty lines at the bottom while there are rows above. */
	if (t->top + page > t->nrows)
		t->top = t->nrows > page ? t->nrows - page : 0;
}

long
table_row_at(const struct table *t, struct rect r, int y)
{
	size_t row;

	if (y <= r.y || y >= r.y + r.h)
		return -1;
	row = t->top + (size_t)(y - r.y - 1);
	return row < t->nrows ? (long)row : -1;
}
