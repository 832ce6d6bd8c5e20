/*
 * keymap: which key means which command where. The defaults are const rows (a view's own, and the global ones); config.json
 * adds or replaces rows. Looked up view first, then global.
 *
 * Thread: UI; the tables are constant.   Depends on: base, model/event (struct key), ui/command.
 */
#ifndef TOPICMON_UI_KEYMAP_H
#define TOPICMON_UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/event.h"
#include "topicmon/ui/command.h"

/* A default row. key: "x", "X", "ctrl-d", "enter", "shift-tab", "f5", "space", "alt-x"; arg may be NULL. `bar` is the word
 * for the bottom bar ("clear"), NULL: not in the bar. */
struct binding {
	const char *key;
	enum command cmd;
	const char *arg;
	const char *bar;
};

/* The rows that hold everywhere. */
extern const struct binding global_keys[];
extern const size_t nglobal_keys;

bool key_parse(const char *name, struct key *out);
void key_name(const struct key *k, struct strbuf *out);  /* the same spelling; for people: "Ctrl-D", "Enter", "x" */
void key_label(const struct key *k, struct strbuf *out);

struct keymap;

struct keymap *keymap_new(void);
void keymap_free(struct keymap *km);
/* Registers a view's default rows (borrowed, constant). */
void keymap_add_view(struct keymap *km, const char *view, const struct binding *rows, size_t n);
/* A row of the user's: view ("global" for all), key, command with argument ("sort rate"; "" takes the key away).
 * ERR_USAGE names what is wrong: unknown view, key or command. */
bool keymap_bind(struct keymap *km, const char *view, const char *key, const char *command, struct err *e);

/* The command of a key in a view, CMD_NONE when it has none. *arg: "" or borrowed from the keymap. */
enum command keymap_lookup(const struct keymap *km, const char *view, const struct key *k, const char **arg);

/* Every row that is in force in a view (its own first, then global ones that it does not shadow), for help and bar. */
struct keymap_row {
	struct key key;
	enum command cmd;
	const char *arg;
	const char *bar;
	bool global;
};
size_t keymap_rows(const struct keymap *km, const char *view, struct keymap_row *rows, size_t max);
/* The first key that runs cmd in a view, as a label; false: none. */
bool keymap_key_of(const struct keymap *km, const char *view, enum command cmd, struct strbuf *out);

#endif
