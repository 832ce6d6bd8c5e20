/* jaas: sasl.jaas.config, one login module with options: `a.b.ScramLoginModule required
 * username="u" password="p";` */
#include <string.h>

#include "properties_private.h"
#include "text.h"
#include "topicmon/base/mem.h"

/* What an option of a login module is to librdkafka. The module is told by the end of its name, so
 * that the copies that are packed into other jars are known too. */
static const struct jaas_row {
	const char *module;
	const char *option;
	const char *native;
} rows[] = {
	{ "PlainLoginModule",       "username",     "sasl.username" },
	{ "PlainLoginModule",       "password",     "sasl.password" },
	{ "ScramLoginModule",       "username",     "sasl.username" },
	{ "ScramLoginModule",       "password",     "sasl.password" },
	{ "OAuthBearerLoginModule", "clientId",     "sasl.oauthbearer.client.id" },
	{ "OAuthBearerLoginModule", "clientSecret", "sasl.oauthbearer.client.secret" },
	{ "OAuthBearerLoginModule", "scope",        "sasl.oauthbearer.scope" },
	{ "Krb5LoginModule",        "keyTab",       "sasl.kerberos.keytab" },
	{ "Krb5LoginModule",        "principal",    "sasl.kerberos.principal" },
};

struct jaas {
	const struct translation *t;
	const struct property_entry *entry;
	const char *at;
	struct strbuf word;     /* the word just read */
};

/* What follows the current place may be a secret: sentences name the option, never the value. */
static bool
jaas_err(const struct jaas *j, struct err *e, const char *what)
{
	return property_err(
		e, j->t, j->entry,
		"%s; it has the form: MODULE required username=\"...\" password=\"...\";", what);
}

static void
skip_space(struct jaas *j)
{
	while (*j->at && strchr(" \t\r\n\f", *j->at))
		j->at++;
}

/* A bare word, up to white space, '=' or ';'. */
static bool
read_word(struct jaas *j)
{
	size_t len;

	skip_space(j);
	len = strcspn(j->at, " \t\r\n\f=;\"'");
	strbuf_reset(&j->word);
	strbuf_add(&j->word, j->at, len);
	j->at += len;
	return len > 0;
}

static bool
read_quoted(struct jaas *j)
{
	char quote = *j->at++;

	strbuf_reset(&j->word);
	strbuf_adds(&j->word, "");
	for (; *j->at && *j->at != quote; j->at++) {
		if (*j->at == '\\' && j->at[1]) {
			static const char from[] = "tnr", to[] = "\t\n\r";
			const char *simple = strchr(from, *++j->at);

			strbuf_addch(&j->word, simple ? to[simple - from] : *j->at);
			continue;
		}
		strbuf_addch(&j->word, *j->at);
	}
	if (!*j->at)
		return false;
	j->at++;
	return true;
}

static const char *
find_module(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t tail = strlen(rows[i].module);

		if (len >= tail && strcmp(name + len - tail, rows[i].module) == 0 &&
		    (len == tail || name[len - tail - 1] == '.'))
			return rows[i].module;
	}
	return NULL;
}

/* What has no row is either said here, or an option of Java that means nothing to librdkafka. */
static bool
take_option(const struct jaas *j, const char *module, const char *option, const char *value,
            struct err *e)
{
	struct connection *conn = j->t->conn;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].module, module) == 0 && strcmp(rows[i].option, option) == 0) {
			connection_set(conn, rows[i].native, value);
			return true;
		}
	}
	if (strcmp(module, "ScramLoginModule") == 0 && strcmp(option, "tokenauth") == 0 &&
	    strcmp(value, "true") == 0)
		return property_err(
			e, j->t, j->entry,
			"librdkafka has no delegation tokens (tokenauth): use the user's "
			"own name and password");
	if (strcmp(option, "unsecuredLoginStringClaim_sub") == 0) {
		struct strbuf principal = STRBUF_INIT;

		strbuf_addf(&principal, "principal=%s", value);
		connection_set(conn, "sasl.oauthbearer.config", principal.buf);
		connection_set(conn, "enable.sasl.oauthbearer.unsecure.jwt", "true");
		strbuf_fini(&principal);
	}
	return true;
}

static bool
read_options(struct jaas *j, const char *module, struct err *e)
{
	struct strbuf option = STRBUF_INIT;
	bool ok = false;

	for (;;) {
		skip_space(j);
		if (*j->at == ';' || !*j->at)
			break;
		if (!read_word(j) || (skip_space(j), *j->at != '=')) {
			jaas_err(j, e, "an option is name=value");
			goto out;
		}
		j->at++;
		strbuf_reset(&option);
		strbuf_add(&option, j->word.buf, j->word.len);
		skip_space(j);
		if (*j->at == '"' || *j->at == '\'' ? !read_quoted(j) : !read_word(j)) {
			struct shown o;
			struct strbuf what = STRBUF_INIT;

			strbuf_addf(&what, "the value of %s %s", shown_text(&o, option.buf),
			            *j->at ? "is missing" : "has no end");
			jaas_err(j, e, what.buf);
			strbuf_fini(&what);
			goto out;
		}
		if (!take_option(j, module, option.buf, strbuf_str(&j->word), e))
			goto out;
	}
	ok = *j->at == ';' || jaas_err(j, e, "the ';' at its end is missing");
out:
	strbuf_fini(&option);
	return ok;
}

static bool
read_module(struct jaas *j, struct err *e)
{
	const char *module;
	struct shown m;

	if (!read_word(j))
		return jaas_err(j, e, "the name of a login module is missing");
	module = find_module(j->word.buf);
	/* What stands in the place of the name may be anything, a password too. */
	if (!module && !strstr(j->word.buf, "LoginModule"))
		return jaas_err(j, e, "it does not begin with the name of a login module");
	if (!module)
		return property_err(e, j->t, j->entry,
		                    "librdkafka has nothing like the login module %s; it knows "
		                    "PlainLoginModule, ScramLoginModule, OAuthBearerLoginModule "
		                    "and Krb5LoginModule",
		                    shown_text(&m, j->word.buf));
	if (!read_word(j) ||
	    (strcmp(j->word.buf, "required") != 0 && strcmp(j->word.buf, "requisite") != 0 &&
	     strcmp(j->word.buf, "sufficient") != 0 && strcmp(j->word.buf, "optional") != 0))
		return jaas_err(j, e, "\"required\" is missing after the name of the module");
	if (!read_options(j, module, e))
		return false;
	j->at++;
	skip_space(j);
	return !*j->at || jaas_err(j, e, "only one login module is allowed");
}

bool
property_jaas(const struct translation *t, const struct property_entry *entry, struct err *e)
{
	struct jaas j = { .t = t, .entry = entry, .at = entry->value };
	bool ok = read_module(&j, e);

	strbuf_fini(&j.word);
	return ok;
}
