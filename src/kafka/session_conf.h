/*
 * session_conf: a role's properties put together: its own settings, those of the caller, the user's, and last the ones
 * without which the role cannot keep its word.
 *
 * Thread: any.   Depends on: session.
 */
#ifndef TOPICMON_KAFKA_SESSION_CONF_PRIVATE_H
#define TOPICMON_KAFKA_SESSION_CONF_PRIVATE_H

#include "session.h"

/* The library's properties for the role, which the caller destroys or hands to rd_kafka_new(). NULL and *e (ERR_USAGE)
 * when one is refused. */
rd_kafka_conf_t *session_conf(const struct connection *conn, enum session_role role, const char *const *extra,
                              struct err *e);
/* A handle with these properties, which are taken over. NULL and *e (ERR_USAGE): they do not go together, a file cannot be
 * read, … works: it is meant to be used, and not only to see whether it can be made. */
rd_kafka_t *session_handle(const struct connection *conn, enum session_role role, rd_kafka_conf_t *conf, bool works,
                           struct err *e);

/* The guess about a connection that ends before anything came over it. */
#define SESSION_HUNG_UP "the broker hung up: is security.protocol right?"

/* What the library says about a connection that failed, "host:port/id: Connect to … failed: Connection refused (after …)",
 * as an address and a reason in words. The address is "" when there is none in it. */
void session_trouble(rd_kafka_resp_err_t code, const char *text, char *address, size_t address_size, char *reason,
                     size_t reason_size);

/* Why the certificate of the broker at the address was not accepted, in words; x509_error: OpenSSL's. */
void session_certificate(int x509_error, const char *address, char *reason, size_t reason_size);
/* Adds to the reason of a failed login what this version of the library may have to do with it. */
void session_login_hint(const struct connection *conn, char *reason, size_t reason_size);

#endif
