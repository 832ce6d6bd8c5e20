/* file: see the header. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "text.h"

#define FILE_BOUND ((size_t)1 << 20)

bool
file_read(const char *path, struct strbuf *out, bool *missing, struct err *e)
{
	FILE *file = fopen(path, "r");
	size_t start = out->len, got;
	char chunk[4096];
	struct shown p;
	int failed;

	if (missing)
		*missing = !file && (errno == ENOENT || errno == ENOTDIR);
	if (!file)
		return err_set(e, ERR_USAGE, "%s: cannot be read: %s", shown_path(&p, path),
		               strerror(errno));
	errno = 0;
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 && out->len - start <= FILE_BOUND)
		strbuf_add(out, chunk, got);
	failed = ferror(file) ? errno : 0;
	fclose(file);
	if (!failed && out->len - start <= FILE_BOUND)
		return true;
	strbuf_remove(out, start, out->len - start);
	if (failed)
		return err_set(e, ERR_USAGE, "%s: cannot be read: %s", shown_path(&p, path),
		               strerror(failed));
	return err_set(e, ERR_USAGE, "%s: is larger than a megabyte, and so not what it should be",
	               shown_path(&p, path));
}
