#include "script_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/ui/keymap.h"

static void
send_posts(struct script *s)
{
	for (size_t i = 0; i < s->out.n; i++) {
		if (s->out.reqs[i].kind != REQ_STREAM_OPEN)
			continue;
		s->closed_stream = s->stream;
		s->stream = s->out.reqs[i].id;
		s->meter = (struct stream_meter){ .behind = 0 };
	}
	source_send(s->source, &s->out);
}

void
script_update(struct script *s, struct event *ev)
{
	app_set_time(s->app, s->now_ms, s->wall_ms);
	app_update(s->app, ev, &s->out);
	event_fini(ev);
	send_posts(s);
}

static bool
option(struct script *s, const struct words *w)
{
	static const char *const times[] = { "clock", "date", "utc" };
	const char *value = w->n > 1 ? w->v[1] : "";

	if (strcmp(w->v[0], "operand") == 0) {
		strvec_push(&s->options.topics, value);
	} else if (strcmp(w->v[0], "read-only") == 0) {
		s->conn.read_only = true;
	} else if (strcmp(w->v[0], "bootstrap") == 0) {
		free(s->conn.bootstrap);
		s->conn.bootstrap = xstrdup(value);
	} else if (strcmp(w->v[0], "buffer") == 0) {
		s->settings.buffer_mb = atoi(value);
	} else {
		for (int i = 0; i < 3; i++)
			if (strcmp(times[i], value) == 0)
				s->settings.time = i;
	}
	return true;
}

static bool
size(struct script *s, const struct words *w)
{
	struct event ev = { .kind = EV_RESIZE };

	if (w->n != 3)
		return false;
	s->cols = atoi(w->v[1]);
	s->rows = atoi(w->v[2]);
	canvas_resize(s->canvas, s->rows, s->cols);
	ev.resize.cols = s->cols;
	ev.resize.rows = s->rows;
	if (s->app != NULL)
		script_update(s, &ev);
	return true;
}

static bool
start(struct script *s, const struct words *w)
{
	struct err e;

	(void)w;
	s->app = app_new(&s->options, &s->settings, &s->conn, &e);
	if (s->app == NULL)
		return false;
	app_start(s->app, &s->out, s->now_ms, s->wall_ms);
	app_take_effects(s->app);
	send_posts(s);
	app_draw(s->app, s->canvas);
	return true;
}

/* Time passes as the loop lets it: a tick whenever one is wanted. */
static bool
tick(struct script *s, const struct words *w)
{
	int64_t left = w->n == 2 ? atoll(w->v[1]) : 0;

	if (left <= 0)
		return false;
	while (left > 0) {
		int want = app_next_tick_ms(s->app, s->now_ms);
		int64_t by = want < 1 ? 1 : want < left ? want : left;
		struct event ev = { .kind = EV_TICK };

		s->now_ms += by;
		s->wall_ms += by;
		left -= by;
		ev.tick.now_ms = s->now_ms;
		ev.tick.wall_ms = s->wall_ms;
		script_update(s, &ev);
		app_draw(s->app, s->canvas);
	}
	return true;
}

static void
press(struct script *s, const struct key *k)
{
	struct event ev = { .kind = EV_KEY, .key = *k };

	script_update(s, &ev);
	app_draw(s->app, s->canvas);
}

static bool
keys(struct script *s, const struct words *w)
{
	struct key k;

	for (size_t i = 1; i < w->n; i++) {
		if (!key_parse(w->v[i], &k))
			return false;
		press(s, &k);
	}
	return w->n > 1;
}

/* Keys that are there before the screen is drawn again: typed ahead. */
static bool
ahead(struct script *s, const struct words *w)
{
	for (size_t i = 1; i < w->n; i++) {
		struct event ev = { .kind = EV_KEY };

		if (!key_parse(w->v[i], &ev.key))
			return false;
		script_update(s, &ev);
	}
	app_draw(s->app, s->canvas);
	return w->n > 1;
}

static bool
type(struct script *s, const struct words *w)
{
	if (w->n != 2)
		return false;
	for (const char *p = w->v[1]; *p != '\0'; p++)
		press(s, &(struct key){ (unsigned char)*p, 0 });
	return true;
}

static bool
mouse(struct script *s, const struct words *w)
{
	static const char *const names[] = { "click", "double", "wheel-up", "wheel-down" };
	struct event ev = { .kind = EV_MOUSE };

	if (w->n != 3)
		return false;
	for (int i = 0; i < 4; i++)
		if (strcmp(names[i], w->v[0]) == 0)
			ev.mouse.action = (enum mouse_action)i;
	ev.mouse.y = atoi(w->v[1]);
	ev.mouse.x = atoi(w->v[2]);
	script_update(s, &ev);
	app_draw(s->app, s->canvas);
	return true;
}

static bool
answer(struct script *s, const struct words *w)
{
	int most = w->n > 1 ? atoi(w->v[1]) : 10000;
	struct event ev;

	for (; most > 0 && mailbox_pop(s->inbox, &ev); most--)
		script_update(s, &ev);
	app_draw(s->app, s->canvas);
	return true;
}

static bool
draw(struct script *s, const struct words *w)
{
	if (w->n != 2)
		return false;
	app_draw(s->app, s->canvas);
	strbuf_addf(s->text, "== %s %d×%d\n", w->v[1], s->cols, s->rows);
	canvas_dump_text(s->canvas, s->text);
	strbuf_adds(s->text, "-- roles\n");
	canvas_dump_roles(s->canvas, s->text);
	strbuf_addch(s->text, '\n');
	return true;
}

static void
describe(struct strbuf *out, const struct request *req)
{
	switch (req->kind) {
	case REQ_WATCH:
		strbuf_addf(out, "watch focus=%s visible=", req->watch.focus != NULL ? req->watch.focus : "");
		for (size_t i = 0; i < req->watch.visible.n; i++)
			strbuf_addf(out, "%s%s", i > 0 ? "," : "", req->watch.visible.v[i]);
		break;
	case REQ_STREAM_OPEN:
		strbuf_addf(out, "stream %s from=%d value=%lld", req->stream.topics.v[0], (int)req->stream.from,
		            (long long)req->stream.from_value);
		break;
	case REQ_STREAM_CLOSE:
		strbuf_adds(out, "close a stream");
		break;
	case REQ_REFRESH:
		strbuf_adds(out, "refresh");
		break;
	case REQ_TOPIC_READ:
	case REQ_TOPIC_OFFSETS:
	case REQ_TOPIC_GROUPS:
	case REQ_TOPIC_DELETE:
	case REQ_TOPIC_EVIDENCE:
		strbuf_addf(out, "topic request %d %s", (int)req->kind, req->topic.name);
		break;
	default:
		strbuf_addf(out, "request %d", (int)req->kind);
		break;
	}
	strbuf_addch(out, '\n');
}

static bool
posts(struct script *s, const struct words *w)
{
	strbuf_addf(s->text, "== %s\n", w->n > 1 ? w->v[1] : "posts");
	for (size_t i = 0; i < fake_source_nposts(s->source); i++)
		describe(s->text, fake_source_post(s->source, i));
	strbuf_addch(s->text, '\n');
	fake_source_forget(s->source);
	return true;
}

static bool
run_words(struct script *s, const struct words *w)
{
	static const struct {
		const char *name;
		bool (*run)(struct script *s, const struct words *w);
		bool before_start;
	} commands[] = {
		{ "size", size, true }, { "operand", option, true }, { "read-only", option, true },
		{ "bootstrap", option, true }, { "buffer", option, true }, { "time", option, true },
		{ "start", start, true }, { "tick", tick, false }, { "key", keys, false }, { "type", type, false },
		{ "ahead", ahead, false }, { "click", mouse, false }, { "double", mouse, false }, { "wheel-up", mouse, false },
		{ "wheel-down", mouse, false }, { "answer", answer, false }, { "draw", draw, false },
		{ "posts", posts, false },
	};
	bool known;
	bool ok;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, w->v[0]) == 0)
			return (s->app != NULL || commands[i].before_start) && commands[i].run(s, w);
	ok = script_cluster_command(s, w, &known);
	if (known && s->app != NULL)
		app_draw(s->app, s->canvas);
	return known && ok;
}

/* One escape after its backslash; returns the characters taken. \x00 stays as it is written: words end in a NUL. */
static size_t
escape(const char *p, struct strbuf *out)
{
	char hex[16] = "";
	size_t n = 0;

	if (*p == 'u' && p[1] == '{') {
		for (n = 0; isxdigit((unsigned char)p[2 + n]) && n < 8; n++)
			hex[n] = p[2 + n];
		strbuf_addcp(out, (unsigned)strtoul(hex, NULL, 16));
		return n + 3;
	}
	if (*p == 'x' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2])) {
		memcpy(hex, p + 1, 2);
		if (strtoul(hex, NULL, 16) == 0)
			strbuf_adds(out, "\\x00");
		else
			strbuf_addch(out, (char)strtoul(hex, NULL, 16));
		return 3;
	}
	strbuf_addch(out, *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'e' ? '\033' : *p);
	return *p != '\0';
}

static void
split(const char *line, struct words *w)
{
	struct strbuf word = STRBUF_INIT;

	w->n = 0;
	while (*line != '\0' && w->n < WORDS_MAX) {
		bool quoted;

		line += strspn(line, " \t");
		if (*line == '\0' || *line == '#')
			break;
		quoted = *line == '"';
		line += quoted;
		strbuf_reset(&word);
		while (*line != '\0' && (quoted ? *line != '"' : *line != ' ')) {
			if (*line == '\\')
				line += 1 + escape(line + 1, &word);
			else
				strbuf_addch(&word, *line++);
		}
		line += quoted && *line == '"';
		w->v[w->n++] = xstrdup(strbuf_str(&word));
	}
	strbuf_fini(&word);
}

static void
words_fini(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->v[i]);
}

static void
script_init(struct script *s, struct strbuf *out)
{
	char name[] = "topicmon";
	char *argv[] = { name, NULL };

	*s = (struct script){ .now_ms = START_MS, .wall_ms = START_WALL_MS, .cols = 80, .rows = 24, .text = out };
	options_parse(1, argv, &s->options, NULL);
	settings_init(&s->settings);
	connection_init(&s->conn);
	free(s->conn.bootstrap);
	s->conn.bootstrap = xstrdup("localhost:9092");
	s->canvas = canvas_new(s->rows, s->cols);
	s->inbox = inbox_new(NULL);
	s->cluster = fake_cluster_new();
	s->source = fake_source_new(s->inbox, fake_cluster_answer, s->cluster);
	outbox_init(&s->out);
	s->picture = picture_new();
}

static void
script_fini(struct script *s)
{
	app_free(s->app);
	canvas_free(s->canvas);
	source_stop(s->source, 0);
	mailbox_free(s->inbox);
	fake_cluster_free(s->cluster);
	outbox_fini(&s->out);
	picture_free(s->picture);
	script_cluster_fini(s);
	connection_fini(&s->conn);
	settings_fini(&s->settings);
	options_fini(&s->options);
}

bool
script_play(const char *path, struct strbuf *out, struct err *e)
{
	FILE *f = fopen(path, "r");
	struct script s;
	char line[4096];
	bool ok = true;

	if (f == NULL)
		return err_set(e, ERR_NOT_FOUND, "%s cannot be read", path);
	script_init(&s, out);
	for (int n = 1; ok && fgets(line, sizeof(line), f) != NULL; n++) {
		struct words w;

		line[strcspn(line, "\n")] = '\0';
		split(line, &w);
		if (w.n > 0 && !run_words(&s, &w))
			ok = err_set(e, ERR_USAGE, "%s:%d: %s", path, n, line);
		words_fini(&w);
	}
	fclose(f);
	script_fini(&s);
	return ok;
}
