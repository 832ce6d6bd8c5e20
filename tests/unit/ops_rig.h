/* ops_rig: an operation on a cluster in memory, driven as the screen and the verbs drive it. */
#ifndef TOPICMON_TESTS_OPS_RIG_H
#define TOPICMON_TESTS_OPS_RIG_H

#include "cmocka_all.h"
#include "fake_cluster.h"
#include "topicmon/ops/op.h"

struct rig {
	struct fake_cluster *cluster;
	struct mailbox *inbox;
	struct source *src;
	struct outbox out;
	struct op *op;
	struct op_settings settings;
	struct strbuf text;
};

void rig_init(struct rig *rig);
void rig_fini(struct rig *rig);
/* Starts op (owned by the rig then) and runs it until nothing is under way: READY, DONE or FAILED. */
void rig_start(struct rig *rig, struct op *op);
/* Confirms it and runs it to its end. */
void rig_confirm(struct rig *rig);
/* op_sentence(), borrowed until the next call. */
const char *rig_sentence(struct rig *rig);
/* The text of the card's line of that title; fails when there is none. */
const char *rig_fact(struct rig *rig, const char *title);
const struct op_step *rig_step(struct rig *rig, const char *title);
/* Writes that were posted: creates (not only validated), deletes, commits. */
size_t rig_writes(struct rig *rig);
void assert_has(const char *text, const char *part);

#endif
