/* json_file: see the header. */
#include <stdarg.h>
#include <string.h>

#include "json_file.h"
#include "text.h"
#include "topicmon/model/json.h"

bool
json_file_err(struct err *e, const char *path, const char *key, const char *fmt, ...)
{
	struct strbuf what = STRBUF_INIT;
	struct shown p, k;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&what, fmt, ap);
	va_end(ap);
	err_set(e, ERR_USAGE, "%s: %s%s%s", shown_path(&p, path), shown_text(&k, key),
	        *key ? ": " : "", strbuf_str(&what));
	strbuf_fini(&what);
	return false;
}

const char *
json_file_kind(const cJSON *value)
{
	if (cJSON_IsString(value))
		return "a text";
	if (cJSON_IsNumber(value))
		return "a number";
	if (cJSON_IsBool(value))
		return cJSON_IsTrue(value) ? "true" : "false";
	if (cJSON_IsArray(value))
		return "an array";
	return cJSON_IsObject(value) ? "an object" : "null";
}

/* Line and column, both from 1, in characters. */
static void
find_place(const char *text, size_t at, size_t *line, size_t *column)
{
	*line = 1;
	*column = 1;
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			(*column)++;
		}
	}
}

/* What is probably wrong where the tokenizer stopped, in the user's words. */
static const char *
guess(const char *text, size_t len, size_t at, size_t depth)
{
	size_t before = at;
	char last;

	while (before > 0 && strchr(" \t\r\n", text[before - 1]))
		before--;
	last = before > 0 ? text[before - 1] : '\0';
	if (at >= len)
		return len ? "the text ends too early: a quote, a } or a ] is missing"
		           : "the file is empty: at least {} is needed";
	if (text[at] == '/' || text[at] == '#')
		return "JSON has no comments";
	if (last && depth == 0)
		return "something stands behind its end";
	if ((unsigned char)text[at] < 0x20)
		return "a line break or tab inside a text is written \\n or \\t";
	if (last == '\\' && before == at)
		return "there is no such escape: there are \\\" \\\\ \\/ \\b \\f \\n \\r \\t "
		       "\\u0123";
	if (text[at] == '}' || text[at] == ']')
		return last == ',' ? "the comma before it is one too many"
		                   : "a value is missing before it, or it closes what was not open";
	if (text[at] == ',')
		return "a value is missing before it";
	if (last == '"' || last == '}' || last == ']' || text[at] == '"')
		return "a comma or a colon is missing before it";
	return "names and texts stand in double quotes; true, false and null are small; a number "
	       "has no 0 before it";
}

/* Whether a string holds \u0000: cJSON ends it there, so that what comes after would be lost
 * without a word. */
static bool
has_nul(const unsigned char *token, size_t len)
{
	for (size_t i = 0; i + 6 <= len; i++) {
		if (token[i] != '\\')
			continue;
		if (memcmp(token + i, "\\u0000", 6) == 0)
			return true;
		i++;
	}
	return false;
}

/* Our own tokenizer is strict and knows the place of a mistake, cJSON is and does neither. *at is
 * the place. */
static const char *
find_mistake(const char *text, size_t len, size_t *at)
{
	const char *what = NULL;
	struct json_reader r;
	enum json_token token;

	json_init(&r, text, len);
	do {
		token = json_next(&r);
		if (token == JSON_ERROR) {
			*at = r.pos;
			what = guess(text, len, r.pos, r.depth);
		} else if ((token == JSON_KEY || token == JSON_STRING) &&
		           has_nul(r.data + r.token_start, r.token_len)) {
			*at = r.token_start;
			what = "a text cannot hold a NUL";
		}
	} while (!what && token != JSON_END);
	json_fini(&r);
	return what;
}

/* Quadratic in the keys of one object: a file of a megabyte cannot make that long, but a bound
 * makes it certain. */
static const cJSON *
find_twin(const cJSON *object)
{
	size_t looked = 0;

	for (const cJSON *a = object->child; a; a = a->next) {
		if (cJSON_IsObject(a) || cJSON_IsArray(a)) {
			const cJSON *twin = find_twin(a);

			if (twin)
				return twin;
		}
		for (const cJSON *b = a->next; a->string && b && looked < 10000000;
		     b = b->next, looked++) {
			if (strcmp(a->string, b->string) == 0)
				return b;
		}
	}
	return NULL;
}

static void
mistake(const char *path, const char *text, size_t at, const char *what, struct err *e)
{
	size_t line, column;
	struct shown p;

	find_place(text, at, &line, &column);
	err_set(e, ERR_USAGE, "%s:%zu:%zu: is not JSON: %s", shown_path(&p, path), line, column,
	        what);
}

cJSON *
json_file_parse(const char *path, const void *data, size_t len, struct err *e)
{
	struct strbuf copy = STRBUF_INIT;
	const char *end = NULL, *text, *what;
	const cJSON *twin;
	cJSON *root = NULL;
	size_t at = 0;

	if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
		data = (const char *)data + 3;
		len -= 3;
	}
	/* cJSON wants the NUL behind the text to be part of its length. */
	strbuf_add(&copy, data, len);
	text = strbuf_str(&copy);
	what = find_mistake(text, len, &at);
	if (!what) {
		root = cJSON_ParseWithLengthOpts(text, len + 1, &end, true);
		if (!root) {
			at = end ? (size_t)(end - text) : 0;
			what = "it is nested too deeply";
		}
	}
	if (what) {
		mistake(path, text, at, what, e);
		goto out;
	}
	twin = find_twin(root);
	if (twin)
		json_file_err(e, path, twin->string, "this key is there twice");
	else if (!cJSON_IsObject(root))
		json_file_err(e, path, "", "should be an object, { ... }, not %s",
		              json_file_kind(root));
	if (twin || !cJSON_IsObject(root)) {
		cJSON_Delete(root);
		root = NULL;
	}
out:
	strbuf_fini(&copy);
	return root;
}
