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

#define DETAIL_ROWS 9

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

static bool
groups_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct groups_state *st = v->state;

	(void)ctx;
	if (!table_command(&st->table, cmd, arg))
		return false;
	if (cmd == CMD_SORT || cmd == CMD_SORT_REVERSE)
		arrange(st);
	else
		remember_cursor(st);
	return true;
}

static bool
groups_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct groups_state *st = v->state;
	long row = table_row_at(&st->table, r, m->y);
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

static struct rect
table_rect(struct rect r)
{
	struct rect upper = r;

	if (r.h > 2 * DETAIL_ROWS)
		upper.h = r.h - DETAIL_ROWS - 1;
	return upper;
}

static void
groups_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct groups_state *st = v->state;

	(void)ctx;
	table_scroll(&st->table, table_rect(r).h - 1);
}

static void
group_in_words(const struct group *g, struct strbuf *out)
{
	strbuf_adds(out, g->name);
	if (!g->members_known)
		strbuf_adds(out, ": members not visible with this library, or not asked yet");
	else if (g->nmembers == 0)
		strbuf_adds(out, ": the receiver is down");
	else
		strbuf_addf(out, ": %zu member%s", g->nmembers, g->nmembers == 1 ? "" : "s");
	if (g->nmembers == 0 && g->members_known && g->lag != OFFSET_UNKNOWN) {
		strbuf_adds(out, ", ");
		strbuf_add_grouped(out, g->lag);
		strbuf_adds(out, " kept for it");
	}
}

static void
add_topics(const struct snapshot *snap, const struct group *g, struct strbuf *out)
{
	for (size_t i = 0; i < snap->ntopics; i++) {
		const struct topic_group *tg = topic_find_group(&snap->topics[i], g->name);

		if (tg == NULL)
			continue;
		strbuf_addf(out, "%s%s ", out->len > 0 ? "   " : "", snap->topics[i].name);
		if (tg->total == OFFSET_UNKNOWN)
			strbuf_adds(out, tg->worst == LAG_PLAIN ? "-" : lag_reason_name(tg->worst));
		else
			strbuf_add_grouped(out, tg->total);
	}
}

static void
draw_detail(const struct groups_state *st, struct canvas *c, struct rect r)
{
	const struct group *g = st->rows[st->table.cursor];
	struct strbuf text = STRBUF_INIT;
	int y = r.y;

	group_in_words(g, &text);
	y += card_wrapped(c, (struct rect){ y, r.x + 1, 1, r.w - 2 }, ROLE_STRONG, strbuf_str(&text));
	for (size_t i = 0; i < g->nmembers && y < r.y + r.h - 2; i++) {
		const struct member *m = &g->members[i];

		canvas_textf(c, y++, r.x + 2, r.w - 3, ROLE_TEXT, "%s  %s  %zu partition%s", m->client_id, m->host,
		             m->nassigned, m->nassigned == 1 ? "" : "s");
	}
	strbuf_reset(&text);
	add_topics(st->snap, g, &text);
	if (text.len > 0) {
		canvas_text(c, y, r.x + 1, 5, ROLE_DIM, "lag");
		card_wrapped(c, (struct rect){ y, r.x + 6, r.y + r.h - y, r.w - 7 }, ROLE_TEXT, strbuf_str(&text));
	}
	strbuf_fini(&text);
}

static void
groups_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct groups_state *st = v->state;
	struct rect upper = table_rect(r);
	const char *empty = "No consumer group yet. One appears here when a program subscribes to a topic.";

	if (st->n == 0) {
		if (ctx->snap == NULL || (!ctx->snap->groups_listed && !ctx->snap->groups_denied))
			empty = "Asking for the groups…";
		else if (ctx->snap->groups_denied)
			empty = "This user may not list the consumer groups.";
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

const struct view_ops groups_view = {
	.name = "groups",
	.title = "Consumer groups",
	.shape = VIEW_SCREEN,
	.columns = group_columns,
	.ncolumns = ARRAY_LEN(group_columns),
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
