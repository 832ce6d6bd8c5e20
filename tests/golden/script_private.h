/* script_private: what script.c (keys, clock, drawing) and script_cluster.c (snapshots, rows) share. */
#ifndef TOPICMON_TESTS_SCRIPT_PRIVATE_H
#define TOPICMON_TESTS_SCRIPT_PRIVATE_H

#include "fake_cluster.h"
#include "fake_source.h"
#include "script.h"
#include "topicmon/app/app.h"
#include "topicmon/base/mailbox.h"
#include "topicmon/model/picture.h"
#include "topicmon/ui/canvas.h"

#define WORDS_MAX      40
#define TOPICS_MAX     64
#define PARTITIONS_MAX 16
#define START_WALL_MS  1795349071000    /* 2026-11-22 12:04:31 UTC */
#define START_MS       1000000

struct words {
	char *v[WORDS_MAX];     /* owned */
	size_t n;
};

struct script_topic {
	char *name;             /* NULL: free */
	uint32_t npartitions;
	struct partition partitions[PARTITIONS_MAX];
	int32_t replicas[PARTITIONS_MAX][3];
};

struct script {
	struct options options;
	struct settings settings;
	struct connection conn;
	struct app *app;
	struct canvas *canvas;
	struct mailbox *inbox;
	struct source *source;
	struct fake_cluster *cluster;
	struct outbox out;
	struct picture *picture;
	struct script_topic topics[TOPICS_MAX];
	struct { char *name; enum group_state state; bool new_protocol; } group[8];     /* name NULL: free */
	int brokers;
	struct { int id; char *host; int port; } broker[8];
	int64_t now_ms, wall_ms;
	int cols, rows;
	uint64_t stream, closed_stream;         /* the stream open now, and the one before */
	struct stream_meter meter;
	int64_t next_offset;                    /* of `rows` */
	struct strbuf *text;                    /* the output */
};

void script_update(struct script *s, struct event *ev);         /* and gives back what the event owns */

/* The commands of the cluster. NULL: it is not one of them; else whether the words were right. */
bool script_cluster_command(struct script *s, const struct words *w, bool *known);
void script_cluster_fini(struct script *s);

#endif
