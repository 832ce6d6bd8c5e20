/* op: the machine under every kind of operation, and what the outside asks of it. See topicmon/ops/op.h. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/model/json.h"
#include "topicmon/model/snapshot.h"
#include "topicmon/model/topic_name.h"

static const char *const state_names[] = { "checking", "ready", "running", "done", "failed" };
static const char *const step_names[] = { "waiting", "running", "done", "skipped", "failed" };

struct op *
op_new(const struct op_def *def, const char *topic, const struct op_settings *settings)
{
	struct op *op = xcalloc(1, sizeof(*op));

	assert(def->nsteps <= OP_MAX_STEPS);
	op->def = def;
	op->topic = xstrdup(topic);
	op->no_group_reset = settings->no_group_reset;
	op->read_only = settings->read_only;
	op->is_protected = settings->protected_globs && topic_name_matches(settings->protected_globs, topic);
	op->messages = OFFSET_UNKNOWN;
	op->backoff_ms = OP_BACKOFF_MIN_MS;
	topic_spec_init(&op->spec);
	op->spec.name = xstrdup(topic);
	for (size_t i = 0; i < def->nsteps; i++)
		op->steps[i] = (struct op_step){ .title = def->steps[i].title, .ms = -1 };
	facts_init(op);
	return op;
}

void
op_free(struct op *op)
{
	if (!op)
		return;
	op_groups_fini(op);
	topic_spec_fini(&op->spec);
	free(op->topic);
	free(op->awaited);
	free(op->facts);
	free(op->failure);
	free(op->ends);
	free(op);
}

void
op_post(struct op *op, struct outbox *out, struct request *req, int tag)
{
	if (op->nawaited == op->awaited_cap) {
		op->awaited_cap = op->awaited_cap ? op->awaited_cap * 2 : 8;
		op->awaited = xreallocarray(op->awaited, op->awaited_cap, sizeof(*op->awaited));
	}
	op->awaited[op->nawaited++] = (struct awaited){ .id = outbox_add(out, req), .tag = tag };
}

void
op_post_plain(struct op *op, struct outbox *out, enum request_kind kind, int tag)
{
	struct request req;

	request_init(&req, kind);
	op_post(op, out, &req, tag);
}

void
op_post_topic(struct op *op, struct outbox *out, enum request_kind kind, int tag)
{
	struct request req;

	request_init(&req, kind);
	req.topic.name = xstrdup(op->topic);
	op_post(op, out, &req, tag);
}

void
op_post_create(struct op *op, struct outbox *out, const struct topic_spec *spec, bool validate_only, int tag)
{
	struct request req;

	request_init(&req, REQ_TOPIC_CREATE);
	topic_spec_fini(&req.create.spec);
	topic_spec_copy(&req.create.spec, spec);
	req.create.validate_only = validate_only;
	op_post(op, out, &req, tag);
}

/* Starts the step under way, for the first time or again. */
static void
step_start(struct op *op, struct outbox *out)
{
	op->steps[op->at].state = STEP_RUNNING;
	err_clear(&op->trouble);
	op->def->steps[op->at].start(op, out);
}

static void
step_end(struct op *op, enum step_state state)
{
	struct op_step *step = &op->steps[op->at];

	step->state = state;
	step->ms = op->now_ms - op->step_began_ms;
	op->delay_id = 0;
}

/* Begins the step `at`, or ends the operation when there is none. */
static void
step_enter(struct op *op, size_t at, struct outbox *out)
{
	op->step_began_ms = op->now_ms;
	op->backoff_ms = OP_BACKOFF_MIN_MS;
	if (at == op->def->nsteps) {
		op->ended_ms = op->now_ms;
		op->state = OP_DONE;
		return;
	}
	op->at = at;
	step_start(op, out);
}

static void
step_leave(struct op *op, enum step_state state, bool awaiting, struct outbox *out)
{
	step_end(op, state);
	if (!awaiting)
		op->nawaited = 0;       /* what may still come is of no interest any more */
	if (op->at == 0 && op->def->confirmed) {
		op->state = OP_READY;
		return;
	}
	op->state = OP_RUNNING;
	step_enter(op, op->at + 1, out);
}

void
op_next(struct op *op, struct outbox *out)
{
	step_leave(op, STEP_DONE, false, out);
}

void
op_next_awaiting(struct op *op, struct outbox *out)
{
	step_leave(op, STEP_DONE, true, out);
}

void
op_skip(struct op *op, struct outbox *out)
{
	step_leave(op, STEP_SKIPPED, false, out);
}

bool
op_again(struct op *op, size_t at, struct outbox *out)
{
	if (op->now_ms - op->step_began_ms > OP_STEP_BOUND_MS)
		return false;
	if (at != op->at) {
		/* A step further back is done anew, with the time and the back-off of the one that sent us there. */
		step_end(op, STEP_WAITING);
		op->steps[op->at].ms = -1;
		op->at = at;
		op->steps[at].state = STEP_RUNNING;
	}
	op->delay_id = outbox_delay(out, op->backoff_ms);
	op->backoff_ms *= 2;
	if (op->backoff_ms > OP_BACKOFF_MAX_MS)
		op->backoff_ms = OP_BACKOFF_MAX_MS;
	return true;
}

void
op_fail(struct op *op, enum err_code code, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	if (op->state == OP_FAILED)
		return;
	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	err_set(&op->error, code, "%s", strbuf_str(&sb));
	op->failure = strbuf_detach(&sb);
	/* The check goes on filling the card. */
	if (op->at > 0) {
		step_end(op, STEP_FAILED);
		op->nawaited = 0;
	} else {
		op->steps[0].state = STEP_FAILED;
		op->steps[0].ms = op->now_ms - op->step_began_ms;
	}
	op->ended_ms = op->now_ms;
	op->state = OP_FAILED;
}

void
op_fail_err(struct op *op, const struct err *e)
{
	struct err copy = *e;   /* it may be op->trouble, or what op_fail is about to write over */

	if (op->state == OP_FAILED)
		return;
	op_fail(op, copy.code, "%s", copy.text);
	op->error.kafka = copy.kafka;
	op->error.retriable = copy.retriable;
}

void
op_fail_harmless(struct op *op, const struct err *e)
{
	struct strbuf sb = STRBUF_INIT;

	add_sentence(&sb, e->text);
	add_sentence(&sb, "Nothing was done.");
	op_fail(op, e->code, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
}

void
op_detail(struct op *op, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	text_set(op->steps[op->at].detail, sizeof(op->steps[op->at].detail), "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
}

bool
err_is_transient(const struct err *e)
{
	return e->retriable || e->code == ERR_UNREACHABLE || e->code == ERR_TIMEOUT;
}

void
op_start(struct op *op, struct outbox *out, int64_t now_ms)
{
	struct err e;

	op->now_ms = op->started_ms = op->confirmed_ms = op->step_began_ms = now_ms;
	if (op->read_only) {
		op_fail(op, ERR_REFUSED, "Read-only: topicmon does not %s '%s'.", op->def->verb, op->topic);
		return;
	}
	if (!topic_name_check(op->topic, &e)) {
		op_fail_err(op, &e);
		return;
	}
	if (op->def->kind != OP_CREATE && topic_name_is_internal(op->topic)) {
		op_fail(op, ERR_REFUSED, "Topic '%s' is Kafka's own: topicmon does not %s it.", op->topic,
		        op->def->verb);
		return;
	}
	step_enter(op, 0, out);
}

/* Takes the awaited answer with this id off the list. */
static bool
awaited_take(struct op *op, uint64_t id, int *tag)
{
	for (size_t i = 0; i < op->nawaited; i++) {
		if (op->awaited[i].id == id) {
			*tag = op->awaited[i].tag;
			op->awaited[i] = op->awaited[--op->nawaited];
			return true;
		}
	}
	return false;
}

bool
op_update(struct op *op, const struct event *ev, struct outbox *out, int64_t now_ms)
{
	size_t at = op->at;
	int tag;

	if (ev->kind != EV_REPLY)
		return false;
	if (op->delay_id && ev->reply.id == op->delay_id) {
		op->now_ms = now_ms;
		op->delay_id = 0;
		step_start(op, out);
		return true;
	}
	if (!awaited_take(op, ev->reply.id, &tag))
		return false;
	op->now_ms = now_ms;
	op->def->steps[at].reply(op, &ev->reply, tag, out);
	if (op->nawaited == 0 && op->at == at && op->delay_id == 0 && op->def->steps[at].settle &&
	    (op->state == OP_CHECKING || op->state == OP_RUNNING))
		op->def->steps[at].settle(op, out);
	return true;
}

void
op_confirm(struct op *op, struct outbox *out, int64_t now_ms)
{
	if (op->state != OP_READY)
		return;
	op->now_ms = op->confirmed_ms = now_ms;
	op->state = OP_RUNNING;
	step_enter(op, 1, out);
}

enum op_kind
op_kind(const struct op *op)
{
	return op->def->kind;
}

enum op_state
op_state(const struct op *op)
{
	return op->state;
}

const char *
op_topic(const struct op *op)
{
	return op->topic;
}

const char *
op_confirm_name(const struct op *op)
{
	bool many = op->messages == OFFSET_UNKNOWN || op->messages > OP_BIG_TOPIC;

	if (op->def->kind == OP_CREATE)
		return NULL;
	if (op->def->kind == OP_DELETE || op->is_protected || (op->spec.replication > 1 && many))
		return op->topic;
	return NULL;
}

size_t
op_nfacts(const struct op *op)
{
	return op->nfacts;
}

const struct op_fact *
op_fact(const struct op *op, size_t i)
{
	assert(i < op->nfacts);
	return &op->facts[i].fact;
}

size_t
op_nsteps(const struct op *op)
{
	return op->def->nsteps;
}

const struct op_step *
op_step(const struct op *op, size_t i)
{
	assert(i < op->def->nsteps);
	return &op->steps[i];
}

const struct err *
op_error(const struct op *op)
{
	return &op->error;
}

void
op_sentence(const struct op *op, struct strbuf *out)
{
	if (op->state == OP_FAILED) {
		strbuf_adds(out, op->failure);
	} else if (op->state == OP_DONE) {
		op->def->done_sentence(op, out);
	} else {
		strbuf_addf(out, "Topic '%s': %s is %s: %s.", op->topic, op->def->verb, state_names[op->state],
		            op->steps[op->at].title);
	}
}

/* A JSON string of any bytes: details may hold the names of groups, which may be anything. */
static void
add_json_text(struct strbuf *out, const char *text)
{
	struct strbuf safe = STRBUF_INIT;

	if (!json_quote(out, text, strlen(text))) {
		sanitize(&safe, text, strlen(text));
		json_quote(out, safe.buf, safe.len);
	}
	strbuf_fini(&safe);
}

static void
add_json_steps(const struct op *op, struct strbuf *out)
{
	for (size_t i = 0; i < op->def->nsteps; i++) {
		const struct op_step *step = &op->steps[i];

		strbuf_adds(out, i ? ",{\"step\":" : "{\"step\":");
		add_json_text(out, step->title);
		strbuf_addf(out, ",\"state\":\"%s\",\"ms\":", step_names[step->state]);
		if (step->ms >= 0)
			strbuf_addf(out, "%lld", (long long)step->ms);
		else
			strbuf_adds(out, "null");
		strbuf_adds(out, ",\"detail\":");
		if (step->detail[0])
			add_json_text(out, step->detail);
		else
			strbuf_adds(out, "null");
		strbuf_addch(out, '}');
	}
}

void
op_json(const struct op *op, struct strbuf *out)
{
	bool ended = op->state == OP_DONE || op->state == OP_FAILED;

	strbuf_addf(out, "{\"kind\":\"%s\",\"topic\":", op->def->verb);
	add_json_text(out, op->topic);
	strbuf_addf(out, ",\"result\":\"%s\",\"ms\":", state_names[op->state]);
	if (ended)
		strbuf_addf(out, "%lld", (long long)(op->ended_ms - op->confirmed_ms));
	else
		strbuf_adds(out, "null");
	strbuf_adds(out, ",\"messages\":");
	if (op->messages != OFFSET_UNKNOWN && op->def->kind != OP_CREATE)
		strbuf_addf(out, "%lld", (long long)op->messages);
	else
		strbuf_adds(out, "null");
	strbuf_adds(out, ",\"steps\":[");
	add_json_steps(op, out);
	strbuf_adds(out, "],\"error\":");
	if (op->state == OP_FAILED)
		add_json_text(out, op->failure);
	else
		strbuf_adds(out, "null");
	strbuf_addch(out, '}');
}
