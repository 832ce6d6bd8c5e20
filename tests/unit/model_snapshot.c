/* snapshot: lag, names, finding things. What is in one is tested with the picture that builds it. */
#include "cmocka_all.h"

#include "topicmon/model/picture.h"

static void
lag_is_a_plain_difference(void **state)
{
	enum lag_reason why;

	(void)state;
	assert_int_equal(lag_compute(0, 10, 4, &why), 6);
	assert_int_equal(why, LAG_PLAIN);
	assert_int_equal(lag_compute(4, 10, 10, &why), 0);
	assert_int_equal(why, LAG_PLAIN);
	assert_int_equal(lag_compute(0, 0, 0, &why), 0);
	assert_int_equal(why, LAG_PLAIN);
	/* The end alone is enough. */
	assert_int_equal(lag_compute(OFFSET_UNKNOWN, 10, 4, &why), 6);
	assert_int_equal(why, LAG_PLAIN);
}

static void
lag_is_never_clamped(void **state)
{
	enum lag_reason why;

	(void)state;
	assert_true(lag_compute(0, 10, 11, &why) == OFFSET_UNKNOWN);
	assert_int_equal(why, LAG_STALE);
	assert_int_equal(lag_compute(5, 10, 4, &why), 5);
	assert_int_equal(why, LAG_TRIMMED);
	assert_true(lag_compute(0, 10, OFFSET_NONE, &why) == OFFSET_UNKNOWN);
	assert_int_equal(why, LAG_NO_COMMIT);
	assert_true(lag_compute(0, OFFSET_UNKNOWN, 4, &why) == OFFSET_UNKNOWN);
	assert_int_equal(why, LAG_UNKNOWN);
	assert_true(lag_compute(0, 10, OFFSET_UNKNOWN, &why) == OFFSET_UNKNOWN);
	assert_int_equal(why, LAG_UNKNOWN);
}

static void
states_and_reasons_have_kafkas_names(void **state)
{
	(void)state;
	assert_string_equal(group_state_name(GROUP_STABLE), "Stable");
	assert_string_equal(group_state_name(GROUP_PREPARING), "PreparingRebalance");
	assert_string_equal(group_state_name(GROUP_UNKNOWN), "Unknown");
	assert_null(lag_reason_name(LAG_PLAIN));
	assert_string_equal(lag_reason_name(LAG_NO_COMMIT), "no commit");
	assert_string_equal(lag_reason_name(LAG_STALE), "stale");
	assert_string_equal(lag_reason_name(LAG_TRIMMED), "trimmed");
	assert_string_equal(lag_reason_name(LAG_UNKNOWN), "unknown");
}

static void
an_empty_snapshot_has_nothing_to_find(void **state)
{
	struct picture *p = picture_new();
	struct snapshot *snap = picture_freeze(p, 1, 2);

	(void)state;
	assert_null(snapshot_find_topic(snap, "a"));
	assert_null(snapshot_find_group(snap, "a"));
	assert_int_equal(snap->ntopics, 0);
	assert_string_equal(snap->cluster_id, "");
	assert_false(snap->offsets_complete);
	assert_false(snap->groups_complete);
	assert_true(snap->lag == OFFSET_UNKNOWN);
	snapshot_unref(snap);
	snapshot_unref(NULL);
	assert_null(snapshot_ref(NULL));
	picture_free(p);
}

static void
a_reference_outlives_the_picture(void **state)
{
	struct picture *p = picture_new();
	struct snapshot *snap, *held;
	int32_t replicas[] = { 1, 2 };
	struct partition part = { .id = 0, .leader = 1, .replicas = replicas, .nreplicas = 2, .isr = replicas, .nisr = 1 };

	(void)state;
	picture_metadata_begin(p, "cluster", 1);
	picture_metadata_broker(p, 1, "host", 9092);
	picture_metadata_topic(p, "orders", 0, &part, 1);
	picture_metadata_end(p, 1);
	snap = picture_freeze(p, 1, 2);
	held = snapshot_ref(snap);
	snapshot_unref(snap);
	picture_free(p);

	assert_string_equal(held->cluster_id, "cluster");
	assert_string_equal(held->brokers[0].host, "host");
	assert_string_equal(snapshot_find_topic(held, "orders")->name, "orders");
	assert_int_equal(held->topics[0].partitions[0].replicas[1], 2);
	assert_int_equal(held->topics[0].partitions[0].nisr, 1);
	snapshot_unref(held);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lag_is_a_plain_difference),
		cmocka_unit_test(lag_is_never_clamped),
		cmocka_unit_test(states_and_reasons_have_kafkas_names),
		cmocka_unit_test(an_empty_snapshot_has_nothing_to_find),
		cmocka_unit_test(a_reference_outlives_the_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
