/*
 * topics: creates many topics through the Admin API, for measuring what lists them.
 *
 *   bench_topics BOOTSTRAP PREFIX COUNT PARTITIONS MESSAGES
 *
 * The topics are PREFIX0000, PREFIX0001, …, replication 1; the first hundred get 1 to MESSAGES messages (0: none does).
 * Exit: 0 they are there, 1 not.
 */
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH      100
#define TIMEOUT_MS 60000
#define WITH_MESSAGES 100

static rd_kafka_t *
client(const char *bootstrap)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *rk;
	char text[512];

	if (rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, text, sizeof text) != RD_KAFKA_CONF_OK ||
	    (rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text)) == NULL) {
		fprintf(stderr, "bench_topics: %s\n", text);
		exit(1);
	}
	return rk;
}

/* False, and a line on stderr, when one of them could not be created; one that is there already is as good. */
static bool
all_created(rd_kafka_event_t *event)
{
	const rd_kafka_CreateTopics_result_t *result = event != NULL ? rd_kafka_event_CreateTopics_result(event) : NULL;
	const rd_kafka_topic_result_t **topics;
	size_t n;

	if (result == NULL || rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
		fprintf(stderr, "bench_topics: %s\n", event != NULL ? rd_kafka_event_error_string(event) : "no answer");
		return false;
	}
	topics = rd_kafka_CreateTopics_result_topics(result, &n);
	for (size_t i = 0; i < n; i++) {
		rd_kafka_resp_err_t err = rd_kafka_topic_result_error(topics[i]);

		if (err != RD_KAFKA_RESP_ERR_NO_ERROR && err != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
			fprintf(stderr, "bench_topics: %s: %s\n", rd_kafka_topic_result_name(topics[i]),
			        rd_kafka_err2str(err));
			return false;
		}
	}
	return true;
}

static bool
create(rd_kafka_t *rk, const char *prefix, int from, int count, int partitions)
{
	rd_kafka_NewTopic_t *topics[BATCH];
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(rk, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	rd_kafka_event_t *event;
	char name[250], text[512];
	bool ok;

	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%s%04d", prefix, from + i);
		topics[i] = rd_kafka_NewTopic_new(name, partitions, 1, text, sizeof text);
	}
	rd_kafka_AdminOptions_set_request_timeout(options, TIMEOUT_MS, text, sizeof text);
	rd_kafka_AdminOptions_set_operation_timeout(options, TIMEOUT_MS, text, sizeof text);
	rd_kafka_CreateTopics(rk, topics, (size_t)count, options, queue);
	event = rd_kafka_queue_poll(queue, TIMEOUT_MS + 5000);
	ok = all_created(event);
	if (event != NULL)
		rd_kafka_event_destroy(event);
	rd_kafka_NewTopic_destroy_array(topics, (size_t)count);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_queue_destroy(queue);
	return ok;
}

/* Topic i gets 1 + i % most messages. */
static bool
fill(rd_kafka_t *rk, const char *prefix, int count, int most)
{
	char name[250], value[64];

	for (int i = 0; i < count && i < WITH_MESSAGES && most > 0; i++) {
		rd_kafka_topic_t *topic;

		snprintf(name, sizeof name, "%s%04d", prefix, i);
		topic = rd_kafka_topic_new(rk, name, NULL);
		for (int n = 0; n <= i % most; n++) {
			int len = snprintf(value, sizeof value, "{\"n\":%d}", n);

			rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value, (size_t)len, NULL, 0,
			                 NULL);
		}
		rd_kafka_topic_destroy(topic);
	}
	return rd_kafka_flush(rk, TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

int
main(int argc, char **argv)
{
	int count = argc == 6 ? atoi(argv[3]) : 0, partitions = argc == 6 ? atoi(argv[4]) : 0;
	rd_kafka_t *rk;
	bool ok = true;

	if (count < 1 || partitions < 1) {
		fputs("usage: bench_topics BOOTSTRAP PREFIX COUNT PARTITIONS MESSAGES\n", stderr);
		return 2;
	}
	rk = client(argv[1]);
	for (int from = 0; ok && from < count; from += BATCH)
		ok = create(rk, argv[2], from, count - from < BATCH ? count - from : BATCH, partitions);
	ok = ok && fill(rk, argv[2], count, atoi(argv[5]));
	rd_kafka_destroy(rk);
	return ok ? 0 : 1;
}
