/* cluster: see the header. */
#include "cluster.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rig.h"
#include "topicmon/base/clock.h"

#define KAFKA_MS 15000

static rd_kafka_t *producer;    /* also asks for admin things */
static struct strvec names = STRVEC_INIT, groups = STRVEC_INIT;

const char *
cluster_address(void)
{
	const char *address = getenv("TOPICMON_TEST_BOOTSTRAP");

	if (address == NULL || address[0] == '\0')
		fail_msg("TOPICMON_TEST_BOOTSTRAP is not set: it names the broker to test with");
	return address;
}

static rd_kafka_t *
client(rd_kafka_type_t type, const char *group)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char text[512];
	rd_kafka_t *rk;

	rd_kafka_conf_set(conf, "bootstrap.servers", cluster_address(), text, sizeof text);
	rd_kafka_conf_set(conf, "allow.auto.create.topics", "false", text, sizeof text);
	if (type == RD_KAFKA_PRODUCER) {
		rd_kafka_conf_set(conf, "message.max.bytes", "20000000", text, sizeof text);
		rd_kafka_conf_set(conf, "linger.ms", "0", text, sizeof text);
	}
	if (group != NULL)
		rd_kafka_conf_set(conf, "group.id", group, text, sizeof text);
	rk = rd_kafka_new(type, conf, text, sizeof text);
	if (rk == NULL)
		fail_msg("no client: %s", text);
	return rk;
}

int
cluster_setup(void **state)
{
	int failed = rig_setup(state);

	if (producer == NULL)
		producer = client(RD_KAFKA_PRODUCER, NULL);
	return failed;
}

const char *
cluster_name(const char *word)
{
	struct strbuf name = STRBUF_INIT;

	strbuf_addf(&name, "pty-%s-%ld", word, (long)getpid());
	strvec_push(&names, strbuf_str(&name));
	strbuf_fini(&name);
	return names.v[names.n - 1];
}

/* --- admin requests --- */

/* Waits for the answer to what was asked on the queue. */
static rd_kafka_event_t *
answer(rd_kafka_queue_t *queue)
{
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, KAFKA_MS);

	rd_kafka_queue_destroy(queue);
	assert_non_null(event);
	return event;
}

static rd_kafka_AdminOptions_t *
admin_options(rd_kafka_admin_op_t op)
{
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(producer, op);
	char text[256];

	rd_kafka_AdminOptions_set_request_timeout(options, KAFKA_MS, text, sizeof text);
	return options;
}

bool
cluster_has(const char *topic)
{
	struct strvec all = STRVEC_INIT;
	bool has;

	cluster_topics(&all);
	has = strvec_has(&all, topic);
	strvec_fini(&all);
	return has;
}

static rd_kafka_resp_err_t
try_create(const char *topic, int partitions, const char *const *configs)
{
	char text[256];
	rd_kafka_NewTopic_t *new_topic = rd_kafka_NewTopic_new(topic, partitions, 1, text, sizeof text);
	rd_kafka_AdminOptions_t *options = admin_options(RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(producer);
	rd_kafka_resp_err_t err;
	rd_kafka_event_t *event;
	size_t n;

	for (; configs != NULL && *configs != NULL; configs++) {
		const char *equals = strchr(*configs, '=');
		char name[128];

		snprintf(name, sizeof name, "%.*s", (int)(equals - *configs), *configs);
		rd_kafka_NewTopic_set_config(new_topic, name, equals + 1);
	}
	rd_kafka_CreateTopics(producer, &new_topic, 1, options, queue);
	event = answer(queue);
	err = rd_kafka_topic_result_error(rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n)[0]);
	rd_kafka_event_destroy(event);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_NewTopic_destroy(new_topic);
	return err;
}

void
cluster_create(const char *topic, int partitions, const char *const *configs)
{
	int64_t deadline = clock_ms() + KAFKA_MS;
	rd_kafka_resp_err_t err;

	/* Right after a delete the name may be taken still. */
	do {
		err = try_create(topic, partitions, configs);
	} while (err == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS && clock_ms() < deadline);
	assert_int_equal(err, RD_KAFKA_RESP_ERR_NO_ERROR);
}

const char *
cluster_topic(const char *word)
{
	const char *topic = cluster_name(word);

	cluster_create(topic, 3, NULL);
	return topic;
}

void
cluster_delete(const char *topic)
{
	rd_kafka_DeleteTopic_t *gone = rd_kafka_DeleteTopic_new(topic);
	rd_kafka_AdminOptions_t *options = admin_options(RD_KAFKA_ADMIN_OP_DELETETOPICS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(producer);

	rd_kafka_DeleteTopics(producer, &gone, 1, options, queue);
	rd_kafka_event_destroy(answer(queue));
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_DeleteTopic_destroy(gone);
}

static void
delete_group(const char *group)
{
	rd_kafka_DeleteGroup_t *gone = rd_kafka_DeleteGroup_new(group);
	rd_kafka_AdminOptions_t *options = admin_options(RD_KAFKA_ADMIN_OP_DELETEGROUPS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(producer);

	rd_kafka_DeleteGroups(producer, &gone, 1, options, queue);
	rd_kafka_event_destroy(answer(queue));
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_DeleteGroup_destroy(gone);
}

int
cluster_teardown(void **state)
{
	int failed = rig_teardown(state);

	for (size_t i = 0; i < groups.n; i++)
		delete_group(groups.v[i]);
	for (size_t i = 0; i < names.n; i++)
		cluster_delete(names.v[i]);
	strvec_fini(&groups);
	strvec_fini(&names);
	return failed;
}

/* --- messages --- */

void
cluster_write(const char *topic, const struct message *m)
{
	rd_kafka_vu_t args[] = {
		{ .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic },
		{ .vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = m->partition },
		{ .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
		{ .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { 0 } },
		{ .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { 0 } },
		{ .vtype = RD_KAFKA_VTYPE_HEADER },
	};
	char *key = NULL, *value = NULL;
	size_t key_len = 0, value_len = 0, n = sizeof args / sizeof args[0];
	rd_kafka_error_t *error;

	/* The library takes pointers that are not const. */
	if (m->key != NULL) {
		key_len = m->key_len != 0 ? m->key_len : strlen(m->key);
		key = malloc(key_len + 1);
		memcpy(key, m->key, key_len);
		args[3].u.mem.ptr = key;
		args[3].u.mem.size = key_len;
	}
	if (m->value != NULL) {
		value_len = m->value_len != 0 ? m->value_len : strlen(m->value);
		value = malloc(value_len + 1);
		memcpy(value, m->value, value_len);
		args[4].u.mem.ptr = value;
		args[4].u.mem.size = value_len;
	}
	if (m->header != NULL) {
		args[5].u.header.name = m->header;
		args[5].u.header.val = m->header_value;
		args[5].u.header.size = (ssize_t)strlen(m->header_value);
	} else {
		n--;
	}
	error = rd_kafka_produceva(producer, args, n);
	free(key);
	free(value);
	if (error != NULL)
		fail_msg("cannot write: %s", rd_kafka_error_string(error));
	assert_int_equal(rd_kafka_flush(producer, KAFKA_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
}

void
cluster_write_some(const char *topic, const char *prefix, int n)
{
	for (int i = 0; i < n; i++) {
		char key[64], value[64];
		struct message m = { .partition = -1, .key = key, .value = value };

		snprintf(key, sizeof key, "%s%d", prefix, i);
		snprintf(value, sizeof value, "{\"n\":%d}", i);
		cluster_write(topic, &m);
	}
}

void
cluster_read(const char *topic, int partition, struct strbuf *out)
{
	rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, NULL);
	rd_kafka_topic_t *handle = rd_kafka_topic_new(consumer, topic, NULL);
	int64_t low = 0, high = 0, next;

	assert_int_equal(rd_kafka_query_watermark_offsets(consumer, topic, partition, &low, &high, KAFKA_MS), 0);
	assert_int_equal(rd_kafka_consume_start(handle, partition, RD_KAFKA_OFFSET_BEGINNING), 0);
	for (next = low; next < high;) {
		rd_kafka_message_t *message = rd_kafka_consume(handle, partition, KAFKA_MS);

		assert_non_null(message);
		if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
			strbuf_add(out, message->key, message->key_len);
			strbuf_addch(out, '=');
			strbuf_add(out, message->payload, message->len);
			strbuf_addch(out, '\n');
			next = message->offset + 1;
		}
		rd_kafka_message_destroy(message);
	}
	rd_kafka_consume_stop(handle, partition);
	rd_kafka_topic_destroy(handle);
	rd_kafka_destroy(consumer);
}

/* --- groups --- */

void
cluster_commit(const char *group, const char *topic, int partition, int64_t offset)
{
	rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, group);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

	if (!strvec_has(&groups, group))
		strvec_push(&groups, group);
	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
	assert_int_equal(rd_kafka_commit(consumer, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(consumer);
}

int64_t
cluster_committed(const char *group, const char *topic, int partition)
{
	rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, group);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	int64_t offset;

	rd_kafka_topic_partition_list_add(list, topic, partition);
	assert_int_equal(rd_kafka_committed(consumer, list, KAFKA_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
	offset = list->elems[0].offset;
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(consumer);
	return offset < 0 ? -1 : offset;
}

void
cluster_topics(struct strvec *out)
{
	const struct rd_kafka_metadata *md;

	assert_int_equal(rd_kafka_metadata(producer, 1, NULL, &md, KAFKA_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
	for (int i = 0; i < md->topic_cnt; i++)
		strvec_push(out, md->topics[i].topic);
	rd_kafka_metadata_destroy(md);
}

void
cluster_groups(struct strvec *out)
{
	const struct rd_kafka_group_list *list;

	assert_int_equal(rd_kafka_list_groups(producer, NULL, &list, KAFKA_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
	for (int i = 0; i < list->group_cnt; i++)
		strvec_push(out, list->groups[i].group);
	rd_kafka_group_list_destroy(list);
}
