/* session: see the header. */
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "session_conf.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/kafka/source.h"
#include "topicmon/model/event.h"

/* A host name that was looked up: told by the library's threads, taken by the session's. */
struct lookup {
	char host[128];
	bool found;
};

struct session {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;        /* the main one */
	const struct connection *conn;
	struct mailbox *inbox;
	enum session_role role;
	struct mailbox *lookups;
	struct connection_event state;
	bool suspect;
	bool answered;                  /* ever */
	int64_t failing_ms;             /* since when there is no answer, 0: there was one */
	/* What was last heard of a connection that failed; the reason is "" when nothing was since the last answer. */
	char address[128];
	char reason[320];
	rd_kafka_resp_err_t code;
	char unresolved[128];
	atomic_int certificate;         /* what was wrong with the broker's, told by the library's threads; 0: nothing */
};

const char *
kafka_library_version(void)
{
	return rd_kafka_version_str();
}

static void
redact(const struct connection *conn, char *to, size_t size, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe);
	connection_redact(conn, &safe, text);
	snprintf(to, size, "%s", strbuf_str(&safe));
	strbuf_fini(&safe);
}

/* The state of the connection. */

/* Whether the host is one that the user named, and not one that the cluster advertised. */
static bool
is_bootstrap(const struct session *s, const char *host)
{
	size_t len = strlen(host);

	for (const char *p = s->conn->bootstrap; (p = strstr(p, host)); p++) {
		bool begins = p == s->conn->bootstrap || strchr(", /@", p[-1]);

		if (begins && (p[len] == ':' || p[len] == ',' || p[len] == '\0'))
			return true;
	}
	return false;
}

static void
tell(struct session *s, enum connection_state state, const char *address, const char *reason)
{
	struct connection_event now = { .state = state, .since_wall_ms = clock_wall_ms() };
	struct event ev = { .kind = EV_CONNECTION };

	if (s->role != SESSION_WATCH)
		return;
	redact(s->conn, now.address, sizeof(now.address), address);
	redact(s->conn, now.reason, sizeof(now.reason), reason);
	snprintf(now.unresolved, sizeof(now.unresolved), "%s", s->unresolved);
	if (s->state.since_wall_ms && s->state.state == state) {
		now.since_wall_ms = s->state.since_wall_ms;
		if (strcmp(now.address, s->state.address) == 0 && strcmp(now.reason, s->state.reason) == 0 &&
		    strcmp(now.unresolved, s->state.unresolved) == 0)
			return;
	}
	s->state = now;
	ev.connection = now;
	mailbox_push(s->inbox, &ev);
}

static void
tell_down(struct session *s, const char *otherwise)
{
	bool denied = s->code == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
	              s->code == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;

	tell(s, s->reason[0] && denied ? CONN_DENIED : CONN_DOWN,
	     s->reason[0] && s->address[0] ? s->address : s->conn->bootstrap, s->reason[0] ? s->reason : otherwise);
}

bool
session_is_down(const struct session *s)
{
	return s->state.state == CONN_DOWN || s->state.state == CONN_DENIED;
}

bool
session_is_suspect(const struct session *s)
{
	return s->suspect;
}

void
session_answered(struct session *s)
{
	s->suspect = false;
	s->answered = true;
	s->failing_ms = 0;
	s->reason[0] = '\0';
	s->address[0] = '\0';
	tell(s, CONN_UP, s->conn->bootstrap, "");
}

void
session_unanswered(struct session *s, rd_kafka_resp_err_t code)
{
	if (!s->failing_ms)
		s->failing_ms = clock_ms();
	/* It only takes time, or it is one broker of several that does not answer. */
	if (!s->suspect && !session_is_down(s) && clock_ms() - s->failing_ms < s->conn->timeout_ms)
		return;
	s->suspect = false;
	tell_down(s, code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT
	             ? "no answer in time" : rd_kafka_err2str(code));
}

/* Called from session_serve(). What the library tells of one broker may be one of many; that all are down is told apart. */
static void
on_error(rd_kafka_t *rk, int code, const char *text, void *opaque)
{
	struct session *s = opaque;
	char address[sizeof(s->address)], reason[sizeof(s->reason)];

	(void)rk;
	if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		s->suspect = s->suspect || s->state.state == CONN_UP;
		/* A connection that was merely closed may be up again in a moment: whoever asks next will tell. */
		if (s->state.state != CONN_UP || (s->reason[0] && strcmp(s->reason, "disconnected") != 0))
			tell_down(s, "no broker can be reached");
		return;
	}
	session_trouble(code, text, address, sizeof(address), reason, sizeof(reason));
	/* A guess of the library's about a connection that ends early, which is wrong once it has worked. */
	if (s->answered && strstr(text, "security.protocol"))
		snprintf(reason, sizeof(reason), "disconnected");
	if (strstr(text, "certificate verify failed"))
		session_certificate(atomic_load(&s->certificate), address, reason, sizeof(reason));
	if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
		session_login_hint(s->conn, reason, sizeof(reason));
	if (!reason[0] || (strcmp(reason, "disconnected") == 0 && s->reason[0]))
		return;
	memcpy(s->address, address, sizeof(address));
	memcpy(s->reason, reason, sizeof(reason));
	s->code = code;
	if (session_is_down(s) || s->suspect || (s->state.state != CONN_UP && code == RD_KAFKA_RESP_ERR__AUTHENTICATION))
		tell_down(s, "");
}

/* Called by the library's threads for each certificate of a broker: judges nothing, only remembers OpenSSL's verdict, which
 * the library's own sentence does not tell. */
static int
on_certificate(rd_kafka_t *rk, const char *broker, int32_t id, int *x509_error, int depth, const char *der, size_t size,
               char *text, size_t text_size, void *opaque)
{
	struct session *s = opaque;

	(void)rk, (void)broker, (void)id, (void)depth, (void)der, (void)size;
	if (*x509_error == 0)
		return 1;
	atomic_store(&s->certificate, *x509_error);
	snprintf(text, text_size, "OpenSSL's verification error %d", *x509_error);
	return 0;
}

/* The log. */

static enum log_level
level_of(int syslog_level)
{
	return syslog_level <= 3 ? LOG_ERROR : syslog_level == 4 ? LOG_WARN : syslog_level <= 6 ? LOG_INFO : LOG_DEBUG;
}

/* Called from session_serve(). */
static void
on_log(const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
	struct session *s = rd_kafka_opaque(rk);
	struct event ev = { .kind = EV_LOG, .log = { .wall_ms = clock_wall_ms(), .level = level_of(level) } };
	const char *thread_end = strncmp(text, "[thrd:", 6) == 0 ? strstr(text, "]: ") : NULL;
	struct strbuf line;

	/* Properties of the other kind of handle: the user has one list for all of ours. */
	if (strcmp(facility, "CONFWARN") == 0 && strstr(text, "will be ignored"))
		return;
	/* Newer libraries only log a connection that ends early, without a guess why. */
	if (strcmp(facility, "FAIL") == 0 && !s->answered && !s->reason[0]) {
		session_trouble(RD_KAFKA_RESP_ERR__TRANSPORT, thread_end ? thread_end + 3 : text, s->address,
		                sizeof(s->address), s->reason, sizeof(s->reason));
		if (strcmp(s->reason, "disconnected") == 0)
			snprintf(s->reason, sizeof(s->reason), "%s", SESSION_HUNG_UP);
	}
	strbuf_init(&line);
	strbuf_addf(&line, "%s: ", facility);
	connection_redact(s->conn, &line, thread_end ? thread_end + 3 : text);
	ev.log.text = strbuf_detach(&line);
	mailbox_push(s->inbox, &ev);
}

/* Called from session_serve(). */
static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *msg, void *opaque)
{
	struct session_delivery *delivery = msg->_private;

	(void)rk;
	(void)opaque;
	if (!delivery)
		return;
	*delivery = (struct session_delivery){
		.done = true, .code = msg->err, .partition = msg->partition, .offset = msg->offset,
		.timestamp_ms = rd_kafka_message_timestamp(msg, NULL),
	};
}

/* Names. */

/* Called by the library's threads: reads the connection, which is constant, and leaves word. A call without a name gives
 * back what an earlier one got. */
static int
on_resolve(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res, void *opaque)
{
	const struct session *s = opaque;
	const struct connection *conn = s->conn;
	struct lookup lookup = { .found = true };
	const char *addr = node;
	int failed;

	if (!node && !service) {
		freeaddrinfo(*res);
		return 0;
	}
	for (size_t i = 0; node && i < conn->resolve_hosts.n; i++) {
		if (strcasecmp(conn->resolve_hosts.v[i], node) == 0)
			addr = conn->resolve_addrs.v[i];
	}
	failed = getaddrinfo(addr, service, hints, res);
	if (node) {
		snprintf(lookup.host, sizeof(lookup.host), "%s", node);
		lookup.found = !failed;
		mailbox_push(s->lookups, &lookup);
	}
	return failed;
}

static void
take_lookups(struct session *s)
{
	struct lookup lookup;

	while (mailbox_pop(s->lookups, &lookup)) {
		if (lookup.found && strcmp(lookup.host, s->unresolved) == 0)
			s->unresolved[0] = '\0';
		else if (!lookup.found && !is_bootstrap(s, lookup.host))
			memcpy(s->unresolved, lookup.host, sizeof(s->unresolved));
		else
			continue;
		if (s->state.since_wall_ms)
			tell(s, s->state.state, s->state.address, s->state.reason);
	}
}

/* The handle. */

struct session *
session_new(const struct connection *conn, enum session_role role, const char *const *extra, struct mailbox *inbox,
            const struct wake *wake, struct err *e)
{
	rd_kafka_conf_t *conf = session_conf(conn, role, extra, e);
	struct session *s;

	if (!conf)
		return NULL;
	s = xcalloc(1, sizeof(*s));
	*s = (struct session){ .conn = conn, .inbox = inbox, .role = role };
	atomic_init(&s->certificate, 0);
	s->lookups = mailbox_new(sizeof(struct lookup), NULL, NULL);
	rd_kafka_conf_set_opaque(conf, s);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_log_cb(conf, on_log);
	rd_kafka_conf_set_resolve_cb(conf, on_resolve);
	/* Fails in a library without TLS, where there is none to ask about. */
	rd_kafka_conf_set_ssl_cert_verify_cb(conf, on_certificate);
	if (role == SESSION_PRODUCER)
		rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	s->rk = session_handle(conn, role, conf, true, e);
	if (!s->rk) {
		mailbox_free(s->lookups);
		free(s);
		return NULL;
	}
	rd_kafka_set_log_queue(s->rk, NULL);
	s->queue = rd_kafka_queue_get_main(s->rk);
	if (wake)
		rd_kafka_queue_io_event_enable(s->queue, wake->write_fd, "k", 1);
	tell(s, CONN_CONNECTING, conn->bootstrap, "");
	return s;
}

struct session *
session_new_groups(const struct connection *conn, const char *listed_group, struct mailbox *inbox,
                   const struct wake *wake, struct err *e)
{
	const char *const extra[] = { "group.id", listed_group, NULL };

	return session_new(conn, SESSION_GROUPS, extra, inbox, wake, e);
}

void
session_free(struct session *s)
{
	if (!s)
		return;
	rd_kafka_queue_io_event_enable(s->queue, -1, NULL, 0);
	rd_kafka_queue_destroy(s->queue);
	rd_kafka_destroy_flags(s->rk, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	mailbox_free(s->lookups);
	free(s);
}

rd_kafka_t *
session_kafka(const struct session *s)
{
	return s->rk;
}

void
session_serve(struct session *s)
{
	take_lookups(s);
	rd_kafka_poll(s->rk, 0);
	take_lookups(s);
}

int
session_timeout_ms(const struct session *s)
{
	return s->conn->timeout_ms;
}

const struct connection *
session_connection(const struct session *s)
{
	return s->conn;
}
