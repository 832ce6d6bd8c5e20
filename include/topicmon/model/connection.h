/*
 * connection: everything that is needed to reach a cluster, as plain data: filled by config/ from options and files,
 * used by kafka/, shown by nobody (it holds secrets).
 *
 * Owns all its strings.   Thread: any, one at a time; constant once the source is started.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_CONNECTION_H
#define TOPICMON_MODEL_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/strbuf.h"

struct property {
	char *name;             /* librdkafka's name */
	char *value;
	bool secret;            /* never shown, removed from log lines */
};

struct connection {
	char *bootstrap;        /* "host:port,host:port" */
	struct property *properties;    /* librdkafka properties; a later one of the same name replaced the earlier */
	size_t nproperties;
	struct strvec resolve_hosts;    /* resolve_hosts.v[i] is reached at resolve_addrs.v[i] */
	struct strvec resolve_addrs;
	int timeout_ms;         /* bound of every request, default 5000 */
	bool read_only;         /* kafka/ refuses every write */
};

void connection_init(struct connection *conn);
void connection_fini(struct connection *conn);
void connection_copy(struct connection *to, const struct connection *from);     /* to was initialised; what it held goes */
/* Sets a property, replacing one of that name. Whether it is a secret is told by its name (password, secret, token,
 * jaas, ssl.key.pem, …: connection_is_secret). */
void connection_set(struct connection *conn, const char *name, const char *value);
const char *connection_get(const struct connection *conn, const char *name);    /* NULL: not set; borrowed */
bool connection_is_secret(const char *property_name);
/* Adds HOST -> ADDR; the last one for a host wins. */
void connection_resolve(struct connection *conn, const char *host, const char *addr);
/* Appends text with every secret value of the connection (and user:password@ in addresses) replaced by "***". */
void connection_redact(const struct connection *conn, struct strbuf *out, const char *text);

#endif
