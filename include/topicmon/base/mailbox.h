/*
 * mailbox: a queue of fixed-size items between threads, with a file descriptor that wakes whoever polls. Together with
 * immutable objects it is the only thing that threads share; the program's only mutexes are inside.
 *
 * wake: a self-pipe. Writing one byte is async-signal-safe, so signal handlers and librdkafka (queue io events) use it
 * too; both ends are non-blocking, a full pipe is as good as one byte.
 *
 * Thread: mailbox_push and wake_signal any; pop, wait and drain the receiver only.   Depends on: base/mem.
 */
#ifndef TOPICMON_BASE_MAILBOX_H
#define TOPICMON_BASE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

struct wake {
	int read_fd;
	int write_fd;
};

void wake_init(struct wake *w);          /* aborts when no pipe can be had: nothing works without */
void wake_fini(struct wake *w);
void wake_signal(const struct wake *w);  /* async-signal-safe; errno is kept */
void wake_drain(const struct wake *w);
/* Waits until signalled or timeout_ms (negative: for ever). True when signalled (and drained). */
bool wake_wait(const struct wake *w, int timeout_ms);

struct mailbox;

/* A mailbox of items of item_size bytes. Each push signals `wake` (borrowed, must outlive the mailbox; NULL: none).
 * fini(item) is called for items that are still inside when the mailbox is freed or that are pushed after close;
 * NULL: nothing to do. */
struct mailbox *mailbox_new(size_t item_size, const struct wake *wake, void (*fini)(void *item));
void mailbox_free(struct mailbox *mb);           /* NULL is fine; nobody may push any more */

/* Copies *item in; what it owns is the mailbox's now. */
void mailbox_push(struct mailbox *mb, const void *item);
/* Copies the oldest item out; false when there is none. */
bool mailbox_pop(struct mailbox *mb, void *item);
size_t mailbox_count(struct mailbox *mb);

/* From now on pushes are dropped (fini is called for them): the receiver is going away. */
void mailbox_close(struct mailbox *mb);

#endif
