/*
 * picture: the changing knowledge from which snapshots are frozen. The watch thread (or a test) tells it what was
 * answered; it keeps what was known before, computes rates and lags, and freezes an immutable snapshot on demand.
 *
 * Copies everything that it is given.
 *
 * Thread: its owner.   Depends on: base, model/snapshot.
 */
#ifndef TOPICMON_MODEL_PICTURE_H
#define TOPICMON_MODEL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/model/snapshot.h"

struct picture;

struct picture *picture_new(void);
void picture_free(struct picture *p);

/* A round of metadata: begin, a call for each broker and topic, end. Topics and brokers that were not named in the round
 * are gone afterwards. Offsets of a partition that stays are kept. */
void picture_metadata_begin(struct picture *p, const char *cluster_id, int32_t controller);
void picture_metadata_broker(struct picture *p, int32_t id, const char *host, int32_t port);
/* partitions: id, leader, replicas, isr are read; the rest is ignored. */
void picture_metadata_topic(struct picture *p, const char *name, int16_t kafka_err, const struct partition *partitions,
                            uint32_t npartitions);
void picture_metadata_end(struct picture *p, int64_t now_ms);

/* Offsets of one partition as they were at now_ms (ask for the start first: it must not pass the end). OFFSET_UNKNOWN: not
 * answered, what was known stays; both unknown: asked in vain; the end alone does not count as asked for. A start or end that went backwards means that the topic
 * was recreated: rates begin anew, what is known of its other partitions from before now_ms is forgotten; returns true
 * then. Unknown topics and partitions are ignored. */
bool picture_offsets(struct picture *p, const char *topic, int32_t partition, int64_t start, int64_t end, int64_t now_ms);
/* The same by position (partitions are sorted by id), for whoever walks the topics in order: no search by name. */
bool picture_offsets_at(struct picture *p, size_t topic, uint32_t partition, int64_t start, int64_t end, int64_t now_ms);
size_t picture_ntopics(const struct picture *p);
const char *picture_topic_at(const struct picture *p, size_t topic, uint32_t *npartitions);    /* borrowed */
/* Index by name, or -1. Valid until the next metadata round. */
long picture_topic_index(const struct picture *p, const char *name);
/* The known leader of the partition at a position, -1: none; its id; when its offsets were last told or asked for in
 * vain, 0: never. */
int32_t picture_leader(const struct picture *p, size_t topic, uint32_t partition);
int32_t picture_partition_id(const struct picture *p, size_t topic, uint32_t partition);
int64_t picture_asked_ms(const struct picture *p, size_t topic, uint32_t partition);
/* What the topic's configs say: enum cleanup_policy bits, retention_ms as in struct topic. */
void picture_topic_config(struct picture *p, const char *topic, unsigned policy, int64_t retention_ms);
void picture_topic_gaps(struct picture *p, const char *topic);  /* a read saw gaps: messages are an upper bound */

/* Groups: a listing round, then answers one by one as they come. */
void picture_groups_begin(struct picture *p);
void picture_group(struct picture *p, const char *name, enum group_state state, bool new_protocol);
void picture_groups_end(struct picture *p);
void picture_groups_denied(struct picture *p);
/* Members of one group (assignments included). NULL members with n 0 and known false: this library cannot see them. */
void picture_group_members(struct picture *p, const char *group, enum group_state state, const struct member *members,
                           size_t n, bool known);
/* All commits of one group at once: topics[i], partitions[i], committed[i]. Replaces what was known of it. */
void picture_group_commits(struct picture *p, const char *group, const char *const *topics, const int32_t *partitions,
                           const int64_t *committed, size_t n);

/* How long numbers count as fresh; older topics are marked old. Without this call none is. */
void picture_set_fresh_ms(struct picture *p, int64_t fresh_ms);
/* Whether a snapshot would now show anything else than the last one did, but for its age and what grew old. */
bool picture_changed(const struct picture *p);
/* A new snapshot with one reference, for the caller. Cost: one copy of the numbers; names are shared between snapshots. */
struct snapshot *picture_freeze(struct picture *p, int64_t now_ms, int64_t wall_ms);

#endif
