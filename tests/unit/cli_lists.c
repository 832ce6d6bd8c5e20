/* cli_list, cli_groups: what is printed of a snapshot, as text and with the documented JSON names. */
#include "cmocka_all.h"

#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"
#include "topicmon/model/picture.h"

static const int32_t one_broker[] = { 1 };

static void
add_topic(struct picture *p, const char *name, uint32_t npartitions)
{
	struct partition partitions[4];

	assert_in_range(npartitions, 1, ARRAY_LEN(partitions));
	for (uint32_t i = 0; i < npartitions; i++)
		partitions[i] = (struct partition){
			.id = (int32_t)i, .leader = 1, .replicas = one_broker, .isr = one_broker, .nreplicas = 1, .nisr = 1,
		};
	picture_metadata_topic(p, name, 0, partitions, npartitions);
}

/* orders with 2 partitions, one of which does not answer; an internal topic; a group that is up, one that is down. */
static struct snapshot *
make_snapshot(void)
{
	static const char *const topics[] = { "orders", "orders" };
	static const int32_t partitions[] = { 0, 1 };
	static const int64_t commits[] = { 40, OFFSET_NONE };
	static const int64_t stale[] = { 400, 3 };
	const struct member member = {
		.id = "m-1", .client_id = "svc", .host = "/127.0.0.1", .topics = topics, .partitions = partitions,
		.nassigned = 1,
	};
	struct picture *p = picture_new();
	struct snapshot *snap;

	picture_metadata_begin(p, "cluster", 1);
	picture_metadata_broker(p, 1, "localhost", 9092);
	add_topic(p, "__consumer_offsets", 1);
	add_topic(p, "orders", 2);
	picture_metadata_end(p, 1000);
	picture_offsets(p, "orders", 0, 10, 110, 1000);
	picture_offsets(p, "orders", 1, 5, 25, 1000);
	picture_offsets(p, "__consumer_offsets", 0, 0, 7, 1000);
	picture_groups_begin(p);
	picture_group(p, "shipping", GROUP_STABLE, false);
	picture_group(p, "billing", GROUP_EMPTY, false);
	picture_groups_end(p);
	picture_group_members(p, "shipping", GROUP_STABLE, &member, 1, true);
	picture_group_members(p, "billing", GROUP_EMPTY, NULL, 0, true);
	picture_group_commits(p, "shipping", topics, partitions, commits, 2);
	picture_group_commits(p, "billing", topics, partitions, stale, 2);
	snap = picture_freeze(p, 1000, 1000);
	picture_free(p);
	return snap;
}

static void
assert_lines_are_json(const struct strbuf *sb)
{
	const char *at = strbuf_str(sb);

	while (*at) {
		size_t len = strcspn(at, "\n");

		assert_true(json_is_document(at, len));
		at += len + 1;
	}
}

static void
list_hides_internal_topics_until_asked(void **state)
{
	struct snapshot *snap = make_snapshot();
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	print_list(&sb, snap, false, true);
	assert_string_equal(strbuf_str(&sb),
	                    "{\"topic\":\"orders\",\"partitions\":2,\"replication\":1,\"messages\":120,\"internal\":false}\n");
	strbuf_reset(&sb);
	print_list(&sb, snap, true, true);
	assert_lines_are_json(&sb);
	assert_non_null(strstr(strbuf_str(&sb), "\"messages\":7,\"internal\":true}"));
	strbuf_reset(&sb);
	print_list(&sb, snap, false, false);
	assert_string_equal(strbuf_str(&sb),
	                    "TOPIC   PARTITIONS  REPLICATION  MESSAGES\n"
	                    "orders           2            1       120\n");
	snapshot_unref(snap);
	strbuf_fini(&sb);
}

static void
describe_shows_partitions_and_configs(void **state)
{
	struct snapshot *snap = make_snapshot();
	const struct topic *t = snapshot_find_topic(snap, "orders");
	struct topic_spec spec;
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	topic_spec_init(&spec);
	topic_spec_add_config(&spec, "retention.ms", "1000");
	print_topic(&sb, t, &spec, true);
	assert_string_equal(strbuf_str(&sb),
	                    "{\"topic\":\"orders\",\"partitions\":["
	                    "{\"partition\":0,\"leader\":1,\"replicas\":[1],\"isr\":[1],\"start\":10,\"end\":110},"
	                    "{\"partition\":1,\"leader\":1,\"replicas\":[1],\"isr\":[1],\"start\":5,\"end\":25}],"
	                    "\"config\":{\"retention.ms\":\"1000\"}}\n");
	assert_lines_are_json(&sb);
	strbuf_reset(&sb);
	print_topic(&sb, t, NULL, true);
	assert_non_null(strstr(strbuf_str(&sb), "\"config\":null}"));
	strbuf_reset(&sb);
	print_topic(&sb, t, &spec, false);
	assert_non_null(strstr(strbuf_str(&sb), "Messages     120\n"));
	assert_non_null(strstr(strbuf_str(&sb), "Configs      retention.ms=1000\n"));
	topic_spec_fini(&spec);
	snapshot_unref(snap);
	strbuf_fini(&sb);
}

static void
groups_have_state_members_and_lag(void **state)
{
	struct snapshot *snap = make_snapshot();
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	print_groups(&sb, snap, true);
	assert_string_equal(strbuf_str(&sb),
	                    "{\"group\":\"billing\",\"state\":\"Empty\",\"members\":0,\"lag\":20}\n"
	                    "{\"group\":\"shipping\",\"state\":\"Stable\",\"members\":1,\"lag\":70}\n");
	strbuf_reset(&sb);
	print_groups(&sb, snap, false);
	assert_non_null(strstr(strbuf_str(&sb), "shipping  Stable        1       1   70\n"));
	snapshot_unref(snap);
	strbuf_fini(&sb);
}

static void
lag_says_why_a_number_is_missing(void **state)
{
	struct snapshot *snap = make_snapshot();
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	print_lag(&sb, snap, snapshot_find_group(snap, "shipping"), true);
	assert_string_equal(strbuf_str(&sb),
	                    "{\"group\":\"shipping\",\"state\":\"Stable\",\"topic\":\"orders\",\"partition\":0,\"committed\":40,"
	                    "\"start\":10,\"end\":110,\"lso\":null,\"lag\":70,\"member\":\"svc\",\"reason\":null}\n"
	                    "{\"group\":\"shipping\",\"state\":\"Stable\",\"topic\":\"orders\",\"partition\":1,\"committed\":null,"
	                    "\"start\":5,\"end\":25,\"lso\":null,\"lag\":null,\"member\":null,\"reason\":\"no commit\"}\n");
	strbuf_reset(&sb);
	print_lag(&sb, snap, NULL, true);
	assert_lines_are_json(&sb);
	assert_non_null(strstr(strbuf_str(&sb), "\"committed\":400,\"start\":10,\"end\":110,\"lso\":null,\"lag\":null,"
	                                        "\"member\":null,\"reason\":\"stale\""));
	assert_non_null(strstr(strbuf_str(&sb), "\"reason\":\"trimmed\""));
	strbuf_reset(&sb);
	print_lag(&sb, snap, NULL, false);
	assert_non_null(strstr(strbuf_str(&sb), "stale\n"));
	snapshot_unref(snap);
	strbuf_fini(&sb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_hides_internal_topics_until_asked),
		cmocka_unit_test(describe_shows_partitions_and_configs),
		cmocka_unit_test(groups_have_state_members_and_lag),
		cmocka_unit_test(lag_says_why_a_number_is_missing),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
