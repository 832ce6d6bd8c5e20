/* filter: what each term finds, and the place and the sentence of every mistake. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/filter.h"

#define NOW 1795349070112

static struct filter_scratch *scratch;

static int
make_scratch(void **state)
{
	(void)state;
	scratch = filter_scratch_new();
	return 0;
}

static int
free_scratch(void **state)
{
	(void)state;
	filter_scratch_free(scratch);
	filter_scratch_free(NULL);
	return 0;
}

static bool
matches(const char *text, const struct record *rec)
{
	struct err e;
	size_t at = 0;
	struct filter *f = filter_compile(text, &at, &e);
	bool result;

	if (!f)
		fail_msg("%s: at %zu: %s", text, at, e.text);
	result = filter_match(f, scratch, rec, NOW);
	filter_unref(f);
	return result;
}

static bool
value_matches(const char *text, const char *value)
{
	struct record rec = { .value = { value, strlen(value) } };

	return matches(text, &rec);
}

#define ASSERT_VALUE(text, value) \
	do { \
		if (!value_matches(text, value)) \
			fail_msg("%s does not match %s", text, value); \
	} while (0)
#define REFUTE_VALUE(text, value) \
	do { \
		if (value_matches(text, value)) \
			fail_msg("%s matches %s", text, value); \
	} while (0)

static void
empty_matches_everything(void **state)
{
	static const char *const texts[] = { "", " ", "    " };
	struct record null_record = { .kind = RECORD_MESSAGE };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct filter *f = filter_compile(texts[i], NULL, NULL);

		assert_non_null(f);
		assert_true(filter_is_empty(f));
		assert_true(filter_match(f, scratch, &null_record, NOW));
		assert_ptr_equal(filter_ref(f), f);
		filter_unref(f);
		filter_unref(f);
	}
	filter_unref(NULL);
}

static void
text_terms(void **state)
{
	(void)state;
	ASSERT_VALUE("SHIPPED", "{\"status\":\"SHIPPED\"}");
	REFUTE_VALUE("shipped", "{\"status\":\"SHIPPED\"}");
	ASSERT_VALUE("  order   ship ", "order_shipping");
	REFUTE_VALUE("order xyz", "order_shipping");
	ASSERT_VALUE("\"two words\"", "in two words here");
	REFUTE_VALUE("\"two words\"", "two  words");
	ASSERT_VALUE("\"a \\\"quoted\\\" b\"", "a \"quoted\" b");
	ASSERT_VALUE("\"a\\nb\"", "x a\\nb x");                 /* JSON is searched as it stands */
	ASSERT_VALUE("a\"b", "xa\"bx"); /* a quote opens at the start only */
	ASSERT_VALUE("é", "caf\xC3\xA9");
	ASSERT_VALUE("!xyz", "abc");
	REFUTE_VALUE("!abc", "abc");
	ASSERT_VALUE("!!abc", "abc");
	REFUTE_VALUE("!\"b c\"", "a b c");
	ASSERT_VALUE("a=b", "xa=bx");
	ASSERT_VALUE("partition", "a partition");
	ASSERT_VALUE("sizes size", "sizes");
	ASSERT_VALUE("http://x", "see http://x");
	ASSERT_VALUE("...", "wait...");
	ASSERT_VALUE(".5", "0.5");
	REFUTE_VALUE("a", "");
}

static void
any_bytes_are_searched(void **state)
{
	struct record rec = { .value = { "\0\xff" "A\0B\xfe", 6 } };

	(void)state;
	assert_true(matches("A", &rec));
	assert_true(matches("/A.B/", &rec));
	assert_false(matches("AB", &rec));
}

static void
regex_terms(void **state)
{
	(void)state;
	ASSERT_VALUE("/^\\{.*\"id\":9\\d+/", "{\"id\":931}");
	REFUTE_VALUE("/^id/", "{\"id\":931}");
	REFUTE_VALUE("/ship/", "SHIP");
	ASSERT_VALUE("/ship/i", "SHIP");
	ASSERT_VALUE("/É/i", "caf\xC3\xA9");
	ASSERT_VALUE("/a b/ c", "c a b");
	ASSERT_VALUE("/a\\/b/", "a/b");
	ASSERT_VALUE("!/xyz/", "abc");
	ASSERT_VALUE("/^$/", "");
}

static void
key_and_header_terms(void **state)
{
	const struct header headers[] = {
		{ "trace-id", { "abc", 3 } }, { "retry", { NULL, 0 } },
		{ "trace-id", { "two words", 9 } }, { "b", { "\xff", 1 } },
	};
	struct strbuf packed = STRBUF_INIT;
	struct record rec = { .key = { "o931", 4 }, .value = { "value", 5 } };

	(void)state;
	record_pack_headers(&packed, headers, ARRAY_LEN(headers));
	rec.headers = packed.buf;
	rec.headers_len = packed.len;
	rec.nheaders = ARRAY_LEN(headers);
	assert_true(matches("key:o9", &rec));
	assert_false(matches("key:value", &rec));
	assert_false(matches("o931", &rec));
	assert_true(matches("key:/^o\\d+$/", &rec));
	assert_true(matches("!key:x header.trace-id:abc", &rec));
	assert_true(matches("header.trace-id:\"two words\"", &rec));
	assert_true(matches("header.trace-id:/^two/", &rec));
	assert_false(matches("header.trace:abc", &rec));
	assert_false(matches("header.TRACE-ID:abc", &rec));
	assert_false(matches("header.retry:/^/", &rec));
	rec.key = (struct bytes){ NULL, 0 };
	assert_false(matches("key:/^/", &rec));
	assert_true(matches("!key:/^/", &rec));
	strbuf_fini(&packed);
}

static void
number_terms(void **state)
{
	char value[2000] = "";
	struct record rec = {
		.partition = 2, .timestamp_ms = NOW - 60000, .timestamp_kind = TIMESTAMP_CREATE,
		.key = { "key", 3 }, .value = { value, 1021 },
	};

	(void)state;
	assert_true(matches("partition:2", &rec));
	assert_true(matches(
		"partition=2 partition>=2 partition<=2 partition!=1 partition>1 partition<3",
		&rec));
	assert_false(matches("partition:1", &rec));
	assert_false(matches("partition>2", &rec));
	assert_false(matches("partition!=2", &rec));
	assert_true(matches("!partition:1", &rec));
	assert_true(matches("size=1k size:1024 size<1m size>1023 size<1G", &rec));
	assert_false(matches("size>1K", &rec));
	assert_true(matches("age<61s age>59s age=1m age<1h age<1d", &rec));
	assert_false(matches("age<1m", &rec));
	rec.timestamp_kind = TIMESTAMP_NONE;
	assert_false(matches("age<1d", &rec));
	assert_false(matches("age>1d", &rec));
	assert_true(matches("!age<1d", &rec));
}

static void
hostile_timestamps_do_not_overflow(void **state)
{
	struct record rec = { .timestamp_kind = TIMESTAMP_CREATE, .timestamp_ms = INT64_MIN };
	struct filter *f;

	(void)state;
	assert_true(matches("age>999999999d", &rec));
	rec.timestamp_ms = INT64_MAX;
	assert_true(matches("age<0s", &rec));
	assert_false(matches("age>0s", &rec));
	/* Nor does a clock that is wrong (found by the fuzzer). */
	f = filter_compile("age<0s", NULL, NULL);
	assert_true(filter_match(f, scratch, &rec, INT64_MIN));
	rec.timestamp_ms = INT64_MIN;
	assert_false(filter_match(f, scratch, &rec, INT64_MIN));
	filter_unref(f);
}

static void
is_terms(void **state)
{
	struct record rec = { .value = { NULL, 0 } };

	(void)state;
	assert_true(matches("is:null !is:empty !is:binary !is:json", &rec));
	assert_false(matches("/^/", &rec));
	rec.value = (struct bytes){ "", 0 };
	assert_true(matches("is:empty !is:null !is:binary !is:json", &rec));
	ASSERT_VALUE("is:json !is:empty !is:null !is:binary", "{\"a\":1}");
	REFUTE_VALUE("is:json", "1");
	REFUTE_VALUE("is:json", "{\"a\":1");
	REFUTE_VALUE("is:binary", "text\twith\r\nlines é");
	ASSERT_VALUE("is:binary", "a\x1b[2J");
	ASSERT_VALUE("is:binary", "a\x7f");
	ASSERT_VALUE("is:binary", "\xFF");
	rec.value = (struct bytes){ "a\0", 2 };
	assert_true(matches("is:binary", &rec));
}

#define ORDER \
	"{\"id\":9007199254740993,\"status\":\"SHIPPED\",\"total\":99.50,\"zero\":-0," \
	"\"paid\":true,\"none\":null," \
	"\"code\":\"5\",\"esc\":\"caf\\u00e9 \\\"x\\\"\",\"empty\":\"\",\"at\":\"2026-11-22\"," \
	"\"items\":[{\"sku\":\"B1\",\"qty\":3},{\"sku\":\"A2\",\"qty\":10}],\"list\":[]}"

static void
field_terms_on_text(void **state)
{
	(void)state;
	ASSERT_VALUE(".status=SHIPPED", ORDER);
	ASSERT_VALUE(".status=\"SHIPPED\"", ORDER);
	REFUTE_VALUE(".status=SHIP", ORDER);
	REFUTE_VALUE(".status=shipped", ORDER);
	ASSERT_VALUE(".status!=PACKED", ORDER);
	REFUTE_VALUE(".status!=SHIPPED", ORDER);
	REFUTE_VALUE(".absent=1", ORDER);
	REFUTE_VALUE(".absent!=1", ORDER);
	ASSERT_VALUE("!.absent=1", ORDER);
	ASSERT_VALUE(".status~/^SH/", ORDER);
	ASSERT_VALUE(".status~/shipped/i", ORDER);
	REFUTE_VALUE(".status~/^IP/", ORDER);
	ASSERT_VALUE(".at>2026-11-21 .at<2026-11-23 .at>=2026-11-22 .at<=2026-11-22", ORDER);
	REFUTE_VALUE(".at<2026-11-22", ORDER);
	ASSERT_VALUE(".esc=\"café \\\"x\\\"\"", ORDER);
	ASSERT_VALUE(".esc~/^caf\xC3\xA9 \"/", ORDER);
	ASSERT_VALUE(".empty=\"\"", ORDER);
	REFUTE_VALUE(".status=\"\"", ORDER);
	ASSERT_VALUE(".paid=true .none=null .none!=x", ORDER);
	REFUTE_VALUE(".paid=\"true\"", ORDER);
	ASSERT_VALUE(".list=[]", ORDER);
	REFUTE_VALUE(".status=SHIPPED", "not JSON");
	REFUTE_VALUE(".status=SHIPPED", "\"SHIPPED\"");
}

static void
field_terms_on_numbers(void **state)
{
	(void)state;
	ASSERT_VALUE(".id=9007199254740993", ORDER);
	REFUTE_VALUE(".id=9007199254740992", ORDER);
	ASSERT_VALUE(".id>9007199254740992 .id<9007199254740994", ORDER);
	ASSERT_VALUE(".total=99.5 .total>=9.95e1 .total<100 .total>99", ORDER);
	REFUTE_VALUE(".total>99.5", ORDER);
	ASSERT_VALUE(".zero=0", ORDER);
	ASSERT_VALUE(".code=5", ORDER);         /* a string of these bytes */
	ASSERT_VALUE(".code=\"5\"", ORDER);
	REFUTE_VALUE(".code=5.0", ORDER);
	REFUTE_VALUE(".code>4", ORDER);         /* a text is neither more nor less than a number */
	REFUTE_VALUE(".code<4", ORDER);
	ASSERT_VALUE(".code!=4", ORDER);
	REFUTE_VALUE(".total=\"99.50\"", ORDER);
	ASSERT_VALUE(".total!=\"99.50\"", ORDER);
	REFUTE_VALUE(".status>5", ORDER);
	ASSERT_VALUE(".x=1e400", "{\"x\":1e400}");
	REFUTE_VALUE(".x=1e400", "{\"x\":1e401}");
}

static void
field_terms_on_elements(void **state)
{
	(void)state;
	ASSERT_VALUE(".items[].sku~/^A/", ORDER);
	ASSERT_VALUE(".items[1].sku=A2", ORDER);
	REFUTE_VALUE(".items[0].sku=A2", ORDER);
	ASSERT_VALUE(".items[].qty>9", ORDER);
	REFUTE_VALUE(".items[].qty>10", ORDER);
	ASSERT_VALUE("!.items[].sku=C3", ORDER);
	ASSERT_VALUE(".[\"status\"]=SHIPPED", ORDER);
	ASSERT_VALUE(".[\"odd key\"]=1", "{\"odd key\":1}");
	ASSERT_VALUE(".[0]=1", "[1,2]");
	ASSERT_VALUE(".a.b.c=1", "{\"a\":{\"x\":{\"c\":2},\"b\":{\"c\":1}}}");
}

static void
notes_match_always(void **state)
{
	struct record note = { .kind = RECORD_NOTE, .partition = -1, .value = { "recreated", 9 } };

	(void)state;
	assert_true(matches("nothing-like-it partition:7 .a=1 is:null", &note));
}

static void
mistakes_have_a_place(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		const char *says;
	} bad[] = {
		{ "!", 1, "after ! comes" },
		{ "a ! b", 3, "after ! comes" },
		{ "\"", 0, "not closed" },
		{ "abc \"def", 4, "not closed" },
		{ "\"def\\\"", 0, "not closed" },
		{ "\"a\"b", 3, "space is missing" },
		{ "\"\"", 0, "match everything" },
		{ "x key:\"\"", 6, "match everything" },
		{ "/abc", 0, "not closed" },
		{ "x /", 2, "not closed" },
		{ "/abc\\", 0, "not closed" },
		{ "/abc\\/", 0, "not closed" },
		{ "//", 0, "empty" },
		{ "/var/log", 5, "after a /regex/ comes i" },
		{ "/a/ix", 4, "after a /regex/ comes i" },
		{ "x /a(b/", 6, "missing closing parenthesis" },
		{ "/[z-a]/", 4, "out of order" },
		{ "/\\C/", 3, "in this regex" },
		{ "é /(/", 5, "character 5" },
		{ "key:", 4, "after key: comes" },
		{ "key: x", 4, "after key: comes" },
		{ "header.", 7, "header.NAME:TEXT" },
		{ "header.a", 8, "header.NAME:TEXT" },
		{ "header.:x", 7, "name is missing" },
		{ "header.a:", 9, "after header.NAME: comes" },
		{ "is:", 3, "null, empty, binary or json" },
		{ "is:nul", 3, "null, empty, binary or json" },
		{ "is:nulls", 3, "null, empty, binary or json" },
		{ "partition:", 10, "partition number" },
		{ "partition:x", 10, "partition number" },
		{ "partition:2k", 11, "partition number" },
		{ "partition:-1", 10, "partition number" },
		{ "partition:1234567890", 19, "nine digits" },
		{ "partition!2", 99, NULL },
		{ "size>", 5, "number of bytes" },
		{ "size>10x", 7, "number of bytes" },
		{ "size>10kb", 8, "number of bytes" },
		{ "age<", 4, "with its unit" },
		{ "age<5", 5, "with its unit" },
		{ "age<5m5", 6, "with its unit" },
		{ ".a", 2, "a field is compared by" },
		{ ".a b", 2, "a field is compared by" },
		{ ".a:b", 2, "a field is compared by" },
		{ ".a=", 3, "what the field is compared with" },
		{ ".a~", 3, "comes a /regex/" },
		{ ".a~x", 3, "comes a /regex/" },
		{ ".a~/(/", 5, "in this regex" },
		{ ".a=\"b", 3, "not closed" },
		{ ".a..b=1", 3, "name is missing" },
		{ ".=1", 1, "name is missing" },
		{ ".a[x]=1", 3, "between [ and ]" },
		{ ".a[1=1", 4, "between [ and ]" },
		{ ".a[-1]=1", 3, "between [ and ]" },
		{ ".a[12345678901]=1", 12, "between [ and ]" },
		{ ".[\"a]=1", 2, "not closed" },
		{ ".[\"\\x\"]=1", 4, "JSON string" },
		{ ".com", 4, "a field is compared by" },
		{ "a b .c=1 d \"", 11, "character 12" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		size_t at = 99;
		struct err e = { .code = ERR_NONE };
		struct filter *f = filter_compile(bad[i].text, &at, &e);

		if (!bad[i].says) {
			assert_non_null(f);
			filter_unref(f);
			continue;
		}
		if (f || at != bad[i].at || !strstr(e.text, bad[i].says))
			fail_msg("%s: at %zu, not %zu: %s", bad[i].text, at, bad[i].at, e.text);
		assert_int_equal(e.code, ERR_USAGE);
		assert_null(filter_compile(bad[i].text, NULL, NULL));
	}
}

static void
paths_have_a_bound(void **state)
{
	struct strbuf text = STRBUF_INIT;
	size_t at = 0;
	struct err e;

	(void)state;
	for (int i = 0; i < 40; i++)
		strbuf_adds(&text, ".a");
	strbuf_adds(&text, "=1");
	assert_null(filter_compile(text.buf, &at, &e));
	assert_int_equal(at, 64);
	assert_non_null(strstr(e.text, "at most 32 steps"));
	strbuf_fini(&text);
}

/* Patterns that backtrack for ever must give up: no match, and soon. */
static void
catastrophic_patterns_end(void **state)
{
	static const char *const patterns[] = {
		"/(a+)+$/", "/(a|aa)+$/", "/(a|a?)+$/", "/^(([a-z])+.)+[A-Z]([a-z])+$/",
		"/(.*)*x(.*)*y/", "/(?:a?){30}a{30}b/",
		"/(?=a+[bc])/", "/(?=a+a+[bc])/", "/(?=a+a+a+a+[bc])/", "/\\Xb/",
		"/(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)(?:a|a)[bc]/",
		".v~/(x+x+)+y/",
	};
	struct record rec;
	size_t len = 300000;
	char *value = xmalloc(len);
	int64_t start = clock_ms();

	(void)state;
	memset(value, 'a', len);
	value[len - 1] = '!';
	rec = (struct record){ .value = { value, len } };
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		assert_false(matches(patterns[i], &rec));
	rec.value.len = 30;
	value[29] = '!';
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
		assert_false(matches(patterns[i], &rec));
	assert_true(clock_ms() - start < 20000);
	free(value);
}

/* The limits leave room for honest patterns on long texts. */
static void
honest_patterns_on_long_texts_match(void **state)
{
	size_t len = 1000000;
	char *value = xmalloc(len);
	struct record rec = { .value = { value, len } };

	(void)state;
	for (size_t i = 0; i < len; i++)
		value[i] = "{\"a\": [1, 2],\n"[i % 14];
	memcpy(value + len - 6, "NEEDLE", 6);
	assert_true(matches("/NEEDLE$/", &rec));
	assert_true(matches("/needle/i", &rec));
	assert_true(matches("/N[A-Z]+E/", &rec));
	assert_true(matches("/\"a\".*\\n\"a|NEEDLE/", &rec));
	assert_true(matches("/.*NEEDLE/", &rec));
	assert_true(matches("/\\w+\\s*NEEDLE|,\\nNEEDLE|NEEDLE/", &rec));
	assert_true(matches("/(?:x|y|N)EEDLE/", &rec));
	assert_false(matches("/NEEDLES/", &rec));
	free(value);
}

static void
assert_finds(const char *text, const char *value, const size_t (*expected)[2], size_t n)
{
	struct filter *f = filter_compile(text, NULL, NULL);
	size_t from = 0, start, len, count = 0;

	assert_non_null(f);
	while (filter_find(f, scratch, value, strlen(value), from, &start, &len)) {
		assert_true(count < n);
		assert_int_equal(start, expected[count][0]);
		assert_int_equal(len, expected[count][1]);
		from = start + len;
		count++;
	}
	assert_int_equal(count, n);
	filter_unref(f);
}

static void
find_for_highlighting(void **state)
{
	static const size_t as[][2] = { { 0, 1 }, { 2, 1 }, { 4, 1 } };
	static const size_t longest[][2] = { { 0, 3 }, { 4, 1 } };
	static const size_t regex[][2] = { { 1, 2 }, { 5, 3 } };
	static const size_t utf8[][2] = { { 3, 2 } };

	(void)state;
	assert_finds("a", "abaca", as, 3);
	assert_finds("a /a.a/", "abaca", longest, 2);
	assert_finds("/\\d+/", "a12bc345", regex, 2);
	assert_finds("/x*/", "abc", NULL, 0);           /* an empty place is none */
	assert_finds("!a key:a header.a:a .a=a is:json partition:1", "aaa", NULL, 0);
	assert_finds("", "aaa", NULL, 0);
	assert_finds("é", "caf\xC3\xA9", utf8, 1);
	assert_finds("/É/i", "caf\xC3\xA9", utf8, 1);
	assert_finds("a", "", NULL, 0);
}

/* A search may begin in the middle of a character, or of what is none. */
static void
find_begins_anywhere(void **state)
{
	struct filter *f = filter_compile("/./ b", NULL, NULL);
	static const char value[] = "\xC3\xA9\xFF\xE2\x82" "b\xF0\x9F\x98\x80";
	size_t start, len;

	(void)state;
	for (size_t from = 0; from <= sizeof(value); from++) {
		if (filter_find(f, scratch, value, sizeof(value) - 1, from, &start, &len)) {
			assert_in_range(start, from, sizeof(value) - 2);
			assert_in_range(len, 1, sizeof(value) - 1 - start);
		}
	}
	filter_unref(f);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Pieces of terms in random order: each text is a filter, or has a mistake inside
 * it and a sentence. */
static void
random_texts_do_no_harm(void **state)
{
	static const char *const pieces[] = {
		"!", "\"", "/", "/i", " ", "key:", "header.", "a", ":", "partition", "size", "age",
		"<", "<=", ">", "=", "!=", "~",
		".", ".a", "[]", "[0]", "[\"b\"]", "is:", "null", "json", "5", "10k", "5m", "\\",
		"(", ")", "*", "[", "é", "\xff",
	};
	struct record rec = { .value = { ORDER, sizeof(ORDER) - 1 }, .key = { "k", 1 } };
	struct strbuf text = STRBUF_INIT;
	uint32_t seed = 11;
	int good = 0;

	(void)state;
	for (int round = 0; round < 15000; round++) {
		size_t at = SIZE_MAX;
		struct err e = { .code = ERR_NONE };
		struct filter *f;

		strbuf_reset(&text);
		for (uint32_t i = 1 + next_random(&seed) % 8; i > 0; i--)
			strbuf_adds(&text, pieces[next_random(&seed) % ARRAY_LEN(pieces)]);
		f = filter_compile(text.buf, &at, &e);
		if (f) {
			size_t start, len;

			filter_match(f, scratch, &rec, NOW);
			filter_find(f, scratch, rec.value.data, rec.value.len, 0, &start, &len);
			good++;
		} else {
			assert_true(at <= text.len);
			assert_int_equal(e.code, ERR_USAGE);
			assert_true(strlen(e.text) > 25);
		}
		filter_unref(f);
	}
	assert_in_range(good, 1000, 14000);
	strbuf_fini(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_matches_everything),
		cmocka_unit_test(text_terms),
		cmocka_unit_test(any_bytes_are_searched),
		cmocka_unit_test(regex_terms),
		cmocka_unit_test(key_and_header_terms),
		cmocka_unit_test(number_terms),
		cmocka_unit_test(hostile_timestamps_do_not_overflow),
		cmocka_unit_test(is_terms),
		cmocka_unit_test(field_terms_on_text),
		cmocka_unit_test(field_terms_on_numbers),
		cmocka_unit_test(field_terms_on_elements),
		cmocka_unit_test(notes_match_always),
		cmocka_unit_test(mistakes_have_a_place),
		cmocka_unit_test(paths_have_a_bound),
		cmocka_unit_test(catastrophic_patterns_end),
		cmocka_unit_test(honest_patterns_on_long_texts_match),
		cmocka_unit_test(find_for_highlighting),
		cmocka_unit_test(find_begins_anywhere),
		cmocka_unit_test(random_texts_do_no_harm),
	};

	return cmocka_run_group_tests(tests, make_scratch, free_scratch);
}
