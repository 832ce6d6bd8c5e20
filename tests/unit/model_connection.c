/* connection: properties, and secrets that never show. */
#include "cmocka_all.h"

#include "topicmon/model/connection.h"

static void
later_values_win(void **state)
{
	struct connection conn;

	(void)state;
	connection_init(&conn);
	assert_int_equal(conn.timeout_ms, 5000);
	assert_false(conn.read_only);
	assert_null(connection_get(&conn, "client.id"));
	connection_set(&conn, "client.id", "a");
	connection_set(&conn, "sasl.password", "x");
	connection_set(&conn, "client.id", "b");
	assert_int_equal(conn.nproperties, 2);
	assert_string_equal(connection_get(&conn, "client.id"), "b");
	/* From itself: the old text is the new one. */
	connection_set(&conn, "client.id", connection_get(&conn, "client.id"));
	assert_string_equal(connection_get(&conn, "client.id"), "b");
	connection_resolve(&conn, "broker1", "127.0.0.1");
	connection_resolve(&conn, "broker2", "127.0.0.2");
	connection_resolve(&conn, "BROKER1", "127.0.0.3");
	assert_int_equal(conn.resolve_hosts.n, 2);
	assert_int_equal(conn.resolve_addrs.n, 2);
	assert_string_equal(conn.resolve_addrs.v[0], "127.0.0.3");
	assert_string_equal(conn.resolve_addrs.v[1], "127.0.0.2");
	connection_fini(&conn);
}

static void
copies_share_nothing(void **state)
{
	struct connection a, b;

	(void)state;
	connection_init(&a);
	connection_init(&b);
	connection_set(&a, "sasl.password", "x");
	connection_resolve(&a, "broker1", "127.0.0.1");
	connection_set(&b, "old", "1");
	a.timeout_ms = 7;
	a.read_only = true;
	connection_copy(&b, &a);
	connection_copy(&b, &b);
	connection_fini(&a);
	assert_string_equal(b.bootstrap, "localhost:9092");
	assert_string_equal(connection_get(&b, "sasl.password"), "x");
	assert_null(connection_get(&b, "old"));
	assert_true(b.properties[0].secret);
	assert_string_equal(b.resolve_hosts.v[0], "broker1");
	assert_string_equal(b.resolve_addrs.v[0], "127.0.0.1");
	assert_int_equal(b.timeout_ms, 7);
	assert_true(b.read_only);
	connection_fini(&b);
	connection_fini(&b);
}

static void
secrets_by_name(void **state)
{
	static const char *const secret[] = {
		"sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
		"ssl.keystore.key",
		"sasl.jaas.config", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config",
		"ssl.truststore.password", "SASL.PASSWORD",
		"sasl.oauthbearer.assertion.private.key.pem",
	};
	static const char *const open[] = {
		"bootstrap.servers", "sasl.username", "sasl.mechanism", "ssl.ca.location",
		"ssl.key.location",
		"ssl.certificate.pem", "sasl.oauthbearer.method",
		"sasl.oauthbearer.token.endpoint.url", "client.id", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		assert_true(connection_is_secret(secret[i]));
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		assert_false(connection_is_secret(open[i]));
}

static void
assert_redacted(const char *text, const char *expected)
{
	struct strbuf out = STRBUF_INIT;
	struct connection conn;

	connection_init(&conn);
	connection_set(&conn, "sasl.username", "alice");
	connection_set(&conn, "sasl.password", "hunter2");
	connection_set(&conn, "ssl.key.password", "hunter2hunter3");
	connection_set(&conn, "ssl.keystore.password", "");
	connection_redact(&conn, &out, text);
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
	connection_fini(&conn);
}

static void
redacts_values_and_logins(void **state)
{
	(void)state;
	assert_redacted("", "");
	assert_redacted("nothing to hide", "nothing to hide");
	assert_redacted("sasl.password=hunter2, alice", "sasl.password=***, alice");
	assert_redacted("hunter2hunter2", "******");
	/* the longest one, or its end would be left */
	assert_redacted("xhunter2hunter3x", "x***x");
	assert_redacted("hunter", "hunter");
	assert_redacted("https://bob:pw@proxy:80/x", "https://***@proxy:80/x");
	assert_redacted("bob:pw@proxy", "***@proxy");
	assert_redacted("to bob:p/w@proxy, and \"eve:x@host\"", "to ***@proxy, and \"***@host\"");
	assert_redacted("localhost:9092/1: Connect failed", "localhost:9092/1: Connect failed");
	assert_redacted("sasl_plaintext://localhost:9092/bootstrap: x",
	                "sasl_plaintext://localhost:9092/bootstrap: x");
	assert_redacted("me@example.com", "me@example.com");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_values_win),
		cmocka_unit_test(copies_share_nothing),
		cmocka_unit_test(secrets_by_name),
		cmocka_unit_test(redacts_values_and_logins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
