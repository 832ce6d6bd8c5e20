/*
 * feed: the rows of the live stream as they are shown: a store, a filter over it with an index of the rows that match, and
 * a hold, which keeps the rows where they are while new ones wait.
 *
 * Rows shown are counted from 0, the oldest; an id (the store's sequence number) stays with its row while others come and
 * go. The index is kept incrementally: feed_work() matches a bounded number of rows a call, so that neither a filter over
 * a full store nor 200,000 messages a second make the screen wait.
 *
 * Memory: the store gets three quarters of max_bytes, what waits while held the rest; beyond that the oldest waiting goes,
 * counted as dropped.
 *
 * Thread: UI.   Depends on: base, model/store, model/filter.
 */
#ifndef TOPICMON_VIEWS_FEED_H
#define TOPICMON_VIEWS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/model/filter.h"
#include "topicmon/model/record.h"
#include "topicmon/model/segment.h"

struct feed;

struct feed *feed_new(size_t max_bytes);
void feed_free(struct feed *f);
void feed_clear(struct feed *f);                /* forgets all rows and ends a hold; the filter stays */
void feed_add(struct feed *f, struct segment *seg);
void feed_add_note(struct feed *f, int64_t wall_ms, const char *text);

/* Only rows that match from now on; NULL or an empty filter: all. Takes a reference of its own. */
void feed_set_filter(struct feed *f, struct filter *filter);
const struct filter *feed_filter(const struct feed *f);         /* NULL: none; borrowed */
/* While held no row goes: what the store has no room for waits. Ending the hold lets it in. */
void feed_hold(struct feed *f, bool hold);

/* Matches at most max_rows rows that were not yet looked at; true when there are more. */
bool feed_work(struct feed *f, size_t max_rows, int64_t wall_ms);
bool feed_has_work(const struct feed *f);

size_t feed_count(const struct feed *f);                        /* rows shown */
/* The row i < feed_count; what rec points to is borrowed until the next call that is not const. */
bool feed_get(const struct feed *f, size_t i, struct record *rec);
uint64_t feed_id(const struct feed *f, size_t i);               /* i < feed_count */
/* The row with this id, or the first one after it; feed_count() when there is none. */
size_t feed_find(const struct feed *f, uint64_t id);
bool feed_get_id(const struct feed *f, uint64_t id, struct record *rec);       /* shown or not; false: it is gone */

uint64_t feed_end_id(const struct feed *f);     /* the id that the next row gets */
uint64_t feed_total(const struct feed *f);      /* rows that ever came, waiting ones included */
/* Of them, those that were let in, and through the filter that was in force when they came; only grows. */
uint64_t feed_shown(const struct feed *f);
uint64_t feed_dropped(const struct feed *f);    /* rows that had to go, for want of memory */
uint64_t feed_filtered(const struct feed *f);   /* rows kept that the filter does not show */

#endif
