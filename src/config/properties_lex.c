/* properties_lex: the lines of a properties file, as kcat reads them and as java.util.Properties
 * does. */
#include <stdlib.h>
#include <string.h>

#include "properties_private.h"
#include "text.h"
#include "topicmon/base/mem.h"

void
property_list_fini(struct property_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].name);
		free(list->v[i].value);
	}
	free(list->v);
	*list = (struct property_list){ 0 };
}

void
property_list_add(struct property_list *list, const char *name, size_t name_len, const char *value,
                  size_t value_len, size_t line)
{
	list->v = xreallocarray(list->v, list->n + 1, sizeof(*list->v));
	list->v[list->n++] = (struct property_entry){
		.name = xstrndup(name, name_len), .value = xstrndup(value, value_len), .line = line,
	};
}

/* One physical line without its end: \n, \r\n or \r. */
struct line {
	const char *text;
	size_t len;
};

struct line_reader {
	const char *text;
	size_t len;
	size_t at;
	size_t number;          /* of the line just given */
};

static bool
next_line(struct line_reader *r, struct line *line)
{
	size_t start = r->at;

	if (start >= r->len)
		return false;
	while (r->at < r->len && r->text[r->at] != '\n' && r->text[r->at] != '\r')
		r->at++;
	*line = (struct line){ r->text + start, r->at - start };
	if (r->at < r->len)
		r->at += r->text[r->at] == '\r' && r->at + 1 < r->len && r->text[r->at + 1] == '\n'
		                 ? 2
		                 : 1;
	r->number++;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

static void
trim_left(struct line *line)
{
	while (line->len && is_blank(*line->text)) {
		line->text++;
		line->len--;
	}
}

static void
trim_right(struct line *line)
{
	while (line->len && is_blank(line->text[line->len - 1]))
		line->len--;
}

/* kcat takes the backslash off "\:" and "\=", which files written for Java are full of. */
static void
add_unescaped_separators(struct strbuf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len && (text[i + 1] == ':' || text[i + 1] == '='))
			i++;
		strbuf_addch(out, text[i]);
	}
}

bool
properties_lex_native(const char *file, const char *text, size_t len, struct property_list *list,
                      struct err *e)
{
	struct line_reader r = { .text = text, .len = len };
	struct strbuf whole = STRBUF_INIT;
	struct line line;
	bool ok = true;

	while (ok && next_line(&r, &line)) {
		struct line name, value;
		const char *equals;

		trim_left(&line);
		trim_right(&line);
		if (!line.len || *line.text == '#')
			continue;
		strbuf_reset(&whole);
		add_unescaped_separators(&whole, line.text, line.len);
		equals = memchr(whole.buf, '=', whole.len);
		if (!equals || equals == whole.buf) {
			struct shown f;

			/* The line may be half a password: it is not repeated. */
			ok = err_set(e, ERR_USAGE, "%s:%zu: should be name=value, and %s",
			             shown_path(&f, file), r.number,
			             equals ? "there is no name before the '='"
			                    : "there is no '='");
			break;
		}
		name = (struct line){ whole.buf, (size_t)(equals - whole.buf) };
		value = (struct line){ equals + 1, whole.len - name.len - 1 };
		trim_right(&name);
		trim_left(&value);
		property_list_add(list, name.text, name.len, value.text, value.len, r.number);
	}
	strbuf_fini(&whole);
	if (!ok)
		property_list_fini(list);
	return ok;
}

static bool
ends_in_backslash(const struct line *line)
{
	size_t n = 0;

	while (n < line->len && line->text[line->len - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* Joins a line with those that continue it; *first is the number of the first. False at the end of
 * the text. */
static bool
next_logical_line(struct line_reader *r, struct strbuf *out, size_t *first,
                  struct property_list *list)
{
	struct line line;
	bool more = true;

	strbuf_reset(out);
	strbuf_adds(out, "");
	if (!next_line(r, &line))
		return false;
	*first = r->number;
	trim_left(&line);
	if (line.len && (*line.text == '#' || *line.text == '!')) {
		list->java_syntax |= *line.text == '!';
		return true;
	}
	while (more) {
		more = ends_in_backslash(&line);
		strbuf_add(out, line.text, line.len - more);
		if (more) {
			list->java_syntax = true;
			more = next_line(r, &line);
			if (more)
				trim_left(&line);
		}
	}
	return true;
}

static int
hex4(const char *text, size_t len)
{
	int value = 0;

	if (len < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = text[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
		            : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* Resolves the escapes of Java: \t \n \r \f \uXXXX (two of them for what lies beyond 16 bits), \x
 * is x otherwise. False for a \u that is none or that stands for a NUL. */
static bool
unescape(struct strbuf *out, const char *text, size_t len)
{
	static const char from[] = "tnrf", to[] = "\t\n\r\f";

	for (size_t i = 0; i < len; i++) {
		const char *simple;
		int unit, low = -1;

		if (text[i] != '\\' || i + 1 == len) {
			strbuf_addch(out, text[i]);
			continue;
		}
		i++;
		simple = text[i] ? strchr(from, text[i]) : NULL;
		if (text[i] != 'u') {
			strbuf_addch(out, simple ? to[simple - from] : text[i]);
			continue;
		}
		unit = hex4(text + i + 1, len - i - 1);
		if (unit <= 0)
			return false;
		i += 4;
		if (unit >= 0xd800 && unit < 0xdc00 && i + 2 < len && text[i + 1] == '\\' &&
		    text[i + 2] == 'u')
			low = hex4(text + i + 3, len - i - 3);
		if (low >= 0xdc00 && low < 0xe000) {
			strbuf_addcp(out, 0x10000u + (((unsigned)unit - 0xd800u) << 10) +
			                          ((unsigned)low - 0xdc00u));
			i += 6;
		} else {
			strbuf_addcp(out,
			             unit >= 0xd800 && unit < 0xe000 ? 0xfffdu : (unsigned)unit);
		}
	}
	return true;
}

/* Where the name ends: at the first separator without a backslash. */
static size_t
name_length(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && text[i] != '=' && text[i] != ':' && !is_blank(text[i]))
		i += text[i] == '\\' ? 2 : 1;
	return i < len ? i : len;
}

static bool
lex_logical(struct property_list *list, const struct strbuf *line, size_t number)
{
	struct strbuf name = STRBUF_INIT, value = STRBUF_INIT;
	size_t at = name_length(line->buf, line->len);
	bool ok = unescape(&name, line->buf, at), separated = false;

	while (at < line->len && is_blank(line->buf[at]))
		at++;
	if (at < line->len && (line->buf[at] == '=' || line->buf[at] == ':')) {
		separated = true;
		list->java_syntax |= line->buf[at] == ':';
		at++;
	}
	while (at < line->len && is_blank(line->buf[at]))
		at++;
	list->java_syntax |= !separated && at < line->len;
	ok = ok && unescape(&value, line->buf + at, line->len - at);
	/* Blanks at the end are a slip, but a password may end in one. */
	while (ok && value.len && is_blank(value.buf[value.len - 1]) &&
	       !connection_is_secret(strbuf_str(&name)))
		strbuf_remove(&value, value.len - 1, 1);
	if (ok)
		property_list_add(list, strbuf_str(&name), name.len, strbuf_str(&value), value.len,
		                  number);
	strbuf_fini(&name);
	strbuf_fini(&value);
	return ok;
}

bool
properties_lex_java(const char *file, const char *text, size_t len, struct property_list *list,
                    struct err *e)
{
	struct line_reader r = { .text = text, .len = len };
	struct strbuf line = STRBUF_INIT;
	size_t number = 0;
	struct shown f;
	bool ok = true;

	while (ok && next_logical_line(&r, &line, &number, list)) {
		if (line.len && !lex_logical(list, &line, number))
			ok = err_set(e, ERR_USAGE,
			             "%s:%zu: \\u takes four hexadecimal digits, and not 0000",
			             shown_path(&f, file), number);
	}
	strbuf_fini(&line);
	if (!ok)
		property_list_fini(list);
	return ok;
}
