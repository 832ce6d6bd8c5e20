/*
 * lines: text to be shown, cut into lines, each into spans with a role. The text is raw bytes (hostile ones too); the
 * canvas sanitises when it draws.
 *
 * Owns its text.   Thread: its owner.   Depends on: base, model/role.
 */
#ifndef TOPICMON_MODEL_SPANS_H
#define TOPICMON_MODEL_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/strbuf.h"
#include "topicmon/model/role.h"

struct span {
	size_t start;           /* in lines.text */
	size_t len;
	enum role role;
};

struct line {
	size_t first;           /* index of its first span */
	size_t n;
};

struct lines {
	struct strbuf text;
	struct span *spans;
	size_t nspans, spans_cap;
	struct line *line;
	size_t n, cap;
};

void lines_init(struct lines *l);
void lines_fini(struct lines *l);
void lines_reset(struct lines *l);
void lines_begin(struct lines *l);                       /* starts the next line */
void lines_add(struct lines *l, enum role role, const void *bytes, size_t len);        /* to the line begun last */
void lines_adds(struct lines *l, enum role role, const char *text);
void lines_addf(struct lines *l, enum role role, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* "00000010  7b 22 6f …  |{"o…|", sixteen bytes a line, at most max_lines (0: all). */
void lines_hexdump(struct lines *l, const void *data, size_t len, size_t max_lines);

#endif
