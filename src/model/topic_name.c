/* topic_name: see the header. */
#include <string.h>

#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/topic_name.h"

#define NAME_MAX_LEN 249

static bool
is_legal(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

bool
topic_name_check(const char *name, struct err *e)
{
	size_t len = strlen(name), at = 0, column = 1;

	if (!len)
		return err_set(e, ERR_USAGE, "A topic name is needed: 1 to %d of a-z A-Z 0-9 . _ -",
		               NAME_MAX_LEN);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return err_set(e, ERR_USAGE, "A topic cannot be named '%s'", name);
	for (; at < len && is_legal(name[at]); at++)
		column++;
	if (at < len) {
		struct glyph g;

		sanitize_next(name + at, len - at, &g);
		if (name[at] == ' ')
			return err_set(e, ERR_USAGE, "A topic name has no spaces (character %zu): "
			               "a-z A-Z 0-9 . _ - are allowed", column);
		return err_set(
			e, ERR_USAGE,
			"A topic name has no '%s' (character %zu): a-z A-Z 0-9 . _ - are allowed",
			g.text, column);
	}
	if (len > NAME_MAX_LEN)
		return err_set(e, ERR_USAGE, "A topic name has at most %d characters, this one %zu",
		               NAME_MAX_LEN, len);
	return true;
}

bool
topic_name_is_internal(const char *name)
{
	return name[0] == '_' && name[1] == '_';
}

/* Goes back to the last star only: a star further left cannot do better, so the cost is bounded
 * by the product of the lengths, never exponential. */
static bool
glob_matches(const char *glob, const char *name)
{
	const char *star = NULL, *retry = NULL;

	while (*name) {
		if (*glob == '*') {
			star = glob++;
			retry = name;
		} else if (*glob == '?' || (*glob && *glob == *name)) {
			glob++;
			name++;
		} else if (star) {
			glob = star + 1;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return !*glob;
}

bool
topic_name_matches(const struct strvec *globs, const char *name)
{
	for (size_t i = 0; i < globs->n; i++) {
		if (glob_matches(globs->v[i], name))
			return true;
	}
	return false;
}

bool
topic_config_check(const char *text, struct err *e)
{
	const char *equals = strchr(text, '=');

	if (!equals)
		return err_set(
			e, ERR_USAGE,
			"A topic config is name=value, such as retention.ms=60000; '%s' has no '='",
			text);
	if (equals == text)
		return err_set(e, ERR_USAGE,
		               "A topic config is name=value, such as retention.ms=60000; "
		               "'%s' has no name before the '='",
		               text);
	for (const char *p = text; p < equals; p++) {
		if (!is_legal(*p))
			return err_set(e, ERR_USAGE,
			               "The name of a topic config has only a-z A-Z 0-9 . _ -; "
			               "'%s' has something else at character %d",
			               text, (int)(p - text) + 1);
	}
	return true;
}
