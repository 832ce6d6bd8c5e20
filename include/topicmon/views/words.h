/*
 * words: numbers and states as the screens say them, the same everywhere.
 *
 * Thread: any.   Depends on: base, model/snapshot.
 */
#ifndef TOPICMON_VIEWS_WORDS_H
#define TOPICMON_VIEWS_WORDS_H

#include <stdint.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/snapshot.h"

/* "0/s", "0.4/s", "81/s", "12k/s", "3.1M/s"; NAN: "…". */
void words_rate(struct strbuf *out, double rate);
/* "1,204", and "…" for OFFSET_UNKNOWN. */
void words_count(struct strbuf *out, int64_t n);
/* "1 broker", "3 brokers": the word takes an s. */
void words_plural(struct strbuf *out, int64_t n, const char *word);
/* "12,345 B", "12.1 kB", "3.4 MB". */
void words_size(struct strbuf *out, uint64_t bytes);
/* "● 2 members", "○ down, 1,204 kept", "members not visible with this library", and what is odd about its commits. */
void words_group(struct strbuf *out, const struct topic_group *tg);
/* "delete 7 d", "compact", "compact and delete 7 d"; nothing when not known. */
void words_policy(struct strbuf *out, const struct topic *t);

#endif
