/*
 * watch: the thread that keeps looking at a cluster: metadata, offsets, groups, configs; and publishes snapshots. See
 * model/request.h (REQ_WATCH, REQ_REFRESH) and model/event.h (EV_SNAPSHOT, EV_CONNECTION).
 *
 * Thread: start, post, stop, free: the source's; the rest runs in threads of its own.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_WATCH_PRIVATE_H
#define TOPICMON_KAFKA_WATCH_PRIVATE_H

#include <stdbool.h>

#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/request.h"

struct watch;

/* inbox and ended are borrowed; ended is signalled when the thread has ended. NULL when there is no thread to be had. */
struct watch *watch_start(const struct connection *conn, struct mailbox *inbox, const struct wake *ended);
/* Takes *req over. */
void watch_post(struct watch *w, struct request *req);
/* Asks the thread to end; returns at once. */
void watch_stop(struct watch *w);
/* Whether it has ended; then watch_free() does not wait. */
bool watch_ended(struct watch *w);
void watch_free(struct watch *w);

#endif
