/*
 * file: small files that people write, read whole.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_CONFIG_FILE_PRIVATE_H
#define TOPICMON_CONFIG_FILE_PRIVATE_H

#include <stdbool.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* Appends the content of a regular file (or a pipe, as in <(…)) of at most a megabyte. On failure
 * ERR_USAGE with the path and the reason, and *missing (may be NULL) says whether there is no such
 * file. */
bool file_read(const char *path, struct strbuf *out, bool *missing, struct err *e);

#endif
