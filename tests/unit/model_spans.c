/* lines: text in lines, lines in spans. */
#include "cmocka_all.h"

#include <string.h>

#include "topicmon/model/spans.h"

static void
assert_line(const struct lines *l, size_t n, const char *expected)
{
	struct strbuf text = STRBUF_INIT;

	assert_true(n < l->n);
	for (size_t i = 0; i < l->line[n].n; i++) {
		const struct span *s = &l->spans[l->line[n].first + i];

		strbuf_add(&text, l->text.buf + s->start, s->len);
	}
	assert_string_equal(strbuf_str(&text), expected);
	strbuf_fini(&text);
}

static void
spans_join_by_role(void **state)
{
	struct lines l;

	(void)state;
	lines_init(&l);
	lines_begin(&l);
	lines_adds(&l, ROLE_TEXT, "a");
	lines_addf(&l, ROLE_TEXT, "%d", 12);
	lines_add(&l, ROLE_TEXT, "", 0);
	lines_adds(&l, ROLE_DIM, "x");
	lines_begin(&l);
	lines_begin(&l);
	lines_adds(&l, ROLE_DIM, "y");
	assert_int_equal(l.n, 3);
	assert_int_equal(l.line[0].n, 2);
	assert_int_equal(l.line[1].n, 0);
	assert_int_equal(l.line[2].n, 1);       /* the same role, but another line */
	assert_line(&l, 0, "a12x");
	assert_line(&l, 1, "");
	assert_line(&l, 2, "y");
	assert_int_equal(l.spans[l.line[0].first + 1].role, ROLE_DIM);
	lines_reset(&l);
	assert_int_equal(l.n, 0);
	lines_begin(&l);
	lines_adds(&l, ROLE_TEXT, "again");
	assert_line(&l, 0, "again");
	lines_fini(&l);
	lines_fini(&l);
}

static void
raw_bytes_pass(void **state)
{
	struct lines l;

	(void)state;
	lines_init(&l);
	lines_begin(&l);
	lines_add(&l, ROLE_TEXT, "\0\x1b\xff", 3);
	assert_int_equal(l.spans[0].len, 3);
	assert_memory_equal(l.text.buf, "\0\x1b\xff", 3);
	lines_fini(&l);
}

static void
hexdump(void **state)
{
	unsigned char bytes[20];
	struct lines l;

	(void)state;
	memcpy(bytes, "{\"order\":1}\x1b\0\xff~\x7f" "abcd", 20);
	lines_init(&l);
	lines_hexdump(&l, bytes, 20, 0);
	assert_int_equal(l.n, 2);
	assert_line(
		&l, 0,
		"00000000  7b 22 6f 72 64 65 72 22  3a 31 7d 1b 00 ff 7e 7f  |{\"order\":1}...~.|");
	assert_line(&l, 1, "00000010  61 62 63 64                                       |abcd|");
	lines_reset(&l);
	lines_hexdump(&l, bytes, 20, 1);
	assert_int_equal(l.n, 1);
	lines_reset(&l);
	lines_hexdump(&l, bytes, 16, 0);
	assert_int_equal(l.n, 1);
	lines_reset(&l);
	lines_hexdump(&l, NULL, 0, 0);
	assert_int_equal(l.n, 0);
	lines_fini(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_join_by_role),
		cmocka_unit_test(raw_bytes_pass),
		cmocka_unit_test(hexdump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
