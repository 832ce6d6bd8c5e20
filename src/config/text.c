/* text: see the header. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/base/utf8.h"

#define SHOWN_MAX 60    /* bytes of a text: two of them and a sentence fit into struct err */
#define PATH_MAX_SHOWN 90

const char *
shown_textn(struct shown *s, const char *text, size_t len)
{
	size_t used = 0, at = 0;

	while (at < len) {
		struct glyph g;

		at += sanitize_next(text + at, len - at, &g);
		if (used + g.len > SHOWN_MAX) {
			memcpy(s->text + used, "...", sizeof("..."));
			return s->text;
		}
		memcpy(s->text + used, g.text, g.len);
		used += g.len;
	}
	s->text[used] = '\0';
	return s->text;
}

const char *
shown_text(struct shown *s, const char *text)
{
	return shown_textn(s, text, strlen(text));
}

const char *
shown_path(struct shown *s, const char *path)
{
	struct strbuf safe = STRBUF_INIT;
	size_t cut = 0;

	sanitize(&safe, path, strlen(path));
	if (safe.len > PATH_MAX_SHOWN) {
		cut = safe.len - (PATH_MAX_SHOWN - 3);
		while (cut < safe.len && ((unsigned char)safe.buf[cut] & 0xc0) == 0x80)
			cut++;
	}
	memcpy(s->text, "...", 3);
	memcpy(s->text + (cut ? 3 : 0), strbuf_str(&safe) + cut, safe.len - cut + 1);
	strbuf_fini(&safe);
	return s->text;
}

bool
text_int64(const char *text, int64_t *out)
{
	const char *digits = text[0] == '-' ? text + 1 : text;
	long long n;
	char *end;

	if (digits[0] < '0' || digits[0] > '9')
		return false;
	errno = 0;
	n = strtoll(text, &end, 10);
	if (errno || *end)
		return false;
	*out = n;
	return true;
}

bool
text_seconds(const char *text, int64_t *out_ms)
{
	int64_t ms = 0, scale = 1000;
	bool digits = false, point = false;

	for (; *text; text++) {
		if (*text == '.' && !point) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || ms > INT64_MAX / 100000)
			return false;
		digits = true;
		if (!point) {
			ms = ms * 10 + (*text - '0') * 1000;
		} else {
			scale /= 10;
			ms += (*text - '0') * scale;
		}
	}
	if (!digits)
		return false;
	*out_ms = ms;
	return true;
}

bool
text_pair(const char *text, char **name, char **value)
{
	const char *equals = strchr(text, '=');

	if (!equals || equals == text)
		return false;
	*name = xstrndup(text, (size_t)(equals - text));
	*value = xstrdup(equals + 1);
	return true;
}

bool
text_is_host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

bool
resolve_check(const char *what, const char *host, const char *addr, struct err *e)
{
	struct shown h, a;

	for (const char *p = host; *p; p++) {
		if (*p == ':')
			return err_set(e, ERR_USAGE, "%s: '%s' is to be a host name without a port",
			               what, shown_text(&h, host));
		if (!text_is_host_char(*p))
			return err_set(e, ERR_USAGE, "%s: '%s' is not a host name", what,
			               shown_text(&h, host));
	}
	if (!*host || !*addr)
		return err_set(
			e, ERR_USAGE,
			"%s needs a host name and where to reach it, such as broker1=127.0.0.1",
			what);
	if (strchr(addr, ':') && !strchr(strchr(addr, ':') + 1, ':'))
		return err_set(
			e, ERR_USAGE,
			"%s: '%s' is to be an address without a port: the port stays as advertised",
			what, shown_text(&a, addr));
	for (const char *p = addr; *p; p++) {
		if (!text_is_host_char(*p) && *p != ':' && *p != '%')
			return err_set(e, ERR_USAGE, "%s: '%s' is not an address", what,
			               shown_text(&a, addr));
	}
	return true;
}
