/* outsider: see support.h. Librdkafka as anybody else uses it: who writes, trims and commits while topicmon looks on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *msg, void *opaque)
{
	(void)rk;
	(void)opaque;
	if (msg->err)
		fail_msg("the outsider could not write: %s", rd_kafka_err2str(msg->err));
}

static rd_kafka_t *
new_handle(rd_kafka_type_t type, const char *bootstrap, const char *const *settings)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	/* Or its metadata requests would bring a deleted topic back. */
	assert_int_equal(rd_kafka_conf_set(conf, "allow.auto.create.topics", "false", why, sizeof(why)),
	                 RD_KAFKA_CONF_OK);
	assert_int_equal(rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why)), RD_KAFKA_CONF_OK);
	for (; settings && *settings; settings += 2)
		assert_int_equal(rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof(why)), RD_KAFKA_CONF_OK);
	assert_int_equal(rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, why, sizeof(why)), RD_KAFKA_CONF_OK);
	if (type == RD_KAFKA_PRODUCER)
		rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rk = rd_kafka_new(type, conf, why, sizeof(why));
	if (!rk)
		fail_msg("%s", why);
	return rk;
}

static rd_kafka_t *
producer(struct fixture *f)
{
	static const char *const settings[] = {
		"linger.ms", "2", "queue.buffering.max.messages", "1000000", "batch.num.messages", "10000", NULL
	};

	if (!f->producer)
		f->producer = new_handle(RD_KAFKA_PRODUCER, f->conn.bootstrap, settings);
	return f->producer;
}

static rd_kafka_t *
outsider(struct fixture *f)
{
	if (!f->outsider)
		f->outsider = new_handle(RD_KAFKA_PRODUCER, f->conn.bootstrap, NULL);
	return f->outsider;
}

static void
flush(rd_kafka_t *rk)
{
	rd_kafka_resp_err_t code = rd_kafka_flush(rk, WAIT_MS);

	if (code)
		fail_msg("the outsider could not write: %s", rd_kafka_err2str(code));
}

static void
produce_one(rd_kafka_t *rk, const char *topic, int32_t partition, const void *value, size_t len, int64_t ts)
{
	char key[] = "k";
	void *copied = (void *)(uintptr_t)value;        /* the library copies, but does not say const */
	rd_kafka_vu_t parts[] = {
		{ .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic },
		{ .vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = partition },
		{ .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { key, 1 } },
		{ .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { copied, len } },
		{ .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
		{ .vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = ts },
	};
	rd_kafka_error_t *failure = rd_kafka_produceva(rk, parts, sizeof(parts) / sizeof(parts[0]));

	if (failure)
		fail_msg("the outsider could not write: %s", rd_kafka_error_string(failure));
}

/* How many partitions the topic has. A new one may be unknown to a broker for a moment. */
static int32_t
partitions_of(rd_kafka_t *rk, const char *topic)
{
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(rk, topic, NULL);
	int64_t until_ms = clock_ms() + WAIT_MS;
	int32_t n = 0;

	while (n == 0 && clock_ms() < until_ms) {
		const struct rd_kafka_metadata *md;

		assert_int_equal(rd_kafka_metadata(rk, 0, rkt, &md, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
		n = md->topics[0].partition_cnt;
		rd_kafka_metadata_destroy(md);
	}
	rd_kafka_topic_destroy(rkt);
	assert_true(n > 0);
	return n;
}

void
produce_some(struct fixture *f, const char *topic, int32_t partition, const char *prefix, int n, int64_t ts)
{
	rd_kafka_t *rk = producer(f);
	int32_t npartitions = partitions_of(rk, topic);
	char value[64];

	for (int i = 0; i < n; i++) {
		int len = snprintf(value, sizeof(value), "%s%d", prefix, i);

		produce_one(rk, topic, partition >= 0 ? partition : i % npartitions, value, (size_t)len, ts ? ts + i : 0);
	}
	flush(rk);
}

void
produce_bulk(struct fixture *f, const char *topic, int32_t partition, int n, size_t size)
{
	rd_kafka_t *rk = producer(f);
	int32_t npartitions = partitions_of(rk, topic);
	char *value = xmalloc(size);

	memset(value, 'x', size);
	for (int i = 0; i < n; i++) {
		produce_one(rk, topic, partition >= 0 ? partition : i % npartitions, value, size, 0);
		if (i % 10000 == 9999)
			flush(rk);
	}
	flush(rk);
	free(value);
}

static void
must(rd_kafka_error_t *error)
{
	if (error)
		fail_msg("the outsider's transaction: %s", rd_kafka_error_string(error));
}

void
produce_transactions(struct fixture *f, const char *topic, int32_t partition, int n)
{
	char id[64], value[32];
	const char *const settings[] = { "transactional.id", id, "linger.ms", "0", NULL };
	rd_kafka_t *rk;

	snprintf(id, sizeof(id), "r-outsider-%s", topic);
	rk = new_handle(RD_KAFKA_PRODUCER, f->conn.bootstrap, settings);
	must(rd_kafka_init_transactions(rk, WAIT_MS));
	for (int i = 0; i < n; i++) {
		int len = snprintf(value, sizeof(value), "t%d", i);

		must(rd_kafka_begin_transaction(rk));
		produce_one(rk, topic, partition, value, (size_t)len, 0);
		flush(rk);
		if (i % 2)
			must(rd_kafka_abort_transaction(rk, WAIT_MS));
		else
			must(rd_kafka_commit_transaction(rk, WAIT_MS));
	}
	rd_kafka_destroy(rk);
}

/* The one answer on q, or a failed test. */
static void
take_answer(rd_kafka_queue_t *q)
{
	rd_kafka_event_t *ev = rd_kafka_queue_poll(q, WAIT_MS);

	assert_non_null(ev);
	if (rd_kafka_event_error(ev))
		fail_msg("the outsider's request: %s", rd_kafka_event_error_string(ev));
	rd_kafka_event_destroy(ev);
	rd_kafka_queue_destroy(q);
}

void
outsider_delete_records(struct fixture *f, const char *topic, int32_t partition, int64_t before)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_queue_t *q = rd_kafka_queue_new(outsider(f));
	rd_kafka_DeleteRecords_t *del;

	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = before;
	del = rd_kafka_DeleteRecords_new(list);
	rd_kafka_DeleteRecords(outsider(f), &del, 1, NULL, q);
	take_answer(q);
	rd_kafka_DeleteRecords_destroy(del);
	rd_kafka_topic_partition_list_destroy(list);
}

void
outsider_add_partitions(struct fixture *f, const char *topic, int32_t total)
{
	rd_kafka_queue_t *q = rd_kafka_queue_new(outsider(f));
	rd_kafka_NewPartitions_t *more = rd_kafka_NewPartitions_new(topic, (size_t)total, NULL, 0);

	rd_kafka_CreatePartitions(outsider(f), &more, 1, NULL, q);
	take_answer(q);
	rd_kafka_NewPartitions_destroy(more);
}

void
outsider_commit(struct fixture *f, const char *group, const char *topic, int32_t partition, int64_t offset)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_queue_t *q = rd_kafka_queue_new(outsider(f));
	rd_kafka_AlterConsumerGroupOffsets_t *change;

	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
	change = rd_kafka_AlterConsumerGroupOffsets_new(group, list);
	rd_kafka_AlterConsumerGroupOffsets(outsider(f), &change, 1, NULL, q);
	take_answer(q);
	rd_kafka_AlterConsumerGroupOffsets_destroy(change);
	rd_kafka_topic_partition_list_destroy(list);
}

rd_kafka_t *
outsider_join(struct fixture *f, const char *group, const char *topic)
{
	const char *const settings[] = {
		"group.id", group, "client.id", "r-member", "enable.auto.commit", "false", "auto.offset.reset",
		"earliest", NULL
	};
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
	rd_kafka_t *rk = new_handle(RD_KAFKA_CONSUMER, f->conn.bootstrap, settings);
	rd_kafka_topic_partition_list_t *held = NULL;
	int64_t until_ms = clock_ms() + WAIT_MS;
	int n = 0;

	rd_kafka_poll_set_consumer(rk);
	rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
	assert_int_equal(rd_kafka_subscribe(rk, topics), RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_topic_partition_list_destroy(topics);
	while (n == 0 && clock_ms() < until_ms) {
		rd_kafka_message_t *msg = rd_kafka_consumer_poll(rk, 50);

		if (msg)
			rd_kafka_message_destroy(msg);
		assert_int_equal(rd_kafka_assignment(rk, &held), RD_KAFKA_RESP_ERR_NO_ERROR);
		n = held->cnt;
		rd_kafka_topic_partition_list_destroy(held);
	}
	assert_true(n > 0);
	return rk;
}

void
outsider_commit_as_member(rd_kafka_t *member, const char *topic, int32_t partition, int64_t offset)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);

	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
	assert_int_equal(rd_kafka_commit(member, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_topic_partition_list_destroy(list);
}

void
outsider_delete_group(struct fixture *f, const char *group)
{
	rd_kafka_queue_t *q = rd_kafka_queue_new(outsider(f));
	rd_kafka_DeleteGroup_t *del = rd_kafka_DeleteGroup_new(group);

	rd_kafka_DeleteGroups(outsider(f), &del, 1, NULL, q);
	take_answer(q);
	rd_kafka_DeleteGroup_destroy(del);
}

size_t
outsider_count_groups(struct fixture *f)
{
	const struct rd_kafka_group_list *groups;
	size_t n;

	assert_int_equal(rd_kafka_list_groups(outsider(f), NULL, &groups, WAIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
	n = (size_t)groups->group_cnt;
	rd_kafka_group_list_destroy(groups);
	return n;
}
