/* app_prompt: the line in which a text is typed for CMD_FIND and CMD_FILTER; a mistake is shown as it is typed. */
#include "app_private.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

static void
typed(struct app *app)
{
	struct prompt *p = &app->prompt;
	struct call call;

	p->wrong = false;
	if (p->view->ops->typed == NULL)
		return;
	call_begin(app, &call);
	p->wrong_at = 0;
	p->wrong = !p->view->ops->typed(p->view, &call.ctx, p->cmd, strbuf_str(&p->edit.text), &p->wrong_at, &p->err);
	call_end(app, p->view, &call);
}

bool
prompt_open(struct app *app, struct view *v, enum command cmd)
{
	struct prompt *p = &app->prompt;
	struct ctx ctx = app_ctx(app);
	const char *text = v->ops->prompt != NULL ? v->ops->prompt(v, &ctx, cmd) : NULL;

	if (text == NULL)
		return false;
	p->open = true;
	p->cmd = cmd;
	p->view = v;
	p->wrong = false;
	free(p->before);
	p->before = xstrdup(text);
	edit_set(&p->edit, text);
	return true;
}

void
prompt_close(struct app *app)
{
	app->prompt.open = false;
	app->prompt.view = NULL;
}

static void
finish(struct app *app, const char *text)
{
	struct view *v = app->prompt.view;
	enum command cmd = app->prompt.cmd;

	prompt_close(app);
	app_command_to(app, v, cmd, text);
}

void
prompt_key(struct app *app, const struct key *k)
{
	struct prompt *p = &app->prompt;

	if (k->code == 'c' && (k->mods & KEYMOD_CTRL)) {
		finish(app, p->before);
		return;
	}
	switch (edit_key(&p->edit, k)) {
	case EDIT_CHANGED:
		typed(app);
		break;
	case EDIT_ACCEPTED:
		if (p->wrong && p->err.code == ERR_USAGE)
			return;         /* the mistake is on the screen; what was typed stays to be mended */
		edit_remember(&p->edit);
		finish(app, strbuf_str(&p->edit.text));
		break;
	case EDIT_CANCELLED:
		finish(app, p->before);
		break;
	case EDIT_IGNORED:
	case EDIT_MOVED:
	case EDIT_COMPLETE:
		break;
	}
}

/* A sign under the mistake would need a line: the part from there on is marked instead. */
static void
mark_mistake(const struct prompt *p, struct canvas *c, struct rect r, int x)
{
	char *before = xstrndup(strbuf_str(&p->edit.text), p->wrong_at);
	int column = (int)utf8_columns(before);

	free(before);
	canvas_over(c, (struct rect){ r.y, x + column, 1, 1 }, ROLE_FIELD_ERROR);
}

void
prompt_draw(const struct app *app, struct canvas *c, struct rect r)
{
	const struct prompt *p = &app->prompt;
	const char *text = strbuf_str(&p->edit.text);
	int x = r.x + 1, field;

	canvas_fill(c, r, ROLE_FIELD_FOCUS);
	x += canvas_text(c, r.y, x, r.w - 1, ROLE_KEY_BAR_KEY, p->cmd == CMD_FILTER ? "& " : "/ ");
	field = r.x + r.w - x;
	if (p->wrong) {
		int typed_columns = canvas_columns(text, field), room = field - typed_columns - 3;

		if (room > 20) {
			canvas_text_cut(c, r.y, x + typed_columns + 3, room, ROLE_FIELD_ERROR, p->err.text);
			field = typed_columns + 2;
		}
	}
	edit_draw(&p->edit, c, r.y, x, field, ROLE_FIELD_FOCUS, true);
	if (p->cmd == CMD_FILTER && p->edit.text.len == 0 && strcmp(p->view->ops->name, "live") == 0)
		canvas_text_cut(c, r.y, x + 2, field - 2, ROLE_DIM, "PAID  key:o93  .status=SHIPPED  /regex/");
	if (p->wrong && p->wrong_at < p->edit.text.len)
		mark_mistake(p, c, r, x);
}
