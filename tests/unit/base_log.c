/* log: the oldest line goes first. */
#include "cmocka_all.h"

#include <stdio.h>

#include "topicmon/base/log.h"

static void
keeps_the_newest_lines(void **state)
{
	struct log log;
	char text[20];

	(void)state;
	log_init(&log, 3);
	assert_null(log_at(&log, 0));
	for (int i = 0; i < 10; i++) {
		size_t kept = i < 2 ? (size_t)i + 1 : 3;

		snprintf(text, sizeof(text), "line %d", i);
		log_add(&log, 1000 + i, LOG_WARN, text);
		assert_int_equal(log.count, kept);
		assert_null(log_at(&log, kept));
		for (size_t k = 0; k < kept; k++) {
			int n = i - (int)(kept - 1 - k);

			snprintf(text, sizeof(text), "line %d", n);
			assert_string_equal(log_at(&log, k)->text, text);
			assert_int_equal(log_at(&log, k)->wall_ms, 1000 + n);
			assert_int_equal(log_at(&log, k)->level, LOG_WARN);
		}
	}
	assert_int_equal(log.total, 10);
	log_fini(&log);
}

static void
a_line_can_be_added_again(void **state)
{
	struct log log;

	(void)state;
	log_init(&log, 1);
	log_add(&log, 1, LOG_INFO, "same");
	/* Its text is the one that goes away for the new line. */
	log_add(&log, 2, LOG_INFO, log_at(&log, 0)->text);
	assert_string_equal(log_at(&log, 0)->text, "same");
	log_fini(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_the_newest_lines),
		cmocka_unit_test(a_line_can_be_added_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
