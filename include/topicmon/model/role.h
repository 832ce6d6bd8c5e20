/*
 * role: what a piece of screen is, never how it looks; and a style: how a theme draws a role. A theme gives styles to
 * some roles, the others fall back along the table.
 *
 * Thread: any (constant tables).   Depends on: libc.
 */
#ifndef TOPICMON_MODEL_ROLE_H
#define TOPICMON_MODEL_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#define ROLES(X) \
	/* id             name in a theme file   falls back to */ \
	X(TEXT,           "text",                TEXT) \
	X(DIM,            "text.dim",            TEXT) \
	X(STRONG,         "text.strong",         TEXT) \
	X(LINK,           "text.link",           TEXT) \
	X(TITLE_BAR,      "bar.title",           TEXT) \
	X(TITLE_NAME,     "bar.title.name",      TITLE_BAR) \
	X(KEY_BAR,        "bar.keys",            TEXT) \
	X(KEY_BAR_KEY,    "bar.keys.key",        KEY_BAR) \
	X(STATUS_OK,      "status.ok",           TEXT) \
	X(STATUS_WARN,    "status.warning",      TEXT) \
	X(STATUS_ERROR,   "status.error",        STATUS_WARN) \
	X(BORDER,         "border",              DIM) \
	X(BORDER_FOCUS,   "border.focused",      BORDER) \
	X(PANE_TITLE,     "border.title",        BORDER) \
	X(PANE_TITLE_FOCUS, "border.title.focused", PANE_TITLE) \
	X(TABLE_HEADER,   "table.header",        DIM) \
	X(TABLE_SORTED,   "table.header.sorted", TABLE_HEADER) \
	X(CURSOR,         "table.cursor",        TEXT) \
	X(CURSOR_UNFOCUSED, "table.cursor.unfocused", CURSOR) \
	X(SELECTED,       "table.selected",      CURSOR_UNFOCUSED) \
	X(MATCH,          "match",               STRONG) \
	X(LEVEL_OK,       "level.ok",            TEXT) \
	X(LEVEL_WARN,     "level.warning",       TEXT) \
	X(LEVEL_CRIT,     "level.critical",      LEVEL_WARN) \
	X(SPARK,          "sparkline",           LEVEL_OK) \
	X(OLD,            "value.old",           DIM) \
	X(TIME,           "record.time",         DIM) \
	X(PARTITION,      "record.partition",    TEXT) \
	X(OFFSET,         "record.offset",       DIM) \
	X(RECORD_KEY,     "record.key",          STRONG) \
	X(RECORD_NOTE,    "record.note",         STATUS_WARN) \
	X(ESCAPE,         "record.escape",       LEVEL_WARN) \
	X(RECORD_NULL,    "record.null",         DIM) \
	X(JSON_KEY,       "json.key",            TEXT) \
	X(JSON_STRING,    "json.string",         TEXT) \
	X(JSON_NUMBER,    "json.number",         TEXT) \
	X(JSON_WORD,      "json.word",           JSON_NUMBER) \
	X(JSON_PUNCT,     "json.punctuation",    DIM) \
	X(CARD,           "card",                TEXT) \
	X(CARD_TITLE,     "card.title",          STRONG) \
	X(CARD_DANGER,    "card.danger",         STATUS_ERROR) \
	X(FIELD,          "field",               TEXT) \
	X(FIELD_FOCUS,    "field.focused",       CURSOR) \
	X(FIELD_ERROR,    "field.error",         STATUS_ERROR)

enum role {
#define ROLE_ENUM(id, name, fallback) ROLE_##id,
	ROLES(ROLE_ENUM)
#undef ROLE_ENUM
	ROLE_COUNT
};

/* A colour: the terminal's own default, one of its 256, or 24 bits. */
enum color_kind { COLOR_UNSET, COLOR_DEFAULT_KIND, COLOR_INDEX, COLOR_RGB };
struct color {
	enum color_kind kind;
	uint32_t value;         /* index 0..255, or 0xRRGGBB */
};

#define STYLE_BOLD      (1u << 0)
#define STYLE_DIM       (1u << 1)
#define STYLE_UNDERLINE (1u << 2)
#define STYLE_REVERSE   (1u << 3)
#define STYLE_ITALIC    (1u << 4)

struct style {
	struct color fg;        /* COLOR_UNSET: as the role that it falls back to */
	struct color bg;
	unsigned attrs;         /* STYLE_… */
	bool attrs_set;         /* attrs count, else as the fallback */
};

/* A theme as a file gives it; role_resolve_theme() fills what is unset. */
struct theme {
	char name[64];
	struct style styles[ROLE_COUNT];
};

const char *role_name(enum role role);
enum role role_fallback(enum role role);
bool role_from_name(const char *name, enum role *out);
/* Fills every unset part of every style along the fallbacks (TEXT ends at the terminal's default colours). */
void role_resolve_theme(struct theme *theme);

#endif
