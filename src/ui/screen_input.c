/*
 * screen_input: from what the terminal sends to keys and mouse actions.
 *
 * curses knows the sequences of the terminal's description. What it does not know comes byte by byte: that is taken
 * apart here, as an unknown sequence must not run as a row of commands. See ui/screen.h.
 */
#include "screen_private.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "topicmon/base/clock.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define DOUBLE_CLICK_MS 400
#define SEQUENCE_MS 100         /* the rest of a sequence comes within */
#define PASTE_MS 1000           /* a paste whose end was lost is over after such a silence */

static const struct key_row {
	int curses;
	uint32_t code;
	unsigned mods;
} key_rows[] = {
	{ KEY_UP, KC_UP, 0 }, { KEY_DOWN, KC_DOWN, 0 }, { KEY_LEFT, KC_LEFT, 0 }, { KEY_RIGHT, KC_RIGHT, 0 },
	{ KEY_HOME, KC_HOME, 0 }, { KEY_FIND, KC_HOME, 0 }, { KEY_A1, KC_HOME, 0 },
	{ KEY_END, KC_END, 0 }, { KEY_SELECT, KC_END, 0 }, { KEY_C1, KC_END, 0 },
	{ KEY_PPAGE, KC_PGUP, 0 }, { KEY_A3, KC_PGUP, 0 },
	{ KEY_NPAGE, KC_PGDN, 0 }, { KEY_C3, KC_PGDN, 0 },
	{ KEY_BACKSPACE, KC_BACKSPACE, 0 }, { KEY_DC, KC_DELETE, 0 }, { KEY_IC, KC_INSERT, 0 },
	{ KEY_ENTER, KC_ENTER, 0 }, { KEY_BTAB, KC_TAB, KEYMOD_SHIFT },
	{ KEY_SR, KC_UP, KEYMOD_SHIFT }, { KEY_SF, KC_DOWN, KEYMOD_SHIFT },
	{ KEY_SLEFT, KC_LEFT, KEYMOD_SHIFT }, { KEY_SRIGHT, KC_RIGHT, KEYMOD_SHIFT },
	{ KEY_SHOME, KC_HOME, KEYMOD_SHIFT }, { KEY_SEND, KC_END, KEYMOD_SHIFT },
	{ KEY_SPREVIOUS, KC_PGUP, KEYMOD_SHIFT }, { KEY_SNEXT, KC_PGDN, KEYMOD_SHIFT },
	{ KEY_SDC, KC_DELETE, KEYMOD_SHIFT },
};

/* Keys with modifiers, as the names of capabilities beyond the standard have them: kUP5 is Ctrl-Up. */
static const struct named_row {
	const char *name;
	uint32_t code;
} named_rows[] = {
	{ "kUP", KC_UP }, { "kDN", KC_DOWN }, { "kLFT", KC_LEFT }, { "kRIT", KC_RIGHT }, { "kHOM", KC_HOME },
	{ "kEND", KC_END }, { "kPRV", KC_PGUP }, { "kNXT", KC_PGDN }, { "kDC", KC_DELETE }, { "kIC", KC_INSERT },
};

/* The last byte of ESC [ 1 ; MODIFIERS X, and the number in ESC [ NUMBER ; MODIFIERS ~. */
static const struct csi_row {
	char final;
	int number;
	uint32_t code;
} csi_rows[] = {
	{ 'A', 0, KC_UP }, { 'B', 0, KC_DOWN }, { 'C', 0, KC_RIGHT }, { 'D', 0, KC_LEFT },
	{ 'H', 0, KC_HOME }, { 'F', 0, KC_END },
	{ 'P', 0, KC_F1 }, { 'Q', 0, KC_F2 }, { 'R', 0, KC_F3 }, { 'S', 0, KC_F4 },
	{ '~', 1, KC_HOME }, { '~', 2, KC_INSERT }, { '~', 3, KC_DELETE }, { '~', 4, KC_END },
	{ '~', 5, KC_PGUP }, { '~', 6, KC_PGDN }, { '~', 7, KC_HOME }, { '~', 8, KC_END },
	{ '~', 11, KC_F1 }, { '~', 12, KC_F2 }, { '~', 13, KC_F3 }, { '~', 14, KC_F4 }, { '~', 15, KC_F5 },
	{ '~', 17, KC_F6 }, { '~', 18, KC_F7 }, { '~', 19, KC_F8 }, { '~', 20, KC_F9 }, { '~', 21, KC_F10 },
	{ '~', 23, KC_F11 }, { '~', 24, KC_F12 },
};

static void
push_key(struct mailbox *inbox, uint32_t code, unsigned mods)
{
	struct event ev = { .kind = EV_KEY, .key = { code, mods } };

	mailbox_push(inbox, &ev);
}

static void
push_mouse(struct mailbox *inbox, enum mouse_action action, int y, int x)
{
	struct event ev = { .kind = EV_MOUSE, .mouse = { action, y, x } };

	mailbox_push(inbox, &ev);
}

/* A terminal writes modifiers as 1 + shift + 2 alt + 4 ctrl. */
static unsigned
modifiers(int n)
{
	unsigned mods = 0;

	if (n < 2 || n > 16)
		return 0;
	if ((n - 1) & 1)
		mods |= KEYMOD_SHIFT;
	if ((n - 1) & (2 | 8))
		mods |= KEYMOD_ALT;
	if ((n - 1) & 4)
		mods |= KEYMOD_CTRL;
	return mods;
}

/* A character that was typed, with or without Alt. */
static void
take_char(struct mailbox *inbox, uint32_t cp, unsigned mods)
{
	switch (cp) {
	case '\t':
		push_key(inbox, KC_TAB, mods);
		return;
	case '\r':
		push_key(inbox, KC_ENTER, mods);
		return;
	case '\n':
		push_key(inbox, KC_ENTER, mods | KEYMOD_CTRL);
		return;
	case '\b':
	case 0x7F:
		push_key(inbox, KC_BACKSPACE, mods);
		return;
	case 0x1B:
		push_key(inbox, KC_ESC, mods);
		return;
	case 0:
		push_key(inbox, ' ', mods | KEYMOD_CTRL);
		return;
	default:
		if (cp <= 26)
			push_key(inbox, cp + 'a' - 1, mods | KEYMOD_CTRL);
		else if (cp < 0x20)
			push_key(inbox, cp + 0x40, mods | KEYMOD_CTRL);
		else
			push_key(inbox, cp, mods);
	}
}

/* Pasted text is text: ends of lines and tabs become spaces, those at its end are left out, nothing is a command. */
static void
take_pasted(struct input *in, struct mailbox *inbox, uint32_t cp)
{
	if (cp == '\r' || cp == '\n' || cp == '\t') {
		in->paste_space = in->paste_text;
		return;
	}
	if (cp < 0x20 || cp == 0x7F)
		return;
	if (in->paste_space)
		push_key(inbox, ' ', KEYMOD_PASTED);
	in->paste_space = false;
	in->paste_text = true;
	push_key(inbox, cp, KEYMOD_PASTED);
}

static void
take_code_point(struct input *in, struct mailbox *inbox, uint32_t cp, bool alt)
{
	if (in->pasting)
		take_pasted(in, inbox, cp);
	else
		take_char(inbox, cp, alt ? KEYMOD_ALT : 0);
}

static size_t
utf8_length(unsigned char lead)
{
	return lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
}

/* Puts bytes together to characters; what is not UTF-8 is left out. */
static void
take_byte(struct input *in, struct mailbox *inbox, unsigned char byte, bool alt)
{
	uint32_t cp;

	if (byte < 0x80) {
		in->nutf8 = 0;
		take_code_point(in, inbox, byte, alt);
		return;
	}
	if (byte >= 0xC0) {
		in->nutf8 = 0;
		in->alt = alt;
	} else if (!in->nutf8) {
		return;
	}
	in->utf8[in->nutf8++] = byte;
	if (in->nutf8 < utf8_length(in->utf8[0]))
		return;
	if (utf8_decode(in->utf8, in->nutf8, &cp) == in->nutf8)
		take_code_point(in, inbox, cp, in->alt);
	in->nutf8 = 0;
}

static void
set_pasting(struct input *in, bool on)
{
	in->pasting = on;
	in->paste_text = false;
	in->paste_space = false;
	in->paste_ms = clock_ms();
}

/* A whole sequence after ESC [ that curses did not know. */
static void
take_csi(struct input *in, struct mailbox *inbox, char final)
{
	int number = 0, mods = 0;

	in->csi[in->ncsi] = '\0';
	sscanf(in->csi, "%9d;%9d", &number, &mods);
	if (final == '~' && (number == 200 || number == 201)) {
		set_pasting(in, number == 200);
		return;
	}
	if (in->pasting)
		return;
	if (final == 'Z')
		push_key(inbox, KC_TAB, KEYMOD_SHIFT);
	for (size_t i = 0; i < ARRAY_LEN(csi_rows); i++) {
		if (csi_rows[i].final == final && (final != '~' || csi_rows[i].number == number)) {
			push_key(inbox, csi_rows[i].code, modifiers(mods));
			return;
		}
	}
}

static void
take_mouse_event(struct input *in, struct mailbox *inbox, const MEVENT *me)
{
	int64_t now = clock_ms();
	bool again;

	if (me->bstate & BUTTON4_PRESSED) {
		push_mouse(inbox, MOUSE_WHEEL_UP, me->y, me->x);
	} else if (me->bstate & BUTTON5_PRESSED) {
		push_mouse(inbox, MOUSE_WHEEL_DOWN, me->y, me->x);
	} else if (me->bstate & BUTTON1_PRESSED) {
		again = in->click_ms && now - in->click_ms <= DOUBLE_CLICK_MS && me->y == in->click_y &&
			me->x == in->click_x;
		push_mouse(inbox, again ? MOUSE_DOUBLE : MOUSE_CLICK, me->y, me->x);
		in->click_ms = again ? 0 : now;
		in->click_y = me->y;
		in->click_x = me->x;
	}
}

/* One KEY_MOUSE may stand for several events that came together; curses hands out the latest first. */
static void
take_mouse(struct input *in, struct mailbox *inbox)
{
	MEVENT events[8];
	size_t n = 0;

	while (n < ARRAY_LEN(events) && getmouse(&events[n]) == OK)
		n++;
	while (n > 0)
		take_mouse_event(in, inbox, &events[--n]);
}

/* A key that curses made out. */
static void
take_key(struct input *in, struct mailbox *inbox, int ch, bool alt)
{
	unsigned mods = alt ? KEYMOD_ALT : 0;
	const char *name;

	if (ch == KEY_MOUSE) {
		take_mouse(in, inbox);
		return;
	}
	if (ch >= KEY_F(1) && ch <= KEY_F(12)) {
		push_key(inbox, KC_F1 + (uint32_t)(ch - KEY_F(1)), mods);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(key_rows); i++) {
		if (key_rows[i].curses == ch) {
			push_key(inbox, key_rows[i].code, key_rows[i].mods | mods);
			return;
		}
	}
	name = ch > KEY_MAX ? keyname(ch) : NULL;
	for (size_t i = 0; name && i < ARRAY_LEN(named_rows); i++) {
		size_t len = strlen(named_rows[i].name);

		if (strncmp(name, named_rows[i].name, len) == 0 && name[len] >= '2' && name[len] <= '9')
			push_key(inbox, named_rows[i].code, modifiers(name[len] - '0') | mods);
	}
}

static void
start_escape(struct input *in)
{
	in->escape = ESCAPE_ESC;
	in->ncsi = 0;
}

/* The byte after ESC: the beginning of a sequence, or Alt with a key. */
static void
after_escape(struct input *in, struct mailbox *inbox, int ch)
{
	in->escape = ESCAPE_NONE;
	if (ch == '[')
		in->escape = ESCAPE_CSI;
	else if (ch == 'O')
		in->escape = ESCAPE_SS3;
	else if (ch == 0x1B) {
		take_code_point(in, inbox, 0x1B, false);
		start_escape(in);
	} else if (ch > 0xFF)
		take_key(in, inbox, ch, true);
	else
		take_byte(in, inbox, (unsigned char)ch, true);
}

static void
in_csi(struct input *in, struct mailbox *inbox, int ch)
{
	if (ch >= 0x40 && ch <= 0x7E) {
		in->escape = ESCAPE_NONE;
		take_csi(in, inbox, (char)ch);
	} else if (ch >= 0x20 && ch < 0x40) {
		if (in->ncsi < sizeof(in->csi) - 1)
			in->csi[in->ncsi++] = (char)ch;
	} else {
		/* No sequence after all: what interrupts it counts. */
		in->escape = ESCAPE_NONE;
		if (ch == 0x1B)
			start_escape(in);
		else if (ch > 0xFF)
			take_key(in, inbox, ch, false);
		else
			take_byte(in, inbox, (unsigned char)ch, false);
	}
}

static void
take(struct input *in, struct mailbox *inbox, int ch)
{
	int64_t now = clock_ms();

	if (in->escape != ESCAPE_NONE && now - in->escape_ms > SEQUENCE_MS)
		in->escape = ESCAPE_NONE;
	if (in->pasting && now - in->paste_ms > PASTE_MS)
		set_pasting(in, false);
	in->escape_ms = now;
	in->paste_ms = now;
	switch (in->escape) {
	case ESCAPE_ESC:
		after_escape(in, inbox, ch);
		return;
	case ESCAPE_CSI:
		in_csi(in, inbox, ch);
		return;
	case ESCAPE_SS3:
		in->escape = ESCAPE_NONE;
		return;
	case ESCAPE_NONE:
		break;
	}
	if (ch == 0x1B)
		start_escape(in);
	else if (ch > 0xFF)
		take_key(in, inbox, ch, false);
	else
		take_byte(in, inbox, (unsigned char)ch, false);
}

/* Nothing more is there. curses has waited a moment for what follows an ESC: it was the key, or Alt-[ or Alt-O. A
 * sequence that has begun in earnest waits for its rest. */
static void
end_of_input(struct input *in, struct mailbox *inbox)
{
	if (in->escape == ESCAPE_ESC)
		take_code_point(in, inbox, 0x1B, false);
	else if (in->escape == ESCAPE_CSI && !in->ncsi)
		take_code_point(in, inbox, '[', true);
	else if (in->escape == ESCAPE_SS3)
		take_code_point(in, inbox, 'O', true);
	else
		return;
	in->escape = ESCAPE_NONE;
}

static bool
terminal_gone(void)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	int waiting = 0;

	if (poll(&fd, 1, 0) <= 0)
		return false;
	if (fd.revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	/* Something to read that is nothing: the end of the file. */
	return (fd.revents & POLLIN) && ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting == 0;
}

bool
screen_read(struct screen *s, struct mailbox *inbox)
{
	bool any = false;
	int ch;

	if (s->suspended || !s->keys)
		return true;
	while ((ch = wgetch(s->keys)) != ERR) {
		take(&s->input, inbox, ch);
		any = true;
	}
	end_of_input(&s->input, inbox);
	return any || !terminal_gone();
}

void
screen_flush_input(struct screen *s)
{
	flushinp();
	s->input = (struct input){ .escape = ESCAPE_NONE };
}
