/*
 * op_clear: empties a topic by deleting and recreating it, by evidence and not by sleeping. The check is in
 * op_clear_check.c.
 *
 *   check -> (confirmed) -> read again -> delete -> create -> wait for every broker -> reset groups -> verify
 *
 * Whatever can go wrong is looked for before the delete; after it every way out either has the topic back with its
 * shape and the groups' places, or says what is missing and the command that mends it.
 */
#include <stdlib.h>
#include <string.h>

#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/snapshot.h"

#define MAX_MENDS        200    /* how often another's topic is deleted again before we give up */
#define MAX_REPEATS      12     /* how often a verification may send us back */
#define SURE_SAME        3      /* a topic that "exists" with our shape: seen so often it is no stale answer */

/* The protocol's words for "this group has members": its commits are its own business. */
enum { KAFKA_ILLEGAL_GENERATION = 22, KAFKA_UNKNOWN_MEMBER_ID = 25, KAFKA_REBALANCE_IN_PROGRESS = 27,
       KAFKA_INVALID_REPLICATION_FACTOR = 38, KAFKA_NON_EMPTY_GROUP = 68, KAFKA_STALE_MEMBER_EPOCH = 113 };

/* Places in clear_steps that a later step may send the run back to. */
enum { AT_CREATE = 3, AT_GROUPS = 5 };

enum clear_tag { TAG_FACT, TAG_DELETE, TAG_CREATE, TAG_LOOK, TAG_MEND };

/* ---- read again: what changed since the card was opened is kept too ---- */

static void
read_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_READ, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_OFFSETS, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_GROUPS, TAG_FACT);
}

static void
read_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	(void)out;
	if (r->kind == REQ_TOPIC_OFFSETS)
		take_offsets(op, r);
	else if (r->kind == REQ_TOPIC_GROUPS)
		take_groups(op, r);
	else if (clear_keeps_configs(op, r) && !take_shape(op, r))
		op_fail_harmless(op, &r->err);
}

/* ---- delete ---- */

/* Appends the groups whose place is lost for good when this run ends now. */
static void
add_lost_groups(const struct op *op, struct strbuf *sb)
{
	size_t n = 0;

	for (size_t i = 0; i < op->ngroups; i++) {
		if (op->groups[i].fate == FATE_OPEN)
			strbuf_addf(sb, "%s%s", n++ ? ", " : " Groups that start at their reset policy then: ",
			            op->groups[i].name);
	}
	if (n)
		strbuf_addch(sb, '.');
}

/* The topic is gone, or may be: says so, why, and the whole command that brings it back. A command that is cut would
 * make another topic, so the short form leaves it out when it does not fit. */
static void
fail_without_topic(struct op *op, const char *state, const struct err *why)
{
	struct strbuf sb = STRBUF_INIT, command = STRBUF_INIT;
	struct err e = *why;

	add_create_command(&command, &op->spec);
	strbuf_addf(&sb, "Topic '%s' %s:", op->topic, state);
	add_sentence(&sb, e.text);
	strbuf_addf(&sb, " Create it with: %s", strbuf_str(&command));
	if (op->ngroups && !op->no_group_reset) {
		strbuf_addch(&sb, '.');
		add_lost_groups(op, &sb);
	}
	op_fail(op, e.code == ERR_NONE ? ERR_FAILED : e.code, "%s", strbuf_str(&sb));
	if (sb.len >= sizeof(op->error.text))
		err_set(&op->error, e.code, "Topic '%s' %s: the whole message has the reason and the command that "
		        "creates it again.", op->topic, state);
	strbuf_fini(&sb);
	strbuf_fini(&command);
}

/* The create goes out right behind the delete: the less time a writer's auto-create has, the better. Without the delete
 * it is refused ("exists"), so it cannot do harm. */
static void
post_both(struct op *op, struct outbox *out, enum clear_tag delete_tag)
{
	op->nawaited = 0;       /* an attempt before this one */
	op_post_topic(op, out, REQ_TOPIC_DELETE, delete_tag);
	op_post_create(op, out, &op->spec, false, TAG_CREATE);
}

static void
delete_start(struct op *op, struct outbox *out)
{
	post_both(op, out, TAG_DELETE);
}

static void
delete_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	if (tag == TAG_CREATE)
		return;         /* of an attempt whose delete is tried again */
	if (r->err.code == ERR_NONE) {
		op_next_awaiting(op, out);
	} else if (r->err.code == ERR_NOT_FOUND) {
		op_detail(op, "it was gone already");
		op_next_awaiting(op, out);
	} else if (!err_is_transient(&r->err)) {
		op_fail_harmless(op, &r->err);
	} else if (!op_again(op, op->at, out)) {
		fail_without_topic(op, "may be deleted, no broker answers", &r->err);
	}
}

/* ---- create: at once, with the same shape; somebody's auto-created topic is mended ---- */

static void
create_start(struct op *op, struct outbox *out)
{
	/* At first it is under way already. */
	if (op->nawaited == 0)
		op_post_create(op, out, &op->spec, false, TAG_CREATE);
}

static void
create_again(struct op *op, struct outbox *out)
{
	if (!op_again(op, op->at, out))
		fail_without_topic(op, "was deleted, but could not be created again", &op->trouble);
}

/* A refusal that another attempt may get past: a broker that is away just now leaves too few for the replication, and
 * that it had enough before was checked. */
static bool
create_may_pass(const struct err *e)
{
	return err_is_transient(e) || e->kafka == KAFKA_INVALID_REPLICATION_FACTOR;
}

static void
create_answered(struct op *op, const struct err *e, struct outbox *out)
{
	if (e->code == ERR_NONE) {
		if (op->mends)
			op_detail(op, "a client's auto-created topic came in between; deleted again %d time%s",
			          op->mends, op->mends == 1 ? "" : "s");
		op_next(op, out);
		return;
	}
	op->trouble = *e;
	if (e->code == ERR_EXISTS)
		op_post_topic(op, out, REQ_TOPIC_READ, TAG_LOOK);
	else if (create_may_pass(e))
		create_again(op, out);
	else
		fail_without_topic(op, "was deleted, but could not be created again", e);
}

/* It "exists": the old one on its way out, an auto-created one, or our own whose answer got lost. A broker may still
 * show the old one, which has the right shape, so that is believed only when it stays. */
static void
existing_looked_at(struct op *op, const struct reply *r, struct outbox *out)
{
	struct strbuf why = STRBUF_INIT;

	if (r->err.code != ERR_NONE) {
		create_again(op, out);
	} else if (shape_matches(&op->spec, &r->shape.spec, &why)) {
		if (++op->seen_same >= SURE_SAME) {
			op_detail(op, "was there again already, with the right shape");
			op_next(op, out);
		} else {
			create_again(op, out);
		}
	} else if (++op->mends > MAX_MENDS || op->now_ms - op->step_began_ms > OP_STEP_BOUND_MS) {
		op_fail(op, ERR_FAILED, "Topic '%s' was deleted, but a client creates it anew with another shape (%s) "
		        "as fast as it is mended. Stop the writers and clear it again.", op->topic, strbuf_str(&why));
	} else {
		op->seen_same = 0;
		for (size_t i = 0; i < op->ngroups; i++) {
			if (op->groups[i].fate == FATE_RESET)
				op->groups[i].fate = FATE_OPEN;         /* the commits go with it */
		}
		op_detail(op, "a client's auto-created topic came in between (%s): deleted again", strbuf_str(&why));
		post_both(op, out, TAG_MEND);
	}
	strbuf_fini(&why);
}

static void
create_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	if (tag == TAG_CREATE)
		create_answered(op, &r->err, out);
	else if (tag == TAG_LOOK)
		existing_looked_at(op, r, out);
	/* Whatever became of the delete that mends, the create behind it tells how things are. */
}

/* ---- wait: each broker knows it, each partition has a leader, and the messages are gone ---- */

static void
wait_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_EVIDENCE, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_OFFSETS, TAG_FACT);
}

/* Sends the run back to a step, because what was done there did not last. */
static void
repeat_from(struct op *op, size_t at, const char *why, struct outbox *out)
{
	op->nawaited = 0;
	op->seen_same = 0;
	if (++op->repeats <= MAX_REPEATS && op_again(op, at, out))
		return;
	op_fail(op, ERR_FAILED, "Topic '%s' was cleared, but does not stay as it was: %s.", op->topic, why);
}

/* Whether the offsets can be those of the topic as it was before: a leader that has not heard yet still answers so. It
 * is no proof (a fast writer gets there too), so it only costs a few turns. */
static bool
looks_old(const struct op *op, const struct reply *r)
{
	for (size_t i = 0; i < r->offsets.n && i < op->nends; i++) {
		if (r->offsets.start[i] > 0)
			return true;
		if (op->ends[i] > 0 && r->offsets.end[i] >= op->ends[i])
			return true;
	}
	return false;
}

static void
wait_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->err.code == ERR_DENIED)
		op_detail(op, "not authorised to ask each broker");     /* then the verification has to do */
	else if (r->err.code != ERR_NONE)
		op->trouble = r->err;
	else if (r->kind == REQ_TOPIC_OFFSETS && looks_old(op, r) && op->backoff_ms < OP_BACKOFF_MAX_MS)
		err_set(&op->trouble, ERR_FAILED, "the old messages are still shown");
	else if (r->kind == REQ_TOPIC_OFFSETS)
		return;
	else if (r->evidence.partitions > 0 && r->evidence.partitions != op->spec.partitions)
		repeat_from(op, AT_CREATE, "a client creates it with another shape", out);
	else if (evidence_complete(r, op->spec.partitions))
		op_detail(op, "%d broker%s", (int)r->evidence.brokers, r->evidence.brokers == 1 ? "" : "s");
	else
		evidence_missing(r, &op->trouble);
}

static void
wait_settle(struct op *op, struct outbox *out)
{
	if (op->trouble.code == ERR_NONE) {
		op_next(op, out);
	} else if (!op_again(op, op->at, out)) {
		/* The groups' places matter more than a broker that is slow: go on, and say so at the end. */
		err_set(&op->late, ERR_FAILED, "Topic '%s' was cleared and has its shape, but it is not ready "
		        "everywhere: %s", op->topic, op->trouble.text);
		op_detail(op, "%s", op->trouble.text);
		op_skip(op, out);
	}
}

/* ---- reset groups: those that had a place and have no members start at 0 ---- */

static void
groups_start(struct op *op, struct outbox *out)
{
	size_t nposted = 0;

	for (size_t i = 0; i < op->ngroups && !op->no_group_reset; i++) {
		const struct op_group *group = &op->groups[i];
		struct request req;

		if (group->fate != FATE_OPEN)
			continue;
		request_init(&req, REQ_GROUP_COMMIT);
		req.commit.group = xstrdup(group->name);
		req.commit.topic = xstrdup(op->topic);
		req.commit.n = group->npartitions;
		req.commit.offsets = xcalloc(group->npartitions, sizeof(*req.commit.offsets));
		/* All partitions (the array is zero): one where nothing had come yet has no commit either, and what
		 * comes there while the receiver is down would be missed. */
		op_post(op, out, &req, (int)i);
		nposted++;
	}
	if (nposted)
		return;
	if (op->no_group_reset)
		op_detail(op, "left out, as asked for");
	else if (op->ngroups == 0)
		op_detail(op, op->groups_known ? "no group has commits" : "the groups are not known");
	else if (op->steps[op->at].detail[0] == '\0')
		op_detail(op, "%zu with live members %s left alone", op->ngroups, op->ngroups == 1 ? "is" : "are");
	op_skip(op, out);
}

static bool
means_members(int kafka)
{
	return kafka == KAFKA_UNKNOWN_MEMBER_ID || kafka == KAFKA_NON_EMPTY_GROUP ||
	       kafka == KAFKA_ILLEGAL_GENERATION || kafka == KAFKA_REBALANCE_IN_PROGRESS ||
	       kafka == KAFKA_STALE_MEMBER_EPOCH;
}

static void
groups_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	struct op_group *group = &op->groups[tag];

	(void)out;
	if (r->err.code == ERR_NONE) {
		group->fate = FATE_RESET;
	} else if (means_members(r->err.kafka)) {
		group->fate = FATE_LIVE;
	} else if (err_is_transient(&r->err) || r->err.code == ERR_NOT_FOUND) {
		op->trouble = r->err;           /* its coordinator may not know the new topic yet */
	} else {
		group->fate = FATE_FAILED;
		err_set(&op->late, r->err.code, "Topic '%s' was cleared and has its shape, but group '%s' could not be "
		        "put at 0 and starts at its reset policy: %s", op->topic, group->name, r->err.text);
	}
}

static size_t
count_fate(const struct op *op, enum group_fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < op->ngroups; i++)
		n += op->groups[i].fate == fate;
	return n;
}

static void
groups_settle(struct op *op, struct outbox *out)
{
	struct strbuf sb = STRBUF_INIT;
	size_t nlive = count_fate(op, FATE_LIVE);

	if (op->trouble.code != ERR_NONE) {
		if (op_again(op, op->at, out))
			return;
		for (size_t i = 0; i < op->ngroups; i++) {
			if (op->groups[i].fate == FATE_OPEN)
				op->groups[i].fate = FATE_FAILED;
		}
		err_set(&op->late, op->trouble.code, "Topic '%s' was cleared and has its shape, but %zu of its groups "
		        "could not be put at 0 and start at their reset policy: %s", op->topic,
		        count_fate(op, FATE_FAILED), op->trouble.text);
	}
	strbuf_addf(&sb, "%zu put at 0", count_fate(op, FATE_RESET));
	if (nlive)
		strbuf_addf(&sb, ", %zu with live members left alone", nlive);
	op_detail(op, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
	op_next(op, out);
}

/* ---- verify: shape, messages and places, as the brokers have them now ---- */

static void
verify_start(struct op *op, struct outbox *out)
{
	op_post_topic(op, out, REQ_TOPIC_READ, TAG_FACT);
	op_post_topic(op, out, REQ_TOPIC_OFFSETS, TAG_FACT);
	if (count_fate(op, FATE_RESET))
		op_post_topic(op, out, REQ_TOPIC_GROUPS, TAG_FACT);
}

static void
verify_shape(struct op *op, const struct reply *r, struct outbox *out)
{
	struct strbuf why = STRBUF_INIT;

	if (r->err.code == ERR_NOT_FOUND)
		repeat_from(op, AT_CREATE, "somebody deleted it again", out);
	else if (r->err.code != ERR_NONE)
		op->trouble = r->err;
	else if (!shape_matches(&op->spec, &r->shape.spec, &why))
		repeat_from(op, AT_CREATE, strbuf_str(&why), out);
	strbuf_fini(&why);
}

static const struct reply_group *
find_reply_group(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->groups.n; i++) {
		if (strcmp(r->groups.v[i].name, name) == 0)
			return &r->groups.v[i];
	}
	return NULL;
}

/* A broker forgets the commits of a deleted topic a moment after it has forgotten the topic: what was committed before
 * that is gone, and committed again. */
static void
verify_groups(struct op *op, const struct reply *r, struct outbox *out)
{
	size_t nlost = 0;

	if (r->err.code != ERR_NONE) {
		op->trouble = r->err;
		return;
	}
	for (size_t i = 0; i < op->ngroups; i++) {
		struct op_group *group = &op->groups[i];
		const struct reply_group *seen = find_reply_group(r, group->name);
		bool kept = seen != NULL;

		if (group->fate != FATE_RESET)
			continue;
		for (size_t p = 0; kept && p < group->npartitions && p < r->groups.npartitions; p++)
			kept = seen->committed[p] >= 0;
		if (!kept) {
			group->fate = FATE_OPEN;
			nlost++;
		}
	}
	if (nlost)
		repeat_from(op, AT_GROUPS, "the groups' commits are taken away again", out);
}

static void
verify_reply(struct op *op, const struct reply *r, int tag, struct outbox *out)
{
	(void)tag;
	if (r->kind == REQ_TOPIC_READ)
		verify_shape(op, r, out);
	else if (r->kind == REQ_TOPIC_GROUPS)
		verify_groups(op, r, out);
	else if (r->err.code != ERR_NONE)
		op->trouble = r->err;
}

static void
verify_settle(struct op *op, struct outbox *out)
{
	if (op->trouble.code != ERR_NONE) {
		if (!op_again(op, op->at, out))
			op_fail(op, op->trouble.code, "Topic '%s' was cleared and created again, but could not be read "
			        "back: %s", op->topic, op->trouble.text);
		return;
	}
	if (op->late.code != ERR_NONE)
		op_fail_err(op, &op->late);
	else
		op_next(op, out);
}

static void
done_sentence(const struct op *op, struct strbuf *out)
{
	size_t nreset = count_fate(op, FATE_RESET);
	size_t nlive = 0;

	strbuf_adds(out, "Cleared ");
	add_messages_gone(out, op);
	strbuf_adds(out, op->messages == OFFSET_UNKNOWN ? ": " : ", ");
	add_count(out, op->spec.partitions, "partition");
	if (op->spec.config_names.n) {
		strbuf_adds(out, ", ");
		add_count(out, (int64_t)op->spec.config_names.n, "config");
		strbuf_adds(out, " kept");
	}
	if (nreset) {
		strbuf_adds(out, ", ");
		add_count(out, (int64_t)nreset, "group");
		strbuf_adds(out, " put at 0");
	}
	strbuf_addf(out, " (%lld ms).", (long long)(op->ended_ms - op->confirmed_ms));
	for (size_t i = 0; i < op->ngroups; i++) {
		if (op->groups[i].fate == FATE_LIVE)
			strbuf_addf(out, "%s%s", nlive++ ? ", " : " Restart the members of ", op->groups[i].name);
	}
	if (nlive)
		strbuf_addch(out, '.');
}

static const enum fact_id clear_facts[] = {
	FACT_MESSAGES, FACT_PARTITIONS, FACT_REPLICATION, FACT_CONFIGS, FACT_POLICY, FACT_RECREATE, FACT_SHAPE,
	FACT_DELETABLE, FACT_AUTO_CREATE, FACT_GROUPS, FACT_LIVE,
};

static const struct step_def clear_steps[] = {
	{ "check",                 clear_check_start, clear_check_reply, op_next },
	{ "read again",            read_start,   read_reply,   op_next },
	{ "delete",                delete_start, delete_reply, NULL },
	[AT_CREATE] = { "create",  create_start, create_reply, NULL },
	{ "wait for every broker", wait_start,   wait_reply,   wait_settle },
	[AT_GROUPS] = { "reset groups", groups_start, groups_reply, groups_settle },
	{ "verify",                verify_start, verify_reply, verify_settle },
};

const struct op_def op_clear_def = {
	.kind = OP_CLEAR,
	.verb = "clear",
	.confirmed = true,
	.steps = clear_steps, .nsteps = ARRAY_LEN(clear_steps),
	.facts = clear_facts, .nfacts = ARRAY_LEN(clear_facts),
	.done_sentence = done_sentence,
};

struct op *
op_new_clear(const char *topic, const struct op_settings *settings)
{
	return op_new(&op_clear_def, topic, settings);
}
