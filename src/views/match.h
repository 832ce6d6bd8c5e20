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

#endif
