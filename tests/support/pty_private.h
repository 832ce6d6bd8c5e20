/*
 * pty_private: what the files of pty_screen share.
 *
 * Thread: one.   Depends on: pty_screen, libvterm.
 */
#ifndef TOPICMON_TESTS_PTY_PRIVATE_H
#define TOPICMON_TESTS_PTY_PRIVATE_H

#include <termios.h>

#include <vterm.h>

#include "pty_screen.h"

#include "topicmon/base/strbuf.h"

struct pty_screen {
	pid_t pid;
	bool ended;
	int status;
	int master, slave;      /* -1 after a hang-up */
	struct termios before;
	int rows, cols;
	VTerm *vt;
	VTermScreen *screen;
	bool cursor_shown, altscreen;
	int mouse;
	int bells;
	struct strbuf answers;  /* what libvterm wants to send */
	bool probing;           /* libvterm's output is only kept here */
	char probed[16];
	size_t nprobed;
	struct strbuf raw;      /* all that the program wrote */
	size_t bytes;
	int64_t last_output_ms;
	unsigned char last_byte;
	bool in_osc;
	char stray[80];
};

/* Writes to the program's terminal, all of it. */
void pty_write(struct pty_screen *ps, const char *bytes, size_t len);

#endif
