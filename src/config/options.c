/* options: see the header. First the words are told apart, then each value is taken, then what
 * contradicts is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options_private.h"
#include "text.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/suggest.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/topic_name.h"

const struct verb_info verb_info[VERB_COUNT] = {
#define VERB_ROW(id, name, operands, kind, min, max, help) { name, operands, kind, min, max, help },
	VERBS(VERB_ROW)
#undef VERB_ROW
};

/* An option as it stood on the command line. */
struct given {
	const struct option_def *def;
	const char *value;      /* borrowed from argv; NULL: a flag */
	char name[40];          /* as spelled: "-p", "--partitions" */
};

struct words {
	int argc;
	char **argv;
	int at;                 /* the next of argv */
	struct given *given;
	size_t ngiven;
	struct strvec operands;
	bool verbs_ended;       /* "--" came before the first operand: it is no verb */
};

void
options_init(struct options *o)
{
	*o = (struct options){
		.verb = VERB_SCREEN,
		.partitions = -1, .replication = -1, .partition = -1,
		.from = FROM_BEGINNING, .until = UNTIL_END,
	};
}

void
options_fini(struct options *o)
{
	struct strvec *lists[] = {
		&o->topics,        &o->property_names, &o->property_values, &o->resolve_hosts,
		&o->resolve_addrs, &o->confirm,        &o->config_names,    &o->config_values,
		&o->header_names,  &o->header_values,
	};
	char *texts[] = { o->group, o->bootstrap, o->properties_file, o->theme, o->filter,
		          o->key,   o->value };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strvec_fini(lists[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	options_init(o);
}

static struct given *
add_given(struct words *w, const struct option_def *def)
{
	w->given = xreallocarray(w->given, w->ngiven + 1, sizeof(*w->given));
	w->given[w->ngiven] = (struct given){ .def = def };
	return &w->given[w->ngiven++];
}

/* The value of an option is what is attached to it, or the next word, such as in "--from -5m". */
static bool
take_value(struct words *w, struct given *g, const char *attached, struct err *e)
{
	if (attached)
		g->value = attached;
	else if (w->at < w->argc)
		g->value = w->argv[w->at++];
	else
		return err_set(e, ERR_USAGE, "%s needs a value: %s %s", g->name, g->name,
		               g->def->argument);
	return true;
}

static bool
unknown_long(const char *word, size_t len, struct err *e)
{
	char *name = xstrndup(word, len);
	struct suggest near;
	struct shown n;

	suggest_init(&near, name);
	for (size_t i = 0; i < option_ndefs; i++)
		suggest_offer(&near, option_defs[i].name);
	if (suggest_best(&near))
		err_set(e, ERR_USAGE, "There is no option --%s; did you mean --%s?",
		        shown_text(&n, name), suggest_best(&near));
	else
		err_set(e, ERR_USAGE,
		        "There is no option --%s; topicmon --help lists those that there are",
		        shown_text(&n, name));
	free(name);
	return false;
}

static bool
take_long(struct words *w, const char *word, struct err *e)
{
	size_t len = strcspn(word, "=");
	const char *attached = word[len] ? word + len + 1 : NULL;

	for (size_t i = 0; i < option_ndefs; i++) {
		const struct option_def *def = &option_defs[i];
		struct given *g;

		if (strlen(def->name) != len || strncmp(def->name, word, len) != 0)
			continue;
		g = add_given(w, def);
		snprintf(g->name, sizeof(g->name), "--%s", def->name);
		if (def->argument)
			return take_value(w, g, attached, e);
		if (attached)
			return err_set(e, ERR_USAGE, "%s takes no value", g->name);
		return true;
	}
	return unknown_long(word, len, e);
}

/* "-y", "-p3", "-p 3", "-yn3": flags may stand together, the first that takes a value takes the
 * rest. */
static bool
take_short(struct words *w, const char *word, struct err *e)
{
	for (const char *p = word; *p; p++) {
		const struct option_def *def = NULL;
		struct given *g;
		struct shown letter;
		uint32_t cp;

		for (size_t i = 0; i < option_ndefs && !def; i++) {
			if (option_defs[i].letter == *p)
				def = &option_defs[i];
		}
		if (!def)
			return err_set(e, ERR_USAGE,
			               "There is no option -%s; topicmon --help lists those that "
			               "there are",
			               shown_textn(&letter, p, utf8_decode(p, strlen(p), &cp)));
		g = add_given(w, def);
		snprintf(g->name, sizeof(g->name), "-%c", *p);
		if (def->argument)
			return take_value(w, g, p[1] ? p + 1 : NULL, e);
	}
	return true;
}

static bool
split_words(struct words *w, struct err *e)
{
	bool options_ended = false;

	while (w->at < w->argc) {
		const char *word = w->argv[w->at++];

		if (!options_ended && strcmp(word, "--") == 0) {
			options_ended = true;
			w->verbs_ended = w->operands.n == 0;
		} else if (options_ended || word[0] != '-' || !word[1]) {
			strvec_push(&w->operands, word);
		} else if (word[1] == '-') {
			if (!take_long(w, word + 2, e))
				return false;
		} else if (!take_short(w, word + 1, e)) {
			return false;
		}
	}
	return true;
}

static enum verb
find_verb(const struct words *w)
{
	if (w->operands.n && !w->verbs_ended) {
		for (int i = VERB_SCREEN + 1; i < VERB_COUNT; i++) {
			if (strcmp(verb_info[i].name, w->operands.v[0]) == 0)
				return (enum verb)i;
		}
	}
	return VERB_SCREEN;
}

/* Two words and no verb: the first was probably meant to be one. */
static bool
no_verb(const struct strvec *operands, struct err *e)
{
	struct suggest near;
	struct shown first, second;

	suggest_init(&near, operands->v[0]);
	for (int i = VERB_SCREEN + 1; i < VERB_COUNT; i++)
		suggest_offer(&near, verb_info[i].name);
	if (suggest_best(&near))
		return err_set(e, ERR_USAGE, "'%s' is not a verb; did you mean '%s'?",
		               shown_text(&first, operands->v[0]), suggest_best(&near));
	return err_set(e, ERR_USAGE,
	               "'%s' is not a verb, and the screen opens on one topic: '%s' is too many",
	               shown_text(&first, operands->v[0]), shown_text(&second, operands->v[1]));
}

static bool
take_operands(struct options *o, const struct words *w, struct err *e)
{
	const struct verb_info *info = &verb_info[o->verb];
	size_t first = o->verb == VERB_SCREEN ? 0 : 1;
	size_t n = w->operands.n - first;
	struct shown s;

	if (n < (size_t)info->min)
		return err_set(e, ERR_USAGE, "'%s' needs a topic: topicmon %s %s", info->name,
		               info->name, info->operands);
	if (info->max >= 0 && n > (size_t)info->max) {
		if (o->verb == VERB_SCREEN && !w->verbs_ended)
			return no_verb(&w->operands, e);
		return err_set(e, ERR_USAGE, "'%s' is too many: topicmon %s%s%s",
		               shown_text(&s, w->operands.v[first + (size_t)info->max]), info->name,
		               *info->operands && *info->name ? " " : "", info->operands);
	}
	for (size_t i = first; i < w->operands.n; i++) {
		const char *operand = w->operands.v[i];
		struct err why;

		if (info->kind == OPERAND_GROUP) {
			if (!*operand)
				return err_set(e, ERR_USAGE, "A group's name is not empty");
			o->group = xstrdup(operand);
			continue;
		}
		if (!topic_name_check(operand, &why))
			return err_set(e, ERR_USAGE, "'%s': %s", shown_text(&s, operand), why.text);
		if (!strvec_has(&o->topics, operand))
			strvec_push(&o->topics, operand);
	}
	return true;
}

static bool
take_options(struct options *o, const struct words *w, struct err *e)
{
	for (size_t i = 0; i < w->ngiven; i++) {
		const struct given *g = &w->given[i];
		struct strbuf verbs = STRBUF_INIT;

		if (g->def->verbs & (1u << o->verb)) {
			if (!g->def->set(o, g->def, g->name, g->value, e))
				return false;
			continue;
		}
		options_add_verbs(&verbs, g->def->verbs);
		if (o->verb == VERB_SCREEN)
			err_set(e, ERR_USAGE, "%s is not for the screen; it goes with %s", g->name,
			        strbuf_str(&verbs));
		else
			err_set(e, ERR_USAGE, "'%s' takes no %s; it goes with %s",
			        verb_info[o->verb].name, g->name, strbuf_str(&verbs));
		strbuf_fini(&verbs);
		return false;
	}
	return true;
}

static bool
was_given(const struct words *w, const char *name)
{
	for (size_t i = 0; i < w->ngiven; i++) {
		if (strcmp(w->given[i].def->name, name) == 0)
			return true;
	}
	return false;
}

static bool
check_tail(struct options *o, const struct words *w, struct err *e)
{
	bool from = was_given(w, "from"), until = was_given(w, "until");

	if (from && was_given(w, "last"))
		return err_set(e, ERR_USAGE, "--from and --last both say where to begin: give one");
	if (o->from == FROM_OFFSET && o->partition < 0)
		return err_set(e, ERR_USAGE,
		               "--from OFFSET counts within a partition: add --partition N "
		               "(a time is written as -5m, 14:03 or 2026-11-22T14:03)");
	if (o->until == UNTIL_OFFSET && o->partition < 0)
		return err_set(e, ERR_USAGE,
		               "--until OFFSET counts within a partition: add --partition N "
		               "(a time is written as -5m, 14:03 or 2026-11-22T14:03)");
	if (from && o->from == FROM_END && !o->follow)
		return err_set(e, ERR_USAGE, "--from end waits for what comes: add --follow");
	if (o->follow && until && o->until == UNTIL_END)
		return err_set(
			e, ERR_USAGE,
			"--follow goes on beyond the end, --until end stops there: give one");
	if (o->follow && o->count && !until && !o->limit)
		return err_set(
			e, ERR_USAGE,
			"--count with --follow would never end: leave out one, or add --until");
	if (o->follow && !from && o->from != FROM_LAST)
		o->from = FROM_END;
	if (o->follow && !until)
		o->until = UNTIL_NEVER;
	return true;
}

static bool
check_together(struct options *o, const struct words *w, struct err *e)
{
	struct shown s;

	if (o->value && o->null_value)
		return err_set(e, ERR_USAGE,
		               "--value and --null-value contradict each other: give one");
	for (size_t i = 0; i < o->confirm.n; i++) {
		if (!strvec_has(&o->topics, o->confirm.v[i]))
			return err_set(e, ERR_USAGE, "--confirm '%s' is none of the topics to %s",
			               shown_text(&s, o->confirm.v[i]), verb_info[o->verb].name);
	}
	return o->verb != VERB_TAIL || check_tail(o, w, e);
}

bool
options_parse(int argc, char **argv, struct options *out, struct err *e)
{
	struct words w = { .argc = argc, .argv = argv, .at = 1 };
	struct options o;
	bool ok;

	options_init(&o);
	ok = split_words(&w, e);
	if (ok) {
		o.verb = find_verb(&w);
		o.help = was_given(&w, "help");
		o.version = was_given(&w, "version");
		if (!o.help && !o.version)
			ok = take_options(&o, &w, e) && take_operands(&o, &w, e) &&
			     check_together(&o, &w, e);
	}
	free(w.given);
	strvec_fini(&w.operands);
	if (ok)
		*out = o;
	else
		options_fini(&o);
	return ok;
}
