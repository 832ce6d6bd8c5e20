/*
 * json: an iterative tokenizer over the original bytes. No recursion, no tree, no copy: numbers keep their text, depth is
 * bounded by memory that is a bit a level. RFC 8259, strict; what is not JSON is reported with its place.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_JSON_H
#define TOPICMON_MODEL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/record.h"
#include "topicmon/model/spans.h"

enum json_token {
	JSON_END,               /* the whole value was read, only white space after it */
	JSON_ERROR,             /* not JSON from here on: at json_pos() */
	JSON_OBJECT_BEGIN, JSON_OBJECT_END,
	JSON_ARRAY_BEGIN, JSON_ARRAY_END,
	JSON_KEY,               /* text: with its quotes */
	JSON_STRING,            /* text: with its quotes */
	JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL,
};

struct json_reader {
	const unsigned char *data;
	size_t len;
	size_t pos;             /* of what comes next; after JSON_ERROR: of the mistake */
	size_t token_start;     /* the token just given is data[token_start .. token_start + token_len) */
	size_t token_len;
	size_t depth;           /* containers open after the token */
	struct strbuf stack;    /* a bit for each open container: object or array */
	int expect;             /* private */
};

void json_init(struct json_reader *r, const void *data, size_t len);
void json_restart(struct json_reader *r, const void *data, size_t len);  /* init again, keeping the memory */
void json_fini(struct json_reader *r);
enum json_token json_next(struct json_reader *r);
/* After a *_BEGIN: jumps to its end (the END token has then been taken). False when the text is not JSON. */
bool json_skip(struct json_reader *r);

/* Whether all bytes are one JSON object or array (a bare number or word in a payload is text to us). */
bool json_is_document(const void *data, size_t len);

/* Appends the string of a JSON_KEY or JSON_STRING token without quotes and with its escapes resolved (UTF-8; a lone
 * surrogate becomes U+FFFD). */
void json_unescape(struct strbuf *out, const void *token, size_t len);

/* Finds the value at a path such as `.items[0].sku`, `.items[].sku` (the first), `.["odd key"]`; *out is the value's
 * bytes as they stand (a string with its quotes). False: none there, or not JSON before it. */
bool json_find(const void *data, size_t len, const char *path, struct bytes *out);

/* Appends the bytes as a JSON string with quotes; bytes that are not UTF-8 make it return false and leave out as it was. */
bool json_quote(struct strbuf *out, const void *data, size_t len);

/* How a token is drawn. */
enum role json_role(enum json_token token);

/* Pretty-prints into lines with roles, two spaces a level, at most max_lines (0: all). Not JSON: false, nothing added. */
bool json_pretty(struct lines *out, const void *data, size_t len, size_t max_lines);

#endif
