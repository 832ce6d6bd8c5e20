/*
 * event: what reaches app_update() (or a verb's loop): keys, snapshots, segments, answers, time. A value; what it points
 * to it owns, event_fini() lets go of it.
 *
 * Thread: any, one at a time.   Depends on: base, model.
 */
#ifndef TOPICMON_MODEL_EVENT_H
#define TOPICMON_MODEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/base/log.h"
#include "topicmon/model/request.h"
#include "topicmon/model/segment.h"
#include "topicmon/model/snapshot.h"

enum event_kind {
	EV_NONE,
	EV_KEY, EV_MOUSE, EV_RESIZE, EV_TICK, EV_SIGNAL,
	EV_CONNECTION, EV_SNAPSHOT, EV_SEGMENT, EV_STREAM, EV_REPLY, EV_LOG,
};

/* A key: a code point for characters, or one of these; letters with Ctrl are lower case with KEYMOD_CTRL. */
enum key_code {
	KC_FIRST = 0x110000,
	KC_ENTER = KC_FIRST, KC_ESC, KC_TAB, KC_BACKSPACE, KC_DELETE, KC_INSERT,
	KC_UP, KC_DOWN, KC_LEFT, KC_RIGHT, KC_HOME, KC_END, KC_PGUP, KC_PGDN,
	KC_F1, KC_F2, KC_F3, KC_F4, KC_F5, KC_F6, KC_F7, KC_F8, KC_F9, KC_F10, KC_F11, KC_F12,
	KC_LAST
};
#define KEYMOD_CTRL  1u
#define KEYMOD_ALT   2u
#define KEYMOD_SHIFT 4u         /* only with special keys; a letter is upper case instead */
#define KEYMOD_PASTED 8u        /* a character of a pasted text: never a command, never a yes */

struct key {
	uint32_t code;
	unsigned mods;
};

enum mouse_action { MOUSE_CLICK, MOUSE_DOUBLE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
struct mouse {
	enum mouse_action action;
	int y;
	int x;
};

enum connection_state { CONN_CONNECTING, CONN_UP, CONN_DOWN, CONN_DENIED };
struct connection_event {
	enum connection_state state;
	int64_t since_wall_ms;          /* when it became so */
	char address[128];              /* which address does not answer, or the bootstrap list when up */
	char unresolved[128];           /* an advertised host name that does not resolve, "" otherwise */
	char reason[320];               /* in words: "connection refused"; of CONN_DENIED why the login failed */
};

/* The honest meter of a stream. */
struct stream_meter {
	uint64_t received;      /* messages the library gave us */
	uint64_t received_bytes;
	uint64_t matched;       /* of them, those the filter let through */
	uint64_t gaps;          /* offsets that were skipped inside a partition: compaction, transactions */
	int64_t behind;         /* messages between the last one read and the end, summed; OFFSET_UNKNOWN */
};

enum stream_state { STREAM_OPENING, STREAM_LIVE, STREAM_ENDED, STREAM_FAILED };
struct stream_event {
	uint64_t stream;
	enum stream_state state;
	struct stream_meter meter;
	bool recreated;         /* the topic was recreated: reading on from its new beginning */
	char *note;             /* a sentence for the stream, or NULL */
	struct err err;         /* of STREAM_FAILED, or a passing trouble (state stays) */
};

struct segment_event {
	uint64_t stream;
	struct segment *seg;    /* a reference */
	struct stream_meter meter;      /* as it stood when the segment was sealed */
};

struct reply_member {
	char *id;
	char *client_id;
	char *host;
};
struct reply_group {
	char *name;
	enum group_state state;
	bool members_known;
	struct reply_member *members;
	size_t nmembers;
	int64_t *committed;     /* [npartitions] of the reply; OFFSET_NONE: no commit */
};
enum tristate { TRI_UNKNOWN, TRI_NO, TRI_YES };

struct reply {
	uint64_t id;            /* of the request */
	enum request_kind kind;
	struct err err;         /* code ERR_NONE: done, and the payload counts */
	union {
		struct {        /* REQ_TOPIC_READ */
			struct topic_spec spec;
			struct strvec unreadable;       /* configs set on it whose values the broker hides */
			bool placement_custom;          /* replicas are not where the broker would have put them; unknown: false */
			unsigned policy;                /* enum cleanup_policy bits */
		} shape;
		struct { int64_t *start, *end; size_t n; } offsets;             /* REQ_TOPIC_OFFSETS */
		struct {        /* REQ_TOPIC_GROUPS */
			struct reply_group *v;
			size_t n;
			size_t npartitions;
			bool some_hidden;       /* this user may not see all groups of the cluster */
		} groups;
		struct { enum tristate auto_create, delete_enabled; int32_t nbrokers; } broker; /* REQ_BROKER_CONFIG */
		struct { int32_t partition; int64_t offset; int64_t timestamp_ms; } produced;   /* REQ_PRODUCE */
		struct { int32_t brokers_known, brokers; int32_t leaders, partitions; } evidence;       /* REQ_TOPIC_EVIDENCE */
	};
};

struct event {
	enum event_kind kind;
	union {
		struct key key;
		struct mouse mouse;
		struct { int rows, cols; } resize;
		struct { int64_t now_ms, wall_ms; } tick;
		int signal;
		struct connection_event connection;
		struct snapshot *snapshot;      /* a reference */
		struct segment_event segment;
		struct stream_event stream;
		struct reply reply;
		struct { int64_t wall_ms; enum log_level level; char *text; } log;
	};
};

void event_fini(struct event *ev);

#endif
