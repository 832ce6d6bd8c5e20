/*
 * decimal: numbers as JSON writes them, compared by value without losing a digit: 9007199254740993
 * is more than 9007199254740992, 1e400 is more than 1e399, 1.0 is 1.
 *
 * Thread: any.   Depends on: model/json.
 */
#ifndef TOPICMON_MODEL_DECIMAL_H
#define TOPICMON_MODEL_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the whole text is one JSON number. */
bool decimal_valid(const char *text, size_t len);
/* Less than, equal to or greater than 0, as a is to b; both are valid. Exponents beyond 10^15
 * count as that. */
int decimal_compare(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
