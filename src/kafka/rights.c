/* rights: see the header. */
#include <stdio.h>

#include "rights.h"

bool
rights_ask(rd_kafka_t *rk, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
	int32_t broker = rd_kafka_controllerid(rk, 0);
	rd_kafka_ConfigResource_t *resource;
	char id[16];

	if (broker < 0)
		return false;
	snprintf(id, sizeof(id), "%d", (int)broker);
	resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, id);
	rd_kafka_DescribeConfigs(rk, &resource, 1, options, queue);
	rd_kafka_ConfigResource_destroy(resource);
	return true;
}

bool
rights_hide_groups(rd_kafka_event_t *answer)
{
	const rd_kafka_DescribeConfigs_result_t *result = rd_kafka_event_DescribeConfigs_result(answer);
	const rd_kafka_ConfigResource_t **resources = NULL;
	size_t n = 0;

	if (result && !rd_kafka_event_error(answer))
		resources = rd_kafka_DescribeConfigs_result_resources(result, &n);
	return n == 1 && rd_kafka_ConfigResource_error(resources[0]) == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;
}
