/*
 * A coordinator that has moved, or is loading, refuses a question for commits. A real broker does so only for a moment
 * after it was started, so the library's mock cluster does it here.
 */
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "../../src/kafka/session.h"
#include "cmocka_all.h"
#include "topicmon/model/source.h"

#define OFFSET_FETCH 9          /* its number in the protocol */
#define WAIT_MS 10000

struct fixture {
	rd_kafka_t *rk;
	rd_kafka_mock_cluster_t *cluster;
	struct connection conn;
	struct mailbox *inbox;
	struct session *session;
	rd_kafka_queue_t *queue;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char why[256];

	f->rk = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof(why));
	assert_non_null(f->rk);
	f->cluster = rd_kafka_mock_cluster_new(f->rk, 1);
	assert_non_null(f->cluster);
	connection_init(&f->conn);
	free(f->conn.bootstrap);
	f->conn.bootstrap = strdup(rd_kafka_mock_cluster_bootstraps(f->cluster));
	f->inbox = inbox_new(NULL);
	f->session = session_new_groups(&f->conn, "billing", f->inbox, NULL, NULL);
	assert_non_null(f->session);
	f->queue = rd_kafka_queue_new(session_kafka(f->session));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	rd_kafka_queue_destroy(f->queue);
	session_free(f->session);
	mailbox_free(f->inbox);
	connection_fini(&f->conn);
	rd_kafka_mock_cluster_destroy(f->cluster);
	rd_kafka_destroy(f->rk);
	free(f);
	return 0;
}

/* Asks for the commits of a group and waits for the answer, whatever it is. */
static void
ask(struct fixture *f, const char *group)
{
	rd_kafka_ListConsumerGroupOffsets_t *what = rd_kafka_ListConsumerGroupOffsets_new(group, NULL);
	rd_kafka_event_t *ev;

	rd_kafka_ListConsumerGroupOffsets(session_kafka(f->session), &what, 1, NULL, f->queue);
	rd_kafka_ListConsumerGroupOffsets_destroy(what);
	ev = rd_kafka_queue_poll(f->queue, WAIT_MS);
	assert_non_null(ev);
	assert_int_equal(rd_kafka_event_type(ev), RD_KAFKA_EVENT_LISTCONSUMERGROUPOFFSETS_RESULT);
	rd_kafka_event_destroy(ev);
}

/* The program crashed here: the library looks the coordinator up again through the handle's own group. */
static void
a_coordinator_that_has_moved_is_survived(void **state)
{
	struct fixture *f = *state;

	rd_kafka_mock_push_request_errors(f->cluster, OFFSET_FETCH, 2, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
	                                  RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE);
	ask(f, "shipping");
	ask(f, "billing");
	ask(f, "shipping");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_coordinator_that_has_moved_is_survived, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
