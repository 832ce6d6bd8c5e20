/*
 * topics: the topics pane: names first, numbers as they come. The cursor is on the selected topic and stays there while
 * others come and go; a selected topic that is gone keeps its row until the cursor moves on, so that one that is cleared or
 * recreated is not left in between.
 *
 * Thread: UI.   Depends on: ui/table, words.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "needle.h"
#include "topicmon/base/mem.h"
#include "topicmon/views/view.h"
#include "topicmon/views/words.h"

#define SPARK_SHOWN 4
#define WATCH_MAX   200         /* rows asked for first, however tall the screen is */
#define NEW_MS      5000        /* a selected topic that was never seen may still be on its way for so long */

struct topics_state {
	struct table table;
	struct snapshot *snap;          /* a reference: the rows point into it */
	const void **rows;
	size_t n;
	size_t hidden;                  /* internal topics that are left out */
	bool internal;
	struct needle filter;
	struct needle find;
	struct topic gone;              /* the row of a selected topic that is not there */
	char gone_name[256];
	int64_t gone_ms;                /* when it was first missed */
	char seen_name[256];            /* the selected topic, once it was in a snapshot */
};

/* Whether its numbers will come: a row of a topic that is gone has no partitions to ask for. */
static bool
will_come(const struct topic *t)
{
	return t->partitions != NULL;
}

static enum role
role_of(const struct topic *t)
{
	return t->old || t->npartitions == 0 ? ROLE_OLD : ROLE_TEXT;
}

static void
name_value(const void *row, struct value *out)
{
	const struct topic *t = row;

	out->text = t->name;
	out->role = t->npartitions == 0 ? ROLE_OLD : ROLE_TEXT;
}

static void
partitions_value(const void *row, struct value *out)
{
	const struct topic *t = row;

	out->known = t->npartitions > 0;
	out->text = will_come(t) ? "…" : NULL;
	out->integer = t->npartitions;
	out->role = role_of(t);
}

static void
messages_value(const void *row, struct value *out)
{
	const struct topic *t = row;

	out->known = t->messages != OFFSET_UNKNOWN && t->npartitions > 0;
	out->text = will_come(t) ? "…" : NULL;
	out->integer = t->messages;
	out->role = role_of(t);
}

static void
messages_format(const void *row, const struct value *v, struct strbuf *out)
{
	if (((const struct topic *)row)->messages_upper && v->integer > 0)
		strbuf_adds(out, "≤");
	strbuf_add_grouped(out, v->integer);
}

static void
rate_value(const void *row, struct value *out)
{
	const struct topic *t = row;

	out->known = !isnan(t->rate);
	out->text = will_come(t) ? "…" : NULL;
	out->real = t->rate;
	out->role = out->known && t->rate < 0.05 ? ROLE_DIM : role_of(t);
}

static void
rate_format(const void *row, const struct value *v, struct strbuf *out)
{
	(void)row;
	words_rate(out, v->real);
}

static void
spark_value(const void *row, struct value *out)
{
	const struct topic *t = row;
	const float *newest = t->spark + SPARK_LEN - SPARK_SHOWN;
	struct strbuf text = STRBUF_INIT;

	out->role = ROLE_SPARK;
	out->known = false;
	out->text = "";
	for (size_t i = 0; i < SPARK_SHOWN; i++)
		out->known |= newest[i] > 0;
	if (!out->known)
		return;
	spark_text(&text, newest, SPARK_SHOWN);
	str_copy(out->buf, sizeof(out->buf), strbuf_str(&text));
	out->text = out->buf;
	strbuf_fini(&text);
}

static void
lag_value(const void *row, struct value *out)
{
	const struct topic *t = row;

	out->known = t->lag != OFFSET_UNKNOWN;
	out->text = t->ngroups > 0 ? "…" : NULL;
	out->integer = t->lag;
	out->role = out->known && t->lag > 0 ? ROLE_LEVEL_WARN : role_of(t);
}

static const struct column topics_columns[] = {
	/* id           title       help                                     type     min wt drop value            format */
	{ "name",       "TOPIC",    "Name of the topic",                     COL_TEXT, 12, 8, 0, name_value,       NULL },
	{ "partitions", "PART",     "Number of partitions",                  COL_INT,  4,  0, 3, partitions_value, NULL },
	{ "messages",   "MESSAGES", "Messages: end - start, summed; ≤: at most", COL_INT, 9, 0, 0, messages_value, messages_format },
	{ "rate",       "RATE",     "Messages a second",                     COL_REAL, 6,  0, 2, rate_value,       rate_format },
	{ "spark",      "",         "The rates of the last refreshes",       COL_TEXT, SPARK_SHOWN, 0, 4, spark_value, NULL },
	{ "lag",        "LAG",      "Messages that the slowest group has not committed", COL_INT, 6, 0, 1, lag_value, NULL },
};

static const struct topic *
topic_at(const struct topics_state *st, size_t i)
{
	return st->rows[i];
}

/* The selected topic when it is not in the snapshot: a row without numbers. One that was just created is not in it yet:
 * its numbers will come. */
static const struct topic *
gone_row(struct topics_state *st, const struct ctx *ctx)
{
	static const struct partition to_come = { .leader = -1 };
	bool seen = strcmp(st->seen_name, ctx->selected) == 0;

	if (strcmp(st->gone_name, ctx->selected) != 0) {
		str_copy(st->gone_name, sizeof(st->gone_name), ctx->selected);
		st->gone_ms = ctx->now_ms;
	}
	st->gone = (struct topic){
		.name = st->gone_name, .messages = OFFSET_UNKNOWN, .rate = NAN, .lag = OFFSET_UNKNOWN,
		.retention_ms = OFFSET_UNKNOWN,
		.partitions = !seen && ctx->now_ms - st->gone_ms < NEW_MS ? &to_come : NULL,
	};
	return &st->gone;
}

static void
collect(struct topics_state *st, const struct ctx *ctx)
{
	const char *selected = ctx->selected;
	size_t n = st->snap != NULL ? st->snap->ntopics : 0;
	bool there = st->snap != NULL && snapshot_find_topic(st->snap, selected) != NULL;

	st->rows = xreallocarray(st->rows, n + 1, sizeof(*st->rows));
	st->n = 0;
	st->hidden = 0;
	for (size_t i = 0; i < n; i++) {
		const struct topic *t = &st->snap->topics[i];

		if (!needle_in(&st->filter, t->name))
			continue;
		if (t->internal && !st->internal)
			st->hidden++;
		else
			st->rows[st->n++] = t;
	}
	if (there) {
		str_copy(st->seen_name, sizeof(st->seen_name), selected);
		st->gone_name[0] = '\0';
	} else if (selected[0] != '\0' && needle_in(&st->filter, selected)) {
		st->rows[st->n++] = gone_row(st, ctx);
	}
}

/* Builds the rows and puts the cursor on the selected topic. When that is not shown (a filter), the topic under the cursor
 * becomes the selected one: what a key acts on is always what is seen. */
static void
arrange(struct topics_state *st, struct ctx *ctx)
{
	collect(st, ctx);
	table_sort(&st->table, st->rows, st->n);
	table_set_rows(&st->table, st->n);
	for (size_t i = 0; i < st->n; i++) {
		if (strcmp(topic_at(st, i)->name, ctx->selected) == 0) {
			table_move_to(&st->table, i);
			return;
		}
	}
	if (st->n > 0)
		wish_select(ctx, topic_at(st, st->table.cursor)->name);
}

static void
topics_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct topics_state *st = v->state;

	(void)arg;
	table_init(&st->table, topics_columns, ARRAY_LEN(topics_columns), 0, false);
	arrange(st, ctx);
}

static void
topics_close(struct view *v)
{
	struct topics_state *st = v->state;

	snapshot_unref(st->snap);
	free(st->rows);
	needle_fini(&st->filter);
	needle_fini(&st->find);
}

static void
topics_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct topics_state *st = v->state;
	struct snapshot *before = st->snap;

	if (ev->kind != EV_SNAPSHOT)
		return;
	st->snap = snapshot_ref(ev->snapshot);
	arrange(st, ctx);
	snapshot_unref(before);
}

static void
select_cursor(struct topics_state *st, struct ctx *ctx)
{
	if (st->table.cursor < st->n && strcmp(topic_at(st, st->table.cursor)->name, ctx->selected) != 0)
		wish_select(ctx, topic_at(st, st->table.cursor)->name);
}

/* Goes to the next row whose name has the text that is looked for; step -1: the one before. first: the row under the
 * cursor counts too. */
static bool
find_row(struct topics_state *st, struct ctx *ctx, int step, bool first)
{
	size_t at = st->table.cursor;

	if (needle_empty(&st->find) || st->n == 0)
		return false;
	for (size_t i = 0; i < st->n; i++) {
		if (!first || i > 0)
			at = step > 0 ? (at + 1) % st->n : (at + st->n - 1) % st->n;
		if (needle_in(&st->find, topic_at(st, at)->name)) {
			table_move_to(&st->table, at);
			select_cursor(st, ctx);
			return true;
		}
	}
	return false;
}

static bool
find_command(struct topics_state *st, struct ctx *ctx, enum command cmd, const char *arg)
{
	if (cmd == CMD_FIND)
		needle_set(&st->find, arg);
	if (cmd == CMD_FIND && needle_empty(&st->find))
		return true;
	if (needle_empty(&st->find))
		wish_status(ctx, ROLE_STATUS_WARN, "Nothing is looked for: / finds");
	else if (!find_row(st, ctx, cmd == CMD_FIND_PREV ? -1 : 1, cmd == CMD_FIND))
		wish_status(ctx, ROLE_STATUS_WARN, "No topic here has '%s' in its name", st->find.text);
	return true;
}

static bool
topics_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct topics_state *st = v->state;

	switch (cmd) {
	case CMD_INTERNAL:
		st->internal = !st->internal;
		arrange(st, ctx);
		return true;
	case CMD_FILTER:
		needle_set(&st->filter, arg);
		arrange(st, ctx);
		return true;
	case CMD_FIND:
	case CMD_FIND_NEXT:
	case CMD_FIND_PREV:
		return find_command(st, ctx, cmd, arg);
	case CMD_OPEN:
		wish_command(ctx, CMD_MESSAGES, "");
		return true;
	case CMD_BACK:
		if (needle_empty(&st->filter) && needle_empty(&st->find))
			return false;
		needle_set(needle_empty(&st->find) ? &st->filter : &st->find, "");
		arrange(st, ctx);
		return true;
	default:
		if (!table_command(&st->table, cmd, arg))
			return false;
		if (cmd == CMD_SORT || cmd == CMD_SORT_REVERSE)
			arrange(st, ctx);
		else
			select_cursor(st, ctx);
		return true;
	}
}

static const char *
topics_prompt(const struct view *v, const struct ctx *ctx, enum command cmd)
{
	const struct topics_state *st = v->state;

	(void)ctx;
	return cmd == CMD_FILTER ? needle_text(&st->filter) : "";
}

static bool
topics_typed(struct view *v, struct ctx *ctx, enum command cmd, const char *text, size_t *at, struct err *e)
{
	struct topics_state *st = v->state;

	needle_set(cmd == CMD_FILTER ? &st->filter : &st->find, text);
	if (cmd == CMD_FILTER) {
		arrange(st, ctx);
	} else if (text[0] != '\0' && !find_row(st, ctx, 1, true)) {
		*at = 0;
		return err_set(e, ERR_NOT_FOUND, "no topic here has that in its name");
	}
	return true;
}

static bool
topics_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct topics_state *st = v->state;
	long row = table_row_at(&st->table, r, m->y);
	int column = table_column_at(&st->table, r, m->y, m->x);

	if (m->action != MOUSE_CLICK)
		return m->action == MOUSE_DOUBLE && m->y == r.y;        /* the header opens nothing */
	if (column >= 0) {
		table_command(&st->table, CMD_SORT, topics_columns[column].id);
		arrange(st, ctx);
	} else if (row >= 0) {
		table_move_to(&st->table, (size_t)row);
		select_cursor(st, ctx);
	}
	return true;
}

static void
topics_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct topics_state *st = v->state;

	/* Somebody else chose another one: a card that created it, the command line. */
	if (ctx->selected[0] != '\0' &&
	    (st->table.cursor >= st->n || strcmp(topic_at(st, st->table.cursor)->name, ctx->selected) != 0))
		arrange(st, ctx);
	table_scroll(&st->table, r.h - 1);
}

static void
topics_watch(const struct view *v, const struct ctx *ctx, struct watch_spec *w)
{
	const struct topics_state *st = v->state;
	size_t end = st->table.top + (size_t)st->table.page;

	(void)ctx;
	for (size_t i = st->table.top; i < end && i < st->n && i < st->table.top + WATCH_MAX; i++)
		strvec_push(&w->visible, topic_at(st, i)->name);
}

static void
topics_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct topics_state *st = v->state;

	(void)ctx;
	strbuf_adds(out, "Topics");
	if (!needle_empty(&st->filter)) {
		strbuf_addf(out, " ─ only %s ─ ", st->filter.text);
		strbuf_add_grouped(out, (long long)st->n);
	} else if (st->internal) {
		strbuf_adds(out, " ─ with internal ones");
	}
}

/* An empty place says what could be here, and which key makes it. */
static void
empty_words(const struct topics_state *st, const struct ctx *ctx, struct strbuf *out)
{
	struct strbuf key = STRBUF_INIT;

	if (!needle_empty(&st->filter)) {
		strbuf_addf(out, "No topic has '%s' in its name. Esc shows all.", st->filter.text);
	} else if (ctx->snap == NULL) {
		if (ctx->conn->state == CONN_DOWN || ctx->conn->state == CONN_DENIED)
			strbuf_adds(out, "The topics come here as soon as the broker answers.");
		else
			strbuf_addf(out, "Asking %s for its topics…", ctx->bootstrap);
	} else {
		strbuf_adds(out, "No topics yet.");
		if (!ctx->read_only && keymap_key_of(ctx->keymap, "topics", CMD_CREATE, &key))
			strbuf_addf(out, " Press %s to create one.", strbuf_str(&key));
		strbuf_reset(&key);
		if (st->hidden > 0 && keymap_key_of(ctx->keymap, "topics", CMD_INTERNAL, &key))
			strbuf_addf(out, " %s shows %zu internal.", strbuf_str(&key), st->hidden);
	}
	strbuf_fini(&key);
}

/* Marks where the names on the screen have the text that is looked for. */
static void
draw_found(const struct topics_state *st, struct canvas *c, struct rect r)
{
	if (needle_empty(&st->find))
		return;
	for (int y = 1; y < r.h && st->table.top + (size_t)(y - 1) < st->n; y++) {
		const char *name = topic_at(st, st->table.top + (size_t)(y - 1))->name;
		int at = needle_column(&st->find, name);

		if (at >= 0)
			canvas_over(c, (struct rect){ r.y + y, r.x + 1 + at, 1, needle_columns(&st->find) },
			            ROLE_MATCH);
	}
}

/* Without a broker nothing is known to be still so. In the line of the cursor the name keeps its look. */
static void
draw_as_old(const struct topics_state *st, struct canvas *c, struct rect r)
{
	int name = 0;

	while (name < r.w && table_column_at(&st->table, r, r.y, r.x + name) == 0)
		name++;
	for (int y = 1; y < r.h && st->table.top + (size_t)(y - 1) < st->n; y++) {
		int x = st->table.top + (size_t)(y - 1) == st->table.cursor ? name : 0;

		canvas_over(c, (struct rect){ r.y + y, r.x + x, 1, r.w - x }, ROLE_OLD);
	}
}

static void
topics_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct topics_state *st = v->state;
	struct strbuf text = STRBUF_INIT;

	if (st->n > 0) {
		table_draw(&st->table, c, r, st->rows, st->n, focused);
		if (ctx->conn->state == CONN_DOWN || ctx->conn->state == CONN_DENIED)
			draw_as_old(st, c, r);
		draw_found(st, c, r);
		return;
	}
	empty_words(st, ctx, &text);
	card_wrapped(c, (struct rect){ r.y + (r.h > 3), r.x + 1, r.h - (r.h > 3), r.w - 2 }, ROLE_DIM, strbuf_str(&text));
	strbuf_fini(&text);
}

static const struct binding topics_keys[] = {
	{ "c",     CMD_CREATE,   NULL, "create" },
	{ "d",     CMD_DELETE,   NULL, "delete" },
	{ "x",     CMD_CLEAR,    NULL, "clear" },
	{ "p",     CMD_PRODUCE,  NULL, "produce" },
	{ "enter", CMD_OPEN,     NULL, "open" },
	{ "tab",   CMD_NEXT_PANE, NULL, "pane" },
	{ "/",     CMD_FIND,     NULL, "find" },
	{ "&",     CMD_FILTER,   NULL, "filter" },
	{ "i",     CMD_INTERNAL, NULL, NULL },
};

const struct view_ops topics_view = {
	.name = "topics",
	.title = "Topics",
	.shape = VIEW_PANE,
	.columns = topics_columns,
	.ncolumns = ARRAY_LEN(topics_columns),
	.keys = topics_keys,
	.nkeys = ARRAY_LEN(topics_keys),
	.state_size = sizeof(struct topics_state),
	.open = topics_open,
	.close = topics_close,
	.update = topics_update,
	.command = topics_command,
	.prompt = topics_prompt,
	.typed = topics_typed,
	.mouse = topics_mouse,
	.layout = topics_layout,
	.watch = topics_watch,
	.caption = topics_caption,
	.draw = topics_draw,
};
