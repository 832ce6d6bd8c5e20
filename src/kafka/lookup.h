/*
 * lookup: the two questions that readers and operations both ask of a cluster: how does a topic look, and which offsets
 * belong to these times. Both block, and neither can create a topic.
 *
 * Thread: the session's.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_LOOKUP_PRIVATE_H
#define TOPICMON_KAFKA_LOOKUP_PRIVATE_H

#include <librdkafka/rdkafka.h>

#include "session.h"
#include "topicmon/base/err.h"

/* Metadata of the brokers and of that topic (rkt: of this session); the caller destroys it. NULL and *e: no answer.
 * A topic that is not there is an answer, see lookup_topic. */
const struct rd_kafka_metadata *lookup_metadata(struct session *s, rd_kafka_topic_t *rkt, int timeout_ms, struct err *e);

/* The topic in that answer, with at least one partition; borrowed. NULL and *e (ERR_NOT_FOUND: it is not there). */
const struct rd_kafka_metadata_topic *lookup_topic(const struct rd_kafka_metadata *md, const char *name, struct err *e);

/* Replaces each offset of the list, which is a time (Unix ms, RD_KAFKA_OFFSET_BEGINNING or RD_KAFKA_OFFSET_END), by the
 * first offset of that time or later; -1: there is none. A request per leader and 500 partitions; a partition may be in
 * the list once. False and *e: not everything was answered. */
bool lookup_offsets(struct session *s, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct err *e);

#endif
