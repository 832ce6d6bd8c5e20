/* config.json: what each key does, what each mistake is told, and that what is remembered leaves
 * the rest alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "topicmon/base/mem.h"
#include "topicmon/config/config_file.h"

#define PATH "/home/ana/.config/topicmon/config.json"

static struct settings
good(const char *text)
{
	struct settings s;
	struct err e;

	settings_init(&s);
	if (!settings_parse(PATH, text, strlen(text), &s, &e))
		fail_msg("%s\n%s", e.text, text);
	return s;
}

static void
bad_bytes(const char *text, size_t len, const char *part, ...)
{
	struct settings s;
	struct err e;
	va_list ap;

	settings_init(&s);
	s.refresh_ms = 4711;
	if (settings_parse(PATH, text, len, &s, &e))
		fail_msg("was taken: %s", text);
	assert_int_equal(e.code, ERR_USAGE);
	assert_non_null(strstr(e.text, PATH));
	va_start(ap, part);
	for (; part; part = va_arg(ap, const char *)) {
		if (!strstr(e.text, part))
			fail_msg("'%s' is not in: %s", part, e.text);
	}
	va_end(ap);
	assert_int_equal(s.refresh_ms, 4711);
	settings_fini(&s);
}
#define bad(text, ...) bad_bytes(text, strlen(text), __VA_ARGS__, NULL)

static void
nothing_said(void **state)
{
	struct settings s = good("{}");

	(void)state;
	assert_null(s.theme);
	assert_null(s.bootstrap);
	assert_string_equal(s.default_topic, "order_shipping");
	assert_int_equal(s.refresh_ms, 1000);
	assert_int_equal(s.buffer_mb, 64);
	assert_true(s.mouse);
	assert_false(s.ascii || s.read_only);
	assert_int_equal(s.time, TIME_CLOCK);
	assert_string_equal(s.path, PATH);
	settings_fini(&s);
}

static void
everything_said(void **state)
{
	struct settings s = good(
		"\xEF\xBB\xBF{\r\n"
		"\"theme\": \"light\", \"default_topic\": \"payments\",\r\n"
		"\"refresh_ms\": 250, \"buffer_mb\": 16,\r\n"
		"\"time\": \"utc\", \"mouse\": false, \"ascii\": true, \"read_only\": true,\r\n"
		"\"protected\": [\"prod.*\", \"payments\"], \"bootstrap_server\": \"a:1,b:2\",\r\n"
		"\"properties\": {\"client.id\": \"me\", \"socket.timeout.ms\": 3000,"
		" \"socket.keepalive.enable\": true},\r\n"
		"\"resolve\": {\"broker1\": \"127.0.0.1\", \"b2\": \"::1\"},\r\n"
		"\"keymap\": {\"topics\": {\"ctrl-r\": \"refresh\", \"x\": \"\"},"
		" \"messages\": {\"P\": \"pause\"}}}\r\n");

	(void)state;
	assert_string_equal(s.theme, "light");
	assert_string_equal(s.default_topic, "payments");
	assert_int_equal(s.refresh_ms, 250);
	assert_int_equal(s.buffer_mb, 16);
	assert_int_equal(s.time, TIME_ISO);
	assert_false(s.mouse);
	assert_true(s.ascii && s.read_only);
	assert_int_equal(s.protected_topics.n, 2);
	assert_string_equal(s.bootstrap, "a:1,b:2");
	assert_string_equal(s.property_values.v[1], "3000");
	assert_string_equal(s.property_values.v[2], "true");
	assert_string_equal(s.resolve_hosts.v[1], "b2");
	assert_string_equal(s.resolve_addrs.v[1], "::1");
	assert_int_equal(s.nkeymap, 3);
	assert_string_equal(s.keymap[0].view, "topics");
	assert_string_equal(s.keymap[0].key, "ctrl-r");
	assert_string_equal(s.keymap[0].command, "refresh");
	assert_string_equal(s.keymap[0].where, PATH ": keymap.topics.ctrl-r");
	assert_string_equal(s.keymap[1].command, "");
	settings_fini(&s);
}

static void
not_json(void **state)
{
	(void)state;
	bad("", ":1:1:", "empty");
	bad("{\n  \"mouse\": true,\n}", ":3:1:", "comma");
	bad("{\"theme\": \"dark\" \"mouse\": true}", ":1:18:", "comma");
	bad("{\"theme\": \"dark", ":1:16:", "too early");
	bad("{\n // why\n}", ":2:2:", "no comments");
	bad("{'theme': 1}", ":1:2:", "double quotes");
	bad("{\"theme\": \"\\x\"}", ":1:13:", "escape");
	bad("{\"theme\": \"a\nb\"}", ":1:13:", "line break");
	bad("{\"mouse\": True}", ":1:11:", "small");
	bad("{} {}", ":1:4:", "behind its end");
	bad("{\"\xc3\xa4\xc3\xb6\": 1 2}", ":1:10:");      /* columns are characters, not bytes */
	bad("{\"theme\": \"a\\u0000b\"}", ":1:11:", "NUL");
	bad_bytes("{\"theme\": \"a\0b\"}", 16, ":1:13:", NULL);
	bad("[]", "an object", "an array");
	bad("null", "null");
	bad("{\"mouse\": true, \"mouse\": false}", "mouse", "twice");
	bad("{\"keymap\": {\"topics\": {\"r\": \"a\", \"r\": \"b\"}}}", "r", "twice");
}

static void
nested_too_deeply(void **state)
{
	struct strbuf text = STRBUF_INIT;

	(void)state;
	strbuf_adds(&text, "{\"a\": ");
	for (int i = 0; i < 10000; i++)
		strbuf_addch(&text, '[');
	for (int i = 0; i < 10000; i++)
		strbuf_addch(&text, ']');
	strbuf_addch(&text, '}');
	bad(text.buf, "nested too deeply");
	strbuf_fini(&text);
}

static void
wrong_values(void **state)
{
	(void)state;
	bad("{\"theem\": \"x\"}", "theem", "did you mean \"theme\"?");
	bad("{\"Mouse\": true}", "Mouse", "\"mouse\"");
	bad("{\"xyzzy\": 1}", "xyzzy", "no such key");
	bad("{\"theme\": 1}", "theme:", "text", "not a number");
	bad("{\"theme\": \"\"}", "theme:", "empty");
	bad("{\"mouse\": \"yes\"}", "mouse:", "true or false", "not a text");
	bad("{\"refresh_ms\": 50}", "refresh_ms:", "100 to 3600000", "50");
	bad("{\"refresh_ms\": 100.5}", "refresh_ms:");
	bad("{\"refresh_ms\": 1e300}", "refresh_ms:");
	bad("{\"refresh_ms\": \"1000\"}", "refresh_ms:", "not a text");
	bad("{\"buffer_mb\": 0}", "buffer_mb:", "1 to 65536");
	bad("{\"buffer_mb\": null}", "buffer_mb:", "null");
	bad("{\"time\": \"noon\"}", "time:", "\"clock\"", "\"utc\"", "\"noon\"");
	bad("{\"default_topic\": \"a b\"}", "default_topic:", "spaces");
	bad("{\"bootstrap_server\": \"a:b\"}", "bootstrap_server:", "'a:b'");
	bad("{\"protected\": \"a\"}", "protected:", "array");
	bad("{\"protected\": [\"a\", 2]}", "protected[1]:", "a number");
	bad("{\"protected\": [\"\"]}", "protected[0]:", "empty");
	bad("{\"resolve\": []}", "resolve:", "object");
	bad("{\"resolve\": {\"b1\": 1}}", "resolve.b1:", "a number");
	bad("{\"resolve\": {\"b1:9\": \"1.2.3.4\"}}", "resolve:", "'b1:9'", "without a port");
	bad("{\"resolve\": {\"b1\": \"1.2.3.4:9\"}}", "'1.2.3.4:9'", "without a port");
	bad("{\"properties\": {\"a\": {}}}", "properties.a:", "an object");
	bad("{\"properties\": 1}", "properties:");
	bad("{\"keymap\": {\"topics\": \"r\"}}", "keymap.topics:", "object");
	bad("{\"keymap\": {\"topics\": {\"r\": 1}}}", "keymap.topics.r:", "command", "a number");
	bad("{\"keymap\": 1}", "keymap:");
}

static void
a_key_of_control_bytes_is_made_visible(void **state)
{
	(void)state;
	bad("{\"\\u001b[31m\": 1}", "\xe2\x90\x9b[31m");
}

/* A directory of its own as XDG_CONFIG_HOME. */
static int
make_home(void **state)
{
	char *dir = xstrdup("/tmp/topicmon_home_XXXXXX");

	assert_non_null(mkdtemp(dir));
	setenv("XDG_CONFIG_HOME", dir, 1);
	*state = dir;
	return 0;
}

static int
drop_home(void **state)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/topicmon/config.json", (char *)*state);
	unlink(path);
	snprintf(path, sizeof(path), "%s/real.json", (char *)*state);
	unlink(path);
	snprintf(path, sizeof(path), "%s/topicmon", (char *)*state);
	rmdir(path);
	assert_int_equal(rmdir(*state), 0);
	free(*state);
	return 0;
}

static void
no_file_is_no_mistake(void **state)
{
	struct settings s;
	struct err e;

	(void)state;
	settings_init(&s);
	s.refresh_ms = 4711;
	assert_true(settings_load(NULL, &s, &e));
	assert_int_equal(s.refresh_ms, 1000);
	assert_string_equal(s.path, "");
	assert_false(settings_load("/", &s, &e));
	assert_non_null(strstr(e.text, "/: cannot be read"));
	settings_fini(&s);
}

static void
where_it_lies(void **state)
{
	struct strbuf path = STRBUF_INIT;
	char *home = xstrdup(getenv("HOME") ? getenv("HOME") : "/");

	(void)state;
	assert_true(settings_path(&path, "config.json"));
	assert_non_null(strstr(path.buf, "/topicmon/config.json"));
	strbuf_reset(&path);
	setenv("XDG_CONFIG_HOME", "not/absolute", 1);
	setenv("HOME", "/home/ana", 1);
	assert_true(settings_path(&path, "themes"));
	assert_string_equal(path.buf, "/home/ana/.config/topicmon/themes");
	unsetenv("HOME");
	assert_false(settings_path(&path, "config.json"));
	setenv("HOME", home, 1);
	setenv("XDG_CONFIG_HOME", *state, 1);
	free(home);
	strbuf_fini(&path);
}

static void
remembers_the_theme(void **state)
{
	struct strbuf path = STRBUF_INIT;
	struct settings s;
	struct stat st;
	struct err e;

	(void)state;
	settings_init(&s);
	if (!settings_remember_theme(NULL, "light", &e)) /* makes the directory and the file */
		fail_msg("%s", e.text);
	assert_true(settings_load(NULL, &s, &e));
	assert_string_equal(s.theme, "light");
	assert_true(settings_path(&path, "config.json"));
	assert_int_equal(stat(path.buf, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	settings_fini(&s);
	strbuf_fini(&path);
}

static void
write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
remembering_keeps_the_rest(void **state)
{
	char dir[256], path[300], real[256];
	struct settings s;
	struct stat st;
	struct err e;

	settings_init(&s);
	snprintf(dir, sizeof(dir), "%s/topicmon", (char *)*state);
	snprintf(path, sizeof(path), "%s/config.json", dir);
	snprintf(real, sizeof(real), "%s/real.json", (char *)*state);
	assert_int_equal(mkdir(dir, 0700), 0);
	write_file(real, "{\"refresh_ms\": 300, \"theme\": \"mono\","
	                 " \"keymap\": {\"topics\": {\"r\": \"sort\"}}}");
	assert_int_equal(chmod(real, 0640), 0);
	assert_int_equal(symlink("../real.json", path), 0); /* as people keep their dot-files */

	assert_true(settings_remember_theme(NULL, "light", &e));
	assert_true(settings_load(NULL, &s, &e));
	assert_string_equal(s.theme, "light");
	assert_int_equal(s.refresh_ms, 300);
	assert_int_equal(s.nkeymap, 1);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	settings_fini(&s);
}

static void
a_broken_file_is_not_overwritten(void **state)
{
	char dir[256], path[300], back[32] = "";
	struct err e;
	FILE *file;

	snprintf(dir, sizeof(dir), "%s/topicmon", (char *)*state);
	snprintf(path, sizeof(path), "%s/config.json", dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	write_file(path, "{\"theme\": ");
	assert_false(settings_remember_theme(NULL, "light", &e));
	assert_non_null(strstr(e.text, "config.json:1:11:"));
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(back, sizeof(back), file));
	fclose(file);
	assert_string_equal(back, "{\"theme\": ");
}

static void
readme_table_is_whole(void **state)
{
	struct strbuf out = STRBUF_INIT;

	(void)state;
	settings_markdown(&out);
	assert_non_null(strstr(out.buf, "| `theme` |"));
	assert_non_null(strstr(out.buf, "| `refresh_ms` | a whole number from 100 to 3600000 |"));
	assert_non_null(strstr(out.buf, "| `keymap` |"));
	strbuf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said),
		cmocka_unit_test(everything_said),
		cmocka_unit_test(not_json),
		cmocka_unit_test(nested_too_deeply),
		cmocka_unit_test(wrong_values),
		cmocka_unit_test(a_key_of_control_bytes_is_made_visible),
		cmocka_unit_test_setup_teardown(no_file_is_no_mistake, make_home, drop_home),
		cmocka_unit_test_setup_teardown(where_it_lies, make_home, drop_home),
		cmocka_unit_test_setup_teardown(remembers_the_theme, make_home, drop_home),
		cmocka_unit_test_setup_teardown(remembering_keeps_the_rest, make_home, drop_home),
		cmocka_unit_test_setup_teardown(a_broken_file_is_not_overwritten, make_home,
		                                drop_home),
		cmocka_unit_test(readme_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
