/* ops/op_text: commands that a shell reads back as they were meant, and shapes compared as brokers spell them. */
#include "cmocka_all.h"

#include <string.h>

#include "op_private.h"
#include "topicmon/base/mem.h"

static void
make(struct topic_spec *spec, int32_t partitions, const char *name, const char *value)
{
	topic_spec_init(spec);
	spec->name = xstrdup("orders");
	spec->partitions = partitions;
	spec->replication = 1;
	if (name)
		topic_spec_add_config(spec, name, value);
}

static void
assert_command(const char *value, const char *expected)
{
	struct topic_spec spec;
	struct strbuf sb = STRBUF_INIT;

	make(&spec, 3, "x.y", value);
	add_create_command(&sb, &spec);
	assert_string_equal(strbuf_str(&sb), expected);
	topic_spec_fini(&spec);
	strbuf_fini(&sb);
}

static void
the_command_is_quoted_for_a_shell(void **state)
{
	(void)state;
	assert_command("1000", "topicmon create orders -p 3 -r 1 -c x.y=1000");
	assert_command("", "topicmon create orders -p 3 -r 1 -c x.y=");
	assert_command("0:1,1:2", "topicmon create orders -p 3 -r 1 -c x.y=0:1,1:2");
	assert_command("a b", "topicmon create orders -p 3 -r 1 -c 'x.y=a b'");
	assert_command("*", "topicmon create orders -p 3 -r 1 -c 'x.y=*'");
	assert_command("it's $HOME", "topicmon create orders -p 3 -r 1 -c 'x.y=it'\\''s $HOME'");
}

static bool
same(const char *wanted, const char *seen)
{
	struct topic_spec a, b;
	struct strbuf why = STRBUF_INIT;
	bool matches;

	make(&a, 3, "x", wanted);
	make(&b, 3, "x", seen);
	matches = shape_matches(&a, &b, &why);
	assert_int_equal(matches, why.len == 0);
	topic_spec_fini(&a);
	topic_spec_fini(&b);
	strbuf_fini(&why);
	return matches;
}

static void
values_are_compared_as_brokers_spell_them(void **state)
{
	(void)state;
	assert_true(same("TRUE", "true"));
	assert_true(same("compact, delete", "compact,delete"));
	assert_true(same("0.50", "0.5"));
	assert_false(same("1000", "1001"));
	assert_false(same("9007199254740993", "9007199254740992"));
	assert_false(same("", "0"));
}

static void
shapes_that_differ_are_explained(void **state)
{
	struct topic_spec a, b;
	struct strbuf why = STRBUF_INIT;

	(void)state;
	make(&a, 3, NULL, NULL);
	make(&b, 1, NULL, NULL);
	assert_false(shape_matches(&a, &b, &why));
	assert_string_equal(strbuf_str(&why), "1 partition instead of 3");
	a.partitions = -1;
	strbuf_reset(&why);
	assert_true(shape_matches(&a, &b, &why));
	topic_spec_add_config(&b, "more", "1");         /* what a broker adds is no difference */
	assert_true(shape_matches(&a, &b, &why));
	topic_spec_add_config(&a, "retention.ms", "5");
	assert_false(shape_matches(&a, &b, &why));
	assert_string_equal(strbuf_str(&why), "retention.ms is not set instead of 5");
	topic_spec_fini(&a);
	topic_spec_fini(&b);
	strbuf_fini(&why);
}

static void
texts_are_cut_between_characters(void **state)
{
	char buf[6];

	(void)state;
	text_set(buf, sizeof(buf), "%s", "abcd\xc3\xa9");
	assert_string_equal(buf, "abcd");
	text_set(buf, sizeof(buf), "%s", "abc\xc3\xa9");
	assert_string_equal(buf, "abc\xc3\xa9");
}

static void
sentences_end_in_one_full_stop(void **state)
{
	struct strbuf sb = STRBUF_INIT;

	(void)state;
	add_sentence(&sb, "one");
	add_sentence(&sb, "two.");
	add_sentence(&sb, "");
	assert_string_equal(strbuf_str(&sb), "one. two.");
	strbuf_fini(&sb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_is_quoted_for_a_shell),
		cmocka_unit_test(values_are_compared_as_brokers_spell_them),
		cmocka_unit_test(shapes_that_differ_are_explained),
		cmocka_unit_test(texts_are_cut_between_characters),
		cmocka_unit_test(sentences_end_in_one_full_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
