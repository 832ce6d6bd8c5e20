/* picture: see the header. Here: groups, their members and their commits. */
#include <stdlib.h>
#include <string.h>

#include "picture_private.h"
#include "topicmon/base/mem.h"

static void
free_groups(struct picture_group *groups, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(groups[i].topics);
	free(groups);
}

void
picture_free_groups(struct picture *p)
{
	free_groups(p->groups, p->ngroups);
	free_groups(p->next_groups, p->nnext_groups);
}

/* The listing. */

void
picture_groups_begin(struct picture *p)
{
	free_groups(p->next_groups, p->nnext_groups);
	p->next_groups = NULL;
	p->nnext_groups = p->next_groups_cap = 0;
	p->in_groups_round = true;
}

void
picture_group(struct picture *p, const char *name, enum group_state state, bool new_protocol)
{
	if (p->nnext_groups == p->next_groups_cap) {
		p->next_groups_cap = p->next_groups_cap ? p->next_groups_cap * 2 : 16;
		p->next_groups = xreallocarray(p->next_groups, p->next_groups_cap, sizeof(*p->next_groups));
	}
	p->next_groups[p->nnext_groups++] = (struct picture_group){
		.name = shelf_text(p->shelf, name), .state = state, .new_protocol = new_protocol,
	};
}

static int
compare_groups(const void *a, const void *b)
{
	return strcmp(((const struct picture_group *)a)->name, ((const struct picture_group *)b)->name);
}

/* Members and commits stay with a group; they are told by answers of their own. */
static void
take_over(struct picture_group *g, struct picture_group *old)
{
	g->members_known = old->members_known;
	g->members_asked = old->members_asked;
	g->commits_asked = old->commits_asked;
	g->members = old->members;
	g->nmembers = old->nmembers;
	g->topics = old->topics;
	g->ntopics = old->ntopics;
	old->topics = NULL;
}

void
picture_groups_end(struct picture *p)
{
	size_t kept = 0, o = 0, same = 0;

	if (p->nnext_groups > 1)
		qsort(p->next_groups, p->nnext_groups, sizeof(*p->next_groups), compare_groups);
	for (size_t i = 0; i < p->nnext_groups; i++) {
		struct picture_group *g = &p->next_groups[i];

		if (kept > 0 && p->next_groups[kept - 1].name == g->name)
			continue;       /* several coordinators may name it while it moves */
		while (o < p->ngroups && strcmp(p->groups[o].name, g->name) < 0)
			o++;
		if (o < p->ngroups && p->groups[o].name == g->name) {
			same += g->state == p->groups[o].state && g->new_protocol == p->groups[o].new_protocol;
			take_over(g, &p->groups[o]);
		}
		p->next_groups[kept++] = *g;
	}
	p->changed = p->changed || !p->groups_listed || p->groups_denied || same != kept || kept != p->ngroups;
	free_groups(p->groups, p->ngroups);
	p->groups = p->next_groups;
	p->ngroups = kept;
	p->next_groups = NULL;
	p->nnext_groups = p->next_groups_cap = 0;
	p->in_groups_round = false;
	p->groups_listed = true;
	p->groups_denied = false;
	picture_tidy(p);
}

void
picture_groups_denied(struct picture *p)
{
	p->changed = p->changed || !p->groups_denied;
	p->groups_listed = true;
	p->groups_denied = true;
}

static int
compare_name(const void *name, const void *group)
{
	return strcmp(name, ((const struct picture_group *)group)->name);
}

static struct picture_group *
find_group(struct picture *p, const char *name)
{
	return p->ngroups ? bsearch(name, p->groups, p->ngroups, sizeof(*p->groups), compare_name) : NULL;
}

/* Members. */

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
same_member(const struct member *a, const struct member *b)
{
	if (a->nassigned != b->nassigned || !same_text(a->id, b->id) || !same_text(a->client_id, b->client_id) ||
	    !same_text(a->host, b->host))
		return false;
	for (size_t i = 0; i < a->nassigned; i++) {
		if (a->partitions[i] != b->partitions[i] || !same_text(a->topics[i], b->topics[i]))
			return false;
	}
	return true;
}

static bool
same_members(const struct picture_group *g, const struct member *members, size_t n)
{
	if (g->nmembers != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!same_member(&g->members[i], &members[i]))
			return false;
	}
	return true;
}

static const struct member *
shelve_members(struct shelf *sh, const struct member *members, size_t n)
{
	struct member *copy;

	if (!n)
		return NULL;
	copy = shelf_room(sh, n * sizeof(*copy));
	for (size_t i = 0; i < n; i++) {
		const struct member *m = &members[i];
		const char **topics = shelf_room(sh, m->nassigned * sizeof(*topics));
		int32_t *partitions = shelf_room(sh, m->nassigned * sizeof(*partitions));

		for (size_t k = 0; k < m->nassigned; k++) {
			topics[k] = shelf_text(sh, m->topics[k]);
			partitions[k] = m->partitions[k];
		}
		copy[i] = (struct member){
			.id = shelf_text(sh, m->id), .client_id = shelf_text(sh, m->client_id),
			.host = shelf_text(sh, m->host), .topics = topics, .partitions = partitions,
			.nassigned = m->nassigned,
		};
	}
	return copy;
}

void
picture_group_members(struct picture *p, const char *group, enum group_state state, const struct member *members,
                      size_t n, bool known)
{
	struct picture_group *g = find_group(p, group);

	if (!g)
		return;
	p->changed = p->changed || g->state != state || !g->members_asked || g->members_known != known;
	g->state = state;
	g->members_asked = true;
	g->members_known = known;
	/* The same members asked about every second must not fill the shelf. */
	if (same_members(g, members, n))
		return;
	p->changed = true;
	g->members = shelve_members(p->shelf, members, n);
	g->nmembers = n;
	picture_tidy(p);
}

/* Commits. */

struct named_commit {
	const char *topic;
	struct commit commit;
};

static int
compare_commits(const void *a, const void *b)
{
	const struct named_commit *x = a, *y = b;
	int order = x->topic == y->topic ? 0 : strcmp(x->topic, y->topic);

	return order ? order : (x->commit.partition > y->commit.partition) - (x->commit.partition < y->commit.partition);
}

static bool
same_commits(const struct picture_group *g, const struct named_commit *named, size_t n)
{
	size_t i = 0;

	for (size_t k = 0; k < g->ntopics; k++) {
		const struct picture_commits *pc = &g->topics[k];

		for (size_t c = 0; c < pc->n; c++, i++) {
			if (i == n || named[i].topic != pc->topic || named[i].commit.offset != pc->commits[c].offset ||
			    named[i].commit.partition != pc->commits[c].partition)
				return false;
		}
	}
	return i == n && g->commits_asked;
}

/* One block: the topics, and behind them all their commits. */
static void
keep_commits(struct picture *p, struct picture_group *g, const struct named_commit *named, size_t n)
{
	size_t ntopics = 0, t = 0;
	struct commit *commits;

	for (size_t i = 0; i < n; i++)
		ntopics += i == 0 || named[i].topic != named[i - 1].topic;
	free(g->topics);
	g->topics = xmalloc(ntopics * sizeof(*g->topics) + n * sizeof(*commits));
	g->ntopics = ntopics;
	commits = (struct commit *)(void *)(g->topics + ntopics);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || named[i].topic != named[i - 1].topic) {
			g->topics[t++] = (struct picture_commits){
				.topic = named[i].topic, .index = picture_topic_index(p, named[i].topic),
				.commits = &commits[i],
			};
		}
		g->topics[t - 1].n++;
		commits[i] = named[i].commit;
	}
}

void
picture_group_commits(struct picture *p, const char *group, const char *const *topics, const int32_t *partitions,
                      const int64_t *committed, size_t n)
{
	struct picture_group *g = find_group(p, group);
	struct named_commit *named;
	size_t kept = 0;

	if (!g)
		return;
	named = xcalloc(n, sizeof(*named));
	for (size_t i = 0; i < n; i++) {
		if (committed[i] < 0)
			continue;       /* a partition that was asked for and has no commit */
		named[kept++] = (struct named_commit){
			.topic = shelf_text(p->shelf, topics[i]),
			.commit = { .partition = partitions[i], .offset = committed[i] },
		};
	}
	if (kept > 1)
		qsort(named, kept, sizeof(*named), compare_commits);
	if (!same_commits(g, named, kept)) {
		keep_commits(p, g, named, kept);
		p->changed = true;
	}
	g->commits_asked = true;
	free(named);
}

void
picture_find_commits(struct picture *p)
{
	for (size_t i = 0; i < p->ngroups; i++) {
		for (size_t k = 0; k < p->groups[i].ntopics; k++) {
			struct picture_commits *pc = &p->groups[i].topics[k];

			pc->index = picture_topic_index(p, pc->topic);
		}
	}
}

void
picture_move_groups(struct picture *p, struct shelf *to)
{
	for (size_t i = 0; i < p->ngroups; i++) {
		struct picture_group *g = &p->groups[i];

		g->name = shelf_text(to, g->name);
		g->members = shelve_members(to, g->members, g->nmembers);
		for (size_t k = 0; k < g->ntopics; k++)
			g->topics[k].topic = shelf_text(to, g->topics[k].topic);
	}
}
