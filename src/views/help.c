/*
 * help: every key of one place and the ones that hold everywhere, from the key tables.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

#define MAX_ROWS 160
#define KEY_WIDTH 14

struct help_line {
	char key[24];           /* "" in a heading */
	const char *text;       /* constant, or the heading */
};

struct help_state {
	struct help_line lines[MAX_ROWS];
	size_t n;
	size_t top;
	int rows;               /* on the screen at the last layout */
	char heading[80];
};

static void
add(struct help_state *st, const char *key, const char *text)
{
	struct help_line *line = &st->lines[st->n];

	if (st->n == MAX_ROWS)
		return;
	st->n++;
	str_copy(line->key, sizeof(line->key), key);
	line->text = text;
}

/* Keys of the same command and argument stand in one line: "Up k". */
static bool
joined(struct help_state *st, size_t from, const char *key, const char *text)
{
	for (size_t i = from; i < st->n; i++) {
		struct help_line *line = &st->lines[i];

		if (line->text == text && strlen(line->key) + strlen(key) + 2 <= KEY_WIDTH) {
			strncat(line->key, " ", sizeof line->key - strlen(line->key) - 1);
			strncat(line->key, key, sizeof line->key - strlen(line->key) - 1);
			return true;
		}
	}
	return false;
}

static void
add_rows(struct help_state *st, const struct keymap_row *rows, size_t n, bool global)
{
	size_t from = st->n;
	struct strbuf label = STRBUF_INIT;

	for (size_t i = 0; i < n; i++) {
		const char *text = command_info(rows[i].cmd)->help;

		if (rows[i].global != global)
			continue;
		strbuf_reset(&label);
		key_label(&rows[i].key, &label);
		if (!joined(st, from, strbuf_str(&label), text))
			add(st, strbuf_str(&label), text);
	}
	strbuf_fini(&label);
}

static void
help_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct help_state *st = v->state;
	const struct view_ops *place = view_find(arg[0] != '\0' ? arg : ctx->place);
	struct keymap_row *rows = xcalloc(MAX_ROWS, sizeof *rows);
	size_t n;

	if (place != NULL) {
		n = keymap_rows(ctx->keymap, place->name, rows, MAX_ROWS);
		str_copy(st->heading, sizeof(st->heading), place->title);
		add(st, "", st->heading);
		add_rows(st, rows, n, false);
		add(st, "", "");
		add(st, "", "Everywhere");
		add_rows(st, rows, n, true);
	}
	add(st, "", "");
	add(st, "", "Any command can be run by its name with the key of `command`; config.json gives it a key.");
	free(rows);
}

static bool
help_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct help_state *st = v->state;
	enum command cmd = list_key(k);
	size_t last = st->n > (size_t)st->rows ? st->n - (size_t)st->rows : 0;

	if (key_is(k, 'j'))
		cmd = CMD_DOWN;
	else if (key_is(k, 'k'))
		cmd = CMD_UP;
	else if (key_is(k, ' '))
		cmd = CMD_PAGE_DOWN;
	if (cmd == CMD_NONE)
		wish_close(ctx);
	else
		list_move(&st->top, last + 1, st->rows, cmd);
	return true;
}

static bool
help_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct help_state *st = v->state;
	size_t last = st->n > (size_t)st->rows ? st->n - (size_t)st->rows : 0;

	(void)ctx;
	(void)r;
	if (m->action == MOUSE_WHEEL_UP || m->action == MOUSE_WHEEL_DOWN)
		return list_move(&st->top, last + 1, st->rows, m->action == MOUSE_WHEEL_UP ? CMD_UP : CMD_DOWN);
	return false;
}

static void
help_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	const struct help_state *st = v->state;

	(void)ctx;
	*h = (int)st->n < max_h ? (int)st->n : max_h;
	*w = max_w < 78 ? max_w : 78;
}

static void
help_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct help_state *st = v->state;

	(void)ctx;
	st->rows = r.h;
	if (st->top + (size_t)r.h > st->n)
		st->top = st->n > (size_t)r.h ? st->n - (size_t)r.h : 0;
}

static void
help_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct help_state *st = v->state;

	(void)ctx;
	if (st->n > (size_t)st->rows)
		strbuf_addf(out, "%zu-%zu of %zu, ↑↓ scroll, ", st->top + 1, st->top + (size_t)st->rows, st->n);
	strbuf_adds(out, "Esc closes");
}

static size_t
help_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint hints[] = {
		{ "↑↓", "scroll", 0 }, { "Space", "next page", 1 }, { "Esc", "back", 0 },
	};

	(void)v;
	(void)ctx;
	*out = hints;
	return ARRAY_LEN(hints);
}

static void
help_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct help_state *st = v->state;

	(void)ctx;
	(void)focused;
	for (int i = 0; i < r.h && st->top + (size_t)i < st->n; i++) {
		const struct help_line *line = &st->lines[st->top + (size_t)i];

		if (line->key[0] == '\0') {
			canvas_text(c, r.y + i, r.x + 1, r.w - 2, ROLE_CARD_TITLE, line->text);
			continue;
		}
		canvas_text_right(c, r.y + i, r.x + 1, KEY_WIDTH, ROLE_KEY_BAR_KEY, line->key);
		canvas_text(c, r.y + i, r.x + KEY_WIDTH + 3, r.w - KEY_WIDTH - 4, ROLE_CARD, line->text);
	}
}

const struct view_ops help_view = {
	.name = "help",
	.title = "Keys",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT,
	.state_size = sizeof(struct help_state),
	.open = help_open,
	.key = help_key,
	.mouse = help_mouse,
	.corner = help_corner,
	.draw = help_draw,
	.size = help_size,
	.hints = help_hints,
	.layout = help_layout,
};
