/*
 * record: one Kafka message as plain data. It never owns: key, value and headers point into a segment or into the
 * library's message, and live as long as that.
 *
 * Thread: any.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_RECORD_H
#define TOPICMON_MODEL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum timestamp_kind { TIMESTAMP_NONE, TIMESTAMP_CREATE, TIMESTAMP_APPEND };

/* What a row of a stream is. A note is ours: "order_shipping was recreated; reading on from its new beginning". */
enum record_kind { RECORD_MESSAGE, RECORD_NOTE };

struct bytes {
	const void *data;       /* NULL: null, which is not the same as empty */
	size_t len;
};

struct header {
	const char *name;       /* NUL-terminated, any bytes before that */
	struct bytes value;
};

struct record {
	enum record_kind kind;
	int32_t partition;      /* -1 in a note */
	int64_t offset;         /* -1 in a note */
	int64_t timestamp_ms;   /* Unix ms; of a note: when it was made */
	enum timestamp_kind timestamp_kind;
	uint16_t topic;         /* index in the stream's list of topics */
	struct bytes key;
	struct bytes value;     /* of a note: its text */
	const void *headers;    /* packed; read with record_header(); NULL when nheaders is 0 */
	size_t headers_len;
	uint32_t nheaders;
};

/* Walks the packed headers: *pos starts at 0; false at the end. Order and duplicates are kept. */
bool record_next_header(const struct record *rec, size_t *pos, struct header *out);
/* The first header of that name; false when there is none. */
bool record_find_header(const struct record *rec, const char *name, struct header *out);

/* Packs headers into out (the format is private to this module and segment.c). */
struct strbuf;
void record_pack_headers(struct strbuf *out, const struct header *headers, size_t n);

/* Bytes of key, value and headers together. */
size_t record_size(const struct record *rec);

#endif
