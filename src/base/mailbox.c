/* mailbox, wake: see the header. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/base/mem.h"

struct mailbox {
	pthread_mutex_t lock;
	size_t item_size;
	const struct wake *wake;        /* borrowed */
	void (*fini)(void *item);
	unsigned char *ring;
	size_t cap;
	size_t first;
	size_t count;
	bool closed;
};

static bool
set_flags(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

void
wake_init(struct wake *w)
{
	int fds[2];

	if (pipe(fds) != 0 || !set_flags(fds[0]) || !set_flags(fds[1])) {
		perror("topicmon: cannot make a pipe");
		abort();
	}
	w->read_fd = fds[0];
	w->write_fd = fds[1];
}

void
wake_fini(struct wake *w)
{
	close(w->read_fd);
	close(w->write_fd);
	w->read_fd = w->write_fd = -1;
}

void
wake_signal(const struct wake *w)
{
	int keep = errno;

	while (write(w->write_fd, "", 1) < 0 && errno == EINTR)
		;
	errno = keep;
}

void
wake_drain(const struct wake *w)
{
	char bytes[512];
	ssize_t n;

	do
		n = read(w->read_fd, bytes, sizeof(bytes));
	while (n == (ssize_t)sizeof(bytes) || (n < 0 && errno == EINTR));
}

bool
wake_wait(const struct wake *w, int timeout_ms)
{
	int64_t until_ms = clock_ms() + timeout_ms;
	int left = timeout_ms;

	for (;;) {
		struct pollfd fd = { .fd = w->read_fd, .events = POLLIN };
		int n = poll(&fd, 1, left);

		if (n > 0) {
			wake_drain(w);
			return true;
		}
		if (n == 0 || errno != EINTR)
			return false;
		if (timeout_ms >= 0) {
			int64_t rest = until_ms - clock_ms();

			left = rest > 0 ? (int)rest : 0;
		}
	}
}

struct mailbox *
mailbox_new(size_t item_size, const struct wake *wake, void (*fini)(void *item))
{
	struct mailbox *mb = xcalloc(1, sizeof(*mb));

	pthread_mutex_init(&mb->lock, NULL);
	mb->item_size = item_size;
	mb->wake = wake;
	mb->fini = fini;
	return mb;
}

static unsigned char *
slot(const struct mailbox *mb, size_t i)
{
	return mb->ring + (mb->first + i) % mb->cap * mb->item_size;
}

void
mailbox_free(struct mailbox *mb)
{
	if (!mb)
		return;
	for (size_t i = 0; mb->fini && i < mb->count; i++)
		mb->fini(slot(mb, i));
	pthread_mutex_destroy(&mb->lock);
	free(mb->ring);
	free(mb);
}

/* Doubles the ring; the items that had wrapped move behind the others. */
static void
grow(struct mailbox *mb)
{
	size_t old = mb->cap, wrapped = mb->first + mb->count - old;

	mb->cap = old ? old * 2 : 16;
	mb->ring = xreallocarray(mb->ring, mb->cap, mb->item_size);
	if (old)
		memcpy(mb->ring + old * mb->item_size, mb->ring, wrapped * mb->item_size);
}

void
mailbox_push(struct mailbox *mb, const void *item)
{
	bool taken;

	pthread_mutex_lock(&mb->lock);
	taken = !mb->closed;
	if (taken) {
		if (mb->count == mb->cap)
			grow(mb);
		memcpy(slot(mb, mb->count), item, mb->item_size);
		mb->count++;
	}
	pthread_mutex_unlock(&mb->lock);

	if (taken) {
		if (mb->wake)
			wake_signal(mb->wake);
	} else if (mb->fini) {
		void *copy = xmemdup(item, mb->item_size);

		mb->fini(copy);
		free(copy);
	}
}

bool
mailbox_pop(struct mailbox *mb, void *item)
{
	bool any;

	pthread_mutex_lock(&mb->lock);
	any = mb->count > 0;
	if (any) {
		memcpy(item, slot(mb, 0), mb->item_size);
		mb->first = (mb->first + 1) % mb->cap;
		mb->count--;
	}
	pthread_mutex_unlock(&mb->lock);
	return any;
}

size_t
mailbox_count(struct mailbox *mb)
{
	size_t count;

	pthread_mutex_lock(&mb->lock);
	count = mb->count;
	pthread_mutex_unlock(&mb->lock);
	return count;
}

void
mailbox_close(struct mailbox *mb)
{
	pthread_mutex_lock(&mb->lock);
	mb->closed = true;
	pthread_mutex_unlock(&mb->lock);
}
