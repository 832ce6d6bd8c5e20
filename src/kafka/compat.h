/*
 * compat: what differs between the versions of librdkafka that are supported, 2.0.2 and later. The only place that asks
 * for the version.
 *
 * Thread: any.   Depends on: librdkafka.
 */
#ifndef TOPICMON_KAFKA_COMPAT_PRIVATE_H
#define TOPICMON_KAFKA_COMPAT_PRIVATE_H

#include <stdbool.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <librdkafka/rdkafka.h>

/* Whether the listing says that the group speaks the new protocol (KIP-848). Before 2.8 it does not say; then the group
 * is known by its description, "Dead" without members while the listing has it alive. */
static inline bool
compat_listed_new_protocol(const rd_kafka_ConsumerGroupListing_t *listing)
{
#if RD_KAFKA_VERSION >= 0x020800ff
	return rd_kafka_ConsumerGroupListing_type(listing) == RD_KAFKA_CONSUMER_GROUP_TYPE_CONSUMER;
#else
	(void)listing;
	return false;
#endif
}

/* Whether SCRAM is done as RFC 5802 wants it, on which Kafka 4 insists: earlier versions send the client's nonce twice. What
 * counts is the library that runs, which need not be the one that was built against. */
static inline bool
compat_scram_is_rfc5802(void)
{
	return rd_kafka_version() >= 0x020601ff;
}

/* The library's main thread waits in whole milliseconds for a timer that has microseconds, and spins for the rest: a
 * millisecond in every second and handle, more than all the work of one that is idle. If the system may wake it a little
 * late, the timer is due by then. To be called in that thread; only Linux lets it be said. */
static inline void
compat_wake_late(void)
{
#ifdef __linux__
	prctl(PR_SET_TIMERSLACK, 4000000ul, 0ul, 0ul, 0ul);
#endif
}

#endif
