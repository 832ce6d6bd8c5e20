/*
 * record: see the header.
 *
 * A packed header is: length of the name (uint32), length of the value (uint32, NULL_VALUE for
 * null), the name with its NUL, the value. Nothing is aligned: lengths are copied out.
 */
#include <assert.h>
#include <string.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/record.h"

#define NULL_VALUE UINT32_MAX

struct packed {
	uint32_t name_len;
	uint32_t value_len;
};

bool
record_next_header(const struct record *rec, size_t *pos, struct header *out)
{
	const unsigned char *at;
	struct packed lengths;
	size_t value_len;

	if (!rec->nheaders || *pos >= rec->headers_len)
		return false;
	at = (const unsigned char *)rec->headers + *pos;
	memcpy(&lengths, at, sizeof(lengths));
	at += sizeof(lengths);
	value_len = lengths.value_len == NULL_VALUE ? 0 : lengths.value_len;
	out->name = (const char *)at;
	at += lengths.name_len + 1;
	out->value.data = lengths.value_len == NULL_VALUE ? NULL : at;
	out->value.len = value_len;
	*pos += sizeof(lengths) + lengths.name_len + 1 + value_len;
	return true;
}

bool
record_find_header(const struct record *rec, const char *name, struct header *out)
{
	size_t pos = 0;
	struct header h;

	while (record_next_header(rec, &pos, &h)) {
		if (strcmp(h.name, name) == 0) {
			*out = h;
			return true;
		}
	}
	return false;
}

void
record_pack_headers(struct strbuf *out, const struct header *headers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct header *h = &headers[i];
		size_t name_len = strlen(h->name);
		struct packed lengths = { (uint32_t)name_len,
			                  h->value.data ? (uint32_t)h->value.len : NULL_VALUE };

		/* The protocol's lengths are int32, so nothing that came from a
		 * broker is longer. */
		assert(name_len < NULL_VALUE && h->value.len < NULL_VALUE);
		strbuf_add(out, &lengths, sizeof(lengths));
		strbuf_add(out, h->name, name_len + 1);
		if (h->value.data)
			strbuf_add(out, h->value.data, h->value.len);
	}
}

size_t
record_size(const struct record *rec)
{
	size_t framing = rec->nheaders * (sizeof(struct packed) + 1);

	return rec->key.len + rec->value.len + (rec->nheaders ? rec->headers_len - framing : 0);
}
