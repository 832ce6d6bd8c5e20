/*
 * admin: executes one operation request at a time and makes its reply. Runs in the operations thread, which may block
 * here up to the connection's timeout; handles are opened with the first request that needs them.
 *
 * Thread: operations.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_ADMIN_PRIVATE_H
#define TOPICMON_KAFKA_ADMIN_PRIVATE_H

#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"

struct admin;

struct admin *admin_new(const struct connection *conn, struct mailbox *inbox);
void admin_free(struct admin *a);
/* Serves what the library has to say (log lines); never waits. To be called now and then while nothing is asked. */
void admin_idle(struct admin *a);
/* Executes req (borrowed) and fills *reply, whose payload the caller owns (event_fini). REQ_DELAY is not for here. */
void admin_execute(struct admin *a, const struct request *req, struct reply *reply);

#endif
