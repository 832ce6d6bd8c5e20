/*
 * config_file: $XDG_CONFIG_HOME/topicmon/config.json (~/.config when that is not set), what
 * somebody wants every time. One table of keys is parser, validator and the table in the README.
 *
 * `struct settings` owns its strings.
 *
 * Thread: main, before others start; settings_remember_theme: UI.   Depends on: base, model, cJSON.
 */
#ifndef TOPICMON_CONFIG_CONFIG_FILE_H
#define TOPICMON_CONFIG_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* How times are shown. */
enum time_style {
	TIME_CLOCK,             /* 12:04:30.112, local */
	TIME_DATE,              /* 2026-11-22 12:04:30.112, local */
	TIME_ISO,               /* 2026-11-22T12:04:30.112Z */
};

/* A row of the user's keymap. The names are checked by ui/, which knows them. */
struct keymap_entry {
	char *view;
	char *key;
	char *command;          /* "": the key does nothing there */
	char *where;            /* "FILE: keymap.VIEW.KEY", for a sentence */
};

struct settings {
	char *path;             /* the file that was read; "" when there was none */
	char *theme;            /* NULL: not set */
	char *default_topic;    /* opened on when it is there; "order_shipping" unless set */
	int32_t refresh_ms;
	int32_t buffer_mb;      /* bound of the messages kept of streams */
	bool read_only;
	bool mouse;
	bool ascii;
	int32_t time;           /* enum time_style */
	char *bootstrap;        /* NULL: not set */
	struct strvec property_names;   /* property_names.v[i] = property_values.v[i] */
	struct strvec property_values;
	struct strvec resolve_hosts;
	struct strvec resolve_addrs;
	struct strvec protected_topics; /* globs */
	struct keymap_entry *keymap;
	size_t nkeymap;
};

void settings_init(struct settings *s);          /* what holds without a file */
void settings_fini(struct settings *s);

/* Appends the path of the file, or of another one in the same directory; false when neither
 * XDG_CONFIG_HOME nor HOME says where. */
bool settings_path(struct strbuf *out, const char *name);

/* Reads a file; path NULL: the user's own. No file is no mistake. *s must be initialised; it is
 * replaced only on success. ERR_USAGE with "FILE:LINE:COLUMN: …" or "FILE: key.path: …" and what
 * would be right. */
bool settings_load(const char *path, struct settings *s, struct err *e);
/* The same from memory; path is for the sentences. */
bool
settings_parse(const char *path, const void *data, size_t len, struct settings *s, struct err *e);

/* Sets "theme" in the user's file (made when there is none), everything else in it stays. The file
 * is replaced in one step, so that a crash leaves the old or the new one. */
bool settings_remember_theme(const char *path, const char *theme, struct err *e);

/* The table of keys for the README, in Markdown. */
void settings_markdown(struct strbuf *out);

#endif
