/* utf8: see the header. */
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/base/utf8.h"

static bool
charset_is_utf8(void)
{
	const char *charset = nl_langinfo(CODESET);

	return strcasecmp(charset, "UTF-8") == 0 || strcasecmp(charset, "UTF8") == 0;
}

bool
utf8_locale(void)
{
	static const char *const others[] = { "C.UTF-8", "en_US.UTF-8", "UTF-8" };

	/* Only LC_CTYPE: a decimal comma of LC_NUMERIC would get into JSON and
	 * into librdkafka's properties. */
	if (setlocale(LC_CTYPE, "") && charset_is_utf8())
		return true;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (setlocale(LC_CTYPE, others[i]) && charset_is_utf8())
			return false;
	}
	return false;
}

size_t
utf8_decode(const void *bytes, size_t len, uint32_t *cp)
{
	/* What may follow a lead byte of a sequence of n bytes, and the smallest
	 * code point that needs n. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *s = bytes;
	uint32_t c = s[0];
	size_t n;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	*cp = UTF8_INVALID;
	if (c >= 0xC2 && c <= 0xDF) {
		n = 2;
		c &= 0x1F;
	} else if (c >= 0xE0 && c <= 0xEF) {
		n = 3;
		c &= 0x0F;
	} else if (c >= 0xF0 && c <= 0xF4) {
		n = 4;
		c &= 0x07;
	} else {
		return 1;
	}
	if (n > len)
		return 1;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 1;
		c = c << 6 | (s[i] & 0x3F);
	}
	if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 1;
	*cp = c;
	return n;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

/* What wcwidth() calls printable or combining, and a terminal acts on, hides, or joins with its
 * neighbour: bidirectional controls, joiners, fillers, tags, skin tones (drawn apart or joined,
 * as the terminal likes). Sorted. */
static const struct range {
	uint32_t first, last;
} unsafe[] = {
	{ 0x00AD, 0x00AD },     /* soft hyphen */
	{ 0x034F, 0x034F },     /* grapheme joiner */
	{ 0x0600, 0x0605 },     /* Arabic number signs: they enclose what follows */
	{ 0x061C, 0x061C },     /* Arabic letter mark */
	{ 0x06DD, 0x06DD },
	{ 0x070F, 0x070F },
	{ 0x0890, 0x0891 },
	{ 0x08E2, 0x08E2 },
	{ 0x115F, 0x1160 },     /* Hangul fillers */
	{ 0x17B4, 0x17B5 },     /* invisible Khmer vowels */
	{ 0x180B, 0x180F },     /* Mongolian selectors */
	{ 0x200B, 0x200F },     /* zero width space, joiners, marks of direction */
	/* separators of lines and paragraphs, bidirectional embeddings and overrides */
	{ 0x2028, 0x202E },
	{ 0x2060, 0x206F },     /* word joiner, invisible operators, bidirectional isolates */
	{ 0x3164, 0x3164 },     /* Hangul filler */
	{ 0xD7B0, 0xD7FF },     /* old Hangul jamo: terminals disagree on their width */
	{ 0xFDD0, 0xFDEF },     /* not characters */
	{ 0xFEFF, 0xFEFF },     /* byte order mark */
	{ 0xFFA0, 0xFFA0 },     /* Hangul filler */
	{ 0xFFF0, 0xFFFB },     /* interlinear annotation */
	{ 0x110BD, 0x110BD },
	{ 0x110CD, 0x110CD },
	{ 0x13430, 0x1345F },   /* controls of hieroglyphs */
	{ 0x1BCA0, 0x1BCA3 },   /* controls of shorthand */
	{ 0x1D173, 0x1D17A },   /* musical controls */
	{ 0x1F3FB, 0x1F3FF },   /* skin tones */
	{ 0xE0000, 0xE0FFF },   /* tags, more variation selectors */
};

bool
utf8_is_unsafe(uint32_t cp)
{
	size_t low = 0, high = ARRAY_LEN(unsafe);

	if (cp < 0xA0)
		return cp < 0x20 || cp >= 0x7F;
	if (cp > 0x10FFFF || (cp & 0xFFFE) == 0xFFFE)
		return true;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (cp > unsafe[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < ARRAY_LEN(unsafe) && cp >= unsafe[low].first;
}

int
utf8_width(uint32_t cp)
{
	int width;

	if (cp < 0x7F)
		return cp < 0x20 ? -1 : 1;
	if (utf8_is_unsafe(cp))
		return -1;
	width = wcwidth((wchar_t)cp);
	return width > 2 ? -1 : width;
}

size_t
utf8_columns(const char *s)
{
	size_t left = strlen(s), columns = 0;

	while (left) {
		struct glyph g;
		size_t taken = sanitize_next(s, left, &g);

		columns += g.width;
		s += taken;
		left -= taken;
	}
	return columns;
}

bool
utf8_valid(const void *bytes, size_t len)
{
	const unsigned char *s = bytes;

	while (len) {
		uint32_t cp;
		size_t taken;

		if (len >= 8) {
			uint64_t word;

			/* Payloads are mostly ASCII: eight bytes at a time while
			 * no top bit is set. */
			memcpy(&word, s, sizeof(word));
			if (!(word & 0x8080808080808080u)) {
				s += 8;
				len -= 8;
				continue;
			}
		}
		taken = utf8_decode(s, len, &cp);
		if (cp == UTF8_INVALID)
			return false;
		s += taken;
		len -= taken;
	}
	return true;
}
