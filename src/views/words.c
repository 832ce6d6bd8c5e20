#include "topicmon/views/words.h"

#include <math.h>

#include "topicmon/base/clock.h"

void
words_rate(struct strbuf *out, double rate)
{
	if (isnan(rate)) {
		strbuf_adds(out, "…");
	} else if (rate >= 999500.0) {
		strbuf_addf(out, "%.1fM/s", rate / 1e6);
	} else if (rate >= 9999.5) {
		strbuf_addf(out, "%.0fk/s", rate / 1e3);
	} else if (rate >= 9.95 || rate < 0.05) {
		strbuf_add_grouped(out, (long long)(rate + 0.5));
		strbuf_adds(out, "/s");
	} else {
		strbuf_addf(out, "%.1f/s", rate);
	}
}

void
words_count(struct strbuf *out, int64_t n)
{
	if (n == OFFSET_UNKNOWN)
		strbuf_adds(out, "…");
	else
		strbuf_add_grouped(out, n);
}

void
words_plural(struct strbuf *out, int64_t n, const char *word)
{
	strbuf_add_grouped(out, n);
	strbuf_addf(out, " %s%s", word, n == 1 ? "" : "s");
}

void
words_size(struct strbuf *out, uint64_t bytes)
{
	if (bytes < 10000) {
		strbuf_add_grouped(out, (long long)bytes);
		strbuf_adds(out, " B");
	} else if (bytes < 1000000) {
		strbuf_addf(out, "%.1f kB", (double)bytes / 1e3);
	} else {
		strbuf_addf(out, "%.1f MB", (double)bytes / 1e6);
	}
}

static void
group_kept(struct strbuf *out, const struct topic_group *tg)
{
	if (tg->total == OFFSET_UNKNOWN)
		return;
	if (tg->total == 0) {
		strbuf_adds(out, ", nothing kept");
	} else {
		strbuf_adds(out, ", ");
		strbuf_add_grouped(out, tg->total);
		strbuf_adds(out, " kept");
	}
}

void
words_group(struct strbuf *out, const struct topic_group *tg)
{
	const struct group *g = tg->group;

	if (g->members_known && g->nmembers > 0) {
		strbuf_adds(out, "● ");
		words_plural(out, (int64_t)g->nmembers, "member");
	} else if (g->members_known) {
		strbuf_adds(out, "○ down");
		group_kept(out, tg);
	} else if (g->new_protocol) {
		strbuf_adds(out, "members not visible with this library");
	} else {
		strbuf_adds(out, "members …");
	}
	if (tg->worst == LAG_STALE)
		strbuf_adds(out, ", committed past the end: the topic was recreated");
	else if (tg->worst == LAG_TRIMMED)
		strbuf_adds(out, ", retention took some before it came");
}

void
words_policy(struct strbuf *out, const struct topic *t)
{
	if (t->policy & POLICY_COMPACT)
		strbuf_adds(out, "compact");
	if (t->policy == (POLICY_COMPACT | POLICY_DELETE))
		strbuf_adds(out, " and ");
	if (!(t->policy & POLICY_DELETE))
		return;
	strbuf_adds(out, "delete");
	if (t->retention_ms == -1) {
		strbuf_adds(out, " never");
	} else if (t->retention_ms != OFFSET_UNKNOWN) {
		strbuf_addch(out, ' ');
		clock_format_span(out, t->retention_ms);
	}
}
