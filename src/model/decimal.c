/* decimal: see the header. */
#include <stdint.h>

#include "decimal.h"
#include "topicmon/model/json.h"

#define MAX_EXPONENT 1000000000000000

struct decimal {
	bool negative;
	bool zero;
	int64_t exponent;       /* the value is 0.DIGITS * 10^exponent */
	const char *digits;     /* the first that is not 0; a point may stand among them */
	const char *end;
};

bool
decimal_valid(const char *text, size_t len)
{
	struct json_reader r;
	bool ok;

	json_init(&r, text, len);
	ok = json_next(&r) == JSON_NUMBER && r.token_len == len;
	json_fini(&r);
	return ok;
}

static int64_t
read_exponent(const char *s, const char *end)
{
	bool negative = s < end && *s == '-';
	int64_t n = 0;

	if (s < end && (*s == '-' || *s == '+'))
		s++;
	for (; s < end && n < MAX_EXPONENT; s++)
		n = n * 10 + (*s - '0');
	if (n > MAX_EXPONENT)
		n = MAX_EXPONENT;
	return negative ? -n : n;
}

static struct decimal
split(const char *s, size_t len)
{
	const char *end = s + len;
	struct decimal d = { .zero = true };
	bool point = false;

	if (*s == '-') {
		d.negative = true;
		s++;
	}
	for (d.end = s; d.end < end && *d.end != 'e' && *d.end != 'E'; d.end++) {
		if (*d.end == '.') {
			point = true;
			continue;
		}
		if (d.zero && *d.end != '0') {
			d.zero = false;
			d.digits = d.end;
		}
		/* Digits before the point move it to the right, zeros right behind
		 * it to the left. */
		if (!point && !d.zero)
			d.exponent++;
		else if (point && d.zero)
			d.exponent--;
	}
	if (d.end < end)
		d.exponent += read_exponent(d.end + 1, end);
	return d;
}

/* The next digit, 0 behind the last; *more turns false there. */
static char
next_digit(struct decimal *d, bool *more)
{
	if (d->digits < d->end && *d->digits == '.')
		d->digits++;
	*more = d->digits < d->end;
	return *more ? *d->digits++ : '0';
}

static int
compare_magnitude(struct decimal *a, struct decimal *b)
{
	bool more_a = true, more_b = true;

	if (a->exponent != b->exponent)
		return a->exponent < b->exponent ? -1 : 1;
	while (more_a || more_b) {
		char x = next_digit(a, &more_a), y = next_digit(b, &more_b);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int
decimal_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct decimal x = split(a, a_len), y = split(b, b_len);
	int sign_x = x.zero ? 0 : x.negative ? -1 : 1;
	int sign_y = y.zero ? 0 : y.negative ? -1 : 1;

	if (sign_x != sign_y)
		return sign_x < sign_y ? -1 : 1;
	return sign_x * (sign_x ? compare_magnitude(&x, &y) : 0);
}
