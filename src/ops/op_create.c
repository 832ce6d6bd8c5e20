/* op_create: ask the brokers whether they would, create, wait until each knows it, read it back. */
#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/snapshot.h"
#include "topicmon/model/topic_name.h"

/* ---- check: what can be said without a broker, then a create that only validates ---- */

static bool
spec_check(struct op *op)
{
	const struct topic_spec *spec = &op->spec;
	struct strbuf text = STRBUF_INIT;
	struct err e;
	bool ok = true;

	if (spec->partitions == 0 || spec->partitions < -1)
		op_fail(op, ERR_USAGE, "Topic '%s': partitions must be 1 or more, not %d.", op->topic,
		        (int)spec->partitions);
	if (spec->replication == 0 || spec->replication < -1 || spec->replication > INT16_MAX)
		op_fail(op, ERR_USAGE, "Topic '%s': replication must be 1 or more, not %d.", op->topic,
		        (int)spec->replication);
	for (size_t i = 0; i < spec->config_names.n && ok; i++) {
		strbuf_reset(&text);
		strbuf_addf(&text, "%s=%s", spec->config_names.v[i], spec->config_values.v[i]);
		ok = topic_config_check(strbuf_str(&text), &e);
		if (!ok)
			op_fail_err(op, &e);
	}
	strbuf_fini(&text);
	return op->state != OP_FAILED;
}

static void
check_start(struct op *op, struct outbox *out)
{
	if (spec_check(op))
		op_post_create(op, out, &op->spec, true, 0);
}

static void
check_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->err.code == ERR_NONE)
		op_next(op, out);
	else
		op_fail_err(op, &r->err);
}

/* ---- create ---- */

static void
create_start(struct op *op, struct outbox *out)
{
	op_post_create(op, out, &op->spec, false, 0);
}

static void
create_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->err.code == ERR_NONE) {
		op_next(op, out);
	} else if (r->err.code == ERR_EXISTS && op->late.code != ERR_NONE) {
		/* The create that was not answered was done: reading it back says whether it is ours. */
		op_detail(op, "the answer to the first attempt got lost");
		op_next(op, out);
	} else if (err_is_transient(&r->err)) {
		op->late = r->err;
		if (!op_again(op, op->at, out))
			op_fail(op, r->err.code, "Topic '%s': the create was sent, but no broker said that it is done; "
			        "see whether it is there: topicmon describe %s", op->topic, op->topic);
	} else {
		op_fail_err(op, &r->err);
	}
}

/* ---- evidence: every broker knows it and each partition has a leader ---- */

enum evidence_tag { TAG_EVIDENCE, TAG_MAY_READ };

static void
evidence_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_EVIDENCE, TAG_EVIDENCE);
}

static void
evidence_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	bool answered = tag == TAG_EVIDENCE && r->err.code == ERR_NONE;

	if (r->err.code == ERR_DENIED) {
		op_detail(op, "not authorised to ask each broker");
		op_skip(op, out);
	} else if (answered && evidence_complete(r, op->spec.partitions)) {
		op_detail(op, "%d broker%s", (int)r->evidence.brokers, r->evidence.brokers == 1 ? "" : "s");
		op_next(op, out);
	} else if (answered && r->evidence.brokers_known == 0) {
		/* None knows it yet, or none may tell us: reading it tells which. */
		evidence_missing(r, &op->trouble);
		op_post_topic(op, out, REQ_TOPIC_READ, TAG_MAY_READ);
	} else {
		if (tag == TAG_EVIDENCE)
			evidence_missing(r, &op->trouble);
		if (!op_again(op, op->at, out))
			op_fail(op, ERR_FAILED, "Topic '%s' was created, but it is not ready: %s", op->topic,
			        op->trouble.text);
	}
}

/* ---- verify: read it back ---- */

static void
verify_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_READ, 0);
}

static void
verify_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	struct strbuf why = STRBUF_INIT;

	(void)tag;
	if (r->err.code == ERR_DENIED) {
		op_detail(op, "not authorised to read it back");
		op_skip(op, out);
	} else if (r->err.code != ERR_NONE) {
		if (!op_again(op, op->at, out))
			op_fail(op, r->err.code, "Topic '%s' was created, but cannot be read back: %s", op->topic,
			        r->err.text);
	} else if (shape_matches(&op->spec, &r->shape.spec, &why)) {
		op->spec.partitions = r->shape.spec.partitions;
		op->spec.replication = r->shape.spec.replication;
		op_next(op, out);
	} else {
		op_fail(op, ERR_FAILED, "Topic '%s' is there, but not as asked: %s.", op->topic, strbuf_str(&why));
	}
	strbuf_fini(&why);
}

static void
done_sentence(const struct op *op, struct strbuf *out)
{
	strbuf_addf(out, "Created %s: ", op->topic);
	if (op->spec.partitions > 0) {
		add_count(out, op->spec.partitions, "partition");
		strbuf_addf(out, ", replication %d", (int)op->spec.replication);
	} else {
		strbuf_adds(out, "partitions and replication by the brokers' defaults");
	}
	if (op->spec.config_names.n) {
		strbuf_adds(out, ", ");
		add_count(out, (int64_t)op->spec.config_names.n, "config");
	}
	strbuf_addf(out, " (%lld ms).", (long long)(op->ended_ms - op->confirmed_ms));
}

static const struct step_def create_steps[] = {
	{ "check",                 check_start,    check_reply,    NULL },
	{ "create",                create_start,   create_reply,   NULL },
	{ "wait for every broker", evidence_start, evidence_reply, NULL },
	{ "verify",                verify_start,   verify_reply,   NULL },
};

const struct op_def op_create_def = {
	.kind = OP_CREATE,
	.verb = "create",
	.steps = create_steps, .nsteps = ARRAY_LEN(create_steps),
	.done_sentence = done_sentence,
};

struct op *
op_new_create(const struct topic_spec *spec, const struct op_settings *settings)
{
	struct op *op = op_new(&op_create_def, spec->name, settings);

	topic_spec_fini(&op->spec);
	topic_spec_copy(&op->spec, spec);
	return op;
}
