/* fake_source: see the header. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fake_source.h"
#include "topicmon/base/mem.h"

struct fake_source {
	struct source base;
	struct mailbox *inbox;
	fake_answer *answer;
	void *ctx;
	struct request *posts;
	size_t n, cap;
};

static struct fake_source *
fake(const struct source *src)
{
	union {
		const struct source *in;
		struct fake_source *out;
	} u = { .in = src };

	return u.out;
}

static void
post(struct source *src, struct request *req)
{
	struct fake_source *f = fake(src);
	struct event ev;

	if (f->n == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 16;
		f->posts = xreallocarray(f->posts, f->cap, sizeof(*f->posts));
	}
	f->posts[f->n++] = *req;
	request_init(req, REQ_NONE);
	if (!f->answer)
		return;
	memset(&ev, 0, sizeof(ev));
	ev.kind = EV_REPLY;
	ev.reply.id = f->posts[f->n - 1].id;
	ev.reply.kind = f->posts[f->n - 1].kind;
	if (f->answer(f->ctx, &f->posts[f->n - 1], &ev))
		mailbox_push(f->inbox, &ev);
}

static bool
stop(struct source *src, int timeout_ms)
{
	struct fake_source *f = fake(src);

	(void)timeout_ms;
	fake_source_forget(src);
	free(f->posts);
	free(f);
	return true;
}

static const struct source_ops fake_ops = { .post = post, .stop = stop };

struct source *
fake_source_new(struct mailbox *inbox, fake_answer *answer, void *ctx)
{
	struct fake_source *f = xcalloc(1, sizeof(*f));

	f->base.ops = &fake_ops;
	f->inbox = inbox;
	f->answer = answer;
	f->ctx = ctx;
	return &f->base;
}

void
fake_source_answer_with(struct source *src, fake_answer *answer, void *ctx)
{
	fake(src)->answer = answer;
	fake(src)->ctx = ctx;
}

size_t
fake_source_nposts(const struct source *src)
{
	return fake(src)->n;
}

const struct request *
fake_source_post(const struct source *src, size_t i)
{
	assert(i < fake(src)->n);
	return &fake(src)->posts[i];
}

size_t
fake_source_count(const struct source *src, enum request_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < fake(src)->n; i++)
		n += fake(src)->posts[i].kind == kind;
	return n;
}

const struct request *
fake_source_last(const struct source *src, enum request_kind kind)
{
	for (size_t i = fake(src)->n; i-- > 0;) {
		if (fake(src)->posts[i].kind == kind)
			return &fake(src)->posts[i];
	}
	return NULL;
}

void
fake_source_forget(struct source *src)
{
	struct fake_source *f = fake(src);

	for (size_t i = 0; i < f->n; i++)
		request_fini(&f->posts[i]);
	f->n = 0;
}

void
fake_source_push(struct source *src, const struct event *ev)
{
	mailbox_push(fake(src)->inbox, ev);
}
