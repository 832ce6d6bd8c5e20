/* keymap: see the header. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/ui/keymap.h"

/* The words stand in the bar in this order, after the view's own; who is short of room drops the last ones. */
const struct binding global_keys[] = {
	/* key          command        arg   word in the bar */
	{ "enter",      CMD_OPEN,      NULL, "open" },
	{ "?",          CMD_HELP,      NULL, "help" },
	{ "f1",         CMD_HELP,      NULL, NULL },
	{ "q",          CMD_QUIT,      NULL, "back or quit" },
	{ "ctrl-c",     CMD_QUIT,      NULL, NULL },
	{ ":",          CMD_PALETTE,   NULL, "command" },
	{ "/",          CMD_FIND,      NULL, "find" },
	{ "&",          CMD_FILTER,    NULL, "filter" },
	{ "space",      CMD_PAUSE,     NULL, "pause" },
	{ "tab",        CMD_NEXT_PANE, NULL, "pane" },
	{ "shift-tab",  CMD_PREV_PANE, NULL, NULL },
	{ "z",          CMD_ZOOM,      NULL, "zoom" },
	{ "s",          CMD_SORT,      NULL, "sort" },
	{ "S",          CMD_SORT_REVERSE, NULL, NULL },
	{ "t",          CMD_THEME,     NULL, "theme" },
	{ "n",          CMD_FIND_NEXT, NULL, NULL },
	{ "N",          CMD_FIND_PREV, NULL, NULL },
	{ "esc",        CMD_BACK,      NULL, NULL },
	{ "1",          CMD_TOPICS,    NULL, NULL },
	{ "2",          CMD_MESSAGES,  NULL, NULL },
	{ "3",          CMD_GROUPS,    NULL, NULL },
	{ "4",          CMD_BROKERS,   NULL, NULL },
	{ "5",          CMD_LOG,       NULL, NULL },
	{ "up",         CMD_UP,        NULL, NULL },
	{ "k",          CMD_UP,        NULL, NULL },
	{ "down",       CMD_DOWN,      NULL, NULL },
	{ "j",          CMD_DOWN,      NULL, NULL },
	{ "left",       CMD_LEFT,      NULL, NULL },
	{ "h",          CMD_LEFT,      NULL, NULL },
	{ "right",      CMD_RIGHT,     NULL, NULL },
	{ "l",          CMD_RIGHT,     NULL, NULL },
	{ "pgup",       CMD_PAGE_UP,   NULL, NULL },
	{ "ctrl-b",     CMD_PAGE_UP,   NULL, NULL },
	{ "pgdn",       CMD_PAGE_DOWN, NULL, NULL },
	{ "ctrl-f",     CMD_PAGE_DOWN, NULL, NULL },
	{ "ctrl-u",     CMD_HALF_UP,   NULL, NULL },
	{ "ctrl-d",     CMD_HALF_DOWN, NULL, NULL },
	{ "g",          CMD_TOP,       NULL, NULL },
	{ "home",       CMD_TOP,       NULL, NULL },
	{ "G",          CMD_BOTTOM,    NULL, NULL },
	{ "end",        CMD_BOTTOM,    NULL, NULL },
	{ "ctrl-r",     CMD_REFRESH,   NULL, NULL },
	{ "f5",         CMD_REFRESH,   NULL, NULL },
	{ "ctrl-l",     CMD_REDRAW,    NULL, NULL },
	{ "ctrl-z",     CMD_SUSPEND,   NULL, NULL },
};
const size_t nglobal_keys = ARRAY_LEN(global_keys);

/* A row in force. A key that was taken away stays as CMD_NONE, so that it hides the global one. */
struct entry {
	struct key key;
	enum command cmd;
	const char *arg;        /* "" for none */
	const char *bar;
	char *owned_arg;        /* arg of a row of the user's; NULL: borrowed */
};

struct scope {
	const char *name;
	struct entry *rows;
	size_t n, cap;
};

/* scopes[0] is the global one. */
struct keymap {
	struct scope *scopes;
	size_t n;
};

static bool
same_key(const struct key *a, const struct key *b)
{
	return a->code == b->code && a->mods == b->mods;
}

static void
scope_insert(struct scope *sc, size_t at, struct entry row)
{
	if (sc->n == sc->cap) {
		sc->cap = sc->cap ? sc->cap * 2 : 16;
		sc->rows = xreallocarray(sc->rows, sc->cap, sizeof(*sc->rows));
	}
	memmove(sc->rows + at + 1, sc->rows + at, (sc->n - at) * sizeof(*sc->rows));
	sc->rows[at] = row;
	sc->n++;
}

static void
scope_remove(struct scope *sc, size_t at)
{
	free(sc->rows[at].owned_arg);
	sc->n--;
	memmove(sc->rows + at, sc->rows + at + 1, (sc->n - at) * sizeof(*sc->rows));
}

static struct entry *
scope_find(const struct scope *sc, const struct key *k)
{
	for (size_t i = 0; sc && i < sc->n; i++) {
		if (same_key(&sc->rows[i].key, k))
			return &sc->rows[i];
	}
	return NULL;
}

static struct scope *
find_scope(const struct keymap *km, const char *name)
{
	for (size_t i = 0; i < km->n; i++) {
		if (strcmp(km->scopes[i].name, name) == 0)
			return &km->scopes[i];
	}
	return NULL;
}

void
keymap_add_view(struct keymap *km, const char *view, const struct binding *rows, size_t n)
{
	struct scope *sc;

	km->scopes = xreallocarray(km->scopes, km->n + 1, sizeof(*km->scopes));
	sc = &km->scopes[km->n++];
	*sc = (struct scope){ .name = view };
	for (size_t i = 0; i < n; i++) {
		struct entry row = {
			.cmd = rows[i].cmd,
			.arg = rows[i].arg ? rows[i].arg : "",
			.bar = rows[i].bar,
		};
		bool known = key_parse(rows[i].key, &row.key);

		assert(known);
		if (known)
			scope_insert(sc, sc->n, row);
	}
}

struct keymap *
keymap_new(void)
{
	struct keymap *km = xcalloc(1, sizeof(*km));

	keymap_add_view(km, "global", global_keys, nglobal_keys);
	return km;
}

void
keymap_free(struct keymap *km)
{
	if (!km)
		return;
	for (size_t i = 0; i < km->n; i++) {
		struct scope *sc = &km->scopes[i];

		while (sc->n)
			scope_remove(sc, sc->n - 1);
		free(sc->rows);
	}
	free(km->scopes);
	free(km);
}

static bool
same_act(const struct entry *a, const struct entry *b)
{
	return a->cmd == b->cmd && strcmp(a->arg, b->arg) == 0;
}

/* Takes a key's row out; another key of the same act inherits its word for the bar. */
static void
take_away(struct scope *sc, const struct key *k)
{
	struct entry *old = scope_find(sc, k);

	if (!old)
		return;
	for (size_t i = 0; old->bar && i < sc->n; i++) {
		struct entry *other = &sc->rows[i];

		if (other != old && same_act(other, old)) {
			other->bar = old->bar;
			break;
		}
	}
	scope_remove(sc, (size_t)(old - sc->rows));
}

/* Puts a row of the user's where the default row of the same act is, and takes its word for the bar over: the bar and
 * the help name the user's own key first, at the place that people know. */
static void
bind_row(struct scope *sc, struct entry row)
{
	for (size_t i = 0; row.cmd != CMD_NONE && i < sc->n; i++) {
		struct entry *old = &sc->rows[i];

		if (!same_act(old, &row))
			continue;
		if (same_key(&old->key, &row.key)) {
			free(row.owned_arg);
			return;
		}
		row.bar = old->bar;
		old->bar = NULL;
		take_away(sc, &row.key);
		scope_insert(sc, i < sc->n ? i : sc->n, row);
		return;
	}
	take_away(sc, &row.key);
	scope_insert(sc, sc->n, row);
}

bool
keymap_bind(struct keymap *km, const char *view, const char *key, const char *command, struct err *e)
{
	struct scope *sc = find_scope(km, view);
	struct entry row = { .arg = "" };
	const char *arg = "";

	if (!sc)
		return err_set(e, ERR_USAGE, "Keymap: there is no view '%s'.", view);
	if (!key_parse(key, &row.key))
		return err_set(e, ERR_USAGE, "Keymap of '%s': '%s' is no key; keys are written as x, X, ctrl-d, "
			"alt-x, enter, space, f5, shift-tab.", view, key);
	if (*command) {
		row.cmd = command_parse(command, &arg);
		if (row.cmd == CMD_NONE)
			return err_set(e, ERR_USAGE, "Keymap of '%s', key '%s': there is no command '%s'.",
				view, key, command);
		if (*arg && !(command_info(row.cmd)->flags & CF_ARG))
			return err_set(e, ERR_USAGE, "Keymap of '%s', key '%s': the command '%s' takes no argument.",
				view, key, command_info(row.cmd)->name);
	}
	if (*arg)
		row.arg = row.owned_arg = xstrdup(arg);
	bind_row(sc, row);
	return true;
}

enum command
keymap_lookup(const struct keymap *km, const char *view, const struct key *k, const char **arg)
{
	const struct entry *row = scope_find(find_scope(km, view), k);

	if (!row)
		row = scope_find(&km->scopes[0], k);
	/* Ctrl-J and Ctrl-Enter are Enter wherever nothing else was made of them. */
	if (!row && k->code == KC_ENTER && k->mods == KEYMOD_CTRL) {
		struct key enter = { KC_ENTER, 0 };

		return keymap_lookup(km, view, &enter, arg);
	}
	*arg = row ? row->arg : "";
	return row ? row->cmd : CMD_NONE;
}

size_t
keymap_rows(const struct keymap *km, const char *view, struct keymap_row *rows, size_t max)
{
	const struct scope *global = &km->scopes[0], *own = find_scope(km, view);
	size_t n = 0;

	if (own == global)
		own = NULL;
	for (int pass = 0; pass < 2; pass++) {
		const struct scope *sc = pass ? global : own;

		for (size_t i = 0; sc && i < sc->n && n < max; i++) {
			const struct entry *row = &sc->rows[i];

			if (row->cmd == CMD_NONE || (pass && scope_find(own, &row->key)))
				continue;
			rows[n++] = (struct keymap_row){
				.key = row->key,
				.cmd = row->cmd,
				.arg = row->arg,
				.bar = row->bar,
				.global = pass == 1,
			};
		}
	}
	return n;
}

bool
keymap_key_of(const struct keymap *km, const char *view, enum command cmd, struct strbuf *out)
{
	const struct scope *global = &km->scopes[0], *own = find_scope(km, view);

	for (int pass = 0; pass < 2; pass++) {
		const struct scope *sc = pass ? global : own;

		for (size_t i = 0; sc && i < sc->n; i++) {
			const struct entry *row = &sc->rows[i];

			if (row->cmd != cmd || (pass && own != global && scope_find(own, &row->key)))
				continue;
			key_label(&row->key, out);
			return true;
		}
	}
	return false;
}
