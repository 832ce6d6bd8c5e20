/*
 * json_path: a place in a JSON value, such as `.items[0].sku`, compiled; and a walk over the values
 * that are there.
 *
 * A path owns its names; a walk borrows the path, the reader and the scratch.
 *
 * Thread: any, a walk one at a time.   Depends on: base, model/json.
 */
#ifndef TOPICMON_MODEL_JSON_PATH_H
#define TOPICMON_MODEL_JSON_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/json.h"

#define JSON_PATH_STEPS 32

enum json_step_kind { STEP_KEY, STEP_INDEX, STEP_EACH };

struct json_step {
	enum json_step_kind kind;
	char *name;             /* of a key, escapes resolved */
	size_t name_len;
	size_t index;
};

struct json_path {
	struct json_step steps[JSON_PATH_STEPS];
	size_t n;
	bool many;              /* has a [] step: more than one value can be there */
};

/* Reads a path from the start of the text up to where it ends; *taken is its length. On a
 * mistake false, *taken is that of the mistake and *e (ERR_USAGE) says what is wrong. The path
 * is to be freed in both cases. */
bool json_path_parse(struct json_path *path, const char *text, size_t len, size_t *taken,
                     struct err *e);
void json_path_fini(struct json_path *path);

struct json_walk {
	const struct json_path *path;
	struct json_reader *reader;
	struct strbuf *scratch;
	size_t level;                           /* containers open that are on the path */
	size_t next_index[JSON_PATH_STEPS];     /* in each of them that is an array */
	bool begun;
};

void json_walk_init(struct json_walk *w, const struct json_path *path, struct json_reader *reader,
                    struct strbuf *scratch, const void *data, size_t len);
/* The next value that is there, and its first token; false: no more, or not JSON from here on. */
bool json_walk_next(struct json_walk *w, struct bytes *out, enum json_token *token);

#endif
