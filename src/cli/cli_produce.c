/* cli_produce: `produce`: one message, or one for each line of the standard input. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/topic_name.h"

#define IN_FLIGHT 64            /* messages that are sent before the first is confirmed */

struct produce {
	struct cli *c;
	size_t in_flight;
	int64_t done;
	bool lines;             /* from the standard input */
};

/* value NULL: null. */
static void
post_message(struct produce *p, const char *value, size_t len)
{
	const struct options *o = p->c->o;
	struct request req;

	request_init(&req, REQ_PRODUCE);
	req.produce.topic = xstrdup(o->topics.v[0]);
	req.produce.partition = o->partition;
	req.produce.key = xstrdup(o->key);
	req.produce.key_len = o->key ? strlen(o->key) : 0;
	req.produce.value = value ? xstrndup(value, len) : NULL;
	req.produce.value_len = len;
	strvec_copy(&req.produce.header_names, &o->header_names);
	strvec_copy(&req.produce.header_values, &o->header_values);
	outbox_add(&p->c->out, &req);
	cli_send(p->c);
	p->in_flight++;
}

static void
print_produced(struct produce *p, const struct reply *r)
{
	struct strbuf *out = &p->c->text;
	const char *topic = p->c->o->topics.v[0];

	if (p->c->o->json) {
		json_begin(out);
		json_name(out, "topic");
		json_text(out, topic);
		json_name(out, "partition");
		json_number(out, r->produced.partition);
		json_name(out, "offset");
		json_number(out, r->produced.offset);
		json_name(out, "timestamp");
		json_number(out, r->produced.timestamp_ms);
		json_end(out);
	} else if (!p->lines) {
		strbuf_addf(out, "Written to %s: partition %d, offset %lld.\n", topic, (int)r->produced.partition,
		            (long long)r->produced.offset);
	}
}

/* Waits until at most so many are in flight. The first failure ends it. */
static bool
wait_for_answers(struct produce *p, size_t in_flight, struct err *e)
{
	struct event ev;

	while (p->in_flight > in_flight) {
		if (!cli_next(p->c, &ev, false, e))
			return false;
		if (ev.kind == EV_REPLY && ev.reply.kind == REQ_PRODUCE) {
			p->in_flight--;
			if (ev.reply.err.code != ERR_NONE) {
				*e = ev.reply.err;
				event_fini(&ev);
				return false;
			}
			p->done++;
			print_produced(p, &ev.reply);
		}
		event_fini(&ev);
	}
	return true;
}

static bool
produce_lines(struct produce *p, struct err *e)
{
	struct err ignored;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool ok = true;

	while (ok && (n = getline(&line, &cap, stdin)) >= 0) {
		if (n > 0 && line[n - 1] == '\n')
			n--;
		post_message(p, line, (size_t)n);
		ok = wait_for_answers(p, IN_FLIGHT, e);
	}
	if (ok && ferror(stdin))
		ok = err_set(e, ERR_FAILED, "Cannot read the standard input: %s.", strerror(errno));
	free(line);
	/* What was sent before a failure is still counted. */
	return wait_for_answers(p, 0, ok ? e : &ignored) && ok;
}

int
cli_produce(struct cli *c)
{
	const struct options *o = c->o;
	struct produce p = { .c = c };
	struct err e;
	bool ok;
	int status;

	if (!topic_name_check(o->topics.v[0], &e))
		return cli_fail(c, &e);
	if (c->conn->read_only) {
		err_set(&e, ERR_REFUSED, "Read-only: topicmon does not write to '%s'.", o->topics.v[0]);
		return cli_fail(c, &e);
	}
	p.lines = !o->value && !o->null_value;
	if (p.lines) {
		ok = produce_lines(&p, &e);
	} else {
		post_message(&p, o->value, o->value ? strlen(o->value) : 0);
		ok = wait_for_answers(&p, 0, &e);
	}
	if (p.lines && !o->json && (ok || p.done))
		strbuf_addf(&c->text, "Written to %s: %lld message%s.\n", o->topics.v[0], (long long)p.done,
		            p.done == 1 ? "" : "s");
	status = cli_finish(c);
	return ok ? status : cli_fail(c, &e);
}
