/*
 * reader_parts: what the files of the reader share: its state, and who does what.
 *
 *   reader.c        the thread: open, read, close, open again when the topic was recreated; what it tells
 *   reader_open.c   the handle, the topics, where each partition begins and stops
 *   reader_take.c   messages through the filter into segments and the meter
 *   reader_last.c   FROM_LAST: the newest n over all partitions, in order
 *   reader_check.c  recreated, deleted, trimmed, unreachable: how each is noticed
 *
 * A position is the offset expected next. It moves only with what was taken off the queue, so a reader that is opened
 * again goes on exactly where it was. Opened again means a new handle: that one knows nothing of a topic's earlier life.
 *
 * Thread: the reader's own, except where said otherwise.   Depends on: session, model, librdkafka.
 */
#ifndef TOPICMON_KAFKA_READER_PARTS_H
#define TOPICMON_KAFKA_READER_PARTS_H

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "reader.h"
#include "session.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/event.h"

#define STOP_NEVER INT64_MAX
#define READER_BATCH 1000       /* messages taken off the queue at once */

/* Offsets that are asked of a partition's leader. */
enum ask { ASK_BEGIN, ASK_END, ASK_FROM, ASK_UNTIL, ASK_PROBE, ASK_COUNT };

struct part {
	int32_t id;
	bool started;           /* the library fetches it */
	bool done;              /* its stop is reached */
	bool offline;           /* has no leader: when it is opened, the library finds out where it begins */
	bool lost;              /* fetching ended with an error: reader_check decides where to go on */
	bool remembers;         /* newest_ms comes from a record, not from the clock */
	int64_t position;       /* the offset expected next, OFFSET_UNKNOWN until it is resolved */
	int64_t first;          /* records before it are remembered, but not given out */
	int64_t stop;           /* the first offset that is not wanted, or STOP_NEVER */
	int64_t answer[ASK_COUNT];      /* OFFSET_UNKNOWN: not asked; OFFSET_NONE: there is none (for times) */
	/* For noticing a recreated topic, see reader_check.c. */
	int64_t newest_ms;      /* the newest timestamp that was read; before that, the time when it was opened */
	int64_t read_from;      /* everything from there to the position was read; OFFSET_UNKNOWN: not looked at yet */
	int64_t probe_ms;       /* newest_ms at the last look, */
	int64_t probe_position; /* and the position then */
	int64_t bound;          /* what the last look answered, if that lies before read_from; OFFSET_UNKNOWN */
	bool clear;             /* nothing before read_from is newer than probe_ms */
};

struct stream_topic {
	const char *name;       /* borrowed from the request */
	uint16_t index;
	rd_kafka_topic_t *rkt;          /* of the reading handle */
	rd_kafka_topic_t *look_rkt;     /* of the looking handle */
	struct part *parts;
	size_t nparts;          /* that are read */
	size_t whole;           /* that the topic has */
	bool gone;              /* deleted: waiting for it to come back */
	bool renewed;           /* recreated: read from its beginning, whatever the request says */
};

struct handle;          /* reader_open.c */

enum reader_next {
	NEXT_READ,              /* go on */
	NEXT_OPEN,              /* close, and open again at the positions */
	NEXT_OVER,              /* ended, failed or stopped; what there was to tell is told */
};

struct reader {
	struct connection conn;
	struct request req;
	struct mailbox *inbox;          /* borrowed */
	struct wake wake;
	pthread_t thread;
	bool has_thread;
	atomic_bool stop;
	atomic_bool ended;

	struct session *session;        /* reads */
	struct session *looker;         /* looks, see reader_check.c; NULL: the one that reads does it */
	int nbrokers;
	rd_kafka_queue_t *queue;
	bool out_of_range;              /* a fetch with an offset that is not there may be under way: see reader_close */
	struct handle *parked;          /* a closed one that is destroyed only at parked_until_ms */
	int64_t parked_until_ms;
	struct stream_topic *topics;
	size_t ntopics;
	size_t undone;                  /* partitions that are not done */
	bool last_pending;              /* FROM_LAST: its messages were not given out yet */
	bool until_pending;             /* UNTIL_TIME lies ahead: where to stop is asked when it has come */

	/* reader_take.c */
	struct filter_scratch *scratch;
	struct strbuf headers;          /* of the message at hand, packed */
	struct segment *seg;            /* open; NULL: none */
	size_t seg_hint;
	int64_t seg_since_ms;
	int64_t published_ms;           /* when a segment last went out */
	struct stream_meter meter;
	int64_t behind_ms;              /* when meter.behind was computed */

	/* what was told, and what to tell */
	enum stream_state state;
	struct err trouble;             /* a passing one, as it was told; ERR_NONE: all is well */
	struct err fatal;               /* came off the queue: ends the stream */
	uint64_t told_received;
	bool told_old;                  /* with a meter.behind that was not computed anew */
	int64_t told_ms;

	/* reader_check.c */
	bool check_now;                 /* something happened that wants a look */
	bool looked;                    /* in this turn the records were found to be those of the log that is read */
	int64_t check_ms;               /* when to look next */
	int64_t shape_ms;               /* when to look at the number of partitions next */
	int64_t progress_ms;            /* when something last came */
	size_t nlost;                   /* partitions with .lost */
	unsigned unanswered;            /* looks in a row that failed */
};

/* reader.c */
bool reader_stopped(struct reader *r);
/* Serves what the library has to say (log lines). */
void reader_serve(struct reader *r);
/* Waits until woken or that time has passed, and serves. */
void reader_pause(struct reader *r, int ms);
/* Whether it keeps trying, whatever happens: a stream without an end in sight. */
bool reader_is_live(const struct reader *r);
void reader_tell(struct reader *r, bool recreated, char *note);         /* takes note (or NULL) over */
void reader_note(struct reader *r, bool recreated, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A passing trouble, told when it is new; NULL: it has passed. */
void reader_trouble(struct reader *r, const struct err *e);
enum reader_next reader_end(struct reader *r);                          /* NEXT_OVER */
enum reader_next reader_fail(struct reader *r, const struct err *e);    /* NEXT_OVER */

/* reader_open.c */
/* Makes the handle, knows the topics and every position. quick: do not wait long at the end of a partition. */
enum reader_next reader_open(struct reader *r, bool quick);
/* Starts every partition that is not done, at its position. */
void reader_start_parts(struct reader *r);
void reader_start_part(struct reader *r, struct stream_topic *t, struct part *p);
void reader_stop_part(struct stream_topic *t, struct part *p);
void reader_close(struct reader *r);
/* Drops what comes from a parked handle, and destroys it when its time has come. wait: waits for that. */
void reader_unpark(struct reader *r, bool wait);
/* Its position and the offsets that were asked are not known any more. */
void reader_forget_part(struct part *p);
/* A partition that is read from its end on begins with the record before it, which is remembered and not given out. */
void reader_remember_last(struct reader *r, struct stream_topic *t, struct part *p);
/* Forgets all that is known of its partitions: they are read from the beginning when it is opened again. */
void reader_renew_topic(struct reader *r, struct stream_topic *t);
/* The topic has n partitions by now: the new ones are read from their beginning. */
void reader_add_parts(struct reader *r, struct stream_topic *t, size_t n);

struct question {
	struct stream_topic *t;
	struct part *p;
	enum ask ask;           /* where the answer goes */
	int64_t when;           /* Unix ms, or RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END */
};
/* Asks for the offsets that belong to q[i].when (see lookup_offsets); a partition may be in q once. False and *e: not
 * all were answered. */
bool reader_ask(struct session *s, const struct question *q, size_t n, int timeout_ms, struct err *e);
/* Which partitions have no leader just now. */
void reader_note_leaders(struct reader *r, struct stream_topic *t, const struct rd_kafka_metadata_topic *topic);
/* The stream's topic and partition that a message is of; false: not one that is read. */
bool reader_find(struct reader *r, const rd_kafka_message_t *msg, struct stream_topic **t, struct part **p);
/* Where to stop, once the time of UNTIL_TIME has come. */
bool reader_resolve_until(struct reader *r, struct session *s, struct err *e);

/* reader_take.c */
void reader_take(struct reader *r, rd_kafka_message_t **msgs, size_t n);
/* One message of that partition, in order and not seen before: meter, filter, segment. */
void reader_deliver(struct reader *r, struct stream_topic *t, struct part *p, const rd_kafka_message_t *msg);
/* Gives the open segment out, if there is one. */
void reader_publish(struct reader *r);
/* The same when it is due; returns the ms until it will be (-1: nothing to publish). */
int reader_publish_due(struct reader *r, int64_t now_ms, bool drained);
void reader_part_done(struct reader *r, struct part *p);

/* reader_last.c */
enum reader_next reader_last(struct reader *r);

/* reader_check.c */
enum reader_next reader_check(struct reader *r, int64_t now_ms);
void reader_close_looker(struct reader *r);

#endif
