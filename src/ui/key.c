/* key: the names of keys, as they stand in the key tables and in config.json. See ui/keymap.h. */
#include <string.h>
#include <strings.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/ui/keymap.h"

/* The first name of a code is the one that is written. */
static const struct special {
	const char *name;
	const char *label;
	uint32_t code;
} specials[] = {
	{ "enter",     "Enter",     KC_ENTER },
	{ "return",    "Enter",     KC_ENTER },
	{ "esc",       "Esc",       KC_ESC },
	{ "escape",    "Esc",       KC_ESC },
	{ "tab",       "Tab",       KC_TAB },
	{ "backspace", "Backspace", KC_BACKSPACE },
	{ "delete",    "Delete",    KC_DELETE },
	{ "insert",    "Insert",    KC_INSERT },
	{ "up",        "Up",        KC_UP },
	{ "down",      "Down",      KC_DOWN },
	{ "left",      "Left",      KC_LEFT },
	{ "right",     "Right",     KC_RIGHT },
	{ "home",      "Home",      KC_HOME },
	{ "end",       "End",       KC_END },
	{ "pgup",      "PgUp",      KC_PGUP },
	{ "page-up",   "PgUp",      KC_PGUP },
	{ "pgdn",      "PgDn",      KC_PGDN },
	{ "page-down", "PgDn",      KC_PGDN },
	{ "f1",        "F1",        KC_F1 },
	{ "f2",        "F2",        KC_F2 },
	{ "f3",        "F3",        KC_F3 },
	{ "f4",        "F4",        KC_F4 },
	{ "f5",        "F5",        KC_F5 },
	{ "f6",        "F6",        KC_F6 },
	{ "f7",        "F7",        KC_F7 },
	{ "f8",        "F8",        KC_F8 },
	{ "f9",        "F9",        KC_F9 },
	{ "f10",       "F10",       KC_F10 },
	{ "f11",       "F11",       KC_F11 },
	{ "f12",       "F12",       KC_F12 },
	{ "space",     "Space",     ' ' },
};

static const struct modifier {
	const char *name;
	const char *label;
	unsigned bit;
} modifiers[] = {
	{ "ctrl-",  "Ctrl-",  KEYMOD_CTRL },
	{ "alt-",   "Alt-",   KEYMOD_ALT },
	{ "shift-", "Shift-", KEYMOD_SHIFT },
};

static bool
is_special(uint32_t code)
{
	return code >= KC_FIRST && code < KC_LAST;
}

static bool
is_lower(uint32_t code)
{
	return code >= 'a' && code <= 'z';
}

static bool
is_upper(uint32_t code)
{
	return code >= 'A' && code <= 'Z';
}

/* What a terminal sends for Ctrl and a character; false when it sends nothing of its own. */
static bool
control_char(struct key *k)
{
	if (is_upper(k->code))
		k->code += 'a' - 'A';
	switch (k->code) {
	case 'i':
		*k = (struct key){ KC_TAB, k->mods & ~KEYMOD_CTRL };
		return true;
	case 'm':
		*k = (struct key){ KC_ENTER, k->mods & ~KEYMOD_CTRL };
		return true;
	case 'j':
		*k = (struct key){ KC_ENTER, k->mods };
		return true;
	case 'h':
		*k = (struct key){ KC_BACKSPACE, k->mods & ~KEYMOD_CTRL };
		return true;
	case '[':
		*k = (struct key){ KC_ESC, k->mods & ~KEYMOD_CTRL };
		return true;
	default:
		return is_lower(k->code) || k->code == ' ' || k->code == '\\' || k->code == ']' ||
			k->code == '^' || k->code == '_';
	}
}

/* Brings a key to the one form that the terminal's input has too. */
static bool
normalise(struct key *k)
{
	if (is_special(k->code))
		return true;
	if (k->mods & KEYMOD_SHIFT) {
		if (!is_lower(k->code) && !is_upper(k->code))
			return false;
		if (is_lower(k->code))
			k->code -= 'a' - 'A';
		k->mods &= ~KEYMOD_SHIFT;
	}
	if (k->mods & KEYMOD_CTRL)
		return control_char(k);
	return true;
}

static bool
parse_base(const char *name, uint32_t *code)
{
	size_t len = strlen(name), taken;
	uint32_t cp;

	for (size_t i = 0; i < ARRAY_LEN(specials); i++) {
		if (strcasecmp(name, specials[i].name) == 0) {
			*code = specials[i].code;
			return true;
		}
	}
	if (!len)
		return false;
	taken = utf8_decode(name, len, &cp);
	if (cp == UTF8_INVALID || taken != len || cp == ' ' || utf8_width(cp) < 1)
		return false;
	*code = cp;
	return true;
}

bool
key_parse(const char *name, struct key *out)
{
	struct key k = { 0, 0 };
	size_t i = 0;

	while (i < ARRAY_LEN(modifiers)) {
		size_t len = strlen(modifiers[i].name);

		if (strncasecmp(name, modifiers[i].name, len) != 0) {
			i++;
			continue;
		}
		if (k.mods & modifiers[i].bit)
			return false;
		k.mods |= modifiers[i].bit;
		name += len;
		i = 0;
	}
	if (!parse_base(name, &k.code) || !normalise(&k))
		return false;
	*out = k;
	return true;
}

static void
append_key(const struct key *k, struct strbuf *out, bool label)
{
	for (size_t i = 0; i < ARRAY_LEN(modifiers); i++) {
		if (k->mods & modifiers[i].bit)
			strbuf_adds(out, label ? modifiers[i].label : modifiers[i].name);
	}
	for (size_t i = 0; i < ARRAY_LEN(specials); i++) {
		if (k->code == specials[i].code) {
			strbuf_adds(out, label ? specials[i].label : specials[i].name);
			return;
		}
	}
	if (label && (k->mods & KEYMOD_CTRL) && is_lower(k->code))
		strbuf_addcp(out, k->code - ('a' - 'A'));
	else
		strbuf_addcp(out, k->code);
}

void
key_name(const struct key *k, struct strbuf *out)
{
	append_key(k, out, false);
}

void
key_label(const struct key *k, struct strbuf *out)
{
	append_key(k, out, true);
}
