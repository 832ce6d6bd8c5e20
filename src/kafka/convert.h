/*
 * convert: the library's answers as the model's plain data.
 *
 * Thread: any.   Depends on: model, librdkafka.
 */
#ifndef TOPICMON_KAFKA_CONVERT_PRIVATE_H
#define TOPICMON_KAFKA_CONVERT_PRIVATE_H

#include <librdkafka/rdkafka.h>

#include "topicmon/model/picture.h"

enum group_state convert_group_state(rd_kafka_consumer_group_state_t state);

/* Tells the picture a whole round of metadata. only: leave other topics out; NULL: all. A topic that is not there, which
 * an answer about one topic may say, is left out too. */
void convert_metadata(struct picture *p, const struct rd_kafka_metadata *md, const char *cluster_id, int32_t controller,
                      const char *only, int64_t now_ms);

/* Tells the picture the members in a description. */
void convert_members(struct picture *p, const rd_kafka_ConsumerGroupDescription_t *described);

/* Tells the picture a group's commits. */
void convert_commits(struct picture *p, const char *group, const rd_kafka_topic_partition_list_t *list);

/* The values of cleanup.policy and retention.ms; NULL: not told. */
unsigned convert_policy(const char *value);
int64_t convert_retention(const char *value);

#endif
