/* cli: the table of verbs, and how they gather what they print. See cli_private.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_private.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/cli/cli.h"
#include "topicmon/kafka/source.h"

/* Threads that are not done by then are left to _exit: a verb's answer must not wait for a library to say good-bye. */
#define STOP_MS 100
/* How long a verb that needs no watch waits before it starts one, to learn why nobody answers. */
#define REASONS_MS 1000

static int (*const verb_functions[VERB_COUNT])(struct cli *c) = {
	[VERB_LIST] = cli_list,
	[VERB_DESCRIBE] = cli_describe,
	[VERB_CREATE] = cli_create,
	[VERB_DELETE] = cli_delete,
	[VERB_CLEAR] = cli_clear,
	[VERB_TAIL] = cli_tail,
	[VERB_PRODUCE] = cli_produce,
	[VERB_GROUPS] = cli_groups,
	[VERB_LAG] = cli_lag,
};

static volatile sig_atomic_t interrupted;
static const struct wake *interrupt_wake;
static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[ARRAY_LEN(signals)];     /* what they did until they were taken over */

static void
on_signal(int number)
{
	(void)number;
	interrupted = 1;
	wake_signal(interrupt_wake);
}

void
cli_catch_signals(struct cli *c)
{
	struct sigaction sa;

	if (interrupt_wake)
		return;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = on_signal;
	sigemptyset(&sa.sa_mask);
	interrupt_wake = &c->wake;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &sa, &before[i]);
}

static void
release_signals(void)
{
	if (!interrupt_wake)
		return;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		sigaction(signals[i], &before[i], NULL);
	interrupt_wake = NULL;
}

bool
cli_interrupted(void)
{
	return interrupted != 0;
}

void
cli_send(struct cli *c)
{
	if (c->out.n == 0)
		return;
	source_send(c->src, &c->out);
	c->since_ms = clock_ms();
}

/* What a broker that calls itself by an unknown name is reached at, most likely: where we found the first one. */
static void
add_resolve_hint(const struct cli *c, struct strbuf *sb)
{
	const char *host = c->connection.unresolved;
	size_t len = strcspn(c->conn->bootstrap, ":,");
	const char *address = "ADDRESS";
	struct strbuf first = STRBUF_INIT;

	strbuf_add(&first, c->conn->bootstrap, len);
	if (strcmp(strbuf_str(&first), "localhost") == 0)
		address = "127.0.0.1";
	else if (first.len && strspn(first.buf, "0123456789.") == first.len)
		address = strbuf_str(&first);
	strbuf_addf(sb, "A broker calls itself %s, a name that does not resolve here: add --resolve %s=%s, or the line "
	            "\"%s %s\" to /etc/hosts.", host, host, address, address, host);
	strbuf_fini(&first);
}

/* What is known about a cluster that does not answer. */
static void
add_silence(const struct cli *c, struct strbuf *sb)
{
	const struct connection_event *conn = &c->connection;
	double seconds = c->conn->timeout_ms / 1000.0;

	if (conn->state == CONN_DENIED)
		strbuf_addf(sb, "Login at %s failed: %s.", conn->address, conn->reason);
	else if (conn->unresolved[0])
		add_resolve_hint(c, sb);
	else if (conn->reason[0] && !c->up)
		strbuf_addf(sb, "No broker answers at %s: %s (waited %g s).", conn->address[0] ? conn->address :
		            c->conn->bootstrap, conn->reason, seconds);
	else if (!c->up)
		strbuf_addf(sb, "No broker answers at %s within %g s.", c->conn->bootstrap, seconds);
	else
		strbuf_addf(sb, "The broker at %s went silent for %g s%s%s.", c->conn->bootstrap, seconds,
		            conn->reason[0] ? ": " : "", conn->reason);
}

static bool
fail_silent(struct cli *c, struct err *e)
{
	struct strbuf sb = STRBUF_INIT;
	enum err_code code = c->connection.state == CONN_DENIED ? ERR_DENIED :
	                     c->up && !c->connection.unresolved[0] ? ERR_TIMEOUT : ERR_UNREACHABLE;

	add_silence(c, &sb);
	err_set(e, code, "%s", strbuf_str(&sb));
	strbuf_fini(&sb);
	return false;
}

/* Whether the event is a sign of life of a broker. */
static bool
is_news(const struct event *ev)
{
	if (ev->kind == EV_CONNECTION)
		return ev->connection.state == CONN_UP;
	if (ev->kind == EV_SNAPSHOT)
		return ev->snapshot->nbrokers > 0;
	if (ev->kind == EV_REPLY)
		return ev->reply.err.code != ERR_UNREACHABLE && ev->reply.err.code != ERR_TIMEOUT;
	if (ev->kind == EV_STREAM)
		return ev->stream.err.code == ERR_NONE && ev->stream.state != STREAM_OPENING;
	return ev->kind == EV_SEGMENT;
}

/* Only a watch tells why a cluster is silent. Verbs that need none start one when it gets late. */
static void
watch_for_reasons(struct cli *c)
{
	struct request req;

	c->watching = true;
	request_init(&req, REQ_WATCH);
	req.watch.offsets = req.watch.groups = true;    /* both want every broker, by the name that it gives itself */
	outbox_add(&c->out, &req);
	source_send(c->src, &c->out);
}

/* Whether a snapshot knows more than those before it. They keep coming as long as a broker answers, also when another one,
 * which has what is missing, never will. */
static bool
has_progress(struct cli *c, const struct snapshot *snap)
{
	size_t known = 1;

	for (size_t i = 0; i < snap->ntopics; i++)
		known += snap->topics[i].messages != OFFSET_UNKNOWN;
	for (size_t i = 0; i < snap->ngroups; i++)
		known += snap->groups[i].members_known || snap->groups[i].lag != OFFSET_UNKNOWN;
	if (known <= c->known)
		return false;
	c->known = known;
	return true;
}

static int
reasons_ms(const struct cli *c)
{
	return c->conn->timeout_ms / 2 < REASONS_MS ? c->conn->timeout_ms / 2 : REASONS_MS;
}

/* Remembers what an event says about the connection. The library's own lines are for who asked for them. */
static void
notice(struct cli *c, const struct event *ev)
{
	if (ev->kind == EV_LOG && connection_get(c->conn, "debug"))
		cli_remark("%s", ev->log.text);
	if (is_news(ev)) {
		if (!c->up || (ev->kind != EV_CONNECTION && (ev->kind != EV_SNAPSHOT || has_progress(c, ev->snapshot))))
			c->since_ms = clock_ms();
		c->up = true;
	}
	if (ev->kind == EV_CONNECTION)
		c->connection = ev->connection;
}

bool
cli_next(struct cli *c, struct event *ev, bool wait_for_ever, struct err *e)
{
	for (;;) {
		int64_t left = -1;

		if (cli_interrupted())
			return err_set(e, ERR_CANCELLED, "Interrupted.");
		if (mailbox_pop(c->inbox, ev)) {
			notice(c, ev);
			if (ev->kind == EV_CONNECTION && ev->connection.state == CONN_DENIED)
				return fail_silent(c, e);
			return true;
		}
		if (!wait_for_ever || !c->up) {
			left = c->since_ms + c->conn->timeout_ms - clock_ms();
			if (left <= 0)
				return fail_silent(c, e);
			if (!c->watching && left <= c->conn->timeout_ms - reasons_ms(c))
				watch_for_reasons(c);
			else if (!c->watching)
				left -= c->conn->timeout_ms - reasons_ms(c);
		}
		wake_wait(&c->wake, (int)left);
	}
}

bool
cli_next_always(struct cli *c, struct event *ev)
{
	while (!mailbox_pop(c->inbox, ev))
		wake_wait(&c->wake, -1);
	notice(c, ev);
	return true;
}

struct snapshot *
cli_snapshot(struct cli *c, struct watch_spec *spec, bool (*ready)(const struct snapshot *snap), struct err *e)
{
	struct request req;
	struct event ev;
	struct snapshot *snap = NULL;

	request_init(&req, REQ_WATCH);
	req.watch = *spec;
	c->watching = true;
	outbox_add(&c->out, &req);
	cli_send(c);
	while (!snap && cli_next(c, &ev, false, e)) {
		if (ev.kind == EV_SNAPSHOT && ready(ev.snapshot))
			snap = snapshot_ref(ev.snapshot);
		event_fini(&ev);
	}
	return snap;
}

bool
cli_reply(struct cli *c, uint64_t id, struct event *ev, struct err *e)
{
	cli_send(c);
	while (cli_next(c, ev, false, e)) {
		if (ev->kind == EV_REPLY && ev->reply.id == id) {
			if (ev->reply.err.code == ERR_NONE)
				return true;
			if (e)
				*e = ev->reply.err;
			event_fini(ev);
			return false;
		}
		event_fini(ev);
	}
	return false;
}

void
cli_remark(const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT, safe = STRBUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	sanitize(&safe, strbuf_str(&sb), sb.len);
	fprintf(stderr, "topicmon: %s\n", strbuf_str(&safe));
	strbuf_fini(&sb);
	strbuf_fini(&safe);
}

int
cli_fail_text(enum err_code code, const char *text)
{
	cli_remark("%s", text);
	return err_exit_status(code);
}

int
cli_finish_snapshot(struct cli *c)
{
	int status = cli_finish(c);
	struct err e;

	if (status != 0 || !c->connection.unresolved[0])
		return status;
	fail_silent(c, &e);
	return cli_fail(c, &e);
}

int
cli_fail(struct cli *c, const struct err *e)
{
	struct strbuf sb = STRBUF_INIT;
	bool silent = e->code == ERR_UNREACHABLE || c->connection.state == CONN_DENIED ||
	              (e->code == ERR_TIMEOUT && (!c->up || c->connection.unresolved[0]));
	int status;

	/* Who does not answer, why, and what would help: the connection knows best, in more words than an err has. */
	if (silent && (c->connection.reason[0] || c->connection.unresolved[0]))
		add_silence(c, &sb);
	else
		strbuf_adds(&sb, e->text);
	status = cli_fail_text(e->code, strbuf_str(&sb));
	strbuf_fini(&sb);
	return status;
}

/* False when threads still hang. */
static bool
run(struct cli *c, int *status)
{
	struct err e;

	c->src = kafka_source_new(c->conn, c->inbox, &e);
	if (!c->src) {
		*status = cli_fail(c, &e);
		return true;
	}
	*status = verb_functions[c->o->verb](c);
	return source_stop(c->src, STOP_MS);
}

int
cli_run(const struct options *o, const struct settings *s, const struct connection *conn)
{
	struct cli *c = xcalloc(1, sizeof(*c));
	bool stopped;
	int status;

	c->o = o;
	c->s = s;
	c->conn = conn;
	c->stdout_tty = isatty(STDOUT_FILENO) == 1;
	c->stderr_tty = isatty(STDERR_FILENO) == 1;
	signal(SIGPIPE, SIG_IGN);
	wake_init(&c->wake);
	c->inbox = inbox_new(&c->wake);
	outbox_init(&c->out);
	strbuf_init(&c->text);
	stopped = run(c, &status);
	release_signals();
	if (!stopped)
		return status;          /* what hangs still uses what it was given: that stays until the process ends */
	outbox_fini(&c->out);
	strbuf_fini(&c->text);
	mailbox_free(c->inbox);
	wake_fini(&c->wake);
	free(c);
	return status;
}
