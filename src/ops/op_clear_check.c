/* op_clear_check: what is found out before a clear is confirmed; a topic that might not come back is not deleted. */
#include <stdlib.h>
#include <unistd.h>

#include "op_private.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define PROBE_NAME_BYTES 200    /* of the topic's name in the throwaway one, which may have 249 */

enum check_tag { TAG_FACT, TAG_MAY_CREATE, TAG_PROBE };

/* Everything is asked for at once; only the probe needs the shape first. */
void
clear_check_start(struct op *op, struct outbox *out)
{
	struct topic_spec bare;

	op_post_topic(op, out, REQ_TOPIC_READ, TAG_FACT);
	/* Authorisation is checked before existence: "exists" means that we may create it. */
	topic_spec_init(&bare);
	bare.name = xstrdup(op->topic);
	bare.partitions = 1;
	bare.replication = -1;
	op_post_create(op, out, &bare, true, TAG_MAY_CREATE);
	topic_spec_fini(&bare);
	op_post_plain(op, out, REQ_BROKER_CONFIG, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_OFFSETS, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_GROUPS, TAG_FACT);
}

/* A create, only validated, of a free name with the whole shape: would configs, replication and policies let it
 * pass? */
static void
post_probe(struct op *op, struct outbox *out)
{
	struct topic_spec probe;
	struct strbuf name = STRBUF_INIT;

	topic_spec_copy(&probe, &op->spec);
	strbuf_addf(&name, "%.*s-topicmon-%lx-%llx", PROBE_NAME_BYTES, op->topic, (unsigned long)getpid(),
	            (unsigned long long)clock_us());
	free(probe.name);
	probe.name = strbuf_detach(&name);
	op_post_create(op, out, &probe, true, TAG_PROBE);
	topic_spec_fini(&probe);
}

static void
check_may_create(struct op *op, const struct err *e)
{
	if (e->code == ERR_EXISTS) {
		fact_set(op, FACT_RECREATE, FACT_PLAIN, "yes");
	} else if (e->code == ERR_NONE) {
		fact_set(op, FACT_RECREATE, FACT_PLAIN, "yes");
		op_fail(op, ERR_NOT_FOUND, "Topic '%s' does not exist: there is nothing to clear.", op->topic);
	} else if (e->code == ERR_DENIED) {
		fact_set(op, FACT_RECREATE, FACT_BAD, "no: not authorised to create it");
		op_fail(op, ERR_DENIED, "Topic '%s': not authorised to create it again, so it is not deleted. "
		        "Nothing was done.", op->topic);
	} else {
		fact_set(op, FACT_RECREATE, FACT_BAD, "unknown: %s", e->text);
		op_fail(op, e->code, "Topic '%s': whether it may be recreated is not known, so nothing was done: %s",
		        op->topic, e->text);
	}
}

static void
check_probe(struct op *op, const struct err *e)
{
	if (e->code == ERR_NONE) {
		fact_set(op, FACT_SHAPE, FACT_PLAIN, "yes");
	} else if (e->code == ERR_DENIED || e->code == ERR_EXISTS) {
		fact_set(op, FACT_SHAPE, FACT_WARN, "unknown: not authorised to try it with another name");
	} else {
		fact_set(op, FACT_SHAPE, FACT_BAD, "no: %s", e->text);
		op_fail(op, e->code, "Topic '%s': the brokers would not create it again as it is, so nothing was done: "
		        "%s", op->topic, e->text);
	}
}

bool
clear_keeps_configs(struct op *op, const struct reply *r)
{
	if (r->err.code != ERR_NONE || r->shape.unreadable.n == 0)
		return true;
	fact_set(op, FACT_CONFIGS, FACT_BAD, "the value of %s is hidden", r->shape.unreadable.v[0]);
	op_fail(op, ERR_FAILED, "Topic '%s': the brokers hide the value of its config %s, so it could not be kept. "
	        "Nothing was done.", op->topic, r->shape.unreadable.v[0]);
	return false;
}

static void
check_shape(struct op *op, const struct reply *r, struct outbox *out)
{
	if (take_shape(op, r)) {
		if (clear_keeps_configs(op, r) && op->state == OP_CHECKING)
			post_probe(op, out);
		return;
	}
	fact_set(op, FACT_SHAPE, FACT_WARN, "unknown: its shape cannot be read");
	if (r->err.code == ERR_DENIED)
		op_fail(op, ERR_DENIED, "Topic '%s': its shape and configs could not be kept, so nothing was done: %s",
		        op->topic, r->err.text);
	else
		op_fail_err(op, &r->err);
}

void
clear_check_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	if (tag == TAG_MAY_CREATE)
		check_may_create(op, &r->err);
	else if (tag == TAG_PROBE)
		check_probe(op, &r->err);
	else if (r->kind == REQ_TOPIC_READ)
		check_shape(op, r, out);
	else if (r->kind == REQ_TOPIC_OFFSETS)
		take_offsets(op, r);
	else if (r->kind == REQ_TOPIC_GROUPS)
		take_groups(op, r);
	else
		take_broker(op, r);
}
