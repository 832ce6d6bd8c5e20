/* clock: times as text, and back. The zone is one with a half hour and a summer time, so that
 * nothing is zero. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <time.h>

#include "topicmon/base/clock.h"

/* 2026-11-22T12:04:30.112Z; in the zone of the tests it is 22:34 */
#define NOW 1795349070112

static int
set_zone(void **state)
{
	(void)state;
	setenv("TZ", "ACST-9:30ACDT,M10.1.0,M4.1.0/3", 1);
	tzset();
	return 0;
}

static void
assert_text(void (*format)(struct strbuf *, int64_t), int64_t n, const char *expected)
{
	struct strbuf sb = STRBUF_INIT;

	format(&sb, n);
	assert_string_equal(strbuf_str(&sb), expected);
	strbuf_fini(&sb);
}

static void
time_only(struct strbuf *out, int64_t ms)
{
	clock_format(out, ms, false);
}

static void
with_date(struct strbuf *out, int64_t ms)
{
	clock_format(out, ms, true);
}

static void
intervals_grow(void **state)
{
	int64_t a = clock_us(), b = clock_us();

	(void)state;
	assert_true(b >= a);
	assert_true(clock_ms() >= a / 1000);
	assert_true(clock_wall_ms() > 1600000000000);
}

static void
formats(void **state)
{
	(void)state;
	assert_text(clock_format_iso, NOW, "2026-11-22T12:04:30.112Z");
	assert_text(clock_format_iso, 0, "1970-01-01T00:00:00.000Z");
	assert_text(clock_format_iso, -1, "1969-12-31T23:59:59.999Z");
	assert_text(time_only, NOW, "22:34:30.112");
	assert_text(with_date, NOW, "2026-11-22 22:34:30.112");
	assert_text(with_date, -1, "1970-01-01 10:29:59.999");
}

/* What a producer wrote as a timestamp is any number. */
static void
hostile_times_are_numbers(void **state)
{
	(void)state;
	assert_text(clock_format_iso, INT64_MAX, "9223372036854775807");
	assert_text(clock_format_iso, INT64_MIN, "-9223372036854775808");
	assert_text(with_date, INT64_MAX, "9223372036854775807");
	assert_text(time_only, INT64_MIN, "-9223372036854775808");
}

static void
spans(void **state)
{
	(void)state;
	assert_text(clock_format_span, 0, "0 ms");
	assert_text(clock_format_span, 38, "38 ms");
	assert_text(clock_format_span, 999, "999 ms");
	assert_text(clock_format_span, 1000, "1.0 s");
	assert_text(clock_format_span, 2199, "2.1 s");
	assert_text(clock_format_span, 9999, "9.9 s");
	assert_text(clock_format_span, 10000, "10 s");
	assert_text(clock_format_span, 59999, "59 s");
	assert_text(clock_format_span, 4 * 60000, "4 m");
	assert_text(clock_format_span, 3 * 3600000, "3 h");
	assert_text(clock_format_span, 7 * 86400000LL, "7 d");
	assert_text(clock_format_span, -2100, "-2.1 s");
	assert_text(clock_format_span, INT64_MIN, "-106751991167 d");
}

static void
assert_parsed(const char *text, const char *iso)
{
	struct strbuf sb = STRBUF_INIT;
	int64_t ms = -12345;

	assert_true(clock_parse(text, NOW, &ms));
	clock_format_iso(&sb, ms);
	assert_string_equal(strbuf_str(&sb), iso);
	strbuf_fini(&sb);
}

static void
parses_what_users_write(void **state)
{
	(void)state;
	assert_parsed("-30s", "2026-11-22T12:04:00.112Z");
	assert_parsed("-5m", "2026-11-22T11:59:30.112Z");
	assert_parsed("-2h", "2026-11-22T10:04:30.112Z");
	assert_parsed("-7d", "2026-11-15T12:04:30.112Z");
	assert_parsed("14:03", "2026-11-22T03:33:00.000Z");
	assert_parsed("14:03:09", "2026-11-22T03:33:09.000Z");
	assert_parsed("9:03", "2026-11-21T22:33:00.000Z");
	assert_parsed("2026-11-22", "2026-11-21T13:30:00.000Z");
	assert_parsed("2026-06-01", "2026-05-31T14:30:00.000Z"); /* no summer time there in June */
	assert_parsed("2026-11-22T12:04:30", "2026-11-22T01:34:30.000Z");
	assert_parsed("2026-11-22 12:04:30", "2026-11-22T01:34:30.000Z");
	assert_parsed("2026-11-22T12:04:30.112Z", "2026-11-22T12:04:30.112Z");
	assert_parsed("2026-11-22T12:04:30.1Z", "2026-11-22T12:04:30.100Z");
	assert_parsed("2026-11-22T12:04:30.112999Z", "2026-11-22T12:04:30.112Z");
	assert_parsed("2026-11-22T12:04:30+01:00", "2026-11-22T11:04:30.000Z");
	assert_parsed("2026-11-22T23:04:30-05:30", "2026-11-23T04:34:30.000Z");
	assert_parsed("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z");
	assert_parsed("1969-12-31T23:59:59Z", "1969-12-31T23:59:59.000Z");
	assert_parsed("1795349070112", "2026-11-22T12:04:30.112Z");
	assert_parsed("0", "1970-01-01T00:00:00.000Z");
}

static void
refuses_everything_else(void **state)
{
	static const char *const texts[] = {
		"", "-", "-5", "-m", "-5x", "-5mm", "-1234567890d", "5m", "now", "14:", "24:00",
		"14:60", "14:03:60",
		"14:3", "14:03:", "14:03:09.", "14:03x", "2026-13-01", "2026-00-01", "2026-02-29",
		"2026-11-31",
		"2026-11", "2026-11-22T", "2026-11-22T12", "2026-11-22T12:04:30z",
		"2026-11-22T12:04:30+1",
		"2026-11-22T12:04:30+01:00x", "2026-11-22T12:04:30+15:00", "0000-01-01", " 14:03",
		"12345678901234567890",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int64_t ms = -12345;

		if (clock_parse(texts[i], NOW, &ms))
			fail_msg("'%s' was read as a time", texts[i]);
		assert_int_equal(ms, -12345);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_grow),
		cmocka_unit_test(formats),
		cmocka_unit_test(hostile_times_are_numbers),
		cmocka_unit_test(spans),
		cmocka_unit_test(parses_what_users_write),
		cmocka_unit_test(refuses_everything_else),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
