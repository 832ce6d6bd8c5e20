/*
 * cluster: the outsider of the broker tests: who makes topics, writes messages and commits for groups while topicmon looks.
 *
 * The broker is the one that TOPICMON_TEST_BOOTSTRAP names. Topics and groups that were made here are deleted in
 * cluster_teardown(). Everything asserts its own success.
 *
 * Thread: one.   Depends on: cmocka, librdkafka.
 */
#ifndef TOPICMON_TESTS_PTY_CLUSTER_H
#define TOPICMON_TESTS_PTY_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"

struct message {
	int32_t partition;              /* -1: by the key */
	const char *key;                /* NULL: null */
	const char *value;              /* NULL: null */
	size_t key_len, value_len;      /* 0: up to the NUL */
	const char *header, *header_value;      /* NULL: none */
};

/* setup and teardown for cmocka, around those of the rig. */
int cluster_setup(void **state);
int cluster_teardown(void **state);

const char *cluster_address(void);
/* "pty-WORD-PID": of this process alone, deleted at the end whoever makes it. Borrowed until then. */
const char *cluster_name(const char *word);
/* Makes it, with "name=value" configs ended by NULL (NULL: none). */
void cluster_create(const char *topic, int partitions, const char *const *configs);
/* cluster_name() and cluster_create() with three partitions. */
const char *cluster_topic(const char *word);
void cluster_delete(const char *topic);
bool cluster_has(const char *topic);

void cluster_write(const char *topic, const struct message *m);
/* N messages "{"n":I}" with the keys PREFIX0, PREFIX1, …. */
void cluster_write_some(const char *topic, const char *prefix, int n);
/* All messages of the partition read back as "key=value\n" in their order. */
void cluster_read(const char *topic, int partition, struct strbuf *out);

/* Commits for a group without members; deleted at the end. */
void cluster_commit(const char *group, const char *topic, int partition, int64_t offset);
/* The committed offset, -1 for none. */
int64_t cluster_committed(const char *group, const char *topic, int partition);
void cluster_topics(struct strvec *names);
void cluster_groups(struct strvec *names);

#endif
