/* record: packed headers, and sizes. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/record.h"

static const struct header headers[] = {
	{ "trace-id", { "abc", 3 } },
	{ "", { "unnamed", 7 } },
	{ "trace-id", { "second", 6 } },
	{ "null", { NULL, 0 } },
	{ "empty", { "", 0 } },
	{ "bytes", { "\0\xff\0", 3 } },
};

#define NHEADERS (sizeof(headers) / sizeof(headers[0]))

static struct record
packed(struct strbuf *sb, size_t n)
{
	record_pack_headers(sb, headers, n);
	return (struct record){ .headers = sb->buf,
		                .headers_len = sb->len,
		                .nheaders = (uint32_t)n };
}

static void
headers_keep_order_and_duplicates(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	struct record rec = packed(&sb, NHEADERS);
	struct header h;
	size_t pos = 0;

	(void)state;
	for (size_t i = 0; i < NHEADERS; i++) {
		assert_true(record_next_header(&rec, &pos, &h));
		assert_string_equal(h.name, headers[i].name);
		assert_int_equal(h.value.len, headers[i].value.len);
		assert_int_equal(h.value.data == NULL, headers[i].value.data == NULL);
		if (h.value.len)
			assert_memory_equal(h.value.data, headers[i].value.data, h.value.len);
	}
	assert_false(record_next_header(&rec, &pos, &h));
	assert_false(record_next_header(&rec, &pos, &h));
	strbuf_fini(&sb);
}

static void
find_gives_the_first(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	struct record rec = packed(&sb, NHEADERS);
	struct header h = { "untouched", { NULL, 0 } };

	(void)state;
	assert_false(record_find_header(&rec, "absent", &h));
	assert_string_equal(h.name, "untouched");
	assert_true(record_find_header(&rec, "trace-id", &h));
	assert_memory_equal(h.value.data, "abc", 3);
	assert_true(record_find_header(&rec, "null", &h));
	assert_null(h.value.data);
	assert_true(record_find_header(&rec, "empty", &h));
	assert_non_null(h.value.data);
	strbuf_fini(&sb);
}

static void
no_headers(void **state)
{
	struct record rec = { .nheaders = 0 };
	struct header h;
	size_t pos = 0;

	(void)state;
	assert_false(record_next_header(&rec, &pos, &h));
	assert_false(record_find_header(&rec, "", &h));
	assert_int_equal(record_size(&rec), 0);
}

static void
size_counts_what_was_sent(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	struct record rec = packed(&sb, NHEADERS);
	size_t expected = 4 + 5;

	(void)state;
	rec.key = (struct bytes){ "o931", 4 };
	rec.value = (struct bytes){ "value", 5 };
	for (size_t i = 0; i < NHEADERS; i++)
		expected += strlen(headers[i].name) + headers[i].value.len;
	assert_int_equal(record_size(&rec), expected);
	strbuf_fini(&sb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_keep_order_and_duplicates),
		cmocka_unit_test(find_gives_the_first),
		cmocka_unit_test(no_headers),
		cmocka_unit_test(size_counts_what_was_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
