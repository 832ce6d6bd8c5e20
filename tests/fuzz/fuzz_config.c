/* A config.json of anything: it becomes settings within their bounds, or a sentence. */
#include <string.h>

#include "fuzz.h"
#include "topicmon/base/utf8.h"
#include "topicmon/config/config_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { .code = ERR_NONE };
	struct settings s;

	settings_init(&s);
	if (settings_parse("f", data, size, &s, &e)) {
		CHECK(s.refresh_ms >= 100 && s.refresh_ms <= 3600000);
		CHECK(s.buffer_mb >= 1 && s.buffer_mb <= 65536);
		CHECK(s.property_names.n == s.property_values.n);
		CHECK(s.resolve_hosts.n == s.resolve_addrs.n);
	} else {
		CHECK(e.code == ERR_USAGE && e.text[0] && !strchr(e.text, '\n'));
		CHECK(utf8_valid(e.text, strlen(e.text)));
	}
	settings_fini(&s);
	return 0;
}
