/* canvas_dump: a canvas as text, for tests and golden files. See ui/canvas.h. */
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/ui/canvas.h"

/* How a cell looks: its role and what is laid over it. The letter of the n-th look that is met. */
struct look {
	uint8_t role, over;
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

static void
drop_trailing(struct strbuf *out, size_t start, char ch)
{
	while (out->len > start && out->buf[out->len - 1] == ch)
		strbuf_remove(out, out->len - 1, 1);
}

void
canvas_dump_text(const struct canvas *c, struct strbuf *out)
{
	for (int y = 0; y < canvas_rows(c); y++) {
		size_t start = out->len;

		for (int x = 0; x < canvas_cols(c); x++)
			strbuf_adds(out, canvas_cell(c, y, x)->text);
		drop_trailing(out, start, ' ');
		strbuf_addch(out, '\n');
	}
}

static char
letter_of(struct look *looks, size_t *n, const struct cell *cell)
{
	struct look look = { cell->role, cell->over };

	if (look.role == ROLE_TEXT && look.over == ROLE_TEXT)
		return '.';
	for (size_t i = 0; i < *n; i++) {
		if (looks[i].role == look.role && looks[i].over == look.over)
			return letters[i];
	}
	if (*n == sizeof(letters) - 1)
		return '?';
	looks[*n] = look;
	return letters[(*n)++];
}

void
canvas_dump_roles(const struct canvas *c, struct strbuf *out)
{
	struct look looks[sizeof(letters) - 1];
	size_t n = 0;

	for (int y = 0; y < canvas_rows(c); y++) {
		size_t start = out->len;

		for (int x = 0; x < canvas_cols(c); x++)
			strbuf_addch(out, letter_of(looks, &n, canvas_cell(c, y, x)));
		drop_trailing(out, start, '.');
		strbuf_addch(out, '\n');
	}
	strbuf_adds(out, ". text\n");
	for (size_t i = 0; i < n; i++) {
		strbuf_addf(out, "%c %s", letters[i], role_name((enum role)looks[i].role));
		if (looks[i].over != ROLE_TEXT)
			strbuf_addf(out, " under %s", role_name((enum role)looks[i].over));
		strbuf_addch(out, '\n');
	}
}
