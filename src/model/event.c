/* event: see the header. */
#include <stdlib.h>

#include "topicmon/model/event.h"

static void
reply_groups_fini(struct reply *reply)
{
	for (size_t i = 0; i < reply->groups.n; i++) {
		struct reply_group *g = &reply->groups.v[i];

		for (size_t k = 0; k < g->nmembers; k++) {
			free(g->members[k].id);
			free(g->members[k].client_id);
			free(g->members[k].host);
		}
		free(g->members);
		free(g->committed);
		free(g->name);
	}
	free(reply->groups.v);
}

static void
reply_fini(struct reply *reply)
{
	switch (reply->kind) {
	case REQ_TOPIC_READ:
		topic_spec_fini(&reply->shape.spec);
		strvec_fini(&reply->shape.unreadable);
		break;
	case REQ_TOPIC_OFFSETS:
		free(reply->offsets.start);
		free(reply->offsets.end);
		break;
	case REQ_TOPIC_GROUPS:
		reply_groups_fini(reply);
		break;
	default:
		break;
	}
}

void
event_fini(struct event *ev)
{
	switch (ev->kind) {
	case EV_SNAPSHOT:
		snapshot_unref(ev->snapshot);
		break;
	case EV_SEGMENT:
		segment_unref(ev->segment.seg);
		break;
	case EV_STREAM:
		free(ev->stream.note);
		break;
	case EV_REPLY:
		reply_fini(&ev->reply);
		break;
	case EV_LOG:
		free(ev->log.text);
		break;
	default:
		break;
	}
	*ev = (struct event){ .kind = EV_NONE };
}
