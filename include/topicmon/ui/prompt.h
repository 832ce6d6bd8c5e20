/*
 * edit: a one-line text field with cursor and history. form: several labelled fields, with a sentence beside each.
 *
 * Thread: UI.   Depends on: base, model/event, ui/canvas.
 */
#ifndef TOPICMON_UI_PROMPT_H
#define TOPICMON_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/event.h"
#include "topicmon/ui/canvas.h"

enum edit_result { EDIT_IGNORED, EDIT_MOVED, EDIT_CHANGED, EDIT_ACCEPTED, EDIT_CANCELLED, EDIT_COMPLETE };

struct edit {
	struct strbuf text;     /* UTF-8 */
	size_t cursor;          /* byte position, at a character boundary */
	struct strvec history;
	size_t history_at;
	struct strbuf before_history;   /* what was typed before Up */
	bool proposed;          /* nobody touched the text yet: the first character typed takes its place */
};

void edit_init(struct edit *ed);
void edit_fini(struct edit *ed);
void edit_set(struct edit *ed, const char *text);
/* Sets a text that is only a proposal: as if it were selected. A character takes its place, any other key edits it. */
void edit_propose(struct edit *ed, const char *text);
/* Characters, Left Right Home End, Backspace Delete, Ctrl-A E U K W, Up Down (history), Enter, Esc, Tab (EDIT_COMPLETE). */
enum edit_result edit_key(struct edit *ed, const struct key *k);
void edit_remember(struct edit *ed);    /* puts the text into the history */
/* Draws the part around the cursor; shows the terminal's cursor when focused. */
void edit_draw(const struct edit *ed, struct canvas *c, int y, int x, int w, enum role role, bool focused);

struct field {
	const char *label;
	const char *hint;       /* shown dim while the field is empty and has no error */
	struct edit edit;
	char error[200];        /* "" when it is fine; shown beside or under the field */
};

struct form {
	struct field *fields;   /* owned */
	size_t n;
	size_t focus;
};

void form_init(struct form *f, const char *const *labels, const char *const *hints, size_t n);
void form_fini(struct form *f);
const char *form_text(const struct form *f, size_t field);
void form_error(struct form *f, size_t field, const char *text);        /* "" clears */
bool form_has_errors(const struct form *f);
/* Puts the focus on the first field that has an error; false: none has. What Enter does where it cannot go on. */
bool form_focus_error(struct form *f);
/* Tab, Shift-Tab, Up and Down move between fields; Enter is EDIT_ACCEPTED in any of them, errors or not (the caller asks
 * form_focus_error); Esc cancels. */
enum edit_result form_key(struct form *f, const struct key *k);
/* Returns the rows drawn. */
int form_draw(const struct form *f, struct canvas *c, struct rect r);
/* Rows that form_draw needs at this width. */
int form_rows(const struct form *f, int width);
bool form_click(struct form *f, struct rect r, int y, int x);

#endif
