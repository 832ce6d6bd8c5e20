/*
 * sanitize: the one gate between bytes that came from a cluster and the terminal. Control bytes become visible, never
 * active: C0 as control pictures (ESC is drawn as U+241B), C1, bidirectional and other invisible format characters as
 * \u{202E}, bytes that are not UTF-8 as \xFF. In ASCII mode all escapes are \xHH and \u{H}, and non-ASCII text too.
 *
 * Thread: any (the mode is set once in main).   Depends on: base/utf8, base/strbuf.
 */
#ifndef TOPICMON_BASE_SANITIZE_H
#define TOPICMON_BASE_SANITIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"

/* One thing to draw: either one printable code point with the combining ones that follow it (at most two are kept), or
 * an escape of several ASCII columns. */
struct glyph {
	char text[24];          /* UTF-8, NUL-terminated, safe to draw */
	uint8_t len;            /* bytes of text */
	uint8_t width;          /* columns, 1 or more */
	bool escaped;           /* stands for something that could not be drawn as it is */
};

/* Takes the next glyph from at most len > 0 bytes; returns the bytes taken (>= 1). Newline and tab are escaped too:
 * who draws several lines splits them first. */
size_t sanitize_next(const void *bytes, size_t len, struct glyph *out);

/* Appends the safe form of all bytes. */
void sanitize(struct strbuf *out, const void *bytes, size_t len);

/* ASCII only from now on (a locale without UTF-8, or --ascii). Call in main, before threads. */
void sanitize_set_ascii(bool ascii);

#endif
