/*
 * log: what happened: the library's own lines (secrets removed), connections, operations. Follows the newest line until
 * it is scrolled.
 *
 * Thread: UI.   Depends on: card, base/log.
 */
#include "card.h"

#include "topicmon/base/clock.h"

#define TIME_WIDTH 13

struct log_state {
	uint64_t cursor;        /* number of the line, counted from the first ever */
	uint64_t top;
	bool scrolled;          /* the cursor is not at the newest line */
	int rows;
};

static enum role
level_role(enum log_level level)
{
	switch (level) {
	case LOG_ERROR:
		return ROLE_LEVEL_CRIT;
	case LOG_WARN:
		return ROLE_LEVEL_WARN;
	case LOG_DEBUG:
		return ROLE_DIM;
	case LOG_INFO:
		break;
	}
	return ROLE_TEXT;
}

static bool
log_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct log_state *st = v->state;
	uint64_t first = ctx->log->total - ctx->log->count;
	size_t cursor = st->cursor > first ? (size_t)(st->cursor - first) : 0;
	int page = cmd == CMD_HALF_UP || cmd == CMD_HALF_DOWN ? st->rows / 2 : st->rows;

	(void)arg;
	if (cmd == CMD_HALF_UP)
		cmd = CMD_PAGE_UP;
	else if (cmd == CMD_HALF_DOWN)
		cmd = CMD_PAGE_DOWN;
	if (!list_move(&cursor, ctx->log->count, page, cmd))
		return false;
	st->cursor = first + cursor;
	st->scrolled = cursor + 1 < ctx->log->count;
	return true;
}

static void
log_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct log_state *st = v->state;
	uint64_t end = ctx->log->total, first = end - ctx->log->count;

	st->rows = r.h;
	if (!st->scrolled && end > 0)
		st->cursor = end - 1;
	if (st->cursor < first)
		st->cursor = first;
	if (st->top < first)
		st->top = first;
	st->top = first + list_top((size_t)(st->cursor - first), (size_t)(st->top - first), r.h);
}

static void
log_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct log_state *st = v->state;
	uint64_t first = ctx->log->total - ctx->log->count;
	struct strbuf time = STRBUF_INIT;

	if (ctx->log->count == 0)
		canvas_text(c, r.y + 1, r.x + 2, r.w - 4, ROLE_DIM, "Nothing has happened that is worth a line.");
	for (int i = 0; i < r.h && st->top + (uint64_t)i < ctx->log->total; i++) {
		const struct log_line *line = log_at(ctx->log, (size_t)(st->top + (uint64_t)i - first));

		if (line == NULL)
			break;
		strbuf_reset(&time);
		clock_format(&time, line->wall_ms, false);
		canvas_text(c, r.y + i, r.x + 1, TIME_WIDTH, ROLE_TIME, strbuf_str(&time));
		canvas_text_cut(c, r.y + i, r.x + 1 + TIME_WIDTH, r.w - TIME_WIDTH - 2, level_role(line->level), line->text);
		if (st->scrolled && st->top + (uint64_t)i == st->cursor)
			canvas_over(c, (struct rect){ r.y + i, r.x, 1, r.w }, focused ? ROLE_CURSOR : ROLE_CURSOR_UNFOCUSED);
	}
	strbuf_fini(&time);
}

static void
log_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct log_state *st = v->state;

	strbuf_addf(out, "%zu line%s%s", ctx->log->count, ctx->log->count == 1 ? "" : "s",
	            st->scrolled ? ", G follows the newest" : "");
}

const struct view_ops log_view = {
	.name = "log",
	.title = "Log",
	.shape = VIEW_SCREEN,
	.state_size = sizeof(struct log_state),
	.command = log_command,
	.corner = log_corner,
	.draw = log_draw,
	.layout = log_layout,
};
