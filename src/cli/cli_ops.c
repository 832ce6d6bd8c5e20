/*
 * cli_ops: `create`, `delete` and `clear`: the same operations as on the screen. The card and the steps go to stderr
 * when that is a terminal, the result to stdout.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli_private.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/model/topic_name.h"
#include "topicmon/ops/op.h"

/* A line on stderr that is not an error; hostile bytes made visible. */
static void PRINTF_LIKE(1, 2)
say(const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT, safe = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	sanitize(&safe, strbuf_str(&sb), sb.len);
	fprintf(stderr, "%s\n", strbuf_str(&safe));
	strbuf_fini(&sb);
	strbuf_fini(&safe);
}

static void
show_card(const struct op *op)
{
	say("%s", op_topic(op));
	for (size_t i = 0; i < op_nfacts(op); i++) {
		const struct op_fact *fact = op_fact(op, i);

		say("  %-16s %s%s", fact->title, fact->level == FACT_WARN ? "! " : fact->level == FACT_BAD ? "!! " : "",
		    fact->text);
	}
}

/* Shows the steps that ended since the last look; *shown counts them. */
static void
show_steps(const struct op *op, size_t *shown)
{
	for (; *shown < op_nsteps(op); (*shown)++) {
		const struct op_step *step = op_step(op, *shown);
		const char *mark = step->state == STEP_DONE ? "done" :
		                   step->state == STEP_SKIPPED ? "left out" : "failed";

		if (step->state == STEP_WAITING || step->state == STEP_RUNNING)
			return;
		say("  %-22s %-8s %5lld ms  %s", step->title, mark, (long long)step->ms, step->detail);
	}
}

/* Runs op until it is READY or over. While it only checks, silence and signals end the wait; once it changes something
 * it is finished whatever comes: half a clear would be a lost topic. */
static bool
drive(struct cli *c, struct op *op, size_t *shown, struct err *e)
{
	struct event ev;
	bool told = false;

	for (;;) {
		enum op_state state = op_state(op);
		bool running = state == OP_RUNNING;

		if (c->stderr_tty)
			show_steps(op, shown);
		cli_send(c);
		if (state != OP_CHECKING && !running)
			return true;
		if (running && cli_interrupted() && !told) {
			told = true;
			cli_remark("'%s' is finished first.", op_topic(op));
		}
		if (!(running ? cli_next_always(c, &ev) : cli_next(c, &ev, false, e)))
			return false;
		op_update(op, &ev, &c->out, clock_ms());
		event_fini(&ev);
	}
}

/* Reads a line from the terminal, without its newline; the caller's. NULL: end of input. */
static char *
ask(const char *question)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	tcflush(STDIN_FILENO, TCIFLUSH);        /* what was typed before the question is no answer to it */
	fprintf(stderr, "%s", question);
	fflush(stderr);
	n = getline(&line, &cap, stdin);
	if (n < 0) {
		free(line);
		return NULL;
	}
	line[strcspn(line, "\r\n")] = '\0';
	return line;
}

static bool
ask_confirmation(const struct op *op)
{
	struct strbuf question = STRBUF_INIT;
	const char *verb = op_kind(op) == OP_DELETE ? "delete" : "clear";
	const char *name = op_confirm_name(op);
	char *answer;
	bool yes;

	if (name)
		strbuf_addf(&question, "Type the name of the topic to %s it: ", verb);
	else
		strbuf_addf(&question, "Clear %s? [y/N] ", op_topic(op));
	answer = ask(strbuf_str(&question));
	if (name)
		yes = answer && strcmp(answer, name) == 0;
	else
		yes = answer && (strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0);
	free(answer);
	strbuf_fini(&question);
	return yes;
}

/* Whether somebody said yes: --confirm NAME always does; --yes does unless the topic is one whose clear asks for the
 * name (protected ones, large replicated ones); else the terminal is asked. */
static bool
confirmed(struct cli *c, const struct op *op, struct err *e)
{
	const char *topic = op_topic(op);
	bool guarded = topic_name_matches(&c->s->protected_topics, topic) ||
	               (op_kind(op) == OP_CLEAR && op_confirm_name(op));

	if (strvec_has(&c->o->confirm, topic) || (c->o->yes && !guarded))
		return true;
	if (c->o->yes)
		return err_set(e, ERR_REFUSED, "Topic '%s' is protected or large: --yes is not enough, add "
		               "--confirm %s.", topic, topic);
	if (!isatty(STDIN_FILENO) || !c->stderr_tty)
		return err_set(e, ERR_REFUSED, "Topic '%s': not confirmed. Without a terminal to ask, add %s%s.", topic,
		               guarded ? "--confirm " : "--yes", guarded ? topic : "");
	if (ask_confirmation(op))
		return true;
	return err_set(e, ERR_REFUSED, "Topic '%s': not confirmed, nothing was done.", topic);
}

/* The result on stdout, and when it failed the sentence on stderr. */
static int
report(struct cli *c, const struct op *op)
{
	struct strbuf sentence = STRBUF_INIT;
	bool ok = op_state(op) == OP_DONE;
	int status = 0;

	op_sentence(op, &sentence);
	if (c->o->json) {
		op_json(op, &c->text);
		strbuf_addch(&c->text, '\n');
	} else if (ok) {
		sanitize(&c->text, strbuf_str(&sentence), sentence.len);
		strbuf_addch(&c->text, '\n');
	}
	status = cli_finish(c);
	if (!ok && op_step(op, 0)->state == STEP_FAILED && strlen(op_error(op)->text) == sentence.len)
		status = cli_fail(c, op_error(op));     /* nothing was done: the connection may say it best */
	else if (!ok)
		status = cli_fail_text(op_error(op)->code, strbuf_str(&sentence));
	strbuf_fini(&sentence);
	return status;
}

/* Takes op over. */
static int
run_op(struct cli *c, struct op *op)
{
	struct err e;
	size_t shown = 0;
	int status;

	if (op_kind(op) == OP_CREATE)
		cli_catch_signals(c);   /* it runs through: there is no question before it */
	op_start(op, &c->out, clock_ms());
	if (!drive(c, op, &shown, &e)) {
		status = cli_fail(c, &e);
		op_free(op);
		return status;
	}
	if (op_state(op) == OP_READY) {
		if (c->stderr_tty)
			show_card(op);
		if (!confirmed(c, op, &e)) {
			status = cli_fail(c, &e);
			op_free(op);
			return status;
		}
		cli_catch_signals(c);
		op_confirm(op, &c->out, clock_ms());
		drive(c, op, &shown, &e);
	}
	status = report(c, op);
	op_free(op);
	return status;
}

static struct op_settings
op_settings_of(const struct cli *c)
{
	return (struct op_settings){
		.protected_globs = &c->s->protected_topics,
		.no_group_reset = c->o->no_group_reset,
		.read_only = c->conn->read_only,
	};
}

int
cli_create(struct cli *c)
{
	const struct options *o = c->o;
	struct op_settings settings = op_settings_of(c);
	struct topic_spec spec;
	struct op *op;

	topic_spec_init(&spec);
	spec.name = xstrdup(o->topics.v[0]);
	spec.partitions = o->partitions;
	spec.replication = o->replication;
	for (size_t i = 0; i < o->config_names.n; i++)
		topic_spec_add_config(&spec, o->config_names.v[i], o->config_values.v[i]);
	op = op_new_create(&spec, &settings);
	topic_spec_fini(&spec);
	return run_op(c, op);
}

/* One topic after the other; a failure does not stop the rest, the first one gives the exit status. */
static int
run_each(struct cli *c, struct op *(*make)(const char *topic, const struct op_settings *settings))
{
	struct op_settings settings = op_settings_of(c);
	int status = 0;

	for (size_t i = 0; i < c->o->topics.n; i++) {
		int one;

		if (cli_interrupted()) {
			cli_remark("Interrupted: '%s' and what follows it were left alone.", c->o->topics.v[i]);
			return err_exit_status(ERR_CANCELLED);
		}
		one = run_op(c, make(c->o->topics.v[i], &settings));
		if (one == err_exit_status(ERR_UNREACHABLE))
			return one;
		if (status == 0)
			status = one;
	}
	return status;
}

int
cli_delete(struct cli *c)
{
	return run_each(c, op_new_delete);
}

int
cli_clear(struct cli *c)
{
	return run_each(c, op_new_clear);
}
