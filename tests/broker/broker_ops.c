/*
 * Operations on a real Kafka: what a clear keeps, what a receiver that was down gets afterwards, what writers with
 * auto-create can do to it, and that what the verbs print is JSON. TOPICMON_TEST_BOOTSTRAP says where the broker is;
 * topics and groups are of our own, their names begin with "o-".
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/cli/cli.h"
#include "topicmon/model/json.h"
#include "topicmon/ops/op.h"

#define PATIENCE_MS 60000       /* after that a test says that what it waits for does not come */
#define ROUNDS      20          /* clears under live writers */

static char topic[64];          /* of the test at hand */
static char group[64];
static struct strbuf sentence;  /* of the last operation */

static void
drive(struct fixture *f, struct op *op)
{
	int64_t until = clock_ms() + PATIENCE_MS;

	while (op_state(op) == OP_CHECKING || op_state(op) == OP_RUNNING) {
		struct event ev;

		source_send(f->src, &f->out);
		if (clock_ms() > until)
			fail_msg("the operation does not end");
		if (!mailbox_pop(f->inbox, &ev)) {
			wake_wait(&f->wake, 1000);
			continue;
		}
		op_update(op, &ev, &f->out, clock_ms());
		event_fini(&ev);
	}
}

/* Runs it to its end, confirmed. */
static void
run_op(struct fixture *f, struct op *op)
{
	op_start(op, &f->out, clock_ms());
	drive(f, op);
	if (op_state(op) == OP_READY) {
		op_confirm(op, &f->out, clock_ms());
		drive(f, op);
	}
	strbuf_reset(&sentence);
	op_sentence(op, &sentence);
}

static void
run_done(struct fixture *f, struct op *op)
{
	run_op(f, op);
	if (op_state(op) != OP_DONE)
		fail_msg("%s", strbuf_str(&sentence));
	op_free(op);
}

static const struct op_settings no_settings;

static void
create_topic(struct fixture *f, int32_t partitions)
{
	struct topic_spec spec;

	topic_spec_init(&spec);
	spec.name = xstrdup(topic);
	spec.partitions = partitions;
	spec.replication = 1;
	topic_spec_add_config(&spec, "retention.ms", "7200000");
	topic_spec_add_config(&spec, "cleanup.policy", "compact,delete");
	run_done(f, op_new_create(&spec, &no_settings));
	topic_spec_fini(&spec);
}

static void
assert_shape(struct fixture *f, int32_t partitions)
{
	const struct reply *r = ask_topic(f, REQ_TOPIC_READ, topic);
	const struct topic_spec *spec = &r->shape.spec;
	size_t found = 0;

	assert_int_equal(r->err.code, ERR_NONE);
	assert_int_equal(spec->partitions, partitions);
	assert_int_equal(spec->replication, 1);
	for (size_t i = 0; i < spec->config_names.n; i++) {
		if (strcmp(spec->config_names.v[i], "retention.ms") == 0)
			found += strcmp(spec->config_values.v[i], "7200000") == 0;
		if (strcmp(spec->config_names.v[i], "cleanup.policy") == 0)
			found += strcmp(spec->config_values.v[i], "compact,delete") == 0;
	}
	assert_int_equal(found, 2);
}

static int64_t
count_messages(struct fixture *f)
{
	const struct reply *r = ask_topic(f, REQ_TOPIC_OFFSETS, topic);
	int64_t n = 0;

	assert_int_equal(r->err.code, ERR_NONE);
	for (size_t i = 0; i < r->offsets.n; i++)
		n += r->offsets.end[i] - r->offsets.start[i];
	return n;
}

/* ---- other people's clients, by the library as they use it ---- */

static rd_kafka_t *
make_client(rd_kafka_type_t type, const char *const *settings)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	assert_int_equal(rd_kafka_conf_set(conf, "bootstrap.servers", test_bootstrap(), why, sizeof(why)),
	                 RD_KAFKA_CONF_OK);
	for (; settings && *settings; settings += 2) {
		if (rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof(why)) != RD_KAFKA_CONF_OK)
			fail_msg("%s", why);
	}
	rk = rd_kafka_new(type, conf, why, sizeof(why));
	if (!rk)
		fail_msg("%s", why);
	return rk;
}

/* A receiver that begins at the end when it has no place, as most do. */
static rd_kafka_t *
subscribe(void)
{
	const char *const settings[] = { "group.id", group, "auto.offset.reset", "latest", "enable.auto.commit",
	                                 "false", "client.id", "receiver", NULL };
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_t *rk = make_client(RD_KAFKA_CONSUMER, settings);

	rd_kafka_poll_set_consumer(rk);
	rd_kafka_topic_partition_list_add(list, topic, RD_KAFKA_PARTITION_UA);
	assert_int_equal(rd_kafka_subscribe(rk, list), 0);
	rd_kafka_topic_partition_list_destroy(list);
	return rk;
}

static void
wait_for_assignment(rd_kafka_t *rk)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	int n = 0;

	while (n == 0) {
		rd_kafka_topic_partition_list_t *list;
		rd_kafka_message_t *msg = rd_kafka_consumer_poll(rk, 50);

		if (msg)
			rd_kafka_message_destroy(msg);
		assert_int_equal(rd_kafka_assignment(rk, &list), 0);
		n = list->cnt;
		rd_kafka_topic_partition_list_destroy(list);
		if (clock_ms() > until)
			fail_msg("the receiver gets no partitions");
	}
}

static int
receive(rd_kafka_t *rk, int wanted)
{
	int64_t until = clock_ms() + PATIENCE_MS;
	int n = 0;

	while (n < wanted && clock_ms() < until) {
		rd_kafka_message_t *msg = rd_kafka_consumer_poll(rk, 100);

		if (!msg)
			continue;
		n += msg->err == 0;
		rd_kafka_message_destroy(msg);
	}
	return n;
}

/* Leaves commits behind as a receiver that is gone does. */
static void
leave_commits(struct fixture *f)
{
	outsider_commit(f, group, topic, 0, 1);
	outsider_commit(f, group, topic, 1, 1);
}

struct writer {
	pthread_t thread;
	atomic_bool stop;
	atomic_long delivered;
};

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *msg, void *opaque)
{
	struct writer *w = opaque;

	(void)rk;
	if (!msg->err)
		atomic_fetch_add(&w->delivered, 1);
}

/* Writes without a pause and creates the topic when it is not there, as a producer does by default. */
static void *
writer_main(void *arg)
{
	struct writer *w = arg;
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[256];
	rd_kafka_t *rk;

	rd_kafka_conf_set(conf, "bootstrap.servers", test_bootstrap(), why, sizeof(why));
	rd_kafka_conf_set(conf, "topic.metadata.refresh.interval.ms", "10", why, sizeof(why));
	rd_kafka_conf_set(conf, "retry.backoff.ms", "1", why, sizeof(why));
	rd_kafka_conf_set(conf, "linger.ms", "0", why, sizeof(why));
	rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why));
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_opaque(conf, w);
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	while (!atomic_load(&w->stop)) {
		const struct rd_kafka_metadata *md;
		rd_kafka_topic_t *rkt = rd_kafka_topic_new(rk, topic, NULL);

		/* What makes a broker create it: a request for its metadata. */
		if (rd_kafka_metadata(rk, 0, rkt, &md, 1000) == 0)
			rd_kafka_metadata_destroy(md);
		rd_kafka_produce(rkt, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, why, 10, "k", 1, NULL);
		rd_kafka_poll(rk, 0);
		rd_kafka_topic_destroy(rkt);
	}
	rd_kafka_purge(rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	rd_kafka_destroy(rk);
	return NULL;
}

/* ---- tests ---- */

static void
a_clear_keeps_partitions_replication_and_configs(void **state)
{
	struct fixture *f = *state;
	struct op *op;

	create_topic(f, 3);
	produce_some(f, topic, -1, "v", 10, 0);
	op = op_new_clear(topic, &no_settings);
	run_op(f, op);
	if (op_state(op) != OP_DONE)
		fail_msg("%s", strbuf_str(&sentence));
	assert_non_null(strstr(strbuf_str(&sentence), "10 messages gone, 3 partitions, 2 configs kept ("));
	for (size_t i = 0; i < op_nsteps(op); i++)
		print_message("    %-24s %4lld ms\n", op_step(op, i)->title, (long long)op_step(op, i)->ms);
	op_free(op);
	assert_shape(f, 3);
	assert_int_equal(count_messages(f), 0);
	run_done(f, op_new_delete(topic, &no_settings));
}

static void
a_receiver_that_was_down_gets_what_comes_after_the_clear(void **state)
{
	struct fixture *f = *state;
	const struct reply *r;
	rd_kafka_t *rk;

	create_topic(f, 2);
	produce_some(f, topic, -1, "v", 6, 0);
	outsider_commit(f, group, topic, 0, 1);         /* on partition 1 nothing has come to it yet */
	run_done(f, op_new_clear(topic, &no_settings));
	assert_non_null(strstr(strbuf_str(&sentence), "1 group put at 0"));
	r = ask_topic(f, REQ_TOPIC_GROUPS, topic);
	assert_int_equal(r->groups.n, 1);
	assert_string_equal(r->groups.v[0].name, group);
	assert_int_equal(r->groups.v[0].committed[0], 0);
	assert_int_equal(r->groups.v[0].committed[1], 0);
	produce_some(f, topic, -1, "v", 5, 0);
	rk = subscribe();
	assert_int_equal(receive(rk, 5), 5);
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
	run_done(f, op_new_delete(topic, &no_settings));
	outsider_delete_group(f, group);
}

static void
a_group_with_members_is_named_and_left_alone(void **state)
{
	struct fixture *f = *state;
	struct op *op;
	rd_kafka_t *rk;
	bool named = false;

	create_topic(f, 2);
	produce_some(f, topic, -1, "v", 2, 0);
	leave_commits(f);
	rk = subscribe();
	wait_for_assignment(rk);
	op = op_new_clear(topic, &no_settings);
	op_start(op, &f->out, clock_ms());
	drive(f, op);
	assert_int_equal(op_state(op), OP_READY);
	for (size_t i = 0; i < op_nfacts(op); i++)
		named = named || (strstr(op_fact(op, i)->text, group) &&
		                  strstr(op_fact(op, i)->text, "1 member connected (receiver)"));
	assert_true(named);
	op_confirm(op, &f->out, clock_ms());
	drive(f, op);
	assert_int_equal(op_state(op), OP_DONE);
	op_free(op);
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
	run_done(f, op_new_delete(topic, &no_settings));
	outsider_delete_group(f, group);
}

static void
writers_with_auto_create_never_win(void **state)
{
	struct writer w;
	struct fixture *f = *state;
	struct op *op;
	long before;
	int nmended = 0;

	create_topic(f, 3);
	atomic_init(&w.stop, false);
	atomic_init(&w.delivered, 0);
	assert_int_equal(pthread_create(&w.thread, NULL, writer_main, &w), 0);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t until = clock_ms() + PATIENCE_MS;

		before = atomic_load(&w.delivered);
		while (atomic_load(&w.delivered) <= before) {
			if (clock_ms() > until)
				fail_msg("the writer does not write");
			wake_wait(&f->wake, 5);
		}
		op = op_new_clear(topic, &no_settings);
		run_op(f, op);
		if (op_state(op) != OP_DONE)
			fail_msg("clear %d: %s", i, strbuf_str(&sentence));
		nmended += strstr(op_step(op, 3)->detail, "auto-created") != NULL;
		op_free(op);
		assert_shape(f, 3);
	}
	print_message("    the writer came in between in %d of %d\n", nmended, ROUNDS);
	atomic_store(&w.stop, true);
	pthread_join(w.thread, NULL);
	run_done(f, op_new_delete(topic, &no_settings));
}

static void
what_is_not_there_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct op *op;

	op = op_new_clear(topic, &no_settings);
	run_op(f, op);
	assert_int_equal(op_state(op), OP_FAILED);
	assert_int_equal(op_error(op)->code, ERR_NOT_FOUND);
	op_free(op);
	op = op_new_delete(topic, &no_settings);
	run_op(f, op);
	assert_int_equal(op_error(op)->code, ERR_NOT_FOUND);
	op_free(op);
}

static void
what_the_broker_would_refuse_is_not_created(void **state)
{
	struct topic_spec spec;
	struct fixture *f = *state;
	struct op *op;

	topic_spec_init(&spec);
	spec.name = xstrdup(topic);
	spec.partitions = 1;
	spec.replication = 1;
	topic_spec_add_config(&spec, "retention.ms", "soon");
	op = op_new_create(&spec, &no_settings);
	run_op(f, op);
	assert_int_equal(op_state(op), OP_FAILED);
	assert_non_null(strstr(strbuf_str(&sentence), "retention.ms"));
	op_free(op);
	topic_spec_fini(&spec);
}

/* ---- the verbs: what they print ---- */

static struct strbuf printed;

/* Runs a verb in this process with stdout in a file; its lines are in `printed`. */
static int
run_verb(int argc, const char *const *args)
{
	char *argv[16] = { NULL };
	struct connection conn;
	struct options o;
	struct settings s;
	struct err e;
	FILE *file = tmpfile();
	int saved, status;
	char buf[4096];
	size_t n;

	assert_in_range(argc, 1, 15);
	for (int i = 0; i < argc; i++)
		argv[i] = xstrdup(args[i]);
	if (!options_parse(argc, argv, &o, &e))
		fail_msg("%s", e.text);
	settings_init(&s);
	connection_init(&conn);
	free(conn.bootstrap);
	conn.bootstrap = xstrdup(test_bootstrap());
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	dup2(fileno(file), STDOUT_FILENO);
	status = cli_run(&o, &s, &conn);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	strbuf_reset(&printed);
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		strbuf_add(&printed, buf, n);
	fclose(file);
	connection_fini(&conn);
	settings_fini(&s);
	options_fini(&o);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return status;
}

/* Runs it with --json: each line must be a JSON document, and the first one that has `part` is looked for. */
static void
assert_json(const char *part, int argc, const char *const *args)
{
	const char *at;
	char *line;
	bool found = false;

	assert_int_equal(run_verb(argc, args), 0);
	for (at = strbuf_str(&printed); *at;) {
		size_t len = strcspn(at, "\n");

		if (!json_is_document(at, len))
			fail_msg("not JSON: %.*s", (int)len, at);
		line = xstrndup(at, len);
		found = found || strstr(line, part);
		free(line);
		at += len + (at[len] == '\n');
	}
	if (!found)
		fail_msg("\"%s\" is not in: %s", part, strbuf_str(&printed));
}

#define VERB_JSON(part, ...) \
	do { \
		const char *const args_[] = { "topicmon", __VA_ARGS__, "--json" }; \
		assert_json((part), (int)ARRAY_LEN(args_), args_); \
	} while (0)

static void
what_the_verbs_print_is_json(void **state)
{
	struct fixture *f = *state;

	VERB_JSON("\"result\":\"done\"", "create", topic, "-p", "2", "-r", "1", "-c", "retention.ms=7200000");
	VERB_JSON("\"partition\":1,\"offset\":0", "produce", topic, "--partition", "1", "-k", "k", "--value", "v", "-H",
	          "a=b");
	leave_commits(f);
	VERB_JSON(topic, "list");
	VERB_JSON("\"config\":{\"retention.ms\":\"7200000\"}", "describe", topic);
	VERB_JSON("\"key\":\"k\",\"value\":\"v\",\"headers\":[[\"a\",\"b\"]]}", "tail", topic);
	VERB_JSON("{\"count\":1}", "tail", topic, "--count");
	VERB_JSON(group, "groups");
	VERB_JSON("\"committed\":1,\"start\":0,\"end\":1,\"lso\":null,\"lag\":0,\"member\":null,\"reason\":null}", "lag",
	          group);
	VERB_JSON("\"result\":\"done\"", "clear", topic, "--yes");
	VERB_JSON("\"committed\":0,\"start\":0,\"end\":0,", "lag", group);
	VERB_JSON("\"result\":\"done\"", "delete", topic, "--yes");
	outsider_delete_group(f, group);
}

static void
statuses_are_as_documented(void **state)
{
	const char *const describe[] = { "topicmon", "describe", topic };
	const char *const tail[] = { "topicmon", "tail", topic };
	const char *const lag[] = { "topicmon", "lag", group };
	const char *const clear[] = { "topicmon", "clear", topic, "--yes" };
	const char *const unsure[] = { "topicmon", "create", topic, "-r", "77" };

	(void)state;
	assert_int_equal(run_verb(3, describe), 5);
	assert_int_equal(run_verb(3, tail), 5);
	assert_int_equal(run_verb(3, lag), 5);
	assert_int_equal(run_verb(4, clear), 5);
	assert_int_equal(run_verb(5, unsure), 1);
	assert_int_equal(printed.len, 0);
}

/* A fixture, and a topic and a group that no other test uses; the topic is deleted in teardown if it is still there. */
static int
setup(void **state)
{
	static int n;
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	n++;
	snprintf(topic, sizeof(topic), "o-ops-%ld-%d", (long)getpid(), n);
	snprintf(group, sizeof(group), "o-group-%ld-%d", (long)getpid(), n);
	strvec_push(&f->topics, topic);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_clear_keeps_partitions_replication_and_configs),
		TEST(a_receiver_that_was_down_gets_what_comes_after_the_clear),
		TEST(a_group_with_members_is_named_and_left_alone),
		TEST(writers_with_auto_create_never_win),
		TEST(what_is_not_there_is_not_found),
		TEST(what_the_broker_would_refuse_is_not_created),
		TEST(what_the_verbs_print_is_json),
		TEST(statuses_are_as_documented),
	};

	utf8_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
