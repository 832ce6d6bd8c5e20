#include "topicmon/views/feed.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/store.h"

/* The ids of the rows that match, ascending; a ring that grows. */
struct index {
	uint64_t *ids;
	size_t cap;             /* a power of two */
	size_t head;
	size_t n;
};

struct feed {
	struct store *store;
	struct filter *filter;          /* NULL: all rows are shown and the index is not used */
	struct filter_scratch *scratch;
	struct index index;
	uint64_t looked;                /* the next id to match */
	size_t store_max;
	size_t waiting_max;
	bool held;
	struct segment **waiting;
	size_t nwaiting;
	size_t waiting_cap;
	size_t waiting_bytes;
	uint64_t waiting_rows;
	uint64_t total;
	uint64_t since;                 /* the first id that came under the filter in force */
	uint64_t matched;               /* rows from there on that it let through */
	uint64_t shown_before;          /* rows that others let through until then */
	uint64_t waiting_dropped;
	uint64_t missed;                /* of them, since the hold began */
	int64_t missed_ms;              /* the time of the last of those */
	uint64_t dropped_before;        /* the store's count when the feed was cleared last */
};

struct feed *
feed_new(size_t max_bytes)
{
	struct feed *f = xcalloc(1, sizeof(*f));

	f->store_max = max_bytes / 4 * 3;
	f->waiting_max = max_bytes / 4;
	f->store = store_new(f->store_max);
	f->scratch = filter_scratch_new();
	return f;
}

static void
drop_waiting(struct feed *f)
{
	for (size_t i = 0; i < f->nwaiting; i++)
		segment_unref(f->waiting[i]);
	f->nwaiting = 0;
	f->waiting_bytes = 0;
	f->waiting_rows = 0;
}

void
feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	drop_waiting(f);
	free(f->waiting);
	store_free(f->store);
	filter_unref(f->filter);
	filter_scratch_free(f->scratch);
	free(f->index.ids);
	free(f);
}

static void
index_reset(struct feed *f)
{
	f->index.head = 0;
	f->index.n = 0;
	f->matched = 0;
	f->since = store_end(f->store);
	f->looked = store_first(f->store);
}

void
feed_clear(struct feed *f)
{
	drop_waiting(f);
	f->held = false;
	store_set_limit(f->store, f->store_max);
	store_clear(f->store);
	f->total = 0;
	f->shown_before = 0;
	f->waiting_dropped = 0;
	f->dropped_before = store_dropped(f->store);
	index_reset(f);
}

static uint64_t
index_at(const struct index *ix, size_t i)
{
	return ix->ids[(ix->head + i) & (ix->cap - 1)];
}

static void
index_push(struct index *ix, uint64_t id)
{
	if (ix->n == ix->cap) {
		size_t cap = ix->cap > 0 ? 2 * ix->cap : 256;
		uint64_t *ids = xcalloc(cap, sizeof(*ids));

		for (size_t i = 0; i < ix->n; i++)
			ids[i] = index_at(ix, i);
		free(ix->ids);
		ix->ids = ids;
		ix->cap = cap;
		ix->head = 0;
	}
	ix->ids[(ix->head + ix->n++) & (ix->cap - 1)] = id;
}

/* Rows that the store let go of are not shown any more. */
static void
forget_gone(struct feed *f)
{
	struct index *ix = &f->index;
	uint64_t first = store_first(f->store);

	while (ix->n > 0 && index_at(ix, 0) < first) {
		ix->head = (ix->head + 1) & (ix->cap - 1);
		ix->n--;
	}
	if (f->looked < first)
		f->looked = first;
}

static void
let_wait(struct feed *f, struct segment *seg)
{
	size_t gone = 0;

	if (f->nwaiting == f->waiting_cap) {
		f->waiting_cap = f->waiting_cap > 0 ? 2 * f->waiting_cap : 16;
		f->waiting = xreallocarray(f->waiting, f->waiting_cap, sizeof(*f->waiting));
	}
	f->waiting[f->nwaiting++] = segment_ref(seg);
	f->waiting_bytes += segment_bytes(seg);
	f->waiting_rows += segment_count(seg);
	while (f->waiting_bytes > f->waiting_max && gone + 1 < f->nwaiting) {
		struct segment *oldest = f->waiting[gone++];
		struct record last;

		segment_get(oldest, segment_count(oldest) - 1, &last);
		f->missed_ms = last.timestamp_ms;
		f->waiting_bytes -= segment_bytes(oldest);
		f->waiting_rows -= segment_count(oldest);
		f->waiting_dropped += segment_count(oldest);
		f->missed += segment_count(oldest);
		segment_unref(oldest);
	}
	if (gone > 0) {
		f->nwaiting -= gone;
		memmove(f->waiting, f->waiting + gone, f->nwaiting * sizeof(*f->waiting));
	}
}

void
feed_add(struct feed *f, struct segment *seg)
{
	f->total += segment_count(seg);
	if (f->held && (f->nwaiting > 0 || store_bytes(f->store) + segment_bytes(seg) > f->store_max)) {
		let_wait(f, seg);
		return;
	}
	store_add(f->store, seg);
	forget_gone(f);
}

void
feed_add_note(struct feed *f, int64_t wall_ms, const char *text)
{
	struct record note = {
		.kind = RECORD_NOTE, .partition = -1, .offset = -1, .timestamp_ms = wall_ms,
		.timestamp_kind = TIMESTAMP_CREATE, .value = { text, strlen(text) },
	};
	struct segment *seg = segment_new(strlen(text) + 64);

	segment_add(seg, &note);
	segment_seal(seg);
	feed_add(f, seg);
	segment_unref(seg);
}

void
feed_set_filter(struct feed *f, struct filter *filter)
{
	if (filter != NULL && filter_is_empty(filter))
		filter = NULL;
	f->shown_before = feed_shown(f);
	if (filter != NULL)
		filter_ref(filter);
	filter_unref(f->filter);
	f->filter = filter;
	index_reset(f);
}

const struct filter *
feed_filter(const struct feed *f)
{
	return f->filter;
}

/* Where rows are missing, a row says so. */
static void
add_missed_note(struct feed *f)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_add_grouped(&text, (long long)f->missed);
	strbuf_adds(&text, " messages are not shown here: they came while the rows were held and the buffer was full");
	store_add_note(f->store, f->missed_ms, strbuf_str(&text));
	strbuf_fini(&text);
}

void
feed_hold(struct feed *f, bool hold)
{
	if (f->held == hold)
		return;
	f->held = hold;
	/* Held, feed_add() keeps to the limit itself: the store must not drop a row on its own. */
	store_set_limit(f->store, hold ? SIZE_MAX : f->store_max);
	if (hold) {
		f->missed = 0;
		return;
	}
	if (f->missed > 0)
		add_missed_note(f);
	for (size_t i = 0; i < f->nwaiting; i++)
		store_add(f->store, f->waiting[i]);
	drop_waiting(f);
	forget_gone(f);
}

bool
feed_work(struct feed *f, size_t max_rows, int64_t wall_ms)
{
	struct record rec;

	if (f->filter == NULL)
		return false;
	for (; max_rows > 0 && store_get(f->store, f->looked, &rec); max_rows--) {
		if (filter_match(f->filter, f->scratch, &rec, wall_ms)) {
			index_push(&f->index, f->looked);
			f->matched += f->looked >= f->since;
		}
		f->looked++;
	}
	return feed_has_work(f);
}

bool
feed_has_work(const struct feed *f)
{
	return f->filter != NULL && f->looked < store_end(f->store);
}

size_t
feed_count(const struct feed *f)
{
	if (f->filter != NULL)
		return f->index.n;
	return (size_t)(store_end(f->store) - store_first(f->store));
}

uint64_t
feed_id(const struct feed *f, size_t i)
{
	return f->filter != NULL ? index_at(&f->index, i) : store_first(f->store) + i;
}

bool
feed_get(const struct feed *f, size_t i, struct record *rec)
{
	return i < feed_count(f) && store_get(f->store, feed_id(f, i), rec);
}

bool
feed_get_id(const struct feed *f, uint64_t id, struct record *rec)
{
	return store_get(f->store, id, rec);
}

size_t
feed_find(const struct feed *f, uint64_t id)
{
	size_t low = 0, high = feed_count(f);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (feed_id(f, mid) < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint64_t
feed_end_id(const struct feed *f)
{
	return store_end(f->store);
}

uint64_t
feed_total(const struct feed *f)
{
	return f->total;
}

uint64_t
feed_shown(const struct feed *f)
{
	return f->shown_before + (f->filter != NULL ? f->matched : store_end(f->store) - f->since);
}

uint64_t
feed_dropped(const struct feed *f)
{
	return store_dropped(f->store) - f->dropped_before + f->waiting_dropped;
}

uint64_t
feed_filtered(const struct feed *f)
{
	return f->filter == NULL ? 0 : f->looked - store_first(f->store) - f->index.n;
}
