/* lines: see the header. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/spans.h"

#define HEX_COLUMNS 16

void
lines_init(struct lines *l)
{
	*l = (struct lines){ .text = STRBUF_INIT };
}

void
lines_fini(struct lines *l)
{
	strbuf_fini(&l->text);
	free(l->spans);
	free(l->line);
	lines_init(l);
}

void
lines_reset(struct lines *l)
{
	strbuf_reset(&l->text);
	l->nspans = 0;
	l->n = 0;
}

void
lines_begin(struct lines *l)
{
	if (l->n == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 16;
		l->line = xreallocarray(l->line, l->cap, sizeof(*l->line));
	}
	l->line[l->n++] = (struct line){ .first = l->nspans };
}

/* The text from `start` to its end becomes part of the last line. */
static void
add_span(struct lines *l, enum role role, size_t start)
{
	struct line *line = &l->line[l->n - 1];
	size_t len = l->text.len - start;

	if (!len)
		return;
	if (line->n && l->spans[l->nspans - 1].role == role) {
		l->spans[l->nspans - 1].len += len;
		return;
	}
	if (l->nspans == l->spans_cap) {
		l->spans_cap = l->spans_cap ? l->spans_cap * 2 : 32;
		l->spans = xreallocarray(l->spans, l->spans_cap, sizeof(*l->spans));
	}
	l->spans[l->nspans++] = (struct span){ start, len, role };
	line->n++;
}

void
lines_add(struct lines *l, enum role role, const void *bytes, size_t len)
{
	size_t start = l->text.len;

	assert(l->n);
	strbuf_add(&l->text, bytes, len);
	add_span(l, role, start);
}

void
lines_adds(struct lines *l, enum role role, const char *text)
{
	lines_add(l, role, text, strlen(text));
}

void
lines_addf(struct lines *l, enum role role, const char *fmt, ...)
{
	size_t start = l->text.len;
	va_list ap;

	assert(l->n);
	va_start(ap, fmt);
	strbuf_vaddf(&l->text, fmt, ap);
	va_end(ap);
	add_span(l, role, start);
}

void
lines_hexdump(struct lines *l, const void *data, size_t len, size_t max_lines)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = data;
	size_t n = 0;

	for (size_t at = 0; at < len && (!max_lines || n < max_lines); at += HEX_COLUMNS, n++) {
		/* Two digits and a blank a byte, one more blank in the middle. */
		char hex[HEX_COLUMNS * 3 + 1], text[HEX_COLUMNS];
		size_t take = len - at < HEX_COLUMNS ? len - at : HEX_COLUMNS;

		memset(hex, ' ', sizeof(hex));
		for (size_t i = 0; i < take; i++) {
			unsigned char c = bytes[at + i];
			char *to = hex + i * 3 + (i >= HEX_COLUMNS / 2);

			to[0] = digits[c >> 4];
			to[1] = digits[c & 0xF];
			text[i] = c >= 0x20 && c < 0x7F ? (char)c : '.';
		}
		lines_begin(l);
		lines_addf(l, ROLE_OFFSET, "%08zx  ", at);
		lines_add(l, ROLE_TEXT, hex, sizeof(hex));
		lines_adds(l, ROLE_DIM, " |");
		lines_add(l, ROLE_TEXT, text, take);
		lines_adds(l, ROLE_DIM, "|");
	}
}
