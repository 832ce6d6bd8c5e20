/*
 * source: where data comes from. kafka_source is the real one; tests have one that answers from a script.
 *
 * A source runs threads of its own and pushes struct event into the inbox that it was given; it never calls back.
 *
 * Thread: post and stop: the thread that made it.   Depends on: base/mailbox, model.
 */
#ifndef TOPICMON_MODEL_SOURCE_H
#define TOPICMON_MODEL_SOURCE_H

#include <stdbool.h>

#include "topicmon/base/mailbox.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"

struct source;

struct source_ops {
	void (*post)(struct source *src, struct request *req);  /* takes *req over; never blocks */
	bool (*stop)(struct source *src, int timeout_ms);       /* false: workers still hang; then only _exit is left */
};

struct source {
	const struct source_ops *ops;
};

/* Hands every request of the outbox to the source; the outbox is empty afterwards. */
void source_send(struct source *src, struct outbox *out);
/* Stops the workers, waits at most timeout_ms and frees the source if all ended (true). */
bool source_stop(struct source *src, int timeout_ms);

/* The inbox that a source pushes into: a mailbox of struct event with event_fini. */
struct mailbox *inbox_new(const struct wake *wake);

#endif
