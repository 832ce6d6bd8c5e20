/* app_command: from a key to a command to the view that it is for; and what a command does when no view takes it. */
#include "app_private.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/config/theme_file.h"

/* Commands that open a view, and what they tell it. */
enum about { ABOUT_NOTHING, ABOUT_TOPIC, ABOUT_MISSING, ABOUT_PLACE };
static const struct {
	enum command cmd;
	const char *view;
	enum about about;
} openers[] = {
	{ CMD_CREATE,  "create",  ABOUT_MISSING },
	{ CMD_DELETE,  "delete",  ABOUT_TOPIC },
	{ CMD_CLEAR,   "clear",   ABOUT_TOPIC },
	{ CMD_PRODUCE, "produce", ABOUT_TOPIC },
	{ CMD_GROUPS,  "groups",  ABOUT_NOTHING },
	{ CMD_BROKERS, "brokers", ABOUT_NOTHING },
	{ CMD_LOG,     "log",     ABOUT_NOTHING },
	{ CMD_HELP,    "help",    ABOUT_PLACE },
	{ CMD_PALETTE, "palette", ABOUT_NOTHING },
};

/* Commands that one pane does, wherever the focus is. */
static const struct {
	enum command cmd;
	enum pane pane;
} panes_own[] = {
	{ CMD_PAUSE,    PANE_LIVE },
	{ CMD_INTERNAL, PANE_TOPICS },
};

void
app_focus(struct app *app, enum pane pane)
{
	app->focus = pane;
	if (pane != PANE_LIVE)
		app->upper = pane;
}

static bool
to_view(struct app *app, struct view *v, enum command cmd, const char *arg)
{
	struct call call;
	bool taken;

	if (v->ops->command == NULL)
		return false;
	call_begin(app, &call);
	taken = v->ops->command(v, &call.ctx, cmd, arg);
	call_end(app, v, &call);
	return taken;
}

/* The selected topic when it is not there: most likely the one to create. NULL: it is. */
static const char *
missing_topic(const struct app *app)
{
	if (app->snap == NULL || snapshot_find_topic(app->snap, app->selected) != NULL)
		return NULL;
	return app->selected;
}

/* Screens take each other's place; cards lie over whatever is there. */
static bool
open_for(struct app *app, enum command cmd)
{
	for (size_t i = 0; i < ARRAY_LEN(openers); i++) {
		const struct view_ops *ops;
		const char *args[] = {
			[ABOUT_NOTHING] = NULL, [ABOUT_TOPIC] = app->selected, [ABOUT_MISSING] = missing_topic(app),
			[ABOUT_PLACE] = app_place(app)->ops->name,
		};

		if (openers[i].cmd != cmd)
			continue;
		ops = view_find(openers[i].view);
		if (ops != NULL && ops->shape == VIEW_SCREEN && app_top(app)->ops != ops)
			app_close_all(app);
		app_open(app, openers[i].view, args[openers[i].about]);
		return true;
	}
	return false;
}

/* Back: the uppermost goes; of the panes first the zoom, then the focus to the topics. */
static void
go_back(struct app *app)
{
	if (!app_home(app))
		app_close(app, app_top(app));
	else if (app->zoomed)
		app->zoomed = false;
	else
		app_focus(app, PANE_TOPICS);
}

/* At home the program ends; elsewhere it goes back, as in a pager. Ctrl-C and the command by name mean the end. */
static void
back_or_quit(struct app *app)
{
	if (!app_home(app) || (app->zoomed && app->o->topics.n == 0))
		go_back(app);
	else
		app_quit(app);
}

static void
go_home(struct app *app, enum pane pane)
{
	app_close_all(app);
	app_focus(app, pane);
}

static void
choose_theme(struct app *app, const char *name)
{
	if (name[0] != '\0') {
		app_set_theme(app, name, true);
		return;
	}
	if (app->theme_names.n == 0)
		theme_list(&app->theme_names);
	app_open(app, "themes", NULL);
}

static void
goto_topic(struct app *app, const char *name)
{
	if (name[0] == '\0') {
		app_say(app, ROLE_STATUS_WARN, "Which topic? Write topic NAME");
		return;
	}
	app_select(app, name);
	go_home(app, PANE_TOPICS);
	if (app->snap != NULL && snapshot_find_topic(app->snap, name) == NULL)
		app_say(app, ROLE_STATUS_WARN, "There is no topic '%s' yet: it is shown as soon as there is", name);
}

static void
refresh(struct app *app)
{
	struct request req;

	request_init(&req, REQ_REFRESH);
	outbox_add(app->out, &req);
	app_say(app, ROLE_STATUS_OK, "Asking for everything again");
}

static void
nothing_here(struct app *app, enum command cmd)
{
	if (command_info(cmd)->flags & CF_HIDDEN)
		return;
	if (cmd == CMD_FIND || cmd == CMD_FIND_NEXT || cmd == CMD_FIND_PREV || cmd == CMD_FILTER)
		app_say(app, ROLE_STATUS_WARN, "There is nothing to %s in this place", cmd == CMD_FILTER ? "filter" : "find");
	else if (cmd == CMD_SORT || cmd == CMD_SORT_REVERSE)
		app_say(app, ROLE_STATUS_WARN, "There is nothing to sort here, or no such column");
	else
		app_say(app, ROLE_STATUS_WARN, "'%s' does nothing in this place", command_info(cmd)->name);
}

/* What holds everywhere. False: it is not among that. */
static bool
everywhere(struct app *app, enum command cmd, const char *arg)
{
	switch (cmd) {
	case CMD_BACK:
		go_back(app);
		return true;
	case CMD_QUIT:
		back_or_quit(app);
		return true;
	case CMD_TOPICS:
		go_home(app, PANE_TOPICS);
		return true;
	case CMD_MESSAGES:
		go_home(app, PANE_LIVE);
		return true;
	case CMD_GOTO_TOPIC:
		goto_topic(app, arg);
		return true;
	case CMD_THEME:
		choose_theme(app, arg);
		return true;
	case CMD_REFRESH:
		refresh(app);
		return true;
	case CMD_SUSPEND:
		app->effects |= EFFECT_SUSPEND;
		return true;
	case CMD_REDRAW:
		app->effects |= EFFECT_REDRAW;
		return true;
	default:
		return open_for(app, cmd);
	}
}

static bool
panes_command(struct app *app, enum command cmd, const char *arg)
{
	for (size_t i = 0; i < ARRAY_LEN(panes_own); i++)
		if (panes_own[i].cmd == cmd)
			return to_view(app, app->panes[panes_own[i].pane], cmd, arg);
	if (!app_home(app))
		return false;
	switch (cmd) {
	case CMD_NEXT_PANE:
		app_focus(app, (app->focus + 1) % PANE_COUNT);
		return true;
	case CMD_PREV_PANE:
		app_focus(app, (app->focus + PANE_COUNT - 1) % PANE_COUNT);
		return true;
	case CMD_ZOOM:
		app->zoomed = !app->zoomed;
		return true;
	default:
		return false;
	}
}

/* A card takes everything; what it does not know it is closed by, or it is nothing. */
static void
card_command(struct app *app, struct view *v, enum command cmd)
{
	bool busy = v->ops->busy != NULL && v->ops->busy(v);

	if (cmd == CMD_SUSPEND || cmd == CMD_REDRAW)
		everywhere(app, cmd, "");
	else if ((cmd == CMD_BACK || cmd == CMD_QUIT) && !busy)
		app_close(app, v);
	else if (cmd == CMD_QUIT)
		app_quit(app);
}

static bool
refused(struct app *app, enum command cmd)
{
	if (!app->conn->read_only || !(command_info(cmd)->flags & (CF_DANGEROUS | CF_WRITES)))
		return false;
	app_say(app, ROLE_STATUS_WARN, "This is read-only: '%s' would change the cluster. Start without --read-only for it",
	        command_info(cmd)->name);
	return true;
}

bool
app_command_to(struct app *app, struct view *v, enum command cmd, const char *arg)
{
	return to_view(app, v, cmd, arg);
}

void
app_command(struct app *app, enum command cmd, const char *arg)
{
	struct view *v = app_top(app);

	if (cmd == CMD_NONE || refused(app, cmd))
		return;
	if ((cmd == CMD_FIND || cmd == CMD_FILTER) && arg[0] == '\0' && prompt_open(app, v, cmd))
		return;
	if (to_view(app, v, cmd, arg))
		return;
	if (app_is_card(v))
		card_command(app, v, cmd);
	else if (!panes_command(app, cmd, arg) && !everywhere(app, cmd, arg))
		nothing_here(app, cmd);
}

static bool
is_text(const struct key *k)
{
	return k->code < KC_FIRST && (k->mods & (KEYMOD_CTRL | KEYMOD_ALT)) == 0;
}

void
app_key(struct app *app, const struct key *k)
{
	struct view *v = app_top(app);
	struct call call;
	enum command cmd;
	const char *arg;
	bool taken;

	if (app->prompt.open) {
		prompt_key(app, k);
		return;
	}
	if ((v->ops->flags & VF_DANGEROUS) && !v->drawn)
		return;
	if (v->ops->key != NULL) {
		call_begin(app, &call);
		taken = v->ops->key(v, &call.ctx, k);
		call_end(app, v, &call);
		if (taken || ((v->ops->flags & VF_TEXT_INPUT) && is_text(k)))
			return;
	}
	cmd = keymap_lookup(app->keymap, v->ops->name, k, &arg);
	if (cmd == CMD_QUIT && (k->mods & KEYMOD_CTRL) && !app_is_card(v))
		app_quit(app);
	else
		app_command(app, cmd, arg);
}
