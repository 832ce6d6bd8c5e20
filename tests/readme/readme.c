/*
 * readme: the README's tables, made from the tables of the program.
 *
 *   readme_tables check README.md       exit 1 and the first line that differs, when one is not as the program says
 *   readme_tables write README.md       puts them right
 *
 * A table stands between <!-- begin:NAME --> and <!-- end:NAME -->.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/ui/keymap.h"
#include "topicmon/views/view.h"

/* The keys of the rows that do the same as rows[first], joined: "Up, k". False when an earlier row did. */
static bool
keys_of(const struct binding *rows, size_t n, size_t first, struct strbuf *out)
{
	const char *help = command_info(rows[first].cmd)->help;

	for (size_t i = 0; i < n; i++) {
		struct key k;

		if (command_info(rows[i].cmd)->help != help || !key_parse(rows[i].key, &k))
			continue;
		if (i < first)
			return false;
		strbuf_adds(out, out->len > 0 ? ", `" : "`");
		key_label(&k, out);
		strbuf_addch(out, '`');
	}
	return true;
}

static void
add_place(struct strbuf *out, const char *place, const struct binding *rows, size_t n)
{
	struct strbuf keys = STRBUF_INIT;

	for (size_t i = 0; i < n; i++) {
		strbuf_reset(&keys);
		if (keys_of(rows, n, i, &keys))
			strbuf_addf(out, "| %s | %s | %s |\n", place, strbuf_str(&keys), command_info(rows[i].cmd)->help);
	}
	strbuf_fini(&keys);
}

static void
keys_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| where | keys | what |\n|---|---|---|\n");
	for (size_t i = 0; i < nall_views; i++)
		add_place(out, all_views[i]->name, all_views[i]->keys, all_views[i]->nkeys);
	add_place(out, "everywhere", global_keys, nglobal_keys);
}

static const struct {
	const char *name;
	void (*make)(struct strbuf *out);
} tables[] = {
	{ "keys", keys_markdown },
	{ "verbs", verbs_markdown },
	{ "options", options_markdown },
	{ "exit", exit_statuses_markdown },
	{ "config", settings_markdown },
};

static bool
read_file(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "rb");
	char part[4096];
	size_t n;

	if (f == NULL)
		return false;
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		strbuf_add(out, part, n);
	fclose(f);
	return true;
}

/* Replaces what stands between the marks of a table. False when the marks are not there. */
static bool
put_table(struct strbuf *text, const char *name, const struct strbuf *table)
{
	struct strbuf begin = STRBUF_INIT, end = STRBUF_INIT;
	const char *from, *to;
	bool found = false;

	strbuf_addf(&begin, "<!-- begin:%s -->\n", name);
	strbuf_addf(&end, "<!-- end:%s -->\n", name);
	from = strstr(strbuf_str(text), strbuf_str(&begin));
	to = from != NULL ? strstr(from, strbuf_str(&end)) : NULL;
	if (to != NULL) {
		size_t at = (size_t)(from - strbuf_str(text)) + begin.len;

		strbuf_remove(text, at, (size_t)(to - strbuf_str(text)) - at);
		strbuf_insert(text, at, strbuf_str(table), table->len);
		found = true;
	}
	strbuf_fini(&begin);
	strbuf_fini(&end);
	return found;
}

static int
report_difference(const char *path, const char *is, const char *should)
{
	size_t line = 1, start = 0, i = 0;

	while (is[i] != '\0' && is[i] == should[i])
		if (is[i++] == '\n') {
			line++;
			start = i;
		}
	if (is[i] == '\0' && should[i] == '\0')
		return 0;
	fprintf(stderr, "%s:%zu differs from the program's tables. It should be:\n%.*s\nRun: readme_tables write %s\n", path,
	        line, (int)strcspn(should + start, "\n"), should + start, path);
	return 1;
}

int
main(int argc, char **argv)
{
	struct strbuf is = STRBUF_INIT, should = STRBUF_INIT, table = STRBUF_INIT;
	int status = 0;

	if (argc != 3 || (strcmp(argv[1], "check") != 0 && strcmp(argv[1], "write") != 0) || !read_file(argv[2], &is)) {
		fprintf(stderr, "usage: readme_tables check|write README.md\n");
		return 2;
	}
	strbuf_add(&should, strbuf_str(&is), is.len);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		strbuf_reset(&table);
		tables[i].make(&table);
		if (!put_table(&should, tables[i].name, &table)) {
			fprintf(stderr, "%s: the marks of the table '%s' are not there\n", argv[2], tables[i].name);
			status = 1;
		}
	}
	if (status == 0 && strcmp(argv[1], "check") == 0) {
		status = report_difference(argv[2], strbuf_str(&is), strbuf_str(&should));
	} else if (status == 0) {
		FILE *f = fopen(argv[2], "wb");

		if (f == NULL || fwrite(strbuf_str(&should), 1, should.len, f) != should.len || fclose(f) != 0) {
			fprintf(stderr, "%s: %s\n", argv[2], strerror(errno));
			status = 1;
		}
	}
	strbuf_fini(&is);
	strbuf_fini(&should);
	strbuf_fini(&table);
	return status;
}
