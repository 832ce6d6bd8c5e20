/*
 * editor: a text through $VISUAL, $EDITOR or vi, by way of a file that only its owner can read.
 *
 * Thread: UI; the terminal must have been given back before.   Depends on: base.
 */
#ifndef TOPICMON_APP_EDITOR_PRIVATE_H
#define TOPICMON_APP_EDITOR_PRIVATE_H

#include <stdbool.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* Waits until the editor ends; *out is what it left. False and *e when there is no file, no editor, or it failed: then the
 * text is as it was. */
bool editor_run(const char *text, struct strbuf *out, struct err *e);

#endif
