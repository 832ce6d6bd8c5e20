/*
 * request: what the UI or the command line asks of a cluster; outbox: the list in which one turn collects them.
 *
 * A request owns its strings and lists; whoever takes it out of the outbox owns it then. Every request has an id, unique
 * in its outbox; the answer carries it (model/event.h). All are primitives: a clear is put together from them by ops/.
 *
 * Thread: outbox: its owner; a request: one at a time.   Depends on: base, model.
 */
#ifndef TOPICMON_MODEL_REQUEST_H
#define TOPICMON_MODEL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/filter.h"

enum request_kind {
	REQ_NONE,
	/* for the watch: no answer of their own, snapshots follow */
	REQ_WATCH,              /* .watch: what to keep looking at */
	REQ_REFRESH,            /* everything that is watched, now */
	/* for readers: EV_SEGMENT and EV_STREAM follow */
	REQ_STREAM_OPEN,        /* .stream; the request's id is the stream's id */
	REQ_STREAM_CLOSE,       /* .target: id of the stream; segments already under way may still arrive */
	/* for operations: each is answered by exactly one EV_REPLY */
	REQ_TOPIC_READ,         /* .topic.name -> reply.shape: partitions, replication, configs set, placement */
	REQ_TOPIC_OFFSETS,      /* .topic.name -> reply.offsets */
	REQ_TOPIC_GROUPS,       /* .topic.name -> reply.groups: groups with commits on it, their members */
	REQ_TOPIC_CREATE,       /* .create */
	REQ_TOPIC_DELETE,       /* .topic.name */
	REQ_TOPIC_EVIDENCE,     /* .topic.name: does each broker know it, has each partition a leader? */
	REQ_GROUP_COMMIT,       /* .commit */
	REQ_BROKER_CONFIG,      /* -> reply.broker */
	REQ_PRODUCE,            /* .produce -> reply.produced */
	REQ_DELAY,              /* .delay_ms: answered after that time; for backing off without sleeping */
	REQ_COUNT
};

struct topic_spec {
	char *name;
	int32_t partitions;     /* -1: the broker's default */
	int32_t replication;    /* -1: the broker's default */
	struct strvec config_names;     /* config_names.v[i] = config_values.v[i] */
	struct strvec config_values;
};

enum stream_from { FROM_END, FROM_BEGINNING, FROM_LAST, FROM_OFFSET, FROM_TIME };
enum stream_until { UNTIL_NEVER, UNTIL_END, UNTIL_OFFSET, UNTIL_TIME };

struct stream_spec {
	struct strvec topics;
	int32_t partition;      /* -1: all */
	enum stream_from from;
	int64_t from_value;     /* FROM_LAST: how many in all; FROM_OFFSET; FROM_TIME: Unix ms */
	enum stream_until until;        /* UNTIL_END: the end as it stood when the stream was opened */
	int64_t until_value;
	struct filter *filter;  /* NULL: everything; applied before any copy; the request holds a reference */
	bool count_only;        /* only counts, no records */
	bool follow_recreation; /* read on from the new beginning when the topic is recreated, and say so in a note */
	size_t max_waiting;     /* the reader waits while so many events are unread; 0: default */
};

struct watch_spec {
	bool offsets;           /* of all topics (or of `only`) */
	bool groups;            /* listing, commits, members */
	bool configs;           /* cleanup policy and retention of the focused and visible topics */
	int refresh_ms;         /* of what is visible; 0: once, and then only on REQ_REFRESH */
	char *only;             /* just this topic; NULL: all */
	char *focus;            /* the selected topic, asked for first and twice a second; NULL: none */
	struct strvec visible;  /* topics on the screen, asked for before the rest */
	struct strvec visible_groups;
};

struct produce_spec {
	char *topic;
	int32_t partition;      /* -1: by key */
	char *key;              /* NULL: null */
	size_t key_len;
	char *value;            /* NULL: null (a tombstone) */
	size_t value_len;
	struct strvec header_names;
	struct strvec header_values;
	int64_t timestamp_ms;   /* 0: now */
};

struct request {
	uint64_t id;
	enum request_kind kind;
	union {
		struct watch_spec watch;
		struct stream_spec stream;
		struct { struct topic_spec spec; bool validate_only; } create;
		struct { char *name; } topic;
		struct { char *group; char *topic; int64_t *offsets; size_t n; } commit;  /* offsets[partition]; OFFSET_NONE: leave */
		struct produce_spec produce;
		uint64_t target;
		int delay_ms;
	};
};

void topic_spec_init(struct topic_spec *spec);
void topic_spec_fini(struct topic_spec *spec);
void topic_spec_copy(struct topic_spec *to, const struct topic_spec *from);
void topic_spec_add_config(struct topic_spec *spec, const char *name, const char *value);

void request_init(struct request *req, enum request_kind kind);  /* everything empty, partition -1 */
void request_fini(struct request *req);

struct outbox {
	struct request *reqs;
	size_t n;
	size_t cap;
	uint64_t next_id;
};

void outbox_init(struct outbox *out);
void outbox_fini(struct outbox *out);
/* Takes *req over (it is empty afterwards), gives it an id and returns that; never 0. */
uint64_t outbox_add(struct outbox *out, struct request *req);
/* Short forms. */
uint64_t outbox_topic(struct outbox *out, enum request_kind kind, const char *topic);
uint64_t outbox_delay(struct outbox *out, int delay_ms);
uint64_t outbox_close_stream(struct outbox *out, uint64_t stream);

#endif
