/*
 * command: everything that can be done by a key or by `:name`. The help screen, the bottom bar, the palette, the key
 * table of the README and the completion come from these rows.
 *
 * Thread: any (constant tables).   Depends on: libc.
 */
#ifndef TOPICMON_UI_COMMAND_H
#define TOPICMON_UI_COMMAND_H

#include <stdbool.h>

/* What a command is. */
#define CF_NONE      0u
#define CF_ARG       (1u << 0)  /* takes an argument after the name */
#define CF_ARG_TOPIC (1u << 1)  /* the argument is a topic: completed so */
#define CF_DANGEROUS (1u << 2)  /* destroys something: asks first; off under --read-only */
#define CF_WRITES    (1u << 3)  /* changes the cluster; off under --read-only */
#define CF_HIDDEN    (1u << 4)  /* movement: not in the palette */

#define COMMANDS(X) \
	/* id            name             help (at most 60)                                    flags */ \
	X(UP,            "up",            "Move up a row",                                     CF_HIDDEN) \
	X(DOWN,          "down",          "Move down a row",                                   CF_HIDDEN) \
	X(LEFT,          "left",          "Scroll left",                                       CF_HIDDEN) \
	X(RIGHT,         "right",         "Scroll right",                                      CF_HIDDEN) \
	X(PAGE_UP,       "page-up",       "Move up a page",                                    CF_HIDDEN) \
	X(PAGE_DOWN,     "page-down",     "Move down a page",                                  CF_HIDDEN) \
	X(HALF_UP,       "half-page-up",  "Move up half a page",                               CF_HIDDEN) \
	X(HALF_DOWN,     "half-page-down","Move down half a page",                             CF_HIDDEN) \
	X(TOP,           "top",           "First row; messages: read from the beginning",      CF_HIDDEN) \
	X(BOTTOM,        "bottom",        "Last row; messages: follow the end",                CF_HIDDEN) \
	X(NEXT_PANE,     "next-pane",     "Go to the next pane",                               CF_NONE) \
	X(PREV_PANE,     "previous-pane", "Go to the previous pane",                           CF_NONE) \
	X(ZOOM,          "zoom",          "Let this pane fill the screen, or not",             CF_NONE) \
	X(OPEN,          "open",          "Open what the cursor is on",                        CF_NONE) \
	X(BACK,          "back",          "Go back",                                           CF_NONE) \
	X(QUIT,          "quit",          "Quit",                                              CF_NONE) \
	X(TOPICS,        "topics",        "Go to the topics",                                  CF_NONE) \
	X(MESSAGES,      "messages",      "Go to the messages of the selected topic",          CF_NONE) \
	X(GROUPS,        "groups",        "Go to the consumer groups",                         CF_NONE) \
	X(BROKERS,       "brokers",       "Go to the brokers",                                 CF_NONE) \
	X(LOG,           "log",           "Go to the log",                                     CF_NONE) \
	X(GOTO_TOPIC,    "topic",         "Select a topic by name: topic NAME",                CF_ARG | CF_ARG_TOPIC) \
	X(CREATE,        "create",        "Create a topic",                                    CF_WRITES) \
	X(DELETE,        "delete",        "Delete the selected topic",                         CF_DANGEROUS) \
	X(CLEAR,         "clear",         "Clear the selected topic: delete and recreate it",  CF_DANGEROUS) \
	X(PRODUCE,       "produce",       "Write a message to the selected topic",             CF_WRITES) \
	X(PAUSE,         "pause",         "Pause or resume the stream",                        CF_NONE) \
	X(FIND,          "find",          "Find and highlight: find TEXT",                     CF_ARG) \
	X(FIND_NEXT,     "find-next",     "Go to the next match",                              CF_NONE) \
	X(FIND_PREV,     "find-previous", "Go to the previous match",                          CF_NONE) \
	X(FILTER,        "filter",        "Show only rows that match: filter TEXT",            CF_ARG) \
	X(SORT,          "sort",          "Sort by the next column, or: sort COLUMN",          CF_ARG) \
	X(SORT_REVERSE,  "sort-reverse",  "Turn the order around",                             CF_NONE) \
	X(INTERNAL,      "internal",      "Show or hide internal topics",                      CF_NONE) \
	X(REFRESH,       "refresh",       "Ask for everything again now",                      CF_NONE) \
	X(THEME,         "theme",         "Choose a theme, or: theme NAME",                    CF_ARG) \
	X(PALETTE,       "command",       "Run any command by name",                           CF_HIDDEN) \
	X(HELP,          "help",          "List the keys of this place",                       CF_NONE) \
	X(EDITOR,        "editor",        "Edit the value in $EDITOR",                         CF_HIDDEN) \
	X(NEXT_MESSAGE,  "next-message",  "Open the next message",                             CF_NONE) \
	X(PREV_MESSAGE,  "previous-message", "Open the previous message",                      CF_NONE) \
	X(RAW,           "raw",           "Show the value as pretty JSON, raw or hex",         CF_NONE) \
	X(SUSPEND,       "suspend",       "Suspend to the shell",                              CF_NONE) \
	X(REDRAW,        "redraw",        "Draw the screen anew",                              CF_HIDDEN)

enum command {
	CMD_NONE = 0,
#define COMMAND_ENUM(id, name, help, flags) CMD_##id,
	COMMANDS(COMMAND_ENUM)
#undef COMMAND_ENUM
	CMD_COUNT
};

struct cmd_info {
	const char *name;
	const char *help;
	unsigned flags;
};

const struct cmd_info *command_info(enum command cmd);   /* never NULL for 0 < cmd < CMD_COUNT */
/* "sort rate" -> CMD_SORT and "rate" (borrowed from text; "" when there is none). CMD_NONE: no such command. */
enum command command_parse(const char *text, const char **arg);

#endif
