/* reader_open: see reader_parts.h. The handle, the topics, and where each partition begins and stops. */
#include <poll.h>
#include <stdlib.h>

#include "lookup.h"
#include "reader_parts.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define RETRY_MS        100
#define FIRST_WAIT_MS   500     /* of a request; doubled while nothing answers, so that a stop is noticed soon */
#define SETTLED_MS      2000    /* what was just asked is asked again only then */
#define PARK_MS         1000    /* longer than a fetch waits */
#define DRAIN_MS        20
#define COMES_UP_MS     1000    /* how long a topic that was just created may be unknown to a broker */

/* A queue of 16 MB a partition bounds what a slow screen leaves in memory; scans are as fast as the library, which stalls
 * when a queue runs full. Where fetch.queue.backoff.ms is unknown, session_new leaves it out. */
static const char *const live_settings[] = {
	"fetch.wait.max.ms", "250", "fetch.error.backoff.ms", "100", "queued.min.messages", "100000",
	"queued.max.messages.kbytes", "16384", "fetch.max.bytes", "8388608", NULL
};
static const char *const quick_settings[] = {
	"fetch.wait.max.ms", "10", "fetch.error.backoff.ms", "100", "queued.min.messages", "1000000",
	"queued.max.messages.kbytes", "65536", "fetch.message.max.bytes", "4194304", NULL
};

/* A library handle with what was made of it. */
struct handle {
	struct session *session;
	rd_kafka_queue_t *queue;
	rd_kafka_topic_t **rkts;
	size_t nrkts;
};

/* Attempts of one step of the opening. */
struct patience {
	int64_t since_ms;
	int wait_ms;            /* of the next request */
};

/* After a failed attempt: NEXT_READ to try again, else it is over. */
static enum reader_next
try_again(struct reader *r, struct patience *patience, const struct err *e)
{
	int timeout_ms = session_timeout_ms(r->session);
	int64_t spent_ms = clock_ms() - patience->since_ms;

	if (reader_stopped(r))
		return NEXT_OVER;
	if (e->code == ERR_NOT_FOUND && reader_is_live(r) && spent_ms < COMES_UP_MS) {
		reader_pause(r, RETRY_MS);
		return NEXT_READ;
	}
	if (!e->retriable || (!reader_is_live(r) && spent_ms >= timeout_ms))
		return reader_fail(r, e);
	reader_trouble(r, e);
	if (patience->wait_ms < timeout_ms)
		patience->wait_ms *= 2;
	reader_pause(r, RETRY_MS);
	return NEXT_READ;
}

void
reader_forget_part(struct part *p)
{
	p->position = p->first = p->read_from = OFFSET_UNKNOWN;
	for (int i = 0; i < ASK_COUNT; i++)
		p->answer[i] = OFFSET_UNKNOWN;
}

static void
init_part(struct part *p, int32_t id)
{
	*p = (struct part){ .id = id, .stop = STOP_NEVER, .newest_ms = clock_wall_ms() };
	reader_forget_part(p);
}

void
reader_add_parts(struct reader *r, struct stream_topic *t, size_t n)
{
	t->whole = n;
	if (r->req.stream.partition >= 0)
		return;
	t->parts = xreallocarray(t->parts, n, sizeof(*t->parts));
	while (t->nparts < n) {
		struct part *p = &t->parts[t->nparts];

		init_part(p, (int32_t)t->nparts++);
		p->position = p->first = 0;
		r->undone++;
		reader_start_part(r, t, p);
	}
}

void
reader_renew_topic(struct reader *r, struct stream_topic *t)
{
	for (size_t i = 0; i < t->nparts; i++) {
		r->undone -= t->parts[i].done ? 0 : 1;
		r->nlost -= t->parts[i].lost ? 1 : 0;
	}
	free(t->parts);
	t->parts = NULL;
	t->nparts = t->whole = 0;
	t->gone = false;
	t->renewed = true;
}

/* The read partition of that id; NULL: not read. */
static struct part *
part_of(const struct reader *r, struct stream_topic *t, int32_t id)
{
	size_t k = r->req.stream.partition >= 0 ? 0 : (size_t)id;

	return id >= 0 && k < t->nparts && t->parts[k].id == id ? &t->parts[k] : NULL;
}

void
reader_note_leaders(struct reader *r, struct stream_topic *t, const struct rd_kafka_metadata_topic *topic)
{
	for (int i = 0; i < topic->partition_cnt; i++) {
		struct part *p = part_of(r, t, topic->partitions[i].id);

		if (p)
			p->offline = topic->partitions[i].leader < 0;
	}
}

bool
reader_find(struct reader *r, const rd_kafka_message_t *msg, struct stream_topic **t, struct part **p)
{
	if (!msg->rkt)
		return false;
	*t = rd_kafka_topic_opaque(msg->rkt);
	*p = part_of(r, *t, msg->partition);
	return *p != NULL && !(*t)->gone;
}

/* The partitions of a topic that is opened for the first time, or renewed. */
static bool
learn_parts(struct reader *r, struct stream_topic *t, const struct rd_kafka_metadata_topic *topic, struct err *e)
{
	int32_t only = r->req.stream.partition;
	size_t n = (size_t)topic->partition_cnt;

	if (only >= topic->partition_cnt)
		return err_set(e, ERR_NOT_FOUND, "Topic '%s' has no partition %d: it has %d, counted from 0.", t->name,
		               (int)only, topic->partition_cnt);
	if (t->nparts == 0) {
		t->nparts = only >= 0 ? 1 : n;
		t->parts = xcalloc(t->nparts, sizeof(*t->parts));
		for (size_t i = 0; i < t->nparts; i++)
			init_part(&t->parts[i], only >= 0 ? only : (int32_t)i);
		r->undone += t->nparts;
	}
	t->whole = n;
	reader_note_leaders(r, t, topic);
	for (size_t i = 0; i < t->nparts; i++) {
		if (t->parts[i].offline && !reader_is_live(r))
			return session_err(e, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, NULL, "Topic '%s', partition %d",
			                   t->name, (int)t->parts[i].id);
	}
	return true;
}

static enum reader_next
learn_topic(struct reader *r, struct stream_topic *t)
{
	struct patience patience = { clock_ms(), FIRST_WAIT_MS };
	enum reader_next next = NEXT_READ;

	while (next == NEXT_READ) {
		const struct rd_kafka_metadata_topic *topic;
		const struct rd_kafka_metadata *md;
		bool ok = false;
		struct err e;

		md = lookup_metadata(r->session, t->rkt, patience.wait_ms, &e);
		if (md) {
			r->nbrokers = md->broker_cnt;
			topic = lookup_topic(md, t->name, &e);
			ok = topic && learn_parts(r, t, topic, &e);
			rd_kafka_metadata_destroy(md);
		}
		if (ok)
			return NEXT_READ;
		if (e.code == ERR_NOT_FOUND && (t->whole > 0 || t->renewed)) {
			/* It was there before: reader_check waits for it. */
			t->gone = true;
			return NEXT_READ;
		}
		session_denied(&e, t->name, "read it");
		next = try_again(r, &patience, &e);
	}
	return next;
}

bool
reader_ask(struct session *s, const struct question *q, size_t n, int timeout_ms, struct err *e)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)n);
	bool ok;

	for (size_t i = 0; i < n; i++)
		rd_kafka_topic_partition_list_add(list, q[i].t->name, q[i].p->id)->offset = q[i].when;
	ok = lookup_offsets(s, list, timeout_ms, e);
	for (size_t i = 0; ok && i < n; i++)
		q[i].p->answer[q[i].ask] = list->elems[i].offset;
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}

static bool
begins_first(const struct reader *r, const struct stream_topic *t)
{
	return t->renewed || r->req.stream.from == FROM_BEGINNING;
}

/* Whether a partition's place needs that answer. */
static bool
wants(const struct reader *r, const struct stream_topic *t, const struct part *p, enum ask ask)
{
	const struct stream_spec *spec = &r->req.stream;

	if (p->offline || p->position != OFFSET_UNKNOWN || p->answer[ask] != OFFSET_UNKNOWN)
		return false;
	switch (ask) {
	case ASK_BEGIN:
		return begins_first(r, t) || spec->from == FROM_LAST || spec->from == FROM_OFFSET;
	case ASK_END:
		return !begins_first(r, t) || spec->until != UNTIL_NEVER;
	case ASK_FROM:
		return !t->renewed && spec->from == FROM_TIME;
	case ASK_UNTIL:
		return spec->until == UNTIL_TIME;
	default:
		return false;
	}
}

static int64_t
when_of(const struct reader *r, enum ask ask)
{
	switch (ask) {
	case ASK_BEGIN:
		return RD_KAFKA_OFFSET_BEGINNING;
	case ASK_END:
		return RD_KAFKA_OFFSET_END;
	case ASK_FROM:
		return r->req.stream.from_value;
	default:
		return r->req.stream.until_value;
	}
}

/* Asks one kind of offset of all partitions that want it. */
static enum reader_next
ask_all(struct reader *r, enum ask ask)
{
	struct patience patience = { clock_ms(), FIRST_WAIT_MS };
	enum reader_next next = NEXT_READ;
	struct question *q = NULL;
	size_t n = 0;
	size_t cap = 0;
	struct err e;

	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts && !t->gone; k++) {
			if (!wants(r, t, &t->parts[k], ask))
				continue;
			if (n == cap) {
				cap = cap ? cap * 2 : t->nparts;
				q = xreallocarray(q, cap, sizeof(*q));
			}
			q[n++] = (struct question){ t, &t->parts[k], ask, when_of(r, ask) };
		}
	}
	while (next == NEXT_READ && n > 0 && !reader_ask(r->session, q, n, patience.wait_ms, &e))
		next = try_again(r, &patience, &e);
	free(q);
	return next;
}

static void
place_stop(struct reader *r, struct part *p)
{
	const struct stream_spec *spec = &r->req.stream;
	int64_t end = p->answer[ASK_END];

	switch (spec->until) {
	case UNTIL_NEVER:
		return;
	case UNTIL_END:
		p->stop = end;
		break;
	case UNTIL_OFFSET:
		p->stop = !spec->follow_recreation && end < spec->until_value ? end : spec->until_value;
		break;
	case UNTIL_TIME:
		if (p->answer[ASK_UNTIL] >= 0)
			p->stop = p->answer[ASK_UNTIL];
		else if (spec->follow_recreation && spec->until_value > clock_wall_ms())
			r->until_pending = true;
		else
			p->stop = end;
		break;
	}
}

void
reader_remember_last(struct reader *r, struct stream_topic *t, struct part *p)
{
	if (r->req.stream.follow_recreation && !t->renewed && p->first == p->answer[ASK_END] && p->first > 0)
		p->position = p->first - 1;
}

/* The answers made into a place to begin and one to stop. */
static bool
place(struct reader *r, struct stream_topic *t, struct part *p, struct err *e)
{
	const struct stream_spec *spec = &r->req.stream;
	int64_t begin = p->answer[ASK_BEGIN];
	int64_t end = p->answer[ASK_END];

	if (begins_first(r, t)) {
		p->first = begin;
	} else if (spec->from == FROM_TIME) {
		p->first = p->answer[ASK_FROM] >= 0 ? p->answer[ASK_FROM] : end;
	} else if (spec->from == FROM_OFFSET) {
		if (spec->from_value > end)
			return err_set(e, ERR_FAILED, "Topic '%s', partition %d ends at offset %lld: there is no offset "
			               "%lld yet.", t->name, (int)p->id, (long long)end, (long long)spec->from_value);
		p->first = spec->from_value < begin ? begin : spec->from_value;
	} else {
		p->first = end;
	}
	p->position = p->first;
	place_stop(r, p);
	if (r->last_pending)
		return true;
	if (p->first >= p->stop)
		reader_part_done(r, p);
	else if (spec->from == FROM_END)
		reader_remember_last(r, t, p);
	return true;
}

/* Makes every position known. */
static enum reader_next
resolve(struct reader *r)
{
	struct err e;

	for (enum ask ask = ASK_BEGIN; ask <= ASK_UNTIL; ask++) {
		enum reader_next next = ask_all(r, ask);

		if (next != NEXT_READ)
			return next;
	}
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts && !t->gone; k++) {
			struct part *p = &t->parts[k];

			if (p->position == OFFSET_UNKNOWN && !p->offline && !place(r, t, p, &e))
				return reader_fail(r, &e);
		}
	}
	return NEXT_READ;
}

bool
reader_resolve_until(struct reader *r, struct session *s, struct err *e)
{
	int timeout_ms = session_timeout_ms(s);

	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts; k++) {
			struct part *p = &t->parts[k];
			struct question q = { t, p, ASK_UNTIL, r->req.stream.until_value };

			if (t->gone || p->stop != STOP_NEVER)
				continue;
			if (!reader_ask(s, &q, 1, timeout_ms, e))
				return false;
			if (p->answer[ASK_UNTIL] < 0) {
				q.ask = ASK_END;
				q.when = RD_KAFKA_OFFSET_END;
				if (!reader_ask(s, &q, 1, timeout_ms, e))
					return false;
			}
			p->stop = p->answer[q.ask];
			if (p->position >= p->stop)
				reader_part_done(r, p);
		}
	}
	r->until_pending = false;
	return true;
}

/* The legacy topic settings are the simple consumer's: nothing is committed, and the reset is decided by us. */
static rd_kafka_topic_t *
new_topic(struct reader *r, struct stream_topic *t)
{
	rd_kafka_topic_conf_t *conf = rd_kafka_default_topic_conf_dup(session_kafka(r->session));
	char why[128];

	rd_kafka_topic_conf_set(conf, "auto.commit.enable", "false", why, sizeof(why));
	rd_kafka_topic_conf_set(conf, "auto.offset.reset", "error", why, sizeof(why));
	rd_kafka_topic_conf_set_opaque(conf, t);
	return rd_kafka_topic_new(session_kafka(r->session), t->name, conf);
}

enum reader_next
reader_open(struct reader *r, bool quick)
{
	enum reader_next next;
	struct err e;

	r->session = session_new(&r->conn, SESSION_READER, quick ? quick_settings : live_settings, r->inbox, &r->wake, &e);
	if (!r->session)
		return reader_fail(r, &e);
	r->queue = rd_kafka_queue_new(session_kafka(r->session));
	rd_kafka_queue_io_event_enable(r->queue, r->wake.write_fd, "k", 1);
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		t->rkt = new_topic(r, t);
		if (!t->rkt) {
			session_err(&e, rd_kafka_last_error(), NULL, "Topic '%s'", t->name);
			return reader_fail(r, &e);
		}
		next = learn_topic(r, t);
		if (next != NEXT_READ)
			return next;
	}
	next = resolve(r);
	r->progress_ms = clock_ms();
	r->check_ms = r->progress_ms + RETRY_MS;
	r->shape_ms = r->progress_ms + SETTLED_MS;
	if (next == NEXT_READ)
		err_clear(&r->trouble);
	return next;
}

/* Where the library begins to read; only a partition without a leader has no position yet. */
static int64_t
start_offset(const struct reader *r, const struct stream_topic *t, const struct part *p)
{
	if (p->position != OFFSET_UNKNOWN)
		return p->position;
	if (begins_first(r, t))
		return RD_KAFKA_OFFSET_BEGINNING;
	return r->req.stream.from == FROM_OFFSET ? r->req.stream.from_value : RD_KAFKA_OFFSET_END;
}

void
reader_start_part(struct reader *r, struct stream_topic *t, struct part *p)
{
	p->started = rd_kafka_consume_start_queue(t->rkt, p->id, start_offset(r, t, p), r->queue) == 0;
	if (!p->started)
		session_err(&r->fatal, rd_kafka_last_error(), NULL, "Topic '%s', partition %d", t->name, (int)p->id);
}

void
reader_stop_part(struct stream_topic *t, struct part *p)
{
	if (p->started)
		rd_kafka_consume_stop(t->rkt, p->id);
	p->started = false;
}

void
reader_start_parts(struct reader *r)
{
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts && !t->gone; k++) {
			if (!t->parts[k].done)
				reader_start_part(r, t, &t->parts[k]);
		}
	}
}

static void
destroy_handle(struct handle *h)
{
	for (size_t i = 0; i < h->nrkts; i++)
		rd_kafka_topic_destroy(h->rkts[i]);
	free(h->rkts);
	rd_kafka_queue_destroy(h->queue);
	session_free(h->session);
	free(h);
}

static void
drain_handle(struct handle *h)
{
	rd_kafka_message_t *msgs[READER_BATCH];
	ssize_t n = rd_kafka_consume_batch_queue(h->queue, 0, msgs, READER_BATCH);

	for (ssize_t i = 0; i < n; i++)
		rd_kafka_message_destroy(msgs[i]);
	session_serve(h->session);
}

void
reader_unpark(struct reader *r, bool wait)
{
	int64_t left_ms;

	if (!r->parked)
		return;
	do {
		drain_handle(r->parked);
		left_ms = r->parked_until_ms - clock_ms();
		if (left_ms > 0 && wait)
			poll(NULL, 0, left_ms < DRAIN_MS ? (int)left_ms : DRAIN_MS);
	} while (left_ms > 0 && wait);
	if (left_ms > 0)
		return;
	destroy_handle(r->parked);
	r->parked = NULL;
}

static struct handle *
take_handle(struct reader *r)
{
	struct handle *h = xcalloc(1, sizeof(*h));

	h->session = r->session;
	h->queue = r->queue;
	h->rkts = xcalloc(r->ntopics, sizeof(*h->rkts));
	for (size_t i = 0; i < r->ntopics; i++) {
		if (r->topics[i].rkt)
			h->rkts[h->nrkts++] = r->topics[i].rkt;
		r->topics[i].rkt = NULL;
		for (size_t k = 0; k < r->topics[i].nparts; k++)
			r->topics[i].parts[k].started = false;
	}
	r->session = NULL;
	r->queue = NULL;
	return h;
}

/*
 * Two ways of librdkafka 2.0.2 to lock itself out while a handle is destroyed are kept away from:
 * - An answer "offset out of range" that comes just then: the reset that it puts on a queue is dropped there, and dropping
 *   it resets again. So a handle with a fetch that can end so is parked until that fetch is over.
 * - Messages of a partition that was stopped and then vanished from the metadata hold it for ever. So partitions are not
 *   stopped before; destroying the handle does that as well.
 */
void
reader_close(struct reader *r)
{
	struct handle *h;

	if (!r->session)
		return;
	h = take_handle(r);
	if (r->out_of_range) {
		reader_unpark(r, true);
		r->parked = h;
		r->parked_until_ms = clock_ms() + PARK_MS;
	} else {
		destroy_handle(h);
	}
	r->out_of_range = false;
}
