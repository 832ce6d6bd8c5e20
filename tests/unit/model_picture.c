/* picture: what is told bit by bit, and what a snapshot then says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model_picture_rig.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

static void
names_come_first_and_numbers_later(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;
	const struct topic *t;

	tell_topics(p, (struct topic_row[]){ { "b", 2 }, { "a", 1 }, { "__internal", 1 }, { NULL, 0 } }, 10);
	snap = picture_freeze(p, 11, 12);
	assert_int_equal(snap->version, 1);
	assert_int_equal(snap->taken_ms, 11);
	assert_int_equal(snap->taken_wall_ms, 12);
	assert_int_equal(snap->ntopics, 3);
	assert_string_equal(snap->topics[0].name, "__internal");
	assert_true(snap->topics[0].internal);
	assert_string_equal(snap->topics[1].name, "a");
	assert_string_equal(snap->topics[2].name, "b");
	t = &snap->topics[2];
	assert_int_equal(t->npartitions, 2);
	assert_int_equal(t->partitions[0].id, 0);
	assert_int_equal(t->replication, 1);
	assert_true(t->messages == OFFSET_UNKNOWN);
	assert_true(isnan(t->rate));
	assert_true(t->spark[SPARK_LEN - 1] < 0);
	assert_false(snap->offsets_complete);
	snapshot_unref(snap);

	assert_false(picture_offsets(p, "b", 0, 5, 15, 20));
	assert_false(picture_offsets(p, "b", 1, 0, 7, 20));
	snap = picture_freeze(p, 21, 22);
	assert_int_equal(snap->version, 2);
	assert_int_equal(snap->topics[2].messages, 17);
	assert_int_equal(snap->topics[2].partitions[0].offsets_ms, 20);
	assert_true(snap->topics[1].messages == OFFSET_UNKNOWN);
	assert_false(snap->offsets_complete);
	snapshot_unref(snap);
}

static void
asked_in_vain_counts_as_asked(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { NULL, 0 } }, 10);
	picture_offsets(p, "a", 0, 0, 7, 20);
	assert_int_equal(picture_asked_ms(p, 0, 1), 0);
	picture_offsets(p, "a", 1, OFFSET_UNKNOWN, OFFSET_UNKNOWN, 20);
	assert_int_equal(picture_asked_ms(p, 0, 1), 20);
	snap = picture_freeze(p, 21, 22);
	assert_true(snap->offsets_complete);
	assert_true(snap->topics[0].messages == OFFSET_UNKNOWN);
	snapshot_unref(snap);
	/* An end alone, as it is asked for beside a commit, leaves the start to be asked for. */
	tell_topics(p, (struct topic_row[]){ { "a", 3 }, { NULL, 0 } }, 25);
	picture_offsets(p, "a", 2, OFFSET_UNKNOWN, 9, 26);
	assert_int_equal(picture_asked_ms(p, 0, 2), 0);
	snap = picture_freeze(p, 27, 22);
	assert_false(snap->offsets_complete);
	assert_int_equal(snap->topics[0].partitions[2].end, 9);
	snapshot_unref(snap);
	/* and what was known stays */
	picture_offsets(p, "a", 0, OFFSET_UNKNOWN, OFFSET_UNKNOWN, 30);
	snap = picture_freeze(p, 31, 32);
	assert_int_equal(snap->topics[0].partitions[0].end, 7);
	assert_int_equal(snap->topics[0].partitions[0].offsets_ms, 20);
	snapshot_unref(snap);
}

static void
unknown_topics_partitions_and_groups_are_ignored(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 10);
	assert_false(picture_offsets(p, "none", 0, 0, 1, 20));
	assert_false(picture_offsets(p, "a", 1, 0, 1, 20));
	assert_false(picture_offsets(p, "a", -1, 0, 1, 20));
	assert_false(picture_offsets_at(p, 7, 0, 0, 1, 20));
	assert_int_equal(picture_topic_index(p, "none"), -1);
	picture_topic_config(p, "none", POLICY_COMPACT, 1);
	picture_topic_gaps(p, "none");
	tell_commit(p, "none", "a", 0, 1);
	picture_group_members(p, "none", GROUP_STABLE, NULL, 0, true);
	snap = picture_freeze(p, 21, 22);
	assert_int_equal(snap->ngroups, 0);
	assert_false(snap->topics[0].messages_upper);
	snapshot_unref(snap);
}

static void
a_rate_needs_two_samples_and_follows_the_ends(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;
	int64_t now = 1000, end = 100;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, now);
	picture_offsets(p, "a", 0, 0, end, now);
	snap = picture_freeze(p, now, 0);
	assert_true(isnan(snap->topics[0].rate));
	assert_true(isnan(snap->rate));
	snapshot_unref(snap);

	for (int i = 0; i < 30; i++) {
		now += 1000;
		end += 50;
		picture_offsets(p, "a", 0, 0, end, now);
		snapshot_unref(picture_freeze(p, now, 0));
	}
	snap = picture_freeze(p, now, 0);
	assert_true(fabs(snap->topics[0].rate - 50) < 0.5);
	assert_true(fabs(snap->rate - 50) < 0.5);
	for (size_t i = 0; i < SPARK_LEN; i++)
		assert_true(fabs((double)snap->topics[0].spark[i] - 50) < 0.5);
	snapshot_unref(snap);

	/* Nothing comes any more: it fades, and ends at nothing. */
	now += 1000;
	picture_offsets(p, "a", 0, 0, end, now);
	snap = picture_freeze(p, now, 0);
	assert_true(snap->topics[0].rate < 45 && snap->topics[0].rate > 30);
	snapshot_unref(snap);
	for (int i = 0; i < 60; i++)
		picture_offsets(p, "a", 0, 0, end, now += 1000);
	snap = picture_freeze(p, now, 0);
	assert_true(snap->topics[0].rate >= 0 && snap->topics[0].rate <= 0);
	snapshot_unref(snap);
}

static void
two_answers_within_a_moment_make_no_rate(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "a", 0, 0, 0, 1000);
	picture_offsets(p, "a", 0, 0, 500, 1000);
	picture_offsets(p, "a", 0, 0, 1000, 1001);
	snap = picture_freeze(p, 1001, 0);
	assert_true(isnan(snap->topics[0].rate));
	assert_int_equal(snap->topics[0].partitions[0].end, 1000);
	snapshot_unref(snap);
	picture_offsets(p, "a", 0, 0, 2000, 2000);
	snap = picture_freeze(p, 2000, 0);
	assert_true(fabs(snap->topics[0].rate - 2000) < 1);
	snapshot_unref(snap);
}

static void
internal_topics_do_not_add_to_the_rate_of_all(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "__consumer_offsets", 1 }, { "a", 1 }, { NULL, 0 } }, 1000);
	for (int i = 0; i < 2; i++) {
		picture_offsets(p, "a", 0, 0, i * 10, 1000 + i * 1000);
		picture_offsets(p, "__consumer_offsets", 0, 0, i * 1000, 1000 + i * 1000);
	}
	snap = picture_freeze(p, 2000, 0);
	assert_true(fabs(snap->rate - 10) < 0.1);
	assert_true(fabs(snap->topics[0].rate - 1000) < 1);
	snapshot_unref(snap);
}

static void
an_end_that_goes_back_means_recreated(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 3 }, { NULL, 0 } }, 1000);
	for (int64_t now = 1000; now <= 3000; now += 1000) {
		for (int32_t i = 0; i < 3; i++)
			assert_false(picture_offsets(p, "a", i, 0, now, now));
	}
	snap = picture_freeze(p, 3000, 0);
	assert_true(snap->topics[0].rate > 2000);
	assert_int_equal(snap->topics[0].messages, 9000);
	snapshot_unref(snap);

	/* Partition 0 was refilled beyond its old end, 1 gives it away, 2 was not answered yet. */
	assert_false(picture_offsets(p, "a", 0, 0, 4000, 4000));
	assert_true(picture_offsets(p, "a", 1, 0, 5, 4000));
	snap = picture_freeze(p, 4000, 0);
	assert_int_equal(snap->topics[0].partitions[0].end, 4000);
	assert_int_equal(snap->topics[0].partitions[1].end, 5);
	assert_true(snap->topics[0].partitions[2].end == OFFSET_UNKNOWN);
	assert_true(isnan(snap->topics[0].rate));
	assert_true(snap->topics[0].spark[SPARK_LEN - 1] < 0);
	snapshot_unref(snap);

	assert_false(picture_offsets(p, "a", 2, 0, 3, 4001));
	for (int32_t i = 0; i < 3; i++)
		assert_false(picture_offsets(p, "a", i, 0, i == 0 ? 4010 : 15, 5000));
	snap = picture_freeze(p, 5000, 0);
	assert_true(snap->topics[0].rate > 25 && snap->topics[0].rate < 35);
	snapshot_unref(snap);
}

static void
a_start_that_goes_back_or_passes_the_end_means_recreated(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "a", 0, 100, 200, 1000);
	assert_true(picture_offsets(p, "a", 0, 0, 300, 2000));
	/* The start was asked before the topic was recreated, the end after. */
	picture_offsets(p, "a", 0, 250, 300, 3000);
	assert_true(picture_offsets(p, "a", 0, 260, 4, 4000));
	snap = picture_freeze(p, 4000, 0);
	assert_true(snap->topics[0].partitions[0].start == OFFSET_UNKNOWN);
	assert_int_equal(snap->topics[0].partitions[0].end, 4);
	assert_true(snap->topics[0].messages == OFFSET_UNKNOWN);
	snapshot_unref(snap);
	/* Deleting records moves the start forward and is no recreation. */
	picture_offsets(p, "a", 0, 0, 4, 5000);
	assert_false(picture_offsets(p, "a", 0, 4, 4, 6000));
}

static void
a_topic_that_vanished_comes_back_as_another(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { "b", 1 }, { NULL, 0 } }, 1000);
	picture_topic_config(p, "a", POLICY_COMPACT, 5);
	picture_offsets(p, "a", 0, 0, 100, 1000);
	picture_offsets(p, "a", 0, 0, 200, 2000);
	tell_topics(p, (struct topic_row[]){ { "b", 1 }, { NULL, 0 } }, 3000);
	snap = picture_freeze(p, 3000, 0);
	assert_null(snapshot_find_topic(snap, "a"));
	snapshot_unref(snap);

	tell_topics(p, (struct topic_row[]){ { "b", 1 }, { "a", 1 }, { NULL, 0 } }, 4000);
	snap = picture_freeze(p, 4000, 0);
	assert_true(snap->topics[0].partitions[0].end == OFFSET_UNKNOWN);
	assert_int_equal(snap->topics[0].policy, POLICY_UNKNOWN);
	snapshot_unref(snap);
	assert_false(picture_offsets(p, "a", 0, 0, 10, 5000));
	snap = picture_freeze(p, 5000, 0);
	assert_true(isnan(snap->topics[0].rate));
	assert_int_equal(snap->topics[0].messages, 10);
	snapshot_unref(snap);
}

static void
partitions_that_are_added_keep_the_others_numbers(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "a", 0, 1, 100, 1000);
	picture_offsets(p, "a", 1, 2, 200, 1000);
	tell_topics(p, (struct topic_row[]){ { "a", 3 }, { NULL, 0 } }, 2000);
	snap = picture_freeze(p, 2000, 0);
	assert_int_equal(snap->topics[0].npartitions, 3);
	assert_int_equal(snap->topics[0].partitions[1].end, 200);
	assert_true(snap->topics[0].partitions[2].end == OFFSET_UNKNOWN);
	snapshot_unref(snap);
	/* Kafka never takes partitions away: this is another topic. */
	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 3000);
	snap = picture_freeze(p, 3000, 0);
	assert_true(snap->topics[0].partitions[0].end == OFFSET_UNKNOWN);
	snapshot_unref(snap);
}

static void
messages_are_an_upper_bound_when_compacted_or_with_gaps(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { "b", 1 }, { "c", 1 }, { NULL, 0 } }, 1000);
	picture_topic_config(p, "a", POLICY_COMPACT | POLICY_DELETE, 604800000);
	picture_topic_config(p, "b", POLICY_DELETE, -1);
	picture_topic_gaps(p, "c");
	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { "b", 1 }, { "c", 1 }, { NULL, 0 } }, 2000);
	snap = picture_freeze(p, 2000, 0);
	assert_true(snap->topics[0].messages_upper);
	assert_int_equal(snap->topics[0].retention_ms, 604800000);
	assert_false(snap->topics[1].messages_upper);
	assert_int_equal(snap->topics[1].retention_ms, -1);
	assert_true(snap->topics[2].messages_upper);
	assert_true(snap->topics[2].retention_ms == OFFSET_UNKNOWN);
	snapshot_unref(snap);
}

static void
only_a_change_is_a_change(void **state)
{
	struct picture *p = *state;

	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 1000);
	tell_group(p, "g", GROUP_EMPTY);
	tell_commit(p, "g", "a", 0, 5);
	picture_group_members(p, "g", GROUP_EMPTY, NULL, 0, true);
	picture_topic_config(p, "a", POLICY_DELETE, 1);
	for (int64_t now = 1000; now <= 3000; now += 1000)
		picture_offsets(p, "a", 0, 0, 7, now);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 3000, 0));
	assert_false(picture_changed(p));

	picture_offsets(p, "a", 0, 0, 7, 4000);
	picture_offsets(p, "a", 0, OFFSET_UNKNOWN, OFFSET_UNKNOWN, 4500);
	tell_topics(p, (struct topic_row[]){ { "a", 1 }, { NULL, 0 } }, 4600);
	tell_group(p, "g", GROUP_EMPTY);
	tell_commit(p, "g", "a", 0, 5);
	picture_group_members(p, "g", GROUP_EMPTY, NULL, 0, true);
	picture_topic_config(p, "a", POLICY_DELETE, 1);
	assert_false(picture_changed(p));

	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { NULL, 0 } }, 4700);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 4700, 0));
	tell_topics(p, (struct topic_row[]){ { "b", 2 }, { NULL, 0 } }, 4800);
	assert_true(picture_changed(p));
	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { NULL, 0 } }, 4900);
	tell_group(p, "h", GROUP_EMPTY);
	snapshot_unref(picture_freeze(p, 4900, 0));
	tell_group(p, "g", GROUP_EMPTY);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 4900, 0));

	picture_group_members(p, "g", GROUP_STABLE, NULL, 0, true);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 4000, 0));
	tell_commit(p, "g", "a", 0, 6);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 4000, 0));
	picture_topic_config(p, "a", POLICY_COMPACT, 1);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 4000, 0));
	picture_offsets(p, "a", 0, 0, 8, 5000);
	assert_true(picture_changed(p));
	snapshot_unref(picture_freeze(p, 5000, 0));
	picture_offsets(p, "a", 0, 0, 9, 6000);
	snapshot_unref(picture_freeze(p, 6000, 0));
	/* The rate fades. */
	picture_offsets(p, "a", 0, 0, 9, 7000);
	assert_true(picture_changed(p));
}

static void
a_leader_that_appears_makes_the_asking_count_anew(void **state)
{
	struct partition part = { .id = 0, .leader = -1 };
	struct picture *p = *state;

	for (int i = 0; i < 3; i++) {
		picture_metadata_begin(p, NULL, 1);
		picture_metadata_topic(p, "a", 5, &part, 1);
		picture_metadata_end(p, 1);
		if (i == 0)
			picture_offsets(p, "a", 0, OFFSET_UNKNOWN, OFFSET_UNKNOWN, 10);
		assert_int_equal(picture_asked_ms(p, 0, 0), i < 2 ? 10 : 0);
		part.leader = i < 1 ? -1 : 1;
	}
	assert_int_equal(picture_leader(p, 0, 0), 1);
}

static void
numbers_grow_old(void **state)
{
	struct picture *p = *state;
	struct snapshot *snap;

	tell_topics(p, (struct topic_row[]){ { "a", 2 }, { "b", 1 }, { NULL, 0 } }, 1000);
	picture_offsets(p, "a", 0, 0, 1, 1000);
	picture_offsets(p, "a", 1, 0, 1, 5000);
	snap = picture_freeze(p, 100000, 0);
	assert_false(snap->topics[0].old);
	snapshot_unref(snap);
	picture_set_fresh_ms(p, 4000);
	snap = picture_freeze(p, 5000, 0);
	assert_false(snap->topics[0].old);
	snapshot_unref(snap);
	snap = picture_freeze(p, 5001, 0);
	assert_true(snap->topics[0].old);
	assert_false(snap->topics[1].old);      /* unknown is not old */
	snapshot_unref(snap);
}

/* Names that come and go must not pile up; what older snapshots say must stay. */
static void
the_shelf_is_tidied(void **state)
{
	struct picture *p = *state;
	struct snapshot *old;
	char name[200];

	tell_topics(p, (struct topic_row[]){ { "kept", 1 }, { NULL, 0 } }, 1);
	tell_group(p, "g", GROUP_STABLE);
	tell_commit(p, "g", "kept", 0, 1);
	picture_offsets(p, "kept", 0, 0, 3, 1);
	old = picture_freeze(p, 1, 1);
	for (int i = 0; i < 20000; i++) {
		struct member m = { .id = name, .client_id = "c", .host = "h" };

		snprintf(name, sizeof(name), "%0150d", i);
		picture_group_members(p, "g", GROUP_STABLE, &m, 1, true);
		if (i % 1000 == 0)
			tell_topics(p, (struct topic_row[]){ { "kept", 1 }, { name, 1 }, { NULL, 0 } }, i + 2);
	}
	assert_string_equal(old->topics[0].name, "kept");
	assert_int_equal(old->topics[0].groups[0].total, 2);
	snapshot_unref(old);
	old = picture_freeze(p, 30000, 1);
	assert_int_equal(snapshot_find_topic(old, "kept")->lag, 2);
	assert_string_equal(old->groups[0].members[0].id, name);
	assert_string_equal(old->brokers[0].host, "localhost");
	snapshot_unref(old);
}

/* 9,000 topics, 39,000 partitions, 2,200 groups with 12 commits each. Counted, not timed, would be better; but the bound
 * is a hundred times what it takes, and only what grows with the square can miss it. */
static void
a_large_cluster_is_frozen_at_once(void **state)
{
	struct picture *p = *state;
	struct topic_row *rows = xcalloc(9001, sizeof(*rows));
	int64_t begun, took;
	char *names = xcalloc(9000, 32);
	size_t partitions = 0;
	struct snapshot *snap;

	for (size_t i = 0; i < 9000; i++) {
		snprintf(names + i * 32, 32, "topic-%05zu", i * 7919 % 9000);
		rows[i] = (struct topic_row){ names + i * 32, i < 3000 ? 5 : 4 };
		partitions += rows[i].npartitions;
	}
	begun = clock_ms();
	tell_topics(p, rows, 1);
	for (size_t t = 0; t < picture_ntopics(p); t++) {
		uint32_t n;

		picture_topic_at(p, t, &n);
		for (uint32_t i = 0; i < n; i++)
			picture_offsets_at(p, t, i, 0, 1000, 1);
	}
	picture_groups_begin(p);
	for (int g = 0; g < 2200; g++) {
		char name[32];

		snprintf(name, sizeof(name), "group-%d", g);
		picture_group(p, name, GROUP_EMPTY, false);
	}
	picture_groups_end(p);
	for (int g = 0; g < 2200; g++) {
		const char *topics[12];
		int32_t parts[12];
		int64_t committed[12];
		char name[32];

		for (int k = 0; k < 12; k++) {
			topics[k] = rows[(g * 12 + k) * 31 % 9000].name;
			parts[k] = 0;
			committed[k] = 990;
		}
		snprintf(name, sizeof(name), "group-%d", g);
		picture_group_commits(p, name, topics, parts, committed, 12);
	}
	for (int i = 0; i < 10; i++) {
		snap = picture_freeze(p, 2, 2);
		assert_int_equal(snap->ntopics, 9000);
		assert_int_equal(snap->lag, 2200 * 12 * 10);
		assert_int_equal(partitions, 39000);
		assert_true(snap->offsets_complete);
		snapshot_unref(snap);
	}
	took = clock_ms() - begun;
	if (took > 10000)
		fail_msg("it took %lld ms", (long long)took);
	free(rows);
	free(names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RIG_TEST(names_come_first_and_numbers_later),
		RIG_TEST(asked_in_vain_counts_as_asked),
		RIG_TEST(unknown_topics_partitions_and_groups_are_ignored),
		RIG_TEST(a_rate_needs_two_samples_and_follows_the_ends),
		RIG_TEST(two_answers_within_a_moment_make_no_rate),
		RIG_TEST(internal_topics_do_not_add_to_the_rate_of_all),
		RIG_TEST(an_end_that_goes_back_means_recreated),
		RIG_TEST(a_start_that_goes_back_or_passes_the_end_means_recreated),
		RIG_TEST(a_topic_that_vanished_comes_back_as_another),
		RIG_TEST(partitions_that_are_added_keep_the_others_numbers),
		RIG_TEST(messages_are_an_upper_bound_when_compacted_or_with_gaps),
		RIG_TEST(only_a_change_is_a_change),
		RIG_TEST(a_leader_that_appears_makes_the_asking_count_anew),
		RIG_TEST(numbers_grow_old),
		RIG_TEST(the_shelf_is_tidied),
		RIG_TEST(a_large_cluster_is_frozen_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
