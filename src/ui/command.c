/* command: see the header. */
#include <assert.h>
#include <string.h>

#include "topicmon/ui/command.h"

static const struct cmd_info infos[CMD_COUNT] = {
#define COMMAND_ROW(id, cmd_name, cmd_help, cmd_flags) [CMD_##id] = { cmd_name, cmd_help, cmd_flags },
	COMMANDS(COMMAND_ROW)
#undef COMMAND_ROW
};

const struct cmd_info *
command_info(enum command cmd)
{
	assert(cmd > CMD_NONE && cmd < CMD_COUNT);
	return &infos[cmd];
}

enum command
command_parse(const char *text, const char **arg)
{
	size_t len;

	text += strspn(text, " ");
	len = strcspn(text, " ");
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++) {
		if (strlen(infos[i].name) != len || memcmp(infos[i].name, text, len) != 0)
			continue;
		*arg = text + len + strspn(text + len, " ");
		return (enum command)i;
	}
	*arg = "";
	return CMD_NONE;
}
