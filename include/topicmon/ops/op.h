/*
 * op: one create, delete or clear under way: what it found out (the card), its step, its proof, its sentence. A state
 * machine without a screen and without a thread: it is driven by events and answers with requests. The screen and the
 * verbs run the same code.
 *
 *   op_new_*() -> op_start() -> READY (all checks answered) -> op_confirm() -> … -> DONE or FAILED
 *
 * Thread: its owner.   Depends on: base, model.
 */
#ifndef TOPICMON_OPS_OP_H
#define TOPICMON_OPS_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"

enum op_kind { OP_CREATE, OP_DELETE, OP_CLEAR };
enum op_state {
	OP_CHECKING,            /* preflight is under way; facts fill in */
	OP_READY,               /* may be confirmed */
	OP_RUNNING,
	OP_DONE,
	OP_FAILED,              /* op_error() says what is true now and what to do */
};
enum step_state { STEP_WAITING, STEP_RUNNING, STEP_DONE, STEP_SKIPPED, STEP_FAILED };

struct op_step {
	const char *title;      /* "delete", "create", "wait until every broker knows it", … ; static */
	enum step_state state;
	int64_t ms;             /* how long it took; -1: not done */
	char detail[120];       /* in words, "" when there is nothing to say */
};

/* One line of the card. */
enum fact_level { FACT_PLAIN, FACT_WARN, FACT_BAD, FACT_PENDING };
struct op_fact {
	const char *title;      /* "messages", "live members", "may be recreated", … ; static */
	enum fact_level level;
	char text[200];         /* "…" while pending; what is unknown says so */
};

struct op_settings {
	const struct strvec *protected_globs;   /* borrowed, may be NULL */
	bool no_group_reset;                    /* clear leaves the groups' commits alone */
	bool read_only;
};

struct op;

/* Each copies what it is given. Nothing is sent before op_start(). */
struct op *op_new_create(const struct topic_spec *spec, const struct op_settings *settings);
struct op *op_new_delete(const char *topic, const struct op_settings *settings);
struct op *op_new_clear(const char *topic, const struct op_settings *settings);
void op_free(struct op *op);

void op_start(struct op *op, struct outbox *out, int64_t now_ms);
/* Takes an event; true when it was an answer to this operation (then something may have changed). */
bool op_update(struct op *op, const struct event *ev, struct outbox *out, int64_t now_ms);
/* From OP_READY only: goes ahead. A create is never OP_READY: op_start() runs it through by itself, after a create that
 * only validates, so that what the brokers refuse is known with nothing done. */
void op_confirm(struct op *op, struct outbox *out, int64_t now_ms);

enum op_kind op_kind(const struct op *op);
enum op_state op_state(const struct op *op);
const char *op_topic(const struct op *op);
/* What must be typed to confirm: NULL: `y` is enough; else the topic's name. Known from OP_READY on. */
const char *op_confirm_name(const struct op *op);
size_t op_nfacts(const struct op *op);
const struct op_fact *op_fact(const struct op *op, size_t i);
size_t op_nsteps(const struct op *op);
const struct op_step *op_step(const struct op *op, size_t i);
const struct err *op_error(const struct op *op);        /* of OP_FAILED */
/* One message that says what was done; of OP_FAILED all that op_error() says, and what did not fit there (the command
 * that creates a lost topic again): "Cleared order_shipping: 1,013 messages gone, 3 partitions, 2 configs kept, 1 group put at 0 (62 ms)." */
void op_sentence(const struct op *op, struct strbuf *out);
/* The result of a verb as one JSON object without newline: kind, topic, result, steps with ms, and error. */
void op_json(const struct op *op, struct strbuf *out);

#endif
