/* edit: a one-line text field. See ui/prompt.h. */
#include <string.h>

#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/prompt.h"

void
edit_init(struct edit *ed)
{
	*ed = (struct edit){ .text = STRBUF_INIT, .history = STRVEC_INIT, .before_history = STRBUF_INIT };
}

void
edit_fini(struct edit *ed)
{
	strbuf_fini(&ed->text);
	strvec_fini(&ed->history);
	strbuf_fini(&ed->before_history);
}

void
edit_set(struct edit *ed, const char *text)
{
	strbuf_reset(&ed->text);
	strbuf_adds(&ed->text, text);
	ed->cursor = ed->text.len;
	ed->history_at = ed->history.n;
	ed->proposed = false;
}

void
edit_propose(struct edit *ed, const char *text)
{
	edit_set(ed, text);
	ed->proposed = text[0] != '\0';
}

/* The place after the character at `at` and the marks that it carries. */
static size_t
next_place(const struct edit *ed, size_t at)
{
	struct glyph g;

	if (at >= ed->text.len)
		return ed->text.len;
	return at + sanitize_next(ed->text.buf + at, ed->text.len - at, &g);
}

/* The last code point before `at`; 1 byte when the text there is not UTF-8. */
static size_t
code_point_before(const struct edit *ed, size_t at, uint32_t *cp)
{
	for (size_t n = 4; n > 1; n--) {
		if (n <= at && utf8_decode(ed->text.buf + at - n, n, cp) == n)
			return n;
	}
	*cp = (unsigned char)ed->text.buf[at - 1];
	return 1;
}

/* The place before the character that ends at `at`: marks go with their letter. */
static size_t
previous_place(const struct edit *ed, size_t at)
{
	uint32_t cp = 0;

	while (at > 0) {
		at -= code_point_before(ed, at, &cp);
		if (utf8_width(cp) != 0)
			break;
	}
	return at;
}

static enum edit_result
move_to(struct edit *ed, size_t place)
{
	ed->proposed = false;
	if (place == ed->cursor)
		return EDIT_IGNORED;
	ed->cursor = place;
	return EDIT_MOVED;
}

/* Removes what is between two places; the cursor ends up there. */
static enum edit_result
cut(struct edit *ed, size_t from, size_t to)
{
	ed->proposed = false;
	if (from == to)
		return EDIT_IGNORED;
	strbuf_remove(&ed->text, from, to - from);
	ed->cursor = from;
	return EDIT_CHANGED;
}

static size_t
word_start(const struct edit *ed)
{
	size_t at = ed->cursor;

	while (at > 0 && ed->text.buf[at - 1] == ' ')
		at--;
	while (at > 0 && ed->text.buf[at - 1] != ' ')
		at--;
	return at;
}

static enum edit_result
insert(struct edit *ed, uint32_t cp)
{
	char text[4];
	size_t len;

	if (cp >= KC_FIRST || utf8_width(cp) < 0)
		return EDIT_IGNORED;
	if (ed->proposed)
		edit_set(ed, "");
	len = utf8_encode(cp, text);
	strbuf_insert(&ed->text, ed->cursor, text, len);
	ed->cursor += len;
	return EDIT_CHANGED;
}

static enum edit_result
history_back(struct edit *ed)
{
	size_t at = ed->history_at;

	if (!at)
		return EDIT_IGNORED;
	if (at == ed->history.n) {
		strbuf_reset(&ed->before_history);
		strbuf_add(&ed->before_history, strbuf_str(&ed->text), ed->text.len);
	}
	edit_set(ed, ed->history.v[at - 1]);
	ed->history_at = at - 1;
	return EDIT_CHANGED;
}

static enum edit_result
history_forward(struct edit *ed)
{
	size_t at = ed->history_at + 1;

	if (at > ed->history.n)
		return EDIT_IGNORED;
	edit_set(ed, at == ed->history.n ? strbuf_str(&ed->before_history) : ed->history.v[at]);
	ed->history_at = at;
	return EDIT_CHANGED;
}

void
edit_remember(struct edit *ed)
{
	const char *text = strbuf_str(&ed->text);
	size_t n = ed->history.n;

	if (*text && (!n || strcmp(ed->history.v[n - 1], text) != 0))
		strvec_push(&ed->history, text);
	ed->history_at = ed->history.n;
}

static enum edit_result
control_key(struct edit *ed, uint32_t code)
{
	switch (code) {
	case 'a':
		return move_to(ed, 0);
	case 'e':
		return move_to(ed, ed->text.len);
	case 'u':
		return cut(ed, 0, ed->cursor);
	case 'k':
		return cut(ed, ed->cursor, ed->text.len);
	case 'w':
		return cut(ed, word_start(ed), ed->cursor);
	case 'c':
		return EDIT_CANCELLED;
	case KC_ENTER:
		return EDIT_ACCEPTED;
	default:
		return EDIT_IGNORED;
	}
}

enum edit_result
edit_key(struct edit *ed, const struct key *k)
{
	if (k->mods & KEYMOD_CTRL)
		return control_key(ed, k->code);
	if (k->mods & ~KEYMOD_PASTED)
		return EDIT_IGNORED;
	switch (k->code) {
	case KC_ENTER:
		return EDIT_ACCEPTED;
	case KC_ESC:
		return EDIT_CANCELLED;
	case KC_TAB:
		return EDIT_COMPLETE;
	case KC_LEFT:
		return move_to(ed, previous_place(ed, ed->cursor));
	case KC_RIGHT:
		return move_to(ed, next_place(ed, ed->cursor));
	case KC_HOME:
		return move_to(ed, 0);
	case KC_END:
		return move_to(ed, ed->text.len);
	case KC_BACKSPACE:
		return cut(ed, previous_place(ed, ed->cursor), ed->cursor);
	case KC_DELETE:
		return cut(ed, ed->cursor, next_place(ed, ed->cursor));
	case KC_UP:
		return history_back(ed);
	case KC_DOWN:
		return history_forward(ed);
	default:
		return insert(ed, k->code);
	}
}

/* Columns from the text's start to a byte position, as the canvas draws it. */
static int
columns_before(const struct edit *ed, size_t place)
{
	size_t at = 0;
	int columns = 0;

	while (at < place) {
		struct glyph g;

		at += sanitize_next(ed->text.buf + at, ed->text.len - at, &g);
		columns += g.width;
	}
	return columns;
}

void
edit_draw(const struct edit *ed, struct canvas *c, int y, int x, int w, enum role role, bool focused)
{
	int column = columns_before(ed, ed->cursor);
	int under = ed->cursor < ed->text.len ? columns_before(ed, next_place(ed, ed->cursor)) - column : 1;
	int skip = column + under - w;

	canvas_fill(c, (struct rect){ y, x, 1, w }, role);
	/* A field that nobody is in shows its beginning. */
	if (skip < 0 || !focused)
		skip = 0;
	if (skip > column)
		skip = column;
	canvas_bytes(c, y, x, w, skip, ed->proposed ? ROLE_DIM : role, strbuf_str(&ed->text), ed->text.len);
	if (ed->proposed)       /* dim, but on the ground of the field */
		canvas_over(c, (struct rect){ y, x, 1, w }, role);
	if (focused && w > 0)
		canvas_show_cursor(c, y, x + column - skip);
}
