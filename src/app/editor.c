#include "editor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topicmon/base/mem.h"

#define TEXT_MAX (64u * 1024 * 1024)

static bool
write_whole(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

static bool
read_whole(int fd, struct strbuf *out)
{
	char buf[16384];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return false;
	while ((n = read(fd, buf, sizeof(buf))) != 0 && out->len < TEXT_MAX) {
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			strbuf_add(out, buf, (size_t)n);
	}
	return true;
}

/* Runs the editor on the file; its exit status, -1 when there is none. */
static int
run(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exec ${VISUAL:-${EDITOR:-vi}} \"$0\"", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The file by its name again: an editor may have put a new one in its place. */
static bool
take_back(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "rb");
	bool ok = f != NULL && read_whole(fileno(f), out);

	if (f != NULL)
		fclose(f);
	return ok;
}

bool
editor_run(const char *text, struct strbuf *out, struct err *e)
{
	const char *dir = getenv("TMPDIR");
	struct strbuf path = STRBUF_INIT;
	size_t len = strlen(text);
	int fd, status;
	bool ok = false;

	strbuf_addf(&path, "%s/topicmon-XXXXXX", dir != NULL && dir[0] == '/' ? dir : "/tmp");
	fd = mkstemp(path.buf);         /* 0600: what is in a message is nobody else's business */
	if (fd < 0) {
		err_set(e, ERR_FAILED, "No file for the editor: %s: %s", path.buf, strerror(errno));
		strbuf_fini(&path);
		return false;
	}
	if (!write_whole(fd, text, len)) {
		err_set(e, ERR_FAILED, "%s cannot be written: %s", path.buf, strerror(errno));
		goto out;
	}
	status = run(path.buf);
	if (status != 0) {
		err_set(e, ERR_FAILED, status < 0 ? "The editor was ended: the text is as it was" :
		        status == 127 ? "There is no editor: set EDITOR to the name of one" :
		        "The editor failed: the text is as it was");
		goto out;
	}
	ok = take_back(path.buf, out);
	if (!ok)
		err_set(e, ERR_FAILED, "%s cannot be read back: %s", path.buf, strerror(errno));
	/* The line end that editors put at the end of a file is theirs. */
	if (ok && out->len > 0 && out->buf[out->len - 1] == '\n' && (len == 0 || text[len - 1] != '\n'))
		strbuf_remove(out, out->len - 1, 1);
out:
	close(fd);
	unlink(path.buf);
	strbuf_fini(&path);
	return ok;
}
