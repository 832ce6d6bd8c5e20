/* writer: see writer.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "writer.h"

#define GRACE_MS 200    /* the library tells of its own timeout: that sentence is better than ours */

struct writer {
	struct session *session;
	struct session_delivery delivery;       /* of the message under way */
};

struct writer *
writer_new(const struct connection *conn, struct mailbox *inbox, struct err *e)
{
	char timeout[16];
	const char *const settings[] = {
		"allow.auto.create.topics", "false", "linger.ms", "0", "partitioner", "murmur2_random",
		"message.timeout.ms", timeout,
		/* How large a message may be is the topic's affair. */
		"message.max.bytes", "100000000", NULL
	};
	struct session *session;
	struct writer *w;

	snprintf(timeout, sizeof(timeout), "%d", conn->timeout_ms);
	session = session_new(conn, SESSION_PRODUCER, settings, inbox, NULL, e);
	if (!session)
		return NULL;
	w = xcalloc(1, sizeof(*w));
	w->session = session;
	return w;
}

void
writer_free(struct writer *w)
{
	if (!w)
		return;
	/* Reports of what is dropped still come to w->delivery. */
	rd_kafka_purge(session_kafka(w->session), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	session_free(w->session);
	free(w);
}

void
writer_serve(struct writer *w)
{
	session_serve(w->session);
}

static rd_kafka_headers_t *
headers_of(const struct produce_spec *spec)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(spec->header_names.n);

	for (size_t i = 0; i < spec->header_names.n; i++)
		rd_kafka_header_add(headers, spec->header_names.v[i], -1, spec->header_values.v[i], -1);
	return headers;
}

/* Hands the message to the library. */
static bool
hand_over(struct writer *w, const struct produce_spec *spec, struct err *e)
{
	/* The array form: the library's RD_KAFKA_V_ macros are GNU C. */
	rd_kafka_vu_t parts[] = {
		{ .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = spec->topic },
		{ .vtype = RD_KAFKA_VTYPE_PARTITION,
		  .u.i32 = spec->partition >= 0 ? spec->partition : RD_KAFKA_PARTITION_UA },
		{ .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
		{ .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { spec->key, spec->key_len } },
		{ .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { spec->value, spec->value_len } },
		{ .vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = spec->timestamp_ms },
		{ .vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = &w->delivery },
		{ .vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = NULL },         /* the last: left out without headers */
	};
	size_t n = sizeof(parts) / sizeof(parts[0]) - (spec->header_names.n ? 0 : 1);
	rd_kafka_error_t *failure;

	if (spec->header_names.n)
		parts[n - 1].u.headers = headers_of(spec);
	failure = rd_kafka_produceva(session_kafka(w->session), parts, n);
	if (!failure)
		return true;
	if (spec->header_names.n)
		rd_kafka_headers_destroy(parts[n - 1].u.headers);
	session_err(e, rd_kafka_error_code(failure), NULL, "Topic '%s': the message was not written", spec->topic);
	rd_kafka_error_destroy(failure);
	return false;
}

bool
writer_produce(struct writer *w, const struct produce_spec *spec, struct reply *reply, struct err *e)
{
	int64_t until_ms = clock_ms() + session_timeout_ms(w->session) + GRACE_MS;
	struct session_delivery *d = &w->delivery;
	rd_kafka_resp_err_t code;
	char why[128];

	d->done = false;
	if (!hand_over(w, spec, e))
		return false;
	while (!d->done && clock_ms() < until_ms)
		rd_kafka_poll(session_kafka(w->session), (int)(until_ms - clock_ms()));
	if (!d->done)
		return err_set(e, ERR_TIMEOUT, "Topic '%s': the broker has not confirmed the message; it may be there or not.",
		               spec->topic);
	code = d->code;
	/* Who may write to no topic at all is refused before the message is sent, which is then thrown away. */
	if (code && rd_kafka_fatal_error(session_kafka(w->session), why, sizeof(why)))
		code = rd_kafka_fatal_error(session_kafka(w->session), why, sizeof(why));
	if (code == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
		code = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
	if (code)
		return session_err(e, code, NULL, "Topic '%s': the message was not written", spec->topic);
	reply->produced.partition = d->partition;
	reply->produced.offset = d->offset;
	reply->produced.timestamp_ms = d->timestamp_ms;
	return true;
}
