/*
 * store: what is kept of a stream: a ring of segments, bounded in bytes; when it is full the oldest segment goes.
 * Rows have a sequence number that only grows, so a cursor stays on its row while others come and go. Small segments (a
 * slow stream publishes every few milliseconds) are merged by copying, large ones are taken by pointer.
 *
 * Thread: its owner (the UI).   Depends on: base, model/segment.
 */
#ifndef TOPICMON_MODEL_STORE_H
#define TOPICMON_MODEL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/model/record.h"
#include "topicmon/model/segment.h"

struct store;

struct store *store_new(size_t max_bytes);
void store_free(struct store *st);
void store_clear(struct store *st);                      /* forgets all rows; sequence numbers go on */
void store_set_limit(struct store *st, size_t max_bytes);
/* Takes a reference of its own when it keeps the segment. */
void store_add(struct store *st, struct segment *seg);
/* Adds a row of ours. */
void store_add_note(struct store *st, int64_t wall_ms, const char *text);

uint64_t store_first(const struct store *st);    /* sequence number of the oldest row kept */
uint64_t store_end(const struct store *st);      /* one past the newest; rows kept = end - first */
size_t store_bytes(const struct store *st);
uint64_t store_dropped(const struct store *st);  /* rows that had to go */
/* False when seq is not kept (any more). rec borrows from the store until the next add, clear or limit. */
bool store_get(const struct store *st, uint64_t seq, struct record *rec);

#endif
