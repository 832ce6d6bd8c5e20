/* json: the tokenizer to the letter of RFC 8259, strings in and out, paths. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"

/* Reads to the end or the mistake; gives the last token and where it was. */
static enum json_token
read_all(const void *data, size_t len, size_t *pos)
{
	struct json_reader r;
	enum json_token token;

	json_init(&r, data, len);
	do {
		token = json_next(&r);
		assert_true(r.pos <= len);
		if (token != JSON_END && token != JSON_ERROR) {
			assert_true(r.token_len > 0);
			assert_int_equal(r.token_start + r.token_len, r.pos);
		}
	} while (token != JSON_END && token != JSON_ERROR);
	*pos = r.pos;
	assert_int_equal(json_next(&r), token);
	assert_int_equal(r.pos, *pos);
	json_fini(&r);
	return token;
}

static void
tokens_of_a_document(void **state)
{
	static const char text[] =
		" { \"a\" : [1, -2.5e+3 ,true,false,null,\"x\\\"y\",{},[]] ,\"b\":{\"c\":0} }\n";
	static const struct {
		enum json_token token;
		const char *text;
		size_t depth;
	} expected[] = {
		{ JSON_OBJECT_BEGIN, "{", 1 }, { JSON_KEY, "\"a\"", 1 },
		{ JSON_ARRAY_BEGIN, "[", 2 },
		{ JSON_NUMBER, "1", 2 }, { JSON_NUMBER, "-2.5e+3", 2 }, { JSON_TRUE, "true", 2 },
		{ JSON_FALSE, "false", 2 }, { JSON_NULL, "null", 2 },
		{ JSON_STRING, "\"x\\\"y\"", 2 },
		{ JSON_OBJECT_BEGIN, "{", 3 }, { JSON_OBJECT_END, "}", 2 },
		{ JSON_ARRAY_BEGIN, "[", 3 },
		{ JSON_ARRAY_END, "]", 2 }, { JSON_ARRAY_END, "]", 1 }, { JSON_KEY, "\"b\"", 1 },
		{ JSON_OBJECT_BEGIN, "{", 2 }, { JSON_KEY, "\"c\"", 2 }, { JSON_NUMBER, "0", 2 },
		{ JSON_OBJECT_END, "}", 1 }, { JSON_OBJECT_END, "}", 0 },
	};
	struct json_reader r;

	(void)state;
	json_init(&r, text, sizeof(text) - 1);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_int_equal(json_next(&r), expected[i].token);
		assert_int_equal(r.depth, expected[i].depth);
		assert_int_equal(r.token_len, strlen(expected[i].text));
		assert_memory_equal(text + r.token_start, expected[i].text, r.token_len);
	}
	assert_int_equal(json_next(&r), JSON_END);
	assert_int_equal(json_next(&r), JSON_END);
	json_fini(&r);
}

static void
values_stand_alone(void **state)
{
	static const char *const texts[] = { "1",     " true ", "null", "\"s\"",       "-0",
		                             "1e400", "[]",     "{}",   "\"\xC3\xA9\"" };
	size_t pos;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_int_equal(read_all(texts[i], strlen(texts[i]), &pos), JSON_END);
}

static void
mistakes_have_a_place(void **state)
{
	static const struct {
		const char *text;
		size_t pos;
	} bad[] = {
		{ "", 0 }, { "  ", 2 }, { "x", 0 }, { "]", 0 }, { "}", 0 }, { ",", 0 }, { ":", 0 },
		{ "[", 1 }, { "[1", 2 }, { "[1,", 3 }, { "[1,]", 3 }, { "[,1]", 1 }, { "[1 2]", 3 },
		{ "[1}", 2 },
		{ "[1:2]", 2 }, { "{", 1 }, { "{1:2}", 1 }, { "{\"a\"}", 4 }, { "{\"a\":}", 5 },
		{ "{\"a\" 1}", 5 },
		{ "{\"a\":1,}", 7 }, { "{\"a\":1]", 6 }, { "{\"a\":1 \"b\":2}", 7 },
		{ "{\"a\"::1}", 5 }, { "{,}", 1 },
		{ "{\"a\",1}", 4 }, { "{a:1}", 1 }, { "{\"a", 3 },
		{ "1 2", 2 }, { "[]]", 2 }, { "{}{}", 2 }, { "01", 1 }, { "-", 1 }, { "-x", 1 },
		{ "+1", 0 }, { "1.", 2 },
		{ "1.x", 2 }, { ".5", 0 }, { "1e", 2 }, { "1e+", 3 }, { "1ex", 2 }, { "0x1", 1 },
		{ "1a", 1 }, { "NaN", 0 },
		{ "tru", 3 }, { "trux", 3 }, { "truex", 4 }, { "nul", 3 }, { "falsy", 4 },
		{ "True", 0 },
		{ "\"", 1 }, { "\"abc", 4 }, { "\"a\nb\"", 2 }, { "\"a\x1f\"", 2 }, { "\"\\", 2 },
		{ "\"\\x\"", 2 },
		{ "\"\\u12\"", 5 }, { "\"\\u12", 5 }, { "\"\\u123g\"", 6 }, { "\"\xFF\"", 1 },
		{ "\"ab\xC3\"", 3 },
		{ "\"\xED\xA0\x80\"", 1 }, { "\"0123456789\xE9\"", 11 }, { "\xEF\xBB\xBF{}", 0 },
		{ "[1]\x0b", 3 },
		{ "/**/1", 0 }, { "'a'", 0 }, { "[\"0123456789abcdef\x01\"]", 18 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t pos = 999;

		if (read_all(bad[i].text, strlen(bad[i].text), &pos) != JSON_ERROR ||
		    pos != bad[i].pos)
			fail_msg("%s: the mistake is at %zu, not at %zu", bad[i].text, bad[i].pos,
			         pos);
		assert_false(json_is_document(bad[i].text, strlen(bad[i].text)));
	}
}

static void
nul_bytes_are_mistakes(void **state)
{
	size_t pos;

	(void)state;
	assert_int_equal(read_all("\0", 1, &pos), JSON_ERROR);
	assert_int_equal(pos, 0);
	assert_int_equal(read_all("[1\0]", 4, &pos), JSON_ERROR);
	assert_int_equal(pos, 2);
	assert_int_equal(read_all("\"a\0b\"", 5, &pos), JSON_ERROR);
	assert_int_equal(pos, 2);
	assert_int_equal(read_all("\"\\\0\"", 4, &pos), JSON_ERROR);
	assert_int_equal(pos, 2);
	assert_int_equal(read_all("{}\0", 3, &pos), JSON_ERROR);
	assert_int_equal(pos, 2);
	assert_int_equal(read_all(NULL, 0, &pos), JSON_ERROR);
}

static void
documents(void **state)
{
	(void)state;
	assert_true(json_is_document(" {\"a\":1} ", 9));
	assert_true(json_is_document("[]", 2));
	assert_false(json_is_document("1", 1));
	assert_false(json_is_document("\"a\"", 3));
	assert_false(json_is_document("null", 4));
	assert_false(json_is_document("[1] x", 5));
	assert_false(json_is_document(NULL, 0));
}

/* cJSON fails at 1,000 levels; a recursive reader would overflow its stack at a million. */
static void
depth_costs_a_bit_a_level(void **state)
{
	size_t n = 1000000, pos;
	char *text = xmalloc(2 * n);
	struct json_reader r;

	(void)state;
	memset(text, '[', n);
	memset(text + n, ']', n);
	assert_int_equal(read_all(text, 2 * n, &pos), JSON_END);
	assert_int_equal(read_all(text, 2 * n - 1, &pos), JSON_ERROR);
	assert_int_equal(pos, 2 * n - 1);
	text[n] = '}';
	assert_int_equal(read_all(text, 2 * n, &pos), JSON_ERROR);
	assert_int_equal(pos, n);
	text[n] = ']';
	json_init(&r, text, 2 * n);
	assert_int_equal(json_next(&r), JSON_ARRAY_BEGIN);
	assert_true(json_skip(&r));
	assert_true(r.stack.cap <= n / 4);
	assert_int_equal(json_next(&r), JSON_END);
	json_fini(&r);
	free(text);
}

/* Objects and arrays in turn: a bit of the stack that stays from before would mix them up. */
static void
containers_alternate(void **state)
{
	struct strbuf text = STRBUF_INIT;
	size_t pos;

	(void)state;
	for (int round = 0; round < 3; round++) {
		strbuf_adds(&text, round ? "," : "[");
		for (int i = 0; i < 100; i++)
			strbuf_adds(&text, (i + round) % 3 ? "{\"k\":" : "[");
		strbuf_adds(&text, "0");
		for (int i = 99; i >= 0; i--)
			strbuf_adds(&text, (i + round) % 3 ? "}" : "]");
	}
	strbuf_adds(&text, "]");
	assert_int_equal(read_all(text.buf, text.len, &pos), JSON_END);
	strbuf_fini(&text);
}

static void
skip_ends_behind_the_container(void **state)
{
	static const char text[] = "[{\"a\":[1,{\"b\":\"}]\"}],\"c\":2},7]";
	struct json_reader r;

	(void)state;
	json_init(&r, text, sizeof(text) - 1);
	assert_int_equal(json_next(&r), JSON_ARRAY_BEGIN);
	assert_int_equal(json_next(&r), JSON_OBJECT_BEGIN);
	assert_true(json_skip(&r));
	assert_int_equal(r.depth, 1);
	assert_int_equal(json_next(&r), JSON_NUMBER);
	json_restart(&r, "[1,", 3);
	assert_int_equal(json_next(&r), JSON_ARRAY_BEGIN);
	assert_false(json_skip(&r));
	assert_int_equal(r.pos, 3);
	json_fini(&r);
}

static void
assert_unescaped(const char *token, const char *expected, size_t len)
{
	struct strbuf out = STRBUF_INIT;

	json_unescape(&out, token, strlen(token));
	assert_int_equal(out.len, len);
	assert_memory_equal(out.buf, expected, len);
	strbuf_fini(&out);
}

static void
unescape(void **state)
{
	(void)state;
	assert_unescaped("\"\"", "", 0);
	assert_unescaped("\"plain\"", "plain", 5);
	assert_unescaped("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
	assert_unescaped("\"a\\u00e9\\u20AC\\ud83d\\ude00b\"", "aé€😀b", 11);
	assert_unescaped("\"\\u0000x\"", "\0x", 2);
	assert_unescaped("\"\\ud83d\"", "\xEF\xBF\xBD", 3);
	assert_unescaped("\"\\ud83dx\\ude00\"", "\xEF\xBF\xBDx\xEF\xBF\xBD", 7);
	assert_unescaped("\"\\ud83d\\u0041\"", "\xEF\xBF\xBD""A", 4);
	assert_unescaped("\"\\ud83d\\ud83d\\ude00\"", "\xEF\xBF\xBD😀", 7);
	assert_unescaped("\"", "", 0);
}

static void
quote(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	strbuf_adds(&out, "x");
	assert_true(json_quote(&out, "a\"b\\c/\b\f\n\r\t\0\x1b\x7f", 14));
	assert_string_equal(out.buf, "x\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0000\\u001b\\u007f\"");
	strbuf_reset(&out);
	assert_true(json_quote(&out, "é€😀\v", 10));
	assert_string_equal(out.buf, "\"é€😀\\u000b\"");
	/* The same value, and harmless on a terminal. */
	strbuf_reset(&out);
	assert_true(json_quote(&out, "\xC2\x85\u202E\U000E0041", 9));
	assert_string_equal(out.buf, "\"\\u0085\\u202e\\udb40\\udc41\"");
	strbuf_reset(&out);
	assert_true(json_quote(&out, NULL, 0));
	assert_string_equal(out.buf, "\"\"");
	assert_false(json_quote(&out, "abc\xFF", 4));
	assert_string_equal(out.buf, "\"\"");
	strbuf_fini(&out);
}

static void
assert_found(const char *text, const char *path, const char *expected)
{
	struct bytes out = { "untouched", 9 };
	bool found = json_find(text, strlen(text), path, &out);

	if (found != (expected != NULL))
		fail_msg("%s in %s: found is %d", path, text, found);
	if (!expected)
		expected = "untouched";
	assert_int_equal(out.len, strlen(expected));
	assert_memory_equal(out.data, expected, out.len);
}

static void
paths(void **state)
{
	static const char text[] =
		"{\"id\":9007199254740993,\"odd key\":\"x\",\"n\":{\"n\":{\"n\":1}},"
		"\"items\":[{\"qty\":0},{\"sku\":\"A1\"},{\"sku\":\"B2\",\"tags\":[[1,2],[3]]}],"
		"\"\\u0065sc\":true,\"z\":null}";

	(void)state;
	assert_found(text, ".id", "9007199254740993");
	assert_found(text, ".[\"odd key\"]", "\"x\"");
	assert_found(text, "[\"odd key\"]", "\"x\"");
	assert_found(text, ".n", "{\"n\":{\"n\":1}}");
	assert_found(text, ".n.n.n", "1");
	assert_found(text, ".n.n.n.n", NULL);
	assert_found(text, ".items[0].qty", "0");
	assert_found(text, ".items[1].sku", "\"A1\"");
	assert_found(text, ".items[].sku", "\"A1\"");
	assert_found(text, ".items[].tags", "[[1,2],[3]]");
	assert_found(text, ".items[].tags[1][0]", "3");
	assert_found(text, ".items[2].tags[][]", "1");
	assert_found(text, ".items[3]", NULL);
	assert_found(text, ".items.sku", NULL);
	assert_found(text, ".n[0]", NULL);
	assert_found(text, ".esc", "true");
	assert_found(text, ".z", "null");
	assert_found(text, ".absent", NULL);
	assert_found(text, ".", NULL);
	assert_found(text, "", NULL);
	assert_found(text, ".id x", NULL);
	assert_found("[5,6]", "[1]", "6");
	assert_found("[5,6]", ".[1]", "6");
	assert_found("{\"a\":1,\"a\":2}", ".a", "1");
	assert_found("{\"a\":{\"b\":1},\"a\":{\"c\":2}}", ".a.c", "2");
	assert_found("7", ".a", NULL);
	assert_found("", ".a", NULL);
	/* What comes after the value need not be JSON, what comes before must. */
	assert_found("{\"a\":1 nonsense", ".a", "1");
	assert_found("{nonsense,\"a\":1}", ".a", NULL);
	assert_found("{\"b\":[1,2,\"a\":1}", ".a", NULL);
	assert_found("{\"a\":[1", ".a", NULL);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* A second reader, as plain as can be: recursive, on short texts only. NULL: not JSON. */
static const char *plain_value(const char *s);

static const char *
plain_space(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *
plain_string(const char *s)
{
	if (*s++ != '"')
		return NULL;
	while (*s != '"') {
		if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x80)
			return NULL;
		if (*s++ != '\\')
			continue;
		if (*s == 'u') {
			if (strspn(s + 1, "0123456789abcdefABCDEF") < 4)
				return NULL;
			s += 4;
		} else if (!*s || !strchr("\"\\/bfnrt", *s)) {
			return NULL;
		}
		s++;
	}
	return s + 1;
}

static const char *
plain_number(const char *s)
{
	size_t digits;

	s += *s == '-';
	digits = strspn(s, "0123456789");
	if (!digits)
		return NULL;
	s += *s == '0' ? 1 : digits;
	if (*s == '.') {
		digits = strspn(++s, "0123456789");
		if (!digits)
			return NULL;
		s += digits;
	}
	if (*s == 'e' || *s == 'E') {
		s++;
		s += *s == '+' || *s == '-';
		digits = strspn(s, "0123456789");
		if (!digits)
			return NULL;
		s += digits;
	}
	return s;
}

static const char *
plain_container(const char *s, bool object)
{
	char end = object ? '}' : ']';

	s = plain_space(s);
	if (*s == end)
		return s + 1;
	for (;;) {
		if (object) {
			s = plain_string(plain_space(s));
			if (!s || *(s = plain_space(s)) != ':')
				return NULL;
			s++;
		}
		s = plain_value(s);
		if (!s)
			return NULL;
		s = plain_space(s);
		if (*s == end)
			return s + 1;
		if (*s++ != ',')
			return NULL;
	}
}

static const char *
plain_value(const char *s)
{
	static const char *const words[] = { "true", "false", "null" };

	s = plain_space(s);
	if (*s == '{' || *s == '[')
		return plain_container(s + 1, *s == '{');
	if (*s == '"')
		return plain_string(s);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return s + strlen(words[i]);
	}
	return plain_number(s);
}

/* Pieces of JSON in random order are mostly wrong, and now and then right: both
 * readers must agree. */
static void
agrees_with_a_plain_reader(void **state)
{
	static const char *const pieces[] = {
		"{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "1", "-0.5e1", "true", "null",
		" ", "[]", "{}",
		"\"b\":", "{\"a\":", "\\", "\"", "x", "0", "[1,2]", ",1",
	};
	struct strbuf text = STRBUF_INIT;
	uint32_t seed = 7;
	int right = 0;

	(void)state;
	for (int round = 0; round < 60000; round++) {
		size_t pos, n = 1 + next_random(&seed) % 7;
		const char *end;
		bool expected;

		strbuf_reset(&text);
		for (size_t i = 0; i < n; i++)
			strbuf_adds(&text, pieces[next_random(&seed) % ARRAY_LEN(pieces)]);
		end = plain_value(text.buf);
		expected = end && !*plain_space(end);
		if ((read_all(text.buf, text.len, &pos) == JSON_END) != expected)
			fail_msg("%s: the plain reader says %d", text.buf, expected);
		right += expected;
	}
	strbuf_fini(&text);
	assert_true(right > 1000);
}

/* Bytes of any kind, and a document with a few of its bytes changed: no reader leaves its text. */
static void
random_bytes_do_no_harm(void **state)
{
	static const char document[] =
		"{\"id\":931,\"s\":\"a\\n\\u00e9\\ud83d\\ude00\","
		"\"l\":[1.5e3,{},[null,true]],\"\xC3\xA9\":-0}";
	uint32_t seed = 3;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t len = sizeof(document) - 1 - next_random(&seed) % 20, pos;
		/* A copy of its own size, so that a sanitizer sees a step too far. */
		char *text = xmalloc(len);
		struct strbuf out = STRBUF_INIT;
		struct bytes found;

		memcpy(text, document, len);
		for (uint32_t i = next_random(&seed) % 4; i > 0; i--)
			text[next_random(&seed) % len] = (char)next_random(&seed);
		read_all(text, len, &pos);
		json_find(text, len, ".l[1]", &found);
		json_unescape(&out, text, len);
		assert_int_equal(json_quote(&out, text, len), utf8_valid(text, len));
		strbuf_fini(&out);
		free(text);
	}
}

/* What is quoted reads back as it was. */
static void
quote_and_unescape_are_inverse(void **state)
{
	uint32_t seed = 5;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		struct strbuf text = STRBUF_INIT, quoted = STRBUF_INIT, back = STRBUF_INIT;
		size_t pos;

		for (uint32_t i = next_random(&seed) % 20; i > 0; i--)
			strbuf_addcp(&text, next_random(&seed) % (round % 2 ? 0x110000 : 0x100));
		strbuf_adds(&text, "");
		assert_true(json_quote(&quoted, text.buf, text.len));
		assert_int_equal(read_all(quoted.buf, quoted.len, &pos), JSON_END);
		json_unescape(&back, quoted.buf, quoted.len);
		assert_int_equal(back.len, text.len);
		assert_memory_equal(back.buf, text.buf, text.len);
		strbuf_fini(&text);
		strbuf_fini(&quoted);
		strbuf_fini(&back);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_of_a_document),
		cmocka_unit_test(values_stand_alone),
		cmocka_unit_test(mistakes_have_a_place),
		cmocka_unit_test(nul_bytes_are_mistakes),
		cmocka_unit_test(documents),
		cmocka_unit_test(depth_costs_a_bit_a_level),
		cmocka_unit_test(containers_alternate),
		cmocka_unit_test(skip_ends_behind_the_container),
		cmocka_unit_test(unescape),
		cmocka_unit_test(quote),
		cmocka_unit_test(paths),
		cmocka_unit_test(agrees_with_a_plain_reader),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(quote_and_unescape_are_inverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
