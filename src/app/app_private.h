/*
 * app: what the files of this room share.
 *
 *   app.c         new, free, update: who gets an event          app_command.c  what a command does when no view takes it
 *   app_wishes.c  what views asked for                          app_prompt.c   the line of / and &
 *   app_layout.c  where everything is                           app_draw.c, app_bars.c  drawing
 *   app_mouse.c   whose place was clicked                       live.c         the stream of the selected topic
 *   loop.c        the terminal, the source, the turns
 *
 * Thread: UI.   Depends on: everything but cli.
 */
#ifndef TOPICMON_APP_PRIVATE_H
#define TOPICMON_APP_PRIVATE_H

#include "topicmon/app/app.h"
#include "topicmon/ui/prompt.h"
#include "topicmon/views/view.h"

#define STACK_MAX    12
#define BAR_MAX      96         /* keys that the bar looks at */
#define RATE_SAMPLES 8

enum pane { PANE_TOPICS, PANE_TOPIC, PANE_LIVE, PANE_COUNT };

/* The stream of the selected topic, beside what views see of it. */
struct live_control {
	int64_t open_ms;                /* when to open; 0: nothing is planned */
	enum stream_from open_from;
	int64_t retry_ms;               /* when a failed stream is opened again; 0: it is not */
	struct { int64_t ms; uint64_t received, shown; } samples[RATE_SAMPLES];
	size_t nsamples;
	int64_t opened_ms;              /* when the stream was opened */
};

/* The line in which a text is typed for CMD_FIND or CMD_FILTER. */
struct prompt {
	bool open;
	enum command cmd;
	struct view *view;              /* whose; borrowed: the prompt closes before the view goes */
	struct edit edit;
	char *before;                   /* the text that it began with; owned */
	bool wrong;
	size_t wrong_at;
	struct err err;
};

struct app {
	const struct options *o;
	const struct settings *s;
	const struct connection *conn;
	struct snapshot *snap;
	struct connection_event connection;
	struct live live;
	struct live_control live_control;
	struct log log;
	struct keymap *keymap;
	struct op_settings op_settings;
	struct strvec theme_names;      /* empty until somebody chooses a theme */
	struct theme theme;
	char selected[256];
	bool chosen;                    /* the topic to open on was found */
	struct view *panes[PANE_COUNT];
	enum pane focus;
	enum pane upper;                /* of topics and topic, the one in sight where only one has room */
	bool zoomed;
	struct view *stack[STACK_MAX];  /* screens and cards, the uppermost last */
	size_t nstack;
	struct view *closed[STACK_MAX]; /* freed at the end of the turn: their handlers may still run */
	size_t nclosed;
	struct prompt prompt;
	char *status;                   /* NULL: nothing to say; owned */
	enum role status_role;
	int64_t status_ms;              /* when it was said */
	unsigned effects;
	struct view *editing;           /* who asked for the editor; NULL: nobody any more */
	char *editor_text;
	struct strbuf watched;          /* the last REQ_WATCH, as text */
	struct strbuf watching;         /* what the screen wants now */
	int64_t watch_ms;               /* when to post it; 0: as it is */
	bool dirty;
	bool quit;
	bool quit_pending;              /* as soon as nothing is half done */
	int rows, cols;                 /* of the last app_draw */
	int64_t now_ms, wall_ms;
	int64_t clock_s;                /* the second that the title shows */
	struct outbox *out;             /* of the turn under way */
};

/* A call into a view: the context, and what it asked for. */
struct call {
	struct ctx ctx;
	struct wishes wishes;
};
void call_begin(struct app *app, struct call *call);
/* Does what the view asked for. */
void call_end(struct app *app, struct view *v, struct call *call);
/* A context for drawing: nothing can be asked for. */
struct ctx app_ctx(const struct app *app);

/* app.c */
struct view *app_top(struct app *app);                  /* who gets keys */
struct view *app_place(const struct app *app);          /* the uppermost that is no card */
bool app_is_card(const struct view *v);
bool app_home(const struct app *app);                   /* no screen and no card over the panes */
void app_open(struct app *app, const char *view, const char *arg);
void app_close(struct app *app, struct view *v);
void app_close_all(struct app *app);                    /* back to the panes */
void app_select(struct app *app, const char *topic);
void app_say(struct app *app, enum role role, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Takes back what was said in this role, if it is what is said now. */
void app_unsay(struct app *app, enum role role);
void app_set_theme(struct app *app, const char *name, bool keep);
void app_quit(struct app *app);

/* app_command.c */
void app_key(struct app *app, const struct key *k);
void app_command(struct app *app, enum command cmd, const char *arg);
bool app_command_to(struct app *app, struct view *v, enum command cmd, const char *arg);
void app_focus(struct app *app, enum pane pane);

/* app_prompt.c */
bool prompt_open(struct app *app, struct view *v, enum command cmd);     /* false: the view has no such thing */
void prompt_key(struct app *app, const struct key *k);
void prompt_close(struct app *app);
void prompt_draw(const struct app *app, struct canvas *c, struct rect r);

/* app_layout.c */
struct layout {
	struct rect title, notice, keys;        /* h 0: not there */
	struct rect body;
	struct rect pane[PANE_COUNT];           /* with their frames; h 0: not in sight */
	bool frames;
	bool notice_in_keys;                    /* what there is to say stands in the line of the keys */
};
void app_layout(const struct app *app, struct layout *l);
struct rect layout_inside(const struct layout *l, struct rect frame);
/* The frame of a card. */
struct rect layout_card(struct app *app, const struct layout *l, const struct view *v);

/* app_bars.c */
struct bar_entry {
	int x, w;
	enum command cmd;
	const char *arg;
};
void bar_title(struct app *app, struct canvas *c, struct rect r);
/* What there is to say: of the broker, or of the last act. False: nothing. */
bool bar_notice(const struct app *app, struct strbuf *text, enum role *role);
/* The keys that fit; draws them unless c is NULL. */
size_t bar_keys(struct app *app, struct canvas *c, struct rect r, struct bar_entry *entries, size_t max);

/* app_mouse.c */
void app_mouse(struct app *app, const struct mouse *m);

/* live.c */
void live_init(struct app *app);
void live_fini(struct app *app);
/* The selected topic changed: its stream is opened once the cursor rests. */
void live_follow(struct app *app);
void live_open(struct app *app, enum stream_from from);
bool live_event(struct app *app, const struct event *ev);        /* true: it was of the stream */
bool live_tick(struct app *app);                                 /* true: something to draw */
int live_next_ms(const struct app *app);                         /* -1: nothing to wait for */

/* app_watch.c */
void app_watch_look(struct app *app);        /* after a draw: what is on the screen now */
void app_watch_post(struct app *app);        /* asks for it, if it is time */

#endif
