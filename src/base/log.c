/* log: see the header. */
#include <assert.h>
#include <stdlib.h>

#include "topicmon/base/log.h"
#include "topicmon/base/mem.h"

void
log_init(struct log *log, size_t cap)
{
	assert(cap > 0);
	*log = (struct log){ .ring = xcalloc(cap, sizeof(*log->ring)), .cap = cap };
}

void
log_fini(struct log *log)
{
	for (size_t i = 0; i < log->count; i++)
		free(log->ring[(log->first + i) % log->cap].text);
	free(log->ring);
	*log = (struct log){ 0 };
}

void
log_add(struct log *log, int64_t wall_ms, enum log_level level, const char *text)
{
	struct log_line *line = &log->ring[(log->first + log->count) % log->cap];
	char *copy = xstrdup(text);

	if (log->count == log->cap) {
		free(line->text);
		log->first = (log->first + 1) % log->cap;
	} else {
		log->count++;
	}
	*line = (struct log_line){ .wall_ms = wall_ms, .level = level, .text = copy };
	log->total++;
}

const struct log_line *
log_at(const struct log *log, size_t i)
{
	return i < log->count ? &log->ring[(log->first + i) % log->cap] : NULL;
}
