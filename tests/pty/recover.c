/* A broker that comes while topicmon waits for it: a forwarder in front of the real one is opened late. */
#include "rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cluster.h"
#include "topicmon/base/clock.h"

#define RECOVER_MS 10000

static pid_t forwarder;

static int
connect_to_broker(void)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	char address[256], *colon;
	int fd = -1;

	snprintf(address, sizeof address, "%s", cluster_address());
	colon = strrchr(address, ':');
	*colon = '\0';
	if (getaddrinfo(address, colon + 1, &hints, &found) == 0)
		fd = socket(found->ai_family, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen) != 0)
		fd = -1;
	freeaddrinfo(found);
	return fd;
}

/* Carries bytes both ways until one side ends. */
static void
carry(int a, int b)
{
	struct pollfd fds[] = { { .fd = a, .events = POLLIN }, { .fd = b, .events = POLLIN } };
	char buf[65536];

	while (poll(fds, 2, -1) > 0) {
		for (int i = 0; i < 2; i++) {
			ssize_t n, at = 0;

			if (fds[i].revents == 0)
				continue;
			n = read(fds[i].fd, buf, sizeof buf);
			if (n <= 0)
				return;
			while (at < n) {
				ssize_t done = write(fds[1 - i].fd, buf + at, (size_t)(n - at));

				if (done <= 0)
					return;
				at += done;
			}
		}
	}
}

/* A process for the listener and one for each connection: they end with the signal to their group. */
static _Noreturn void
serve(int listener)
{
	setpgid(0, 0);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client >= 0 && fork() == 0) {
			int broker = connect_to_broker();

			if (broker >= 0)
				carry(client, broker);
			_exit(0);
		}
		close(client);
	}
}

/* A port that is taken, but where nobody listens yet. */
static int
reserve(char *bootstrap, size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	snprintf(bootstrap, size, "127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

static void
open_forwarder(int fd)
{
	assert_int_equal(listen(fd, 16), 0);
	forwarder = fork();
	if (forwarder == 0)
		serve(fd);
	setpgid(forwarder, forwarder);
	close(fd);
}

static int
teardown(void **state)
{
	if (forwarder > 0) {
		kill(-forwarder, SIGKILL);
		waitpid(forwarder, NULL, 0);
		forwarder = 0;
	}
	return cluster_teardown(state);
}

static void
test_it_recovers_when_the_broker_comes(void **state)
{
	const char *topic = cluster_topic("recovered");
	char bootstrap[32];
	int fd = reserve(bootstrap, sizeof bootstrap);
	struct pty_screen *ps;
	int64_t opened;

	(void)state;
	cluster_write_some(topic, "key-", 3);
	ps = rig_start(&(struct session){ .args = ARGS("-b", bootstrap, topic) });
	rig_see(ps, "does not answer since");
	open_forwarder(fd);
	opened = clock_ms();
	rig_see(ps, "1 broker");
	rig_gone(ps, "does not answer");
	rig_see(ps, "key-2");
	/* By itself, and not after minutes of ever longer pauses. */
	assert_in_range(clock_ms() - opened, 0, RECOVER_MS);
	rig_quit(ps);
}

/* The same, for whoever had given a verb meanwhile: it says which address, and how long it waited. */
static void
test_a_verb_is_bounded_by_its_timeout(void **state)
{
	struct strbuf err = STRBUF_INIT;
	char bootstrap[32];
	int fd = reserve(bootstrap, sizeof bootstrap);
	int64_t start = clock_ms();

	(void)state;
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(rig_verb(ARGS("list", "-b", bootstrap, "--timeout", "1"), NULL, NULL, &err), 3);
	assert_in_range(clock_ms() - start, 900, 4000);
	assert_non_null(strstr(strbuf_str(&err), bootstrap));
	strbuf_fini(&err);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, cluster_setup, teardown)
		TEST(test_it_recovers_when_the_broker_comes),
		TEST(test_a_verb_is_bounded_by_its_timeout),
	};

	return cmocka_run_group_tests_name("pty_recover", tests, NULL, NULL);
}
