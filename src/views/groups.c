/*
 * groups: the consumer groups of the cluster, and in words what the one under the cursor holds.
 *
 * Thread: UI.   Depends on: card, ui/table.
 */
#include "card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/views/words.h"

#define DETAIL_ROWS  9
#define LAG_WIDTH    12
#define BESIDE_WIDTH 60         /* below that, topics and members stand under each other */

struct groups_state {
	struct table table;
	struct snapshot *snap;  /* a reference: the rows point into it */
	const void **rows;
	size_t n;
	char current[256];      /* the group that the cursor is on stays under it */
};

static void
name_value(const void *row, struct value *out)
{
	out->text = ((const struct group *)row)->name;
}

static void
state_value(const void *row, struct value *out)
{
	const struct group *g = row;

	out->text = group_state_name(g->state);
	if (g->state == GROUP_STABLE)
		out->role = ROLE_LEVEL_OK;
	else if (g->state == GROUP_EMPTY || g->state == GROUP_DEAD)
		out->role = ROLE_LEVEL_WARN;
}

static void
protocol_value(const void *row, struct value *out)
{
	out->text = ((const struct group *)row)->new_protocol ? "consumer" : "classic";
}

static void
members_value(const void *row, struct value *out)
{
	const struct group *g = row;

	out->known = g->members_known;
	out->integer = (int64_t)g->nmembers;
}

static void
topics_value(const void *row, struct value *out)
{
	out->integer = (int64_t)((const struct group *)row)->ntopics;
}

static void
lag_value(const void *row, struct value *out)
{
	const struct group *g = row;

	out->known = g->lag != OFFSET_UNKNOWN;
	out->integer = g->lag;
}

static const struct column group_columns[] = {
	/* id         title       help                                    type      min wt drop value           format */
	{ "name",     "GROUP",    "Name of the group",                    COL_TEXT, 12, 8, 0, name_value,     NULL },
	{ "state",    "STATE",    "State, as the broker says it",         COL_TEXT, 20, 0, 2, state_value,    NULL },
	{ "protocol", "PROTOCOL", "classic, or consumer (KIP-848)",       COL_TEXT, 8,  0, 4, protocol_value, NULL },
	{ "members",  "MEMBERS",  "Consumers that are connected",         COL_INT,  7,  0, 1, members_value,  NULL },
	{ "topics",   "TOPICS",   "Topics that it has commits on",        COL_INT,  6,  0, 3, topics_value,   NULL },
	{ "lag",      "LAG",      "Messages that it has not committed",   COL_INT,  12, 0, 0, lag_value,      NULL },
};

static void
groups_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct groups_state *st = v->state;
	struct event ev = { .kind = EV_SNAPSHOT };

	table_init(&st->table, group_columns, ARRAY_LEN(group_columns), 0, false);
	str_copy(st->current, sizeof(st->current), arg);
	if (ctx->snap != NULL)
		v->ops->update(v, ctx, &ev);
}

static void
groups_close(struct view *v)
{
	struct groups_state *st = v->state;

	snapshot_unref(st->snap);
	free(st->rows);
}

static void
keep_cursor(struct groups_state *st)
{
	for (size_t i = 0; i < st->n; i++)
		if (strcmp(((const struct group *)st->rows[i])->name, st->current) == 0)
			table_move_to(&st->table, i);
}

static void
remember_cursor(struct groups_state *st)
{
	st->current[0] = '\0';
	if (st->table.cursor < st->n)
		str_copy(st->current, sizeof(st->current), ((const struct group *)st->rows[st->table.cursor])->name);
}

static void
arrange(struct groups_state *st)
{
	table_sort(&st->table, st->rows, st->n);
	table_set_rows(&st->table, st->n);
	keep_cursor(st);
}

static void
groups_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct groups_state *st = v->state;
	struct snapshot *before = st->snap;

	if (ev->kind != EV_SNAPSHOT || ctx->snap == NULL)
		return;
	st->snap = snapshot_ref(ctx->snap);
	st->n = st->snap->ngroups;
	st->rows = xreallocarray(st->rows, st->n, sizeof *st->rows);
	for (size_t i = 0; i < st->n; i++)
		st->rows[i] = &st->snap->groups[i];
	arrange(st);
	snapshot_unref(before);
}

/* The topic of the group that most is kept of. */
static void
open_topic(const struct groups_state *st, struct ctx *ctx)
{
	const struct topic *most = NULL;
	int64_t lag = 0;

	for (size_t i = 0; st->table.cursor < st->n && i < st->snap->ntopics; i++) {
		const struct group *g = st->rows[st->table.cursor];
		const struct topic_group *tg = topic_find_group(&st->snap->topics[i], g->name);

		if (tg != NULL && (most == NULL || tg->total > lag)) {
			most = &st->snap->topics[i];
			lag = tg->total;
		}
	}
	if (most != NULL)
		wish_command(ctx, CMD_GOTO_TOPIC, most->name);
	else
		wish_status(ctx, ROLE_STATUS_WARN, "This group has no commits on any topic");
}

static bool
groups_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct groups_state *st = v->state;

	if (cmd == CMD_OPEN) {
		open_topic(st, ctx);
		return true;
	}
	if (!table_command(&st->table, cmd, arg))
		return false;
	if (cmd == CMD_SORT || cmd == CMD_SORT_REVERSE)
		arrange(st);
	else
		remember_cursor(st);
	return true;
}

/* The table takes what it has rows for, and leaves the lower part its least. */
static struct rect
table_rect(const struct groups_state *st, struct rect r)
{
	struct rect upper = r;

	if (r.h > 2 * DETAIL_ROWS) {
		upper.h = r.h - DETAIL_ROWS - 1;
		if ((size_t)upper.h > st->n + 1)
			upper.h = (int)st->n + 1;
	}
	return upper;
}

static bool
groups_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct groups_state *st = v->state;
	long row = table_row_at(&st->table, table_rect(st, r), m->y);
	int column = table_column_at(&st->table, r, m->y, m->x);

	(void)ctx;
	if (m->action != MOUSE_CLICK)
		return false;
	if (column >= 0) {
		table_command(&st->table, CMD_SORT, group_columns[column].id);
		arrange(st);
	} else if (row >= 0) {
		table_move_to(&st->table, (size_t)row);
		remember_cursor(st);
	}
	return true;
}


static void
groups_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct groups_state *st = v->state;

	(void)ctx;
	table_scroll(&st->table, table_rect(st, r).h - 1);
}

static void
group_in_words(const struct group *g, struct strbuf *out)
{
	strbuf_adds(out, g->name);
	if (!g->members_known) {
		strbuf_adds(out, ": members not visible with this library, or not asked yet");
	} else if (g->nmembers > 0) {
		strbuf_adds(out, " ● ");
		words_plural(out, (int64_t)g->nmembers, "member");
	} else {
		strbuf_adds(out, " ○ the receiver is down");
		if (g->lag != OFFSET_UNKNOWN) {
			strbuf_adds(out, ", ");
			strbuf_add_grouped(out, g->lag);
			strbuf_adds(out, " kept for it");
		}
	}
}

/* The head of a list in the lower part: a word on the left, one on the right. */
static void
draw_head(struct canvas *c, struct rect r, const char *left, const char *right)
{
	if (r.h < 1)
		return;
	canvas_fill(c, (struct rect){ r.y, r.x, 1, r.w }, ROLE_TABLE_HEADER);
	canvas_text_cut(c, r.y, r.x + 1, r.w - LAG_WIDTH - 3, ROLE_TABLE_HEADER, left);
	canvas_text_right(c, r.y, r.x + r.w - LAG_WIDTH - 1, LAG_WIDTH, ROLE_TABLE_HEADER, right);
}

/* A line of it. The last line that there is room for says how many more there are. */
static bool
draw_item(struct canvas *c, struct rect r, size_t i, size_t n, const char *left, const char *right)
{
	int y = r.y + 1 + (int)i;

	if (y == r.y + r.h - 1 && i + 1 < n) {
		canvas_textf(c, y, r.x + 1, r.w - 2, ROLE_DIM, "and %zu more", n - i);
		return false;
	}
	if (y >= r.y + r.h)
		return false;
	canvas_text_cut(c, y, r.x + 1, r.w - LAG_WIDTH - 3, ROLE_TEXT, left);
	canvas_text_right(c, y, r.x + r.w - LAG_WIDTH - 1, LAG_WIDTH, ROLE_TEXT, right);
	return true;
}

static void
draw_topics(const struct snapshot *snap, const struct group *g, struct canvas *c, struct rect r)
{
	struct strbuf lag = STRBUF_INIT;
	bool room = true;

	draw_head(c, r, "TOPIC", "LAG");
	for (size_t i = 0, at = 0; i < snap->ntopics && room; i++) {
		const struct topic_group *tg = topic_find_group(&snap->topics[i], g->name);

		if (tg == NULL)
			continue;
		strbuf_reset(&lag);
		if (tg->total == OFFSET_UNKNOWN)
			strbuf_adds(&lag, tg->worst == LAG_PLAIN ? "-" : lag_reason_name(tg->worst));
		else
			strbuf_add_grouped(&lag, tg->total);
		room = draw_item(c, r, at++, g->ntopics, snap->topics[i].name, strbuf_str(&lag));
	}
	if (g->ntopics == 0 && r.h > 1)
		canvas_text_cut(c, r.y + 1, r.x + 1, r.w - 2, ROLE_DIM, "no commits");
	strbuf_fini(&lag);
}

static void
draw_members(const struct group *g, struct canvas *c, struct rect r)
{
	struct strbuf who = STRBUF_INIT, holds = STRBUF_INIT;
	bool room = true;

	draw_head(c, r, "MEMBER", "PARTITIONS");
	for (size_t i = 0; i < g->nmembers && room; i++) {
		strbuf_reset(&who);
		strbuf_reset(&holds);
		strbuf_addf(&who, "%s  %s", g->members[i].client_id, g->members[i].host);
		strbuf_add_grouped(&holds, (long long)g->members[i].nassigned);
		room = draw_item(c, r, i, g->nmembers, strbuf_str(&who), strbuf_str(&holds));
	}
	if (g->nmembers == 0 && r.h > 1)
		canvas_text_cut(c, r.y + 1, r.x + 1, r.w - 2, ROLE_DIM, g->members_known ? "none" : "not known");
	strbuf_fini(&who);
	strbuf_fini(&holds);
}

static void
draw_detail(const struct groups_state *st, struct canvas *c, struct rect r)
{
	const struct group *g = st->rows[st->table.cursor];
	struct rect left = { r.y + 1, r.x, r.h - 1, r.w / 2 }, right = { r.y + 1, r.x + r.w / 2, r.h - 1, r.w - r.w / 2 };
	struct strbuf text = STRBUF_INIT;

	group_in_words(g, &text);
	canvas_text_cut(c, r.y, r.x + 1, r.w - 2, ROLE_STRONG, strbuf_str(&text));
	strbuf_fini(&text);
	if (r.w < BESIDE_WIDTH) {
		left.w = right.w = r.w;
		right.x = r.x;
		left.h = left.h / 2;
		right.y = left.y + left.h;
		right.h -= left.h;
	}
	draw_topics(st->snap, g, c, left);
	draw_members(g, c, right);
}

static void
groups_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct groups_state *st = v->state;
	struct rect upper = table_rect(st, r);
	const char *empty = "No consumer group yet. One appears here when a program subscribes to a topic.";

	if (st->n == 0) {
		if (ctx->snap == NULL || (!ctx->snap->groups_listed && !ctx->snap->groups_denied))
			empty = "Asking for the groups…";
		else if (ctx->snap->groups_denied)
			empty = "No group can be seen: this user may not describe them, or there is none.";
		card_wrapped(c, (struct rect){ r.y + 1, r.x + 2, r.h - 1, r.w - 4 }, ROLE_DIM, empty);
		return;
	}
	table_draw(&st->table, c, upper, st->rows, st->n, focused);
	if (upper.h < r.h && st->table.cursor < st->n) {
		struct rect lower = { r.y + upper.h + 1, r.x, r.h - upper.h - 1, r.w };

		draw_detail(st, c, lower);
	}
}

static void
groups_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct groups_state *st = v->state;

	(void)ctx;
	strbuf_addf(out, "%zu group%s", st->n, st->n == 1 ? "" : "s");
}

static const struct binding group_keys[] = {
	{ "enter", CMD_OPEN, NULL, "its topic" },
};

const struct view_ops groups_view = {
	.name = "groups",
	.title = "Consumer groups",
	.shape = VIEW_SCREEN,
	.columns = group_columns,
	.ncolumns = ARRAY_LEN(group_columns),
	.keys = group_keys,
	.nkeys = ARRAY_LEN(group_keys),
	.state_size = sizeof(struct groups_state),
	.open = groups_open,
	.close = groups_close,
	.update = groups_update,
	.command = groups_command,
	.mouse = groups_mouse,
	.corner = groups_corner,
	.draw = groups_draw,
	.layout = groups_layout,
};
