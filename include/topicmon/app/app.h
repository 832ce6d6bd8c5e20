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
#include "topicmon/ui/canvas.h"

struct app;

/* Nothing is sent yet. o, s and conn are borrowed and must outlive the app. NULL and *e when a keymap row of the user is
 * wrong. */
struct app *app_new(const struct options *o, const struct settings *s, const struct connection *conn, struct err *e);
void app_free(struct app *app);

/* Opens the home screen: posts the first requests. */
void app_start(struct app *app, struct outbox *out, int64_t now_ms, int64_t wall_ms);
/* Takes one event; requests go to out. What the event owns stays the caller's. */
void app_update(struct app *app, const struct event *ev, struct outbox *out);
/* Draws the whole screen. */
void app_draw(struct app *app, struct canvas *c);
bool app_dirty(const struct app *app);          /* something changed since the last app_draw */
bool app_wants_quit(const struct app *app);
/* Milliseconds until a tick is wanted; -1: none. */
int app_next_tick_ms(const struct app *app, int64_t now_ms);

/* The program with a screen: opens the terminal, runs until quit, gives the terminal back. Returns the exit status. */
int app_run(const struct options *o, const struct settings *s, const struct connection *conn);

#endif
