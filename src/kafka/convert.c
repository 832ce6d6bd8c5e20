/* convert: see the header. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "topicmon/base/mem.h"

enum group_state
convert_group_state(rd_kafka_consumer_group_state_t state)
{
	switch (state) {
	case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE:
		return GROUP_PREPARING;
	case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE:
		return GROUP_COMPLETING;
	case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE:
		return GROUP_STABLE;
	case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD:
		return GROUP_DEAD;
	case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY:
		return GROUP_EMPTY;
	default:
		return GROUP_UNKNOWN;
	}
}

static uint16_t
count16(int n)
{
	return n < 0 ? 0 : n > UINT16_MAX ? UINT16_MAX : (uint16_t)n;
}

static void
convert_topic(struct picture *p, const struct rd_kafka_metadata_topic *mt)
{
	uint32_t n = mt->partition_cnt > 0 ? (uint32_t)mt->partition_cnt : 0;
	struct partition *parts = xcalloc(n, sizeof(*parts));

	for (uint32_t i = 0; i < n; i++) {
		const struct rd_kafka_metadata_partition *mp = &mt->partitions[i];

		parts[i] = (struct partition){
			.id = mp->id, .leader = mp->leader, .replicas = mp->replicas, .isr = mp->isrs,
			.nreplicas = count16(mp->replica_cnt), .nisr = count16(mp->isr_cnt),
		};
	}
	picture_metadata_topic(p, mt->topic, (int16_t)mt->err, parts, n);
	free(parts);
}

void
convert_metadata(struct picture *p, const struct rd_kafka_metadata *md, const char *cluster_id, int32_t controller,
                 const char *only, int64_t now_ms)
{
	picture_metadata_begin(p, cluster_id, controller);
	for (int i = 0; i < md->broker_cnt; i++)
		picture_metadata_broker(p, md->brokers[i].id, md->brokers[i].host, md->brokers[i].port);
	for (int i = 0; i < md->topic_cnt; i++) {
		const struct rd_kafka_metadata_topic *mt = &md->topics[i];

		if (mt->topic && mt->err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART &&
		    (!only || strcmp(mt->topic, only) == 0))
			convert_topic(p, mt);
	}
	picture_metadata_end(p, now_ms);
}

/* The assignment's arrays lie in two blocks, which the caller frees when the picture has copied them. */
static struct member
convert_member(const rd_kafka_MemberDescription_t *described)
{
	const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(described);
	const rd_kafka_topic_partition_list_t *list = assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
	size_t n = list && list->cnt > 0 ? (size_t)list->cnt : 0;
	const char **topics = xcalloc(n, sizeof(*topics));
	int32_t *partitions = xcalloc(n, sizeof(*partitions));

	for (size_t i = 0; i < n; i++) {
		topics[i] = list->elems[i].topic;
		partitions[i] = list->elems[i].partition;
	}
	return (struct member){
		.id = rd_kafka_MemberDescription_consumer_id(described),
		.client_id = rd_kafka_MemberDescription_client_id(described),
		.host = rd_kafka_MemberDescription_host(described),
		.topics = topics, .partitions = partitions, .nassigned = n,
	};
}

void
convert_members(struct picture *p, const rd_kafka_ConsumerGroupDescription_t *described)
{
	size_t n = rd_kafka_ConsumerGroupDescription_member_count(described);
	struct member *members = xcalloc(n, sizeof(*members));

	for (size_t i = 0; i < n; i++)
		members[i] = convert_member(rd_kafka_ConsumerGroupDescription_member(described, i));
	picture_group_members(p, rd_kafka_ConsumerGroupDescription_group_id(described),
	                      convert_group_state(rd_kafka_ConsumerGroupDescription_state(described)), members, n, true);
	for (size_t i = 0; i < n; i++) {
		/* They are constant to everybody but whoever made them. */
		free((void *)(uintptr_t)members[i].topics);
		free((void *)(uintptr_t)members[i].partitions);
	}
	free(members);
}

void
convert_commits(struct picture *p, const char *group, const rd_kafka_topic_partition_list_t *list)
{
	size_t n = list && list->cnt > 0 ? (size_t)list->cnt : 0;
	const char **topics = xcalloc(n, sizeof(*topics));
	int32_t *partitions = xcalloc(n, sizeof(*partitions));
	int64_t *committed = xcalloc(n, sizeof(*committed));

	for (size_t i = 0; i < n; i++) {
		const rd_kafka_topic_partition_t *tp = &list->elems[i];

		topics[i] = tp->topic;
		partitions[i] = tp->partition;
		committed[i] = tp->err || tp->offset < 0 ? OFFSET_NONE : tp->offset;
	}
	picture_group_commits(p, group, topics, partitions, committed, n);
	free(topics);
	free(partitions);
	free(committed);
}

unsigned
convert_policy(const char *value)
{
	unsigned policy = POLICY_UNKNOWN;

	if (value && strstr(value, "delete"))
		policy |= POLICY_DELETE;
	if (value && strstr(value, "compact"))
		policy |= POLICY_COMPACT;
	return policy;
}

int64_t
convert_retention(const char *value)
{
	char *end;
	long long ms;

	if (!value || !value[0])
		return OFFSET_UNKNOWN;
	errno = 0;
	ms = strtoll(value, &end, 10);
	return errno || *end || ms < -1 ? OFFSET_UNKNOWN : ms;
}
