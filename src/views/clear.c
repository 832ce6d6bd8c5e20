/*
 * clear: the card that empties a topic: deletes it and creates it again as it was.
 *
 * Thread: UI.   Depends on: op_card.
 */
#include "op_card.h"

static void
clear_open(struct view *v, struct ctx *ctx, const char *arg)
{
	const char *topic = op_card_topic(ctx, arg);

	if (topic != NULL)
		op_card_open(v, ctx, op_new_clear(topic, ctx->op_settings));
}

static void
clear_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct op_card *card = v->state;

	(void)ctx;
	strbuf_addf(out, "Clear %s: delete it and create it again", card->op != NULL ? op_topic(card->op) : "a topic");
}

const struct view_ops clear_view = {
	.name = "clear",
	.title = "Clear a topic",
	.shape = VIEW_CARD,
	.flags = VF_TEXT_INPUT | VF_DANGEROUS,
	.state_size = sizeof(struct op_card),
	.open = clear_open,
	.close = op_card_close,
	.update = op_card_update,
	.next_ms = op_card_next_ms,
	.key = op_card_key,
	.caption = clear_caption,
	.corner = op_card_corner,
	.draw = op_card_draw,
	.size = op_card_size,
	.busy = op_card_busy,
	.hints = op_card_hints,
};
