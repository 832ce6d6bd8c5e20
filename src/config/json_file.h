/*
 * json_file: a file of JSON as a tree, and sentences about its parts.
 *
 * Thread: any, one at a time (cJSON keeps its last error in one place).   Depends on: base, cJSON.
 */
#ifndef TOPICMON_CONFIG_JSON_FILE_PRIVATE_H
#define TOPICMON_CONFIG_JSON_FILE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* The tree of a text that is one JSON object; the caller owns it (cJSON_Delete). NULL and ERR_USAGE
 * with "PATH:LINE:COLUMN: …" when it is not, when an object has a key twice, or when a string holds
 * a NUL. */
cJSON *json_file_parse(const char *path, const void *data, size_t len, struct err *e);

/* "PATH: key.path: what" with ERR_USAGE; returns false. */
bool
json_file_err(struct err *e, const char *path, const char *key, const char *fmt, ...)
	PRINTF_LIKE(4, 5);

/* What a value is, for "…, not a number". */
const char *json_file_kind(const cJSON *value);

#endif
