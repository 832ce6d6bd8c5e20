/*
 * reader_check: see reader_parts.h. Nothing tells a consumer that its topic was recreated, so it is noticed by what cannot
 * be in a log that only grows at its end and is trimmed at its start:
 *
 * - the fetch position is out of range, and the end lies before it;
 * - a record newer than all that were read (newest_ms) lies before the position. The leader is asked twice a second for
 *   the first offset with a newer timestamp than probe_ms, which was the newest one read at the look before. Between
 *   read_from and the position of that moment there can be none in the log that was read. (Before read_from there may be
 *   one, unread: then the answer may not go back from look to look.) A recreated topic answers its new beginning. So this
 *   sees also what end offsets cannot: as many new records as there were old ones, or more. Not seen is a topic that was
 *   filled again with records as old as those read.
 * - it has fewer partitions, or it is not there at all.
 *
 * A broker answers one connection's requests one after the other, and a live stream's fetch is one that waits. With one
 * broker that does no harm: a message that comes ends the wait, and the look is answered right after it. With several, a
 * look at one could hold up the messages of another; then a stream looks with a handle of its own, which costs as much
 * idle as the reading one.
 */
#include <stdlib.h>

#include "lookup.h"
#include "reader_parts.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define LOOK_MS         500     /* between two looks */
#define SHAPE_MS        2000    /* between two looks at the number of partitions */
#define GONE_MS         250     /* between two looks for a deleted topic */
#define DOWN_MS         1000    /* after a look that nobody answered */
#define SOON_MS         100     /* after one that was answered by somebody who does not know, or not yet */
#define LOOK_WAIT_MS    600     /* how long a look may take; the fetch before it may wait for half of that */
#define STALL_MS        1000    /* a scan looks only when nothing came for that long */

static enum reader_next
recreated(struct reader *r, struct stream_topic *t)
{
	struct err e;

	r->out_of_range = true;
	if (!r->req.stream.follow_recreation) {
		err_set(&e, ERR_FAILED, "Topic '%s' was recreated while it was read: what came before is of the old one.",
		        t->name);
		return reader_fail(r, &e);
	}
	reader_renew_topic(r, t);
	reader_note(r, true, "%s was recreated: reading on from its new beginning.", t->name);
	return NEXT_OPEN;
}

static enum reader_next
deleted(struct reader *r, struct stream_topic *t)
{
	struct err e;

	r->out_of_range = true;
	if (!r->req.stream.follow_recreation) {
		err_set(&e, ERR_NOT_FOUND, "Topic '%s' was deleted while it was read.", t->name);
		return reader_fail(r, &e);
	}
	t->gone = true;
	reader_note(r, false, "%s was deleted; waiting for it to come back.", t->name);
	return NEXT_READ;
}

/* The handle that looks. */
static struct session *
looker(struct reader *r)
{
	struct err e;

	if (!reader_is_live(r) || r->nbrokers <= 1)
		return r->session;
	if (!r->looker) {
		r->looker = session_new(&r->conn, SESSION_READER, NULL, r->inbox, &r->wake, &e);
		if (!r->looker)
			r->fatal = e;
	}
	return r->looker;
}

static rd_kafka_topic_t *
look_topic(struct reader *r, struct stream_topic *t)
{
	if (looker(r) == r->session)
		return t->rkt;
	if (!t->look_rkt)
		t->look_rkt = rd_kafka_topic_new(session_kafka(r->looker), t->name, NULL);
	return t->look_rkt;
}

void
reader_close_looker(struct reader *r)
{
	for (size_t i = 0; i < r->ntopics; i++) {
		if (r->topics[i].look_rkt)
			rd_kafka_topic_destroy(r->topics[i].look_rkt);
		r->topics[i].look_rkt = NULL;
	}
	session_free(r->looker);
	r->looker = NULL;
}

/* A look failed: told when it was not just a leader that moved, and fatal to a scan when it lasts. */
static enum reader_next
unanswered(struct reader *r, const struct err *e)
{
	if (!reader_is_live(r) && clock_ms() - r->progress_ms >= session_timeout_ms(r->session))
		return reader_fail(r, e);
	if (r->unanswered++ > 1)
		reader_trouble(r, e);
	r->check_ms = clock_ms() + (e->code == ERR_FAILED ? SOON_MS : DOWN_MS);
	return NEXT_READ;
}

/* Is it there, and with how many partitions? */
static enum reader_next
look_at_shape(struct reader *r, struct stream_topic *t)
{
	const struct rd_kafka_metadata_topic *topic = NULL;
	const struct rd_kafka_metadata *md;
	enum reader_next next = NEXT_READ;
	struct err e;

	md = lookup_metadata(looker(r), look_topic(r, t), LOOK_WAIT_MS, &e);
	if (md)
		topic = lookup_topic(md, t->name, &e);
	if (!topic && e.code != ERR_NOT_FOUND)
		next = unanswered(r, &e);
	else if (!topic)
		next = t->gone ? NEXT_READ : deleted(r, t);
	else if (t->gone || (size_t)topic->partition_cnt < t->whole)
		next = recreated(r, t);
	else if ((size_t)topic->partition_cnt > t->whole && !r->looked)
		r->check_now = true;    /* unless it is recreated, and has more for that reason */
	else if ((size_t)topic->partition_cnt > t->whole)
		reader_add_parts(r, t, (size_t)topic->partition_cnt);
	if (topic)
		reader_note_leaders(r, t, topic);
	if (md)
		rd_kafka_metadata_destroy(md);
	return next;
}

static enum reader_next
look_at_shapes(struct reader *r)
{
	enum reader_next next = NEXT_READ;

	for (size_t i = 0; i < r->ntopics && next == NEXT_READ; i++)
		next = look_at_shape(r, &r->topics[i]);
	return next;
}

/* Looks whether deleted topics came back. */
static enum reader_next
look_for_gone(struct reader *r)
{
	enum reader_next next = NEXT_READ;

	for (size_t i = 0; i < r->ntopics && next == NEXT_READ; i++) {
		if (r->topics[i].gone)
			next = look_at_shape(r, &r->topics[i]);
	}
	return next;
}

/* From now on the question is about what was read until now. */
static void
set_probe(struct part *p)
{
	if (p->newest_ms < p->probe_ms || p->read_from == OFFSET_UNKNOWN) {
		p->clear = false;
		p->bound = OFFSET_UNKNOWN;
	}
	if (p->read_from == OFFSET_UNKNOWN) {
		p->read_from = p->position;
		p->clear = p->position == p->answer[ASK_BEGIN];
	}
	p->probe_ms = p->newest_ms;
	p->probe_position = p->position;
}

/* Whether what the leader answered cannot be of the log that was read. */
static bool
shows_another_log(const struct question *q)
{
	struct part *p = q->p;
	int64_t newer = p->answer[ASK_PROBE];

	if (q->ask == ASK_END)
		return p->answer[ASK_END] < p->position;
	if (newer >= 0 && newer < (p->clear ? p->probe_position : p->bound))
		return true;
	p->clear = p->clear || newer < 0 || newer >= p->read_from;
	p->bound = newer;
	set_probe(p);
	return false;
}

/* One question of each partition that is read (lost: only of those that are lost): of a lost one where it ends, if ask is
 * ASK_END; else what ask says. The caller frees *q. */
static size_t
make_questions(struct reader *r, bool lost, enum ask ask, struct question **q)
{
	size_t cap = 0;
	size_t n = 0;

	for (size_t i = 0; i < r->ntopics; i++)
		cap += r->topics[i].nparts;
	*q = xcalloc(cap, sizeof(**q));
	for (size_t i = 0; i < r->ntopics; i++) {
		struct stream_topic *t = &r->topics[i];

		for (size_t k = 0; k < t->nparts && !t->gone; k++) {
			struct part *p = &t->parts[k];
			struct question *next = &(*q)[n];

			if (!p->started || p->position == OFFSET_UNKNOWN || p->offline || (lost && !p->lost))
				continue;
			if (p->read_from == OFFSET_UNKNOWN)
				set_probe(p);
			*next = (struct question){ t, p, p->lost ? ask : ASK_PROBE, p->probe_ms + 1 };
			if (next->ask == ASK_END)
				next->when = RD_KAFKA_OFFSET_END;
			else if (next->ask == ASK_BEGIN)
				next->when = RD_KAFKA_OFFSET_BEGINNING;
			n++;
		}
	}
	return n;
}

/* Asks, and tells whether an answer shows another log: then NEXT_OPEN. *answered: all did. */
static enum reader_next
ask_all(struct reader *r, const struct question *q, size_t n, bool *answered)
{
	struct err e;

	*answered = n == 0 || reader_ask(looker(r), q, n, LOOK_WAIT_MS, &e);
	if (!*answered) {
		r->check_ms = clock_ms() + SOON_MS;
		return e.code == ERR_NOT_FOUND ? look_at_shapes(r) : unanswered(r, &e);
	}
	for (size_t i = 0; i < n; i++) {
		if (q[i].ask != ASK_BEGIN && shows_another_log(&q[i]))
			return recreated(r, q[i].t);
	}
	return NEXT_READ;
}

/* Reads on where the partition begins now, if it was trimmed beyond the position, and says what was missed. */
static void
read_lost_on(struct reader *r, struct stream_topic *t, struct part *p)
{
	int64_t begin = p->answer[ASK_BEGIN];
	int64_t missed = begin - (p->position > p->first ? p->position : p->first);

	p->lost = false;
	r->nlost--;
	if (begin > p->position)
		p->position = begin;
	if (missed > 0)
		reader_note(r, false, "%s, partition %d: %lld messages were removed before they could be read; reading "
		            "on at offset %lld.", t->name, (int)p->id, (long long)missed, (long long)begin);
	reader_stop_part(t, p);
	if (p->position >= p->stop)
		reader_part_done(r, p);
	else
		reader_start_part(r, t, p);
}

/* Partitions whose positions their leaders do not have, and which do not end before them: recreated and filled again,
 * or trimmed at the start. */
static enum reader_next
settle_lost(struct reader *r)
{
	static const enum ask rounds[] = { ASK_PROBE, ASK_BEGIN };
	enum reader_next next = NEXT_READ;
	struct question *q = NULL;
	bool answered = true;
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rounds) && next == NEXT_READ && answered; i++) {
		free(q);
		n = make_questions(r, true, rounds[i], &q);
		next = ask_all(r, q, n, &answered);
	}
	for (size_t i = 0; i < n && next == NEXT_READ && answered; i++)
		read_lost_on(r, q[i].t, q[i].p);
	free(q);
	return next;
}

static enum reader_next
look_at_records(struct reader *r)
{
	struct question *q;
	size_t n = make_questions(r, false, ASK_END, &q);
	enum reader_next next = ask_all(r, q, n, &r->looked);

	free(q);
	if (next == NEXT_READ && r->looked) {
		r->unanswered = 0;
		reader_trouble(r, NULL);
		if (r->nlost > 0)
			next = settle_lost(r);
	}
	return next;
}

/* Only a live stream looks all the time: a scan when it waits for something. */
static bool
look_is_due(const struct reader *r, int64_t now_ms)
{
	return r->check_now ||
	       (now_ms >= r->check_ms && (reader_is_live(r) || now_ms - r->progress_ms >= STALL_MS));
}

/* One look: at the records, or every fourth time at the shapes; at both when something happened. */
static enum reader_next
look(struct reader *r, int64_t now_ms)
{
	bool all = r->check_now;
	bool shapes = all || now_ms >= r->shape_ms;
	enum reader_next next = NEXT_READ;

	r->check_now = false;
	r->looked = false;
	if (all || !shapes)
		next = look_at_records(r);
	if (next == NEXT_READ && shapes) {
		r->shape_ms = now_ms + SHAPE_MS;
		return look_at_shapes(r);
	}
	return next == NEXT_READ ? look_for_gone(r) : next;
}

enum reader_next
reader_check(struct reader *r, int64_t now_ms)
{
	enum reader_next next;
	struct err e;

	if (r->fatal.code != ERR_NONE)
		return reader_fail(r, &r->fatal);
	if (!look_is_due(r, now_ms)) {
		if (now_ms >= r->check_ms)
			r->check_ms = now_ms + LOOK_MS;
		return NEXT_READ;
	}
	if (!looker(r))
		return reader_fail(r, &r->fatal);
	/* Looking takes a while: what is there goes out before. */
	reader_publish(r);
	r->check_ms = now_ms + LOOK_MS;
	if (r->until_pending && clock_wall_ms() >= r->req.stream.until_value &&
	    !reader_resolve_until(r, looker(r), &e))
		return unanswered(r, &e);
	next = look(r, now_ms);
	for (size_t i = 0; i < r->ntopics; i++) {
		if (r->topics[i].gone && r->check_ms > now_ms + GONE_MS)
			r->check_ms = now_ms + GONE_MS;
	}
	return next;
}
