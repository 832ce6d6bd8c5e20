/* request, outbox, source_send, event_fini: who owns what, under the sanitizers. */
#include <string.h>

#include "cmocka_all.h"

#include "topicmon/base/mem.h"
#include "topicmon/model/event.h"
#include "topicmon/model/picture.h"
#include "topicmon/model/source.h"

static void
requests_begin_empty(void **state)
{
	struct request req;

	(void)state;
	request_init(&req, REQ_STREAM_OPEN);
	assert_int_equal(req.stream.partition, -1);
	assert_int_equal(req.stream.from, FROM_END);
	assert_int_equal(req.stream.until, UNTIL_NEVER);
	request_fini(&req);
	request_init(&req, REQ_PRODUCE);
	assert_int_equal(req.produce.partition, -1);
	assert_null(req.produce.key);
	request_fini(&req);
	request_init(&req, REQ_TOPIC_CREATE);
	assert_int_equal(req.create.spec.partitions, -1);
	assert_int_equal(req.create.spec.replication, -1);
	request_fini(&req);
	assert_int_equal(req.kind, REQ_NONE);
}

static void
an_outbox_takes_over_and_numbers(void **state)
{
	struct outbox out;
	struct request req;
	uint64_t ids[20];

	(void)state;
	outbox_init(&out);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		request_init(&req, REQ_WATCH);
		req.watch.focus = xstrdup("orders");
		strvec_push(&req.watch.visible, "orders");
		ids[i] = outbox_add(&out, &req);
		assert_int_equal(req.kind, REQ_NONE);
		assert_null(req.watch.focus);
		assert_true(ids[i] != 0);
		if (i > 0)
			assert_true(ids[i] > ids[i - 1]);
	}
	assert_int_equal(out.n, ARRAY_LEN(ids));
	assert_string_equal(out.reqs[19].watch.focus, "orders");
	assert_true(out.reqs[19].id == ids[19]);
	outbox_fini(&out);
	assert_int_equal(out.n, 0);
}

static void
short_forms_say_what_they_mean(void **state)
{
	struct outbox out;

	(void)state;
	outbox_init(&out);
	outbox_topic(&out, REQ_TOPIC_DELETE, "orders");
	outbox_delay(&out, 50);
	outbox_close_stream(&out, 7);
	assert_int_equal(out.reqs[0].kind, REQ_TOPIC_DELETE);
	assert_string_equal(out.reqs[0].topic.name, "orders");
	assert_int_equal(out.reqs[1].kind, REQ_DELAY);
	assert_int_equal(out.reqs[1].delay_ms, 50);
	assert_int_equal(out.reqs[2].kind, REQ_STREAM_CLOSE);
	assert_int_equal(out.reqs[2].target, 7);
	outbox_fini(&out);
}

static void
a_topic_spec_is_copied_whole(void **state)
{
	struct topic_spec spec, copy;

	(void)state;
	topic_spec_init(&spec);
	spec.name = xstrdup("orders");
	spec.partitions = 3;
	topic_spec_add_config(&spec, "retention.ms", "1000");
	topic_spec_add_config(&spec, "cleanup.policy", "compact");
	topic_spec_copy(&copy, &spec);
	topic_spec_fini(&spec);
	assert_null(spec.name);
	assert_string_equal(copy.name, "orders");
	assert_int_equal(copy.partitions, 3);
	assert_int_equal(copy.replication, -1);
	assert_int_equal(copy.config_names.n, 2);
	assert_string_equal(copy.config_names.v[1], "cleanup.policy");
	assert_string_equal(copy.config_values.v[1], "compact");
	topic_spec_fini(&copy);
}

static void
every_request_lets_go_of_what_it_owns(void **state)
{
	struct outbox out;
	struct request req;

	(void)state;
	outbox_init(&out);
	for (int kind = REQ_NONE; kind < REQ_COUNT; kind++) {
		request_init(&req, kind);
		switch (req.kind) {
		case REQ_WATCH:
			req.watch.only = xstrdup("a");
			req.watch.focus = xstrdup("a");
			strvec_push(&req.watch.visible_groups, "g");
			break;
		case REQ_STREAM_OPEN:
			strvec_push(&req.stream.topics, "a");
			break;
		case REQ_TOPIC_CREATE:
			req.create.spec.name = xstrdup("a");
			topic_spec_add_config(&req.create.spec, "k", "v");
			break;
		case REQ_GROUP_COMMIT:
			req.commit.group = xstrdup("g");
			req.commit.topic = xstrdup("a");
			req.commit.offsets = xcalloc(1, sizeof(int64_t));
			break;
		case REQ_PRODUCE:
			req.produce.topic = xstrdup("a");
			req.produce.key = xstrdup("k");
			req.produce.value = xstrdup("v");
			strvec_push(&req.produce.header_names, "h");
			strvec_push(&req.produce.header_values, "x");
			break;
		case REQ_TOPIC_READ:
		case REQ_TOPIC_OFFSETS:
		case REQ_TOPIC_GROUPS:
		case REQ_TOPIC_DELETE:
		case REQ_TOPIC_EVIDENCE:
			req.topic.name = xstrdup("a");
			break;
		default:
			break;
		}
		outbox_add(&out, &req);
	}
	outbox_fini(&out);
}

/* A source that only counts. */
struct counting_source {
	struct source base;
	int posted;
	int stopped;
};

static void
count_post(struct source *src, struct request *req)
{
	((struct counting_source *)src)->posted++;
	request_fini(req);
}

static bool
count_stop(struct source *src, int timeout_ms)
{
	((struct counting_source *)src)->stopped = timeout_ms;
	return true;
}

static void
a_source_gets_everything_once(void **state)
{
	static const struct source_ops ops = { .post = count_post, .stop = count_stop };
	struct counting_source src = { .base = { &ops } };
	struct outbox out;

	(void)state;
	outbox_init(&out);
	outbox_topic(&out, REQ_TOPIC_READ, "a");
	outbox_delay(&out, 1);
	source_send(&src.base, &out);
	source_send(&src.base, &out);
	assert_int_equal(src.posted, 2);
	assert_int_equal(out.n, 0);
	assert_true(source_stop(&src.base, 42));
	assert_int_equal(src.stopped, 42);
	assert_true(source_stop(NULL, 1));
	outbox_fini(&out);
}

static struct event
group_reply(void)
{
	struct event ev = { .kind = EV_REPLY, .reply = { .kind = REQ_TOPIC_GROUPS } };
	struct reply_group *g = xcalloc(1, sizeof(*g));

	g->name = xstrdup("g");
	g->members = xcalloc(1, sizeof(*g->members));
	g->nmembers = 1;
	g->members[0] = (struct reply_member){ xstrdup("id"), xstrdup("client"), xstrdup("host") };
	g->committed = xcalloc(3, sizeof(int64_t));
	ev.reply.groups.v = g;
	ev.reply.groups.n = 1;
	return ev;
}

/* What is still inside when an inbox is freed must not leak: that is how every program ends. */
static void
an_inbox_lets_go_of_events(void **state)
{
	struct picture *p = picture_new();
	struct mailbox *inbox = inbox_new(NULL);
	struct event ev[] = {
		{ .kind = EV_SNAPSHOT, .snapshot = picture_freeze(p, 1, 1) },
		{ .kind = EV_SEGMENT, .segment = { .seg = segment_new(16) } },
		{ .kind = EV_STREAM, .stream = { .note = xstrdup("note") } },
		{ .kind = EV_LOG, .log = { .text = xstrdup("line") } },
		{ .kind = EV_REPLY, .reply = { .kind = REQ_TOPIC_READ, .shape = { .spec = { .name = xstrdup("a") } } } },
		{ .kind = EV_REPLY, .reply = { .kind = REQ_TOPIC_OFFSETS } },
		group_reply(),
		{ .kind = EV_KEY },
	};
	struct event got;

	(void)state;
	ev[5].reply.offsets.start = xcalloc(1, sizeof(int64_t));
	ev[5].reply.offsets.end = xcalloc(1, sizeof(int64_t));
	picture_free(p);
	for (size_t i = 0; i < ARRAY_LEN(ev); i++)
		mailbox_push(inbox, &ev[i]);
	assert_true(mailbox_pop(inbox, &got));
	assert_int_equal(got.kind, EV_SNAPSHOT);
	event_fini(&got);
	assert_int_equal(got.kind, EV_NONE);
	event_fini(&got);
	mailbox_free(inbox);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_begin_empty),
		cmocka_unit_test(an_outbox_takes_over_and_numbers),
		cmocka_unit_test(short_forms_say_what_they_mean),
		cmocka_unit_test(a_topic_spec_is_copied_whole),
		cmocka_unit_test(every_request_lets_go_of_what_it_owns),
		cmocka_unit_test(a_source_gets_everything_once),
		cmocka_unit_test(an_inbox_lets_go_of_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
