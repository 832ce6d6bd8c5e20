/* segment: what goes in comes out, and a full one says so. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/segment.h"

static void
assert_same_bytes(struct bytes a, struct bytes b)
{
	assert_int_equal(a.data == NULL, b.data == NULL);
	assert_int_equal(a.len, b.len);
	if (a.len)
		assert_memory_equal(a.data, b.data, a.len);
}

static void
assert_same(const struct record *a, const struct record *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->partition, b->partition);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->timestamp_ms, b->timestamp_ms);
	assert_int_equal(a->timestamp_kind, b->timestamp_kind);
	assert_int_equal(a->topic, b->topic);
	assert_same_bytes(a->key, b->key);
	assert_same_bytes(a->value, b->value);
	assert_int_equal(a->nheaders, b->nheaders);
	assert_int_equal(a->headers_len, b->headers_len);
	if (a->headers_len)
		assert_memory_equal(a->headers, b->headers, a->headers_len);
}

static void
all_of_a_record_is_kept(void **state)
{
	const struct header h[] = { { "a", { "1", 1 } }, { "b", { NULL, 0 } } };
	struct strbuf packed = STRBUF_INIT;
	struct segment *seg = segment_new(0);
	struct record recs[4];

	(void)state;
	record_pack_headers(&packed, h, 2);
	recs[0] = (struct record){
		.partition = 2, .offset = INT64_MAX, .timestamp_ms = -5,
		.timestamp_kind = TIMESTAMP_APPEND, .topic = 65535,
		.key = { "key", 3 }, .value = { "value", 5 },
		.headers = packed.buf, .headers_len = packed.len, .nheaders = 2,
	};
	recs[1] = (struct record){ .partition = 0, .offset = 0 }; /* a tombstone without a key */
	recs[2] = (struct record){ .key = { "", 0 },
		                   .value = { "", 0 },
		                   .timestamp_kind = TIMESTAMP_CREATE };
	recs[3] = (struct record){
		.kind = RECORD_NOTE, .partition = -1, .offset = -1, .value = { "note", 4 }
	};
	for (size_t i = 0; i < 4; i++)
		assert_true(segment_add(seg, &recs[i]));
	for (int sealed = 0; sealed < 2; sealed++) {
		assert_int_equal(segment_count(seg), 4);
		for (size_t i = 0; i < 4; i++) {
			struct record got;

			segment_get(seg, i, &got);
			assert_same(&got, &recs[i]);
		}
		segment_seal(seg);
	}
	strbuf_fini(&packed);
	segment_unref(seg);
	segment_unref(NULL);
}

static void
full_at_its_size(void **state)
{
	struct segment *seg = segment_new(4096);
	char value[200];
	size_t n = 0;

	(void)state;
	memset(value, 'v', sizeof(value));
	for (;; n++) {
		struct record rec = { .offset = (int64_t)n, .value = { value, n % sizeof(value) } };

		if (!segment_add(seg, &rec))
			break;
		assert_true(n < SEGMENT_BYTES);
	}
	assert_int_equal(segment_count(seg), n);
	segment_seal(seg);
	assert_in_range(segment_bytes(seg), SEGMENT_BYTES - 1000, SEGMENT_BYTES + 1000);
	for (size_t i = 0; i < n; i++) {
		struct record rec;

		segment_get(seg, i, &rec);
		assert_int_equal(rec.offset, i);
		assert_int_equal(rec.value.len, i % sizeof(value));
	}
	segment_unref(seg);
}

static void
larger_than_a_segment_gets_its_own(void **state)
{
	size_t len = 3 * SEGMENT_BYTES;
	char *value = xcalloc(len, 1);
	struct record small = { .value = { "s", 1 } }, large = { .value = { value, len } }, got;
	struct segment *seg = segment_new(0);

	(void)state;
	assert_true(segment_add(seg, &small));
	assert_false(segment_add(seg, &large));
	segment_unref(seg);
	seg = segment_new(0);
	assert_true(segment_add(seg, &large));
	assert_false(segment_add(seg, &small));
	segment_get(seg, 0, &got);
	assert_int_equal(got.value.len, len);
	assert_true(segment_bytes(seg) >= len);
	segment_unref(seg);
	free(value);
}

/* A stream that publishes one record every few milliseconds must not pay a megabyte for each. */
static void
a_small_one_is_small(void **state)
{
	struct segment *seg = segment_new(0);
	struct record rec = { .value = { "0123456789", 10 } };

	(void)state;
	segment_add(seg, &rec);
	segment_seal(seg);
	assert_true(segment_bytes(seg) < 256);
	segment_unref(seg);
}

static void
references_are_counted(void **state)
{
	struct segment *seg = segment_new(0);
	struct record rec = { .value = { "x", 1 } };

	(void)state;
	segment_add(seg, &rec);
	segment_seal(seg);
	assert_ptr_equal(segment_ref(seg), seg);
	segment_unref(seg);
	segment_get(seg, 0, &rec);
	assert_memory_equal(rec.value.data, "x", 1);
	segment_unref(seg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_a_record_is_kept),
		cmocka_unit_test(full_at_its_size),
		cmocka_unit_test(larger_than_a_segment_gets_its_own),
		cmocka_unit_test(a_small_one_is_small),
		cmocka_unit_test(references_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
