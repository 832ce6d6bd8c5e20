/*
 * message: one whole message: where it stands, when, key, headers, and the value as pretty JSON, as it is, or as hex. It
 * holds a copy, so it stays whatever the stream lets go of. Lines are made as they are scrolled to: a value of 20 MB opens
 * as fast as a small one.
 *
 * Thread: UI.   Depends on: views/feed, model/json.
 */
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"
#include "topicmon/model/segment.h"
#include "topicmon/model/spans.h"
#include "topicmon/views/view.h"
#include "topicmon/views/words.h"

#define LINES_FIRST    512
#define LINES_MAX      100000   /* of the value; the rest is said to be left out */
#define LINES_GROWTH   8
#define FIELD_MAX      4096     /* bytes of a key or header that are shown */
#define HEADERS_MAX    1000
#define SCROLL_COLUMNS 16

enum shape { SHAPE_PRETTY, SHAPE_RAW, SHAPE_HEX };

struct message_state {
	struct segment *seg;    /* owned; NULL: the message was gone */
	uint64_t id;            /* in the feed */
	char topic[256];
	enum shape shape;       /* of this message */
	bool is_json;
	bool compacted;         /* its topic is: a null value takes the key away */
	enum shape chosen;      /* by the user, for the next messages too */
	bool is_chosen;
	struct lines lines;     /* head and value */
	size_t limit;           /* lines of the value that may be made */
	bool more;              /* the value goes on after them */
	bool stale;             /* the lines must be made again */
	size_t top;
	int skip;
	int rows, width;        /* at the last layout */
	char *find_text;        /* NULL: nothing is looked for */
	struct filter *find;
	struct filter_scratch *scratch;
};

static bool
get(const struct message_state *st, struct record *rec)
{
	if (st->seg == NULL)
		return false;
	segment_get(st->seg, 0, rec);
	return true;
}

/* Pretty where it is JSON, as it is where it is text, hex otherwise. */
static enum shape
shape_for(const struct record *rec, bool is_json)
{
	if (is_json)
		return SHAPE_PRETTY;
	if (rec->value.len == 0 ||
	    (utf8_valid(rec->value.data, rec->value.len) && memchr(rec->value.data, 0, rec->value.len) == NULL))
		return SHAPE_RAW;
	return SHAPE_HEX;
}

static bool
is_compacted(const struct ctx *ctx, const char *topic)
{
	const struct topic *t = ctx->snap != NULL ? snapshot_find_topic(ctx->snap, topic) : NULL;

	return t != NULL && (t->policy & POLICY_COMPACT);
}

static bool
show(struct message_state *st, struct ctx *ctx, uint64_t id)
{
	struct record rec;

	if (!feed_get_id(ctx->live->feed, id, &rec) || rec.kind != RECORD_MESSAGE)
		return false;
	segment_unref(st->seg);
	st->seg = segment_new(record_size(&rec) + 128);
	segment_add(st->seg, &rec);
	segment_seal(st->seg);
	st->id = id;
	st->compacted = is_compacted(ctx, st->topic);
	st->is_json = rec.value.len > 0 && json_is_document(rec.value.data, rec.value.len);
	st->shape = st->is_chosen && st->chosen != SHAPE_PRETTY ? st->chosen : shape_for(&rec, st->is_json);
	st->limit = LINES_FIRST;
	st->stale = true;
	st->top = 0;
	st->skip = 0;
	return true;
}

static void
message_open(struct view *v, struct ctx *ctx, const char *arg)
{
	struct message_state *st = v->state;

	lines_init(&st->lines);
	st->scratch = filter_scratch_new();
	str_copy(st->topic, sizeof(st->topic), ctx->live->topic);
	if (show(st, ctx, strtoull(arg, NULL, 10)))
		return;
	wish_status(ctx, ROLE_STATUS_WARN, "This message is not kept any more");
	wish_close(ctx);
}

static void
message_close(struct view *v)
{
	struct message_state *st = v->state;

	segment_unref(st->seg);
	lines_fini(&st->lines);
	free(st->find_text);
	filter_unref(st->find);
	filter_scratch_free(st->scratch);
}

static void
add_label(struct lines *l, const char *label)
{
	lines_begin(l);
	lines_addf(l, ROLE_DIM, "%-10s ", label);
}

static void
add_bytes(struct lines *l, enum role role, struct bytes b)
{
	struct strbuf size = STRBUF_INIT;

	if (b.data == NULL) {
		lines_adds(l, ROLE_RECORD_NULL, "null");
		return;
	}
	if (b.len == 0) {
		lines_adds(l, ROLE_RECORD_NULL, "empty");
		return;
	}
	lines_add(l, role, b.data, b.len < FIELD_MAX ? b.len : FIELD_MAX);
	words_size(&size, b.len);
	lines_addf(l, ROLE_DIM, "%s  %s", b.len > FIELD_MAX ? " …" : "", strbuf_str(&size));
	strbuf_fini(&size);
}

static void
add_time(struct lines *l, const struct record *rec)
{
	struct strbuf time = STRBUF_INIT;

	add_label(l, "time");
	if (rec->timestamp_kind == TIMESTAMP_NONE) {
		lines_adds(l, ROLE_RECORD_NULL, "none");
		return;
	}
	clock_format(&time, rec->timestamp_ms, true);
	lines_adds(l, ROLE_TEXT, strbuf_str(&time));
	lines_adds(l, ROLE_DIM, rec->timestamp_kind == TIMESTAMP_APPEND ? "  when the broker appended it"
	                                                                : "  when its producer made it");
	strbuf_fini(&time);
}

static void
add_headers(struct lines *l, const struct record *rec)
{
	struct header h;
	size_t pos = 0, n = 0;

	for (; n < HEADERS_MAX && record_next_header(rec, &pos, &h); n++) {
		add_label(l, n == 0 ? "headers" : "");
		lines_addf(l, ROLE_JSON_KEY, "%.*s", FIELD_MAX, h.name);
		lines_adds(l, ROLE_DIM, ": ");
		add_bytes(l, ROLE_TEXT, h.value);
	}
	if (rec->nheaders > n) {
		add_label(l, "");
		lines_addf(l, ROLE_DIM, "… and %u more", (unsigned)(rec->nheaders - n));
	}
	if (n == 0) {
		add_label(l, "headers");
		lines_adds(l, ROLE_RECORD_NULL, "none");
	}
}

static void
add_head(struct message_state *st, const struct record *rec)
{
	struct lines *l = &st->lines;
	struct strbuf text = STRBUF_INIT;

	add_label(l, "topic");
	lines_adds(l, ROLE_TEXT, st->topic);
	add_label(l, "partition");
	lines_addf(l, ROLE_PARTITION, "%d", (int)rec->partition);
	add_label(l, "offset");
	strbuf_add_grouped(&text, rec->offset);
	lines_adds(l, ROLE_TEXT, strbuf_str(&text));
	add_time(l, rec);
	add_label(l, "key");
	add_bytes(l, ROLE_RECORD_KEY, rec->key);
	add_headers(l, rec);
	add_label(l, "value");
	if (rec->value.data == NULL) {
		lines_adds(l, ROLE_RECORD_NULL, st->compacted ? "null (a tombstone: compaction removes the key)" : "null");
	} else {
		strbuf_reset(&text);
		words_size(&text, rec->value.len);
		lines_adds(l, ROLE_TEXT, strbuf_str(&text));
	}
	lines_begin(l);
	strbuf_fini(&text);
}

/* The value as it is: a new line at each line end, and where the pane ends. */
static bool
add_raw(struct message_state *st, const struct record *rec)
{
	const unsigned char *data = rec->value.data;
	int width = st->width > 12 ? st->width - 2 : 10;
	size_t pos = 0;

	for (size_t n = 0; pos < rec->value.len; n++) {
		size_t start = pos;
		int column = 0;

		if (n == st->limit)
			return true;
		lines_begin(&st->lines);
		while (pos < rec->value.len && data[pos] != '\n') {
			struct glyph g;
			size_t taken = sanitize_next(data + pos, rec->value.len - pos, &g);

			if (column + g.width > width && column > 0)
				break;
			column += g.width;
			pos += taken;
		}
		lines_add(&st->lines, ROLE_TEXT, data + start, pos - start);
		if (pos < rec->value.len && data[pos] == '\n')
			pos++;
	}
	return false;
}

/* Makes the lines anew; whether the value has more than they show is remembered. */
static void
build(struct message_state *st)
{
	struct record rec;
	size_t head;

	st->stale = false;
	lines_reset(&st->lines);
	if (!get(st, &rec))
		return;
	add_head(st, &rec);
	head = st->lines.n;
	st->more = false;
	if (rec.value.data == NULL)
		return;
	if (st->shape == SHAPE_HEX) {
		lines_hexdump(&st->lines, rec.value.data, rec.value.len, st->limit);
		st->more = rec.value.len > st->limit * 16;
	} else if (st->shape == SHAPE_RAW || !json_pretty(&st->lines, rec.value.data, rec.value.len, st->limit)) {
		st->more = add_raw(st, &rec);
	} else {
		st->more = st->lines.n - head >= st->limit;
	}
	if (st->more && st->limit >= LINES_MAX) {
		lines_begin(&st->lines);
		lines_addf(&st->lines, ROLE_RECORD_NOTE, "The rest is not shown: these are %d lines.", LINES_MAX);
	}
}

static void
message_layout(struct view *v, struct ctx *ctx, struct rect r)
{
	struct message_state *st = v->state;
	size_t rows = r.h > 0 ? (size_t)r.h : 1;

	(void)ctx;
	if (r.w != st->width && st->shape == SHAPE_RAW)
		st->stale = true;
	st->width = r.w;
	st->rows = (int)rows;
	if (st->stale)
		build(st);
	while (st->more && st->limit < LINES_MAX && st->top + 2 * rows > st->lines.n) {
		st->limit = st->limit * LINES_GROWTH < LINES_MAX ? st->limit * LINES_GROWTH : LINES_MAX;
		build(st);
	}
	if (st->top + rows > st->lines.n)
		st->top = st->lines.n > rows ? st->lines.n - rows : 0;
}

static void
step(struct message_state *st, struct ctx *ctx, int by)
{
	const struct feed *f = ctx->live->feed;
	size_t at = feed_find(f, st->id), n = feed_count(f);
	struct record rec;

	if (strcmp(ctx->live->topic, st->topic) == 0) {
		/* feed_find() gave the next one when this one is gone: then forward is no step. */
		if (by > 0 && (at >= n || feed_id(f, at) != st->id))
			at--;
		for (at += (size_t)by; at < n && feed_get(f, at, &rec); at += (size_t)by)
			if (rec.kind == RECORD_MESSAGE && show(st, ctx, feed_id(f, at)))
				return;
	}
	wish_status(ctx, ROLE_STATUS_WARN, by > 0 ? "This is the newest message that is here"
	                                          : "This is the oldest message that is kept");
}

static void
move(struct message_state *st, long by)
{
	if (by < 0 && st->top < (size_t)-by)
		st->top = 0;
	else
		st->top += (size_t)by;
}

/* The bytes of a line; len 0: it is empty. */
static struct bytes
line_text(const struct message_state *st, size_t line)
{
	const struct line *l = &st->lines.line[line];
	const struct span *first = &st->lines.spans[l->first];
	struct bytes text = { NULL, 0 };

	if (l->n > 0) {
		text.data = st->lines.text.buf + first->start;
		text.len = first[l->n - 1].start + first[l->n - 1].len - first->start;
	}
	return text;
}

static void
find_step(struct message_state *st, struct ctx *ctx, int by, bool here)
{
	size_t at, len, line = st->top + (here ? 0 : (size_t)by);

	if (st->find == NULL) {
		wish_status(ctx, ROLE_STATUS_WARN, "Nothing is looked for: / finds");
		return;
	}
	for (; line < st->lines.n; line += (size_t)by) {
		struct bytes text = line_text(st, line);

		if (filter_find(st->find, st->scratch, text.data, text.len, 0, &at, &len)) {
			st->top = line;
			wish_status(ctx, ROLE_STATUS_WARN, "%s", "");
			return;
		}
	}
	wish_status(ctx, ROLE_STATUS_WARN, "%s is not %s here", st->find_text, by > 0 ? "further down" : "further up");
}

static bool
set_find(struct message_state *st, const char *text, size_t *at, struct err *e)
{
	struct filter *find = match_literal(text, at, e);

	if (find == NULL)
		return false;
	filter_unref(st->find);
	free(st->find_text);
	st->find = filter_is_empty(find) ? NULL : find;
	st->find_text = st->find != NULL ? xstrdup(text) : NULL;
	if (st->find == NULL)
		filter_unref(find);
	return true;
}

/* JSON, as it is, hex, and around; what is no JSON has no pretty shape. */
static void
next_shape(struct message_state *st)
{
	struct record rec;

	if (!get(st, &rec) || rec.value.len == 0)
		return;
	if (st->shape == SHAPE_HEX)
		st->shape = st->is_json ? SHAPE_PRETTY : SHAPE_RAW;
	else
		st->shape++;
	st->chosen = st->shape;
	st->is_chosen = true;
	st->limit = LINES_FIRST;
	st->stale = true;
	st->skip = 0;
}

static bool
message_scroll(struct message_state *st, enum command cmd)
{
	long page = st->rows > 1 ? st->rows - 1 : 1;

	switch (cmd) {
	case CMD_UP:
		move(st, -1);
		return true;
	case CMD_DOWN:
		move(st, 1);
		return true;
	case CMD_PAGE_UP:
		move(st, -page);
		return true;
	case CMD_PAGE_DOWN:
		move(st, page);
		return true;
	case CMD_HALF_UP:
		move(st, -(page / 2 + 1));
		return true;
	case CMD_HALF_DOWN:
		move(st, page / 2 + 1);
		return true;
	case CMD_TOP:
		st->top = 0;
		return true;
	case CMD_BOTTOM:
		st->top = LINES_MAX * 2;
		return true;
	case CMD_LEFT:
		st->skip = st->skip > SCROLL_COLUMNS ? st->skip - SCROLL_COLUMNS : 0;
		return true;
	case CMD_RIGHT:
		st->skip += SCROLL_COLUMNS;
		return true;
	default:
		return false;
	}
}

static bool
message_command(struct view *v, struct ctx *ctx, enum command cmd, const char *arg)
{
	struct message_state *st = v->state;
	struct err e;

	switch (cmd) {
	case CMD_RAW:
		next_shape(st);
		return true;
	case CMD_NEXT_MESSAGE:
	case CMD_PREV_MESSAGE:
		step(st, ctx, cmd == CMD_NEXT_MESSAGE ? 1 : -1);
		return true;
	case CMD_FIND:
		if (!set_find(st, arg, NULL, &e))
			wish_status(ctx, ROLE_STATUS_ERROR, "%s", e.text);
		else if (st->find != NULL)
			find_step(st, ctx, 1, true);
		return true;
	case CMD_FIND_NEXT:
	case CMD_FIND_PREV:
		find_step(st, ctx, cmd == CMD_FIND_NEXT ? 1 : -1, false);
		return true;
	default:
		return message_scroll(st, cmd);
	}
}

static const char *
message_prompt(const struct view *v, const struct ctx *ctx, enum command cmd)
{
	(void)v;
	(void)ctx;
	return cmd == CMD_FIND ? "" : NULL;
}

static bool
message_typed(struct view *v, struct ctx *ctx, enum command cmd, const char *text, size_t *at, struct err *e)
{
	(void)ctx;
	(void)cmd;
	return set_find(v->state, text, at, e);
}

static void
message_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct message_state *st = v->state;
	struct record rec;

	(void)ctx;
	if (!get(st, &rec))
		return;
	strbuf_addf(out, "%s ─ partition %d ─ offset ", st->topic, (int)rec.partition);
	strbuf_add_grouped(out, rec.offset);
}

static void
message_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	static const char *const names[] = { [SHAPE_PRETTY] = "JSON", [SHAPE_RAW] = "as it is", [SHAPE_HEX] = "hex" };
	const struct message_state *st = v->state;
	size_t end = st->top + (size_t)st->rows;
	struct record rec;

	(void)ctx;
	if (!get(st, &rec) || rec.value.len == 0)
		return;
	strbuf_adds(out, names[st->shape]);
	if (st->top == 0 && end >= st->lines.n && !st->more)
		return;
	strbuf_addf(out, "  %zu–%zu of ", st->top + 1, end < st->lines.n ? end : st->lines.n);
	strbuf_addf(out, "%zu%s", st->lines.n, st->more ? "+" : "");
}

static void
draw_matches(const struct message_state *st, struct canvas *c, struct rect r, size_t line)
{
	struct bytes text = line_text(st, line);

	if (text.len > 0)
		match_draw(c, r, st->skip, st->find, st->scratch, text.data, text.len);
}

static void
message_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct message_state *st = v->state;
	struct rect old;

	(void)ctx;
	(void)focused;
	r.x++;
	r.w -= 2;
	old = canvas_clip(c, r);
	for (int y = 0; y < r.h && st->top + (size_t)y < st->lines.n; y++) {
		size_t line = st->top + (size_t)y;

		canvas_line(c, r.y + y, r.x, r.w, st->skip, &st->lines, line);
		if (st->find != NULL)
			draw_matches(st, c, (struct rect){ r.y + y, r.x, 1, r.w }, line);
	}
	canvas_unclip(c, old);
}

static const struct binding message_keys[] = {
	{ "]",     CMD_NEXT_MESSAGE, NULL, "next" },
	{ "[",     CMD_PREV_MESSAGE, NULL, "previous" },
	{ "r",     CMD_RAW,          NULL, "raw, hex" },
	{ "/",     CMD_FIND,         NULL, "find" },
	{ "space", CMD_PAGE_DOWN,    NULL, NULL },
	{ "enter", CMD_BACK,         NULL, NULL },
	{ "esc",   CMD_BACK,         NULL, "back" },
	{ "q",     CMD_BACK,         NULL, NULL },
};

const struct view_ops message_view = {
	.name = "message",
	.title = "Message",
	.shape = VIEW_SCREEN,
	.keys = message_keys,
	.nkeys = ARRAY_LEN(message_keys),
	.state_size = sizeof(struct message_state),
	.open = message_open,
	.close = message_close,
	.command = message_command,
	.prompt = message_prompt,
	.typed = message_typed,
	.layout = message_layout,
	.caption = message_caption,
	.corner = message_corner,
	.draw = message_draw,
};
