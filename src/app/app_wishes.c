/* app_wishes: what a view may see, and what it asked for. See views/ctx.h. */
#include "app_private.h"

#include <stdlib.h>

#include "topicmon/base/mem.h"

struct ctx
app_ctx(const struct app *app)
{
	return (struct ctx){
		.snap = app->snap,
		.conn = &app->connection,
		.live = &app->live,
		.log = &app->log,
		.keymap = app->keymap,
		.op_settings = &app->op_settings,
		.theme_names = &app->theme_names,
		.theme = app->theme.name,
		.bootstrap = app->conn->bootstrap,
		.selected = app->selected,
		.place = app_place(app) != NULL ? app_place(app)->ops->name : "topics",
		.read_only = app->conn->read_only,
		.time_style = (enum time_style)app->s->time,
		.now_ms = app->now_ms,
		.wall_ms = app->wall_ms,
		.out = app->out,
	};
}

void
call_begin(struct app *app, struct call *call)
{
	call->ctx = app_ctx(app);
	call->wishes = (struct wishes){ NULL, 0, 0 };
	call->ctx.wishes = &call->wishes;
}

static void
edit_text(struct app *app, struct view *v, const char *text)
{
	free(app->editor_text);
	app->editor_text = xstrdup(text);
	app->editing = v;
	app->effects |= EFFECT_EDITOR;
}

static void
grant(struct app *app, struct view *v, const struct wish *wish)
{
	switch (wish->kind) {
	case WISH_OPEN_VIEW:
		app_open(app, wish->view, wish->arg);
		break;
	case WISH_CLOSE_VIEW:
		app_close(app, v);
		break;
	case WISH_SELECT_TOPIC:
		app_select(app, wish->arg);
		break;
	case WISH_STREAM:
		live_open(app, wish->from);
		break;
	case WISH_STATUS:
		if (wish->arg[0] != '\0')
			app_say(app, wish->role, "%s", wish->arg);
		else
			app_unsay(app, wish->role);
		break;
	case WISH_COMMAND:
		if (wish->cmd == CMD_QUIT)
			app_quit(app);
		else
			app_command(app, wish->cmd, wish->arg != NULL ? wish->arg : "");
		break;
	case WISH_THEME:
		app_set_theme(app, wish->arg, wish->keep);
		break;
	case WISH_EDITOR:
		edit_text(app, v, wish->arg != NULL ? wish->arg : "");
		break;
	case WISH_QUIT:
		app_quit(app);
		break;
	}
}

void
call_end(struct app *app, struct view *v, struct call *call)
{
	for (size_t i = 0; i < call->wishes.n; i++)
		grant(app, v, &call->wishes.v[i]);
	wishes_fini(&call->wishes);
}
