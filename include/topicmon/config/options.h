/*
 * options: the command line. Verbs and options are rows of two tables; the parser, the help text
 * and the tables of the README come from them.
 *
 * `struct options` owns its strings. Nothing is done while parsing but reading the clock (for times
 * such as -5m).
 *
 * Thread: main, before others start; constant afterwards.   Depends on: base, model.
 */
#ifndef TOPICMON_CONFIG_OPTIONS_H
#define TOPICMON_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/model/request.h"

/* What the words after the verb name. */
enum operand_kind { OPERAND_NONE, OPERAND_TOPIC, OPERAND_GROUP };

#define VERBS(X) \
	/* id        name        operands      kind           min max  help (a line, without a \
	 * full stop) */ \
	X(SCREEN, "", "[TOPIC]", OPERAND_TOPIC, 0, 1, \
	  "Open the screen, with TOPIC selected and streaming") \
	X(LIST, "list", "", OPERAND_NONE, 0, 0, \
	  "List the topics with their partitions, replication and messages") \
	X(DESCRIBE, "describe", "TOPIC", OPERAND_TOPIC, 1, 1, \
	  "Show a topic: leader, replicas, ISR and offsets of each partition, and its configs") \
	X(CREATE, "create", "TOPIC", OPERAND_TOPIC, 1, 1, "Create a topic") \
	X(DELETE, "delete", "TOPIC...", OPERAND_TOPIC, 1, -1, "Delete topics") \
	X(CLEAR, "clear", "TOPIC...", OPERAND_TOPIC, 1, -1, \
	  "Empty topics: delete and recreate them with the same partitions, replication and " \
	  "configs") \
	X(TAIL, "tail", "TOPIC...", OPERAND_TOPIC, 1, -1, \
	  "Print messages to the end, or with --follow as they come; in a pipe only values") \
	X(PRODUCE, "produce", "TOPIC", OPERAND_TOPIC, 1, 1, \
	  "Write a message, or without --value one for each line of the standard input") \
	X(GROUPS, "groups", "", OPERAND_NONE, 0, 0, \
	  "List the consumer groups with state, members and lag") \
	X(LAG, "lag", "[GROUP]", OPERAND_GROUP, 0, 1, \
	  "Show the committed offset and the lag of each partition, of GROUP or of all groups")

enum verb {
#define VERB_ENUM(id, name, operands, kind, min, max, help) VERB_##id,
	VERBS(VERB_ENUM)
#undef VERB_ENUM
	VERB_COUNT
};

struct verb_info {
	const char *name;       /* "" for the screen */
	const char *operands;   /* as in the usage line */
	enum operand_kind kind;
	int min;
	int max;                /* -1: any number */
	const char *help;
};
extern const struct verb_info verb_info[VERB_COUNT];

struct options {
	enum verb verb;
	bool help;              /* asked for: of the verb, nothing else was checked then */
	bool version;
	struct strvec topics;
	char *group;            /* NULL: all */

	/* the connection: NULL or empty when not given */
	char *bootstrap;
	char *properties_file;          /* -F */
	struct strvec property_names; /* -X: property_names.v[i] = property_values.v[i], in the
	                                 order given */
	struct strvec property_values;
	struct strvec resolve_hosts;
	struct strvec resolve_addrs;
	int32_t timeout_ms;             /* 0: not given */
	bool read_only;

	char *theme;            /* NULL: not given */
	bool ascii;
	bool json;
	bool internal;          /* list: internal topics too */

	/* delete, clear */
	bool yes;
	bool no_group_reset;
	struct strvec confirm;  /* topics named by --confirm */

	/* create */
	int32_t partitions;     /* -1: the broker's default */
	int32_t replication;    /* -1: the broker's default */
	struct strvec config_names;     /* config_names.v[i] = config_values.v[i] */
	struct strvec config_values;

	/* tail and produce */
	int32_t partition;      /* -1: not given */

	/* tail. from and until are filled when not given: to read from the beginning to the end as
	 * it stood; with follow from the end on without an end. Without follow the end as it stood
	 * bounds every other `until` too. */
	enum stream_from from;
	int64_t from_value;
	enum stream_until until;
	int64_t until_value;
	char *filter;           /* NULL: none; it compiles */
	int64_t limit;          /* -n; 0: none */
	bool follow;
	bool count;

	/* produce */
	char *key;              /* NULL: null */
	char *value;            /* NULL: from the standard input, or null with null_value */
	bool null_value;
	struct strvec header_names;
	struct strvec header_values;
};

/* A row of the option table. */
struct option_def {
	char letter;            /* 0: none */
	const char *name;       /* without the dashes */
	const char *argument;   /* what the help calls it; NULL: a flag */
	const char *help;
	unsigned verbs;         /* a bit for each verb that takes it: 1u << VERB_… */
	bool repeatable;
	/* Takes the value (NULL for a flag) over into *o; name is as the user spelled it, for the
	 * sentence. */
	bool (*set)(struct options *o, const struct option_def *def, const char *name,
	            const char *value, struct err *e);
	size_t field; /* offset in struct options, for the setters that several rows share */
	int64_t min;
	int64_t max;
};
extern const struct option_def option_defs[];
extern const size_t option_ndefs;

/* Reads the command line; argv is borrowed only meanwhile. *o need not be initialised and is the
 * caller's to give back with options_fini() after success. On a mistake ERR_USAGE, with the
 * sentence that names it and what would be right. */
bool options_parse(int argc, char **argv, struct options *o, struct err *e);
void options_fini(struct options *o);

/* `topicmon --help`, `topicmon VERB --help`: plain text, lines of at most 80 columns. */
void options_help(struct strbuf *out, enum verb verb);

/* The tables of the README, in Markdown. */
void options_markdown(struct strbuf *out);
void verbs_markdown(struct strbuf *out);
void exit_statuses_markdown(struct strbuf *out);

#endif
