/* shelf: see the header. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"
#include "topicmon/base/mem.h"

#define CHUNK_FIRST 4096u
#define CHUNK_MAX   (256u * 1024u)
#define ALIGNMENT   sizeof(int64_t)

struct chunk {
	struct chunk *next;
	size_t used;
	size_t cap;
	int64_t data[];         /* for the alignment */
};

struct slot {
	const void *bytes;      /* NULL: free */
	size_t len;
	uint64_t hash;
};

struct shelf {
	atomic_int refs;
	struct chunk *chunks;   /* the newest first */
	size_t bytes;
	struct slot *slots;     /* open addressing, a power of two, at most half full */
	size_t nslots;
	size_t count;
};

struct shelf *
shelf_new(void)
{
	struct shelf *sh = xcalloc(1, sizeof(*sh));

	atomic_init(&sh->refs, 1);
	return sh;
}

struct shelf *
shelf_ref(struct shelf *sh)
{
	atomic_fetch_add_explicit(&sh->refs, 1, memory_order_relaxed);
	return sh;
}

void
shelf_unref(struct shelf *sh)
{
	if (!sh || atomic_fetch_sub_explicit(&sh->refs, 1, memory_order_acq_rel) != 1)
		return;
	while (sh->chunks) {
		struct chunk *chunk = sh->chunks;

		sh->chunks = chunk->next;
		free(chunk);
	}
	free(sh->slots);
	free(sh);
}

void *
shelf_room(struct shelf *sh, size_t size)
{
	struct chunk *chunk = sh->chunks;
	size_t want = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	void *room;

	if (!chunk || chunk->cap - chunk->used < want) {
		size_t cap = chunk && chunk->cap < CHUNK_MAX ? chunk->cap * 2 : chunk ? CHUNK_MAX : CHUNK_FIRST;

		if (cap < want)
			cap = want;
		chunk = xmalloc(sizeof(*chunk) + cap);
		*chunk = (struct chunk){ .next = sh->chunks, .cap = cap };
		sh->chunks = chunk;
	}
	room = (char *)chunk->data + chunk->used;
	chunk->used += want;
	sh->bytes += want;
	return room;
}

/* FNV-1a, folded once more so that the low bits depend on all. */
static uint64_t
hash_of(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h ^ (h >> 29);
}

/* The slot that holds these bytes, or the free one where they belong. */
static struct slot *
find_slot(const struct shelf *sh, const void *bytes, size_t len, uint64_t hash)
{
	size_t mask = sh->nslots - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct slot *slot = &sh->slots[i];

		if (!slot->bytes || (slot->hash == hash && slot->len == len &&
		                     (!len || memcmp(slot->bytes, bytes, len) == 0)))
			return slot;
	}
}

static void
grow_slots(struct shelf *sh)
{
	struct slot *old = sh->slots;
	size_t nold = sh->nslots;

	sh->nslots = nold ? nold * 2 : 64;
	sh->slots = xcalloc(sh->nslots, sizeof(*sh->slots));
	for (size_t i = 0; i < nold; i++) {
		if (old[i].bytes)
			*find_slot(sh, old[i].bytes, old[i].len, old[i].hash) = old[i];
	}
	free(old);
}

const void *
shelf_put(struct shelf *sh, const void *bytes, size_t len)
{
	uint64_t hash = hash_of(bytes, len);
	struct slot *slot;

	if (sh->count * 2 >= sh->nslots)
		grow_slots(sh);
	slot = find_slot(sh, bytes, len, hash);
	if (!slot->bytes) {
		void *copy = shelf_room(sh, len ? len : 1);

		if (len)
			memcpy(copy, bytes, len);
		*slot = (struct slot){ .bytes = copy, .len = len, .hash = hash };
		sh->count++;
	}
	return slot->bytes;
}

const char *
shelf_text(struct shelf *sh, const char *text)
{
	return text ? shelf_put(sh, text, strlen(text) + 1) : NULL;
}

const char *
shelf_find(const struct shelf *sh, const char *text)
{
	size_t len = strlen(text) + 1;

	return sh->nslots ? find_slot(sh, text, len, hash_of(text, len))->bytes : NULL;
}

size_t
shelf_bytes(const struct shelf *sh)
{
	return sh->bytes;
}
