/* screen_term: which terminal this is, as the terminal descriptions know it. See screen_private.h. */
#include "screen_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "topicmon/base/mem.h"

/* Last, as it makes macros of everyday words. */
#include <term.h>

#define ADVICE "In a script use the verbs, e.g. topicmon list --json"

/* Makes `name` the current description; false when there is none or no screen can be drawn with it. */
static bool
load(const char *name)
{
	int status = 0;
	const char *cup;

	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return false;
	cup = tigetstr("cup");
	if (cup && cup != (const char *)-1)
		return true;
	del_curterm(cur_term);
	return false;
}

/* 24 bits in one number, as we send them: 8 bits a colour. */
static bool
is_direct(void)
{
	const char *bits = tigetstr("RGB");

	if (tigetnum("colors") < 1 << 24)
		return false;
	return tigetflag("RGB") == 1 || tigetnum("RGB") == 8 ||
		(bits && bits != (const char *)-1 && strcmp(bits, "8/8/8") == 0);
}

static bool
says_truecolor(void)
{
	const char *value = getenv("COLORTERM");

	return value && (strcmp(value, "truecolor") == 0 || strcmp(value, "24bit") == 0);
}

static bool
try_direct(const char *base, size_t len, const char *suffix, char *name, size_t size)
{
	bool good;

	snprintf(name, size, "%.*s%s", (int)len, base, suffix);
	if (!len || !load(name))
		return false;
	good = is_direct();
	del_curterm(cur_term);
	return good;
}

/* "xterm-256color" -> "xterm-direct2" or "xterm-direct", "xterm-kitty" -> "kitty-direct"; false when no such description
 * is installed. direct2 sends 38:2:r:g:b, which every terminal with 24 bits knows; the empty place in the 38:2::r:g:b of
 * direct is taken for a colour by some (libvterm, thus the terminal inside Neovim). */
static bool
find_direct(const char *term, char *name, size_t size)
{
	static const char *const endings[] = { "-256color", "-16color", "-color" };
	static const char *const suffixes[] = { "-direct2", "-direct" };
	size_t len = strlen(term), prefix = strncmp(term, "xterm-", 6) == 0 ? 6 : 0;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i]);

		if (len > n && strcmp(term + len - n, endings[i]) == 0)
			len -= n;
	}
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		if (try_direct(term, len, suffixes[i], name, size))
			return true;
		if (prefix && len > prefix && try_direct(term + prefix, len - prefix, suffixes[i], name, size))
			return true;
	}
	return false;
}

bool
term_pick(bool color, char *name, size_t size, bool *redefines, struct err *e)
{
	const char *term = getenv("TERM");
	bool direct;

	if (!term || !*term)
		return err_set(e, ERR_USAGE, "topicmon needs a terminal: TERM is not set. " ADVICE);
	if (strlen(term) >= size || strchr(term, '/') || !load(term))
		return err_set(e, ERR_USAGE, "topicmon needs a terminal: TERM is '%.60s'. " ADVICE, term);
	direct = is_direct();
	*redefines = color && !direct && says_truecolor() && tigetflag("ccc") == 1;
	del_curterm(cur_term);
	if (color && !direct && says_truecolor() && find_direct(term, name, size)) {
		*redefines = false;
		return true;
	}
	snprintf(name, size, "%s", term);
	return true;
}

bool
term_has(const char *name)
{
	const char *value = tigetstr(name);

	return value && value != (const char *)-1 && *value;
}

void
term_capability(const char *name, struct strbuf *out)
{
	const char *s = term_has(name) ? tigetstr(name) : "";

	while (*s) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			strbuf_addch(out, *s++);
	}
}
