/*
 * load: writes JSON messages to a topic at a rate, for measuring what reads them. The topic must be there.
 *
 *   bench_load BOOTSTRAP TOPIC COUNT BYTES RATE       RATE 0: as fast as it goes
 *
 * A message is {"order_id":N,"sent_us":T,"status":"SHIPPED","note":"xxx…"} of BYTES bytes; sent_us is the wall clock in
 * microseconds. Prints how many were delivered and the rate.
 */
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH_US 5000

static long long delivered;

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
	(void)rk;
	(void)opaque;
	if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
		delivered++;
}

static long long
now_us(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static rd_kafka_t *
producer(const char *bootstrap)
{
	static const char *const settings[][2] = {
		{ "linger.ms", "5" }, { "queue.buffering.max.messages", "2000000" },
		{ "batch.num.messages", "10000" }, { "allow.auto.create.topics", "false" },
	};
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char text[512];

	rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, text, sizeof text);
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
		rd_kafka_conf_set(conf, settings[i][0], settings[i][1], text, sizeof text);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	return rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
}

/* Writes message n; false: the queue is full, try again. */
static bool
write_one(rd_kafka_topic_t *topic, long long n, char *value, size_t size)
{
	char key[32];
	int key_len = snprintf(key, sizeof key, "o%lld", n);
	int len = snprintf(value, size + 1, "{\"order_id\":%lld,\"sent_us\":%lld,\"status\":\"%s\",\"note\":\"", n,
	                   now_us(CLOCK_REALTIME), n % 4 == 0 ? "SHIPPED" : "PACKED");

	if ((size_t)len + 2 < size)
		memset(value + len, 'x', size - (size_t)len - 2);
	memcpy(value + size - 2, "\"}", 2);
	return rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value, size, key, (size_t)key_len,
	                        NULL) == 0;
}

int
main(int argc, char **argv)
{
	long long count = argc == 6 ? atoll(argv[3]) : 0, rate = argc == 6 ? atoll(argv[5]) : 0, start, elapsed;
	size_t size = argc == 6 ? (size_t)atoll(argv[4]) : 0;
	rd_kafka_topic_t *topic;
	char *value;
	rd_kafka_t *rk;

	if (count < 1 || size < 100) {
		fprintf(stderr, "usage: bench_load BOOTSTRAP TOPIC COUNT BYTES RATE (BYTES from 100)\n");
		return 2;
	}
	rk = producer(argv[1]);
	if (rk == NULL)
		return 1;
	topic = rd_kafka_topic_new(rk, argv[2], NULL);
	value = malloc(size + 1);
	start = now_us(CLOCK_MONOTONIC);
	for (long long n = 0; n < count;) {
		long long due = rate == 0 ? count : (now_us(CLOCK_MONOTONIC) - start + BATCH_US) * rate / 1000000;

		while (n < count && n < due && write_one(topic, n, value, size))
			n++;
		rd_kafka_poll(rk, n < due ? 1 : BATCH_US / 1000);
	}
	rd_kafka_flush(rk, 30000);
	elapsed = now_us(CLOCK_MONOTONIC) - start;
	printf("%lld delivered, %.0f a second\n", delivered, (double)delivered * 1e6 / (double)elapsed);
	free(value);
	rd_kafka_topic_destroy(topic);
	rd_kafka_destroy(rk);
	return delivered == count ? 0 : 1;
}
