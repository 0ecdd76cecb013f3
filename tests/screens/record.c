/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a script played in a real lab, and what that lab said written down for replay.c.
 *
 *	record NAME     plays $ARPLAB_TESTS/screens/NAME.keys, writes the file that it names
 */
#include <config.h>

#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/helper.h>

#define LINE_SIZE 4096
#define QUIET_NS (300 * NS_PER_MS)  /* Nothing has happened for so long: the lab is at rest. */
#define PATIENCE_NS (20 * NS_PER_S) /* For an answer. */

struct answers {
	FILE *file;
	struct app_line helper;
	unsigned waiting; /* Actions without an answer. */
	int shell;        /* Where a shell's input is typed; -1: there was none. */
	uint64_t heard_ns;
	void *batch;
};

static void fail(struct show *p, const char *what, const char *why)
{
	snprintf(p->wrong, sizeof p->wrong, "%.200s: %.250s", what, why);
}

/* ---- what the program asks for ---- */

/* A terminal with a shell on it, which is told what to do and to end. */
static void pass_shell_on(struct show *p, struct answers *a, struct action shell)
{
	char typed[ACTION_TEXT_SIZE + 8];
	int len = snprintf(typed, sizeof typed, "%s\nexit\n", shell.text);
	memset(shell.text, 0, sizeof shell.text);
	if (a->shell >= 0)
		close(a->shell);
	a->shell = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (a->shell < 0 || grantpt(a->shell) < 0 || unlockpt(a->shell) < 0) {
		fail(p, "no terminal for a shell", strerror(errno));
		return;
	}
	int slave = open(ptsname(a->shell), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || app_send_with(&a->helper, &shell, slave) < 0 ||
		write(a->shell, typed, (size_t)len) != len)
		fail(p, "a shell", strerror(errno));
	if (slave >= 0)
		close(slave);
}

static void write_asked(struct answers *a, struct action asked)
{
	char line[LINE_SIZE];
	struct text t = text_in(line, sizeof line);
	uint32_t id = asked.id;
	asked.id = 0;
	action_write(&t, &asked);
	fprintf(a->file, "> %u %s\n", (unsigned)id, text_end(&t));
}

/* Pass one message on as it stands. */
static bool pass_on(struct show *p, struct answers *a)
{
	static _Alignas(8) char message[EVENT_BATCH_MAX];
	ssize_t len = recv(p->far, message, sizeof message, MSG_DONTWAIT);
	const struct action *asked = (const void *)message;
	if (len < (ssize_t)sizeof *asked)
		return false;
	write_asked(a, *asked);
	a->waiting++;
	a->heard_ns = clock_steady_ns();
	if (asked->kind == ACTION_SHELL)
		pass_shell_on(p, a, *asked);
	else if (send(a->helper.socket, message, (size_t)len, MSG_NOSIGNAL) != len)
		fail(p, "the helper does not listen", strerror(errno));
	return true;
}

/* ---- what the lab says ---- */

/* A recording does not tell on which machine it was made. */
static void write_heard(struct answers *a, const struct event *e)
{
	char line[LINE_SIZE];
	struct text t = text_in(line, sizeof line);
	struct event hello;
	if (e->kind == EVENT_HELLO) {
		memcpy(&hello, e, e->size);
		text_copy(hello.hello.host, sizeof hello.hello.host, "lab");
		e = &hello;
	}
	event_write(&t, e);
	fprintf(a->file, "%s\n", text_end(&t));
}

static void take(struct show *p, struct answers *a, const struct event *e)
{
	write_heard(a, e);
	if (e->kind == EVENT_DONE && a->waiting)
		a->waiting--;
	show_event(p, e);
}

static bool listen_once(struct show *p, struct answers *a)
{
	ssize_t len = app_receive(&a->helper, a->batch, EVENT_BATCH_MAX);
	const struct event *e;
	size_t pos = 0;
	if (len == -EPIPE)
		fail(p, "the helper", "it has ended");
	if (len <= 0)
		return false;
	while ((e = app_next_event(a->batch, (size_t)len, &pos)))
		take(p, a, e);
	a->heard_ns = clock_steady_ns();
	return true;
}

/* When there is something to do even if nothing is heard. */
static uint64_t due_ns(const struct show *p, const struct answers *a)
{
	uint64_t due = a->heard_ns + (a->waiting ? PATIENCE_NS : QUIET_NS);
	uint64_t wake = p->lab.wake_ns;
	return wake != UINT64_MAX && (wake < due || !a->waiting) ? wake : due;
}

bool answers_next(struct show *p)
{
	struct answers *a = p->answers;
	while (!p->wrong[0] && pass_on(p, a))
		continue;
	uint64_t now = clock_steady_ns(), due = due_ns(p, a);
	struct pollfd fd = { .fd = a->helper.socket, .events = POLLIN };
	poll(&fd, 1, due > now ? (int)((due - now) / NS_PER_MS) + 1 : 0);
	if (listen_once(p, a))
		return true;
	if (clock_steady_ns() >= p->lab.wake_ns)
		return true;
	if (a->waiting && clock_steady_ns() >= due)
		fail(p, "the helper", "it does not answer");
	return a->waiting > 0;
}

/* ---- beginning and end ---- */

static bool has_hello(const struct show *p)
{
	return p->ui.model->hello.pid != 0;
}

struct answers *answers_open(struct show *p, const char *path)
{
	const struct helper_options options = { .scope = SCOPE_LAB, .file = -1 };
	struct helper helper = { .socket = -1 };
	struct err err = { "" };
	struct answers *a = calloc(1, sizeof *a);
	if (!a)
		abort();
	a->shell = -1;
	a->batch = aligned_alloc(8, EVENT_BATCH_MAX);
	if (!a->batch)
		abort();
	if (helper_spawn(&helper, &options, &err) < 0)
		fail(p, "no lab", err.text);
	else if (!(a->file = fopen(path, "we")))
		fail(p, path, strerror(errno));
	a->helper = (struct app_line) { .socket = helper.socket, .pid = helper.pid, .signals = -1 };
	if (p->wrong[0])
		return a;
	fputs("# What a lab said: written by `record`, see README.md.\n", a->file);
	a->heard_ns = clock_steady_ns();
	struct pollfd fd = { .fd = helper.socket, .events = POLLIN };
	while (!p->wrong[0] && (!has_hello(p) || poll(&fd, 1, (int)(QUIET_NS / NS_PER_MS)) > 0)) {
		poll(&fd, 1, (int)(PATIENCE_NS / NS_PER_MS));
		if (!listen_once(p, a) && !has_hello(p))
			fail(p, "the helper", "it does not say hello");
	}
	return a;
}

void answers_close(struct answers *a)
{
	if (!a)
		return;
	if (a->shell >= 0)
		close(a->shell);
	if (a->helper.socket >= 0)
		close(a->helper.socket);
	if (a->helper.pid > 0)
		waitpid(a->helper.pid, NULL, 0);
	if (a->file)
		fclose(a->file);
	free(a->batch);
	free(a);
}

int main(int argc, char **argv)
{
	char dir[512], path[1024];
	const char *tests = getenv("ARPLAB_TESTS");
	if (argc != 2) {
		fprintf(stderr, "usage: record NAME\n");
		return 2;
	}
	snprintf(dir, sizeof dir, "%s/screens", tests ? tests : "tests");
	snprintf(path, sizeof path, "%s/%s.keys", dir, argv[1]);
	char *script = show_slurp(path);
	struct show *p = show_new(dir, 40, 120);
	show_play(p, script);
	int status = p->wrong[0] || !p->answers;
	if (status)
		fprintf(stderr, "record: %s\n", p->wrong[0] ? p->wrong : "nothing to record");
	show_free(p);
	free(script);
	return status;
}
