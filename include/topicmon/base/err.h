/*
 * err: a failure as a value: what kind, what Kafka said, and a sentence for people.
 *
 * It holds no pointer, so it is copied freely and crosses threads inside an event without a question of ownership.
 * Fallible functions take `struct err *e` last; e may be NULL; on failure their outputs are untouched.
 *
 * Thread: any.   Depends on: libc.
 */
#ifndef TOPICMON_BASE_ERR_H
#define TOPICMON_BASE_ERR_H

#include <stdbool.h>

#define PRINTF_LIKE(fmt_index, first_arg) __attribute__((format(printf, fmt_index, first_arg)))

/* What the caller can do about it; each maps to one documented exit status (err_exit_status). */
enum err_code {
	ERR_NONE = 0,
	ERR_FAILED,             /* the operation failed */
	ERR_USAGE,              /* an option, a config, a theme, a form field is wrong */
	ERR_UNREACHABLE,        /* no broker answers */
	ERR_TIMEOUT,            /* a broker answers, but not within --timeout */
	ERR_DENIED,             /* not authorised, or the login failed */
	ERR_NOT_FOUND,          /* the topic or group does not exist */
	ERR_EXISTS,             /* it is there already */
	ERR_REFUSED,            /* read-only, protected, not confirmed */
	ERR_CANCELLED,          /* somebody asked for it to stop */
};

struct err {
	enum err_code code;
	int kafka;              /* the protocol's own error code, or 0 */
	bool retriable;         /* the UI may offer "retry" */
	char text[240];         /* whole sentence, UTF-8, no newline */
};

/* Fills *e (when not NULL) and returns false, so that "return err_set(...)" reads well. Text that does not fit is cut at
 * a character boundary. */
bool err_set(struct err *e, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Makes *e (when not NULL) "no error". */
void err_clear(struct err *e);

/* The exit status that the manual promises for this kind of failure: 0 done, 1 failed, 2 usage, 3 unreachable or timed
 * out, 4 denied, 5 not found, 6 refused. */
int err_exit_status(enum err_code code);

#endif
