/* live: what is measured while messages come: how soon one is on the screen, and how soon a key shows its effect in a flood.
 * A thread of its own hears from the producer when a message was delivered; it and the measuring share atomics only. */
#include "bench.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"

#define GAP_MIN_MS   20
#define GAP_SPAN_MS  180
#define KEY_GAP_MS   30
#define FLOOD_BYTES  "120"
#define SETTLE_MS    3000

struct producer {
	rd_kafka_t *rk;
	rd_kafka_topic_t *topic;
	pthread_t thread;
	atomic_bool stop;
	_Atomic int64_t delivered_us;   /* of the last message; 0: not yet */
};

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque)
{
	struct producer *p = opaque;

	(void)rk;
	if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
		atomic_store(&p->delivered_us, clock_us());
}

static void *
hear(void *arg)
{
	struct producer *p = arg;

	while (!atomic_load(&p->stop))
		rd_kafka_poll(p->rk, 50);
	return NULL;
}

static bool
producer_start(struct producer *p, const char *bootstrap, const char *topic)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char text[512];

	rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap, text, sizeof text);
	rd_kafka_conf_set(conf, "linger.ms", "0", text, sizeof text);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_opaque(conf, p);
	p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
	if (p->rk == NULL) {
		fprintf(stderr, "bench_screen: %s\n", text);
		return false;
	}
	p->topic = rd_kafka_topic_new(p->rk, topic, NULL);
	return pthread_create(&p->thread, NULL, hear, p) == 0;
}

static void
producer_stop(struct producer *p)
{
	atomic_store(&p->stop, true);
	pthread_join(p->thread, NULL);
	rd_kafka_topic_destroy(p->topic);
	rd_kafka_destroy(p->rk);
}

/* Pseudo-random and the same in every run. */
static int
irregular(int span)
{
	static uint32_t state = 20261122;

	state = state * 1664525u + 1013904223u;
	return (int)((state >> 8) % (uint32_t)span);
}

/* Writes one message and waits until it is on the screen: microseconds since its delivery report (below 0 when the screen
 * was faster). False: it never came. */
static bool
one_message(struct producer *p, struct pty_screen *ps, int n, double *ms)
{
	char key[32], value[] = "{\"status\":\"SHIPPED\"}";
	int64_t seen, deadline;

	snprintf(key, sizeof key, "k%05d", n);
	atomic_store(&p->delivered_us, 0);
	if (rd_kafka_produce(p->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value, strlen(value), key, strlen(key),
	                     NULL) != 0)
		return false;
	seen = bench_wait_text(ps, key, DEADLINE_MS);
	deadline = clock_ms() + DEADLINE_MS;
	while (atomic_load(&p->delivered_us) == 0 && clock_ms() < deadline)
		pty_pump(ps, 1);
	if (seen < 0 || atomic_load(&p->delivered_us) == 0)
		return false;
	*ms = (double)(seen - atomic_load(&p->delivered_us)) / 1e3;
	return true;
}

int
bench_live(const char *program, const char *bootstrap, const char *topic, int count)
{
	struct producer p = { .delivered_us = 0 };
	struct figure f = { .n = 0 };
	struct pty_screen *ps;
	double ms;

	if (!producer_start(&p, bootstrap, topic))
		return 1;
	ps = bench_start(program, bootstrap, topic);
	/* The first message opens the connections of both sides; it is not measured. */
	bench_wait_text(ps, "1 broker", DEADLINE_MS);
	bench_pass(ps, 1000);
	if (!one_message(&p, ps, 0, &ms)) {
		not_measured("live", "the first message never came on the screen");
		goto out;
	}
	for (int i = 1; i <= count; i++) {
		bench_pass(ps, GAP_MIN_MS + irregular(GAP_SPAN_MS));
		if (!one_message(&p, ps, i, &ms))
			break;
		figure_add(&f, ms);
	}
	if (f.n == (size_t)count)
		figure_print(&f, "live", "ms");
	else
		not_measured("live", "a message never came on the screen");
	free(f.v);
out:
	bench_end(ps);
	producer_stop(&p);
	return 0;
}

/* All end offsets of the topic summed; -1: the broker does not say. */
static int64_t
messages(const struct producer *p)
{
	const struct rd_kafka_metadata *md;
	int64_t sum = -1;

	if (rd_kafka_metadata(p->rk, 0, p->topic, &md, 5000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		sum = 0;
		for (int i = 0; i < md->topics[0].partition_cnt; i++) {
			int64_t low, high;

			if (rd_kafka_query_watermark_offsets(p->rk, rd_kafka_topic_name(p->topic), i, &low, &high,
			                                     5000) == RD_KAFKA_RESP_ERR_NO_ERROR)
				sum += high;
		}
		rd_kafka_metadata_destroy(md);
	}
	return sum;
}

static pid_t
start_flood(const char *load, const char *bootstrap, const char *topic, int rate)
{
	char rate_text[16], count_text[32];
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(rate_text, sizeof rate_text, "%d", rate);
		snprintf(count_text, sizeof count_text, "%lld", rate * 600LL);
		execl(load, load, bootstrap, topic, count_text, FLOOD_BYTES, rate_text, (char *)NULL);
		_exit(127);
	}
	return pid;
}

struct effect {
	const char *text;
	bool there;
};

static bool
shows(struct pty_screen *ps, const void *arg)
{
	const struct effect *e = arg;

	return pty_find(ps, e->text, NULL, NULL) == e->there;
}

/* The help comes, scrolls by a line, scrolls back, goes; whatever key that is, its effect is to be seen. */
static bool
press_keys(struct pty_screen *ps, int presses, struct figure *f)
{
	static const struct {
		const char *key;
		struct effect effect;
	} steps[] = {
		{ "?", { " 1-", true } }, { "j", { " 2-", true } }, { "k", { " 1-", true } }, { "?", { " 1-", false } },
	};

	for (int i = 0; i < presses; i++) {
		size_t step = (size_t)i % ARRAY_LEN(steps);
		int64_t start, at;

		bench_pass(ps, 5 + irregular(KEY_GAP_MS));
		start = clock_us();
		pty_send(ps, steps[step].key);
		at = bench_wait(ps, shows, &steps[step].effect, DEADLINE_MS);
		if (at < 0)
			return false;
		figure_add(f, (double)(at - start) / 1e3);
	}
	return true;
}

/* What the program itself says that came: "in 198k/s  shown 198k/s …". */
static void
print_meter(struct pty_screen *ps)
{
	for (int y = 0; y < BENCH_ROWS; y++) {
		char *line = pty_line(ps, y), *at = strstr(line, " in "), *end;

		if (at != NULL && (end = strstr(at, "┐")) != NULL) {
			*end = '\0';
			printf("meter\t-\tthe program's meter:%s\n", at);
			y = BENCH_ROWS;
		}
		free(line);
	}
	fflush(stdout);
}

int
bench_keys(const char *program, const char *bootstrap, const char *topic, const char *load, int rate, int presses)
{
	struct producer p = { .delivered_us = 0 };
	struct figure keys = { .n = 0 }, reached = { .n = 0 };
	struct pty_screen *ps;
	int64_t before, after, start, end;
	pid_t flood;

	if (!producer_start(&p, bootstrap, topic))
		return 1;
	ps = bench_start(program, bootstrap, topic);
	flood = start_flood(load, bootstrap, topic, rate);
	bench_wait_text(ps, "1 broker", DEADLINE_MS);
	bench_pass(ps, SETTLE_MS);
	before = messages(&p);
	start = clock_us();
	if (press_keys(ps, presses, &keys))
		figure_print(&keys, "keys", "ms");
	else
		not_measured("keys", "a key never showed its effect");
	free(keys.v);
	after = messages(&p);
	end = clock_us();
	if (before >= 0 && after >= 0) {
		figure_add(&reached, (double)(after - before) * 1e6 / (double)(end - start));
		figure_print(&reached, "flood", "msg/s");
	}
	print_meter(ps);
	kill(flood, SIGKILL);
	waitpid(flood, NULL, 0);
	bench_end(ps);
	producer_stop(&p);
	return 0;
}
