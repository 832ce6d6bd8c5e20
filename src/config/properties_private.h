/*
 * properties, inside: lines of a file become entries, entries are translated into a connection.
 *
 * Thread: main.   Depends on: base, model/connection.
 */
#ifndef TOPICMON_CONFIG_PROPERTIES_PRIVATE_H
#define TOPICMON_CONFIG_PROPERTIES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/connection.h"

struct property_entry {
	char *name;
	char *value;
	size_t line;            /* where it begins; 0: not from a file */
};

struct property_list {
	struct property_entry *v;       /* owns its strings; they may be secrets */
	size_t n;
	bool java_syntax; /* something that only a Java file has: '!', ':' or blanks as separator, a
	                     continued line */
};

void property_list_fini(struct property_list *list);
void
property_list_add(struct property_list *list, const char *name, size_t name_len, const char *value,
                  size_t value_len, size_t line);

/* Read the lines. file is for the sentence of a mistake; the list is empty before and after one. */
bool
properties_lex_native(const char *file, const char *text, size_t len, struct property_list *list,
                      struct err *e);
bool
properties_lex_java(const char *file, const char *text, size_t len, struct property_list *list,
                    struct err *e);

/* Whether the names, or else the syntax, are those of a Java client. */
bool properties_are_java(const struct property_list *list);

/* One list on its way into a connection. */
struct translation {
	const char *file; /* opens every sentence: a path, "-X" or "config.json: properties" */
	const struct property_list *list;
	bool java;              /* names that nobody knows are somebody else's business */
	bool typed; /* chosen one by one for us: what cannot be passed on is refused, not left out
	             */
	const struct strvec
		*overridden; /* librdkafka names that are set later anyway; may be NULL */
	struct connection *conn;
};

bool properties_translate(const struct translation *t, struct err *e);

/* "FILE:LINE: name: …" with ERR_USAGE; returns false. */
bool
property_err(struct err *e, const struct translation *t, const struct property_entry *entry,
             const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The value of another entry of the list, NULL when there is none; the last one counts. */
const char *property_value(const struct translation *t, const char *name);
bool property_overridden(const struct translation *t, const char *native);

/* The translations that need more than a row. */
bool property_jaas(const struct translation *t, const struct property_entry *entry, struct err *e);
bool
property_truststore(const struct translation *t, const struct property_entry *entry, struct err *e);
bool
property_keystore(const struct translation *t, const struct property_entry *entry, struct err *e);

#endif
