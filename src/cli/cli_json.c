/* cli_json: JSON written by hand, a line an object. See cli_private.h. */
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/model/json.h"

void
json_begin(struct strbuf *out)
{
	strbuf_addch(out, '{');
}

void
json_end(struct strbuf *out)
{
	strbuf_add(out, "}\n", 2);
}

void
json_name(struct strbuf *out, const char *name)
{
	if (out->len && out->buf[out->len - 1] != '{')
		strbuf_addch(out, ',');
	strbuf_addch(out, '"');
	strbuf_adds(out, name);
	strbuf_add(out, "\":", 2);
}

void
json_text(struct strbuf *out, const char *text)
{
	struct strbuf safe = STRBUF_INIT;

	if (!text) {
		strbuf_adds(out, "null");
	} else if (!json_quote(out, text, strlen(text))) {
		sanitize(&safe, text, strlen(text));
		json_quote(out, safe.buf, safe.len);
	}
	strbuf_fini(&safe);
}

void
json_number(struct strbuf *out, int64_t n)
{
	if (n < 0)
		strbuf_adds(out, "null");
	else
		strbuf_addf(out, "%lld", (long long)n);
}

void
json_bool(struct strbuf *out, bool yes)
{
	strbuf_adds(out, yes ? "true" : "false");
}

void
add_base64(struct strbuf *out, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = data;

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		unsigned second = n > 1 ? in[i + 1] : 0u, third = n > 2 ? in[i + 2] : 0u;
		unsigned word = (unsigned)in[i] << 16 | second << 8 | third;
		char four[4] = { digits[word >> 18], digits[word >> 12 & 63], n > 1 ? digits[word >> 6 & 63] : '=',
		                 n > 2 ? digits[word & 63] : '=' };

		strbuf_add(out, four, sizeof(four));
	}
}
