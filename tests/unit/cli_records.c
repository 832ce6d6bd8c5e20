/* cli_records: a message as a line: nothing of it is lost in JSON, nothing of it reaches a terminal as it is. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"
#include "topicmon/model/record.h"

#define BYTES(s) { (s), sizeof(s) - 1 }

static const char *
line_of(enum record_form form, const struct record *rec)
{
	static struct strbuf sb;

	strbuf_reset(&sb);
	print_record(&sb, form, rec, "orders", false, TIME_ISO);
	assert_int_equal(sb.buf[sb.len - 1], '\n');
	if (form == FORM_JSON) {
		assert_true(json_is_document(sb.buf, sb.len));
		assert_ptr_equal(strchr(sb.buf, '\n'), sb.buf + sb.len - 1);
	}
	return strbuf_str(&sb);
}

static struct record
plain(void)
{
	return (struct record){
		.kind = RECORD_MESSAGE, .partition = 2, .offset = 341, .timestamp_ms = 1795348800123,
		.timestamp_kind = TIMESTAMP_CREATE, .key = BYTES("o931"), .value = BYTES("{\"a\":\"b\"}"),
	};
}

static void
the_json_shape_is_as_documented(void **state)
{
	struct record rec = plain();

	(void)state;
	assert_string_equal(line_of(FORM_JSON, &rec),
	                    "{\"topic\":\"orders\",\"partition\":2,\"offset\":341,\"timestamp\":1795348800123,"
	                    "\"key\":\"o931\",\"value\":\"{\\\"a\\\":\\\"b\\\"}\",\"headers\":[]}\n");
}

static void
null_empty_and_binary_are_three_things(void **state)
{
	struct record rec = plain();

	(void)state;
	rec.key = (struct bytes){ NULL, 0 };
	rec.value = (struct bytes){ "", 0 };
	assert_non_null(strstr(line_of(FORM_JSON, &rec), "\"key\":null,\"value\":\"\","));
	rec.key = (struct bytes){ "\xff\x00\x01", 3 };
	rec.value = (struct bytes){ NULL, 0 };
	assert_non_null(strstr(line_of(FORM_JSON, &rec), ",\"key_base64\":\"/wAB\",\"value\":null,"));
	rec.timestamp_kind = TIMESTAMP_NONE;
	assert_non_null(strstr(line_of(FORM_JSON, &rec), "\"timestamp\":null,"));
	rec.value = (struct bytes){ "a\0b", 3 };        /* NUL is UTF-8 */
	assert_non_null(strstr(line_of(FORM_JSON, &rec), "\"value\":\"a\\u0000b\""));
}

static void
headers_keep_their_order_and_duplicates(void **state)
{
	const struct header headers[] = {
		{ "trace", BYTES("1") }, { "trace", BYTES("2") }, { "none", { NULL, 0 } }, { "raw", BYTES("\xff") },
		{ "b\xff", BYTES("") },
	};
	struct strbuf packed = STRBUF_INIT;
	struct record rec = plain();

	(void)state;
	record_pack_headers(&packed, headers, ARRAY_LEN(headers));
	rec.headers = packed.buf;
	rec.headers_len = packed.len;
	rec.nheaders = ARRAY_LEN(headers);
	assert_non_null(strstr(line_of(FORM_JSON, &rec),
	                       "\"headers\":[[\"trace\",\"1\"],[\"trace\",\"2\"],[\"none\",null],[\"raw\",{\"base64\":\"/w==\"}],"
	                       "[\"b\\\\xFF\",\"\"]]}"));
	strbuf_fini(&packed);
}

static void
a_terminal_gets_columns_that_are_safe(void **state)
{
	struct record rec = plain();

	(void)state;
	assert_string_equal(line_of(FORM_COLUMNS, &rec), "2026-11-22T12:00:00.123Z    2      341  o931  {\"a\":\"b\"}\n");
	rec.key = (struct bytes){ NULL, 0 };
	rec.value = (struct bytes)BYTES("\x1b]0;title\x07\n\xff");
	assert_string_equal(line_of(FORM_COLUMNS, &rec),
	                    "2026-11-22T12:00:00.123Z    2      341  null  \xe2\x90\x9b]0;title\xe2\x90\x87\xe2\x90\x8a\\xFF\n");
}

static void
a_pipe_gets_the_bytes_of_the_value(void **state)
{
	struct record rec = plain();

	(void)state;
	rec.value = (struct bytes)BYTES("\x1b\xff x");
	assert_string_equal(line_of(FORM_VALUE, &rec), "\x1b\xff x\n");
	rec.value = (struct bytes){ NULL, 0 };
	assert_string_equal(line_of(FORM_VALUE, &rec), "\n");
}

static void
several_topics_are_told_apart(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	struct record rec = plain();

	(void)state;
	print_record(&sb, FORM_COLUMNS, &rec, "orders", true, TIME_ISO);
	assert_non_null(strstr(strbuf_str(&sb), "Z  orders    2"));
	strbuf_fini(&sb);
}

static void
numbers_at_the_ends_of_their_range(void **state)
{
	struct record rec = plain();

	(void)state;
	rec.offset = INT64_MAX;
	rec.timestamp_ms = INT64_MIN;
	assert_non_null(strstr(line_of(FORM_JSON, &rec),
	                       "\"offset\":9223372036854775807,\"timestamp\":-9223372036854775808,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_json_shape_is_as_documented),
		cmocka_unit_test(null_empty_and_binary_are_three_things),
		cmocka_unit_test(headers_keep_their_order_and_duplicates),
		cmocka_unit_test(a_terminal_gets_columns_that_are_safe),
		cmocka_unit_test(a_pipe_gets_the_bytes_of_the_value),
		cmocka_unit_test(several_topics_are_told_apart),
		cmocka_unit_test(numbers_at_the_ends_of_their_range),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
