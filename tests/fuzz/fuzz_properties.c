/* A properties file of anything: it becomes a connection or a sentence, and never sets what leaves a trace. */
#include <string.h>

#include "fuzz.h"
#include "topicmon/config/properties.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { .code = ERR_NONE };
	struct connection conn;

	connection_init(&conn);
	if (properties_parse("f", data, size, NULL, &conn, &e)) {
		CHECK(bootstrap_check(conn.bootstrap, &e));
		CHECK(!connection_get(&conn, "group.id"));
		CHECK(!connection_get(&conn, "enable.auto.commit"));
		CHECK(!connection_get(&conn, "sasl.jaas.config"));
	} else {
		CHECK(e.code == ERR_USAGE && e.text[0] && !strchr(e.text, '\n'));
		CHECK(conn.nproperties == 0);
	}
	connection_fini(&conn);
	return 0;
}
