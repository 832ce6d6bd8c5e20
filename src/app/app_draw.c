/* app_draw: the whole screen: title, panes or screen, what there is to say, keys, and the cards over all of it. */
#include "app_private.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

static void
lay_view(struct app *app, struct view *v, struct rect inside)
{
	struct call call;

	if (v->ops->layout == NULL)
		return;
	call_begin(app, &call);
	v->ops->layout(v, &call.ctx, inside);
	call_end(app, v, &call);
}

static void
draw_view(struct app *app, struct canvas *c, const struct layout *l, const struct view *v, struct rect frame, bool focused)
{
	struct rect inside = layout_inside(l, frame), old;
	struct ctx ctx = app_ctx(app);
	struct strbuf text = STRBUF_INIT;

	if (l->frames) {
		if (v->ops->caption != NULL)
			v->ops->caption(v, &ctx, &text);
		else
			strbuf_adds(&text, v->ops->title);
		canvas_frame(c, frame, strbuf_str(&text), focused);
		strbuf_reset(&text);
		if (v->ops->corner != NULL)
			v->ops->corner(v, &ctx, &text);
		canvas_frame_right(c, frame, strbuf_str(&text), focused);
		strbuf_fini(&text);
	}
	old = canvas_clip(c, inside);
	v->ops->draw(v, &ctx, c, inside, focused);
	canvas_unclip(c, old);
}

static void
draw_panes(struct app *app, struct canvas *c, const struct layout *l)
{
	for (int i = 0; i < PANE_COUNT; i++) {
		if (l->pane[i].h == 0)
			continue;
		lay_view(app, app->panes[i], layout_inside(l, l->pane[i]));
		draw_view(app, c, l, app->panes[i], l->pane[i], app_home(app) && app->focus == (enum pane)i);
	}
}

static void
draw_card(struct app *app, struct canvas *c, const struct layout *l, struct view *v)
{
	struct rect frame = layout_card(app, l, v);

	lay_view(app, v, layout_inside(l, frame));
	canvas_fill(c, frame, ROLE_CARD);
	draw_view(app, c, l, v, frame, v == app_top(app));
	if (!v->drawn && (v->ops->flags & VF_DANGEROUS))
		app->effects |= EFFECT_FLUSH_INPUT;
	v->drawn = true;
}

/* The uppermost screen, or the panes, and over it its cards. */
static void
draw_body(struct app *app, struct canvas *c, const struct layout *l)
{
	size_t first = app->nstack;

	while (first > 0 && app_is_card(app->stack[first - 1]))
		first--;
	if (first > 0) {
		lay_view(app, app->stack[first - 1], layout_inside(l, l->body));
		draw_view(app, c, l, app->stack[first - 1], l->body, first == app->nstack);
	} else {
		draw_panes(app, c, l);
	}
	for (size_t i = first; i < app->nstack; i++)
		draw_card(app, c, l, app->stack[i]);
}

static void
draw_bottom(struct app *app, struct canvas *c, const struct layout *l)
{
	struct bar_entry entries[BAR_MAX];
	struct strbuf text = STRBUF_INIT;
	enum role role;
	bool said = bar_notice(app, &text, &role);

	if (said && l->notice.h > 0) {
		canvas_fill(c, l->notice, role);
		card_wrapped(c, (struct rect){ l->notice.y, l->notice.x + 1, l->notice.h, l->notice.w - 2 }, role,
		             strbuf_str(&text));
	}
	if (l->keys.h == 0) {
		strbuf_fini(&text);
		return;
	}
	if (app->prompt.open) {
		prompt_draw(app, c, l->keys);
	} else if (said && l->notice_in_keys) {
		int w = (int)utf8_columns(strbuf_str(&text)) + 2;
		struct rect rest = { l->keys.y, l->keys.x + w, 1, l->keys.w - w };

		canvas_fill(c, l->keys, ROLE_KEY_BAR);
		canvas_text(c, l->keys.y, l->keys.x + 1, w, role, strbuf_str(&text));
		bar_keys(app, c, rest, entries, BAR_MAX);
	} else {
		bar_keys(app, c, l->keys, entries, BAR_MAX);
	}
	strbuf_fini(&text);
}

void
app_draw(struct app *app, struct canvas *c)
{
	struct layout l;

	app->rows = canvas_rows(c);
	app->cols = canvas_cols(c);
	app->dirty = false;
	app->clock_s = app->wall_ms / 1000;
	canvas_clear(c);
	if (app->rows < 1 || app->cols < 1)
		return;
	app_layout(app, &l);
	bar_title(app, c, l.title);
	draw_body(app, c, &l);
	draw_bottom(app, c, &l);
	app_watch_look(app);
}
