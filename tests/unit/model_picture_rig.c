/* model_picture_rig: see the header. */
#include <stdlib.h>
#include <string.h>

#include "model_picture_rig.h"
#include "topicmon/base/mem.h"

static const int32_t one_broker[] = { 1 };

static void
tell_topic(struct picture *p, const char *name, uint32_t npartitions)
{
	struct partition *parts = xcalloc(npartitions, sizeof(*parts));

	/* Told backwards: a broker need not sort them. */
	for (uint32_t i = 0; i < npartitions; i++) {
		parts[i] = (struct partition){
			.id = (int32_t)(npartitions - 1 - i), .leader = 1, .replicas = one_broker, .nreplicas = 1,
			.isr = one_broker, .nisr = 1,
		};
	}
	picture_metadata_topic(p, name, 0, parts, npartitions);
	memset(parts, 0xff, npartitions * sizeof(*parts));
	free(parts);
}

void
tell_topics(struct picture *p, const struct topic_row *rows, int64_t now_ms)
{
	picture_metadata_begin(p, "cluster", 1);
	picture_metadata_broker(p, 1, "localhost", 9092);
	for (; rows->name; rows++)
		tell_topic(p, rows->name, rows->npartitions);
	picture_metadata_end(p, now_ms);
}

void
tell_group(struct picture *p, const char *name, enum group_state group_state)
{
	picture_groups_begin(p);
	picture_group(p, name, group_state, false);
	picture_groups_end(p);
}

void
tell_commit(struct picture *p, const char *group, const char *topic, int32_t partition, int64_t committed)
{
	picture_group_commits(p, group, &topic, &partition, &committed, 1);
}

int
rig_setup(void **state)
{
	*state = picture_new();
	return 0;
}

int
rig_teardown(void **state)
{
	picture_free(*state);
	return 0;
}
