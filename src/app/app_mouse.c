/* app_mouse: a click chooses the pane and the row, a double click opens, the wheel moves what is under it, and a word of
 * the key bar is as good as its key. */
#include "app_private.h"

#define WHEEL_ROWS 3

static bool
inside(struct rect r, const struct mouse *m)
{
	return m->y >= r.y && m->y < r.y + r.h && m->x >= r.x && m->x < r.x + r.w;
}

static bool
offer(struct app *app, struct view *v, const struct mouse *m, struct rect r)
{
	struct call call;
	bool taken;

	if (v->ops->mouse == NULL)
		return false;
	call_begin(app, &call);
	taken = v->ops->mouse(v, &call.ctx, m, r);
	call_end(app, v, &call);
	return taken;
}

static void
to_view(struct app *app, struct view *v, const struct mouse *m, struct rect r)
{
	struct mouse click = { MOUSE_CLICK, m->y, m->x };

	if (offer(app, v, m, r))
		return;
	if (m->action == MOUSE_DOUBLE && inside(r, m)) {
		offer(app, v, &click, r);
		app_command_to(app, v, CMD_OPEN, "");
	}
	for (int i = 0; i < WHEEL_ROWS && m->action == MOUSE_WHEEL_UP; i++)
		app_command_to(app, v, CMD_UP, "");
	for (int i = 0; i < WHEEL_ROWS && m->action == MOUSE_WHEEL_DOWN; i++)
		app_command_to(app, v, CMD_DOWN, "");
}

static bool
on_bar(struct app *app, const struct layout *l, const struct mouse *m)
{
	struct bar_entry entries[BAR_MAX];
	size_t n;

	if (!inside(l->keys, m))
		return false;
	n = m->action == MOUSE_CLICK && !app->prompt.open ? bar_keys(app, NULL, l->keys, entries, BAR_MAX) : 0;
	for (size_t i = 0; i < n; i++) {
		if (m->x >= entries[i].x && m->x < entries[i].x + entries[i].w) {
			app_command(app, entries[i].cmd, entries[i].arg);
			break;
		}
	}
	return true;
}

static void
on_panes(struct app *app, const struct layout *l, const struct mouse *m)
{
	for (int i = 0; i < PANE_COUNT; i++) {
		if (!inside(l->pane[i], m))
			continue;
		if (m->action == MOUSE_CLICK || m->action == MOUSE_DOUBLE)
			app_focus(app, (enum pane)i);
		to_view(app, app->panes[i], m, layout_inside(l, l->pane[i]));
		return;
	}
}

void
app_mouse(struct app *app, const struct mouse *m)
{
	struct view *top = app_top(app);
	struct layout l;

	app_layout(app, &l);
	if (app_is_card(top)) {
		struct rect frame = layout_card(app, &l, top);

		if (top->drawn && inside(frame, m))
			to_view(app, top, m, layout_inside(&l, frame));
		return;
	}
	if (on_bar(app, &l, m))
		return;
	if (!app_home(app))
		to_view(app, top, m, layout_inside(&l, l.body));
	else
		on_panes(app, &l, m);
}
