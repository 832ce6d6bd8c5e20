/* cli: the verbs against a cluster in memory: exit statuses, confirmations, sentences. stdout and stderr go to files. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_private.h"
#include "fake_cluster.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"
#include "topicmon/model/picture.h"

struct capture {
	int fd;                 /* 1 or 2 */
	int saved;
	FILE *file;
	char text[8192];
};

struct rig {
	struct cli c;
	struct options o;
	struct settings s;
	struct connection conn;
	struct fake_cluster *cluster;
	struct capture out, err;
	struct connection_event trouble;        /* pushed for every watch and stream, when it has an address */
	struct snapshot *snap;                  /* answers watches */
};

static void
capture_begin(struct capture *cap, int fd)
{
	fflush(stdout);
	cap->fd = fd;
	cap->saved = dup(fd);
	cap->file = tmpfile();
	assert_non_null(cap->file);
	assert_true(dup2(fileno(cap->file), fd) >= 0);
}

static void
capture_end(struct capture *cap)
{
	size_t n;

	fflush(stderr);
	dup2(cap->saved, cap->fd);
	close(cap->saved);
	rewind(cap->file);
	n = fread(cap->text, 1, sizeof(cap->text) - 1, cap->file);
	cap->text[n] = '\0';
	fclose(cap->file);
}

static bool
answer(void *ctx, const struct request *req, struct event *ev)
{
	struct rig *rig = ctx;

	if (rig->trouble.address[0]) {
		ev->kind = EV_CONNECTION;
		ev->connection = rig->trouble;
		return true;
	}
	if (req->kind == REQ_WATCH && rig->snap) {
		ev->kind = EV_SNAPSHOT;
		ev->snapshot = snapshot_ref(rig->snap);
		return true;
	}
	return fake_cluster_answer(rig->cluster, req, ev);
}

static void
rig_init(struct rig *rig, enum verb verb)
{
	static char bootstrap[] = "localhost:9092";

	memset(rig, 0, sizeof(*rig));
	rig->cluster = fake_cluster_new();
	rig->o.verb = verb;
	rig->o.partitions = rig->o.replication = rig->o.partition = -1;
	rig->conn.bootstrap = bootstrap;
	rig->conn.timeout_ms = 50;
	settings_init(&rig->s);
	rig->c.o = &rig->o;
	rig->c.s = &rig->s;
	rig->c.conn = &rig->conn;
	rig->c.since_ms = clock_ms();
	wake_init(&rig->c.wake);
	rig->c.inbox = inbox_new(&rig->c.wake);
	outbox_init(&rig->c.out);
	rig->c.src = fake_source_new(rig->c.inbox, answer, rig);
}

static void
rig_fini(struct rig *rig)
{
	source_stop(rig->c.src, 0);
	outbox_fini(&rig->c.out);
	mailbox_free(rig->c.inbox);
	wake_fini(&rig->c.wake);
	strbuf_fini(&rig->c.text);
	settings_fini(&rig->s);
	strvec_fini(&rig->o.topics);
	strvec_fini(&rig->o.confirm);
	snapshot_unref(rig->snap);
	fake_cluster_free(rig->cluster);
}

static int
run(struct rig *rig, int (*verb)(struct cli *c))
{
	int status;

	capture_begin(&rig->out, STDOUT_FILENO);
	capture_begin(&rig->err, STDERR_FILENO);
	status = verb(&rig->c);
	capture_end(&rig->err);
	capture_end(&rig->out);
	return status;
}

static void
assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, text);
}

static void
a_clear_with_yes_prints_its_result(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_CLEAR);
	fake_cluster_topic(rig.cluster, "orders", 3, 10);
	strvec_push(&rig.o.topics, "orders");
	rig.o.yes = true;
	assert_int_equal(run(&rig, cli_clear), 0);
	assert_has(rig.out.text, "Cleared orders: 30 messages gone, 3 partitions (");
	assert_string_equal(rig.err.text, "");
	assert_int_equal(fake_cluster_find(rig.cluster, "orders")->end[0], 0);
	rig_fini(&rig);
}

static void
json_of_an_operation_is_one_line(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_CLEAR);
	fake_cluster_topic(rig.cluster, "orders", 3, 10);
	strvec_push(&rig.o.topics, "orders");
	rig.o.yes = rig.o.json = true;
	assert_int_equal(run(&rig, cli_clear), 0);
	assert_true(json_is_document(rig.out.text, strlen(rig.out.text)));
	assert_has(rig.out.text, "{\"kind\":\"clear\",\"topic\":\"orders\",\"result\":\"done\",");
	rig_fini(&rig);
}

static void
without_a_terminal_nobody_can_say_yes(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_CLEAR);
	fake_cluster_topic(rig.cluster, "orders", 3, 10);
	strvec_push(&rig.o.topics, "orders");
	assert_int_equal(run(&rig, cli_clear), 6);
	assert_has(rig.err.text, "topicmon: Topic 'orders': not confirmed.");
	assert_has(rig.err.text, "--yes");
	assert_int_equal(fake_cluster_find(rig.cluster, "orders")->end[0], 10);
	rig_fini(&rig);
}

static void
yes_does_not_override_protected(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_DELETE);
	fake_cluster_topic(rig.cluster, "orders", 3, 10);
	strvec_push(&rig.o.topics, "orders");
	strvec_push(&rig.s.protected_topics, "ord*");
	rig.o.yes = true;
	assert_int_equal(run(&rig, cli_delete), 6);
	assert_has(rig.err.text, "--confirm orders");
	assert_non_null(fake_cluster_find(rig.cluster, "orders"));
	strvec_push(&rig.o.confirm, "orders");
	assert_int_equal(run(&rig, cli_delete), 0);
	assert_null(fake_cluster_find(rig.cluster, "orders"));
	rig_fini(&rig);
}

static void
several_topics_go_on_after_a_failure(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_DELETE);
	fake_cluster_topic(rig.cluster, "a", 1, 1);
	fake_cluster_topic(rig.cluster, "c", 1, 1);
	strvec_push(&rig.o.topics, "a");
	strvec_push(&rig.o.topics, "b");
	strvec_push(&rig.o.topics, "c");
	rig.o.yes = true;
	assert_int_equal(run(&rig, cli_delete), 5);
	assert_has(rig.err.text, "topicmon: Topic 'b' does not exist.");
	assert_null(fake_cluster_find(rig.cluster, "a"));
	assert_null(fake_cluster_find(rig.cluster, "c"));
	rig_fini(&rig);
}

static void
denied_and_read_only_have_their_statuses(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_CLEAR);
	fake_cluster_topic(rig.cluster, "orders", 1, 1);
	fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_DENIED, "no");
	strvec_push(&rig.o.topics, "orders");
	rig.o.yes = true;
	assert_int_equal(run(&rig, cli_clear), 4);
	rig.conn.read_only = true;
	assert_int_equal(run(&rig, cli_clear), 6);
	assert_int_equal(run(&rig, cli_produce), 6);
	rig_fini(&rig);
}

static void
a_lost_topic_comes_with_the_whole_command(void **state)
{
	struct rig rig;
	struct fake_topic *t;
	struct fake_trouble *trouble;

	(void)state;
	rig_init(&rig, VERB_CLEAR);
	t = fake_cluster_topic(rig.cluster, "orders", 3, 1);
	for (int i = 0; i < 20; i++)
		topic_spec_add_config(&t->spec, "some.config.with.a.long.name", "12345678901234567890");
	trouble = fake_cluster_trouble(rig.cluster, REQ_TOPIC_CREATE, ERR_FAILED, "policy violation");
	trouble->validate_only = 0;
	strvec_push(&rig.o.topics, "orders");
	rig.o.yes = true;
	assert_int_equal(run(&rig, cli_clear), 1);
	assert_has(rig.err.text, "was deleted, but could not be created again: policy violation. Create it with: "
	                         "topicmon create orders -p 3 -r 1 -c some.config");
	assert_true(strlen(rig.err.text) > 20 * strlen("some.config.with.a.long.name"));
	rig_fini(&rig);
}

static void
silence_is_bounded_and_names_the_address(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_LIST);
	assert_int_equal(run(&rig, cli_list), 3);
	assert_has(rig.err.text, "No broker answers at localhost:9092 within 0.05 s.");
	rig.trouble = (struct connection_event){
		.state = CONN_DOWN, .address = "localhost:9092", .reason = "connection refused",
	};
	assert_int_equal(run(&rig, cli_groups), 3);
	assert_has(rig.err.text, "No broker answers at localhost:9092: connection refused (waited 0.05 s).");
	rig_fini(&rig);
}

static void
a_name_that_does_not_resolve_comes_with_the_option(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_LIST);
	rig.trouble = (struct connection_event){
		.state = CONN_DOWN, .address = "broker1:9092", .unresolved = "broker1", .reason = "the name does not resolve",
	};
	assert_int_equal(run(&rig, cli_list), 3);
	assert_has(rig.err.text, "--resolve broker1=127.0.0.1");
	rig_fini(&rig);
}

static void
a_failed_login_is_said_at_once(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_LIST);
	rig.conn.timeout_ms = 60000;
	rig.trouble = (struct connection_event){
		.state = CONN_DENIED, .address = "localhost:9092", .reason = "SASL authentication failed",
	};
	assert_int_equal(run(&rig, cli_list), 4);
	assert_has(rig.err.text, "Login at localhost:9092 failed: SASL authentication failed.");
	rig_fini(&rig);

	/* Configs that may not be read are no reason to stop; a login that failed is. */
	rig_init(&rig, VERB_DESCRIBE);
	strvec_push(&rig.o.topics, "orders");
	rig.conn.timeout_ms = 60000;
	rig.trouble = (struct connection_event){
		.state = CONN_DENIED, .address = "localhost:9092", .reason = "SASL authentication failed",
	};
	assert_int_equal(run(&rig, cli_describe), 4);
	assert_has(rig.err.text, "Login at localhost:9092 failed: SASL authentication failed.");
	assert_null(strstr(rig.err.text, "not authorised"));
	rig_fini(&rig);
}

static struct snapshot *
empty_snapshot(void)
{
	struct picture *p = picture_new();
	struct snapshot *snap;

	picture_metadata_begin(p, "cluster", 1);
	picture_metadata_broker(p, 1, "localhost", 9092);
	picture_metadata_end(p, 1000);
	picture_groups_begin(p);
	picture_groups_end(p);
	snap = picture_freeze(p, 1000, 1000);
	picture_free(p);
	return snap;
}

static void
what_does_not_exist_is_5(void **state)
{
	struct rig rig;

	(void)state;
	rig_init(&rig, VERB_DESCRIBE);
	rig.snap = empty_snapshot();
	strvec_push(&rig.o.topics, "nothing");
	assert_int_equal(run(&rig, cli_describe), 5);
	assert_has(rig.err.text, "topicmon: Topic 'nothing' does not exist.");
	rig.o.group = xstrdup("nobody");
	assert_int_equal(run(&rig, cli_lag), 5);
	assert_has(rig.err.text, "topicmon: Group 'nobody' does not exist.");
	free(rig.o.group);
	rig.o.group = NULL;
	assert_int_equal(run(&rig, cli_lag), 0);
	assert_int_equal(run(&rig, cli_list), 0);
	rig_fini(&rig);
}

static void
create_and_produce(void **state)
{
	struct rig rig;
	char value[] = "v";

	(void)state;
	rig_init(&rig, VERB_CREATE);
	strvec_push(&rig.o.topics, "orders");
	rig.o.partitions = 3;
	assert_int_equal(run(&rig, cli_create), 0);
	assert_has(rig.out.text, "Created orders: 3 partitions, replication 1 (");
	assert_int_equal(run(&rig, cli_create), 1);
	assert_has(rig.err.text, "exists already");
	rig.o.value = value;
	rig.o.json = true;
	assert_int_equal(run(&rig, cli_produce), 0);
	assert_has(rig.out.text, "{\"topic\":\"orders\",\"partition\":0,\"offset\":0,\"timestamp\":");
	rig_fini(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clear_with_yes_prints_its_result),
		cmocka_unit_test(json_of_an_operation_is_one_line),
		cmocka_unit_test(without_a_terminal_nobody_can_say_yes),
		cmocka_unit_test(yes_does_not_override_protected),
		cmocka_unit_test(several_topics_go_on_after_a_failure),
		cmocka_unit_test(denied_and_read_only_have_their_statuses),
		cmocka_unit_test(a_lost_topic_comes_with_the_whole_command),
		cmocka_unit_test(silence_is_bounded_and_names_the_address),
		cmocka_unit_test(a_name_that_does_not_resolve_comes_with_the_option),
		cmocka_unit_test(a_failed_login_is_said_at_once),
		cmocka_unit_test(what_does_not_exist_is_5),
		cmocka_unit_test(create_and_produce),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
