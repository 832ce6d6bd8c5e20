/*
 * theme, inside: the text of the theme that is compiled in; the build makes it from
 * themes/dark.json.
 *
 * Thread: any (constant).   Depends on: libc.
 */
#ifndef TOPICMON_CONFIG_THEME_PRIVATE_H
#define TOPICMON_CONFIG_THEME_PRIVATE_H

#include <stddef.h>

extern const unsigned char theme_default_text[];
extern const size_t theme_default_len;

#endif
