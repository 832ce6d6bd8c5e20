/*
 * live: the messages of the selected topic as they come. Follows the end until somebody scrolls back or pauses; from then
 * on the feed is held, so that no row on the screen goes.
 *
 * Thread: UI.   Depends on: views/feed, live_draw.
 */
#include "live.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "topicmon/base/mem.h"

#define SCROLL_COLUMNS 16
#define WHEEL_ROWS     3
#define FIND_ROWS      200000   /* looked at by one n, so that it answers at once whatever is kept */
#define MATCH_ROWS     20000    /* matched with a new filter before the next draw; the app goes on with the rest */
#define FAR_BEHIND     20000    /* messages to read before the end: then G opens the stream anew there */

size_t
live_rows(const struct live_state *st, const struct feed *f)
{
	return st->paused ? feed_find(f, st->end) : feed_count(f);
}

size_t
live_cursor(const struct live_state *st, const struct feed *f)
{
	size_t n = live_rows(st, f), at = feed_find(f, st->cursor);

	return at < n ? at : n - 1;
}

uint64_t
live_unseen(const struct live_state *st, const struct feed *f)
{
	/* Of those that wait for room nobody knows yet whether they match. */
	if (feed_filter(f) != NULL)
		return feed_count(f) - feed_find(f, st->seen_end);
	return feed_total(f) - st->seen_total;
}

static void
set_seen(struct live_state *st, const struct feed *f)
{
	st->seen_total = feed_total(f);
	st->seen_end = feed_end_id(f);
}

static void
set_follow(struct live_state *st, struct ctx *ctx, bool follow)
{
	struct feed *f = ctx->live->feed;

	if (follow)
		st->paused = false;
	else if (st->follow)
		set_seen(st, f);
	st->follow = follow;
	feed_hold(f, !follow);
}

static void
set_paused(struct live_state *st, struct ctx *ctx)
{
	set_follow(st, ctx, false);
	st->paused = true;
	st->end = feed_end_id(ctx->live->feed);
	set_seen(st, ctx->live->feed);
}

static void
forget_texts(struct live_state *st, struct feed *f)
{
	free(st->find_text);
	free(st->filter_text);
	filter_unref(st->find);
	st->find_text = NULL;
	st->filter_text = NULL;
	st->find = NULL;
	feed_set_filter(f, NULL);
}

/* Another stream: it begins at its end, or at its beginning when that was asked for. What is looked for stays as long as
 * the topic is the same. */
static void
new_stream(struct live_state *st, struct ctx *ctx)
{
	const struct live *live = ctx->live;

	if (strcmp(st->topic, live->topic) != 0) {
		str_copy(st->topic, sizeof(st->topic), live->topic);
		forget_texts(st, live->feed);
		st->skip = 0;
	}
	st->stream = live->id;
	st->follow = true;
	st->paused = false;
	st->key_width = 0;
	st->offset_width = 0;
	st->cursor = 0;
	st->top = 0;
	if (live->from == FROM_BEGINNING)
		set_follow(st, ctx, false);
}

static void
live_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct live_state *st = v->state;

	(void)ctx;
	(void)arg;
	st->follow = true;
	st->scratch = filter_scratch_new();
}

static void
live_close(struct view *v)
{
	struct live_state *st = v->state;

	free(st->find_text);
	free(st->filter_text);
	filter_unref(st->find);
	filter_scratch_free(st->scratch);
}

static void
live_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct live_state *st = v->state;
	const struct feed *f = ctx->live->feed;
	size_t n, at, top;

	if (st->stream != ctx->live->id)
		new_stream(st, ctx);
	if (ctx->live->reading && ctx->live->from == FROM_BEGINNING)
		set_seen(st, f);
	st->rows = r.h > 1 ? r.h - 1 : 1;
	st->width = r.w;
	n = live_rows(st, f);
	if (n == 0)
		return;
	if (st->follow)
		st->cursor = feed_id(f, n - 1);
	at = live_cursor(st, f);
	top = feed_find(f, st->top);
	if (st->follow || top + (size_t)st->rows > n)
		top = n > (size_t)st->rows ? n - (size_t)st->rows : 0;
	if (at < top)
		top = at;
	if (at >= top + (size_t)st->rows)
		top = at - (size_t)st->rows + 1;
	st->top = feed_id(f, top);
	live_measure(st, ctx);
}

static void
move_to(struct live_state *st, struct ctx *ctx, size_t at)
{
	struct feed *f = ctx->live->feed;
	size_t n = live_rows(st, f);

	/* Beyond the last row of a pause: the waiting ones come into sight. */
	if (st->paused && at >= n) {
		st->end = feed_end_id(f);
		set_seen(st, f);
		n = live_rows(st, f);
	}
	if (n == 0)
		return;
	if (at >= n)
		at = n - 1;
	st->cursor = feed_id(f, at);
	if (!st->paused)
		set_follow(st, ctx, at == n - 1);
}

static void
move_by(struct live_state *st, struct ctx *ctx, long rows)
{
	struct feed *f = ctx->live->feed;
	size_t at;

	if (live_rows(st, f) == 0)
		return;
	at = live_cursor(st, f);
	move_to(st, ctx, rows < 0 && at < (size_t)-rows ? 0 : at + (size_t)rows);
}

/* The rows go, not the cursor alone, which nobody sees in a pane without the focus. */
static bool
wheel(struct live_state *st, struct ctx *ctx, bool up)
{
	size_t top = feed_find(ctx->live->feed, st->top);

	if (up)
		move_to(st, ctx, top > WHEEL_ROWS ? top - WHEEL_ROWS : 0);
	else
		move_to(st, ctx, top + (size_t)st->rows - 1 + WHEEL_ROWS);
	return true;
}

/* From the beginning: what is there already is gone to, else the stream is opened anew there. */
static void
go_top(struct live_state *st, struct ctx *ctx)
{
	const struct live *live = ctx->live;

	if (live->topic[0] == '\0')
		return;
	if (live->from == FROM_BEGINNING && feed_dropped(live->feed) == 0)
		move_to(st, ctx, 0);
	else
		wish_stream(ctx, FROM_BEGINNING);
}

static void
go_bottom(struct live_state *st, struct ctx *ctx)
{
	if (ctx->live->meter.behind != OFFSET_UNKNOWN && ctx->live->meter.behind > FAR_BEHIND)
		wish_stream(ctx, FROM_LAST);
	else
		set_follow(st, ctx, true);
}

/* A row that was looked for is kept under the cursor, even the newest. */
static void
stop_at(struct live_state *st, struct ctx *ctx, size_t at)
{
	move_to(st, ctx, at);
	if (!st->paused)
		set_follow(st, ctx, false);
}

static bool
find_from(struct live_state *st, struct ctx *ctx, size_t at, int step)
{
	const struct feed *f = ctx->live->feed;
	size_t n = live_rows(st, f), looked = 0;
	struct record rec;

	for (; at < n && looked < FIND_ROWS; at = step > 0 ? at + 1 : at - 1, looked++) {
		if (feed_get(f, at, &rec) && rec.kind == RECORD_MESSAGE &&
		    filter_match(st->find, st->scratch, &rec, ctx->wall_ms)) {
			stop_at(st, ctx, at);
			return true;
		}
	}
	if (looked == FIND_ROWS && at < n)
		move_to(st, ctx, at);
	return false;
}

static void
say_not_found(const struct live_state *st, struct ctx *ctx, size_t rows, int step)
{
	if (rows > FIND_ROWS)
		wish_status(ctx, ROLE_STATUS_WARN, "Not in the %s %d messages: %c goes on", step > 0 ? "next" : "previous",
		            FIND_ROWS, step > 0 ? 'n' : 'N');
	else
		wish_status(ctx, ROLE_STATUS_WARN, "No message here matches %s", st->find_text);
}

/* The match next to the cursor, and where there is none in this direction, the one that is farthest the other way. While
 * the end is followed nothing is later: then it is the nearest one before. */
static void
find_step(struct live_state *st, struct ctx *ctx, int step)
{
	size_t n = live_rows(st, ctx->live->feed), at = n > 0 ? live_cursor(st, ctx->live->feed) : 0;
	bool back = st->follow && step > 0;

	if (st->find == NULL) {
		wish_status(ctx, ROLE_STATUS_WARN, "Nothing is looked for: / finds");
		return;
	}
	if (n > 0 && find_from(st, ctx, back || step < 0 ? at - 1 : at + 1, back ? -1 : step)) {
		wish_status(ctx, ROLE_STATUS_WARN, "%s", "");
		return;
	}
	if (n > 0 && n <= FIND_ROWS && find_from(st, ctx, step > 0 ? 0 : n - 1, step)) {
		wish_status(ctx, ROLE_STATUS_WARN, "No %s message matches: this is the %s that does",
		            step > 0 ? "later" : "earlier", step > 0 ? "oldest" : "newest");
		return;
	}
	say_not_found(st, ctx, n, step);
}

static bool
set_find(struct live_state *st, const char *text, size_t *at, struct err *e)
{
	struct filter *find = match_compile(text, at, e);

	if (find == NULL)
		return false;
	filter_unref(st->find);
	free(st->find_text);
	st->find = find;
	st->find_text = xstrdup(text);
	if (filter_is_empty(find)) {
		filter_unref(find);
		free(st->find_text);
		st->find = NULL;
		st->find_text = NULL;
	}
	return true;
}

static bool
set_filter(struct live_state *st, struct ctx *ctx, const char *text, size_t *at, struct err *e)
{
	struct filter *filter = filter_compile(text, at, e);

	if (filter == NULL)
		return false;
	feed_set_filter(ctx->live->feed, filter);
	feed_work(ctx->live->feed, MATCH_ROWS, ctx->wall_ms);
	free(st->filter_text);
	st->filter_text = filter_is_empty(filter) ? NULL : xstrdup(text);
	filter_unref(filter);
	return true;
}

static void
command_find(struct live_state *st, struct ctx *ctx, const char *text)
{
	size_t n, at;
	struct err e;

	if (!set_find(st, text, NULL, &e)) {
		wish_status(ctx, ROLE_STATUS_ERROR, "%s", e.text);
		return;
	}
	n = live_rows(st, ctx->live->feed);
	if (st->find == NULL || n == 0)
		return;
	/* The nearest one, the row under the cursor first. */
	at = live_cursor(st, ctx->live->feed);
	if (find_from(st, ctx, at, -1) || (n <= FIND_ROWS && find_from(st, ctx, at, 1)))
		wish_status(ctx, ROLE_STATUS_WARN, "%s", "");
	else
		say_not_found(st, ctx, n, -1);
}

static void
open_message(struct live_state *st, struct ctx *ctx)
{
	const struct feed *f = ctx->live->feed;
	struct record rec;
	char id[24];

	if (live_rows(st, f) == 0)
		return;
	if (!feed_get(f, live_cursor(st, f), &rec) || rec.kind != RECORD_MESSAGE)
		return;
	snprintf(id, sizeof(id), "%" PRIu64, feed_id(f, live_cursor(st, f)));
	wish_open(ctx, "message", id);
}

/* Esc takes back what is looked for, then the filter. */
static bool
step_back(struct live_state *st, struct ctx *ctx)
{
	if (st->find != NULL)
		set_find(st, "", NULL, NULL);
	else if (st->filter_text != NULL)
		set_filter(st, ctx, "", NULL, NULL);
	else
		return false;
	return true;
}

static bool
live_move(struct live_state *st, struct ctx *ctx, enum command cmd)
{
	long page = st->rows > 1 ? st->rows : 1;

	switch (cmd) {
	case CMD_UP:
		move_by(st, ctx, -1);
		return true;
	case CMD_DOWN:
		move_by(st, ctx, 1);
		return true;
	case CMD_PAGE_UP:
		move_by(st, ctx, -page);
		return true;
	case CMD_PAGE_DOWN:
		move_by(st, ctx, page);
		return true;
	case CMD_HALF_UP:
		move_by(st, ctx, -(page / 2 + 1));
		return true;
	case CMD_HALF_DOWN:
		move_by(st, ctx, page / 2 + 1);
		return true;
	case CMD_LEFT:
		st->skip = st->skip > SCROLL_COLUMNS ? st->skip - SCROLL_COLUMNS : 0;
		return true;
	case CMD_RIGHT:
		st->skip += SCROLL_COLUMNS;
		return true;
	default:
		return false;
	}
}

static bool
live_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct live_state *st = v->state;
	struct err e;

	switch (cmd) {
	case CMD_PAUSE:
		if (st->paused)
			set_follow(st, ctx, true);
		else
			set_paused(st, ctx);
		return true;
	case CMD_TOP:
		go_top(st, ctx);
		return true;
	case CMD_BOTTOM:
		go_bottom(st, ctx);
		return true;
	case CMD_FIND:
		command_find(st, ctx, arg);
		return true;
	case CMD_FIND_NEXT:
	case CMD_FIND_PREV:
		find_step(st, ctx, cmd == CMD_FIND_NEXT ? 1 : -1);
		return true;
	case CMD_FILTER:
		if (!set_filter(st, ctx, arg, NULL, &e))
			wish_status(ctx, ROLE_STATUS_ERROR, "%s", e.text);
		return true;
	case CMD_OPEN:
		open_message(st, ctx);
		return true;
	case CMD_BACK:
		return step_back(st, ctx);
	default:
		return live_move(st, ctx, cmd);
	}
}

static const char *
live_prompt(const struct view *v, const struct ctx *ctx, enum command cmd)
{
	const struct live_state *st = v->state;

	(void)ctx;
	return cmd == CMD_FILTER && st->filter_text != NULL ? st->filter_text : "";
}

static bool
live_typed(struct view *v, struct ctx *ctx, enum command cmd, const char *text, size_t *at, struct err *e)
{
	struct live_state *st = v->state;

	return cmd == CMD_FILTER ? set_filter(st, ctx, text, at, e) : set_find(st, text, at, e);
}

static bool
live_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct live_state *st = v->state;
	const struct feed *f = ctx->live->feed;
	size_t at = feed_find(f, st->top) + (size_t)(m->y - r.y - 1);

	if (m->action == MOUSE_WHEEL_UP || m->action == MOUSE_WHEEL_DOWN)
		return wheel(st, ctx, m->action == MOUSE_WHEEL_UP);
	if (m->action != MOUSE_CLICK)
		return m->action == MOUSE_DOUBLE && m->y == r.y;        /* the header opens nothing */
	if (m->y > r.y && at < live_rows(st, f))
		move_to(st, ctx, at);
	return true;
}

static const struct binding live_keys[] = {
	{ "enter", CMD_OPEN,      NULL, "open" },
	{ "space", CMD_PAUSE,     NULL, "pause" },
	{ "g",     CMD_TOP,       NULL, "from the beginning" },
	{ "G",     CMD_BOTTOM,    NULL, "follow" },
	{ "/",     CMD_FIND,      NULL, "find" },
	{ "&",     CMD_FILTER,    NULL, "filter" },
	{ "z",     CMD_ZOOM,      NULL, "zoom" },
	{ "x",     CMD_CLEAR,     NULL, "clear" },
	{ "p",     CMD_PRODUCE,   NULL, "produce" },
	{ "tab",   CMD_NEXT_PANE, NULL, "pane" },
	{ "c",     CMD_CREATE,    NULL, NULL },
	{ "d",     CMD_DELETE,    NULL, NULL },
};

const struct view_ops live_view = {
	.name = "live",
	.title = "Live",
	.shape = VIEW_PANE,
	.keys = live_keys,
	.nkeys = ARRAY_LEN(live_keys),
	.state_size = sizeof(struct live_state),
	.open = live_open,
	.close = live_close,
	.command = live_command,
	.prompt = live_prompt,
	.typed = live_typed,
	.mouse = live_mouse,
	.layout = live_layout,
	.caption = live_caption,
	.corner = live_corner,
	.draw = live_draw,
};
