/* role: the table, and how a theme is completed from it. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/model/role.h"

static bool
is_role_name(const char *name)
{
	return name[0] && strspn(name, "abcdefghijklmnopqrstuvwxyz.") == strlen(name) &&
	       name[0] != '.' && name[strlen(name) - 1] != '.' && !strstr(name, "..");
}

static void
names_are_unique_and_known(void **state)
{
	enum role found;

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(is_role_name(role_name((enum role)i)));
		assert_true(role_from_name(role_name((enum role)i), &found));
		assert_int_equal(found, i);
	}
	found = ROLE_DIM;
	assert_false(role_from_name("table", &found));
	assert_false(role_from_name("", &found));
	assert_int_equal(found, ROLE_DIM);
}

static void
fallbacks_end_at_text(void **state)
{
	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		enum role role = (enum role)i;

		for (int step = 0; role != ROLE_TEXT; step++) {
			assert_true(step < ROLE_COUNT);
			role = role_fallback(role);
		}
	}
	assert_int_equal(role_fallback(ROLE_TEXT), ROLE_TEXT);
}

static void
empty_theme_is_the_terminals_own(void **state)
{
	struct theme theme = { .name = "empty" };

	(void)state;
	role_resolve_theme(&theme);
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_int_equal(theme.styles[i].fg.kind, COLOR_DEFAULT_KIND);
		assert_int_equal(theme.styles[i].bg.kind, COLOR_DEFAULT_KIND);
		assert_int_equal(theme.styles[i].attrs, 0);
		assert_true(theme.styles[i].attrs_set);
	}
}

/* Each part of a style falls back by itself: a role with a colour of its own still
 * inherits bold. */
static void
parts_fall_back_apart(void **state)
{
	struct theme theme = { .name = "t" };

	(void)state;
	theme.styles[ROLE_TEXT].bg = (struct color){ COLOR_RGB, 0x101010 };
	theme.styles[ROLE_STATUS_WARN].fg = (struct color){ COLOR_INDEX, 3 };
	theme.styles[ROLE_STATUS_WARN].attrs = STYLE_BOLD;
	theme.styles[ROLE_STATUS_WARN].attrs_set = true;
	theme.styles[ROLE_STATUS_ERROR].fg = (struct color){ COLOR_INDEX, 1 };
	theme.styles[ROLE_CARD_DANGER].attrs_set = true;
	role_resolve_theme(&theme);
	assert_int_equal(theme.styles[ROLE_STATUS_ERROR].fg.value, 1);
	assert_int_equal(theme.styles[ROLE_STATUS_ERROR].bg.value, 0x101010);
	assert_int_equal(theme.styles[ROLE_STATUS_ERROR].attrs, STYLE_BOLD);
	assert_int_equal(theme.styles[ROLE_CARD_DANGER].fg.value, 1);
	assert_int_equal(theme.styles[ROLE_CARD_DANGER].attrs, 0);
	assert_int_equal(theme.styles[ROLE_RECORD_NOTE].fg.value, 3);
	assert_int_equal(theme.styles[ROLE_TEXT].fg.kind, COLOR_DEFAULT_KIND);
	assert_int_equal(theme.styles[ROLE_DIM].attrs, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_and_known),
		cmocka_unit_test(fallbacks_end_at_text),
		cmocka_unit_test(empty_theme_is_the_terminals_own),
		cmocka_unit_test(parts_fall_back_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
