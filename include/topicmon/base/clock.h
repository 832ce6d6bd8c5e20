/*
 * clock: monotonic and wall time, and times as text.
 *
 * Thread: any.   Depends on: base/strbuf.
 */
#ifndef TOPICMON_BASE_CLOCK_H
#define TOPICMON_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"

int64_t clock_ms(void);         /* monotonic, for intervals */
int64_t clock_us(void);         /* monotonic */
int64_t clock_wall_ms(void);    /* Unix time in milliseconds */

/* Local time of a Unix time in ms, "12:04:30.112"; with_date puts "2026-11-22 " before it. */
void clock_format(struct strbuf *out, int64_t wall_ms, bool with_date);
/* ISO 8601 in UTC with milliseconds, "2026-11-22T12:04:30.112Z". */
void clock_format_iso(struct strbuf *out, int64_t wall_ms);
/* A span for people: "38 ms", "2.1 s", "4 m", "3 h", "7 d". */
void clock_format_span(struct strbuf *out, int64_t ms);

/* Reads a time as users write it, relative to now_ms (Unix ms): "-5m" (s, m, h, d), "14:03", "14:03:09" (today, local),
 * "2026-11-22", "2026-11-22T12:04:30", with optional ".112" and zone "Z" or "+01:00" (no zone: local), or Unix ms.
 * False when it is none of these; *out_ms untouched then. */
bool clock_parse(const char *text, int64_t now_ms, int64_t *out_ms);

#endif
