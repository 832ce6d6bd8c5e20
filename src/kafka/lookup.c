/* lookup: see lookup.h. */
#include "lookup.h"

#define ASK_AT_ONCE 500         /* the library's cost grows with the square of the list */

const struct rd_kafka_metadata *
lookup_metadata(struct session *s, rd_kafka_topic_t *rkt, int timeout_ms, struct err *e)
{
	const struct rd_kafka_metadata *md;
	rd_kafka_resp_err_t code = rd_kafka_metadata(session_kafka(s), 0, rkt, &md, timeout_ms);

	if (!code)
		return md;
	session_err(e, code, NULL, "Topic '%s'", rd_kafka_topic_name(rkt));
	return NULL;
}

const struct rd_kafka_metadata_topic *
lookup_topic(const struct rd_kafka_metadata *md, const char *name, struct err *e)
{
	rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;

	if (md->topic_cnt == 1) {
		code = md->topics[0].err;
		if (!code && md->topics[0].partition_cnt > 0)
			return &md->topics[0];
		if (!code)
			code = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
	}
	session_err(e, code, NULL, "Topic '%s'", name);
	return NULL;
}

/* list->elems[from .. from + n). */
static bool
ask(struct session *s, rd_kafka_topic_partition_list_t *list, int from, int n, int timeout_ms, struct err *e)
{
	rd_kafka_topic_partition_list_t *some = rd_kafka_topic_partition_list_new(n);
	rd_kafka_resp_err_t code;
	int at = 0;

	for (int i = 0; i < n; i++) {
		const rd_kafka_topic_partition_t *tp = &list->elems[from + i];

		rd_kafka_topic_partition_list_add(some, tp->topic, tp->partition)->offset = tp->offset;
	}
	code = rd_kafka_offsets_for_times(session_kafka(s), some, timeout_ms);
	for (int i = 0; !code && i < n; i++) {
		code = some->elems[i].err;
		at = i;
	}
	if (code)
		session_err(e, code, NULL, "Topic '%s': its offsets", some->elems[at].topic);
	for (int i = 0; !code && i < n; i++)
		list->elems[from + i].offset = some->elems[i].offset >= 0 ? some->elems[i].offset : -1;
	rd_kafka_topic_partition_list_destroy(some);
	return !code;
}

bool
lookup_offsets(struct session *s, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct err *e)
{
	for (int i = 0; i < list->cnt; i += ASK_AT_ONCE) {
		if (!ask(s, list, i, list->cnt - i < ASK_AT_ONCE ? list->cnt - i : ASK_AT_ONCE, timeout_ms, e))
			return false;
	}
	return true;
}
