/*
 * fake_cluster: a few topics and groups in memory that answer the requests of operations as Kafka does, with a clock
 * that only delays move, and a place for every kind of trouble. Used through fake_source:
 *
 *   struct fake_cluster *c = fake_cluster_new();
 *   struct source *src = fake_source_new(inbox, fake_cluster_answer, c);
 *
 * Owns everything in it; fields are there to be set and read by tests.   Thread: one.   Depends on: base, model.
 */
#ifndef TOPICMON_TESTS_FAKE_CLUSTER_H
#define TOPICMON_TESTS_FAKE_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_source.h"

#define FAKE_PARTITIONS 8
#define FAKE_TOPICS     8
#define FAKE_GROUPS     8
#define FAKE_TROUBLES   16

struct fake_topic {
	struct topic_spec spec;         /* spec.name NULL: no topic here */
	int64_t start[FAKE_PARTITIONS];
	int64_t end[FAKE_PARTITIONS];
};

/* A group, and its commits on one topic. */
struct fake_group {
	const char *name;               /* NULL: no group here */
	const char *topic;
	enum group_state state;
	bool members_known;
	size_t nmembers;                /* their client ids are client-1, client-2, … */
	int64_t committed[FAKE_PARTITIONS];
};

/* Requests of that kind fail: the first `after` of them do not, then `times` do. */
struct fake_trouble {
	enum request_kind kind;         /* REQ_NONE: unused */
	int validate_only;              /* of REQ_TOPIC_CREATE: 0 or 1; -1: either */
	const char *topic;              /* only of this topic; NULL: any */
	int after;
	int times;
	struct err err;
	bool done_all_the_same;         /* it is carried out, only the answer is the error */
};

struct fake_cluster {
	int64_t now_ms;
	int32_t nbrokers;
	int32_t brokers_late;           /* so many brokers do not know of a new topic, for so many questions */
	int late_answers;
	enum tristate auto_create, delete_enabled;
	bool groups_hidden;             /* the user may not see all groups */
	struct fake_topic topics[FAKE_TOPICS];
	struct fake_group groups[FAKE_GROUPS];
	struct fake_trouble troubles[FAKE_TROUBLES];
	/* Called after each request was carried out and before its answer: where other clients act. */
	void (*meanwhile)(struct fake_cluster *c, const struct request *req);
	void *meanwhile_ctx;
};

struct fake_cluster *fake_cluster_new(void);    /* one broker, auto-create on, no topic */
void fake_cluster_free(struct fake_cluster *c);
/* A topic with `messages` in each partition; replaces one of that name. */
struct fake_topic *fake_cluster_topic(struct fake_cluster *c, const char *name, int32_t partitions, int64_t messages);
struct fake_topic *fake_cluster_find(struct fake_cluster *c, const char *name);        /* NULL: none */
void fake_cluster_drop(struct fake_cluster *c, const char *name);
/* A group with `committed` on each partition of the topic. */
struct fake_group *fake_cluster_group(struct fake_cluster *c, const char *name, const char *topic, size_t nmembers,
                                      int64_t committed);
struct fake_trouble *fake_cluster_trouble(struct fake_cluster *c, enum request_kind kind, enum err_code code,
                                          const char *text);
/* ctx: the fake_cluster. Requests of watches and streams are not answered. */
fake_answer fake_cluster_answer;

#endif
