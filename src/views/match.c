#include "match.h"

#include <string.h>

#include "topicmon/base/sanitize.h"
#include "topicmon/base/strbuf.h"

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

static void
add_escaped(struct strbuf *out, char c)
{
	bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

	if (!letter && (unsigned char)c < 0x80)
		strbuf_addch(out, '\\');
	strbuf_addch(out, c);
}

/* Whether what follows the blanks at p is a sign between the tokens of JSON. */
static bool
sign_follows(const char *p)
{
	p += strspn(p, " \t");
	return *p != '\0' && strchr(":,{}[]", *p) != NULL;
}

/* The text as a regex that finds just it; around the signs of JSON, outside its strings, any blanks: a value is shown with
 * others than it has. */
static void
add_pattern(struct strbuf *out, const char *text)
{
	bool in_string = false, loose = true;

	for (const char *p = text; *p != '\0'; p++) {
		bool sign = !in_string && strchr(":,{}[]", *p) != NULL;

		if (!in_string && (*p == ' ' || *p == '\t') && (loose || sign_follows(p)))
			continue;
		if (sign && !loose)
			strbuf_adds(out, "\\s*");
		if (*p == '\\' && in_string && p[1] != '\0')
			add_escaped(out, *p++);
		else if (*p == '"')
			in_string = !in_string;
		add_escaped(out, *p);
		loose = sign;
		if (sign && p[1] != '\0')
			strbuf_adds(out, "\\s*");
	}
}

struct filter *
match_literal(const char *text, size_t *at, struct err *e)
{
	struct strbuf term = STRBUF_INIT;
	struct filter *find;

	if (*text == '\0')
		return filter_compile(text, at, e);
	if (strpbrk(text, "\"\\") != NULL) {
		strbuf_addch(&term, '/');
		add_pattern(&term, text);
		strbuf_addch(&term, '/');
	} else {
		strbuf_addf(&term, "\"%s\"", text);
	}
	find = filter_compile(strbuf_str(&term), NULL, e);
	if (find == NULL && at != NULL)
		*at = 0;
	strbuf_fini(&term);
	return find;
}

struct filter *
match_compile(const char *text, size_t *at, struct err *e)
{
	struct filter *find = NULL;
	struct err refused;

	if (strchr("{[\"", *text) == NULL || strstr(text, "\":") == NULL)
		find = filter_compile(text, NULL, &refused);
	return find != NULL ? find : match_literal(text, at, e);
}
