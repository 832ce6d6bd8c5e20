/*
 * palette: runs any command by its name; completes commands, topics, themes and columns.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <string.h>

#include "topicmon/base/mem.h"

#define MAX_CHOICES 200
#define NAME_WIDTH 18
#define KEY_WIDTH 14

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

static bool
wanted(const char *text, const char *typed)
{
	return strstr(text, typed) != NULL;
}

static size_t
add(struct choice *out, size_t n, const char *text, const char *help, const char *typed)
{
	if (n < MAX_CHOICES && wanted(text, typed)) {
		out[n].text = text;
		out[n].help = help;
		return n + 1;
	}
	return n;
}

/* What can stand for the argument of cmd. */
static size_t
arguments(const struct ctx *ctx, enum command cmd, const char *typed, struct choice *out)
{
	size_t n = 0;

	if (command_info(cmd)->flags & CF_ARG_TOPIC) {
		for (size_t i = 0; ctx->snap != NULL && i < ctx->snap->ntopics; i++)
			n = add(out, n, ctx->snap->topics[i].name, "", typed);
	} else if (cmd == CMD_THEME) {
		for (size_t i = 0; i < ctx->theme_names->n; i++)
			n = add(out, n, ctx->theme_names->v[i], "", typed);
	} else if (cmd == CMD_SORT) {
		const struct view_ops *place = view_find(ctx->place);

		for (size_t i = 0; place != NULL && i < place->ncolumns; i++)
			n = add(out, n, place->columns[i].id, place->columns[i].help, typed);
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
		return arguments(ctx, cmd, rest, out);
	}
	for (int pass = 0; pass < 2; pass++)    /* names that begin so first, then those that hold it */
		for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
			const struct cmd_info *info = command_info((enum command)i);
			bool begins = strncmp(info->name, text, strlen(text)) == 0;

			if (!(info->flags & CF_HIDDEN) && begins == (pass == 0))
				n = add(out, n, info->name, info->help, text);
		}
	return n;
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
	bool exact = cmd != CMD_NONE && (arg[0] != '\0' || !(command_info(cmd)->flags & CF_ARG_TOPIC));

	if (!exact || (arg[0] != '\0' && (command_info(cmd)->flags & CF_ARG_TOPIC))) {
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
palette_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct palette_state *st = v->state;
	struct choice list[MAX_CHOICES];
	const char *arg;
	size_t n = choices(st, ctx, list, &arg);
	struct strbuf label = STRBUF_INIT;
	enum command cmd;
	const char *unused;

	(void)focused;
	canvas_text(c, r.y, r.x + 1, 2, ROLE_STRONG, ":");
	edit_draw(&st->edit, c, r.y, r.x + 3, r.w - 4, ROLE_FIELD_FOCUS, true);
	if (n == 0)
		canvas_text(c, r.y + 2, r.x + 1, r.w - 2, ROLE_DIM, arg != NULL ? "Enter runs it" : "No command is called so");
	for (int i = 0; i < st->rows && st->top + (size_t)i < n; i++) {
		const struct choice *one = &list[st->top + (size_t)i];
		int y = r.y + 2 + i;
		int width = one->help[0] != '\0' ? NAME_WIDTH : r.w - 2;

		canvas_text_cut(c, y, r.x + 1, width, ROLE_STRONG, one->text);
		canvas_text(c, y, r.x + NAME_WIDTH + 2, r.w - NAME_WIDTH - 10, ROLE_CARD, one->help);
		cmd = arg == NULL ? command_parse(one->text, &unused) : CMD_NONE;
		strbuf_reset(&label);
		if (cmd != CMD_NONE && keymap_key_of(ctx->keymap, ctx->place, cmd, &label))
			canvas_text_right(c, y, r.x + r.w - 1 - KEY_WIDTH, KEY_WIDTH, ROLE_KEY_BAR_KEY, strbuf_str(&label));
		if (st->top + (size_t)i == st->cursor)
			canvas_over(c, (struct rect){ y, r.x, 1, r.w }, ROLE_CURSOR);
	}
	strbuf_fini(&label);
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
	.draw = palette_draw,
	.size = palette_size,
	.layout = palette_layout,
};
