/*
 * strbuf: growable text. Always ends in a NUL that is not counted; may hold NULs before it.
 * strvec: growable list of strings that it owns.
 *
 * All string building in the program goes through here.
 *
 * Thread: any, one at a time.   Depends on: base/mem, base/err (PRINTF_LIKE).
 */
#ifndef TOPICMON_BASE_STRBUF_H
#define TOPICMON_BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"

struct strbuf {
	char *buf;      /* never NULL after the first add; owned */
	size_t len;
	size_t cap;
};
#define STRBUF_INIT { NULL, 0, 0 }

void strbuf_init(struct strbuf *sb);
void strbuf_fini(struct strbuf *sb);             /* frees; the strbuf is as after init */
void strbuf_reset(struct strbuf *sb);            /* empties, keeps the memory */
void strbuf_add(struct strbuf *sb, const void *bytes, size_t len);
void strbuf_adds(struct strbuf *sb, const char *s);
void strbuf_addch(struct strbuf *sb, char ch);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
void strbuf_addcp(struct strbuf *sb, unsigned int codepoint);   /* UTF-8 */
void strbuf_insert(struct strbuf *sb, size_t pos, const void *bytes, size_t len);
void strbuf_remove(struct strbuf *sb, size_t pos, size_t len);
const char *strbuf_str(const struct strbuf *sb); /* "" when nothing was added; borrowed */
char *strbuf_detach(struct strbuf *sb);          /* the text, the caller owns it; the strbuf is as after init */

/* Appends `n` with thousands separators: 1013 -> "1,013". */
void strbuf_add_grouped(struct strbuf *sb, long long n);

/* Copies what fits of a text into an array of `size` > 0 bytes, NUL-terminated, not ending inside a UTF-8 character. */
void str_copy(char *to, size_t size, const char *from);

struct strvec {
	char **v;       /* v[n] is NULL once anything was pushed; owned */
	size_t n;
	size_t cap;
};
#define STRVEC_INIT { NULL, 0, 0 }

void strvec_init(struct strvec *sv);
void strvec_fini(struct strvec *sv);
void strvec_push(struct strvec *sv, const char *s);          /* copies */
void strvec_pushn(struct strvec *sv, const char *s, size_t len);
void strvec_copy(struct strvec *to, const struct strvec *from);  /* to was initialised; what it held goes */
bool strvec_has(const struct strvec *sv, const char *s);

#endif
