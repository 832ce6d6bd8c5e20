/* strbuf, strvec: see the header. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/base/utf8.h"

/* Makes room for `more` bytes and the NUL. */
static void
reserve(struct strbuf *sb, size_t more)
{
	size_t cap = sb->cap ? sb->cap : 32;

	if (sb->cap - sb->len > more)
		return;
	if (more >= SIZE_MAX / 2 - sb->len)
		cap = SIZE_MAX;         /* more than there can be: xrealloc says so */
	else
		while (cap <= sb->len + more)
			cap *= 2;
	sb->buf = xrealloc(sb->buf, cap);
	sb->cap = cap;
}

void
strbuf_init(struct strbuf *sb)
{
	*sb = (struct strbuf)STRBUF_INIT;
}

void
strbuf_fini(struct strbuf *sb)
{
	free(sb->buf);
	strbuf_init(sb);
}

void
strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	if (sb->buf)
		sb->buf[0] = '\0';
}

void
strbuf_add(struct strbuf *sb, const void *bytes, size_t len)
{
	reserve(sb, len);
	if (len)
		memcpy(sb->buf + sb->len, bytes, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void
strbuf_adds(struct strbuf *sb, const char *s)
{
	strbuf_add(sb, s, strlen(s));
}

void
strbuf_addch(struct strbuf *sb, char ch)
{
	reserve(sb, 1);
	sb->buf[sb->len++] = ch;
	sb->buf[sb->len] = '\0';
}

void
strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
}

void
strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	reserve(sb, 63);
	n = vsnprintf(sb->buf + sb->len, sb->cap - sb->len, fmt, ap);
	if (n < 0) {
		n = 0; /* an encoding error of %ls, which nobody here uses: nothing is added */
	} else if ((size_t)n >= sb->cap - sb->len) {
		reserve(sb, (size_t)n);
		vsnprintf(sb->buf + sb->len, sb->cap - sb->len, fmt, again);
	}
	va_end(again);
	sb->len += (size_t)n;
	sb->buf[sb->len] = '\0';
}

void
strbuf_addcp(struct strbuf *sb, unsigned int codepoint)
{
	char text[4];

	strbuf_add(sb, text, utf8_encode(codepoint, text));
}

void
strbuf_insert(struct strbuf *sb, size_t pos, const void *bytes, size_t len)
{
	assert(pos <= sb->len);
	reserve(sb, len);
	memmove(sb->buf + pos + len, sb->buf + pos, sb->len - pos);
	if (len)
		memcpy(sb->buf + pos, bytes, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void
strbuf_remove(struct strbuf *sb, size_t pos, size_t len)
{
	assert(pos <= sb->len && len <= sb->len - pos);
	if (!len)
		return;
	memmove(sb->buf + pos, sb->buf + pos + len, sb->len - pos - len);
	sb->len -= len;
	sb->buf[sb->len] = '\0';
}

const char *
strbuf_str(const struct strbuf *sb)
{
	return sb->buf ? sb->buf : "";
}

char *
strbuf_detach(struct strbuf *sb)
{
	char *text = sb->buf ? sb->buf : xstrdup("");

	strbuf_init(sb);
	return text;
}

void
strbuf_add_grouped(struct strbuf *sb, long long n)
{
	unsigned long long left = n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n;
	char text[32];
	size_t at = sizeof(text);
	unsigned digits = 0;

	do {
		if (digits && digits % 3 == 0)
			text[--at] = ',';
		text[--at] = (char)('0' + left % 10);
		left /= 10;
		digits++;
	} while (left);
	if (n < 0)
		text[--at] = '-';
	strbuf_add(sb, text + at, sizeof(text) - at);
}

void
str_copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((unsigned char)from[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(to, from, len);
	to[len] = '\0';
}

void
strvec_init(struct strvec *sv)
{
	*sv = (struct strvec)STRVEC_INIT;
}

void
strvec_fini(struct strvec *sv)
{
	for (size_t i = 0; i < sv->n; i++)
		free(sv->v[i]);
	free(sv->v);
	strvec_init(sv);
}

void
strvec_push(struct strvec *sv, const char *s)
{
	strvec_pushn(sv, s, strlen(s));
}

void
strvec_pushn(struct strvec *sv, const char *s, size_t len)
{
	if (sv->n + 1 >= sv->cap) {
		sv->cap = sv->cap ? sv->cap * 2 : 8;
		sv->v = xreallocarray(sv->v, sv->cap, sizeof(*sv->v));
	}
	sv->v[sv->n++] = xstrndup(s, len);
	sv->v[sv->n] = NULL;
}

void
strvec_copy(struct strvec *to, const struct strvec *from)
{
	struct strvec copy = STRVEC_INIT;

	/* Built aside, so that copying a list onto itself is harmless. */
	for (size_t i = 0; i < from->n; i++)
		strvec_push(&copy, from->v[i]);
	strvec_fini(to);
	*to = copy;
}

bool
strvec_has(const struct strvec *sv, const char *s)
{
	for (size_t i = 0; i < sv->n; i++) {
		if (strcmp(sv->v[i], s) == 0)
			return true;
	}
	return false;
}
