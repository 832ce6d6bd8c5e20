/* request, outbox: see the header. */
#include <stdlib.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/request.h"

void
topic_spec_init(struct topic_spec *spec)
{
	*spec = (struct topic_spec){ .partitions = -1, .replication = -1 };
	strvec_init(&spec->config_names);
	strvec_init(&spec->config_values);
}

void
topic_spec_fini(struct topic_spec *spec)
{
	free(spec->name);
	strvec_fini(&spec->config_names);
	strvec_fini(&spec->config_values);
	topic_spec_init(spec);
}

void
topic_spec_copy(struct topic_spec *to, const struct topic_spec *from)
{
	*to = (struct topic_spec){
		.name = xstrdup(from->name), .partitions = from->partitions, .replication = from->replication,
	};
	strvec_copy(&to->config_names, &from->config_names);
	strvec_copy(&to->config_values, &from->config_values);
}

void
topic_spec_add_config(struct topic_spec *spec, const char *name, const char *value)
{
	strvec_push(&spec->config_names, name);
	strvec_push(&spec->config_values, value);
}

void
request_init(struct request *req, enum request_kind kind)
{
	*req = (struct request){ .kind = kind };
	if (kind == REQ_STREAM_OPEN)
		req->stream.partition = -1;
	else if (kind == REQ_PRODUCE)
		req->produce.partition = -1;
	else if (kind == REQ_TOPIC_CREATE)
		topic_spec_init(&req->create.spec);
}

static void
watch_fini(struct watch_spec *watch)
{
	free(watch->only);
	free(watch->focus);
	strvec_fini(&watch->visible);
	strvec_fini(&watch->visible_groups);
}

static void
produce_fini(struct produce_spec *produce)
{
	free(produce->topic);
	free(produce->key);
	free(produce->value);
	strvec_fini(&produce->header_names);
	strvec_fini(&produce->header_values);
}

void
request_fini(struct request *req)
{
	switch (req->kind) {
	case REQ_WATCH:
		watch_fini(&req->watch);
		break;
	case REQ_STREAM_OPEN:
		strvec_fini(&req->stream.topics);
		filter_unref(req->stream.filter);
		break;
	case REQ_TOPIC_CREATE:
		topic_spec_fini(&req->create.spec);
		break;
	case REQ_TOPIC_READ:
	case REQ_TOPIC_OFFSETS:
	case REQ_TOPIC_GROUPS:
	case REQ_TOPIC_DELETE:
	case REQ_TOPIC_EVIDENCE:
		free(req->topic.name);
		break;
	case REQ_GROUP_COMMIT:
		free(req->commit.group);
		free(req->commit.topic);
		free(req->commit.offsets);
		break;
	case REQ_PRODUCE:
		produce_fini(&req->produce);
		break;
	case REQ_NONE:
	case REQ_REFRESH:
	case REQ_STREAM_CLOSE:
	case REQ_BROKER_CONFIG:
	case REQ_DELAY:
	case REQ_COUNT:
		break;
	}
	*req = (struct request){ .kind = REQ_NONE };
}

void
outbox_init(struct outbox *out)
{
	*out = (struct outbox){ .next_id = 1 };
}

void
outbox_fini(struct outbox *out)
{
	for (size_t i = 0; i < out->n; i++)
		request_fini(&out->reqs[i]);
	free(out->reqs);
	*out = (struct outbox){ .next_id = out->next_id };
}

uint64_t
outbox_add(struct outbox *out, struct request *req)
{
	if (out->n == out->cap) {
		out->cap = out->cap ? out->cap * 2 : 8;
		out->reqs = xreallocarray(out->reqs, out->cap, sizeof(*out->reqs));
	}
	if (!out->next_id)
		out->next_id = 1;
	req->id = out->next_id++;
	out->reqs[out->n] = *req;
	*req = (struct request){ .kind = REQ_NONE };
	return out->reqs[out->n++].id;
}

uint64_t
outbox_topic(struct outbox *out, enum request_kind kind, const char *topic)
{
	struct request req;

	request_init(&req, kind);
	req.topic.name = xstrdup(topic);
	return outbox_add(out, &req);
}

uint64_t
outbox_delay(struct outbox *out, int delay_ms)
{
	struct request req;

	request_init(&req, REQ_DELAY);
	req.delay_ms = delay_ms;
	return outbox_add(out, &req);
}

uint64_t
outbox_close_stream(struct outbox *out, uint64_t stream)
{
	struct request req;

	request_init(&req, REQ_STREAM_CLOSE);
	req.target = stream;
	return outbox_add(out, &req);
}
