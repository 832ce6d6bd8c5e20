/* session_err: see session.h. */
#include <stdarg.h>
#include <string.h>

#include "session.h"
#include "topicmon/base/mem.h"

/* What a code means to people. No why: the broker's own sentence says it best. */
struct meaning {
	rd_kafka_resp_err_t code;
	enum err_code kind;
	bool retriable;
	const char *why;
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, ERR_DENIED, false, "not authorised for this topic" },
	{ RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, ERR_DENIED, false, "not authorised for this group" },
	{ RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, ERR_DENIED, false, "not authorised on the cluster" },
	{ RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ERR_DENIED, false, "not authorised for this transactional id" },
	{ RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, ERR_DENIED, false, "the login failed" },
	{ RD_KAFKA_RESP_ERR__AUTHENTICATION, ERR_DENIED, false, "the login failed" },
	{ RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, ERR_NOT_FOUND, false, "no such topic or partition" },
	{ RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, ERR_NOT_FOUND, false, "no such topic" },
	{ RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, ERR_NOT_FOUND, false, "no such partition" },
	{ RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, ERR_NOT_FOUND, false, "no such group" },
	{ RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, ERR_NOT_FOUND, false, "no such group" },
	{ RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, ERR_EXISTS, false, "it exists already" },
	{ RD_KAFKA_RESP_ERR__TIMED_OUT, ERR_TIMEOUT, true, "no answer in time. Try again, or raise --timeout" },
	{ RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, ERR_TIMEOUT, true, "no answer in time. Try again, or raise --timeout" },
	{ RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, ERR_TIMEOUT, true, "no answer in time. Try again, or raise --timeout" },
	{ RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, ERR_TIMEOUT, true, "the broker did not finish in time. Try again" },
	{ RD_KAFKA_RESP_ERR__TRANSPORT, ERR_UNREACHABLE, true, "no broker can be reached" },
	{ RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, ERR_UNREACHABLE, true, "no broker can be reached" },
	{ RD_KAFKA_RESP_ERR__RESOLVE, ERR_UNREACHABLE, true, "the broker's name does not resolve" },
	{ RD_KAFKA_RESP_ERR__SSL, ERR_UNREACHABLE, false, "the TLS handshake failed" },
	{ RD_KAFKA_RESP_ERR__NODE_UPDATE, ERR_UNREACHABLE, true, "the broker's address changed meanwhile. Try again" },
	{ RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, ERR_UNREACHABLE, true, "the broker is not available" },
	{ RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, ERR_UNREACHABLE, true, "the broker hung up" },
	{ RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, ERR_FAILED, true, "it has no leader at the moment" },
	{ RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, ERR_FAILED, true, "its leader has just changed. Try again" },
	{ RD_KAFKA_RESP_ERR_NOT_CONTROLLER, ERR_FAILED, true, "the controller has just changed. Try again" },
	{ RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, ERR_FAILED, true, "its coordinator is starting. Try again" },
	{ RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, ERR_FAILED, true, "its coordinator is not available. Try again" },
	{ RD_KAFKA_RESP_ERR_NOT_COORDINATOR, ERR_FAILED, true, "its coordinator has just changed. Try again" },
	{ RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, ERR_FAILED, true, "too few replicas are in sync" },
	{ RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, ERR_FAILED, true, "the group is rebalancing. Try again" },
	{ RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, ERR_FAILED, true, "the broker's quota is used up. Try again later" },
	{ RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, ERR_FAILED, false, "the group has live members" },
	{ RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP, ERR_FAILED, false, "the group has live members" },
	{ RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED, ERR_REFUSED, false, "the cluster does not allow topics to be deleted (delete.topic.enable=false)" },
	{ RD_KAFKA_RESP_ERR__DESTROY, ERR_CANCELLED, false, "stopped" },
};
/* clang-format on */

bool
session_err(struct err *e, rd_kafka_resp_err_t code, const char *detail, const char *what, ...)
{
	struct meaning m = { .code = code, .kind = ERR_FAILED };
	struct strbuf subject;
	va_list ap;

	for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
		if (meanings[i].code == code)
			m = meanings[i];
	}
	strbuf_init(&subject);
	va_start(ap, what);
	strbuf_vaddf(&subject, what, ap);
	va_end(ap);
	if (!m.why)
		m.why = detail && detail[0] ? detail : rd_kafka_err2str(code);
	err_set(e, m.kind, "%s: %s", strbuf_str(&subject), m.why);
	strbuf_fini(&subject);
	if (e) {
		e->kafka = code;
		e->retriable = m.retriable;
	}
	return false;
}

void
session_denied(struct err *e, const char *topic, const char *what)
{
	if (!e || e->kafka != RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
		return;
	err_set(e, ERR_DENIED, "Topic '%s': not authorised to %s", topic, what);
	e->kafka = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
}
