#include "topicmon/views/view.h"

#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

#define VIEW(name) extern const struct view_ops name##_view;
#include "views.def"
#undef VIEW

const struct view_ops *const all_views[] = {
#define VIEW(name) &name##_view,
#include "views.def"
#undef VIEW
};
const size_t nall_views = ARRAY_LEN(all_views);

const struct view_ops *
view_find(const char *name)
{
	for (size_t i = 0; i < nall_views; i++)
		if (strcmp(all_views[i]->name, name) == 0)
			return all_views[i];
	return NULL;
}

struct view *
view_new(const struct view_ops *ops, struct ctx *ctx, const char *arg)
{
	struct view *v = xcalloc(1, sizeof(*v));

	v->ops = ops;
	v->state = xcalloc(1, ops->state_size);
	if (ops->open != NULL)
		ops->open(v, ctx, arg != NULL ? arg : "");
	return v;
}

void
view_free(struct view *v)
{
	if (v == NULL)
		return;
	if (v->ops->close != NULL)
		v->ops->close(v);
	free(v->state);
	free(v);
}
