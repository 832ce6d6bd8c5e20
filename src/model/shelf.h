/*
 * shelf: what successive snapshots have in common (names, replica lists, members), kept once. It only grows: what lies
 * on it never moves and never changes, so snapshots that other threads hold may point into it while the picture adds
 * more. The picture and each snapshot hold a reference; when much of it is no longer wanted, the picture begins another.
 *
 * Thread: put: the picture's owner; ref, unref: any.   Depends on: base.
 */
#ifndef TOPICMON_MODEL_SHELF_PRIVATE_H
#define TOPICMON_MODEL_SHELF_PRIVATE_H

#include <stddef.h>

struct shelf;

struct shelf *shelf_new(void);
struct shelf *shelf_ref(struct shelf *sh);
void shelf_unref(struct shelf *sh);

/* The one copy of these bytes, put there when it is new; borrowed from the shelf, aligned for integers. */
const void *shelf_put(struct shelf *sh, const void *bytes, size_t len);
/* The one copy of a text, with its NUL; NULL gives NULL. */
const char *shelf_text(struct shelf *sh, const char *text);
/* The copy if there is one, NULL otherwise: a name that was never put there is nobody's. */
const char *shelf_find(const struct shelf *sh, const char *text);
/* Room that the caller fills before anybody else sees it; aligned for pointers. */
void *shelf_room(struct shelf *sh, size_t size);
/* Bytes taken so far. */
size_t shelf_bytes(const struct shelf *sh);

#endif
