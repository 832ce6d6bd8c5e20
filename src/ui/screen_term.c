/* screen_term: which terminal this is, as the terminal descriptions know it. See screen_private.h. */
#include "screen_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* "xterm-256color" -> "xterm-direct", "xterm-kitty" -> "kitty-direct"; false when no such description is installed. */
static bool
find_direct(const char *term, char *name, size_t size)
{
	static const char *const suffixes[] = { "-256color", "-16color", "-color" };
	size_t len = strlen(term);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t n = strlen(suffixes[i]);

		if (len > n && strcmp(term + len - n, suffixes[i]) == 0)
			len -= n;
	}
	for (int pass = 0; pass < 2; pass++) {
		bool good;

		if (pass && strncmp(term, "xterm-", 6) != 0)
			break;
		snprintf(name, size, "%.*s-direct", (int)(pass ? len - 6 : len), pass ? term + 6 : term);
		if (len <= 6 * (size_t)pass || !load(name))
			continue;
		good = is_direct();
		del_curterm(cur_term);
		if (good)
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
term_capability(const char *name, char *out, size_t size)
{
	const char *s = term_has(name) ? tigetstr(name) : "";
	size_t len = strlen(out);

	while (*s && len + 1 < size) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>')) {
			s = strchr(s, '>') + 1;
			continue;
		}
		out[len++] = *s++;
	}
	out[len] = '\0';
}
