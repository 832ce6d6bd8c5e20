/*
 * topicmon-orders: the actors of the demo. "feed" is a shop that publishes what becomes of its
 * orders, "receive" is one of the departments that subscribe. Ordinary Kafka clients, to be watched
 * by topicmon; they share no code with it.
 *
 * Neither ever creates a topic: both wait for it. Both end within a second of SIGTERM or SIGINT.
 * Lines of --out, flushed one by one: "partition offset key"; for a feed, when the broker has
 * acknowledged the message. Exit: 0 done, 1 it failed, 2 wrong options.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>

#include "shop.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum {
	POLL_MS = 100,          /* how late a signal may be seen */
	END_MS = 500,           /* what an ending feed may still wait for its broker */
	METADATA_MS = 300,
};

struct options {
	bool feed;
	const char *bootstrap;
	const char *topic;
	const char *group;
	const char *client_id;
	const char *out_path;
	char *resolve_host;     /* owned; NULL: none */
	const char *resolve_addr;       /* points into resolve_host */
	double rate;            /* messages a second */
	int64_t count;          /* 0: until a signal */
	uint64_t seed;
	FILE *out;
};

static volatile sig_atomic_t stop_requested;

static void
on_stop(int sig)
{
	(void)sig;
	stop_requested = 1;
	/* A client whose broker is dead can hang while it closes: then SIGALRM ends us. */
	alarm(1);
}

/* Ends us although the library hangs: after a signal the alarm runs already. */
static void
bound_the_end(void)
{
	if (!stop_requested)
		alarm(1);
}

static void
on_alarm(int sig)
{
	(void)sig;
	_exit(EXIT_SUCCESS);
}

static void PRINTF_LIKE(1, 2)
complain(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("topicmon-orders: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* ---- Kafka, both ways ---- */

static bool
set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char text[256];

	if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) == RD_KAFKA_CONF_OK)
		return true;
	complain("%s", text);
	return false;
}

/* --resolve: one host name is reached at an address of the user's choice. librdkafka frees the
 * result by a call without names. */
static int
resolve(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **res,
    void *opaque)
{
	const struct options *opt = opaque;

	if (node == NULL && service == NULL) {
		freeaddrinfo(*res);
		return 0;
	}
	if (node != NULL && strcmp(node, opt->resolve_host) == 0)
		node = opt->resolve_addr;
	return getaddrinfo(node, service, hints, res);
}

static void
write_line(FILE *out, int32_t partition, int64_t offset, const void *key, size_t key_len)
{
	if (out != NULL)
		fprintf(out, "%" PRId32 " %" PRId64 " %.*s\n", partition, offset, (int)key_len,
		    key != NULL ? (const char *)key : "");
}

/* A configuration with what both ways share, or NULL after a complaint. */
static rd_kafka_conf_t *
new_conf(struct options *opt)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool ok;

	rd_kafka_conf_set_opaque(conf, opt);
	if (opt->resolve_host != NULL)
		rd_kafka_conf_set_resolve_cb(conf, resolve);
	ok = set(conf, "bootstrap.servers", opt->bootstrap) &&
	    set(conf, "client.id", opt->client_id) &&
	    /* Documented as a consumer's property, but the producer obeys it too (and warns). */
	    set(conf, "allow.auto.create.topics", "false") &&
	    /* A topic that is cleared or made again is found within seconds. */
	    set(conf, "topic.metadata.refresh.interval.ms", "2000") &&
	    set(conf, "reconnect.backoff.max.ms", "1000");
	if (!ok) {
		rd_kafka_conf_destroy(conf);
		return NULL;
	}
	return conf;
}

/* The client, which owns conf from now on; NULL after a complaint. */
static rd_kafka_t *
new_client(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
	char text[256];
	rd_kafka_t *rk = rd_kafka_new(type, conf, text, sizeof(text));

	if (rk == NULL) {
		complain("%s", text);
		rd_kafka_conf_destroy(conf);
	}
	return rk;
}

/* ---- feed ---- */

struct feed {
	struct options *opt;
	struct shop shop;
	rd_kafka_t *rk;
	int64_t issued;         /* given to the library and not failed */
	int64_t delivered;
	int64_t failed;
	bool known;             /* the topic was there when last looked for */
};

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct feed *f = opaque;

	(void)rk;
	if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
		f->failed++;
		f->issued--;
		f->known = false;
		if (f->failed % 100 == 1)
			complain("not delivered (%" PRId64 " so far): %s", f->failed,
			    rd_kafka_err2str(m->err));
		return;
	}
	f->delivered++;
	write_line(f->opt->out, m->partition, m->offset, m->key, m->key_len);
}

/* Asks for all topics: a request that names a topic which is not there could create it. */
static bool
topic_is_known(rd_kafka_t *rk, const char *topic)
{
	const struct rd_kafka_metadata *md;
	bool found = false;

	if (rd_kafka_metadata(rk, 1, NULL, &md, METADATA_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return false;
	for (int i = 0; i < md->topic_cnt && !found; i++)
		found = strcmp(md->topics[i].topic, topic) == 0 && md->topics[i].partition_cnt > 0;
	rd_kafka_metadata_destroy(md);
	return found;
}

static void
feed_one(struct feed *f)
{
	struct order order;
	char key[32], trace[33], value[ORDER_JSON_MAX];
	const char *json = "application/json", *source;
	rd_kafka_error_t *error;

	shop_step(&f->shop, &order);
	source = order.status < PACKED || order.status == CANCELLED ? "web-shop" : "warehouse";
	snprintf(key, sizeof(key), "o%" PRId64, order.id);
	snprintf(trace, sizeof(trace), "%016" PRIx64 "%016" PRIx64, shop_random(&f->shop),
	    shop_random(&f->shop));
	order_json(&order, value);

	const rd_kafka_vu_t message[] = {
		{ .vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = f->opt->topic },
		{ .vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY },
		{ .vtype = RD_KAFKA_VTYPE_KEY, .u.mem = { key, strlen(key) } },
		{ .vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = { value, strlen(value) } },
		{ .vtype = RD_KAFKA_VTYPE_HEADER, .u.header = { "source", source, -1 } },
		{ .vtype = RD_KAFKA_VTYPE_HEADER, .u.header = { "trace_id", trace, -1 } },
		{ .vtype = RD_KAFKA_VTYPE_HEADER, .u.header = { "content_type", json, -1 } },
	};
	error = rd_kafka_produceva(f->rk, message, ARRAY_LEN(message));
	if (error == NULL)
		f->issued++;
	else if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__QUEUE_FULL)
		f->known = false;
	rd_kafka_error_destroy(error);
}

static bool
feed_wants_more(const struct feed *f)
{
	return f->known && (f->opt->count == 0 || f->issued < f->opt->count);
}

/* A steady pace with a jitter of a fifth. Nothing is made while the topic is known to be away. */
static void
feed_loop(struct feed *f)
{
	const int64_t step_us = (int64_t)(1e6 / f->opt->rate);
	int64_t due = now_us();

	while (!stop_requested && (f->opt->count == 0 || f->delivered < f->opt->count)) {
		int64_t now;
		int wait_ms = POLL_MS;

		if (!f->known) {
			f->known = topic_is_known(f->rk, f->opt->topic);
			due = now_us();
		}
		now = now_us();
		while (feed_wants_more(f) && due <= now) {
			feed_one(f);
			due += step_us * 4 / 5 + step_us * 2 / 5 * shop_pick(&f->shop, 1000) / 1000;
		}
		if (feed_wants_more(f) && due - now < POLL_MS * 1000)
			wait_ms = (int)((due - now + 999) / 1000);
		rd_kafka_poll(f->rk, wait_ms);
	}
}

static int
feed(struct options *opt)
{
	struct feed f = { .opt = opt };
	rd_kafka_conf_t *conf = new_conf(opt);

	if (conf == NULL)
		return EXIT_FAILURE;
	shop_init(&f.shop, opt->seed);
	rd_kafka_conf_set_opaque(conf, &f);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	f.rk = new_client(RD_KAFKA_PRODUCER, conf);
	if (f.rk == NULL)
		return EXIT_FAILURE;
	feed_loop(&f);
	rd_kafka_flush(f.rk, END_MS);
	printf("published %" PRId64 ", failed %" PRId64 ", given up %d\n", f.delivered, f.failed,
	    rd_kafka_outq_len(f.rk));
	fflush(NULL);
	bound_the_end();
	rd_kafka_destroy(f.rk);
	return EXIT_SUCCESS;
}

/* ---- receive ---- */

/* A group member as most are: latest when there is no commit, and it commits by itself, often. */
static rd_kafka_t *
new_receiver(struct options *opt)
{
	rd_kafka_conf_t *conf = new_conf(opt);
	rd_kafka_t *rk;

	if (conf == NULL)
		return NULL;
	if (!set(conf, "group.id", opt->group) || !set(conf, "auto.offset.reset", "latest") ||
	    !set(conf, "auto.commit.interval.ms", "200") ||
	    !set(conf, "session.timeout.ms", "6000") ||
	    !set(conf, "heartbeat.interval.ms", "1000")) {
		rd_kafka_conf_destroy(conf);
		return NULL;
	}
	rk = new_client(RD_KAFKA_CONSUMER, conf);
	if (rk != NULL)
		rd_kafka_poll_set_consumer(rk);
	return rk;
}

static int64_t
receive_loop(struct options *opt, rd_kafka_t *rk)
{
	int64_t received = 0;

	while (!stop_requested && (opt->count == 0 || received < opt->count)) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, POLL_MS);

		if (m == NULL)
			continue;
		if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
			received++;
			write_line(opt->out, m->partition, m->offset, m->key, m->key_len);
		} else if (m->err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
			complain("%s", rd_kafka_message_errstr(m));
		}
		rd_kafka_message_destroy(m);
	}
	return received;
}

static int
receive(struct options *opt)
{
	rd_kafka_t *rk = new_receiver(opt);
	rd_kafka_topic_partition_list_t *topics;
	rd_kafka_resp_err_t err;
	int64_t received = 0;

	if (rk == NULL)
		return EXIT_FAILURE;
	topics = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(topics, opt->topic, RD_KAFKA_PARTITION_UA);
	err = rd_kafka_subscribe(rk, topics);
	rd_kafka_topic_partition_list_destroy(topics);
	if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
		received = receive_loop(opt, rk);
		printf("received %" PRId64 "\n", received);
	} else {
		complain("cannot subscribe to %s: %s", opt->topic, rd_kafka_err2str(err));
	}
	fflush(NULL);
	/* Closing commits, leaves the group, and waits for a broker that may be dead. */
	bound_the_end();
	rd_kafka_consumer_close(rk);
	rd_kafka_destroy(rk);
	return err == RD_KAFKA_RESP_ERR_NO_ERROR ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- options ---- */

static const char usage_text[] =
	"usage: topicmon-orders feed    --topic T --rate N [--count N] [--seed N] [COMMON]\n"
	"       topicmon-orders receive --topic T --group G [--count N] [COMMON]\n"
	"COMMON: [--bootstrap-server LIST] [--resolve HOST=ADDR] [--client-id C] [--out FILE]\n"
	"--count: a feed ends after N acknowledged messages, a receiver after N received ones.\n";

static const struct option long_options[] = {
	{ "bootstrap-server", required_argument, NULL, 'b' },
	{ "topic", required_argument, NULL, 't' },
	{ "rate", required_argument, NULL, 'r' },
	{ "count", required_argument, NULL, 'c' },
	{ "seed", required_argument, NULL, 's' },
	{ "group", required_argument, NULL, 'g' },
	{ "client-id", required_argument, NULL, 'i' },
	{ "out", required_argument, NULL, 'o' },
	{ "resolve", required_argument, NULL, 'R' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static bool
parse_count(const char *name, const char *text, int64_t *n)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || v <= 0) {
		complain("--%s %s: a whole number above 0 is needed", name, text);
		return false;
	}
	*n = v;
	return true;
}

static bool
parse_rate(const char *text, double *rate)
{
	char *end;

	*rate = strtod(text, &end);
	if (end != text && *end == '\0' && *rate >= 0.01 && *rate <= 1e6)
		return true;
	complain("--rate %s: messages a second, from 0.01 to 1000000, are needed", text);
	return false;
}

static bool
parse_resolve(const char *text, struct options *opt)
{
	char *eq;

	free(opt->resolve_host);
	opt->resolve_host = strdup(text);
	eq = opt->resolve_host != NULL ? strchr(opt->resolve_host, '=') : NULL;
	if (eq == NULL || eq == opt->resolve_host || eq[1] == '\0') {
		complain("--resolve %s: HOST=ADDR is needed", text);
		return false;
	}
	*eq = '\0';
	opt->resolve_addr = eq + 1;
	return true;
}

/* One option; false after a complaint. */
static bool
parse_one(int c, struct options *opt)
{
	int64_t n;

	switch (c) {
	case 'b': opt->bootstrap = optarg; return true;
	case 't': opt->topic = optarg; return true;
	case 'g': opt->group = optarg; return true;
	case 'i': opt->client_id = optarg; return true;
	case 'o': opt->out_path = optarg; return true;
	case 'r': return parse_rate(optarg, &opt->rate);
	case 'c': return parse_count("count", optarg, &opt->count);
	case 'R': return parse_resolve(optarg, opt);
	case 's':
		if (!parse_count("seed", optarg, &n))
			return false;
		opt->seed = (uint64_t)n;
		return true;
	case 'h':
		fputs(usage_text, stdout);
		exit(EXIT_SUCCESS);
	default:
		return false;
	}
}

static bool
parse_options(int argc, char **argv, struct options *opt)
{
	int c;

	if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage_text, stdout);
		exit(EXIT_SUCCESS);
	}
	if (argc < 2 || (strcmp(argv[1], "feed") != 0 && strcmp(argv[1], "receive") != 0)) {
		complain("the first word is feed or receive");
		return false;
	}
	opt->feed = strcmp(argv[1], "feed") == 0;
	optind = 2;
	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (!parse_one(c, opt))
			return false;
	}
	if (optind < argc) {
		complain("%s is one word too many", argv[optind]);
		return false;
	}
	if (opt->topic == NULL || (opt->feed ? opt->rate <= 0 : opt->group == NULL)) {
		complain("%s needs --topic and --%s", argv[1], opt->feed ? "rate" : "group");
		return false;
	}
	if (opt->client_id == NULL)
		opt->client_id = opt->feed ? "orders-feed" : opt->group;
	return true;
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sa.sa_handler = on_alarm;
	sigaction(SIGALRM, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

int
main(int argc, char **argv)
{
	struct options opt = { .bootstrap = "localhost:9092" };
	int status;

	if (!parse_options(argc, argv, &opt)) {
		fputs(usage_text, stderr);
		free(opt.resolve_host);
		return 2;
	}
	if (opt.seed == 0)
		opt.seed = (uint64_t)now_us() | 1;
	if (opt.out_path != NULL) {
		opt.out = fopen(opt.out_path, "a");
		if (opt.out == NULL) {
			complain("cannot write %s: %s", opt.out_path, strerror(errno));
			free(opt.resolve_host);
			return EXIT_FAILURE;
		}
		setvbuf(opt.out, NULL, _IOLBF, BUFSIZ);
	}
	catch_signals();
	status = opt.feed ? feed(&opt) : receive(&opt);
	if (opt.out != NULL && fclose(opt.out) != 0) {
		complain("cannot write %s: %s", opt.out_path, strerror(errno));
		status = EXIT_FAILURE;
	}
	free(opt.resolve_host);
	return status;
}
