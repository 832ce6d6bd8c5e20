/* ops/op_create: nothing is created that the brokers would refuse, and "created" means read back. */
#include "ops_rig.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/json.h"

static struct topic_spec spec;

static void
want(const char *name, int32_t partitions, int32_t replication)
{
	topic_spec_init(&spec);
	spec.name = xstrdup(name);
	spec.partitions = partitions;
	spec.replication = replication;
}

static void
start(struct rig *rig)
{
	rig_start(rig, op_new_create(&spec, &rig->settings));
	topic_spec_fini(&spec);
}

static void
runs_through_without_a_confirmation(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	want("orders", 3, 1);
	topic_spec_add_config(&spec, "retention.ms", "1000");
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_cluster_find(rig.cluster, "orders")->spec.partitions, 3);
	assert_int_equal(rig_writes(&rig), 1);
	assert_true(fake_source_post(rig.src, 0)->create.validate_only);
	assert_has(rig_sentence(&rig), "Created orders: 3 partitions, replication 1, 1 config (");
	assert_null(op_confirm_name(rig.op));
	rig_fini(&rig);
}

static void
says_what_the_defaults_gave(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	want("orders", -1, -1);
	start(&rig);
	assert_has(rig_sentence(&rig), "Created orders: 1 partition, replication 1 (");
	rig_fini(&rig);
}

static void
refuses_a_bad_name_without_a_request(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	want("a b", 1, 1);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_int_equal(op_error(rig.op)->code, ERR_USAGE);
	assert_int_equal(fake_source_nposts(rig.src), 0);
	rig_fini(&rig);
}

static void
refuses_numbers_that_cannot_be(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	want("orders", 0, 1);
	start(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_USAGE);
	assert_has(rig_sentence(&rig), "partitions must be 1 or more");
	want("orders", 1, 40000);
	start(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_USAGE);
	assert_has(rig_sentence(&rig), "replication must be 1 or more");
	assert_int_equal(fake_source_nposts(rig.src), 0);
	rig_fini(&rig);
}

static void
read_only_asks_nothing(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.settings.read_only = true;
	want("orders", 1, 1);
	start(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_REFUSED);
	assert_int_equal(fake_source_nposts(rig.src), 0);
	rig_fini(&rig);
}

static void
a_refusal_of_the_brokers_comes_before_anything_is_done(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	want("orders", 1, 3);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "replication is larger");
	assert_int_equal(rig_writes(&rig), 0);

	fake_cluster_topic(rig.cluster, "there", 1, 0);
	want("there", 1, 1);
	start(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_EXISTS);
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
a_lost_answer_to_the_create_is_no_failure(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	rig_init(&rig);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_TIMEOUT, "no answer");
	trouble->validate_only = 0;
	trouble->done_all_the_same = true;
	want("orders", 2, 1);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_has(rig_step(&rig, "create")->detail, "got lost");
	rig_fini(&rig);
}

static void
waits_for_every_broker(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.cluster->nbrokers = 3;
	rig.cluster->brokers_late = 1;
	rig.cluster->late_answers = 4;
	want("orders", 2, 3);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_source_count(rig.src, REQ_TOPIC_EVIDENCE), 5);
	assert_int_equal(fake_source_count(rig.src, REQ_DELAY), 4);
	assert_int_equal(rig_step(&rig, "wait for every broker")->ms, 5 + 10 + 20 + 40);
	rig_fini(&rig);
}

static void
a_broker_that_never_hears_of_it_is_named_as_missing(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.cluster->nbrokers = 3;
	rig.cluster->brokers_late = 1;
	rig.cluster->late_answers = 1000000;
	want("orders", 2, 3);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "2 of 3 brokers know it");
	rig_fini(&rig);
}

static void
who_may_not_describe_it_need_not_wait(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.cluster->brokers_late = 1;
	rig.cluster->late_answers = 1000000;
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_READ, ERR_DENIED, "not authorised")->times = 100;
	want("orders", 2, 1);
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_source_count(rig.src, REQ_DELAY), 0);
	assert_int_equal(rig_step(&rig, "verify")->state, STEP_SKIPPED);
	rig_fini(&rig);
}

static void
create_other_in_between(struct fake_cluster *c, const struct request *req)
{
	if (req->kind == REQ_TOPIC_CREATE && !req->create.validate_only)
		fake_cluster_topic(c, "orders", 1, 0);
}

static void
a_shape_that_is_not_as_asked_is_said(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig.cluster->meanwhile = create_other_in_between;
	want("orders", -1, 1);
	topic_spec_add_config(&spec, "retention.ms", "1000");
	start(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "retention.ms is not set instead of 1000");
	rig_fini(&rig);
}

static void
json_is_json(void **state)
{
	struct rig rig;
	struct bytes found;

	(void)state;
	rig_init(&rig);
	want("orders", 2, 1);
	start(&rig);
	strbuf_reset(&rig.text);
	op_json(rig.op, &rig.text);
	assert_true(json_is_document(rig.text.buf, rig.text.len));
	assert_true(json_find(rig.text.buf, rig.text.len, ".result", &found));
	assert_memory_equal(found.data, "\"done\"", found.len);
	assert_true(json_find(rig.text.buf, rig.text.len, ".steps[3].step", &found));
	assert_memory_equal(found.data, "\"verify\"", found.len);
	assert_true(json_find(rig.text.buf, rig.text.len, ".error", &found));
	assert_memory_equal(found.data, "null", found.len);
	rig_fini(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_through_without_a_confirmation),
		cmocka_unit_test(says_what_the_defaults_gave),
		cmocka_unit_test(refuses_a_bad_name_without_a_request),
		cmocka_unit_test(refuses_numbers_that_cannot_be),
		cmocka_unit_test(read_only_asks_nothing),
		cmocka_unit_test(a_refusal_of_the_brokers_comes_before_anything_is_done),
		cmocka_unit_test(a_lost_answer_to_the_create_is_no_failure),
		cmocka_unit_test(waits_for_every_broker),
		cmocka_unit_test(a_broker_that_never_hears_of_it_is_named_as_missing),
		cmocka_unit_test(who_may_not_describe_it_need_not_wait),
		cmocka_unit_test(a_shape_that_is_not_as_asked_is_said),
		cmocka_unit_test(json_is_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
