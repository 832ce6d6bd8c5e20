/*
 * topic: the pane of the selected topic: a row a partition, with a column for each group that has commits on it, and the
 * groups in words below.
 *
 * Thread: UI.   Depends on: ui/table, words.
 */
#include "topic.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/views/words.h"

static const struct topic *
selected_topic(const struct ctx *ctx)
{
	return ctx->snap != NULL ? snapshot_find_topic(ctx->snap, ctx->selected) : NULL;
}

static void
topic_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct topic_state *st = v->state;

	(void)ctx;
	(void)arg;
	table_init(&st->table, NULL, 0, -1, false);
}

static void
topic_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct topic_state *st = v->state;
	const struct topic *t = selected_topic(ctx);

	if (strcmp(st->name, ctx->selected) != 0) {
		str_copy(st->name, sizeof(st->name), ctx->selected);
		st->first_group = 0;
		st->table.cursor = 0;
		st->table.top = 0;
	}
	if (t == NULL)
		return;
	if (st->first_group >= t->ngroups)
		st->first_group = 0;
	table_set_rows(&st->table, t->npartitions);
	table_scroll(&st->table, r.h - 1 - topic_group_rows(ctx->snap, t, r));
}

static bool
topic_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct topic_state *st = v->state;
	const struct topic *t = selected_topic(ctx);

	switch (cmd) {
	case CMD_LEFT:
		if (st->first_group > 0)
			st->first_group--;
		return true;
	case CMD_RIGHT:
		if (t != NULL && st->first_group + 1 < t->ngroups)
			st->first_group++;
		return true;
	case CMD_OPEN:
		wish_command(ctx, CMD_MESSAGES, "");
		return true;
	case CMD_SORT:
	case CMD_SORT_REVERSE:
		return false;           /* partitions stay in their order */
	default:
		return table_command(&st->table, cmd, arg);
	}
}

static bool
topic_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct topic_state *st = v->state;
	long row = table_row_at(&st->table, r, m->y);

	(void)ctx;
	if (m->action != MOUSE_CLICK)
		return m->action == MOUSE_DOUBLE && m->y == r.y;        /* the header opens nothing */
	if (row >= 0 && row < (long)st->table.top + st->table.page)
		table_move_to(&st->table, (size_t)row);
	return true;
}

static void
topic_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct topic *t = selected_topic(ctx);

	(void)v;
	strbuf_adds(out, ctx->selected[0] != '\0' ? ctx->selected : "Partitions");
	if (t == NULL)
		return;
	strbuf_adds(out, " ─ ");
	words_plural(out, t->npartitions, "partition");
	if (t->replication > 1)
		strbuf_addf(out, " × %u replicas", t->replication);
	if (t->policy != POLICY_UNKNOWN)
		strbuf_adds(out, " ─ ");
	words_policy(out, t);
}

static const struct binding topic_keys[] = {
	{ "enter", CMD_OPEN,    NULL, "messages" },
	{ "x",     CMD_CLEAR,   NULL, "clear" },
	{ "d",     CMD_DELETE,  NULL, "delete" },
	{ "p",     CMD_PRODUCE, NULL, "produce" },
	{ "z",     CMD_ZOOM,    NULL, "zoom" },
	{ "tab",   CMD_NEXT_PANE, NULL, "pane" },
	{ "c",     CMD_CREATE,    NULL, NULL },
	{ "left",  CMD_LEFT,    NULL, NULL },
	{ "right", CMD_RIGHT,   NULL, NULL },
};

const struct view_ops topic_view = {
	.name = "topic",
	.title = "Partitions",
	.shape = VIEW_PANE,
	.keys = topic_keys,
	.nkeys = ARRAY_LEN(topic_keys),
	.state_size = sizeof(struct topic_state),
	.open = topic_open,
	.command = topic_command,
	.mouse = topic_mouse,
	.layout = topic_layout,
	.caption = topic_caption,
	.draw = topic_draw,
};
