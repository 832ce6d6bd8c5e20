/*
 * pty_svg: the screen as a picture. Lines, blocks and sparklines are drawn as shapes, so that they join whatever the
 * font; text goes out in runs, each set to the columns that it takes. See pty_screen.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pty_private.h"

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define CELL_W 8.4
#define CELL_H 18.0
#define FONT_SIZE 14
#define BASELINE 13.5
#define MARGIN 10.0

/* The four arms of a box-drawing character from its middle: left, right, up, down. */
static const struct box {
	uint32_t cp;
	bool left, right, up, down;
} boxes[] = {
	{ 0x2500, true, true, false, false }, { 0x2502, false, false, true, true },
	{ 0x250C, false, true, false, true }, { 0x2510, true, false, false, true },
	{ 0x2514, false, true, true, false }, { 0x2518, true, false, true, false },
	{ 0x251C, false, true, true, true }, { 0x2524, true, false, true, true },
	{ 0x252C, true, true, false, true }, { 0x2534, true, true, true, false },
	{ 0x253C, true, true, true, true },
};

struct ink {
	uint32_t fg, bg;
	bool bold, italic;
};

static struct ink
ink_of(const struct pty_cell *cell)
{
	struct ink ink = { cell->fg, cell->bg, cell->bold, cell->italic };

	if (cell->reverse) {
		ink.fg = cell->bg;
		ink.bg = cell->fg;
	}
	return ink;
}

static bool
same_ink(const struct ink *a, const struct ink *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->bold == b->bold && a->italic == b->italic;
}

static void
rect_out(FILE *out, double x, double y, double w, double h, uint32_t rgb)
{
	fprintf(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#%06X\"/>\n", x, y, w, h,
		(unsigned)rgb);
}

static void
text_out(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '&')
			fputs("&amp;", out);
		else
			fputc(*text, out);
	}
}

/* Draws what is a shape rather than a letter; false for a letter. */
static bool
shape_out(FILE *out, double x, double y, const char *text, uint32_t rgb)
{
	uint32_t cp;

	utf8_decode(text, strlen(text), &cp);
	if (cp >= 0x2581 && cp <= 0x2588) {
		double h = CELL_H * 0.8 * (cp - 0x2580) / 8;

		rect_out(out, x, y + CELL_H - 2 - h, CELL_W - 0.8, h, rgb);
		return true;
	}
	if (cp == 0x258F) {
		rect_out(out, x, y, 1.4, CELL_H, rgb);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++) {
		double mx = x + CELL_W / 2, my = y + CELL_H / 2;

		if (boxes[i].cp != cp)
			continue;
		if (boxes[i].left || boxes[i].right)
			rect_out(out, boxes[i].left ? x : mx - 0.5, my - 0.5,
				boxes[i].left && boxes[i].right ? CELL_W : CELL_W / 2 + 0.5, 1, rgb);
		if (boxes[i].up || boxes[i].down)
			rect_out(out, mx - 0.5, boxes[i].up ? y : my - 0.5, 1,
				boxes[i].up && boxes[i].down ? CELL_H : CELL_H / 2 + 0.5, rgb);
		return true;
	}
	return false;
}

static void
run_out(FILE *out, double x, double y, double w, const struct ink *ink, const char *text)
{
	fprintf(out, "<text x=\"%.2f\" y=\"%.2f\" fill=\"#%06X\" textLength=\"%.2f\" "
		"lengthAdjust=\"spacingAndGlyphs\"%s%s>", x, y + BASELINE, (unsigned)ink->fg, w, ink->bold ? " font-weight=\"bold\"" : "",
		ink->italic ? " font-style=\"italic\"" : "");
	text_out(out, text);
	fputs("</text>\n", out);
}

static bool
is_letter(const char *text)
{
	return (unsigned char)text[0] > ' ' && (unsigned char)text[0] < 0x80 && !text[1];
}

static void
backgrounds_out(struct pty_screen *ps, FILE *out, int y, double top, uint32_t page)
{
	struct pty_cell cell;

	for (int x = 0; x < ps->cols; ) {
		uint32_t bg;
		int start = x;

		pty_cell(ps, y, x, &cell);
		bg = ink_of(&cell).bg;
		while (x < ps->cols && pty_cell(ps, y, x, &cell) && ink_of(&cell).bg == bg)
			x++;
		if (bg != page)
			rect_out(out, MARGIN + start * CELL_W, top, (x - start) * CELL_W + 0.2, CELL_H + 0.2, bg);
	}
}

static void
underlines_out(struct pty_screen *ps, FILE *out, int y, double top)
{
	struct pty_cell cell;

	for (int x = 0; x < ps->cols && pty_cell(ps, y, x, &cell); x++) {
		if (cell.underline)
			rect_out(out, MARGIN + x * CELL_W, top + CELL_H - 2.5, CELL_W + 0.1, 1, ink_of(&cell).fg);
	}
}

/* Letters of one look that stand together are one run; anything else stands alone in its cell. */
static void
letters_out(struct pty_screen *ps, FILE *out, int y, double top)
{
	struct strbuf run = STRBUF_INIT;
	struct pty_cell cell;

	for (int x = 0; x < ps->cols && pty_cell(ps, y, x, &cell); ) {
		struct ink ink = ink_of(&cell), next = ink;
		double left = MARGIN + x * CELL_W;
		int start = x;

		strbuf_reset(&run);
		while (is_letter(cell.text) && same_ink(&ink, &next)) {
			strbuf_adds(&run, cell.text);
			x++;
			if (!pty_cell(ps, y, x, &cell))
				break;
			next = ink_of(&cell);
		}
		if (x > start) {
			run_out(out, left, top, (x - start) * CELL_W, &ink, strbuf_str(&run));
			continue;
		}
		if (cell.text[0] && strcmp(cell.text, " ") != 0 && !shape_out(out, left, top, cell.text, ink.fg))
			run_out(out, left, top, cell.width * CELL_W, &ink, cell.text);
		x += cell.width > 1 ? cell.width : 1;
	}
	strbuf_fini(&run);
}

bool
pty_svg(struct pty_screen *ps, const char *path)
{
	double w = ps->cols * CELL_W + 2 * MARGIN, h = ps->rows * CELL_H + 2 * MARGIN;
	FILE *out = fopen(path, "w");
	VTermColor fg, bg;
	uint32_t page;
	int cy, cx;
	bool good;

	if (!out)
		return false;
	vterm_state_get_default_colors(vterm_obtain_state(ps->vt), &fg, &bg);
	page = (uint32_t)bg.rgb.red << 16 | (uint32_t)bg.rgb.green << 8 | bg.rgb.blue;
	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.1f %.1f\" "
		"xml:space=\"preserve\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"%d\">\n",
		w, h, w, h, FONT_SIZE);
	fprintf(out, "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#%06X\"/>\n", (unsigned)page);
	for (int y = 0; y < ps->rows; y++) {
		backgrounds_out(ps, out, y, MARGIN + y * CELL_H, page);
		underlines_out(ps, out, y, MARGIN + y * CELL_H);
		letters_out(ps, out, y, MARGIN + y * CELL_H);
	}
	if (pty_cursor(ps, &cy, &cx))
		fprintf(out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"#FFFFFF\" "
			"fill-opacity=\"0.5\"/>\n", MARGIN + cx * CELL_W, MARGIN + cy * CELL_H, CELL_W, CELL_H);
	fputs("</svg>\n", out);
	good = !ferror(out);
	return fclose(out) == 0 && good;
}
