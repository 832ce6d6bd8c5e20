/* ops_rig: see the header. */
#include <stdio.h>
#include <string.h>

#include "ops_rig.h"

#define MAX_TURNS 20000         /* an operation that does not end is a mistake */

void
rig_init(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	rig->cluster = fake_cluster_new();
	rig->inbox = inbox_new(NULL);
	rig->src = fake_source_new(rig->inbox, fake_cluster_answer, rig->cluster);
	outbox_init(&rig->out);
	strbuf_init(&rig->text);
}

void
rig_fini(struct rig *rig)
{
	op_free(rig->op);
	outbox_fini(&rig->out);
	source_stop(rig->src, 0);
	mailbox_free(rig->inbox);
	fake_cluster_free(rig->cluster);
	strbuf_fini(&rig->text);
}

static void
run(struct rig *rig)
{
	struct event ev;

	for (int turn = 0; turn < MAX_TURNS; turn++) {
		source_send(rig->src, &rig->out);
		if (!mailbox_pop(rig->inbox, &ev))
			return;
		op_update(rig->op, &ev, &rig->out, rig->cluster->now_ms);
		event_fini(&ev);
	}
	fail_msg("the operation does not end");
}

void
rig_start(struct rig *rig, struct op *op)
{
	op_free(rig->op);
	rig->op = op;
	op_start(op, &rig->out, rig->cluster->now_ms);
	run(rig);
}

void
rig_confirm(struct rig *rig)
{
	if (op_state(rig->op) != OP_READY)
		fail_msg("not ready: %s", rig_sentence(rig));
	op_confirm(rig->op, &rig->out, rig->cluster->now_ms);
	run(rig);
}

const char *
rig_sentence(struct rig *rig)
{
	strbuf_reset(&rig->text);
	op_sentence(rig->op, &rig->text);
	return strbuf_str(&rig->text);
}

const char *
rig_fact(struct rig *rig, const char *title)
{
	for (size_t i = 0; i < op_nfacts(rig->op); i++) {
		if (strcmp(op_fact(rig->op, i)->title, title) == 0)
			return op_fact(rig->op, i)->text;
	}
	fail_msg("no line '%s' on the card", title);
	return "";
}

const struct op_step *
rig_step(struct rig *rig, const char *title)
{
	for (size_t i = 0; i < op_nsteps(rig->op); i++) {
		if (strcmp(op_step(rig->op, i)->title, title) == 0)
			return op_step(rig->op, i);
	}
	fail_msg("no step '%s'", title);
	return NULL;
}

size_t
rig_writes(struct rig *rig)
{
	size_t n = 0;

	for (size_t i = 0; i < fake_source_nposts(rig->src); i++) {
		const struct request *req = fake_source_post(rig->src, i);

		n += req->kind == REQ_TOPIC_DELETE || req->kind == REQ_GROUP_COMMIT || req->kind == REQ_PRODUCE ||
		     (req->kind == REQ_TOPIC_CREATE && !req->create.validate_only);
	}
	return n;
}

void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}
