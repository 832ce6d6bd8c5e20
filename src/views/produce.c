/*
 * produce: the form that writes one message to the selected topic.
 *
 * Thread: UI.   Depends on: card.
 */
#include "card.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/views/words.h"

enum { FIELD_KEY, FIELD_VALUE, FIELD_HEADERS, FIELD_PARTITION, FIELD_COUNT };

static const char *const labels[FIELD_COUNT] = { "Key", "Value", "Headers", "Partition" };
static const char *const hints[FIELD_COUNT] = {
	"none: the message has no key",
	"empty: no bytes, which is not null",
	"none, or such as source=web trace_id=\"a b\"",
	"chosen by the key",
};

struct produce_state {
	struct form form;
	char *topic;
	char *edited;           /* the value as it came back from $EDITOR (it may have lines), NULL: the field counts */
	size_t edited_len;
	bool tombstone;         /* the value is null */
	uint64_t request;       /* under way, 0: none */
};

static void
produce_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct produce_state *st = v->state;

	form_init(&st->form, labels, hints, FIELD_COUNT);
	st->topic = xstrdup(arg[0] != '\0' ? arg : ctx->selected);
	if (st->topic[0] == '\0') {
		wish_status(ctx, ROLE_STATUS_WARN, "No topic is selected. Press c to create one.");
		wish_close(ctx);
	}
}

static void
produce_close(struct view *v)
{
	struct produce_state *st = v->state;

	form_fini(&st->form);
	free(st->topic);
	free(st->edited);
}

static bool
produce_busy(const struct view *v)
{
	const struct produce_state *st = v->state;

	return st->request != 0;
}

/* The partition that was typed, -1 for none; false: it is not one, and the field says so. */
static bool
read_partition(struct produce_state *st, const struct ctx *ctx, int32_t *partition)
{
	const char *text = form_text(&st->form, FIELD_PARTITION);
	const struct topic *t = ctx->snap != NULL ? snapshot_find_topic(ctx->snap, st->topic) : NULL;
	char *end;
	char sentence[80];
	long n;

	*partition = -1;
	if (text[0] == '\0')
		return true;
	errno = 0;
	n = strtol(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || n > INT32_MAX) {
		form_error(&st->form, FIELD_PARTITION, "The number of a partition, from 0");
		return false;
	}
	if (t != NULL && n >= (long)t->npartitions) {
		snprintf(sentence, sizeof sentence, "The topic's partitions are 0 to %u", t->npartitions - 1);
		form_error(&st->form, FIELD_PARTITION, sentence);
		return false;
	}
	*partition = (int32_t)n;
	return true;
}

static void
check(struct produce_state *st, const struct ctx *ctx)
{
	struct strvec names = STRVEC_INIT, values = STRVEC_INIT;
	int32_t partition;
	struct err e;

	for (size_t i = 0; i < FIELD_COUNT; i++)
		form_error(&st->form, i, "");
	if (!words_pairs(form_text(&st->form, FIELD_HEADERS), "a header", &names, &values, &e))
		form_error(&st->form, FIELD_HEADERS, e.text);
	read_partition(st, ctx, &partition);
	strvec_fini(&names);
	strvec_fini(&values);
}

static void
send_it(struct produce_state *st, struct ctx *ctx)
{
	struct request req;
	struct produce_spec *p = &req.produce;
	const char *key = form_text(&st->form, FIELD_KEY);

	check(st, ctx);
	if (form_focus_error(&st->form))
		return;
	request_init(&req, REQ_PRODUCE);
	p->topic = xstrdup(st->topic);
	read_partition(st, ctx, &p->partition);
	if (key[0] != '\0') {
		p->key = xstrdup(key);
		p->key_len = strlen(key);
	}
	if (!st->tombstone) {
		const char *value = st->edited != NULL ? st->edited : form_text(&st->form, FIELD_VALUE);

		p->value_len = st->edited != NULL ? st->edited_len : strlen(value);
		p->value = xmemdup(value, p->value_len + 1);
	}
	words_pairs(form_text(&st->form, FIELD_HEADERS), "a header", &p->header_names, &p->header_values, NULL);
	st->request = outbox_add(ctx->out, &req);
}

static void
produce_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct produce_state *st = v->state;
	struct strbuf offset = STRBUF_INIT;

	if (ev->kind != EV_REPLY || st->request == 0 || ev->reply.id != st->request)
		return;
	st->request = 0;
	if (ev->reply.err.code != ERR_NONE) {
		form_error(&st->form, FIELD_VALUE, ev->reply.err.text);
		form_focus_error(&st->form);
		return;
	}
	strbuf_add_grouped(&offset, ev->reply.produced.offset);
	wish_status(ctx, ROLE_STATUS_OK, "Written to %s, partition %d, offset %s.", st->topic,
	            (int)ev->reply.produced.partition, strbuf_str(&offset));
	strbuf_fini(&offset);
	wish_close(ctx);
}

static void
forget_edited(struct produce_state *st)
{
	free(st->edited);
	st->edited = NULL;
	st->edited_len = 0;
}

static bool
produce_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct produce_state *st = v->state;

	if (st->request != 0)
		return true;
	if (key_is_ctrl(k, 'x')) {
		wish_editor(ctx, st->edited != NULL ? st->edited : form_text(&st->form, FIELD_VALUE));
		return true;
	}
	if (key_is_ctrl(k, 't')) {
		st->tombstone = !st->tombstone;
		return true;
	}
	switch (form_key(&st->form, k)) {
	case EDIT_CHANGED:
		if (st->form.focus == FIELD_VALUE) {
			forget_edited(st);
			st->tombstone = false;
		}
		check(st, ctx);
		break;
	case EDIT_ACCEPTED:
		send_it(st, ctx);
		break;
	case EDIT_CANCELLED:
		wish_close(ctx);
		break;
	default:
		break;
	}
	return true;
}

/* A value of one line goes into the field; one of several lines is kept beside it, and the field shows its first. */
static void
produce_edited(struct view *v, struct ctx *ctx, const char *text, size_t len)
{
	struct produce_state *st = v->state;
	struct strbuf first = STRBUF_INIT;
	const char *newline;

	(void)ctx;
	if (len > 0 && text[len - 1] == '\n')   /* the editor's own end of the last line */
		len--;
	newline = memchr(text, '\n', len);
	strbuf_add(&first, text, newline != NULL ? (size_t)(newline - text) : len);
	edit_set(&st->form.fields[FIELD_VALUE].edit, strbuf_str(&first));
	forget_edited(st);
	if (newline != NULL) {
		st->edited = xstrndup(text, len);
		st->edited_len = len;
	}
	st->tombstone = false;
	strbuf_fini(&first);
}

static void
produce_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct produce_state *st = v->state;

	(void)ctx;
	strbuf_addf(out, "Write a message to %s", st->topic);
}

static void
produce_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	const struct produce_state *st = v->state;

	(void)ctx;
	*w = max_w < 84 ? max_w : 84;
	*h = form_rows(&st->form, *w - 2) + 3;
	if (*h > max_h)
		*h = max_h;
}

static size_t
produce_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint keys[] = {
		{ "Enter", "write it", 0 }, { "Tab", "next", 1 }, { "Ctrl-X", "$EDITOR", 3 },
		{ "Ctrl-T", "tombstone", 2 }, { "Esc", "leave", 0 },
	};
	static const struct view_hint writing[] = { { "Writing…", "", 0 } };
	const struct produce_state *st = v->state;

	(void)ctx;
	*out = st->request != 0 ? writing : keys;
	return st->request != 0 ? ARRAY_LEN(writing) : ARRAY_LEN(keys);
}

static void
produce_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct produce_state *st = v->state;
	const struct view_hint *keys;
	size_t n = produce_hints(v, ctx, &keys);
	int y = r.y + r.h - 2;
	struct strbuf size = STRBUF_INIT;

	(void)focused;
	words_size(&size, st->edited_len);
	form_draw(&st->form, c, (struct rect){ r.y, r.x + 1, r.h - 2, r.w - 2 });
	if (st->tombstone)
		canvas_text(c, y, r.x + 1, r.w - 2, ROLE_LEVEL_WARN, "The value is null: a tombstone.");
	else if (st->edited != NULL)
		canvas_textf(c, y, r.x + 1, r.w - 2, ROLE_DIM, "The value is the editor's text, %s.", strbuf_str(&size));
	card_hints(c, y + 1, r.x + 1, r.w - 2, ROLE_STRONG, ROLE_DIM, keys, n);
	strbuf_fini(&size);
}

const struct view_ops produce_view = {
	.name = "produce",
	.title = "Write a message",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT,
	.state_size = sizeof(struct produce_state),
	.open = produce_open,
	.close = produce_close,
	.update = produce_update,
	.key = produce_key,
	.edited = produce_edited,
	.caption = produce_caption,
	.draw = produce_draw,
	.size = produce_size,
	.busy = produce_busy,
	.hints = produce_hints,
};
