/*
 * view: what one screen, pane or card means. A record of callbacks (view_ops, one const row a view) and live instances.
 *
 * A handler changes its own state and asks by ctx; nothing draws or fetches inside a handler. draw gets const state.
 *
 * Thread: UI.   Depends on: base, model, ui, ops.
 */
#ifndef TOPICMON_VIEWS_VIEW_H
#define TOPICMON_VIEWS_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/ui/canvas.h"
#include "topicmon/ui/keymap.h"
#include "topicmon/ui/table.h"
#include "topicmon/views/ctx.h"

enum view_shape {
	VIEW_PANE,              /* a part of the home screen */
	VIEW_SCREEN,            /* fills the screen between title and key bar */
	VIEW_CARD,              /* lies over the others and takes all keys until it is closed */
};

#define VF_TEXT_INPUT (1u << 0)         /* letters are text, not commands: `key` comes first */

/* A card that destroys something: what was typed before it was seen is not for it. */
#define VF_DANGEROUS  (1u << 1)

/* A key of a card and what it does there now. Where there is no room the highest `drop` goes first, 0 never. */
struct view_hint {
	const char *key;
	const char *word;
	int drop;
};

struct view;

struct view_ops {
	const char *name;               /* in the keymap, for wish_open, in views.def */
	const char *title;
	enum view_shape shape;
	unsigned flags;
	const struct column *columns;   /* of a table view: `sort ID` completes from here */
	size_t ncolumns;
	const struct binding *keys;
	size_t nkeys;
	size_t state_size;              /* view->state points to so many zeroed bytes */

	void (*open)(struct view *v, struct ctx *ctx, const char *arg);
	void (*close)(struct view *v);
	/* Any event but keys and mouse: snapshots, answers, ticks. Every open view gets every one. */
	void (*update)(struct view *v, struct ctx *ctx, const struct event *ev);
	/* Milliseconds until this view wants the next EV_TICK; -1 (or NULL): it does not (the clock ticks once a second). */
	int (*next_ms)(const struct view *v, const struct ctx *ctx);
	/* A command by key or name; false: not ours, the app's default follows (of a card: Back and Quit close it, nothing
	 * else goes through to what lies below). */
	bool (*command)(struct view *v, struct ctx *ctx, enum command cmd, const char *arg);
	/* A key before the keymap (text fields); false: look it up. */
	bool (*key)(struct view *v, struct ctx *ctx, const struct key *k);
	/* A mouse action inside r (what draw gets), in canvas coordinates; false: the app's default (a double click opens,
	 * the wheel moves the cursor). */
	bool (*mouse)(struct view *v, struct ctx *ctx, const struct mouse *m, struct rect r);
	/* The app's prompt line for CMD_FIND and CMD_FILTER without an argument: the text that it begins with; NULL: this
	 * view has no such thing. Enter then comes as command(cmd, text), Esc as command(cmd, what it began with). */
	const char *(*prompt)(const struct view *v, const struct ctx *ctx, enum command cmd);
	/* That text as it is typed: false and *e when it has a mistake, *at is then its byte in the text. May apply it at
	 * once. NULL: nothing happens before Enter. */
	bool (*typed)(struct view *v, struct ctx *ctx, enum command cmd, const char *text, size_t *at, struct err *e);
	/* The text that came back from $EDITOR. */
	void (*edited)(struct view *v, struct ctx *ctx, const char *text, size_t len);
	/* The title in the frame; NULL: ops->title. */
	void (*caption)(const struct view *v, const struct ctx *ctx, struct strbuf *out);
	/* What stands at the right end of the frame's top line; NULL: nothing. */
	void (*corner)(const struct view *v, const struct ctx *ctx, struct strbuf *out);
	/* Draws inside the frame (the app draws frames of panes and screens; a card says its size). */
	void (*draw)(const struct view *v, const struct ctx *ctx, struct canvas *c, struct rect r, bool focused);
	/* A card's size inside its frame, at most max. */
	void (*size)(const struct view *v, const struct ctx *ctx, int max_h, int max_w, int *h, int *w);
	/* Adds what is on the screen and should be asked for first: topics to w->visible, groups to w->visible_groups. */
	void (*watch)(const struct view *v, const struct ctx *ctx, struct watch_spec *w);
	/* Whether it is in the middle of something that must not be left half done (an operation that runs): the program
	 * does not quit and the card is not closed meanwhile. NULL: never. */
	bool (*busy)(const struct view *v);
	/* Of a card: the keys that matter in it now (constant rows in *out), for the key bar. NULL: none. */
	size_t (*hints)(const struct view *v, const struct ctx *ctx, const struct view_hint **out);
	/* Called with the rect that draw will have, before each draw: scrolling, rows on the screen (not const). */
	void (*layout)(struct view *v, struct ctx *ctx, struct rect r);
};

struct view {
	const struct view_ops *ops;
	void *state;
	bool drawn;             /* a VF_DANGEROUS card takes keys only once it was drawn; the app's */
};

/* The registry: every view is one line of src/views/views.def, VIEW(groups), and one `const struct view_ops groups_view`. */
extern const struct view_ops *const all_views[];
extern const size_t nall_views;
const struct view_ops *view_find(const char *name);

/* Opens an instance; arg may be NULL (open then gets ""). */
struct view *view_new(const struct view_ops *ops, struct ctx *ctx, const char *arg);
void view_free(struct view *v);

/* Draws text wrapped at blanks; returns the rows taken (at least 1). With c NULL only counts. (card.c) */
int card_wrapped(struct canvas *c, struct rect r, enum role role, const char *text);
/* Draws a line of keys and their words, as many as fit in w columns. (card.c) */
void card_hints(struct canvas *c, int y, int x, int w, enum role key, enum role word, const struct view_hint *hints,
                size_t n);

#endif
