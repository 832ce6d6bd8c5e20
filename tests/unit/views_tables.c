/* The tables of all views: names once, keys that exist and mean one thing, words that fit the bar. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/views/view.h"

#define BAR_WORD_MAX 20

static void
test_names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < nall_views; i++) {
		assert_non_null(all_views[i]->title);
		assert_non_null(all_views[i]->draw);
		assert_ptr_equal(view_find(all_views[i]->name), all_views[i]);
	}
	assert_null(view_find("no such view"));
}

static void
test_keys_exist_and_mean_one_thing(void **state)
{
	(void)state;
	for (size_t i = 0; i < nall_views; i++) {
		const struct view_ops *ops = all_views[i];

		for (size_t k = 0; k < ops->nkeys; k++) {
			struct key key, other;

			assert_true(key_parse(ops->keys[k].key, &key));
			assert_in_range(ops->keys[k].cmd, CMD_NONE + 1, CMD_COUNT - 1);
			if (ops->keys[k].bar != NULL)
				assert_in_range(strlen(ops->keys[k].bar), 1, BAR_WORD_MAX);
			for (size_t j = k + 1; j < ops->nkeys; j++) {
				assert_true(key_parse(ops->keys[j].key, &other));
				assert_false(key.code == other.code && key.mods == other.mods);
			}
		}
	}
}

static void
test_columns_have_names_and_help(void **state)
{
	(void)state;
	for (size_t i = 0; i < nall_views; i++) {
		const struct view_ops *ops = all_views[i];

		for (size_t k = 0; k < ops->ncolumns; k++) {
			assert_in_range(strlen(ops->columns[k].help), 1, 60);
			assert_non_null(ops->columns[k].value);
			for (size_t j = k + 1; j < ops->ncolumns; j++)
				assert_string_not_equal(ops->columns[k].id, ops->columns[j].id);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_unique),
		cmocka_unit_test(test_keys_exist_and_mean_one_thing),
		cmocka_unit_test(test_columns_have_names_and_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
