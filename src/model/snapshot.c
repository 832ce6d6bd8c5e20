/* snapshot: see the header. How one is built: picture_freeze.c. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "picture_private.h"

struct snapshot *
snapshot_ref(struct snapshot *snap)
{
	if (snap)
		atomic_fetch_add_explicit(&snapshot_block(snap)->refs, 1, memory_order_relaxed);
	return snap;
}

void
snapshot_unref(struct snapshot *snap)
{
	struct snapshot_block *block;

	if (!snap)
		return;
	block = snapshot_block(snap);
	if (atomic_fetch_sub_explicit(&block->refs, 1, memory_order_acq_rel) != 1)
		return;
	shelf_unref(block->shelf);
	free(block);
}

static int
compare_topic(const void *name, const void *topic)
{
	return strcmp(name, ((const struct topic *)topic)->name);
}

static int
compare_group(const void *name, const void *group)
{
	return strcmp(name, ((const struct group *)group)->name);
}

static int
compare_topic_group(const void *name, const void *tg)
{
	return strcmp(name, ((const struct topic_group *)tg)->group->name);
}

/* bsearch() does not take an array of nothing. */
static const void *
find(const char *name, const void *array, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	return n ? bsearch(name, array, n, size, compare) : NULL;
}

const struct topic *
snapshot_find_topic(const struct snapshot *snap, const char *name)
{
	return find(name, snap->topics, snap->ntopics, sizeof(*snap->topics), compare_topic);
}

const struct group *
snapshot_find_group(const struct snapshot *snap, const char *name)
{
	return find(name, snap->groups, snap->ngroups, sizeof(*snap->groups), compare_group);
}

const struct topic_group *
topic_find_group(const struct topic *t, const char *group)
{
	return find(group, t->groups, t->ngroups, sizeof(*t->groups), compare_topic_group);
}

const char *
group_state_name(enum group_state state)
{
	switch (state) {
	case GROUP_UNKNOWN:
		break;
	case GROUP_PREPARING:
		return "PreparingRebalance";
	case GROUP_COMPLETING:
		return "CompletingRebalance";
	case GROUP_STABLE:
		return "Stable";
	case GROUP_DEAD:
		return "Dead";
	case GROUP_EMPTY:
		return "Empty";
	}
	return "Unknown";
}

const char *
lag_reason_name(enum lag_reason reason)
{
	switch (reason) {
	case LAG_PLAIN:
		return NULL;
	case LAG_NO_COMMIT:
		return "no commit";
	case LAG_STALE:
		return "stale";
	case LAG_TRIMMED:
		return "trimmed";
	case LAG_UNKNOWN:
		break;
	}
	return "unknown";
}

int64_t
lag_compute(int64_t start, int64_t end, int64_t committed, enum lag_reason *reason)
{
	if (committed == OFFSET_NONE) {
		*reason = LAG_NO_COMMIT;
		return OFFSET_UNKNOWN;
	}
	if (committed < 0 || end < 0) {
		*reason = LAG_UNKNOWN;
		return OFFSET_UNKNOWN;
	}
	if (committed > end) {
		*reason = LAG_STALE;
		return OFFSET_UNKNOWN;
	}
	if (start > committed) {
		*reason = LAG_TRIMMED;
		return end - start;
	}
	*reason = LAG_PLAIN;
	return end - committed;
}
