/*
 * app: the one mutable root, and app_update(), the only function that changes it. app_run() is the loop around it.
 *
 * Thread: UI.   Depends on: everything but cli.
 */
#ifndef TOPICMON_APP_APP_H
#define TOPICMON_APP_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"
#include "topicmon/model/role.h"
#include "topicmon/ui/canvas.h"

struct app;

/* What the loop is to do for the app, as it is not the screen's to decide (bits). */
#define EFFECT_THEME       (1u << 0)    /* app_theme() changed */
#define EFFECT_SUSPEND     (1u << 1)    /* to the shell */
#define EFFECT_EDITOR      (1u << 2)    /* app_editor_text() in $EDITOR, then app_edited() */
#define EFFECT_REDRAW      (1u << 3)    /* the whole screen anew */
#define EFFECT_FLUSH_INPUT (1u << 4)    /* what was typed before a card was drawn is not for it */

/* Nothing is sent yet. o, s and conn are borrowed and must outlive the app. NULL and *e when a keymap row of the user is
 * wrong. */
struct app *app_new(const struct options *o, const struct settings *s, const struct connection *conn, struct err *e);
void app_free(struct app *app);

/* Opens the home screen: posts the first requests. */
void app_start(struct app *app, struct outbox *out, int64_t now_ms, int64_t wall_ms);
/* The time at which the next events happen; EV_TICK tells it too. */
void app_set_time(struct app *app, int64_t now_ms, int64_t wall_ms);
/* Takes one event; requests go to out. What the event owns stays the caller's. */
void app_update(struct app *app, const struct event *ev, struct outbox *out);
/* Draws the whole screen, as large as the canvas is. */
void app_draw(struct app *app, struct canvas *c);
bool app_dirty(const struct app *app);          /* something changed since the last app_draw */
bool app_wants_quit(const struct app *app);
/* Milliseconds until a tick is wanted; -1: none. */
int app_next_tick_ms(const struct app *app, int64_t now_ms);

/* The effects wanted since the last call. */
unsigned app_take_effects(struct app *app);
const struct theme *app_theme(const struct app *app);            /* resolved; borrowed */
const char *app_editor_text(const struct app *app);              /* borrowed */
/* The text that came back from $EDITOR; NULL and *e: it did not. */
void app_edited(struct app *app, struct outbox *out, const char *text, size_t len, const struct err *e);

/* The program with a screen: opens the terminal, runs until quit, gives the terminal back. Returns the exit status. */
int app_run(const struct options *o, const struct settings *s, const struct connection *conn);

#endif
