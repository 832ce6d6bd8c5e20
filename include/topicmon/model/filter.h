/*
 * filter: the language in which rows are found and left out. Terms joined by spaces, all must match:
 *
 *   text  "quoted text"  /regex/i      in the value (case-sensitive)
 *   key:TERM  header.NAME:TERM         in the key, in a header; TERM is text, "quoted" or /regex/
 *   partition:2  size>10k  age<5m      numbers with < <= > >= = !=
 *   .status=SHIPPED  .total>100  .items[].sku~/^A/     fields of a JSON value; numbers are compared by value, text by bytes
 *   is:null  is:empty  is:binary  is:json
 *   ! before any term                  not
 *
 * A quote opens a phrase only at the start of a term, \" inside it. Of several fields at one path ([]) one that fits is
 * enough; != wants the field to be there; a quoted operand is a JSON string, never a number or a word. A regex that
 * backtracks without end on a text counts as not matching it.
 *
 * A compiled filter is immutable: any thread may match with it, with a scratch of its own.
 *
 * Thread: compile and free: the owner; match: any, one scratch a thread.   Depends on: base, model/json, PCRE2.
 */
#ifndef TOPICMON_MODEL_FILTER_H
#define TOPICMON_MODEL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/model/record.h"

struct filter;
struct filter_scratch;

/* NULL and *e on a mistake (ERR_USAGE, the text says what would be right); *at (may be NULL) is then the byte of the
 * mistake in the text. An empty text gives a filter that matches everything. */
struct filter *filter_compile(const char *text, size_t *at, struct err *e);
struct filter *filter_ref(struct filter *f);
void filter_unref(struct filter *f);
bool filter_is_empty(const struct filter *f);

struct filter_scratch *filter_scratch_new(void);
void filter_scratch_free(struct filter_scratch *scratch);

/* now_ms (Unix ms) is what age is measured against. Notes match always. */
bool filter_match(const struct filter *f, struct filter_scratch *scratch, const struct record *rec, int64_t now_ms);

/* Where the filter's plain-text and regex terms for the value next match in the bytes from `from` on, for highlighting.
 * False: nowhere. */
bool filter_find(const struct filter *f, struct filter_scratch *scratch, const void *data, size_t len, size_t from,
                 size_t *start, size_t *match_len);

#endif
