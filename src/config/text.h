/*
 * text: bits of a sentence about what somebody wrote, and numbers as people write them.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_CONFIG_TEXT_PRIVATE_H
#define TOPICMON_CONFIG_TEXT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"

/* Room for a piece of somebody's text inside a sentence: safe to print, and short enough to leave
 * room for the rest. */
struct shown {
	char text[100];
};

/* Each returns s->text. A text that is too long loses its end, a path its beginning. */
const char *shown_text(struct shown *s, const char *text);
const char *shown_textn(struct shown *s, const char *text, size_t len);
const char *shown_path(struct shown *s, const char *path);

/* A whole number, with an optional '-' and nothing else around it; false when it is none or does
 * not fit. */
bool text_int64(const char *text, int64_t *out);
/* Seconds such as 5, 0.5 or .25 as milliseconds; the decimal point is a point in every locale. */
bool text_seconds(const char *text, int64_t *out_ms);

/* Splits "name=value" at the first '=' into copies of both, which the caller owns. False when there
 * is no '=' or no name. */
bool text_pair(const char *text, char **name, char **value);

/* Letters, digits, '.', '-' and '_'. */
bool text_is_host_char(char c);

/* Whether HOST can be resolved to ADDR: host without a port, addr a host name or an IP address.
 * `what` opens the sentence. */
bool resolve_check(const char *what, const char *host, const char *addr, struct err *e);

#endif
