/*
 * theme_file: themes/NAME.json, { "palette": {…}, "roles": {…} }, to a struct theme. A theme that
 * says little is whole: roles fall back along the table in model/role.h. themes/dark.json is
 * compiled in, so that no file is needed.
 *
 * Colours: a name of the palette, one of the terminal's (black … white, bright-black …
 * bright-white, default), a number 0 to 255, or "#rrggbb".
 *
 * Thread: UI (and main before it).   Depends on: base, model/role, cJSON.
 */
#ifndef TOPICMON_CONFIG_THEME_FILE_H
#define TOPICMON_CONFIG_THEME_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/role.h"

#define THEME_DEFAULT "dark"

/* The theme that is compiled in. */
void theme_default(struct theme *theme);

/* Loads a theme by name, or by path when it has a '/' or ends in ".json". Looked for in
 * $XDG_CONFIG_HOME/topicmon/themes, then beside the program (../themes, ../share/topicmon/themes),
 * then where the build was told that themes lie. *theme is whole afterwards (role_resolve_theme);
 * untouched on failure: ERR_USAGE, the sentence names file and key. */
bool theme_load(const char *name, struct theme *theme, struct err *e);
/* The same from memory; path is for the sentences and gives the name. */
bool
theme_parse(const char *path, const void *data, size_t len, struct theme *theme, struct err *e);

/* Adds the names of all themes that can be found, sorted, each once. */
void theme_list(struct strvec *names);

#endif
