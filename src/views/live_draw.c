/* live_draw: the rows of the live pane, the marks of the groups that have had them, and the meter. See live.h. */
#include "live.h"
#include "match.h"

#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"
#include "topicmon/views/words.h"

#define KEY_WIDTH_MAX  24
#define MARKS_MAX      4        /* groups that get a column of marks */
#define MARK_WIDTH_MAX 9
#define MARK_WIDTH     8        /* on a screen that is not wide */
#define VALUE_LEAST    30       /* with marks beside it */
#define VALUE_LEGEND   45       /* with a word on what the marks mean */
#define NARROW         60       /* below: no milliseconds */
#define WITH_KEYS      48       /* below: no keys */
#define WIDE           104

/* Where the columns are, from the pane's left. */
struct places {
	int time_x, time_w;
	int partition_x, partition_w;
	int offset_x, offset_w;
	int key_x, key_w;               /* 0: none */
	int value_x, value_w;
	int marks_x;
	size_t nmarks;
	int mark_w[MARKS_MAX];
};

static int
digits(int64_t n)
{
	int w = 1;

	for (; n >= 10; n /= 10)
		w++;
	return w;
}

static const struct topic *
topic_of(const struct ctx *ctx)
{
	return ctx->snap != NULL ? snapshot_find_topic(ctx->snap, ctx->live->topic) : NULL;
}

static int
time_width(const struct ctx *ctx, int width)
{
	if (ctx->time_style == TIME_DATE && width >= 2 * NARROW)
		return 23;
	if (ctx->time_style == TIME_ISO && width >= 2 * NARROW)
		return 24;
	return width < NARROW ? 8 : 12;
}

/* The time of day when it is of today, else the day and the minute, in the same width. */
static void
time_text(const struct ctx *ctx, int64_t ms, int width, struct strbuf *out)
{
	struct strbuf now = STRBUF_INIT, then = STRBUF_INIT;

	if (width == 24) {
		clock_format_iso(out, ms);
	} else if (width == 23) {
		clock_format(out, ms, true);
	} else {
		clock_format(&now, ctx->wall_ms, true);
		clock_format(&then, ms, true);
		if (then.len >= 23 && strncmp(strbuf_str(&now), strbuf_str(&then), 10) != 0)
			strbuf_add(out, then.buf + (width < 11 ? 2 : 5), width < 11 ? 8 : 11);
		else if (then.len >= 23)
			strbuf_add(out, then.buf + 11, (size_t)width);
	}
	strbuf_fini(&now);
	strbuf_fini(&then);
}

static int
key_columns(const struct record *rec)
{
	const unsigned char *key = rec->key.data;
	size_t pos = 0;
	int columns = 0;

	while (key != NULL && pos < rec->key.len && columns < KEY_WIDTH_MAX) {
		struct glyph g;

		pos += sanitize_next(key + pos, rec->key.len - pos, &g);
		columns += g.width;
	}
	return columns;
}

void
live_measure(struct live_state *st, const struct ctx *ctx)
{
	const struct feed *f = ctx->live->feed;
	size_t top = feed_find(f, st->top);
	struct record rec;

	for (size_t i = top; i < top + (size_t)st->rows && feed_get(f, i, &rec); i++) {
		int key = key_columns(&rec), offset = digits(rec.offset);

		if (key > st->key_width)
			st->key_width = key < KEY_WIDTH_MAX ? key : KEY_WIDTH_MAX;
		if (offset > st->offset_width)
			st->offset_width = offset;
	}
}

static void
place(const struct live_state *st, const struct ctx *ctx, int width, struct places *p)
{
	const struct topic *t = topic_of(ctx);
	int right = width;

	*p = (struct places){ .time_x = 1, .time_w = time_width(ctx, width) };
	p->partition_x = p->time_x + p->time_w + 1;
	p->partition_w = t != NULL ? digits((int64_t)t->npartitions - 1) + 1 : 2;
	p->offset_x = p->partition_x + p->partition_w + 1;
	p->offset_w = st->offset_width > 6 ? st->offset_width : 6;
	p->key_x = p->offset_x + p->offset_w + 2;
	if (width >= WITH_KEYS) {
		int most = width / 5 > 3 ? width / 5 : 3;

		p->key_w = st->key_width > 3 ? st->key_width : 3;
		if (p->key_w > most)
			p->key_w = most;
	}
	p->value_x = p->key_w > 0 ? p->key_x + p->key_w + 2 : p->key_x;
	for (size_t i = 0; t != NULL && i < t->ngroups && i < MARKS_MAX; i++) {
		int w = (int)utf8_columns(t->groups[i].group->name), most = width >= WIDE ? MARK_WIDTH_MAX : MARK_WIDTH;

		w = w < most ? w : most;
		if (right - w - 1 - p->value_x - 1 < VALUE_LEAST)
			break;
		p->mark_w[i] = w;
		right -= w + 1;
		p->nmarks++;
	}
	p->marks_x = right;
	p->value_w = right - p->value_x - (p->nmarks > 0);
}

static void
draw_header(const struct live_state *st, const struct ctx *ctx, const struct places *p, struct canvas *c, struct rect r)
{
	const struct topic *t = topic_of(ctx);
	int x = r.x + p->marks_x;

	canvas_fill(c, (struct rect){ r.y, r.x, 1, r.w }, ROLE_TABLE_HEADER);
	canvas_text(c, r.y, r.x + p->time_x, p->time_w, ROLE_TABLE_HEADER, "TIME");
	canvas_text_right(c, r.y, r.x + p->partition_x, p->partition_w, ROLE_TABLE_HEADER, "P");
	canvas_text_right(c, r.y, r.x + p->offset_x, p->offset_w, ROLE_TABLE_HEADER, "OFFSET");
	canvas_text(c, r.y, r.x + p->key_x, p->key_w, ROLE_TABLE_HEADER, "KEY");
	if (st->skip > 0)
		canvas_textf(c, r.y, r.x + p->value_x, p->value_w, ROLE_TABLE_SORTED, "VALUE from column %d", st->skip + 1);
	else
		canvas_text(c, r.y, r.x + p->value_x, p->value_w, ROLE_TABLE_HEADER, "VALUE");
	if (p->nmarks > 0 && p->value_w >= VALUE_LEGEND)
		canvas_text_right(c, r.y, r.x + p->value_x, p->value_w - 2, ROLE_TABLE_HEADER, "✓ committed  · waiting");
	for (size_t i = 0; i < p->nmarks; i++) {
		canvas_text_cut(c, r.y, x, p->mark_w[i], ROLE_TABLE_HEADER, t->groups[i].group->name);
		x += p->mark_w[i] + 1;
	}
}

/* Whether a group has had a message: its commit is beyond it. A commit beyond the end is of the topic's life before: then
 * nobody can tell. */
static const char *
mark_of(const struct topic_group *tg, size_t partition, int64_t offset, enum role *role)
{
	*role = ROLE_DIM;
	if (tg->reason[partition] == LAG_STALE) {
		*role = ROLE_LEVEL_CRIT;
		return "…";
	}
	if (tg->committed[partition] == OFFSET_UNKNOWN)
		return "…";
	if (tg->committed[partition] <= offset)
		return "·";
	*role = ROLE_LEVEL_OK;
	return "✓";
}

static void
draw_marks(const struct ctx *ctx, const struct places *p, struct canvas *c, int y, int x, const struct record *rec)
{
	const struct topic *t = topic_of(ctx);
	size_t i = 0;

	if (p->nmarks == 0)
		return;
	while (i < t->npartitions && t->partitions[i].id != rec->partition)
		i++;
	for (size_t g = 0; i < t->npartitions && g < p->nmarks; g++) {
		enum role role;
		const char *mark = mark_of(&t->groups[g], i, rec->offset, &role);

		canvas_text(c, y, x + p->mark_w[g] / 2, 1, role, mark);
		x += p->mark_w[g] + 1;
	}
}

/* As much JSON as there is, at most about max_bytes; what is not is added as it stands. */
static void
add_json(struct lines *out, const struct record *rec, size_t max_bytes)
{
	const unsigned char *data = rec->value.data;
	struct json_reader r;
	bool comma = false, after_key = false;
	size_t taken = 0, start = out->text.len;

	json_init(&r, data, rec->value.len);
	while (out->text.len - start < max_bytes) {
		enum json_token token = json_next(&r);
		bool begin = token == JSON_OBJECT_BEGIN || token == JSON_ARRAY_BEGIN;
		bool end = token == JSON_OBJECT_END || token == JSON_ARRAY_END;

		if (token == JSON_END || token == JSON_ERROR) {
			size_t rest = rec->value.len - taken;

			if (token == JSON_ERROR)
				lines_add(out, ROLE_TEXT, data + taken, rest < max_bytes ? rest : max_bytes);
			break;
		}
		/* Only now: what is no JSON from here on brings its own. */
		if (after_key || (comma && !end))
			lines_adds(out, ROLE_JSON_PUNCT, after_key ? ":" : ",");
		lines_add(out, json_role(token), data + r.token_start, r.token_len < max_bytes ? r.token_len : max_bytes);
		after_key = token == JSON_KEY;
		comma = !begin && !after_key;
		taken = r.token_start + r.token_len;
	}
	json_fini(&r);
}

void
live_value_line(struct lines *out, const struct record *rec, size_t max_bytes)
{
	const unsigned char *data = rec->value.data;
	size_t len = rec->value.len, pos = 0;

	lines_begin(out);
	if (data == NULL) {
		lines_adds(out, ROLE_RECORD_NULL, "null");
		return;
	}
	if (len == 0) {
		lines_adds(out, ROLE_RECORD_NULL, "empty");
		return;
	}
	while (pos < len && pos < 64 && (data[pos] == ' ' || data[pos] == '\n' || data[pos] == '\r' || data[pos] == '\t'))
		pos++;
	if (data[pos < len ? pos : 0] == '{' || data[pos < len ? pos : 0] == '[')
		add_json(out, rec, max_bytes);
	else
		lines_add(out, ROLE_TEXT, data, len < max_bytes ? len : max_bytes);
}

/* Whether the line has more columns than that. */
static bool
goes_on(const struct lines *value, int columns)
{
	const char *text = strbuf_str(&value->text);
	size_t pos = 0;

	while (pos < value->text.len && columns >= 0) {
		struct glyph g;

		pos += sanitize_next(text + pos, value->text.len - pos, &g);
		columns -= g.width;
	}
	return columns < 0;
}

static void
draw_message(const struct live_state *st, const struct ctx *ctx, const struct places *p, struct canvas *c,
             struct rect row, const struct record *rec, struct lines *value)
{
	struct strbuf time = STRBUF_INIT;
	size_t max_bytes = ((size_t)st->skip + (size_t)(p->value_w > 0 ? p->value_w : 0)) * 4 + 64;
	int y = row.y, x = row.x;

	if (rec->timestamp_kind != TIMESTAMP_NONE)
		time_text(ctx, rec->timestamp_ms, p->time_w, &time);
	canvas_text(c, y, x + p->time_x, p->time_w, ROLE_TIME, time.len > 0 ? strbuf_str(&time) : "-");
	strbuf_reset(&time);
	strbuf_addf(&time, "%d", (int)rec->partition);
	canvas_text_right(c, y, x + p->partition_x, p->partition_w, ROLE_PARTITION, strbuf_str(&time));
	strbuf_reset(&time);
	strbuf_addf(&time, "%lld", (long long)rec->offset);
	canvas_text_right(c, y, x + p->offset_x, p->offset_w, ROLE_OFFSET, strbuf_str(&time));
	strbuf_fini(&time);
	if (rec->key.data == NULL)
		canvas_text(c, y, x + p->key_x, p->key_w, ROLE_RECORD_NULL, "-");
	else
		canvas_bytes(c, y, x + p->key_x, p->key_w, 0, ROLE_RECORD_KEY, rec->key.data, rec->key.len);
	lines_reset(value);
	live_value_line(value, rec, max_bytes);
	canvas_line(c, y, x + p->value_x, p->value_w, st->skip, value, 0);
	if (goes_on(value, st->skip + p->value_w))
		canvas_text(c, y, x + p->value_x + p->value_w - 1, 1, ROLE_DIM, "…");
	if (st->find != NULL) {
		match_draw(c, (struct rect){ y, x + p->value_x, 1, p->value_w }, st->skip, st->find, st->scratch,
		           strbuf_str(&value->text), value->text.len);
		if (rec->key.data != NULL)
			match_draw(c, (struct rect){ y, x + p->key_x, 1, p->key_w }, 0, st->find, st->scratch,
			           rec->key.data, rec->key.len < 256 ? rec->key.len : 256);
	}
	draw_marks(ctx, p, c, y, x + p->marks_x, rec);
}

static void
draw_note(const struct ctx *ctx, const struct places *p, struct canvas *c, struct rect row, const struct record *rec)
{
	struct strbuf time = STRBUF_INIT;
	int x = row.x + p->partition_x;

	time_text(ctx, rec->timestamp_ms, p->time_w, &time);
	canvas_text(c, row.y, row.x + p->time_x, p->time_w, ROLE_TIME, strbuf_str(&time));
	x += canvas_text(c, row.y, x, row.w, ROLE_RECORD_NOTE, "── ");
	canvas_bytes(c, row.y, x, row.x + row.w - x, 0, ROLE_RECORD_NOTE, rec->value.data, rec->value.len);
	strbuf_fini(&time);
}

/* An empty place says what could be here. */
static void
empty_words(const struct live_state *st, const struct ctx *ctx, struct strbuf *out)
{
	const struct live *live = ctx->live;
	struct strbuf key = STRBUF_INIT;

	if (live->topic[0] == '\0') {
		strbuf_adds(out, "The messages of the selected topic come here, live.");
	} else if (live->err.code != ERR_NONE) {
		strbuf_adds(out, live->err.text);
	} else if (st->filter_text != NULL && feed_has_work(live->feed)) {
		strbuf_addf(out, "Looking for messages that match %s…", st->filter_text);
	} else if (st->filter_text != NULL && feed_filtered(live->feed) > 0) {
		strbuf_addf(out, "No message matches %s. Esc shows all.", st->filter_text);
	} else if (live->state == STREAM_OPENING) {
		strbuf_adds(out, "Opening the stream…");
	} else {
		strbuf_adds(out, "No messages yet. They come here as they are written.");
		if (!ctx->read_only && keymap_key_of(ctx->keymap, "live", CMD_PRODUCE, &key))
			strbuf_addf(out, " Press %s to write one.", strbuf_str(&key));
	}
	strbuf_fini(&key);
}

void
live_draw(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused)
{
	const struct live_state *st = v->state;
	const struct feed *f = ctx->live->feed;
	size_t top = feed_find(f, st->top), n = live_rows(st, f), cursor;
	struct lines value;
	struct strbuf words = STRBUF_INIT;
	struct places p;
	struct record rec;

	place(st, ctx, r.w, &p);
	if (n == 0) {
		empty_words(st, ctx, &words);
		card_wrapped(c, (struct rect){ r.y + (r.h > 3), r.x + 1, r.h - (r.h > 3), r.w - 2 },
		             ctx->live->err.code != ERR_NONE ? ROLE_STATUS_WARN : ROLE_DIM, strbuf_str(&words));
		strbuf_fini(&words);
		return;
	}
	cursor = live_cursor(st, f);
	draw_header(st, ctx, &p, c, r);
	lines_init(&value);
	for (int y = 1; y < r.h && top + (size_t)(y - 1) < n && feed_get(f, top + (size_t)(y - 1), &rec); y++) {
		struct rect row = { r.y + y, r.x, 1, r.w };

		if (rec.kind == RECORD_NOTE)
			draw_note(ctx, &p, c, row, &rec);
		else
			draw_message(st, ctx, &p, c, row, &rec, &value);
		/* While it follows, the newest row is the cursor's: no sign is needed, and none would hop about. */
		if (focused && !st->follow && top + (size_t)(y - 1) == cursor) {
			canvas_text(c, row.y, row.x, 1, ROLE_TEXT, "▸");
			canvas_over(c, row, ROLE_CURSOR);
		}
	}
	lines_fini(&value);
}

void
live_caption(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct live_state *st = v->state;
	const struct live *live = ctx->live;
	uint64_t unseen = live_unseen(st, live->feed);

	strbuf_adds(out, "Live");
	if (live->topic[0] == '\0')
		return;
	strbuf_addf(out, " ─ %s", live->topic);
	if (st->filter_text != NULL)
		strbuf_addf(out, st->width >= WIDE && strcmp(ctx->place, "live") == 0 ? " ─ only %s, Esc shows all" : " ─ only %s",
		            st->filter_text);
	if (st->paused) {
		strbuf_adds(out, " ─ paused, ");
		strbuf_add_grouped(out, (long long)unseen);
		strbuf_adds(out, " new");
	} else if (st->follow) {
		strbuf_adds(out, " ─ following");
	} else if (live->reading && live->from == FROM_BEGINNING) {
		strbuf_adds(out, " ─ from the beginning");
	} else {
		strbuf_adds(out, " ─ scrolled back");
		if (unseen > 0) {
			strbuf_adds(out, ", ");
			strbuf_add_grouped(out, (long long)unseen);
			strbuf_adds(out, " new");
		}
	}
}

static void
add_number(struct strbuf *out, const char *word, int64_t n)
{
	strbuf_addf(out, "  %s ", word);
	strbuf_add_grouped(out, n);
}

/* The meter in several lengths, 0 the shortest; the longest that fits is taken. What was dropped is never left out. Without
 * a broker there are no rates. */
static void
meter_text(const struct live *live, bool up, int length, struct strbuf *out)
{
	int64_t filtered = (int64_t)feed_filtered(live->feed), dropped = (int64_t)feed_dropped(live->feed);
	int64_t behind = live->meter.behind, gaps = (int64_t)live->meter.gaps;

	strbuf_adds(out, live->reading && live->rate > 0 && up ? "reading " : length > 0 ? "in " : "");
	if (up)
		words_rate(out, live->rate);
	else
		strbuf_adds(out, "-");
	if (length > 2 && up && !live->reading) {
		strbuf_adds(out, "  shown ");
		words_rate(out, live->shown_rate);
	}
	if (length > 1 || filtered > 0)
		add_number(out, "filtered", filtered);
	if (length > 0 || dropped > 0)
		add_number(out, "dropped", dropped);
	if (length > 2 && gaps > 0)
		add_number(out, "gaps", gaps);
	/* A few are always under way. */
	if (behind != OFFSET_UNKNOWN && behind > 100)
		add_number(out, "behind", behind);
}

void
live_corner(const struct view *v, const struct ctx *ctx, struct strbuf *out)
{
	const struct live_state *st = v->state;
	bool up = ctx->conn->state == CONN_UP || ctx->conn->state == CONN_CONNECTING;
	struct strbuf caption = STRBUF_INIT;
	int room;

	if (ctx->live->topic[0] == '\0')
		return;
	live_caption(v, ctx, &caption);
	room = st->width - 6 - (int)utf8_columns(strbuf_str(&caption));
	strbuf_fini(&caption);
	for (int length = 3; length >= 0; length--) {
		strbuf_reset(out);
		meter_text(ctx->live, up, length, out);
		if ((int)utf8_columns(strbuf_str(out)) <= room)
			return;
	}
	if (feed_dropped(ctx->live->feed) == 0)
		strbuf_reset(out);
}
