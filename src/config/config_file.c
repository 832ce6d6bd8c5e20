/* config_file: see the header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "json_file.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/properties.h"
#include "topicmon/model/topic_name.h"

/* A row of the table of keys: what the value is, where it goes, what is allowed. */
struct setting_def {
	const char *name;
	const char *type; /* for the README and the sentence: "a number from 100 to 3600000" */
	const char *help;
	/* key is the path for the sentence. */
	bool (*set)(struct settings *s, const struct setting_def *def, const char *path,
	            const cJSON *value, struct err *e);
	size_t field;
	int32_t min;
	int32_t max;
};

#define SETTER(name) \
	static bool name(struct settings *s, const struct setting_def *def, const char *path, \
	                 const cJSON *value, struct err *e)

static bool
wrong_type(const struct setting_def *def, const char *path, const char *key, const cJSON *value,
           struct err *e)
{
	return json_file_err(e, path, key, "should be %s, not %s", def->type,
	                     json_file_kind(value));
}

static void *
field_of(struct settings *s, const struct setting_def *def)
{
	return (char *)s + def->field;
}

SETTER(set_bool)
{
	bool *field = field_of(s, def);

	if (!cJSON_IsBool(value))
		return wrong_type(def, path, def->name, value, e);
	*field = cJSON_IsTrue(value);
	return true;
}

SETTER(set_number)
{
	int32_t *field = field_of(s, def);
	double n = value->valuedouble;

	if (!cJSON_IsNumber(value))
		return wrong_type(def, path, def->name, value, e);
	if (!(n >= def->min && n <= def->max) || n != (double)(int32_t)n)
		return json_file_err(e, path, def->name, "should be %s, not %.10g", def->type, n);
	*field = (int32_t)n;
	return true;
}

SETTER(set_text)
{
	char **field = field_of(s, def);

	if (!cJSON_IsString(value))
		return wrong_type(def, path, def->name, value, e);
	if (!*value->valuestring)
		return json_file_err(e, path, def->name, "should be %s, not an empty text",
		                     def->type);
	free(*field);
	*field = xstrdup(value->valuestring);
	return true;
}

SETTER(set_topic)
{
	struct err why;

	if (cJSON_IsString(value) && *value->valuestring &&
	    !topic_name_check(value->valuestring, &why))
		return json_file_err(e, path, def->name, "%s", why.text);
	return set_text(s, def, path, value, e);
}

SETTER(set_bootstrap)
{
	struct err why;

	if (cJSON_IsString(value) && *value->valuestring &&
	    !bootstrap_check(value->valuestring, &why))
		return json_file_err(e, path, def->name, "%s", why.text);
	return set_text(s, def, path, value, e);
}

SETTER(set_time)
{
	static const char *const names[] = {
		[TIME_CLOCK] = "clock", [TIME_DATE] = "date", [TIME_ISO] = "utc"
	};
	struct shown v;

	if (!cJSON_IsString(value))
		return wrong_type(def, path, def->name, value, e);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(names[i], value->valuestring) == 0) {
			s->time = (int32_t)i;
			return true;
		}
	}
	return json_file_err(e, path, def->name, "should be %s, not \"%s\"", def->type,
	                     shown_text(&v, value->valuestring));
}

SETTER(set_globs)
{
	const cJSON *item;
	int i = 0;

	(void)s;
	if (!cJSON_IsArray(value))
		return wrong_type(def, path, def->name, value, e);
	cJSON_ArrayForEach(item, value) {
		char key[32];

		snprintf(key, sizeof(key), "%s[%d]", def->name, i++);
		if (!cJSON_IsString(item) || !*item->valuestring)
			return json_file_err(
				e, path, key,
				"should be the name of a topic, * and ? allowed, not %s",
				cJSON_IsString(item) ? "an empty text" : json_file_kind(item));
		strvec_push(&s->protected_topics, item->valuestring);
	}
	return true;
}

/* "resolve.broker1" */
static void
sub_key(struct strbuf *out, const struct setting_def *def, const cJSON *item)
{
	strbuf_addf(out, "%s.%s", def->name, item->string);
}

SETTER(set_resolve)
{
	struct strbuf key = STRBUF_INIT, what = STRBUF_INIT;
	const cJSON *item;
	struct shown p;
	bool ok = true;

	if (!cJSON_IsObject(value))
		return wrong_type(def, path, def->name, value, e);
	cJSON_ArrayForEach(item, value) {
		strbuf_reset(&key);
		sub_key(&key, def, item);
		strbuf_reset(&what);
		strbuf_addf(&what, "%s: %s", shown_path(&p, path), def->name);
		ok = cJSON_IsString(item)
		             ? resolve_check(strbuf_str(&what), item->string, item->valuestring, e)
		             : json_file_err(e, path, strbuf_str(&key),
		                             "should be an address as a text, not %s",
		                             json_file_kind(item));
		if (!ok)
			break;
		strvec_push(&s->resolve_hosts, item->string);
		strvec_push(&s->resolve_addrs, item->valuestring);
	}
	strbuf_fini(&key);
	strbuf_fini(&what);
	return ok;
}

SETTER(set_properties)
{
	const cJSON *item;

	if (!cJSON_IsObject(value))
		return wrong_type(def, path, def->name, value, e);
	cJSON_ArrayForEach(item, value) {
		char number[32];
		const char *text = number;

		if (cJSON_IsString(item)) {
			text = item->valuestring;
		} else if (cJSON_IsNumber(item)) {
			snprintf(number, sizeof(number), "%.15g", item->valuedouble);
		} else if (cJSON_IsBool(item)) {
			text = cJSON_IsTrue(item) ? "true" : "false";
		} else {
			struct strbuf key = STRBUF_INIT;

			sub_key(&key, def, item);
			json_file_err(e, path, strbuf_str(&key),
			              "should be a text, a number, true or false, not %s",
			              json_file_kind(item));
			strbuf_fini(&key);
			return false;
		}
		strvec_push(&s->property_names, item->string);
		strvec_push(&s->property_values, text);
	}
	return true;
}

static void
add_key(struct settings *s, const char *path, const char *view, const char *key,
        const char *command)
{
	struct strbuf where = STRBUF_INIT;
	struct shown p, v, k;

	s->keymap = xreallocarray(s->keymap, s->nkeymap + 1, sizeof(*s->keymap));
	strbuf_addf(&where, "%s: keymap.%s.%s", shown_path(&p, path), shown_text(&v, view),
	            shown_text(&k, key));
	s->keymap[s->nkeymap++] = (struct keymap_entry){
		.view = xstrdup(view),
		.key = xstrdup(key),
		.command = xstrdup(command),
		.where = strbuf_detach(&where),
	};
}

SETTER(set_keymap)
{
	const cJSON *view, *row;

	if (!cJSON_IsObject(value))
		return wrong_type(def, path, def->name, value, e);
	cJSON_ArrayForEach(view, value) {
		struct strbuf key = STRBUF_INIT;
		bool ok = cJSON_IsObject(view);

		sub_key(&key, def, view);
		if (!ok)
			json_file_err(e, path, strbuf_str(&key),
			              "should be an object of keys and commands, such as {\"r\": "
			              "\"refresh\"}, not %s",
			              json_file_kind(view));
		cJSON_ArrayForEach(row, view) {
			if (!ok)
				break;
			ok = cJSON_IsString(row);
			if (ok) {
				add_key(s, path, view->string, row->string, row->valuestring);
			} else {
				strbuf_addf(&key, ".%s", row->string);
				json_file_err(e, path, strbuf_str(&key),
				              "should be a command as a text, not %s",
				              json_file_kind(row));
			}
		}
		strbuf_fini(&key);
		if (!ok)
			return false;
	}
	return true;
}

#define FIELD(name) offsetof(struct settings, name)

/* clang-format off */
static const struct setting_def setting_defs[] = {
	{ "theme", "a theme's name or a path, as a text", "Colours of the screen",
	  set_text, FIELD(theme), 0, 0 },
	{ "default_topic", "a topic's name, as a text",
	  "The topic to begin with when it is there (`order_shipping`)",
	  set_topic, FIELD(default_topic), 0, 0 },
	{ "refresh_ms", "a whole number from 100 to 3600000",
	  "How often what is on the screen is asked for again (1000)",
	  set_number, FIELD(refresh_ms), 100, 3600000 },
	{ "buffer_mb", "a whole number from 1 to 65536",
	  "How much of the streams is kept in memory (64)",
	  set_number, FIELD(buffer_mb), 1, 65536 },
	{ "time", "\"clock\", \"date\" or \"utc\"", "How times are shown (`clock`)",
	  set_time, 0, 0, 0 },
	{ "mouse", "true or false", "Take clicks and the wheel (`true`)",
	  set_bool, FIELD(mouse), 0, 0 },
	{ "ascii", "true or false", "Write ASCII only (`false`)",
	  set_bool, FIELD(ascii), 0, 0 },
	{ "read_only", "true or false", "Refuse everything that would change the cluster (`false`)",
	  set_bool, FIELD(read_only), 0, 0 },
	{ "protected", "an array of topic names, * and ? allowed",
	  "Topics that are deleted or cleared only by name",
	  set_globs, 0, 0, 0 },
	{ "bootstrap_server", "brokers as a text, \"host:port,host:port\"",
	  "Brokers to begin with (`localhost:9092`)",
	  set_bootstrap, FIELD(bootstrap), 0, 0 },
	{ "properties", "an object of librdkafka properties",
	  "The connection, when there is no `--config`",
	  set_properties, 0, 0, 0 },
	{ "resolve", "an object of host names and addresses",
	  "Where to reach brokers whose names do not resolve",
	  set_resolve, 0, 0, 0 },
	{ "keymap", "an object of views, each an object of keys and commands",
	  "Keys of your own; an empty command frees a key",
	  set_keymap, 0, 0, 0 },
};
/* clang-format on */

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.path = xstrdup(""), .default_topic = xstrdup("order_shipping"),
		.refresh_ms = 1000, .buffer_mb = 64, .mouse = true, .time = TIME_CLOCK,
	};
}

void
settings_fini(struct settings *s)
{
	struct strvec *lists[] = {
		&s->property_names, &s->property_values,  &s->resolve_hosts,
		&s->resolve_addrs,  &s->protected_topics,
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strvec_fini(lists[i]);
	for (size_t i = 0; i < s->nkeymap; i++) {
		free(s->keymap[i].view);
		free(s->keymap[i].key);
		free(s->keymap[i].command);
		free(s->keymap[i].where);
	}
	free(s->keymap);
	free(s->path);
	free(s->theme);
	free(s->default_topic);
	free(s->bootstrap);
	*s = (struct settings){ 0 };
}

bool
settings_path(struct strbuf *out, const char *name)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* A relative XDG_CONFIG_HOME is to be ignored, says its specification. */
	if (xdg && xdg[0] == '/')
		strbuf_addf(out, "%s/topicmon/%s", xdg, name);
	else if (home && *home)
		strbuf_addf(out, "%s/.config/topicmon/%s", home, name);
	else
		return false;
	return true;
}

static bool
unknown_key(const char *path, const char *name, struct err *e)
{
	struct suggest near;

	suggest_init(&near, name);
	for (size_t i = 0; i < ARRAY_LEN(setting_defs); i++)
		suggest_offer(&near, setting_defs[i].name);
	if (suggest_best(&near))
		return json_file_err(e, path, name, "there is no such key; did you mean \"%s\"?",
		                     suggest_best(&near));
	return json_file_err(
		e, path, name,
		"there is no such key; there are theme, resolve, protected, keymap and more: "
		"the README lists them");
}

static bool
take_settings(struct settings *s, const char *path, const cJSON *root, struct err *e)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, root) {
		const struct setting_def *def = NULL;

		for (size_t i = 0; i < ARRAY_LEN(setting_defs) && !def; i++) {
			if (strcmp(setting_defs[i].name, item->string) == 0)
				def = &setting_defs[i];
		}
		if (!def)
			return unknown_key(path, item->string, e);
		if (!def->set(s, def, path, item, e))
			return false;
	}
	return true;
}

bool
settings_parse(const char *path, const void *data, size_t len, struct settings *s, struct err *e)
{
	cJSON *root = json_file_parse(path, data, len, e);
	struct settings fresh;
	bool ok;

	if (!root)
		return false;
	settings_init(&fresh);
	ok = take_settings(&fresh, path, root, e);
	cJSON_Delete(root);
	if (!ok) {
		settings_fini(&fresh);
		return false;
	}
	free(fresh.path);
	fresh.path = xstrdup(path);
	settings_fini(s);
	*s = fresh;
	return true;
}

bool
settings_load(const char *path, struct settings *s, struct err *e)
{
	struct strbuf where = STRBUF_INIT, text = STRBUF_INIT;
	bool missing = true, ok;

	if (path)
		strbuf_adds(&where, path);
	else
		settings_path(&where, "config.json");
	ok = where.len && file_read(where.buf, &text, &missing, e);
	if (ok) {
		ok = settings_parse(where.buf, strbuf_str(&text), text.len, s, e);
	} else if (missing) {
		settings_fini(s);
		settings_init(s);
		ok = true;
	}
	strbuf_fini(&where);
	strbuf_fini(&text);
	return ok;
}

void
settings_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| Key | Value | What it does |\n|---|---|---|\n");
	for (size_t i = 0; i < ARRAY_LEN(setting_defs); i++) {
		const struct setting_def *def = &setting_defs[i];

		strbuf_addf(out, "| `%s` | %s | %s |\n", def->name, def->type, def->help);
	}
}
