/* mem: see the header. */
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topicmon/base/mem.h"

static void (*on_exhausted)(void);
static atomic_flag exhausted = ATOMIC_FLAG_INIT;

/* Nothing here may allocate. Two threads can come at once: only the first calls the handler. */
static _Noreturn void
die(void)
{
	static const char text[] = "topicmon: out of memory\n";

	if (!atomic_flag_test_and_set(&exhausted)) {
		if (on_exhausted)
			on_exhausted();
		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			abort();
	} else {
		sleep(1);               /* the other thread is restoring the terminal */
	}
	abort();
}

static size_t
product(size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		die();
	return count * size;
}

void *
xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		die();
	return p;
}

void *
xcalloc(size_t count, size_t size)
{
	size_t total = product(count, size);
	void *p = calloc(1, total ? total : 1);

	if (!p)
		die();
	return p;
}

void *
xrealloc(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		die();
	return p;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	return xrealloc(old, product(count, size));
}

char *
xstrdup(const char *s)
{
	return s ? xstrndup(s, strlen(s)) : NULL;
}

char *
xstrndup(const char *s, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		die();
	copy = xmalloc(len + 1);
	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *
xmemdup(const void *p, size_t len)
{
	void *copy;

	if (!p)
		return NULL;
	copy = xmalloc(len);
	if (len)
		memcpy(copy, p, len);
	return copy;
}

void
mem_on_exhausted(void (*handler)(void))
{
	on_exhausted = handler;
}
