/*
 * topic_name: what Kafka accepts as the name of a topic, and globs over names.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_TOPIC_NAME_H
#define TOPICMON_MODEL_TOPIC_NAME_H

#include <stdbool.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* 1 to 249 of [a-zA-Z0-9._-], not "." or "..": org.apache.kafka.common.internals.Topic. On failure ERR_USAGE, with the
 * sentence that names the first character that is wrong. */
bool topic_name_check(const char *name, struct err *e);
/* __consumer_offsets, __transaction_state, and whatever else begins with two underscores. */
bool topic_name_is_internal(const char *name);
/* Whether one of the globs (* and ?) matches the whole name. */
bool topic_name_matches(const struct strvec *globs, const char *name);
/* "name=value" with a name that is not empty: the form of a topic config. */
bool topic_config_check(const char *text, struct err *e);

#endif
