/* picture: groups, their members, commits and lags, and what a snapshot then says. */
#include "model_picture_rig.h"

static void
lag_is_of_the_worst_group_and_the_sum_of_all(void **state)
{
	static const char *const topics[] = { "b", "a", "a", "gone", "a" };
	static const int32_t partitions[] = { 0, 2, 0, 0, 9 };
	static const int64_t committed[] = { 1, 30, 70, 5, 3 };
	struct picture *p = *state;
	const struct topic_group *tg;
	struct snapshot *snap;
	const struct topic *a;

	tell_topics(p, (struct topic_row[]){ { "a", 3 }, { "b", 1 }, { NULL, 0 } }, 1000);
	for (int32_t i = 0; i < 3; i++)
		picture_offsets(p, "a", i, 10, 100, 1000);
	picture_offsets(p, "b", 0, 0, 4, 1000);
	picture_groups_begin(p);
	picture_group(p, "shipping", GROUP_EMPTY, false);
	picture_group(p, "billing", GROUP_STABLE, true);
	picture_group(p, "shipping", GROUP_EMPTY, false);
	picture_groups_end(p);
	snap = picture_freeze(p, 1000, 0);
	assert_true(snap->groups_listed);
	assert_false(snap->groups_complete);
	assert_int_equal(snap->ngroups, 2);
	assert_true(snap->topics[0].lag == OFFSET_UNKNOWN);
	snapshot_unref(snap);

	picture_group_commits(p, "shipping", topics, partitions, committed, 5);
	tell_commit(p, "billing", "a", 1, 99);
	picture_group_members(p, "shipping", GROUP_EMPTY, NULL, 0, true);
	picture_group_members(p, "billing", GROUP_STABLE, NULL, 0, false);
	snap = picture_freeze(p, 1000, 0);
	assert_true(snap->groups_complete);
	a = snapshot_find_topic(snap, "a");
	assert_int_equal(a->ngroups, 2);
	assert_string_equal(a->groups[0].group->name, "billing");
	tg = topic_find_group(a, "shipping");
	assert_int_equal(tg->committed[0], 70);
	assert_int_equal(tg->committed[1], OFFSET_NONE);
	assert_int_equal(tg->committed[2], 30);
	assert_int_equal(tg->lag[0], 30);
	assert_true(tg->lag[1] == OFFSET_UNKNOWN);
	assert_int_equal(tg->reason[1], LAG_NO_COMMIT);
	assert_int_equal(tg->total, 100);
	assert_int_equal(tg->worst, LAG_NO_COMMIT);
	assert_int_equal(a->groups[0].total, 1);
	assert_int_equal(a->lag, 100);
	assert_int_equal(snapshot_find_topic(snap, "b")->lag, 3);
	assert_int_equal(snapshot_find_group(snap, "shipping")->lag, 103);
	assert_int_equal(snapshot_find_group(snap, "shipping")->ntopics, 3);
	assert_int_equal(snap->lag, 104);
	assert_true(snapshot_find_group(snap, "billing")->new_protocol);
	assert_false(snapshot_find_group(snap, "billing")->members_known);
	snapshot_unref(snap);
}

static void
a_lag_that_cannot_be_right_says_why(void **state)
{
	static const char *const topics[] = { "a", "a", "a" };
	static const int32_t partitions[] = { 0, 1, 2 };
	static const int64_t committed[] = { 101, 5, -1 };
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 3 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "a", 0, 0, 100, 1000);
	picture_offsets(p, "a", 1, 10, 100, 1000);
	picture_offsets(p, "a", 2, 50, 50, 1000);
	tell_group(p, "g", GROUP_STABLE);
	picture_group_commits(p, "g", topics, partitions, committed, 3);
	snap = picture_freeze(p, 1000, 0);
	assert_int_equal(snap->topics[0].groups[0].reason[0], LAG_STALE);
	assert_int_equal(snap->topics[0].groups[0].reason[1], LAG_TRIMMED);
	assert_int_equal(snap->topics[0].groups[0].reason[2], LAG_NO_COMMIT);
	assert_int_equal(snap->topics[0].groups[0].worst, LAG_STALE);
	assert_int_equal(snap->topics[0].groups[0].total, 90);
	snapshot_unref(snap);

	/* No commit where nothing is needs no word. */
	tell_commit(p, "g", "a", 0, 100);
	picture_offsets(p, "a", 1, 100, 100, 1001);
	snap = picture_freeze(p, 1001, 0);
	assert_int_equal(snap->topics[0].groups[0].worst, LAG_PLAIN);
	assert_int_equal(snap->topics[0].groups[0].total, 0);
	snapshot_unref(snap);
}

static void
commits_find_their_topic_when_topics_come_and_go(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "b", 1 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "b", 0, 0, 10, 1000);
	tell_group(p, "g", GROUP_EMPTY);
	tell_commit(p, "g", "b", 0, 4);
	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { "b", 1 }, { NULL, 0 } }, 2000);
	snap = picture_freeze(p, 2000, 0);
	assert_int_equal(snap->topics[0].ngroups, 0);
	assert_int_equal(snap->topics[1].lag, 6);
	snapshot_unref(snap);
	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 3000);
	snap = picture_freeze(p, 3000, 0);
	assert_int_equal(snap->topics[0].ngroups, 0);
	assert_true(snap->groups[0].lag == OFFSET_UNKNOWN);
	assert_true(snap->lag == OFFSET_UNKNOWN);
	assert_int_equal(snap->groups[0].ntopics, 1);
	snapshot_unref(snap);
	tell_topics(p, (struct topic_row[]){ { NULL, 0 } }, 4000);
	snap = picture_freeze(p, 4000, 0);
	assert_int_equal(snap->ntopics, 0);
	assert_true(snap->offsets_complete);
	snapshot_unref(snap);
}

static void
members_and_commits_stay_over_a_listing(void **state)
{
	static const char *const topics[] = { "a", "a" };
	static const int32_t partitions[] = { 0, 1 };
	struct picture *p = *state;
	struct member m = {
		.id = "id", .client_id = "client", .host = "/1.2.3.4", .topics = topics, .partitions = partitions,
		.nassigned = 2,
	};
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { NULL, 0 } }, 1000);
	tell_group(p, "g", GROUP_PREPARING);
	tell_commit(p, "g", "a", 1, 4);
	picture_group_members(p, "g", GROUP_STABLE, &m, 1, true);
	tell_group(p, "g", GROUP_EMPTY);
	snap = picture_freeze(p, 1000, 0);
	assert_int_equal(snap->groups[0].state, GROUP_EMPTY);
	assert_true(snap->groups[0].members_known);
	assert_int_equal(snap->groups[0].nmembers, 1);
	assert_string_equal(snap->groups[0].members[0].host, "/1.2.3.4");
	assert_int_equal(snap->groups[0].members[0].nassigned, 2);
	assert_string_equal(snap->groups[0].members[0].topics[1], "a");
	assert_int_equal(snap->groups[0].members[0].partitions[1], 1);
	assert_int_equal(snap->topics[0].ngroups, 1);

	/* An older snapshot keeps what it said while the picture goes on. */
	picture_group_members(p, "g", GROUP_EMPTY, NULL, 0, true);
	picture_groups_begin(p);
	picture_groups_end(p);
	assert_string_equal(snap->groups[0].members[0].client_id, "client");
	snapshot_unref(snap);
	snap = picture_freeze(p, 1000, 0);
	assert_int_equal(snap->ngroups, 0);
	assert_int_equal(snap->topics[0].ngroups, 0);
	assert_true(snap->groups_complete);
	snapshot_unref(snap);
}

static void
groups_that_may_not_be_seen_are_complete(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	picture_groups_denied(p);
	snap = picture_freeze(p, 1, 1);
	assert_true(snap->groups_denied);
	assert_true(snap->groups_listed);
	assert_true(snap->groups_complete);
	snapshot_unref(snap);
	picture_groups_begin(p);
	picture_groups_end(p);
	snap = picture_freeze(p, 1, 1);
	assert_false(snap->groups_denied);
	snapshot_unref(snap);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(lag_is_of_the_worst_group_and_the_sum_of_all),
		RIG_TEST(a_lag_that_cannot_be_right_says_why),
		RIG_TEST(commits_find_their_topic_when_topics_come_and_go),
		RIG_TEST(members_and_commits_stay_over_a_listing),
		RIG_TEST(groups_that_may_not_be_seen_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
