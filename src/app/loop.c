/*
 * loop: the terminal, the source and the turns between them. A turn handles what was typed, then a bounded part of what
 * the workers sent, then draws: neither starves the other.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app_private.h"
#include "editor.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/kafka/source.h"
#include "topicmon/model/source.h"
#include "topicmon/ui/screen.h"

#define FRAME_MS   16           /* at most 60 draws a second */
#define BURST_MS   (6 * FRAME_MS)       /* but after a rest some may come at once: the first answers */
#define TURN_US    8000         /* of workers' events a turn */
#define QUIT_MS    1000
#define SIGNALS_MAX 65

struct loop {
	struct app *app;
	struct screen *screen;
	struct canvas *canvas;
	struct wake wake;
	struct mailbox *typed;          /* keys and mouse: never behind what the workers sent */
	struct mailbox *inbox;
	struct source *source;
	struct outbox out;
	int64_t credit_ms;              /* of drawing, a frame costs FRAME_MS; it grows with time up to BURST_MS */
	int64_t credited_ms;            /* when it grew last */
	bool answering;                 /* a key or the mouse waits for its draw */
	int64_t tick_ms;                /* when the next tick is due */
	bool gone;                      /* the terminal is */
};

/* What signal handlers may touch. */
static volatile sig_atomic_t caught[SIGNALS_MAX];
static struct wake *signal_wake;

static void
on_signal(int sig)
{
	caught[sig] = 1;
	wake_signal(signal_wake);
}

static void
on_crash(int sig)
{
	screen_emergency();
	raise(sig);             /* the default action, as SA_RESETHAND put it back */
}

static void
catch(int sig, void (*handler)(int), int flags)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void
catch_signals(struct wake *wake)
{
	static const int ours[] = { SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	static char stack[65536];       /* a handler for an overflowed stack needs one of its own */
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };

	signal_wake = wake;
	sigaltstack(&alternative, NULL);
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		catch(ours[i], on_signal, SA_RESTART);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		catch(crashes[i], on_crash, (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK));
	catch(SIGPIPE, SIG_IGN, 0);
	mem_on_exhausted(screen_emergency);
}

static bool
was_caught(int sig)
{
	bool yes = caught[sig];

	caught[sig] = 0;
	return yes;
}

static void
update(struct loop *l, const struct event *ev)
{
	app_update(l->app, ev, &l->out);
}

static void
suspend(struct loop *l)
{
	screen_suspend(l->screen);
	catch(SIGTSTP, SIG_DFL, 0);
	raise(SIGTSTP);         /* returns when somebody continues us, or at once where nobody could */
	catch(SIGTSTP, on_signal, SA_RESTART);
	screen_resume(l->screen);
	was_caught(SIGCONT);
	caught[SIGWINCH] = 1;   /* the window may have changed meanwhile */
}

static void
edit(struct loop *l)
{
	struct strbuf text = STRBUF_INIT;
	struct err e;
	bool ok;

	screen_suspend(l->screen);
	ok = editor_run(app_editor_text(l->app), &text, &e);
	screen_resume(l->screen);
	was_caught(SIGINT);     /* typed for the editor */
	caught[SIGWINCH] = 1;
	app_edited(l->app, &l->out, ok ? strbuf_str(&text) : NULL, text.len, &e);
	strbuf_fini(&text);
}

static void
forget_typed(struct loop *l)
{
	struct event ev;

	screen_flush_input(l->screen);
	while (mailbox_pop(l->typed, &ev))
		event_fini(&ev);
}

static void
do_effects(struct loop *l)
{
	unsigned effects = app_take_effects(l->app);

	if (effects & EFFECT_THEME)
		screen_set_theme(l->screen, app_theme(l->app));
	if (effects & EFFECT_FLUSH_INPUT)
		forget_typed(l);
	if (effects & EFFECT_SUSPEND)
		suspend(l);
	if (effects & EFFECT_EDITOR)
		edit(l);
	if (effects & EFFECT_REDRAW)
		screen_redraw(l->screen);
}

static void
resize(struct loop *l)
{
	struct event ev = { .kind = EV_RESIZE };

	screen_resized(l->screen);
	screen_size(l->screen, &ev.resize.rows, &ev.resize.cols);
	if (ev.resize.rows != canvas_rows(l->canvas) || ev.resize.cols != canvas_cols(l->canvas))
		canvas_resize(l->canvas, ev.resize.rows, ev.resize.cols);
	update(l, &ev);
}

static void
take_signals(struct loop *l)
{
	static const int endings[] = { SIGTERM, SIGINT, SIGHUP };
	struct event ev = { .kind = EV_SIGNAL };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		if (!was_caught(endings[i]))
			continue;
		ev.signal = endings[i];
		l->gone |= endings[i] == SIGHUP;
		update(l, &ev);
	}
	if (was_caught(SIGTSTP))
		suspend(l);
	if (was_caught(SIGCONT)) {      /* stopped by force: whoever had the terminal meanwhile left it as it liked */
		screen_suspend(l->screen);
		screen_resume(l->screen);
		resize(l);
	}
	if (was_caught(SIGWINCH))
		resize(l);
}

static void
draw(struct loop *l)
{
	if (l->gone)
		return;
	app_draw(l->app, l->canvas);
	do_effects(l);
	screen_flush(l->screen, l->canvas);
	l->credit_ms -= FRAME_MS;
	l->answering = false;
}

/* What a draw must have: what streams in leaves one frame over, so that a key never waits for its own. */
static int64_t
price(const struct loop *l)
{
	return l->answering ? FRAME_MS : 2 * FRAME_MS;
}

static void
gain_credit(struct loop *l, int64_t now)
{
	l->credit_ms += now - l->credited_ms;
	if (l->credit_ms > BURST_MS)
		l->credit_ms = BURST_MS;
	l->credited_ms = now;
}

static void
take_events(struct loop *l)
{
	int64_t until = clock_us() + TURN_US;
	struct event ev;

	while (mailbox_pop(l->typed, &ev)) {
		update(l, &ev);
		event_fini(&ev);
		l->answering = true;
	}
	while (clock_us() < until && mailbox_pop(l->inbox, &ev)) {
		update(l, &ev);
		event_fini(&ev);
	}
}

static void
tick(struct loop *l, int64_t now)
{
	struct event ev = { .kind = EV_TICK };

	if (now < l->tick_ms)
		return;
	l->tick_ms = INT64_MAX;
	ev.tick.now_ms = now;
	ev.tick.wall_ms = clock_wall_ms();
	update(l, &ev);
}

/* How long this turn may wait: until the next frame when there is something to draw, until the next tick otherwise. */
static int
wait_ms(struct loop *l)
{
	int64_t now = clock_ms(), until;
	int tick_in = app_next_tick_ms(l->app, now);

	if (mailbox_count(l->inbox) > 0)
		return 0;
	if (tick_in >= 0 && now + tick_in < l->tick_ms)
		l->tick_ms = now + tick_in;
	until = l->tick_ms;
	if (app_dirty(l->app) && now + price(l) - l->credit_ms < until)
		until = now + price(l) - l->credit_ms;
	if (until == INT64_MAX)
		return -1;
	return until > now ? (int)(until - now) : 0;
}

static void
turn(struct loop *l)
{
	struct pollfd fds[] = {
		{ .fd = l->gone ? -1 : screen_input_fd(l->screen), .events = POLLIN },
		{ .fd = l->wake.read_fd, .events = POLLIN },
	};
	int64_t now;

	if (poll(fds, 2, wait_ms(l)) < 0 && errno != EINTR)
		return;
	now = clock_ms();
	app_set_time(l->app, now, clock_wall_ms());
	if (fds[0].revents != 0 && !screen_read(l->screen, l->typed)) {
		l->gone = true;
		caught[SIGHUP] = 1;
	}
	wake_drain(&l->wake);
	take_signals(l);
	take_events(l);
	tick(l, clock_ms());
	do_effects(l);
	source_send(l->source, &l->out);
	gain_credit(l, clock_ms());
	if (app_dirty(l->app) && l->credit_ms >= price(l))
		draw(l);
}

static bool
open_screen(struct loop *l, const struct settings *s, struct err *e)
{
	const char *no_color = getenv("NO_COLOR");
	struct screen_options options = { .mouse = s->mouse, .color = no_color == NULL || no_color[0] == '\0' };
	int rows, cols;

	l->screen = screen_open(&options, e);
	if (l->screen == NULL)
		return false;
	screen_size(l->screen, &rows, &cols);
	l->canvas = canvas_new(rows, cols);
	return true;
}

static void
close_loop(struct loop *l)
{
	screen_close(l->screen);
	canvas_free(l->canvas);
	app_free(l->app);
	mailbox_free(l->inbox);
	mailbox_free(l->typed);
	outbox_fini(&l->out);
	catch(SIGWINCH, SIG_IGN, 0);
	signal_wake = NULL;
	wake_fini(&l->wake);
}

/* The terminal is given back before anything is waited for. When workers hang (a dead broker), there is only one way out. */
static void
stop(struct loop *l)
{
	screen_close(l->screen);
	l->screen = NULL;
	mailbox_close(l->inbox);
	if (!source_stop(l->source, QUIT_MS)) {
		fflush(NULL);
		_exit(0);
	}
}

int
app_run(const struct options *o, const struct settings *s, const struct connection *conn)
{
	struct loop l = { .tick_ms = INT64_MAX, .credit_ms = BURST_MS, .credited_ms = clock_ms() };
	struct err e;
	int status = 0;

	l.app = app_new(o, s, conn, &e);
	if (l.app == NULL)
		goto failed;
	if (!open_screen(&l, s, &e)) {
		app_free(l.app);
		goto failed;
	}
	wake_init(&l.wake);
	catch_signals(&l.wake);
	l.typed = mailbox_new(sizeof(struct event), NULL, NULL);
	l.inbox = inbox_new(&l.wake);
	outbox_init(&l.out);
	app_start(l.app, &l.out, clock_ms(), clock_wall_ms());
	do_effects(&l);
	draw(&l);               /* before the broker is even looked for */
	l.source = kafka_source_new(conn, l.inbox, &e);
	if (l.source == NULL) {
		status = err_exit_status(e.code);
	} else {
		source_send(l.source, &l.out);
		while (!app_wants_quit(l.app))
			turn(&l);
		stop(&l);
	}
	close_loop(&l);
	if (status == 0)
		return 0;
failed:
	fprintf(stderr, "topicmon: %s\n", e.text);
	return err_exit_status(e.code);
}
