/* canvas: see the header. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/canvas.h"

struct canvas {
	int rows, cols;
	struct cell *cells;     /* rows * cols, row by row; zero after a cell's text: cells are compared whole */
	struct rect clip;
	bool cursor_shown;
	int cursor_y, cursor_x;
};

static const struct cell blank = { .text = " ", .width = 1, .role = ROLE_TEXT, .over = ROLE_TEXT };

static bool ascii_only;

/* What our own drawing uses beyond ASCII, and what stands for it where there is only ASCII. */
static const struct stand_in {
	const char *text;
	const char *ascii;
} stand_ins[] = {
	{ "─", "-" }, { "│", "|" }, { "┌", "+" }, { "┐", "+" }, { "└", "+" }, { "┘", "+" },
	{ "├", "+" }, { "┤", "+" }, { "┬", "+" }, { "┴", "+" }, { "┼", "+" }, { "▏", "|" },
	{ "…", "~" }, { "▸", ">" }, { "▲", "^" }, { "▼", "v" }, { "●", "*" }, { "○", "o" },
	{ "✓", "v" }, { "✗", "x" }, { "·", "." }, { "≤", "<=" }, { "→", ">" }, { "←", "<" },
	{ "–", "-" }, { "×", "x" }, { "▪", "#" },
};

/* Where the next glyph goes. What is left of `skip` columns is left out first, what comes at `end` is not drawn. */
struct pen {
	struct canvas *c;
	int y, x, end;
	int skip;
	enum role escape;       /* the role of what could not be drawn as it is; ROLE_TEXT: the text's own */
	bool own;               /* our own text: signs beyond ASCII get a stand-in */
};

void
canvas_set_ascii(bool ascii)
{
	ascii_only = ascii;
}

struct canvas *
canvas_new(int rows, int cols)
{
	struct canvas *c = xcalloc(1, sizeof(*c));

	canvas_resize(c, rows, cols);
	return c;
}

void
canvas_free(struct canvas *c)
{
	if (!c)
		return;
	free(c->cells);
	free(c);
}

void
canvas_resize(struct canvas *c, int rows, int cols)
{
	c->rows = rows > 0 ? rows : 0;
	c->cols = cols > 0 ? cols : 0;
	free(c->cells);
	c->cells = xcalloc((size_t)c->rows * (size_t)c->cols, sizeof(*c->cells));
	canvas_clear(c);
}

void
canvas_clear(struct canvas *c)
{
	size_t n = (size_t)c->rows * (size_t)c->cols;

	for (size_t i = 0; i < n; i++)
		c->cells[i] = blank;
	c->clip = (struct rect){ 0, 0, c->rows, c->cols };
	c->cursor_shown = false;
}

int
canvas_rows(const struct canvas *c)
{
	return c->rows;
}

int
canvas_cols(const struct canvas *c)
{
	return c->cols;
}

static struct cell *
cell_at(const struct canvas *c, int y, int x)
{
	return &c->cells[(size_t)y * (size_t)c->cols + (size_t)x];
}

const struct cell *
canvas_cell(const struct canvas *c, int y, int x)
{
	if (y < 0 || x < 0 || y >= c->rows || x >= c->cols)
		return NULL;
	return cell_at(c, y, x);
}

static struct rect
intersect(struct rect a, struct rect b)
{
	int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
	int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	struct rect r = { a.y > b.y ? a.y : b.y, a.x > b.x ? a.x : b.x, 0, 0 };

	r.h = bottom > r.y ? bottom - r.y : 0;
	r.w = right > r.x ? right - r.x : 0;
	return r;
}

struct rect
canvas_clip(struct canvas *c, struct rect r)
{
	struct rect old = c->clip;

	c->clip = intersect(old, r);
	return old;
}

void
canvas_unclip(struct canvas *c, struct rect old)
{
	c->clip = old;
}

static bool
in_clip(const struct canvas *c, int y, int x)
{
	return y >= c->clip.y && y < c->clip.y + c->clip.h && x >= c->clip.x && x < c->clip.x + c->clip.w;
}

static void
blank_text(struct cell *cell)
{
	memset(cell->text, 0, sizeof(cell->text));
	cell->text[0] = ' ';
	cell->width = 1;
}

/* Before a cell is drawn over: the other half of a wide character that was there becomes a space. */
static void
split_wide(struct canvas *c, int y, int x)
{
	struct cell *cell = cell_at(c, y, x);

	if (cell->width == 0 && x > 0)
		blank_text(cell - 1);
	else if (cell->width == 2 && x + 1 < c->cols)
		blank_text(cell + 1);
}

/* One glyph of one or two columns; whole, or (at an edge of the clip) spaces for the part that is inside. */
static void
put_glyph(struct canvas *c, int y, int x, enum role role, const char *text, size_t len, int width)
{
	bool whole = in_clip(c, y, x) && (width == 1 || in_clip(c, y, x + 1));

	for (int i = 0; i < width; i++) {
		struct cell *cell;

		if (!in_clip(c, y, x + i))
			continue;
		split_wide(c, y, x + i);
		cell = cell_at(c, y, x + i);
		*cell = blank;
		cell->role = (uint8_t)role;
		if (!whole)
			continue;
		cell->text[0] = '\0';
		cell->width = i == 0 ? (uint8_t)width : 0;
		if (i == 0 && len < sizeof(cell->text))
			memcpy(cell->text, text, len);
	}
}

/* A glyph of one column that is skipped or drawn. */
static void
pen_narrow(struct pen *p, enum role role, const char *text, size_t len)
{
	if (p->skip > 0) {
		p->skip--;
		return;
	}
	if (p->x < p->end)
		put_glyph(p->c, p->y, p->x++, role, text, len, 1);
}

/* A half that the skip or the end leaves of a wide character is a space. */
static void
pen_wide(struct pen *p, enum role role, const char *text, size_t len)
{
	if (p->skip > 0 || p->x + 1 >= p->end) {
		pen_narrow(p, role, " ", 1);
		pen_narrow(p, role, " ", 1);
		return;
	}
	put_glyph(p->c, p->y, p->x, role, text, len, 2);
	p->x += 2;
}

static void
pen_glyph(struct pen *p, enum role role, const struct glyph *g)
{
	if (g->escaped && p->escape != ROLE_TEXT)
		role = p->escape;
	if (g->width == 2 && (unsigned char)g->text[0] >= 0x80) {
		pen_wide(p, role, g->text, g->len);
	} else if ((unsigned char)g->text[0] >= 0x80) {
		pen_narrow(p, role, g->text, g->len);
	} else if (g->escaped && p->skip == 0 && p->x + g->width > p->end) {
		/* Half an escape would be text that is not there. */
		for (bool first = true; p->x < p->end; first = false)
			pen_narrow(p, role, first ? "~" : " ", 1);
	} else {
		/* An escape of several columns, or a letter with its marks. */
		for (int i = 0; i + 1 < g->width; i++)
			pen_narrow(p, role, g->text + i, 1);
		pen_narrow(p, role, g->text + g->width - 1, g->len - g->width + 1u);
	}
}

/* The stand-in at s, or NULL. */
static const char *
stand_in(const char *s, size_t len, size_t *taken)
{
	for (size_t i = 0; i < ARRAY_LEN(stand_ins); i++) {
		size_t n = strlen(stand_ins[i].text);

		if (n <= len && memcmp(s, stand_ins[i].text, n) == 0) {
			*taken = n;
			return stand_ins[i].ascii;
		}
	}
	return NULL;
}

/* Draws until the pen reaches its end: of a long text only what is seen, or skipped, is looked at. */
static void
pen_put(struct pen *p, enum role role, const void *data, size_t len)
{
	const char *s = data;

	while (len && p->x < p->end) {
		unsigned char byte = (unsigned char)*s;
		struct glyph g;
		size_t taken = 1;
		const char *ascii;

		if (byte >= 0x20 && byte < 0x7F && (len == 1 || (unsigned char)s[1] < 0x80)) {
			pen_narrow(p, role, s, 1);
		} else if (ascii_only && p->own && byte >= 0x80 && (ascii = stand_in(s, len, &taken)) != NULL) {
			for (; *ascii != '\0'; ascii++)
				pen_narrow(p, role, ascii, 1);
		} else {
			taken = sanitize_next(s, len, &g);
			pen_glyph(p, role, &g);
		}
		s += taken;
		len -= taken;
	}
}

/* The clip's right edge is an end too: what is beyond cannot be seen. */
static struct pen
pen_at(struct canvas *c, int y, int x, int w, int skip)
{
	int right = c->clip.x + c->clip.w;
	struct pen p = { .c = c, .y = y, .x = x, .end = x, .skip = skip > 0 ? skip : 0, .escape = ROLE_TEXT };

	if (w > 0 && x < right)
		p.end = w < right - x ? x + w : right;
	return p;
}

int
canvas_text(struct canvas *c, int y, int x, int w, enum role role, const char *text)
{
	struct pen p = pen_at(c, y, x, w, 0);

	p.own = true;
	pen_put(&p, role, text, strlen(text));
	return p.x - x;
}

int
canvas_textf(struct canvas *c, int y, int x, int w, enum role role, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;
	int taken;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	taken = canvas_text(c, y, x, w, role, strbuf_str(&sb));
	strbuf_fini(&sb);
	return taken;
}

int
canvas_columns(const char *text, int most)
{
	size_t left = strlen(text);
	int columns = 0;

	while (left && columns <= most) {
		struct glyph g;
		const char *ascii;
		size_t taken;

		if (ascii_only && (unsigned char)*text >= 0x80 && (ascii = stand_in(text, left, &taken)) != NULL) {
			columns += (int)strlen(ascii);
		} else {
			taken = sanitize_next(text, left, &g);
			columns += g.width;
		}
		text += taken;
		left -= taken;
	}
	return columns;
}

int
canvas_text_right(struct canvas *c, int y, int x, int w, enum role role, const char *text)
{
	int columns = canvas_columns(text, 1 << 20);
	struct pen p;
	int start;

	if (w <= 0)
		return 0;
	start = columns < w ? x + w - columns : x;
	p = pen_at(c, y, start, w, columns - w);
	p.own = true;
	pen_put(&p, role, text, strlen(text));
	return p.x - start;
}

int
canvas_text_cut(struct canvas *c, int y, int x, int w, enum role role, const char *text)
{
	int taken;

	if (w <= 0)
		return 0;
	if (canvas_columns(text, w) <= w)
		return canvas_text(c, y, x, w, role, text);
	taken = canvas_text(c, y, x, w - 1, role, text);
	return taken + canvas_text(c, y, x + taken, 1, role, "…");
}

int
canvas_bytes(struct canvas *c, int y, int x, int w, int skip, enum role role, const void *data, size_t len)
{
	struct pen p = pen_at(c, y, x, w, skip);

	p.escape = ROLE_ESCAPE;
	pen_put(&p, role, data, len);
	return p.x - x;
}

int
canvas_line(struct canvas *c, int y, int x, int w, int skip, const struct lines *l, size_t line)
{
	struct pen p = pen_at(c, y, x, w, skip);

	if (line >= l->n)
		return 0;
	p.escape = ROLE_ESCAPE;
	for (size_t i = 0; i < l->line[line].n; i++) {
		const struct span *span = &l->spans[l->line[line].first + i];

		pen_put(&p, span->role, l->text.buf + span->start, span->len);
	}
	return p.x - x;
}

void
canvas_fill(struct canvas *c, struct rect r, enum role role)
{
	struct rect in = intersect(r, c->clip);

	for (int y = in.y; y < in.y + in.h; y++) {
		for (int x = in.x; x < in.x + in.w; x++) {
			struct cell *cell = cell_at(c, y, x);

			split_wide(c, y, x);
			*cell = blank;
			cell->role = (uint8_t)role;
		}
	}
}

void
canvas_over(struct canvas *c, struct rect r, enum role role)
{
	struct rect in = intersect(r, c->clip);

	for (int y = in.y; y < in.y + in.h; y++) {
		int first = in.x, end = in.x + in.w;

		if (!in.w)
			break;
		/* Both halves of a wide character look the same. */
		if (cell_at(c, y, first)->width == 0 && first > 0)
			first--;
		if (cell_at(c, y, end - 1)->width == 2 && end < c->cols)
			end++;
		for (int x = first; x < end; x++)
			cell_at(c, y, x)->over = (uint8_t)role;
	}
}

static void
draw_horizontal(struct canvas *c, int y, struct rect r, enum role role, const char *left, const char *right)
{
	if (r.w < 2 || y < c->clip.y || y >= c->clip.y + c->clip.h)
		return;
	canvas_text(c, y, r.x, 1, role, left);
	for (int x = r.x + 1; x < r.x + r.w - 1; x++)
		canvas_text(c, y, x, 1, role, "─");
	canvas_text(c, y, r.x + r.w - 1, 1, role, right);
}

struct rect
canvas_frame(struct canvas *c, struct rect r, const char *title, bool focused)
{
	enum role border = focused ? ROLE_BORDER_FOCUS : ROLE_BORDER;
	enum role text = focused ? ROLE_PANE_TITLE_FOCUS : ROLE_PANE_TITLE;
	struct rect inside = { r.y + 1, r.x + 1, r.h > 2 ? r.h - 2 : 0, r.w > 2 ? r.w - 2 : 0 };
	int taken;

	if (r.h < 1 || r.w < 2)
		return inside;
	draw_horizontal(c, r.y, r, border, "┌", "┐");
	if (r.h > 1)
		draw_horizontal(c, r.y + r.h - 1, r, border, "└", "┘");
	for (int y = r.y + 1; y < r.y + r.h - 1; y++) {
		canvas_text(c, y, r.x, 1, border, "│");
		canvas_text(c, y, r.x + r.w - 1, 1, border, "│");
	}
	if (title && *title && r.w > 5) {
		canvas_text(c, r.y, r.x + 1, 1, text, " ");
		taken = canvas_text_cut(c, r.y, r.x + 2, r.w - 4, text, title);
		canvas_text(c, r.y, r.x + 2 + taken, 1, text, " ");
	}
	return inside;
}

void
canvas_frame_right(struct canvas *c, struct rect r, const char *text, bool focused)
{
	const char *line = ascii_only ? "-" : "─";
	enum role role = focused ? ROLE_PANE_TITLE_FOCUS : ROLE_PANE_TITLE;
	int end = r.x + r.w - 2, start = end, width;
	const struct cell *cell;

	/* Only over the line itself: the title on the left stays whole. */
	while (start > r.x && (cell = canvas_cell(c, r.y, start - 1)) && strcmp(cell->text, line) == 0)
		start--;
	width = canvas_columns(text, end - start) + 2;
	if (width > end - start)
		width = end - start;
	if (!*text || width < 5)
		return;
	canvas_text(c, r.y, end - width, 1, role, " ");
	canvas_text_cut(c, r.y, end - width + 1, width - 2, role, text);
	canvas_text(c, r.y, end - 1, 1, role, " ");
}

void
canvas_show_cursor(struct canvas *c, int y, int x)
{
	c->cursor_shown = in_clip(c, y, x);
	c->cursor_y = y;
	c->cursor_x = x;
}

bool
canvas_cursor(const struct canvas *c, int *y, int *x)
{
	if (!c->cursor_shown)
		return false;
	*y = c->cursor_y;
	*x = c->cursor_x;
	return true;
}

void
spark_text(struct strbuf *out, const float *samples, size_t n)
{
	static const char ascii_levels[] = " .:-=+*#";
	float most = 0;

	for (size_t i = 0; i < n; i++) {
		if (samples[i] > most && isfinite(samples[i]))
			most = samples[i];
	}
	for (size_t i = 0; i < n; i++) {
		unsigned level = 0;

		if (!(samples[i] >= 0)) {
			strbuf_addch(out, ' ');
			continue;
		}
		/* Anything above nothing is seen to be more than nothing. */
		if (samples[i] > most)
			level = 7;
		else if (samples[i] > 0)
			level = 1 + (unsigned)(samples[i] / most * 6.0f + 0.5f);
		if (ascii_only)
			strbuf_addch(out, ascii_levels[level]);
		else
			strbuf_addcp(out, 0x2581 + level);
	}
}
