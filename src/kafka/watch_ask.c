/* watch_ask: see the header. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "watch_ask.h"

struct asker {
	pthread_t thread;
	rd_kafka_t *rk;
	struct wake wake;
	struct mailbox *asks;           /* of struct ask * */
	struct mailbox *answers;        /* shared by all, borrowed */
	bool busy;                      /* the watch's */
};

struct answer {
	struct ask *ask;
	struct asker *from;
};

struct askers {
	rd_kafka_t *rk;
	struct mailbox *answers;
	struct asker **v;
	size_t n;
	size_t max;
};

struct ask *
ask_new(enum ask_kind kind)
{
	struct ask *ask = xcalloc(1, sizeof(*ask));

	ask->kind = kind;
	return ask;
}

void
ask_free(struct ask *ask)
{
	if (!ask)
		return;
	if (ask->md)
		rd_kafka_metadata_destroy(ask->md);
	if (ask->list)
		rd_kafka_topic_partition_list_destroy(ask->list);
	free(ask->starts);
	free(ask->only);
	free(ask->cluster_id);
	free(ask);
}

static void
fini_ask(void *item)
{
	ask_free(*(struct ask **)item);
}

static void
fini_answer(void *item)
{
	ask_free(((struct answer *)item)->ask);
}

/* In the threads. */

static void
ask_metadata(rd_kafka_t *rk, struct ask *ask)
{
	rd_kafka_topic_t *rkt = ask->only ? rd_kafka_topic_new(rk, ask->only, NULL) : NULL;
	char *cluster_id;

	if (ask->only && !rkt) {
		ask->code = rd_kafka_last_error();
		return;
	}
	ask->code = rd_kafka_metadata(rk, !rkt, rkt, &ask->md, ask->timeout_ms);
	if (rkt)
		rd_kafka_topic_destroy(rkt);
	if (ask->code)
		return;
	/* Both came with the answer: no waiting. */
	cluster_id = rd_kafka_clusterid(rk, 0);
	ask->cluster_id = xstrdup(cluster_id);
	if (cluster_id)
		rd_kafka_mem_free(rk, cluster_id);
	ask->controller = rd_kafka_controllerid(rk, 0);
}

static rd_kafka_resp_err_t
ask_one_side(rd_kafka_t *rk, struct ask *ask, int64_t which)
{
	for (int i = 0; i < ask->list->cnt; i++)
		ask->list->elems[i].offset = which;
	return rd_kafka_offsets_for_times(rk, ask->list, ask->timeout_ms);
}

/* The start first: asked later, it could be beyond the end that was told before. */
static void
ask_offsets(rd_kafka_t *rk, struct ask *ask)
{
	ask->code = ask_one_side(rk, ask, RD_KAFKA_OFFSET_BEGINNING);
	if (ask->code)
		return;
	for (int i = 0; i < ask->list->cnt; i++)
		ask->starts[i] = ask->list->elems[i].err ? -1 : ask->list->elems[i].offset;
	ask->asked_ms = clock_ms();
	ask->code = ask_one_side(rk, ask, RD_KAFKA_OFFSET_END);
}

static void *
asker_main(void *arg)
{
	struct asker *a = arg;
	struct answer answer = { .from = a };

	for (;;) {
		while (mailbox_pop(a->asks, &answer.ask)) {
			answer.ask->begun_ms = clock_ms();
			if (answer.ask->kind == ASK_QUIT) {
				ask_free(answer.ask);
				return NULL;
			}
			if (answer.ask->kind == ASK_METADATA)
				ask_metadata(a->rk, answer.ask);
			else
				ask_offsets(a->rk, answer.ask);
			mailbox_push(a->answers, &answer);
		}
		wake_wait(&a->wake, -1);
	}
}

/* In the watch. */

struct askers *
askers_new(rd_kafka_t *rk, const struct wake *wake, size_t max)
{
	struct askers *as = xcalloc(1, sizeof(*as));

	as->rk = rk;
	as->max = max;
	as->v = xcalloc(max, sizeof(*as->v));
	as->answers = mailbox_new(sizeof(struct answer), wake, fini_answer);
	return as;
}

static void
asker_free(struct asker *a)
{
	mailbox_free(a->asks);
	wake_fini(&a->wake);
	free(a);
}

static struct asker *
asker_start(struct askers *as)
{
	struct asker *a = xcalloc(1, sizeof(*a));

	a->rk = as->rk;
	a->answers = as->answers;
	wake_init(&a->wake);
	a->asks = mailbox_new(sizeof(struct ask *), &a->wake, fini_ask);
	if (pthread_create(&a->thread, NULL, asker_main, a) == 0)
		return a;
	asker_free(a);
	return NULL;
}

static struct asker *
find_idle(const struct askers *as)
{
	for (size_t i = 0; i < as->n; i++) {
		if (!as->v[i]->busy)
			return as->v[i];
	}
	return NULL;
}

bool
askers_idle(const struct askers *as)
{
	return as->n < as->max || find_idle(as);
}

void
askers_ask(struct askers *as, struct ask *ask)
{
	struct asker *a = find_idle(as);

	if (!a && as->n < as->max && (a = asker_start(as)))
		as->v[as->n++] = a;
	if (!a) {
		/* The system gives no further thread: the answer says so, and those that there are must do. */
		struct answer answer = { .ask = ask };

		as->max = as->n ? as->n : as->max;
		ask->code = RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
		mailbox_push(as->answers, &answer);
		return;
	}
	a->busy = true;
	mailbox_push(a->asks, &ask);
}

struct ask *
askers_answer(struct askers *as)
{
	struct answer answer;

	if (!mailbox_pop(as->answers, &answer))
		return NULL;
	if (answer.from)
		answer.from->busy = false;
	return answer.ask;
}

void
askers_free(struct askers *as)
{
	if (!as)
		return;
	for (size_t i = 0; i < as->n; i++) {
		struct ask *quit = ask_new(ASK_QUIT);

		mailbox_push(as->v[i]->asks, &quit);
	}
	for (size_t i = 0; i < as->n; i++) {
		pthread_join(as->v[i]->thread, NULL);
		asker_free(as->v[i]);
	}
	mailbox_free(as->answers);
	free(as->v);
	free(as);
}
