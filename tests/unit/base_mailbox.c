/* mailbox, wake: order, ownership, and many threads at once. */
#include "cmocka_all.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mailbox.h"

#define PRODUCERS 4
#define ITEMS     20000

static int freed;

static void
count_freed(void *item)
{
	(void)item;
	freed++;
}

static void
items_come_in_order(void **state)
{
	struct mailbox *mb = mailbox_new(sizeof(int), NULL, NULL);
	int next_in = 0, next_out = 0, item;

	(void)state;
	assert_false(mailbox_pop(mb, &item));
	/* In and out at different paces, so that the ring grows while it is wrapped. */
	for (int round = 0; round < 200; round++) {
		for (int i = 0; i < round % 13 + 3; i++) {
			mailbox_push(mb, &next_in);
			next_in++;
		}
		for (int i = 0; i < round % 7 + 1 && mailbox_pop(mb, &item); i++)
			assert_int_equal(item, next_out++);
		assert_int_equal(mailbox_count(mb), next_in - next_out);
	}
	while (mailbox_pop(mb, &item))
		assert_int_equal(item, next_out++);
	assert_int_equal(next_out, next_in);
	mailbox_free(mb);
}

static void
what_is_left_is_freed_once(void **state)
{
	struct mailbox *mb = mailbox_new(sizeof(int), NULL, count_freed);
	int item = 1;

	(void)state;
	freed = 0;
	for (int i = 0; i < 5; i++)
		mailbox_push(mb, &item);
	assert_true(mailbox_pop(mb, &item));
	mailbox_close(mb);
	mailbox_push(mb, &item);
	mailbox_push(mb, &item);
	assert_int_equal(freed, 2);             /* those that came after the close */
	assert_int_equal(mailbox_count(mb), 4);
	assert_true(mailbox_pop(mb, &item));
	mailbox_free(mb);
	assert_int_equal(freed, 5);
	mailbox_free(NULL);
}

static void
push_wakes(void **state)
{
	struct mailbox *mb;
	struct wake w;
	int item = 1;

	(void)state;
	wake_init(&w);
	mb = mailbox_new(sizeof(int), &w, NULL);
	assert_false(wake_wait(&w, 0));
	mailbox_push(mb, &item);
	assert_true(wake_wait(&w, 1000));
	assert_false(wake_wait(&w, 0));
	mailbox_close(mb);
	mailbox_push(mb, &item);
	assert_false(wake_wait(&w, 0));
	mailbox_free(mb);
	wake_fini(&w);
}

/* A pipe that nobody reads is full some day: signalling does not block, and errno
 * stays what it was. */
static void
signals_never_block(void **state)
{
	struct wake w;

	(void)state;
	wake_init(&w);
	errno = ERANGE;
	for (int i = 0; i < 200000; i++)
		wake_signal(&w);
	assert_int_equal(errno, ERANGE);
	assert_true(wake_wait(&w, 0));
	assert_false(wake_wait(&w, 0));
	wake_signal(&w);
	assert_true(wake_wait(&w, -1));
	wake_fini(&w);
}

static void
wait_ends_at_its_time(void **state)
{
	struct wake w;
	int64_t start = clock_ms();

	(void)state;
	wake_init(&w);
	assert_false(wake_wait(&w, 30));
	assert_true(clock_ms() - start >= 29);
	wake_fini(&w);
}

struct item {
	int producer;
	int n;
	char *owned;
};

struct producer {
	pthread_t thread;
	struct mailbox *mb;
	int id;
};

static void
free_item(void *item)
{
	free(((struct item *)item)->owned);
}

static void *
produce(void *arg)
{
	const struct producer *p = arg;

	for (int i = 0; i < ITEMS; i++) {
		struct item item = { .producer = p->id, .n = i, .owned = malloc(1) };

		mailbox_push(p->mb, &item);
	}
	return NULL;
}

static void
start_producers(struct producer *producers, struct mailbox *mb)
{
	for (int i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){ .mb = mb, .id = i };
		assert_int_equal(pthread_create(&producers[i].thread, NULL, produce, &producers[i]),
		                 0);
	}
}

static void
many_threads_lose_nothing(void **state)
{
	struct producer producers[PRODUCERS];
	int next[PRODUCERS] = { 0 }, got = 0;
	struct mailbox *mb;
	struct wake w;

	(void)state;
	wake_init(&w);
	mb = mailbox_new(sizeof(struct item), &w, free_item);
	start_producers(producers, mb);
	while (got < PRODUCERS * ITEMS) {
		struct item item;

		/* The loop of the program: wait, then take all. A lost wake-up
		 * would end in the deadline. */
		if (!wake_wait(&w, 20000))
			fail_msg("no wake-up, %d of %d items came", got, PRODUCERS * ITEMS);
		while (mailbox_pop(mb, &item)) {
			assert_int_equal(item.n, next[item.producer]++);
			free_item(&item);
			got++;
		}
	}
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i].thread, NULL);
	mailbox_free(mb);
	wake_fini(&w);
}

/* The receiver goes away in the middle: what is inside and what still comes is freed (a leak
 * check sees the rest). */
static void
close_under_fire(void **state)
{
	struct producer producers[PRODUCERS];
	struct mailbox *mb = mailbox_new(sizeof(struct item), NULL, free_item);
	struct item item;
	size_t left;

	(void)state;
	start_producers(producers, mb);
	for (int got = 0; got < ITEMS / 10;) {
		if (mailbox_pop(mb, &item)) {
			free_item(&item);
			got++;
		}
	}
	mailbox_close(mb);
	left = mailbox_count(mb);
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i].thread, NULL);
	assert_int_equal(mailbox_count(mb), left);
	mailbox_free(mb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_in_order),
		cmocka_unit_test(what_is_left_is_freed_once),
		cmocka_unit_test(push_wakes),
		cmocka_unit_test(signals_never_block),
		cmocka_unit_test(wait_ends_at_its_time),
		cmocka_unit_test(many_threads_lose_nothing),
		cmocka_unit_test(close_under_fire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
