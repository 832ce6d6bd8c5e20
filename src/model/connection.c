/* connection: see the header. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/connection.h"

void
connection_init(struct connection *conn)
{
	*conn = (struct connection){ .bootstrap = xstrdup("localhost:9092"), .timeout_ms = 5000 };
	strvec_init(&conn->resolve_hosts);
	strvec_init(&conn->resolve_addrs);
}

/* What held a secret is overwritten before it is given back. The volatile pointer keeps the
 * compiler from leaving it out. */
static void
free_value(char *value)
{
	for (volatile char *p = value; p && *p; p++)
		*p = '\0';
	free(value);
}

void
connection_fini(struct connection *conn)
{
	free(conn->bootstrap);
	for (size_t i = 0; i < conn->nproperties; i++) {
		free(conn->properties[i].name);
		free_value(conn->properties[i].value);
	}
	free(conn->properties);
	strvec_fini(&conn->resolve_hosts);
	strvec_fini(&conn->resolve_addrs);
	*conn = (struct connection){ 0 };
}

void
connection_copy(struct connection *to, const struct connection *from)
{
	struct connection copy = { .timeout_ms = from->timeout_ms, .read_only = from->read_only };

	copy.bootstrap = xstrdup(from->bootstrap);
	for (size_t i = 0; i < from->nproperties; i++)
		connection_set(&copy, from->properties[i].name, from->properties[i].value);
	strvec_copy(&copy.resolve_hosts, &from->resolve_hosts);
	strvec_copy(&copy.resolve_addrs, &from->resolve_addrs);
	connection_fini(to);
	*to = copy;
}

void
connection_set(struct connection *conn, const char *name, const char *value)
{
	struct property *p;

	for (size_t i = 0; i < conn->nproperties; i++) {
		p = &conn->properties[i];
		if (strcmp(p->name, name) == 0) {
			char *old = p->value;

			p->value = xstrdup(value);
			free_value(old);
			return;
		}
	}
	conn->properties =
		xreallocarray(conn->properties, conn->nproperties + 1, sizeof(*conn->properties));
	p = &conn->properties[conn->nproperties++];
	*p = (struct property){
		.name = xstrdup(name), .value = xstrdup(value),
		.secret = connection_is_secret(name),
	};
}

const char *
connection_get(const struct connection *conn, const char *name)
{
	for (size_t i = 0; i < conn->nproperties; i++) {
		if (strcmp(conn->properties[i].name, name) == 0)
			return conn->properties[i].value;
	}
	return NULL;
}

static bool
contains_word(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text; text++) {
		if (strncasecmp(text, word, len) == 0)
			return true;
	}
	return false;
}

bool
connection_is_secret(const char *property_name)
{
	/* librdkafka's own, and those of Java files, which pass through here before they are
	 * translated. Certificates are public, and where a key lies is no secret. */
	static const char *const words[] = {
		"password", "passphrase", "secret", "jaas", "credential", "token", "key.pem",
		"keystore.key", "ssl_key",
		"oauthbearer.config",
	};

	if (strcasecmp(property_name, "sasl.oauthbearer.token.endpoint.url") == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (contains_word(property_name, words[i]))
			return true;
	}
	return false;
}

void
connection_resolve(struct connection *conn, const char *host, const char *addr)
{
	for (size_t i = 0; i < conn->resolve_hosts.n; i++) {
		if (strcasecmp(conn->resolve_hosts.v[i], host) == 0) {
			char *old = conn->resolve_addrs.v[i];

			conn->resolve_addrs.v[i] = xstrdup(addr);
			free(old);
			return;
		}
	}
	strvec_push(&conn->resolve_hosts, host);
	strvec_push(&conn->resolve_addrs, addr);
}

/* The length of the longest secret value that the text starts with; 0: none. */
static size_t
secret_at(const struct connection *conn, const char *text)
{
	size_t longest = 0;

	for (size_t i = 0; i < conn->nproperties; i++) {
		const struct property *p = &conn->properties[i];
		size_t len = strlen(p->value);

		if (p->secret && len > longest && strncmp(text, p->value, len) == 0)
			longest = len;
	}
	return longest;
}

/* The length of "user:password" when the text starts with it and an '@' follows, as in an
 * address; 0 otherwise. */
static size_t
login_at(const char *text)
{
	size_t user = strcspn(text, ":@/ \t\r\n\"',");
	size_t all;

	if (!user || text[user] != ':')
		return 0;
	all = user + 1 + strcspn(text + user + 1, "@ \t\r\n\"',");
	/* In "kafka://user:…@" the scheme is no user; what follows is looked at by itself. */
	if (text[all] != '@' || strncmp(text + user, "://", 3) == 0)
		return 0;
	return all;
}

void
connection_redact(const struct connection *conn, struct strbuf *out, const char *text)
{
	bool word_start = true;

	strbuf_adds(out, "");
	while (*text) {
		size_t hidden = secret_at(conn, text);

		if (!hidden && word_start)
			hidden = login_at(text);
		if (hidden) {
			strbuf_adds(out, "***");
			text += hidden;
			word_start = false;
			continue;
		}
		word_start = strchr("/ \t\r\n\"',=(", *text) != NULL;
		strbuf_addch(out, *text++);
	}
}
