/*
 * app_layout: where everything is. Wide screens show topics and their detail side by side above the messages; on smaller
 * ones topics and detail take turns above the messages; on the smallest one pane is shown at a time.
 */
#include "app_private.h"

#include "topicmon/base/utf8.h"

#define WIDE_COLS     100
#define WIDE_ROWS     14        /* of the body */
#define STACKED_ROWS  12
#define FRAME_ROWS    5         /* below, a frame costs more than it says */
#define FRAME_COLS    20
#define NOTICE_MAX    4
#define UPPER_MAX     20        /* beyond, rows are worth more to the messages */

/* What there is to say stands in the line of the keys when it fits there, else in rows of its own above. */
static int
notice_rows(const struct app *app, struct layout *l)
{
	struct strbuf text = STRBUF_INIT;
	enum role role;
	int rows = 0;

	if (bar_notice(app, &text, &role)) {
		bool own = app->prompt.open || app->status == NULL;

		if (!own && (int)utf8_columns(strbuf_str(&text)) + 2 <= app->cols)
			l->notice_in_keys = true;
		else
			rows = card_wrapped(NULL, (struct rect){ 0, 0, 1, app->cols - 2 }, ROLE_TEXT, strbuf_str(&text));
	}
	strbuf_fini(&text);
	if (rows > NOTICE_MAX)
		rows = NOTICE_MAX;
	return rows > app->rows / 3 ? app->rows / 3 : rows;
}

static int
between(int n, int least, int most)
{
	return n < least ? least : n > most ? most : n;
}

static void
lay_wide(struct layout *l)
{
	struct rect b = l->body;
	int upper = between(b.h * 2 / 5, 7, UPPER_MAX);
	int left = between(b.w * 45 / 100, 50, 84);

	l->pane[PANE_TOPICS] = (struct rect){ b.y, b.x, upper, left };
	l->pane[PANE_TOPIC] = (struct rect){ b.y, b.x + left, upper, b.w - left };
	l->pane[PANE_LIVE] = (struct rect){ b.y + upper, b.x, b.h - upper, b.w };
}

static void
lay_stacked(const struct app *app, struct layout *l)
{
	struct rect b = l->body;
	int upper = between(b.h * 2 / 5, 6, b.h - 6);

	l->pane[app->upper] = (struct rect){ b.y, b.x, upper, b.w };
	l->pane[PANE_LIVE] = (struct rect){ b.y + upper, b.x, b.h - upper, b.w };
}

void
app_layout(const struct app *app, struct layout *l)
{
	int rows = app->rows, cols = app->cols;
	int title = rows >= 4, keys = rows >= 3, notice;

	*l = (struct layout){ .title = { 0, 0, title, cols } };
	notice = notice_rows(app, l);
	l->keys = (struct rect){ rows - keys, 0, keys, cols };
	l->notice = (struct rect){ rows - keys - notice, 0, notice, cols };
	l->body = (struct rect){ title, 0, rows - title - keys - notice, cols };
	l->frames = l->body.h >= FRAME_ROWS && cols >= FRAME_COLS;
	if (app->zoomed || l->body.h < STACKED_ROWS)
		l->pane[app->focus] = l->body;
	else if (cols >= WIDE_COLS && l->body.h >= WIDE_ROWS)
		lay_wide(l);
	else
		lay_stacked(app, l);
}

struct rect
layout_inside(const struct layout *l, struct rect frame)
{
	if (!l->frames)
		return frame;
	return (struct rect){ frame.y + 1, frame.x + 1, frame.h > 2 ? frame.h - 2 : 0, frame.w > 2 ? frame.w - 2 : 0 };
}

struct rect
layout_card(struct app *app, const struct layout *l, const struct view *v)
{
	struct ctx ctx = app_ctx(app);
	int border = l->frames ? 2 : 0;
	int max_h = l->body.h - border, max_w = app->cols - border - (app->cols > 60 ? 4 : 0);
	int h = max_h, w = max_w;

	if (v->ops->size != NULL)
		v->ops->size(v, &ctx, max_h, max_w, &h, &w);
	h = between(h, 0, max_h > 0 ? max_h : 0) + border;
	w = between(w, 0, max_w > 0 ? max_w : 0) + border;
	return (struct rect){ l->body.y + (l->body.h - h) / 2, (app->cols - w) / 2, h, w };
}
