/* The command line: every option arrives, every mistake has its sentence, the help and the README's
 * tables are whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/config/options.h"

#define MAX_WORDS 24

/* Splits at blanks; a word in '...' keeps its own. */
static bool
parse(struct options *o, struct err *e, const char *line)
{
	char *copy = xstrdup(line), *argv[MAX_WORDS] = { 0 }, *at = copy;
	char program[] = "topicmon";
	int argc = 0;
	bool ok;

	argv[argc++] = program;
	while (*(at += strspn(at, " "))) {
		bool quoted = *at == '\'';

		at += quoted;
		assert_true(argc < MAX_WORDS - 1);
		argv[argc++] = at;
		at += strcspn(at, quoted ? "'" : " ");
		if (*at)
			*at++ = '\0';
	}
	ok = options_parse(argc, argv, o, e);
	free(copy);
	return ok;
}

static struct options
good(const char *line)
{
	struct options o;
	struct err e;

	if (!parse(&o, &e, line))
		fail_msg("%s: %s", line, e.text);
	return o;
}

/* The sentence must have each of the parts (NULL ends them), and nothing may be filled in. */
static void
bad(const char *line, const char *part, ...)
{
	struct options o, before;
	struct err e;
	va_list ap;

	memset(&o, 0x5a, sizeof(o));
	before = o;
	if (parse(&o, &e, line))
		fail_msg("%s: was taken", line);
	assert_int_equal(e.code, ERR_USAGE);
	assert_int_equal(err_exit_status(e.code), 2);
	va_start(ap, part);
	for (; part; part = va_arg(ap, const char *)) {
		if (!strstr(e.text, part))
			fail_msg("%s: '%s' is not in: %s", line, part, e.text);
	}
	va_end(ap);
	assert_memory_equal(&o, &before, sizeof(o));
}

static void
nothing_given(void **state)
{
	struct options o = good("");

	(void)state;
	assert_int_equal(o.verb, VERB_SCREEN);
	assert_int_equal(o.topics.n, 0);
	assert_null(o.bootstrap);
	assert_null(o.properties_file);
	assert_null(o.theme);
	assert_int_equal(o.timeout_ms, 0);
	assert_int_equal(o.partitions, -1);
	assert_int_equal(o.replication, -1);
	assert_int_equal(o.partition, -1);
	assert_false(o.json || o.yes || o.read_only || o.ascii || o.help || o.version);
	options_fini(&o);
}

static void
common_options(void **state)
{
	struct options o = good(
		"--bootstrap-server a:1,b:2 -F conn.properties -X a=1 -Xa=2=3 --property b= "
		"--resolve broker1=127.0.0.1 --resolve=b2=::1 --timeout 0.25 --read-only --ascii "
		"--theme light orders");

	(void)state;
	assert_string_equal(o.bootstrap, "a:1,b:2");
	assert_string_equal(o.properties_file, "conn.properties");
	assert_int_equal(o.property_names.n, 3);
	assert_string_equal(o.property_names.v[1], "a");
	assert_string_equal(o.property_values.v[1], "2=3");
	assert_string_equal(o.property_values.v[2], "");
	assert_string_equal(o.resolve_hosts.v[0], "broker1");
	assert_string_equal(o.resolve_addrs.v[1], "::1");
	assert_int_equal(o.timeout_ms, 250);
	assert_true(o.read_only && o.ascii);
	assert_string_equal(o.theme, "light");
	assert_string_equal(o.topics.v[0], "orders");
	options_fini(&o);
}

static void
create_options(void **state)
{
	struct options o = good("-p3 create orders -r 2 -c retention.ms=60000 "
	                        "--topic-config=cleanup.policy=compact --json");

	(void)state;
	assert_int_equal(o.verb, VERB_CREATE);
	assert_string_equal(o.topics.v[0], "orders");
	assert_int_equal(o.partitions, 3);
	assert_int_equal(o.replication, 2);
	assert_int_equal(o.config_names.n, 2);
	assert_string_equal(o.config_names.v[0], "retention.ms");
	assert_string_equal(o.config_values.v[1], "compact");
	assert_true(o.json);
	options_fini(&o);
}

static void
destroying_options(void **state)
{
	struct options o = good("clear a b a -y --confirm a --confirm b --no-group-reset");

	(void)state;
	assert_int_equal(o.verb, VERB_CLEAR);
	assert_int_equal(o.topics.n, 2);        /* named twice, cleared once */
	assert_true(o.yes && o.no_group_reset);
	assert_true(strvec_has(&o.confirm, "b"));
	options_fini(&o);
	o = good("--yes delete a");
	assert_int_equal(o.verb, VERB_DELETE);
	assert_true(o.yes);
	options_fini(&o);
}

static void
tail_options(void **state)
{
	struct options o = good(
		"tail a b --partition 0 --from 17 --until 40 --filter .status=SHIPPED -n 5 --json");

	(void)state;
	assert_int_equal(o.topics.n, 2);
	assert_int_equal(o.partition, 0);
	assert_int_equal(o.from, FROM_OFFSET);
	assert_int_equal(o.from_value, 17);
	assert_int_equal(o.until, UNTIL_OFFSET);
	assert_int_equal(o.until_value, 40);
	assert_string_equal(o.filter, ".status=SHIPPED");
	assert_int_equal(o.limit, 5);
	options_fini(&o);
}

static void
tail_begins_and_ends(void **state)
{
	static const struct {
		const char *line;
		enum stream_from from;
		enum stream_until until;
	} rows[] = {
		{ "tail a", FROM_BEGINNING, UNTIL_END },
		{ "tail a --from beginning --until end", FROM_BEGINNING, UNTIL_END },
		{ "tail a --follow", FROM_END, UNTIL_NEVER },
		{ "tail a -f --from beginning", FROM_BEGINNING, UNTIL_NEVER },
		{ "tail a -f --from end", FROM_END, UNTIL_NEVER },
		{ "tail a --last 10", FROM_LAST, UNTIL_END },
		{ "tail a --last 10 -f", FROM_LAST, UNTIL_NEVER },
		{ "tail a --from -5m --until 2026-11-22T14:03", FROM_TIME, UNTIL_TIME },
		{ "tail a --follow --until 2026-11-22 --count", FROM_END, UNTIL_TIME },
		{ "tail a --follow --count -n 3", FROM_END, UNTIL_NEVER },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct options o = good(rows[i].line);

		if (o.from != rows[i].from || o.until != rows[i].until)
			fail_msg("%s: from %d until %d", rows[i].line, o.from, o.until);
		options_fini(&o);
	}
}

static void
times_are_relative_to_now(void **state)
{
	int64_t before = clock_wall_ms(), after;
	struct options o = good("tail a --from -5m");

	(void)state;
	after = clock_wall_ms();
	assert_in_range(o.from_value, before - 300000, after - 300000);
	options_fini(&o);
}

static void
produce_options(void **state)
{
	struct options o = good("produce orders --key '' --value '{\"a\": 1}' -H source=shop "
	                        "--header note= --partition 2");

	(void)state;
	assert_string_equal(o.key, "");         /* an empty key is not a null one */
	assert_string_equal(o.value, "{\"a\": 1}");
	assert_false(o.null_value);
	assert_string_equal(o.header_names.v[0], "source");
	assert_string_equal(o.header_values.v[0], "shop");
	assert_string_equal(o.header_values.v[1], "");
	assert_int_equal(o.partition, 2);
	options_fini(&o);
	o = good("produce orders --key k --null-value");
	assert_true(o.null_value);
	assert_null(o.value);
	options_fini(&o);
	o = good("produce orders");
	assert_null(o.key);
	assert_null(o.value);
	options_fini(&o);
}

static void
other_verbs(void **state)
{
	struct options o = good("list --internal --json");

	(void)state;
	assert_int_equal(o.verb, VERB_LIST);
	assert_true(o.internal);
	options_fini(&o);
	o = good("describe orders");
	assert_int_equal(o.verb, VERB_DESCRIBE);
	options_fini(&o);
	o = good("groups");
	assert_int_equal(o.verb, VERB_GROUPS);
	options_fini(&o);
	o = good("lag 'any group: name'");
	assert_int_equal(o.verb, VERB_LAG);
	assert_string_equal(o.group, "any group: name");
	options_fini(&o);
	o = good("lag");
	assert_null(o.group);
	options_fini(&o);
}

static void
dashes_end_options_and_verbs(void **state)
{
	struct options o = good("-- list");

	(void)state;
	assert_int_equal(o.verb, VERB_SCREEN);
	assert_string_equal(o.topics.v[0], "list");
	options_fini(&o);
	o = good("describe -- -b");
	assert_int_equal(o.verb, VERB_DESCRIBE);
	assert_string_equal(o.topics.v[0], "-b");
	options_fini(&o);
	o = good("--read-only --");
	assert_int_equal(o.verb, VERB_SCREEN);
	assert_int_equal(o.topics.n, 0);
	options_fini(&o);
	o = good("describe -");
	assert_string_equal(o.topics.v[0], "-");
	options_fini(&o);
}

static void
later_values_win(void **state)
{
	struct options o = good("-b a:1 -b b:2 create t -p 1 --partitions=4");

	(void)state;
	assert_string_equal(o.bootstrap, "b:2");
	assert_int_equal(o.partitions, 4);
	options_fini(&o);
}

static void
help_and_version_need_nothing_else(void **state)
{
	struct options o = good("tail --help --partitions 3");

	(void)state;
	assert_true(o.help);
	assert_int_equal(o.verb, VERB_TAIL);
	options_fini(&o);
	o = good("--version");
	assert_true(o.version);
	options_fini(&o);
	o = good("-yh");
	assert_true(o.help);
	options_fini(&o);
}

static void
wrong_options(void **state)
{
	(void)state;
	bad("--partitons 3", "--partitons", "did you mean --partitions?", NULL);
	bad("--form end", "--form", "--from", NULL);
	bad("--zzz", "--zzz", "--help", NULL);
	bad("--xyzzy=1", "--xyzzy;", NULL);
	bad("-Q", "-Q", NULL);
	bad("delete a -yQ", "-Q", NULL);
	bad("-b", "-b needs a value", "LIST", NULL);
	bad("create t --partitions", "--partitions needs a value", NULL);
	bad("--read-only=yes", "--read-only takes no value", NULL);
	bad("list --count", "'list'", "--count", "tail", NULL);
	bad("list -y", "-y", "delete, clear", NULL);
	bad("list --theme dark", "--theme", "the screen", NULL);
	bad("--json", "--json", "not for the screen", "every verb", NULL);
	bad("delete a --no-group-reset", "--no-group-reset", "clear", NULL);
}

static void
wrong_values(void **state)
{
	(void)state;
	bad("create t -p three", "-p", "'three'", "1 to 100000", NULL);
	bad("create t -p 3x", "'3x'", NULL);
	bad("create t -p ''", "-p", NULL);
	bad("create t --partitions 0", "--partitions", "out of range", "1 to 100000", NULL);
	bad("create t -p 99999999999999999999", "-p", NULL);
	bad("create t -r 40000", "-r", "32767", NULL);
	bad("create t -c retention.ms", "-c", "name=value", "retention.ms", NULL);
	bad("create t -c =5", "-c", NULL);
	bad("tail t --partition -1", "--partition", "0 to 2147483647", NULL);
	bad("tail t -n 0", "-n", NULL);
	bad("tail t --last 0", "--last", NULL);
	bad("--timeout 0", "--timeout", "0.1", "'0'", NULL);
	bad("--timeout 5s", "'5s'", NULL);
	bad("--timeout 1.2.3", "--timeout", NULL);
	bad("--timeout 99999999999999999999", "--timeout", NULL);
	bad("-F ''", "-F", NULL);
	bad("-X foo", "-X", "NAME=VALUE", "'foo'", NULL);
	bad("-X =5", "-X", "no name", NULL);
	bad("produce t -H novalue", "-H", "novalue", NULL);
	bad("tail t --from yesterday", "--from", "'yesterday'", "beginning", "-5m", NULL);
	bad("tail t --until begin", "--until", "'begin'", "end", NULL);
	bad("tail t --filter /(/", "--filter", "character", NULL);
	bad("tail t --filter size>big", "--filter", NULL);
}

static void
a_secret_is_not_repeated(void **state)
{
	struct options o;
	struct err e;

	(void)state;
	assert_false(parse(&o, &e, "-X 'sasl.password: hunter2'"));
	assert_null(strstr(e.text, "hunter2"));
	assert_non_null(strstr(e.text, "sasl.password"));
	assert_false(parse(&o, &e, "-X sasl.password/hunter2"));
	assert_null(strstr(e.text, "hunter2"));
	assert_false(parse(&o, &e, "-b user:hunter2@localhost:9092"));
	assert_null(strstr(e.text, "hunter2"));
}

static void
wrong_addresses(void **state)
{
	(void)state;
	bad("-b ''", "-b", "host:port", NULL);
	bad("-b a:99999", "-b", "'a:99999'", "65535", NULL);
	bad("-b a:x", "'a:x'", NULL);
	bad("-b a:", "'a:'", NULL);
	bad("-b a:1,,b:2", "commas", NULL);
	bad("-b a:1,", "commas", NULL);
	bad("-b :9092", "host name is missing", NULL);
	bad("-b ::1", "brackets", NULL);
	bad("-b '[::1'", "']'", NULL);
	bad("-b http://a:9092", "'http://a:9092'", NULL);
	bad("--resolve broker1", "--resolve", "HOST=ADDR", "broker1=127.0.0.1", NULL);
	bad("--resolve broker1:9092=127.0.0.1", "without a port", NULL);
	bad("--resolve broker1=127.0.0.1:9092", "without a port", NULL);
	bad("--resolve broker1=", "--resolve", NULL);
	bad("--resolve 'br oker=1.2.3.4'", "not a host name", NULL);
}

static void
good_addresses(void **state)
{
	static const char *const lists[] = {
		"localhost",  "broker1:9092",   "10.0.0.1:1,b_2.example-x.org:65535",
		"[::1]:9092", "[fe80::1%eth0]", "SASL_SSL://kafka.example.org:9093",
		"'a:1, b:2'",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		char line[128];
		struct options o;

		snprintf(line, sizeof(line), "-b %s", lists[i]);
		o = good(line);
		options_fini(&o);
	}
}

static void
wrong_operands(void **state)
{
	(void)state;
	bad("create", "'create' needs a topic", "create TOPIC", NULL);
	bad("tail", "tail TOPIC...", NULL);
	bad("delte orders", "'delte'", "did you mean 'delete'?", NULL);
	bad("orders payments", "'orders'", "'payments'", NULL);
	bad("list orders", "'orders'", "topicmon list", NULL);
	bad("lag a b", "'b'", NULL);
	bad("lag ''", "group", NULL);
	bad("'a b'", "'a b'", "spaces", NULL);
	bad("create order/new", "'order/new'", "'/'", NULL);
	bad("describe ''", "name", NULL);
	bad("create ..", "'..'", NULL);
	bad("create '\x1b[31m'", "\xe2\x90\x9b", NULL);
	bad("clear a --confirm b", "--confirm", "'b'", "clear", NULL);
}

static void
contradictions(void **state)
{
	(void)state;
	bad("tail t --from end --last 5 -f", "--from and --last", NULL);
	bad("tail t --from 5", "--from OFFSET", "--partition", NULL);
	bad("tail t --until 5", "--until OFFSET", "--partition", NULL);
	bad("tail t --from end", "--follow", NULL);
	bad("tail t --follow --until end", "--follow", "--until end", NULL);
	bad("tail t --follow --count", "--count", "never end", NULL);
	bad("produce t --value a --null-value", "--value", "--null-value", NULL);
}

/* Every option of the table is refused by each verb that is not in its row, and named; so the table
 * alone decides. */
static void
each_option_keeps_to_its_verbs(void **state)
{
	(void)state;
	for (int verb = VERB_SCREEN; verb < VERB_COUNT; verb++) {
		for (size_t i = 0; i < option_ndefs; i++) {
			const struct option_def *def = &option_defs[i];
			char name[64], line[160];

			if (def->verbs & (1u << verb))
				continue;
			snprintf(name, sizeof(name), "--%s", def->name);
			snprintf(line, sizeof(line), "%s%s %s%s", verb_info[verb].name,
			         verb_info[verb].min ? " t" : "", name, def->argument ? " 1" : "");
			bad(line, name, NULL);
		}
	}
}

static bool
is_kebab(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz-") == strlen(name);
}

static void
tables_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_ndefs; i++) {
		const struct option_def *a = &option_defs[i];

		assert_true(is_kebab(a->name));
		assert_in_range(strlen(a->help), 5, 80);
		assert_int_not_equal(a->help[strlen(a->help) - 1], '.');
		assert_int_not_equal(a->verbs, 0);
		assert_non_null(a->set);
		for (size_t j = i + 1; j < option_ndefs; j++) {
			assert_string_not_equal(a->name, option_defs[j].name);
			if (a->letter)
				assert_int_not_equal(a->letter, option_defs[j].letter);
		}
	}
	for (int i = VERB_SCREEN + 1; i < VERB_COUNT; i++)
		assert_true(is_kebab(verb_info[i].name));
}

static void
help_has_every_row_and_fits(void **state)
{
	(void)state;
	for (int verb = 0; verb < VERB_COUNT; verb++) {
		struct strbuf help = STRBUF_INIT;

		options_help(&help, (enum verb)verb);
		for (const char *line = help.buf; *line; line += strcspn(line, "\n") + 1)
			assert_in_range(strcspn(line, "\n"), 0, 80);
		for (size_t i = 0; i < option_ndefs; i++) {
			const struct option_def *def = &option_defs[i];
			char row[64];

			snprintf(row, sizeof(row), "\n  %c%c%c --%s", def->letter ? '-' : ' ',
			         def->letter ? def->letter : ' ', def->letter ? ',' : ' ',
			         def->name);
			assert_int_equal(strstr(help.buf, row) != NULL, (def->verbs >> verb) & 1);
		}
		assert_non_null(strstr(help.buf, "Usage: topicmon"));
		assert_non_null(strstr(help.buf, "\n  6  "));
		strbuf_fini(&help);
	}
}

static void
readme_tables_are_whole(void **state)
{
	struct strbuf out = STRBUF_INIT;
	size_t rows = 0;

	(void)state;
	options_markdown(&out);
	for (const char *p = out.buf; (p = strchr(p, '\n')); p++)
		rows++;
	assert_int_equal(rows, option_ndefs + 2);
	assert_non_null(strstr(out.buf, "| `-b, --bootstrap-server LIST` |"));
	strbuf_reset(&out);
	verbs_markdown(&out);
	assert_non_null(strstr(out.buf, "| `topicmon clear TOPIC...` |"));
	assert_non_null(strstr(out.buf, "| `topicmon [TOPIC]` |"));
	strbuf_reset(&out);
	exit_statuses_markdown(&out);
	assert_non_null(strstr(out.buf, "| 6 | refused"));
	strbuf_fini(&out);
}

static const char *
nearest(const char *word)
{
	static const char *const names[] = { "partitions", "partition", "from",
		                             "follow",     "clear",     "create" };
	struct suggest s;

	suggest_init(&s, word);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		suggest_offer(&s, names[i]);
	return suggest_best(&s);
}

static void
suggestions(void **state)
{
	(void)state;
	assert_string_equal(nearest("partitons"), "partitions");
	assert_string_equal(nearest("Partitoin"), "partition");
	assert_string_equal(nearest("form"), "from");
	assert_string_equal(nearest("cler"), "clear");
	assert_string_equal(nearest("foll"), "follow");
	assert_string_equal(nearest("part"), "partition");
	assert_null(nearest("xyzzy"));
	assert_null(nearest(""));
	assert_null(nearest("a-word-that-is-much-too-long-to-be-a-typing-mistake-of-anything"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_given),
		cmocka_unit_test(common_options),
		cmocka_unit_test(create_options),
		cmocka_unit_test(destroying_options),
		cmocka_unit_test(tail_options),
		cmocka_unit_test(tail_begins_and_ends),
		cmocka_unit_test(times_are_relative_to_now),
		cmocka_unit_test(produce_options),
		cmocka_unit_test(other_verbs),
		cmocka_unit_test(dashes_end_options_and_verbs),
		cmocka_unit_test(later_values_win),
		cmocka_unit_test(help_and_version_need_nothing_else),
		cmocka_unit_test(wrong_options),
		cmocka_unit_test(wrong_values),
		cmocka_unit_test(a_secret_is_not_repeated),
		cmocka_unit_test(wrong_addresses),
		cmocka_unit_test(good_addresses),
		cmocka_unit_test(wrong_operands),
		cmocka_unit_test(contradictions),
		cmocka_unit_test(each_option_keeps_to_its_verbs),
		cmocka_unit_test(tables_are_sound),
		cmocka_unit_test(help_has_every_row_and_fits),
		cmocka_unit_test(readme_tables_are_whole),
		cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
