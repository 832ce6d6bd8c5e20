/* op_delete: what is on it and who uses it, delete, see that it is gone. */
#include <stdlib.h>

#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/snapshot.h"

/* How long a topic that is still shown may be one that is only going away. After that it is back. */
#define GONE_BOUND_MS 2500

/* ---- check ---- */

static void
check_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_READ, 0);
	op_post_topic(op, out, REQ_TOPIC_OFFSETS, 0);
	op_post_topic(op, out, REQ_TOPIC_GROUPS, 0);
	op_post_plain(op, out, REQ_BROKER_CONFIG, 0);
}

static void
check_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	(void)out;
	switch (r->kind) {
	case REQ_TOPIC_READ:
		/* What it looks like is nice to know; only that it is not there ends a delete. */
		if (!take_shape(op, r) && r->err.code != ERR_DENIED && r->err.code != ERR_FAILED)
			op_fail_err(op, &r->err);
		break;
	case REQ_TOPIC_OFFSETS:
		take_offsets(op, r);
		break;
	case REQ_TOPIC_GROUPS:
		take_groups(op, r);
		break;
	default:
		take_broker(op, r);
		break;
	}
}

/* ---- delete ---- */

static void
delete_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_DELETE, 0);
}

static void
delete_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->err.code == ERR_NONE) {
		op_next(op, out);
	} else if (r->err.code == ERR_NOT_FOUND) {
		op_detail(op, "it was gone already");
		op_next(op, out);
	} else if (!err_is_transient(&r->err)) {
		op_fail_err(op, &r->err);
	} else if (!op_again(op, op->at, out)) {
		op_fail(op, r->err.code, "Topic '%s': the delete was sent, but no broker said that it is done: %s",
		        op->topic, r->err.text);
	}
}

/* ---- verify: it is gone, and stays away ---- */

static void
verify_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_READ, 0);
}

static void
still_there(struct op *op, struct outbox *out)
{
	if (op->now_ms - op->step_began_ms < GONE_BOUND_MS && op_again(op, op->at, out))
		return;
	if (op->auto_create == TRI_NO)
		op_fail(op, ERR_FAILED, "Topic '%s': the brokers took the delete, but still show it. Look again in a "
		        "moment.", op->topic);
	else
		op_fail(op, ERR_FAILED, "Topic '%s' was deleted with its messages, but it is back: a client that uses "
		        "it made a broker create it again (auto.create.topics.enable). Stop that client and delete it "
		        "again.", op->topic);
}

static void
verify_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->err.code == ERR_NOT_FOUND) {
		op_next(op, out);
	} else if (r->err.code == ERR_NONE) {
		still_there(op, out);
	} else if (r->err.code == ERR_DENIED) {
		op_detail(op, "not authorised to look");
		op_skip(op, out);
	} else if (!op_again(op, op->at, out)) {
		op_fail(op, r->err.code, "Topic '%s': the brokers took the delete; whether it is gone is not known: %s",
		        op->topic, r->err.text);
	}
}

static void
done_sentence(const struct op *op, struct strbuf *out)
{
	strbuf_adds(out, "Deleted ");
	add_messages_gone(out, op);
	strbuf_addf(out, " (%lld ms).", (long long)(op->ended_ms - op->confirmed_ms));
}

static const enum fact_id delete_facts[] = {
	FACT_MESSAGES, FACT_PARTITIONS, FACT_REPLICATION, FACT_CONFIGS, FACT_POLICY, FACT_DELETABLE, FACT_AUTO_CREATE,
	FACT_GROUPS, FACT_LIVE,
};

static const struct step_def delete_steps[] = {
	{ "check",  check_start,  check_reply,  op_next },
	{ "delete", delete_start, delete_reply, NULL },
	{ "verify", verify_start, verify_reply, NULL },
};

const struct op_def op_delete_def = {
	.kind = OP_DELETE,
	.verb = "delete",
	.confirmed = true,
	.steps = delete_steps, .nsteps = ARRAY_LEN(delete_steps),
	.facts = delete_facts, .nfacts = ARRAY_LEN(delete_facts),
	.done_sentence = done_sentence,
};

struct op *
op_new_delete(const char *topic, const struct op_settings *settings)
{
	return op_new(&op_delete_def, topic, settings);
}
