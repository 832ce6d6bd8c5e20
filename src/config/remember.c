/* remember: what the program itself writes into config.json. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "json_file.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/config/config_file.h"

static bool
cannot_write(struct err *e, const char *path)
{
	struct shown p;
	int why = errno;

	return err_set(e, ERR_FAILED, "%s: cannot be written: %s", shown_path(&p, path),
	               strerror(why));
}

/* Makes the directories above path that are not there. */
static bool
make_parents(const char *path, struct err *e)
{
	char *dir = xstrdup(path);
	bool ok = true;

	for (char *slash = strchr(dir + 1, '/'); ok && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) < 0 && errno != EEXIST)
			ok = cannot_write(e, dir);
		*slash = '/';
	}
	free(dir);
	return ok;
}

static bool
write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return fsync(fd) == 0;
}

/* Writes beside the file and renames over it. A link stays one: what it points to is replaced. */
static bool
replace_file(const char *path, const char *text, struct err *e)
{
	struct strbuf temp = STRBUF_INIT;
	char *target = realpath(path, NULL);
	const char *final = target ? target : path;
	struct stat old;
	bool ok = false;
	int fd;

	strbuf_addf(&temp, "%s.XXXXXX", final);
	fd = mkstemp(temp.buf);
	if (fd < 0) {
		cannot_write(e, path);
		goto out;
	}
	/* It may hold a password, so it gets no wider rights than it had. */
	ok = fchmod(fd, stat(final, &old) == 0 ? old.st_mode & 0777 : 0600) == 0 &&
	     write_all(fd, text, strlen(text));
	ok = close(fd) == 0 && ok && rename(temp.buf, final) == 0;
	if (!ok) {
		cannot_write(e, path);
		unlink(temp.buf);
	}
out:
	strbuf_fini(&temp);
	free(target);
	return ok;
}

static bool
set_theme(cJSON *root, const char *theme)
{
	cJSON *value = cJSON_CreateString(theme);
	bool there = cJSON_GetObjectItemCaseSensitive(root, "theme") != NULL;

	if (value && (there ? cJSON_ReplaceItemInObjectCaseSensitive(root, "theme", value)
	                    : cJSON_AddItemToObject(root, "theme", value)))
		return true;
	cJSON_Delete(value);
	return false;
}

bool
settings_remember_theme(const char *path, const char *theme, struct err *e)
{
	struct strbuf where = STRBUF_INIT, text = STRBUF_INIT;
	char *printed = NULL;
	bool missing = false, ok = false;
	cJSON *root = NULL;

	if (path)
		strbuf_adds(&where, path);
	else if (!settings_path(&where, "config.json")) {
		err_set(e, ERR_FAILED, "There is no HOME in which to remember the theme");
		goto out;
	}
	if (!file_read(where.buf, &text, &missing, e) && !missing)
		goto out;
	root = missing ? cJSON_CreateObject()
	               : json_file_parse(where.buf, strbuf_str(&text), text.len, e);
	if (!root)
		goto out;
	if (set_theme(root, theme))
		printed = cJSON_Print(root);
	if (!printed) {
		err_set(e, ERR_FAILED, "The theme could not be put into config.json");
		goto out;
	}
	strbuf_reset(&text);
	strbuf_addf(&text, "%s\n", printed);
	ok = make_parents(where.buf, e) && replace_file(where.buf, text.buf, e);
out:
	cJSON_free(printed);
	cJSON_Delete(root);
	strbuf_fini(&where);
	strbuf_fini(&text);
	return ok;
}
