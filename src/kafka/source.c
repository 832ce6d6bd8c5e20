/* kafka_source: see topicmon/kafka/source.h. Here: who gets a request, the operations thread, and the end of it all. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "admin.h"
#include "reader.h"
#include "session.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/kafka/source.h"
#include "topicmon/model/event.h"
#include "watch.h"

#define STOP_STEP_MS 5          /* readers do not say when they end, so they are asked this often */
#define ADMIN_IDLE_MS 10000     /* how long the library's log lines may wait while no operation runs */

/* A REQ_DELAY that runs. */
struct delay {
	uint64_t id;
	int64_t due_ms;
};

/* The operations thread. */
struct ops_thread {
	pthread_t thread;
	const struct connection *conn;
	struct mailbox *inbox;
	const struct wake *on_end;
	struct wake wake;
	struct mailbox *requests;
	atomic_bool stop;
	atomic_bool ended;
	struct delay *delays;   /* the thread's own, as the next two */
	size_t ndelays, delays_cap;
	struct admin *admin;
};

struct kafka_source {
	struct source base;
	struct connection conn;
	struct mailbox *inbox;          /* borrowed */
	struct wake ended;              /* a worker has ended */
	struct watch *watch;            /* NULL: not asked for yet */
	struct ops_thread *ops;         /* NULL: not asked for yet */
	struct reader **readers;
	size_t nreaders, readers_cap;
};

/* In the operations thread. */

static void
answer(struct ops_thread *ops, const struct reply *reply)
{
	struct event ev = { .kind = EV_REPLY };

	ev.reply = *reply;
	mailbox_push(ops->inbox, &ev);
}

static void
add_delay(struct ops_thread *ops, const struct request *req)
{
	if (ops->ndelays == ops->delays_cap) {
		ops->delays_cap = ops->delays_cap ? ops->delays_cap * 2 : 4;
		ops->delays = xreallocarray(ops->delays, ops->delays_cap, sizeof(*ops->delays));
	}
	ops->delays[ops->ndelays++] = (struct delay){ req->id, clock_ms() + (req->delay_ms > 0 ? req->delay_ms : 0) };
}

/* Answers the delays that are over. Returns how long the next one runs, -1: none does. */
static int64_t
fire_delays(struct ops_thread *ops)
{
	int64_t now_ms = clock_ms(), next_ms = -1;
	size_t kept = 0;

	for (size_t i = 0; i < ops->ndelays; i++) {
		struct delay d = ops->delays[i];

		if (d.due_ms <= now_ms) {
			answer(ops, &(struct reply){ .id = d.id, .kind = REQ_DELAY });
			continue;
		}
		if (next_ms < 0 || d.due_ms - now_ms < next_ms)
			next_ms = d.due_ms - now_ms;
		ops->delays[kept++] = d;
	}
	ops->ndelays = kept;
	return next_ms;
}

static void
execute(struct ops_thread *ops, struct request *req)
{
	struct reply reply;

	if (req->kind == REQ_DELAY) {
		add_delay(ops, req);
		return;
	}
	if (!ops->admin)
		ops->admin = admin_new(ops->conn, ops->inbox);
	admin_execute(ops->admin, req, &reply);
	answer(ops, &reply);
	request_fini(req);
}

static void *
ops_main(void *arg)
{
	struct ops_thread *ops = arg;

	while (!atomic_load(&ops->stop)) {
		struct request req;
		int64_t wait_ms;

		while (!atomic_load(&ops->stop) && mailbox_pop(ops->requests, &req)) {
			execute(ops, &req);
			fire_delays(ops);
		}
		wait_ms = fire_delays(ops);
		if (ops->admin) {
			admin_idle(ops->admin);
			if (wait_ms < 0 || wait_ms > ADMIN_IDLE_MS)
				wait_ms = ADMIN_IDLE_MS;
		}
		wake_wait(&ops->wake, wait_ms > INT32_MAX ? INT32_MAX : (int)wait_ms);
	}
	admin_free(ops->admin);
	atomic_store(&ops->ended, true);
	wake_signal(ops->on_end);
	return NULL;
}

static void
fini_request(void *item)
{
	request_fini(item);
}

/* Frees what ops_start made; the thread has ended or never began. */
static void
ops_free(struct ops_thread *ops)
{
	mailbox_free(ops->requests);
	wake_fini(&ops->wake);
	free(ops->delays);
	free(ops);
}

static struct ops_thread *
ops_start(struct kafka_source *ks)
{
	struct ops_thread *ops = xcalloc(1, sizeof(*ops));

	ops->conn = &ks->conn;
	ops->inbox = ks->inbox;
	ops->on_end = &ks->ended;
	wake_init(&ops->wake);
	ops->requests = mailbox_new(sizeof(struct request), &ops->wake, fini_request);
	atomic_init(&ops->stop, false);
	atomic_init(&ops->ended, false);
	if (pthread_create(&ops->thread, NULL, ops_main, ops) == 0)
		return ops;
	ops_free(ops);
	return NULL;
}

/* In the thread of the source's owner. */

/* Forgets the readers that have ended. */
static void
reap(struct kafka_source *ks)
{
	size_t kept = 0;

	for (size_t i = 0; i < ks->nreaders; i++) {
		if (reader_ended(ks->readers[i]))
			reader_free(ks->readers[i]);
		else
			ks->readers[kept++] = ks->readers[i];
	}
	ks->nreaders = kept;
}

static void
open_stream(struct kafka_source *ks, struct request *req)
{
	if (ks->nreaders == ks->readers_cap) {
		ks->readers_cap = ks->readers_cap ? ks->readers_cap * 2 : 4;
		ks->readers = xreallocarray(ks->readers, ks->readers_cap, sizeof(struct reader *));
	}
	ks->readers[ks->nreaders++] = reader_start(&ks->conn, req, ks->inbox);
}

static void
close_stream(struct kafka_source *ks, uint64_t stream)
{
	for (size_t i = 0; i < ks->nreaders; i++) {
		if (reader_id(ks->readers[i]) == stream)
			reader_stop(ks->readers[i]);
	}
}

/* The system gives no further thread: the operation was not begun. */
static void
refuse(struct kafka_source *ks, const struct request *req)
{
	struct event ev = { .kind = EV_REPLY, .reply = { .id = req->id, .kind = req->kind } };

	err_set(&ev.reply.err, ERR_FAILED, "Nothing was done: the system gives no further thread");
	mailbox_push(ks->inbox, &ev);
}

static void
post_watch(struct kafka_source *ks, struct request *req)
{
	if (!ks->watch && req->kind == REQ_WATCH)
		ks->watch = watch_start(&ks->conn, ks->inbox, &ks->ended);
	if (ks->watch)
		watch_post(ks->watch, req);
}

static void
post_ops(struct kafka_source *ks, struct request *req)
{
	if (!ks->ops)
		ks->ops = ops_start(ks);
	if (!ks->ops) {
		refuse(ks, req);
		return;
	}
	mailbox_push(ks->ops->requests, req);
	*req = (struct request){ .kind = REQ_NONE };
}

static void
post(struct source *src, struct request *req)
{
	struct kafka_source *ks = (struct kafka_source *)(void *)src;

	reap(ks);
	switch (req->kind) {
	case REQ_NONE:
	case REQ_COUNT:
		break;
	case REQ_WATCH:
	case REQ_REFRESH:
		post_watch(ks, req);
		break;
	case REQ_STREAM_OPEN:
		open_stream(ks, req);
		break;
	case REQ_STREAM_CLOSE:
		close_stream(ks, req->target);
		break;
	default:
		post_ops(ks, req);
		break;
	}
	request_fini(req);
}

static bool
all_ended(struct kafka_source *ks)
{
	reap(ks);
	return !ks->nreaders && (!ks->watch || watch_ended(ks->watch)) && (!ks->ops || atomic_load(&ks->ops->ended));
}

static void
free_all(struct kafka_source *ks)
{
	watch_free(ks->watch);
	if (ks->ops) {
		pthread_join(ks->ops->thread, NULL);
		ops_free(ks->ops);
	}
	free(ks->readers);
	wake_fini(&ks->ended);
	connection_fini(&ks->conn);
	free(ks);
}

static bool
stop(struct source *src, int timeout_ms)
{
	struct kafka_source *ks = (struct kafka_source *)(void *)src;
	int64_t until_ms = clock_ms() + timeout_ms;

	for (size_t i = 0; i < ks->nreaders; i++)
		reader_stop(ks->readers[i]);
	if (ks->watch)
		watch_stop(ks->watch);
	if (ks->ops) {
		atomic_store(&ks->ops->stop, true);
		wake_signal(&ks->ops->wake);
	}
	while (!all_ended(ks)) {
		int64_t left_ms = until_ms - clock_ms();

		if (left_ms <= 0)
			return false;
		wake_wait(&ks->ended, ks->nreaders && left_ms > STOP_STEP_MS ? STOP_STEP_MS : (int)left_ms);
	}
	free_all(ks);
	return true;
}

struct source *
kafka_source_new(const struct connection *conn, struct mailbox *inbox, struct err *e)
{
	static const struct source_ops ops = { .post = post, .stop = stop };
	struct kafka_source *ks;

	if (!session_check(conn, e))
		return NULL;
	ks = xcalloc(1, sizeof(*ks));
	ks->base.ops = &ops;
	connection_copy(&ks->conn, conn);
	ks->inbox = inbox;
	wake_init(&ks->ended);
	return &ks->base;
}
