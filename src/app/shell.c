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

#include <arplab/i18n.h>

#include "attach.h"
#include "relay.h"

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
			_("standard input is not a terminal; a shell in a machine needs one"));
	pid_t lab;
	int status = attach_choose(o, &lab);
	if (status >= 0)
		return status;
	relay_init(&relay);
	if (relay_open(&relay, &slave, &err) < 0)
		return app_fail(EXIT_REFUSED, "%s", err.text);
	int error = attach_ask(lab, ATTACH_SHELL, o->args[0], slave, &err);
	close(slave);
	if (error) {
		relay_end(&relay);
		return app_fail(EXIT_REFUSED, "%s", err.text);
	}
	int signals = take_signals();
	relay_begin(&relay);
	status = relay_run(&relay, signals);
	relay_end(&relay);
	close(signals);
	return status;
}
