/*
 * support: what the broker tests share: a source on the broker that TOPICMON_TEST_BOOTSTRAP names, a request posted and
 * its reply waited for, streams collected, messages produced, topics made and taken away again.
 *
 * Every wait has a deadline and fails the test when it passes. What a test asserts of time it measures itself.
 *
 * Thread: one.   Depends on: cmocka, kafka/source, librdkafka (as the outsider who writes while topicmon reads).
 */
#ifndef TOPICMON_TESTS_BROKER_SUPPORT_H
#define TOPICMON_TESTS_BROKER_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include <librdkafka/rdkafka.h>

#include "topicmon/base/mailbox.h"
#include "topicmon/kafka/source.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"

#define WAIT_MS 15000   /* the deadline of whatever must come */

/* One stream as it came. */
struct stream {
	uint64_t id;                    /* 0: not in use */
	struct segment **segs;
	size_t nsegs;
	size_t n;                       /* records, of all segments */
	int64_t *at_ms;                 /* [nsegs]: clock_ms() of their arrival */
	struct strvec notes;
	int64_t note_ms;                /* clock_ms() of the last note, */
	size_t note_n;                  /* and how many records had come before it */
	size_t nrecreated;
	enum stream_state state;
	struct stream_meter meter;
	struct err err;
	size_t nevents;
};

#define MAX_STREAMS 8

struct fixture {
	struct connection conn;
	struct wake wake;
	struct mailbox *inbox;
	struct source *src;
	struct outbox out;
	struct stream streams[MAX_STREAMS];
	struct event reply;             /* the last EV_REPLY */
	uint64_t waiting_for;           /* its request; 0: nobody waits */
	rd_kafka_t *producer;           /* the outsider's; NULL until it is used */
	rd_kafka_t *outsider;           /* the same for admin requests */
	struct strvec topics;           /* to be deleted at the end */
};

/* The broker's address; fails the test when the environment does not have it. */
const char *test_bootstrap(void);

/* setup and teardown for cmocka: *state is a struct fixture. teardown deletes the topics that topic_make() made. */
int fixture_setup(void **state);
int fixture_setup_read_only(void **state);
int fixture_teardown(void **state);
/* A fixture on another address (the mock cluster's). */
struct fixture *fixture_new(const char *bootstrap, bool read_only, int timeout_ms);
void fixture_free(struct fixture *f);

/* Posts the request (taken over) and waits for its reply, which lives until the next ask(). */
const struct reply *ask(struct fixture *f, struct request *req);
const struct reply *ask_topic(struct fixture *f, enum request_kind kind, const char *topic);

/* Opens a stream (the request is taken over); closes it and forgets what came. */
struct stream *stream_open(struct fixture *f, struct request *req);
void stream_close(struct fixture *f, struct stream *st);
/* A request for a stream on one topic. */
void stream_request(struct request *req, const char *topic, enum stream_from from, int64_t from_value,
                    enum stream_until until, int64_t until_value);
/* Takes what comes until cond(st, arg); fails the test after WAIT_MS. */
void stream_wait(struct fixture *f, struct stream *st, bool (*cond)(const struct stream *st, int64_t arg), int64_t arg);
bool stream_is_over(const struct stream *st, int64_t unused);
bool stream_is_live(const struct stream *st, int64_t unused);
bool stream_has(const struct stream *st, int64_t records);
bool stream_received(const struct stream *st, int64_t messages);
bool stream_was_recreated(const struct stream *st, int64_t times);
bool stream_has_notes(const struct stream *st, int64_t notes);
bool stream_in_trouble(const struct stream *st, int64_t unused);
bool stream_all_well(const struct stream *st, int64_t unused);
/* Takes what comes within that time (for showing that nothing does). */
void stream_watch(struct fixture *f, int ms);
/* The record at index i over all segments. */
void stream_record(const struct stream *st, size_t i, struct record *rec);

/* A topic name of this process that no other test uses: "r-<word>-<pid>". */
const char *topic_name(struct fixture *f, const char *word);
/* Makes a topic by REQ_TOPIC_CREATE, deleted in teardown; returns its name (borrowed from the fixture). */
const char *topic_make(struct fixture *f, const char *word, int32_t partitions);
void topic_create(struct fixture *f, const char *topic, int32_t partitions);
void topic_delete(struct fixture *f, const char *topic);
/* Delete and create, as a clear does it; clock_ms() when the create was answered. */
int64_t topic_recreate(struct fixture *f, const char *topic, int32_t partitions);
bool topic_exists(struct fixture *f, const char *topic);

/* Writes n messages "<prefix><i>" with that key to one partition (-1: one after the other), and waits for them. ts: 0 now,
 * else the first one's timestamp, one more ms for each further. */
void produce_some(struct fixture *f, const char *topic, int32_t partition, const char *prefix, int n, int64_t ts);
/* n messages of size bytes, spread over the partitions. */
void produce_bulk(struct fixture *f, const char *topic, int32_t partition, int n, size_t size);
/* n transactions of one message each; every second one is aborted. */
void produce_transactions(struct fixture *f, const char *topic, int32_t partition, int n);
/* The outsider's requests. */
void outsider_delete_records(struct fixture *f, const char *topic, int32_t partition, int64_t before);
void outsider_add_partitions(struct fixture *f, const char *topic, int32_t total);
/* Commits as a group that has no members. */
void outsider_commit(struct fixture *f, const char *group, const char *topic, int32_t partition, int64_t offset);
/* A live member of a group (client id "r-member") that was given partitions; the caller destroys it. */
rd_kafka_t *outsider_join(struct fixture *f, const char *group, const char *topic);
void outsider_commit_as_member(rd_kafka_t *member, const char *topic, int32_t partition, int64_t offset);
void outsider_delete_group(struct fixture *f, const char *group);
size_t outsider_count_groups(struct fixture *f);

#endif
