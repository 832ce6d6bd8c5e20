#include "script_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topicmon/base/mem.h"

static struct script_topic *
find_topic(struct script *s, const char *name)
{
	for (size_t i = 0; i < TOPICS_MAX; i++)
		if (s->topics[i].name != NULL && strcmp(s->topics[i].name, name) == 0)
			return &s->topics[i];
	return NULL;
}

static bool
broker(struct script *s, const struct words *w)
{
	if (w->n != 4 || s->brokers == 8)
		return false;
	s->broker[s->brokers].id = atoi(w->v[1]);
	s->broker[s->brokers].host = xstrdup(w->v[2]);
	s->broker[s->brokers++].port = atoi(w->v[3]);
	return true;
}

static bool
topic(struct script *s, const struct words *w)
{
	struct script_topic *t = s->topics;
	uint16_t replication = w->n > 3 ? (uint16_t)atoi(w->v[3]) : 1;

	while (t < s->topics + TOPICS_MAX && t->name != NULL)
		t++;
	if (w->n < 3 || t == s->topics + TOPICS_MAX || replication > 3 || atoi(w->v[2]) > PARTITIONS_MAX)
		return false;
	t->name = xstrdup(w->v[1]);
	t->npartitions = (uint32_t)atoi(w->v[2]);
	for (uint32_t p = 0; p < t->npartitions; p++) {
		for (int r = 0; r < replication; r++)
			t->replicas[p][r] = 1 + ((int)p + r) % (replication > 1 ? replication : 1);
		t->partitions[p] = (struct partition){
			.id = (int32_t)p, .leader = t->replicas[p][0], .replicas = t->replicas[p],
			.isr = t->replicas[p], .nreplicas = replication, .nisr = replication,
		};
	}
	return true;
}

static bool
gone(struct script *s, const struct words *w)
{
	struct script_topic *t = w->n == 2 ? find_topic(s, w->v[1]) : NULL;

	if (t == NULL)
		return false;
	free(t->name);
	t->name = NULL;
	return true;
}

static bool
leader(struct script *s, const struct words *w)
{
	struct script_topic *t = w->n == 5 ? find_topic(s, w->v[1]) : NULL;

	if (t == NULL)
		return false;
	t->partitions[atoi(w->v[2])].leader = atoi(w->v[3]);
	t->partitions[atoi(w->v[2])].nisr = (uint16_t)atoi(w->v[4]);
	return true;
}

static void
metadata(struct script *s)
{
	picture_metadata_begin(s->picture, "golden", s->brokers > 0 ? s->broker[0].id : -1);
	for (int i = 0; i < s->brokers; i++)
		picture_metadata_broker(s->picture, s->broker[i].id, s->broker[i].host, s->broker[i].port);
	for (size_t i = 0; i < TOPICS_MAX; i++)
		if (s->topics[i].name != NULL)
			picture_metadata_topic(s->picture, s->topics[i].name, 0, s->topics[i].partitions,
			                       s->topics[i].npartitions);
	picture_metadata_end(s->picture, s->now_ms);
}

static bool
policy(struct script *s, const struct words *w)
{
	if (w->n != 4)
		return false;
	metadata(s);
	picture_topic_config(s->picture, w->v[1], strcmp(w->v[2], "compact") == 0 ? POLICY_COMPACT : POLICY_DELETE,
	                     atoll(w->v[3]));
	return true;
}

static bool
offsets(struct script *s, const struct words *w)
{
	if (w->n != 5)
		return false;
	metadata(s);
	picture_offsets(s->picture, w->v[1], atoi(w->v[2]), atoll(w->v[3]), atoll(w->v[4]), s->now_ms);
	return true;
}

static enum group_state
state_of(const char *name)
{
	static const enum group_state states[] = {
		GROUP_PREPARING, GROUP_COMPLETING, GROUP_STABLE, GROUP_DEAD, GROUP_EMPTY,
	};

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcmp(group_state_name(states[i]), name) == 0)
			return states[i];
	return GROUP_UNKNOWN;
}

/* The listing names all groups that there are, each time. */
static void
list_groups(struct script *s)
{
	picture_groups_begin(s->picture);
	for (int i = 0; i < 8 && s->group[i].name != NULL; i++)
		picture_group(s->picture, s->group[i].name, s->group[i].state, s->group[i].new_protocol);
	picture_groups_end(s->picture);
}

static bool
group(struct script *s, const struct words *w)
{
	static const int32_t first = 0;
	const char *held = w->n > 5 ? w->v[5] : "";
	struct member members[8] = { { .id = "" } };
	int n = w->n > 3 ? atoi(w->v[3]) : 0, at = 0;

	if (w->n < 4 || n > 8)
		return false;
	while (at < 7 && s->group[at].name != NULL && strcmp(s->group[at].name, w->v[1]) != 0)
		at++;
	free(s->group[at].name);
	s->group[at].name = xstrdup(w->v[1]);
	s->group[at].state = state_of(w->v[2]);
	s->group[at].new_protocol = w->n > 4 && strcmp(w->v[4], "new") == 0;
	for (int i = 0; i < n; i++)
		members[i] = (struct member){ .id = "member", .client_id = "client", .host = "/127.0.0.1" };
	/* The first member holds partition 0 of the topic that is named. */
	if (n > 0 && w->n > 5) {
		members[0].topics = &held;
		members[0].partitions = &first;
		members[0].nassigned = 1;
	}
	list_groups(s);
	picture_group_members(s->picture, w->v[1], state_of(w->v[2]), n > 0 ? members : NULL, n > 0 ? (size_t)n : 0, n >= 0);
	return true;
}

static bool
commit(struct script *s, const struct words *w)
{
	const char *topics[WORDS_MAX];
	int32_t partitions[WORDS_MAX];
	int64_t committed[WORDS_MAX];
	size_t n = w->n > 3 ? w->n - 3 : 0;

	for (size_t i = 0; i < n; i++) {
		topics[i] = w->v[2];
		partitions[i] = (int32_t)i;
		committed[i] = strcmp(w->v[i + 3], "-") == 0 ? OFFSET_NONE : atoll(w->v[i + 3]);
	}
	picture_group_commits(s->picture, w->v[1], topics, partitions, committed, n);
	return n > 0;
}

static bool
snapshot(struct script *s, const struct words *w)
{
	struct event ev = { .kind = EV_SNAPSHOT };

	(void)w;
	metadata(s);
	ev.snapshot = picture_freeze(s->picture, s->now_ms, s->wall_ms);
	script_update(s, &ev);
	return true;
}

static bool
connection(struct script *s, const struct words *w)
{
	static const char *const names[] = { "connecting", "up", "down", "denied" };
	struct event ev = { .kind = EV_CONNECTION };
	size_t state = 0;

	while (w->n > 1 && state < ARRAY_LEN(names) && strcmp(names[state], w->v[1]) != 0)
		state++;
	if (w->n < 2 || state == ARRAY_LEN(names))
		return false;
	ev.connection.state = (enum connection_state)state;
	ev.connection.since_wall_ms = s->wall_ms;
	if (w->n > 2)
		strncat(ev.connection.address, w->v[2], sizeof(ev.connection.address) - 1);
	if (w->n > 3)
		strncat(ev.connection.reason, w->v[3], sizeof(ev.connection.reason) - 1);
	if (w->n > 4)
		strncat(ev.connection.unresolved, w->v[4], sizeof(ev.connection.unresolved) - 1);
	script_update(s, &ev);
	return true;
}

static bool
stream(struct script *s, const struct words *w)
{
	struct event ev = { .kind = EV_STREAM };
	const char *state = w->n > 1 ? w->v[1] : "";

	ev.stream.stream = s->stream;
	ev.stream.meter = s->meter;
	ev.stream.state = strcmp(state, "failed") == 0 ? STREAM_FAILED :
		strcmp(state, "opening") == 0 ? STREAM_OPENING : STREAM_LIVE;
	if (w->n > 2)
		err_set(&ev.stream.err, ERR_FAILED, "%s", w->v[2]);
	script_update(s, &ev);
	return w->n > 1;
}

static bool
note(struct script *s, const struct words *w)
{
	struct event ev = { .kind = EV_STREAM };

	if (w->n != 2)
		return false;
	ev.stream.stream = s->stream;
	ev.stream.meter = s->meter;
	ev.stream.state = STREAM_LIVE;
	ev.stream.recreated = true;
	ev.stream.note = xstrdup(w->v[1]);
	script_update(s, &ev);
	return true;
}

static void
send_record(struct script *s, uint64_t id, const struct record *rec)
{
	struct event ev = { .kind = EV_SEGMENT };

	ev.segment.stream = id;
	ev.segment.seg = segment_new(record_size(rec) + 64);
	segment_add(ev.segment.seg, rec);
	segment_seal(ev.segment.seg);
	s->meter.received++;
	s->meter.received_bytes += record_size(rec);
	s->meter.matched++;
	ev.segment.meter = s->meter;
	script_update(s, &ev);
}

/* A word as bytes: the words know no NUL, "\0" was kept as 0xFF 0x00 cannot be; so \0 is written \x00 here. */
static struct bytes
word_bytes(const char *word, struct strbuf *out)
{
	strbuf_reset(out);
	if (strcmp(word, "-") == 0)
		return (struct bytes){ NULL, 0 };
	for (const char *p = word; *p != '\0'; p++) {
		if (strncmp(p, "\\x00", 4) == 0) {
			strbuf_addch(out, '\0');
			p += 3;
		} else {
			strbuf_addch(out, *p);
		}
	}
	return (struct bytes){ strbuf_str(out), out->len };
}

static bool
row(struct script *s, const struct words *w)
{
	struct strbuf key = STRBUF_INIT, value = STRBUF_INIT, packed = STRBUF_INIT;
	struct header headers[WORDS_MAX];
	struct record rec = { .kind = RECORD_MESSAGE, .timestamp_kind = TIMESTAMP_CREATE };
	size_t n = 0;

	if (w->n < 5)
		return false;
	rec.partition = atoi(w->v[1]);
	rec.offset = atoll(w->v[2]);
	rec.timestamp_ms = s->wall_ms;
	rec.key = word_bytes(w->v[3], &key);
	rec.value = word_bytes(w->v[4], &value);
	for (size_t i = 5; i < w->n; i++) {
		char *equals = strchr(w->v[i], '=');

		if (equals == NULL)
			return false;
		*equals = '\0';
		headers[n++] = (struct header){ w->v[i], { equals + 1, strlen(equals + 1) } };
	}
	if (n > 0) {
		record_pack_headers(&packed, headers, n);
		rec.headers = strbuf_str(&packed);
		rec.headers_len = packed.len;
		rec.nheaders = (uint32_t)n;
	}
	send_record(s, strcmp(w->v[0], "late-row") == 0 ? s->closed_stream : s->stream, &rec);
	strbuf_fini(&key);
	strbuf_fini(&value);
	strbuf_fini(&packed);
	return true;
}

static bool
rows(struct script *s, const struct words *w)
{
	static const char *const states[] = { "PLACED", "PAID", "PACKED", "SHIPPED" };
	int n = w->n == 2 ? atoi(w->v[1]) : 0;

	for (int i = 0; i < n; i++) {
		int64_t id = s->next_offset++;
		char key[24], value[160];
		struct record rec = { .kind = RECORD_MESSAGE, .timestamp_kind = TIMESTAMP_CREATE };

		snprintf(key, sizeof(key), "o%lld", (long long)id);
		snprintf(value, sizeof(value), "{\"order_id\": %lld, \"status\": \"%s\", \"total\": %lld.50, \"paid\": true}",
		         (long long)id, states[id % 4], (long long)(id * 7 % 90 + 10));
		rec.partition = (int32_t)(id % 3);
		rec.offset = id / 3;
		rec.timestamp_ms = s->wall_ms + 10 * i;
		rec.key = (struct bytes){ key, strlen(key) };
		rec.value = (struct bytes){ value, strlen(value) };
		send_record(s, s->stream, &rec);
	}
	return n > 0;
}

static bool
behind(struct script *s, const struct words *w)
{
	s->meter.behind = w->n == 2 ? atoll(w->v[1]) : 0;
	return w->n == 2;
}

static bool
fake_topic(struct script *s, const struct words *w)
{
	return w->n == 4 && fake_cluster_topic(s->cluster, w->v[1], atoi(w->v[2]), atoll(w->v[3])) != NULL;
}

/* fake-group GROUP TOPIC MEMBERS COMMITTED. The cluster borrows both names from the script, which must know them. */
static bool
fake_group(struct script *s, const struct words *w)
{
	const struct script_topic *t = w->n == 5 ? find_topic(s, w->v[2]) : NULL;

	for (int i = 0; t != NULL && i < 8 && s->group[i].name != NULL; i++)
		if (strcmp(s->group[i].name, w->v[1]) == 0)
			return fake_cluster_group(s->cluster, s->group[i].name, t->name, (size_t)atoi(w->v[3]),
			                          atoll(w->v[4])) != NULL;
	return false;
}

bool
script_cluster_command(struct script *s, const struct words *w, bool *known)
{
	static const struct {
		const char *name;
		bool (*run)(struct script *s, const struct words *w);
	} commands[] = {
		{ "broker", broker }, { "topic", topic }, { "gone", gone }, { "leader", leader }, { "policy", policy },
		{ "offsets", offsets }, { "group", group }, { "commit", commit }, { "snapshot", snapshot },
		{ "connection", connection }, { "stream", stream }, { "note", note }, { "row", row }, { "late-row", row },
		{ "rows", rows }, { "behind", behind }, { "fake-topic", fake_topic },
		{ "fake-group", fake_group },
	};

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		*known = strcmp(commands[i].name, w->v[0]) == 0;
		if (*known)
			return commands[i].run(s, w);
	}
	return false;
}

void
script_cluster_fini(struct script *s)
{
	for (size_t i = 0; i < TOPICS_MAX; i++)
		free(s->topics[i].name);
	for (int i = 0; i < s->brokers; i++)
		free(s->broker[i].host);
	for (int i = 0; i < 8; i++)
		free(s->group[i].name);
}
