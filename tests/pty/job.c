/*
 * pty_job: the little of a shell that job control needs. Runs a command as a job in the foreground of its terminal; when it
 * stops, says "job stopped" and waits for a line; then continues it. Its exit status is the job's, or 128 and the signal.
 *
 * A real shell would set the line of its own prompt, and nobody could tell what the job had left.
 *
 *   pty_job COMMAND [ARG...]
 */
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void
to_foreground(pid_t group)
{
	/* From the background this would stop us. */
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(STDIN_FILENO, group);
}

static _Noreturn void
run(char **argv)
{
	setpgid(0, 0);
	to_foreground(getpid());
	signal(SIGTTOU, SIG_DFL);
	execvp(argv[0], argv);
	_exit(127);
}

int
main(int argc, char **argv)
{
	char line[64];
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0)
		run(argv + 1);
	setpgid(pid, pid);
	while (waitpid(pid, &status, WUNTRACED) == pid) {
		if (!WIFSTOPPED(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		to_foreground(getpgrp());
		puts("job stopped");
		fflush(stdout);
		if (fgets(line, sizeof line, stdin) == NULL)
			return 1;
		to_foreground(pid);
		kill(-pid, SIGCONT);
	}
	return 1;
}
