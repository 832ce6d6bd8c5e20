/*
 * options, inside: what the table, the parser and the help share.
 *
 * Thread: main.   Depends on: base, config/options.
 */
#ifndef TOPICMON_CONFIG_OPTIONS_PRIVATE_H
#define TOPICMON_CONFIG_OPTIONS_PRIVATE_H

#include "topicmon/config/options.h"

#define VERB_BIT(id) (1u << VERB_##id)
#define ALL_VERBS ((1u << VERB_COUNT) - 1)

/* Empties *o and sets what holds when nothing is given. */
void options_init(struct options *o);

/* Appends which verbs a row is for: "tail, produce". */
void options_add_verbs(struct strbuf *out, unsigned verbs);

#endif
