/*
 * properties: from options, config.json and a properties file to a struct connection.
 *
 * -F takes librdkafka's properties as kcat reads them (name=value, # comments) and a Java
 * client.properties (escapes, ':' and blanks as separators, continued lines, sasl.jaas.config,
 * trust and key stores); which of the two a file is, it tells itself. Properties that would break a
 * promise (group.id: watching leaves no trace) never reach the connection.
 *
 * The later wins: config.json, -F (which takes the place of config.json's properties and
 * bootstrap_server), -X, -b.
 *
 * Thread: main, before others start.   Depends on: base, model/connection,
 * config/{options,config_file}.
 */
#ifndef TOPICMON_CONFIG_PROPERTIES_H
#define TOPICMON_CONFIG_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/model/connection.h"

/* Fills *conn, which must be initialised and is replaced only on success. ERR_USAGE with a sentence
 * that names the option, or file and line, and never a secret. */
bool
connection_from_options(const struct options *o, const struct settings *s, struct connection *conn,
                        struct err *e);

/* Reads the text of a properties file into *conn, on top of what is there; file is for the
 * sentences. *conn is untouched on failure. overridden (may be NULL) are librdkafka names that will
 * be set otherwise: what leads to them is not looked at. */
bool
properties_parse(const char *file, const void *data, size_t len, const struct strvec *overridden,
                 struct connection *conn, struct err *e);

/* Whether a list of brokers has the form host[:port][,host[:port]]...; ERR_USAGE with the part that
 * has not. */
bool bootstrap_check(const char *list, struct err *e);

/* What becomes of the names of a Java file, for the README, in Markdown. */
void properties_markdown(struct strbuf *out);

#endif
