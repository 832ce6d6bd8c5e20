/* Connection properties: kcat's files and Java's, what wins over what, what never gets through,
 * what stays secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "topicmon/base/mem.h"
#include "topicmon/config/properties.h"

#define PLAIN "org.apache.kafka.common.security.plain.PlainLoginModule"
#define SCRAM "org.apache.kafka.common.security.scram.ScramLoginModule"
#define OAUTH "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule"

static struct connection
read_text(const char *text)
{
	struct connection conn;
	struct err e;

	connection_init(&conn);
	if (!properties_parse("conn.properties", text, strlen(text), NULL, &conn, &e))
		fail_msg("%s\n%s", e.text, text);
	return conn;
}

static void
check(const struct connection *conn, const char *name, const char *value)
{
	const char *got = connection_get(conn, name);

	if (!got || strcmp(got, value) != 0)
		fail_msg("%s is %s, not %s", name, got ? got : "not set", value);
}

/* One property of a text. */
static void
gives(const char *text, const char *name, const char *value)
{
	struct connection conn = read_text(text);

	check(&conn, name, value);
	connection_fini(&conn);
}

static void
leaves_out(const char *text, const char *name)
{
	struct connection conn = read_text(text);

	assert_null(connection_get(&conn, name));
	connection_fini(&conn);
}

static void
refused_bytes(const char *text, size_t len, const char *part, ...)
{
	struct connection conn;
	struct err e;
	va_list ap;

	connection_init(&conn);
	connection_set(&conn, "client.id", "before");
	if (properties_parse("conn.properties", text, len, NULL, &conn, &e))
		fail_msg("was taken: %s", text);
	assert_int_equal(e.code, ERR_USAGE);
	va_start(ap, part);
	for (; part; part = va_arg(ap, const char *)) {
		if (!strstr(e.text, part))
			fail_msg("'%s' is not in: %s", part, e.text);
	}
	va_end(ap);
	assert_int_equal(conn.nproperties, 1);
	check(&conn, "client.id", "before");
	assert_string_equal(conn.bootstrap, "localhost:9092");
	connection_fini(&conn);
}
#define refused(text, ...) refused_bytes(text, strlen(text), __VA_ARGS__, NULL)

static void
kcat_file(void **state)
{
	struct connection conn = read_text(
		"# a comment\n"
		"\n"
		"  bootstrap.servers=b1:9092,b2:9092  \r\n"
		"security.protocol = SASL_SSL\n"
		"sasl.mechanisms=PLAIN\n"
		"sasl.username=ana\n"
		"sasl.password=back\\slash=and#hash\\\n"
		"topic.acks=all\n"
		"topic.metadata.refresh.interval.ms=1000\n"
		"ssl.ca.location=/etc/ca.pem");

	(void)state;
	assert_string_equal(conn.bootstrap, "b1:9092,b2:9092");
	check(&conn, "security.protocol", "SASL_SSL");
	check(&conn, "sasl.mechanisms", "PLAIN");
	check(&conn, "sasl.password", "back\\slash=and#hash\\");
	check(&conn, "acks", "all");
	check(&conn, "topic.metadata.refresh.interval.ms", "1000");
	check(&conn, "ssl.ca.location", "/etc/ca.pem");
	assert_null(connection_get(&conn, "bootstrap.servers"));
	connection_fini(&conn);
}

static void
kcat_file_takes_what_librdkafka_knows(void **state)
{
	(void)state;
	gives("some.new.property=1\n", "some.new.property", "1");
	gives("ssl.cipher.suites=ECDHE\nsasl.username=u\n", "ssl.cipher.suites", "ECDHE");
	gives("ssl.keystore.location=/nowhere/k.p12\nsasl.username=u\n", "ssl.keystore.location",
	      "/nowhere/k.p12");
	gives("sasl.mechanism=PLAIN\n", "sasl.mechanisms", "PLAIN");
	gives("socket.timeout.ms=1\nsocket.timeout.ms=2\n", "socket.timeout.ms", "2");
	gives("\xEF\xBB\xBFsocket.timeout.ms=2\n", "socket.timeout.ms", "2");
	gives("metadata.broker.list=x:1\nclient.id=me\\:too\n", "client.id", "me:too");
	leaves_out("schema.registry.url=http\\://localhost\nsasl.username=u\n",
	           "schema.registry.url");
}

static void
java_file(void **state)
{
	struct connection conn = read_text(
		"! the other comment\n"
		"bootstrap.servers: b1\\:9092,\\\n"
		"    b2\\:9092\n"
		"security.protocol SASL_SSL\n"
		"sasl.mechanism = SCRAM-SHA-512   \n"
		"sasl.jaas.config=" SCRAM " required \\\n"
		"   username=\"an\\u00e4\" \\\n"
		"   password=\"p\\\\\"w \";\n"
		"ssl.endpoint.identification.algorithm=\n"
		"client.id=\\u65e5\\ud83d\\ude00\n"
		"key.deserializer=org.apache.kafka.common.serialization.StringDeserializer\n"
		"group.id=shipping\n"
		"enable.auto.commit=true\n"
		"auto.offset.reset=earliest\n"
		"default.api.timeout.ms=10000\n"
		"request.timeout.ms=600000\n"
		"company.own.key=value\n"
		"ssl.key.password=ends in a blank \n");

	(void)state;
	assert_string_equal(conn.bootstrap, "b1:9092,b2:9092");
	check(&conn, "security.protocol", "SASL_SSL");
	check(&conn, "sasl.mechanisms", "SCRAM-SHA-512");
	check(&conn, "sasl.username", "an\xc3\xa4");
	check(&conn, "sasl.password", "p\"w ");
	check(&conn, "ssl.endpoint.identification.algorithm", "none");
	check(&conn, "client.id", "\xe6\x97\xa5\xf0\x9f\x98\x80");
	check(&conn, "ssl.key.password", "ends in a blank ");
	assert_int_equal(conn.nproperties, 7);
	connection_fini(&conn);
}

static void
java_file_with_other_line_ends(void **state)
{
	(void)state;
	gives("key.serializer=x\r\nclient.id=a\\\r\n  b\r\n", "client.id", "ab");
	gives("key.serializer=x\rclient.id=mac\r", "client.id", "mac");
	gives("\xEF\xBB\xBFkey.serializer=x\nclient.id=bom\n", "client.id", "bom");
	gives("key.serializer=x\nclient.id=\xe4 latin 1\n", "client.id", "\xc3\xa4 latin 1");
	gives("key.serializer=x\nclient.id=\xc3\xa4 utf-8\n", "client.id", "\xc3\xa4 utf-8");
	gives("key.serializer=x\nclient.id=tail\\", "client.id", "tail");
	gives("key.serializer=x\n# no comment goes on \\\nclient.id=next\n", "client.id", "next");
	gives("key.serializer=x\nclient.id=two\\\\\nclient.rack=r\n", "client.id", "two\\");
	gives("client.id : by its syntax\n", "client.id", "by its syntax");
}

/* group.id would make the brokers remember us; it is not passed on from any file, nor what else
 * breaks a promise. */
static void
nothing_that_leaves_a_trace(void **state)
{
	static const char *const names[] = {
		"group.id",
		"group.instance.id",
		"enable.auto.commit",
		"auto.commit.interval.ms",
		"enable.auto.offset.store",
		"auto.offset.reset",
		"allow.auto.create.topics",
		"transactional.id",
		"isolation.level",
		"enable.partition.eof",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char text[128];

		snprintf(text, sizeof(text), "%s=x\nsasl.username=u\n", names[i]);
		leaves_out(text, names[i]);
		snprintf(text, sizeof(text), "%s=x\nkey.deserializer=u\n", names[i]);
		leaves_out(text, names[i]);
		snprintf(text, sizeof(text), "topic.%s=x\nsasl.username=u\n", names[i]);
		leaves_out(text, names[i]);
	}
}

static void
jaas_lines(void **state)
{
	(void)state;
	gives("sasl.jaas.config=" PLAIN " required username=\"u\" password=\"p\";\n",
	      "sasl.username", "u");
	gives("sasl.jaas.config=" PLAIN " required username=u password=\"a;b=c\";", "sasl.password",
	      "a;b=c");
	gives("sasl.jaas.config=" PLAIN " required password='it\"s' username='x' ;",
	      "sasl.password", "it\"s");
	gives("sasl.jaas.config=" PLAIN " required username=\"\" password=\"\\\\\\\\\";",
	      "sasl.password", "\\");
	gives("sasl.jaas.config=shaded." PLAIN " required username=\"u\" password = \"p\";",
	      "sasl.password", "p");
	gives("sasl.jaas.config=" PLAIN " required user_x=\"y\" username=\"u\" password=\"p\";",
	      "sasl.username", "u");
	gives("sasl.jaas.config=" OAUTH
	      " required clientId=\"id\" clientSecret=\"s\" scope=\"a b\";",
	      "sasl.oauthbearer.client.secret", "s");
	gives("sasl.jaas.config=" OAUTH " required unsecuredLoginStringClaim_sub=\"ana\";",
	      "sasl.oauthbearer.config", "principal=ana");
	gives("sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required "
	      "useKeyTab=true "
	      "keyTab=\"/etc/k.keytab\" principal=\"ana@EXAMPLE.ORG\";",
	      "sasl.kerberos.principal", "ana@EXAMPLE.ORG");
	gives("sasl.oauthbearer.token.endpoint.url=https://idp/token\nkey.serializer=x\n",
	      "sasl.oauthbearer.method", "oidc");
}

static void
jaas_mistakes(void **state)
{
	(void)state;
	refused("\nsasl.jaas.config=" PLAIN " required username=\"u\" password=\"p\"\n",
	        "conn.properties:2:", "sasl.jaas.config", "';'");
	refused("sasl.jaas.config=" PLAIN " required username=\"u\" password=\"hunter2;\n",
	        ":1:", "password", "no end");
	refused("sasl.jaas.config=" PLAIN " username=\"u\" password=\"p\";\n", "required");
	refused("sasl.jaas.config=\n", "login module");
	refused("sasl.jaas.config=" PLAIN " required username;\n", "name=value");
	refused("sasl.jaas.config=" PLAIN " required username=;\n", "username", "missing");
	refused("sasl.jaas.config=" PLAIN " required username=\"u\"; " PLAIN " required;\n",
	        "only one");
	refused("sasl.jaas.config=" SCRAM " required username=\"u\" tokenauth=\"true\";\n",
	        "tokenauth");
	refused("sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;\n",
	        "IAMLoginModule", "ScramLoginModule");
	refused("sasl.mechanism=AWS_MSK_IAM\n", "AWS_MSK_IAM");
}

static void
mistakes_repeat_no_secret(void **state)
{
	static const char *const texts[] = {
		"sasl.jaas.config=" PLAIN " required username=\"u\" password=\"hunter2;\n",
		"sasl.jaas.config=" PLAIN " required password=\"hunter2\" oops\n",
		"sasl.username=u\nsasl.password hunter2\n",
		"sasl.jaas.config=hunter2\n",
		"sasl.username=u\nbootstrap.servers=u:hunter2@localhost:9092\n",
		"sasl.username=u\n=hunter2\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct connection conn;
		struct err e;

		connection_init(&conn);
		assert_false(properties_parse("f", texts[i], strlen(texts[i]), NULL, &conn, &e));
		assert_null(strstr(e.text, "hunter2"));
		connection_fini(&conn);
	}
}

static void
other_mistakes(void **state)
{
	(void)state;
	refused("sasl.username=u\n\njust words\n", "conn.properties:3:", "name=value");
	refused("sasl.username=u\n=value\n", ":2:", "no name");
	refused("key.serializer=x\nclient.id=\\u12g4\n", "conn.properties:2:", "hexadecimal");
	refused("key.serializer=x\nclient.id=\\u0000\n", ":2:", "0000");
	refused("key.serializer=x\nclient.id=\\u12", ":2:");
	refused("key.serializer=x\nbootstrap.servers=a:0\n", ":2:", "bootstrap.servers", "'a:0'",
	        "65535");
	refused("ssl.endpoint.identification.algorithm=http\nsasl.username=u\n", ":1:", "https",
	        "'http'");
	refused("key.serializer=x\nsecruity.protocol=SSL\n", ":2:", "secruity.protocol",
	        "security.protocol?");
	refused_bytes("client.id=a\nclient.rack=\0b\n", 25, "conn.properties:2:", "NUL", NULL);
}

static void
too_many_properties(void **state)
{
	struct strbuf text = STRBUF_INIT;

	(void)state;
	for (int i = 0; i < 3000; i++)
		strbuf_addf(&text, "p%d=x\n", i);
	refused(text.buf, "conn.properties:", "3000", "2000");
	strbuf_fini(&text);
}

static void
secrets_are_marked(void **state)
{
	struct connection conn = read_text("sasl.jaas.config=" PLAIN
	                                   " required username=\"u\" password=\"hunter2\";\n"
	                                   "ssl.key.password=sesame\n");
	struct strbuf out = STRBUF_INIT;

	(void)state;
	for (size_t i = 0; i < conn.nproperties; i++)
		assert_int_equal(conn.properties[i].secret,
		                 strstr(conn.properties[i].name, "password") != NULL);
	connection_redact(&conn, &out, "login with hunter2 and sesame");
	assert_string_equal(out.buf, "login with *** and ***");
	strbuf_fini(&out);
	connection_fini(&conn);
}

/* A file with the given first bytes; the name is removed again by the caller. */
static char *
store_file(const void *bytes, size_t len)
{
	char *path = xstrdup("/tmp/topicmon_store_XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	return path;
}

static void
store_case(const char *bytes, size_t len, const char *key, const char *becomes, const char *part)
{
	char *path = store_file(bytes, len);
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "ssl.truststore.type=JKS\n%s=%s\n", key, path);
	if (becomes)
		gives(text.buf, becomes, path);
	else
		refused(text.buf, "conn.properties:2:", key, part, strrchr(path, '/') + 1);
	strbuf_fini(&text);
	unlink(path);
	free(path);
}

static void
stores(void **state)
{
	static const char pem[] = "Bag Attributes\n-----BEGIN CERTIFICATE-----\n";
	static const char jks[] = "\xFE\xED\xFE\xED\0\0\0\2";
	static const char p12[] = "\x30\x82\x01\x02\x02\x01\x03";

	(void)state;
	/* What the store is decides, not what ssl.truststore.type says. */
	store_case(pem, sizeof(pem) - 1, "ssl.truststore.location", "ssl.ca.location", NULL);
	store_case(jks, sizeof(jks) - 1, "ssl.truststore.location", NULL,
	           "keytool -list -rfc -keystore");
	store_case(p12, sizeof(p12) - 1, "ssl.truststore.location", NULL,
	           "-X ssl.ca.location=ca.pem");
	store_case("text", 4, "ssl.truststore.location", NULL, "PEM");
	store_case(p12, sizeof(p12) - 1, "ssl.keystore.location", "ssl.keystore.location", NULL);
	store_case(pem, sizeof(pem) - 1, "ssl.keystore.location", "ssl.certificate.location", NULL);
	store_case(pem, sizeof(pem) - 1, "ssl.keystore.location", "ssl.key.location", NULL);
	store_case(jks, sizeof(jks) - 1, "ssl.keystore.location", NULL, "-deststoretype PKCS12");
	store_case("", 0, "ssl.keystore.location", NULL, "PKCS12");
	refused("ssl.truststore.type=PEM\nssl.truststore.location=/nowhere/ca.pem\n",
	        ":2:", "/nowhere/ca.pem", "No such");
	gives("ssl.truststore.type=PEM\n"
	      "ssl.truststore.certificates=-----BEGIN CERTIFICATE-----\\nabc\n",
	      "ssl.ca.pem", "-----BEGIN CERTIFICATE-----\nabc");
	leaves_out("ssl.truststore.type=PEM\nssl.truststore.password=x\n",
	           "ssl.truststore.password");
}

/* What -X sets makes the store of the file needless, so it may be missing or of a kind that
 * librdkafka cannot read. */
static void
an_override_spares_the_store(void **state)
{
	static const char text[] =
		"ssl.truststore.location=/nowhere/ca.jks\nssl.truststore.type=JKS\n";
	struct strvec over = STRVEC_INIT;
	struct connection conn;
	struct err e;

	(void)state;
	connection_init(&conn);
	assert_false(properties_parse("f", text, strlen(text), &over, &conn, &e));
	strvec_push(&over, "ssl.ca.location");
	assert_true(properties_parse("f", text, strlen(text), &over, &conn, &e));
	assert_int_equal(conn.nproperties, 0);
	strvec_fini(&over);
	connection_fini(&conn);
}

static struct options
options_of(int argc, char **argv)
{
	struct options o;
	struct err e;

	if (!options_parse(argc, argv, &o, &e))
		fail_msg("%s", e.text);
	return o;
}
#define OPTIONS(...) \
	options_of((int)ARRAY_LEN(((const char *[]){ "topicmon", __VA_ARGS__ })), \
	           (char *[]){ (char[]){ "topicmon" }, __VA_ARGS__ })
#define W(text) (char[]){ text }

static void
the_later_wins(void **state)
{
	static const char json[] =
		"{\"bootstrap_server\": \"json:1\", \"read_only\": true,"
		" \"resolve\": {\"b1\": \"1.1.1.1\", \"b2\": \"2.2.2.2\"},"
		" \"properties\": {\"client.id\": \"json\", \"client.rack\": \"r\"}}";
	static const char file[] =
		"bootstrap.servers=file:1\nclient.id=file\nsocket.timeout.ms=1\n";
	char *path = store_file(file, strlen(file));
	struct settings s;
	struct options o;
	struct connection conn;
	struct err e;

	(void)state;
	settings_init(&s);
	connection_init(&conn);
	assert_true(settings_parse("config.json", json, strlen(json), &s, &e));

	o = OPTIONS(W("list"));
	assert_true(connection_from_options(&o, &s, &conn, &e));
	assert_string_equal(conn.bootstrap, "json:1");
	check(&conn, "client.id", "json");
	assert_true(conn.read_only);
	assert_int_equal(conn.timeout_ms, 5000);
	options_fini(&o);

	o = OPTIONS(W("list"), W("-F"), path, W("-X"), W("socket.timeout.ms=2"), W("-X"),
	            W("socket.timeout.ms=3"), W("--timeout"), W("2"), W("--resolve"),
	            W("B1=9.9.9.9"));
	assert_true(connection_from_options(&o, &s, &conn, &e));
	assert_string_equal(conn.bootstrap, "file:1");
	check(&conn, "client.id", "file");
	check(&conn, "socket.timeout.ms", "3");
	/* The file takes the place of config.json's. */
	assert_null(connection_get(&conn, "client.rack"));
	assert_int_equal(conn.timeout_ms, 2000);
	assert_int_equal(conn.resolve_hosts.n, 2);
	assert_string_equal(conn.resolve_addrs.v[0], "9.9.9.9");
	options_fini(&o);

	o = OPTIONS(W("list"), W("-F"), path, W("-X"), W("bootstrap.servers=x:1"));
	assert_true(connection_from_options(&o, &s, &conn, &e));
	assert_string_equal(conn.bootstrap, "x:1");
	options_fini(&o);
	o = OPTIONS(W("list"), W("-b"), W("b:1"), W("-F"), path, W("-X"),
	            W("bootstrap.servers=x:1"));
	assert_true(connection_from_options(&o, &s, &conn, &e));
	assert_string_equal(conn.bootstrap, "b:1");
	options_fini(&o);

	unlink(path);
	free(path);
	settings_fini(&s);
	connection_fini(&conn);
}

static void
by_default_localhost(void **state)
{
	struct options o = OPTIONS(W("list"));
	struct settings s;
	struct connection conn;
	struct err e;

	(void)state;
	settings_init(&s);
	connection_init(&conn);
	assert_true(connection_from_options(&o, &s, &conn, &e));
	assert_string_equal(conn.bootstrap, "localhost:9092");
	assert_false(conn.read_only);
	assert_int_equal(conn.nproperties, 0);
	options_fini(&o);
	settings_fini(&s);
	connection_fini(&conn);
}

static void
typed_refused(struct options o, const char *json, const char *part, ...)
{
	struct settings s;
	struct connection conn;
	struct err e;
	va_list ap;

	settings_init(&s);
	connection_init(&conn);
	assert_true(settings_parse("/etc/config.json", json, strlen(json), &s, &e));
	assert_false(connection_from_options(&o, &s, &conn, &e));
	assert_int_equal(e.code, ERR_USAGE);
	va_start(ap, part);
	for (; part; part = va_arg(ap, const char *)) {
		if (!strstr(e.text, part))
			fail_msg("'%s' is not in: %s", part, e.text);
	}
	va_end(ap);
	options_fini(&o);
	settings_fini(&s);
	connection_fini(&conn);
}

static void
typed_mistakes(void **state)
{
	(void)state;
	typed_refused(OPTIONS(W("-X"), W("group.id=me")), "{}", "-X group.id", "cannot be set",
	              "no trace", NULL);
	typed_refused(OPTIONS(W("-X"), W("topic.group.id=me")), "{}", "-X group.id", NULL);
	typed_refused(OPTIONS(W("-X"), W("enable.auto.commit=true")), "{}", "-X enable.auto.commit",
	              "commits nothing", NULL);
	typed_refused(OPTIONS(W("-X"), W("bootstrap.servers=a:b")), "{}", "-X bootstrap.servers",
	              "'a:b'", NULL);
	typed_refused(OPTIONS(W("list")), "{\"properties\": {\"group.id\": \"me\"}}",
	              "/etc/config.json: properties: group.id", NULL);
	typed_refused(OPTIONS(W("-F"), W("/nowhere/x.properties")), "{}", "/nowhere/x.properties",
	              "No such file", NULL);
	typed_refused(OPTIONS(W("-F"), W("/")), "{}", "/: cannot be read", NULL);
}

static void
typed_java_names(void **state)
{
	struct options o = OPTIONS(W("-X"), W("sasl.jaas.config=" PLAIN
	                                      " required username=\"u\" password=\"p\";"));
	struct settings s;
	struct connection conn;
	struct err e;

	(void)state;
	settings_init(&s);
	connection_init(&conn);
	assert_true(connection_from_options(&o, &s, &conn, &e));
	check(&conn, "sasl.username", "u");
	assert_null(connection_get(&conn, "sasl.jaas.config"));
	options_fini(&o);
	settings_fini(&s);
	connection_fini(&conn);
}

static void
readme_table_is_there(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	properties_markdown(&out);
	assert_non_null(strstr(out.buf, "| `sasl.jaas.config` | "));
	assert_non_null(strstr(out.buf, "| `ssl.truststore.location` | `ssl.ca.location` |"));
	strbuf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kcat_file),
		cmocka_unit_test(kcat_file_takes_what_librdkafka_knows),
		cmocka_unit_test(java_file),
		cmocka_unit_test(java_file_with_other_line_ends),
		cmocka_unit_test(nothing_that_leaves_a_trace),
		cmocka_unit_test(jaas_lines),
		cmocka_unit_test(jaas_mistakes),
		cmocka_unit_test(mistakes_repeat_no_secret),
		cmocka_unit_test(other_mistakes),
		cmocka_unit_test(too_many_properties),
		cmocka_unit_test(secrets_are_marked),
		cmocka_unit_test(stores),
		cmocka_unit_test(an_override_spares_the_store),
		cmocka_unit_test(the_later_wins),
		cmocka_unit_test(by_default_localhost),
		cmocka_unit_test(typed_mistakes),
		cmocka_unit_test(typed_java_names),
		cmocka_unit_test(readme_table_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
