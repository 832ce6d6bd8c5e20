/* decimal: numbers of any length, compared by value. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

/* In growing order; those in one row are equal. */
static const char *const ordered[][6] = {
	{ "-1e400" },
	{ "-9007199254740993" },
	{ "-9007199254740992", "-9007199254740992.0" },
	{ "-100", "-1e2", "-1E+2", "-0.1e3" },
	{ "-99.999999999999999999999999" },
	{ "-1" },
	{ "-1e-999999999999999999999" },
	{ "0", "-0", "0.000", "0e5", "-0.0e-7" },
	{ "1e-400" },
	{ "0.1", "1e-1", "0.10", "10e-2", "0.0001e3" },
	{ "0.10000000000000000000000001" },
	{ "1", "1.0", "1e0", "10e-1", "0.1e1" },
	{ "1.5", "15e-1" },
	{ "9" },
	{ "10", "1e1", "1e+01", "100e-1" },
	{ "9007199254740992" },
	{ "9007199254740993" },
	{ "9007199254740994" },
	{ "123456789012345678901234567890" },
	{ "123456789012345678901234567891" },
	{ "1e399" },
	{ "1e400", "10e399", "0.01e402" },
	{ "1e99999999999999999999999" },
};

#define NROWS (sizeof(ordered) / sizeof(ordered[0]))

static void
order_is_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < NROWS * 6; i++) {
		const char *a = ordered[i / 6][i % 6];

		for (size_t k = 0; a && k < NROWS * 6; k++) {
			const char *b = ordered[k / 6][k % 6];
			int expected = (i / 6 > k / 6) - (i / 6 < k / 6), got;

			if (!b)
				continue;
			got = decimal_compare(a, strlen(a), b, strlen(b));
			if ((got > 0) - (got < 0) != expected)
				fail_msg("%s and %s: %d", a, b, got);
		}
	}
}

static void
valid_is_json(void **state)
{
	static const char *const bad[] = {
		"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x10", "1 ", " 1", "1a", "NaN",
		"Infinity", "true", "\"1\"", "--1",
	};

	(void)state;
	for (size_t i = 0; i < NROWS * 6; i++) {
		const char *a = ordered[i / 6][i % 6];

		assert_true(!a || decimal_valid(a, strlen(a)));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(decimal_valid(bad[i], strlen(bad[i])));
}

/* Against the machine's own arithmetic, where that is exact. */
static void
agrees_with_integers(void **state)
{
	(void)state;
	for (int a = -60; a <= 60; a++) {
		for (int b = -60; b <= 60; b++) {
			char x[40], y[40];
			int got;

			snprintf(x, sizeof(x), "%d.%02de%d", a / 4, abs(a) % 4 * 25, 2);
			snprintf(y, sizeof(y), "%d", b * 25);
			if (a < 0 && a > -4)
				continue;
			got = decimal_compare(x, strlen(x), y, strlen(y));
			assert_int_equal((got > 0) - (got < 0), (a > b) - (a < b));
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_exact),
		cmocka_unit_test(valid_is_json),
		cmocka_unit_test(agrees_with_integers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
