/* fake_cluster: see the header. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fake_cluster.h"
#include "topicmon/base/mem.h"

struct fake_cluster *
fake_cluster_new(void)
{
	struct fake_cluster *c = xcalloc(1, sizeof(*c));

	c->now_ms = 1000;
	c->nbrokers = 1;
	c->auto_create = TRI_YES;
	c->delete_enabled = TRI_YES;
	return c;
}

void
fake_cluster_free(struct fake_cluster *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < FAKE_TOPICS; i++) {
		if (c->topics[i].spec.name)
			topic_spec_fini(&c->topics[i].spec);
	}
	free(c);
}

struct fake_topic *
fake_cluster_find(struct fake_cluster *c, const char *name)
{
	for (size_t i = 0; i < FAKE_TOPICS; i++) {
		if (c->topics[i].spec.name && strcmp(c->topics[i].spec.name, name) == 0)
			return &c->topics[i];
	}
	return NULL;
}

/* As Kafka does: the commits of the groups go with the topic. */
void
fake_cluster_drop(struct fake_cluster *c, const char *name)
{
	struct fake_topic *t = fake_cluster_find(c, name);

	for (size_t i = 0; i < FAKE_GROUPS; i++) {
		if (!c->groups[i].name || strcmp(c->groups[i].topic, name) != 0)
			continue;
		for (size_t p = 0; p < FAKE_PARTITIONS; p++)
			c->groups[i].committed[p] = OFFSET_NONE;
	}
	if (!t)
		return;
	topic_spec_fini(&t->spec);
	memset(t, 0, sizeof(*t));
}

static struct fake_topic *
add_topic(struct fake_cluster *c, const struct topic_spec *spec)
{
	for (size_t i = 0; i < FAKE_TOPICS; i++) {
		struct fake_topic *t = &c->topics[i];

		if (t->spec.name)
			continue;
		memset(t, 0, sizeof(*t));
		topic_spec_copy(&t->spec, spec);
		if (t->spec.partitions < 0)
			t->spec.partitions = 1;
		if (t->spec.replication < 0)
			t->spec.replication = 1;
		assert(t->spec.partitions <= FAKE_PARTITIONS);
		return t;
	}
	assert(!"no room for another topic");
	return NULL;
}

struct fake_topic *
fake_cluster_topic(struct fake_cluster *c, const char *name, int32_t partitions, int64_t messages)
{
	struct topic_spec spec;
	struct fake_topic *t;

	fake_cluster_drop(c, name);
	topic_spec_init(&spec);
	spec.name = xstrdup(name);
	spec.partitions = partitions;
	spec.replication = 1;
	t = add_topic(c, &spec);
	topic_spec_fini(&spec);
	for (int32_t p = 0; p < partitions; p++)
		t->end[p] = messages;
	return t;
}

struct fake_group *
fake_cluster_group(struct fake_cluster *c, const char *name, const char *topic, size_t nmembers, int64_t committed)
{
	for (size_t i = 0; i < FAKE_GROUPS; i++) {
		struct fake_group *g = &c->groups[i];

		if (g->name)
			continue;
		*g = (struct fake_group){
			.name = name, .topic = topic, .members_known = true, .nmembers = nmembers,
			.state = nmembers ? GROUP_STABLE : GROUP_EMPTY,
		};
		for (size_t p = 0; p < FAKE_PARTITIONS; p++)
			g->committed[p] = committed;
		return g;
	}
	assert(!"no room for another group");
	return NULL;
}

struct fake_trouble *
fake_cluster_trouble(struct fake_cluster *c, enum request_kind kind, enum err_code code, const char *text)
{
	for (size_t i = 0; i < FAKE_TROUBLES; i++) {
		struct fake_trouble *trouble = &c->troubles[i];

		if (trouble->kind != REQ_NONE)
			continue;
		*trouble = (struct fake_trouble){ .kind = kind, .validate_only = -1, .times = 1 };
		err_set(&trouble->err, code, "%s", text);
		return trouble;
	}
	assert(!"no room for more trouble");
	return NULL;
}

/* The name of the topic that a request is about, NULL: none. */
static const char *
topic_of(const struct request *req)
{
	switch (req->kind) {
	case REQ_TOPIC_CREATE:
		return req->create.spec.name;
	case REQ_GROUP_COMMIT:
		return req->commit.topic;
	case REQ_PRODUCE:
		return req->produce.topic;
	case REQ_TOPIC_READ:
	case REQ_TOPIC_OFFSETS:
	case REQ_TOPIC_GROUPS:
	case REQ_TOPIC_DELETE:
	case REQ_TOPIC_EVIDENCE:
		return req->topic.name;
	default:
		return NULL;
	}
}

static struct fake_trouble *
trouble_for(struct fake_cluster *c, const struct request *req)
{
	const char *topic = topic_of(req);

	for (size_t i = 0; i < FAKE_TROUBLES; i++) {
		struct fake_trouble *trouble = &c->troubles[i];

		if (trouble->kind == REQ_NONE || trouble->kind != req->kind || trouble->times == 0)
			continue;
		if (req->kind == REQ_TOPIC_CREATE && trouble->validate_only >= 0 &&
		    trouble->validate_only != (int)req->create.validate_only)
			continue;
		if (trouble->topic && (!topic || strcmp(trouble->topic, topic) != 0))
			continue;
		if (trouble->after > 0) {
			trouble->after--;
			continue;
		}
		trouble->times--;
		return trouble;
	}
	return NULL;
}

static void
answer_create(struct fake_cluster *c, const struct request *req, struct reply *r)
{
	const char *name = req->create.spec.name;

	if (fake_cluster_find(c, name))
		err_set(&r->err, ERR_EXISTS, "Topic '%s' exists already.", name);
	else if (req->create.spec.replication > c->nbrokers)
		err_set(&r->err, ERR_FAILED, "Topic '%s': replication is larger than the %d available brokers.", name,
		        (int)c->nbrokers);
	else if (!req->create.validate_only)
		add_topic(c, &req->create.spec);
}

static void
answer_shape(const struct fake_topic *t, struct reply *r)
{
	topic_spec_copy(&r->shape.spec, &t->spec);
	r->shape.policy = POLICY_DELETE;
	for (size_t i = 0; i < t->spec.config_names.n; i++) {
		const char *value = t->spec.config_values.v[i];

		if (strcmp(t->spec.config_names.v[i], "cleanup.policy") == 0)
			r->shape.policy = (strstr(value, "delete") ? POLICY_DELETE : 0u) |
			                  (strstr(value, "compact") ? POLICY_COMPACT : 0u);
	}
}

static void
answer_offsets(const struct fake_topic *t, struct reply *r)
{
	size_t n = (size_t)t->spec.partitions;

	r->offsets.n = n;
	r->offsets.start = xmemdup(t->start, n * sizeof(*t->start));
	r->offsets.end = xmemdup(t->end, n * sizeof(*t->end));
}

static void
add_group(const struct fake_group *g, struct reply_group *to, size_t npartitions)
{
	to->name = xstrdup(g->name);
	to->state = g->state;
	to->members_known = g->members_known;
	to->nmembers = g->members_known ? g->nmembers : 0;
	to->members = xcalloc(to->nmembers, sizeof(*to->members));
	for (size_t i = 0; i < to->nmembers; i++) {
		char id[] = { 'c', 'l', 'i', 'e', 'n', 't', '-', (char)('1' + (int)i), '\0' };

		to->members[i] = (struct reply_member){ xstrdup(id), xstrdup(id), xstrdup("/127.0.0.1") };
	}
	to->committed = xmemdup(g->committed, npartitions * sizeof(*g->committed));
}

static void
answer_groups(const struct fake_cluster *c, const struct fake_topic *t, struct reply *r)
{
	r->groups.npartitions = (size_t)t->spec.partitions;
	r->groups.some_hidden = c->groups_hidden;
	r->groups.v = xcalloc(FAKE_GROUPS, sizeof(*r->groups.v));
	for (size_t i = 0; i < FAKE_GROUPS; i++) {
		const struct fake_group *g = &c->groups[i];
		bool commits = false;

		if (!g->name || strcmp(g->topic, t->spec.name) != 0)
			continue;
		for (size_t p = 0; p < r->groups.npartitions; p++)
			commits = commits || g->committed[p] >= 0;
		if (commits)
			add_group(g, &r->groups.v[r->groups.n++], r->groups.npartitions);
	}
}

static void
answer_commit(struct fake_cluster *c, const struct request *req, struct reply *r)
{
	for (size_t i = 0; i < FAKE_GROUPS; i++) {
		struct fake_group *g = &c->groups[i];

		if (!g->name || strcmp(g->name, req->commit.group) != 0 || strcmp(g->topic, req->commit.topic) != 0)
			continue;
		if (g->nmembers) {
			err_set(&r->err, ERR_FAILED, "Group '%s': it has members.", g->name);
			r->err.kafka = 25;
			return;
		}
		for (size_t p = 0; p < req->commit.n; p++) {
			if (req->commit.offsets[p] != OFFSET_NONE)
				g->committed[p] = req->commit.offsets[p];
		}
	}
}

static void
answer_evidence(struct fake_cluster *c, const struct fake_topic *t, struct reply *r)
{
	r->evidence.brokers = c->nbrokers;
	r->evidence.brokers_known = c->nbrokers;
	if (c->late_answers > 0) {
		c->late_answers--;
		r->evidence.brokers_known -= c->brokers_late;
	}
	r->evidence.partitions = t->spec.partitions;
	r->evidence.leaders = t->spec.partitions;
}

/* A request about a topic that is there (t) or not (NULL). */
static void
carry_out(struct fake_cluster *c, const struct request *req, struct fake_topic *t, struct reply *r)
{
	const char *name = topic_of(req);

	if (name && !t && req->kind != REQ_TOPIC_CREATE) {
		err_set(&r->err, ERR_NOT_FOUND, "Topic '%s' does not exist.", name);
		return;
	}
	switch (req->kind) {
	case REQ_TOPIC_CREATE:
		answer_create(c, req, r);
		break;
	case REQ_TOPIC_DELETE:
		fake_cluster_drop(c, name);
		break;
	case REQ_TOPIC_READ:
		answer_shape(t, r);
		break;
	case REQ_TOPIC_OFFSETS:
		answer_offsets(t, r);
		break;
	case REQ_TOPIC_GROUPS:
		answer_groups(c, t, r);
		break;
	case REQ_TOPIC_EVIDENCE:
		answer_evidence(c, t, r);
		break;
	case REQ_GROUP_COMMIT:
		answer_commit(c, req, r);
		break;
	case REQ_BROKER_CONFIG:
		r->broker.auto_create = c->auto_create;
		r->broker.delete_enabled = c->delete_enabled;
		r->broker.nbrokers = c->nbrokers;
		break;
	case REQ_PRODUCE:
		r->produced.partition = req->produce.partition < 0 ? 0 : req->produce.partition;
		r->produced.offset = t->end[r->produced.partition]++;
		r->produced.timestamp_ms = c->now_ms;
		break;
	case REQ_DELAY:
		c->now_ms += req->delay_ms;
		break;
	default:
		break;
	}
}

bool
fake_cluster_answer(void *ctx, const struct request *req, struct event *ev)
{
	struct fake_cluster *c = ctx;
	const char *name = topic_of(req);
	struct fake_trouble *trouble;

	if (req->kind < REQ_TOPIC_READ)
		return false;
	trouble = trouble_for(c, req);
	if (!trouble || trouble->done_all_the_same)
		carry_out(c, req, name ? fake_cluster_find(c, name) : NULL, &ev->reply);
	if (c->meanwhile)
		c->meanwhile(c, req);
	if (trouble) {
		struct event lost = *ev;        /* what was answered before it went wrong */

		memset(&ev->reply, 0, sizeof(ev->reply));
		ev->reply.id = req->id;
		ev->reply.kind = req->kind;
		ev->reply.err = trouble->err;
		event_fini(&lost);
	}
	return true;
}
