/*
 * The watch on a real Kafka: names first and then exact counts, lag, members, a topic that is recreated, what watching
 * leaves behind (nothing), and a broker that goes and comes back. TOPICMON_TEST_BOOTSTRAP says where the broker is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#include <librdkafka/rdkafka_mock.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

/* What the watch told last, and of which topic and group the test at hand is. */
struct seen {
	struct snapshot *snap;  /* NULL: none yet */
	size_t nsnaps;
	struct connection_event conn;
	size_t nconns;
	const char *topic;
	const char *group;
	int64_t number;         /* what is waited for */
};

static void
take(struct seen *seen, struct event *ev)
{
	if (ev->kind == EV_SNAPSHOT) {
		if (seen->snap)
			assert_true(ev->snapshot->version > seen->snap->version);
		snapshot_unref(seen->snap);
		seen->snap = snapshot_ref(ev->snapshot);
		seen->nsnaps++;
	} else if (ev->kind == EV_CONNECTION) {
		seen->conn = ev->connection;
		seen->nconns++;
	}
	event_fini(ev);
}

/* Takes events one by one, so that the condition sees each snapshot. */
static void
wait_for(struct fixture *f, struct seen *seen, bool (*cond)(const struct seen *seen), const char *what)
{
	int64_t until_ms = clock_ms() + 2 * WAIT_MS;
	struct event ev;

	source_send(f->src, &f->out);
	while (!cond(seen)) {
		if (clock_ms() > until_ms)
			fail_msg("it does not come: %s", what);
		if (mailbox_pop(f->inbox, &ev))
			take(seen, &ev);
		else
			wake_wait(&f->wake, 100);
	}
}

static void
let_go(struct seen *seen)
{
	snapshot_unref(seen->snap);
	*seen = (struct seen){ .snap = NULL };
}

static void
watch(struct fixture *f, const char *focus, int refresh_ms, bool groups, bool configs, const char *only)
{
	struct request req;

	request_init(&req, REQ_WATCH);
	req.watch.offsets = true;
	req.watch.groups = groups;
	req.watch.configs = configs;
	req.watch.refresh_ms = refresh_ms;
	req.watch.focus = xstrdup(focus);
	req.watch.only = xstrdup(only);
	if (focus)
		strvec_push(&req.watch.visible, focus);
	outbox_add(&f->out, &req);
}

static void
refresh(struct fixture *f)
{
	struct request req;

	request_init(&req, REQ_REFRESH);
	outbox_add(&f->out, &req);
}

static const struct topic *
the_topic(const struct seen *seen)
{
	return seen->snap ? snapshot_find_topic(seen->snap, seen->topic) : NULL;
}

static const struct topic_group *
the_group(const struct seen *seen)
{
	const struct topic *t = the_topic(seen);

	return t ? topic_find_group(t, seen->group) : NULL;
}

static bool
has_snapshot(const struct seen *seen)
{
	return seen->snap != NULL;
}

static bool
has_topic(const struct seen *seen)
{
	return the_topic(seen) != NULL;
}

static bool
has_no_topic(const struct seen *seen)
{
	return seen->snap && seen->snap->offsets_complete && !the_topic(seen);
}

static bool
has_counts(const struct seen *seen)
{
	return seen->snap && seen->snap->offsets_complete;
}

static bool
has_groups(const struct seen *seen)
{
	return has_counts(seen) && seen->snap->groups_complete;
}

static bool
has_messages(const struct seen *seen)
{
	const struct topic *t = the_topic(seen);

	return t && t->messages == seen->number;
}

static bool
has_lag(const struct seen *seen)
{
	const struct topic_group *tg = the_group(seen);

	return tg && tg->total == seen->number;
}

static bool
has_members(const struct seen *seen)
{
	const struct topic_group *tg = the_group(seen);

	return tg && tg->group->members_known && tg->group->nmembers == (size_t)seen->number &&
	       tg->group->state == (seen->number ? GROUP_STABLE : GROUP_EMPTY);
}

static bool
is_compacted(const struct seen *seen)
{
	const struct topic *t = the_topic(seen);

	return t && t->policy == POLICY_COMPACT && t->messages_upper;
}

static bool
is_up(const struct seen *seen)
{
	return seen->nconns && seen->conn.state == CONN_UP;
}

static bool
is_down(const struct seen *seen)
{
	return seen->nconns && seen->conn.state == CONN_DOWN;
}

static bool
is_refused(const struct seen *seen)
{
	return is_down(seen) && strcmp(seen->conn.reason, "connection refused") == 0;
}

static bool
is_old(const struct seen *seen)
{
	const struct topic *t = the_topic(seen);

	return t && t->old;
}

static bool
is_fresh(const struct seen *seen)
{
	const struct topic *t = the_topic(seen);

	return t && t->messages != OFFSET_UNKNOWN && !t->old && is_up(seen);
}

static void
names_come_first_and_exact_counts_follow(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_make(f, "w-counts", 3) };
	const struct topic *t;

	produce_some(f, seen.topic, 0, "a", 5, 0);
	produce_some(f, seen.topic, 2, "b", 2, 0);
	watch(f, NULL, 0, false, false, NULL);
	wait_for(f, &seen, has_snapshot, "a snapshot");
	t = the_topic(&seen);
	assert_non_null(t);
	assert_int_equal(t->npartitions, 3);
	assert_int_equal(t->replication, 1);
	assert_true(t->messages == OFFSET_UNKNOWN);
	assert_true(t->partitions[0].leader >= 0);
	assert_int_equal(t->partitions[0].nisr, 1);
	assert_true(seen.snap->nbrokers >= 1);
	assert_true(seen.snap->cluster_id[0] != '\0');

	wait_for(f, &seen, has_counts, "all counts");
	t = the_topic(&seen);
	assert_int_equal(t->messages, 7);
	assert_int_equal(t->partitions[0].end, 5);
	assert_int_equal(t->partitions[1].end, 0);
	assert_int_equal(t->partitions[2].end, 2);
	assert_false(seen.snap->groups_listed);
	assert_true(is_up(&seen));

	outsider_delete_records(f, seen.topic, 0, 3);
	produce_some(f, seen.topic, 1, "c", 1, 0);
	refresh(f);
	seen.number = 5;
	wait_for(f, &seen, has_messages, "5 messages after 3 of 8 were deleted");
	t = the_topic(&seen);
	assert_int_equal(t->partitions[0].start, 3);
	assert_int_equal(t->partitions[0].end, 5);
	let_go(&seen);
}

static void
new_topics_are_seen_and_deleted_ones_go(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_name(f, "w-comes") };

	watch(f, NULL, 500, false, false, NULL);
	wait_for(f, &seen, has_no_topic, "a snapshot without the topic");
	topic_create(f, seen.topic, 2);
	wait_for(f, &seen, has_topic, "the new topic");
	seen.number = 0;
	wait_for(f, &seen, has_messages, "its count, 0");
	topic_delete(f, seen.topic);
	wait_for(f, &seen, has_no_topic, "a snapshot without it again");
	let_go(&seen);
}

static void
lag_is_of_commits_and_ends_that_belong_together(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_make(f, "w-lag", 2), .group = "w-lag-group" };
	const struct topic_group *tg;

	produce_some(f, seen.topic, 0, "a", 10, 0);
	produce_some(f, seen.topic, 1, "b", 4, 0);
	outsider_commit(f, seen.group, seen.topic, 0, 4);
	watch(f, seen.topic, 500, true, false, NULL);
	seen.number = 6;
	wait_for(f, &seen, has_lag, "a lag of 6");
	tg = the_group(&seen);
	assert_int_equal(tg->committed[0], 4);
	assert_int_equal(tg->committed[1], OFFSET_NONE);
	assert_int_equal(tg->reason[1], LAG_NO_COMMIT);
	assert_int_equal(tg->worst, LAG_NO_COMMIT);
	assert_int_equal(tg->group->state, GROUP_EMPTY);
	assert_int_equal(the_topic(&seen)->lag, 6);

	outsider_commit(f, seen.group, seen.topic, 1, 4);
	produce_some(f, seen.topic, 0, "c", 5, 0);
	seen.number = 11;
	wait_for(f, &seen, has_lag, "a lag of 11");
	assert_int_equal(the_group(&seen)->worst, LAG_PLAIN);
	seen.number = 0;
	wait_for(f, &seen, has_members, "a group known to be without members");
	let_go(&seen);
	outsider_delete_group(f, "w-lag-group");
}

static void
members_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_make(f, "w-members", 3), .group = "w-members-group" };
	const struct group *g;
	rd_kafka_t *member;

	produce_some(f, seen.topic, 0, "a", 1, 0);
	outsider_commit(f, seen.group, seen.topic, 0, 1);
	watch(f, seen.topic, 500, true, false, NULL);
	seen.number = 0;
	wait_for(f, &seen, has_members, "no members");
	member = outsider_join(f, seen.group, seen.topic);
	seen.number = 1;
	wait_for(f, &seen, has_members, "one member");
	g = the_group(&seen)->group;
	assert_string_equal(g->members[0].client_id, "r-member");
	assert_int_equal(g->members[0].nassigned, 3);
	assert_string_equal(g->members[0].topics[2], seen.topic);
	rd_kafka_consumer_close(member);
	rd_kafka_destroy(member);
	seen.number = 0;
	wait_for(f, &seen, has_members, "no members again");
	let_go(&seen);
	outsider_delete_group(f, "w-members-group");
}

/* Between the old count and the new one nothing may be shown that never was. */
static void
a_recreated_topic_keeps_nothing_of_the_old_one(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_make(f, "w-again", 3), .number = 20 };
	struct event ev;
	int64_t until_ms, messages = 20;

	produce_some(f, seen.topic, -1, "a", 20, 0);
	watch(f, seen.topic, 500, false, false, NULL);
	wait_for(f, &seen, has_messages, "20 messages");
	topic_recreate(f, seen.topic, 3);
	produce_some(f, seen.topic, -1, "b", 3, 0);
	until_ms = clock_ms() + WAIT_MS;
	while (messages != 3 && clock_ms() < until_ms) {
		const struct topic *t;

		wake_wait(&f->wake, 100);
		while (mailbox_pop(f->inbox, &ev)) {
			take(&seen, &ev);
			t = the_topic(&seen);
			messages = t ? t->messages : OFFSET_UNKNOWN;
			assert_true(messages == 20 || messages == OFFSET_UNKNOWN || (messages >= 0 && messages <= 3));
			assert_false(t && t->rate < 0);
		}
	}
	assert_int_equal(messages, 3);
	let_go(&seen);
}

static void
watching_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_name(f, "w-nowhere") };
	size_t ngroups = outsider_count_groups(f);

	/* The broker creates topics that somebody asks about: we must not ask in that way. */
	watch(f, seen.topic, 100, true, true, seen.topic);
	wait_for(f, &seen, has_groups, "that there is no such topic");
	assert_int_equal(seen.snap->ntopics, 0);
	let_go(&seen);
	seen.topic = topic_name(f, "w-nowhere");
	watch(f, seen.topic, 100, true, true, NULL);
	wait_for(f, &seen, has_groups, "everything");
	assert_null(the_topic(&seen));
	refresh(f);
	wait_for(f, &seen, has_no_topic, "everything once more");
	assert_false(topic_exists(f, seen.topic));
	assert_int_equal(outsider_count_groups(f), ngroups);
	let_go(&seen);
}

static void
configs_say_when_a_count_is_an_upper_bound(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .topic = topic_name(f, "w-compact") };
	struct request req;

	request_init(&req, REQ_TOPIC_CREATE);
	req.create.spec.name = xstrdup(seen.topic);
	req.create.spec.partitions = 1;
	req.create.spec.replication = 1;
	topic_spec_add_config(&req.create.spec, "cleanup.policy", "compact");
	topic_spec_add_config(&req.create.spec, "retention.ms", "123456");
	assert_int_equal(ask(f, &req)->err.code, ERR_NONE);
	strvec_push(&f->topics, seen.topic);
	watch(f, seen.topic, 500, false, true, NULL);
	wait_for(f, &seen, is_compacted, "its policy");
	assert_int_equal(the_topic(&seen)->retention_ms, 123456);
	let_go(&seen);
}

/* A cluster of the library's, on a port of its own, that can be put down without disturbing anybody. */
static void
a_broker_that_goes_is_named_and_comes_back(void **state)
{
	char why[256];
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
	rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(rk, 1);
	struct seen seen = { .topic = "w-mock" };
	struct fixture *f;

	(void)state;
	assert_int_equal(rd_kafka_mock_topic_create(cluster, seen.topic, 2, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
	f = fixture_new(rd_kafka_mock_cluster_bootstraps(cluster), false, 2000);
	watch(f, seen.topic, 200, false, false, NULL);
	wait_for(f, &seen, is_fresh, "the connection, and the topic");
	assert_string_equal(seen.conn.reason, "");

	rd_kafka_mock_broker_set_down(cluster, 1);
	wait_for(f, &seen, is_down, "that the broker is down");
	assert_non_null(strstr(rd_kafka_mock_cluster_bootstraps(cluster), seen.conn.address));
	assert_true(seen.conn.reason[0] != '\0');
	assert_true(clock_wall_ms() - seen.conn.since_wall_ms < WAIT_MS);
	wait_for(f, &seen, is_old, "that the numbers are old");

	rd_kafka_mock_broker_set_up(cluster, 1);
	wait_for(f, &seen, is_fresh, "that it is back");
	assert_string_equal(seen.conn.reason, "");
	let_go(&seen);
	fixture_free(f);
	rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(rk);
}

static void
nobody_at_the_address_is_said_with_the_address(void **state)
{
	struct seen seen = { .snap = NULL };
	struct fixture *f;

	(void)state;
	/* Port 1 is reserved, and nobody listens there. */
	f = fixture_new("127.0.0.1:1", false, 5000);
	watch(f, NULL, 500, true, false, NULL);
	wait_for(f, &seen, is_refused, "that the connection is refused");
	assert_string_equal(seen.conn.address, "127.0.0.1:1");
	assert_string_equal(seen.conn.unresolved, "");
	assert_null(seen.snap);
	let_go(&seen);
	assert_true(source_stop(f->src, 2000));
	f->src = NULL;
	fixture_free(f);
}

static void
a_name_is_reached_at_the_address_given_for_it(void **state)
{
	const char *port = strrchr(test_bootstrap(), ':');
	struct seen seen = { .snap = NULL };
	char bootstrap[64];
	struct fixture *f = fixture_new("127.0.0.1:1", false, 5000);
	struct err e;

	(void)state;
	assert_non_null(port);
	assert_true(source_stop(f->src, 5000));
	snprintf(bootstrap, sizeof(bootstrap), "topicmon-test.invalid%s", port);
	free(f->conn.bootstrap);
	f->conn.bootstrap = xstrdup(bootstrap);
	connection_resolve(&f->conn, "topicmon-test.invalid", "127.0.0.1");
	f->src = kafka_source_new(&f->conn, f->inbox, &e);
	assert_non_null(f->src);
	watch(f, NULL, 0, false, false, NULL);
	wait_for(f, &seen, has_counts, "the counts");
	assert_true(is_up(&seen));
	let_go(&seen);
	fixture_free(f);
}

static void
a_wrong_property_is_named_and_nothing_begins(void **state)
{
	struct connection conn;
	struct mailbox *inbox = inbox_new(NULL);
	struct err e;

	(void)state;
	connection_init(&conn);
	connection_set(&conn, "security.protokoll", "SSL");
	assert_null(kafka_source_new(&conn, inbox, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.text, "'security.protokoll'"));
	connection_fini(&conn);

	connection_init(&conn);
	connection_set(&conn, "sasl.password", "open sesame");
	connection_set(&conn, "security.protocol", "open sesame");
	assert_null(kafka_source_new(&conn, inbox, &e));
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.text, "'security.protocol'"));
	assert_null(strstr(e.text, "open sesame"));
	connection_fini(&conn);
	assert_int_equal(mailbox_count(inbox), 0);
	mailbox_free(inbox);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names_come_first_and_exact_counts_follow),
		TEST(new_topics_are_seen_and_deleted_ones_go),
		TEST(lag_is_of_commits_and_ends_that_belong_together),
		TEST(members_come_and_go),
		TEST(a_recreated_topic_keeps_nothing_of_the_old_one),
		TEST(watching_leaves_nothing_behind),
		TEST(configs_say_when_a_count_is_an_upper_bound),
		cmocka_unit_test(a_broker_that_goes_is_named_and_comes_back),
		cmocka_unit_test(nobody_at_the_address_is_said_with_the_address),
		cmocka_unit_test(a_name_is_reached_at_the_address_given_for_it),
		cmocka_unit_test(a_wrong_property_is_named_and_nothing_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
