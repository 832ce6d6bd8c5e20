/* theme_file: see the header. What a file says; where files lie is in theme_dirs.c. */
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "json_file.h"
#include "text.h"
#include "theme_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/config/theme_file.h"

static const char *const color_names[16] = {
	"black",        "red",           "green",       "yellow",         "blue",
	"magenta",      "cyan",          "white",       "bright-black",   "bright-red",
	"bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
	"bright-white",
};

static const struct attr_row {
	const char *name;
	unsigned bit;
} attr_rows[] = {
	{ "bold", STYLE_BOLD },
	{ "dim", STYLE_DIM },
	{ "underline", STYLE_UNDERLINE },
	{ "reverse", STYLE_REVERSE },
	{ "italic", STYLE_ITALIC },
};

/* A file on its way into a theme. */
struct reading {
	const char *path;
	const cJSON *palette;   /* NULL: none */
	struct theme *theme;
};

static bool
read_hex(const char *text, uint32_t *rgb)
{
	if (strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*rgb = (uint32_t)strtoul(text + 1, NULL, 16);
	return true;
}

/* A colour's name, or the nearest to it in a sentence. */
static bool
read_name(const struct reading *r, const char *key, const char *name, struct color *out,
          struct err *e)
{
	struct suggest near;
	const cJSON *item;
	struct shown n;

	if (strcmp(name, "default") == 0) {
		*out = (struct color){ COLOR_DEFAULT_KIND, 0 };
		return true;
	}
	suggest_init(&near, name);
	suggest_offer(&near, "default");
	for (size_t i = 0; i < ARRAY_LEN(color_names); i++) {
		if (strcmp(color_names[i], name) == 0) {
			*out = (struct color){ COLOR_INDEX, (uint32_t)i };
			return true;
		}
		suggest_offer(&near, color_names[i]);
	}
	cJSON_ArrayForEach(item, r->palette)
		suggest_offer(&near, item->string);
	if (suggest_best(&near))
		return json_file_err(e, r->path, key,
		                     "there is no colour \"%s\"; did you mean \"%s\"?",
		                     shown_text(&n, name), suggest_best(&near));
	return json_file_err(
		e, r->path, key,
		"there is no colour \"%s\": write a name such as bright-blue, 0 to 255, "
		"\"#rrggbb\" or a name of the palette",
		shown_text(&n, name));
}

/* A colour that stands for itself; the palette is what only roles may name. */
static bool
read_color(const struct reading *r, const char *key, const cJSON *value, struct color *out,
           struct err *e)
{
	struct shown v;

	if (cJSON_IsNumber(value)) {
		double n = value->valuedouble;

		if (!(n >= 0 && n <= 255) || n != (double)(int)n)
			return json_file_err(
				e, r->path, key,
				"a colour's number is a whole one from 0 to 255, not %.10g", n);
		*out = (struct color){ COLOR_INDEX, (uint32_t)n };
		return true;
	}
	if (!cJSON_IsString(value))
		return json_file_err(e, r->path, key, "a colour is a text or a number, not %s",
		                     json_file_kind(value));
	if (value->valuestring[0] != '#')
		return read_name(r, key, value->valuestring, out, e);
	out->kind = COLOR_RGB;
	return read_hex(value->valuestring, &out->value) ||
	       json_file_err(e, r->path, key, "'%s' should be \"#rrggbb\", six hexadecimal digits",
	                     shown_text(&v, value->valuestring));
}

/* The palette comes first, so that a theme may say what its "blue" is. */
static bool
read_role_color(const struct reading *r, const char *key, const cJSON *value, struct color *out,
                struct err *e)
{
	const cJSON *named = NULL;

	if (r->palette && cJSON_IsString(value))
		named = cJSON_GetObjectItemCaseSensitive(r->palette, value->valuestring);
	/* What the palette says was checked when it was read. */
	return read_color(r, key, named ? named : value, out, e);
}

static bool
check_palette(struct reading *r, const cJSON *palette, struct err *e)
{
	const cJSON *item;

	if (!cJSON_IsObject(palette))
		return json_file_err(e, r->path, "palette",
		                     "should be an object of names and colours, not %s",
		                     json_file_kind(palette));
	cJSON_ArrayForEach(item, palette) {
		struct strbuf key = STRBUF_INIT;
		struct color color;
		bool ok;

		strbuf_addf(&key, "palette.%s", item->string);
		ok = read_color(r, key.buf, item, &color, e);
		strbuf_fini(&key);
		if (!ok)
			return false;
	}
	r->palette = palette;
	return true;
}

static bool
read_attr(const struct reading *r, const char *key, const cJSON *value, struct style *style,
          struct err *e)
{
	struct suggest near;

	suggest_init(&near, value->string);
	suggest_offer(&near, "fg");
	suggest_offer(&near, "bg");
	for (size_t i = 0; i < ARRAY_LEN(attr_rows); i++) {
		if (strcmp(attr_rows[i].name, value->string) != 0) {
			suggest_offer(&near, attr_rows[i].name);
			continue;
		}
		if (!cJSON_IsBool(value))
			return json_file_err(e, r->path, key, "should be true or false, not %s",
			                     json_file_kind(value));
		style->attrs_set = true;
		if (cJSON_IsTrue(value))
			style->attrs |= attr_rows[i].bit;
		return true;
	}
	if (suggest_best(&near))
		return json_file_err(e, r->path, key,
		                     "there is no such part of a style; did you mean \"%s\"?",
		                     suggest_best(&near));
	return json_file_err(
		e, r->path, key,
		"there is no such part of a style: there are fg, bg, bold, dim, underline, "
		"reverse and italic");
}

static bool
read_style(const struct reading *r, const char *role_key, const cJSON *object, struct style *style,
           struct err *e)
{
	const cJSON *item;

	if (!cJSON_IsObject(object))
		return json_file_err(
			e, r->path, role_key,
			"should be a style such as {\"fg\": \"yellow\", \"bold\": true}, not %s",
			json_file_kind(object));
	cJSON_ArrayForEach(item, object) {
		struct strbuf key = STRBUF_INIT;
		bool ok;

		strbuf_addf(&key, "%s.%s", role_key, item->string);
		if (strcmp(item->string, "fg") == 0)
			ok = read_role_color(r, key.buf, item, &style->fg, e);
		else if (strcmp(item->string, "bg") == 0)
			ok = read_role_color(r, key.buf, item, &style->bg, e);
		else
			ok = read_attr(r, key.buf, item, style, e);
		strbuf_fini(&key);
		if (!ok)
			return false;
	}
	return true;
}

static bool
unknown_role(const struct reading *r, const char *key, const char *name, struct err *e)
{
	struct suggest near;

	suggest_init(&near, name);
	for (int i = 0; i < ROLE_COUNT; i++)
		suggest_offer(&near, role_name((enum role)i));
	if (suggest_best(&near))
		return json_file_err(e, r->path, key, "there is no such role; did you mean \"%s\"?",
		                     suggest_best(&near));
	return json_file_err(e, r->path, key,
	                     "there is no such role; themes/dark.json has them all");
}

static bool
read_roles(struct reading *r, const cJSON *roles, struct err *e)
{
	const cJSON *item;

	if (!cJSON_IsObject(roles))
		return json_file_err(e, r->path, "roles",
		                     "should be an object of roles and styles, not %s",
		                     json_file_kind(roles));
	cJSON_ArrayForEach(item, roles) {
		struct strbuf key = STRBUF_INIT;
		enum role role;
		bool ok;

		strbuf_addf(&key, "roles.%s", item->string);
		ok = role_from_name(item->string, &role)
		     ? read_style(r, key.buf, item, &r->theme->styles[role], e)
		     : unknown_role(r, key.buf, item->string, e);
		strbuf_fini(&key);
		if (!ok)
			return false;
	}
	return true;
}

static bool
read_root(struct reading *r, const cJSON *root, struct err *e)
{
	const cJSON *palette = cJSON_GetObjectItemCaseSensitive(root, "palette");
	const cJSON *roles = cJSON_GetObjectItemCaseSensitive(root, "roles"), *item;

	cJSON_ArrayForEach(item, root) {
		if (item != palette && item != roles)
			return json_file_err(e, r->path, item->string,
			                     "there is no such key; a theme has \"palette\" and "
			                     "\"roles\"");
	}
	if (palette && !check_palette(r, palette, e))
		return false;
	return !roles || read_roles(r, roles, e);
}

/* "dracula" from "/home/u/dracula.json". */
static void
set_name(struct theme *theme, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t len = strlen(name);

	if (len > 5 && strcmp(name + len - 5, ".json") == 0)
		len -= 5;
	if (len > sizeof(theme->name) - 1)
		len = sizeof(theme->name) - 1;
	while (len && ((unsigned char)name[len] & 0xc0) == 0x80)
		len--;
	memcpy(theme->name, name, len);
	theme->name[len] = '\0';
}

bool
theme_parse(const char *path, const void *data, size_t len, struct theme *theme, struct err *e)
{
	struct theme fresh = { .name = "" };
	struct reading r = { .path = path, .theme = &fresh };
	cJSON *root = json_file_parse(path, data, len, e);
	bool ok;

	if (!root)
		return false;
	ok = read_root(&r, root, e);
	cJSON_Delete(root);
	if (!ok)
		return false;
	set_name(&fresh, path);
	role_resolve_theme(&fresh);
	*theme = fresh;
	return true;
}

void
theme_default(struct theme *theme)
{
	struct err e;

	if (theme_parse(THEME_DEFAULT ".json", theme_default_text, theme_default_len, theme, &e))
		return;
	/* A test loads every theme of the tree, so nobody sees this: the terminal's own colours. */
	*theme = (struct theme){ .name = THEME_DEFAULT };
	role_resolve_theme(theme);
}
