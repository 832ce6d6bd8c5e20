/* A theme file of anything: it becomes a whole theme, or a sentence. */
#include <string.h>

#include "fuzz.h"
#include "topicmon/base/utf8.h"
#include "topicmon/config/theme_file.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = { .code = ERR_NONE };
	struct theme theme;

	if (theme_parse("f.json", data, size, &theme, &e)) {
		for (int i = 0; i < ROLE_COUNT; i++) {
			CHECK(theme.styles[i].fg.kind != COLOR_UNSET);
			CHECK(theme.styles[i].bg.kind != COLOR_UNSET);
			CHECK(theme.styles[i].attrs_set);
		}
	} else {
		CHECK(e.code == ERR_USAGE && e.text[0] && !strchr(e.text, '\n'));
		CHECK(utf8_valid(e.text, strlen(e.text)));
	}
	return 0;
}
