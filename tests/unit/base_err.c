/* err: sentences that fit, and their exit statuses. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/err.h"
#include "topicmon/base/utf8.h"

static void
set_fills_all_and_returns_false(void **state)
{
	struct err e = { .kafka = 7, .retriable = true };

	(void)state;
	assert_false(err_set(&e, ERR_NOT_FOUND, "Topic '%s' does not exist", "orders"));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_int_equal(e.kafka, 0);
	assert_false(e.retriable);
	assert_string_equal(e.text, "Topic 'orders' does not exist");
	assert_false(err_set(NULL, ERR_FAILED, "nobody listens"));
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
	assert_string_equal(e.text, "");
	err_clear(NULL);
}

static void
text_is_one_line(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, ERR_FAILED, "one\ntwo\r\nthree\tfour");
	assert_string_equal(e.text, "one two  three four");
}

static void
own_text_can_be_an_argument(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, ERR_FAILED, "the broker refused");
	err_set(&e, ERR_FAILED, "Topic 'a': %s", e.text);
	assert_string_equal(e.text, "Topic 'a': the broker refused");
}

/* A text that is cut never ends in half a character, wherever the cut falls. */
static void
long_text_is_cut_at_a_character(void **state)
{
	static const char *const chars[] = { "a", "é", "€", "😀" };
	struct err e;

	(void)state;
	for (size_t c = 0; c < sizeof(chars) / sizeof(chars[0]); c++) {
		for (int lead = 0; lead < 5; lead++) {
			char text[1200];
			size_t len = 0, step = strlen(chars[c]);

			for (; len < (size_t)lead; len++)
				text[len] = 'x';
			for (; len < 1000; len += step)
				memcpy(text + len, chars[c], step);
			text[len] = '\0';
			err_set(&e, ERR_FAILED, "%s", text);
			assert_in_range(strlen(e.text), sizeof(e.text) - 4, sizeof(e.text) - 1);
			assert_true(utf8_valid(e.text, strlen(e.text)));
			assert_memory_equal(e.text, text, strlen(e.text));
		}
	}
}

static void
exit_statuses_are_those_of_the_manual(void **state)
{
	(void)state;
	assert_int_equal(err_exit_status(ERR_NONE), 0);
	assert_int_equal(err_exit_status(ERR_FAILED), 1);
	assert_int_equal(err_exit_status(ERR_EXISTS), 1);
	assert_int_equal(err_exit_status(ERR_CANCELLED), 1);
	assert_int_equal(err_exit_status(ERR_USAGE), 2);
	assert_int_equal(err_exit_status(ERR_UNREACHABLE), 3);
	assert_int_equal(err_exit_status(ERR_TIMEOUT), 3);
	assert_int_equal(err_exit_status(ERR_DENIED), 4);
	assert_int_equal(err_exit_status(ERR_NOT_FOUND), 5);
	assert_int_equal(err_exit_status(ERR_REFUSED), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_fills_all_and_returns_false),
		cmocka_unit_test(text_is_one_line),
		cmocka_unit_test(own_text_can_be_an_argument),
		cmocka_unit_test(long_text_is_cut_at_a_character),
		cmocka_unit_test(exit_statuses_are_those_of_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
