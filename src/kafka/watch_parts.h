/*
 * watch_parts: what the files of the watch share: watch.c (thread, requests, metadata, publishing), watch_offsets.c,
 * watch_groups.c, watch_configs.c.
 *
 * Each part has a step function that does what is due now, never waits, and says when it wants to be called again
 * (clock_ms(); NEVER); answers wake the thread anyway.
 *
 * Thread: the watch's own, but for the fields that say otherwise.   Depends on: session, watch_ask, model.
 */
#ifndef TOPICMON_KAFKA_WATCH_PARTS_H
#define TOPICMON_KAFKA_WATCH_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include "session.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/picture.h"
#include "topicmon/model/request.h"
#include "watch.h"
#include "watch_ask.h"

#define NEVER           INT64_MAX
#define FOCUS_MS        500             /* how often the selected topic is looked at, and commits on it */
#define MEMBERS_MS      1000            /* and the members of its groups */
#define ALL_MS          10000           /* how often everything is */

struct watch_offsets;
struct watch_groups;
struct watch_configs;

struct watch {
	/* Constant, or safe from any thread. */
	struct connection conn;
	struct mailbox *inbox;          /* borrowed */
	const struct wake *on_end;      /* borrowed */
	struct wake wake;
	struct mailbox *requests;
	pthread_t thread;
	atomic_bool stop;
	atomic_bool ended;

	struct session *session;
	rd_kafka_t *rk;                 /* the session's */
	struct askers *askers;
	struct watch_spec spec;
	bool watching;                  /* a spec was given */
	struct picture *picture;
	struct snapshot *last;          /* published last, a reference; NULL: none */
	bool dirty;                     /* the picture knows more than was published */
	bool flush;                     /* publish it now */
	int64_t published_ms;

	bool metadata_known;            /* by an answer since the spec was given */
	bool metadata_asked;            /* under way */
	bool metadata_slow;             /* the last answer did not come in little time */
	int64_t metadata_ms;            /* when to ask next */
	int64_t leaderless_ms;          /* how soon it is asked again while a partition has no leader */

	struct watch_offsets *offsets;
	struct watch_groups *groups;
	struct watch_configs *configs;
};

/* When something that has a period is due after now: never again when the watch is for once. */
int64_t watch_after(const struct watch *w, int64_t now_ms, int64_t period_ms);
/* Metadata are wanted at once, or after that time: a leader has changed, a topic may be gone. */
void watch_want_metadata(struct watch *w, int64_t at_ms);
/* Whether the cluster can be asked now: it answered last time. */
bool watch_is_up(const struct watch *w);

/* watch_offsets.c */
struct watch_offsets *offsets_new(void);
void offsets_free(struct watch_offsets *o);
/* The spec is a new one: what is selected and visible is due. */
void offsets_respec(struct watch *w);
/* Everything is due. */
void offsets_refresh(struct watch *w);
/* The cluster answers again after it did not: no leader need be spared. */
void offsets_recovered(struct watch *w);
/* After each round of metadata. */
void offsets_metadata(struct watch *w, int64_t now_ms);
int64_t offsets_step(struct watch *w, int64_t now_ms);
/* Takes an answer over. */
void offsets_answer(struct watch *w, struct ask *ask, int64_t now_ms);
/* Plans to ask for the partitions of a topic that groups have commits on. */
void offsets_want(struct watch *w, size_t topic);
/* Whether there are partitions that nobody has asked for yet, and not even planned to. */
bool offsets_busy(const struct watch *w);
/* Whether any of these is still planned or under way. */
bool offsets_pending(const struct watch *w, enum ask_purpose purpose);

/* watch_groups.c */
struct watch_groups *groups_new(struct watch *w);
void groups_free(struct watch_groups *g);
void groups_respec(struct watch *w);
void groups_refresh(struct watch *w);
int64_t groups_step(struct watch *w, int64_t now_ms);

/* watch_configs.c */
struct watch_configs *configs_new(struct watch *w);
void configs_free(struct watch_configs *c);
void configs_refresh(struct watch *w);
int64_t configs_step(struct watch *w, int64_t now_ms);

#endif
