/*
 * match: lays the role of a match over what was found.
 *
 * Thread: UI.   Depends on: base, model/filter, ui/canvas.
 */
#ifndef TOPICMON_VIEWS_MATCH_PRIVATE_H
#define TOPICMON_VIEWS_MATCH_PRIVATE_H

#include <stddef.h>

#include "topicmon/model/filter.h"
#include "topicmon/ui/canvas.h"

/* The bytes were drawn into the line r with `skip` columns left out on the left; every place that the filter finds in them
 * is marked. */
void match_draw(struct canvas *c, struct rect r, int skip, const struct filter *find, struct filter_scratch *scratch,
                const void *data, size_t len);

/* What finds just this text in a value, whatever the filter language would make of it; around the signs of JSON that are
 * outside of quotes any blanks do. An empty text gives an empty filter. NULL and *e (*at, unless NULL: its byte): the text
 * is not UTF-8. */
struct filter *match_literal(const char *text, size_t *at, struct err *e);
/* The text as a filter, or as itself where it is none, or is JSON. As match_literal() in all else. */
struct filter *match_compile(const char *text, size_t *at, struct err *e);

#endif
