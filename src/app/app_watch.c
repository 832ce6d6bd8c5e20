/* app_watch: what is on the screen is asked for first: REQ_WATCH, posted anew when that changed and rests. */
#include "app_private.h"

#include <string.h>

#include "topicmon/base/mem.h"

#define REST_MS 100

static void
views_watch(struct app *app, struct watch_spec *w)
{
	struct ctx ctx = app_ctx(app);
	struct view *top = app_place(app);

	for (int i = 0; i < PANE_COUNT; i++)
		if (app->panes[i]->ops->watch != NULL)
			app->panes[i]->ops->watch(app->panes[i], &ctx, w);
	if (top->ops->shape == VIEW_SCREEN && top->ops->watch != NULL)
		top->ops->watch(top, &ctx, w);
}

static void
fill(struct app *app, struct request *req)
{
	request_init(req, REQ_WATCH);
	req->watch.offsets = true;
	req->watch.groups = true;
	req->watch.configs = true;
	req->watch.refresh_ms = app->s->refresh_ms;
	req->watch.focus = app->selected[0] != '\0' ? xstrdup(app->selected) : NULL;
	views_watch(app, &req->watch);
}

/* Whether that watch was posted before there was anything on the screen: then the next one need not rest. */
static bool
names_nothing(const struct strbuf *watched)
{
	const char *end = strchr(strbuf_str(watched), '\n');

	return end == NULL || end[1] == '\0';
}

void
app_watch_look(struct app *app)
{
	struct request req;
	struct strbuf *text = &app->watching;

	fill(app, &req);
	strbuf_reset(text);
	strbuf_addf(text, "%s\n", app->selected);
	for (size_t i = 0; i < req.watch.visible.n; i++)
		strbuf_addf(text, "%s\n", req.watch.visible.v[i]);
	for (size_t i = 0; i < req.watch.visible_groups.n; i++)
		strbuf_addf(text, "\t%s\n", req.watch.visible_groups.v[i]);
	request_fini(&req);
	if (strcmp(strbuf_str(text), strbuf_str(&app->watched)) == 0)
		app->watch_ms = 0;
	else if (app->watch_ms == 0)
		app->watch_ms = app->now_ms + (names_nothing(&app->watched) ? 0 : REST_MS);
}

void
app_watch_post(struct app *app)
{
	struct request req;

	if (app->watch_ms == 0 || app->now_ms < app->watch_ms)
		return;
	fill(app, &req);
	outbox_add(app->out, &req);
	strbuf_reset(&app->watched);
	strbuf_adds(&app->watched, strbuf_str(&app->watching));
	app->watch_ms = 0;
}
