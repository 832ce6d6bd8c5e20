/* options_table: the rows, and what each does with its value. */
#include <stdlib.h>
#include <string.h>

#include "options_private.h"
#include "text.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/config/properties.h"
#include "topicmon/model/filter.h"
#include "topicmon/model/topic_name.h"

/* Every setter has this shape; a row names the field by its offset where several share one. */
#define SETTER(name) \
	static bool name(struct options *o, const struct option_def *def, const char *given, \
	                 const char *value, struct err *e)

/* A pair of lists in struct options: the second lies right behind the first. */
struct pair_field {
	struct strvec names;
	struct strvec values;
};

static void *
field_of(struct options *o, const struct option_def *def)
{
	return (char *)o + def->field;
}

SETTER(set_flag)
{
	bool *flag = field_of(o, def);

	(void)given, (void)value, (void)e;
	*flag = true;
	return true;
}

SETTER(set_text)
{
	char **text = field_of(o, def);

	(void)given, (void)e;
	free(*text);
	*text = xstrdup(value);
	return true;
}

SETTER(set_name)
{
	if (!*value)
		return err_set(e, ERR_USAGE, "%s needs a %s that is not empty", given,
		               def->argument);
	return set_text(o, def, given, value, e);
}

static bool
read_number(const struct option_def *def, const char *given, const char *value, int64_t *out,
            struct err *e)
{
	struct shown v;
	int64_t n = 0;

	if (!text_int64(value, &n))
		return err_set(e, ERR_USAGE, "%s takes a whole number from %lld to %lld, not '%s'",
		               given, (long long)def->min, (long long)def->max,
		               shown_text(&v, value));
	if (n < def->min || n > def->max)
		return err_set(e, ERR_USAGE, "%s: %s is out of range: it takes %lld to %lld", given,
		               shown_text(&v, value), (long long)def->min, (long long)def->max);
	*out = n;
	return true;
}

SETTER(set_int32)
{
	int32_t *field = field_of(o, def);
	int64_t n = 0;

	if (!read_number(def, given, value, &n, e))
		return false;
	*field = (int32_t)n;
	return true;
}

SETTER(set_int64)
{
	return read_number(def, given, value, field_of(o, def), e);
}

SETTER(set_timeout)
{
	struct shown v;
	int64_t ms;

	if (!text_seconds(value, &ms) || ms < def->min || ms > def->max)
		return err_set(e, ERR_USAGE,
		               "%s takes seconds from 0.1 to %lld, such as 5 or 0.5, not '%s'",
		               given, (long long)(def->max / 1000), shown_text(&v, value));
	o->timeout_ms = (int32_t)ms;
	return true;
}

SETTER(set_bootstrap)
{
	struct err why;

	if (!bootstrap_check(value, &why))
		return err_set(e, ERR_USAGE, "%s: %s", given, why.text);
	return set_text(o, def, given, value, e);
}

/* The value may be a secret (-X sasl.password=...): sentences name what stands before the '='. */
SETTER(set_pair)
{
	static const char name_chars[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	struct pair_field *pair = field_of(o, def);
	char *name, *content;
	struct shown v;

	if (!text_pair(value, &name, &content))
		return err_set(e, ERR_USAGE, "%s takes %s; '%s' has no %s", given, def->argument,
		               shown_textn(&v, value, strspn(value, name_chars)),
		               *value == '=' ? "name before the '='" : "'='");
	strvec_push(&pair->names, name);
	strvec_push(&pair->values, content);
	free(name);
	free(content);
	return true;
}

SETTER(set_topic_config)
{
	struct err why;

	if (!topic_config_check(value, &why))
		return err_set(e, ERR_USAGE, "%s: %s", given, why.text);
	return set_pair(o, def, given, value, e);
}

SETTER(set_resolve)
{
	char *host = NULL, *addr = NULL;
	struct shown v;
	bool ok;

	if (!text_pair(value, &host, &addr))
		return err_set(e, ERR_USAGE,
		               "%s takes HOST=ADDR, such as broker1=127.0.0.1, not '%s'", given,
		               shown_text(&v, value));
	ok = resolve_check(given, host, addr, e) && set_pair(o, def, given, value, e);
	free(host);
	free(addr);
	return ok;
}

SETTER(set_confirm)
{
	(void)def, (void)given, (void)e;
	strvec_push(&o->confirm, value);
	return true;
}

SETTER(set_filter)
{
	struct err why;
	struct filter *filter = filter_compile(value, NULL, &why);

	if (!filter)
		return err_set(e, ERR_USAGE, "%s: %s", given, why.text);
	filter_unref(filter);
	return set_text(o, def, given, value, e);
}

static bool
all_digits(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

/* An offset or a time. A bare number is an offset: a time in milliseconds would look the same. */
static bool
read_place(const char *given, const char *value, bool *is_time, int64_t *out, struct err *e)
{
	struct shown v;

	*is_time = !all_digits(value);
	if (*is_time ? clock_parse(value, clock_wall_ms(), out) : text_int64(value, out))
		return true;
	return err_set(e, ERR_USAGE,
	               "%s: '%s' is no place: write %s, an offset such as 120, or a time such as "
	               "-5m, 14:03 "
	               "or 2026-11-22T14:03",
	               given, shown_text(&v, value),
	               strcmp(given, "--from") == 0 ? "beginning, end" : "end");
}

SETTER(set_from)
{
	bool is_time;

	(void)def;
	if (strcmp(value, "beginning") == 0) {
		o->from = FROM_BEGINNING;
	} else if (strcmp(value, "end") == 0) {
		o->from = FROM_END;
	} else {
		if (!read_place(given, value, &is_time, &o->from_value, e))
			return false;
		o->from = is_time ? FROM_TIME : FROM_OFFSET;
	}
	return true;
}

SETTER(set_until)
{
	bool is_time;

	(void)def;
	if (strcmp(value, "end") == 0) {
		o->until = UNTIL_END;
	} else {
		if (!read_place(given, value, &is_time, &o->until_value, e))
			return false;
		o->until = is_time ? UNTIL_TIME : UNTIL_OFFSET;
	}
	return true;
}

SETTER(set_last)
{
	if (!read_number(def, given, value, &o->from_value, e))
		return false;
	o->from = FROM_LAST;
	return true;
}

#define FIELD(name) offsetof(struct options, name)
#define MESSAGES (VERB_BIT(TAIL) | VERB_BIT(PRODUCE))
#define DESTROYS (VERB_BIT(DELETE) | VERB_BIT(CLEAR))
#define NUMBER_MAX INT64_C(1000000000000000)

/* The order is the one of the help. */
/* clang-format off */
const struct option_def option_defs[] = {
	{ 'b', "bootstrap-server", "LIST",
	  "Brokers to begin with, host:port,host:port (default localhost:9092)",
	  ALL_VERBS, false, set_bootstrap, FIELD(bootstrap), 0, 0 },
	{ 'F', "config", "FILE",
	  "Connection properties: librdkafka's, as for kcat, or a Java client.properties",
	  ALL_VERBS, false, set_name, FIELD(properties_file), 0, 0 },
	{ 'X', "property", "NAME=VALUE",
	  "A property of librdkafka; wins over --config, the last one over all",
	  ALL_VERBS, true, set_pair, FIELD(property_names), 0, 0 },
	{ 0, "resolve", "HOST=ADDR",
	  "Reach a broker that calls itself HOST at ADDR, such as broker1=127.0.0.1",
	  ALL_VERBS, true, set_resolve, FIELD(resolve_hosts), 0, 0 },
	{ 0, "timeout", "SECONDS", "Give up on an answer after this time (default 5)",
	  ALL_VERBS, false, set_timeout, 0, 100, 3600000 },
	{ 0, "read-only", NULL, "Refuse everything that would change the cluster",
	  ALL_VERBS, false, set_flag, FIELD(read_only), 0, 0 },
	{ 0, "theme", "NAME", "Colours of the screen: a theme's name, or a path",
	  VERB_BIT(SCREEN), false, set_name, FIELD(theme), 0, 0 },
	{ 0, "ascii", NULL, "Write ASCII only; everything else is shown escaped",
	  ALL_VERBS, false, set_flag, FIELD(ascii), 0, 0 },
	{ 'p', "partitions", "N", "Number of partitions (default: the broker's)",
	  VERB_BIT(CREATE), false, set_int32, FIELD(partitions), 1, 100000 },
	{ 'r', "replication", "N", "Copies of each partition (default: the broker's)",
	  VERB_BIT(CREATE), false, set_int32, FIELD(replication), 1, INT16_MAX },
	{ 'c', "topic-config", "NAME=VALUE", "A config of the topic, such as retention.ms=60000",
	  VERB_BIT(CREATE), true, set_topic_config, FIELD(config_names), 0, 0 },
	{ 'y', "yes", NULL, "Do it without asking; a protected topic needs --confirm too",
	  DESTROYS, false, set_flag, FIELD(yes), 0, 0 },
	{ 0, "confirm", "NAME", "Confirm by the topic's name, also a protected one's",
	  DESTROYS, true, set_confirm, 0, 0, 0 },
	{ 0, "no-group-reset", NULL, "Leave the commits of consumer groups as the broker left them",
	  VERB_BIT(CLEAR), false, set_flag, FIELD(no_group_reset), 0, 0 },
	{ 0, "from", "PLACE",
	  "Begin at: beginning, end, an OFFSET, or a TIME (-5m, 14:03, 2026-11-22T14:03)",
	  VERB_BIT(TAIL), false, set_from, 0, 0, 0 },
	{ 0, "last", "N", "Begin so that the last N messages are read",
	  VERB_BIT(TAIL), false, set_last, 0, 1, NUMBER_MAX },
	{ 0, "until", "PLACE",
	  "Stop at: end (as it stood at the start), a TIME, or before an OFFSET",
	  VERB_BIT(TAIL), false, set_until, 0, 0, 0 },
	{ 'f', "follow", NULL, "Go on with the messages that come, until interrupted",
	  VERB_BIT(TAIL), false, set_flag, FIELD(follow), 0, 0 },
	{ 0, "partition", "N",
	  "Only this partition; produce: instead of the one that the key gives",
	  MESSAGES, false, set_int32, FIELD(partition), 0, INT32_MAX },
	{ 0, "filter", "FILTER", "Only messages that match, such as '.status=SHIPPED size>1k'",
	  VERB_BIT(TAIL), false, set_filter, FIELD(filter), 0, 0 },
	{ 'n', "limit", "N", "Stop after N messages",
	  VERB_BIT(TAIL), false, set_int64, FIELD(limit), 1, NUMBER_MAX },
	{ 0, "count", NULL, "Print only how many messages there are",
	  VERB_BIT(TAIL), false, set_flag, FIELD(count), 0, 0 },
	{ 'k', "key", "KEY", "Key of the message (default: null)",
	  VERB_BIT(PRODUCE), false, set_text, FIELD(key), 0, 0 },
	{ 0, "value", "VALUE",
	  "Value of the message; without it one message for each line of standard input",
	  VERB_BIT(PRODUCE), false, set_text, FIELD(value), 0, 0 },
	{ 0, "null-value", NULL, "A message without a value: a tombstone",
	  VERB_BIT(PRODUCE), false, set_flag, FIELD(null_value), 0, 0 },
	{ 'H', "header", "NAME=VALUE", "A header of the message",
	  VERB_BIT(PRODUCE), true, set_pair, FIELD(header_names), 0, 0 },
	{ 0, "internal", NULL, "Internal topics too",
	  VERB_BIT(LIST), false, set_flag, FIELD(internal), 0, 0 },
	{ 0, "json", NULL, "One JSON object a line",
	  ALL_VERBS & ~VERB_BIT(SCREEN), false, set_flag, FIELD(json), 0, 0 },
	{ 'h', "help", NULL, "Show this text",
	  ALL_VERBS, false, set_flag, FIELD(help), 0, 0 },
	{ 0, "version", NULL, "Show the version",
	  ALL_VERBS, false, set_flag, FIELD(version), 0, 0 },
};
/* clang-format on */
const size_t option_ndefs = ARRAY_LEN(option_defs);

/* set_pair takes the second list to lie right behind the first. */
#define ADJACENT(first, second) \
	_Static_assert(FIELD(second) - FIELD(first) == offsetof(struct pair_field, values), \
	               #first " lies before " #second)
ADJACENT(property_names, property_values);
ADJACENT(resolve_hosts, resolve_addrs);
ADJACENT(config_names, config_values);
ADJACENT(header_names, header_values);
