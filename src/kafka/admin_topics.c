/* admin_topics: see admin_parts.h. Reading, creating and deleting topics. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin_parts.h"
#include "convert.h"
#include "lookup.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define RETRY_MS 5
#define KNOWN_MS 1000
#define WHAT_SIZE 280   /* "Topic '…'": names have up to 249 characters */

/* Whether somebody placed the replicas by hand: a broker that chooses gives every partition as many, and every broker its
 * share, give or take what racks and later partitions cost. */
static bool
is_custom(const struct rd_kafka_metadata *md, const struct rd_kafka_metadata_topic *t)
{
	int most = 0, least = t->partition_cnt * t->partitions[0].replica_cnt;

	for (int p = 1; p < t->partition_cnt; p++) {
		if (t->partitions[p].replica_cnt != t->partitions[0].replica_cnt)
			return true;
	}
	for (int b = 0; b < md->broker_cnt; b++) {
		int n = 0;

		for (int p = 0; p < t->partition_cnt; p++) {
			for (int i = 0; i < t->partitions[p].replica_cnt; i++)
				n += t->partitions[p].replicas[i] == md->brokers[b].id ? 1 : 0;
		}
		most = n > most ? n : most;
		least = n < least ? n : least;
	}
	return most - least > 2;
}

/* What is set on the topic itself. A value that the broker hides cannot be set again: its name is kept. */
static void
take_configs(const rd_kafka_ConfigResource_t *resource, struct reply *reply)
{
	size_t n;
	const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &n);

	for (size_t i = 0; i < n; i++) {
		const char *name = rd_kafka_ConfigEntry_name(entries[i]);
		const char *value = rd_kafka_ConfigEntry_value(entries[i]);

		if (strcmp(name, "cleanup.policy") == 0)
			reply->shape.policy = convert_policy(value);
		if (rd_kafka_ConfigEntry_source(entries[i]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG)
			continue;
		if (value)
			topic_spec_add_config(&reply->shape.spec, name, value);
		else
			strvec_push(&reply->shape.unreadable, name);
	}
}

/* The answer to the DescribeConfigs that is under way. */
static bool
take_described(struct asking *ask, const char *what, struct reply *reply, struct err *e)
{
	rd_kafka_event_t *ev = asking_next(ask, e, what);
	const rd_kafka_ConfigResource_t **resources;
	rd_kafka_resp_err_t code;
	size_t n;

	if (!ev)
		return false;
	resources = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(ev), &n);
	code = n == 1 ? rd_kafka_ConfigResource_error(resources[0]) : RD_KAFKA_RESP_ERR__BAD_MSG;
	if (code)
		session_err(e, code, n == 1 ? rd_kafka_ConfigResource_error_string(resources[0]) : NULL, "%s", what);
	else
		take_configs(resources[0], reply);
	rd_kafka_event_destroy(ev);
	return !code;
}

static bool
take_shape(struct admin *a, const char *name, struct reply *reply, struct err *e)
{
	const struct rd_kafka_metadata *md = admin_metadata(a, name, e);
	const struct rd_kafka_metadata_topic *t;

	if (!md)
		return false;
	t = lookup_topic(md, name, e);
	if (t) {
		reply->shape.spec.name = xstrdup(name);
		reply->shape.spec.partitions = t->partition_cnt;
		reply->shape.spec.replication = t->partitions[0].replica_cnt;
		reply->shape.placement_custom = is_custom(md, t);
	}
	rd_kafka_metadata_destroy(md);
	return t != NULL;
}

bool
admin_topic_read(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const char *name = req->topic.name;
	rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	char what[WHAT_SIZE];
	struct asking ask;
	bool ok;

	snprintf(what, sizeof(what), "Topic '%s'", name);
	topic_spec_init(&reply->shape.spec);
	strvec_init(&reply->shape.unreadable);
	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	rd_kafka_DescribeConfigs(ask.rk, &resource, 1, ask.options, ask.queue);
	ok = take_shape(a, name, reply, e);
	if (!ok)
		session_denied(e, name, "describe it");
	else if (!(ok = take_described(&ask, what, reply, e)))
		session_denied(e, name, "read its configs");
	asking_fini(&ask);
	rd_kafka_ConfigResource_destroy(resource);
	if (!ok) {
		topic_spec_fini(&reply->shape.spec);
		strvec_fini(&reply->shape.unreadable);
	}
	return ok;
}

/* The offsets of one kind of all partitions, in an array that the caller owns. NULL and *e: not all are known. */
static int64_t *
ask_offsets(struct admin *a, const char *name, int32_t n, int64_t when, struct err *e)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(n);
	int64_t *offsets = NULL;

	for (int32_t i = 0; i < n; i++)
		rd_kafka_topic_partition_list_add(list, name, i)->offset = when;
	if (lookup_offsets(a->session, list, session_timeout_ms(a->session), e)) {
		offsets = xcalloc((size_t)n, sizeof(*offsets));
		for (int32_t i = 0; i < n; i++)
			offsets[i] = list->elems[i].offset;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return offsets;
}

static bool
try_offsets(struct admin *a, const char *name, struct reply *reply, struct err *e)
{
	int32_t n = admin_count_partitions(a, name, e);

	if (n < 0)
		return false;
	reply->offsets.n = (size_t)n;
	reply->offsets.start = ask_offsets(a, name, n, RD_KAFKA_OFFSET_BEGINNING, e);
	if (reply->offsets.start)
		reply->offsets.end = ask_offsets(a, name, n, RD_KAFKA_OFFSET_END, e);
	if (reply->offsets.end)
		return true;
	free(reply->offsets.start);
	return false;
}

/* Of a topic that was just created or is just being deleted, a broker may say for a moment that it leads no partition. */
bool
admin_topic_offsets(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	int64_t until_ms = clock_ms() + session_timeout_ms(a->session);

	while (!try_offsets(a, req->topic.name, reply, e)) {
		if (e->code != ERR_FAILED || !e->retriable || clock_ms() >= until_ms)
			return false;
		poll(NULL, 0, RETRY_MS);
	}
	return true;
}

/* The single topic's result of a create or delete. */
static bool
take_topic_result(struct asking *ask, const char *what, bool created, struct err *e)
{
	rd_kafka_event_t *ev = asking_next(ask, e, what);
	const rd_kafka_topic_result_t **results;
	rd_kafka_resp_err_t code;
	size_t n;

	if (!ev)
		return false;
	results = created ? rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(ev), &n) :
	                    rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(ev), &n);
	code = n == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR__BAD_MSG;
	if (code)
		session_err(e, code, n == 1 ? rd_kafka_topic_result_error_string(results[0]) : NULL, "%s", what);
	rd_kafka_event_destroy(ev);
	return !code;
}

static rd_kafka_NewTopic_t *
new_topic(const struct topic_spec *spec, const char *what, struct err *e)
{
	char why[160];
	rd_kafka_NewTopic_t *topic =
		rd_kafka_NewTopic_new(spec->name, spec->partitions, spec->replication, why, sizeof(why));

	if (!topic) {
		err_set(e, ERR_USAGE, "%s: %s", what, why);
		return NULL;
	}
	for (size_t i = 0; i < spec->config_names.n; i++) {
		rd_kafka_resp_err_t code =
			rd_kafka_NewTopic_set_config(topic, spec->config_names.v[i], spec->config_values.v[i]);

		if (code) {
			session_err(e, code, NULL, "%s: config '%s'", what, spec->config_names.v[i]);
			rd_kafka_NewTopic_destroy(topic);
			return NULL;
		}
	}
	return topic;
}

/* The controller's word comes a moment before the brokers have heard of it: waits until the one that answers us has, so
 * that whoever asks next finds the topic. That it takes longer is no failure. */
static void
wait_until_known(struct admin *a, const char *name)
{
	int64_t until_ms = clock_ms() + KNOWN_MS;
	struct err e;

	while (admin_count_partitions(a, name, &e) < 0 && e.code == ERR_NOT_FOUND && clock_ms() < until_ms)
		poll(NULL, 0, RETRY_MS);
}

bool
admin_topic_create(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const struct topic_spec *spec = &req->create.spec;
	rd_kafka_NewTopic_t *topic;
	char what[WHAT_SIZE], why[128];
	struct asking ask;
	bool ok;

	(void)reply;
	snprintf(what, sizeof(what), "Topic '%s'", spec->name);
	topic = new_topic(spec, what, e);
	if (!topic)
		return false;
	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_AdminOptions_set_validate_only(ask.options, req->create.validate_only, why, sizeof(why));
	rd_kafka_CreateTopics(ask.rk, &topic, 1, ask.options, ask.queue);
	ok = take_topic_result(&ask, what, true, e);
	asking_fini(&ask);
	if (ok && !req->create.validate_only)
		wait_until_known(a, spec->name);
	rd_kafka_NewTopic_destroy(topic);
	return ok;
}

bool
admin_topic_delete(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	rd_kafka_DeleteTopic_t *topic = rd_kafka_DeleteTopic_new(req->topic.name);
	char what[WHAT_SIZE];
	struct asking ask;
	bool ok;

	(void)reply;
	snprintf(what, sizeof(what), "Topic '%s'", req->topic.name);
	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DELETETOPICS);
	rd_kafka_DeleteTopics(ask.rk, &topic, 1, ask.options, ask.queue);
	ok = take_topic_result(&ask, what, false, e);
	asking_fini(&ask);
	rd_kafka_DeleteTopic_destroy(topic);
	return ok;
}
