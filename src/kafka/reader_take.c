/* reader_take: see reader_parts.h. Messages through the filter into segments and the meter: no allocation a message. */
#include "reader_parts.h"
#include "topicmon/base/clock.h"

#define PUBLISH_MS  10          /* how long a record may wait for others to share its event */
#define LEAST_HINT  4096

/* The message as a record; the bytes stay the library's, packed headers are in r->headers. */
static void
borrow_record(struct reader *r, const struct stream_topic *t, const rd_kafka_message_t *msg, struct record *rec)
{
	rd_kafka_timestamp_type_t type;
	rd_kafka_headers_t *headers;
	struct header h;

	*rec = (struct record){
		.kind = RECORD_MESSAGE, .partition = msg->partition, .offset = msg->offset, .topic = t->index,
		.key = { msg->key, msg->key_len }, .value = { msg->payload, msg->len },
	};
	rec->timestamp_ms = rd_kafka_message_timestamp(msg, &type);
	rec->timestamp_kind = type == RD_KAFKA_TIMESTAMP_CREATE_TIME ? TIMESTAMP_CREATE :
	                      type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? TIMESTAMP_APPEND : TIMESTAMP_NONE;
	if (rd_kafka_message_headers(msg, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	strbuf_reset(&r->headers);
	while (rd_kafka_header_get_all(headers, rec->nheaders, &h.name, &h.value.data, &h.value.len) ==
	       RD_KAFKA_RESP_ERR_NO_ERROR) {
		record_pack_headers(&r->headers, &h, 1);
		rec->nheaders++;
	}
	rec->headers = r->headers.buf;
	rec->headers_len = r->headers.len;
}

static void
keep_record(struct reader *r, const struct record *rec)
{
	if (r->seg && segment_add(r->seg, rec))
		return;
	reader_publish(r);
	r->seg = segment_new(r->seg_hint < LEAST_HINT ? LEAST_HINT : r->seg_hint);
	r->seg_since_ms = clock_ms();
	segment_add(r->seg, rec);
}

/* See reader_check.c for what it is good for. */
static void
remember(struct part *p, const rd_kafka_message_t *msg)
{
	rd_kafka_timestamp_type_t type;
	int64_t ms = rd_kafka_message_timestamp(msg, &type);

	if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
		return;
	if (!p->remembers) {
		p->newest_ms = ms;
		p->remembers = true;
	} else if (ms > p->newest_ms) {
		p->newest_ms = ms;
	}
}

void
reader_part_done(struct reader *r, struct part *p)
{
	if (!p->done)
		r->undone--;
	p->done = true;
}

void
reader_deliver(struct reader *r, struct stream_topic *t, struct part *p, const rd_kafka_message_t *msg)
{
	const struct stream_spec *spec = &r->req.stream;
	int64_t expected = p->position > p->first ? p->position : p->first;
	struct record rec;

	if (expected != OFFSET_UNKNOWN && msg->offset > expected)
		r->meter.gaps += (uint64_t)(msg->offset - expected);
	p->position = msg->offset + 1;
	r->meter.received++;
	r->meter.received_bytes += msg->len + msg->key_len;
	if (spec->follow_recreation)
		remember(p, msg);
	if (!spec->filter && spec->count_only) {
		r->meter.matched++;
		return;
	}
	borrow_record(r, t, msg, &rec);
	if (spec->filter && !filter_match(spec->filter, r->scratch, &rec, clock_wall_ms()))
		return;
	r->meter.matched++;
	if (!spec->count_only)
		keep_record(r, &rec);
}

static void
take_message(struct reader *r, struct stream_topic *t, struct part *p, const rd_kafka_message_t *msg)
{
	if (p->done || msg->offset < p->position)
		return;
	if (msg->offset < p->first) {
		p->position = msg->offset + 1;
		remember(p, msg);
		return;
	}
	if (msg->offset < p->stop)
		reader_deliver(r, t, p, msg);
	if (msg->offset + 1 >= p->stop)
		reader_part_done(r, p);
}

/* The end of the partition, at msg->offset: what was skipped before it were markers of transactions. */
static void
take_end(struct reader *r, struct part *p, const rd_kafka_message_t *msg)
{
	int64_t expected = p->position > p->first ? p->position : p->first;

	if (p->done || msg->offset < p->position)
		return;
	if (expected != OFFSET_UNKNOWN && msg->offset > expected)
		r->meter.gaps += (uint64_t)(msg->offset - expected);
	p->position = msg->offset;
	if (p->position >= p->stop)
		reader_part_done(r, p);
}

static void
take_error(struct reader *r, struct stream_topic *t, struct part *p, const rd_kafka_message_t *msg)
{
	struct err e;

	switch (msg->err) {
	case RD_KAFKA_RESP_ERR__PARTITION_EOF:
		take_end(r, p, msg);
		return;
	case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
		r->nlost += p->lost ? 0 : 1;
		p->lost = true;
		r->check_now = true;
		return;
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
		r->check_now = true;
		return;
	default:
		session_err(&e, msg->err, rd_kafka_message_errstr(msg), "Topic '%s', partition %d", t->name,
		            (int)msg->partition);
		session_denied(&e, t->name, "read it");
		if (e.code == ERR_DENIED)
			r->fatal = e;
		else
			reader_trouble(r, &e);
	}
}

void
reader_take(struct reader *r, rd_kafka_message_t **msgs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct stream_topic *t;
		struct part *p;
		bool ours = reader_find(r, msgs[i], &t, &p);

		if (ours && msgs[i]->err)
			take_error(r, t, p, msgs[i]);
		else if (ours)
			take_message(r, t, p, msgs[i]);
		else if (msgs[i]->err)
			r->check_now = true;
		rd_kafka_message_destroy(msgs[i]);
	}
	r->progress_ms = clock_ms();
}

int
reader_publish_due(struct reader *r, int64_t now_ms, bool drained)
{
	int64_t due_ms;

	if (!r->seg)
		return -1;
	/* The first record after a pause goes out as soon as the queue is empty; a steady flow shares events. */
	due_ms = r->seg_since_ms + PUBLISH_MS;
	if (drained && r->published_ms + PUBLISH_MS < due_ms)
		due_ms = r->published_ms + PUBLISH_MS;
	if (due_ms <= now_ms) {
		reader_publish(r);
		return -1;
	}
	return (int)(due_ms - now_ms);
}
