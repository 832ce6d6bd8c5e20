/* topic_name: what Kafka accepts, and globs. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/utf8.h"
#include "topicmon/model/topic_name.h"

static int
set_locale(void **state)
{
	(void)state;
	utf8_locale();
	return 0;
}

static void
assert_refused(const char *name, const char *expected)
{
	struct err e;

	assert_false(topic_name_check(name, &e));
	assert_int_equal(e.code, ERR_USAGE);
	if (!strstr(e.text, expected))
		fail_msg("'%s' is not in: %s", expected, e.text);
	assert_false(topic_name_check(name, NULL));
}

static void
legal_names(void **state)
{
	char longest[251];

	(void)state;
	assert_true(topic_name_check("order_shipping", NULL));
	assert_true(topic_name_check("A-z.0_9", NULL));
	assert_true(topic_name_check("...", NULL));
	assert_true(topic_name_check("-", NULL));
	memset(longest, 'a', sizeof(longest));
	longest[249] = '\0';
	assert_true(topic_name_check(longest, NULL));
	longest[249] = 'a';
	longest[250] = '\0';
	assert_refused(longest, "at most 249 characters, this one 250");
}

static void
illegal_names_say_where(void **state)
{
	(void)state;
	assert_refused("", "is needed");
	assert_refused(".", "'.'");
	assert_refused("..", "'..'");
	assert_refused("order shipping", "no spaces (character 6)");
	assert_refused("a/b", "'/' (character 2)");
	assert_refused("bestellungé", "'é' (character 11)");
	assert_refused("a\x1b[2Jb", "(character 2)");
	assert_refused("a\xFF", "'\\xFF' (character 2)");
}

/* The sentence about a hostile name is itself harmless. */
static void
sentences_hold_no_control_bytes(void **state)
{
	struct err e;

	(void)state;
	topic_name_check("a\x1b[2J", &e);
	assert_null(strchr(e.text, '\x1b'));
}

static void
internal_names(void **state)
{
	(void)state;
	assert_true(topic_name_is_internal("__consumer_offsets"));
	assert_true(topic_name_is_internal("__"));
	assert_false(topic_name_is_internal("_schemas"));
	assert_false(topic_name_is_internal("orders__"));
	assert_false(topic_name_is_internal(""));
}

static bool
glob(const char *pattern, const char *name)
{
	struct strvec globs = STRVEC_INIT;
	bool matches;

	strvec_push(&globs, "never-this");
	strvec_push(&globs, pattern);
	matches = topic_name_matches(&globs, name);
	strvec_fini(&globs);
	return matches;
}

static void
globs_match_whole_names(void **state)
{
	struct strvec none = STRVEC_INIT;

	(void)state;
	assert_false(topic_name_matches(&none, "a"));
	assert_true(glob("orders", "orders"));
	assert_false(glob("orders", "orders2"));
	assert_false(glob("orders", "order"));
	assert_true(glob("*", ""));
	assert_true(glob("*", "anything"));
	assert_true(glob("prod.*", "prod."));
	assert_false(glob("prod.*", "prod"));
	assert_true(glob("*.dlq", "a.b.dlq"));
	assert_false(glob("*.dlq", "a.dlq.b"));
	assert_true(glob("a*b*c", "axxbxbxc"));
	assert_false(glob("a*b*c", "axxcxbx"));
	assert_true(glob("?rders", "orders"));
	assert_false(glob("?", ""));
	assert_true(glob("**?", "x"));
	assert_false(glob("", "x"));
	assert_true(glob("", ""));
}

/* Stars do not multiply their work: this would not end if they did. */
static void
many_stars_are_cheap(void **state)
{
	char pattern[200], name[240];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(pattern); i += 2)
		memcpy(pattern + i, "*a", 3);
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 2] = 'b';
	name[sizeof(name) - 1] = '\0';
	assert_false(glob(pattern, name));
}

static void
config_form(void **state)
{
	struct err e;

	(void)state;
	assert_true(topic_config_check("retention.ms=60000", NULL));
	assert_true(topic_config_check("cleanup.policy=compact,delete", NULL));
	assert_true(topic_config_check("a=", NULL));
	assert_true(topic_config_check("a=b=c", NULL));
	assert_false(topic_config_check("retention.ms", &e));
	assert_non_null(strstr(e.text, "no '='"));
	assert_false(topic_config_check("=5", &e));
	assert_non_null(strstr(e.text, "no name"));
	assert_false(topic_config_check("retention ms=5", &e));
	assert_non_null(strstr(e.text, "character 10"));
	assert_int_equal(e.code, ERR_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legal_names),
		cmocka_unit_test(illegal_names_say_where),
		cmocka_unit_test(sentences_hold_no_control_bytes),
		cmocka_unit_test(internal_names),
		cmocka_unit_test(globs_match_whole_names),
		cmocka_unit_test(many_stars_are_cheap),
		cmocka_unit_test(config_form),
	};

	return cmocka_run_group_tests(tests, set_locale, NULL);
}
