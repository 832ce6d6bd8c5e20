/* cli_out, cli_json: tables that stay aligned whatever the names are, and JSON that is always JSON. */
#include "cmocka_all.h"

#include <locale.h>
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"

static void
columns_are_as_wide_as_their_widest_cell(void **state)
{
	static const char *const titles[] = { "NAME", ">COUNT", "NOTE" };
	struct sheet table;
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	sheet_init(&table, titles, ARRAY_LEN(titles));
	sheet_cell(&table, "orders");
	sheet_number(&table, 1234567);
	sheet_cell(&table, "x");
	sheet_cell(&table, "a");
	sheet_number(&table, OFFSET_UNKNOWN);
	sheet_cell(&table, "%s", "");
	sheet_print(&table, &sb);
	assert_string_equal(strbuf_str(&sb),
	                    "NAME      COUNT  NOTE\n"
	                    "orders  1234567  x\n"
	                    "a             -\n");
	sheet_fini(&table);
	strbuf_fini(&sb);
}

static void
hostile_and_wide_cells_keep_to_their_line(void **state)
{
	static const char *const titles[] = { "NAME", ">N" };
	struct sheet table;
	struct strbuf sb = STRBUF_INIT;
	size_t lines = 0;

	(void)state;
	sheet_init(&table, titles, ARRAY_LEN(titles));
	sheet_cell(&table, "%s", "a\nb\x1b[2J");
	sheet_number(&table, 1);
	sheet_cell(&table, "%s", "\xe6\xbc\xa2\xe5\xad\x97");
	sheet_number(&table, 2);
	sheet_print(&table, &sb);
	for (size_t i = 0; i < sb.len; i++) {
		lines += sb.buf[i] == '\n';
		assert_int_not_equal(sb.buf[i], '\x1b');
	}
	assert_int_equal(lines, 3);
	sheet_fini(&table);
	strbuf_fini(&sb);
}

static void
assert_base64(const char *bytes, size_t len, const char *expected)
{
	struct strbuf sb = STRBUF_INIT;

	add_base64(&sb, bytes, len);
	assert_string_equal(strbuf_str(&sb), expected);
	strbuf_fini(&sb);
}

static void
base64_is_that_of_rfc_4648(void **state)
{
	(void)state;
	assert_base64("", 0, "");
	assert_base64("f", 1, "Zg==");
	assert_base64("fo", 2, "Zm8=");
	assert_base64("foo", 3, "Zm9v");
	assert_base64("foobar", 6, "Zm9vYmFy");
	assert_base64("\xff\xfe\x00\xfb", 4, "//4A+w==");
}

static void
json_values_are_json(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	json_begin(&sb);
	json_name(&sb, "a");
	json_text(&sb, "x\"\n\xff");
	json_name(&sb, "b");
	json_text(&sb, NULL);
	json_name(&sb, "c");
	json_number(&sb, OFFSET_UNKNOWN);
	json_name(&sb, "d");
	json_number(&sb, INT64_MAX);
	json_name(&sb, "e");
	json_bool(&sb, true);
	json_end(&sb);
	assert_string_equal(strbuf_str(&sb),
	                    "{\"a\":\"x\\\"\xe2\x90\x8a\\\\xFF\",\"b\":null,\"c\":null,\"d\":9223372036854775807,\"e\":true}\n");
	assert_true(json_is_document(sb.buf, sb.len));
	strbuf_fini(&sb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_as_wide_as_their_widest_cell),
		cmocka_unit_test(hostile_and_wide_cells_keep_to_their_line),
		cmocka_unit_test(base64_is_that_of_rfc_4648),
		cmocka_unit_test(json_values_are_json),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
