/* admin_groups: see admin_parts.h. Who has commits on a topic, and putting commits right. A coordinator is asked only about
 * groups that the listing named: asking for an unknown one creates the offsets topic on a fresh cluster. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin_parts.h"
#include "convert.h"
#include "rights.h"
#include "topicmon/base/mem.h"

#define WHAT_SIZE 320

static void
free_group(struct reply_group *g)
{
	for (size_t i = 0; i < g->nmembers; i++) {
		free(g->members[i].id);
		free(g->members[i].client_id);
		free(g->members[i].host);
	}
	free(g->members);
	free(g->committed);
	free(g->name);
}

/* Whether there may be more groups than the listing shows this user. */
static bool
some_hidden(struct admin *a)
{
	rd_kafka_event_t *ev = NULL;
	struct asking ask;
	bool hidden;

	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	if (rights_ask(ask.rk, ask.options, ask.queue))
		ev = rd_kafka_queue_poll(ask.queue, session_timeout_ms(a->session));
	hidden = ev && rights_hide_groups(ev);
	if (ev)
		rd_kafka_event_destroy(ev);
	asking_fini(&ask);
	return hidden;
}

/* The names and states of all groups. False and *e also when one broker did not answer: a group that is not known of
 * could lose what is meant for it. */
static bool
list_groups(struct admin *a, struct reply *reply, struct err *e)
{
	const rd_kafka_ListConsumerGroups_result_t *result;
	const rd_kafka_ConsumerGroupListing_t **groups;
	const rd_kafka_error_t **errors;
	rd_kafka_event_t *ev;
	struct asking ask;
	size_t n, nerrors;

	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS);
	rd_kafka_ListConsumerGroups(ask.rk, ask.options, ask.queue);
	ev = asking_next(&ask, e, "The list of groups");
	asking_fini(&ask);
	if (!ev)
		return false;
	result = rd_kafka_event_ListConsumerGroups_result(ev);
	errors = rd_kafka_ListConsumerGroups_result_errors(result, &nerrors);
	groups = rd_kafka_ListConsumerGroups_result_valid(result, &n);
	if (nerrors > 0)
		session_err(e, rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0]), "The list of groups");
	else
		reply->groups.v = xcalloc(n, sizeof(*reply->groups.v));
	for (size_t i = 0; i < n && nerrors == 0; i++) {
		struct reply_group *g = &reply->groups.v[reply->groups.n++];

		g->name = xstrdup(rd_kafka_ConsumerGroupListing_group_id(groups[i]));
		g->state = convert_group_state(rd_kafka_ConsumerGroupListing_state(groups[i]));
	}
	rd_kafka_event_destroy(ev);
	return nerrors == 0;
}

/* One group's commits on the topic, out of the answer. */
static bool
take_commits(struct reply_group *g, size_t npartitions, rd_kafka_event_t *ev, struct err *e)
{
	const rd_kafka_topic_partition_list_t *list;
	const rd_kafka_group_result_t **results;
	const rd_kafka_error_t *error;
	size_t n;

	results = rd_kafka_ListConsumerGroupOffsets_result_groups(rd_kafka_event_ListConsumerGroupOffsets_result(ev), &n);
	if (n != 1)
		return session_err(e, RD_KAFKA_RESP_ERR__BAD_MSG, NULL, "Group '%s': its offsets", g->name);
	error = rd_kafka_group_result_error(results[0]);
	if (error)
		return session_err(e, rd_kafka_error_code(error), rd_kafka_error_string(error), "Group '%s': its offsets",
		                   g->name);
	list = rd_kafka_group_result_partitions(results[0]);
	for (int i = 0; list && i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *tp = &list->elems[i];

		if (tp->err)
			return session_err(e, tp->err, NULL, "Group '%s': its offsets", g->name);
		if (tp->offset < 0 || tp->partition < 0 || (size_t)tp->partition >= npartitions)
			continue;
		if (!g->committed) {
			g->committed = xcalloc(npartitions, sizeof(*g->committed));
			for (size_t k = 0; k < npartitions; k++)
				g->committed[k] = OFFSET_NONE;
		}
		g->committed[tp->partition] = tp->offset;
	}
	return true;
}

/* Asks for the commits of every listed group, all at once. */
static bool
ask_commits(struct admin *a, const char *topic, struct reply *reply, struct err *e)
{
	rd_kafka_topic_partition_list_t *list;
	struct asking ask;
	bool ok = true;

	if (reply->groups.n == 0)
		return true;
	if (!a->groups)
		a->groups = session_new_groups(&a->conn, reply->groups.v[0].name, a->inbox, NULL, e);
	if (!a->groups)
		return false;
	session_serve(a->groups);
	list = rd_kafka_topic_partition_list_new((int)reply->groups.npartitions);
	rd_kafka_topic_partition_list_add_range(list, topic, 0, (int32_t)reply->groups.npartitions - 1);
	asking_init(&ask, a->groups, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS);
	for (size_t i = 0; i < reply->groups.n; i++) {
		rd_kafka_ListConsumerGroupOffsets_t *question =
			rd_kafka_ListConsumerGroupOffsets_new(reply->groups.v[i].name, list);

		rd_kafka_AdminOptions_set_opaque(ask.options, &reply->groups.v[i]);
		rd_kafka_ListConsumerGroupOffsets(ask.rk, &question, 1, ask.options, ask.queue);
		rd_kafka_ListConsumerGroupOffsets_destroy(question);
	}
	for (size_t i = 0; ok && i < reply->groups.n; i++) {
		rd_kafka_event_t *ev = asking_next(&ask, e, "The groups' offsets");

		ok = ev && take_commits(rd_kafka_event_opaque(ev), reply->groups.npartitions, ev, e);
		if (ev)
			rd_kafka_event_destroy(ev);
	}
	asking_fini(&ask);
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}

static void
drop_without_commits(struct reply *reply)
{
	size_t kept = 0;

	for (size_t i = 0; i < reply->groups.n; i++) {
		if (reply->groups.v[i].committed)
			reply->groups.v[kept++] = reply->groups.v[i];
		else
			free_group(&reply->groups.v[i]);
	}
	reply->groups.n = kept;
}

static void
take_members(struct reply_group *g, const rd_kafka_ConsumerGroupDescription_t *described)
{
	size_t n = rd_kafka_ConsumerGroupDescription_member_count(described);
	enum group_state state = convert_group_state(rd_kafka_ConsumerGroupDescription_state(described));

	/* A group of the new protocol is described as dead by a library that does not speak it; the listing knows better. */
	if (state == GROUP_DEAD && n == 0 && g->state != GROUP_DEAD && g->state != GROUP_EMPTY)
		return;
	g->members_known = true;
	g->state = state;
	g->members = xcalloc(n, sizeof(*g->members));
	for (size_t i = 0; i < n; i++) {
		const rd_kafka_MemberDescription_t *m = rd_kafka_ConsumerGroupDescription_member(described, i);

		g->members[g->nmembers++] = (struct reply_member){
			.id = xstrdup(rd_kafka_MemberDescription_consumer_id(m)),
			.client_id = xstrdup(rd_kafka_MemberDescription_client_id(m)),
			.host = xstrdup(rd_kafka_MemberDescription_host(m)),
		};
	}
}

/* Members and states of the groups that have commits here. A group that cannot be described keeps members_known false. */
static bool
describe(struct admin *a, struct reply *reply, struct err *e)
{
	const rd_kafka_ConsumerGroupDescription_t **described;
	const char **names;
	rd_kafka_event_t *ev;
	struct asking ask;
	size_t n;

	if (reply->groups.n == 0)
		return true;
	names = xcalloc(reply->groups.n, sizeof(*names));
	for (size_t i = 0; i < reply->groups.n; i++)
		names[i] = reply->groups.v[i].name;
	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
	rd_kafka_DescribeConsumerGroups(ask.rk, names, reply->groups.n, ask.options, ask.queue);
	ev = asking_next(&ask, e, "The groups' members");
	asking_fini(&ask);
	free(names);
	if (!ev)
		return false;
	described = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(ev), &n);
	for (size_t i = 0; i < n; i++) {
		const char *name = rd_kafka_ConsumerGroupDescription_group_id(described[i]);

		if (rd_kafka_ConsumerGroupDescription_error(described[i]))
			continue;
		for (size_t k = 0; k < reply->groups.n; k++) {
			if (strcmp(reply->groups.v[k].name, name) == 0)
				take_members(&reply->groups.v[k], described[i]);
		}
	}
	rd_kafka_event_destroy(ev);
	return true;
}

bool
admin_topic_groups(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const char *topic = req->topic.name;
	int32_t n = admin_count_partitions(a, topic, e);
	bool ok;

	if (n < 0)
		return false;
	reply->groups.npartitions = (size_t)n;
	ok = list_groups(a, reply, e) && ask_commits(a, topic, reply, e);
	if (ok) {
		reply->groups.some_hidden = some_hidden(a);
		drop_without_commits(reply);
		ok = describe(a, reply, e);
	}
	if (!ok) {
		for (size_t i = 0; i < reply->groups.n; i++)
			free_group(&reply->groups.v[i]);
		free(reply->groups.v);
	}
	return ok;
}

static bool
take_altered(rd_kafka_event_t *ev, const char *what, struct err *e)
{
	const rd_kafka_topic_partition_list_t *list;
	const rd_kafka_group_result_t **results;
	const rd_kafka_error_t *error;
	size_t n;

	results = rd_kafka_AlterConsumerGroupOffsets_result_groups(rd_kafka_event_AlterConsumerGroupOffsets_result(ev), &n);
	if (n != 1)
		return session_err(e, RD_KAFKA_RESP_ERR__BAD_MSG, NULL, "%s", what);
	error = rd_kafka_group_result_error(results[0]);
	if (error)
		return session_err(e, rd_kafka_error_code(error), rd_kafka_error_string(error), "%s", what);
	list = rd_kafka_group_result_partitions(results[0]);
	for (int i = 0; list && i < list->cnt; i++) {
		if (list->elems[i].err)
			return session_err(e, list->elems[i].err, NULL, "%s, partition %d", what,
			                   (int)list->elems[i].partition);
	}
	return true;
}

bool
admin_group_commit(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)req->commit.n);
	rd_kafka_AlterConsumerGroupOffsets_t *change;
	rd_kafka_event_t *ev;
	char what[WHAT_SIZE];
	struct asking ask;
	bool ok = true;

	(void)reply;
	snprintf(what, sizeof(what), "Group '%s': its offsets on topic '%s'", req->commit.group, req->commit.topic);
	for (size_t i = 0; i < req->commit.n; i++) {
		if (req->commit.offsets[i] >= 0)
			rd_kafka_topic_partition_list_add(list, req->commit.topic, (int32_t)i)->offset =
				req->commit.offsets[i];
	}
	if (list->cnt > 0) {
		change = rd_kafka_AlterConsumerGroupOffsets_new(req->commit.group, list);
		asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS);
		rd_kafka_AlterConsumerGroupOffsets(ask.rk, &change, 1, ask.options, ask.queue);
		ev = asking_next(&ask, e, what);
		ok = ev && take_altered(ev, what, e);
		if (ev)
			rd_kafka_event_destroy(ev);
		asking_fini(&ask);
		rd_kafka_AlterConsumerGroupOffsets_destroy(change);
	}
	rd_kafka_topic_partition_list_destroy(list);
	return ok;
}
