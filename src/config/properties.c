/* properties: see the header. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "properties_private.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/config/properties.h"

/* More lines than this are no connection, and would only take long. */
#define PROPERTIES_BOUND 2000

/* "9092": 1 to 65535. */
static bool
is_port(const char *text, size_t len)
{
	long port = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9' || port > 65535)
			return false;
		port = port * 10 + (text[i] - '0');
	}
	return port >= 1 && port <= 65535;
}

/* Why host[:port] or [v6]:port is none; NULL: it is one. */
static const char *
broker_mistake(const char *text, size_t len)
{
	const char *end = text + len, *host = text, *host_end, *rest;

	if (!len)
		return "there is an empty place between the commas";
	if (*text == '[') {
		host_end = memchr(text, ']', len);
		if (!host_end)
			return "the ']' after the address is missing";
		host++;
		rest = host_end + 1;
	} else {
		host_end = memchr(text, ':', len);
		if (!host_end)
			host_end = end;
		rest = host_end;
		if (host_end < end && memchr(host_end + 1, ':', (size_t)(end - host_end - 1)))
			return "an IPv6 address stands in brackets, such as [::1]:9092";
	}
	if (host == host_end)
		return "the host name is missing";
	for (const char *p = host; p < host_end; p++) {
		if (!text_is_host_char(*p) && *p != ':' && *p != '%')
			return "a host name has letters, digits, '.', '-' and '_'";
	}
	if (rest == end)
		return NULL;
	if (*rest != ':' || !is_port(rest + 1, (size_t)(end - rest - 1)))
		return "the port is a number from 1 to 65535";
	return NULL;
}

/* Java and librdkafka both take "PLAINTEXT://host:port". */
static size_t
scheme_length(const char *text, size_t len)
{
	static const char *const schemes[] = { "PLAINTEXT://", "SSL://", "SASL_PLAINTEXT://",
		                               "SASL_SSL://" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (len > n && strncasecmp(text, schemes[i], n) == 0)
			return n;
	}
	return 0;
}

bool
bootstrap_check(const char *list, struct err *e)
{
	const char *at = list;

	if (!list[strspn(list, " \t")])
		return err_set(e, ERR_USAGE, "a list of brokers is not empty: host:port,host:port");
	for (;;) {
		size_t len = strcspn(at, ","), blank = strspn(at, " \t"), scheme;
		const char *next = at[len] ? at + len + 1 : NULL, *mistake;
		struct shown s;

		at += blank < len ? blank : len;
		len -= blank < len ? blank : len;
		while (len && (at[len - 1] == ' ' || at[len - 1] == '\t'))
			len--;
		scheme = scheme_length(at, len);
		mistake = broker_mistake(at + scheme, len - scheme);
		if (mistake && memchr(at, '@', len))
			/* It is not repeated: before the '@' stands a password. */
			return err_set(e, ERR_USAGE,
			               "a broker is host:port, without a login before an '@': user "
			               "and password are properties (sasl.username, sasl.password)");
		if (mistake)
			return err_set(e, ERR_USAGE, "'%s' is no broker: %s",
			               shown_textn(&s, at, len), mistake);
		if (!next)
			return true;
		at = next;
	}
}

/* Java's own encoding of these files is Latin-1. What is UTF-8 is meant to be it, what is not was
 * Latin-1. */
static void
to_utf8(struct strbuf *out, const char *text, size_t len)
{
	bool utf8 = utf8_valid(text, len);

	strbuf_adds(out, "");
	if (utf8)
		strbuf_add(out, text, len);
	for (size_t i = 0; !utf8 && i < len; i++)
		strbuf_addcp(out, (unsigned char)text[i]);
}

static bool
parse_list(const char *file, const struct strbuf *text, struct property_list *list, bool *java,
           struct err *e)
{
	struct err why;
	bool lexed;

	/* Read as Java first: where names end is the same in both, and the names tell. A mistake
	 * there is one only when the names, read the other way, are Java's all the same. */
	lexed = properties_lex_java(file, text->buf, text->len, list, &why);
	*java = lexed && properties_are_java(list);
	if (*java)
		return true;
	property_list_fini(list);
	if (!properties_lex_native(file, text->buf, text->len, list, e))
		return false;
	if (lexed || !properties_are_java(list))
		return true;
	property_list_fini(list);
	if (e)
		*e = why;
	return false;
}

bool
properties_parse(const char *file, const void *data, size_t len, const struct strvec *overridden,
                 struct connection *conn, struct err *e)
{
	struct property_list list = { 0 };
	struct strbuf text = STRBUF_INIT;
	const char *bytes = data, *nul;
	struct connection fresh;
	struct shown shown;
	bool java = false, ok;

	if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	nul = len ? memchr(bytes, '\0', len) : NULL;
	if (nul) {
		size_t line = 1;

		for (const char *p = bytes; p < nul; p++)
			line += *p == '\n';
		return err_set(e, ERR_USAGE, "%s:%zu: holds a NUL, so it is no text of properties",
		               shown_path(&shown, file), line);
	}
	to_utf8(&text, bytes, len);
	connection_init(&fresh);
	connection_copy(&fresh, conn);
	ok = parse_list(file, &text, &list, &java, e);
	if (ok && list.n > PROPERTIES_BOUND)
		ok = err_set(e, ERR_USAGE, "%s: holds %zu properties, more than the %d of any connection",
		             shown_path(&shown, file), list.n, PROPERTIES_BOUND);
	if (ok) {
		struct translation t = {
			.file = file,
			.list = &list,
			.java = java,
			.overridden = overridden,
			.conn = &fresh,
		};

		ok = properties_translate(&t, e);
	}
	if (ok) {
		connection_fini(conn);
		*conn = fresh;
	} else {
		connection_fini(&fresh);
	}
	property_list_fini(&list);
	strbuf_fini(&text);
	return ok;
}

/* Properties that were given one by one: those of Java are translated too. */
static bool
take_pairs(const char *what, const struct strvec *names, const struct strvec *values,
           const struct strvec *overridden, struct connection *conn, struct err *e)
{
	struct property_list list = { 0 };
	struct translation t = {
		.file = what, .list = &list, .typed = true, .overridden = overridden, .conn = conn
	};
	bool ok;

	for (size_t i = 0; i < names->n; i++)
		property_list_add(&list, names->v[i], strlen(names->v[i]), values->v[i],
		                  strlen(values->v[i]), 0);
	ok = properties_translate(&t, e);
	property_list_fini(&list);
	return ok;
}

static bool
take_file(const struct options *o, struct connection *conn, struct err *e)
{
	struct strbuf text = STRBUF_INIT;
	bool ok = file_read(o->properties_file, &text, NULL, e) &&
	          properties_parse(o->properties_file, strbuf_str(&text), text.len,
	                           &o->property_names, conn, e);

	strbuf_fini(&text);
	return ok;
}

static void
take_bootstrap(struct connection *conn, const char *list)
{
	char *old = conn->bootstrap;

	if (!list)
		return;
	conn->bootstrap = xstrdup(list);
	free(old);
}

static bool
fill(const struct options *o, const struct settings *s, struct connection *conn, struct err *e)
{
	bool ok;

	if (o->properties_file) {
		ok = take_file(o, conn, e);
	} else {
		struct strbuf what = STRBUF_INIT;
		struct shown p;

		take_bootstrap(conn, s->bootstrap);
		strbuf_addf(&what, "%s: properties:", shown_path(&p, s->path));
		ok = take_pairs(what.buf, &s->property_names, &s->property_values,
		                &o->property_names, conn, e);
		strbuf_fini(&what);
	}
	if (!ok || !take_pairs("-X", &o->property_names, &o->property_values, NULL, conn, e))
		return false;
	take_bootstrap(conn, o->bootstrap);
	for (size_t i = 0; i < s->resolve_hosts.n; i++)
		connection_resolve(conn, s->resolve_hosts.v[i], s->resolve_addrs.v[i]);
	for (size_t i = 0; i < o->resolve_hosts.n; i++)
		connection_resolve(conn, o->resolve_hosts.v[i], o->resolve_addrs.v[i]);
	if (o->timeout_ms)
		conn->timeout_ms = o->timeout_ms;
	conn->read_only = o->read_only || s->read_only;
	return true;
}

bool
connection_from_options(const struct options *o, const struct settings *s, struct connection *conn,
                        struct err *e)
{
	struct connection fresh;

	connection_init(&fresh);
	if (!fill(o, s, &fresh, e)) {
		connection_fini(&fresh);
		return false;
	}
	connection_fini(conn);
	*conn = fresh;
	return true;
}
