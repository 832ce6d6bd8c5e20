/* filter: compiled filters and matching. See the header, and filter_term.h for the terms. */
#define _GNU_SOURCE /* memmem: in glibc, musl, the BSDs and macOS long before it came into POSIX */

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "filter_term.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/filter.h"

/*
 * A regex can take for ever on a text (catastrophic backtracking), and PCRE2's own limits do not
 * count the steps inside a repeat: /(?=a+[bc])/ on a megabyte of a's stays below them for minutes.
 * So patterns that are not plain carry a callout before each item (see filter_parse.c), and each
 * callout pays for the bytes that the match moved since the last one. When nothing is left the text
 * counts as not matching. Bytes rather than time: the same messages match on any machine.
 */
#define STEPS          100000
#define STEPS_A_BYTE   64
#define MATCHES_MOST   10000000         /* PCRE2's limit, for what repeats without a callout */
#define HEAP_KIB       4096             /* without JIT */
#define JIT_STACK_LEAST (32 * 1024)
#define JIT_STACK_MOST  (512 * 1024)

struct filter {
	atomic_uint refs;
	struct term *terms;
	size_t n;
};

struct filter_scratch {
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *jit_stack;
	size_t steps_left;
	size_t position;                /* in the text at the last callout */
	struct json_reader reader;
	struct strbuf key;              /* unescaped, to be compared with a step of a path */
	struct strbuf text;             /* unescaped, to be compared with an operand */
};

static size_t
character_number(const char *text, size_t at)
{
	size_t n = 1;

	for (size_t i = 0; i < at; i++)
		n += ((unsigned char)text[i] & 0xC0) != 0x80;
	return n;
}

static int
by_cost(const void *a, const void *b)
{
	const struct term *x = a, *y = b;

	return (x->kind > y->kind) - (x->kind < y->kind);
}

struct filter *
filter_compile(const char *text, size_t *at, struct err *e)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	size_t len = strlen(text), pos = 0;

	atomic_init(&f->refs, 1);
	for (;;) {
		struct err reason;

		while (pos < len && text[pos] == ' ')
			pos++;
		if (pos == len)
			break;
		f->terms = xreallocarray(f->terms, f->n + 1, sizeof(*f->terms));
		if (!term_parse(&f->terms[f->n++], text, len, &pos, &reason)) {
			if (at)
				*at = pos;
			err_set(e, ERR_USAGE, "Filter, character %zu: %s",
			        character_number(text, pos), reason.text);
			filter_unref(f);
			return NULL;
		}
	}
	if (f->n)
		qsort(f->terms, f->n, sizeof(*f->terms), by_cost);
	return f;
}

struct filter *
filter_ref(struct filter *f)
{
	atomic_fetch_add_explicit(&f->refs, 1, memory_order_relaxed);
	return f;
}

void
filter_unref(struct filter *f)
{
	if (!f || atomic_fetch_sub_explicit(&f->refs, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < f->n; i++)
		term_fini(&f->terms[i]);
	free(f->terms);
	free(f);
}

bool
filter_is_empty(const struct filter *f)
{
	return f->n == 0;
}

static int
pay_steps(pcre2_callout_block *block, void *data)
{
	struct filter_scratch *scratch = data;
	size_t at = block->current_position, before = scratch->position;
	size_t steps = 1 + (at > before ? at - before : before - at);

	scratch->position = at;
	if (steps > scratch->steps_left)
		return PCRE2_ERROR_CALLOUT;
	scratch->steps_left -= steps;
	return 0;
}

struct filter_scratch *
filter_scratch_new(void)
{
	struct filter_scratch *scratch = xcalloc(1, sizeof(*scratch));

	scratch->match = pcre2_match_data_create(1, NULL);
	scratch->limits = pcre2_match_context_create(NULL);
	scratch->jit_stack = pcre2_jit_stack_create(JIT_STACK_LEAST, JIT_STACK_MOST, NULL);
	if (scratch->limits) {
		pcre2_set_callout(scratch->limits, pay_steps, scratch);
		pcre2_set_heap_limit(scratch->limits, HEAP_KIB);
		if (scratch->jit_stack)
			pcre2_jit_stack_assign(scratch->limits, NULL, scratch->jit_stack);
	}
	json_init(&scratch->reader, NULL, 0);
	return scratch;
}

void
filter_scratch_free(struct filter_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->match);
	pcre2_match_context_free(scratch->limits);
	pcre2_jit_stack_free(scratch->jit_stack);
	json_fini(&scratch->reader);
	strbuf_fini(&scratch->key);
	strbuf_fini(&scratch->text);
	free(scratch);
}

/* Finds a regex in the bytes from `from` on. Too many steps count as nowhere. */
static bool
find_regex(const pcre2_code *regex, struct filter_scratch *scratch, const void *data, size_t len,
           size_t from, uint32_t options, size_t *start, size_t *match_len)
{
	size_t matches = MATCHES_MOST + len;
	const PCRE2_SIZE *found;

	if (!scratch->match || !scratch->limits)
		return false;
	scratch->steps_left = STEPS + len * STEPS_A_BYTE;
	scratch->position = from;
	pcre2_set_match_limit(scratch->limits,
	                      matches > UINT32_MAX ? UINT32_MAX : (uint32_t)matches);
	/* Old versions of the library do not take NULL as the address of no bytes. */
	if (pcre2_match(regex, data ? data : "", len, from, options, scratch->match,
	                scratch->limits) < 0)
		return false;
	found = pcre2_get_ovector_pointer(scratch->match);
	if (found[1] < found[0])
		return false;           /* \K in a lookahead can end a match before its start */
	*start = found[0];
	*match_len = found[1] - found[0];
	return true;
}

static bool
needle_in(const struct needle *needle, struct filter_scratch *scratch, const void *data, size_t len)
{
	size_t start, match_len;

	if (needle->regex)
		return find_regex(needle->regex, scratch, data, len, 0, 0, &start, &match_len);
	return len >= needle->len && memmem(data, len, needle->text, needle->len) != NULL;
}

static bool
holds(enum compare compare, int order)
{
	switch (compare) {
	case COMPARE_EQ:
		return order == 0;
	case COMPARE_NE:
		return order != 0;
	case COMPARE_LT:
		return order < 0;
	case COMPARE_LE:
		return order <= 0;
	case COMPARE_GT:
		return order > 0;
	case COMPARE_GE:
		return order >= 0;
	case COMPARE_MATCH:
		break;
	}
	return false;
}

static bool
number_matches(const struct term *term, int64_t n)
{
	return holds(term->compare, (n > term->number) - (n < term->number));
}

static bool
age_matches(const struct term *term, const struct record *rec, int64_t now_ms)
{
	int64_t then_ms = rec->timestamp_ms;

	if (rec->timestamp_kind == TIMESTAMP_NONE)
		return false;
	/* A timestamp is any number that a producer likes: the difference may be
	 * too much for one. */
	if (then_ms < 0 && now_ms > INT64_MAX + then_ms)
		return number_matches(term, INT64_MAX);
	if (then_ms > 0 && now_ms < INT64_MIN + then_ms)
		return number_matches(term, INT64_MIN);
	return number_matches(term, now_ms - then_ms);
}

static bool
header_matches(const struct term *term, struct filter_scratch *scratch, const struct record *rec)
{
	struct header h;
	size_t pos = 0;

	while (record_next_header(rec, &pos, &h)) {
		if (strcmp(h.name, term->header) == 0 && h.value.data &&
		    needle_in(&term->needle, scratch, h.value.data, h.value.len))
			return true;
	}
	return false;
}

static int
compare_bytes(const void *a, size_t a_len, const void *b, size_t b_len)
{
	size_t least = a_len < b_len ? a_len : b_len;
	int order = least ? memcmp(a, b, least) : 0;

	return order ? order : (a_len > b_len) - (a_len < b_len);
}

/*
 * Compares one value of a JSON field with the operand. A string is compared by its bytes with its
 * escapes resolved, a number by value; true, false, null and whole containers are equal or not, as
 * they stand. A quoted operand is a string and nothing else. Where there is no order (a number and
 * a text) neither is less.
 */
static bool
field_value_matches(const struct term *term, struct filter_scratch *scratch, struct bytes value,
                    enum json_token token)
{
	const struct needle *with = &term->needle;
	bool string = token == JSON_STRING;
	int order;

	if (string && memchr(value.data, '\\', value.len)) {
		strbuf_reset(&scratch->text);
		json_unescape(&scratch->text, value.data, value.len);
		value = (struct bytes){ scratch->text.buf, scratch->text.len };
	} else if (string) {
		value = (struct bytes){ (const char *)value.data + 1, value.len - 2 };
	}
	if (term->compare == COMPARE_MATCH)
		return needle_in(with, scratch, value.data, value.len);
	if (term->numeric && token == JSON_NUMBER)
		return holds(term->compare,
		             decimal_compare(value.data, value.len, with->text, with->len));
	if (term->quoted && !string)
		return term->compare == COMPARE_NE;
	order = compare_bytes(value.data, value.len, with->text, with->len);
	if (string && !term->numeric)
		return holds(term->compare, order);
	return term->compare == COMPARE_NE ? order != 0 : term->compare == COMPARE_EQ && order == 0;
}

/* One value that fits is enough. Without [] in the path the first decides: of a name that comes
 * twice, the first is meant, and the rest of the text need not be read. */
static bool
field_matches(const struct term *term, struct filter_scratch *scratch, const struct record *rec)
{
	struct json_walk walk;
	struct bytes value;
	enum json_token token;

	json_walk_init(&walk, term->path, &scratch->reader, &scratch->key, rec->value.data,
	               rec->value.len);
	while (json_walk_next(&walk, &value, &token)) {
		if (field_value_matches(term, scratch, value, token))
			return true;
		if (!term->path->many)
			return false;
	}
	return false;
}

static bool
is_binary(struct bytes b)
{
	const unsigned char *s = b.data;

	for (size_t i = 0; i < b.len; i++) {
		if ((s[i] < 0x20 && s[i] != '\t' && s[i] != '\n' && s[i] != '\r') || s[i] == 0x7F)
			return true;
	}
	return b.len && !utf8_valid(s, b.len);
}

static bool
term_matches(const struct term *term, struct filter_scratch *scratch, const struct record *rec,
             int64_t now_ms)
{
	switch (term->kind) {
	case TERM_PARTITION:
		return number_matches(term, rec->partition);
	case TERM_AGE:
		return age_matches(term, rec, now_ms);
	case TERM_SIZE:
		return number_matches(term, (int64_t)record_size(rec));
	case TERM_NULL:
		return !rec->value.data;
	case TERM_EMPTY:
		return rec->value.data && !rec->value.len;
	case TERM_KEY:
		return rec->key.data &&
		       needle_in(&term->needle, scratch, rec->key.data, rec->key.len);
	case TERM_HEADER:
		return header_matches(term, scratch, rec);
	case TERM_VALUE:
		return rec->value.data &&
		       needle_in(&term->needle, scratch, rec->value.data, rec->value.len);
	case TERM_BINARY:
		return is_binary(rec->value);
	case TERM_FIELD:
		return field_matches(term, scratch, rec);
	case TERM_JSON:
		return json_is_document(rec->value.data, rec->value.len);
	}
	return false;
}

bool
filter_match(const struct filter *f, struct filter_scratch *scratch, const struct record *rec,
             int64_t now_ms)
{
	if (rec->kind == RECORD_NOTE)
		return true;
	for (size_t i = 0; i < f->n; i++) {
		if (term_matches(&f->terms[i], scratch, rec, now_ms) == f->terms[i].negated)
			return false;
	}
	return true;
}

/* Where one needle is next; never an empty place. */
static bool
needle_find(const struct needle *needle, struct filter_scratch *scratch, const char *data,
            size_t len, size_t from, size_t *start, size_t *match_len)
{
	const char *found;

	if (needle->regex)
		return find_regex(needle->regex, scratch, data, len, from, PCRE2_NOTEMPTY, start,
		                  match_len) &&
		       *match_len > 0 && *start >= from;
	found = memmem(data + from, len - from, needle->text, needle->len);
	if (!found)
		return false;
	*start = (size_t)(found - data);
	*match_len = needle->len;
	return true;
}

bool
filter_find(const struct filter *f, struct filter_scratch *scratch, const void *data, size_t len,
            size_t from, size_t *start, size_t *match_len)
{
	bool any = false;

	if (from >= len)
		return false;
	for (size_t i = 0; i < f->n; i++) {
		const struct term *term = &f->terms[i];
		size_t at, n;

		if (term->kind != TERM_VALUE || term->negated ||
		    !needle_find(&term->needle, scratch, data, len, from, &at, &n))
			continue;
		/* The first, and of those that begin together the longest. */
		if (!any || at < *start || (at == *start && n > *match_len)) {
			*start = at;
			*match_len = n;
			any = true;
		}
	}
	return any;
}
