/*
 * create: the form that makes a topic. Checked as it is typed; what the broker refuses is shown beside the field that it
 * is about.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/model/topic_name.h"

enum { FIELD_NAME, FIELD_PARTITIONS, FIELD_REPLICATION, FIELD_CONFIGS, FIELD_COUNT };

static const char *const labels[FIELD_COUNT] = { "Name", "Partitions", "Replication", "Configs" };
static const char *const hints[FIELD_COUNT] = {
	"such as order_shipping",
	"how many consumers of a group can share it",
	"how many brokers keep a copy",
	"none, or such as retention.ms=600000 cleanup.policy=compact",
};

struct create_state {
	struct form form;
	struct op *op;          /* owned; NULL until Enter */
	bool touched;           /* the name was typed in: its emptiness is a mistake from then on */
};

static void
create_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct create_state *st = v->state;

	(void)ctx;
	form_init(&st->form, labels, hints, FIELD_COUNT);
	edit_propose(&st->form.fields[FIELD_NAME].edit, arg);
	edit_propose(&st->form.fields[FIELD_PARTITIONS].edit, "3");
	edit_propose(&st->form.fields[FIELD_REPLICATION].edit, "1");
}

static void
create_close(struct view *v)
{
	struct create_state *st = v->state;

	op_free(st->op);
	form_fini(&st->form);
}

static bool
create_busy(const struct view *v)
{
	const struct create_state *st = v->state;

	return st->op != NULL && (op_state(st->op) == OP_RUNNING || op_state(st->op) == OP_CHECKING);
}

/* A whole number from 1 to max; else 0 and a sentence beside the field. */
static int32_t
check_number(struct form *f, size_t field, long max, const char *above)
{
	const char *text = form_text(f, field);
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1)
		form_error(f, field, "A whole number from 1");
	else if (errno != 0 || n > max)
		form_error(f, field, above);
	else
		return (int32_t)n;
	return 0;
}

static void
check_name(struct create_state *st, const struct ctx *ctx)
{
	const char *name = form_text(&st->form, FIELD_NAME);
	struct err e;

	if (name[0] == '\0') {
		if (st->touched)
			form_error(&st->form, FIELD_NAME, "A topic needs a name");
	} else if (!topic_name_check(name, &e)) {
		form_error(&st->form, FIELD_NAME, e.text);
	} else if (ctx->snap != NULL && snapshot_find_topic(ctx->snap, name) != NULL) {
		form_error(&st->form, FIELD_NAME, "There is a topic of that name already");
	}
}

static void
check_configs(struct form *f)
{
	struct strvec words = STRVEC_INIT;
	struct err e;
	bool ok = words_split(form_text(f, FIELD_CONFIGS), &words, &e);

	for (size_t i = 0; ok && i < words.n; i++)
		ok = topic_config_check(words.v[i], &e);
	if (!ok)
		form_error(f, FIELD_CONFIGS, e.text);
	strvec_fini(&words);
}

static void
check(struct create_state *st, const struct ctx *ctx)
{
	size_t brokers = ctx->snap != NULL ? ctx->snap->nbrokers : 0;
	char above[80] = "More than Kafka takes";

	for (size_t i = 0; i < FIELD_COUNT; i++)
		form_error(&st->form, i, "");
	check_name(st, ctx);
	check_number(&st->form, FIELD_PARTITIONS, 100000, "More than a cluster should carry (100,000)");
	if (brokers > 0)
		snprintf(above, sizeof above, "The cluster has %zu broker%s", brokers, brokers == 1 ? "" : "s");
	check_number(&st->form, FIELD_REPLICATION, brokers > 0 ? (long)brokers : INT16_MAX, above);
	check_configs(&st->form);
}

static void
start(struct create_state *st, struct ctx *ctx)
{
	struct topic_spec spec;

	st->touched = true;
	check(st, ctx);
	if (form_focus_error(&st->form))
		return;
	topic_spec_init(&spec);
	spec.name = xstrdup(form_text(&st->form, FIELD_NAME));
	spec.partitions = check_number(&st->form, FIELD_PARTITIONS, INT32_MAX, "");
	spec.replication = check_number(&st->form, FIELD_REPLICATION, INT16_MAX, "");
	words_pairs(form_text(&st->form, FIELD_CONFIGS), "a config", &spec.config_names, &spec.config_values, NULL);
	op_free(st->op);
	st->op = op_new_create(&spec, ctx->op_settings);
	op_start(st->op, ctx->out, ctx->now_ms);
	topic_spec_fini(&spec);
}

/* The field that a refusal is about, by the error codes of the Kafka protocol (kafka.apache.org/protocol#protocol_error_codes). */
static size_t
field_of(const struct err *e)
{
	static const struct { int code; size_t field; } fields[] = {
		{ 17, FIELD_NAME },             /* INVALID_TOPIC_EXCEPTION */
		{ 36, FIELD_NAME },             /* TOPIC_ALREADY_EXISTS */
		{ 29, FIELD_NAME },             /* TOPIC_AUTHORIZATION_FAILED */
		{ 37, FIELD_PARTITIONS },       /* INVALID_PARTITIONS */
		{ 38, FIELD_REPLICATION },      /* INVALID_REPLICATION_FACTOR */
		{ 39, FIELD_REPLICATION },      /* INVALID_REPLICA_ASSIGNMENT */
		{ 40, FIELD_CONFIGS },          /* INVALID_CONFIG */
		{ 44, FIELD_CONFIGS },          /* POLICY_VIOLATION */
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (fields[i].code == e->kafka)
			return fields[i].field;
	return FIELD_NAME;
}

static void
create_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct create_state *st = v->state;
	struct strbuf text = STRBUF_INIT;

	if (ev->kind == EV_SNAPSHOT && st->op == NULL)
		check(st, ctx);
	if (st->op == NULL || !op_update(st->op, ev, ctx->out, ctx->now_ms))
		return;
	if (op_state(st->op) == OP_READY)
		op_confirm(st->op, ctx->out, ctx->now_ms);
	if (op_state(st->op) == OP_DONE) {
		op_sentence(st->op, &text);
		wish_status(ctx, ROLE_STATUS_OK, "%s", strbuf_str(&text));
		wish_select(ctx, op_topic(st->op));
		wish_close(ctx);
	} else if (op_state(st->op) == OP_FAILED) {
		const struct err *e = op_error(st->op);

		form_error(&st->form, field_of(e), e->text);
		st->form.focus = field_of(e);
	}
	strbuf_fini(&text);
}

static bool
create_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct create_state *st = v->state;

	if (create_busy(v))
		return true;
	switch (form_key(&st->form, k)) {
	case EDIT_CHANGED:
		st->touched = st->touched || st->form.focus == FIELD_NAME;
		check(st, ctx);
		break;
	case EDIT_ACCEPTED:
		start(st, ctx);
		break;
	case EDIT_CANCELLED:
		wish_close(ctx);
		break;
	default:
		break;
	}
	return true;
}

static bool
create_mouse(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r)
{
	struct create_state *st = v->state;

	(void)ctx;
	return m->action == MOUSE_CLICK && form_click(&st->form, r, m->y, m->x);
}

static void
create_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	const struct create_state *st = v->state;

	(void)ctx;
	*w = max_w < 76 ? max_w : 76;
	*h = form_rows(&st->form, *w - 2) + 2;
	if (*h > max_h)
		*h = max_h;
}

static size_t
create_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint keys[] = {
		{ "Enter", "create", 0 }, { "Tab", "next", 1 }, { "Esc", "leave", 0 },
	};
	static const struct view_hint asking[] = { { "Asking", "the broker…", 0 } };
	bool busy = create_busy(v);

	(void)ctx;
	*out = busy ? asking : keys;
	return busy ? ARRAY_LEN(asking) : ARRAY_LEN(keys);
}

static void
create_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct create_state *st = v->state;
	const struct view_hint *keys;
	size_t n = create_hints(v, ctx, &keys);

	(void)focused;
	form_draw(&st->form, c, (struct rect){ r.y, r.x + 1, r.h - 1, r.w - 2 });
	card_hints(c, r.y + r.h - 1, r.x + 1, r.w - 2, ROLE_STRONG, ROLE_DIM, keys, n);
}

const struct view_ops create_view = {
	.name = "create",
	.title = "Create a topic",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT,
	.state_size = sizeof(struct create_state),
	.open = create_open,
	.close = create_close,
	.update = create_update,
	.key = create_key,
	.mouse = create_mouse,
	.draw = create_draw,
	.size = create_size,
	.busy = create_busy,
	.hints = create_hints,
};
