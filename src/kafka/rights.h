/*
 * rights: whether consumer groups may be hidden from this user. A broker lists all groups to who may describe the cluster,
 * and to everybody else only those that he may describe, without a word about the others: an empty list then proves nothing.
 * librdkafka 2.0.2 has no request that tells (it drops the error of a DescribeAcls, 2.15.1 too). Next to it comes the
 * right to read the brokers' configs: who has that is somebody who looks after the cluster, and who has it not is at a
 * cluster with an authorizer, which may hide groups.
 *
 * Thread: the caller's.   Depends on: librdkafka.
 */
#ifndef TOPICMON_KAFKA_RIGHTS_PRIVATE_H
#define TOPICMON_KAFKA_RIGHTS_PRIVATE_H

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

/* Asks a broker for its configs; the answer, RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT, comes to the queue. False: no broker is
 * known yet to ask. */
bool rights_ask(rd_kafka_t *rk, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue);
/* Whether that answer says that groups may be hidden. Any other failure says nothing. */
bool rights_hide_groups(rd_kafka_event_t *answer);

#endif
