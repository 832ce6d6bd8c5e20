/*
 * ui_screen_child: a small program that shows what the screen reads, for ui_screen.c.
 *
 * Commands: q close and quit, X exit() without closing, K a crash, H show hostile text, T the next theme, F one cell
 * changes (and the cursor is shown from the second on), B bell, C clear the events, W wait for three
 * more keys and forget them, ctrl-z suspend.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/keymap.h"
#include "topicmon/ui/screen.h"

static const char hostile[] =
	"\x1B]0;pwned\x07\x1B[2J\x1B[?1049l\x1BPq\x1B\\\x9B" "31m\xC2\x9B" "31m\xE2\x80\xAE\x0E\r\n\x00\x7F\x1B" "c";

struct child {
	struct screen *s;
	struct canvas *c;
	struct theme theme;
	struct strbuf events;
	bool hostile, quit;
	int changes;
};

static struct wake wake;

static void
on_winch(int sig)
{
	(void)sig;
	wake_signal(&wake);
}

static void
on_crash(int sig)
{
	screen_emergency();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void
style(struct theme *theme, enum role role, uint32_t fg, uint32_t bg)
{
	theme->styles[role].fg = (struct color){ COLOR_RGB, fg };
	theme->styles[role].bg = (struct color){ COLOR_RGB, bg };
}

static void
set_theme(struct child *ch, bool second)
{
	memset(&ch->theme, 0, sizeof(ch->theme));
	ch->theme.styles[ROLE_DIM].fg = (struct color){ COLOR_RGB, 0x7C6F64 };
	ch->theme.styles[ROLE_LEVEL_WARN].fg = (struct color){ COLOR_RGB, second ? 0x0A84FF : 0xFA0102 };
	ch->theme.styles[ROLE_LINK].fg = (struct color){ COLOR_INDEX, 2 };
	ch->theme.styles[ROLE_STRONG].attrs = STYLE_BOLD;
	ch->theme.styles[ROLE_STRONG].attrs_set = true;
	ch->theme.styles[ROLE_CURSOR].bg = (struct color){ COLOR_RGB, 0x303840 };
	style(&ch->theme, ROLE_MATCH, 0x102030, 0xFFD700);
	role_resolve_theme(&ch->theme);
	screen_set_theme(ch->s, &ch->theme);
}

static void
draw(struct child *ch)
{
	struct canvas *c = ch->c;
	int rows, cols;

	screen_size(ch->s, &rows, &cols);
	if (rows != canvas_rows(c) || cols != canvas_cols(c))
		canvas_resize(c, rows, cols);
	canvas_clear(c);
	canvas_textf(c, 0, 0, cols, ROLE_TEXT, "size %dx%d change %d", cols, rows, ch->changes);
	canvas_text(c, 1, 0, cols, ROLE_TEXT, strbuf_str(&ch->events));
	canvas_text(c, 2, 0, cols, ROLE_DIM, "dim");
	canvas_text(c, 2, 4, cols, ROLE_LEVEL_WARN, "warn");
	canvas_text(c, 2, 9, cols, ROLE_LINK, "link");
	canvas_text(c, 2, 14, cols, ROLE_STRONG, "strong");
	canvas_text(c, 3, 0, cols, ROLE_LEVEL_WARN, "on the cursor line");
	canvas_over(c, (struct rect){ 3, 0, 1, cols }, ROLE_CURSOR);
	canvas_over(c, (struct rect){ 3, 7, 1, 6 }, ROLE_MATCH);
	canvas_text(c, 4, 0, cols, ROLE_TEXT, "日本 e\xCC\x81 end");
	if (ch->hostile)
		canvas_bytes(c, 5, 0, cols, 0, ROLE_TEXT, hostile, sizeof(hostile) - 1);
	if (ch->changes > 1)
		canvas_show_cursor(c, 4, 3);
	/* The last cell of all: writing it must not scroll. */
	canvas_text(c, rows - 1, cols - 1, 1, ROLE_TEXT, "$");
	screen_flush(ch->s, c);
}

static void
note(struct child *ch, const char *text)
{
	strbuf_addch(&ch->events, ' ');
	strbuf_adds(&ch->events, text);
}

/* As a card does: what was typed before it was drawn is forgotten. */
static void
wait_and_forget(struct child *ch)
{
	int waiting = 0;

	note(ch, "waiting");
	draw(ch);
	while (waiting < 3 && ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0)
		poll(NULL, 0, 1);
	screen_flush_input(ch->s);
	note(ch, "forgotten");
}

static void
command(struct child *ch, uint32_t code)
{
	switch (code) {
	case 'q':
		ch->quit = true;
		break;
	case 'X':
		exit(3);
	case 'K':
		raise(SIGSEGV);
		break;
	case 'H':
		ch->hostile = true;
		break;
	case 'T':
		set_theme(ch, true);
		break;
	case 'F':
		ch->changes++;
		break;
	case 'B':
		screen_bell(ch->s);
		break;
	case 'W':
		wait_and_forget(ch);
		break;
	case 'C':
		strbuf_reset(&ch->events);
		break;
	default:
		break;
	}
}

static void
take_key(struct child *ch, const struct key *k)
{
	struct strbuf name = STRBUF_INIT;

	key_name(k, &name);
	note(ch, strbuf_str(&name));
	strbuf_fini(&name);
	if (!k->mods)
		command(ch, k->code);
	if (k->code == 'z' && k->mods == KEYMOD_CTRL) {
		screen_suspend(ch->s);
		raise(SIGTSTP);
		screen_resume(ch->s);
		note(ch, "resumed");
	}
}

static void
take(struct child *ch, const struct event *ev)
{
	static const char *const actions[] = { "click", "double", "wheel-up", "wheel-down" };
	struct strbuf text = STRBUF_INIT;

	if (ev->kind == EV_KEY) {
		take_key(ch, &ev->key);
	} else if (ev->kind == EV_MOUSE) {
		strbuf_addf(&text, "%s@%d,%d", actions[ev->mouse.action], ev->mouse.y, ev->mouse.x);
		note(ch, strbuf_str(&text));
	}
	strbuf_fini(&text);
}

static void
run(struct child *ch)
{
	struct mailbox *inbox = mailbox_new(sizeof(struct event), &wake, NULL);

	while (!ch->quit) {
		struct pollfd fds[] = {
			{ .fd = screen_input_fd(ch->s), .events = POLLIN },
			{ .fd = wake.read_fd, .events = POLLIN },
		};
		struct event ev;

		draw(ch);
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		wake_drain(&wake);
		screen_resized(ch->s);
		if (!screen_read(ch->s, inbox)) {
			screen_close(ch->s);
			_exit(7);
		}
		while (mailbox_pop(inbox, &ev))
			take(ch, &ev);
	}
	mailbox_free(inbox);
}

int
main(void)
{
	struct screen_options o = { .mouse = true, .color = !getenv("NO_COLOR") };
	struct sigaction winch = { .sa_handler = on_winch };
	struct child ch = { .events = STRBUF_INIT };
	bool utf8 = utf8_locale();
	struct err e;

	sanitize_set_ascii(!utf8);
	canvas_set_ascii(!utf8);
	wake_init(&wake);
	signal(SIGHUP, SIG_IGN);
	signal(SIGSEGV, on_crash);
	ch.s = screen_open(&o, &e);
	if (!ch.s) {
		fprintf(stderr, "%s\n", e.text);
		return err_exit_status(e.code);
	}
	sigaction(SIGWINCH, &winch, NULL);
	ch.c = canvas_new(1, 1);
	strbuf_adds(&ch.events, "events:");
	set_theme(&ch, false);
	run(&ch);
	screen_close(ch.s);
	canvas_free(ch.c);
	strbuf_fini(&ch.events);
	wake_fini(&wake);
	puts("closed");
	return 0;
}
