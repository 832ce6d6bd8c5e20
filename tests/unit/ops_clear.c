/* ops/op_clear: the topic comes back as it was, the receivers that are down keep their place, and whatever goes wrong
 * is either before the delete or comes with the command that mends it. */
#include "ops_rig.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/json.h"
#include "topicmon/model/snapshot.h"

static struct fake_topic *
setup(struct rig *rig)
{
	struct fake_topic *t;

	rig_init(rig);
	t = fake_cluster_topic(rig->cluster, "orders", 3, 100);
	topic_spec_add_config(&t->spec, "retention.ms", "1000");
	topic_spec_add_config(&t->spec, "cleanup.policy", "compact,delete");
	return t;
}

static void
clear(struct rig *rig)
{
	rig_start(rig, op_new_clear("orders", &rig->settings));
	rig_confirm(rig);
}

static void
assert_shape_kept(struct rig *rig)
{
	const struct fake_topic *t = fake_cluster_find(rig->cluster, "orders");

	assert_non_null(t);
	assert_int_equal(t->spec.partitions, 3);
	assert_int_equal(t->spec.replication, 1);
	assert_int_equal(t->spec.config_names.n, 2);
	assert_string_equal(t->spec.config_values.v[0], "1000");
	assert_string_equal(t->spec.config_values.v[1], "compact,delete");
}

static void
the_card_is_filled_before_anything_is_done(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "shipping", "orders", 2, 40);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_READY);
	assert_null(op_confirm_name(rig.op));
	assert_string_equal(rig_fact(&rig, "messages"), "300");
	assert_string_equal(rig_fact(&rig, "partitions"), "3");
	assert_string_equal(rig_fact(&rig, "replication"), "1");
	assert_string_equal(rig_fact(&rig, "configs set"), "2: retention.ms, cleanup.policy");
	assert_string_equal(rig_fact(&rig, "cleanup policy"), "delete, compact");
	assert_string_equal(rig_fact(&rig, "may be recreated"), "yes");
	assert_string_equal(rig_fact(&rig, "shape accepted"), "yes");
	assert_has(rig_fact(&rig, "groups"), "2 with commits: shipping, billing; 1 without members is put at 0");
	assert_has(rig_fact(&rig, "live members"),
	           "shipping: 2 members connected (client-1, client-2); they keep their old positions: restart them afterwards");
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
groups_that_cannot_be_seen_are_not_said_to_be_none(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	rig.cluster->groups_hidden = true;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_has(rig_fact(&rig, "groups"), "none that can be seen has commits here");
	rig_fini(&rig);
	setup(&rig);
	rig.cluster->groups_hidden = true;
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_has(rig_fact(&rig, "groups"), "1 with commits: billing");
	assert_has(rig_fact(&rig, "groups"), "groups that this user may not see lose theirs");
	rig_fini(&rig);
}

static void
facts_are_pending_until_answered(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_source_answer_with(rig.src, NULL, NULL);
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_CHECKING);
	for (size_t i = 0; i < op_nfacts(rig.op); i++)
		assert_int_equal(op_fact(rig.op, i)->level, FACT_PENDING);
	op_confirm(rig.op, &rig.out, 0);
	assert_int_equal(op_state(rig.op), OP_CHECKING);
	assert_int_equal(rig_writes(&rig), 0);
	rig_fini(&rig);
}

static void
the_shape_and_every_config_are_kept(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_shape_kept(&rig);
	assert_int_equal(fake_cluster_find(rig.cluster, "orders")->end[0], 0);
	assert_has(rig_sentence(&rig), "Cleared orders: up to 300 messages gone, 3 partitions, 2 configs kept (");
	for (size_t i = 0; i < op_nsteps(rig.op); i++)
		assert_true(op_step(rig.op, i)->ms >= 0);
	rig_fini(&rig);
}

static void
configs_that_changed_since_the_card_are_kept(void **state)
{
	struct rig rig;
	struct fake_topic *t;

	(void)state;
	t = setup(&rig);
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	topic_spec_add_config(&t->spec, "segment.bytes", "1048576");
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_cluster_find(rig.cluster, "orders")->spec.config_names.n, 3);
	rig_fini(&rig);
}

static void
groups_without_members_are_put_at_0_and_others_left_alone(void **state)
{
	struct rig rig;
	struct fake_group *down, *live, *half;

	(void)state;
	setup(&rig);
	down = fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	live = fake_cluster_group(rig.cluster, "shipping", "orders", 1, 40);
	half = fake_cluster_group(rig.cluster, "audit", "orders", 0, 7);
	half->committed[1] = OFFSET_NONE;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	for (size_t p = 0; p < 3; p++)
		assert_int_equal(down->committed[p], 0);
	assert_int_equal(live->committed[0], OFFSET_NONE);
	assert_int_equal(half->committed[0], 0);
	assert_int_equal(half->committed[1], 0);        /* nothing had come there yet; what comes now counts */
	assert_string_equal(rig_step(&rig, "reset groups")->detail, "2 put at 0, 1 with live members left alone");
	assert_has(rig_sentence(&rig), "2 groups put at 0");
	assert_has(rig_sentence(&rig), "Restart the members of shipping.");
	rig_fini(&rig);
}

static void
no_group_reset_leaves_the_groups_out(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig.settings.no_group_reset = true;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_source_count(rig.src, REQ_GROUP_COMMIT), 0);
	assert_int_equal(rig_step(&rig, "reset groups")->state, STEP_SKIPPED);
	rig_fini(&rig);
}

static void
come_alive(struct fake_cluster *c, const struct request *req)
{
	if (req->kind == REQ_TOPIC_DELETE) {
		c->groups[0].nmembers = 1;
		c->groups[0].state = GROUP_STABLE;
	}
}

static void
a_group_that_came_back_meanwhile_is_left_alone(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig.cluster->meanwhile = come_alive;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_string_equal(rig_step(&rig, "reset groups")->detail, "0 put at 0, 1 with live members left alone");
	rig_fini(&rig);
}

static void
a_group_whose_members_cannot_be_seen_is_tried(void **state)
{
	struct rig rig;
	struct fake_group *g;

	(void)state;
	setup(&rig);
	g = fake_cluster_group(rig.cluster, "modern", "orders", 0, 10);
	g->members_known = false;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_has(rig_fact(&rig, "live members"), "1 with members that this library cannot see");
	rig_confirm(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(g->committed[0], 0);
	rig_fini(&rig);
}

static void
forget_commits_late(struct fake_cluster *c, const struct request *req)
{
	int *times = c->meanwhile_ctx;

	if (req->kind == REQ_GROUP_COMMIT && (*times)-- > 0)
		c->groups[0].committed[0] = OFFSET_NONE;
}

static void
commits_that_the_broker_takes_away_again_are_committed_again(void **state)
{
	struct rig rig;
	struct fake_group *g;
	int times = 2;

	(void)state;
	setup(&rig);
	g = fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig.cluster->meanwhile = forget_commits_late;
	rig.cluster->meanwhile_ctx = &times;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_int_equal(fake_source_count(rig.src, REQ_GROUP_COMMIT), 3);
	assert_int_equal(g->committed[0], 0);
	rig_fini(&rig);
}

static void
refused_before_the_delete(struct rig *rig, enum err_code code, const char *part)
{
	rig_start(rig, op_new_clear("orders", &rig->settings));
	assert_int_equal(op_state(rig->op), OP_FAILED);
	assert_int_equal(op_error(rig->op)->code, code);
	assert_has(rig_sentence(rig), part);
	assert_int_equal(rig_writes(rig), 0);
}

static void
who_may_not_create_loses_nothing(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_DENIED, "not authorised")->topic = "orders";
	refused_before_the_delete(&rig, ERR_DENIED, "not authorised to create it again, so it is not deleted");
	assert_string_equal(rig_fact(&rig, "messages"), "300");         /* the card is filled all the same */
	rig_fini(&rig);
}

static void
a_shape_that_would_not_pass_loses_nothing(void **state)
{
	struct rig rig;
	struct fake_topic *t;

	(void)state;
	t = setup(&rig);
	t->spec.replication = 3;        /* of a cluster that has one broker left */
	refused_before_the_delete(&rig, ERR_FAILED, "would not create it again as it is");
	rig_fini(&rig);
}

static void
deletes_switched_off_lose_nothing(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	rig.cluster->delete_enabled = TRI_NO;
	refused_before_the_delete(&rig, ERR_FAILED, "delete.topic.enable=false");
	rig_fini(&rig);
}

static void
a_missing_topic_is_not_found(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	refused_before_the_delete(&rig, ERR_NOT_FOUND, "orders");
	rig_fini(&rig);
}

static void
configs_that_may_not_be_read_lose_nothing(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_READ, ERR_DENIED, "not authorised to describe its configs");
	refused_before_the_delete(&rig, ERR_DENIED, "could not be kept, so nothing was done");
	rig_fini(&rig);
}

static void
a_probe_that_is_not_authorised_is_unknown_and_said_so(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	setup(&rig);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_DENIED, "not authorised");
	trouble->after = 1;             /* the first create is the one of the real name */
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_int_equal(op_state(rig.op), OP_READY);
	assert_has(rig_fact(&rig, "shape accepted"), "unknown: not authorised");
	rig_fini(&rig);
}

static void
names_are_asked_for_where_much_is_at_stake(void **state)
{
	struct rig rig;
	struct strvec globs = STRVEC_INIT;
	struct fake_topic *t;

	(void)state;
	t = setup(&rig);
	rig.cluster->nbrokers = 3;
	t->spec.replication = 3;
	t->end[0] = 2000000;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_string_equal(op_confirm_name(rig.op), "orders");
	t->end[0] = 100;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_null(op_confirm_name(rig.op));
	strvec_push(&globs, "ord*");
	rig.settings.protected_globs = &globs;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_string_equal(op_confirm_name(rig.op), "orders");
	strvec_fini(&globs);
	rig_fini(&rig);
}

static void
internal_topics_and_read_only_are_refused_at_once(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig);
	rig_start(&rig, op_new_clear("__transaction_state", &rig.settings));
	assert_int_equal(op_error(rig.op)->code, ERR_REFUSED);
	rig.settings.read_only = true;
	rig_start(&rig, op_new_clear("orders", &rig.settings));
	assert_int_equal(op_error(rig.op)->code, ERR_REFUSED);
	assert_int_equal(fake_source_nposts(rig.src), 0);
	rig_fini(&rig);
}

static void
auto_create_in_between(struct fake_cluster *c, const struct request *req)
{
	int *times = c->meanwhile_ctx;

	if (req->kind == REQ_TOPIC_DELETE && (*times)-- > 0)
		fake_cluster_topic(c, "orders", 1, 2);
}

static void
an_auto_created_topic_in_between_is_mended(void **state)
{
	struct rig rig;
	int times = 3;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig.cluster->meanwhile = auto_create_in_between;
	rig.cluster->meanwhile_ctx = &times;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_shape_kept(&rig);
	assert_has(rig_step(&rig, "create")->detail, "deleted again 3 times");
	assert_int_equal(rig.cluster->groups[0].committed[2], 0);
	rig_fini(&rig);
}

static void
a_writer_that_always_wins_is_named(void **state)
{
	struct rig rig;
	int times = 1000000;

	(void)state;
	setup(&rig);
	rig.cluster->meanwhile = auto_create_in_between;
	rig.cluster->meanwhile_ctx = &times;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_has(rig_sentence(&rig), "Stop the writers and clear it again");
	rig_fini(&rig);
}

static void
replace_after_the_create(struct fake_cluster *c, const struct request *req)
{
	int *times = c->meanwhile_ctx;

	if (req->kind == REQ_GROUP_COMMIT && (*times)-- > 0)
		fake_cluster_topic(c, "orders", 3, 0);          /* its configs are gone */
}

static void
a_shape_that_does_not_last_is_made_again(void **state)
{
	struct rig rig;
	int times = 1;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	rig.cluster->meanwhile = replace_after_the_create;
	rig.cluster->meanwhile_ctx = &times;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_shape_kept(&rig);
	assert_int_equal(rig.cluster->groups[0].committed[0], 0);
	rig_fini(&rig);
}

static void
marked_for_deletion_is_waited_for(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	setup(&rig);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_EXISTS, "Topic 'orders' is marked for deletion.");
	trouble->validate_only = 0;
	trouble->times = 4;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_shape_kept(&rig);
	assert_int_equal(rig_step(&rig, "create")->ms, 5 + 10 + 20 + 40);
	rig_fini(&rig);
}

static void
a_create_whose_answer_got_lost_is_recognised(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	setup(&rig);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_TIMEOUT, "no answer");
	trouble->validate_only = 0;
	trouble->done_all_the_same = true;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_DONE);
	assert_shape_kept(&rig);
	assert_int_equal(fake_source_count(rig.src, REQ_TOPIC_DELETE), 1);
	rig_fini(&rig);
}

static void
a_create_that_is_refused_gives_the_command(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_FAILED, "Topic 'orders': policy violation");
	trouble->validate_only = 0;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_string_equal(rig_sentence(&rig),
	                    "Topic 'orders' was deleted, but could not be created again: Topic 'orders': policy violation. "
	                    "Create it with: topicmon create orders -p 3 -r 1 -c retention.ms=1000 -c "
	                    "cleanup.policy=compact,delete. Groups that start at their reset policy then: billing.");
	assert_has(op_error(rig.op)->text, "Topic 'orders' was deleted, but could not be created again");
	assert_null(strstr(op_error(rig.op)->text, "topicmon create"));        /* never half a command */
	rig_fini(&rig);
}

static void
a_cluster_that_vanishes_after_the_delete_is_bounded(void **state)
{
	struct rig rig;
	struct fake_trouble *trouble;

	(void)state;
	setup(&rig);
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_UNREACHABLE, "no broker answers");
	trouble->validate_only = 0;
	trouble->times = 1000000;
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_int_equal(op_error(rig.op)->code, ERR_UNREACHABLE);
	assert_has(rig_sentence(&rig), "topicmon create orders -p 3 -r 1");
	assert_in_range(rig_step(&rig, "create")->ms, 30000, 31000);
	rig_fini(&rig);
}

static void
a_failure_before_the_delete_says_that_nothing_was_done(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_DELETE, ERR_DENIED, "Topic 'orders': not authorised to delete");
	clear(&rig);
	assert_int_equal(op_error(rig.op)->code, ERR_DENIED);
	assert_string_equal(rig_sentence(&rig), "Topic 'orders': not authorised to delete. Nothing was done.");
	rig_fini(&rig);
}

static void
a_group_that_may_not_be_committed_fails_at_the_end_only(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "billing", "orders", 0, 10);
	fake_cluster_trouble(rig.cluster, REQ_GROUP_COMMIT, ERR_DENIED, "not authorised");
	clear(&rig);
	assert_int_equal(op_state(rig.op), OP_FAILED);
	assert_int_equal(op_error(rig.op)->code, ERR_DENIED);
	assert_has(rig_sentence(&rig), "was cleared and has its shape, but group 'billing' could not be put at 0");
	assert_shape_kept(&rig);
	rig_fini(&rig);
}

static void
json_survives_a_group_name_of_any_bytes(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig);
	fake_cluster_group(rig.cluster, "b\xff\"\n", "orders", 0, 10);
	fake_cluster_trouble(rig.cluster, REQ_GROUP_COMMIT, ERR_FAILED, "no");
	clear(&rig);
	strbuf_reset(&rig.text);
	op_json(rig.op, &rig.text);
	assert_true(json_is_document(rig.text.buf, rig.text.len));
	assert_null(strchr(rig.text.buf, '\n'));
	rig_fini(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_card_is_filled_before_anything_is_done),
		cmocka_unit_test(groups_that_cannot_be_seen_are_not_said_to_be_none),
		cmocka_unit_test(facts_are_pending_until_answered),
		cmocka_unit_test(the_shape_and_every_config_are_kept),
		cmocka_unit_test(configs_that_changed_since_the_card_are_kept),
		cmocka_unit_test(groups_without_members_are_put_at_0_and_others_left_alone),
		cmocka_unit_test(no_group_reset_leaves_the_groups_out),
		cmocka_unit_test(a_group_that_came_back_meanwhile_is_left_alone),
		cmocka_unit_test(a_group_whose_members_cannot_be_seen_is_tried),
		cmocka_unit_test(commits_that_the_broker_takes_away_again_are_committed_again),
		cmocka_unit_test(who_may_not_create_loses_nothing),
		cmocka_unit_test(a_shape_that_would_not_pass_loses_nothing),
		cmocka_unit_test(deletes_switched_off_lose_nothing),
		cmocka_unit_test(a_missing_topic_is_not_found),
		cmocka_unit_test(configs_that_may_not_be_read_lose_nothing),
		cmocka_unit_test(a_probe_that_is_not_authorised_is_unknown_and_said_so),
		cmocka_unit_test(names_are_asked_for_where_much_is_at_stake),
		cmocka_unit_test(internal_topics_and_read_only_are_refused_at_once),
		cmocka_unit_test(an_auto_created_topic_in_between_is_mended),
		cmocka_unit_test(a_writer_that_always_wins_is_named),
		cmocka_unit_test(a_shape_that_does_not_last_is_made_again),
		cmocka_unit_test(marked_for_deletion_is_waited_for),
		cmocka_unit_test(a_create_whose_answer_got_lost_is_recognised),
		cmocka_unit_test(a_create_that_is_refused_gives_the_command),
		cmocka_unit_test(a_cluster_that_vanishes_after_the_delete_is_bounded),
		cmocka_unit_test(a_failure_before_the_delete_says_that_nothing_was_done),
		cmocka_unit_test(a_group_that_may_not_be_committed_fails_at_the_end_only),
		cmocka_unit_test(json_survives_a_group_name_of_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
