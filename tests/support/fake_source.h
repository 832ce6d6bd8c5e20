/*
 * fake_source: a source without a cluster. It records what is posted; a callback, when there is one, answers. The test
 * can push any event of its own.
 *
 * Owns the requests that it recorded.   Thread: one, the test's.   Depends on: base, model.
 */
#ifndef TOPICMON_TESTS_FAKE_SOURCE_H
#define TOPICMON_TESTS_FAKE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/model/source.h"

/* Answers req (borrowed): fills *ev, which is an EV_REPLY with the request's id and kind and no error already, and
 * returns true; any other event is fine too. False: no answer comes. */
typedef bool fake_answer(void *ctx, const struct request *req, struct event *ev);

/* inbox is borrowed and must outlive the source. answer may be NULL: then nothing is ever answered. The source is freed
 * by source_stop(). */
struct source *fake_source_new(struct mailbox *inbox, fake_answer *answer, void *ctx);
void fake_source_answer_with(struct source *src, fake_answer *answer, void *ctx);

/* What was posted since the start or the last forget, oldest first; borrowed until the next forget. */
size_t fake_source_nposts(const struct source *src);
const struct request *fake_source_post(const struct source *src, size_t i);
size_t fake_source_count(const struct source *src, enum request_kind kind);
const struct request *fake_source_last(const struct source *src, enum request_kind kind);      /* NULL: none */
void fake_source_forget(struct source *src);

/* Puts an event into the inbox; what it owns is the inbox's then. */
void fake_source_push(struct source *src, const struct event *ev);

#endif
