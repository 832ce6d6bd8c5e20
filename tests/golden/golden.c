/*
 * golden: plays each .events file that is given and compares what was drawn, text and roles, with the .screen file beside
 * it. TM_GOLDEN=write writes that file instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "script.h"
#include "topicmon/base/utf8.h"

static bool
read_file(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "r");
	char buf[8192];
	size_t n;

	if (f == NULL)
		return false;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		strbuf_add(out, buf, n);
	fclose(f);
	return true;
}

static bool
write_file(const char *path, const struct strbuf *text)
{
	FILE *f = fopen(path, "w");
	bool ok = f != NULL && fwrite(strbuf_str(text), 1, text->len, f) == text->len;

	return f != NULL && fclose(f) == 0 && ok;
}

static void
show_difference(const char *path, const char *want, const char *got)
{
	int line = 1;

	while (*want != '\0' && *got != '\0') {
		size_t wn = strcspn(want, "\n"), gn = strcspn(got, "\n");

		if (wn != gn || memcmp(want, got, wn) != 0)
			break;
		want += wn + (want[wn] != '\0');
		got += gn + (got[gn] != '\0');
		line++;
	}
	fprintf(stderr, "%s:%d: differs\n  want: %.*s\n  got:  %.*s\n", path, line, (int)strcspn(want, "\n"), want,
	        (int)strcspn(got, "\n"), got);
}

static bool
check(const char *events)
{
	const char *mode = getenv("TM_GOLDEN");
	struct strbuf path = STRBUF_INIT, want = STRBUF_INIT, got = STRBUF_INIT;
	struct err e;
	bool ok = false;

	strbuf_add(&path, events, strlen(events) - strlen(".events"));
	strbuf_adds(&path, ".screen");
	if (!script_play(events, &got, &e)) {
		fprintf(stderr, "%s\n", e.text);
	} else if (mode != NULL && strcmp(mode, "write") == 0) {
		ok = write_file(strbuf_str(&path), &got);
		printf("%s %s\n", ok ? "wrote" : "could not write", strbuf_str(&path));
	} else if (!read_file(strbuf_str(&path), &want)) {
		fprintf(stderr, "%s is not there: TM_GOLDEN=write records it\n", strbuf_str(&path));
	} else {
		ok = want.len == got.len && memcmp(want.buf, got.buf, got.len) == 0;
		if (!ok)
			show_difference(strbuf_str(&path), strbuf_str(&want), strbuf_str(&got));
	}
	strbuf_fini(&path);
	strbuf_fini(&want);
	strbuf_fini(&got);
	return ok;
}

int
main(int argc, char **argv)
{
	int failed = 0;

	setenv("TZ", "UTC", 1);
	tzset();
	utf8_locale();
	for (int i = 1; i < argc; i++)
		failed += !check(argv[i]);
	return failed > 0 || argc < 2;
}
