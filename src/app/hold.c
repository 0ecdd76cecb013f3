/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: hold changes for a time, until a signal, or as long as a command runs. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#define EXIT_NOT_FOUND 127 /* What shells say of a command that is not there. */
#define EXIT_NOT_RUN 126
#define EXIT_SIGNALLED 128

struct holding {
	const struct app_line *line;
	struct model *model;
	uint64_t end_ns; /* By the steady clock; UINT64_MAX: no end. */
	pid_t child;     /* 0 if there is none. */
	int children;    /* A signalfd of SIGCHLD, or -1. */
	void *buffer;
};

/* In the child: what the front ignores or blocks is the front's business. */
static _Noreturn void exec_command(char **command)
{
	sigset_t none;
	sigemptyset(&none);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	int error = errno;
	app_fail(EXIT_NOT_FOUND, _("cannot run %s: %s"), command[0], err_reason(error));
	_exit(error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
}

static int start_command(struct holding *h, char **command)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	h->children = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	h->child = h->children < 0 ? -1 : fork();
	if (h->child == 0)
		exec_command(command);
	if (h->child > 0)
		return 0;
	h->child = 0;
	return app_fail(EXIT_REFUSED, _("cannot start %s: %s"), command[0], err_reason(errno));
}

/* The command's status as shells give it, or -1 while it runs. */
static int command_ended(struct holding *h)
{
	struct signalfd_siginfo info;
	int status;
	while (read(h->children, &info, sizeof info) > 0)
		continue;
	if (waitpid(h->child, &status, WNOHANG) != h->child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNALLED + WTERMSIG(status);
}

/* The helper goes on telling of changes; somebody has to take that off the line. */
static int drain(struct holding *h)
{
	ssize_t len;
	while ((len = app_receive(h->line, h->buffer, EVENT_BATCH_MAX)) > 0) {
		size_t pos = 0;
		const struct event *e;
		while ((e = app_next_event(h->buffer, (size_t)len, &pos)))
			model_apply(h->model, e);
	}
	return (int)len;
}

/* -1 to go on holding; else the status. */
static int take_signal(const struct holding *h)
{
	int signal_number = app_signal(h->line);
	if (!signal_number)
		return -1;
	if (!h->child)
		return EXIT_FINE; /* The way to end a hold. */
	/* Ctrl-C went to the command, too, and it may have its own use for it, as in system(3). */
	if (signal_number == SIGINT)
		return -1;
	kill(h->child, signal_number);
	return EXIT_SIGNALLED + signal_number;
}

static int wait_ms(const struct holding *h)
{
	if (h->end_ns == UINT64_MAX)
		return -1;
	uint64_t now = clock_steady_ns();
	if (now >= h->end_ns)
		return 0;
	uint64_t left = (h->end_ns - now) / NS_PER_MS + 1;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

static int wait_for_end(struct holding *h)
{
	for (;;) {
		if (drain(h) < 0) {
			app_fail(EXIT_REFUSED, _("the helper process has ended; look with `arplab "
						 "get`, put back with `arplab restore`"));
			return -1;
		}
		int status = h->child ? command_ended(h) : -1;
		if (status < 0)
			status = take_signal(h);
		if (status >= 0)
			return status;
		if (clock_steady_ns() >= h->end_ns)
			return EXIT_FINE;
		struct pollfd fds[] = {
			{ .fd = h->line->socket, .events = POLLIN },
			{ .fd = h->line->signals, .events = POLLIN },
			{ .fd = h->children, .events = POLLIN },
		};
		if (poll(fds, 3, wait_ms(h)) < 0 && errno != EINTR)
			return app_fail(EXIT_REFUSED, _("cannot wait: %s"), err_reason(errno));
	}
}

int app_hold(
	const struct app_options *o, const struct app_line *line, struct model *m, uint64_t for_ns)
{
	struct holding h = {
		.line = line,
		.model = m,
		.end_ns = for_ns ? clock_steady_ns() + for_ns : UINT64_MAX,
		.children = -1,
		.buffer = aligned_alloc(8, EVENT_BATCH_MAX),
	};
	if (!h.buffer)
		abort();
	int status = o->command ? start_command(&h, o->command) : 0;
	if (status == 0)
		status = wait_for_end(&h);
	if (h.children >= 0)
		close(h.children);
	free(h.buffer);
	return status;
}
