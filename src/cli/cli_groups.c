/* cli_groups: `groups` and `lag`. */
#include <stdio.h>
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"

static bool
groups_ready(const struct snapshot *snap)
{
	return snap->nbrokers > 0 && snap->offsets_complete && (snap->groups_denied || snap->groups_complete);
}

static struct snapshot *
watch_groups(struct cli *c, struct err *e)
{
	struct watch_spec watch = { .offsets = true, .groups = true };
	struct snapshot *snap = cli_snapshot(c, &watch, groups_ready, e);

	if (snap && snap->groups_denied) {
		err_set(e, ERR_DENIED, "No consumer group can be seen: this user is not authorised to describe "
		        "them, or there is none.");
		snapshot_unref(snap);
		return NULL;
	}
	return snap;
}

/* ---- groups ---- */

void
print_groups(struct strbuf *out, const struct snapshot *snap, bool json)
{
	static const char *const titles[] = { "GROUP", "STATE", ">MEMBERS", ">TOPICS", ">LAG" };
	struct sheet table;

	sheet_init(&table, titles, ARRAY_LEN(titles));
	for (size_t i = 0; i < snap->ngroups; i++) {
		const struct group *g = &snap->groups[i];
		int64_t nmembers = g->members_known ? (int64_t)g->nmembers : OFFSET_UNKNOWN;

		if (!json) {
			sheet_cell(&table, "%s", g->name);
			sheet_cell(&table, "%s", group_state_name(g->state));
			sheet_number(&table, nmembers);
			sheet_number(&table, (int64_t)g->ntopics);
			sheet_number(&table, g->lag);
			continue;
		}
		json_begin(out);
		json_name(out, "group");
		json_text(out, g->name);
		json_name(out, "state");
		json_text(out, group_state_name(g->state));
		json_name(out, "members");
		json_number(out, nmembers);
		json_name(out, "lag");
		json_number(out, g->lag);
		json_end(out);
	}
	if (!json)
		sheet_print(&table, out);
	sheet_fini(&table);
}

int
cli_groups(struct cli *c)
{
	struct err e;
	struct snapshot *snap = watch_groups(c, &e);

	if (!snap)
		return cli_fail(c, &e);
	print_groups(&c->text, snap, c->o->json);
	snapshot_unref(snap);
	return cli_finish_snapshot(c);
}

/* ---- lag ---- */

/* One partition of one group, whether it has a commit or only somebody who holds it. */
struct lag_row {
	const struct group *group;
	const struct topic *topic;
	const struct partition *partition;
	int64_t committed;
	int64_t lag;
	enum lag_reason reason;
	const char *member;     /* client id, NULL: nobody */
};

static const char *
holder(const struct group *g, const char *topic, int32_t partition)
{
	for (size_t i = 0; i < g->nmembers; i++) {
		const struct member *m = &g->members[i];

		for (size_t k = 0; k < m->nassigned; k++) {
			if (m->partitions[k] == partition && strcmp(m->topics[k], topic) == 0)
				return m->client_id;
		}
	}
	return NULL;
}

static void
lag_row_json(struct strbuf *out, const struct lag_row *row)
{
	json_begin(out);
	json_name(out, "group");
	json_text(out, row->group->name);
	json_name(out, "state");
	json_text(out, group_state_name(row->group->state));
	json_name(out, "topic");
	json_text(out, row->topic->name);
	json_name(out, "partition");
	json_number(out, row->partition->id);
	json_name(out, "committed");
	json_number(out, row->committed);
	json_name(out, "start");
	json_number(out, row->partition->start);
	json_name(out, "end");
	json_number(out, row->partition->end);
	json_name(out, "lso");
	strbuf_adds(out, "null");       /* nobody asks for the last stable offset yet: it needs a second connection */
	json_name(out, "lag");
	json_number(out, row->lag);
	json_name(out, "member");
	json_text(out, row->member);
	json_name(out, "reason");
	json_text(out, lag_reason_name(row->reason));
	json_end(out);
}

static void
lag_row_cells(struct sheet *table, const struct lag_row *row)
{
	const char *reason = lag_reason_name(row->reason);

	sheet_cell(table, "%s", row->group->name);
	sheet_cell(table, "%s", group_state_name(row->group->state));
	sheet_cell(table, "%s", row->topic->name);
	sheet_number(table, row->partition->id);
	sheet_number(table, row->committed);
	sheet_number(table, row->partition->start);
	sheet_number(table, row->partition->end);
	sheet_number(table, row->lag);
	sheet_cell(table, "%s", row->member ? row->member : "-");
	sheet_cell(table, "%s", reason ? reason : "");
}

/* The rows of one group: into the table, or as JSON when that is NULL. */
static void
lag_of_group(struct strbuf *out, struct sheet *table, const struct snapshot *snap, const struct group *g)
{
	for (size_t i = 0; i < snap->ntopics; i++) {
		const struct topic *t = &snap->topics[i];
		const struct topic_group *tg = topic_find_group(t, g->name);

		if (!tg && g->nmembers == 0)
			continue;
		for (uint32_t p = 0; p < t->npartitions; p++) {
			struct lag_row row = {
				.group = g, .topic = t, .partition = &t->partitions[p],
				.committed = tg ? tg->committed[p] : OFFSET_NONE,
				.lag = tg ? tg->lag[p] : OFFSET_UNKNOWN,
				.reason = tg ? (enum lag_reason)tg->reason[p] : LAG_NO_COMMIT,
				.member = holder(g, t->name, t->partitions[p].id),
			};

			if (!tg && !row.member)
				continue;
			if (table)
				lag_row_cells(table, &row);
			else
				lag_row_json(out, &row);
		}
	}
}

void
print_lag(struct strbuf *out, const struct snapshot *snap, const struct group *group, bool json)
{
	static const char *const titles[] = { "GROUP", "STATE", "TOPIC", ">PARTITION", ">COMMITTED", ">START", ">END",
	                                      ">LAG", "MEMBER", "REASON" };
	struct sheet table;

	sheet_init(&table, titles, ARRAY_LEN(titles));
	for (size_t i = 0; i < snap->ngroups; i++) {
		if (!group || group == &snap->groups[i])
			lag_of_group(out, json ? NULL : &table, snap, &snap->groups[i]);
	}
	if (!json)
		sheet_print(&table, out);
	sheet_fini(&table);
}

int
cli_lag(struct cli *c)
{
	const struct group *group = NULL;
	struct err e;
	struct snapshot *snap = watch_groups(c, &e);

	if (!snap)
		return cli_fail(c, &e);
	if (c->o->group) {
		group = snapshot_find_group(snap, c->o->group);
		if (!group) {
			snapshot_unref(snap);
			err_set(&e, ERR_NOT_FOUND, "Group '%s' does not exist.", c->o->group);
			return cli_fail(c, &e);
		}
	}
	print_lag(&c->text, snap, group, c->o->json);
	snapshot_unref(snap);
	return cli_finish_snapshot(c);
}
