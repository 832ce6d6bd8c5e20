#include "needle.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "topicmon/base/mem.h"
#include "topicmon/base/utf8.h"

void
needle_set(struct needle *nd, const char *text)
{
	char *copy = xstrdup(text);

	free(nd->text);
	nd->text = copy;
	nd->exact = false;
	for (; *copy != '\0'; copy++)
		nd->exact |= isupper((unsigned char)*copy) != 0;
}

void
needle_fini(struct needle *nd)
{
	free(nd->text);
	nd->text = NULL;
}

bool
needle_empty(const struct needle *nd)
{
	return nd->text == NULL || nd->text[0] == '\0';
}

const char *
needle_text(const struct needle *nd)
{
	return nd->text != NULL ? nd->text : "";
}

static const char *
place(const struct needle *nd, const char *name)
{
	size_t len = strlen(nd->text);

	if (nd->exact)
		return strstr(name, nd->text);
	for (; *name != '\0'; name++)
		if (strncasecmp(name, nd->text, len) == 0)
			return name;
	return NULL;
}

bool
needle_in(const struct needle *nd, const char *name)
{
	return needle_empty(nd) || place(nd, name) != NULL;
}

int
needle_column(const struct needle *nd, const char *name)
{
	const char *at = needle_empty(nd) ? NULL : place(nd, name);
	char *before;
	int columns;

	if (at == NULL)
		return -1;
	before = xstrndup(name, (size_t)(at - name));
	columns = (int)utf8_columns(before);
	free(before);
	return columns;
}

int
needle_columns(const struct needle *nd)
{
	return (int)utf8_columns(needle_text(nd));
}
