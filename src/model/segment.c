/*
 * segment: see the header.
 *
 * Two arrays: the bytes of all records one after the other (key, value, and when there are headers
 * their two numbers and the packed headers), and an index entry a record. Numbers of bytes are 32
 * bits as in the protocol.
 */
#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/segment.h"

#define LEAST_BYTES     128
#define ALLOCATION_COST 16      /* what malloc adds to each of the three allocations, about */

enum entry_flag { ENTRY_KEY = 1, ENTRY_VALUE = 2, ENTRY_HEADERS = 4, ENTRY_NOTE = 8 };

struct entry {
	int64_t offset;
	int64_t timestamp_ms;
	uint32_t at;            /* of its first byte */
	uint32_t key_len;
	uint32_t value_len;
	int32_t partition;
	uint16_t topic;
	uint8_t flags;          /* enum entry_flag */
	uint8_t timestamp_kind;
};

struct headers_size {
	uint32_t len;
	uint32_t n;
};

struct segment {
	atomic_uint refs;
	uint32_t count;
	uint32_t cap;           /* entries */
	size_t used;            /* of data */
	size_t size;
	unsigned char *data;
	struct entry *index;
};

struct segment *
segment_new(size_t size_hint)
{
	struct segment *seg = xcalloc(1, sizeof(*seg));

	if (size_hint > SEGMENT_BYTES)
		size_hint = SEGMENT_BYTES;
	atomic_init(&seg->refs, 1);
	seg->size = size_hint < LEAST_BYTES ? LEAST_BYTES : size_hint;
	seg->cap = (uint32_t)(seg->size / 256 + 1);
	seg->data = xmalloc(seg->size);
	seg->index = xreallocarray(NULL, seg->cap, sizeof(*seg->index));
	return seg;
}

struct segment *
segment_ref(struct segment *seg)
{
	atomic_fetch_add_explicit(&seg->refs, 1, memory_order_relaxed);
	return seg;
}

void
segment_unref(struct segment *seg)
{
	if (!seg || atomic_fetch_sub_explicit(&seg->refs, 1, memory_order_acq_rel) != 1)
		return;
	free(seg->data);
	free(seg->index);
	free(seg);
}

/* Makes room for one more entry and `need` bytes, by doubling. */
static void
grow(struct segment *seg, size_t need)
{
	if (seg->count == seg->cap) {
		seg->cap *= 2;
		seg->index = xreallocarray(seg->index, seg->cap, sizeof(*seg->index));
	}
	if (need > seg->size - seg->used) {
		size_t size = seg->size * 2;

		if (size > SEGMENT_BYTES)
			size = SEGMENT_BYTES;
		if (size < seg->used + need)
			size = seg->used + need;
		seg->data = xrealloc(seg->data, size);
		seg->size = size;
	}
}

/* Copies bytes in; the room is there. */
static void
put(struct segment *seg, const void *bytes, size_t len)
{
	if (len)
		memcpy(seg->data + seg->used, bytes, len);
	seg->used += len;
}

bool
segment_add(struct segment *seg, const struct record *rec)
{
	struct headers_size headers = { (uint32_t)rec->headers_len, rec->nheaders };
	size_t need = rec->key.len + rec->value.len +
	              (headers.n ? sizeof(headers) + rec->headers_len : 0);
	struct entry *entry;

	assert(need < UINT32_MAX);
	if (seg->count && seg->used + need + (seg->count + 1) * sizeof(*seg->index) > SEGMENT_BYTES)
		return false;
	if (seg->count == seg->cap || need > seg->size - seg->used)
		grow(seg, need);
	entry = &seg->index[seg->count++];
	*entry = (struct entry){
		.offset = rec->offset, .timestamp_ms = rec->timestamp_ms, .at = (uint32_t)seg->used,
		.key_len = (uint32_t)rec->key.len, .value_len = (uint32_t)rec->value.len,
		.partition = rec->partition, .topic = rec->topic,
		.flags = (uint8_t)((rec->key.data ? ENTRY_KEY : 0) |
		                   (rec->value.data ? ENTRY_VALUE : 0) |
		                   (headers.n ? ENTRY_HEADERS : 0) |
		                   (rec->kind == RECORD_NOTE ? ENTRY_NOTE : 0)),
		.timestamp_kind = (uint8_t)rec->timestamp_kind,
	};
	put(seg, rec->key.data, rec->key.len);
	put(seg, rec->value.data, rec->value.len);
	if (headers.n) {
		put(seg, &headers, sizeof(headers));
		put(seg, rec->headers, rec->headers_len);
	}
	return true;
}

void
segment_seal(struct segment *seg)
{
	if (seg->used < seg->size) {
		seg->data = xrealloc(seg->data, seg->used);
		seg->size = seg->used;
	}
	if (seg->count && seg->count < seg->cap) {
		seg->index = xreallocarray(seg->index, seg->count, sizeof(*seg->index));
		seg->cap = seg->count;
	}
}

size_t
segment_count(const struct segment *seg)
{
	return seg->count;
}

size_t
segment_bytes(const struct segment *seg)
{
	return sizeof(*seg) + seg->size + seg->cap * sizeof(*seg->index) +
	       (size_t)3 * ALLOCATION_COST;
}

void
segment_get(const struct segment *seg, size_t i, struct record *rec)
{
	const struct entry *entry = &seg->index[i];
	const unsigned char *at = seg->data + entry->at;

	assert(i < seg->count);
	*rec = (struct record){
		.kind = entry->flags & ENTRY_NOTE ? RECORD_NOTE : RECORD_MESSAGE,
		.partition = entry->partition, .offset = entry->offset,
		.timestamp_ms = entry->timestamp_ms,
		.timestamp_kind = (enum timestamp_kind)entry->timestamp_kind,
		.topic = entry->topic,
		.key = { entry->flags & ENTRY_KEY ? at : NULL, entry->key_len },
	};
	at += entry->key_len;
	rec->value = (struct bytes){ entry->flags & ENTRY_VALUE ? at : NULL, entry->value_len };
	at += entry->value_len;
	if (entry->flags & ENTRY_HEADERS) {
		struct headers_size headers;

		memcpy(&headers, at, sizeof(headers));
		rec->headers = at + sizeof(headers);
		rec->headers_len = headers.len;
		rec->nheaders = headers.n;
	}
}
