/* cli_out: bytes to stdout, and tables of text. See cli_private.h. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"

enum flushed
cli_flush(struct strbuf *sb)
{
	enum flushed result = FLUSH_DONE;
	size_t done = 0;

	while (result == FLUSH_DONE && done < sb->len) {
		ssize_t n = write(STDOUT_FILENO, sb->buf + done, sb->len - done);

		if (n >= 0) {
			done += (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };

			poll(&pfd, 1, -1);      /* somebody made our stdout non-blocking */
		} else if (errno == EPIPE) {
			result = FLUSH_GONE;
		} else if (errno != EINTR) {
			result = FLUSH_FAILED;
			cli_remark("Cannot write to standard output: %s.", strerror(errno));
		}
	}
	strbuf_reset(sb);
	return result;
}

int
cli_finish(struct cli *c)
{
	return cli_flush(&c->text) == FLUSH_FAILED ? err_exit_status(ERR_FAILED) : 0;
}

void
sheet_init(struct sheet *t, const char *const *titles, size_t n)
{
	assert(n <= TABLE_COLUMNS);
	memset(t, 0, sizeof(*t));
	memcpy(t->titles, titles, n * sizeof(*titles));
	t->ncolumns = n;
	strvec_init(&t->cells);
}

void
sheet_fini(struct sheet *t)
{
	strvec_fini(&t->cells);
}

void
sheet_cell(struct sheet *t, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT, safe = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	sanitize(&safe, strbuf_str(&sb), sb.len);
	strvec_push(&t->cells, strbuf_str(&safe));
	strbuf_fini(&sb);
	strbuf_fini(&safe);
}

void
sheet_number(struct sheet *t, int64_t n)
{
	if (n < 0)
		sheet_cell(t, "-");
	else
		sheet_cell(t, "%lld", (long long)n);
}

/* A cell at its width. Blanks are only counted (*pending): those after the last cell of a row are not written. */
static void
print_cell(struct strbuf *out, const char *cell, size_t width, bool right, size_t *pending)
{
	size_t pad = width - utf8_columns(cell);

	*pending += right ? pad : 0;
	if (cell[0]) {
		for (; *pending > 0; (*pending)--)
			strbuf_addch(out, ' ');
		strbuf_adds(out, cell);
	}
	*pending += right ? 0 : pad;
}

void
sheet_print(const struct sheet *t, struct strbuf *out)
{
	size_t widths[TABLE_COLUMNS];
	size_t nrows = t->cells.n / t->ncolumns;

	for (size_t col = 0; col < t->ncolumns; col++) {
		widths[col] = utf8_columns(t->titles[col] + (t->titles[col][0] == '>'));
		for (size_t row = 0; row < nrows; row++) {
			size_t width = utf8_columns(t->cells.v[row * t->ncolumns + col]);

			if (width > widths[col])
				widths[col] = width;
		}
	}
	for (size_t row = 0; row <= nrows; row++) {
		size_t pending = 0;

		for (size_t col = 0; col < t->ncolumns; col++) {
			bool right = t->titles[col][0] == '>';
			const char *cell = row ? t->cells.v[(row - 1) * t->ncolumns + col] : t->titles[col] + right;

			print_cell(out, cell, widths[col], right, &pending);
			pending += 2;
		}
		strbuf_addch(out, '\n');
	}
}
