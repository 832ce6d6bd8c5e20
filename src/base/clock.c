/* clock: see the header. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "topicmon/base/clock.h"

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * (int64_t)MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static int64_t
now_us(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_ms(void)
{
	return now_us(CLOCK_MONOTONIC) / 1000;
}

int64_t
clock_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

int64_t
clock_wall_ms(void)
{
	return now_us(CLOCK_REALTIME) / 1000;
}

/* Cuts a Unix time into seconds and milliseconds; a time before 1970 has positive
 * milliseconds too. */
static time_t
split_ms(int64_t wall_ms, int *ms)
{
	*ms = (int)(wall_ms % SECOND_MS);
	if (*ms < 0)
		*ms += SECOND_MS;
	return (time_t)((wall_ms - *ms) / SECOND_MS);
}

/* A timestamp is the producer's, so any number can come: what has no year of four digits is
 * shown as the number. */
static bool
has_calendar(int64_t wall_ms)
{
	return wall_ms >= -62135596800000 && wall_ms < 253402214400000;
}

void
clock_format(struct strbuf *out, int64_t wall_ms, bool with_date)
{
	int ms;
	struct tm tm;
	time_t s;

	if (!has_calendar(wall_ms) || (s = split_ms(wall_ms, &ms), !localtime_r(&s, &tm))) {
		strbuf_addf(out, "%lld", (long long)wall_ms);
		return;
	}
	if (with_date)
		strbuf_addf(out, "%04d-%02d-%02d ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	strbuf_addf(out, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

void
clock_format_iso(struct strbuf *out, int64_t wall_ms)
{
	int ms;
	struct tm tm;
	time_t s;

	if (!has_calendar(wall_ms) || (s = split_ms(wall_ms, &ms), !gmtime_r(&s, &tm))) {
		strbuf_addf(out, "%lld", (long long)wall_ms);
		return;
	}
	strbuf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1,
	            tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

void
clock_format_span(struct strbuf *out, int64_t ms)
{
	if (ms < 0) {
		strbuf_addch(out, '-');
		ms = ms == INT64_MIN ? INT64_MAX : -ms;
	}
	if (ms < SECOND_MS)
		strbuf_addf(out, "%d ms", (int)ms);
	else if (ms < 10 * SECOND_MS)
		strbuf_addf(out, "%d.%d s", (int)(ms / SECOND_MS), (int)(ms % SECOND_MS / 100));
	else if (ms < MINUTE_MS)
		strbuf_addf(out, "%d s", (int)(ms / SECOND_MS));
	else if (ms < HOUR_MS)
		strbuf_addf(out, "%d m", (int)(ms / MINUTE_MS));
	else if (ms < DAY_MS)
		strbuf_addf(out, "%d h", (int)(ms / HOUR_MS));
	else
		strbuf_addf(out, "%lld d", (long long)(ms / DAY_MS));
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads a number of least..most digits and moves *s behind it. */
static bool
read_digits(const char **s, int least, int most, int64_t *out)
{
	int64_t n = 0;
	int i = 0;

	for (; i < most && is_digit(**s); i++)
		n = n * 10 + (*(*s)++ - '0');
	if (i < least)
		return false;
	*out = n;
	return true;
}

/* "5m" and the like: a whole span in ms. */
static bool
read_span(const char *s, int64_t *out_ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 's', SECOND_MS }, { 'm', MINUTE_MS }, { 'h', HOUR_MS }, { 'd', DAY_MS } };
	int64_t n;

	if (!read_digits(&s, 1, 9, &n))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s[0] == units[i].unit && !s[1]) {
			*out_ms = n * units[i].ms;
			return true;
		}
	}
	return false;
}

struct time_of_day {
	int64_t hour, minute, second, ms;
};

/* "14:03", "14:03:09", "14:03:09.112"; moves *s behind it. */
static bool
read_time(const char **s, struct time_of_day *t)
{
	const char *start;

	*t = (struct time_of_day){ 0 };
	if (!read_digits(s, 1, 2, &t->hour) || *(*s)++ != ':' || !read_digits(s, 2, 2, &t->minute))
		return false;
	if (**s == ':') {
		++*s;
		if (!read_digits(s, 2, 2, &t->second))
			return false;
		if (**s == '.') {
			start = ++*s;
			if (!read_digits(s, 1, 3, &t->ms))
				return false;
			for (long digits = *s - start; digits < 3; digits++)
				t->ms *= 10;
			while (is_digit(**s))   /* what is finer than a millisecond */
				++*s;
		}
	}
	return t->hour < 24 && t->minute < 60 && t->second < 60;
}

static int
days_in_month(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

/* Days from 1970-01-01, by the years, leap years and months before it (POSIX has no timegm). */
static int64_t
days_since_epoch(int64_t year, int64_t month, int64_t day)
{
	int64_t before = year - 1;
	int64_t days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;

	for (int64_t m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days + day - 1;
}

static bool
local_ms(int64_t year, int64_t month, int64_t day, const struct time_of_day *t, int64_t *out_ms)
{
	struct tm tm = {
		.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day,
		.tm_hour = (int)t->hour, .tm_min = (int)t->minute, .tm_sec = (int)t->second,
		.tm_isdst = -1,
	};
	time_t s;

	tm.tm_wday = -1; /* mktime() sets it: -1 is also a time, one second before 1970 */
	s = mktime(&tm);
	if (tm.tm_wday == -1)
		return false;
	*out_ms = (int64_t)s * SECOND_MS + t->ms;
	return true;
}

/* "Z", "+01:00" or nothing (*local then): minutes east of UTC. To the end of the text. */
static bool
read_zone(const char *s, bool *local, int64_t *minutes)
{
	int64_t hour, minute;
	char sign = *s;

	*local = !sign;
	*minutes = 0;
	if (!sign)
		return true;
	s++;
	if (sign == 'Z')
		return !*s;
	if ((sign != '+' && sign != '-') || !read_digits(&s, 2, 2, &hour) || *s++ != ':' ||
	    !read_digits(&s, 2, 2, &minute) || *s || hour > 14 || minute > 59)
		return false;
	*minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
	return true;
}

/* A date, alone (the start of that day here) or with a time. */
static bool
read_date_time(const char *s, int64_t *out_ms)
{
	struct time_of_day t = { 0 };
	int64_t year, month, day, zone = 0;
	bool local = true;

	if (!read_digits(&s, 4, 4, &year) || *s++ != '-' || !read_digits(&s, 2, 2, &month) ||
	    *s++ != '-' || !read_digits(&s, 2, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	if (*s) {
		if (*s != 'T' && *s != ' ')
			return false;
		s++;
		if (!read_time(&s, &t) || !read_zone(s, &local, &zone))
			return false;
	}
	if (local)
		return local_ms(year, month, day, &t, out_ms);
	*out_ms = days_since_epoch(year, month, day) * DAY_MS + t.hour * HOUR_MS +
	          (t.minute - zone) * MINUTE_MS + t.second * SECOND_MS + t.ms;
	return true;
}

/* "14:03": today, here. */
static bool
read_time_today(const char *s, int64_t now_ms, int64_t *out_ms)
{
	struct time_of_day t;
	struct tm today;
	time_t now = (time_t)(now_ms / SECOND_MS);

	if (!read_time(&s, &t) || *s || !localtime_r(&now, &today))
		return false;
	return local_ms(today.tm_year + 1900, today.tm_mon + 1, today.tm_mday, &t, out_ms);
}

bool
clock_parse(const char *text, int64_t now_ms, int64_t *out_ms)
{
	size_t digits = strspn(text, "0123456789");
	int64_t n;

	if (text[0] == '-') {
		if (!read_span(text + 1, &n))
			return false;
		*out_ms = now_ms - n;
		return true;
	}
	if (digits && !text[digits]) {
		if (!read_digits(&text, 1, 18, &n) || *text)
			return false;
		*out_ms = n;
		return true;
	}
	return read_time_today(text, now_ms, out_ms) || read_date_time(text, out_ms);
}
