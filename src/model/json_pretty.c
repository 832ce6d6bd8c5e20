/*
 * json_pretty: JSON as indented lines with roles. See json.h.
 *
 * Blanks are drawn for DEEPEST levels only, a deeper line says its depth instead: otherwise a text
 * of n brackets would give n * n blanks.
 */
#include <stdio.h>

#include "topicmon/model/json.h"

#define DEEPEST 40

struct printer {
	struct lines *out;
	size_t max;             /* lines.n may not pass it; 0: no bound */
	bool comma;             /* a value was printed before in this container */
	bool after_key;         /* the value stands on its key's line */
	bool opened;            /* the last token opened a container, which is still empty */
};

/* Starts the line of the next thing at this depth; false when there may be no more lines. */
static bool
begin_line(struct printer *p, size_t depth)
{
	if (p->max && p->out->n >= p->max)
		return false;
	lines_begin(p->out);
	if (depth > DEEPEST)
		lines_addf(p->out, ROLE_DIM, "depth %zu: ", depth);
	else if (depth)
		lines_addf(p->out, ROLE_TEXT, "%*s", (int)depth * 2, "");
	return true;
}

enum role
json_role(enum json_token token)
{
	switch (token) {
	case JSON_KEY:
		return ROLE_JSON_KEY;
	case JSON_STRING:
		return ROLE_JSON_STRING;
	case JSON_NUMBER:
		return ROLE_JSON_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		return ROLE_JSON_WORD;
	default:
		return ROLE_JSON_PUNCT;
	}
}

/* Prints the token just read; false when there may be no more lines. */
static bool
print_token(struct printer *p, const struct json_reader *r, enum json_token token)
{
	bool begin = token == JSON_OBJECT_BEGIN || token == JSON_ARRAY_BEGIN;
	bool end = token == JSON_OBJECT_END || token == JSON_ARRAY_END;
	size_t depth = begin ? r->depth - 1 : r->depth;

	if (end ? !p->opened : !p->after_key) {
		if (!end && p->comma)
			lines_adds(p->out, ROLE_JSON_PUNCT, ",");
		if (!begin_line(p, depth))
			return false;
	}
	lines_add(p->out, json_role(token), r->data + r->token_start, r->token_len);
	if (token == JSON_KEY)
		lines_adds(p->out, ROLE_JSON_PUNCT, ": ");
	p->after_key = token == JSON_KEY;
	p->comma = !begin && token != JSON_KEY;
	p->opened = begin;
	return true;
}

bool
json_pretty(struct lines *out, const void *data, size_t len, size_t max_lines)
{
	struct printer p = { .out = out, .max = max_lines ? out->n + max_lines : 0 };
	struct json_reader r;
	enum json_token token;

	/* First to its end, so that what is not JSON leaves nothing behind. */
	if (!json_is_document(data, len))
		return false;
	json_init(&r, data, len);
	do
		token = json_next(&r);
	while (token != JSON_END && print_token(&p, &r, token));
	json_fini(&r);
	return true;
}
