#include "app_private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/config/theme_file.h"

#define LOG_LINES    1000
#define STATUS_MS    6000
#define STATUS_MIN_MS 700       /* a key takes a sentence away, but not one that could not be read yet */

static const char *const pane_names[PANE_COUNT] = {
	[PANE_TOPICS] = "topics", [PANE_TOPIC] = "topic", [PANE_LIVE] = "live",
};

static bool
bind_keys(struct app *app, struct err *e)
{
	struct err why;

	for (size_t i = 0; i < nall_views; i++)
		keymap_add_view(app->keymap, all_views[i]->name, all_views[i]->keys, all_views[i]->nkeys);
	for (size_t i = 0; i < app->s->nkeymap; i++) {
		const struct keymap_entry *row = &app->s->keymap[i];

		if (!keymap_bind(app->keymap, row->view, row->key, row->command, &why))
			return err_set(e, ERR_USAGE, "%s: %s", row->where, why.text);
	}
	return true;
}

struct app *
app_new(const struct options *o, const struct settings *s, const struct connection *conn, struct err *e)
{
	struct app *app = xcalloc(1, sizeof(*app));

	app->o = o;
	app->s = s;
	app->conn = conn;
	app->keymap = keymap_new();
	if (!bind_keys(app, e)) {
		keymap_free(app->keymap);
		free(app);
		return NULL;
	}
	log_init(&app->log, LOG_LINES);
	edit_init(&app->prompt.edit);
	app->op_settings = (struct op_settings){
		.protected_globs = &s->protected_topics,
		.no_group_reset = o->no_group_reset,
		.read_only = conn->read_only,
	};
	theme_default(&app->theme);
	app->effects = EFFECT_THEME;
	live_init(app);
	app->dirty = true;
	app->rows = 24;
	app->cols = 80;
	return app;
}

void
app_free(struct app *app)
{
	if (app == NULL)
		return;
	app_close_all(app);
	for (size_t i = 0; i < app->nclosed; i++)
		view_free(app->closed[i]);
	for (int i = 0; i < PANE_COUNT; i++)
		view_free(app->panes[i]);
	live_fini(app);
	snapshot_unref(app->snap);
	log_fini(&app->log);
	keymap_free(app->keymap);
	strvec_fini(&app->theme_names);
	edit_fini(&app->prompt.edit);
	free(app->prompt.before);
	free(app->status);
	free(app->editor_text);
	strbuf_fini(&app->watched);
	strbuf_fini(&app->watching);
	free(app);
}

void
app_set_time(struct app *app, int64_t now_ms, int64_t wall_ms)
{
	app->now_ms = now_ms;
	app->wall_ms = wall_ms;
}

static void
choose(struct app *app, const char *topic)
{
	app->chosen = true;
	app_select(app, topic);
}

void
app_start(struct app *app, struct outbox *out, int64_t now_ms, int64_t wall_ms)
{
	const char *theme = app->o->theme != NULL ? app->o->theme : app->s->theme;
	struct call call;

	app_set_time(app, now_ms, wall_ms);
	app->out = out;
	app->connection = (struct connection_event){ .state = CONN_CONNECTING, .since_wall_ms = wall_ms };
	if (theme != NULL)
		app_set_theme(app, theme, false);
	for (int i = 0; i < PANE_COUNT; i++) {
		call_begin(app, &call);
		app->panes[i] = view_new(view_find(pane_names[i]), &call.ctx, NULL);
		call_end(app, app->panes[i], &call);
	}
	if (app->o->topics.n > 0)
		choose(app, app->o->topics.v[0]);
	app_watch_look(app);
	app_watch_post(app);
	app->out = NULL;
}

bool
app_is_card(const struct view *v)
{
	return v->ops->shape == VIEW_CARD;
}

struct view *
app_top(struct app *app)
{
	return app->nstack > 0 ? app->stack[app->nstack - 1] : app->panes[app->focus];
}

struct view *
app_place(const struct app *app)
{
	for (size_t i = app->nstack; i > 0; i--)
		if (!app_is_card(app->stack[i - 1]))
			return app->stack[i - 1];
	return app->panes[app->focus];
}

bool
app_home(const struct app *app)
{
	return app->nstack == 0;
}

void
app_open(struct app *app, const char *view, const char *arg)
{
	const struct view_ops *ops = view_find(view);
	struct view *v;
	struct call call;

	if (ops == NULL || ops->shape == VIEW_PANE || app->nstack == STACK_MAX) {
		app_say(app, ROLE_STATUS_WARN, "There is no view '%s'", view);
		return;
	}
	for (size_t i = 0; i < app->nstack; i++)
		if (app->stack[i]->ops == ops)
			return;
	prompt_close(app);
	call_begin(app, &call);
	v = view_new(ops, &call.ctx, arg);
	app->stack[app->nstack++] = v;
	call_end(app, v, &call);
	app->dirty = true;
}

void
app_close(struct app *app, struct view *v)
{
	for (size_t i = 0; i < app->nstack; i++) {
		if (app->stack[i] != v)
			continue;
		prompt_close(app);
		if (app->editing == v)
			app->editing = NULL;
		app->nstack--;
		memmove(&app->stack[i], &app->stack[i + 1], (app->nstack - i) * sizeof(app->stack[0]));
		if (app->nclosed < STACK_MAX)
			app->closed[app->nclosed++] = v;
		app->dirty = true;
		return;
	}
}

void
app_close_all(struct app *app)
{
	while (app->nstack > 0)
		app_close(app, app->stack[app->nstack - 1]);
}

void
app_select(struct app *app, const char *topic)
{
	if (strcmp(app->selected, topic) == 0)
		return;
	app->chosen = true;
	str_copy(app->selected, sizeof(app->selected), topic);
	live_follow(app);
	app->dirty = true;
}

void
app_say(struct app *app, enum role role, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	free(app->status);
	app->status = strbuf_detach(&text);
	app->status_role = role;
	app->status_ms = app->now_ms;
	app->dirty = true;
	if (role == ROLE_STATUS_ERROR)
		log_add(&app->log, app->wall_ms, LOG_ERROR, app->status);
}

void
app_unsay(struct app *app, enum role role)
{
	if (app->status == NULL || app->status_role != role)
		return;
	free(app->status);
	app->status = NULL;
	app->dirty = true;
}

void
app_set_theme(struct app *app, const char *name, bool keep)
{
	struct err e;

	if (!theme_load(name, &app->theme, &e)) {
		app_say(app, ROLE_STATUS_ERROR, "%s", e.text);
		return;
	}
	app->effects |= EFFECT_THEME | EFFECT_REDRAW;
	app->dirty = true;
	if (keep && !settings_remember_theme(app->s->path[0] != '\0' ? app->s->path : NULL, name, &e))
		app_say(app, ROLE_STATUS_ERROR, "%s", e.text);
}

static bool
busy(const struct app *app)
{
	for (size_t i = 0; i < app->nstack; i++)
		if (app->stack[i]->ops->busy != NULL && app->stack[i]->ops->busy(app->stack[i]))
			return true;
	return false;
}

void
app_quit(struct app *app)
{
	app->quit_pending = true;
	if (busy(app))
		app_say(app, ROLE_STATUS_WARN, "An operation is under way: the program ends as soon as it is done");
}

/* The topic to open on, once there is a list to choose from. */
static void
choose_topic(struct app *app)
{
	const struct snapshot *snap = app->snap;

	if (app->chosen)
		return;
	if (app->s->default_topic != NULL && snapshot_find_topic(snap, app->s->default_topic) != NULL) {
		choose(app, app->s->default_topic);
		return;
	}
	for (size_t i = 0; i < snap->ntopics; i++) {
		if (!snap->topics[i].internal) {
			choose(app, snap->topics[i].name);
			return;
		}
	}
}

static void
update_view(struct app *app, struct view *v, const struct event *ev)
{
	struct call call;

	if (v == NULL || v->ops->update == NULL)
		return;
	call_begin(app, &call);
	v->ops->update(v, &call.ctx, ev);
	call_end(app, v, &call);
}

static void
update_views(struct app *app, const struct event *ev)
{
	struct view *open[STACK_MAX];
	size_t n = app->nstack;

	memcpy(open, app->stack, n * sizeof(open[0]));
	for (int i = 0; i < PANE_COUNT; i++)
		update_view(app, app->panes[i], ev);
	for (size_t i = 0; i < n; i++)
		update_view(app, open[i], ev);
}

static int
view_next_ms(const struct app *app, const struct view *v)
{
	struct ctx ctx = app_ctx(app);

	return v != NULL && v->ops->next_ms != NULL ? v->ops->next_ms(v, &ctx) : -1;
}

static bool
views_want_ticks(struct app *app)
{
	for (size_t i = 0; i < app->nstack; i++)
		if (view_next_ms(app, app->stack[i]) >= 0)
			return true;
	return false;
}

static void
tick(struct app *app, const struct event *ev)
{
	app_set_time(app, ev->tick.now_ms, ev->tick.wall_ms);
	if (app->wall_ms / 1000 != app->clock_s)
		app->dirty = true;
	if (app->status != NULL && app->now_ms - app->status_ms >= STATUS_MS) {
		free(app->status);
		app->status = NULL;
		app->dirty = true;
	}
	if (live_tick(app))
		app->dirty = true;
	if (views_want_ticks(app)) {
		update_views(app, ev);
		app->dirty = true;
	}
}

static void
typed(struct app *app, const struct event *ev)
{
	if (app->status != NULL && app->now_ms - app->status_ms >= STATUS_MIN_MS) {
		free(app->status);
		app->status = NULL;
	}
	if (ev->kind == EV_KEY)
		app_key(app, &ev->key);
	else
		app_mouse(app, &ev->mouse);
}

void
app_update(struct app *app, const struct event *ev, struct outbox *out)
{
	app->out = out;
	if (ev->kind != EV_TICK)
		app->dirty = true;
	switch (ev->kind) {
	case EV_KEY:
	case EV_MOUSE:
		typed(app, ev);
		break;
	case EV_TICK:
		tick(app, ev);
		break;
	case EV_SIGNAL:
		if (app->quit_pending)
			app->quit = true;       /* told twice: whoever tells knows what is under way */
		app_quit(app);
		break;
	case EV_SNAPSHOT:
		snapshot_unref(app->snap);
		app->snap = snapshot_ref(ev->snapshot);
		choose_topic(app);
		update_views(app, ev);
		break;
	case EV_CONNECTION:
		app->connection = ev->connection;
		update_views(app, ev);
		break;
	case EV_LOG:
		log_add(&app->log, ev->log.wall_ms, ev->log.level, ev->log.text);
		break;
	case EV_SEGMENT:
	case EV_STREAM:
		if (live_event(app, ev))
			update_views(app, ev);
		break;
	case EV_REPLY:
		update_views(app, ev);
		break;
	case EV_RESIZE:
	case EV_NONE:
		break;
	}
	if (app->quit_pending && !busy(app))
		app->quit = true;
	app_watch_post(app);
	for (; app->nclosed > 0; app->nclosed--)
		view_free(app->closed[app->nclosed - 1]);
	app->out = NULL;
}

bool
app_dirty(const struct app *app)
{
	return app->dirty;
}

bool
app_wants_quit(const struct app *app)
{
	return app->quit;
}

static void
sooner(int *ms, int64_t candidate)
{
	if (candidate < 0)
		candidate = 0;
	if (*ms < 0 || candidate < *ms)
		*ms = candidate > 60000 ? 60000 : (int)candidate;
}

int
app_next_tick_ms(const struct app *app, int64_t now_ms)
{
	int ms = (int)(1000 - app->wall_ms % 1000), live = live_next_ms(app);

	if (app->status != NULL)
		sooner(&ms, app->status_ms + STATUS_MS - now_ms);
	if (app->watch_ms != 0)
		sooner(&ms, app->watch_ms - now_ms);
	if (live >= 0)
		sooner(&ms, live);
	for (size_t i = 0; i < app->nstack; i++) {
		int want = view_next_ms(app, app->stack[i]);

		if (want >= 0)
			sooner(&ms, want);
	}
	return ms;
}

unsigned
app_take_effects(struct app *app)
{
	unsigned effects = app->effects;

	app->effects = 0;
	return effects;
}

const struct theme *
app_theme(const struct app *app)
{
	return &app->theme;
}

const char *
app_editor_text(const struct app *app)
{
	return app->editor_text != NULL ? app->editor_text : "";
}

void
app_edited(struct app *app, struct outbox *out, const char *text, size_t len, const struct err *e)
{
	struct view *v = app->editing;
	struct call call;

	app->out = out;
	app->editing = NULL;
	if (text == NULL) {
		app_say(app, ROLE_STATUS_ERROR, "%s", e->text);
	} else if (v != NULL && v->ops->edited != NULL) {
		call_begin(app, &call);
		v->ops->edited(v, &call.ctx, text, len);
		call_end(app, v, &call);
	}
	app->out = NULL;
	app->dirty = true;
}
