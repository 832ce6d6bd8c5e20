/*
 * picture_private: what the picture keeps, for the files that make it up: picture.c (metadata and offsets),
 * picture_groups.c, picture_freeze.c; and the block in which a snapshot lies, for snapshot.c.
 *
 * Thread: the picture's owner.   Depends on: shelf, model/picture.
 */
#ifndef TOPICMON_MODEL_PICTURE_PRIVATE_H
#define TOPICMON_MODEL_PICTURE_PRIVATE_H

#include <stdatomic.h>
#include <stddef.h>

#include "shelf.h"
#include "topicmon/model/picture.h"

/* What a rate is measured from, beside the partition that is shown. */
struct sample {
	int64_t asked_ms;
	int64_t end;            /* OFFSET_UNKNOWN: the next end begins anew */
	int64_t ms;
};

struct picture_topic {
	const char *name;       /* on the shelf, as all texts here */
	bool internal;
	bool gaps;
	int16_t kafka_err;
	uint32_t npartitions;
	struct partition *parts;        /* owned; copied into snapshots as they are; sorted by id */
	struct sample *samples; /* owned, [npartitions] */
	unsigned policy;
	int64_t retention_ms;
	float spark[SPARK_LEN];
	int64_t spark_ms;       /* when its last sample was taken, 0: never */
	size_t first_group;     /* scratch of freeze: where its groups begin in the snapshot */
	size_t ngroups;
};

struct commit {
	int32_t partition;
	int64_t offset;
};

struct picture_commits {
	const char *topic;
	long index;             /* of the topic, -1: it is gone */
	const struct commit *commits;
	size_t n;
};

struct picture_group {
	const char *name;
	enum group_state state;
	bool new_protocol;
	bool members_known;
	bool members_asked;
	bool commits_asked;
	const struct member *members;   /* on the shelf, with all that they point to */
	size_t nmembers;
	struct picture_commits *topics; /* owned, sorted by name; the commits lie behind them in the same block */
	size_t ntopics;
};


struct picture {
	struct shelf *shelf;
	size_t shelf_base;      /* bytes on the shelf when it was begun */
	const char *cluster_id;
	int32_t controller;
	bool metadata_known;
	bool in_round;          /* of metadata: what was told so far lies on this shelf only */
	bool in_groups_round;
	struct broker *brokers;
	size_t nbrokers;
	struct picture_topic *topics;   /* sorted by name */
	size_t ntopics;
	struct broker *next_brokers;    /* of the round under way */
	size_t nnext_brokers;
	struct picture_topic *next_topics;
	size_t nnext_topics, next_topics_cap;
	struct picture_group *groups;   /* sorted by name */
	size_t ngroups;
	struct picture_group *next_groups;
	size_t nnext_groups, next_groups_cap;
	bool groups_listed;
	bool groups_denied;
	bool changed;           /* since the last snapshot */
	int64_t fresh_ms;
	uint64_t version;
};

/* After a round of topics: which of them the commits belong to. */
void picture_find_commits(struct picture *p);
/* Puts what the groups have there onto another shelf. */
void picture_move_groups(struct picture *p, struct shelf *to);
void picture_free_groups(struct picture *p);
/* Begins another shelf when much of this one is no longer wanted, but not within a round. */
void picture_tidy(struct picture *p);

/* A snapshot and what keeps it alive; one allocation with all its arrays behind it. */
struct snapshot_block {
	atomic_int refs;
	struct shelf *shelf;
	struct snapshot snap;
};

static inline struct snapshot_block *
snapshot_block(struct snapshot *snap)
{
	return (struct snapshot_block *)(void *)((char *)snap - offsetof(struct snapshot_block, snap));
}

#endif
