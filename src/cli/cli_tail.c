/*
 * cli_tail: `tail`: messages as lines. On a terminal columns, made safe; into a pipe the bytes of the value and a
 * newline, as other programs expect them; with --json an object a line. Notes ("… was recreated") go to stderr.
 */
#include <stdlib.h>
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/filter.h"
#include "topicmon/model/topic_name.h"

#define WRITE_BYTES (256u * 1024)       /* written at once when nobody watches */

struct tail {
	struct cli *c;
	uint64_t stream;
	enum record_form form;
	bool eager;             /* somebody watches: every event is written at once */
	int64_t printed;
	int64_t matched;
	bool done;
	int status;
};

static bool
tail_flush(struct tail *tail)
{
	enum flushed result = cli_flush(&tail->c->text);

	if (result == FLUSH_DONE)
		return true;
	tail->done = true;
	tail->status = result == FLUSH_FAILED ? err_exit_status(ERR_FAILED) : 0;
	return false;
}

static void
take_segment(struct tail *tail, const struct segment *seg)
{
	struct cli *c = tail->c;
	const struct options *o = c->o;

	for (size_t i = 0; i < segment_count(seg) && !tail->done; i++) {
		struct record rec;

		segment_get(seg, i, &rec);
		if (rec.kind == RECORD_NOTE)
			continue;
		print_record(&c->text, tail->form, &rec, o->topics.v[rec.topic], o->topics.n > 1,
		             (enum time_style)c->s->time);
		if (c->text.len >= WRITE_BYTES)
			tail_flush(tail);
		if (++tail->printed == o->limit)
			tail->done = true;
	}
}

static void
take_stream(struct tail *tail, const struct stream_event *ev)
{
	if (ev->note)
		cli_remark("%s", ev->note);
	tail->matched = (int64_t)ev->meter.matched;
	if (tail->c->o->count && tail->c->o->limit && tail->matched >= tail->c->o->limit) {
		tail->matched = tail->c->o->limit;
		tail->done = true;
	}
	if (ev->state == STREAM_ENDED) {
		tail->done = true;
	} else if (ev->state == STREAM_FAILED) {
		tail_flush(tail);
		tail->status = cli_fail(tail->c, &ev->err);
		tail->done = true;
	} else if (ev->err.code != ERR_NONE && tail->c->o->follow) {
		cli_remark("%s", ev->err.text);         /* it keeps trying */
	}
}

static bool
open_stream(struct tail *tail, struct err *e)
{
	struct cli *c = tail->c;
	const struct options *o = c->o;
	struct request req;

	for (size_t i = 0; i < o->topics.n; i++) {
		if (!topic_name_check(o->topics.v[i], e))
			return false;
	}
	request_init(&req, REQ_STREAM_OPEN);
	strvec_copy(&req.stream.topics, &o->topics);
	req.stream.partition = o->partition;
	req.stream.from = o->from;
	req.stream.from_value = o->from_value;
	req.stream.until = o->until;
	req.stream.until_value = o->until_value;
	req.stream.count_only = o->count;
	req.stream.follow_recreation = o->follow;
	if (o->filter) {
		req.stream.filter = filter_compile(o->filter, NULL, e);
		if (!req.stream.filter) {
			request_fini(&req);
			return false;
		}
	}
	tail->stream = outbox_add(&c->out, &req);
	cli_send(c);
	return true;
}

static void
print_count(struct tail *tail)
{
	struct strbuf *out = &tail->c->text;

	if (tail->c->o->json) {
		json_begin(out);
		json_name(out, "count");
		json_number(out, tail->matched);
		json_end(out);
	} else {
		strbuf_addf(out, "%lld\n", (long long)tail->matched);
	}
}

/* Reads until the end, the limit, a failure, or a signal, which is how a tail that follows is ended. */
static void
read_stream(struct tail *tail)
{
	struct cli *c = tail->c;
	struct event ev;
	struct err e;

	while (!tail->done) {
		if (!cli_next(c, &ev, c->o->follow, &e)) {
			if (e.code != ERR_CANCELLED) {
				tail_flush(tail);
				tail->status = cli_fail(c, &e);
			}
			break;
		}
		if (ev.kind == EV_SEGMENT && ev.segment.stream == tail->stream)
			take_segment(tail, ev.segment.seg);
		else if (ev.kind == EV_STREAM && ev.stream.stream == tail->stream)
			take_stream(tail, &ev.stream);
		event_fini(&ev);
		if (tail->eager && !tail->done)
			tail_flush(tail);
	}
}

int
cli_tail(struct cli *c)
{
	struct tail tail = { .c = c, .eager = c->stdout_tty || c->o->follow };
	struct err e;

	tail.form = c->o->json ? FORM_JSON : c->stdout_tty ? FORM_COLUMNS : FORM_VALUE;
	if (!open_stream(&tail, &e))
		return cli_fail(c, &e);
	cli_catch_signals(c);
	read_stream(&tail);
	if (c->o->count && tail.status == 0)
		print_count(&tail);
	outbox_close_stream(&c->out, tail.stream);
	cli_send(c);
	tail_flush(&tail);
	return tail.status;
}
