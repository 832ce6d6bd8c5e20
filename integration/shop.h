/*
 * shop: orders as a small shop would have them, for the demo's feed: each is created, paid, packed,
 * shipped and delivered, now and then one is cancelled. The same seed gives the same orders.
 *
 * Plain values, nothing to free.   Thread: any, one at a time.   Depends on: nothing.
 */
#ifndef TOPICMON_INTEGRATION_SHOP_H
#define TOPICMON_INTEGRATION_SHOP_H

#include <stddef.h>
#include <stdint.h>

enum {
	SHOP_OPEN_ORDERS = 48,  /* orders under way at a time */
	ORDER_ITEMS_MAX = 4,
	ORDER_JSON_MAX = 2048,  /* bytes, with the final NUL; enough for the longest order */
};

enum status { CREATED, PAID, PACKED, SHIPPED, DELIVERED, CANCELLED };

struct item {
	unsigned good;          /* indices of the shop's own lists */
	unsigned quantity;
};

struct order {
	int64_t id;
	enum status status;
	unsigned customer;
	unsigned city;
	unsigned nitems;
	struct item items[ORDER_ITEMS_MAX];
};

struct shop {
	uint64_t random;        /* xorshift64 state, never 0 */
	int64_t next_id;
	size_t norders;         /* under way; one that has ended makes room for a new one */
	struct order orders[SHOP_OPEN_ORDERS];
};

void shop_init(struct shop *shop, uint64_t seed);
/* The next thing that happens: *now_is becomes the order that it happened to, as it is then. */
void shop_step(struct shop *shop, struct order *now_is);
uint64_t shop_random(struct shop *shop);
/* A number from 0 to n - 1; n is not 0. */
unsigned shop_pick(struct shop *shop, size_t n);
/* The order as one line of JSON with the time of now. */
void order_json(const struct order *o, char buf[ORDER_JSON_MAX]);

#endif
