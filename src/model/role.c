/* role: see the header. */
#include <string.h>

#include "topicmon/model/role.h"

static const struct role_row {
	const char *name;
	enum role fallback;
} roles[] = {
#define ROLE_ROW(id, role_name, fallback_id) [ROLE_##id] = { role_name, ROLE_##fallback_id },
	ROLES(ROLE_ROW)
#undef ROLE_ROW
};

const char *
role_name(enum role role)
{
	return roles[role].name;
}

enum role
role_fallback(enum role role)
{
	return roles[role].fallback;
}

bool
role_from_name(const char *name, enum role *out)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (strcmp(roles[i].name, name) == 0) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

/* The nearest role on the way to TEXT that says something about the part that `is_set` asks for;
 * TEXT when none does. */
static const struct style *
find_set(const struct theme *theme, enum role role, bool (*is_set)(const struct style *))
{
	while (!is_set(&theme->styles[role]) && role != roles[role].fallback)
		role = roles[role].fallback;
	return &theme->styles[role];
}

static bool
fg_set(const struct style *s)
{
	return s->fg.kind != COLOR_UNSET;
}

static bool
bg_set(const struct style *s)
{
	return s->bg.kind != COLOR_UNSET;
}

static bool
attrs_set(const struct style *s)
{
	return s->attrs_set;
}

void
role_resolve_theme(struct theme *theme)
{
	static const struct color standard = { COLOR_DEFAULT_KIND, 0 };
	struct theme given = *theme;

	for (int i = 0; i < ROLE_COUNT; i++) {
		struct style *style = &theme->styles[i];
		const struct style *attrs = find_set(&given, (enum role)i, attrs_set);

		style->fg = find_set(&given, (enum role)i, fg_set)->fg;
		style->bg = find_set(&given, (enum role)i, bg_set)->bg;
		style->attrs = attrs->attrs_set ? attrs->attrs : 0;
		style->attrs_set = true;
		if (!fg_set(style))
			style->fg = standard;
		if (!bg_set(style))
			style->bg = standard;
	}
}
