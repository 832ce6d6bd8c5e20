/*
 * reader: one stream: a thread, a handle, segments into the inbox. See model/request.h (REQ_STREAM_OPEN) and
 * model/event.h (EV_SEGMENT, EV_STREAM).
 *
 * Thread: start, stop: the source's; the rest runs in the reader's own.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_READER_PRIVATE_H
#define TOPICMON_KAFKA_READER_PRIVATE_H

#include "topicmon/base/mailbox.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/request.h"

struct reader;

/* Takes *req over. Never fails here: what goes wrong arrives as EV_STREAM with STREAM_FAILED. */
struct reader *reader_start(const struct connection *conn, struct request *req, struct mailbox *inbox);
uint64_t reader_id(const struct reader *r);
/* Asks the thread to end; returns at once. */
void reader_stop(struct reader *r);
/* Whether the thread has ended (by itself or when asked); then reader_free() does not wait. */
bool reader_ended(struct reader *r);
void reader_free(struct reader *r);

#endif
