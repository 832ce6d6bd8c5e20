/* utf8: decoding to the letter of the standard, and widths. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/utf8.h"

static int
set_locale(void **state)
{
	(void)state;
	utf8_locale();
	return 0;
}

static void
round_trip_of_every_code_point(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x110000; cp++) {
		char text[4];
		uint32_t back;
		size_t len = utf8_encode(cp, text);
		bool valid = cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF);

		assert_int_equal(utf8_decode(text, len, &back), len);
		assert_int_equal(back, valid ? cp : 0xFFFD);
		assert_int_equal(len, !valid || (cp >= 0x800 && cp < 0x10000) ? 3
		                      : cp < 0x80                             ? 1
		                      : cp < 0x800                            ? 2
		                                                              : 4);
		/* Cut anywhere, it is a byte that is none. */
		for (size_t cut = 1; cut < len; cut++) {
			assert_int_equal(utf8_decode(text, cut, &back), 1);
			assert_int_equal(back, UTF8_INVALID);
		}
	}
}

static void
malformed_takes_one_byte(void **state)
{
	static const char *const texts[] = {
		"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2 ", "\xC3\x28",
		"\xE0\x80\x80", "\xE0\x9F\xBF", "\xE2\x82", "\xE2\x82 ", "\xE2\x28\xA1",
		"\xED\xA0\x80", "\xED\xBF\xBF",         /* surrogates */
		"\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF0\x9F\x98 ",
		"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		uint32_t cp = 0;

		assert_int_equal(utf8_decode(texts[i], strlen(texts[i]), &cp), 1);
		assert_int_equal(cp, UTF8_INVALID);
		assert_false(utf8_valid(texts[i], strlen(texts[i])));
	}
}

static void
valid_finds_a_bad_byte_anywhere(void **state)
{
	char text[64];

	(void)state;
	assert_true(utf8_valid("", 0));
	assert_true(utf8_valid(NULL, 0));
	for (size_t bad = 0; bad < sizeof(text); bad++) {
		memset(text, 'a', sizeof(text));
		assert_true(utf8_valid(text, sizeof(text)));
		text[bad] = '\xE9';
		assert_false(utf8_valid(text, sizeof(text)));
		assert_true(utf8_valid(text, bad));
	}
}

static void
widths(void **state)
{
	(void)state;
	assert_int_equal(utf8_width('a'), 1);
	assert_int_equal(utf8_width(0xE9), 1);
	assert_int_equal(utf8_width(0x4E2D), 2);
	assert_int_equal(utf8_width(0x1F600), 2);
	assert_int_equal(utf8_width(0x301), 0);
	assert_int_equal(utf8_width(0xA0), 1);
}

static void
unsafe_ones_have_no_width(void **state)
{
	static const uint32_t ranges[][2] = {
		{ 0, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x200B, 0x200F },
		{ 0x2028, 0x202E },
		{ 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xFFFE, 0xFFFF },
		{ 0x1FFFE, 0x1FFFF },
		{ 0xE0000, 0xE0FFF }, { 0x10FFFE, 0x110010 }, { 0x1F3FB, 0x1F3FF },
		{ 0xFDD0, 0xFDEF },
		{ UTF8_INVALID, UTF8_INVALID },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		for (uint32_t cp = ranges[i][0];; cp++) {
			assert_true(utf8_is_unsafe(cp));
			assert_int_equal(utf8_width(cp), -1);
			if (cp == ranges[i][1])
				break;
		}
	}
	assert_false(utf8_is_unsafe(' '));
	assert_false(utf8_is_unsafe('~'));
	assert_false(utf8_is_unsafe(0xA0));
	assert_false(utf8_is_unsafe(0x301));
	assert_false(utf8_is_unsafe(0x10FFFD));
}

static void
columns(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns(""), 0);
	assert_int_equal(utf8_columns("orders"), 6);
	assert_int_equal(utf8_columns("e\xCC\x81t"), 2);
	assert_int_equal(utf8_columns("中文"), 4);
	assert_int_equal(utf8_columns("a\nb"), 3);
	assert_int_equal(utf8_columns("\xFF"), 4);                 /* \xFF */
	assert_int_equal(utf8_columns("\xE2\x80\xAE"), 8);         /* \u{202E} */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip_of_every_code_point),
		cmocka_unit_test(malformed_takes_one_byte),
		cmocka_unit_test(valid_finds_a_bad_byte_anywhere),
		cmocka_unit_test(widths),
		cmocka_unit_test(unsafe_ones_have_no_width),
		cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
