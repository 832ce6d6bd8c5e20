/* op_text: the words of an operation, and the comparison of shapes. See op_private.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "op_private.h"
#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"
#include "topicmon/model/snapshot.h"

void
text_set(char *buf, size_t size, const char *fmt, ...)
{
	struct strbuf sb = STRBUF_INIT;
	va_list ap;
	size_t len = 0;

	va_start(ap, fmt);
	strbuf_vaddf(&sb, fmt, ap);
	va_end(ap);
	while (len < sb.len) {
		uint32_t cp;
		size_t step = utf8_decode(sb.buf + len, sb.len - len, &cp);

		if (len + step >= size)
			break;
		len += step;
	}
	memcpy(buf, strbuf_str(&sb), len);
	buf[len] = '\0';
	strbuf_fini(&sb);
}

void
add_count(struct strbuf *sb, int64_t n, const char *noun)
{
	strbuf_add_grouped(sb, n);
	strbuf_addf(sb, " %s%s", noun, n == 1 ? "" : "s");
}

void
add_sentence(struct strbuf *sb, const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return;
	if (sb->len)
		strbuf_addch(sb, ' ');
	strbuf_add(sb, text, len);
	if (!strchr(".!?", text[len - 1]))
		strbuf_addch(sb, '.');
}

void
add_messages_gone(struct strbuf *sb, const struct op *op)
{
	strbuf_adds(sb, op->topic);
	if (op->messages == OFFSET_UNKNOWN)
		return;
	strbuf_adds(sb, (op->policy & POLICY_COMPACT) && op->messages ? ": up to " : ": ");
	add_count(sb, op->messages, "message");
	strbuf_adds(sb, " gone");
}

/* As a shell reads it back: bare when it is harmless, else in single quotes. */
static void
add_shell_word(struct strbuf *sb, const char *word)
{
	static const char harmless[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-=,:/@%+";

	if (word[0] && word[strspn(word, harmless)] == '\0') {
		strbuf_adds(sb, word);
		return;
	}
	strbuf_addch(sb, '\'');
	for (const char *p = word; *p; p++) {
		if (*p == '\'')
			strbuf_adds(sb, "'\\''");
		else
			strbuf_addch(sb, *p);
	}
	strbuf_addch(sb, '\'');
}

void
add_create_command(struct strbuf *sb, const struct topic_spec *spec)
{
	struct strbuf word = STRBUF_INIT;

	strbuf_adds(sb, "topicmon create ");
	add_shell_word(sb, spec->name);
	if (spec->partitions > 0)
		strbuf_addf(sb, " -p %d", (int)spec->partitions);
	if (spec->replication > 0)
		strbuf_addf(sb, " -r %d", (int)spec->replication);
	for (size_t i = 0; i < spec->config_names.n; i++) {
		strbuf_reset(&word);
		strbuf_addf(&word, "%s=%s", spec->config_names.v[i], spec->config_values.v[i]);
		strbuf_adds(sb, " -c ");
		add_shell_word(sb, strbuf_str(&word));
	}
	strbuf_fini(&word);
}

/* Appends what is left of a config value when the spaces that a broker drops are dropped. */
static void
add_without_spaces(struct strbuf *sb, const char *value)
{
	for (const char *p = value; *p; p++) {
		if (*p != ' ' && *p != '\t')
			strbuf_addch(sb, *p);
	}
}

/* A broker gives a value back in its own spelling: "TRUE" as "true", "compact, delete" as "compact,delete", "0.50" as
 * "0.5". */
static bool
config_same(const char *wanted, const char *seen)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	char *end_a, *end_b;
	double na, nb;
	bool same;

	if (strcmp(wanted, seen) == 0)
		return true;
	add_without_spaces(&a, wanted);
	add_without_spaces(&b, seen);
	same = strcasecmp(strbuf_str(&a), strbuf_str(&b)) == 0;
	if (!same && a.len && b.len && strchr(a.buf, '.') != NULL) {
		na = strtod(a.buf, &end_a);
		nb = strtod(b.buf, &end_b);
		same = *end_a == '\0' && *end_b == '\0' && !(na < nb) && !(na > nb);
	}
	strbuf_fini(&a);
	strbuf_fini(&b);
	return same;
}

/* The value of a config, NULL: not set. */
static const char *
spec_config(const struct topic_spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->config_names.n; i++) {
		if (strcmp(spec->config_names.v[i], name) == 0)
			return spec->config_values.v[i];
	}
	return NULL;
}

bool
shape_matches(const struct topic_spec *wanted, const struct topic_spec *seen, struct strbuf *why)
{
	if (wanted->partitions > 0 && wanted->partitions != seen->partitions) {
		add_count(why, seen->partitions, "partition");
		strbuf_addf(why, " instead of %d", (int)wanted->partitions);
		return false;
	}
	if (wanted->replication > 0 && wanted->replication != seen->replication) {
		strbuf_addf(why, "replication %d instead of %d", (int)seen->replication, (int)wanted->replication);
		return false;
	}
	for (size_t i = 0; i < wanted->config_names.n; i++) {
		const char *name = wanted->config_names.v[i];
		const char *value = spec_config(seen, name);

		if (value && config_same(wanted->config_values.v[i], value))
			continue;
		strbuf_addf(why, "%s is %s instead of %s", name, value ? value : "not set", wanted->config_values.v[i]);
		return false;
	}
	return true;
}
