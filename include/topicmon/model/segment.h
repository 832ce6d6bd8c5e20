/*
 * segment: an arena of records with an index. A reader fills one, seals it and hands it over by pointer; from then on it
 * is immutable and counted, readable from any thread.
 *
 * Records that are taken out are borrowed from the segment.
 *
 * Thread: add and seal: the one that made it; everything else: any.   Depends on: base, model/record.
 */
#ifndef TOPICMON_MODEL_SEGMENT_H
#define TOPICMON_MODEL_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/model/record.h"

#define SEGMENT_BYTES (1u << 20)        /* what a full segment holds, about; one larger record gets one of its own */

struct segment;

/* A new open segment with one reference. size_hint: bytes to start with; it grows up to SEGMENT_BYTES. */
struct segment *segment_new(size_t size_hint);
struct segment *segment_ref(struct segment *seg);
void segment_unref(struct segment *seg);

/* Copies the record in. False when the segment is full (and not empty): seal it and open another. */
bool segment_add(struct segment *seg, const struct record *rec);
/* Gives unused memory back; no adds afterwards. */
void segment_seal(struct segment *seg);

size_t segment_count(const struct segment *seg);
size_t segment_bytes(const struct segment *seg);        /* memory that it takes, all in all */
/* i < segment_count; what rec points to is borrowed from the segment. */
void segment_get(const struct segment *seg, size_t i, struct record *rec);

#endif
