/*
 * reader_last: see reader_parts.h. FROM_LAST asks for the newest n messages over all partitions, exactly n when there are
 * so many, although offsets skip (compaction, markers of transactions) and partitions are filled unevenly.
 *
 * Of each partition a window before its end is read; when too few messages turn up, windows grow towards the start. Then
 * the newest n by timestamp are chosen. So that within a partition the order stays that of the offsets, a message counts
 * as being as new as the newest before it. Messages are held meanwhile and given out in order of time; when they are too
 * many to hold, only their places are kept, and the stream begins at the first chosen offset of each partition.
 */
#include <stdlib.h>

#include "reader_parts.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define HOLD_MOST       50000           /* messages */
#define HOLD_BYTES      (32u << 20)
#define WINDOW_GROWTH   4

struct window {
	struct stream_topic *t;
	struct part *p;
	int64_t low;            /* what was looked at: from here to the end */
	int64_t high;           /* the part that is being read: from low to here */
	int64_t position;
	bool reading;
	size_t found;
	int64_t first_chosen;
};

struct held {
	int64_t ms;
	int64_t offset;
	uint32_t window;
	rd_kafka_message_t *msg;        /* NULL: not held */
};

struct batch {
	struct window *windows;
	size_t nwindows;
	size_t nreading;
	struct held *v;
	size_t n;
	size_t cap;
	size_t bytes;
	bool holding;
	size_t wanted;
	int64_t progress_ms;
};

static int64_t
window_size(const struct window *w)
{
	return w->p->answer[ASK_END] - w->p->answer[ASK_BEGIN];
}

/* How far back to look first: all may lie in one partition, unless that means too many; a little more for gaps. */
static int64_t
first_width(const struct batch *b)
{
	int64_t most = (int64_t)b->wanted;
	int64_t width = most / (int64_t)b->nwindows + 1;
	int64_t sum = 0;

	if (b->nwindows <= HOLD_MOST && b->wanted <= HOLD_MOST / b->nwindows)
		width = most;
	while (width < most) {
		sum = 0;
		for (size_t i = 0; i < b->nwindows; i++)
			sum += window_size(&b->windows[i]) < width ? window_size(&b->windows[i]) : width;
		if (sum >= most)
			break;
		width = width > most / 2 ? most : width * 2;
	}
	return width + width / 8 + 1;
}

static void
read_window(struct reader *r, struct batch *b, struct window *w, int64_t width)
{
	int64_t begin = w->p->answer[ASK_BEGIN];

	w->high = w->low;
	w->low = w->high - begin < width ? begin : w->high - width;
	w->position = w->low;
	w->reading = w->low < w->high;
	if (!w->reading)
		return;
	b->nreading++;
	w->p->position = w->low;
	reader_start_part(r, w->t, w->p);
}

static void
window_read(struct batch *b, struct window *w)
{
	if (!w->reading)
		return;
	w->reading = false;
	b->nreading--;
	reader_stop_part(w->t, w->p);
}

/* Lets go of the messages; their places stay. */
static void
stop_holding(struct batch *b)
{
	b->holding = false;
	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].msg)
			rd_kafka_message_destroy(b->v[i].msg);
		b->v[i].msg = NULL;
	}
}

static void
hold(struct batch *b, struct window *w, rd_kafka_message_t *msg)
{
	rd_kafka_timestamp_type_t type;

	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 64;
		b->v = xreallocarray(b->v, b->cap, sizeof(*b->v));
	}
	b->v[b->n++] = (struct held){
		.ms = rd_kafka_message_timestamp(msg, &type), .offset = msg->offset,
		.window = (uint32_t)(w - b->windows), .msg = b->holding ? msg : NULL,
	};
	w->found++;
	b->bytes += msg->len + msg->key_len;
	if (!b->holding)
		rd_kafka_message_destroy(msg);
	else if (b->bytes > HOLD_BYTES || b->n > 2 * HOLD_MOST)
		stop_holding(b);
}

static struct window *
find_window(struct reader *r, struct batch *b, const rd_kafka_message_t *msg)
{
	struct stream_topic *t;
	struct part *p;

	if (!reader_find(r, msg, &t, &p))
		return NULL;
	for (size_t i = 0; i < b->nwindows; i++) {
		if (b->windows[i].p == p)
			return &b->windows[i];
	}
	return NULL;
}

/* Takes msg over. An error that is not the end of the partition ends its window: what it has is all that can be had. */
static void
take_held(struct reader *r, struct batch *b, rd_kafka_message_t *msg)
{
	struct window *w = find_window(r, b, msg);
	bool wanted = w && w->reading && !msg->err && msg->offset >= w->position && msg->offset < w->high;

	if (w && w->reading && (msg->err ? msg->err != RD_KAFKA_RESP_ERR__PARTITION_EOF || msg->offset >= w->high :
	                        msg->offset >= w->high - 1))
		window_read(b, w);
	if (!wanted) {
		rd_kafka_message_destroy(msg);
		return;
	}
	w->position = msg->offset + 1;
	hold(b, w, msg);
}

/* Reads until every window is read. */
static enum reader_next
read_windows(struct reader *r, struct batch *b)
{
	rd_kafka_message_t *msgs[READER_BATCH];

	b->progress_ms = clock_ms();
	while (b->nreading > 0) {
		ssize_t n = rd_kafka_consume_batch_queue(r->queue, 0, msgs, READER_BATCH);

		for (ssize_t i = 0; i < n; i++)
			take_held(r, b, msgs[i]);
		reader_serve(r);
		if (reader_stopped(r))
			return NEXT_OVER;
		if (r->fatal.code != ERR_NONE)
			return reader_fail(r, &r->fatal);
		if (n > 0) {
			b->progress_ms = clock_ms();
		} else if (clock_ms() - b->progress_ms > session_timeout_ms(r->session)) {
			struct err e;

			session_err(&e, RD_KAFKA_RESP_ERR__TIMED_OUT, NULL, "Topic '%s': its last messages",
			            r->topics[0].name);
			if (!reader_is_live(r))
				return reader_fail(r, &e);
			reader_trouble(r, &e);
			return NEXT_OPEN;
		} else {
			wake_wait(&r->wake, 100);
		}
	}
	return NEXT_READ;
}

/* Looks further back where that can bring messages that are wanted. False: nowhere. */
static bool
grow_windows(struct reader *r, struct batch *b)
{
	bool shared = b->wanted > HOLD_MOST / b->nwindows;

	if (shared && b->n >= b->wanted)
		return false;
	for (size_t i = 0; i < b->nwindows; i++) {
		struct window *w = &b->windows[i];

		if (w->low > w->p->answer[ASK_BEGIN] && w->found < b->wanted)
			read_window(r, b, w, (w->high - w->low) * WINDOW_GROWTH);
	}
	return b->nreading > 0;
}

static int
by_place(const void *va, const void *vb)
{
	const struct held *a = va;
	const struct held *b = vb;

	if (a->window != b->window)
		return a->window < b->window ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

static int
by_time(const void *va, const void *vb)
{
	const struct held *a = va;
	const struct held *b = vb;

	return a->ms != b->ms ? (a->ms < b->ms ? -1 : 1) : by_place(va, vb);
}

/* Sorts by time, each partition's own order kept; returns the index of the first one that is wanted. */
static size_t
choose(struct batch *b)
{
	if (b->n == 0)
		return 0;
	qsort(b->v, b->n, sizeof(*b->v), by_place);
	for (size_t i = 1; i < b->n; i++) {
		if (b->v[i].window == b->v[i - 1].window && b->v[i].ms < b->v[i - 1].ms)
			b->v[i].ms = b->v[i - 1].ms;
	}
	qsort(b->v, b->n, sizeof(*b->v), by_time);
	return b->n > b->wanted ? b->n - b->wanted : 0;
}

/* Gives the held messages out, or makes the stream begin at their places. */
static void
give_out(struct reader *r, struct batch *b, size_t first)
{
	for (size_t i = 0; i < b->nwindows; i++) {
		struct window *w = &b->windows[i];

		w->first_chosen = w->p->answer[ASK_END];
		w->p->position = w->p->first = OFFSET_UNKNOWN;
	}
	for (size_t i = first; i < b->n; i++) {
		struct held *h = &b->v[i];
		struct window *w = &b->windows[h->window];

		if (h->offset < w->first_chosen)
			w->first_chosen = h->offset;
		if (b->holding)
			reader_deliver(r, w->t, w->p, h->msg);
	}
	for (size_t i = 0; i < b->nwindows; i++) {
		struct window *w = &b->windows[i];

		w->p->position = w->p->first = b->holding ? w->p->answer[ASK_END] : w->first_chosen;
		if (w->p->position >= w->p->stop)
			reader_part_done(r, w->p);
		else if (!w->p->remembers)
			reader_remember_last(r, w->t, w->p);
	}
	reader_publish(r);
}

static void
init_batch(struct reader *r, struct batch *b)
{
	size_t cap = 0;

	*b = (struct batch){ .holding = true };
	b->wanted = r->req.stream.from_value > 0 ? (size_t)r->req.stream.from_value : 0;
	for (size_t i = 0; i < r->ntopics; i++)
		cap += r->topics[i].nparts;
	b->windows = xcalloc(cap, sizeof(*b->windows));
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts; k++) {
			struct part *p = &t->parts[k];

			if (!t->gone && !p->offline && p->answer[ASK_BEGIN] >= 0 && p->answer[ASK_END] >= 0)
				b->windows[b->nwindows++] =
					(struct window){ .t = t, .p = p, .low = p->answer[ASK_END] };
		}
	}
}

enum reader_next
reader_last(struct reader *r)
{
	enum reader_next next;
	struct batch b;
	int64_t width;

	init_batch(r, &b);
	width = b.wanted > 0 && b.nwindows > 0 ? first_width(&b) : 0;
	for (size_t i = 0; i < b.nwindows; i++)
		read_window(r, &b, &b.windows[i], width);
	do
		next = read_windows(r, &b);
	while (next == NEXT_READ && width > 0 && grow_windows(r, &b));
	if (next == NEXT_READ) {
		give_out(r, &b, choose(&b));
		r->last_pending = false;
		/* What comes from now on is read with a handle that waits for it longer. */
		if (reader_is_live(r))
			next = NEXT_OPEN;
	} else {
		for (size_t i = 0; i < b.nwindows; i++)
			reader_forget_part(b.windows[i].p);
	}
	stop_holding(&b);
	free(b.v);
	free(b.windows);
	return next;
}
