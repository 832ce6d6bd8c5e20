/*
 * utf8: decoding and column widths. Widths are the C library's wcwidth() in a UTF-8 locale (see utf8_locale), which is
 * what terminals on the same system agree with most often.
 *
 * Thread: any, after utf8_locale().   Depends on: libc.
 */
#ifndef TOPICMON_BASE_UTF8_H
#define TOPICMON_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_INVALID 0xFFFFFFFFu

/* Sets the locale from the environment; when its charset is not UTF-8, sets LC_CTYPE to a UTF-8 one for widths.
 * True when the user's own locale speaks UTF-8 (else the screen draws ASCII). Call once, in main, before threads. */
bool utf8_locale(void);

/* Decodes one code point from at most len > 0 bytes. Returns the bytes taken (>= 1). Anything that is not well-formed
 * (overlong, surrogate, above U+10FFFF, truncated) takes 1 byte and gives UTF8_INVALID. */
size_t utf8_decode(const void *bytes, size_t len, uint32_t *cp);

/* Writes cp as UTF-8, at most 4 bytes, no NUL. Returns the bytes written. */
size_t utf8_encode(uint32_t cp, char out[4]);

/* Columns a code point takes: 0 (combining), 1 or 2; -1 for one that must not be sent to a terminal as it is. */
int utf8_width(uint32_t cp);

/* Whether a terminal acts on a code point, hides it or joins it with its neighbour (control, bidirectional, joiner, tag,
 * not a character), whatever the locale. */
bool utf8_is_unsafe(uint32_t cp);

/* Columns of a NUL-terminated UTF-8 text; unprintable ones count as drawn by the sanitiser. */
size_t utf8_columns(const char *s);

bool utf8_valid(const void *bytes, size_t len);

#endif
