/* sanitize: see the header. */
#include <string.h>

#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"

#define MARKS_KEPT 2

static bool ascii_only;

static void
put_char(struct glyph *g, uint32_t cp)
{
	g->len += (uint8_t)utf8_encode(cp, g->text + g->len);
	g->text[g->len] = '\0';
}

static void
put_hex(struct glyph *g, uint32_t value, int digits)
{
	static const char hex[] = "0123456789ABCDEF";

	for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
		g->text[g->len++] = hex[value >> shift & 0xF];
	g->text[g->len] = '\0';
}

/* \x1B: a byte. */
static void
escape_byte(struct glyph *g, unsigned char byte)
{
	put_char(g, '\\');
	put_char(g, 'x');
	put_hex(g, byte, 2);
	g->width = g->len;
	g->escaped = true;
}

/* \u{202E}: a code point, at most 10 columns. */
static void
escape_char(struct glyph *g, uint32_t cp)
{
	int digits = cp > 0xFFFFF ? 6 : cp > 0xFFFF ? 5 : 4;

	put_char(g, '\\');
	put_char(g, 'u');
	put_char(g, '{');
	put_hex(g, cp, digits);
	put_char(g, '}');
	g->width = g->len;
	g->escaped = true;
}

static void
escape_control(struct glyph *g, unsigned char byte)
{
	if (ascii_only) {
		escape_byte(g, byte);
		return;
	}
	put_char(g, byte == 0x7F ? 0x2421 : 0x2400u + byte);
	g->width = 1;
	g->escaped = true;
}

/* Whether a combining code point leaves the width of its base as it is. The emoji and the text
 * selector choose between one and two columns, and only the base that has that width already
 * stays in its place. */
static bool
mark_is_true(uint32_t mark, const struct glyph *g)
{
	if (mark == 0xFE0F)
		return g->width == 2;
	if (mark == 0xFE0E)
		return g->width == 1;
	return true;
}

/* Takes the combining code points that follow a base; returns the bytes taken. Those that are
 * left out show in the glyph's being an escape. */
static size_t
take_marks(struct glyph *g, const unsigned char *s, size_t len)
{
	size_t at = 0;
	int kept = 0;

	while (at < len && s[at] >= 0xC0) {
		uint32_t cp;
		size_t taken = utf8_decode(s + at, len - at, &cp);

		if (cp == UTF8_INVALID || utf8_width(cp) != 0)
			break;
		if (kept < MARKS_KEPT && mark_is_true(cp, g)) {
			put_char(g, cp);
			kept++;
		} else {
			g->escaped = true;
		}
		at += taken;
	}
	return at;
}

size_t
sanitize_next(const void *bytes, size_t len, struct glyph *out)
{
	const unsigned char *s = bytes;
	uint32_t cp;
	size_t taken = utf8_decode(s, len, &cp);
	int width;

	out->len = 0;
	out->escaped = false;
	if (cp == UTF8_INVALID) {
		escape_byte(out, s[0]);
		return 1;
	}
	if (cp < 0x20 || cp == 0x7F) {
		escape_control(out, s[0]);
		return 1;
	}
	width = cp < 0x7F ? 1 : utf8_width(cp);
	/* A combining one that comes here has no base of its own: it would sit on
	 * the column before. */
	if (width <= 0 || (ascii_only && cp >= 0x80)) {
		escape_char(out, cp);
		return taken;
	}
	put_char(out, cp);
	out->width = (uint8_t)width;
	if (!ascii_only)
		taken += take_marks(out, s + taken, len - taken);
	return taken;
}

/* How many bytes at the start are plain ASCII and stay as they are: the last before a byte that
 * is none may be the base of a combining one, and is left out. */
static size_t
plain_run(const unsigned char *s, size_t len)
{
	size_t run = 0;

	while (run < len && s[run] >= 0x20 && s[run] < 0x7F)
		run++;
	return run && run < len && s[run] >= 0x80 ? run - 1 : run;
}

void
sanitize(struct strbuf *out, const void *bytes, size_t len)
{
	const unsigned char *s = bytes;

	strbuf_add(out, "", 0);
	while (len) {
		size_t taken = plain_run(s, len);

		if (taken) {
			strbuf_add(out, s, taken);
		} else {
			struct glyph g;

			taken = sanitize_next(s, len, &g);
			strbuf_add(out, g.text, g.len);
		}
		s += taken;
		len -= taken;
	}
}

void
sanitize_set_ascii(bool ascii)
{
	ascii_only = ascii;
}
