/* json_pretty: indented lines, bounded whatever the nesting. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/json.h"

static void
add_line_text(struct strbuf *text, const struct lines *l, size_t n)
{
	for (size_t i = 0; i < l->line[n].n; i++) {
		const struct span *s = &l->spans[l->line[n].first + i];

		strbuf_add(text, l->text.buf + s->start, s->len);
	}
}

static void
assert_pretty(const char *json, size_t max_lines, const char *expected)
{
	struct strbuf text = STRBUF_INIT;
	struct lines l;

	lines_init(&l);
	assert_true(json_pretty(&l, json, strlen(json), max_lines));
	for (size_t i = 0; i < l.n; i++) {
		add_line_text(&text, &l, i);
		strbuf_adds(&text, "\n");
	}
	assert_string_equal(strbuf_str(&text), expected);
	strbuf_fini(&text);
	lines_fini(&l);
}

static void
indents(void **state)
{
	(void)state;
	assert_pretty(
		"{\"a\":1,\"b\":[true,null],\"c\":{},\"d\":[],\"e\":{\"f\":\"x\"}}", 0,
		"{\n  \"a\": 1,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {},\n"
		"  \"d\": [],\n"
		"  \"e\": {\n    \"f\": \"x\"\n  }\n}\n");
	assert_pretty("[[1],[],{}]", 0, "[\n  [\n    1\n  ],\n  [],\n  {}\n]\n");
	assert_pretty("[]", 0, "[]\n");
	assert_pretty(" {} ", 0, "{}\n");
}

static void
numbers_keep_their_text(void **state)
{
	(void)state;
	assert_pretty("[9007199254740993,1e400,1.0,-0]", 0,
	              "[\n  9007199254740993,\n  1e400,\n  1.0,\n  -0\n]\n");
}

static void
stops_at_the_bound(void **state)
{
	(void)state;
	assert_pretty("[1,2,3]", 1, "[\n");
	assert_pretty("[1,2,3]", 3, "[\n  1,\n  2,\n");
	assert_pretty("[1,2,3]", 5, "[\n  1,\n  2,\n  3\n]\n");
	assert_pretty("[1,2,3]", 9, "[\n  1,\n  2,\n  3\n]\n");
}

static void
bound_counts_from_what_was_there(void **state)
{
	struct lines l;

	(void)state;
	lines_init(&l);
	for (int i = 0; i < 5; i++)
		lines_begin(&l);
	assert_true(json_pretty(&l, "[1,2,3]", 7, 2));
	assert_int_equal(l.n, 7);
	lines_fini(&l);
}

static void
what_is_not_json_adds_nothing(void **state)
{
	static const char *const texts[] = { "",     "1",          "\"a\"",    "null",
		                             "[1,2", "{\"a\":1}}", "[1,\x01]", "plain text" };
	struct lines l;

	(void)state;
	lines_init(&l);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		assert_false(json_pretty(&l, texts[i], strlen(texts[i]), 0));
		assert_int_equal(l.n, 0);
		assert_int_equal(l.text.len, 0);
	}
	lines_fini(&l);
}

static void
roles(void **state)
{
	static const char json[] = "{\"k\":\"s\",\"n\":1,\"w\":true}";
	static const enum role expected[] = { ROLE_TEXT, ROLE_JSON_KEY, ROLE_JSON_PUNCT,
		                              ROLE_JSON_STRING, ROLE_JSON_PUNCT };
	struct lines l;

	(void)state;
	lines_init(&l);
	assert_true(json_pretty(&l, json, sizeof(json) - 1, 0));
	assert_int_equal(l.n, 5);
	assert_int_equal(l.line[1].n, ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(l.spans[l.line[1].first + i].role, expected[i]);
	assert_int_equal(l.spans[l.line[2].first + 3].role, ROLE_JSON_NUMBER);
	assert_int_equal(l.spans[l.line[3].first + 3].role, ROLE_JSON_WORD);
	lines_fini(&l);
}

/* A text of n brackets may not become n * n blanks: below 40 levels a line says how deep it is. */
static void
deep_nesting_stays_small(void **state)
{
	size_t n = 100000;
	char *json = xmalloc(2 * n);
	struct strbuf text = STRBUF_INIT;
	struct lines l;

	(void)state;
	memset(json, '[', n);
	memset(json + n, ']', n);
	lines_init(&l);
	assert_true(json_pretty(&l, json, 2 * n, 0));
	assert_int_equal(l.n, 2 * n - 1);
	assert_true(l.text.len < 20 * 2 * n);
	add_line_text(&text, &l, 40);
	assert_int_equal(text.len, 81);
	strbuf_reset(&text);
	add_line_text(&text, &l, 41);
	assert_string_equal(text.buf, "depth 41: [");
	strbuf_reset(&text);
	add_line_text(&text, &l, n - 1);
	assert_string_equal(text.buf, "depth 99999: []");
	lines_reset(&l);
	assert_true(json_pretty(&l, json, 2 * n, 50));
	assert_int_equal(l.n, 50);
	strbuf_fini(&text);
	lines_fini(&l);
	free(json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(indents),
		cmocka_unit_test(numbers_keep_their_text),
		cmocka_unit_test(stops_at_the_bound),
		cmocka_unit_test(bound_counts_from_what_was_there),
		cmocka_unit_test(what_is_not_json_adds_nothing),
		cmocka_unit_test(roles),
		cmocka_unit_test(deep_nesting_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
