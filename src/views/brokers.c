/*
 * brokers: who makes up the cluster, and what each one carries, counted from the metadata.
 *
 * Thread: UI.   Depends on: ui/table.
 */
#include "card.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

struct broker_row {
	int32_t id;
	char address[280];
	int64_t leads;          /* partitions that it leads */
	int64_t replicas;       /* partitions that it keeps a copy of */
	int64_t behind;         /* of them, those in which its copy is not in sync */
};

struct brokers_state {
	struct table table;
	struct broker_row *brokers;
	const void **rows;
	size_t n;
};

static void
id_value(const void *row, struct value *out)
{
	out->integer = ((const struct broker_row *)row)->id;
}

static void
address_value(const void *row, struct value *out)
{
	out->text = ((const struct broker_row *)row)->address;
}

static void
leads_value(const void *row, struct value *out)
{
	out->integer = ((const struct broker_row *)row)->leads;
}

static void
replicas_value(const void *row, struct value *out)
{
	out->integer = ((const struct broker_row *)row)->replicas;
}

static void
behind_value(const void *row, struct value *out)
{
	const struct broker_row *b = row;

	out->integer = b->behind;
	if (b->behind > 0)
		out->role = ROLE_LEVEL_CRIT;
}

static const struct column broker_columns[] = {
	/* id          title       help                                        type      min wt drop value           format */
	{ "id",        "ID",       "Number of the broker",                     COL_INT,  4,  0, 0, id_value,       NULL },
	{ "address",   "ADDRESS",  "Where clients are told to reach it",       COL_TEXT, 14, 8, 0, address_value,  NULL },
	{ "leads",     "LEADS",    "Partitions that it leads",                 COL_INT,  8,  0, 0, leads_value,    NULL },
	{ "replicas",  "REPLICAS", "Partitions that it keeps a copy of",       COL_INT,  8,  0, 2, replicas_value, NULL },
	{ "behind",    "NOT IN SYNC", "Copies that are behind their leader",   COL_INT,  11, 0, 1, behind_value,   NULL },
};

static void
brokers_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct brokers_state *st = v->state;
	struct event ev = { .kind = EV_SNAPSHOT };

	(void)arg;
	table_init(&st->table, broker_columns, ARRAY_LEN(broker_columns), 0, false);
	if (ctx->snap != NULL)
		v->ops->update(v, ctx, &ev);
}

static void
brokers_close(struct view *v)
{
	struct brokers_state *st = v->state;

	free(st->brokers);
	free(st->rows);
}

static bool
holds(const int32_t *ids, size_t n, int32_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static void
count_partition(struct broker_row *b, const struct partition *p)
{
	if (p->leader == b->id)
		b->leads++;
	if (!holds(p->replicas, p->nreplicas, b->id))
		return;
	b->replicas++;
	if (!holds(p->isr, p->nisr, b->id))
		b->behind++;
}

static void
count(struct broker_row *b, const struct snapshot *snap)
{
	for (size_t t = 0; t < snap->ntopics; t++)
		for (uint32_t p = 0; p < snap->topics[t].npartitions; p++)
			count_partition(b, &snap->topics[t].partitions[p]);
}

static void
brokers_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct brokers_state *st = v->state;
	const struct snapshot *snap = ctx->snap;
	struct strbuf address = STRBUF_INIT;

	if (ev->kind != EV_SNAPSHOT || snap == NULL)
		return;
	st->n = snap->nbrokers;
	free(st->brokers);
	st->brokers = xcalloc(st->n, sizeof *st->brokers);
	st->rows = xreallocarray(st->rows, st->n, sizeof *st->rows);
	for (size_t i = 0; i < st->n; i++) {
		struct broker_row *b = &st->brokers[i];

		b->id = snap->brokers[i].id;
		strbuf_reset(&address);
		strbuf_addf(&address, "%.255s:%d", snap->brokers[i].host, (int)snap->brokers[i].port);
		memcpy(b->address, strbuf_str(&address), address.len + 1);
		count(b, snap);
		st->rows[i] = b;
	}
	table_sort(&st->table, st->rows, st->n);
	table_set_rows(&st->table, st->n);
	strbuf_fini(&address);
}

static bool
brokers_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct brokers_state *st = v->state;

	(void)ctx;
	if (!table_command(&st->table, cmd, arg))
		return false;
	table_sort(&st->table, st->rows, st->n);
	return true;
}

static void
brokers_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct brokers_state *st = v->state;

	(void)ctx;
	table_scroll(&st->table, r.h - 1);
}

static void
brokers_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct brokers_state *st = v->state;

	(void)ctx;
	if (st->n == 0)
		canvas_text(c, r.y + 1, r.x + 2, r.w - 4, ROLE_DIM, "No broker has answered yet.");
	else
		table_draw(&st->table, c, r, st->rows, st->n, focused);
}

const struct view_ops brokers_view = {
	.name = "brokers",
	.title = "Brokers",
	.shape = VIEW_SCREEN,
	.columns = broker_columns,
	.ncolumns = ARRAY_LEN(broker_columns),
	.state_size = sizeof(struct brokers_state),
	.open = brokers_open,
	.close = brokers_close,
	.update = brokers_update,
	.command = brokers_command,
	.draw = brokers_draw,
	.layout = brokers_layout,
};
