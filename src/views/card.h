/*
 * card: what the cards share: the words of a field, the facts and steps of an operation drawn, a list to choose from.
 *
 * Thread: UI.   Depends on: base, model, ui, ops.
 */
#ifndef TOPICMON_VIEWS_CARD_PRIVATE_H
#define TOPICMON_VIEWS_CARD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/ops/op.h"
#include "topicmon/ui/canvas.h"
#include "topicmon/ui/prompt.h"
#include "topicmon/views/view.h"

/* Splits a field into words at blanks; "…" keeps blanks together, \" and \\ inside it stand for themselves. False: a quote
 * is not closed (ERR_USAGE). */
bool words_split(const char *text, struct strvec *out, struct err *e);

/* Splits each word at its first "=" into a name and a value. False and a sentence when a word has none. `what` names a
 * word in the sentence: "a header", "a config". */
bool words_pairs(const char *text, const char *what, struct strvec *names, struct strvec *values, struct err *e);

/* Draws the facts, one line each or more when the text is long; returns the rows taken. With c NULL only counts. */
int card_facts(struct canvas *c, struct rect r, const struct op *op);
/* Draws the steps with their marks and times; returns the rows taken. */
int card_steps(struct canvas *c, struct rect r, const struct op *op);

/* Moves a cursor in a list of n by a movement command; false: it is no movement. `page` rows a page. */
bool list_move(size_t *cursor, size_t n, int page, enum command cmd);
/* The movement that a key means in a list inside a card, CMD_NONE: none. */
enum command list_key(const struct key *k);
/* The first row to draw so that the cursor is among `rows`. */
size_t list_top(size_t cursor, size_t top, int rows);

/* Whether a key is this character without Ctrl or Alt. */
bool key_is(const struct key *k, uint32_t character);
bool key_is_ctrl(const struct key *k, uint32_t letter);

#endif
