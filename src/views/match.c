#include "match.h"

#include "topicmon/base/sanitize.h"

static int
columns_between(const char *text, size_t from, size_t to)
{
	int columns = 0;

	while (from < to) {
		struct glyph g;

		from += sanitize_next(text + from, to - from, &g);
		columns += g.width;
	}
	return columns;
}

void
match_draw(struct canvas *c, struct rect r, int skip, const struct filter *find, struct filter_scratch *scratch,
           const void *data, size_t len)
{
	struct rect old = canvas_clip(c, r);
	size_t from = 0, at, match;
	int column = -skip;

	while (from < len && column < r.w && filter_find(find, scratch, data, len, from, &at, &match) && match > 0) {
		int w = columns_between(data, at, at + match);

		column += columns_between(data, from, at);
		canvas_over(c, (struct rect){ r.y, r.x + column, 1, w }, ROLE_MATCH);
		column += w;
		from = at + match;
	}
	canvas_unclip(c, old);
}
