/* topic_draw: the columns of the topic pane, made from what is on the screen, and its groups in words. See topic.h. */
#include "topic.h"

#include <math.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/views/words.h"

#define COLUMNS_MAX 48
#define TITLE_MAX   14          /* of a group's name over its column */
#define GUTTER      1

enum col_kind { COL_ID, COL_LEADER, COL_ISR, COL_REPLICAS, COL_START, COL_END, COL_RATE, COL_GROUP };

struct col {
	enum col_kind kind;
	const char *title;
	const struct topic_group *tg;   /* of COL_GROUP */
	int w;
};

struct cols {
	struct col v[COLUMNS_MAX];
	size_t n;
	size_t groups_left;     /* columns of groups that found no room */
};

/* In this order the columns go when there is no room. */
static const enum col_kind dispensable[] = { COL_REPLICAS, COL_LEADER, COL_START, COL_ISR, COL_RATE };
#define DISPENSABLE_FOR_MORE 2          /* of them, those that go for a second group too */

static void
add_ids(struct strbuf *out, const int32_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_addf(out, "%s%d", i > 0 ? "," : "", (int)ids[i]);
}

/* What a group has committed, and in brackets how much it has not. */
static enum role
group_cell(const struct topic_group *tg, size_t i, struct strbuf *out)
{
	switch ((enum lag_reason)tg->reason[i]) {
	case LAG_NO_COMMIT:
		strbuf_addch(out, '-');
		return ROLE_DIM;
	case LAG_STALE:
		words_count(out, tg->committed[i]);
		strbuf_adds(out, " stale");
		return ROLE_LEVEL_CRIT;
	case LAG_UNKNOWN:
		words_count(out, tg->committed[i]);
		return ROLE_DIM;
	case LAG_TRIMMED:
	case LAG_PLAIN:
		break;
	}
	words_count(out, tg->committed[i]);
	strbuf_adds(out, " (");
	words_count(out, tg->lag[i]);
	strbuf_addch(out, ')');
	return tg->lag[i] > 0 ? ROLE_LEVEL_WARN : ROLE_TEXT;
}

/* Appends the text of a cell and returns its role. */
static enum role
cell_text(const struct topic *t, const struct col *col, size_t i, struct strbuf *out)
{
	const struct partition *p = &t->partitions[i];
	enum role plain = t->old ? ROLE_OLD : ROLE_TEXT;

	switch (col->kind) {
	case COL_ID:
		strbuf_addf(out, "%d", (int)p->id);
		return ROLE_PARTITION;
	case COL_LEADER:
		if (p->leader >= 0)
			strbuf_addf(out, "%d", (int)p->leader);
		else
			strbuf_adds(out, "none");
		return p->leader >= 0 ? ROLE_TEXT : ROLE_LEVEL_CRIT;
	case COL_ISR:
		strbuf_addf(out, "%u/%u", p->nisr, p->nreplicas);
		return p->nisr < p->nreplicas ? ROLE_LEVEL_WARN : ROLE_TEXT;
	case COL_REPLICAS:
		add_ids(out, p->replicas, p->nreplicas);
		return ROLE_TEXT;
	case COL_START:
		words_count(out, p->start);
		return plain;
	case COL_END:
		words_count(out, p->end);
		return plain;
	case COL_RATE:
		words_rate(out, p->rate);
		return p->rate >= 0.05 ? plain : ROLE_DIM;
	case COL_GROUP:
		return t->old ? (group_cell(col->tg, i, out), ROLE_OLD) : group_cell(col->tg, i, out);
	}
	return plain;
}

static size_t
rows_end(const struct topic_state *st, const struct topic *t, int rows)
{
	size_t end = st->table.top + (size_t)(rows > 0 ? rows : 0);

	return end < t->npartitions ? end : t->npartitions;
}

/* As wide as its title and the rows on the screen want. */
static void
measure(const struct topic_state *st, const struct topic *t, int rows, struct col *col)
{
	struct strbuf text = STRBUF_INIT;
	int title = (int)utf8_columns(col->title);

	col->w = col->kind == COL_GROUP && title > TITLE_MAX ? TITLE_MAX : title;
	for (size_t i = st->table.top; i < rows_end(st, t, rows); i++) {
		int w;

		strbuf_reset(&text);
		cell_text(t, col, i, &text);
		w = (int)utf8_columns(strbuf_str(&text));
		if (w > col->w)
			col->w = w;
	}
	strbuf_fini(&text);
}

static int
width_of(const struct cols *cols)
{
	int width = GUTTER;

	for (size_t i = 0; i < cols->n; i++)
		width += cols->v[i].w + (i > 0 ? 2 : 0);
	return width;
}

static void
drop_kind(struct cols *cols, enum col_kind kind)
{
	for (size_t i = 0; i < cols->n; i++) {
		if (cols->v[i].kind != kind)
			continue;
		cols->n--;
		memmove(&cols->v[i], &cols->v[i + 1], (cols->n - i) * sizeof(cols->v[0]));
		return;
	}
}

/* Drops the fewest of the first n dispensable columns that leave room for w more columns of text; none when all of them
 * would not be enough: false then. */
static bool
make_room(struct cols *cols, int w, int width, size_t n)
{
	struct cols tried = *cols;
	size_t d = 0;

	while (width_of(&tried) + w > width && d < n)
		drop_kind(&tried, dispensable[d++]);
	if (width_of(&tried) + w > width)
		return false;
	*cols = tried;
	return true;
}

/* The columns of partitions, and as many groups as find room: the first is worth more than anything that can be read
 * elsewhere, a later one more than where the copies are. */
static void
lay_out(const struct topic_state *st, const struct topic *t, int rows, int width, struct cols *cols)
{
	static const struct col base[] = {
		{ COL_ID, "P", NULL, 0 }, { COL_LEADER, "LEADER", NULL, 0 }, { COL_ISR, "ISR", NULL, 0 },
		{ COL_REPLICAS, "REPLICAS", NULL, 0 }, { COL_START, "START", NULL, 0 }, { COL_END, "END", NULL, 0 },
		{ COL_RATE, "RATE", NULL, 0 },
	};
	struct col group = { .kind = COL_GROUP };

	*cols = (struct cols){ .n = ARRAY_LEN(base) };
	memcpy(cols->v, base, sizeof(base));
	for (size_t i = 0; i < cols->n; i++)
		measure(st, t, rows, &cols->v[i]);
	for (size_t g = st->first_group; g < t->ngroups; g++) {
		size_t may_go = g == st->first_group ? ARRAY_LEN(dispensable) : DISPENSABLE_FOR_MORE;

		group.tg = &t->groups[g];
		group.title = group.tg->group->name;
		measure(st, t, rows, &group);
		if (cols->n == COLUMNS_MAX || !make_room(cols, group.w + 2, width, may_go)) {
			cols->groups_left = t->ngroups - g;
			break;
		}
		cols->v[cols->n++] = group;
	}
	if (width_of(cols) > width && !make_room(cols, 0, width, ARRAY_LEN(dispensable)))
		for (size_t d = 0; d < ARRAY_LEN(dispensable); d++)
			drop_kind(cols, dispensable[d]);
}

static void
draw_header(const struct cols *cols, struct canvas *c, struct rect r)
{
	int x = r.x + GUTTER;

	canvas_fill(c, (struct rect){ r.y, r.x, 1, r.w }, ROLE_TABLE_HEADER);
	for (size_t i = 0; i < cols->n; i++) {
		const struct col *col = &cols->v[i];
		int w = (int)utf8_columns(col->title);

		if (col->kind == COL_GROUP && w > col->w)
			canvas_text_cut(c, r.y, x, col->w, ROLE_TABLE_HEADER, col->title);
		else
			canvas_text_right(c, r.y, x, col->w, ROLE_TABLE_HEADER, col->title);
		x += col->w + 2;
	}
	if (cols->groups_left > 0 && r.x + r.w - x >= 3)
		canvas_textf(c, r.y, x, r.x + r.w - x, ROLE_TABLE_HEADER, "+%zu→", cols->groups_left);
}

static void
draw_rows(const struct topic_state *st, const struct topic *t, const struct cols *cols, struct canvas *c, struct rect r,
          bool focused)
{
	struct strbuf text = STRBUF_INIT;
	int y = r.y;

	for (size_t i = st->table.top; i < rows_end(st, t, r.h); i++, y++) {
		int x = r.x + GUTTER;

		for (size_t k = 0; k < cols->n; k++) {
			enum role role;

			strbuf_reset(&text);
			role = cell_text(t, &cols->v[k], i, &text);
			canvas_text_right(c, y, x, cols->v[k].w, role, strbuf_str(&text));
			x += cols->v[k].w + 2;
		}
		if (focused && i == st->table.cursor) {
			canvas_text(c, y, r.x, GUTTER, ROLE_TEXT, "▸");
			canvas_over(c, (struct rect){ y, r.x, 1, r.w }, ROLE_CURSOR);
		}
	}
	strbuf_fini(&text);
}

static enum role
group_role(const struct topic_group *tg)
{
	if (tg->worst == LAG_STALE)
		return ROLE_LEVEL_CRIT;
	if (!tg->group->members_known)
		return ROLE_DIM;
	return tg->group->nmembers > 0 ? ROLE_LEVEL_OK : ROLE_LEVEL_WARN;
}

static bool
holds(const struct group *g, const char *topic)
{
	for (size_t m = 0; m < g->nmembers; m++)
		for (size_t i = 0; i < g->members[m].nassigned; i++)
			if (strcmp(g->members[m].topics[i], topic) == 0)
				return true;
	return false;
}

/* Where the next group goes: one after the other, a new line where one does not fit. c NULL: nothing is drawn. */
struct flow {
	struct canvas *c;
	struct rect r;
	int y, x;
};

static void
draw_group(struct flow *fl, const char *name, enum role role, const char *words)
{
	struct rect r = fl->r;
	int width = (int)utf8_columns(name) + 1 + (int)utf8_columns(words);

	if (fl->x > r.x && fl->x + width > r.x + r.w) {
		fl->y++;
		fl->x = r.x;
	}
	if (fl->c != NULL && fl->y < r.y + r.h) {
		int taken = canvas_text_cut(fl->c, fl->y, fl->x, r.w, ROLE_STRONG, name);

		canvas_text_cut(fl->c, fl->y, fl->x + taken + 1, r.x + r.w - fl->x - taken - 1, role, words);
	}
	fl->x += width + 3;
}

/* The groups in words: those with commits, then those that only hold partitions (their commits went with the topic, or are
 * still to come). Returns the lines; with c NULL only counts. */
static int
draw_groups(const struct snapshot *snap, const struct topic *t, struct canvas *c, struct rect r)
{
	struct flow fl = { c, r, r.y, r.x };
	struct strbuf words = STRBUF_INIT;

	for (size_t i = 0; i < t->ngroups; i++) {
		strbuf_reset(&words);
		words_group(&words, &t->groups[i]);
		draw_group(&fl, t->groups[i].group->name, group_role(&t->groups[i]), strbuf_str(&words));
	}
	for (size_t i = 0; i < snap->ngroups; i++) {
		const struct topic_group tg = { .group = &snap->groups[i], .total = OFFSET_UNKNOWN };

		if (topic_find_group(t, tg.group->name) != NULL || !holds(tg.group, t->name))
			continue;
		strbuf_reset(&words);
		words_group(&words, &tg);
		strbuf_adds(&words, ", no commit yet");
		draw_group(&fl, tg.group->name, group_role(&tg), strbuf_str(&words));
	}
	strbuf_fini(&words);
	return fl.x > r.x ? fl.y - r.y + 1 : 0;
}

int
topic_group_rows(const struct snapshot *snap, const struct topic *t, struct rect r)
{
	int rows = draw_groups(snap, t, NULL, (struct rect){ 0, 0, 0, r.w - 1 });
	int room = r.h - 1 - (int)(t->npartitions < 10000 ? t->npartitions : 10000);
	int least = r.h > 4 ? (r.h - 1) / 3 : 0;

	/* The partitions come first; a third of the pane is the groups' in any case. */
	if (room < least)
		room = least;
	return rows < room ? rows : room;
}

/* What stands here while there is nothing to show. */
static void
draw_words(const struct ctx *ctx, const struct topic *t, struct canvas *c, struct rect r)
{
	struct strbuf text = STRBUF_INIT;

	if (ctx->snap == NULL)
		strbuf_adds(&text, "Partitions, offsets and lag of the selected topic come here.");
	else if (ctx->selected[0] == '\0')
		strbuf_adds(&text, "No topic is selected.");
	else if (t != NULL)
		strbuf_addf(&text, "The broker does not say yet where the partitions of %s are.", t->name);
	else
		strbuf_addf(&text, "%s is not there: deleted, or not created yet. The stream reads on as soon as it is.",
		            ctx->selected);
	card_wrapped(c, (struct rect){ r.y + (r.h > 3), r.x + 1, r.h - (r.h > 3), r.w - 2 }, ROLE_DIM, strbuf_str(&text));
	strbuf_fini(&text);
}

void
topic_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct topic_state *st = v->state;
	const struct topic *t = ctx->snap != NULL ? snapshot_find_topic(ctx->snap, ctx->selected) : NULL;
	struct cols cols;
	int groups;

	if (t == NULL || t->npartitions == 0) {
		draw_words(ctx, t, c, r);
		return;
	}
	groups = topic_group_rows(ctx->snap, t, r);
	lay_out(st, t, r.h - 1 - groups, r.w, &cols);
	draw_header(&cols, c, r);
	draw_rows(st, t, &cols, c, (struct rect){ r.y + 1, r.x, r.h - 1 - groups, r.w }, focused);
	draw_groups(ctx->snap, t, c, (struct rect){ r.y + r.h - groups, r.x + 1, groups, r.w - 1 });
	if (ctx->conn->state == CONN_DOWN || ctx->conn->state == CONN_DENIED)
		canvas_over(c, (struct rect){ r.y + 1, r.x, r.h - 1, r.w }, ROLE_OLD);
}
