/* form: several labelled text fields, a line for a hint or an error under each. See ui/prompt.h. */
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/ui/prompt.h"

#define NOTE_LINES_MAX 3

void
form_init(struct form *f, const char *const *labels, const char *const *hints, size_t n)
{
	f->fields = xcalloc(n, sizeof(*f->fields));
	f->n = n;
	f->focus = 0;
	for (size_t i = 0; i < n; i++) {
		f->fields[i].label = labels[i];
		f->fields[i].hint = hints ? hints[i] : NULL;
		edit_init(&f->fields[i].edit);
	}
}

void
form_fini(struct form *f)
{
	for (size_t i = 0; i < f->n; i++)
		edit_fini(&f->fields[i].edit);
	free(f->fields);
	*f = (struct form){ .fields = NULL };
}

const char *
form_text(const struct form *f, size_t field)
{
	return strbuf_str(&f->fields[field].edit.text);
}

void
form_error(struct form *f, size_t field, const char *text)
{
	char *error = f->fields[field].error;
	size_t len = strlen(text);

	/* Cut between characters: the byte that would come next must not be the middle of one. */
	if (len >= sizeof(f->fields[field].error)) {
		len = sizeof(f->fields[field].error) - 1;
		while (len && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--;
	}
	memcpy(error, text, len);
	error[len] = '\0';
}

bool
form_has_errors(const struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->fields[i].error[0])
			return true;
	}
	return false;
}

bool
form_focus_error(struct form *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->fields[i].error[0]) {
			f->focus = i;
			return true;
		}
	}
	return false;
}

static enum edit_result
move_focus(struct form *f, bool forward)
{
	if (f->n < 2)
		return EDIT_IGNORED;
	f->focus = (f->focus + (forward ? 1 : f->n - 1)) % f->n;
	return EDIT_MOVED;
}

enum edit_result
form_key(struct form *f, const struct key *k)
{
	if (!f->n)
		return EDIT_IGNORED;
	if (k->code == KC_TAB && !(k->mods & ~KEYMOD_SHIFT))
		return move_focus(f, !(k->mods & KEYMOD_SHIFT));
	if (!k->mods && (k->code == KC_UP || k->code == KC_DOWN))
		return move_focus(f, k->code == KC_DOWN);
	return edit_key(&f->fields[f->focus].edit, k);
}

/* Where the fields begin: after the longest label, which may take half of the width. */
static int
label_width(const struct form *f, int width)
{
	int most = 0;

	for (size_t i = 0; i < f->n; i++) {
		int w = canvas_columns(f->fields[i].label, width);

		if (w > most)
			most = w;
	}
	if (most > width / 2 - 2)
		most = width / 2 - 2;
	return most > 0 ? most + 2 : 0;
}

static const char *
note_of(const struct field *fd)
{
	if (fd->error[0])
		return fd->error;
	return fd->hint && !fd->edit.text.len ? fd->hint : "";
}

/* The end of the line of at most w columns that begins at text: between words where that is possible. */
static size_t
line_end(const char *text, int w)
{
	size_t len = strlen(text), good = 0, at = 0;
	int columns = 0;

	if (canvas_columns(text, w) <= w)
		return len;
	while (at < len) {
		size_t n = 1;
		char one[8] = "";

		while (at + n < len && ((unsigned char)text[at + n] & 0xC0) == 0x80 && n < sizeof(one) - 1)
			n++;
		memcpy(one, text + at, n);
		columns += canvas_columns(one, w);
		if (columns > w)
			break;
		at += n;
		if (text[at] == ' ')
			good = at;
	}
	return good ? good : at ? at : len;
}

/* Draws the note (c may be NULL: only counts); returns its lines, at least one, so that a form does not jump when an
 * error comes or goes. */
static int
draw_note(const struct field *fd, struct canvas *c, int y, int x, int w)
{
	const char *text = note_of(fd);
	enum role role = fd->error[0] ? ROLE_FIELD_ERROR : ROLE_DIM;
	int lines = 0;

	while (*text && w > 0 && lines < NOTE_LINES_MAX) {
		size_t len = lines + 1 < NOTE_LINES_MAX ? line_end(text, w) : strlen(text);

		if (c) {
			char *line = xstrndup(text, len);

			canvas_text_cut(c, y + lines, x, w, role, line);
			free(line);
		}
		text += len;
		text += strspn(text, " ");
		lines++;
	}
	return lines ? lines : 1;
}

/* The row of a field in the form, before any scrolling. */
static int
row_of(const struct form *f, size_t field, int width)
{
	int labels = label_width(f, width), y = 0;

	for (size_t i = 0; i < field; i++)
		y += 1 + draw_note(&f->fields[i], NULL, 0, 0, width - labels);
	return y;
}

int
form_rows(const struct form *f, int width)
{
	return row_of(f, f->n, width);
}

/* Rows that are above the top of r when it is too low for the whole form: the field in focus and its note are seen. */
static int
scrolled(const struct form *f, struct rect r)
{
	int end = f->n ? row_of(f, f->focus + 1, r.w) : 0, start = f->n ? row_of(f, f->focus, r.w) : 0;
	int hidden = end > r.h ? end - r.h : 0;

	return hidden > start ? start : hidden;
}

int
form_draw(const struct form *f, struct canvas *c, struct rect r)
{
	struct rect old = canvas_clip(c, r);
	int labels = label_width(f, r.w), top = r.y - scrolled(f, r), y = top;

	for (size_t i = 0; i < f->n; i++) {
		const struct field *fd = &f->fields[i];
		bool focused = i == f->focus;
		int x = r.x + labels, w = r.w - labels;

		canvas_text_cut(c, y, r.x, labels - 2, focused ? ROLE_STRONG : ROLE_TEXT, fd->label);
		edit_draw(&fd->edit, c, y, x, w, focused ? ROLE_FIELD_FOCUS : ROLE_FIELD, focused);
		y += 1 + draw_note(fd, c, y + 1, x, w);
	}
	canvas_unclip(c, old);
	return y - top < r.h ? y - top : r.h;
}

bool
form_click(struct form *f, struct rect r, int y, int x)
{
	int top = r.y - scrolled(f, r);

	if (y < r.y || y >= r.y + r.h || x < r.x || x >= r.x + r.w)
		return false;
	for (size_t i = f->n; i-- > 0; ) {
		if (y >= top + row_of(f, i, r.w)) {
			f->focus = i;
			return true;
		}
	}
	return false;
}
