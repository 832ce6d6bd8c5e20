/*
 * palette: runs any command by its name; completes commands, topics, themes and columns.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define MAX_CHOICES 200
#define NAME_WIDTH 18

struct choice {
	const char *text;       /* what completes; borrowed for one call */
	const char *help;       /* "" when there is none */
};

struct palette_state {
	struct edit edit;
	size_t cursor;          /* in the choices */
	size_t top;
	int rows;
};

/* How well a text fits what is typed: the very same first, then those that begin so, then those that hold it. */
enum rank { RANK_SAME, RANK_BEGINS, RANK_HOLDS, RANK_NOT };

static enum rank
rank_of(const char *text, const char *typed)
{
	if (strcmp(text, typed) == 0)
		return RANK_SAME;
	if (strncmp(text, typed, strlen(typed)) == 0)
		return RANK_BEGINS;
	return strstr(text, typed) != NULL ? RANK_HOLDS : RANK_NOT;
}

static size_t
add(struct choice *out, size_t n, enum rank rank, const char *text, const char *help, const char *typed)
{
	if (n < MAX_CHOICES && rank_of(text, typed) == rank) {
		out[n].text = text;
		out[n].help = help;
		return n + 1;
	}
	return n;
}

/* Adds what can stand for the argument of cmd. */
static size_t
arguments(const struct ctx *ctx, enum command cmd, enum rank rank, const char *typed, struct choice *out, size_t n)
{
	if (command_info(cmd)->flags & CF_ARG_TOPIC) {
		for (size_t i = 0; ctx->snap != NULL && i < ctx->snap->ntopics; i++)
			n = add(out, n, rank, ctx->snap->topics[i].name, "", typed);
	} else if (cmd == CMD_THEME) {
		for (size_t i = 0; i < ctx->theme_names->n; i++)
			n = add(out, n, rank, ctx->theme_names->v[i], "", typed);
	} else if (cmd == CMD_SORT) {
		const struct view_ops *place = view_find(ctx->place);

		for (size_t i = 0; place != NULL && i < place->ncolumns; i++)
			n = add(out, n, rank, place->columns[i].id, place->columns[i].help, typed);
	}
	return n;
}

/* The choices for what is typed; *arg: the argument is being typed, and where it begins. */
static size_t
choices(const struct palette_state *st, const struct ctx *ctx, struct choice *out, const char **arg)
{
	const char *text = strbuf_str(&st->edit.text), *rest = "";
	enum command cmd = command_parse(text, &rest);
	size_t n = 0;

	*arg = NULL;
	if (cmd != CMD_NONE && strchr(text, ' ') != NULL) {
		*arg = rest;
		for (enum rank rank = RANK_SAME; rank < RANK_NOT; rank++)
			n = arguments(ctx, cmd, rank, rest, out, n);
		return n;
	}
	for (enum rank rank = RANK_SAME; rank < RANK_NOT; rank++)
		for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
			const struct cmd_info *info = command_info((enum command)i);

			if (!(info->flags & CF_HIDDEN))
				n = add(out, n, rank, info->name, info->help, text);
		}
	return n;
}

/* A command that takes no argument and got one, CMD_NONE: there is no such mistake. */
static enum command
needless_argument(const struct palette_state *st)
{
	const char *arg;
	enum command cmd = command_parse(strbuf_str(&st->edit.text), &arg);

	return cmd != CMD_NONE && arg[0] != '\0' && !(command_info(cmd)->flags & (CF_ARG | CF_ARG_TOPIC)) ? cmd : CMD_NONE;
}

static void
palette_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct palette_state *st = v->state;

	(void)ctx;
	edit_init(&st->edit);
	edit_set(&st->edit, arg);
}

static void
palette_close(struct view *v)
{
	struct palette_state *st = v->state;

	edit_fini(&st->edit);
}

/* Puts the choice under the cursor into the field. True when that gives a whole command. */
static bool
complete(struct palette_state *st, const struct ctx *ctx)
{
	struct choice list[MAX_CHOICES];
	const char *arg, *unused;
	size_t n = choices(st, ctx, list, &arg);
	struct strbuf text = STRBUF_INIT;
	enum command cmd;
	bool whole;

	if (st->cursor >= n) {
		strbuf_fini(&text);
		return n == 0 && arg != NULL;
	}
	if (arg != NULL)
		strbuf_add(&text, strbuf_str(&st->edit.text), (size_t)(arg - strbuf_str(&st->edit.text)));
	strbuf_adds(&text, list[st->cursor].text);
	cmd = command_parse(strbuf_str(&text), &unused);
	whole = arg != NULL || !(command_info(cmd)->flags & CF_ARG_TOPIC);
	if (!whole)
		strbuf_addch(&text, ' ');
	edit_set(&st->edit, strbuf_str(&text));
	st->cursor = 0;
	strbuf_fini(&text);
	return whole;
}

static void
run(struct palette_state *st, struct ctx *ctx)
{
	const char *arg;
	enum command cmd = command_parse(strbuf_str(&st->edit.text), &arg);
	bool whole = cmd != CMD_NONE && !(command_info(cmd)->flags & CF_ARG_TOPIC) && arg[0] == '\0' && st->cursor == 0;

	if (needless_argument(st) != CMD_NONE)
		return;
	if (!whole) {
		if (!complete(st, ctx))
			return;
		cmd = command_parse(strbuf_str(&st->edit.text), &arg);
	}
	if (cmd == CMD_NONE)
		return;
	wish_close(ctx);
	wish_command(ctx, cmd, arg);
}

static bool
palette_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct palette_state *st = v->state;
	struct choice list[MAX_CHOICES];
	const char *arg;
	enum command move = list_key(k);

	if (move != CMD_NONE && k->code != KC_HOME && k->code != KC_END) {
		list_move(&st->cursor, choices(st, ctx, list, &arg), st->rows, move);
		return true;
	}
	switch (edit_key(&st->edit, k)) {
	case EDIT_CHANGED:
		st->cursor = 0;
		break;
	case EDIT_COMPLETE:
		complete(st, ctx);
		break;
	case EDIT_ACCEPTED:
		run(st, ctx);
		break;
	case EDIT_CANCELLED:
		wish_close(ctx);
		break;
	default:
		break;
	}
	return true;
}

static bool
palette_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct palette_state *st = v->state;
	struct choice list[MAX_CHOICES];
	const char *arg;
	size_t n = choices(st, ctx, list, &arg);

	if (m->action == MOUSE_WHEEL_UP || m->action == MOUSE_WHEEL_DOWN)
		return list_move(&st->cursor, n, st->rows, m->action == MOUSE_WHEEL_UP ? CMD_UP : CMD_DOWN);
	if (m->y < r.y + 2 || st->top + (size_t)(m->y - r.y - 2) >= n)
		return false;
	st->cursor = st->top + (size_t)(m->y - r.y - 2);
	run(st, ctx);
	return true;
}

static void
palette_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	(void)v;
	(void)ctx;
	*h = max_h < 16 ? max_h : 16;
	*w = max_w < 84 ? max_w : 84;
}

static void
palette_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct palette_state *st = v->state;

	(void)ctx;
	st->rows = r.h - 2;
	st->top = list_top(st->cursor, st->top, st->rows);
}

static void
palette_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	(void)v;
	(void)ctx;
	strbuf_adds(out, "Tab completes, Esc leaves");
}

static size_t
palette_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint hints[] = {
		{ "Enter", "run", 0 }, { "Tab", "complete", 1 }, { "↑↓", "choose", 2 }, { "Esc", "leave", 0 },
	};

	(void)v;
	(void)ctx;
	*out = hints;
	return ARRAY_LEN(hints);
}

/* A command, what it does, and its key on the right. */
static void
draw_choice(const struct ctx *ctx, struct canvas *c, struct rect r, const struct choice *one, bool command)
{
	struct strbuf label = STRBUF_INIT;
	const char *unused;
	int key = 0;

	if (command)
		keymap_key_of(ctx->keymap, ctx->place, command_parse(one->text, &unused), &label);
	if (label.len > 0)
		key = (int)utf8_columns(strbuf_str(&label));
	if (one->help[0] == '\0') {
		canvas_text_cut(c, r.y, r.x, r.w, ROLE_STRONG, one->text);
	} else {
		canvas_text_cut(c, r.y, r.x, NAME_WIDTH, ROLE_STRONG, one->text);
		canvas_text_cut(c, r.y, r.x + NAME_WIDTH + 1, r.w - NAME_WIDTH - 1 - (key > 0 ? key + 2 : 0), ROLE_CARD,
		                one->help);
	}
	canvas_text(c, r.y, r.x + r.w - key, key, ROLE_KEY_BAR_KEY, strbuf_str(&label));
	strbuf_fini(&label);
}

static void
palette_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct palette_state *st = v->state;
	struct choice list[MAX_CHOICES];
	const char *arg;
	size_t n = choices(st, ctx, list, &arg);
	enum command mistake = needless_argument(st);

	(void)focused;
	canvas_text(c, r.y, r.x + 1, 2, ROLE_STRONG, ":");
	edit_draw(&st->edit, c, r.y, r.x + 3, r.w - 4, ROLE_FIELD_FOCUS, true);
	if (mistake != CMD_NONE)
		canvas_textf(c, r.y + 2, r.x + 1, r.w - 2, ROLE_FIELD_ERROR, "%s takes no argument",
		             command_info(mistake)->name);
	else if (n == 0)
		canvas_text(c, r.y + 2, r.x + 1, r.w - 2, ROLE_DIM,
		            arg != NULL ? "Enter runs it" : "No command is called so");
	for (int i = 0; i < st->rows && st->top + (size_t)i < n; i++) {
		int y = r.y + 2 + i;

		draw_choice(ctx, c, (struct rect){ y, r.x + 1, 1, r.w - 2 }, &list[st->top + (size_t)i], arg == NULL);
		if (st->top + (size_t)i == st->cursor)
			canvas_over(c, (struct rect){ y, r.x, 1, r.w }, ROLE_CURSOR);
	}
}

const struct view_ops palette_view = {
	.name = "palette",
	.title = "Command",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT,
	.state_size = sizeof(struct palette_state),
	.open = palette_open,
	.close = palette_close,
	.key = palette_key,
	.mouse = palette_mouse,
	.corner = palette_corner,
	.draw = palette_draw,
	.size = palette_size,
	.hints = palette_hints,
	.layout = palette_layout,
};
