/* live: the stream of the selected topic: opened when the cursor rests, closed when it goes, its rows, meter and rates. */
#include "app_private.h"

#include <string.h>

#include "topicmon/base/mem.h"

#define LAST_ROWS     100
#define REST_MS       150       /* so that walking through thousands of topics opens few streams */
#define RETRY_MS      3000
#define SAMPLE_MS     250
#define NEAR          100       /* messages before the end that are always under way */
#define SETTLE_MS     3000      /* after opening: until then the places to read from may still come */
#define MATCH_ROWS    20000     /* matched in one go, so that a key never waits */
#define MB            (1024 * 1024)

void
live_init(struct app *app)
{
	app->live.feed = feed_new((size_t)app->s->buffer_mb * MB);
	app->live.meter.behind = OFFSET_UNKNOWN;
}

void
live_fini(struct app *app)
{
	feed_free(app->live.feed);
}

void
live_open(struct app *app, enum stream_from from)
{
	struct live *live = &app->live;
	struct live_control *lc = &app->live_control;
	struct request req;

	if (live->id != 0)
		outbox_close_stream(app->out, live->id);
	feed_clear(live->feed);
	str_copy(live->topic, sizeof(live->topic), app->selected);
	live->from = from;
	live->state = STREAM_OPENING;
	live->meter = (struct stream_meter){ .behind = OFFSET_UNKNOWN };
	live->rate = 0;
	live->shown_rate = 0;
	err_clear(&live->err);
	*lc = (struct live_control){ .open_from = from, .opened_ms = app->now_ms };
	live->reading = from != FROM_END;
	request_init(&req, REQ_STREAM_OPEN);
	strvec_push(&req.stream.topics, live->topic);
	req.stream.from = from;
	req.stream.from_value = from == FROM_LAST ? LAST_ROWS : 0;
	req.stream.follow_recreation = true;
	live->id = outbox_add(app->out, &req);
}

void
live_follow(struct app *app)
{
	struct live_control *lc = &app->live_control;

	if (app->live.id == 0) {
		live_open(app, FROM_LAST);
		return;
	}
	lc->open_from = FROM_LAST;
	lc->open_ms = app->now_ms + REST_MS;
}

/* A sample at most every SAMPLE_MS; the rates are those between the oldest and the newest of the last ones. */
static bool
sample(struct app *app)
{
	struct live *live = &app->live;
	struct live_control *lc = &app->live_control;
	uint64_t shown = feed_shown(live->feed);
	double before = live->rate;
	double seconds;

	if (lc->nsamples > 0 && app->now_ms - lc->samples[lc->nsamples - 1].ms < SAMPLE_MS)
		return false;
	if (lc->nsamples == RATE_SAMPLES)
		memmove(&lc->samples[0], &lc->samples[1], --lc->nsamples * sizeof(lc->samples[0]));
	lc->samples[lc->nsamples].ms = app->now_ms;
	lc->samples[lc->nsamples].received = live->meter.received;
	lc->samples[lc->nsamples++].shown = shown;
	seconds = (double)(app->now_ms - lc->samples[0].ms) / 1e3;
	if (seconds < 0.2)
		return false;
	live->rate = (double)(live->meter.received - lc->samples[0].received) / seconds;
	live->shown_rate = shown >= lc->samples[0].shown ? (double)(shown - lc->samples[0].shown) / seconds : 0;
	return live->rate > 0 || before > 0;
}

/* Until the end was reached once, what comes is what was there before. A few rows are read at once: of them none may be
 * taken for new. */
static void
judge_reading(struct app *app)
{
	struct live *live = &app->live;
	struct live_control *lc = &app->live_control;
	int64_t behind = live->meter.behind, near = live->meter.received > 10 * NEAR ? NEAR : 0;
	bool settled = app->now_ms - lc->opened_ms >= SETTLE_MS, before = live->reading;

	if (behind == OFFSET_UNKNOWN)
		live->reading = live->reading && !settled;
	else if (live->reading && behind <= near)
		live->reading = live->meter.received == 0 && !settled;
	else if (!settled && live->from != FROM_END && behind > NEAR)
		live->reading = true;
	if (before == live->reading)
		return;
	lc->nsamples = 0;
	live->rate = 0;
	live->shown_rate = 0;
}

/* Whether messages came since the last sample. */
static bool
unsampled(const struct app *app)
{
	const struct live_control *lc = &app->live_control;

	return lc->nsamples > 0 && lc->samples[lc->nsamples - 1].received != app->live.meter.received;
}

static void
take_meter(struct live *live, const struct stream_meter *meter)
{
	if (meter->received >= live->meter.received)
		live->meter = *meter;
}

static void
stream_event(struct app *app, const struct stream_event *ev)
{
	struct live *live = &app->live;

	/* Where rows are on the screen there is no place for it in the pane. */
	if (ev->err.code != ERR_NONE && strcmp(ev->err.text, live->err.text) != 0 && feed_total(live->feed) > 0 &&
	    app->connection.state == CONN_UP)
		app_say(app, ROLE_STATUS_WARN, "%s", ev->err.text);
	live->state = ev->state;
	live->err = ev->err;
	take_meter(live, &ev->meter);
	if (ev->note != NULL)
		feed_add_note(live->feed, app->wall_ms, ev->note);
	if (ev->state == STREAM_FAILED && ev->err.code != ERR_DENIED && ev->err.code != ERR_USAGE)
		app->live_control.retry_ms = app->now_ms + RETRY_MS;
}

bool
live_event(struct app *app, const struct event *ev)
{
	struct live *live = &app->live;

	/* Of a stream that was closed, segments and states may still be under way. */
	if (live->id == 0 || (ev->kind == EV_SEGMENT ? ev->segment.stream : ev->stream.stream) != live->id)
		return false;
	if (ev->kind == EV_STREAM) {
		stream_event(app, &ev->stream);
	} else {
		feed_add(live->feed, ev->segment.seg);
		take_meter(live, &ev->segment.meter);
		live->state = STREAM_LIVE;
		err_clear(&live->err);
	}
	feed_work(live->feed, MATCH_ROWS, app->wall_ms);
	judge_reading(app);
	sample(app);
	return true;
}

bool
live_tick(struct app *app)
{
	struct live_control *lc = &app->live_control;
	bool changed = false;

	if (lc->open_ms != 0 && app->now_ms >= lc->open_ms) {
		lc->open_ms = 0;
		if (strcmp(app->live.topic, app->selected) != 0)
			live_open(app, lc->open_from);
		changed = true;
	}
	if (lc->retry_ms != 0 && app->now_ms >= lc->retry_ms) {
		live_open(app, app->live.from);
		changed = true;
	}
	if (feed_has_work(app->live.feed)) {
		feed_work(app->live.feed, MATCH_ROWS, app->wall_ms);
		changed = true;
	}
	if (app->live.id != 0 && app->live.reading)
		judge_reading(app);
	if (app->live.id != 0 && (app->live.rate > 0 || lc->nsamples < 2 || unsampled(app)))
		changed |= sample(app);
	return changed;
}

int
live_next_ms(const struct app *app)
{
	const struct live_control *lc = &app->live_control;
	int64_t due = INT64_MAX;

	if (feed_has_work(app->live.feed))
		return 0;
	if (lc->open_ms != 0)
		due = lc->open_ms;
	if (lc->retry_ms != 0 && lc->retry_ms < due)
		due = lc->retry_ms;
	if ((app->live.rate > 0 || unsampled(app)) && app->now_ms + SAMPLE_MS < due)
		due = app->now_ms + SAMPLE_MS;
	if (due == INT64_MAX)
		return -1;
	return due > app->now_ms ? (int)(due - app->now_ms) : 0;
}
