/* words: numbers as people read them, and groups in plain words. */
#include "cmocka_all.h"

#include <math.h>

#include "topicmon/views/words.h"

static void
assert_rate(double rate, const char *want)
{
	struct strbuf out = STRBUF_INIT;

	words_rate(&out, rate);
	assert_string_equal(strbuf_str(&out), want);
	strbuf_fini(&out);
}

static void
test_rates(void **state)
{
	(void)state;
	assert_rate(NAN, "…");
	assert_rate(0, "0/s");
	assert_rate(0.04, "0/s");
	assert_rate(0.4, "0.4/s");
	assert_rate(9.94, "9.9/s");
	assert_rate(9.96, "10/s");
	assert_rate(81.4, "81/s");
	assert_rate(3049.6, "3,050/s");
	assert_rate(9999.6, "10k/s");
	assert_rate(200000, "200k/s");
	assert_rate(999600, "1.0M/s");
	assert_rate(3140000, "3.1M/s");
}

static void
assert_group(const struct group *g, int64_t total, enum lag_reason worst, const char *want)
{
	struct topic_group tg = { .group = g, .total = total, .worst = worst };
	struct strbuf out = STRBUF_INIT;

	words_group(&out, &tg);
	assert_string_equal(strbuf_str(&out), want);
	strbuf_fini(&out);
}

static void
test_groups(void **state)
{
	struct group live = { .name = "g", .members_known = true, .nmembers = 2 };
	struct group one = { .name = "g", .members_known = true, .nmembers = 1 };
	struct group down = { .name = "g", .members_known = true };
	struct group unseen = { .name = "g", .new_protocol = true };

	(void)state;
	assert_group(&live, 4, LAG_PLAIN, "● 2 members");
	assert_group(&one, 0, LAG_PLAIN, "● 1 member");
	assert_group(&down, 1204, LAG_PLAIN, "○ down, 1,204 kept");
	assert_group(&down, 0, LAG_PLAIN, "○ down, nothing kept");
	assert_group(&down, OFFSET_UNKNOWN, LAG_STALE,
		"○ down, committed past the end: the topic was recreated");
	assert_group(&unseen, 0, LAG_PLAIN, "members not visible with this library");
}

static void
test_counts_and_sizes(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	words_count(&out, OFFSET_UNKNOWN);
	words_count(&out, 1204);
	assert_string_equal(strbuf_str(&out), "…1,204");
	strbuf_reset(&out);
	words_size(&out, 9999);
	words_size(&out, 10000);
	words_size(&out, 20000000);
	assert_string_equal(strbuf_str(&out), "9,999 B10.0 kB20.0 MB");
	strbuf_reset(&out);
	words_plural(&out, 1, "broker");
	words_plural(&out, 3, "broker");
	assert_string_equal(strbuf_str(&out), "1 broker3 brokers");
	strbuf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_counts_and_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
