/* strbuf, strvec: text that grows and always ends in a NUL. */
#include "cmocka_all.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/strbuf.h"

static void
empty_is_usable(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	char *s;

	(void)state;
	assert_string_equal(strbuf_str(&sb), "");
	strbuf_reset(&sb);
	s = strbuf_detach(&sb);
	assert_string_equal(s, "");
	free(s);
	strbuf_add(&sb, NULL, 0);
	assert_non_null(sb.buf);
	assert_int_equal(sb.buf[0], 0);
	strbuf_fini(&sb);
	strbuf_fini(&sb);
}

static void
grows_and_ends_in_nul(void **state)
{
	struct strbuf sb;

	(void)state;
	strbuf_init(&sb);
	for (int i = 0; i < 5000; i++) {
		strbuf_addch(&sb, (char)('a' + i % 26));
		assert_int_equal(sb.buf[sb.len], 0);
	}
	assert_int_equal(sb.len, 5000);
	assert_int_equal(sb.buf[4999], 'a' + 4999 % 26);
	strbuf_reset(&sb);
	strbuf_add(&sb, "a\0b", 3);
	strbuf_adds(&sb, "c");
	assert_int_equal(sb.len, 4);
	assert_memory_equal(sb.buf, "a\0bc", 5);
	strbuf_fini(&sb);
}

static void
format_of_any_length(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	for (int width = 0; width < 300; width++) {
		strbuf_reset(&sb);
		strbuf_adds(&sb, "x");
		strbuf_addf(&sb, "%*s|", width, "");
		assert_int_equal(sb.len, width + 2);
		assert_int_equal(sb.buf[width + 1], '|');
		assert_int_equal(strlen(sb.buf), sb.len);
	}
	strbuf_fini(&sb);
}

static void
insert_and_remove(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_insert(&sb, 0, "bd", 2);
	strbuf_insert(&sb, 1, "c", 1);
	strbuf_insert(&sb, 0, "a", 1);
	strbuf_insert(&sb, 4, "e", 1);
	assert_string_equal(sb.buf, "abcde");
	strbuf_remove(&sb, 1, 3);
	assert_string_equal(sb.buf, "ae");
	strbuf_remove(&sb, 2, 0);
	strbuf_remove(&sb, 0, 2);
	assert_string_equal(sb.buf, "");
	strbuf_fini(&sb);
}

static void
code_points(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	strbuf_addcp(&sb, 'a');
	strbuf_addcp(&sb, 0xE9);
	strbuf_addcp(&sb, 0x20AC);
	strbuf_addcp(&sb, 0x1F600);
	strbuf_addcp(&sb, 0xD800);
	strbuf_addcp(&sb, 0x110000);
	assert_string_equal(sb.buf, "aé€😀\xEF\xBF\xBD\xEF\xBF\xBD");
	strbuf_fini(&sb);
}

static void
assert_grouped(long long n, const char *expected)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_add_grouped(&sb, n);
	assert_string_equal(sb.buf, expected);
	strbuf_fini(&sb);
}

static void
grouped_numbers(void **state)
{
	(void)state;
	assert_grouped(0, "0");
	assert_grouped(7, "7");
	assert_grouped(999, "999");
	assert_grouped(1000, "1,000");
	assert_grouped(1013, "1,013");
	assert_grouped(-100, "-100");
	assert_grouped(-123456, "-123,456");
	assert_grouped(1234567, "1,234,567");
	assert_grouped(LLONG_MAX, "9,223,372,036,854,775,807");
	assert_grouped(LLONG_MIN, "-9,223,372,036,854,775,808");
}

static void
lists(void **state)
{
	struct strvec sv = STRVEC_INIT, copy = STRVEC_INIT;

	(void)state;
	assert_false(strvec_has(&sv, "a"));
	for (int i = 0; i < 100; i++) {
		strvec_pushn(&sv, "abc", (size_t)i % 4);
		assert_null(sv.v[sv.n]);
	}
	assert_int_equal(sv.n, 100);
	assert_true(strvec_has(&sv, ""));
	assert_true(strvec_has(&sv, "abc"));
	assert_false(strvec_has(&sv, "abcd"));
	strvec_push(&copy, "old");
	strvec_copy(&copy, &sv);
	assert_int_equal(copy.n, 100);
	assert_string_equal(copy.v[3], "abc");
	assert_ptr_not_equal(copy.v[3], sv.v[3]);
	strvec_copy(&copy, &copy);
	assert_int_equal(copy.n, 100);
	strvec_fini(&sv);
	strvec_fini(&copy);
	strvec_fini(&copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_usable),
		cmocka_unit_test(grows_and_ends_in_nul),
		cmocka_unit_test(format_of_any_length),
		cmocka_unit_test(insert_and_remove),
		cmocka_unit_test(code_points),
		cmocka_unit_test(grouped_numbers),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
