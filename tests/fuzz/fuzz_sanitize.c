/* Nothing that a terminal acts on comes out of the sanitiser, and every column is counted. */
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"

static void
check_glyph(const struct glyph *g, bool ascii)
{
	size_t at = 0, columns = 0;

	CHECK(g->len > 0 && g->len < sizeof(g->text) && g->width > 0);
	CHECK(memchr(g->text, 0, sizeof(g->text)) == g->text + g->len);
	while (at < g->len) {
		uint32_t cp;
		int width;

		at += utf8_decode(g->text + at, g->len - at, &cp);
		width = utf8_width(cp);
		CHECK(width >= 0 && (width > 0 || columns > 0));
		CHECK(!utf8_is_unsafe(cp));
		CHECK(!ascii || cp < 0x7F);
		columns += (size_t)width;
	}
	CHECK(columns == g->width);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct strbuf whole = STRBUF_INIT;
	size_t at = 0, from = 0;
	bool ascii;

	if (!ready) {
		utf8_locale();
		ready = true;
	}
	if (!size)
		return 0;
	ascii = data[0] & 1;
	data++;
	size--;
	sanitize_set_ascii(ascii);
	sanitize(&whole, data, size);
	while (at < size) {
		struct glyph g;
		size_t taken = sanitize_next(data + at, size - at, &g);

		CHECK(taken > 0 && taken <= size - at);
		check_glyph(&g, ascii);
		CHECK(from + g.len <= whole.len && memcmp(whole.buf + from, g.text, g.len) == 0);
		from += g.len;
		at += taken;
	}
	CHECK(from == whole.len);
	CHECK(utf8_valid(whole.buf, whole.len));
	strbuf_fini(&whole);
	return 0;
}
