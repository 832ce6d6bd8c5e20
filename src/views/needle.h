/*
 * needle: a plain text that is looked for in names: as it is when it has a capital, else whatever the case (as less -i).
 *
 * Thread: UI.   Depends on: base.
 */
#ifndef TOPICMON_VIEWS_NEEDLE_PRIVATE_H
#define TOPICMON_VIEWS_NEEDLE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct needle {
	char *text;             /* NULL or "": everything matches */
	bool exact;
};

void needle_set(struct needle *nd, const char *text);
void needle_fini(struct needle *nd);
bool needle_empty(const struct needle *nd);
const char *needle_text(const struct needle *nd);       /* "" when empty */
bool needle_in(const struct needle *nd, const char *name);
/* The column at which it first stands in a name, -1: nowhere; and the columns that it takes. */
int needle_column(const struct needle *nd, const char *name);
int needle_columns(const struct needle *nd);

#endif
