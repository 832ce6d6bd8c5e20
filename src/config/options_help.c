/* options_help: the tables of the command line as text for people. */
#include <string.h>

#include "options_private.h"
#include "topicmon/base/err.h"
#include "topicmon/base/mem.h"

#define HELP_WIDTH 80
#define HELP_INDENT 31

static const struct exit_row {
	enum err_code code;
	const char *help;
} exit_rows[] = {
	{ ERR_NONE, "done" },
	{ ERR_FAILED, "the operation failed" },
	{ ERR_USAGE,
	  "wrong usage: an option, a config, a theme, or no terminal; nothing was done" },
	{ ERR_UNREACHABLE, "no broker could be reached, or none answered in time" },
	{ ERR_DENIED, "not authorised, or the login failed" },
	{ ERR_NOT_FOUND, "the topic or the group does not exist" },
	{ ERR_REFUSED, "refused: read-only, protected, or not confirmed" },
};

void
options_add_verbs(struct strbuf *out, unsigned verbs)
{
	const char *comma = "";

	if (verbs == ALL_VERBS || verbs == (ALL_VERBS & ~VERB_BIT(SCREEN))) {
		strbuf_adds(out, verbs == ALL_VERBS ? "all" : "every verb");
		return;
	}
	for (int i = 0; i < VERB_COUNT; i++) {
		if (!(verbs & (1u << i)))
			continue;
		strbuf_addf(out, "%s%s", comma,
		            i == VERB_SCREEN ? "the screen" : verb_info[i].name);
		comma = ", ";
	}
}

/* Adds text from column `indent` on, in lines that end before HELP_WIDTH; the cursor stands at
 * column `at`. */
static void
add_wrapped(struct strbuf *out, size_t at, size_t indent, const char *text)
{
	while (at < indent) {
		strbuf_addch(out, ' ');
		at++;
	}
	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > indent && at + 1 + len > HELP_WIDTH) {
			strbuf_addf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			strbuf_addch(out, ' ');
			at++;
		}
		strbuf_add(out, text, len);
		at += len;
		text += len + (text[len] == ' ');
	}
	strbuf_addch(out, '\n');
}

static void
add_row(struct strbuf *out, const char *left, const char *help)
{
	size_t len = strlen(left);

	strbuf_addf(out, "  %s", left);
	if (len + 4 > HELP_INDENT) {
		strbuf_addch(out, '\n');
		add_wrapped(out, 0, HELP_INDENT, help);
	} else {
		add_wrapped(out, len + 2, HELP_INDENT, help);
	}
}

static void
add_option(struct strbuf *out, const struct option_def *def)
{
	struct strbuf left = STRBUF_INIT;

	if (def->letter)
		strbuf_addf(&left, "-%c, ", def->letter);
	else
		strbuf_adds(&left, "    ");
	strbuf_addf(&left, "--%s%s%s", def->name, def->argument ? " " : "",
	            def->argument ? def->argument : "");
	add_row(out, strbuf_str(&left), def->help);
	strbuf_fini(&left);
}

/* The options that only some verbs take come first: they are what somebody looks for in the help of
 * a verb. */
static void
add_options(struct strbuf *out, enum verb verb, bool common)
{
	for (size_t i = 0; i < option_ndefs; i++) {
		const struct option_def *def = &option_defs[i];

		if ((def->verbs & (1u << verb)) && (def->verbs == ALL_VERBS) == common)
			add_option(out, def);
	}
}

static bool
has_own_options(enum verb verb)
{
	for (size_t i = 0; i < option_ndefs; i++) {
		if ((option_defs[i].verbs & (1u << verb)) && option_defs[i].verbs != ALL_VERBS)
			return true;
	}
	return false;
}

static void
add_exit_statuses(struct strbuf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(exit_rows); i++)
		strbuf_addf(out, "  %d  %s\n", err_exit_status(exit_rows[i].code),
		            exit_rows[i].help);
}

void
options_help(struct strbuf *out, enum verb verb)
{
	const struct verb_info *info = &verb_info[verb];

	if (verb == VERB_SCREEN) {
		strbuf_addf(out,
		            "Usage: topicmon [OPTION]... %s\n       topicmon VERB [OPTION]...\n\n",
		            info->operands);
		strbuf_addf(out, "%s.\nWith a verb:\n\n", info->help);
		for (int i = VERB_SCREEN + 1; i < VERB_COUNT; i++) {
			struct strbuf left = STRBUF_INIT;

			strbuf_addf(&left, "%s %s", verb_info[i].name, verb_info[i].operands);
			add_row(out, strbuf_str(&left), verb_info[i].help);
			strbuf_fini(&left);
		}
		strbuf_adds(out, "\ntopicmon VERB --help tells more. After -- no word is a verb or "
		                 "an option.\n");
	} else {
		strbuf_addf(out, "Usage: topicmon %s [OPTION]...%s%s\n\n", info->name,
		            *info->operands ? " " : "", info->operands);
		add_wrapped(out, 0, 0, info->help);
	}
	if (has_own_options(verb)) {
		strbuf_addf(out, "\nOptions of %s:\n",
		            verb == VERB_SCREEN ? "the screen" : info->name);
		add_options(out, verb, false);
	}
	strbuf_adds(out, "\nCommon options:\n");
	add_options(out, verb, true);
	strbuf_adds(out, "\nExit status:\n");
	add_exit_statuses(out);
}

/* A '|' would end the cell. */
static void
add_cell(struct strbuf *out, const char *text)
{
	strbuf_adds(out, "| ");
	for (; *text; text++) {
		if (*text == '|')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *text);
	}
	strbuf_addch(out, ' ');
}

void
options_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| Option | What it does | For |\n|---|---|---|\n");
	for (size_t i = 0; i < option_ndefs; i++) {
		const struct option_def *def = &option_defs[i];

		strbuf_adds(out, "| `");
		if (def->letter)
			strbuf_addf(out, "-%c, ", def->letter);
		strbuf_addf(out, "--%s%s%s` ", def->name, def->argument ? " " : "",
		            def->argument ? def->argument : "");
		add_cell(out, def->help);
		strbuf_adds(out, "| ");
		options_add_verbs(out, def->verbs);
		strbuf_adds(out, " |\n");
	}
}

void
verbs_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| Command | What it does |\n|---|---|\n");
	for (int i = 0; i < VERB_COUNT; i++) {
		const struct verb_info *info = &verb_info[i];

		strbuf_addf(out, "| `topicmon%s%s%s%s` ", *info->name ? " " : "", info->name,
		            *info->operands ? " " : "", info->operands);
		add_cell(out, info->help);
		strbuf_adds(out, "|\n");
	}
}

void
exit_statuses_markdown(struct strbuf *out)
{
	strbuf_adds(out, "| Status | Meaning |\n|---|---|\n");
	for (size_t i = 0; i < ARRAY_LEN(exit_rows); i++) {
		strbuf_addf(out, "| %d ", err_exit_status(exit_rows[i].code));
		add_cell(out, exit_rows[i].help);
		strbuf_adds(out, "|\n");
	}
}
