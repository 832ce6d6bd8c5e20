/*
 * json: the tokenizer, and strings in and out. See the header.
 *
 * What may come next is the whole state (enum expect), with a bit for each open container that says
 * whether commas in it are followed by keys or by values.
 */
#include <string.h>

#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"

enum expect {
	EXPECT_VALUE,           /* at the start, after a comma in an array */
	EXPECT_VALUE_OR_END,    /* after [ */
	EXPECT_KEY,             /* after a comma in an object */
	EXPECT_KEY_OR_END,      /* after { */
	EXPECT_COLON,           /* after a key */
	EXPECT_COMMA_OR_END,    /* after a value in a container */
	EXPECT_NOTHING,         /* after the whole value */
	EXPECT_FAILED,
};

void
json_init(struct json_reader *r, const void *data, size_t len)
{
	strbuf_init(&r->stack);
	json_restart(r, data, len);
}

void
json_restart(struct json_reader *r, const void *data, size_t len)
{
	r->data = data;
	r->len = data ? len : 0;
	r->pos = 0;
	r->token_start = 0;
	r->token_len = 0;
	r->depth = 0;
	r->expect = EXPECT_VALUE;
	strbuf_reset(&r->stack);
}

void
json_fini(struct json_reader *r)
{
	strbuf_fini(&r->stack);
}

static enum json_token
fail(struct json_reader *r, size_t pos)
{
	r->pos = pos;
	r->expect = EXPECT_FAILED;
	return JSON_ERROR;
}

static bool
in_object(const struct json_reader *r)
{
	size_t level = r->depth - 1;

	return (unsigned char)r->stack.buf[level / 8] >> level % 8 & 1;
}

static void
after_value(struct json_reader *r)
{
	r->expect = r->depth ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static enum json_token
open_container(struct json_reader *r, bool object)
{
	size_t byte = r->depth / 8;
	unsigned bit = 1u << r->depth % 8;

	if (byte == r->stack.len)
		strbuf_addch(&r->stack, 0);
	if (object)
		r->stack.buf[byte] = (char)((unsigned char)r->stack.buf[byte] | bit);
	else
		r->stack.buf[byte] = (char)((unsigned char)r->stack.buf[byte] & ~bit);
	r->depth++;
	r->pos++;
	r->token_len = 1;
	r->expect = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	return object ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN;
}

static enum json_token
close_container(struct json_reader *r, bool object)
{
	r->depth--;
	r->pos++;
	r->token_len = 1;
	after_value(r);
	return object ? JSON_OBJECT_END : JSON_ARRAY_END;
}

/* Whether one of eight bytes ends a run of plain string text: a quote, a backslash, a control
 * byte, or not ASCII. */
static bool
word_is_special(const unsigned char *s)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t word, quote, backslash, control;

	memcpy(&word, s, sizeof(word));
	quote = word ^ ones * '"';
	backslash = word ^ ones * '\\';
	control = (word - ones * 0x20) & ~word;
	quote = (quote - ones) & ~quote;
	backslash = (backslash - ones) & ~backslash;
	return ((word | quote | backslash | control) & tops) != 0;
}

static int
hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Steps over the escape at *pos (its backslash); on a mistake *pos is that of the wrong byte. */
static bool
scan_escape(const struct json_reader *r, size_t *pos)
{
	size_t at = *pos + 1;

	*pos = at;
	if (at >= r->len || !r->data[at] || !strchr("\"\\/bfnrtu", r->data[at]))
		return false;
	*pos = ++at;
	if (r->data[at - 1] != 'u')
		return true;
	for (size_t end = at + 4; at < end; at++) {
		*pos = at;
		if (at >= r->len || hex_digit(r->data[at]) < 0)
			return false;
	}
	*pos = at;
	return true;
}

/* Steps over a string; *pos is its opening quote, afterwards behind the closing
 * one or at the mistake. */
static bool
scan_string(const struct json_reader *r, size_t *pos)
{
	const unsigned char *s = r->data;
	size_t at = *pos + 1, len = r->len;

	while (at < len) {
		unsigned char c = s[at];

		if (c >= 0x80) {
			uint32_t cp;
			size_t taken = utf8_decode(s + at, len - at, &cp);

			if (cp == UTF8_INVALID)
				break;
			at += taken;
		} else if (c == '"') {
			*pos = at + 1;
			return true;
		} else if (c == '\\') {
			if (!scan_escape(r, &at))
				break;
		} else if (c < 0x20) {
			break;
		} else {
			at++;
			while (at + 8 <= len && !word_is_special(s + at))
				at += 8;
		}
	}
	*pos = at;
	return false;
}

static bool
is_digit(const struct json_reader *r, size_t at)
{
	return at < r->len && r->data[at] >= '0' && r->data[at] <= '9';
}

/* Steps over digits, of which there must be one. */
static bool
scan_digits(const struct json_reader *r, size_t *pos)
{
	if (!is_digit(r, *pos))
		return false;
	while (is_digit(r, *pos))
		++*pos;
	return true;
}

static bool
scan_number(const struct json_reader *r, size_t *pos)
{
	if (r->data[*pos] == '-')
		++*pos;
	if (*pos < r->len && r->data[*pos] == '0')
		/* nothing may follow a leading 0: a digit is then what comes next, and wrong */
		++*pos;
	else if (!scan_digits(r, pos))
		return false;
	if (*pos < r->len && r->data[*pos] == '.') {
		++*pos;
		if (!scan_digits(r, pos))
			return false;
	}
	if (*pos < r->len && (r->data[*pos] | 0x20) == 'e') {
		++*pos;
		if (*pos < r->len && (r->data[*pos] == '+' || r->data[*pos] == '-'))
			++*pos;
		if (!scan_digits(r, pos))
			return false;
	}
	return true;
}

static bool
scan_word(const struct json_reader *r, size_t *pos, const char *word)
{
	for (; *word; word++, ++*pos) {
		if (*pos >= r->len || r->data[*pos] != (unsigned char)*word)
			return false;
	}
	return true;
}

/* A value that is no container. */
static enum json_token
read_scalar(struct json_reader *r, unsigned char c)
{
	size_t at = r->pos;
	enum json_token token;
	bool ok;

	switch (c) {
	case '"':
		token = JSON_STRING;
		ok = scan_string(r, &at);
		break;
	case 't':
		token = JSON_TRUE;
		ok = scan_word(r, &at, "true");
		break;
	case 'f':
		token = JSON_FALSE;
		ok = scan_word(r, &at, "false");
		break;
	case 'n':
		token = JSON_NULL;
		ok = scan_word(r, &at, "null");
		break;
	default:
		token = JSON_NUMBER;
		ok = (c == '-' || (c >= '0' && c <= '9')) && scan_number(r, &at);
	}
	if (!ok)
		return fail(r, at);
	r->token_len = at - r->pos;
	r->pos = at;
	after_value(r);
	return token;
}

static enum json_token
read_value(struct json_reader *r, unsigned char c)
{
	if (c == '{' || c == '[')
		return open_container(r, c == '{');
	return read_scalar(r, c);
}

static enum json_token
read_key(struct json_reader *r, unsigned char c)
{
	size_t at = r->pos;

	if (c != '"' || !scan_string(r, &at))
		return fail(r, at);
	r->token_len = at - r->pos;
	r->pos = at;
	r->expect = EXPECT_COLON;
	return JSON_KEY;
}

/* Moves to the next byte that is no white space and gives it; false at the end of the text. */
static bool
next_byte(struct json_reader *r, unsigned char *c)
{
	while (r->pos < r->len) {
		*c = r->data[r->pos];
		if (*c != ' ' && *c != '\n' && *c != '\t' && *c != '\r') {
			r->token_start = r->pos;
			return true;
		}
		r->pos++;
	}
	return false;
}

enum json_token
json_next(struct json_reader *r)
{
	unsigned char c;

	if (r->expect == EXPECT_FAILED)
		return JSON_ERROR;
	if (!next_byte(r, &c))
		return r->expect == EXPECT_NOTHING ? JSON_END : fail(r, r->len);
	/* What stands between tokens: they are steps to the next state, not tokens. */
	if (r->expect == EXPECT_COMMA_OR_END && c == ',') {
		r->expect = in_object(r) ? EXPECT_KEY : EXPECT_VALUE;
		r->pos++;
	} else if (r->expect == EXPECT_COLON && c == ':') {
		r->expect = EXPECT_VALUE;
		r->pos++;
	}
	if (!next_byte(r, &c))
		return fail(r, r->len);

	switch ((enum expect)r->expect) {
	case EXPECT_VALUE_OR_END:
		return c == ']' ? close_container(r, false) : read_value(r, c);
	case EXPECT_VALUE:
		return read_value(r, c);
	case EXPECT_KEY_OR_END:
		return c == '}' ? close_container(r, true) : read_key(r, c);
	case EXPECT_KEY:
		return read_key(r, c);
	case EXPECT_COMMA_OR_END:
		if (c == (in_object(r) ? '}' : ']'))
			return close_container(r, in_object(r));
		break;
	case EXPECT_COLON:
	case EXPECT_NOTHING:
	case EXPECT_FAILED:
		break;
	}
	return fail(r, r->pos);
}

bool
json_skip(struct json_reader *r)
{
	size_t inside = r->depth;

	while (r->depth >= inside) {
		enum json_token token = json_next(r);

		if (token == JSON_ERROR || token == JSON_END)
			return false;
	}
	return true;
}

bool
json_is_document(const void *data, size_t len)
{
	struct json_reader r;
	enum json_token token;
	bool container;

	json_init(&r, data, len);
	token = json_next(&r);
	container = token == JSON_OBJECT_BEGIN || token == JSON_ARRAY_BEGIN;
	while (container && token != JSON_END && token != JSON_ERROR)
		token = json_next(&r);
	json_fini(&r);
	return token == JSON_END;
}

/* The number of the four hex digits at s; -1 when they are not there. */
static int32_t
hex_four(const unsigned char *s, size_t len)
{
	int32_t n = 0;

	if (len < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(s[i]);

		if (digit < 0)
			return -1;
		n = n * 16 + digit;
	}
	return n;
}

/* Appends what the escape at s (its backslash) stands for; returns its length. */
static size_t
unescape_one(struct strbuf *out, const unsigned char *s, size_t len)
{
	static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
	const char *name;
	int32_t high, low;

	if (len < 2)
		return len;
	if (s[1] != 'u') {
		name = s[1] ? strchr(names, s[1]) : NULL;
		strbuf_addch(out, name ? values[name - names] : (char)s[1]);
		return 2;
	}
	high = hex_four(s + 2, len - 2);
	if (high < 0)
		return 2;
	if (high >= 0xD800 && high <= 0xDBFF && len >= 12 && s[6] == '\\' && s[7] == 'u') {
		low = hex_four(s + 8, len - 8);
		if (low >= 0xDC00 && low <= 0xDFFF) {
			strbuf_addcp(out, 0x10000u + ((uint32_t)(high - 0xD800) << 10) +
			                          (uint32_t)(low - 0xDC00));
			return 12;
		}
	}
	strbuf_addcp(out, (uint32_t)high);      /* a lone surrogate becomes U+FFFD there */
	return 6;
}

void
json_unescape(struct strbuf *out, const void *token, size_t len)
{
	const unsigned char *s = token;

	strbuf_add(out, "", 0);
	if (len < 2)
		return;
	s++;
	len -= 2;
	while (len) {
		const unsigned char *escape = memchr(s, '\\', len);
		size_t plain = escape ? (size_t)(escape - s) : len, taken;

		strbuf_add(out, s, plain);
		s += plain;
		len -= plain;
		if (len) {
			taken = unescape_one(out, s, len);
			s += taken;
			len -= taken;
		}
	}
}

static void
quote_char(struct strbuf *out, uint32_t cp, const unsigned char *bytes, size_t len)
{
	static const char names[] = "btnfr";
	const char quoted[2] = { '\\', (char)cp };

	if (cp == '"' || cp == '\\')
		strbuf_add(out, quoted, sizeof(quoted));        /* most JSON in JSON is this */
	else if (cp >= '\b' && cp <= '\r' && cp != '\v')
		strbuf_addf(out, "\\%c", names[cp - '\b' - (cp > '\v')]);
	else if (!utf8_is_unsafe(cp))
		strbuf_add(out, bytes, len);
	else if (cp < 0x10000)
		strbuf_addf(out, "\\u%04x", (unsigned)cp);
	else
		strbuf_addf(out, "\\u%04x\\u%04x", (unsigned)(0xD800 + ((cp - 0x10000) >> 10)),
		            (unsigned)(0xDC00 + ((cp - 0x10000) & 0x3FF)));
}

bool
json_quote(struct strbuf *out, const void *data, size_t len)
{
	const unsigned char *s = data;

	if (!utf8_valid(data, len))
		return false;
	strbuf_addch(out, '"');
	while (len) {
		uint32_t cp;
		size_t run = 0, taken;

		while (run < len && s[run] >= 0x20 && s[run] < 0x7F && s[run] != '"' &&
		       s[run] != '\\')
			run++;
		strbuf_add(out, s, run);
		s += run;
		len -= run;
		if (len) {
			taken = utf8_decode(s, len, &cp);
			quote_char(out, cp, s, taken);
			s += taken;
			len -= taken;
		}
	}
	strbuf_addch(out, '"');
	return true;
}
