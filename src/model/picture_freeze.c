/* picture: see the header. Here: one copy of the numbers, with what is derived from them, becomes a snapshot. */
#include <math.h>
#include <string.h>

#include "picture_private.h"
#include "topicmon/base/mem.h"

#define SPARK_STEP_MS 2000

/* How much of everything there will be. */
struct sizes {
	size_t partitions;
	size_t topic_groups;
	size_t commits;         /* a number for each partition of each topic that a group has commits on */
};

/* The arrays of the snapshot under construction. */
struct frozen {
	struct snapshot *snap;
	struct broker *brokers;
	struct topic *topics;
	struct partition *partitions;
	struct group *groups;
	struct topic_group *topic_groups;
	int64_t *committed;
	int64_t *lag;
	unsigned char *reason;
};

/* Also says where each topic's groups begin. */
static struct sizes
count(struct picture *p)
{
	struct sizes s = { 0 };
	size_t first = 0;

	for (size_t i = 0; i < p->ntopics; i++) {
		s.partitions += p->topics[i].npartitions;
		p->topics[i].ngroups = 0;
	}
	for (size_t i = 0; i < p->ngroups; i++) {
		for (size_t k = 0; k < p->groups[i].ntopics; k++) {
			long index = p->groups[i].topics[k].index;

			if (index < 0)
				continue;
			p->topics[index].ngroups++;
			s.topic_groups++;
			s.commits += p->topics[index].npartitions;
		}
	}
	for (size_t i = 0; i < p->ntopics; i++) {
		p->topics[i].first_group = first;
		first += p->topics[i].ngroups;
		p->topics[i].ngroups = 0;       /* counts up again while they are filled in */
	}
	return s;
}

/* The next part of the block; sizes are multiples of 8 but for the last one, the bytes. */
static void *
part(char **at, size_t n, size_t size)
{
	void *start = *at;

	*at += n * size;
	return start;
}

_Static_assert(sizeof(struct broker) % 8 == 0 && sizeof(struct topic) % 8 == 0 && sizeof(struct partition) % 8 == 0 &&
               sizeof(struct group) % 8 == 0 && sizeof(struct topic_group) % 8 == 0 &&
               sizeof(struct snapshot_block) % 8 == 0, "parts of a snapshot follow each other");

static struct frozen
allocate(const struct picture *p, const struct sizes *s)
{
	size_t bytes = sizeof(struct snapshot_block) + p->nbrokers * sizeof(struct broker) +
	               p->ntopics * sizeof(struct topic) + s->partitions * sizeof(struct partition) +
	               p->ngroups * sizeof(struct group) + s->topic_groups * sizeof(struct topic_group) +
	               s->commits * (2 * sizeof(int64_t) + 1);
	struct snapshot_block *block = xmalloc(bytes);
	char *at = (char *)(block + 1);

	atomic_init(&block->refs, 1);
	block->shelf = shelf_ref(p->shelf);
	return (struct frozen){
		.snap = &block->snap,
		.brokers = part(&at, p->nbrokers, sizeof(struct broker)),
		.topics = part(&at, p->ntopics, sizeof(struct topic)),
		.partitions = part(&at, s->partitions, sizeof(struct partition)),
		.groups = part(&at, p->ngroups, sizeof(struct group)),
		.topic_groups = part(&at, s->topic_groups, sizeof(struct topic_group)),
		.committed = part(&at, s->commits, sizeof(int64_t)),
		.lag = part(&at, s->commits, sizeof(int64_t)),
		.reason = part(&at, s->commits, 1),
	};
}

/* A sparkline has one sample for each step of time, however seldom the topic was looked at. */
static void
sample_spark(struct picture_topic *t, double rate, int64_t now_ms)
{
	int64_t steps = t->spark_ms ? (now_ms - t->spark_ms) / SPARK_STEP_MS : 1;

	if (isnan(rate) || steps < 1)
		return;
	for (int64_t i = 0; i < steps && i < SPARK_LEN; i++) {
		memmove(t->spark, t->spark + 1, (SPARK_LEN - 1) * sizeof(*t->spark));
		t->spark[SPARK_LEN - 1] = (float)rate;
	}
	t->spark_ms = t->spark_ms ? t->spark_ms + steps * SPARK_STEP_MS : now_ms;
}

/* Sums over the partitions. *asked: whether all of them were asked for. */
static void
sum_partitions(const struct picture *p, const struct picture_topic *from, struct topic *t, int64_t now_ms, bool *asked)
{
	t->messages = from->npartitions || !from->kafka_err ? 0 : OFFSET_UNKNOWN;
	t->rate = NAN;
	for (uint32_t i = 0; i < from->npartitions; i++) {
		const struct partition *pt = &from->parts[i];

		*asked = *asked && from->samples[i].asked_ms;
		if (pt->start == OFFSET_UNKNOWN || pt->end == OFFSET_UNKNOWN)
			t->messages = OFFSET_UNKNOWN;
		else if (t->messages != OFFSET_UNKNOWN)
			t->messages += pt->end - pt->start;
		if (!isnan(pt->rate))
			t->rate = isnan(t->rate) ? pt->rate : t->rate + pt->rate;
		if (pt->offsets_ms && now_ms - pt->offsets_ms > p->fresh_ms)
			t->old = true;
	}
}

static void
freeze_topics(struct picture *p, struct frozen *f, int64_t now_ms)
{
	struct partition *partitions = f->partitions;
	struct snapshot *snap = f->snap;
	bool asked = p->metadata_known;

	for (size_t i = 0; i < p->ntopics; i++) {
		struct picture_topic *from = &p->topics[i];
		struct topic *t = &f->topics[i];

		memcpy(partitions, from->parts, from->npartitions * sizeof(*partitions));
		*t = (struct topic){
			.name = from->name, .internal = from->internal, .npartitions = from->npartitions,
			.replication = from->npartitions ? from->parts[0].nreplicas : 0, .kafka_err = from->kafka_err,
			.policy = from->policy, .retention_ms = from->retention_ms, .partitions = partitions,
			.messages_upper = (from->policy & POLICY_COMPACT) || from->gaps, .lag = OFFSET_UNKNOWN,
			.groups = f->topic_groups + from->first_group,
		};
		partitions += from->npartitions;
		sum_partitions(p, from, t, now_ms, &asked);
		sample_spark(from, t->rate, now_ms);
		memcpy(t->spark, from->spark, sizeof(t->spark));
		if (!t->internal && !isnan(t->rate))
			snap->rate = isnan(snap->rate) ? t->rate : snap->rate + t->rate;
	}
	snap->offsets_complete = asked;
}

/* Which of two reasons a total has to be explained with. */
static enum lag_reason
worse(enum lag_reason a, enum lag_reason b)
{
	static const int weight[] = {
		[LAG_PLAIN] = 0, [LAG_NO_COMMIT] = 1, [LAG_UNKNOWN] = 2, [LAG_TRIMMED] = 3, [LAG_STALE] = 4,
	};

	return weight[a] >= weight[b] ? a : b;
}

/* Fills in one group's numbers on one topic, and its total. */
static void
freeze_lags(const struct topic *t, const struct picture_commits *pc, struct topic_group *tg, int64_t *committed,
            int64_t *lag, unsigned char *reason)
{
	size_t c = 0;

	for (uint32_t i = 0; i < t->npartitions; i++) {
		const struct partition *pt = &t->partitions[i];
		enum lag_reason why;

		while (c < pc->n && pc->commits[c].partition < pt->id)
			c++;
		committed[i] = c < pc->n && pc->commits[c].partition == pt->id ? pc->commits[c].offset : OFFSET_NONE;
		lag[i] = lag_compute(pt->start, pt->end, committed[i], &why);
		reason[i] = (unsigned char)why;
		if (lag[i] != OFFSET_UNKNOWN)
			tg->total = tg->total == OFFSET_UNKNOWN ? lag[i] : tg->total + lag[i];
		/* No commit where nothing is: nothing to say. */
		if (why != LAG_NO_COMMIT || pt->end == OFFSET_UNKNOWN || pt->end != pt->start)
			tg->worst = worse(tg->worst, why);
	}
}

static void
freeze_commits(struct picture *p, struct frozen *f, const struct picture_group *from, struct group *g)
{
	for (size_t k = 0; k < from->ntopics; k++) {
		const struct picture_commits *pc = &from->topics[k];
		struct picture_topic *pt;
		struct topic_group *tg;
		struct topic *t;

		if (pc->index < 0)
			continue;
		pt = &p->topics[pc->index];
		t = &f->topics[pc->index];
		tg = &f->topic_groups[pt->first_group + pt->ngroups++];
		t->ngroups = pt->ngroups;
		*tg = (struct topic_group){
			.group = g, .committed = f->committed, .lag = f->lag, .reason = f->reason,
			.total = OFFSET_UNKNOWN, .worst = LAG_PLAIN,
		};
		freeze_lags(t, pc, tg, f->committed, f->lag, f->reason);
		f->committed += t->npartitions;
		f->lag += t->npartitions;
		f->reason += t->npartitions;
		if (tg->total == OFFSET_UNKNOWN)
			continue;
		g->lag = g->lag == OFFSET_UNKNOWN ? tg->total : g->lag + tg->total;
		if (tg->total > t->lag)
			t->lag = tg->total;
	}
}

/* Groups come in the order of their names, so each topic's do too. */
static void
freeze_groups(struct picture *p, struct frozen *f)
{
	struct snapshot *snap = f->snap;
	bool asked = true;

	for (size_t i = 0; i < p->ngroups; i++) {
		const struct picture_group *from = &p->groups[i];
		struct group *g = &f->groups[i];

		*g = (struct group){
			.name = from->name, .state = from->state, .new_protocol = from->new_protocol,
			.members_known = from->members_known, .members = from->members, .nmembers = from->nmembers,
			.lag = OFFSET_UNKNOWN, .ntopics = from->ntopics,
		};
		freeze_commits(p, f, from, g);
		if (g->lag != OFFSET_UNKNOWN)
			snap->lag = snap->lag == OFFSET_UNKNOWN ? g->lag : snap->lag + g->lag;
		asked = asked && from->members_asked && from->commits_asked;
	}
	snap->groups_listed = p->groups_listed;
	snap->groups_denied = p->groups_denied;
	snap->groups_complete = p->groups_denied || (p->groups_listed && asked);
}

struct snapshot *
picture_freeze(struct picture *p, int64_t now_ms, int64_t wall_ms)
{
	struct sizes sizes = count(p);
	struct frozen f = allocate(p, &sizes);

	if (p->nbrokers)
		memcpy(f.brokers, p->brokers, p->nbrokers * sizeof(*f.brokers));
	*f.snap = (struct snapshot){
		.version = ++p->version, .taken_ms = now_ms, .taken_wall_ms = wall_ms, .cluster_id = p->cluster_id,
		.brokers = f.brokers, .nbrokers = p->nbrokers, .controller = p->controller, .topics = f.topics,
		.ntopics = p->ntopics, .groups = f.groups, .ngroups = p->ngroups, .rate = NAN, .lag = OFFSET_UNKNOWN,
	};
	freeze_topics(p, &f, now_ms);
	freeze_groups(p, &f);
	p->changed = false;
	return f.snap;
}
