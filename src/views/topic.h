/*
 * topic: what topic.c (state, keys) and topic_draw.c (columns, words) share.
 *
 * Thread: UI.   Depends on: ui/table, views/view.h.
 */
#ifndef TOPICMON_VIEWS_TOPIC_PRIVATE_H
#define TOPICMON_VIEWS_TOPIC_PRIVATE_H

#include "topicmon/ui/table.h"
#include "topicmon/views/view.h"

struct topic_state {
	struct table table;     /* of the partitions: cursor and scrolling; the columns are made when it is drawn */
	char name[256];         /* of the topic that the cursor belongs to */
	size_t first_group;     /* of the columns of groups, when not all find room */
};

/* The rows that the groups in words take below the partitions, in a pane of this size. */
int topic_group_rows(const struct snapshot *snap, const struct topic *t, struct rect r);
void topic_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused);

#endif
