/* The first line is a filter, the second a key, the rest a value: any of them may be anything. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/filter.h"

/* Takes the next line. */
static struct bytes
next_line(const uint8_t **data, size_t *size)
{
	const uint8_t *start = *data, *end = *size ? memchr(start, '\n', *size) : NULL;
	size_t len = end ? (size_t)(end - start) : *size, step = end ? len + 1 : len;

	*data += step;
	*size -= step;
	return (struct bytes){ start, len };
}

static void
check_find(const struct filter *f, struct filter_scratch *scratch, struct bytes value)
{
	size_t from = 0, start, len;

	while (filter_find(f, scratch, value.data, value.len, from, &start, &len)) {
		CHECK(start >= from && len > 0 && start + len <= value.len);
		from = start + len;
	}
}

static void
check_match(const struct filter *f, struct filter_scratch *scratch, struct bytes key,
            struct bytes value)
{
	const struct header headers[] = { { "a", value }, { "b", { NULL, 0 } } };
	struct strbuf packed = STRBUF_INIT;
	struct record rec = {
		.timestamp_kind = TIMESTAMP_CREATE, .timestamp_ms = 1, .key = key, .value = value,
	};
	bool first;

	record_pack_headers(&packed, headers, ARRAY_LEN(headers));
	rec.headers = packed.buf;
	rec.headers_len = packed.len;
	rec.nheaders = ARRAY_LEN(headers);
	first = filter_match(f, scratch, &rec, 1000);
	CHECK(filter_match(f, scratch, &rec, 1000) == first);
	rec.value = (struct bytes){ NULL, 0 };
	filter_match(f, scratch, &rec, INT64_MIN);
	CHECK(!filter_is_empty(f) || first);
	strbuf_fini(&packed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct filter_scratch *scratch;
	struct bytes line = next_line(&data, &size), key = next_line(&data, &size),
		     value = { data, size };
	char *text = xstrndup(line.data, line.len);
	size_t at = SIZE_MAX;
	struct err e = { .code = ERR_NONE };
	struct filter *f = filter_compile(text, &at, &e);

	if (!scratch)
		scratch = filter_scratch_new();
	if (f) {
		check_match(f, scratch, key, value);
		check_find(f, scratch, value);
	} else {
		CHECK(e.code == ERR_USAGE && e.text[0]);
		CHECK(at <= strlen(text));
	}
	filter_unref(f);
	free(text);
	return 0;
}
