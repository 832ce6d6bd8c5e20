/* sanitize: nothing that a terminal acts on passes, whatever the bytes are. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"

static int
set_locale(void **state)
{
	(void)state;
	utf8_locale();
	return 0;
}

static void
assert_safe_form(const char *bytes, size_t len, const char *expected)
{
	struct strbuf out = STRBUF_INIT;

	sanitize(&out, bytes, len);
	assert_string_equal(strbuf_str(&out), expected);
	strbuf_fini(&out);
}

#define ASSERT_SAFE(text, expected) assert_safe_form(text, sizeof(text) - 1, expected)

static void
plain_text_stays(void **state)
{
	(void)state;
	ASSERT_SAFE("", "");
	ASSERT_SAFE("order_shipping {\"a\":1}\\", "order_shipping {\"a\":1}\\");
	ASSERT_SAFE("naïve €5 中文 😀", "naïve €5 中文 😀");
}

static void
control_bytes_become_pictures(void **state)
{
	(void)state;
	ASSERT_SAFE("\x1b[2J", "␛[2J");
	ASSERT_SAFE("a\0b", "a␀b");
	ASSERT_SAFE("a\tb\r\n\x7f", "a␉b␍␊␡");
	ASSERT_SAFE("\x9b""2J", "\\x9B2J");                     /* CSI as one raw byte */
	ASSERT_SAFE("\xC2\x9b""2J", "\\u{009B}2J");              /* CSI as a character */
	ASSERT_SAFE("\xC2\x85", "\\u{0085}");
	ASSERT_SAFE("\xE9", "\\xE9");
	ASSERT_SAFE("\xC3(", "\\xC3(");
}

static void
invisible_characters_are_written_out(void **state)
{
	(void)state;
	ASSERT_SAFE("a\u202Eb\u2066c\u2069\u200E\u200F\u061C",
	            "a\\u{202E}b\\u{2066}c\\u{2069}\\u{200E}\\u{200F}\\u{061C}");
	ASSERT_SAFE("\u200B\u200C\u200D\uFEFF", "\\u{200B}\\u{200C}\\u{200D}\\u{FEFF}");
	ASSERT_SAFE("\u2028\u2029", "\\u{2028}\\u{2029}");
	ASSERT_SAFE("\uFFF9\uFFFA\uFFFB", "\\u{FFF9}\\u{FFFA}\\u{FFFB}");
	ASSERT_SAFE("\U000E0041", "\\u{E0041}");
	ASSERT_SAFE("\U0010FFFF", "\\u{10FFFF}");
	ASSERT_SAFE("\uFDD0", "\\u{FDD0}");
	ASSERT_SAFE("👩\u200D💻", "👩\\u{200D}💻");
	ASSERT_SAFE("\u115F\u3164", "\\u{115F}\\u{3164}");
}

/* A combining mark without a base would sit on what stands in the column before. */
static void
marks_need_a_base(void **state)
{
	(void)state;
	ASSERT_SAFE("e\u0301", "e\u0301");
	ASSERT_SAFE("\u0301e", "\\u{0301}e");
	ASSERT_SAFE("\n\u0301", "␊\\u{0301}");
	ASSERT_SAFE("\xFF\u0301", "\\xFF\\u{0301}");
	ASSERT_SAFE("e\u0301\u0302\u0303\u0304x", "e\u0301\u0302x");
}

static void
selectors_stay_where_the_width_is_true(void **state)
{
	struct glyph g;

	(void)state;
	ASSERT_SAFE("😀\uFE0F", "😀\uFE0F");
	ASSERT_SAFE("\u2764\uFE0F", "\u2764");
	ASSERT_SAFE("\u2764\uFE0E", "\u2764\uFE0E");
	ASSERT_SAFE("😀\uFE0E", "😀");
	assert_int_equal(sanitize_next("\u2764\uFE0F", 6, &g), 6);
	assert_true(g.escaped);
	assert_int_equal(g.width, 1);
}

static void
one_glyph_at_a_time(void **state)
{
	struct glyph g;

	(void)state;
	assert_int_equal(sanitize_next("中e", 4, &g), 3);
	assert_int_equal(g.width, 2);
	assert_int_equal(g.len, 3);
	assert_false(g.escaped);
	assert_int_equal(sanitize_next("\xE4\xB8", 2, &g), 1);
	assert_string_equal(g.text, "\\xE4");
	assert_int_equal(g.width, 4);
	assert_true(g.escaped);
	assert_int_equal(sanitize_next("\x1b", 1, &g), 1);
	assert_int_equal(g.width, 1);
	assert_true(g.escaped);
	/* The mark is cut off at the end: it is not read. */
	assert_int_equal(sanitize_next("e\xCC\x81", 2, &g), 1);
	assert_string_equal(g.text, "e");
}

static void
ascii_mode_is_ascii(void **state)
{
	(void)state;
	sanitize_set_ascii(true);
	ASSERT_SAFE("a\x1b[m\0\x7f", "a\\x1B[m\\x00\\x7F");
	ASSERT_SAFE("é中\U0001F600\u202E", "\\u{00E9}\\u{4E2D}\\u{1F600}\\u{202E}");
	ASSERT_SAFE("e\u0301", "e\\u{0301}");
	ASSERT_SAFE("\xFF", "\\xFF");
	sanitize_set_ascii(false);
}

/* What may never come out of a glyph, and what must hold for its numbers. */
static void
assert_glyph(const struct glyph *g, bool ascii)
{
	size_t at = 0, columns = 0;

	assert_in_range(g->len, 1, sizeof(g->text) - 1);
	assert_int_equal(strlen(g->text), g->len);
	assert_in_range(g->width, 1, 10);
	while (at < g->len) {
		uint32_t cp;

		at += utf8_decode(g->text + at, g->len - at, &cp);
		assert_int_not_equal(cp, UTF8_INVALID);
		assert_false(utf8_is_unsafe(cp));
		assert_true(utf8_width(cp) >= 0);
		assert_true(!ascii || cp < 0x7F);
		if (at <= 4)
			assert_true(columns > 0 || utf8_width(cp) > 0);
		columns += (size_t)utf8_width(cp);
	}
	assert_int_equal(columns, g->width);
}

static uint32_t
next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Bytes, pieces of characters and whole ones, in any order. */
static size_t
fill(unsigned char *text, size_t size, uint32_t *seed)
{
	static const uint32_t chosen[] = {
		0x1B, 0x9B, 0x301, 0x20DD, 0xFE0F, 0xFE0E, 0x200D, 0x202E, 0x2066, 0x1F600, 0x4E2D,
		0x1160, 0x11A8,
		0xE0041, 0x1F1E6, 0x1F3FB, 'a', 0, 0x2764,
	};
	size_t len = 0;

	while (len + 4 <= size) {
		uint32_t r = next_random(seed);

		if (r % 4 == 0)
			text[len++] = (unsigned char)(r >> 4);
		else
			len += utf8_encode(
				r % 4 == 1
					? (r >> 4) % 0x110000
					: chosen[(r >> 4) % (sizeof(chosen) / sizeof(chosen[0]))],
				(char *)text + len);
	}
	return len;
}

static void
random_bytes_come_out_safe(void **state)
{
	uint32_t seed = 1;
	unsigned char text[256];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t len = fill(text, sizeof(text), &seed), at = 0;

		sanitize_set_ascii(round % 8 == 0);
		while (at < len) {
			struct glyph g;
			size_t taken = sanitize_next(text + at, len - at, &g);

			assert_in_range(taken, 1, len - at);
			assert_glyph(&g, round % 8 == 0);
			at += taken;
		}
	}
	sanitize_set_ascii(false);
}

/* Every code point alone, and as the follower of a base. */
static void
every_code_point_comes_out_safe(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		char text[5] = "x";
		size_t len = utf8_encode(cp, text + 1), taken;
		struct glyph g;

		assert_int_equal(sanitize_next(text + 1, len, &g), len);
		assert_glyph(&g, false);
		taken = sanitize_next(text, len + 1, &g);
		assert_true(taken == 1 || (taken == len + 1 && utf8_width(cp) == 0));
		assert_glyph(&g, false);
		assert_int_equal(g.width, 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_stays),
		cmocka_unit_test(control_bytes_become_pictures),
		cmocka_unit_test(invisible_characters_are_written_out),
		cmocka_unit_test(marks_need_a_base),
		cmocka_unit_test(selectors_stay_where_the_width_is_true),
		cmocka_unit_test(one_glyph_at_a_time),
		cmocka_unit_test(ascii_mode_is_ascii),
		cmocka_unit_test(random_bytes_come_out_safe),
		cmocka_unit_test(every_code_point_comes_out_safe),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
