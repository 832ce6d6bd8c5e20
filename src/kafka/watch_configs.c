/* watch: cleanup policy and retention of the topics on the screen. */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "topicmon/base/mem.h"
#include "watch_parts.h"

#define KEEP_MS   30000
#define BATCH_MAX 100u

struct asked_topic {
	char *name;
	int64_t asked_ms;
};

struct watch_configs {
	rd_kafka_t *rk;
	rd_kafka_queue_t *queue;
	rd_kafka_AdminOptions_t *options;
	bool under_way;
	struct asked_topic *asked;
	size_t nasked, cap;
};

struct watch_configs *
configs_new(struct watch *w)
{
	struct watch_configs *c = xcalloc(1, sizeof(*c));

	c->rk = w->rk;
	c->queue = rd_kafka_queue_new(w->rk);
	rd_kafka_queue_io_event_enable(c->queue, w->wake.write_fd, "k", 1);
	c->options = rd_kafka_AdminOptions_new(w->rk, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
	rd_kafka_AdminOptions_set_request_timeout(c->options, w->conn.timeout_ms, NULL, 0);
	return c;
}

/* Keeps what was asked at or after since_ms. */
static void
forget(struct watch_configs *c, int64_t since_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->nasked; i++) {
		if (c->asked[i].asked_ms >= since_ms)
			c->asked[kept++] = c->asked[i];
		else
			free(c->asked[i].name);
	}
	c->nasked = kept;
}

void
configs_free(struct watch_configs *c)
{
	if (!c)
		return;
	forget(c, NEVER);
	free(c->asked);
	rd_kafka_AdminOptions_destroy(c->options);
	rd_kafka_queue_io_event_enable(c->queue, -1, NULL, 0);
	rd_kafka_queue_destroy(c->queue);
	free(c);
}

void
configs_refresh(struct watch *w)
{
	forget(w->configs, NEVER);
}

static bool
was_asked(const struct watch_configs *c, const char *name)
{
	for (size_t i = 0; i < c->nasked; i++) {
		if (strcmp(c->asked[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Adds the topic to the batch if it is there and was not asked about lately. */
static void
want(struct watch *w, const char *name, rd_kafka_ConfigResource_t **batch, size_t *n, int64_t now_ms)
{
	struct watch_configs *c = w->configs;
	rd_kafka_ConfigResource_t *resource;

	if (*n == BATCH_MAX || was_asked(c, name) || picture_topic_index(w->picture, name) < 0)
		return;
	if (c->nasked == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 32;
		c->asked = xreallocarray(c->asked, c->cap, sizeof(*c->asked));
	}
	c->asked[c->nasked++] = (struct asked_topic){ xstrdup(name), now_ms };
	resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
	/* Only these two of some thirty; a description takes no notice of the values. */
	rd_kafka_ConfigResource_set_config(resource, "cleanup.policy", "");
	rd_kafka_ConfigResource_set_config(resource, "retention.ms", "");
	batch[(*n)++] = resource;
}

static void
tell_topic(struct watch *w, const rd_kafka_ConfigResource_t *resource)
{
	const char *policy = NULL, *retention = NULL;
	const rd_kafka_ConfigEntry_t **entries;
	size_t n;

	if (rd_kafka_ConfigResource_error(resource))
		return;
	entries = rd_kafka_ConfigResource_configs(resource, &n);
	for (size_t i = 0; i < n; i++) {
		const char *name = rd_kafka_ConfigEntry_name(entries[i]);

		if (strcmp(name, "cleanup.policy") == 0)
			policy = rd_kafka_ConfigEntry_value(entries[i]);
		else if (strcmp(name, "retention.ms") == 0)
			retention = rd_kafka_ConfigEntry_value(entries[i]);
	}
	picture_topic_config(w->picture, rd_kafka_ConfigResource_name(resource), convert_policy(policy),
	                     convert_retention(retention));
	w->dirty = true;
}

static void
take_events(struct watch *w)
{
	rd_kafka_event_t *ev;

	while ((ev = rd_kafka_queue_poll(w->configs->queue, 0))) {
		const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(ev);

		w->configs->under_way = false;
		if (result && !rd_kafka_event_error(ev)) {
			size_t n;
			const rd_kafka_ConfigResource_t **resources = rd_kafka_DescribeConfigs_result_resources(result, &n);

			for (size_t i = 0; i < n; i++)
				tell_topic(w, resources[i]);
		}
		rd_kafka_event_destroy(ev);
	}
}

int64_t
configs_step(struct watch *w, int64_t now_ms)
{
	struct watch_configs *c = w->configs;
	rd_kafka_ConfigResource_t *batch[BATCH_MAX];
	size_t n = 0;

	take_events(w);
	if (!w->spec.configs || c->under_way)
		return NEVER;
	if (w->spec.refresh_ms > 0)
		forget(c, now_ms - KEEP_MS);
	if (w->spec.focus)
		want(w, w->spec.focus, batch, &n, now_ms);
	for (size_t i = 0; i < w->spec.visible.n; i++)
		want(w, w->spec.visible.v[i], batch, &n, now_ms);
	if (n) {
		rd_kafka_DescribeConfigs(c->rk, batch, n, c->options, c->queue);
		rd_kafka_ConfigResource_destroy_array(batch, n);
		c->under_way = true;
	}
	return NEVER;
}
