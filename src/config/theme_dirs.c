/* theme_dirs: where themes lie. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

#include "file.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/theme_file.h"

#define SUFFIX ".json"

/* Appends the directory of the running program; false when the system does not say. */
static bool
program_dir(struct strbuf *out)
{
	char path[4096];
#ifdef __APPLE__
	uint32_t size = sizeof(path);
	bool known = _NSGetExecutablePath(path, &size) == 0;
#else
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	bool known = len > 0;

	if (known)
		path[len] = '\0';
#endif
	if (!known || !strrchr(path, '/'))
		return false;
	strbuf_add(out, path, (size_t)(strrchr(path, '/') - path));
	return true;
}

static void
add_dirs(struct strvec *dirs)
{
	struct strbuf dir = STRBUF_INIT, program = STRBUF_INIT;

	if (settings_path(&dir, "themes"))
		strvec_push(dirs, dir.buf);
	if (program_dir(&program)) {
		strbuf_reset(&dir);
		strbuf_addf(&dir, "%s/../themes", program.buf);
		strvec_push(dirs, dir.buf);
		strbuf_reset(&dir);
		strbuf_addf(&dir, "%s/../share/topicmon/themes", program.buf);
		strvec_push(dirs, dir.buf);
	}
	strvec_push(dirs, TOPICMON_THEME_DIR);
	strbuf_fini(&dir);
	strbuf_fini(&program);
}

static bool
is_theme_file(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(SUFFIX) && name[0] != '.' &&
	       strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
theme_list(struct strvec *names)
{
	struct strvec dirs = STRVEC_INIT;

	add_dirs(&dirs);
	if (!strvec_has(names, THEME_DEFAULT))
		strvec_push(names, THEME_DEFAULT);
	for (size_t i = 0; i < dirs.n; i++) {
		DIR *dir = opendir(dirs.v[i]);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char *name;

			if (!is_theme_file(entry->d_name))
				continue;
			name = xstrndup(entry->d_name, strlen(entry->d_name) - strlen(SUFFIX));
			if (!strvec_has(names, name))
				strvec_push(names, name);
			free(name);
		}
		if (dir)
			closedir(dir);
	}
	qsort(names->v, names->n, sizeof(*names->v), compare);
	strvec_fini(&dirs);
}

static bool
load_file(const char *path, struct theme *theme, bool *missing, struct err *e)
{
	struct strbuf text = STRBUF_INIT;
	bool ok = file_read(path, &text, missing, e) &&
	          theme_parse(path, strbuf_str(&text), text.len, theme, e);

	strbuf_fini(&text);
	return ok;
}

static bool
no_such_theme(const char *name, struct err *e)
{
	struct strvec names = STRVEC_INIT;
	struct strbuf all = STRBUF_INIT;
	struct suggest near;
	struct shown n;

	theme_list(&names);
	suggest_init(&near, name);
	for (size_t i = 0; i < names.n; i++) {
		suggest_offer(&near, names.v[i]);
		strbuf_addf(&all, "%s%s", i ? ", " : "", names.v[i]);
	}
	if (suggest_best(&near))
		err_set(e, ERR_USAGE, "There is no theme '%s'; did you mean '%s'?",
		        shown_text(&n, name), suggest_best(&near));
	else
		err_set(e, ERR_USAGE, "There is no theme '%s'; there are %s", shown_text(&n, name),
		        all.buf);
	strvec_fini(&names);
	strbuf_fini(&all);
	return false;
}

bool
theme_load(const char *name, struct theme *theme, struct err *e)
{
	struct strvec dirs = STRVEC_INIT;
	bool missing = false, ok = false;

	if (strchr(name, '/') || is_theme_file(name))
		return load_file(name, theme, &missing, e);
	add_dirs(&dirs);
	for (size_t i = 0; i < dirs.n; i++) {
		struct strbuf path = STRBUF_INIT;

		strbuf_addf(&path, "%s/%s" SUFFIX, dirs.v[i], name);
		missing = false;
		ok = load_file(path.buf, theme, &missing, e);
		strbuf_fini(&path);
		if (ok || !missing)
			break;
	}
	if (!ok && missing) {
		ok = strcmp(name, THEME_DEFAULT) == 0;
		if (ok)
			theme_default(theme);
		else
			no_such_theme(name, e);
	}
	strvec_fini(&dirs);
	return ok;
}
