/*
 * ctx: what a view may see, and what it may ask for. The app fills it anew for each call; everything is borrowed and
 * valid during the call only. A view changes its own state and these: the outbox (requests to the cluster), the wishes
 * (what the app should do), the selection.
 *
 * Thread: UI.   Depends on: base, model, ui.
 */
#ifndef TOPICMON_VIEWS_CTX_H
#define TOPICMON_VIEWS_CTX_H

#include <stdbool.h>
#include <stdint.h>

#include "topicmon/base/log.h"
#include "topicmon/config/config_file.h"
#include "topicmon/model/event.h"
#include "topicmon/model/filter.h"
#include "topicmon/model/role.h"
#include "topicmon/model/snapshot.h"
#include "topicmon/ops/op.h"
#include "topicmon/ui/keymap.h"
#include "topicmon/views/feed.h"

/* The live stream of the selected topic. Owned by the app; views read it and ask for changes by wishes. */
struct live {
	uint64_t id;            /* of the open stream, 0: none */
	char topic[256];
	enum stream_from from;
	enum stream_state state;
	struct stream_meter meter;
	struct err err;         /* the last trouble, code ERR_NONE: none */
	struct feed *feed;      /* its rows; views may filter and hold it (views/feed.h) */
	bool reading;           /* what was there before is still being read: the rate is not that of arrivals */
	double rate;            /* received a second, smoothed */
	double shown_rate;      /* of them, those that the filter lets through */
};

enum wish_kind {
	WISH_OPEN_VIEW,         /* view, arg: a card or a screen */
	WISH_CLOSE_VIEW,        /* this one (a card, a screen) */
	WISH_SELECT_TOPIC,      /* arg = topic */
	WISH_STREAM,            /* from: (re)open the live stream of the selected topic */
	WISH_STATUS,            /* text, role: the status line */
	WISH_COMMAND,           /* cmd, arg: run it as if it had been typed */
	WISH_THEME,             /* arg = name; keep: remember it, else only a preview */
	WISH_EDITOR,            /* arg = text to edit; answered by view_ops.edited */
	WISH_QUIT,
};

struct wish {
	enum wish_kind kind;
	enum command cmd;
	enum role role;
	enum stream_from from;
	bool keep;
	char *view;             /* owned by the wish list, as arg */
	char *arg;
};

struct wishes {
	struct wish *v;
	size_t n;
	size_t cap;
};

struct ctx {
	struct snapshot *snap;                  /* NULL until the first; who keeps it takes a reference */
	const struct connection_event *conn;
	const struct live *live;
	const struct log *log;
	const struct keymap *keymap;
	const struct op_settings *op_settings;
	const struct strvec *theme_names;
	const char *theme;                      /* the one in force */
	const char *bootstrap;
	const char *selected;                   /* the selected topic, "" when none */
	const char *place;                      /* name of the pane or screen with the focus, below all cards */
	bool read_only;
	enum time_style time_style;
	int64_t now_ms;                         /* monotonic */
	int64_t wall_ms;
	struct outbox *out;
	struct wishes *wishes;
};

void wish_open(struct ctx *ctx, const char *view, const char *arg);
void wish_close(struct ctx *ctx);
void wish_select(struct ctx *ctx, const char *topic);
void wish_stream(struct ctx *ctx, enum stream_from from);
/* An empty text takes back what was said in this role. */
void wish_status(struct ctx *ctx, enum role role, const char *fmt, ...) PRINTF_LIKE(3, 4);
void wish_command(struct ctx *ctx, enum command cmd, const char *arg);
void wish_theme(struct ctx *ctx, const char *name, bool keep);
void wish_editor(struct ctx *ctx, const char *text);
void wish_quit(struct ctx *ctx);
void wishes_fini(struct wishes *w);

#endif
