/*
 * themes: chooses a theme; each one is shown as soon as the cursor is on it.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

struct themes_state {
	size_t cursor;
	size_t top;
	int rows;
	char *before;           /* the theme that comes back with Esc */
};

static void
themes_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct themes_state *st = v->state;

	(void)arg;
	st->before = xstrdup(ctx->theme);
	for (size_t i = 0; i < ctx->theme_names->n; i++)
		if (strcmp(ctx->theme_names->v[i], ctx->theme) == 0)
			st->cursor = i;
}

static void
themes_close(struct view *v)
{
	struct themes_state *st = v->state;

	free(st->before);
}

static void
preview(const struct themes_state *st, struct ctx *ctx)
{
	if (st->cursor < ctx->theme_names->n)
		wish_theme(ctx, ctx->theme_names->v[st->cursor], false);
}

static bool
themes_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct themes_state *st = v->state;
	enum command cmd = list_key(k);

	if (key_is(k, 'j') || key_is(k, 't'))
		cmd = CMD_DOWN;
	else if (key_is(k, 'k'))
		cmd = CMD_UP;
	if (cmd != CMD_NONE) {
		list_move(&st->cursor, ctx->theme_names->n, st->rows, cmd);
		preview(st, ctx);
	} else if (k->code == KC_ENTER && st->cursor < ctx->theme_names->n) {
		wish_theme(ctx, ctx->theme_names->v[st->cursor], true);
		wish_close(ctx);
	} else if (k->code == KC_ESC || key_is(k, 'q')) {
		wish_theme(ctx, st->before, false);
		wish_close(ctx);
	}
	return true;
}

static bool
themes_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct themes_state *st = v->state;
	size_t row = st->top + (size_t)(m->y > r.y ? m->y - r.y : 0);

	if (m->action == MOUSE_WHEEL_UP || m->action == MOUSE_WHEEL_DOWN)
		list_move(&st->cursor, ctx->theme_names->n, st->rows, m->action == MOUSE_WHEEL_UP ? CMD_UP : CMD_DOWN);
	else if (row < ctx->theme_names->n)
		st->cursor = row;
	else
		return false;
	if (m->action == MOUSE_DOUBLE) {
		wish_theme(ctx, ctx->theme_names->v[st->cursor], true);
		wish_close(ctx);
	} else {
		preview(st, ctx);
	}
	return true;
}

static void
themes_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	int rows = (int)ctx->theme_names->n + 2;

	(void)v;
	*h = rows < max_h ? rows : max_h;
	*w = max_w < 44 ? max_w : 44;
}

static void
themes_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct themes_state *st = v->state;

	(void)ctx;
	st->rows = r.h - 2;
	st->top = list_top(st->cursor, st->top, st->rows);
}

static size_t
themes_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint hints[] = {
		{ "Enter", "take it", 0 }, { "↑↓", "look", 1 }, { "Esc", "as it was", 0 },
	};

	(void)v;
	(void)ctx;
	*out = hints;
	return ARRAY_LEN(hints);
}

static void
themes_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct themes_state *st = v->state;
	const struct view_hint *hints;
	size_t n = themes_hints(v, ctx, &hints);

	(void)focused;
	for (int i = 0; i < r.h - 2 && st->top + (size_t)i < ctx->theme_names->n; i++) {
		size_t at = st->top + (size_t)i;

		canvas_text_cut(c, r.y + i, r.x + 2, r.w - 4, ROLE_CARD, ctx->theme_names->v[at]);
		if (strcmp(ctx->theme_names->v[at], st->before) == 0)
			canvas_text_right(c, r.y + i, r.x + 2, r.w - 4, ROLE_DIM, "in use");
		if (at == st->cursor)
			canvas_over(c, (struct rect){ r.y + i, r.x, 1, r.w }, ROLE_CURSOR);
	}
	card_hints(c, r.y + r.h - 1, r.x + 2, r.w - 4, ROLE_STRONG, ROLE_DIM, hints, n);
}

const struct view_ops themes_view = {
	.name = "themes",
	.title = "Theme",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT,
	.state_size = sizeof(struct themes_state),
	.open = themes_open,
	.close = themes_close,
	.key = themes_key,
	.mouse = themes_mouse,
	.draw = themes_draw,
	.size = themes_size,
	.hints = themes_hints,
	.layout = themes_layout,
};
