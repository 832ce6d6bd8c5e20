/* admin: see admin.h; admin_parts.h says which file does what. */
#include <stdlib.h>
#include <string.h>

#include "admin_parts.h"
#include "lookup.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define GRACE_MS 200    /* the library tells of its own timeout: that sentence is better than ours */

/* Lag and messages are counted against the high watermark. */
static const char *const settings[] = { "isolation.level", "read_uncommitted", NULL };

static bool
admin_produce(struct admin *a, const struct request *req, struct reply *reply, struct err *e)
{
	const struct produce_spec *spec = &req->produce;
	int32_t n = admin_count_partitions(a, spec->topic, e);

	if (n < 0)
		return false;
	if (spec->partition >= n)
		return err_set(e, ERR_NOT_FOUND, "Topic '%s' has no partition %d: it has %d, counted from 0.", spec->topic,
		               (int)spec->partition, (int)n);
	if (!a->writer)
		a->writer = writer_new(&a->conn, a->inbox, e);
	if (!a->writer)
		return false;
	if (writer_produce(a->writer, spec, reply, e))
		return true;
	/* What it still has under way must not come out later. */
	writer_free(a->writer);
	a->writer = NULL;
	return false;
}

static const struct action {
	enum request_kind kind;
	bool (*run)(struct admin *a, const struct request *req, struct reply *reply, struct err *e);
	const char *denied;     /* what a user who is not authorised for the topic may not do; NULL: said where it is known */
	const char *refused;    /* of a write: what is not done under read-only */
} actions[] = {
	{ REQ_TOPIC_READ,     admin_topic_read,     NULL,          NULL },
	{ REQ_TOPIC_OFFSETS,  admin_topic_offsets,  "describe it", NULL },
	{ REQ_TOPIC_GROUPS,   admin_topic_groups,   "describe it", NULL },
	{ REQ_TOPIC_CREATE,   admin_topic_create,   "create it",   "topic '%s' was not created" },
	{ REQ_TOPIC_DELETE,   admin_topic_delete,   "delete it",   "topic '%s' was not deleted" },
	{ REQ_TOPIC_EVIDENCE, admin_topic_evidence, "describe it", NULL },
	{ REQ_GROUP_COMMIT,   admin_group_commit,   NULL,          "the offsets of group '%s' were not changed" },
	{ REQ_BROKER_CONFIG,  admin_broker_config,  NULL,          NULL },
	{ REQ_PRODUCE,        admin_produce,        "write to it", "nothing was written to topic '%s'" },
};

static const char *
subject(const struct request *req)
{
	switch (req->kind) {
	case REQ_TOPIC_CREATE:
		return req->create.spec.name;
	case REQ_TOPIC_OFFSETS:
	case REQ_TOPIC_GROUPS:
	case REQ_TOPIC_EVIDENCE:
	case REQ_TOPIC_DELETE:
		return req->topic.name;
	case REQ_GROUP_COMMIT:
		return req->commit.group;
	case REQ_PRODUCE:
		return req->produce.topic;
	default:
		return "";
	}
}

/* A validate-only create changes nothing, but asks for the right to: it is no write. */
static bool
is_write(const struct action *action, const struct request *req)
{
	return action->refused && !(req->kind == REQ_TOPIC_CREATE && req->create.validate_only);
}

static bool
run(struct admin *a, const struct action *action, const struct request *req, struct reply *reply, struct err *e)
{
	bool ok;

	if (is_write(action, req) && a->conn.read_only) {
		struct strbuf what = STRBUF_INIT;
		const char *at = strstr(action->refused, "%s");

		strbuf_add(&what, action->refused, (size_t)(at - action->refused));
		strbuf_adds(&what, subject(req));
		strbuf_adds(&what, at + 2);
		err_set(e, ERR_REFUSED, "Read-only: %s.", strbuf_str(&what));
		strbuf_fini(&what);
		return false;
	}
	if (!a->session)
		a->session = session_new(&a->conn, SESSION_ADMIN, settings, a->inbox, NULL, e);
	if (!a->session)
		return false;
	ok = action->run(a, req, reply, e);
	if (!ok && action->denied)
		session_denied(e, subject(req), action->denied);
	admin_idle(a);
	return ok;
}

void
admin_execute(struct admin *a, const struct request *req, struct reply *reply)
{
	struct err e;

	*reply = (struct reply){ .id = req->id, .kind = req->kind };
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (actions[i].kind != req->kind)
			continue;
		err_clear(&e);
		if (!run(a, &actions[i], req, reply, &e))
			*reply = (struct reply){ .id = req->id, .kind = req->kind, .err = e };
		return;
	}
	err_set(&reply->err, ERR_FAILED, "A request of kind %d is not an operation.", (int)req->kind);
}

void
admin_idle(struct admin *a)
{
	if (a->session)
		session_serve(a->session);
	if (a->writer)
		writer_serve(a->writer);
}

struct admin *
admin_new(const struct connection *conn, struct mailbox *inbox)
{
	struct admin *a = xcalloc(1, sizeof(*a));

	connection_copy(&a->conn, conn);
	a->inbox = inbox;
	return a;
}

void
admin_free(struct admin *a)
{
	if (!a)
		return;
	writer_free(a->writer);
	session_free(a->groups);
	session_free(a->session);
	connection_fini(&a->conn);
	free(a);
}

void
asking_init(struct asking *ask, const struct session *s, rd_kafka_admin_op_t op)
{
	int timeout_ms = session_timeout_ms(s);
	char why[128];

	ask->rk = session_kafka(s);
	ask->options = rd_kafka_AdminOptions_new(ask->rk, op);
	ask->queue = rd_kafka_queue_new(ask->rk);
	ask->until_ms = clock_ms() + timeout_ms + GRACE_MS;
	rd_kafka_AdminOptions_set_request_timeout(ask->options, timeout_ms, why, sizeof(why));
	/* Refused for those that do not wait for the cluster; they need none. */
	rd_kafka_AdminOptions_set_operation_timeout(ask->options, timeout_ms, why, sizeof(why));
}

void
asking_fini(struct asking *ask)
{
	rd_kafka_queue_destroy(ask->queue);
	rd_kafka_AdminOptions_destroy(ask->options);
}

rd_kafka_event_t *
asking_next(struct asking *ask, struct err *e, const char *what)
{
	int64_t left_ms = ask->until_ms - clock_ms();
	rd_kafka_event_t *ev = rd_kafka_queue_poll(ask->queue, left_ms > 0 ? (int)left_ms : 0);

	if (!ev) {
		session_err(e, RD_KAFKA_RESP_ERR__TIMED_OUT, NULL, "%s", what);
		return NULL;
	}
	if (rd_kafka_event_error(ev)) {
		session_err(e, rd_kafka_event_error(ev), rd_kafka_event_error_string(ev), "%s", what);
		rd_kafka_event_destroy(ev);
		return NULL;
	}
	return ev;
}

const struct rd_kafka_metadata *
admin_metadata(struct admin *a, const char *topic, struct err *e)
{
	rd_kafka_topic_t *rkt = rd_kafka_topic_new(session_kafka(a->session), topic, NULL);
	const struct rd_kafka_metadata *md;

	if (!rkt) {
		session_err(e, rd_kafka_last_error(), NULL, "Topic '%s'", topic);
		return NULL;
	}
	md = lookup_metadata(a->session, rkt, session_timeout_ms(a->session), e);
	rd_kafka_topic_destroy(rkt);
	return md;
}

int32_t
admin_count_partitions(struct admin *a, const char *topic, struct err *e)
{
	const struct rd_kafka_metadata *md = admin_metadata(a, topic, e);
	const struct rd_kafka_metadata_topic *t;
	int32_t n = -1;

	if (!md)
		return -1;
	t = lookup_topic(md, topic, e);
	if (t)
		n = t->partition_cnt;
	rd_kafka_metadata_destroy(md);
	return n;
}
