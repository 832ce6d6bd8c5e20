/*
 * suggest: which known name somebody probably meant who typed another one. For "did you mean" in sentences about
 * options, keys of a file, roles, commands.
 *
 * Owns nothing: word and names are borrowed and must outlive it.
 *
 * Thread: any, one at a time.   Depends on: libc.
 */
#ifndef TOPICMON_BASE_SUGGEST_H
#define TOPICMON_BASE_SUGGEST_H

#include <stddef.h>

struct suggest {
	const char *word;
	const char *best;
	size_t cost;
};

void suggest_init(struct suggest *s, const char *word);
/* Compares with one known name: letters left out, added, changed or swapped count, case does not. */
void suggest_offer(struct suggest *s, const char *name);
/* The nearest name offered; NULL when none is near enough to be worth saying. */
const char *suggest_best(const struct suggest *s);

#endif
