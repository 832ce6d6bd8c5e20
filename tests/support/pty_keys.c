/* pty_keys: keys, pastes and mouse actions, as a terminal in its present mode sends them. See pty_screen.h. */
#include <stdlib.h>
#include <string.h>

#include "pty_private.h"

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

static const struct named_key {
	const char *name;
	VTermKey key;
	VTermModifier mod;
} named_keys[] = {
	{ "Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE },
	{ "Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE },
	{ "Tab", VTERM_KEY_TAB, VTERM_MOD_NONE },
	{ "S-Tab", VTERM_KEY_TAB, VTERM_MOD_SHIFT },
	{ "BS", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE },
	{ "Up", VTERM_KEY_UP, VTERM_MOD_NONE },
	{ "Down", VTERM_KEY_DOWN, VTERM_MOD_NONE },
	{ "Left", VTERM_KEY_LEFT, VTERM_MOD_NONE },
	{ "Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE },
	{ "C-Up", VTERM_KEY_UP, VTERM_MOD_CTRL },
	{ "C-Right", VTERM_KEY_RIGHT, VTERM_MOD_CTRL },
	{ "Ins", VTERM_KEY_INS, VTERM_MOD_NONE },
	{ "Del", VTERM_KEY_DEL, VTERM_MOD_NONE },
	{ "Home", VTERM_KEY_HOME, VTERM_MOD_NONE },
	{ "End", VTERM_KEY_END, VTERM_MOD_NONE },
	{ "PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE },
	{ "PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE },
};

/* libvterm puts what it sends into the answers; out with it. */
static void
send_answers(struct pty_screen *ps)
{
	struct strbuf answers = ps->answers;

	strbuf_init(&ps->answers);
	pty_write(ps, strbuf_str(&answers), answers.len);
	strbuf_fini(&answers);
}

void
pty_send(struct pty_screen *ps, const char *bytes)
{
	pty_write(ps, bytes, strlen(bytes));
}

static void
send_named(struct pty_screen *ps, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(named_keys); i++) {
		if (strcmp(named_keys[i].name, name) == 0) {
			vterm_keyboard_key(ps->vt, named_keys[i].key, named_keys[i].mod);
			return;
		}
	}
	if (name[0] == 'F' && atoi(name + 1) > 0)
		vterm_keyboard_key(ps->vt, (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)), VTERM_MOD_NONE);
	else if (name[0] == 'C' && name[1] == '-' && name[2])
		strbuf_addch(&ps->answers, (char)(name[2] & 0x1F));
	else if (name[0] == 'M' && name[1] == '-' && name[2])
		vterm_keyboard_unichar(ps->vt, (unsigned char)name[2], VTERM_MOD_ALT);
	else if (strcmp(name, "Space") == 0)
		strbuf_addch(&ps->answers, ' ');
	else if (strcmp(name, "lt") == 0)
		strbuf_addch(&ps->answers, '<');
	else
		abort();        /* a test that names a key that there is not */
}

void
pty_keys(struct pty_screen *ps, const char *keys)
{
	while (*keys) {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;

		if (end) {
			char *name = xstrndup(keys + 1, (size_t)(end - keys - 1));

			send_named(ps, name);
			free(name);
			keys = end + 1;
		} else {
			strbuf_addch(&ps->answers, *keys++);
		}
	}
	send_answers(ps);
}

void
pty_paste(struct pty_screen *ps, const char *text)
{
	vterm_keyboard_start_paste(ps->vt);
	strbuf_adds(&ps->answers, text);
	vterm_keyboard_end_paste(ps->vt);
	send_answers(ps);
}

static void
press(struct pty_screen *ps, int button, int y, int x, bool release)
{
	vterm_mouse_move(ps->vt, y, x, VTERM_MOD_NONE);
	vterm_mouse_button(ps->vt, button, true, VTERM_MOD_NONE);
	if (release)
		vterm_mouse_button(ps->vt, button, false, VTERM_MOD_NONE);
	send_answers(ps);
}

void
pty_click(struct pty_screen *ps, int y, int x)
{
	press(ps, 1, y, x, true);
}

void
pty_wheel(struct pty_screen *ps, bool up, int y, int x)
{
	press(ps, up ? 4 : 5, y, x, false);
}
