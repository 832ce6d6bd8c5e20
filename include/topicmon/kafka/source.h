/*
 * kafka_source: the source that speaks to a real cluster. Threads: one watch, one for operations (started with the first
 * request that needs it), one reader for each stream. Each rd_kafka_t belongs to one of them.
 *
 * Leaves no trace: no group.id, no subscribe, no coordinator request before the group listing has named a group, no
 * metadata request that could create a topic. With connection.read_only every write is refused here, below all callers.
 *
 * Thread: the one that made it.   Depends on: base, model.
 */
#ifndef TOPICMON_KAFKA_SOURCE_H
#define TOPICMON_KAFKA_SOURCE_H

#include "topicmon/base/err.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/source.h"

/* Starts the watch thread; events go into inbox (borrowed, must outlive the source). conn is copied. Does not wait for a
 * broker. NULL and *e (ERR_USAGE) when the library refuses a property: the sentence names it. */
struct source *kafka_source_new(const struct connection *conn, struct mailbox *inbox, struct err *e);

/* The library's version, "2.0.2". */
const char *kafka_library_version(void);

#endif
