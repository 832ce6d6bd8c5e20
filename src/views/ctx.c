#include "topicmon/views/ctx.h"

#include <stdarg.h>
#include <stdlib.h>

#include "topicmon/base/mem.h"

static struct wish *
wish_add(struct ctx *ctx, enum wish_kind kind)
{
	struct wishes *w = ctx->wishes;

	if (w->n == w->cap) {
		w->cap = w->cap > 0 ? 2 * w->cap : 4;
		w->v = xreallocarray(w->v, w->cap, sizeof(*w->v));
	}
	w->v[w->n] = (struct wish){ .kind = kind };
	return &w->v[w->n++];
}

void
wish_open(struct ctx *ctx, const char *view, const char *arg)
{
	struct wish *wish = wish_add(ctx, WISH_OPEN_VIEW);

	wish->view = xstrdup(view);
	wish->arg = xstrdup(arg);
}

void
wish_close(struct ctx *ctx)
{
	wish_add(ctx, WISH_CLOSE_VIEW);
}

void
wish_select(struct ctx *ctx, const char *topic)
{
	wish_add(ctx, WISH_SELECT_TOPIC)->arg = xstrdup(topic);
}

void
wish_stream(struct ctx *ctx, enum stream_from from)
{
	wish_add(ctx, WISH_STREAM)->from = from;
}

void
wish_status(struct ctx *ctx, enum role role, const char *fmt, ...)
{
	struct strbuf text = STRBUF_INIT;
	struct wish *wish = wish_add(ctx, WISH_STATUS);
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	wish->role = role;
	wish->arg = strbuf_detach(&text);
}

void
wish_command(struct ctx *ctx, enum command cmd, const char *arg)
{
	struct wish *wish = wish_add(ctx, WISH_COMMAND);

	wish->cmd = cmd;
	wish->arg = xstrdup(arg);
}

void
wish_theme(struct ctx *ctx, const char *name, bool keep)
{
	struct wish *wish = wish_add(ctx, WISH_THEME);

	wish->keep = keep;
	wish->arg = xstrdup(name);
}

void
wish_editor(struct ctx *ctx, const char *text)
{
	wish_add(ctx, WISH_EDITOR)->arg = xstrdup(text);
}

void
wish_quit(struct ctx *ctx)
{
	wish_add(ctx, WISH_QUIT);
}

void
wishes_fini(struct wishes *w)
{
	for (size_t i = 0; i < w->n; i++) {
		free(w->v[i].view);
		free(w->v[i].arg);
	}
	free(w->v);
	*w = (struct wishes){ NULL, 0, 0 };
}
