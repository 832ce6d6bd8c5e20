/*
 * cli_private: what the verbs share. A verb gathers (cli_next, cli_snapshot, cli_reply: events, bounded by --timeout)
 * and then prints; what prints is pure: from model data into a strbuf.
 *
 * Thread: main.   Depends on: base, model, config, kafka, ops.
 */
#ifndef TOPICMON_CLI_PRIVATE_H
#define TOPICMON_CLI_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "topicmon/base/err.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/base/strbuf.h"
#include "topicmon/config/config_file.h"
#include "topicmon/config/options.h"
#include "topicmon/model/connection.h"
#include "topicmon/model/event.h"
#include "topicmon/model/request.h"
#include "topicmon/model/snapshot.h"
#include "topicmon/model/source.h"

struct cli {
	const struct options *o;
	const struct settings *s;
	const struct connection *conn;
	struct source *src;             /* NULL until the verb asks for the first time */
	struct wake wake;
	struct mailbox *inbox;
	struct outbox out;
	int64_t since_ms;               /* silence counts from here: the last request, or the last sign of a broker */
	bool up;                        /* a broker answered at least once */
	size_t known;                   /* topics and groups that the fullest snapshot had numbers of, plus 1 */
	bool watching;                  /* a watch was asked for */
	struct connection_event connection;     /* the last one */
	struct strbuf text;             /* what is to be printed */
	bool stdout_tty;
	bool stderr_tty;
};

/* ---- cli.c: gathering ---- */

/* Posts what is in c->out. */
void cli_send(struct cli *c);
/* The next event (the caller's, event_fini). False with *e when no broker answers within the timeout, when the login
 * failed, or (ERR_CANCELLED) when a signal came that cli_catch_signals() had taken over. wait_for_ever: once a broker
 * answered, silence is no failure. */
bool cli_next(struct cli *c, struct event *ev, bool wait_for_ever, struct err *e);
/* The next event, however long it takes and whatever signal comes: for an operation that must not stop half-way and is
 * bounded by itself. True always. */
bool cli_next_always(struct cli *c, struct event *ev);
/* Watches once, as spec says (taken over), and waits for a snapshot that is ready; the caller's reference. */
struct snapshot *cli_snapshot(struct cli *c, struct watch_spec *spec, bool (*ready)(const struct snapshot *snap),
                              struct err *e);
/* Waits for the answer to the request with this id. False with *e also when the answer is an error. On success *ev is
 * the caller's. */
bool cli_reply(struct cli *c, uint64_t id, struct event *ev, struct err *e);
/* SIGINT, SIGTERM and SIGHUP do not end the program any more; cli_interrupted() tells that one came. */
void cli_catch_signals(struct cli *c);
bool cli_interrupted(void);
/* Says the error on stderr, as one sentence, and returns the exit status. ERR_CANCELLED: 1. */
int cli_fail(struct cli *c, const struct err *e);
/* The same for a sentence that may be longer than an err holds. */
int cli_fail_text(enum err_code code, const char *text);
/* "topicmon: text" on stderr: a remark, not a failure. */
void cli_remark(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* ---- cli_out.c: writing ---- */

enum flushed {
	FLUSH_DONE,
	FLUSH_GONE,             /* the reader of the pipe is gone: nothing to say, nothing went wrong */
	FLUSH_FAILED,           /* said on stderr */
};
/* Writes all of sb to stdout and empties it. */
enum flushed cli_flush(struct strbuf *sb);
/* cli_flush at the end of a verb: the exit status. */
int cli_finish(struct cli *c);
/* The same for what came out of a snapshot: when a broker's name did not resolve, that is why numbers are missing, and
 * it is said. */
int cli_finish_snapshot(struct cli *c);

/* A table of text: columns as wide as their widest cell, numbers to the right. Cells are sanitised. */
#define TABLE_COLUMNS 16
struct sheet {
	const char *titles[TABLE_COLUMNS];      /* borrowed; a '>' before a title: to the right */
	size_t ncolumns;
	struct strvec cells;
};
void sheet_init(struct sheet *t, const char *const *titles, size_t n);
void sheet_fini(struct sheet *t);
void sheet_cell(struct sheet *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A number, or "-" when it is unknown or not there (negative). */
void sheet_number(struct sheet *t, int64_t n);
void sheet_print(const struct sheet *t, struct strbuf *out);

/* ---- cli_json.c: one JSON object a line ---- */

void json_begin(struct strbuf *out);                                    /* { */
void json_end(struct strbuf *out);                                      /* } and newline */
void json_name(struct strbuf *out, const char *name);                   /* ,"name": (the comma when it is needed) */
/* Text of ours or of the cluster as a string; what is not UTF-8 is made visible. NULL: null. */
void json_text(struct strbuf *out, const char *text);
/* A number; null when it is unknown (OFFSET_UNKNOWN) or none (negative). */
void json_number(struct strbuf *out, int64_t n);
void json_bool(struct strbuf *out, bool yes);
void add_base64(struct strbuf *out, const void *data, size_t len);

/* ---- cli_records.c: messages ---- */

enum record_form { FORM_JSON, FORM_COLUMNS, FORM_VALUE };
struct record;
/* Appends a message as one line. topic: its name; show_topic: in columns, when there are several. */
void print_record(struct strbuf *out, enum record_form form, const struct record *rec, const char *topic,
                  bool show_topic, enum time_style time);

/* ---- the verbs: each returns the exit status; and their pure halves, for tests ---- */

int cli_list(struct cli *c);
int cli_describe(struct cli *c);
int cli_create(struct cli *c);
int cli_delete(struct cli *c);
int cli_clear(struct cli *c);
int cli_tail(struct cli *c);
int cli_produce(struct cli *c);
int cli_groups(struct cli *c);
int cli_lag(struct cli *c);

void print_list(struct strbuf *out, const struct snapshot *snap, bool internal, bool json);
/* spec: its configs; NULL: not known. */
void print_topic(struct strbuf *out, const struct topic *t, const struct topic_spec *spec, bool json);
void print_groups(struct strbuf *out, const struct snapshot *snap, bool json);
/* group NULL: all. */
void print_lag(struct strbuf *out, const struct snapshot *snap, const struct group *group, bool json);

#endif
