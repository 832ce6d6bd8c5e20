/*
 * watch_ask: the library's blocking calls (metadata, offsets) made by a few threads for the watch, so that neither a slow
 * leader nor a broker that does not answer keeps it from anything else, and several answers are waited for at once. All
 * of them use the watch's handle.
 *
 * An ask belongs to the watch while it is planned, to a thread while it is under way, and to the watch again with its
 * answer.
 *
 * Thread: the watch's; the calls are made in threads of its own.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_WATCH_ASK_PRIVATE_H
#define TOPICMON_KAFKA_WATCH_ASK_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "topicmon/base/mailbox.h"

enum ask_kind { ASK_METADATA, ASK_OFFSETS, ASK_QUIT };
/* What offsets are for; the first is the most urgent. */
enum ask_purpose { FOR_FOCUS, FOR_COMMITS, FOR_VISIBLE, FOR_ALL, PURPOSES };

struct ask {
	enum ask_kind kind;
	int timeout_ms;
	rd_kafka_resp_err_t code;       /* of the answer */
	int64_t begun_ms;
	/* ASK_METADATA */
	char *only;                     /* NULL: all topics; owned */
	const struct rd_kafka_metadata *md;     /* the answer; owned */
	char *cluster_id;               /* owned, may be NULL */
	int32_t controller;
	/* ASK_OFFSETS: partitions of one leader */
	enum ask_purpose purpose;
	int32_t leader;
	unsigned tries;                 /* how often these were asked for in vain */
	rd_kafka_topic_partition_list_t *list;  /* owned; the answer's ends are its offsets */
	int64_t *starts;                /* the answer's, owned; as long as the list */
	int64_t asked_ms;               /* when the ends were asked for */
};

struct ask *ask_new(enum ask_kind kind);
void ask_free(struct ask *ask);

struct askers;

/* Threads are started as they are needed, at most max. Answers wake `wake`; rk and wake are borrowed. */
struct askers *askers_new(rd_kafka_t *rk, const struct wake *wake, size_t max);
/* Waits until the calls under way are over; their answers are dropped. */
void askers_free(struct askers *as);
/* Whether a call would begin at once. */
bool askers_idle(const struct askers *as);
/* Takes the ask over; not while none is idle. */
void askers_ask(struct askers *as, struct ask *ask);
/* The next answer, the caller's; NULL: none yet. */
struct ask *askers_answer(struct askers *as);

#endif
