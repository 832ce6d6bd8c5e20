/*
 * op_card: the card of a destructive operation (delete, clear): the facts as they arrive, what confirms it, the steps as
 * they run, and what is true afterwards. The views `delete` and `clear` differ only in the operation that they start.
 *
 * Thread: UI.   Depends on: card.h, ops.
 */
#ifndef TOPICMON_VIEWS_OP_CARD_PRIVATE_H
#define TOPICMON_VIEWS_OP_CARD_PRIVATE_H

#include "card.h"

struct op_card {
	struct op *op;          /* owned; NULL: there was no topic to act on */
	struct edit name;       /* what was typed where the topic's name confirms */
	bool mismatch;          /* Enter was pressed on another text */
	int64_t close_ms;       /* clock_ms() at which the card of a finished operation goes by itself; 0: not finished */
};

/* Takes the operation over and starts it. */
void op_card_open(struct view *v, struct ctx *ctx, struct op *op);
void op_card_close(struct view *v);
void op_card_update(struct view *v, struct ctx *ctx, const struct event *ev);
bool op_card_key(struct view *v, struct ctx *ctx, const struct key *k);
void op_card_size(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w);
void op_card_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused);
bool op_card_busy(const struct view *v);
void op_card_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out);
size_t op_card_hints(const struct view *v, const struct ctx *ctx, const struct view_hint **out);
int op_card_next_ms(const struct view *v, const struct ctx *ctx);
/* The topic that the card is to act on: arg, or the selected one; says so and closes when there is none. */
const char *op_card_topic(struct ctx *ctx, const char *arg);

#endif
