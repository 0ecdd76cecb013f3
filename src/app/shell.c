/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: shell — a shell in a machine of a running lab, from a second terminal. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <arplab/text.h>

#include "attach.h"
#include "relay.h"

static void say_labs(const pid_t *labs, size_t count)
{
	char pids[160];
	struct text t = text_in(pids, sizeof pids);
	for (size_t i = 0; i < count; i++)
		text_printf(&t, " %d", (int)labs[i]);
	app_fail(EXIT_REFUSED, "%zu labs are running; choose one with --pid:%s", count,
		text_end(&t));
}

/* Which lab: the one that --pid names, or the only one. Returns its process, or 0 when said. */
static pid_t choose_lab(const struct app_options *o)
{
	pid_t labs[ATTACH_LABS_MAX];
	int64_t wanted = 0;
	size_t count = attach_find(labs, ATTACH_LABS_MAX);
	if (o->lab && text_parse_int(o->lab, 1, INT32_MAX, &wanted) < 0) {
		app_fail(EXIT_USAGE, "--pid takes the number of a lab's process, not \"%s\"",
			o->lab);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		if (labs[i] == wanted || (!wanted && count == 1))
			return labs[i];
	if (wanted)
		app_fail(EXIT_REFUSED, "process %d is no lab that you may enter", (int)wanted);
	else if (!count)
		app_fail(EXIT_REFUSED,
			"no lab is running here; start `arplab` on another terminal first");
	else
		say_labs(labs, count);
	return 0;
}

static int take_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* Until the shell ends. Returns the exit status. */
static int relay_run(struct relay *r, int signals)
{
	for (;;) {
		struct signalfd_siginfo info;
		struct pollfd fds[] = {
			{ .fd = relay_hungry(r) ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = r->master,
				.events = (short)(POLLIN | (relay_hungry(r) ? 0 : POLLOUT)) },
			{ .fd = signals, .events = POLLIN },
		};
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return EXIT_REFUSED;
		if (fds[2].revents && read(signals, &info, sizeof info) == sizeof info) {
			if (info.ssi_signo != SIGWINCH)
				return 128 + (int)info.ssi_signo;
			relay_resize(r);
		}
		if (fds[0].revents)
			relay_hands(r);
		if (fds[1].revents & POLLOUT)
			relay_push(r);
		if (fds[1].revents & ~POLLOUT && !relay_shell(r))
			return EXIT_FINE;
	}
}

int app_shell(const struct app_options *o)
{
	struct relay relay;
	struct err err = { "" };
	int slave;
	if (!isatty(STDIN_FILENO))
		return app_fail(EXIT_REFUSED,
			"standard input is not a terminal; a shell in a machine needs one");
	pid_t lab = choose_lab(o);
	if (!lab)
		return EXIT_REFUSED;
	relay_init(&relay);
	if (relay_open(&relay, &slave, &err) < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	int error = attach_ask(lab, o->args[0], slave, &err);
	close(slave);
	if (error) {
		relay_end(&relay);
		return app_fail(EXIT_REFUSED, "%s", err.text);
	}
	int signals = take_signals();
	relay_begin(&relay);
	int status = relay_run(&relay, signals);
	relay_end(&relay);
	close(signals);
	return status;
}
