/* picture: see the header. Here: brokers, topics and offsets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "picture_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/model/topic_name.h"

#define RATE_SMOOTHING_MS 5000.0
#define RATE_MIN_MS       200           /* two ends closer than this say little about a rate */
#define RATE_NOTHING      0.01          /* a rate that only fades is nothing from here on */
#define SHELF_SLACK       (256u * 1024u)

struct picture *
picture_new(void)
{
	struct picture *p = xcalloc(1, sizeof(*p));

	p->shelf = shelf_new();
	p->cluster_id = shelf_text(p->shelf, "");
	p->controller = -1;
	p->fresh_ms = INT64_MAX;
	return p;
}

static void
free_topic(struct picture_topic *t)
{
	free(t->parts);
	free(t->samples);
}

static void
free_topics(struct picture_topic *topics, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free_topic(&topics[i]);
	free(topics);
}

void
picture_free(struct picture *p)
{
	if (!p)
		return;
	free_topics(p->topics, p->ntopics);
	free_topics(p->next_topics, p->nnext_topics);
	free(p->brokers);
	free(p->next_brokers);
	picture_free_groups(p);
	shelf_unref(p->shelf);
	free(p);
}

void
picture_set_fresh_ms(struct picture *p, int64_t fresh_ms)
{
	p->fresh_ms = fresh_ms;
}

bool
picture_changed(const struct picture *p)
{
	return p->changed;
}

/* Metadata. */

void
picture_metadata_begin(struct picture *p, const char *cluster_id, int32_t controller)
{
	free_topics(p->next_topics, p->nnext_topics);
	free(p->next_brokers);
	p->next_topics = NULL;
	p->nnext_topics = p->next_topics_cap = 0;
	p->next_brokers = NULL;
	p->nnext_brokers = 0;
	p->in_round = true;
	cluster_id = shelf_text(p->shelf, cluster_id ? cluster_id : "");
	p->changed = p->changed || p->cluster_id != cluster_id || p->controller != controller;
	p->cluster_id = cluster_id;
	p->controller = controller;
}

void
picture_metadata_broker(struct picture *p, int32_t id, const char *host, int32_t port)
{
	p->next_brokers = xreallocarray(p->next_brokers, p->nnext_brokers + 1, sizeof(*p->next_brokers));
	p->next_brokers[p->nnext_brokers++] = (struct broker){
		.id = id, .host = shelf_text(p->shelf, host ? host : ""), .port = port,
	};
}

static int
compare_partitions(const void *a, const void *b)
{
	int32_t x = ((const struct partition *)a)->id, y = ((const struct partition *)b)->id;

	return (x > y) - (x < y);
}

static void
forget_offsets(struct picture_topic *t, uint32_t i)
{
	t->parts[i].start = t->parts[i].end = OFFSET_UNKNOWN;
	t->parts[i].offsets_ms = 0;
	t->parts[i].rate = NAN;
	t->samples[i].end = OFFSET_UNKNOWN;
}

static void
forget_spark(struct picture_topic *t)
{
	for (size_t i = 0; i < SPARK_LEN; i++)
		t->spark[i] = -1;
	t->spark_ms = 0;
}

void
picture_metadata_topic(struct picture *p, const char *name, int16_t kafka_err, const struct partition *partitions,
                       uint32_t npartitions)
{
	struct picture_topic *t;

	if (p->nnext_topics == p->next_topics_cap) {
		p->next_topics_cap = p->next_topics_cap ? p->next_topics_cap * 2 : 64;
		p->next_topics = xreallocarray(p->next_topics, p->next_topics_cap, sizeof(*p->next_topics));
	}
	t = &p->next_topics[p->nnext_topics++];
	*t = (struct picture_topic){
		.name = shelf_text(p->shelf, name), .internal = topic_name_is_internal(name), .kafka_err = kafka_err,
		.npartitions = npartitions, .retention_ms = OFFSET_UNKNOWN,
	};
	forget_spark(t);
	t->parts = xcalloc(npartitions, sizeof(*t->parts));
	t->samples = xcalloc(npartitions, sizeof(*t->samples));
	for (uint32_t i = 0; i < npartitions; i++) {
		struct partition *part = &t->parts[i];

		*part = partitions[i];
		part->replicas = shelf_put(p->shelf, part->replicas, part->nreplicas * sizeof(*part->replicas));
		part->isr = shelf_put(p->shelf, part->isr, part->nisr * sizeof(*part->isr));
		forget_offsets(t, i);
	}
	if (npartitions > 1)
		qsort(t->parts, npartitions, sizeof(*t->parts), compare_partitions);
}

static int
compare_topics(const void *a, const void *b)
{
	return strcmp(((const struct picture_topic *)a)->name, ((const struct picture_topic *)b)->name);
}

static int
compare_brokers(const void *a, const void *b)
{
	int32_t x = ((const struct broker *)a)->id, y = ((const struct broker *)b)->id;

	return (x > y) - (x < y);
}

/* Texts and lists are the same when they are at the same place on the shelf. */
static bool
same_shape(const struct picture_topic *a, const struct picture_topic *b)
{
	if (a->npartitions != b->npartitions || a->kafka_err != b->kafka_err)
		return false;
	for (uint32_t i = 0; i < a->npartitions; i++) {
		const struct partition *x = &a->parts[i], *y = &b->parts[i];

		if (x->id != y->id || x->leader != y->leader || x->nreplicas != y->nreplicas || x->nisr != y->nisr ||
		    x->replicas != y->replicas || x->isr != y->isr)
			return false;
	}
	return true;
}

static bool
same_brokers(const struct picture *p)
{
	if (p->nbrokers != p->nnext_brokers)
		return false;
	for (size_t i = 0; i < p->nbrokers; i++) {
		const struct broker *a = &p->brokers[i], *b = &p->next_brokers[i];

		if (a->id != b->id || a->host != b->host || a->port != b->port)
			return false;
	}
	return true;
}

/* What was known of a topic goes on counting. Fewer partitions than before: it cannot be the same one. */
static void
take_over(struct picture_topic *t, const struct picture_topic *old)
{
	if (t->npartitions < old->npartitions && t->npartitions > 0)
		return;
	for (uint32_t i = 0; i < t->npartitions && i < old->npartitions; i++) {
		const struct partition *from = &old->parts[i];
		struct partition *to = &t->parts[i];

		if (to->id != from->id)
			continue;
		to->start = from->start;
		to->end = from->end;
		to->offsets_ms = from->offsets_ms;
		to->rate = from->rate;
		t->samples[i] = old->samples[i];
		/* Asked in vain, as it had no leader: that does not count any more. */
		if (from->leader < 0 && to->leader >= 0)
			t->samples[i].asked_ms = 0;
	}
	memcpy(t->spark, old->spark, sizeof(t->spark));
	t->spark_ms = old->spark_ms;
	t->policy = old->policy;
	t->retention_ms = old->retention_ms;
	t->gaps = old->gaps;
}

/* Sorts the round's topics and drops those that were named twice. */
static void
sort_next_topics(struct picture *p)
{
	size_t kept = 0;

	if (p->nnext_topics > 1)
		qsort(p->next_topics, p->nnext_topics, sizeof(*p->next_topics), compare_topics);
	for (size_t i = 0; i < p->nnext_topics; i++) {
		if (kept > 0 && p->next_topics[kept - 1].name == p->next_topics[i].name)
			free_topic(&p->next_topics[i]);
		else
			p->next_topics[kept++] = p->next_topics[i];
	}
	p->nnext_topics = kept;
}

/* The round's topics take the place of those before. True when they have the same names. */
static bool
take_topics(struct picture *p)
{
	bool same;
	size_t o = 0;

	sort_next_topics(p);
	same = p->nnext_topics == p->ntopics;
	for (size_t i = 0; i < p->nnext_topics; i++) {
		struct picture_topic *t = &p->next_topics[i];

		while (o < p->ntopics && strcmp(p->topics[o].name, t->name) < 0)
			o++;
		if (o < p->ntopics && p->topics[o].name == t->name) {
			p->changed = p->changed || !same_shape(t, &p->topics[o]);
			take_over(t, &p->topics[o]);
		}
		same = same && p->topics[i].name == t->name;
	}
	free_topics(p->topics, p->ntopics);
	p->topics = p->next_topics;
	p->ntopics = p->nnext_topics;
	p->next_topics = NULL;
	p->nnext_topics = p->next_topics_cap = 0;
	return same;
}

void
picture_metadata_end(struct picture *p, int64_t now_ms)
{
	bool same = take_topics(p);

	(void)now_ms;
	if (p->nnext_brokers > 1)
		qsort(p->next_brokers, p->nnext_brokers, sizeof(*p->next_brokers), compare_brokers);
	p->changed = p->changed || !same || !p->metadata_known || !same_brokers(p);
	free(p->brokers);
	p->brokers = p->next_brokers;
	p->nbrokers = p->nnext_brokers;
	p->next_brokers = NULL;
	p->nnext_brokers = 0;

	p->in_round = false;
	p->metadata_known = true;
	if (!same)
		picture_find_commits(p);
	picture_tidy(p);
}

static void
move_topic(struct picture_topic *t, struct shelf *to)
{
	t->name = shelf_text(to, t->name);
	for (uint32_t i = 0; i < t->npartitions; i++) {
		struct partition *part = &t->parts[i];

		part->replicas = shelf_put(to, part->replicas, part->nreplicas * sizeof(*part->replicas));
		part->isr = shelf_put(to, part->isr, part->nisr * sizeof(*part->isr));
	}
}

void
picture_tidy(struct picture *p)
{
	struct shelf *to;

	if (p->in_round || p->in_groups_round || shelf_bytes(p->shelf) < p->shelf_base * 2 + SHELF_SLACK)
		return;
	to = shelf_new();
	p->cluster_id = shelf_text(to, p->cluster_id);
	for (size_t i = 0; i < p->nbrokers; i++)
		p->brokers[i].host = shelf_text(to, p->brokers[i].host);
	for (size_t i = 0; i < p->ntopics; i++)
		move_topic(&p->topics[i], to);
	picture_move_groups(p, to);
	shelf_unref(p->shelf);
	p->shelf = to;
	p->shelf_base = shelf_bytes(to);
}

/* Looking things up. */

size_t
picture_ntopics(const struct picture *p)
{
	return p->ntopics;
}

const char *
picture_topic_at(const struct picture *p, size_t topic, uint32_t *npartitions)
{
	if (npartitions)
		*npartitions = p->topics[topic].npartitions;
	return p->topics[topic].name;
}

static int
compare_name(const void *name, const void *topic)
{
	return strcmp(name, ((const struct picture_topic *)topic)->name);
}

long
picture_topic_index(const struct picture *p, const char *name)
{
	const struct picture_topic *t;

	if (!p->ntopics)
		return -1;
	t = bsearch(name, p->topics, p->ntopics, sizeof(*p->topics), compare_name);
	return t ? (long)(t - p->topics) : -1;
}

int32_t
picture_leader(const struct picture *p, size_t topic, uint32_t partition)
{
	return p->topics[topic].parts[partition].leader;
}

int32_t
picture_partition_id(const struct picture *p, size_t topic, uint32_t partition)
{
	return p->topics[topic].parts[partition].id;
}

int64_t
picture_asked_ms(const struct picture *p, size_t topic, uint32_t partition)
{
	return p->topics[topic].samples[partition].asked_ms;
}

/* Offsets and rates. */

static bool
went_back(const struct partition *part, int64_t start, int64_t end)
{
	/* OFFSET_UNKNOWN is the smallest number there is, so a comparison with what is not known must be kept out. */
	if (end != OFFSET_UNKNOWN && (end < part->end || end < start))
		return true;
	return start != OFFSET_UNKNOWN && start < part->start;
}

/* The topic was recreated: what is known from before this moment belongs to another one. */
static void
begin_anew(struct picture_topic *t, int64_t now_ms)
{
	for (uint32_t i = 0; i < t->npartitions; i++) {
		if (t->parts[i].offsets_ms == now_ms) {
			t->parts[i].rate = NAN;
			t->samples[i].end = t->parts[i].end;
			t->samples[i].ms = now_ms;
		} else {
			forget_offsets(t, i);
		}
	}
	forget_spark(t);
	t->gaps = false;
}

static void
measure(struct partition *part, struct sample *from, int64_t now_ms)
{
	double elapsed_ms = (double)(now_ms - from->ms), rate, weight;

	if (from->end == OFFSET_UNKNOWN) {
		from->end = part->end;
		from->ms = now_ms;
		return;
	}
	if (elapsed_ms < RATE_MIN_MS)
		return;
	rate = (double)(part->end - from->end) * 1000.0 / elapsed_ms;
	weight = isnan(part->rate) ? 1.0 : 1.0 - exp(-elapsed_ms / RATE_SMOOTHING_MS);
	part->rate = isnan(part->rate) ? rate : part->rate + weight * (rate - part->rate);
	if (part->end == from->end && part->rate < RATE_NOTHING)
		part->rate = 0;
	from->end = part->end;
	from->ms = now_ms;
}

/* Bit by bit the same, which for a rate that is not known == would deny. */
static bool
looks_same(const struct partition *a, const struct partition *b)
{
	return a->start == b->start && a->end == b->end && memcmp(&a->rate, &b->rate, sizeof(a->rate)) == 0;
}

bool
picture_offsets_at(struct picture *p, size_t topic, uint32_t partition, int64_t start, int64_t end, int64_t now_ms)
{
	struct picture_topic *t = topic < p->ntopics ? &p->topics[topic] : NULL;
	struct partition *part, before;
	bool anew;

	if (!t || partition >= t->npartitions)
		return false;
	part = &t->parts[partition];
	before = *part;
	if (start != OFFSET_UNKNOWN || end == OFFSET_UNKNOWN) {
		p->changed = p->changed || !t->samples[partition].asked_ms;
		t->samples[partition].asked_ms = now_ms;
	}
	if (start == OFFSET_UNKNOWN && end == OFFSET_UNKNOWN)
		return false;
	anew = went_back(part, start, end);
	if (anew) {
		forget_offsets(t, partition);
		begin_anew(t, now_ms);
		if (end != OFFSET_UNKNOWN && start > end)
			start = OFFSET_UNKNOWN;         /* the start was the old topic's, the end is the new one's */
	}
	if (start != OFFSET_UNKNOWN)
		part->start = start;
	if (end != OFFSET_UNKNOWN) {
		part->end = end;
		part->offsets_ms = now_ms;
		measure(part, &t->samples[partition], now_ms);
	}
	p->changed = p->changed || anew || !looks_same(part, &before);
	return anew;
}

/* Where the partition with this id is; ids are 0, 1, 2, … as far as Kafka goes. */
static bool
find_partition(const struct picture_topic *t, int32_t id, uint32_t *at)
{
	struct partition key = { .id = id };
	const struct partition *found;

	if (id >= 0 && (uint32_t)id < t->npartitions && t->parts[id].id == id) {
		*at = (uint32_t)id;
		return true;
	}
	found = t->npartitions ? bsearch(&key, t->parts, t->npartitions, sizeof(key), compare_partitions) : NULL;
	if (found)
		*at = (uint32_t)(found - t->parts);
	return found != NULL;
}

bool
picture_offsets(struct picture *p, const char *topic, int32_t partition, int64_t start, int64_t end, int64_t now_ms)
{
	long index = picture_topic_index(p, topic);
	uint32_t at;

	if (index < 0 || !find_partition(&p->topics[index], partition, &at))
		return false;
	return picture_offsets_at(p, (size_t)index, at, start, end, now_ms);
}

void
picture_topic_config(struct picture *p, const char *topic, unsigned policy, int64_t retention_ms)
{
	long index = picture_topic_index(p, topic);

	if (index < 0)
		return;
	p->changed = p->changed || p->topics[index].policy != policy || p->topics[index].retention_ms != retention_ms;
	p->topics[index].policy = policy;
	p->topics[index].retention_ms = retention_ms;
}

void
picture_topic_gaps(struct picture *p, const char *topic)
{
	long index = picture_topic_index(p, topic);

	if (index < 0)
		return;
	p->changed = p->changed || !p->topics[index].gaps;
	p->topics[index].gaps = true;
}
