/* Watching leaves no trace on the cluster. Alone on it: other tests make topics and groups meanwhile (RUN_SERIAL). */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "topicmon/base/mem.h"

/* The names in after that are not in before, joined; "" for none. */
static void
added(const struct strvec *before, const struct strvec *after, struct strbuf *out)
{
	strbuf_reset(out);
	for (size_t i = 0; i < after->n; i++)
		if (!strvec_has(before, after->v[i]))
			strbuf_addf(out, " '%s'", after->v[i]);
}

struct picture {
	struct strvec topics, groups;
};

static void
take(struct picture *p)
{
	*p = (struct picture){ .topics = STRVEC_INIT, .groups = STRVEC_INIT };
	cluster_topics(&p->topics);
	cluster_groups(&p->groups);
}

static void
assert_nothing_added(const struct picture *before, const char *when)
{
	struct strbuf topics = STRBUF_INIT, groups = STRBUF_INIT;
	struct picture now;

	take(&now);
	added(&before->topics, &now.topics, &topics);
	added(&before->groups, &now.groups, &groups);
	if (topics.len > 0 || groups.len > 0)
		fail_msg("%s there are topics%s and groups%s", when, strbuf_str(&topics), strbuf_str(&groups));
	assert_int_equal(now.topics.n, before->topics.n);
	assert_int_equal(now.groups.n, before->groups.n);
	strvec_fini(&now.topics);
	strvec_fini(&now.groups);
	strbuf_fini(&topics);
	strbuf_fini(&groups);
}

/* Everything that only looks, once. */
static void
look_around(struct pty_screen *ps, const struct picture *before)
{
	rig_see(ps, "key-29");
	pty_keys(ps, "2g");
	rig_see(ps, "key-0 ");
	pty_keys(ps, "<Enter>");
	rig_see(ps, "partition  ");
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	pty_keys(ps, "3");
	rig_see(ps, "┌ Consumer groups");
	assert_nothing_added(before, "while topicmon runs");
	pty_keys(ps, "4");
	rig_see(ps, "┌ Brokers");
	pty_keys(ps, "5");
	rig_see(ps, "┌ Log");
	/* The cards of what would change something ask the cluster too; they are left without a yes. */
	pty_keys(ps, "1");
	rig_see(ps, "┌ Topics");
	pty_keys(ps, "x");
	rig_see(ps, "clear it");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Clear");
	pty_keys(ps, "d");
	rig_see(ps, "and press Enter");
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Delete");
}

static void
test_a_session_leaves_nothing_behind(void **state)
{
	const char *topic = cluster_topic("watched"), *group = cluster_name("observer");
	struct picture before;
	struct pty_screen *ps;

	(void)state;
	cluster_write_some(topic, "key-", 30);
	cluster_commit(group, topic, 0, 1);
	take(&before);
	ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address(), topic) });
	look_around(ps, &before);
	rig_quit(ps);
	assert_nothing_added(&before, "after topicmon");
	/* Nobody's commit was moved, and none made for another partition. */
	assert_int_equal(cluster_committed(group, topic, 0), 1);
	for (size_t i = 0; i < before.groups.n; i++)
		for (int partition = strcmp(before.groups.v[i], group) == 0; partition < 3; partition++)
			assert_int_equal(cluster_committed(before.groups.v[i], topic, partition), -1);
	strvec_fini(&before.topics);
	strvec_fini(&before.groups);
}

static void
test_the_verbs_that_look_leave_nothing_behind(void **state)
{
	const char *topic = cluster_topic("looked"), *missing = cluster_name("missing");
	const char *const *const verbs[] = {
		ARGS("list", "--json", "-b", cluster_address()), ARGS("describe", topic, "-b", cluster_address()),
		ARGS("tail", topic, "--from", "beginning", "-b", cluster_address()),
		ARGS("groups", "-b", cluster_address()), ARGS("lag", "-b", cluster_address()),
	};
	const char *const *const failing[] = {
		ARGS("describe", missing, "-b", cluster_address()), ARGS("tail", missing, "-b", cluster_address()),
		ARGS("produce", missing, "--value", "x", "-b", cluster_address()),
		ARGS("delete", missing, "--yes", "-b", cluster_address()),
		ARGS("clear", missing, "--yes", "-b", cluster_address()),
	};
	struct picture before;

	(void)state;
	cluster_write_some(topic, "key-", 3);
	take(&before);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		assert_int_equal(rig_verb(verbs[i], NULL, NULL, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(failing); i++)
		assert_int_equal(rig_verb(failing[i], NULL, NULL, NULL), 5);
	assert_nothing_added(&before, "after the verbs");
	strvec_fini(&before.topics);
	strvec_fini(&before.groups);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_setup, cluster_teardown)
		TEST(test_a_session_leaves_nothing_behind),
		TEST(test_the_verbs_that_look_leave_nothing_behind),
	};

	return cmocka_run_group_tests_name("pty_trace", tests, NULL, NULL);
}
