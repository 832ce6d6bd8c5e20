/*
 * op_private: what the kinds of operation share. A kind is a const table of steps; a step starts by posting requests,
 * takes their answers, and settles when all of them are there. Exactly one of op_next, op_skip, op_again, op_goto and
 * op_fail ends a turn of a step (or it posts more and waits on).
 *
 * Thread: the op's owner.   Depends on: base, model.
 */
#ifndef TOPICMON_OPS_OP_PRIVATE_H
#define TOPICMON_OPS_OP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"
#include "topicmon/ops/op.h"

#define OP_MAX_STEPS      8
#define OP_BACKOFF_MIN_MS 5
#define OP_BACKOFF_MAX_MS 200
#define OP_STEP_BOUND_MS  30000         /* after that a step stops trying again */
#define OP_BIG_TOPIC      1000000       /* messages; replicated and more than that: the name must be typed */

struct step_def {
	const char *title;
	void (*start)(struct op *op, struct outbox *out);
	void (*reply)(struct op *op, const struct reply *r, int tag, struct outbox *out);
	void (*settle)(struct op *op, struct outbox *out);      /* NULL: reply decides by itself */
};

enum fact_id {
	FACT_MESSAGES, FACT_PARTITIONS, FACT_REPLICATION, FACT_CONFIGS, FACT_POLICY, FACT_DELETABLE, FACT_AUTO_CREATE,
	FACT_RECREATE, FACT_SHAPE, FACT_GROUPS, FACT_LIVE,
	FACT_COUNT
};

struct op_def {
	enum op_kind kind;
	const char *verb;               /* "clear" */
	bool confirmed;                 /* waits in OP_READY after the first step */
	const struct step_def *steps;   /* the first one is the check */
	size_t nsteps;
	const enum fact_id *facts;
	size_t nfacts;
	void (*done_sentence)(const struct op *op, struct strbuf *out);
};

/* A group that has commits on the topic. */
enum group_fate {
	FATE_OPEN,              /* to be put at 0 */
	FATE_LIVE,              /* has members: they commit themselves */
	FATE_RESET,             /* put at 0 */
	FATE_FAILED,
};
struct op_group {
	char *name;
	size_t npartitions;
	enum group_fate fate;
};

struct op_fact_slot {
	enum fact_id id;
	struct op_fact fact;
};

struct awaited {
	uint64_t id;
	int tag;                /* the step's own: which of its requests */
};

struct op {
	const struct op_def *def;
	enum op_state state;
	char *topic;
	bool no_group_reset;
	bool read_only;
	bool is_protected;

	int64_t now_ms;
	int64_t started_ms;
	int64_t confirmed_ms;
	int64_t ended_ms;
	struct op_step steps[OP_MAX_STEPS];
	size_t at;              /* the step under way */
	int64_t step_began_ms;
	int backoff_ms;
	uint64_t delay_id;      /* the delay under way, 0: none */
	struct awaited *awaited;
	size_t nawaited, awaited_cap;

	struct op_fact_slot *facts;
	size_t nfacts, facts_cap;
	struct err error;
	char *failure;          /* the whole sentence: error.text may have had to leave something out */

	/* What is known of the topic: create: as asked for; clear and delete: as it was read last before the delete. */
	struct topic_spec spec;
	bool shape_known;
	unsigned policy;
	int64_t messages;       /* OFFSET_UNKNOWN: not known */
	int64_t *ends;          /* [nends] before the delete */
	size_t nends;
	struct op_group *groups;
	size_t ngroups;
	bool groups_known;
	enum tristate auto_create;

	int seen_same;          /* how often a topic that "exists" already was seen to have the right shape */
	int mends;              /* how often another's topic was deleted again */
	int repeats;            /* how often a verification sent us back */
	struct err trouble;     /* of the turn: why it has to be tried again */
	struct err late;        /* something that went wrong without ending the operation */
};

/* op.c: the machine */
struct op *op_new(const struct op_def *def, const char *topic, const struct op_settings *settings);
/* Adds a request whose answer the current step takes, under a tag of its choice. */
void op_post(struct op *op, struct outbox *out, struct request *req, int tag);
void op_post_plain(struct op *op, struct outbox *out, enum request_kind kind, int tag);
void op_post_topic(struct op *op, struct outbox *out, enum request_kind kind, int tag);
void op_post_create(struct op *op, struct outbox *out, const struct topic_spec *spec, bool validate_only, int tag);
void op_next(struct op *op, struct outbox *out);
/* The same, and what is still awaited is taken by the next step. */
void op_next_awaiting(struct op *op, struct outbox *out);
void op_skip(struct op *op, struct outbox *out);
/* Goes back to the step `at` after a back-off that doubles from turn to turn. False, and nothing happens, when the
 * step has been trying for too long. */
bool op_again(struct op *op, size_t at, struct outbox *out);
/* Fails; the first failure counts. The sentence goes to op_error as far as it fits. */
void op_fail(struct op *op, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Fails with e's code and text. */
void op_fail_err(struct op *op, const struct err *e);
/* The same, and says that nothing was done. */
void op_fail_harmless(struct op *op, const struct err *e);
void op_detail(struct op *op, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Whether trying again may help. */
bool err_is_transient(const struct err *e);

/* op_facts.c: what the answers of the check mean, for the card and for the run */
void fact_set(struct op *op, enum fact_id id, enum fact_level level, const char *fmt, ...) PRINTF_LIKE(4, 5);
void facts_init(struct op *op);
/* The first three return false, and leave what was known, when the answer is an error. */
bool take_shape(struct op *op, const struct reply *r);
bool take_offsets(struct op *op, const struct reply *r);
bool take_groups(struct op *op, const struct reply *r);
void take_broker(struct op *op, const struct reply *r);
void op_groups_fini(struct op *op);
/* Whether each broker knows the topic with so many partitions (-1: any number), and each has a leader. */
bool evidence_complete(const struct reply *r, int32_t partitions);
/* What is missing of that, in words. */
void evidence_missing(const struct reply *r, struct err *e);

/* op_text.c: words, and the comparison of shapes */
/* Copies the formatted text into buf, cut at a character boundary. */
void text_set(char *buf, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* "3 partitions": a count and its noun, with an s unless it is one. */
void add_count(struct strbuf *sb, int64_t n, const char *noun);
/* Appends a sentence; when it has no full stop, one. */
void add_sentence(struct strbuf *sb, const char *text);
/* The command that creates such a topic, quoted for a shell. */
void add_create_command(struct strbuf *sb, const struct topic_spec *spec);
/* Whether the topic that was read has everything that was wanted. On false, why says what differs. */
bool shape_matches(const struct topic_spec *wanted, const struct topic_spec *seen, struct strbuf *why);
/* "order_shipping: 1,013 messages gone" without the messages when they are not known. */
void add_messages_gone(struct strbuf *sb, const struct op *op);

/* op_clear_check.c: the first step of a clear */
void clear_check_start(struct op *op, struct outbox *out);
void clear_check_reply(struct op *op, const struct reply *r, int tag, struct outbox *out);
/* Fails when the topic that was read has a config that could not be set again. */
bool clear_keeps_configs(struct op *op, const struct reply *r);

extern const struct op_def op_create_def, op_delete_def, op_clear_def;

#endif
