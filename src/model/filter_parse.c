/* filter_parse: the text of a filter becomes terms. See filter_term.h. */
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "filter_term.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/strbuf.h"

struct parser {
	const char *s;
	size_t len;
	size_t at;
	struct err *e;
};

static bool
at_end_of_term(const struct parser *p)
{
	return p->at >= p->len || p->s[p->at] == ' ';
}

static char
peek(const struct parser *p)
{
	return p->at < p->len ? p->s[p->at] : '\0';
}

/* Steps over the word when the text goes on with it. */
static bool
take(struct parser *p, const char *word)
{
	size_t len = strlen(word);

	if (p->len - p->at < len || memcmp(p->s + p->at, word, len) != 0)
		return false;
	p->at += len;
	return true;
}

static size_t
end_of_word(const struct parser *p)
{
	size_t end = p->at;

	while (end < p->len && p->s[end] != ' ')
		end++;
	return end;
}

static bool
parse_quoted(struct parser *p, struct needle *needle)
{
	struct strbuf text = STRBUF_INIT;
	size_t open = p->at++;

	while (p->at < p->len && p->s[p->at] != '"') {
		/* Any other backslash stays: JSON is searched as it stands, and it
		 * is full of them. */
		if (p->s[p->at] == '\\' && p->at + 1 < p->len && p->s[p->at + 1] == '"')
			p->at++;
		strbuf_addch(&text, p->s[p->at++]);
	}
	if (p->at == p->len) {
		strbuf_fini(&text);
		p->at = open;
		return err_set(p->e, ERR_USAGE, "this quote is not closed");
	}
	p->at++;
	needle->len = text.len;
	needle->text = strbuf_detach(&text);
	if (!at_end_of_term(p))
		return err_set(p->e, ERR_USAGE,
		               "a space is missing after the closing quote (write \\\" for a quote "
		               "inside quotes)");
	return true;
}

/* Where the pattern that begins at `start` ends: its slash; p->len or more when there is none. A
 * slash after a backslash is part of it, and PCRE2 reads the two as a slash. */
static size_t
end_of_pattern(const struct parser *p, size_t start)
{
	size_t at = start;

	while (at < p->len && p->s[at] != '/')
		at += p->s[at] == '\\' && at + 1 < p->len ? 2 : 1;
	return at;
}

/* Whether no part of a pattern repeats, alternates or looks ahead, so that matching is linear
 * and needs no guard. */
static bool
is_plain(const char *pattern, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (strchr("*+?{|(XR", pattern[i]))      /* \X and \R take several characters */
			return false;
	}
	return true;
}

static bool
parse_regex(struct parser *p, struct needle *needle)
{
	size_t open = p->at, start = open + 1, end = end_of_pattern(p, start);
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_UCHAR reason[120];
	PCRE2_SIZE wrong;
	int code;

	if (end >= p->len)
		return err_set(
			p->e, ERR_USAGE,
			"this /regex/ is not closed by a slash; a text that begins with a slash "
			"is written in quotes");
	if (end == start)
		return err_set(p->e, ERR_USAGE, "this regex is empty and would match everything");
	p->at = end + 1;
	/* Each callout pays for the steps since the last: see filter.c. */
	if (!is_plain(p->s + start, end - start))
		options |= PCRE2_AUTO_CALLOUT;
	if (peek(p) == 'i') {
		options |= PCRE2_CASELESS;
		p->at++;
	}
	if (!at_end_of_term(p))
		return err_set(
			p->e, ERR_USAGE,
			"after a /regex/ comes i (ignore case) or a space; write \\/ for a slash "
			"inside, and quotes around a text that begins with a slash");
	needle->regex =
		pcre2_compile((PCRE2_SPTR)p->s + start, end - start, options, &code, &wrong, NULL);
	if (!needle->regex) {
		p->at = start + wrong;
		if (pcre2_get_error_message(code, reason, sizeof(reason)) < 0)
			return err_set(p->e, ERR_USAGE, "this is not a regex");
		return err_set(p->e, ERR_USAGE, "in this regex: %s", (const char *)reason);
	}
	/* Without JIT on this machine it is slower, and the same. */
	pcre2_jit_compile(needle->regex, PCRE2_JIT_COMPLETE);
	return true;
}

/* "quoted", /regex/ or a word up to the next space. */
static bool
parse_needle(struct parser *p, struct needle *needle, const char *after)
{
	size_t start = p->at, end;

	if (peek(p) == '/')
		return parse_regex(p, needle);
	if (peek(p) == '"') {
		if (!parse_quoted(p, needle))
			return false;
		if (needle->len)
			return true;
		p->at = start;
		return err_set(p->e, ERR_USAGE, "an empty text would match everything");
	}
	end = end_of_word(p);
	if (end == start)
		return err_set(p->e, ERR_USAGE,
		               "after %s comes what is looked for: a word, \"a text\" or /a regex/",
		               after);
	needle->len = end - start;
	needle->text = xstrndup(p->s + start, needle->len);
	p->at = end;
	return true;
}

static bool
parse_compare(struct parser *p, enum compare *compare)
{
	static const struct {
		const char *text;
		enum compare compare;
	} signs[] = {           /* the longer ones first */
		{ "<=", COMPARE_LE }, { ">=", COMPARE_GE }, { "!=", COMPARE_NE },
		{ "<", COMPARE_LT }, { ">", COMPARE_GT }, { "=", COMPARE_EQ }, { ":", COMPARE_EQ },
	};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (take(p, signs[i].text)) {
			*compare = signs[i].compare;
			return true;
		}
	}
	return false;
}

struct unit {
	char letter;            /* '\0': none */
	int64_t times;
};

static const struct unit no_units[] = { { '\0', 1 }, { 0, 0 } };
static const struct unit size_units[] = {
	{ '\0', 1 }, { 'k', 1024 }, { 'K', 1024 }, { 'm', 1024 * 1024 }, { 'M', 1024 * 1024 },
	{ 'g', 1024 * 1024 * 1024 }, { 'G', 1024 * 1024 * 1024 }, { 0, 0 },
};
static const struct unit age_units[] = {
	{ 's', 1000 }, { 'm', 60 * 1000 }, { 'h', 60 * 60 * 1000 }, { 'd', 24 * 60 * 60 * 1000 },
	{ 0, 0 },
};

/* partition, size and age: a number with a unit, compared. */
static const struct number_term {
	const char *name;
	enum term_kind kind;
	const struct unit *units;
	const char *right;      /* what would be right */
} number_terms[] = {
	{ "partition", TERM_PARTITION, no_units, "a partition number, such as partition:2" },
	{ "size", TERM_SIZE, size_units,
	  "a number of bytes, such as size>500 or size>10k (k, m, g)" },
	{ "age", TERM_AGE, age_units,
	  "a number with its unit, such as age<30s or age<5m (s, m, h, d)" },
};

/* The number at p->at; its digits are at most 9, so that no unit makes it overflow. */
static bool
parse_number(struct parser *p, const struct number_term *row, int64_t *out)
{
	size_t start = p->at;
	int64_t n = 0;
	char letter;

	while (p->at - start < 9 && peek(p) >= '0' && peek(p) <= '9')
		n = n * 10 + (p->s[p->at++] - '0');
	if (p->at == start || (peek(p) >= '0' && peek(p) <= '9'))
		return err_set(p->e, ERR_USAGE, "here comes %s, at most nine digits", row->right);
	letter = at_end_of_term(p) ? '\0' : peek(p);
	for (const struct unit *unit = row->units; unit->times; unit++) {
		if (unit->letter != letter)
			continue;
		if (letter)
			p->at++;
		if (!at_end_of_term(p))
			break;
		*out = n * unit->times;
		return true;
	}
	return err_set(p->e, ERR_USAGE, "here comes %s", row->right);
}

/* Tries partition, size, age. *is_it: the text is such a term, right or wrong. */
static bool
parse_number_term(struct parser *p, struct term *term, bool *is_it)
{
	for (size_t i = 0; i < ARRAY_LEN(number_terms); i++) {
		size_t start = p->at;

		*is_it = take(p, number_terms[i].name) && parse_compare(p, &term->compare);
		if (*is_it) {
			term->kind = number_terms[i].kind;
			return parse_number(p, &number_terms[i], &term->number);
		}
		p->at = start;
	}
	return true;
}

static bool
parse_is(struct parser *p, struct term *term)
{
	static const struct {
		const char *name;
		enum term_kind kind;
	} words[] = {
		{ "null", TERM_NULL }, { "empty", TERM_EMPTY }, { "binary", TERM_BINARY },
		{ "json", TERM_JSON },
	};
	size_t start = p->at, len = end_of_word(p) - start;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strlen(words[i].name) == len && take(p, words[i].name)) {
			term->kind = words[i].kind;
			return true;
		}
	}
	return err_set(p->e, ERR_USAGE, "after is: comes null, empty, binary or json");
}

static bool
parse_header(struct parser *p, struct term *term)
{
	size_t end = end_of_word(p);
	const char *colon = memchr(p->s + p->at, ':', end - p->at);

	term->kind = TERM_HEADER;
	if (!colon) {
		p->at = end;
		return err_set(
			p->e, ERR_USAGE,
			"a header is looked into by header.NAME:TEXT (in quotes, \"header.\" is "
			"a text like any other)");
	}
	term->header = xstrndup(p->s + p->at, (size_t)(colon - p->s) - p->at);
	if (!*term->header)
		return err_set(p->e, ERR_USAGE,
		               "the header's name is missing, as in header.trace-id:TEXT");
	p->at = (size_t)(colon - p->s) + 1;
	return parse_needle(p, &term->needle, "header.NAME:");
}

/* What a field is compared with: quoted, or a word. */
static bool
parse_operand(struct parser *p, struct term *term)
{
	size_t start = p->at, end;

	if (peek(p) == '"') {
		term->quoted = true;
		return parse_quoted(p, &term->needle);
	}
	end = end_of_word(p);
	if (end == start)
		return err_set(
			p->e, ERR_USAGE,
			"here comes what the field is compared with: a number, a word or "
			"\"a text\"");
	term->needle.len = end - start;
	term->needle.text = xstrndup(p->s + start, term->needle.len);
	term->numeric = decimal_valid(term->needle.text, term->needle.len);
	p->at = end;
	return true;
}

static bool
parse_field(struct parser *p, struct term *term)
{
	size_t taken;
	bool ok;

	term->kind = TERM_FIELD;
	term->path = xcalloc(1, sizeof(*term->path));
	ok = json_path_parse(term->path, p->s + p->at, p->len - p->at, &taken, p->e);
	p->at += taken;
	if (!ok)
		return false;
	if (take(p, "~")) {
		term->compare = COMPARE_MATCH;
		if (peek(p) == '/')
			return parse_regex(p, &term->needle);
		return err_set(p->e, ERR_USAGE, "after ~ comes a /regex/");
	}
	if (peek(p) == ':' || !parse_compare(p, &term->compare))
		return err_set(
			p->e, ERR_USAGE,
			"a field is compared by = != < <= > >= or ~/regex/, such as "
			".status=SHIPPED (a text that begins with a dot is written in quotes)");
	return parse_operand(p, term);
}

/* Whether a dot begins a field rather than a text such as "..." or ".5". */
static bool
is_field(const struct parser *p)
{
	char c = p->at + 1 < p->len ? p->s[p->at + 1] : ' ';

	return peek(p) == '.' && c != ' ' && c != '.' && !(c >= '0' && c <= '9');
}

bool
term_parse(struct term *term, const char *text, size_t len, size_t *at, struct err *e)
{
	struct parser p = { text, len, *at, e };
	bool is_it = false, ok;

	*term = (struct term){ .kind = TERM_VALUE };
	while (peek(&p) == '!') {
		term->negated = !term->negated;
		p.at++;
	}
	ok = parse_number_term(&p, term, &is_it);
	if (is_it)
		;
	else if (take(&p, "key:")) {
		term->kind = TERM_KEY;
		ok = parse_needle(&p, &term->needle, "key:");
	} else if (take(&p, "header."))
		ok = parse_header(&p, term);
	else if (take(&p, "is:"))
		ok = parse_is(&p, term);
	else if (is_field(&p))
		ok = parse_field(&p, term);
	else
		ok = parse_needle(&p, &term->needle, "!");
	*at = p.at;
	return ok;
}

void
term_fini(struct term *term)
{
	free(term->needle.text);
	pcre2_code_free(term->needle.regex);
	free(term->header);
	if (term->path) {
		json_path_fini(term->path);
		free(term->path);
	}
}
