/*
 * writer: one message at a time through an idempotent producer, each waited for.
 *
 * The handle may not create topics, neither by a message nor by the refreshes that a producer makes on its own: a topic
 * that is deleted stays deleted, however long the writer lives. Messages with a key go to the partition that the Java
 * client would choose.
 *
 * Thread: the one that made it.   Depends on: session, model.
 */
#ifndef TOPICMON_KAFKA_WRITER_PRIVATE_H
#define TOPICMON_KAFKA_WRITER_PRIVATE_H

#include "topicmon/base/err.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"

struct writer;

struct writer *writer_new(const struct connection *conn, struct mailbox *inbox, struct err *e);
void writer_free(struct writer *w);     /* drops what is under way; NULL is fine */
void writer_serve(struct writer *w);
/* Writes to a topic that is known to be there, and waits for the broker's word up to the timeout. Fills
 * reply->produced. */
bool writer_produce(struct writer *w, const struct produce_spec *spec, struct reply *reply, struct err *e);

#endif
