/* The live stream of a real topic: what comes, how it is held, opened, cleared under it, and what hostile bytes do. */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define BIG (1024 * 1024)
#define DEEP 10000

static struct pty_screen *
start_on(const char *topic)
{
	struct pty_screen *ps = rig_start(&(struct session){ .args = ARGS("-b", cluster_address(), topic) });

	rig_see(ps, "1 broker");
	return ps;
}

static void
write_one(const char *topic, const char *key, const char *value)
{
	cluster_write(topic, &(struct message){ .partition = 0, .key = key, .value = value });
}

static void
test_a_message_appears_as_it_is_written(void **state)
{
	const char *topic = cluster_topic("live");
	struct pty_screen *ps = start_on(topic);

	(void)state;
	rig_see(ps, "No messages yet");
	write_one(topic, "first-key", "{\"status\":\"NEW\"}");
	rig_see(ps, "first-key");
	rig_see(ps, "{\"status\":\"NEW\"}");
	rig_gone(ps, "No messages yet");
	cluster_write(topic, &(struct message){ .partition = 1, .key = "tombstone-key", .value = NULL });
	rig_see(ps, "tombstone-key");
	rig_see(ps, "null");
	rig_quit(ps);
}

static void
test_space_holds_the_stream_and_lets_it_go(void **state)
{
	const char *topic = cluster_topic("held");
	struct pty_screen *ps = start_on(topic);

	(void)state;
	write_one(topic, "before", "1");
	rig_see(ps, "before");
	pty_keys(ps, "<Space>");
	rig_see(ps, "paused");
	write_one(topic, "meanwhile", "2");
	write_one(topic, "meanwhile", "3");
	rig_see(ps, "2 new");
	assert_false(pty_find(ps, "meanwhile", NULL, NULL));
	assert_true(pty_find(ps, "before", NULL, NULL));
	pty_keys(ps, "<Space>");
	rig_see(ps, "meanwhile");
	rig_gone(ps, "paused");
	rig_quit(ps);
}

static void
test_enter_opens_the_whole_message(void **state)
{
	const char *topic = cluster_topic("opened");
	struct pty_screen *ps;

	(void)state;
	cluster_write(topic, &(struct message){ .partition = 2, .key = "the-key",
		.value = "{\"order_id\":9007199254740993,\"items\":[{\"sku\":\"A\"}],\"big\":1e400}",
		.header = "trace", .header_value = "abc" });
	ps = start_on(topic);
	rig_see(ps, "the-key");
	pty_keys(ps, "2<Enter>");
	rig_see(ps, "partition  2");
	rig_see(ps, "trace: abc");
	/* Numbers as they are written. */
	rig_see(ps, "  \"order_id\": 9007199254740993,");
	rig_see(ps, "      \"sku\": \"A\"");
	rig_see(ps, "  \"big\": 1e400");
	pty_keys(ps, "r");
	rig_see(ps, "{\"order_id\":9007199254740993,\"items\"");
	pty_keys(ps, "r");
	rig_see(ps, "00000000  7b 22 6f");
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	rig_quit(ps);
}

static void
test_scrolled_back_the_rows_stay(void **state)
{
	const char *topic = cluster_topic("scrolled");
	struct pty_screen *ps;
	int before, after;

	(void)state;
	for (int i = 0; i < 50; i++) {
		char key[32];

		snprintf(key, sizeof key, "row-%02d-", i);
		write_one(topic, key, "{}");
	}
	ps = start_on(topic);
	rig_see(ps, "row-49-");
	pty_keys(ps, "2<PgUp>");
	rig_see(ps, "row-34-");
	assert_true(pty_find(ps, "row-34-", &before, NULL));
	write_one(topic, "later", "{}");
	rig_see(ps, "1 new");
	assert_false(pty_find(ps, "later", NULL, NULL));
	assert_true(pty_find(ps, "row-34-", &after, NULL));
	assert_int_equal(before, after);
	pty_keys(ps, "G");
	rig_see(ps, "later");
	rig_quit(ps);
}

static void
test_filter_and_find(void **state)
{
	const char *topic = cluster_topic("filtered");
	struct pty_screen *ps;

	(void)state;
	cluster_write_some(topic, "key-", 20);
	ps = start_on(topic);
	rig_see(ps, "key-19");
	pty_keys(ps, "2&");
	pty_keys(ps, ".n<lt>3<Enter>");
	rig_gone(ps, "key-19");
	rig_see(ps, "key-2");
	rig_see(ps, "filtered 17");
	/* A mistake is shown as it is typed. */
	pty_keys(ps, "&<C-u>/[/");
	rig_see(ps, "missing terminating ]");
	pty_keys(ps, "<C-u><Enter>");
	rig_see(ps, "key-19");
	pty_keys(ps, "/key:key-7<Enter>");
	rig_see(ps, "▸");
	pty_keys(ps, "<Enter>");
	rig_see(ps, "key        key-7");
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	rig_quit(ps);
}

static void
test_the_mouse_opens_and_scrolls(void **state)
{
	const char *topic = cluster_topic("mouse");
	struct pty_screen *ps;
	int y, x;

	(void)state;
	cluster_write_some(topic, "key-", 60);
	ps = start_on(topic);
	rig_see(ps, "key-59");
	assert_true(pty_find(ps, "┌ Live", &y, &x));
	pty_wheel(ps, true, y + 4, x + 10);
	rig_gone(ps, "key-59");
	pty_wheel(ps, false, y + 4, x + 10);
	rig_see(ps, "key-59");
	pty_wheel(ps, true, y + 4, x + 10);
	rig_gone(ps, "key-59");
	assert_true(pty_find(ps, "\"n\":", &y, &x));
	pty_click(ps, y, x);
	pty_click(ps, y, x);
	rig_see(ps, "partition  ");
	rig_see(ps, "  \"n\": ");
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	rig_quit(ps);
}

/* Somebody else deletes and creates it, and writes at once. */
static void
test_a_recreated_topic_is_noticed_and_read_from_its_new_beginning(void **state)
{
	const char *topic = cluster_topic("recreated");
	struct pty_screen *ps;
	int64_t created;

	(void)state;
	for (int i = 0; i < 5; i++)
		write_one(topic, "old", "{}");
	ps = start_on(topic);
	rig_see(ps, "old");
	assert_int_equal(rig_verb(ARGS("delete", topic, "--yes", "-b", cluster_address()), NULL, NULL, NULL), 0);
	assert_int_equal(rig_verb(ARGS("create", topic, "-p", "3", "-r", "1", "-b", cluster_address()), NULL, NULL, NULL), 0);
	created = clock_ms();
	/* Fewer, as many and more than before: each case hides the recreation in another way. */
	for (int i = 0; i < 7; i++) {
		char key[32];

		snprintf(key, sizeof key, "new-%d", i);
		write_one(topic, key, "{}");
	}
	rig_see(ps, "new-0");
	rig_see(ps, "new-6");
	/* Promised within a second; a busy machine gets two more. */
	assert_in_range(clock_ms() - created, 0, 3000);
	rig_see(ps, "recreated");
	rig_quit(ps);
}

static void
test_it_survives_a_clear_by_the_verb(void **state)
{
	const char *topic = cluster_topic("clearedoutside");
	struct pty_screen *ps;

	(void)state;
	write_one(topic, "old", "{}");
	ps = start_on(topic);
	rig_see(ps, "old");
	for (int i = 0; i < 3; i++) {
		char key[32];

		assert_int_equal(rig_verb(ARGS("clear", topic, "--yes", "-b", cluster_address()), NULL, NULL, NULL), 0);
		snprintf(key, sizeof key, "after-%d", i);
		write_one(topic, key, "{}");
		rig_see(ps, key);
	}
	rig_quit(ps);
}

/* A topic that is not there is neither made by a look at it nor given up. */
static void
test_a_topic_that_is_not_there_is_waited_for(void **state)
{
	const char *topic = cluster_name("awaited");
	struct pty_screen *ps = start_on(topic);

	(void)state;
	rig_see(ps, "not there");
	rig_settle(ps);
	assert_false(cluster_has(topic));
	cluster_create(topic, 1, NULL);
	write_one(topic, "at-last", "{}");
	rig_see(ps, "at-last");
	rig_quit(ps);
}

/* --- hostile bytes --- */

#define TRICKS "\033[2J\033[31mred\033]0;PWNED\007\033]52;c;aGk=\007\033P+q\033\\\033c\302\2335mC1\233raw\016\017\021"
#define BIDI "\342\200\256evil\342\200\254"

static void
see_nothing_strange(struct pty_screen *ps)
{
	rig_clean(ps);
	assert_false(pty_wrote(ps, "]0;PWNED") && pty_wrote(ps, "\033]0;PWNED"));
	assert_true(pty_altscreen(ps));
	assert_int_equal(pty_bells(ps), 0);
}

static void
test_hostile_bytes_are_seen_and_never_sent(void **state)
{
	static const char value[] = "head" TRICKS "nul\0bad\377\376" BIDI "cr\rnl\ntab\ttail";
	const char *topic = cluster_topic("hostile");
	struct pty_screen *ps;

	(void)state;
	cluster_write(topic, &(struct message){ .partition = 0, .key = "key" TRICKS "end", .value = value,
		.value_len = sizeof value - 1, .header = "head\033[31m", .header_value = "v" TRICKS });
	ps = start_on(topic);
	rig_see(ps, "key␛[2J␛[31mred␛]0;PWNE");
	rig_see(ps, "head␛[2J␛[31mred");
	pty_keys(ps, "2<Enter>");
	rig_see(ps, "head␛[31m: v␛[2J");
	for (int i = 0; i < 3; i++) {
		rig_settle(ps);
		see_nothing_strange(ps);
		pty_keys(ps, "r");
	}
	rig_see(ps, "\\u{202E}evil");
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	see_nothing_strange(ps);
	rig_quit(ps);
}

static void
test_hostile_group_names_too(void **state)
{
	const char *topic = cluster_topic("groups");
	struct pty_screen *ps;

	(void)state;
	write_one(topic, "k", "{}");
	cluster_commit("pty-evil\033]0;PWNED\007\302\2335m" BIDI, topic, 0, 1);
	ps = start_on(topic);
	rig_see(ps, "pty-evil␛]0;PWNED␇");
	pty_keys(ps, "3");
	rig_see(ps, "┌ Consumer groups");
	rig_see(ps, "pty-evil␛]0;");
	see_nothing_strange(ps);
	pty_keys(ps, "q");
	rig_see(ps, "┌ Live");
	rig_quit(ps);
}

static void
test_a_line_of_a_megabyte(void **state)
{
	const char *topic = cluster_name("megabyte");
	char *value = xmalloc(BIG + 1);
	struct pty_screen *ps;
	int64_t start;

	(void)state;
	cluster_create(topic, 1, ARGS("max.message.bytes=12000000"));
	memset(value, 'x', BIG);
	memcpy(value, "begin", 5);
	memcpy(value + BIG - 3, "end", 4);
	write_one(topic, "big", value);
	write_one(topic, "small", "{}");
	ps = start_on(topic);
	rig_see(ps, "small");
	start = clock_ms();
	pty_keys(ps, "2k<Enter>");
	rig_see(ps, "beginxxx");
	pty_keys(ps, "G");
	rig_see(ps, "xxxend");
	pty_keys(ps, "rrr");
	rig_settle(ps);
	pty_keys(ps, "<Esc>");
	rig_see(ps, "┌ Live");
	/* Not a speed to be proud of: a hang would take longer. */
	assert_in_range(clock_ms() - start, 0, 10000);
	rig_quit(ps);
	free(value);
}

static void
test_json_ten_thousand_deep(void **state)
{
	const char *topic = cluster_topic("deep");
	char *value = xmalloc(2 * DEEP + 1);
	struct pty_screen *ps;

	(void)state;
	memset(value, '[', DEEP);
	memset(value + DEEP, ']', DEEP);
	value[2 * DEEP] = '\0';
	write_one(topic, "deep", value);
	memset(value, '[', 2 * DEEP);
	write_one(topic, "unclosed", value);
	ps = start_on(topic);
	rig_see(ps, "unclosed");
	pty_keys(ps, "2&.a.b=1<Enter>");
	rig_gone(ps, "unclosed");
	pty_keys(ps, "&<C-u><Enter>");
	rig_see(ps, "unclosed");
	for (int i = 0; i < 2; i++) {
		pty_keys(ps, "<Enter>");
		rig_see(ps, "value      20.0 kB");
		pty_keys(ps, "G");
		rig_settle(ps);
		pty_keys(ps, "gr");
		rig_settle(ps);
		pty_keys(ps, "<Esc>");
		rig_see(ps, "┌ Live");
		pty_keys(ps, "k");
	}
	rig_quit(ps);
	free(value);
}

/* In each row of the stream the frame's right side is where it belongs. */
static void
test_wide_and_combining_text_stays_in_its_columns(void **state)
{
	static const char *const texts[] = {
		"日本語テキスト", "e\xCC\x81\xCC\x82\xCC\x83 combining", "\xCC\x81 alone", "👩\xE2\x80\x8D👩\xE2\x80\x8D👧 family",
		"\xE0\xB8\x81\xE0\xB8\xB3 thai", "한국어 \xE1\x84\x80\xE1\x85\xA1", "🇩🇪 flag", "ﷺ", "क्षि", "\xEF\xBC\xA1 full",
		"｡ﾊﾝ half", "a\xF3\xA0\x81\xA7 tag", "☺\xEF\xB8\x8F presentation",
	};
	const char *topic = cluster_topic("wide");
	struct pty_screen *ps;
	int top;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		write_one(topic, texts[i], texts[i]);
	write_one(topic, "last-key", "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語");
	ps = start_on(topic);
	rig_see(ps, "last-key");
	assert_true(pty_find(ps, "┌ Live", &top, NULL));
	for (int y = top + 1; y < 30; y++) {
		struct pty_cell cell;

		assert_true(pty_cell(ps, y, 119, &cell));
		if (strcmp(cell.text, "│") != 0) {
			char *screen = pty_text(ps);

			fail_msg("row %d ends in '%s':\n%s", y, cell.text, screen);
		}
	}
	see_nothing_strange(ps);
	rig_quit(ps);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_setup, cluster_teardown)
		TEST(test_a_message_appears_as_it_is_written),
		TEST(test_space_holds_the_stream_and_lets_it_go),
		TEST(test_enter_opens_the_whole_message),
		TEST(test_scrolled_back_the_rows_stay),
		TEST(test_filter_and_find),
		TEST(test_the_mouse_opens_and_scrolls),
		TEST(test_a_recreated_topic_is_noticed_and_read_from_its_new_beginning),
		TEST(test_it_survives_a_clear_by_the_verb),
		TEST(test_a_topic_that_is_not_there_is_waited_for),
		TEST(test_hostile_bytes_are_seen_and_never_sent),
		TEST(test_hostile_group_names_too),
		TEST(test_a_line_of_a_megabyte),
		TEST(test_json_ten_thousand_deep),
		TEST(test_wide_and_combining_text_stays_in_its_columns),
	};

	return cmocka_run_group_tests_name("pty_stream", tests, NULL, NULL);
}
