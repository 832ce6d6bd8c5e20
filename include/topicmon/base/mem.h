/*
 * mem: allocation that does not fail. When memory runs out the handler is called (the screen restores the terminal), a
 * sentence goes to stderr and the program aborts: there is no half state worth keeping.
 *
 * Thread: any.   Depends on: libc.
 */
#ifndef TOPICMON_BASE_MEM_H
#define TOPICMON_BASE_MEM_H

#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Each returns memory that the caller owns and frees with free(); never NULL (a size of 0 gives a unique pointer). */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);        /* zeroed; count * size is checked for overflow */
void *xrealloc(void *old, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *s);                    /* NULL gives NULL */
char *xstrndup(const char *s, size_t len);       /* copies len bytes and ends them with a NUL */
void *xmemdup(const void *p, size_t len);        /* NULL gives NULL */

/* Sets what is called, once, when memory runs out and before the sentence is printed. Call before threads start. */
void mem_on_exhausted(void (*handler)(void));

#endif
