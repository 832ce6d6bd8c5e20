/*
 * watch_offsets_parts: what the files that look at offsets share: watch_offsets.c (what to ask for, in which order) and
 * watch_offset_answers.c.
 *
 * Thread: the watch's own.   Depends on: watch_parts.
 */
#ifndef TOPICMON_KAFKA_WATCH_OFFSETS_PARTS_H
#define TOPICMON_KAFKA_WATCH_OFFSETS_PARTS_H

#include "watch_parts.h"

#define LEADER_FAILURES 2u      /* calls in vain until its partitions count as asked */
#define BAD_MAX         64u
#define RETRY_MS        1000    /* until all are asked for again when very many failed; doubled each time */

struct leader {
	int32_t id;
	unsigned failures;      /* in a row */
	int64_t retry_ms;       /* not before */
	size_t under_way;
};

/* A partition whose leader refuses to tell: left out for a while, as it spoils every call that it is in. */
struct bad_partition {
	char *topic;
	int32_t partition;
	int64_t until_ms;
};

struct watch_offsets {
	struct ask **planned;   /* owned */
	size_t nplanned, cap;
	size_t pending[PURPOSES];       /* planned and under way */
	size_t under_way[PURPOSES];
	struct leader *leaders;
	size_t nleaders;
	struct bad_partition bad[BAD_MAX];
	size_t nbad;
	/* Failed, to be planned again after the next metadata. Their offset fields count the tries. */
	rd_kafka_topic_partition_list_t *again;
	int64_t focus_ms;
	int64_t visible_ms;
	int64_t all_ms;         /* when the next list for everything may go */
	int64_t due_before_ms;  /* what was asked before this is due at once */
	int64_t retry_ms;       /* when everything is due again, as much of it failed; NEVER: it need not be */
	int64_t retry_pause_ms;
	bool swept;             /* everything was planned once */
	bool sweeping;          /* what is due at once may lie behind the cursor */
	size_t cursor;          /* topic */
	uint32_t cursor_partition;
};

/* Borrowed until the next call. */
struct leader *offsets_leader(struct watch_offsets *o, int32_t id);
bool offsets_is_bad(const struct watch_offsets *o, const char *topic, int32_t partition);
/* What is due at once is looked for among all. */
void offsets_sweep(struct watch_offsets *o);
/* Takes the ask over. */
void offsets_add_planned(struct watch_offsets *o, struct ask *ask);
/* Plans to ask for the partition at that position of a topic; tries: how often it was asked for in vain. */
void offsets_plan(struct watch *w, enum ask_purpose purpose, size_t topic, uint32_t at, unsigned tries, int64_t now_ms);
void offsets_tell_in_vain(struct watch *w, const char *topic, int32_t partition, int64_t now_ms);

#endif
