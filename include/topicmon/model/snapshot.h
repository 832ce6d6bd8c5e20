/*
 * snapshot: what we knew about one cluster at one moment.
 *
 * Built by picture_freeze(), published once, never changed afterwards; therefore readable from any thread. Holders keep a
 * reference; all strings and arrays are borrowed from the snapshot.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_SNAPSHOT_H
#define TOPICMON_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OFFSET_UNKNOWN INT64_MIN        /* not asked yet, or not answered */
#define OFFSET_NONE    (-1)             /* no commit */
#define SPARK_LEN      8                /* samples of a rate that a sparkline shows */

/* Why a lag is not a plain number. */
enum lag_reason {
	LAG_PLAIN,              /* end - committed */
	LAG_UNKNOWN,            /* one of the numbers is not known yet */
	LAG_NO_COMMIT,          /* "-": the group never committed here */
	LAG_STALE,              /* committed beyond the end: the topic was recreated */
	LAG_TRIMMED,            /* committed before the start: retention was faster; lag counts from the start */
};

enum cleanup_policy { POLICY_UNKNOWN = 0, POLICY_DELETE = 1, POLICY_COMPACT = 2 };      /* bits */

enum group_state {
	GROUP_UNKNOWN, GROUP_PREPARING, GROUP_COMPLETING, GROUP_STABLE, GROUP_DEAD, GROUP_EMPTY,
};

struct broker {
	int32_t id;
	const char *host;
	int32_t port;
};

struct partition {
	int32_t id;
	int32_t leader;         /* broker id, -1: none */
	const int32_t *replicas;
	const int32_t *isr;
	uint16_t nreplicas;
	uint16_t nisr;
	int64_t start;          /* OFFSET_UNKNOWN until answered */
	int64_t end;            /* high watermark */
	int64_t offsets_ms;     /* clock_ms() when start and end were taken; 0: never */
	double rate;            /* messages a second, NAN: unknown */
};

struct member {
	const char *id;
	const char *client_id;
	const char *host;
	/* Partitions it holds: topics[i], partitions[i]. */
	const char *const *topics;
	const int32_t *partitions;
	size_t nassigned;
};

struct group {
	const char *name;
	enum group_state state;
	bool new_protocol;      /* KIP-848 */
	bool members_known;     /* false: this library cannot see them, or not asked yet */
	const struct member *members;
	size_t nmembers;        /* 0 with members_known: the receiver is down */
	int64_t lag;            /* sum of its plain and trimmed lags, OFFSET_UNKNOWN when none is known */
	size_t ntopics;         /* topics it has commits on */
};

/* The commits of one group on one topic. */
struct topic_group {
	const struct group *group;
	const int64_t *committed;       /* [npartitions]: offset, OFFSET_NONE or OFFSET_UNKNOWN */
	const int64_t *lag;             /* [npartitions], OFFSET_UNKNOWN unless the reason is plain or trimmed */
	const unsigned char *reason;    /* [npartitions], enum lag_reason */
	int64_t total;                  /* sum of lag, OFFSET_UNKNOWN when none is known */
	enum lag_reason worst;          /* LAG_PLAIN, or the reason that wants a word */
};

struct topic {
	const char *name;
	bool internal;
	uint32_t npartitions;
	uint16_t replication;
	int16_t kafka_err;      /* of the metadata, 0: fine */
	unsigned policy;        /* enum cleanup_policy bits */
	int64_t retention_ms;   /* -1: unlimited, OFFSET_UNKNOWN: not asked */
	const struct partition *partitions;
	int64_t messages;       /* sum of end - start; OFFSET_UNKNOWN when a partition is unknown */
	bool messages_upper;    /* an upper bound: compacted, or a read saw gaps */
	bool old;               /* the numbers are older than two refreshes: marked so */
	double rate;            /* NAN: unknown */
	float spark[SPARK_LEN]; /* rates, newest last; negative: no sample */
	int64_t lag;            /* of the worst group, OFFSET_UNKNOWN: none has commits here, or not known */
	const struct topic_group *groups;
	size_t ngroups;
};

struct snapshot {
	uint64_t version;       /* grows with each snapshot of a source */
	int64_t taken_ms;       /* clock_ms() */
	int64_t taken_wall_ms;
	const char *cluster_id; /* "" when not known */
	const struct broker *brokers;
	size_t nbrokers;
	int32_t controller;     /* -1: not known */
	const struct topic *topics;     /* sorted by name */
	size_t ntopics;
	const struct group *groups;     /* sorted by name */
	size_t ngroups;
	bool offsets_complete;  /* every partition's offsets were asked for at least once */
	bool groups_listed;     /* the groups were listed at least once (or may not be: groups_denied) */
	bool groups_complete;   /* the commits and members of every group were asked for at least once */
	bool groups_denied;
	double rate;            /* sum over topics that are not internal, NAN: unknown */
	int64_t lag;            /* sum over groups, OFFSET_UNKNOWN */
};

struct snapshot *snapshot_ref(struct snapshot *snap);
void snapshot_unref(struct snapshot *snap);
const struct topic *snapshot_find_topic(const struct snapshot *snap, const char *name); /* NULL: none; borrowed */
const struct group *snapshot_find_group(const struct snapshot *snap, const char *name);
const struct topic_group *topic_find_group(const struct topic *t, const char *group);
const char *group_state_name(enum group_state state);    /* "Stable", "Empty", … as Kafka says it */
const char *lag_reason_name(enum lag_reason reason);     /* NULL when plain; "no commit", "stale", "trimmed", "unknown" */

/* The one place that computes a lag. Never clamps: the reason says when the number is not one. */
int64_t lag_compute(int64_t start, int64_t end, int64_t committed, enum lag_reason *reason);

#endif
