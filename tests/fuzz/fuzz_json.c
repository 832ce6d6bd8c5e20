/* The JSON reader stays inside its text, says the same twice, and what it prints has the same
 * tokens as what it read. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/json.h"

static enum json_token
read_all(const void *data, size_t size, size_t *pos)
{
	struct json_reader r;
	enum json_token token;

	json_init(&r, data, size);
	for (;;) {
		size_t before = r.pos;

		token = json_next(&r);
		CHECK(r.pos <= size);
		if (token == JSON_END || token == JSON_ERROR)
			break;
		CHECK(r.token_len > 0 && r.token_start >= before &&
		      r.token_start + r.token_len == r.pos);
	}
	*pos = r.pos;
	json_fini(&r);
	return token;
}

/* Every token of the text, in the order and the spelling in which it stands. */
static void
add_tokens(struct strbuf *out, const void *data, size_t size)
{
	struct json_reader r;
	enum json_token token;

	json_init(&r, data, size);
	while ((token = json_next(&r)) != JSON_END && token != JSON_ERROR) {
		strbuf_addch(out, (char)('A' + token));
		strbuf_add(out, r.data + r.token_start, r.token_len);
		if (token == JSON_KEY || token == JSON_STRING) {
			struct strbuf text = STRBUF_INIT;

			json_unescape(&text, r.data + r.token_start, r.token_len);
			CHECK(utf8_valid(text.buf, text.len));
			strbuf_fini(&text);
		}
	}
	json_fini(&r);
}

/* A printed document reads as the one it was made of; deep levels say their depth,
 * which is not JSON. */
static void
check_pretty(const void *data, size_t size, bool document)
{
	struct strbuf before = STRBUF_INIT, after = STRBUF_INIT, text = STRBUF_INIT;
	bool deep = false;
	struct lines l;

	lines_init(&l);
	CHECK(json_pretty(&l, data, size, 0) == document);
	CHECK(document || (!l.n && !l.text.len));
	for (size_t i = 0; i < l.n; i++) {
		for (size_t k = 0; k < l.line[i].n; k++) {
			const struct span *s = &l.spans[l.line[i].first + k];

			CHECK(s->start + s->len <= l.text.len);
			deep = deep || s->role == ROLE_DIM;
			strbuf_add(&text, l.text.buf + s->start, s->len);
		}
		strbuf_addch(&text, '\n');
	}
	if (document && !deep) {
		add_tokens(&before, data, size);
		add_tokens(&after, text.buf, text.len);
		CHECK(before.len == after.len && memcmp(before.buf, after.buf, before.len) == 0);
	}
	strbuf_fini(&before);
	strbuf_fini(&after);
	strbuf_fini(&text);
	lines_fini(&l);
}

static void
check_quote(const void *data, size_t size)
{
	struct strbuf quoted = STRBUF_INIT, back = STRBUF_INIT;
	size_t pos;

	if (json_quote(&quoted, data, size)) {
		CHECK(read_all(quoted.buf, quoted.len, &pos) == JSON_END);
		json_unescape(&back, quoted.buf, quoted.len);
		CHECK(back.len == size && (!size || memcmp(back.buf, data, size) == 0));
	} else {
		CHECK(!utf8_valid(data, size));
	}
	strbuf_fini(&quoted);
	strbuf_fini(&back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {
		".a", ".a[0].b", ".a[].b", "[]", ".[\"a\"][][]", "[1]"
	};
	size_t pos;
	enum json_token last = read_all(data, size, &pos);

	CHECK(!json_is_document(data, size) || last == JSON_END);
	check_pretty(data, size, json_is_document(data, size));
	check_quote(data, size);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct bytes found;

		if (json_find(data, size, paths[i], &found)) {
			CHECK((const uint8_t *)found.data >= data);
			CHECK((const uint8_t *)found.data + found.len <= data + size);
			CHECK(read_all(found.data, found.len, &pos) == JSON_END);
		}
	}
	return 0;
}
