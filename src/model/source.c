/* source: see the header. */
#include "topicmon/model/source.h"

void
source_send(struct source *src, struct outbox *out)
{
	for (size_t i = 0; i < out->n; i++)
		src->ops->post(src, &out->reqs[i]);
	out->n = 0;
}

bool
source_stop(struct source *src, int timeout_ms)
{
	return !src || src->ops->stop(src, timeout_ms);
}

static void
fini_event(void *item)
{
	event_fini(item);
}

struct mailbox *
inbox_new(const struct wake *wake)
{
	return mailbox_new(sizeof(struct event), wake, fini_event);
}
