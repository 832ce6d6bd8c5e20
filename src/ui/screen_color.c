/*
 * screen_color: from a theme's roles to what this terminal can show: 24 bits, 256 or 8 colours, or attributes only.
 * What must be seen (the cursor, a selection, a field) is seen on every one of them. See screen_private.h.
 */
#include "screen_private.h"

#include <string.h>

/* The 16 colours of ANSI as xterm shows them; the terminal may show others, these are only for comparing. */
static const uint32_t ansi[16] = {
	0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
	0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
};
static const int cube_levels[6] = { 0, 95, 135, 175, 215, 255 };

/* Colour of the terminal for nothing in particular. */
#define OWN (-1)

void
palette_open(struct palette *p, bool color, bool redefines)
{
	memset(p, 0, sizeof(*p));
	if (!color || !has_colors() || start_color() != OK || COLORS < 8)
		return;
	p->defaults = use_default_colors() == OK;
	if (COLORS >= 1 << 24)
		p->depth = DEPTH_RGB;
	else
		p->depth = COLORS >= 256 ? DEPTH_256 : DEPTH_8;
	p->redefines = redefines && p->depth == DEPTH_256 && can_change_color();
}

void
palette_set_theme(struct palette *p, const struct theme *theme)
{
	p->theme = *theme;
	p->has_theme = true;
	memset(p->looks, 0, sizeof(p->looks));
	memset(p->taken, 0, sizeof(p->taken));
	/* Where pairs are few, those of the theme before are in the way. */
	if (p->depth != DEPTH_MONO && COLOR_PAIRS <= 256)
		reset_color_pairs();
}

static uint32_t
rgb_of_index(uint32_t index)
{
	uint32_t n;

	if (index < 16)
		return ansi[index];
	if (index >= 232) {
		n = 8 + (index - 232) * 10;
		return n << 16 | n << 8 | n;
	}
	n = index - 16;
	return (uint32_t)cube_levels[n / 36] << 16 | (uint32_t)cube_levels[n / 6 % 6] << 8 |
		(uint32_t)cube_levels[n % 6];
}

static int
channel(uint32_t rgb, int i)
{
	return (int)(rgb >> (16 - 8 * i) & 0xFF);
}

/* Weighted as the eye does, roughly. */
static int
distance(uint32_t a, uint32_t b)
{
	static const int weights[3] = { 3, 6, 2 };
	int sum = 0;

	for (int i = 0; i < 3; i++) {
		int d = channel(a, i) - channel(b, i);

		sum += weights[i] * d * d;
	}
	return sum;
}

static int
nearest_level(int value)
{
	int best = 0;

	for (int i = 1; i < 6; i++) {
		int d = value - cube_levels[i], best_d = value - cube_levels[best];

		if (d * d < best_d * best_d)
			best = i;
	}
	return best;
}

/* In the cube or among the greys; the first 16 look different on every terminal. */
static int
nearest_256(uint32_t rgb)
{
	int cube = 16 + 36 * nearest_level(channel(rgb, 0)) + 6 * nearest_level(channel(rgb, 1)) +
		nearest_level(channel(rgb, 2));
	int mean = (channel(rgb, 0) + channel(rgb, 1) + channel(rgb, 2)) / 3;
	int grey = mean < 8 ? 0 : mean > 238 ? 23 : (mean - 3) / 10;

	return distance(rgb, rgb_of_index((uint32_t)cube)) <= distance(rgb, rgb_of_index(232u + (uint32_t)grey)) ?
		cube : 232 + grey;
}

/* By hue rather than by distance: a soft blue is to become blue, not grey. */
static int
nearest_16(uint32_t rgb)
{
	int most = 0, least = 255, color = 0, limit;

	for (int i = 0; i < 3; i++) {
		int v = channel(rgb, i);

		most = v > most ? v : most;
		least = v < least ? v : least;
	}
	/* What is dark and hardly coloured is a background that wants to be quiet. */
	if (most < 48 || (most < 112 && (most - least) * 2 < most))
		return 0;
	if ((most - least) * 4 < most)
		return most < 160 ? 8 : most < 225 ? 7 : 15;
	limit = least + (most - least) * 42 / 100;
	for (int i = 0; i < 3; i++) {
		if (channel(rgb, i) > limit)
			color |= 1 << i;
	}
	return most > 200 ? color + 8 : color;
}

/* One of the 256 made to be exactly this colour. It is the nearest one to begin with, so that a terminal that does not
 * listen is still close. */
static int
redefine(struct palette *p, uint32_t rgb)
{
	int slot = nearest_256(rgb);

	if (!p->taken[slot]) {
		int level[3];

		for (int i = 0; i < 3; i++)
			level[i] = (channel(rgb, i) * 1000 + 127) / 255;
		if (p->rgb[slot] != rgb || !p->redefined[slot])
			init_extended_color(slot, level[0], level[1], level[2]);
		p->redefined[slot] = true;
		p->taken[slot] = true;
		p->rgb[slot] = rgb;
	}
	return slot;
}

/* The terminal's number for a colour; OWN for its default one. Of 16 colours 8 are used, and *bright: bold does it. */
static int
reduce(struct palette *p, struct color color, bool *bright)
{
	uint32_t rgb = color.kind == COLOR_INDEX ? rgb_of_index(color.value & 0xFF) : color.value;
	int n;

	*bright = false;
	if (color.kind == COLOR_DEFAULT_KIND || color.kind == COLOR_UNSET)
		return OWN;
	switch (p->depth) {
	case DEPTH_RGB:
		if (color.kind == COLOR_INDEX && color.value < 8)
			return (int)color.value;
		/* The first eight numbers are the terminal's own colours, not nearly black. */
		return rgb < 8 ? 8 : (int)rgb;
	case DEPTH_256:
		if (color.kind == COLOR_INDEX && (color.value < 16 || !p->redefined[color.value & 0xFF]))
			return (int)(color.value & 0xFF);
		return p->redefines ? redefine(p, rgb) : nearest_256(rgb);
	default:
		n = color.kind == COLOR_INDEX && color.value < 16 ? (int)color.value : nearest_16(rgb);
		*bright = n >= 8;
		return n & 7;
	}
}

/* What a role must have when nothing else tells it from plain text: a list without a cursor cannot be used. */
static unsigned
last_resort(enum role role)
{
	switch (role) {
	case ROLE_CURSOR:
	case ROLE_FIELD_FOCUS:
		return STYLE_REVERSE;
	case ROLE_MATCH:
		return STYLE_REVERSE | STYLE_BOLD;
	case ROLE_SELECTED:
		return STYLE_UNDERLINE | STYLE_BOLD;
	case ROLE_CURSOR_UNFOCUSED:
	case ROLE_FIELD:
		return STYLE_UNDERLINE;
	default:
		return 0;
	}
}

static bool
same_color(struct color a, struct color b)
{
	return a.kind == b.kind && (a.kind == COLOR_DEFAULT_KIND || a.value == b.value);
}

/* Two backgrounds that cannot be told apart here. Where colours are few, black is mostly the terminal's own one too. */
static bool
same_background(struct palette *p, struct color a, struct color b)
{
	bool bright;
	int na, nb;

	if (p->depth == DEPTH_MONO)
		return true;
	na = reduce(p, a, &bright);
	nb = reduce(p, b, &bright);
	return na == nb || (p->depth == DEPTH_8 && (na == OWN || na == 0) && (nb == OWN || nb == 0));
}

/* A style with the attributes that it needs here to be seen. */
static struct style
visible_style(struct palette *p, enum role role)
{
	const struct style *text = &p->theme.styles[ROLE_TEXT];
	struct style style = p->theme.styles[role];

	if (!last_resort(role) || (style.attrs & (STYLE_REVERSE | STYLE_UNDERLINE)))
		return style;
	if (!same_background(p, style.bg, text->bg))
		return style;
	/* A match may be told by its colour alone; a whole line in another colour is no cursor. */
	if (role != ROLE_MATCH || p->depth == DEPTH_MONO || same_color(style.fg, text->fg))
		style.attrs |= last_resort(role);
	return style;
}

/* Lays one style over another: background, attributes, and the text's colour only when it has one of its own. */
static struct style
lay_over(const struct palette *p, struct style base, struct style over)
{
	const struct style *text = &p->theme.styles[ROLE_TEXT];

	if (over.attrs & STYLE_REVERSE) {
		/* Reversed in the colours below it would be patchwork. */
		over.attrs |= base.attrs & ~(STYLE_REVERSE | STYLE_DIM);
		return over;
	}
	if (!same_color(over.fg, text->fg))
		base.fg = over.fg;
	if (!same_color(over.bg, text->bg))
		base.bg = over.bg;
	base.attrs |= over.attrs;
	return base;
}

static attr_t
curses_attrs(unsigned attrs)
{
	attr_t a = A_NORMAL;

	if (attrs & STYLE_BOLD)
		a |= A_BOLD;
	if (attrs & STYLE_DIM)
		a |= A_DIM;
	if (attrs & STYLE_UNDERLINE)
		a |= A_UNDERLINE;
	if (attrs & STYLE_REVERSE)
		a |= A_REVERSE;
	if (attrs & STYLE_ITALIC)
		a |= A_ITALIC;
	return a;
}

/* Few colours fall together. Text keeps apart from what is behind it; a dark grey on the terminal's own background is
 * its own foreground, dimmed, as "bright black" is invisible on many. */
static int
part_from(int fg, int bg, bool *bright, attr_t *attrs)
{
	if (fg == 0 && *bright) {
		*bright = false;
		if (bg == OWN) {
			*attrs |= A_DIM;
			return OWN;
		}
		return bg == 7 ? 0 : 7;
	}
	if (fg != OWN && fg == bg)
		return bg == 0 || bg == 4 ? 7 : 0;
	return fg;
}

static void
make_look(struct palette *p, struct style style, struct look *look)
{
	bool bright, bright_bg;
	int fg, bg, pair;

	look->known = true;
	look->attrs = curses_attrs(style.attrs);
	look->pair = 0;
	if (p->depth == DEPTH_MONO)
		return;
	fg = reduce(p, style.fg, &bright);
	bg = reduce(p, style.bg, &bright_bg);
	if (p->depth == DEPTH_8) {
		fg = part_from(fg, bg, &bright, &look->attrs);
		if (bright)
			look->attrs |= A_BOLD;
	}
	if (!p->defaults) {
		fg = fg == OWN ? COLOR_WHITE : fg;
		bg = bg == OWN ? COLOR_BLACK : bg;
	}
	if (fg == OWN && bg == OWN)
		return;
	pair = alloc_pair(fg, bg);
	if (pair > 0)
		look->pair = pair;
}

const struct look *
palette_look(struct palette *p, enum role role, enum role over)
{
	struct look *look = &p->looks[role][over];
	struct style style;

	if (look->known)
		return look;
	style = visible_style(p, role);
	if (over != ROLE_TEXT)
		style = lay_over(p, style, visible_style(p, over));
	make_look(p, style, look);
	return look;
}
