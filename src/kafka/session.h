/*
 * session: one rd_kafka_t and what every room-mate needs with it: properties applied and checked, --resolve, the log
 * queue, errors turned into sentences, connection state turned into events.
 *
 * Thread: the one that made it; librdkafka's callbacks only copy and enqueue.   Depends on: base, model, librdkafka.
 */
#ifndef TOPICMON_KAFKA_SESSION_PRIVATE_H
#define TOPICMON_KAFKA_SESSION_PRIVATE_H

#include <librdkafka/rdkafka.h>

#include "topicmon/base/err.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"

enum session_role {
	SESSION_WATCH,          /* metadata, offsets (read_uncommitted), groups */
	SESSION_ADMIN,          /* topics, configs, groups: the operations thread */
	SESSION_READER,         /* simple consumer; no group.id */
	SESSION_GROUPS,         /* asks for commits; wants group.id in extra, see session_new_groups */
	SESSION_PRODUCER,       /* idempotent; only produces to topics that are known to be there */
};

struct session;

/* Whether the library knows every property, takes its value and finds the files; if not, *e (ERR_USAGE) names the first
 * that it does not. Connects nowhere. */
bool session_check(const struct connection *conn, struct err *e);

/* conn and inbox are borrowed. extra: NULL-terminated list of name, value, name, value, … on top of the role's own settings
 * (what this version of the library does not know is left out; NULL: nothing); the user's properties win over both, except
 * those without which the role cannot keep its word (allow.auto.create.topics=false, no group.id, no auto commit,
 * enable.partition.eof). wake (borrowed) is signalled when the session's queue has something to serve. Log lines and
 * connection changes go to inbox as EV_LOG and EV_CONNECTION (connection changes: SESSION_WATCH only). */
struct session *session_new(const struct connection *conn, enum session_role role, const char *const *extra,
                            struct mailbox *inbox, const struct wake *wake, struct err *e);
/* A session that asks for the commits of groups. The library crashes when a coordinator refuses such a question (it has
 * moved, it is loading) and the handle has no group (librdkafka #5040, in 2.0.2 and 2.15.1), so this one names a group
 * that the listing has named; it never subscribes, joins or commits, and naming one only lets it look its coordinator up. */
struct session *session_new_groups(const struct connection *conn, const char *listed_group, struct mailbox *inbox,
                                   const struct wake *wake, struct err *e);
/* Destroys the handle; may take long on a dead broker: only worker threads call it. */
void session_free(struct session *s);

rd_kafka_t *session_kafka(const struct session *s);
/* What became of a message: every one that is produced through a SESSION_PRODUCER has one of these as its opaque (_private),
 * which session_serve() fills in. */
struct session_delivery {
	bool done;
	rd_kafka_resp_err_t code;
	int32_t partition;
	int64_t offset;
	int64_t timestamp_ms;
};

/* Serves callbacks that are waiting (logs, errors, delivery reports); never waits. */
void session_serve(struct session *s);
int session_timeout_ms(const struct session *s);
const struct connection *session_connection(const struct session *s);

/* SESSION_WATCH tells how its requests fare, and the session tells the inbox when that changes something: the cluster
 * answered; it did not, with this error (which is told once a connection failed, or the timeout is over). */
void session_answered(struct session *s);
void session_unanswered(struct session *s, rd_kafka_resp_err_t code);
/* Whether what was heard last is that no broker can be reached. */
bool session_is_down(const struct session *s);
/* All connections were lost since the last of these two calls: asking at once tells whether for more than a moment. */
bool session_is_suspect(const struct session *s);

/* Turns a Kafka error into *e: code, retriable, and the sentence "<what>: <why>[. <what to do>]". Returns false. */
bool session_err(struct err *e, rd_kafka_resp_err_t code, const char *detail, const char *what, ...) PRINTF_LIKE(4, 5);
/* When *e (may be NULL) says that a topic may not be used, says what for: "Topic '<topic>': not authorised to <what>". */
void session_denied(struct err *e, const char *topic, const char *what);

#endif
