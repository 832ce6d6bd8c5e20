/*
 * watch_groups_parts: what the files that look at groups share: watch_groups.c (the listing, whom to ask, asking) and
 * watch_group_answers.c.
 *
 * Thread: the watch's own.   Depends on: watch_parts.
 */
#ifndef TOPICMON_KAFKA_WATCH_GROUPS_PARTS_H
#define TOPICMON_KAFKA_WATCH_GROUPS_PARTS_H

#include "watch_parts.h"

#define CALLS_MAX     256u      /* under way; a batch's and the late ones of those before */
#define GATHER_MS     300       /* a batch's answers are waited for so long, late ones come with the next */

/* A group that was listed. */
struct known_group {
	char *name;             /* owned */
	enum group_state listed;
	bool new_protocol;
	bool told_commits;
	bool asking_commits;
	bool asking_members;
	int64_t asked_ms;       /* for commits, 0: never */
	int64_t described_ms;   /* asked for members, 0: never */
	int64_t period_ms;      /* scratch: how often it is looked at … */
	bool watched;           /* … and its members as often */
};

/* A call under way: which groups it asks for. Its place in the table, plus 1, is the call's opaque. */
struct group_call {
	bool used;
	bool members;           /* else commits */
	struct strvec groups;
};

struct watch_groups {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
	struct session *asking; /* for commits; NULL until the listing has named a group. Owned */
	rd_kafka_queue_t *commits;      /* its answers */
	int timeout_ms;
	struct known_group *v;  /* sorted by name */
	size_t n;
	bool listing;           /* under way */
	bool sees_all;          /* no group is hidden from this user */
	int64_t list_ms;        /* when to list next */
	unsigned list_failures; /* in a row: not every broker answered */
	int64_t choose_ms;      /* when the next group is due */
	int64_t due_before_ms;  /* what was asked before this is due at once */
	struct group_call calls[CALLS_MAX];
	size_t ncalls;
	int64_t gather_ms;      /* when the batch began */
	bool ends_asked;        /* the ends for the answers that are held are being asked for */
	rd_kafka_event_t **held;        /* commits, not told yet */
	size_t nheld, held_cap;
	size_t ntell;           /* of the held: those that the ends are asked for */
};

/* watch_groups.c */
/* The group of that name, NULL: it is not listed. Borrowed until the next listing. */
struct known_group *groups_find(const struct watch_groups *g, const char *name);
void groups_end_call(struct watch_groups *g, struct group_call *call);
/* Each leaves the event to the caller. */
void groups_listing_answer(struct watch *w, rd_kafka_event_t *ev, int64_t now_ms);
void groups_rights_answer(struct watch *w, rd_kafka_event_t *ev);

/* watch_group_answers.c */
/* Takes what has come. */
void groups_take_events(struct watch *w, rd_kafka_queue_t *queue, int64_t now_ms);
/* A step: tells what is together. */
int64_t groups_tell_step(struct watch *w, int64_t now_ms);

#endif
