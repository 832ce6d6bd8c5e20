/*
 * live: what live.c (state, keys) and live_draw.c (rows, meter) share.
 *
 * Thread: UI.   Depends on: views/view.h.
 */
#ifndef TOPICMON_VIEWS_LIVE_PRIVATE_H
#define TOPICMON_VIEWS_LIVE_PRIVATE_H

#include "topicmon/model/spans.h"
#include "topicmon/views/view.h"

struct live_state {
	uint64_t stream;        /* whose rows these are */
	char topic[256];        /* of that stream */
	bool follow;            /* the cursor stays on the newest row */
	bool paused;            /* rows stay as they are until Space or G */
	uint64_t end;           /* while paused: rows from this id on are not shown */
	uint64_t seen_total;    /* feed_total() when it was paused or scrolled back, or the history was read */
	uint64_t seen_end;      /* feed_end_id() then */
	uint64_t cursor;        /* id of the row; while following: the newest one */
	uint64_t top;           /* id of the first row on the screen */
	int rows;               /* on the screen at the last layout, without the header */
	int width;              /* of the pane inside its frame */
	int skip;               /* columns of the value that are scrolled out on the left */
	int key_width;          /* of the column; it only grows while the stream is the same */
	int offset_width;
	char *find_text;        /* what is looked for, NULL: nothing */
	struct filter *find;
	char *filter_text;      /* what the feed's filter was compiled from, NULL: none */
	struct filter_scratch *scratch;
};

/* Appends the value as one line: JSON without the blanks between its tokens and with their roles, anything else as it is.
 * At most about max_bytes of it are looked at. */
void live_value_line(struct lines *out, const struct record *rec, size_t max_bytes);
void live_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused);
void live_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out);
void live_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out);
/* The rows that may be drawn; and the cursor's place among them, when there are any. */
size_t live_rows(const struct live_state *st, const struct feed *f);
size_t live_cursor(const struct live_state *st, const struct feed *f);
/* Rows that came since then and that the filter shows. */
uint64_t live_unseen(const struct live_state *st, const struct feed *f);
/* Widens the columns for what is on the screen. */
void live_measure(struct live_state *st, const struct ctx *ctx);

#endif
