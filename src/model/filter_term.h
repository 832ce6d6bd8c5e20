/*
 * filter_term: a compiled filter from the inside, shared by filter_parse.c, which makes the terms,
 * and filter.c, which matches with them.
 *
 * Thread: see model/filter.h.   Depends on: base, model/json_path, PCRE2.
 */
#ifndef TOPICMON_MODEL_FILTER_TERM_H
#define TOPICMON_MODEL_FILTER_TERM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "json_path.h"
#include "topicmon/base/err.h"

/* By what they cost: the cheap ones are asked first. */
enum term_kind {
	TERM_PARTITION,
	TERM_AGE,
	TERM_SIZE,
	TERM_NULL,
	TERM_EMPTY,
	TERM_KEY,
	TERM_HEADER,
	TERM_VALUE,
	TERM_BINARY,
	TERM_FIELD,
	TERM_JSON,
};

enum compare {
	COMPARE_EQ,
	COMPARE_NE,
	COMPARE_LT,
	COMPARE_LE,
	COMPARE_GT,
	COMPARE_GE,
	COMPARE_MATCH
};

/* What is looked for in bytes: a text, or a regular expression. */
struct needle {
	char *text;             /* owned; may hold any bytes; NULL when regex is set */
	size_t len;
	pcre2_code *regex;      /* owned */
};

struct term {
	enum term_kind kind;
	bool negated;
	enum compare compare;           /* partition, size, age, field */
	int64_t number;                 /* partition, size in bytes, age in ms */
	struct needle needle; /* key, header, value; of a field: what it is compared with */
	char *header;                   /* owned */
	struct json_path *path;         /* owned */
	bool quoted; /* the operand of a field was quoted: text, never a number or a word */
	bool numeric;                   /* it is a number */
};

/* Reads one term at text[*at] (no space there); moves *at behind it, or to the mistake. On a
 * mistake false, and *e says what would be right. The term is to be freed in both cases. */
bool term_parse(struct term *term, const char *text, size_t len, size_t *at, struct err *e);
void term_fini(struct term *term);

#endif
