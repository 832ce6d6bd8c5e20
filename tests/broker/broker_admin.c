/* Every operation request against a real broker: what succeeds, and what its refusal says. */
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

static void
create_request(struct request *req, const char *topic, int32_t partitions, int32_t replication)
{
	request_init(req, REQ_TOPIC_CREATE);
	req->create.spec.name = xstrdup(topic);
	req->create.spec.partitions = partitions;
	req->create.spec.replication = replication;
}

static void
produce_request(struct request *req, const char *topic, const char *key, const char *value)
{
	request_init(req, REQ_PRODUCE);
	req->produce.topic = xstrdup(topic);
	req->produce.partition = -1;
	req->produce.key = xstrdup(key);
	req->produce.key_len = strlen(key);
	req->produce.value = xstrdup(value);
	req->produce.value_len = strlen(value);
}

static void
commit_request(struct request *req, const char *group, const char *topic, const int64_t *offsets, size_t n)
{
	request_init(req, REQ_GROUP_COMMIT);
	req->commit.group = xstrdup(group);
	req->commit.topic = xstrdup(topic);
	req->commit.offsets = xmemdup(offsets, n * sizeof(*offsets));
	req->commit.n = n;
}

static void
assert_done(const struct reply *r)
{
	if (r->err.code != ERR_NONE)
		fail_msg("%s", r->err.text);
}

static void
assert_failed(const struct reply *r, enum err_code code, const char *word)
{
	assert_int_equal(r->err.code, code);
	if (!strstr(r->err.text, word))
		fail_msg("'%s' does not name '%s'", r->err.text, word);
}

static const char *
config_of(const struct reply *r, const char *name)
{
	const struct topic_spec *spec = &r->shape.spec;

	for (size_t i = 0; i < spec->config_names.n; i++) {
		if (strcmp(spec->config_names.v[i], name) == 0)
			return spec->config_values.v[i];
	}
	return NULL;
}

static void
a_created_topic_is_read_back(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "shape");
	const struct reply *r;
	struct request req;

	create_request(&req, topic, 5, 1);
	topic_spec_add_config(&req.create.spec, "cleanup.policy", "compact,delete");
	topic_spec_add_config(&req.create.spec, "retention.ms", "3600000");
	assert_done(ask(f, &req));
	r = ask_topic(f, REQ_TOPIC_READ, topic);
	assert_done(r);
	assert_string_equal(r->shape.spec.name, topic);
	assert_int_equal(r->shape.spec.partitions, 5);
	assert_int_equal(r->shape.spec.replication, 1);
	assert_int_equal(r->shape.policy, POLICY_DELETE | POLICY_COMPACT);
	assert_false(r->shape.placement_custom);
	/* What is set on the topic, and nothing that it has from the broker. */
	assert_int_equal(r->shape.spec.config_names.n, 2);
	assert_string_equal(config_of(r, "cleanup.policy"), "compact,delete");
	assert_string_equal(config_of(r, "retention.ms"), "3600000");
	assert_int_equal(r->shape.unreadable.n, 0);
}

static void
the_brokers_defaults_are_taken(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "defaults");
	const struct reply *r;
	struct request req;

	create_request(&req, topic, -1, -1);
	assert_done(ask(f, &req));
	r = ask_topic(f, REQ_TOPIC_READ, topic);
	assert_done(r);
	assert_in_range(r->shape.spec.partitions, 1, 1000);
	assert_int_equal(r->shape.spec.config_names.n, 0);
	assert_int_equal(r->shape.policy, POLICY_DELETE);
}

static void
validating_creates_nothing(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "validate");
	struct request req;

	create_request(&req, topic, 3, 1);
	req.create.validate_only = true;
	assert_done(ask(f, &req));
	assert_false(topic_exists(f, topic));
	topic_create(f, topic, 1);
	create_request(&req, topic, 3, 1);
	req.create.validate_only = true;
	assert_failed(ask(f, &req), ERR_EXISTS, topic);
}

static void
a_refused_create_says_why(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "refused");
	struct request req;

	create_request(&req, topic, 3, 30000);
	assert_failed(ask(f, &req), ERR_USAGE, topic);
	create_request(&req, topic, 3, 99);
	assert_failed(ask(f, &req), ERR_FAILED, "99");
	create_request(&req, topic, 3, 1);
	topic_spec_add_config(&req.create.spec, "retention.ms", "soon");
	assert_failed(ask(f, &req), ERR_FAILED, "retention.ms");
	create_request(&req, topic, 3, 1);
	topic_spec_add_config(&req.create.spec, "retention.weeks", "3");
	assert_failed(ask(f, &req), ERR_FAILED, "retention.weeks");
	assert_false(topic_exists(f, topic));
	topic_create(f, topic, 1);
	create_request(&req, topic, 1, 1);
	assert_failed(ask(f, &req), ERR_EXISTS, topic);
}

static void
deleting_what_is_not_there_is_said(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "delete", 2);

	assert_true(topic_exists(f, topic));
	assert_done(ask_topic(f, REQ_TOPIC_DELETE, topic));
	assert_false(topic_exists(f, topic));
	assert_failed(ask_topic(f, REQ_TOPIC_DELETE, topic), ERR_NOT_FOUND, topic);
}

/* None of the questions about a topic may create it, although the broker would. */
static void
asking_creates_nothing(void **state)
{
	static const enum request_kind kinds[] = { REQ_TOPIC_READ, REQ_TOPIC_OFFSETS, REQ_TOPIC_GROUPS };
	struct fixture *f = *state;
	const char *topic = topic_name(f, "asked");
	const struct reply *r;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		assert_failed(ask_topic(f, kinds[i], topic), ERR_NOT_FOUND, topic);
	r = ask_topic(f, REQ_TOPIC_EVIDENCE, topic);
	assert_done(r);
	assert_int_equal(r->evidence.brokers_known, 0);
	assert_int_equal(r->evidence.partitions, 0);
	assert_in_range(r->evidence.brokers, 1, 100);
	assert_false(topic_exists(f, topic));
}

static void
offsets_are_those_of_the_partitions(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "offsets", 3);
	const struct reply *r;

	produce_some(f, topic, 0, "a", 10, 0);
	produce_some(f, topic, 2, "b", 4, 0);
	outsider_delete_records(f, topic, 0, 3);
	r = ask_topic(f, REQ_TOPIC_OFFSETS, topic);
	assert_done(r);
	assert_int_equal(r->offsets.n, 3);
	assert_int_equal(r->offsets.start[0], 3);
	assert_int_equal(r->offsets.end[0], 10);
	assert_int_equal(r->offsets.start[1], 0);
	assert_int_equal(r->offsets.end[1], 0);
	assert_int_equal(r->offsets.end[2], 4);
}

static void
each_broker_knows_a_topic_that_is_there(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "evidence", 4);
	const struct reply *r = ask_topic(f, REQ_TOPIC_EVIDENCE, topic);

	assert_done(r);
	assert_int_equal(r->evidence.partitions, 4);
	assert_int_equal(r->evidence.leaders, 4);
	assert_int_equal(r->evidence.brokers_known, r->evidence.brokers);
}

static void
the_brokers_settings_are_known(void **state)
{
	struct fixture *f = *state;
	const struct reply *r;
	struct request req;

	request_init(&req, REQ_BROKER_CONFIG);
	r = ask(f, &req);
	assert_done(r);
	assert_int_equal(r->broker.delete_enabled, TRI_YES);
	assert_int_equal(r->broker.auto_create, TRI_YES);
	assert_in_range(r->broker.nbrokers, 1, 100);
}

static const struct reply_group *
find_group(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->groups.n; i++) {
		if (strcmp(r->groups.v[i].name, name) == 0)
			return &r->groups.v[i];
	}
	return NULL;
}

static void
groups_are_those_with_commits(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "groups", 3);
	const char *other = topic_make(f, "groups-other", 1);
	const struct reply_group *g;
	const struct reply *r;

	r = ask_topic(f, REQ_TOPIC_GROUPS, topic);
	assert_done(r);
	assert_int_equal(r->groups.n, 0);
	outsider_commit(f, topic, topic, 1, 7);
	outsider_commit(f, other, other, 0, 1);
	r = ask_topic(f, REQ_TOPIC_GROUPS, topic);
	assert_done(r);
	assert_int_equal(r->groups.npartitions, 3);
	assert_int_equal(r->groups.n, 1);
	g = find_group(r, topic);
	assert_non_null(g);
	assert_int_equal(g->state, GROUP_EMPTY);
	assert_true(g->members_known);
	assert_int_equal(g->nmembers, 0);
	assert_int_equal(g->committed[0], OFFSET_NONE);
	assert_int_equal(g->committed[1], 7);
	assert_int_equal(g->committed[2], OFFSET_NONE);
	outsider_delete_group(f, topic);
	outsider_delete_group(f, other);
}

static void
live_members_are_named(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "members", 2);
	rd_kafka_t *member = outsider_join(f, topic, topic);
	const struct reply_group *g = NULL;
	int64_t until_ms = clock_ms() + WAIT_MS;
	struct request req;

	outsider_commit_as_member(member, topic, 0, 3);
	while (clock_ms() < until_ms) {
		const struct reply *r = ask_topic(f, REQ_TOPIC_GROUPS, topic);

		assert_done(r);
		g = find_group(r, topic);
		if (g && g->state == GROUP_STABLE)
			break;
	}
	assert_non_null(g);
	assert_int_equal(g->nmembers, 1);
	assert_string_equal(g->members[0].client_id, "r-member");
	assert_true(strlen(g->members[0].id) > 0);
	assert_int_equal(g->committed[0], 3);
	/* Its commits are its own while it lives. */
	commit_request(&req, topic, topic, (const int64_t[]){ 0, 0 }, 2);
	assert_failed(ask(f, &req), ERR_FAILED, topic);
	rd_kafka_destroy(member);
	outsider_delete_group(f, topic);
}

static void
commits_are_put_where_they_are_asked_for(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "commit", 3);
	const int64_t offsets[] = { 0, OFFSET_NONE, 5 };
	const struct reply_group *g;
	struct request req;

	outsider_commit(f, topic, topic, 0, 9);
	outsider_commit(f, topic, topic, 1, 9);
	commit_request(&req, topic, topic, offsets, 3);
	assert_done(ask(f, &req));
	g = find_group(ask_topic(f, REQ_TOPIC_GROUPS, topic), topic);
	assert_non_null(g);
	assert_int_equal(g->committed[0], 0);
	assert_int_equal(g->committed[1], 9);
	assert_int_equal(g->committed[2], 5);
	commit_request(&req, topic, topic, (const int64_t[]){ 0, 0, 0, 0 }, 4);
	assert_failed(ask(f, &req), ERR_NOT_FOUND, topic);
	outsider_delete_group(f, topic);
}

static void
a_produced_message_is_there(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "produce", 3);
	const struct reply *r;
	struct request req;
	struct stream *st;
	struct record rec;
	struct header h;

	produce_request(&req, topic, "o1", "{\"a\":1}");
	req.produce.partition = 2;
	req.produce.timestamp_ms = clock_wall_ms() - 60000;
	strvec_push(&req.produce.header_names, "source");
	strvec_push(&req.produce.header_values, "test");
	r = ask(f, &req);
	assert_done(r);
	assert_int_equal(r->produced.partition, 2);
	assert_int_equal(r->produced.offset, 0);
	assert_in_range(clock_wall_ms() - r->produced.timestamp_ms, 60000, 120000);
	stream_request(&req, topic, FROM_BEGINNING, 0, UNTIL_END, 0);
	st = stream_open(f, &req);
	stream_wait(f, st, stream_is_over, 0);
	assert_int_equal(st->n, 1);
	stream_record(st, 0, &rec);
	assert_int_equal(rec.key.len, 2);
	assert_memory_equal(rec.key.data, "o1", 2);
	assert_int_equal(rec.timestamp_ms, f->reply.reply.produced.timestamp_ms);
	assert_true(record_find_header(&rec, "source", &h));
	assert_memory_equal(h.value.data, "test", 4);
}

/* A key goes where the Java client would put it: murmur2 of "order-1" and "order-2" over 3 partitions. */
static void
keys_go_where_java_puts_them(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "keys", 3);
	static const struct { const char *key; int partition; } known[] = {
		{ "order-1", 1 }, { "order-2", 0 }, { "o931", 0 }, { "21", 0 }, { "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		const struct reply *r;
		struct request req;

		produce_request(&req, topic, known[i].key, "v");
		r = ask(f, &req);
		assert_done(r);
		assert_int_equal(r->produced.partition, known[i].partition);
	}
}

static void
producing_creates_nothing(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_name(f, "nowhere");
	const char *there = topic_make(f, "somewhere", 1);
	struct request req;

	produce_request(&req, topic, "k", "v");
	assert_failed(ask(f, &req), ERR_NOT_FOUND, topic);
	assert_false(topic_exists(f, topic));
	produce_request(&req, there, "k", "v");
	req.produce.partition = 1;
	assert_failed(ask(f, &req), ERR_NOT_FOUND, "partition 1");
	/* The producer that wrote to a topic does not bring it back. */
	produce_request(&req, there, "k", "v");
	assert_done(ask(f, &req));
	topic_delete(f, there);
	produce_request(&req, there, "k", "v");
	assert_failed(ask(f, &req), ERR_NOT_FOUND, there);
	stream_watch(f, 2500);
	assert_false(topic_exists(f, there));
	/* And goes on when somebody else does. */
	topic_create(f, there, 1);
	produce_request(&req, there, "k", "v");
	assert_done(ask(f, &req));
	assert_int_equal(f->reply.reply.produced.offset, 0);
}

static void
a_message_too_large_is_refused_by_the_broker(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "large", 1);
	struct request req;

	produce_request(&req, topic, "k", "v");
	free(req.produce.value);
	req.produce.value_len = 3000000;
	req.produce.value = xcalloc(req.produce.value_len, 1);
	assert_failed(ask(f, &req), ERR_FAILED, topic);
	produce_request(&req, topic, "k", "v");
	assert_done(ask(f, &req));
	assert_int_equal(f->reply.reply.produced.offset, 0);
}

static void
read_only_writes_nothing(void **state)
{
	struct fixture *f = *state;
	struct fixture *writer = fixture_new(test_bootstrap(), false, 5000);
	const char *topic = topic_make(writer, "readonly", 1);
	const char *other = topic_name(writer, "readonly-new");
	const struct reply *r;
	struct request req;

	create_request(&req, other, 1, 1);
	assert_failed(ask(f, &req), ERR_REFUSED, other);
	assert_failed(ask_topic(f, REQ_TOPIC_DELETE, topic), ERR_REFUSED, topic);
	produce_request(&req, topic, "k", "v");
	assert_failed(ask(f, &req), ERR_REFUSED, topic);
	commit_request(&req, "r-group", topic, (const int64_t[]){ 0 }, 1);
	assert_failed(ask(f, &req), ERR_REFUSED, "r-group");
	assert_false(topic_exists(f, other));
	r = ask_topic(f, REQ_TOPIC_OFFSETS, topic);
	assert_done(r);
	assert_int_equal(r->offsets.end[0], 0);
	topic_delete(writer, topic);
	fixture_free(writer);
}

/* An operation on a handle that is connected costs its round trips. */
static void
operations_are_quick(void **state)
{
	struct fixture *f = *state;
	const char *topic = topic_make(f, "quick", 3);
	int64_t best_us[2] = { INT64_MAX, INT64_MAX };

	for (int i = 0; i < 5; i++) {
		int64_t start_us = clock_us(), read_us, evidence_us;

		assert_done(ask_topic(f, REQ_TOPIC_READ, topic));
		read_us = clock_us() - start_us;
		start_us = clock_us();
		assert_done(ask_topic(f, REQ_TOPIC_EVIDENCE, topic));
		evidence_us = clock_us() - start_us;
		best_us[0] = read_us < best_us[0] ? read_us : best_us[0];
		best_us[1] = evidence_us < best_us[1] ? evidence_us : best_us[1];
	}
	print_message("read %lld us, evidence %lld us\n", (long long)best_us[0], (long long)best_us[1]);
	assert_in_range(best_us[0], 0, 100000);
	assert_in_range(best_us[1], 0, 100000);
}

/* An argument is a filter: the tests whose names it matches ("recreated_*"). */
int
main(int argc, char **argv)
{
#define ASKS(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		ASKS(a_created_topic_is_read_back),
		ASKS(the_brokers_defaults_are_taken),
		ASKS(validating_creates_nothing),
		ASKS(a_refused_create_says_why),
		ASKS(deleting_what_is_not_there_is_said),
		ASKS(asking_creates_nothing),
		ASKS(offsets_are_those_of_the_partitions),
		ASKS(each_broker_knows_a_topic_that_is_there),
		ASKS(the_brokers_settings_are_known),
		ASKS(groups_are_those_with_commits),
		ASKS(live_members_are_named),
		ASKS(commits_are_put_where_they_are_asked_for),
		ASKS(a_produced_message_is_there),
		ASKS(keys_go_where_java_puts_them),
		ASKS(producing_creates_nothing),
		ASKS(a_message_too_large_is_refused_by_the_broker),
		cmocka_unit_test_setup_teardown(read_only_writes_nothing, fixture_setup_read_only, fixture_teardown),
		ASKS(operations_are_quick),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
