/*
 * log: a bounded list of lines, oldest first out. Plain data: whoever owns it decides the thread. Lines reach it as
 * events, so that no worker writes into what the screen reads.
 *
 * Thread: the owner's.   Depends on: base/mem.
 */
#ifndef TOPICMON_BASE_LOG_H
#define TOPICMON_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_line {
	int64_t wall_ms;
	enum log_level level;
	char *text;             /* owned by the log; secrets are removed before it comes here */
};

struct log {
	struct log_line *ring;
	size_t cap;
	size_t count;
	size_t first;           /* index in ring of the oldest */
	uint64_t total;         /* lines ever added */
};

void log_init(struct log *log, size_t cap);
void log_fini(struct log *log);
void log_add(struct log *log, int64_t wall_ms, enum log_level level, const char *text);        /* copies */
const struct log_line *log_at(const struct log *log, size_t i);  /* 0: oldest; NULL: none; borrowed until the next add */

#endif
