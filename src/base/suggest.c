/* suggest: see the header. */
#include <string.h>
#include <strings.h>

#include "topicmon/base/suggest.h"

#define LONGEST 48      /* longer words are no typing mistakes of ours */

void
suggest_init(struct suggest *s, const char *word)
{
	*s = (struct suggest){ .word = word };
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/* Edits between two words of at most LONGEST bytes, two swapped neighbours being one edit. */
static size_t
distance(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= blen; j++)
		above[j] = j;
	for (size_t i = 1; i <= alen; i++) {
		size_t *recycled = before;

		row[0] = i;
		for (size_t j = 1; j <= blen; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]) &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = recycled;
	}
	return above[blen];
}

void
suggest_offer(struct suggest *s, const char *name)
{
	size_t len = strlen(s->word), name_len = strlen(name), cost;
	size_t limit = len < 4 ? 1 : len / 3;

	if (!len || len > LONGEST || name_len > LONGEST)
		return;
	/* It takes at least as many edits as one is longer than the other. */
	cost = len > name_len ? len - name_len : name_len - len;
	if (cost <= limit)
		cost = distance(s->word, len, name, name_len);
	if (cost > limit) {
		/* The beginning of a name is near it, however long the rest. */
		if (len < 3 || name_len <= len || strncasecmp(s->word, name, len) != 0)
			return;
		cost = LONGEST + name_len;
	}
	if (!s->best || cost < s->cost) {
		s->best = name;
		s->cost = cost;
	}
}

const char *
suggest_best(const struct suggest *s)
{
	return s->best;
}
