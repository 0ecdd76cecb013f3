/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the line to the helper: start it, hear it, ask it, hang up. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/topology.h>

#define SEND_WAIT_MS 2000  /* The helper reads actions at once; longer means that it hangs. */
#define PART_WAIT_MS 10000 /* Undoing every change takes milliseconds. */

struct app_start app_start_from(const struct app_options *o, enum event_scope scope)
{
	return (struct app_start) {
		.scope = scope,
		.iface_count = o->iface_count,
		.ifaces = o->ifaces,
		.filter = o->filter,
		.state_dir = o->state_dir,
		.persist_path = o->persist_path,
		.file = -1,
	};
}

/* Taken before the start, so that no signal falls between; a helper sets its own mask. */
static void block_signals(sigset_t *ret_set, sigset_t *ret_before)
{
	sigemptyset(ret_set);
	sigaddset(ret_set, SIGINT);
	sigaddset(ret_set, SIGTERM);
	sigaddset(ret_set, SIGHUP);
	sigprocmask(SIG_BLOCK, ret_set, ret_before);
}

static int take_signals(const sigset_t *set, struct app_line *line, struct err *err)
{
	line->signals = signalfd(-1, set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (line->signals < 0)
		return err_set(err, -errno, _("cannot take signals: %s"), err_reason(errno));
	return 0;
}

int app_open(const struct app_options *o, const struct app_start *start, struct app_line *ret,
	struct err *err)
{
	*ret = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	sigset_t set, before;
	block_signals(&set, &before);
	int error = o->border->start(start, ret, err);
	if (error) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		return error;
	}
	/* A command that the front runs must not hold the line open: its closing undoes. */
	fcntl(ret->socket, F_SETFD, FD_CLOEXEC);
	return take_signals(&set, ret, err);
}

int app_open_alone(const struct app_options *o, struct app_line *ret, struct err *err)
{
	*ret = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	sigset_t set, before;
	int error = o->border->drop(err);
	if (error)
		return error;
	block_signals(&set, &before);
	return take_signals(&set, ret, err);
}

int app_open_status(int error)
{
	switch (error) {
	case -EINVAL:
	case -ENODEV:
	case -ENXIO:
	case -E2BIG:
		return EXIT_USAGE;
	default:
		return EXIT_REFUSED;
	}
}

int app_signal(const struct app_line *line)
{
	struct signalfd_siginfo info;
	if (line->signals < 0 || read(line->signals, &info, sizeof info) != sizeof info)
		return 0;
	return (int)info.ssi_signo;
}

ssize_t app_receive(const struct app_line *line, void *buffer, size_t size)
{
	ssize_t len = recv(line->socket, buffer, size, MSG_DONTWAIT);
	if (len > 0)
		return len;
	if (len == 0 || errno == ECONNRESET)
		return -EPIPE;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	return -errno;
}

const struct event *app_next_event(const void *buffer, size_t len, size_t *pos)
{
	if (*pos >= len)
		return NULL;
	const void *at = (const char *)buffer + *pos;
	long size = event_check(at, len - *pos);
	if (size < 0)
		return NULL;
	*pos += (size_t)size;
	return at;
}

/* One message of several parts, waiting for room for a moment. */
static int send_parts(const struct app_line *line, struct msghdr *m)
{
	for (;;) {
		if (sendmsg(line->socket, m, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != ENOBUFS)
			return -EPIPE;
		struct pollfd fd = { .fd = line->socket, .events = POLLOUT };
		if (poll(&fd, 1, SEND_WAIT_MS) == 0)
			return -ETIMEDOUT;
	}
}

/* An iovec is not const, and sendmsg() does not write through it. */
static struct iovec part(const void *bytes, size_t len)
{
	return (struct iovec) { .iov_base = (void *)(uintptr_t)bytes, .iov_len = len };
}

int app_send(const struct app_line *line, const struct action *a)
{
	struct iovec io = part(a, sizeof *a);
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1 };
	return send_parts(line, &m);
}

int app_send_build(const struct app_line *line, const struct action *a, const struct topology *t)
{
	struct iovec io[] = { part(a, sizeof *a), part(t, sizeof *t) };
	struct msghdr m = { .msg_iov = io, .msg_iovlen = 2 };
	return send_parts(line, &m);
}

int app_send_with(const struct app_line *line, const struct action *a, int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec io = part(a, sizeof *a);
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	return send_parts(line, &m);
}

/* A buffer for one batch. A front without memory ends, and the helper undoes. */
static void *batch_new(void)
{
	void *buffer = aligned_alloc(8, EVENT_BATCH_MAX);
	if (!buffer)
		abort();
	return buffer;
}

/* Apply all batches that wait. Returns 0 or -EPIPE. */
static int apply_waiting(const struct app_line *line, struct model *m, void *buffer)
{
	ssize_t len;
	while ((len = app_receive(line, buffer, EVENT_BATCH_MAX)) > 0) {
		size_t pos = 0;
		const struct event *e;
		while ((e = app_next_event(buffer, (size_t)len, &pos)))
			model_apply(m, e);
	}
	return (int)len;
}

static int pump_with(const struct app_line *line, struct model *m,
	bool (*enough)(const struct model *m, void *arg), void *arg, int wait_ms, void *buffer)
{
	uint64_t end_ns =
		wait_ms < 0 ? UINT64_MAX : clock_steady_ns() + (uint64_t)wait_ms * NS_PER_MS;
	for (;;) {
		int error = apply_waiting(line, m, buffer);
		if (enough(m, arg))
			return 0;
		if (error)
			return error;
		int left = -1;
		if (wait_ms >= 0) {
			uint64_t now = clock_steady_ns();
			if (now >= end_ns)
				return -ETIMEDOUT;
			left = (int)((end_ns - now + NS_PER_MS - 1) / NS_PER_MS);
		}
		struct pollfd fds[] = {
			{ .fd = line->socket, .events = POLLIN },
			{ .fd = line->signals, .events = POLLIN },
		};
		if (poll(fds, 2, left) > 0 && fds[1].revents && app_signal(line))
			return -EINTR;
	}
}

int app_pump(const struct app_line *line, struct model *m,
	bool (*enough)(const struct model *m, void *arg), void *arg, int wait_ms, struct err *err)
{
	void *buffer = batch_new();
	int error = pump_with(line, m, enough, arg, wait_ms, buffer);
	free(buffer);
	switch (error) {
	case 0:
		return 0;
	case -ETIMEDOUT:
		return err_set(err, error, _("the helper did not answer in time; try again"));
	case -EINTR:
		return err_set(err, error, "interrupted");
	case -EPIPE:
		return err_set(err, error,
			_("the helper process has ended; `arplab restore` puts back what it left"));
	default:
		return err_set(err, error, _("cannot hear the helper: %s"), err_reason(-error));
	}
}

static bool answered(const struct model *m, void *arg)
{
	const struct action *a = arg;
	return m->last_done.id == a->id;
}

int app_ask(const struct app_line *line, struct model *m, struct action *a, struct err *err)
{
	a->id = m->last_done.id + 1;
	int error = app_send(line, a);
	if (error)
		return err_set(err, error, _("the helper process does not listen any more"));
	error = app_pump(line, m, answered, a, PART_WAIT_MS, err);
	if (error)
		return error;
	return err_set(err, m->last_done.error, "%s", m->last_done.text);
}

/* Grave notes of the end: a value that could not be put back, and why. */
/* Returns how many sentences about something wrong there were. */
static int print_last_words(const void *buffer, size_t len, bool *bye)
{
	size_t pos = 0;
	int grave = 0;
	const struct event *e;
	while ((e = app_next_event(buffer, len, &pos))) {
		if (e->kind == EVENT_NOTE && e->note.grave) {
			app_fail(EXIT_REFUSED, "%s", e->note.text);
			grave++;
		}
		if (e->kind == EVENT_BYE)
			*bye = true;
	}
	return grave;
}

int app_hang_up(struct app_line *line)
{
	int grave = 0;
	if (line->socket >= 0) {
		void *buffer = batch_new();
		uint64_t end_ns = clock_steady_ns() + PART_WAIT_MS * NS_PER_MS;
		bool bye = false;
		shutdown(line->socket, SHUT_WR);
		while (!bye && clock_steady_ns() < end_ns) {
			struct pollfd fd = { .fd = line->socket, .events = POLLIN };
			ssize_t len = 0;
			if (poll(&fd, 1, 100) > 0)
				len = app_receive(line, buffer, EVENT_BATCH_MAX);
			if (len < 0)
				break;
			grave += print_last_words(buffer, (size_t)len, &bye);
		}
		free(buffer);
		close(line->socket);
	}
	if (line->signals >= 0)
		close(line->signals);
	/* Captures take some milliseconds to close; nobody has to wait for that. */
	if (line->pid > 0)
		waitpid(line->pid, NULL, WNOHANG);
	*line = (struct app_line) { .socket = -1, .pid = -1, .signals = -1 };
	return grave ? EXIT_REFUSED : EXIT_FINE;
}
