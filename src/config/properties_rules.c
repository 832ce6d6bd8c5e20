/* properties_rules: what becomes of a property by its name. One table tells the two kinds of file
 * apart, maps Java's names to librdkafka's, and keeps out what would break a promise. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "properties_private.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/config/properties.h"

/* Whose name it is. */
enum kind {
	BOTH, /* means the same to both: passed on as `native`, or under its own name */
	JAVA, /* Java's alone: passed on as `native`, or by `apply` */
	NATIVE, /* librdkafka's alone: passed on */
	SKIP_JAVA, /* Java's alone, and nothing to us */
	SKIP, /* known to both, and left out of a Java file: about clients that are not ours */
	OURS, /* left out of every file, and refused when it is asked for by name: it would break a
	         promise */
};

struct rule {
	const char *name;
	enum kind kind;
	const char *native;     /* NULL: the same name */
	bool (*apply)(const struct translation *t, const struct property_entry *entry,
	              struct err *e);
	const char *why;        /* of OURS and the README */
};

static bool
apply_bootstrap(const struct translation *t, const struct property_entry *entry, struct err *e);
static bool
apply_host_check(const struct translation *t, const struct property_entry *entry, struct err *e);
static bool
apply_token_url(const struct translation *t, const struct property_entry *entry, struct err *e);
static bool
apply_mechanism(const struct translation *t, const struct property_entry *entry, struct err *e);

#define NO_GROUP "topicmon joins no group: watching leaves no trace"
#define NO_COMMIT "topicmon commits nothing: watching leaves no trace"

/* clang-format off */
static const struct rule rules[] = {
	{ "bootstrap.servers",                     BOTH, NULL, apply_bootstrap, NULL },
	{ "metadata.broker.list",                  NATIVE, NULL, apply_bootstrap, NULL },
	{ "client.id",                             BOTH, NULL, NULL, NULL },
	{ "client.rack",                           BOTH, NULL, NULL, NULL },
	{ "security.protocol",                     BOTH, NULL, NULL, NULL },
	{ "sasl.mechanism",                        BOTH, "sasl.mechanisms", apply_mechanism, NULL },
	{ "sasl.mechanisms",                       NATIVE, NULL, apply_mechanism, NULL },
	{ "sasl.jaas.config",
	  JAVA, "sasl.username, sasl.password, …", property_jaas, NULL },
	{ "sasl.username",                         NATIVE, NULL, NULL, NULL },
	{ "sasl.password",                         NATIVE, NULL, NULL, NULL },
	{ "sasl.kerberos.service.name",            BOTH, NULL, NULL, NULL },
	{ "sasl.kerberos.kinit.cmd",               SKIP, NULL, NULL, NULL },
	{ "sasl.kerberos.keytab",                  NATIVE, NULL, NULL, NULL },
	{ "sasl.kerberos.principal",               NATIVE, NULL, NULL, NULL },
	{ "sasl.kerberos.min.time.before.relogin", BOTH, NULL, NULL, NULL },
	{ "sasl.oauthbearer.token.endpoint.url",   BOTH, NULL, apply_token_url, NULL },
	{ "sasl.oauthbearer.scope",                BOTH, NULL, NULL, NULL },
	{ "sasl.oauthbearer.client.credentials.client.id",
	  JAVA, "sasl.oauthbearer.client.id", NULL, NULL },
	{ "sasl.oauthbearer.client.credentials.client.secret",
	  JAVA, "sasl.oauthbearer.client.secret", NULL, NULL },
	{ "sasl.oauthbearer.client.id",            NATIVE, NULL, NULL, NULL },
	{ "sasl.oauthbearer.client.secret",        NATIVE, NULL, NULL, NULL },
	{ "sasl.oauthbearer.config",               NATIVE, NULL, NULL, NULL },
	{ "sasl.oauthbearer.method",               NATIVE, NULL, NULL, NULL },
	{ "enable.sasl.oauthbearer.unsecure.jwt",  NATIVE, NULL, NULL, NULL },
	{ "ssl.truststore.location",
	  JAVA, "ssl.ca.location", property_truststore, NULL },
	{ "ssl.truststore.certificates",           JAVA, "ssl.ca.pem", NULL, NULL },
	{ "ssl.truststore.type",
	  SKIP_JAVA, NULL, NULL, "seen from the store itself" },
	{ "ssl.truststore.password",
	  SKIP_JAVA, NULL, NULL, "PEM certificates need none" },
	{ "ssl.keystore.location",                 BOTH, NULL, property_keystore, NULL },
	{ "ssl.keystore.password",                 BOTH, NULL, NULL, NULL },
	{ "ssl.keystore.type",
	  SKIP_JAVA, NULL, NULL, "seen from the store itself" },
	{ "ssl.keystore.key",                      JAVA, "ssl.key.pem", NULL, NULL },
	{ "ssl.keystore.certificate.chain",        JAVA, "ssl.certificate.pem", NULL, NULL },
	{ "ssl.key.password",                      BOTH, NULL, NULL, NULL },
	{ "ssl.endpoint.identification.algorithm", BOTH, NULL, apply_host_check, NULL },
	{ "ssl.ca.location",                       NATIVE, NULL, NULL, NULL },
	{ "ssl.ca.pem",                            NATIVE, NULL, NULL, NULL },
	{ "ssl.certificate.location",              NATIVE, NULL, NULL, NULL },
	{ "ssl.certificate.pem",                   NATIVE, NULL, NULL, NULL },
	{ "ssl.key.location",                      NATIVE, NULL, NULL, NULL },
	{ "ssl.key.pem",                           NATIVE, NULL, NULL, NULL },
	{ "enable.ssl.certificate.verification",   NATIVE, NULL, NULL, NULL },
	{ "reconnect.backoff.ms",                  BOTH, NULL, NULL, NULL },
	{ "reconnect.backoff.max.ms",              BOTH, NULL, NULL, NULL },
	{ "retry.backoff.ms",                      BOTH, NULL, NULL, NULL },
	{ "metadata.max.age.ms",                   BOTH, NULL, NULL, NULL },
	{ "connections.max.idle.ms",               BOTH, NULL, NULL, NULL },
	{ "socket.connection.setup.timeout.ms",    BOTH, NULL, NULL, NULL },
	{ "socket.timeout.ms",                     NATIVE, NULL, NULL, NULL },
	{ "broker.address.family",                 NATIVE, NULL, NULL, NULL },
	{ "debug",                                 NATIVE, NULL, NULL, NULL },

	{ "group.id",                              OURS, NULL, NULL, NO_GROUP },
	{ "group.instance.id",                     OURS, NULL, NULL, NO_GROUP },
	{ "group.protocol",                        OURS, NULL, NULL, NO_GROUP },
	{ "group.protocol.type",                   OURS, NULL, NULL, NO_GROUP },
	{ "group.remote.assignor",                 OURS, NULL, NULL, NO_GROUP },
	{ "partition.assignment.strategy",         OURS, NULL, NULL, NO_GROUP },
	{ "session.timeout.ms",                    OURS, NULL, NULL, NO_GROUP },
	{ "heartbeat.interval.ms",                 OURS, NULL, NULL, NO_GROUP },
	{ "max.poll.interval.ms",                  OURS, NULL, NULL, NO_GROUP },
	{ "enable.auto.commit",                    OURS, NULL, NULL, NO_COMMIT },
	{ "auto.commit.enable",                    OURS, NULL, NULL, NO_COMMIT },
	{ "auto.commit.interval.ms",               OURS, NULL, NULL, NO_COMMIT },
	{ "enable.auto.offset.store",              OURS, NULL, NULL, NO_COMMIT },
	{ "offset.store.method",                   OURS, NULL, NULL, NO_COMMIT },
	{ "auto.offset.reset",
	  OURS, NULL, NULL, "where reading begins is chosen by --from or on the screen" },
	{ "allow.auto.create.topics",
	  OURS, NULL, NULL, "topicmon never creates a topic by looking at it" },
	{ "enable.partition.eof",
	  OURS, NULL, NULL, "topicmon has to see the end of each partition" },
	{ "isolation.level",
	  OURS, NULL, NULL, "lag is against the high watermark, so everything is read" },
	{ "transactional.id",
	  OURS, NULL, NULL, "topicmon writes without transactions" },
	{ "transaction.timeout.ms",
	  OURS, NULL, NULL, "topicmon writes without transactions" },
	{ "log.queue",
	  OURS, NULL, NULL, "the library's log goes to the log view" },

	{ "acks",                                  SKIP, NULL, NULL, NULL },
	{ "retries",                               SKIP, NULL, NULL, NULL },
	{ "batch.size",                            SKIP, NULL, NULL, NULL },
	{ "linger.ms",                             SKIP, NULL, NULL, NULL },
	{ "compression.type",                      SKIP, NULL, NULL, NULL },
	{ "delivery.timeout.ms",                   SKIP, NULL, NULL, NULL },
	{ "enable.idempotence",                    SKIP, NULL, NULL, NULL },
	{ "max.in.flight.requests.per.connection", SKIP, NULL, NULL, NULL },
	{ "fetch.min.bytes",                       SKIP, NULL, NULL, NULL },
	{ "fetch.max.bytes",                       SKIP, NULL, NULL, NULL },
	{ "max.partition.fetch.bytes",             SKIP, NULL, NULL, NULL },
	{ "check.crcs",                            SKIP, NULL, NULL, NULL },
	{ "client.dns.lookup",                     SKIP, NULL, NULL, NULL },
	{ "request.timeout.ms",
	  SKIP, NULL, NULL, "--timeout bounds every request" },
	{ "enable.metrics.push",                   SKIP, NULL, NULL, NULL },
	{ "metadata.recovery.strategy",            SKIP, NULL, NULL, NULL },
	{ "ssl.cipher.suites",
	  SKIP, NULL, NULL, "Java's names of ciphers are not OpenSSL's" },

	{ "key.serializer",                        SKIP_JAVA, NULL, NULL, NULL },
	{ "value.serializer",                      SKIP_JAVA, NULL, NULL, NULL },
	{ "key.deserializer",                      SKIP_JAVA, NULL, NULL, NULL },
	{ "value.deserializer",                    SKIP_JAVA, NULL, NULL, NULL },
	{ "partitioner.class",                     SKIP_JAVA, NULL, NULL, NULL },
	{ "interceptor.classes",                   SKIP_JAVA, NULL, NULL, NULL },
	{ "metric.reporters",                      SKIP_JAVA, NULL, NULL, NULL },
	{ "max.poll.records",                      SKIP_JAVA, NULL, NULL, NULL },
	{ "max.block.ms",                          SKIP_JAVA, NULL, NULL, NULL },
	{ "max.request.size",                      SKIP_JAVA, NULL, NULL, NULL },
	{ "buffer.memory",                         SKIP_JAVA, NULL, NULL, NULL },
	{ "fetch.max.wait.ms",                     SKIP_JAVA, NULL, NULL, NULL },
	{ "exclude.internal.topics",               SKIP_JAVA, NULL, NULL, NULL },
	{ "default.api.timeout.ms",
	  SKIP_JAVA, NULL, NULL, "--timeout bounds every request" },
	{ "send.buffer.bytes",                     SKIP_JAVA, NULL, NULL, NULL },
	{ "receive.buffer.bytes",                  SKIP_JAVA, NULL, NULL, NULL },
	{ "socket.connection.setup.timeout.max.ms", SKIP_JAVA, NULL, NULL, NULL },
	{ "security.providers",                    SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.protocol",                          SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.provider",                          SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.enabled.protocols",                 SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.keymanager.algorithm",              SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.trustmanager.algorithm",            SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.secure.random.implementation",      SKIP_JAVA, NULL, NULL, NULL },
	{ "ssl.engine.factory.class",              SKIP_JAVA, NULL, NULL, NULL },
	{ "sasl.client.callback.handler.class",    SKIP_JAVA, NULL, NULL, NULL },
	{ "sasl.login.callback.handler.class",     SKIP_JAVA, NULL, NULL, NULL },
	{ "sasl.login.class",                      SKIP_JAVA, NULL, NULL, NULL },
};

/* clang-format on */
static const struct rule *
find_rule(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (strcmp(rules[i].name, name) == 0)
			return &rules[i];
	}
	return NULL;
}

bool
property_err(struct err *e, const struct translation *t, const struct property_entry *entry,
             const char *fmt, ...)
{
	struct strbuf what = STRBUF_INIT, where = STRBUF_INIT;
	struct shown f, n;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&what, fmt, ap);
	va_end(ap);
	strbuf_adds(&where, shown_path(&f, t->file));
	if (entry->line)
		strbuf_addf(&where, ":%zu:", entry->line);
	err_set(e, ERR_USAGE, "%s %s: %s", where.buf, shown_text(&n, entry->name),
	        strbuf_str(&what));
	strbuf_fini(&what);
	strbuf_fini(&where);
	return false;
}

const char *
property_value(const struct translation *t, const char *name)
{
	for (size_t i = t->list->n; i-- > 0;) {
		if (strcmp(t->list->v[i].name, name) == 0)
			return t->list->v[i].value;
	}
	return NULL;
}

bool
property_overridden(const struct translation *t, const char *native)
{
	return t->overridden && strvec_has(t->overridden, native);
}

static bool
apply_bootstrap(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	struct err why;

	if (!bootstrap_check(entry->value, &why))
		return property_err(e, t, entry, "%s", why.text);
	free(t->conn->bootstrap);
	t->conn->bootstrap = xstrdup(entry->value);
	return true;
}

/* Java switches the check off by an empty value, librdkafka by a word; Java writes HTTPS,
 * librdkafka https. */
static bool
apply_host_check(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	const char *value = *entry->value ? entry->value : "none";
	struct shown v;

	if (strcasecmp(value, "none") != 0 && strcasecmp(value, "https") != 0)
		return property_err(e, t, entry,
		                    "should be https, or none or empty for no check, not '%s'",
		                    shown_text(&v, value));
	connection_set(t->conn, entry->name, strcasecmp(value, "none") == 0 ? "none" : "https");
	return true;
}

/* Java asks the endpoint once it has one, librdkafka once it is told to. */
static bool
apply_token_url(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	(void)e;
	connection_set(t->conn, entry->name, entry->value);
	if (t->java)
		connection_set(t->conn, "sasl.oauthbearer.method", "oidc");
	return true;
}

static bool
apply_mechanism(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	if (strcmp(entry->value, "AWS_MSK_IAM") == 0)
		return property_err(e, t, entry,
		                    "librdkafka has no AWS_MSK_IAM; it has PLAIN, SCRAM-SHA-256, "
		                    "SCRAM-SHA-512, OAUTHBEARER and GSSAPI");
	connection_set(t->conn, "sasl.mechanisms", entry->value);
	return true;
}

/* The names decide; only when they could be either does the syntax. */
bool
properties_are_java(const struct property_list *list)
{
	bool native = false;

	for (size_t i = 0; i < list->n; i++) {
		const struct rule *rule = find_rule(list->v[i].name);

		if (rule && (rule->kind == JAVA || rule->kind == SKIP_JAVA))
			return true;
		native |= rule && rule->kind == NATIVE;
	}
	return list->java_syntax && !native;
}

/* A name that is in no row. A Java client leaves what it does not know to others, so this does too,
 * unless it looks like a slip; librdkafka knows more than the rows do and says itself what it does
 * not know. */
static bool
take_unknown(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	struct suggest near;

	if (!*entry->name)
		return property_err(e, t, entry, "a name is missing before the '='");
	/* kcat's own, in a file that is meant for it too. */
	if (!t->typed && strncmp(entry->name, "schema.registry.", strlen("schema.registry.")) == 0)
		return true;
	if (!t->java) {
		connection_set(t->conn, entry->name, entry->value);
		return true;
	}
	if (!strchr(entry->name, '.'))
		return true;
	suggest_init(&near, entry->name);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		suggest_offer(&near, rules[i].name);
	if (!suggest_best(&near) || near.cost > 2)
		return true;
	return property_err(e, t, entry, "there is no such property; did you mean %s?",
	                    suggest_best(&near));
}

static bool
take_entry(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	const struct rule *rule = find_rule(entry->name);
	if (!rule)
		return take_unknown(t, entry, e);
	switch (rule->kind) {
	case OURS:
		return !t->typed || property_err(e, t, entry, "cannot be set: %s", rule->why);
	case SKIP:
	case SKIP_JAVA:
		/* Asked for by name, or in a file for librdkafka: then it is meant, if librdkafka
		 * knows it. */
		if (!t->java)
			connection_set(t->conn, entry->name, entry->value);
		return true;
	case BOTH:
	case JAVA:
	case NATIVE:
		break;
	}
	/* A key store is Java's only in a Java file. */
	if (rule->apply && (t->java || rule->apply != property_keystore))
		return rule->apply(t, entry, e);
	connection_set(t->conn, rule->native ? rule->native : rule->name, entry->value);
	return true;
}

bool
properties_translate(const struct translation *t, struct err *e)
{
	for (size_t i = 0; i < t->list->n; i++) {
		struct property_entry entry = t->list->v[i];

		/* kcat's way to name a property of topics. */
		if (!t->java && strncmp(entry.name, "topic.", 6) == 0 &&
		    strncmp(entry.name, "topic.metadata.", 15) != 0 &&
		    strcmp(entry.name, "topic.blacklist") != 0)
			entry.name += 6;
		/* It would be replaced anyway; what is wrong with it does not matter. */
		if (property_overridden(t, entry.name))
			continue;
		if (!take_entry(t, &entry, e))
			return false;
	}
	return true;
}

void
properties_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| In a Java file | Becomes |\n|---|---|\n");
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const struct rule *r = &rules[i];

		if (r->kind == JAVA || (r->kind == BOTH && r->native))
			strbuf_addf(out, "| `%s` | `%s` |\n", r->name, r->native);
		else if (r->why && r->kind != OURS)
			strbuf_addf(out, "| `%s` | left out: %s |\n", r->name, r->why);
	}
}
