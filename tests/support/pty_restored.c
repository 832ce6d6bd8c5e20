/* pty_restored: whether a program gave the terminal back as it was. See pty_screen.h. */
#include <string.h>

#include "pty_private.h"

bool
pty_termios_restored(struct pty_screen *ps)
{
	struct termios now;

	/* Field by field: there may be padding, and the speeds of a pseudo-terminal say nothing. */
	return tcgetattr(ps->slave, &now) == 0 && now.c_iflag == ps->before.c_iflag &&
		now.c_oflag == ps->before.c_oflag && now.c_cflag == ps->before.c_cflag &&
		now.c_lflag == ps->before.c_lflag &&
		memcmp(now.c_cc, ps->before.c_cc, sizeof(now.c_cc)) == 0;
}

/* libvterm does not tell whether bracketed paste is on; it writes the bracket if it is. */
static bool
paste_is_on(struct pty_screen *ps)
{
	ps->probing = true;
	ps->nprobed = 0;
	vterm_keyboard_start_paste(ps->vt);
	ps->probing = false;
	return ps->nprobed > 0;
}

/* Nor the mode of the keypad: ESC O A is its Up, ESC [ A is that of before. */
static bool
keypad_is_on(struct pty_screen *ps)
{
	ps->probing = true;
	ps->nprobed = 0;
	vterm_keyboard_key(ps->vt, VTERM_KEY_UP, VTERM_MOD_NONE);
	ps->probing = false;
	return ps->nprobed > 1 && ps->probed[1] == 'O';
}

const char *
pty_not_restored(struct pty_screen *ps)
{
	VTermState *state = vterm_obtain_state(ps->vt);
	VTermValue bold, reverse, fg, bg;

	vterm_state_get_penattr(state, VTERM_ATTR_BOLD, &bold);
	vterm_state_get_penattr(state, VTERM_ATTR_REVERSE, &reverse);
	vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &fg);
	vterm_state_get_penattr(state, VTERM_ATTR_BACKGROUND, &bg);
	if (!pty_termios_restored(ps))
		return "the line settings are not what they were";
	if (ps->altscreen)
		return "the second screen is still shown";
	if (!ps->cursor_shown)
		return "the cursor is still hidden";
	if (ps->mouse)
		return "the mouse is still reported";
	if (paste_is_on(ps))
		return "bracketed paste is still on";
	if (keypad_is_on(ps))
		return "the keypad still sends what programs ask for";
	if (bold.boolean || reverse.boolean || !VTERM_COLOR_IS_DEFAULT_FG(&fg.color) ||
		!VTERM_COLOR_IS_DEFAULT_BG(&bg.color))
		return "the colours or attributes are not plain";
	return NULL;
}
