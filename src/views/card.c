#include "card.h"

#include <string.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

#define FACT_TITLE_WIDTH 20
#define HINT_GAP 2

bool
words_split(const char *text, struct strvec *out, struct err *e)
{
	struct strbuf word = STRBUF_INIT;
	bool quoted = false, inside = false;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"') {
			quoted = !quoted;
			inside = true;
		} else if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\')) {
			strbuf_addch(&word, *++p);
		} else if (*p == ' ' && !quoted) {
			if (inside)
				strvec_pushn(out, strbuf_str(&word), word.len);
			strbuf_reset(&word);
			inside = false;
		} else {
			strbuf_addch(&word, *p);
			inside = true;
		}
	}
	if (inside && !quoted)
		strvec_pushn(out, strbuf_str(&word), word.len);
	strbuf_fini(&word);
	return quoted ? err_set(e, ERR_USAGE, "A quote is open: close it with \"") : true;
}

bool
words_pairs(const char *text, const char *what, struct strvec *names, struct strvec *values, struct err *e)
{
	struct strvec words = STRVEC_INIT;
	bool ok = words_split(text, &words, e);

	for (size_t i = 0; ok && i < words.n; i++) {
		const char *equals = strchr(words.v[i], '=');

		if (equals == NULL || equals == words.v[i]) {
			ok = err_set(e, ERR_USAGE, "'%s' is not %s: write name=value", words.v[i], what);
			break;
		}
		strvec_pushn(names, words.v[i], (size_t)(equals - words.v[i]));
		strvec_push(values, equals + 1);
	}
	strvec_fini(&words);
	return ok;
}

/* How many bytes of text fit into `width` columns, ending at a blank where there is one. */
static size_t
wrap_at(const char *text, int width)
{
	size_t len = strlen(text), pos = 0, blank = 0;
	int columns = 0;

	while (pos < len) {
		uint32_t cp;
		size_t n = utf8_decode(text + pos, len - pos, &cp);
		int w = cp == UTF8_INVALID ? 4 : utf8_width(cp);

		columns += w < 0 ? 8 : w;
		if (columns > width)
			return blank > 0 ? blank : pos > 0 ? pos : n;
		if (text[pos] == ' ')
			blank = pos;
		pos += n;
	}
	return len;
}

int
card_wrapped(struct canvas *c, struct rect r, enum role role, const char *text)
{
	int row = 0;

	if (r.w < 1)
		return 1;
	do {
		size_t n = wrap_at(text, r.w);

		if (c != NULL && row < r.h)
			canvas_bytes(c, r.y + row, r.x, r.w, 0, role, text, n);
		text += n;
		while (*text == ' ')
			text++;
		row++;
	} while (*text != '\0');
	return row;
}

/* Columns of the hints that stay when those above `drop` go. */
static int
hints_width(const struct view_hint *hints, size_t n, int drop)
{
	int width = -HINT_GAP;

	for (size_t i = 0; i < n; i++)
		if (hints[i].drop <= drop)
			width += HINT_GAP + (int)(utf8_columns(hints[i].key) + 1 + utf8_columns(hints[i].word));
	return width;
}

void
card_hints(struct canvas *c, int y, int x, int w, enum role key, enum role word, const struct view_hint *hints, size_t n)
{
	int drop = 0, end = x + w;

	for (size_t i = 0; i < n; i++)
		if (hints[i].drop > drop)
			drop = hints[i].drop;
	while (drop > 0 && hints_width(hints, n, drop) > w)
		drop--;
	for (size_t i = 0; i < n; i++) {
		if (hints[i].drop > drop)
			continue;
		x += canvas_text_cut(c, y, x, end - x, key, hints[i].key) + 1;
		x += canvas_text_cut(c, y, x, end - x, word, hints[i].word) + HINT_GAP;
	}
}

static enum role
fact_role(enum fact_level level)
{
	switch (level) {
	case FACT_WARN:
		return ROLE_LEVEL_WARN;
	case FACT_BAD:
		return ROLE_LEVEL_CRIT;
	case FACT_PENDING:
		return ROLE_DIM;
	case FACT_PLAIN:
		break;
	}
	return ROLE_CARD;
}

/* On a narrow screen a long text begins after its title and goes on below it. */
static int
draw_narrow_fact(struct canvas *c, struct rect r, const struct op_fact *fact)
{
	struct strbuf text = STRBUF_INIT;
	int rows;

	strbuf_addf(&text, "%s: %s", fact->title, fact->text);
	rows = card_wrapped(c, r, fact_role(fact->level), strbuf_str(&text));
	strbuf_fini(&text);
	return rows;
}

/* One fact; returns its rows. With c NULL only counts. */
static int
draw_fact(struct canvas *c, struct rect r, const struct op_fact *fact)
{
	bool narrow = r.w <= 2 * FACT_TITLE_WIDTH;
	int title = narrow ? r.w / 3 : FACT_TITLE_WIDTH;
	struct rect text = { r.y, r.x + title + 1, r.h, r.w - title - 1 };

	if (narrow && canvas_columns(fact->text, text.w) > text.w)
		return draw_narrow_fact(c, r, fact);
	if (c != NULL && r.h > 0)
		canvas_text(c, r.y, r.x, title, ROLE_DIM, fact->title);
	return card_wrapped(c, text, fact_role(fact->level), fact->text);
}

/* On a small screen what is as usual makes room for what one must know before saying yes; the first fact goes last. A bit
 * for each fact that is left out. */
static unsigned
left_out(struct rect r, const struct op *op)
{
	size_t n = op_nfacts(op);
	unsigned out = 0;
	int excess = -r.h;

	for (size_t i = 0; i < n; i++)
		excess += draw_fact(NULL, r, op_fact(op, i));
	for (size_t i = 1; i <= n && excess > 0; i++) {
		const struct op_fact *fact = op_fact(op, i % n);

		if (fact->level != FACT_PLAIN || i % n >= 8 * sizeof(out))
			continue;
		out |= 1u << (i % n);
		excess -= draw_fact(NULL, r, fact);
	}
	return out;
}

int
card_facts(struct canvas *c, struct rect r, const struct op *op)
{
	unsigned out = c != NULL ? left_out(r, op) : 0;
	int row = 0;

	for (size_t i = 0; i < op_nfacts(op); i++) {
		struct rect rest = { r.y + row, r.x, r.h - row, r.w };

		if (i >= 8 * sizeof(out) || (out & (1u << i)) == 0)
			row += draw_fact(c, rest, op_fact(op, i));
	}
	if (c != NULL && row > r.h && r.h > 0)
		canvas_text(c, r.y + r.h - 1, r.x + r.w - 1, 1, ROLE_LEVEL_WARN, "…");
	return row;
}

static const char *
step_mark(enum step_state state, enum role *role)
{
	*role = ROLE_DIM;
	switch (state) {
	case STEP_RUNNING:
		*role = ROLE_STRONG;
		return "▸";
	case STEP_DONE:
		*role = ROLE_LEVEL_OK;
		return "✓";
	case STEP_FAILED:
		*role = ROLE_LEVEL_CRIT;
		return "✗";
	case STEP_SKIPPED:
		return "–";
	case STEP_WAITING:
		break;
	}
	return "·";
}

int
card_steps(struct canvas *c, struct rect r, const struct op *op)
{
	int row = 0;

	for (size_t i = 0; i < op_nsteps(op); i++) {
		const struct op_step *step = op_step(op, i);
		struct strbuf text = STRBUF_INIT;
		enum role role;
		const char *mark = step_mark(step->state, &role);

		strbuf_adds(&text, step->title);
		if (step->ms >= 0) {
			strbuf_adds(&text, "  ");
			strbuf_add_grouped(&text, step->ms);
			strbuf_adds(&text, " ms");
		}
		if (step->detail[0] != '\0')
			strbuf_addf(&text, ": %s", step->detail);
		if (c != NULL && row < r.h)
			canvas_text(c, r.y + row, r.x, 2, role, mark);
		row += card_wrapped(c, (struct rect){ r.y + row, r.x + 2, r.h - row, r.w - 2 },
		                    role == ROLE_LEVEL_OK ? ROLE_CARD : role, strbuf_str(&text));
		strbuf_fini(&text);
	}
	return row;
}

bool
list_move(size_t *cursor, size_t n, int page, enum command cmd)
{
	size_t step = 1;
	bool up = false;

	switch (cmd) {
	case CMD_UP:
		up = true;
		break;
	case CMD_DOWN:
		break;
	case CMD_PAGE_UP:
		up = true;
		step = page > 1 ? (size_t)page : 1;
		break;
	case CMD_PAGE_DOWN:
		step = page > 1 ? (size_t)page : 1;
		break;
	case CMD_TOP:
		up = true;
		step = n;
		break;
	case CMD_BOTTOM:
		step = n;
		break;
	default:
		return false;
	}
	if (up)
		*cursor = *cursor > step ? *cursor - step : 0;
	else
		*cursor = *cursor + step < n ? *cursor + step : n > 0 ? n - 1 : 0;
	return true;
}

enum command
list_key(const struct key *k)
{
	static const struct { uint32_t code; enum command cmd; } keys[] = {
		{ KC_UP, CMD_UP }, { KC_DOWN, CMD_DOWN }, { KC_PGUP, CMD_PAGE_UP },
		{ KC_PGDN, CMD_PAGE_DOWN }, { KC_HOME, CMD_TOP }, { KC_END, CMD_BOTTOM },
	};

	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (k->code == keys[i].code)
			return keys[i].cmd;
	return CMD_NONE;
}

size_t
list_top(size_t cursor, size_t top, int rows)
{
	size_t height = rows > 0 ? (size_t)rows : 1;

	if (cursor < top)
		return cursor;
	return cursor >= top + height ? cursor - height + 1 : top;
}

bool
key_is(const struct key *k, uint32_t character)
{
	return k->code == character && (k->mods & (KEYMOD_CTRL | KEYMOD_ALT | KEYMOD_PASTED)) == 0;
}

bool
key_is_ctrl(const struct key *k, uint32_t letter)
{
	return k->code == letter && (k->mods & KEYMOD_CTRL) != 0;
}
