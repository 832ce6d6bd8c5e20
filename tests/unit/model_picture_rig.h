/*
 * model_picture_rig: what the tests of the picture tell it, in short forms.
 */
#ifndef TOPICMON_TESTS_MODEL_PICTURE_RIG_H
#define TOPICMON_TESTS_MODEL_PICTURE_RIG_H

#include "cmocka_all.h"

#include "topicmon/model/picture.h"

/* A topic of a round of metadata; the last one's name is NULL. */
struct topic_row {
	const char *name;
	uint32_t npartitions;
};

/* Each test has a picture of its own as its state. */
int rig_setup(void **state);
int rig_teardown(void **state);
#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

void tell_topics(struct picture *p, const struct topic_row *rows, int64_t now_ms);
/* A listing of just this group. */
void tell_group(struct picture *p, const char *name, enum group_state group_state);
/* Just this commit of the group. */
void tell_commit(struct picture *p, const char *group, const char *topic, int32_t partition, int64_t committed);

#endif
