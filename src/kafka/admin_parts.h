/*
 * admin_parts: what the files of admin share. One operation at a time; each asks on a queue of its own, so that an answer
 * that comes too late cannot be taken for one to a later question.
 *
 * Each admin_* function executes one kind of request: true and the reply's payload, or false and *e (never NULL).
 *
 * Thread: operations.   Depends on: session, model.
 */
#ifndef TOPICMON_KAFKA_ADMIN_PARTS_H
#define TOPICMON_KAFKA_ADMIN_PARTS_H

#include <librdkafka/rdkafka.h>

#include "admin.h"
#include "session.h"
#include "writer.h"

struct admin {
	struct connection conn;
	struct mailbox *inbox;          /* borrowed */
	struct session *session;        /* of the operation at hand it is there */
	struct session *groups;         /* asks for commits; NULL until the listing has named a group */
	struct writer *writer;          /* NULL until something is produced */
};

/* One or more questions under way. */
struct asking {
	rd_kafka_t *rk;
	rd_kafka_AdminOptions_t *options;
	rd_kafka_queue_t *queue;
	int64_t until_ms;
};

void asking_init(struct asking *ask, const struct session *s, rd_kafka_admin_op_t op);
void asking_fini(struct asking *ask);
/* The next answer, whose event the caller destroys; NULL and *e: none came, or it says that the question failed as a
 * whole. what: "Topic 'x'". */
rd_kafka_event_t *asking_next(struct asking *ask, struct err *e, const char *what);

/* Metadata of one topic by a request that cannot create it; see lookup_metadata. */
const struct rd_kafka_metadata *admin_metadata(struct admin *a, const char *topic, struct err *e);
/* Partitions of a topic that is there; -1 and *e otherwise. */
int32_t admin_count_partitions(struct admin *a, const char *topic, struct err *e);

/* admin_topics.c */
bool admin_topic_read(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
bool admin_topic_offsets(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
bool admin_topic_create(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
bool admin_topic_delete(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
/* admin_brokers.c */
bool admin_topic_evidence(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
bool admin_broker_config(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
/* admin_groups.c */
bool admin_topic_groups(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
bool admin_group_commit(struct admin *a, const struct request *req, struct reply *reply, struct err *e);

#endif
