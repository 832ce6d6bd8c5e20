/*
 * cli: the verbs. The same requests, snapshots and operations as the screen, printed as text or as one JSON object a
 * line. Errors go to stderr as one sentence.
 *
 * Thread: main.   Depends on: base, model, config, kafka, ops.
 */
#ifndef TOPICMON_CLI_CLI_H
#define TOPICMON_CLI_CLI_H

#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/model/connection.h"

/* Runs the verb of o (not VERB_SCREEN, no --help) to its end; everything is borrowed. Returns the documented exit
 * status. Ignores SIGPIPE from then on; operations and `tail` take SIGINT, SIGTERM and SIGHUP over. When it returns,
 * threads that hang on a dead broker may still be there: the caller leaves by _exit, with stdio flushed. */
int cli_run(const struct options *o, const struct settings *s, const struct connection *conn);

#endif
