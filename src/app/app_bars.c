/* app_bars: the title, what there is to say, and the keys that matter here. */
#include "app_private.h"

#include <math.h>
#include <string.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/views/words.h"

#define PIECES_MAX 8
#define GAP        2

/* A part of the title; where there is no room the one with the highest `drop` goes first, 0 never. */
struct piece {
	struct strbuf text;
	enum role role;
	int drop;
	bool right;
};

struct title {
	struct piece v[PIECES_MAX];
	size_t n;
};

static struct strbuf *
piece(struct title *t, enum role role, int drop, bool right)
{
	struct piece *p = &t->v[t->n++];

	*p = (struct piece){ STRBUF_INIT, role, drop, right };
	return &p->text;
}

/* Hours, minutes and seconds, in the zone that times are shown in. */
static void
add_clock(const struct app *app, struct strbuf *out, int64_t wall_ms)
{
	struct strbuf time = STRBUF_INIT;

	if (app->s->time == TIME_ISO) {
		clock_format_iso(&time, wall_ms);
		if (time.len > 19)
			strbuf_add(out, time.buf + 11, 8);
		strbuf_addch(out, 'Z');
	} else {
		clock_format(&time, wall_ms, false);
		strbuf_add(out, time.buf, time.len < 8 ? time.len : 8);
	}
	strbuf_fini(&time);
}

static enum role
connection_text(const struct app *app, struct strbuf *out)
{
	const struct connection_event *conn = &app->connection;

	switch (conn->state) {
	case CONN_UP:
		strbuf_addf(out, "%s ● ", app->conn->bootstrap);
		words_plural(out, app->snap != NULL ? (int64_t)app->snap->nbrokers : 0, "broker");
		if (app->snap == NULL)
			strbuf_remove(out, out->len - strlen("0 brokers"), strlen("0 brokers"));
		return ROLE_TITLE_BAR;
	case CONN_CONNECTING:
		strbuf_addf(out, "%s ○ connecting…", app->conn->bootstrap);
		return ROLE_TITLE_BAR;
	case CONN_DOWN:
		strbuf_addf(out, "%s ○ no answer since ", conn->address[0] != '\0' ? conn->address : app->conn->bootstrap);
		break;
	case CONN_DENIED:
		strbuf_addf(out, "%s ○ login failed since ", conn->address[0] != '\0' ? conn->address : app->conn->bootstrap);
		break;
	}
	add_clock(app, out, conn->since_wall_ms);
	return ROLE_STATUS_ERROR;
}

static int64_t
topics_counted(const struct snapshot *snap)
{
	int64_t n = 0;

	for (size_t i = 0; i < snap->ntopics; i++)
		n += !snap->topics[i].internal;
	return n;
}

static void
collect(const struct app *app, struct title *t)
{
	const struct snapshot *snap = app->snap;
	bool up = app->connection.state == CONN_UP || app->connection.state == CONN_CONNECTING;
	struct strbuf *connection;

	strbuf_adds(piece(t, ROLE_TITLE_NAME, 5, false), "topicmon");
	connection = piece(t, ROLE_TITLE_BAR, 0, false);
	t->v[t->n - 1].role = connection_text(app, connection);
	if (app->conn->read_only)
		strbuf_adds(piece(t, ROLE_TITLE_NAME, 1, false), "read-only");
	if (snap != NULL) {
		words_plural(piece(t, ROLE_TITLE_BAR, 4, false), topics_counted(snap), "topic");
		if (!isnan(snap->rate)) {
			struct strbuf *rate = piece(t, ROLE_TITLE_BAR, 2, true);

			if (up) {
				words_rate(rate, snap->rate);
				strbuf_remove(rate, rate->len - 2, 2);
			} else {
				strbuf_adds(rate, "-");
			}
			strbuf_adds(rate, " msg/s");
		}
		if (snap->lag != OFFSET_UNKNOWN) {
			struct strbuf *lag = piece(t, ROLE_TITLE_BAR, 3, true);

			strbuf_adds(lag, "lag ");
			/* Of all groups and topics: a row of the topics has that of its slowest group. */
			if (up)
				words_count(lag, snap->lag);
			strbuf_adds(lag, up ? " in all" : "-");
		}
	}
	add_clock(app, piece(t, ROLE_TITLE_BAR, 6, true), app->wall_ms);
}

static int
width_of(const struct title *t)
{
	int width = 1;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].drop >= 0)
			width += (int)utf8_columns(strbuf_str(&t->v[i].text)) + GAP;
	return width;
}

/* Marks (drop -1) the pieces that find no room. */
static void
fit(struct title *t, int width)
{
	while (width_of(t) > width) {
		struct piece *victim = NULL;

		for (size_t i = 0; i < t->n; i++)
			if (t->v[i].drop > (victim != NULL ? victim->drop : 0))
				victim = &t->v[i];
		if (victim == NULL)
			return;
		victim->drop = -1;
	}
}

void
bar_title(struct app *app, struct canvas *c, struct rect r)
{
	struct title t = { .n = 0 };
	int left = r.x + 1, right = r.x + r.w - 1;

	if (r.h == 0)
		return;
	collect(app, &t);
	fit(&t, r.w);
	canvas_fill(c, r, ROLE_TITLE_BAR);
	for (size_t i = t.n; i > 0; i--) {
		struct piece *p = &t.v[i - 1];

		if (p->drop < 0 || !p->right)
			continue;
		right -= (int)utf8_columns(strbuf_str(&p->text));
		canvas_text(c, r.y, right, r.x + r.w - right, p->role, strbuf_str(&p->text));
		right -= GAP;
	}
	for (size_t i = 0; i < t.n; i++) {
		struct piece *p = &t.v[i];

		if (p->drop >= 0 && !p->right)
			left += canvas_text_cut(c, r.y, left, right - left, p->role, strbuf_str(&p->text)) + GAP;
		strbuf_fini(&p->text);
	}
}

/* The address to write beside a name in the hosts file: that by which the first broker was reached. */
static void
address_for_hosts(const struct app *app, struct strbuf *out)
{
	const char *list = app->conn->bootstrap;
	size_t len = strcspn(list, ",");

	while (len > 0 && list[len] != ':')
		len--;
	if (len == 0 || strncmp(list, "localhost", 9) == 0)
		strbuf_adds(out, "127.0.0.1");
	else
		strbuf_add(out, list, len);
}

static bool
trouble(const struct app *app, struct strbuf *text)
{
	const struct connection_event *conn = &app->connection;
	struct strbuf address = STRBUF_INIT;

	if (conn->unresolved[0] != '\0') {
		address_for_hosts(app, &address);
		strbuf_addf(text, "The broker calls itself %s, and that name does not resolve here. Start with "
		            "--resolve %s=%s, or add the line \"%s %s\" to /etc/hosts", conn->unresolved,
		            conn->unresolved, strbuf_str(&address), strbuf_str(&address), conn->unresolved);
		strbuf_fini(&address);
		return true;
	}
	if (conn->state != CONN_DOWN && conn->state != CONN_DENIED)
		return false;
	strbuf_addf(text, "%s %s since ", conn->address[0] != '\0' ? conn->address : app->conn->bootstrap,
	            conn->state == CONN_DOWN ? "does not answer" : "refuses the login");
	add_clock(app, text, conn->since_wall_ms);
	if (conn->reason[0] != '\0')
		strbuf_addf(text, ": %s", conn->reason);
	strbuf_adds(text, ". Trying again.");
	if (app->snap != NULL)
		strbuf_adds(text, " What is shown is from before.");
	return true;
}

bool
bar_notice(const struct app *app, struct strbuf *text, enum role *role)
{
	if (app->status != NULL) {
		*role = app->status_role;
		strbuf_adds(text, app->status);
		return true;
	}
	*role = ROLE_STATUS_ERROR;
	return trouble(app, text);
}

static const char *
word_of(const struct app *app, const struct keymap_row *row)
{
	if (row->cmd == CMD_QUIT && row->bar != NULL)
		return app_home(app) && (!app->zoomed || app->o->topics.n > 0) ? "quit" : "back";
	return row->bar;
}

/* Whether a key of the bar would do something here. */
static bool
useful(struct app *app, const struct keymap_row *row)
{
	struct view *v = app_top(app);
	struct ctx ctx = app_ctx(app);

	if (row->bar == NULL || (app_is_card(v) && row->global))
		return false;
	if (app->conn->read_only && (command_info(row->cmd)->flags & (CF_WRITES | CF_DANGEROUS)))
		return false;
	if (row->cmd == CMD_FIND || row->cmd == CMD_FILTER)
		return v->ops->prompt != NULL && v->ops->prompt(v, &ctx, row->cmd) != NULL;
	if (row->cmd == CMD_SORT)
		return v->ops->columns != NULL;
	if (row->cmd == CMD_NEXT_PANE || row->cmd == CMD_ZOOM || row->cmd == CMD_PAUSE)
		return app_home(app);
	if (row->cmd == CMD_OPEN)
		return !row->global || v->ops->shape == VIEW_PANE;
	return true;
}

static int
entry_width(const struct app *app, const struct keymap_row *row)
{
	struct strbuf label = STRBUF_INIT;
	int width;

	key_label(&row->key, &label);
	width = (int)utf8_columns(strbuf_str(&label)) + 1 + (int)utf8_columns(word_of(app, row));
	strbuf_fini(&label);
	return width;
}

/* Whether there is room for one pane only: the key to the others is then worth more than most. */
static bool
panes_hidden(const struct app *app)
{
	struct layout l;
	int seen = 0;

	if (!app_home(app) || app->zoomed)
		return false;
	app_layout(app, &l);
	for (int i = 0; i < PANE_COUNT; i++)
		seen += l.pane[i].h > 0;
	return seen < 2;
}

static bool
is_essential(enum command cmd, bool hidden)
{
	return cmd == CMD_HELP || cmd == CMD_QUIT || (cmd == CMD_NEXT_PANE && hidden);
}

static int
draw_entry(const struct app *app, struct canvas *c, int y, int x, int w, const struct keymap_row *row)
{
	struct strbuf label = STRBUF_INIT;
	int taken;

	key_label(&row->key, &label);
	taken = canvas_text(c, y, x, w, ROLE_KEY_BAR_KEY, strbuf_str(&label)) + 1;
	taken += canvas_text(c, y, x + taken, w - taken, ROLE_KEY_BAR, word_of(app, row));
	strbuf_fini(&label);
	return taken;
}

/* A card takes its keys itself; its own words for them stand in the bar. */
static void
card_keys(const struct app *app, struct canvas *c, struct rect r)
{
	const struct view *v = app->stack[app->nstack - 1];
	struct ctx ctx = app_ctx(app);
	const struct view_hint *hints;
	size_t n = v->ops->hints(v, &ctx, &hints);

	if (c == NULL)
		return;
	canvas_fill(c, r, ROLE_KEY_BAR);
	card_hints(c, r.y, r.x + 1, r.w - 2, ROLE_KEY_BAR_KEY, ROLE_KEY_BAR, hints, n);
}

size_t
bar_keys(struct app *app, struct canvas *c, struct rect r, struct bar_entry *entries, size_t max)
{
	struct keymap_row rows[BAR_MAX];
	size_t n = keymap_rows(app->keymap, app_top(app)->ops->name, rows, BAR_MAX), taken = 0;
	int x = r.x + 1, end = r.x + r.w, essential = 0;
	bool hidden = panes_hidden(app);

	if (app_top(app)->ops->hints != NULL) {
		card_keys(app, c, r);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (useful(app, &rows[i]) && is_essential(rows[i].cmd, hidden))
			essential += entry_width(app, &rows[i]) + GAP;
	if (c != NULL)
		canvas_fill(c, r, ROLE_KEY_BAR);
	/* First the others as they stand in the tables, as many as fit; then those without which one is lost. */
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < n && taken < max; i++) {
			int w;

			if (!useful(app, &rows[i]) || is_essential(rows[i].cmd, hidden) != (pass == 1))
				continue;
			w = entry_width(app, &rows[i]);
			if (x + w + (pass == 0 ? essential : 0) > end)
				continue;
			if (c != NULL)
				draw_entry(app, c, r.y, x, end - x, &rows[i]);
			entries[taken++] = (struct bar_entry){ x, w, rows[i].cmd, rows[i].arg };
			x += w + GAP;
		}
	}
	return taken;
}
