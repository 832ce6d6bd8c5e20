/* cli_records: a message as a line. What a terminal gets is made safe, what a pipe gets is what the message has. */
#include <string.h>

#include "cli_private.h"
#include "topicmon/base/clock.h"
#include "topicmon/base/sanitize.h"
#include "topicmon/model/json.h"
#include "topicmon/model/record.h"

/* "name":"text", or "name_base64":"…" for bytes that are not UTF-8, or "name":null. */
static void
json_bytes(struct strbuf *out, const char *name, const struct bytes *bytes)
{
	size_t before = out->len;

	json_name(out, name);
	if (!bytes->data) {
		strbuf_add(out, "null", 4);
		return;
	}
	if (json_quote(out, bytes->data, bytes->len))
		return;
	out->len = before;
	out->buf[before] = '\0';
	strbuf_addf(out, ",\"%s_base64\":\"", name);
	add_base64(out, bytes->data, bytes->len);
	strbuf_addch(out, '"');
}

/* [["name","value"],…]; a value that is not UTF-8 is {"base64":"…"}, one that is null is null. */
static void
json_headers(struct strbuf *out, const struct record *rec)
{
	struct header header;
	size_t pos = 0;

	json_name(out, "headers");
	strbuf_addch(out, '[');
	for (size_t n = 0; record_next_header(rec, &pos, &header); n++) {
		strbuf_adds(out, n ? ",[" : "[");
		json_text(out, header.name);
		strbuf_addch(out, ',');
		if (!header.value.data) {
			strbuf_adds(out, "null");
		} else if (!json_quote(out, header.value.data, header.value.len)) {
			strbuf_adds(out, "{\"base64\":\"");
			add_base64(out, header.value.data, header.value.len);
			strbuf_adds(out, "\"}");
		}
		strbuf_addch(out, ']');
	}
	strbuf_addch(out, ']');
}

/* A number without a format string: this runs a million times. */
static void
add_int64(struct strbuf *out, int64_t n)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = n < 0 ? 0u - (uint64_t)n : (uint64_t)n;

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (n < 0)
		digits[--at] = '-';
	strbuf_add(out, digits + at, sizeof(digits) - at);
}

static void
record_json(struct strbuf *out, const struct record *rec, const char *topic)
{
	json_begin(out);
	json_name(out, "topic");
	json_text(out, topic);
	json_name(out, "partition");
	add_int64(out, rec->partition);
	json_name(out, "offset");
	add_int64(out, rec->offset);
	json_name(out, "timestamp");
	if (rec->timestamp_kind == TIMESTAMP_NONE)
		strbuf_add(out, "null", 4);
	else
		add_int64(out, rec->timestamp_ms);
	json_bytes(out, "key", &rec->key);
	json_bytes(out, "value", &rec->value);
	json_headers(out, rec);
	json_end(out);
}

static void
add_safe(struct strbuf *out, const struct bytes *bytes)
{
	if (bytes->data)
		sanitize(out, bytes->data, bytes->len);
	else
		strbuf_adds(out, "null");
}

static void
record_columns(struct strbuf *out, const struct record *rec, const char *topic, enum time_style time)
{
	if (rec->timestamp_kind == TIMESTAMP_NONE)
		strbuf_addch(out, '-');
	else if (time == TIME_ISO)
		clock_format_iso(out, rec->timestamp_ms);
	else
		clock_format(out, rec->timestamp_ms, time == TIME_DATE);
	strbuf_adds(out, "  ");
	if (topic)
		strbuf_addf(out, "%s  ", topic);
	strbuf_addf(out, "%3d %8lld  ", (int)rec->partition, (long long)rec->offset);
	add_safe(out, &rec->key);
	strbuf_adds(out, "  ");
	add_safe(out, &rec->value);
	strbuf_addch(out, '\n');
}

void
print_record(struct strbuf *out, enum record_form form, const struct record *rec, const char *topic, bool show_topic,
             enum time_style time)
{
	switch (form) {
	case FORM_JSON:
		record_json(out, rec, topic);
		break;
	case FORM_COLUMNS:
		record_columns(out, rec, show_topic ? topic : NULL, time);
		break;
	case FORM_VALUE:
		if (rec->value.data)
			strbuf_add(out, rec->value.data, rec->value.len);
		strbuf_addch(out, '\n');
		break;
	}
}
