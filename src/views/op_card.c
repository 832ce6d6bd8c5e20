#include "op_card.h"

#include <string.h>

#include "topicmon/base/mem.h"

#define CARD_WIDTH 92
#define DONE_STAYS_MS 2500      /* long enough to read the steps, short enough not to be in the way */

const char *
op_card_topic(struct ctx *ctx, const char *arg)
{
	const char *topic = arg[0] != '\0' ? arg : ctx->selected;

	if (topic[0] != '\0')
		return topic;
	wish_status(ctx, ROLE_STATUS_WARN, "No topic is selected. Press c to create one.");
	wish_close(ctx);
	return NULL;
}

void
op_card_open(struct view *v, struct ctx *ctx, struct op *op)
{
	struct op_card *card = v->state;

	card->op = op;
	edit_init(&card->name);
	op_start(op, ctx->out, ctx->now_ms);
}

void
op_card_close(struct view *v)
{
	struct op_card *card = v->state;

	op_free(card->op);
	edit_fini(&card->name);
}

bool
op_card_busy(const struct view *v)
{
	const struct op_card *card = v->state;

	return card->op != NULL && op_state(card->op) == OP_RUNNING;
}

int
op_card_next_ms(const struct view *v, const struct ctx *ctx)
{
	const struct op_card *card = v->state;

	if (card->close_ms == 0)
		return -1;
	return card->close_ms > ctx->now_ms ? (int)(card->close_ms - ctx->now_ms) : 0;
}

/* The card goes, and what it said last stays in the line below for a while. */
static void
leave(const struct op_card *card, struct ctx *ctx)
{
	struct strbuf text = STRBUF_INIT;

	op_sentence(card->op, &text);
	wish_status(ctx, op_state(card->op) == OP_DONE ? ROLE_STATUS_OK : ROLE_STATUS_ERROR, "%s", strbuf_str(&text));
	wish_close(ctx);
	strbuf_fini(&text);
}

void
op_card_update(struct view *v, struct ctx *ctx, const struct event *ev)
{
	struct op_card *card = v->state;
	enum op_state before;

	if (card->op == NULL)
		return;
	before = op_state(card->op);
	if (op_update(card->op, ev, ctx->out, ctx->now_ms) && op_state(card->op) != before &&
	    op_state(card->op) == OP_DONE)
		card->close_ms = ctx->now_ms + DONE_STAYS_MS;
	if (card->close_ms != 0 && ctx->now_ms >= card->close_ms)
		leave(card, ctx);
}

static void
key_in_name(struct op_card *card, struct ctx *ctx, const struct key *k)
{
	switch (edit_key(&card->name, k)) {
	case EDIT_ACCEPTED:
		card->mismatch = strcmp(strbuf_str(&card->name.text), op_confirm_name(card->op)) != 0;
		if (!card->mismatch)
			op_confirm(card->op, ctx->out, ctx->now_ms);
		break;
	case EDIT_CANCELLED:
		wish_close(ctx);
		break;
	case EDIT_CHANGED:
		card->mismatch = false;
		break;
	default:
		break;
	}
}

bool
op_card_key(struct view *v, struct ctx *ctx, const struct key *k)
{
	struct op_card *card = v->state;

	if (card->op == NULL)
		return false;
	switch (op_state(card->op)) {
	case OP_RUNNING:
		break;          /* nothing stops it half-way */
	case OP_DONE:
	case OP_FAILED:
		leave(card, ctx);
		break;
	case OP_CHECKING:
		if (k->code == KC_ESC || key_is(k, 'q') || key_is(k, 'n'))
			wish_close(ctx);
		break;
	case OP_READY:
		if (op_confirm_name(card->op) != NULL)
			key_in_name(card, ctx, k);
		else if (key_is(k, 'y'))
			op_confirm(card->op, ctx->out, ctx->now_ms);
		else if (k->code == KC_ESC || key_is(k, 'q') || key_is(k, 'n'))
			wish_close(ctx);
		break;
	}
	return true;
}

static bool
shows_steps(const struct op *op)
{
	return op_state(op) == OP_RUNNING || op_state(op) == OP_DONE ||
	       (op_state(op) == OP_FAILED && op_nsteps(op) > 0 && op_step(op, 0)->state != STEP_WAITING);
}

/* The rows above the last one: the facts, or the steps, and the sentence that ends them. */
static int
body(const struct op *op, struct canvas *c, struct rect r)
{
	bool done = op_state(op) == OP_DONE, ended = done || op_state(op) == OP_FAILED;
	struct strbuf text = STRBUF_INIT;
	int height = r.h, row;

	if (ended) {    /* its sentence is the last thing to lose its room */
		op_sentence(op, &text);
		r.h -= 1 + card_wrapped(NULL, r, ROLE_CARD, strbuf_str(&text));
	}
	row = shows_steps(op) ? card_steps(c, r, op) : card_facts(c, r, op);
	if (ended) {
		int sentence = c != NULL && row > r.h && r.h > 0 ? r.h : row;
		struct rect rest = { r.y + sentence + 1, r.x, height - sentence - 1, r.w };

		row += 1 + card_wrapped(c, rest, done ? ROLE_STATUS_OK : ROLE_CARD_DANGER, strbuf_str(&text));
	}
	strbuf_fini(&text);
	return row;
}

void
op_card_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w)
{
	const struct op_card *card = v->state;

	(void)ctx;
	*w = max_w < CARD_WIDTH ? max_w : CARD_WIDTH;
	*h = card->op == NULL ? 1 : body(card->op, NULL, (struct rect){ 0, 0, 0, *w - 2 }) + 2;
	if (*h > max_h)
		*h = max_h;
}

static void
draw_name(const struct op_card *card, struct canvas *c, struct rect r, int y)
{
	const char *name = op_confirm_name(card->op);
	int x = r.x + canvas_text(c, y, r.x, r.w, card->mismatch ? ROLE_FIELD_ERROR : ROLE_CARD_DANGER,
	                          card->mismatch ? "That is not its name. Type " : "Type ");

	x += canvas_text(c, y, x, r.x + r.w - x, ROLE_STRONG, name);
	x += canvas_text(c, y, x, r.x + r.w - x, ROLE_CARD_DANGER, " and press Enter: ");
	if (r.x + r.w - x < 8) {        /* a long name: the field goes over it, on the right */
		x = r.x + r.w / 2;
		canvas_fill(c, (struct rect){ y, x, 1, r.x + r.w - x }, ROLE_FIELD);
	}
	edit_draw(&card->name, c, y, x, r.x + r.w - x, ROLE_FIELD_FOCUS, true);
}

void
op_card_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct op_card *card = v->state;
	struct rect inside = { r.y, r.x + 1, r.h - 2, r.w - 2 };
	int y = r.y + r.h - 1;
	const struct view_hint *hints;
	size_t n;

	(void)focused;
	if (card->op == NULL)
		return;
	if (body(card->op, NULL, inside) > inside.h)    /* no room for an empty line before the last one */
		inside.h++;
	body(card->op, c, inside);
	inside.h = r.h;
	if (op_state(card->op) == OP_READY && op_confirm_name(card->op) != NULL) {
		draw_name(card, c, inside, y);
		return;
	}
	n = op_card_hints(v, ctx, &hints);
	if (op_state(card->op) == OP_READY)
		card_hints(c, y, inside.x, inside.w, ROLE_CARD_DANGER, ROLE_CARD_DANGER, hints, n);
	else
		card_hints(c, y, inside.x, inside.w, ROLE_STRONG, ROLE_DIM, hints, n);
}

/* Where the last line has no room for it. */
void
op_card_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct op_card *card = v->state;

	(void)ctx;
	if (card->op != NULL && op_state(card->op) == OP_READY && op_confirm_name(card->op) != NULL)
		strbuf_adds(out, "Esc leaves it");
}

size_t
op_card_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out)
{
	static const struct view_hint checking[] = { { "Checking…", "", 1 }, { "Esc", "leave it as it is", 0 } };
	static const struct view_hint named[] = {
		{ "Enter", "go on, once the name is typed", 1 }, { "Esc", "leave it as it is", 0 },
	};
	static const struct view_hint clear[] = { { "y", "clear it", 0 }, { "Esc", "leave it as it is", 0 } };
	static const struct view_hint running[] = { { "Under way:", "it is finished before anything else", 0 } };
	static const struct view_hint over[] = { { "Any key", "goes back", 0 } };
	const struct op_card *card = v->state;

	(void)ctx;
	*out = over;
	if (card->op == NULL)
		return 0;
	switch (op_state(card->op)) {
	case OP_CHECKING:
		*out = checking;
		return ARRAY_LEN(checking);
	case OP_READY:
		*out = op_confirm_name(card->op) != NULL ? named : clear;
		return 2;
	case OP_RUNNING:
		*out = running;
		return ARRAY_LEN(running);
	case OP_DONE:
	case OP_FAILED:
		break;
	}
	return ARRAY_LEN(over);
}
