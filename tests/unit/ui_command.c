/* The tables of commands and roles, checked row by row, and the way from `:name argument` to a command. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/role.h"
#include "topicmon/ui/command.h"

static bool
is_kebab(const char *s)
{
	char before = '-';

	for (; *s; s++) {
		if (!((*s >= 'a' && *s <= 'z') || (*s == '-' && before != '-')))
			return false;
		before = *s;
	}
	return before != '-';
}

static void
every_command_can_be_named_and_explained(void **state)
{
	(void)state;
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
		const struct cmd_info *info = command_info((enum command)i);

		assert_true(is_kebab(info->name));
		assert_in_range(strlen(info->help), 1, 60);
		assert_true(info->help[0] >= 'A' && info->help[0] <= 'Z');
		assert_int_not_equal(info->help[strlen(info->help) - 1], '.');
		for (int j = i + 1; j < CMD_COUNT; j++)
			assert_string_not_equal(info->name, command_info((enum command)j)->name);
	}
}

static void
every_command_is_found_by_its_name(void **state)
{
	const char *arg;

	(void)state;
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
		assert_int_equal(command_parse(command_info((enum command)i)->name, &arg), i);
		assert_string_equal(arg, "");
	}
}

static void
a_topic_argument_is_an_argument(void **state)
{
	(void)state;
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
		unsigned flags = command_info((enum command)i)->flags;

		assert_true(!(flags & CF_ARG_TOPIC) || (flags & CF_ARG));
	}
}

/* What destroys or writes must never lose its mark: --read-only goes by it. */
static void
the_dangerous_ones_are_marked(void **state)
{
	(void)state;
	assert_true(command_info(CMD_DELETE)->flags & CF_DANGEROUS);
	assert_true(command_info(CMD_CLEAR)->flags & CF_DANGEROUS);
	assert_true(command_info(CMD_CREATE)->flags & CF_WRITES);
	assert_true(command_info(CMD_PRODUCE)->flags & CF_WRITES);
}

static void
arguments(void **state)
{
	const char *arg;

	(void)state;
	assert_int_equal(command_parse("sort rate", &arg), CMD_SORT);
	assert_string_equal(arg, "rate");
	assert_int_equal(command_parse("  filter   status = SHIPPED ", &arg), CMD_FILTER);
	assert_string_equal(arg, "status = SHIPPED ");
	assert_int_equal(command_parse("sort-reverse", &arg), CMD_SORT_REVERSE);
	assert_int_equal(command_parse("sor", &arg), CMD_NONE);
	assert_int_equal(command_parse("sorting", &arg), CMD_NONE);
	assert_int_equal(command_parse("", &arg), CMD_NONE);
	assert_string_equal(arg, "");
}

static void
every_role_has_a_name_and_a_way_to_text(void **state)
{
	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		enum role role = (enum role)i, found;
		int steps = 0;

		assert_true(role_from_name(role_name(role), &found));
		assert_int_equal(found, role);
		for (const char *s = role_name(role); *s; s++)
			assert_true((*s >= 'a' && *s <= 'z') || *s == '.');
		while (role != ROLE_TEXT && steps++ < ROLE_COUNT)
			role = role_fallback(role);
		assert_int_equal(role, ROLE_TEXT);
	}
	/* A cell keeps a role in a byte. */
	assert_in_range(ROLE_COUNT, 1, 255);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_can_be_named_and_explained),
		cmocka_unit_test(every_command_is_found_by_its_name),
		cmocka_unit_test(a_topic_argument_is_an_argument),
		cmocka_unit_test(the_dangerous_ones_are_marked),
		cmocka_unit_test(arguments),
		cmocka_unit_test(every_role_has_a_name_and_a_way_to_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
