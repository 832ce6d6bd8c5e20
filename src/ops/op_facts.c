/* op_facts: the card's lines, and what the answers of the check mean for the run. See op_private.h. */
#include <stdlib.h>
#include <string.h>

#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/snapshot.h"

#define CLIENTS_NAMED 3         /* of a group with members, on its line of the card */
#define MAX_LIVE_FACTS 6        /* groups with live members that get a line each; the rest share one */

static const char *const fact_titles[FACT_COUNT] = {
	[FACT_MESSAGES] = "messages",
	[FACT_PARTITIONS] = "partitions",
	[FACT_REPLICATION] = "replication",
	[FACT_CONFIGS] = "configs set",
	[FACT_POLICY] = "cleanup policy",
	[FACT_DELETABLE] = "may be deleted",
	[FACT_AUTO_CREATE] = "auto-create",
	[FACT_RECREATE] = "may be recreated",
	[FACT_SHAPE] = "shape accepted",
	[FACT_GROUPS] = "groups",
	[FACT_LIVE] = "live members",
};

static struct op_fact_slot *
fact_add(struct op *op, enum fact_id id)
{
	struct op_fact_slot *slot;

	if (op->nfacts == op->facts_cap) {
		op->facts_cap = op->facts_cap ? op->facts_cap * 2 : 16;
		op->facts = xreallocarray(op->facts, op->facts_cap, sizeof(*op->facts));
	}
	slot = &op->facts[op->nfacts++];
	slot->id = id;
	slot->fact = (struct op_fact){ .title = fact_titles[id], .level = FACT_PENDING, .text = "…" };
	return slot;
}

void
facts_init(struct op *op)
{
	for (size_t i = 0; i < op->def->nfacts; i++)
		fact_add(op, op->def->facts[i]);
}

void
fact_set(struct op *op, enum fact_id id, enum fact_level level, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < op->nfacts; i++) {
		struct op_fact *fact = &op->facts[i].fact;

		if (op->facts[i].id != id)
			continue;
		fact->level = level;
		text_set(fact->text, sizeof(fact->text), "%s", strbuf_str(&sb));
		break;
	}
	strbuf_fini(&sb);
}

static void
add_policy(struct strbuf *sb, unsigned policy)
{
	if (policy == POLICY_UNKNOWN)
		strbuf_adds(sb, "unknown");
	if (policy & POLICY_DELETE)
		strbuf_adds(sb, "delete");
	if (policy & POLICY_COMPACT)
		strbuf_adds(sb, policy & POLICY_DELETE ? ", compact" : "compact");
}

bool
take_shape(struct op *op, const struct reply *r)
{
	const struct topic_spec *spec = &r->shape.spec;
	struct strbuf sb = STRBUF_INIT;

	if (r->err.code != ERR_NONE) {
		if (op->shape_known)
			return false;
		for (enum fact_id id = FACT_PARTITIONS; id <= FACT_POLICY; id++)
			fact_set(op, id, FACT_WARN, "unknown: %s", r->err.text);
		return false;
	}
	topic_spec_fini(&op->spec);
	topic_spec_copy(&op->spec, spec);
	op->policy = r->shape.policy;
	op->shape_known = true;

	strbuf_add_grouped(&sb, spec->partitions);
	fact_set(op, FACT_PARTITIONS, FACT_PLAIN, "%s", strbuf_str(&sb));
	strbuf_reset(&sb);
	if (r->shape.placement_custom)
		fact_set(op, FACT_REPLICATION, FACT_WARN, "%d; the replicas were placed by hand, that is not kept",
		         (int)spec->replication);
	else
		fact_set(op, FACT_REPLICATION, FACT_PLAIN, "%d", (int)spec->replication);
	if (spec->config_names.n == 0) {
		strbuf_adds(&sb, "none");
	} else {
		strbuf_addf(&sb, "%zu:", spec->config_names.n);
		for (size_t i = 0; i < spec->config_names.n; i++)
			strbuf_addf(&sb, "%s %s", i ? "," : "", spec->config_names.v[i]);
	}
	fact_set(op, FACT_CONFIGS, FACT_PLAIN, "%s", strbuf_str(&sb));
	strbuf_reset(&sb);
	add_policy(&sb, op->policy);
	fact_set(op, FACT_POLICY, FACT_PLAIN, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
	return true;
}

bool
take_offsets(struct op *op, const struct reply *r)
{
	struct strbuf sb = STRBUF_INIT;

	if (r->err.code != ERR_NONE) {
		if (op->messages == OFFSET_UNKNOWN)
			fact_set(op, FACT_MESSAGES, FACT_WARN, "unknown: %s", r->err.text);
		return false;
	}
	free(op->ends);
	op->nends = r->offsets.n;
	op->ends = r->offsets.n ? xmemdup(r->offsets.end, r->offsets.n * sizeof(*op->ends)) : NULL;
	op->messages = 0;
	for (size_t i = 0; i < r->offsets.n && op->messages != OFFSET_UNKNOWN; i++) {
		if (r->offsets.start[i] == OFFSET_UNKNOWN || r->offsets.end[i] == OFFSET_UNKNOWN)
			op->messages = OFFSET_UNKNOWN;
		else
			op->messages += r->offsets.end[i] - r->offsets.start[i];
	}
	if (op->messages == OFFSET_UNKNOWN) {
		fact_set(op, FACT_MESSAGES, FACT_WARN, "unknown: a partition does not answer");
		return true;
	}
	strbuf_add_grouped(&sb, op->messages);
	fact_set(op, FACT_MESSAGES, FACT_PLAIN, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
	return true;
}

void
op_groups_fini(struct op *op)
{
	for (size_t i = 0; i < op->ngroups; i++)
		free(op->groups[i].name);
	free(op->groups);
	op->groups = NULL;
	op->ngroups = 0;
}

static bool
has_commit(const struct reply_group *group, size_t npartitions)
{
	for (size_t i = 0; i < npartitions; i++) {
		if (group->committed[i] >= 0)
			return true;
	}
	return false;
}

/* Whether the member's client is worth a word: it has a name of its own, which no member before it has. */
static bool
client_says_something(const struct reply_group *group, size_t i)
{
	const char *client = group->members[i].client_id;

	if (!client || client[0] == '\0' || strcmp(client, group->name) == 0)
		return false;
	for (size_t k = 0; k < i; k++)
		if (group->members[k].client_id && strcmp(group->members[k].client_id, client) == 0)
			return false;
	return true;
}

/* " (web-1, web-2, …)" */
static void
add_clients(struct strbuf *sb, const struct reply_group *group)
{
	size_t named = 0;

	for (size_t i = 0; i < group->nmembers && named <= CLIENTS_NAMED; i++) {
		if (!client_says_something(group, i))
			continue;
		strbuf_adds(sb, named == 0 ? " (" : ", ");
		strbuf_adds(sb, named < CLIENTS_NAMED ? group->members[i].client_id : "…");
		named++;
	}
	if (named > 0)
		strbuf_addch(sb, ')');
}

/* A running consumer does not notice that its topic was recreated: it reads on from its old position, or waits there. */
static void
live_fact(struct op *op, struct op_fact_slot *slot, const struct reply_group *group)
{
	struct strbuf sb = STRBUF_INIT;
	bool one = group->nmembers == 1;

	add_count(&sb, (int64_t)group->nmembers, "member");
	strbuf_adds(&sb, " connected");
	add_clients(&sb, group);
	strbuf_adds(&sb, "; ");
	if (op->def->kind == OP_CLEAR)
		strbuf_adds(&sb, one ? "it keeps its old position: restart it afterwards, or it may skip messages" :
		                 "they keep their old positions: restart them afterwards, or they may skip messages");
	else
		strbuf_addf(&sb, "%s will have nothing to read", one ? "it" : "they");
	slot->fact.level = FACT_WARN;
	text_set(slot->fact.text, sizeof(slot->fact.text), "%s: %s", group->name, strbuf_str(&sb));
	strbuf_fini(&sb);
}

/* A line about live members that is not about one group. */
static void PRINTF_LIKE(3, 4)
live_remark(struct op *op, enum fact_level level, const char *fmt, ...)
{
	struct op_fact *fact = &fact_add(op, FACT_LIVE)->fact;
	struct strbuf sb = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	fact->level = level;
	text_set(fact->text, sizeof(fact->text), "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
}

/* The lines about live members are the last of the card: one for each group, or a single one. */
static void
live_facts(struct op *op, const struct reply *r)
{
	size_t nlive = 0, nunseen = 0;

	while (op->nfacts > 0 && op->facts[op->nfacts - 1].id == FACT_LIVE)
		op->nfacts--;
	for (size_t i = 0; i < r->groups.n; i++) {
		const struct reply_group *group = &r->groups.v[i];

		if (!group->members_known)
			nunseen++;
		else if (group->nmembers && nlive++ < MAX_LIVE_FACTS)
			live_fact(op, fact_add(op, FACT_LIVE), group);
	}
	if (nlive > MAX_LIVE_FACTS)
		live_remark(op, FACT_WARN, "and %zu more with live members", nlive - MAX_LIVE_FACTS);
	if (nunseen)
		live_remark(op, FACT_WARN, "%zu with members that this library cannot see", nunseen);
	if (nlive == 0 && nunseen == 0)
		live_remark(op, FACT_PLAIN, "none");
}

static void
groups_fact(struct op *op, bool some_hidden)
{
	static const char hidden[] = "groups that this user may not see lose theirs";
	struct strbuf sb = STRBUF_INIT;
	size_t ndown = 0;

	if (op->ngroups == 0 && some_hidden) {
		fact_set(op, FACT_GROUPS, FACT_WARN, "none that can be seen has commits here; %s", hidden);
		return;
	}
	if (op->ngroups == 0) {
		fact_set(op, FACT_GROUPS, FACT_PLAIN, "none has commits here");
		return;
	}
	strbuf_addf(&sb, "%zu with commits:", op->ngroups);
	for (size_t i = 0; i < op->ngroups; i++) {
		ndown += op->groups[i].fate == FATE_OPEN;
		strbuf_addf(&sb, "%s %s", i ? "," : "", op->groups[i].name);
	}
	if (op->def->kind == OP_DELETE)
		strbuf_adds(&sb, "; their commits go with the topic");
	else if (op->no_group_reset)
		strbuf_adds(&sb, "; their commits go with the topic and are not put back");
	else if (ndown)
		strbuf_addf(&sb, "; %zu without members %s put at 0", ndown, ndown == 1 ? "is" : "are");
	if (some_hidden)
		strbuf_addf(&sb, "; %s", hidden);
	fact_set(op, FACT_GROUPS, some_hidden ? FACT_WARN : FACT_PLAIN, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
}

bool
take_groups(struct op *op, const struct reply *r)
{
	if (r->err.code != ERR_NONE) {
		if (op->groups_known)
			return false;
		fact_set(op, FACT_GROUPS, FACT_WARN, "unknown: %s", r->err.text);
		fact_set(op, FACT_LIVE, FACT_WARN, "unknown");
		return false;
	}
	op_groups_fini(op);
	op->groups_known = true;
	op->groups = xcalloc(r->groups.n, sizeof(*op->groups));
	for (size_t i = 0; i < r->groups.n; i++) {
		const struct reply_group *from = &r->groups.v[i];
		struct op_group *to = &op->groups[op->ngroups];

		if (!has_commit(from, r->groups.npartitions))
			continue;
		to->name = xstrdup(from->name);
		to->npartitions = r->groups.npartitions;
		to->fate = from->members_known && from->nmembers ? FATE_LIVE : FATE_OPEN;
		op->ngroups++;
	}
	groups_fact(op, r->groups.some_hidden);
	live_facts(op, r);
	return true;
}

void
take_broker(struct op *op, const struct reply *r)
{
	bool known = r->err.code == ERR_NONE;
	enum tristate deletable = known ? r->broker.delete_enabled : TRI_UNKNOWN;

	op->auto_create = known ? r->broker.auto_create : TRI_UNKNOWN;
	if (deletable == TRI_NO) {
		fact_set(op, FACT_DELETABLE, FACT_BAD, "no: delete.topic.enable is false");
		op_fail(op, ERR_FAILED, "Topic '%s' cannot be deleted: the brokers have delete.topic.enable=false. "
		        "Nothing was done.", op->topic);
	} else if (deletable == TRI_YES) {
		fact_set(op, FACT_DELETABLE, FACT_PLAIN, "yes: delete.topic.enable is true");
	} else {
		fact_set(op, FACT_DELETABLE, FACT_PLAIN, "unknown: the brokers' configs may not be read");
	}
	if (op->auto_create == TRI_NO)
		fact_set(op, FACT_AUTO_CREATE, FACT_PLAIN, "off");
	else if (op->auto_create == TRI_UNKNOWN)
		fact_set(op, FACT_AUTO_CREATE, FACT_PLAIN, "unknown: the brokers' configs may not be read");
	else if (op->def->kind == OP_CLEAR)
		fact_set(op, FACT_AUTO_CREATE, FACT_PLAIN,
		         "on: a writer may recreate it in between, then that is mended");
	else
		fact_set(op, FACT_AUTO_CREATE, FACT_WARN, "on: a running writer may bring it back");
}

bool
evidence_complete(const struct reply *r, int32_t partitions)
{
	return r->evidence.brokers > 0 && r->evidence.brokers_known >= r->evidence.brokers &&
	       r->evidence.partitions > 0 && r->evidence.leaders >= r->evidence.partitions &&
	       (partitions <= 0 || r->evidence.partitions == partitions);
}

void
evidence_missing(const struct reply *r, struct err *e)
{
	if (r->err.code != ERR_NONE)
		*e = r->err;
	else
		err_set(e, ERR_FAILED, "%d of %d brokers know it, %d of %d partitions have a leader",
		        (int)r->evidence.brokers_known, (int)r->evidence.brokers, (int)r->evidence.leaders,
		        (int)r->evidence.partitions);
}
