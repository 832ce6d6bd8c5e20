/* err: see the header. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "topicmon/base/err.h"

/* Where a text that was cut after len bytes ends without half a character. */
static size_t
whole_characters(const char *text, size_t len)
{
	size_t start = len;

	while (start > 0 && len - start < 3 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0xC0) {
		unsigned char lead = (unsigned char)text[start - 1];
		size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;

		if (len - (start - 1) < want)
			return start - 1;
	}
	return len;
}

bool
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char text[sizeof(e->text)];
	va_list ap;
	int n;

	if (!e)
		return false;
	/* The arguments may point into *e: "topic '%s': %s" with the text of a deeper error is
	 * how sentences grow. */
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		text[0] = '\0';
	else if ((size_t)n >= sizeof(text))
		text[whole_characters(text, sizeof(text) - 1)] = '\0';
	for (char *p = text; *p; p++) {
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	}
	err_clear(e);
	e->code = code;
	memcpy(e->text, text, strlen(text) + 1);
	return false;
}

void
err_clear(struct err *e)
{
	if (e)
		memset(e, 0, sizeof(*e));
}

int
err_exit_status(enum err_code code)
{
	switch (code) {
	case ERR_NONE:
		return 0;
	case ERR_USAGE:
		return 2;
	case ERR_UNREACHABLE:
	case ERR_TIMEOUT:
		return 3;
	case ERR_DENIED:
		return 4;
	case ERR_NOT_FOUND:
		return 5;
	case ERR_REFUSED:
		return 6;
	case ERR_FAILED:
	case ERR_EXISTS:
	case ERR_CANCELLED:
		break;
	}
	return 1;
}
