/* What is done by keys to a real cluster: create, delete, clear, produce. */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cluster.h"
#include "topicmon/base/mem.h"

static struct pty_screen *
start_on(const char *topic)
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address(), topic) });

	rig_see(ps, "1 broker");
	return ps;
}

/* Opens a card by its key and waits until it is there for keys. */
static void
open_card(struct pty_screen *ps, const char *key, const char *title)
{
	pty_keys(ps, key);
	rig_see(ps, title);
}

/* The verb's line for the topic; the caller frees it. */
static char *
described(const char *topic)
{
	struct strbuf out = STRBUF_INIT;

	assert_int_equal(rig_verb(ARGS("describe", topic, "--json", "-b", cluster_address()), NULL, &out, NULL), 0);
	return strbuf_detach(&out);
}

/* The object behind "config": in the line. */
static const char *
config_of(const char *line)
{
	const char *config = strstr(line, "\"config\":");

	assert_non_null(config);
	return config;
}

struct row {
	const char *topic;
	int partitions, messages;
};

/* The row under the cursor has the topic and its numbers. */
static bool
has_row(struct pty_screen *ps, void *arg)
{
	const struct row *want = arg;
	struct row have = { .partitions = -1 };
	struct strbuf name = STRBUF_INIT;
	int y;

	strbuf_addf(&name, "▸%s ", want->topic);
	if (pty_find(ps, strbuf_str(&name), &y, NULL)) {
		char *line = pty_line(ps, y);

		sscanf(strstr(line, want->topic) + strlen(want->topic), "%d %d", &have.partitions, &have.messages);
		free(line);
	}
	strbuf_fini(&name);
	return have.partitions == want->partitions && have.messages == want->messages;
}

static void
test_topics_with_their_message_counts(void **state)
{
	const char *full = cluster_topic("full"), *empty = cluster_topic("empty");
	struct row row = { full, 3, 17 };
	struct pty_screen *ps;

	(void)state;
	cluster_write_some(full, "k", row.messages);
	ps = start_on(full);
	assert_true(pty_wait(ps, has_row, &row, WAIT_MS));
	row = (struct row){ empty, 3, 0 };
	pty_keys(ps, ":");
	rig_see(ps, "┌ Command");
	pty_keys(ps, "topic ");
	pty_keys(ps, empty);
	pty_keys(ps, "<Enter>");
	assert_true(pty_wait(ps, has_row, &row, WAIT_MS));
	rig_quit(ps);
}

static void
test_create_by_form(void **state)
{
	const char *topic = cluster_name("created");
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address()) });
	char *line;

	(void)state;
	rig_see(ps, "1 broker");
	open_card(ps, "c", "┌ Create a topic");
	/* Checked as it is typed. */
	pty_keys(ps, "a b");
	rig_see(ps, "no spaces");
	pty_keys(ps, "<C-u>");
	rig_gone(ps, "no spaces");
	pty_keys(ps, topic);
	pty_keys(ps, "<Tab><C-u>0");
	rig_see(ps, "from 1");
	pty_keys(ps, "<BS>4<Tab><Tab>retention.ms=123456789");
	rig_gone(ps, "from 1");
	pty_keys(ps, "<Enter>");
	rig_gone(ps, "┌ Create a topic");
	/* It is the selected one now. */
	rig_see(ps, "4 partitions");
	line = described(topic);
	assert_non_null(strstr(line, "\"partition\":3"));
	assert_null(strstr(line, "\"partition\":4"));
	assert_non_null(strstr(config_of(line), "\"retention.ms\":\"123456789\""));
	free(line);
	rig_quit(ps);
}

static void
test_create_says_the_brokers_refusal_beside_the_field(void **state)
{
	const char *topic = cluster_name("refused");
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address()) });

	(void)state;
	rig_see(ps, "1 broker");
	open_card(ps, "c", "┌ Create a topic");
	pty_keys(ps, topic);
	pty_keys(ps, "<Tab><Tab><Tab>no.such.config=1<Enter>");
	rig_see(ps, "no.such.config");
	rig_see(ps, "nknown topic config");
	assert_true(pty_find(ps, "┌ Create a topic", NULL, NULL));
	assert_false(cluster_has(topic));
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Create a topic");
	rig_quit(ps);
}

static void
test_delete_asks_for_the_name(void **state)
{
	const char *topic = cluster_topic("deleted");
	struct pty_screen *ps = start_on(topic);

	(void)state;
	open_card(ps, "d", "and press Enter");
	pty_keys(ps, "y");
	pty_keys(ps, topic);
	pty_keys(ps, "<Enter>");
	/* Not the name: nothing was done. */
	rig_settle(ps);
	assert_true(cluster_has(topic));
	pty_keys(ps, "<C-u>");
	pty_keys(ps, topic);
	pty_keys(ps, "<Enter>");
	rig_see(ps, "Deleted ");
	assert_false(cluster_has(topic));
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Delete");
	rig_quit(ps);
}

static void
test_clear_keeps_partitions_and_configs(void **state)
{
	const char *topic = cluster_name("cleared"), *group = cluster_name("group");
	struct pty_screen *ps;
	char *before, *after;

	(void)state;
	cluster_create(topic, 5, ARGS("retention.ms=987654321", "cleanup.policy=compact,delete", "segment.bytes=1048576"));
	cluster_write_some(topic, "k", 20);
	cluster_commit(group, topic, 0, 2);
	before = described(topic);
	ps = start_on(topic);
	open_card(ps, "x", "clear it");
	rig_see(ps, group);
	pty_keys(ps, "y");
	rig_see(ps, "Cleared ");
	after = described(topic);
	assert_string_equal(config_of(after), config_of(before));
	assert_non_null(strstr(after, "\"partition\":4"));
	assert_null(strstr(after, "\"partition\":5"));
	for (const char *p = strstr(after, "\"end\":"); p != NULL; p = strstr(p + 1, "\"end\":"))
		assert_int_equal(atoi(p + 6), 0);
	/* The receiver that is down gets what is published from now on. */
	assert_int_equal(cluster_committed(group, topic, 0), 0);
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Clear");
	/* And the stream is on the new topic. */
	cluster_write(topic, &(struct message){ .partition = 0, .key = "afterwards", .value = "{}" });
	rig_see(ps, "afterwards");
	rig_quit(ps);
	free(before);
	free(after);
}

static void
test_clear_is_not_done_by_another_key(void **state)
{
	const char *topic = cluster_topic("kept");
	struct pty_screen *ps;
	struct strbuf text = STRBUF_INIT;

	(void)state;
	cluster_write(topic, &(struct message){ .partition = 0, .key = "a", .value = "b" });
	ps = start_on(topic);
	open_card(ps, "x", "clear it");
	pty_keys(ps, "Y<Enter>x<Tab>");
	pty_paste(ps, "y");
	rig_settle(ps);
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Clear");
	/* What is typed before the card was seen is not for it. */
	pty_keys(ps, "xy");
	rig_see(ps, "clear it");
	rig_settle(ps);
	assert_false(pty_find(ps, "Cleared ", NULL, NULL));
	cluster_read(topic, 0, &text);
	assert_string_equal(strbuf_str(&text), "a=b\n");
	strbuf_fini(&text);
	pty_keys(ps, "<Esc>");
	rig_gone(ps, "┌ Clear");
	rig_quit(ps);
}

static void
test_produce_by_form(void **state)
{
	const char *topic = cluster_topic("produced");
	struct pty_screen *ps = start_on(topic);
	struct strbuf text = STRBUF_INIT;

	(void)state;
	open_card(ps, "p", "┌ Write a message");
	pty_keys(ps, "mykey<Tab>{\"status\":\"NEW\"}<Tab>source=web note=\"a b\"<Tab>9");
	rig_see(ps, "0 to 2");
	pty_keys(ps, "<BS>1");
	rig_gone(ps, "0 to 2");
	pty_keys(ps, "<Enter>");
	rig_see(ps, "partition 1, offset 0");
	rig_gone(ps, "┌ Write a message");
	rig_see(ps, "mykey");
	cluster_read(topic, 1, &text);
	assert_string_equal(strbuf_str(&text), "mykey={\"status\":\"NEW\"}\n");
	strbuf_reset(&text);
	assert_int_equal(rig_verb(ARGS("tail", topic, "--json", "--from", "beginning", "-b", cluster_address()), NULL, &text,
	                          NULL), 0);
	assert_non_null(strstr(strbuf_str(&text), "[[\"source\",\"web\"],[\"note\",\"a b\"]]"));
	strbuf_fini(&text);
	rig_quit(ps);
}

static void
test_produce_by_the_editor(void **state)
{
	const char *topic = cluster_topic("edited");
	struct strbuf env = STRBUF_INIT, text = STRBUF_INIT;
	struct pty_screen *ps;
	const char *script;

	(void)state;
	/* An editor that asks for the terminal, as any does, and sees what was typed so far. */
	script = rig_write("editor", "#!/bin/sh\nprintf 'editing: '; cat \"$1\"; echo\nread answer\n"
	                             "printf 'line one\\nline two\\n' >\"$1\"\n");
	assert_int_equal(chmod(script, 0700), 0);
	strbuf_addf(&env, "EDITOR=%s", script);
	ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address(), topic), .env = ARGS(strbuf_str(&env)) });
	rig_see(ps, "1 broker");
	open_card(ps, "p", "┌ Write a message");
	pty_keys(ps, "k<Tab>typed<C-x>");
	rig_see(ps, "editing: typed");
	assert_false(pty_altscreen(ps));
	assert_true(pty_termios_restored(ps));
	pty_send(ps, "done\n");
	rig_see(ps, "line one");
	rig_gone(ps, "editing:");
	assert_true(pty_altscreen(ps));
	pty_keys(ps, "<Tab><Tab>2<Enter>");
	rig_see(ps, "partition 2, offset 0");
	cluster_read(topic, 2, &text);
	assert_string_equal(strbuf_str(&text), "k=line one\nline two\n");
	strbuf_fini(&text);
	strbuf_fini(&env);
	rig_quit(ps);
}

static void
test_an_editor_that_fails_changes_nothing(void **state)
{
	static const struct { const char *editor, *says; } cases[] = {
		{ "EDITOR=/nonexistent/editor", "There is no editor" },
		{ "EDITOR=false", "The editor failed" },
	};
	const char *topic = cluster_topic("unedited");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pty_screen *ps = rig_start(&(struct session){
			.args = ARGS("-b", cluster_address(), topic), .env = ARGS(cases[i].editor) });

		rig_see(ps, "1 broker");
		open_card(ps, "p", "┌ Write a message");
		pty_keys(ps, "k<Tab>typed<C-x>");
		rig_see(ps, cases[i].says);
		rig_see(ps, "typed");
		pty_keys(ps, "<Esc>");
		rig_gone(ps, "┌ Write a message");
		rig_quit(ps);
	}
}

static void
test_read_only_takes_no_act(void **state)
{
	const char *topic = cluster_topic("untouched");
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address(), "--read-only", topic) });

	(void)state;
	rig_see(ps, "1 broker");
	assert_false(pty_find(ps, "c create", NULL, NULL));
	for (const char *key = "cdxp"; *key != '\0'; key++) {
		char keys[2] = { *key, '\0' };

		pty_keys(ps, keys);
		rig_see(ps, "read-only");
		assert_false(pty_find(ps, "┌ Create", NULL, NULL) || pty_find(ps, "┌ Delete", NULL, NULL) ||
		             pty_find(ps, "┌ Clear", NULL, NULL) || pty_find(ps, "┌ Write", NULL, NULL));
	}
	rig_quit(ps);
	assert_true(cluster_has(topic));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_setup, cluster_teardown)
		TEST(test_topics_with_their_message_counts),
		TEST(test_create_by_form),
		TEST(test_create_says_the_brokers_refusal_beside_the_field),
		TEST(test_delete_asks_for_the_name),
		TEST(test_clear_keeps_partitions_and_configs),
		TEST(test_clear_is_not_done_by_another_key),
		TEST(test_produce_by_form),
		TEST(test_produce_by_the_editor),
		TEST(test_an_editor_that_fails_changes_nothing),
		TEST(test_read_only_takes_no_act),
	};

	return cmocka_run_group_tests_name("pty_acts", tests, NULL, NULL);
}
