/* ops/op_delete: the name is asked for, and "deleted" means that it is gone and stays away. */
#include "ops_rig.h"

#include <string.h>

#include "topicmon/model/snapshot.h"

static void
setup(struct rig *rig)
{
	rig_init(rig);
	fake_cluster_topic(rig->cluster, "orders", 3, 100);
	fake_cluster_group(rig->cluster, "shipping", "orders", 2, 40);
	fake_cluster_group(rig->cluster, "billing", "orders", 0, 10);
	rig_start(rig, op_new_delete("orders", &rig->settings));
}

static void
the_card_tells_what_goes(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	assert_int_equal(op_state(rig.op), OP_READY);
	assert_string_equal(op_confirm_name(rig.op), "orders");
	assert_string_equal(rig_fact(&rig, "messages"), "300");
	assert_has(rig_fact(&rig, "groups"), "2 with commits: shipping, billing");
	assert_has(rig_fact(&rig, "live members"), "shipping: 2 members connected (client-1, client-2); they will have nothing to read");
	assert_has(rig_fact(&rig, "auto-create"), "may bring it back");
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
it_is_gone_afterwards(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_null(fake_cluster_find(rig.cluster, "orders"));
	assert_has(rig_sentence(&rig), "Deleted orders: 300 messages gone (");
	rig_fini(&rig);
}

static void
bring_back(struct fake_cluster *c, const struct request *req)
{
	if (req->kind == REQ_TOPIC_DELETE)
		fake_cluster_topic(c, "orders", 1, 5);
}

static void
a_topic_that_comes_back_names_auto_create(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	rig.cluster->meanwhile = bring_back;
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "auto.create.topics.enable");
	rig_fini(&rig);
}

static void
a_missing_topic_is_not_found(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig_start(&rig, op_new_delete("nothing", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_int_equal(op_error(rig.op)->code, ERR_NOT_FOUND);
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
refusals_come_before_any_write(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig_start(&rig, op_new_delete("__consumer_offsets", &rig.settings));
	assert_int_equal(op_error(rig.op)->code, ERR_REFUSED);
	rig.settings.read_only = true;
	rig_start(&rig, op_new_delete("orders", &rig.settings));
	assert_int_equal(op_error(rig.op)->code, ERR_REFUSED);
	assert_int_equal(fake_source_nposts(rig.src), 0);
	rig.settings.read_only = false;
	fake_cluster_topic(rig.cluster, "orders", 1, 0);
	rig.cluster->delete_enabled = TRI_NO;
	rig_start(&rig, op_new_delete("orders", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "delete.topic.enable=false");
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
a_denied_delete_is_said_as_it_is(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_DELETE, ERR_DENIED, "Topic 'orders': not authorised to delete.");
	rig_confirm(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_DENIED);
	assert_non_null(fake_cluster_find(rig.cluster, "orders"));
	rig_fini(&rig);
}

static void
a_lost_answer_to_the_delete_is_no_failure(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_DELETE, ERR_TIMEOUT, "no answer")->done_all_the_same = true;
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	rig_fini(&rig);
}

static void
what_may_not_be_read_does_not_stop_a_delete(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	fake_cluster_topic(rig.cluster, "orders", 1, 1);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_READ, ERR_DENIED, "not authorised to describe")->times = 100;
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_GROUPS, ERR_DENIED, "not authorised to list groups");
	fake_cluster_trouble(rig.cluster, REQ_BROKER_CONFIG, ERR_DENIED, "not authorised");
	rig_start(&rig, op_new_delete("orders", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_READY);
	assert_has(rig_fact(&rig, "partitions"), "unknown: not authorised to describe");
	assert_has(rig_fact(&rig, "groups"), "unknown: not authorised");
	assert_has(rig_fact(&rig, "may be deleted"), "unknown");
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(rig_step(&rig, "verify")->state, STEP_SKIPPED);
	rig_fini(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_card_tells_what_goes),
		cmocka_unit_test(it_is_gone_afterwards),
		cmocka_unit_test(a_topic_that_comes_back_names_auto_create),
		cmocka_unit_test(a_missing_topic_is_not_found),
		cmocka_unit_test(refusals_come_before_any_write),
		cmocka_unit_test(a_denied_delete_is_said_as_it_is),
		cmocka_unit_test(a_lost_answer_to_the_delete_is_no_failure),
		cmocka_unit_test(what_may_not_be_read_does_not_stop_a_delete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
