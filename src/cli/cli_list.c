/* cli_list: `list` and `describe`. */
#include <stdio.h>
#include <stdlib.h>

#include "cli_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/topic_name.h"

#define KAFKA_TOPIC_AUTHORIZATION_FAILED 29     /* the protocol's code in a topic's metadata */

static bool
offsets_ready(const struct snapshot *snap)
{
	return snap->nbrokers > 0 && snap->offsets_complete;
}

/* ---- list ---- */

void
print_list(struct strbuf *out, const struct snapshot *snap, bool internal, bool json)
{
	static const char *const titles[] = { "TOPIC", ">PARTITIONS", ">REPLICATION", ">MESSAGES" };
	struct sheet table;

	sheet_init(&table, titles, ARRAY_LEN(titles));
	for (size_t i = 0; i < snap->ntopics; i++) {
		const struct topic *t = &snap->topics[i];

		if (t->internal && !internal)
			continue;
		if (!json) {
			sheet_cell(&table, "%s", t->name);
			sheet_number(&table, t->npartitions);
			sheet_number(&table, t->replication);
			sheet_number(&table, t->messages);
			continue;
		}
		json_begin(out);
		json_name(out, "topic");
		json_text(out, t->name);
		json_name(out, "partitions");
		json_number(out, t->npartitions);
		json_name(out, "replication");
		json_number(out, t->replication);
		json_name(out, "messages");
		json_number(out, t->messages);
		json_name(out, "internal");
		json_bool(out, t->internal);
		json_end(out);
	}
	if (!json)
		sheet_print(&table, out);
	sheet_fini(&table);
}

int
cli_list(struct cli *c)
{
	struct watch_spec watch = { .offsets = true };
	struct snapshot *snap;
	struct err e;

	snap = cli_snapshot(c, &watch, offsets_ready, &e);
	if (!snap)
		return cli_fail(c, &e);
	print_list(&c->text, snap, c->o->internal, c->o->json);
	snapshot_unref(snap);
	return cli_finish_snapshot(c);
}

/* ---- describe ---- */

static void
print_ids(struct strbuf *out, const int32_t *ids, uint16_t n)
{
	for (uint16_t i = 0; i < n; i++)
		strbuf_addf(out, "%s%d", i ? "," : "", (int)ids[i]);
}

static void
print_partition_json(struct strbuf *out, const struct partition *p)
{
	json_begin(out);
	json_name(out, "partition");
	json_number(out, p->id);
	json_name(out, "leader");
	json_number(out, p->leader);
	json_name(out, "replicas");
	strbuf_addch(out, '[');
	print_ids(out, p->replicas, p->nreplicas);
	strbuf_addch(out, ']');
	json_name(out, "isr");
	strbuf_addch(out, '[');
	print_ids(out, p->isr, p->nisr);
	strbuf_addch(out, ']');
	json_name(out, "start");
	json_number(out, p->start);
	json_name(out, "end");
	json_number(out, p->end);
	strbuf_addch(out, '}');
}

static void
print_topic_json(struct strbuf *out, const struct topic *t, const struct topic_spec *spec)
{
	json_begin(out);
	json_name(out, "topic");
	json_text(out, t->name);
	json_name(out, "partitions");
	strbuf_addch(out, '[');
	for (uint32_t i = 0; i < t->npartitions; i++) {
		if (i)
			strbuf_addch(out, ',');
		print_partition_json(out, &t->partitions[i]);
	}
	strbuf_addch(out, ']');
	json_name(out, "config");
	if (!spec) {
		strbuf_adds(out, "null");
	} else {
		json_begin(out);
		for (size_t i = 0; i < spec->config_names.n; i++) {
			json_name(out, spec->config_names.v[i]);
			json_text(out, spec->config_values.v[i]);
		}
		strbuf_addch(out, '}');
	}
	json_end(out);
}

static void
print_topic_text(struct strbuf *out, const struct topic *t, const struct topic_spec *spec)
{
	static const char *const titles[] = { ">PARTITION", ">LEADER", "REPLICAS", "ISR", ">START", ">END",
	                                      ">MESSAGES" };
	struct sheet table;
	struct strbuf ids = STRBUF_INIT;

	strbuf_addf(out, "Topic        %s%s\n", t->name, t->internal ? " (internal)" : "");
	strbuf_addf(out, "Partitions   %u\nReplication  %u\n", (unsigned)t->npartitions, (unsigned)t->replication);
	strbuf_adds(out, t->messages_upper ? "Messages     at most " : "Messages     ");
	if (t->messages == OFFSET_UNKNOWN)
		strbuf_adds(out, "unknown");
	else
		strbuf_addf(out, "%lld", (long long)t->messages);
	strbuf_addch(out, '\n');
	if (!spec)
		strbuf_adds(out, "Configs      unknown: not authorised to read them\n");
	else if (spec->config_names.n == 0)
		strbuf_adds(out, "Configs      none set on the topic\n");
	for (size_t i = 0; spec && i < spec->config_names.n; i++)
		strbuf_addf(out, "%s%s=%s\n", i ? "             " : "Configs      ", spec->config_names.v[i],
		            spec->config_values.v[i]);
	strbuf_addch(out, '\n');

	sheet_init(&table, titles, ARRAY_LEN(titles));
	for (uint32_t i = 0; i < t->npartitions; i++) {
		const struct partition *p = &t->partitions[i];
		bool known = p->start != OFFSET_UNKNOWN && p->end != OFFSET_UNKNOWN;

		sheet_number(&table, p->id);
		sheet_number(&table, p->leader);
		strbuf_reset(&ids);
		print_ids(&ids, p->replicas, p->nreplicas);
		sheet_cell(&table, "%s", strbuf_str(&ids));
		strbuf_reset(&ids);
		print_ids(&ids, p->isr, p->nisr);
		sheet_cell(&table, "%s", strbuf_str(&ids));
		sheet_number(&table, p->start);
		sheet_number(&table, p->end);
		sheet_number(&table, known ? p->end - p->start : OFFSET_UNKNOWN);
	}
	sheet_print(&table, out);
	sheet_fini(&table);
	strbuf_fini(&ids);
}

void
print_topic(struct strbuf *out, const struct topic *t, const struct topic_spec *spec, bool json)
{
	if (json)
		print_topic_json(out, t, spec);
	else
		print_topic_text(out, t, spec);
}

/* The configs come first: they say whether there is such a topic, and never create one. spec is the caller's; *known is
 * false when they may not be read. */
static bool
describe_configs(struct cli *c, const char *name, struct topic_spec *spec, bool *known, struct err *e)
{
	struct event ev;

	*known = cli_reply(c, outbox_topic(&c->out, REQ_TOPIC_READ, name), &ev, e);
	if (!*known)
		return e->code == ERR_DENIED && c->connection.state != CONN_DENIED;
	topic_spec_fini(spec);
	topic_spec_copy(spec, &ev.reply.shape.spec);
	event_fini(&ev);
	return true;
}

int
cli_describe(struct cli *c)
{
	const char *name = c->o->topics.v[0];
	struct watch_spec watch = { .offsets = true, .only = xstrdup(name) };
	struct topic_spec spec;
	struct snapshot *snap = NULL;
	const struct topic *t;
	struct err e;
	bool known;
	int status;

	topic_spec_init(&spec);
	if (!topic_name_check(name, &e) || !describe_configs(c, name, &spec, &known, &e)) {
		free(watch.only);
		status = cli_fail(c, &e);
		goto out;
	}
	snap = cli_snapshot(c, &watch, offsets_ready, &e);
	if (!snap) {
		status = cli_fail(c, &e);
		goto out;
	}
	t = snapshot_find_topic(snap, name);
	if (t && t->kafka_err == 0) {
		print_topic(&c->text, t, known ? &spec : NULL, c->o->json);
		status = cli_finish_snapshot(c);
	} else if ((t && t->kafka_err == KAFKA_TOPIC_AUTHORIZATION_FAILED) || !known) {
		err_set(&e, ERR_DENIED, "Topic '%s': not authorised to describe it.", name);
		status = cli_fail(c, &e);
	} else {
		err_set(&e, ERR_NOT_FOUND, "Topic '%s' does not exist.", name);
		status = cli_fail(c, &e);
	}
out:
	snapshot_unref(snap);
	topic_spec_fini(&spec);
	return status;
}
