/*
 * store: see the header.
 *
 * The last segment may be the store's own, still open: the tail, into which small segments are
 * copied. Rows are evicted by the segment, so no segment may be a large part of the limit: what
 * would be is copied too, in smaller pieces.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/store.h"

#define SMALL_SEGMENT (SEGMENT_BYTES / 8)       /* copied rather than taken */
#define TAIL_START    4096
#define RECORD_COST   64 /* of a record in a segment beside its bytes, at most */

struct slot {
	struct segment *seg;
	uint64_t first;         /* sequence number of its first row */
};

struct store {
	struct slot *ring;
	size_t cap;
	size_t head;            /* index in ring of the oldest segment */
	size_t count;
	bool tail_open;         /* the last segment is ours and takes more */
	uint64_t end;
	uint64_t dropped;
	size_t bytes;
	size_t max_bytes;
};

struct store *
store_new(size_t max_bytes)
{
	struct store *st = xcalloc(1, sizeof(*st));

	st->max_bytes = max_bytes;
	return st;
}

void
store_free(struct store *st)
{
	if (!st)
		return;
	store_clear(st);
	free(st->ring);
	free(st);
}

static struct slot *
slot_at(const struct store *st, size_t i)
{
	return &st->ring[(st->head + i) % st->cap];
}

static struct slot *
last_slot(const struct store *st)
{
	return slot_at(st, st->count - 1);
}

static size_t
cost(const struct segment *seg)
{
	return segment_bytes(seg) + sizeof(struct slot);
}

/* How many bytes of segment a piece may have so that dropping one is a small loss. */
static size_t
piece_limit(const struct store *st)
{
	return st->max_bytes / 8 < SEGMENT_BYTES ? st->max_bytes / 8 : SEGMENT_BYTES;
}

/* Puts a segment at the end; takes over the caller's reference. */
static void
append(struct store *st, struct segment *seg)
{
	if (st->count == st->cap) {
		size_t old = st->cap;

		st->cap = old ? old * 2 : 16;
		st->ring = xreallocarray(st->ring, st->cap, sizeof(*st->ring));
		if (old)
			memcpy(st->ring + old, st->ring, st->head * sizeof(*st->ring));
	}
	st->count++;
	*last_slot(st) = (struct slot){ seg, st->end };
	st->bytes += cost(seg);
	st->end += segment_count(seg);
}

static void
drop_oldest(struct store *st)
{
	struct segment *seg = slot_at(st, 0)->seg;

	st->bytes -= cost(seg);
	st->head = (st->head + 1) % st->cap;
	st->count--;
	if (!st->count)
		st->tail_open = false;
	segment_unref(seg);
}

/* Drops the oldest until the rest fits. The newest segment stays: what just came is seen,
 * however large it is. */
static void
trim(struct store *st)
{
	while (st->bytes > st->max_bytes && st->count > 1) {
		st->dropped += segment_count(slot_at(st, 0)->seg);
		drop_oldest(st);
	}
}

static void
seal_tail(struct store *st)
{
	struct segment *seg;

	if (!st->tail_open)
		return;
	seg = last_slot(st)->seg;
	st->bytes -= cost(seg);
	segment_seal(seg);
	st->bytes += cost(seg);
	st->tail_open = false;
}

/* Copies one record into the tail, or into a new tail when that has become a full piece. */
static void
add_copy(struct store *st, const struct record *rec)
{
	size_t need = rec->key.len + rec->value.len + rec->headers_len + RECORD_COST;
	struct segment *seg;

	if (st->tail_open && segment_bytes(last_slot(st)->seg) + need > piece_limit(st))
		seal_tail(st);
	if (st->tail_open) {
		seg = last_slot(st)->seg;
		st->bytes -= cost(seg);
		if (segment_add(seg, rec)) {
			st->bytes += cost(seg);
			st->end++;
			return;
		}
		st->bytes += cost(seg);
		seal_tail(st);
	}
	seg = segment_new(need < TAIL_START && piece_limit(st) > 2 * TAIL_START ? TAIL_START
	                                                                        : need);
	segment_add(seg, rec);
	append(st, seg);
	st->tail_open = true;
	trim(st);
}

/* Replaces the last segment by copies of its rows, of which the oldest may then go. */
static void
split_last(struct store *st)
{
	struct slot last = *last_slot(st);

	st->bytes -= cost(last.seg);
	st->count--;
	st->tail_open = false;
	st->end = last.first;
	for (size_t i = 0; i < segment_count(last.seg); i++) {
		struct record rec;

		segment_get(last.seg, i, &rec);
		add_copy(st, &rec);
	}
	segment_unref(last.seg);
}

void
store_clear(struct store *st)
{
	while (st->count)
		drop_oldest(st);
}

void
store_set_limit(struct store *st, size_t max_bytes)
{
	st->max_bytes = max_bytes;
	trim(st);
	if (st->bytes > max_bytes && st->count && segment_count(last_slot(st)->seg) > 1)
		split_last(st);
	trim(st);
}

void
store_add(struct store *st, struct segment *seg)
{
	size_t n = segment_count(seg), bytes = segment_bytes(seg);

	if (bytes >= SMALL_SEGMENT && (n == 1 || bytes <= st->max_bytes / 3)) {
		seal_tail(st);
		append(st, segment_ref(seg));
	} else {
		for (size_t i = 0; i < n; i++) {
			struct record rec;

			segment_get(seg, i, &rec);
			add_copy(st, &rec);
		}
	}
	trim(st);
}

void
store_add_note(struct store *st, int64_t wall_ms, const char *text)
{
	struct record note = {
		.kind = RECORD_NOTE, .partition = -1, .offset = -1, .timestamp_ms = wall_ms,
		.timestamp_kind = TIMESTAMP_CREATE, .value = { text, strlen(text) },
	};

	add_copy(st, &note);
	trim(st);
}

uint64_t
store_first(const struct store *st)
{
	return st->count ? slot_at(st, 0)->first : st->end;
}

uint64_t
store_end(const struct store *st)
{
	return st->end;
}

size_t
store_bytes(const struct store *st)
{
	return st->bytes;
}

uint64_t
store_dropped(const struct store *st)
{
	return st->dropped;
}

bool
store_get(const struct store *st, uint64_t seq, struct record *rec)
{
	size_t low = 0, high = st->count;
	const struct slot *slot;

	if (seq < store_first(st) || seq >= st->end)
		return false;
	/* The last segment that does not begin behind seq. */
	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (slot_at(st, mid)->first <= seq)
			low = mid;
		else
			high = mid;
	}
	slot = slot_at(st, low);
	segment_get(slot->seg, (size_t)(seq - slot->first), rec);
	return true;
}
