/*
 * script: plays the lines of an .events file on an app whose terminal is a canvas in memory, whose clock is moved by the
 * script and whose cluster is what the script says. What is drawn is appended to `out`.
 *
 * A line is a command and its words; # begins a comment; \n \t \e \0 \xHH \u{H} stand for bytes, in "…" blanks are kept.
 *
 *   size COLS ROWS                          the terminal; also later, as a resize
 *   operand TOPIC | read-only | bootstrap LIST | time clock|date|utc | buffer MB      before start
 *   start                                   opens the home screen
 *   broker ID HOST PORT
 *   topic NAME PARTITIONS [REPLICATION]     is there from the next snapshot on
 *   gone NAME                               is not
 *   policy NAME delete|compact RETENTION_MS
 *   leader NAME PARTITION BROKER NISR
 *   offsets NAME PARTITION START END        answered now
 *   group NAME STATE MEMBERS [new|old [TOPIC]]      MEMBERS -1: not visible; the first one holds partition 0 of TOPIC
 *   commit GROUP TOPIC OFFSET...            for partitions 0, 1, …; - for none
 *   snapshot                                reaches the screen
 *   connection up|down|denied|connecting [ADDRESS [REASON [UNRESOLVED]]]
 *   stream live|opening|failed [TEXT]       state of the open stream
 *   note TEXT                               a row of ours in it
 *   row PARTITION OFFSET KEY VALUE [NAME=VALUE]...        KEY - and VALUE -: null; header fields
 *   rows N                                  orders, one every 10 ms
 *   late-row ...                            as row, of a stream that was closed before
 *   behind N
 *   tick MS                                 time passes
 *   key NAME... | type TEXT                 the screen is drawn after each
 *   ahead NAME...                           keys that come before the screen is drawn again
 *   click|double|wheel-up|wheel-down ROW COLUMN
 *   fake-topic NAME PARTITIONS MESSAGES     in the cluster that answers operations
 *   fake-group GROUP TOPIC MEMBERS COMMITTED  there; the script must have both by `group` and `topic`
 *   answer [N]                              at most N of its answers arrive; all of them
 *   draw NAME                               the screen goes to the output
 *   posts NAME                              what was asked of the cluster since the last time
 *
 * Thread: one.   Depends on: app, tests/support.
 */
#ifndef TOPICMON_TESTS_SCRIPT_H
#define TOPICMON_TESTS_SCRIPT_H

#include <stdbool.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"

/* False and *e (with the line) when the script is wrong. */
bool script_play(const char *path, struct strbuf *out, struct err *e);

#endif
