/* admin_brokers: see admin_parts.h. What each broker knows, and how one is set up. */
#include <stdio.h>
#include <string.h>

#include "admin_parts.h"
#include "lookup.h"

#define WHAT_SIZE 280

/* The described resource of an answer; NULL: there is none, or an error in its place (then *e, "<what>: …"). */
static const rd_kafka_ConfigResource_t *
described(rd_kafka_event_t *ev, const char *what, struct err *e)
{
	const rd_kafka_ConfigResource_t **resources;
	rd_kafka_resp_err_t code;
	size_t n;

	resources = rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(ev), &n);
	code = n == 1 ? rd_kafka_ConfigResource_error(resources[0]) : RD_KAFKA_RESP_ERR__BAD_MSG;
	if (!code)
		return resources[0];
	session_err(e, code, n == 1 ? rd_kafka_ConfigResource_error_string(resources[0]) : NULL, "%s", what);
	return NULL;
}

/* Asks each broker for the topic's configs, all at once; how many of them know it. A broker that does not answer, or may
 * not say, is not evidence. */
static int32_t
count_knowing(struct admin *a, const struct rd_kafka_metadata *md, const char *name)
{
	rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	int32_t asked = 0, known = 0;
	struct asking ask;
	char why[128];

	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	for (int i = 0; i < md->broker_cnt; i++) {
		if (rd_kafka_AdminOptions_set_broker(ask.options, md->brokers[i].id, why, sizeof(why)))
			continue;
		rd_kafka_DescribeConfigs(ask.rk, &resource, 1, ask.options, ask.queue);
		asked++;
	}
	for (; asked > 0; asked--) {
		rd_kafka_event_t *ev = asking_next(&ask, NULL, "");

		if (!ev)
			continue;
		known += described(ev, "", NULL) ? 1 : 0;
		rd_kafka_event_destroy(ev);
	}
	asking_fini(&ask);
	rd_kafka_ConfigResource_destroy(resource);
	return known;
}

bool
admin_topic_evidence(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const char *name = req->topic.name;
	const struct rd_kafka_metadata *md = admin_metadata(a, name, e);
	const struct rd_kafka_metadata_topic *t;

	if (!md)
		return false;
	/* That it is not there is evidence too. */
	t = lookup_topic(md, name, NULL);
	for (int i = 0; t && i < t->partition_cnt; i++) {
		reply->evidence.partitions++;
		reply->evidence.leaders += t->partitions[i].leader >= 0 && !t->partitions[i].err ? 1 : 0;
	}
	reply->evidence.brokers = md->broker_cnt;
	reply->evidence.brokers_known = count_knowing(a, md, name);
	rd_kafka_metadata_destroy(md);
	return true;
}

static enum tristate
tristate_of(const char *value)
{
	return !value ? TRI_UNKNOWN : strcmp(value, "true") == 0 ? TRI_YES : strcmp(value, "false") == 0 ? TRI_NO : TRI_UNKNOWN;
}

static void
take_broker(const rd_kafka_ConfigResource_t *resource, struct reply *reply)
{
	size_t n;
	const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &n);

	for (size_t i = 0; i < n; i++) {
		const char *name = rd_kafka_ConfigEntry_name(entries[i]);
		enum tristate value = tristate_of(rd_kafka_ConfigEntry_value(entries[i]));

		if (strcmp(name, "auto.create.topics.enable") == 0)
			reply->broker.auto_create = value;
		else if (strcmp(name, "delete.topic.enable") == 0)
			reply->broker.delete_enabled = value;
	}
}

/* Not being allowed to see it leaves it unknown; any other failure is one. */
bool
admin_broker_config(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const rd_kafka_ConfigResource_t *found = NULL;
	const struct rd_kafka_metadata *md;
	rd_kafka_ConfigResource_t *resource;
	rd_kafka_event_t *ev;
	struct asking ask;
	char id[16], what[WHAT_SIZE];

	(void)req;
	if (rd_kafka_metadata(session_kafka(a->session), 1, NULL, &md, session_timeout_ms(a->session)))
		return session_err(e, RD_KAFKA_RESP_ERR__TRANSPORT, NULL, "The brokers' settings");
	reply->broker.nbrokers = md->broker_cnt;
	snprintf(id, sizeof(id), "%d", md->broker_cnt > 0 ? (int)md->brokers[0].id : 0);
	rd_kafka_metadata_destroy(md);
	snprintf(what, sizeof(what), "The settings of broker %s", id);
	resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, id);
	asking_init(&ask, a->session, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	rd_kafka_DescribeConfigs(ask.rk, &resource, 1, ask.options, ask.queue);
	ev = asking_next(&ask, e, what);
	if (ev) {
		found = described(ev, what, e);
		if (found)
			take_broker(found, reply);
		rd_kafka_event_destroy(ev);
	}
	asking_fini(&ask);
	rd_kafka_ConfigResource_destroy(resource);
	return found || (e && e->code == ERR_DENIED);
}
