/* session_conf: see the header. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "compat.h"
#include "session_conf.h"
#include "topicmon/base/mem.h"

struct setting {
	const char *name;
	const char *value;
};

/* Every role. The first attempt to reach a broker again comes after 10 ms: 2.3 and later wait for it even before the very
 * first connection. A second is soon enough for a broker that stays away. Requests are small and somebody waits for each. */
static const struct setting common_settings[] = {
	{ "client.id", "topicmon" },
	{ "reconnect.backoff.ms", "10" },
	{ "reconnect.backoff.max.ms", "1000" },
	{ "socket.nagle.disable", "true" },
	{ "socket.keepalive.enable", "true" },
};

static const struct setting producer_settings[] = {
	{ "enable.idempotence", "true" },
};

/* What no property of the user's may change. The library sends group.id nowhere unless it is set (SESSION_GROUPS). */
static const struct setting always[] = {
	{ "log.queue", "true" },
};
static const struct setting consumer_always[] = {
	{ "allow.auto.create.topics", "false" },
	{ "enable.auto.commit", "false" },
	{ "enable.auto.offset.store", "false" },
	{ "enable.partition.eof", "true" },
};
/* Lag is against the high watermark. */
static const struct setting watch_always[] = {
	{ "isolation.level", "read_uncommitted" },
};

/* Properties of an application's consumer or producer that have no place in a monitor. */
static const char *const never[] = {
	"group.id", "group.instance.id", "group.protocol", "group.remote.assignor", "transactional.id", "bootstrap.servers",
	"metadata.broker.list", "log.queue",
};

static rd_kafka_type_t
session_type(enum session_role role)
{
	/* A producer handle always lets the broker create a topic that it asks about; a consumer can be told not to. */
	return role == SESSION_PRODUCER ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
}

static bool
is_never(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		if (strcmp(name, never[i]) == 0)
			return true;
	}
	return false;
}

static void
set_all(rd_kafka_conf_t *conf, const struct setting *settings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		rd_kafka_conf_set(conf, settings[i].name, settings[i].value, NULL, 0);
}

static void
set_ms(rd_kafka_conf_t *conf, const char *name, int ms, int least, int most)
{
	char value[16];

	snprintf(value, sizeof(value), "%d", ms < least ? least : ms > most ? most : ms);
	rd_kafka_conf_set(conf, name, value, NULL, 0);
}

/* The library wants 1.5 s for a request that waits at the broker, and 1 s to connect. */
static void
set_timeouts(rd_kafka_conf_t *conf, int timeout_ms)
{
	set_ms(conf, "socket.timeout.ms", timeout_ms, 2000, 300000);
	set_ms(conf, "api.version.request.timeout.ms", timeout_ms, 1000, 300000);
	set_ms(conf, "socket.connection.setup.timeout.ms", timeout_ms, 1000, 30000);
}

static bool
set_property(rd_kafka_conf_t *conf, const struct connection *conn, const struct property *p, struct err *e)
{
	char text[512];
	struct strbuf safe;

	switch (rd_kafka_conf_set(conf, p->name, p->value, text, sizeof(text))) {
	case RD_KAFKA_CONF_OK:
		return true;
	case RD_KAFKA_CONF_UNKNOWN:
		return err_set(e, ERR_USAGE, "Property '%s' is not one that librdkafka %s knows", p->name,
		               rd_kafka_version_str());
	case RD_KAFKA_CONF_INVALID:
		break;
	}
	strbuf_init(&safe);
	connection_redact(conn, &safe, text);
	err_set(e, ERR_USAGE, "Property '%s' is refused by librdkafka: %s", p->name, strbuf_str(&safe));
	strbuf_fini(&safe);
	return false;
}

/* The library's threads block all signals, and a fault in one of them would then end the program past the handler that
 * gives the terminal back. */
static rd_kafka_resp_err_t
on_thread_start(rd_kafka_t *rk, rd_kafka_thread_type_t type, const char *name, void *opaque)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	sigset_t set;

	(void)rk;
	(void)name;
	(void)opaque;
	if (type == RD_KAFKA_THREAD_MAIN)
		compat_wake_late();
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		sigaddset(&set, faults[i]);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t
on_new(rd_kafka_t *rk, const rd_kafka_conf_t *conf, void *opaque, char *text, size_t size)
{
	(void)conf;
	(void)text;
	(void)size;
	return rd_kafka_interceptor_add_on_thread_start(rk, "topicmon", on_thread_start, opaque);
}

rd_kafka_conf_t *
session_conf(const struct connection *conn, enum session_role role, const char *const *extra, struct err *e)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	struct property bootstrap = { .name = (char[]){ "bootstrap.servers" }, .value = conn->bootstrap };

	set_all(conf, common_settings, ARRAY_LEN(common_settings));
	set_timeouts(conf, conn->timeout_ms);
	if (role == SESSION_PRODUCER)
		set_all(conf, producer_settings, ARRAY_LEN(producer_settings));
	for (size_t i = 0; extra && extra[i]; i += 2)
		rd_kafka_conf_set(conf, extra[i], extra[i + 1], NULL, 0);
	for (size_t i = 0; i < conn->nproperties; i++) {
		if (!is_never(conn->properties[i].name) && !set_property(conf, conn, &conn->properties[i], e))
			goto refused;
	}
	if (!set_property(conf, conn, &bootstrap, e))
		goto refused;
	set_all(conf, always, ARRAY_LEN(always));
	if (role != SESSION_PRODUCER)
		set_all(conf, consumer_always, ARRAY_LEN(consumer_always));
	if (role == SESSION_WATCH)
		set_all(conf, watch_always, ARRAY_LEN(watch_always));
	return conf;

refused:
	rd_kafka_conf_destroy(conf);
	return NULL;
}

static bool
has_property(const struct connection *conn, const char *prefix)
{
	for (size_t i = 0; i < conn->nproperties; i++) {
		if (strncmp(conn->properties[i].name, prefix, strlen(prefix)) == 0)
			return true;
	}
	return false;
}

/* Certificates, keys and logins are read and compared only when a handle is made. */
bool
session_check(const struct connection *conn, struct err *e)
{
	rd_kafka_conf_t *conf = session_conf(conn, SESSION_WATCH, NULL, e);
	const char *protocol = connection_get(conn, "security.protocol");
	bool ssl = has_property(conn, "ssl."), sasl = has_property(conn, "sasl.");
	rd_kafka_t *rk;

	if (!conf)
		return false;
	if (!ssl && !sasl) {
		rd_kafka_conf_destroy(conf);
		return true;
	}
	/* The system's own certificates take a while to read, and nothing of the user's can be wrong about them. */
	if (!ssl && protocol && strcasecmp(protocol, "sasl_ssl") == 0)
		rd_kafka_conf_set(conf, "security.protocol", "sasl_plaintext", NULL, 0);
	/* Without an address it connects nowhere. */
	rd_kafka_conf_set(conf, "bootstrap.servers", "", NULL, 0);
	rk = session_handle(conn, SESSION_WATCH, conf, false, e);
	if (rk)
		rd_kafka_destroy(rk);
	return rk != NULL;
}

rd_kafka_t *
session_handle(const struct connection *conn, enum session_role role, rd_kafka_conf_t *conf, bool works, struct err *e)
{
	char text[512];
	struct strbuf safe;
	rd_kafka_t *rk;

	if (works)
		rd_kafka_conf_interceptor_add_on_new(conf, "topicmon", on_new, NULL);
	rk = rd_kafka_new(session_type(role), conf, text, sizeof(text));
	if (rk)
		return rk;
	/* With an interceptor the library has half freed it, and would crash: then it is lost. */
	if (!works)
		rd_kafka_conf_destroy(conf);
	strbuf_init(&safe);
	connection_redact(conn, &safe, text);
	err_set(e, ERR_USAGE, "The properties of the connection are refused by librdkafka: %s", strbuf_str(&safe));
	strbuf_fini(&safe);
	return NULL;
}

/* "sasl_ssl://host:9093/bootstrap: why": the address, and where the reason begins. */
static const char *
split_address(const char *text, char *address, size_t size)
{
	const char *scheme = strstr(text, "://"), *space = strchr(text, ' '), *start = text, *slash;

	if (scheme && (!space || scheme < space))
		start = scheme + 3;
	slash = strchr(start, '/');
	address[0] = '\0';
	if (!slash || (space && slash > space) || slash == start)
		return text;
	snprintf(address, size, "%.*s", (int)(slash - start), start);
	space = strstr(slash, ": ");
	return space ? space + 2 : slash;
}

/* The text up to " (after 3ms in state CONNECT)", which is of use to nobody here. */
static int
without_state(const char *text)
{
	const char *after = strstr(text, " (after ");

	return after ? (int)(after - text) : (int)strlen(text);
}

/* What follows the last of these marks in the text. */
static const char *
behind(const char *text, const char *mark)
{
	const char *found = strstr(text, mark);

	while (found) {
		text = found + strlen(mark);
		found = strstr(text, mark);
	}
	return text;
}

void
session_trouble(rd_kafka_resp_err_t code, const char *text, char *address, size_t address_size, char *reason,
                size_t reason_size)
{
	const char *why = split_address(text, address, address_size);

	if (code == RD_KAFKA_RESP_ERR__RESOLVE) {
		snprintf(reason, reason_size, "the name does not resolve: check it, or add --resolve %.*s=ADDRESS",
		         (int)strcspn(address, ":"), address);
	} else if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED) {
		why = behind(why, "SASL authentication error: ");
		snprintf(reason, reason_size, "%.*s", without_state(why), why);
	} else if (code == RD_KAFKA_RESP_ERR__SSL || strstr(why, "SSL routines:")) {
		why = behind(behind(why, "handshake failed: "), "SSL routines:");
		why += strspn(why, ":");
		snprintf(reason, reason_size, "TLS handshake failed: %.*s", without_state(why), why);
	} else if (strstr(why, "Connection refused")) {
		snprintf(reason, reason_size, "connection refused");
	} else if (strstr(why, "Invalid response size")) {
		snprintf(reason, reason_size, "what answers there is not a Kafka broker");
	} else if (strstr(why, "security.protocol")) {
		snprintf(reason, reason_size, "%s", SESSION_HUNG_UP);
	} else if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || strstr(why, "imed out")) {
		snprintf(reason, reason_size, "timed out");
	} else if (strncmp(why, "Disconnected", strlen("Disconnected")) == 0) {
		snprintf(reason, reason_size, "disconnected");
	} else {
		why = behind(why, " failed: ");
		snprintf(reason, reason_size, "%.*s", without_state(why), why);
	}
}

void
session_certificate(int x509_error, const char *address, char *reason, size_t reason_size)
{
	/* OpenSSL's numbers, which are the same in all its versions. */
	enum { NOT_YET_VALID = 9, EXPIRED = 10, SELF_SIGNED = 18, SELF_SIGNED_CHAIN = 19, NO_ISSUER = 20, NO_FIRST = 21,
	       OTHER_HOST = 62, OTHER_ADDRESS = 64 };
	static const struct { int error; const char *why; } known[] = {
		{ NOT_YET_VALID,     "it is not valid yet: is the clock right?" },
		{ EXPIRED,           "it has expired" },
		{ SELF_SIGNED,       "it is self-signed: give it by -X ssl.ca.location=FILE" },
		{ SELF_SIGNED_CHAIN, "its CA is not known: give the CA by -X ssl.ca.location=FILE" },
		{ NO_ISSUER,         "its CA is not known: give the CA by -X ssl.ca.location=FILE" },
		{ NO_FIRST,          "its CA is not known: give the CA by -X ssl.ca.location=FILE" },
	};
	int host = (int)strcspn(address, ":");

	if (x509_error == OTHER_HOST || x509_error == OTHER_ADDRESS) {
		snprintf(reason, reason_size, "the broker's certificate is not made out to %.*s: use the name that it is "
		         "made out to, or -X ssl.endpoint.identification.algorithm=none", host, address);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (known[i].error == x509_error) {
			snprintf(reason, reason_size, "the broker's certificate cannot be trusted: %s", known[i].why);
			return;
		}
	}
	snprintf(reason, reason_size, "the broker's certificate is not accepted (OpenSSL's error %d)", x509_error);
}

void
session_login_hint(const struct connection *conn, char *reason, size_t reason_size)
{
	const char *mechanism = connection_get(conn, "sasl.mechanisms");
	size_t len = strlen(reason);

	if (compat_scram_is_rfc5802() || !mechanism || strncasecmp(mechanism, "SCRAM-", 6) != 0 ||
	    !strstr(reason, "invalid credentials"))
		return;
	snprintf(reason + len, reason_size - len, " (or it is right: by SCRAM librdkafka %s cannot log in at Kafka 4, 2.6.1 and "
	         "later can)", rd_kafka_version_str());
}
