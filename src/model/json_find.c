/* json_path, json_find: see json_path.h and json.h. */
#include <stdlib.h>
#include <string.h>

#include "json_path.h"
#include "topicmon/base/mem.h"

struct path_text {
	const char *s;
	size_t len;
	size_t at;
	struct err *e;
};

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '$' || c == '@' || (unsigned char)c >= 0x80;
}

static bool
at_char(const struct path_text *t, char c)
{
	return t->at < t->len && t->s[t->at] == c;
}

static struct json_step *
add_step(struct json_path *path, enum json_step_kind kind)
{
	struct json_step *step = &path->steps[path->n++];

	*step = (struct json_step){ .kind = kind };
	path->many = path->many || kind == STEP_EACH;
	return step;
}

/* A name after a dot. */
static bool
parse_name(struct json_path *path, struct path_text *t)
{
	size_t start = t->at;
	struct json_step *step;

	while (t->at < t->len && is_name_char(t->s[t->at]))
		t->at++;
	if (t->at == start)
		return err_set(
			t->e, ERR_USAGE,
			"a name is missing after the dot (such as .status, or .[\"odd name\"])");
	step = add_step(path, STEP_KEY);
	step->name_len = t->at - start;
	step->name = xstrndup(t->s + start, step->name_len);
	return true;
}

/* "odd key" between brackets: a JSON string. */
static bool
parse_quoted_name(struct json_path *path, struct path_text *t)
{
	struct strbuf name = STRBUF_INIT;
	struct json_step *step;
	struct json_reader r;
	size_t end = t->at + 1;
	bool ok;

	while (end < t->len && t->s[end] != '"')
		end += t->s[end] == '\\' && end + 1 < t->len ? 2 : 1;
	if (end >= t->len)
		return err_set(t->e, ERR_USAGE, "this quote is not closed");
	json_init(&r, t->s + t->at, end + 1 - t->at);
	ok = json_next(&r) == JSON_STRING;
	if (ok) {
		json_unescape(&name, t->s + t->at, end + 1 - t->at);
		step = add_step(path, STEP_KEY);
		step->name_len = name.len;
		step->name = strbuf_detach(&name);
		t->at = end + 1;
	} else {
		t->at += r.pos;
		err_set(t->e, ERR_USAGE,
		        "a quoted name is a JSON string; this is none of its escapes "
		        "(\\\" \\\\ \\n \\u0041)");
	}
	json_fini(&r);
	return ok;
}

/* [0], [] or ["odd key"]; its bracket is taken. */
static bool
parse_bracket(struct json_path *path, struct path_text *t)
{
	if (at_char(t, '"')) {
		if (!parse_quoted_name(path, t))
			return false;
	} else if (at_char(t, ']')) {
		add_step(path, STEP_EACH);
	} else {
		size_t start = t->at, index = 0;

		for (; t->at < t->len && t->s[t->at] >= '0' && t->s[t->at] <= '9' &&
		       t->at - start < 9;
		     t->at++)
			index = index * 10 + (size_t)(t->s[t->at] - '0');
		if (t->at > start)
			add_step(path, STEP_INDEX)->index = index;
	}
	if (!at_char(t, ']'))
		return err_set(
			t->e, ERR_USAGE,
			"between [ and ] is a number, a \"name\", or nothing for every element");
	t->at++;
	return true;
}

bool
json_path_parse(struct json_path *path, const char *text, size_t len, size_t *taken, struct err *e)
{
	struct path_text t = { text, len, 0, e };
	bool ok = true;

	path->n = 0;
	path->many = false;
	while (ok && (at_char(&t, '.') || at_char(&t, '['))) {
		if (path->n == JSON_PATH_STEPS) {
			ok = err_set(e, ERR_USAGE, "a path has at most %d steps", JSON_PATH_STEPS);
			break;
		}
		/* ".[" is the same as "[". */
		if (at_char(&t, '.'))
			t.at++;
		if (at_char(&t, '[')) {
			t.at++;
			ok = parse_bracket(path, &t);
		} else {
			ok = parse_name(path, &t);
		}
	}
	if (ok && !path->n)
		ok = err_set(e, ERR_USAGE, "a path begins with a dot, such as .status");
	*taken = t.at;
	return ok;
}

void
json_path_fini(struct json_path *path)
{
	for (size_t i = 0; i < path->n; i++)
		free(path->steps[i].name);
	path->n = 0;
}

void
json_walk_init(struct json_walk *w, const struct json_path *path, struct json_reader *reader,
               struct strbuf *scratch, const void *data, size_t len)
{
	json_restart(reader, data, len);
	w->path = path;
	w->reader = reader;
	w->scratch = scratch;
	w->level = 0;
	w->begun = false;
}

/* Whether the key token just read is the one that the step wants. */
static bool
key_is(struct json_walk *w, const struct json_step *step)
{
	const char *token = (const char *)w->reader->data + w->reader->token_start;
	size_t len = w->reader->token_len;

	if (step->kind != STEP_KEY)
		return false;
	if (!memchr(token, '\\', len))
		return len - 2 == step->name_len &&
		       memcmp(token + 1, step->name, step->name_len) == 0;
	strbuf_reset(w->scratch);
	json_unescape(w->scratch, token, len);
	return w->scratch->len == step->name_len &&
	       memcmp(w->scratch->buf, step->name, step->name_len) == 0;
}

static bool
is_begin(enum json_token token)
{
	return token == JSON_OBJECT_BEGIN || token == JSON_ARRAY_BEGIN;
}

/* Reads on to the next value in the innermost container that the path goes through. False: its
 * end, or not JSON. */
static bool
next_wanted(struct json_walk *w, enum json_token *token)
{
	const struct json_step *step = &w->path->steps[w->level - 1];

	for (;;) {
		bool wanted;

		*token = json_next(w->reader);
		if (*token == JSON_ERROR || *token == JSON_END || *token == JSON_OBJECT_END ||
		    *token == JSON_ARRAY_END)
			return false;
		if (*token == JSON_KEY) {
			wanted = key_is(w, step);
			*token = json_next(w->reader);
			if (*token == JSON_ERROR)
				return false;
		} else {
			size_t index = w->next_index[w->level - 1]++;

			wanted = step->kind == STEP_EACH ||
			         (step->kind == STEP_INDEX && index == step->index);
		}
		if (wanted)
			return true;
		if (is_begin(*token) && !json_skip(w->reader))
			return false;
	}
}

bool
json_walk_next(struct json_walk *w, struct bytes *out, enum json_token *token)
{
	struct json_reader *r = w->reader;

	do {
		const struct json_step *step;
		size_t start;

		if (!w->begun) {
			w->begun = true;
			*token = json_next(r);
		} else if (w->level == 0) {
			return false;
		} else if (!next_wanted(w, token)) {
			if (*token != JSON_OBJECT_END && *token != JSON_ARRAY_END)
				return false;
			w->level--;
			continue;
		}
		if (*token == JSON_ERROR || *token == JSON_END)
			return false;
		start = r->token_start;
		if (w->level == w->path->n) {
			if (is_begin(*token) && !json_skip(r))
				return false;
			*out = (struct bytes){ r->data + start, r->pos - start };
			return true;
		}
		step = &w->path->steps[w->level];
		if (*token == (step->kind == STEP_KEY ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN))
			w->next_index[w->level++] = 0;
		else if (is_begin(*token) && !json_skip(r))
			return false;
	} while (w->level);
	return false;
}

bool
json_find(const void *data, size_t len, const char *path, struct bytes *out)
{
	struct strbuf scratch = STRBUF_INIT;
	struct json_path compiled;
	struct json_reader reader;
	struct json_walk walk;
	enum json_token token;
	size_t path_len = strlen(path), taken;
	bool ok;

	ok = json_path_parse(&compiled, path, path_len, &taken, NULL) && taken == path_len;
	if (ok) {
		json_init(&reader, data, len);
		json_walk_init(&walk, &compiled, &reader, &scratch, data, len);
		ok = json_walk_next(&walk, out, &token);
		json_fini(&reader);
	}
	json_path_fini(&compiled);
	strbuf_fini(&scratch);
	return ok;
}
