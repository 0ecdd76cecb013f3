/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the helper's loop: one epoll over the front's socket, signals, a clock and the sources.
 *
 * While the front is slow the loop waits for the front's socket and signals alone: what the
 * sources have to say stays in the kernel's queues. When there is room again, each part first
 * goes on where it stopped.
 */
#include <config.h>

#include "cluster.h"
#include "serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <linux/capability.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "kernel.h"
#include "privileges.h"

#define TICK_S 2
#define EVENTS_A_ROUND 16
#define GOODBYE_MS 500
/* News that follow each other faster than this are read together. */
#define GATHER_NS (NS_PER_MS / 2)
/* What epoll hands back: tag, node, which. */
#define TAG_SHIFT 48
#define NODE_SHIFT 32

/* ---- descriptors ---- */

static uint64_t tagged(const struct loop *l, enum loop_tag tag, int32_t which)
{
	return (uint64_t)tag << TAG_SHIFT | (uint64_t)l->outbox.node << NODE_SHIFT |
	       (uint32_t)which;
}

int loop_watch(struct loop *l, int fd, enum loop_tag tag, int32_t which)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = tagged(l, tag, which) };
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

int loop_watch_edges(struct loop *l, int fd, enum loop_tag tag, int32_t which)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data.u64 = tagged(l, tag, which) };
	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? -errno : 0;
}

void loop_forget(struct loop *l, int fd)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, NULL);
}

static int watch_signals(struct server *s)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_SETMASK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return s->signals < 0 ? -errno : loop_watch(&s->loop, s->signals, LOOP_SIGNALS, 0);
}

static int watch_timer(struct server *s)
{
	const struct itimerspec every = { { TICK_S, 0 }, { TICK_S, 0 } };
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (s->timer < 0 || timerfd_settime(s->timer, 0, &every, NULL) < 0)
		return -errno;
	return loop_watch(&s->loop, s->timer, LOOP_TIMER, 0);
}

/* ---- the end ---- */

static bool wait_for_room(struct outbox *o, uint64_t until_ns)
{
	uint64_t now = clock_steady_ns();
	if (o->gone || now >= until_ns)
		return false;
	struct pollfd p = { .fd = o->socket, .events = POLLOUT };
	poll(&p, 1, (int)((until_ns - now) / NS_PER_MS) + 1);
	return true;
}

/*
 * Undo, say so, and go without closing anything: libpcap's close waits in the kernel, an exit
 * does not.
 */
static _Noreturn void end(struct server *s)
{
	struct outbox *o = &s->loop.outbox;
	uint64_t until_ns = clock_steady_ns() + GOODBYE_MS * NS_PER_MS;
	/* What is queued must not stand in the way of the sentences about the undoing. */
	while (o->blocked && o->len > EVENT_BATCH_MAX - OUTBOX_RESERVE &&
		wait_for_room(o, until_ns))
		outbox_flush(o);
	if (s->changes)
		changes_end(s->changes);
	struct event bye = { 0 };
	event_begin(&bye, EVENT_BYE, clock_wall_ns());
	while (outbox_add_sure(o, &bye) < 0 && wait_for_room(o, until_ns))
		continue;
	while (outbox_flush(o) == -EAGAIN && wait_for_room(o, until_ns))
		continue;
	_exit(0);
}

/* ---- rounds ---- */

static void tick(struct server *s)
{
	uint64_t times;
	if (read(s->timer, &times, sizeof times) < 0)
		return;
	if (s->lab) {
		lab_tick(s->lab);
		return;
	}
	netsource_tick(s->net);
	if (netsource_knows_links(s->net))
		confs_tick(s->confs);
	if (s->captures)
		captures_count(s->captures);
}

/* What belongs to the machines of a lab. */
static void dispatch_lab(struct server *s, enum loop_tag tag, uint16_t node, int32_t which)
{
	switch (tag) {
	case LOOP_MONITOR:
		lab_monitor_ready(s->lab, node);
		return;
	case LOOP_DUMP:
		lab_dump_ready(s->lab, node);
		return;
	case LOOP_CONFS:
		lab_confs_ready(s->lab);
		return;
	case LOOP_TAP:
		lab_tap_ready(s->lab);
		return;
	case LOOP_TASK:
		tasks_ready(s->tasks, which);
		return;
	case LOOP_TASK_CLOCK:
		tasks_due(s->tasks);
		return;
	case LOOP_CHILD:
		tasks_child(s->tasks);
		return;
	case LOOP_SERVICE:
		cluster_service_ready(lab_cluster(s->lab), which);
		return;
	case LOOP_DIRECTOR:
		cluster_director_ready(lab_cluster(s->lab), which);
		return;
	default: /* The others are any scope's, or another's. */
		return;
	}
}

static void dispatch(struct server *s, uint64_t data)
{
	int32_t which = (int32_t)(uint32_t)data;
	enum loop_tag tag = (enum loop_tag)(data >> TAG_SHIFT);
	if (s->lab)
		dispatch_lab(s, tag, (uint16_t)(data >> NODE_SHIFT), which);
	switch (tag) {
	case LOOP_FRONT:
		server_obey(s);
		return;
	case LOOP_SIGNALS:
		s->ending = true;
		return;
	case LOOP_TIMER:
		tick(s);
		return;
	case LOOP_MONITOR:
		if (s->net)
			netsource_monitor_ready(s->net);
		return;
	case LOOP_DUMP:
		if (s->net)
			netsource_dump_ready(s->net);
		return;
	case LOOP_CAPTURE:
		captures_ready(s->captures, which);
		return;
	case LOOP_FILE:
		s->reading = true;
		return;
	case LOOP_CONFS:
		if (s->confs)
			confs_ready(s->confs);
		return;
	case LOOP_TAP: /* Of a lab. */
	case LOOP_TASK:
	case LOOP_TASK_CLOCK:
	case LOOP_CHILD:
	case LOOP_SERVICE:
	case LOOP_DIRECTOR:
		return;
	}
}

/* What follows from a round: values to report, the journal, one opening, one piece of a file. */
static void settle(struct server *s)
{
	struct outbox *o = &s->loop.outbox;
	if (s->changes && !o->blocked)
		changes_resume(s->changes);
	if (s->confs && netsource_knows_links(s->net) && !o->blocked &&
		(confs_waiting(s->confs) || s->any_changed)) {
		s->any_changed = false;
		confs_poll(s->confs);
		if (!s->reported && !confs_waiting(s->confs) && outbox_flush(o) == 0) {
			changes_report(s->changes);
			s->reported = true;
		}
	}
	if (s->reading && !o->blocked)
		s->reading = capfile_work(s->file);
	if (s->lab && !o->blocked)
		lab_round(s->lab);
	if (!o->blocked)
		outbox_flush(o);
	if (s->reported && s->openings && !o->blocked) {
		s->openings = captures_work(s->captures);
		outbox_flush(o);
	}
	if (o->gone)
		s->ending = true;
}

static bool only_news(const struct epoll_event *ready, int count)
{
	for (int i = 0; i < count; i++)
		if (ready[i].data.u64 >> TAG_SHIFT != LOOP_MONITOR &&
			ready[i].data.u64 >> TAG_SHIFT != LOOP_CAPTURE &&
			ready[i].data.u64 >> TAG_SHIFT != LOOP_TAP)
			return false;
	return count > 0;
}

/*
 * In a storm every message would be a turn of the loop and a batch of its own. The first news
 * after a quiet moment are passed on at once; those hard behind it wait for company, but never
 * keep an action or a signal waiting.
 */
static void gather(struct server *s)
{
	uint64_t now = clock_steady_ns(), due = s->read_ns + GATHER_NS;
	if (now < due) {
		struct pollfd p[] = {
			{ .fd = s->loop.outbox.socket, .events = POLLIN },
			{ .fd = s->signals, .events = POLLIN },
		};
		const struct timespec pause = { .tv_nsec = (long)(due - now) };
		ppoll(p, 2, &pause, NULL);
		now = due;
	}
	s->read_ns = now;
}

static void wait_for_sources(struct server *s)
{
	struct epoll_event ready[EVENTS_A_ROUND];
	bool more = s->reading || (s->openings && s->reported);
	int count = epoll_wait(s->loop.epoll, ready, EVENTS_A_ROUND, more ? 0 : -1);
	if (only_news(ready, count))
		gather(s);
	for (int i = 0; i < count && !s->loop.outbox.blocked && !s->ending; i++)
		dispatch(s, ready[i].data.u64);
}

static void wait_for_front(struct server *s)
{
	struct outbox *o = &s->loop.outbox;
	struct pollfd p[] = {
		{ .fd = o->socket, .events = POLLOUT | (server_can_obey(s) ? POLLIN : 0) },
		{ .fd = s->signals, .events = POLLIN },
	};
	if (poll(p, 2, -1) < 0)
		return;
	if (p[1].revents)
		s->ending = true;
	if (p[0].revents & (POLLIN | POLLHUP))
		server_obey(s);
	if (p[0].revents & (POLLOUT | POLLERR | POLLHUP))
		outbox_flush(o);
}

/* There is room again: each part goes on where it stopped. */
static void resume(struct server *s)
{
	s->stalled = false;
	if (s->net)
		netsource_resume(s->net);
	if (s->captures)
		captures_resume(s->captures);
	if (s->lab)
		lab_resume(s->lab);
}

/* ---- the beginning ---- */

static void link_news(void *arg, const struct link *link, bool gone)
{
	struct server *s = arg;
	const char *old = netsource_name(s->net, link->ifindex);
	if (old && (gone || strcmp(old, link->name) != 0))
		changes_link_gone(s->changes, link->ifindex);
	confs_link(s->confs, link, gone);
	if (s->captures) {
		captures_link(s->captures, link, gone);
		s->openings = true;
	}
}

static uint32_t powers(void)
{
	uint64_t caps = privileges_effective();
	struct statvfs proc;
	bool writable =
		statvfs("/proc/sys/net/ipv4/conf", &proc) == 0 && !(proc.f_flag & ST_RDONLY);
	uint32_t found = 0;
	if (caps >> CAP_NET_RAW & 1)
		found |= POWER_CAPTURE;
	if (caps >> CAP_NET_ADMIN & 1 && writable)
		found |= POWER_CHANGE;
	return found;
}

static void say_hello(struct server *s, uid_t uid)
{
	struct event e = { .hello = {
				   .pid = getpid(), .uid = uid, .scope = s->loop.options->scope } };
	event_begin(&e, EVENT_HELLO, clock_wall_ns());
	if (s->loop.options->scope != SCOPE_FILE)
		e.hello.kernel = kernel_version();
	if (s->lab)
		e.hello.powers = POWER_CAPTURE | POWER_CHANGE;
	if (s->loop.options->scope == SCOPE_HOST) {
		e.hello.powers = powers();
		e.hello.netns = netns_identity();
	}
	if (gethostname(e.hello.host, sizeof e.hello.host) < 0)
		e.hello.host[0] = '\0';
	e.hello.host[sizeof e.hello.host - 1] = '\0';
	outbox_add_sure(&s->loop.outbox, &e);
}

static int begin_timer(struct server *s, struct err *err)
{
	int r = watch_timer(s);
	return r < 0 ? err_set(err, r, _("cannot make a timer: %s"), err_reason(-r)) : 0;
}

static int begin_host(struct server *s, struct err *err)
{
	const struct netsource_ops ops = { .link = link_news, .arg = s };
	s->net = netsource_new(&s->loop, &ops, err);
	if (!s->net)
		return -EIO;
	s->confs = confs_new(&s->loop);
	s->changes = changes_new(&s->loop, netsource_name, netsource_index, s->net);
	if (s->loop.options->capture && !s->loop.options->sysctls_only)
		s->captures = captures_new(&s->loop);
	if (!s->confs || !s->changes)
		return err_set(err, -ENOMEM, _("out of memory"));
	confs_restart(s->confs);
	netsource_restart(s->net);
	return begin_timer(s, err);
}

/* The user is asked before: in a namespace of its own it is root. */
static int begin_lab(struct server *s, struct err *err)
{
	uid_t uid = getuid();
	s->lab = lab_new(&s->loop, err);
	say_hello(s, uid);
	if (!s->lab)
		return -EIO;
	s->tasks = tasks_new(&s->loop, s->lab);
	return s->tasks ? begin_timer(s, err) : err_set(err, -ENOMEM, _("out of memory"));
}

static int begin(struct server *s, struct err *err)
{
	int r = s->loop.epoll < 0 ? -errno : watch_signals(s);
	if (r == 0)
		r = loop_watch(&s->loop, s->loop.outbox.socket, LOOP_FRONT, 0);
	if (r < 0)
		return err_set(err, r, _("cannot set the helper up: %s"), err_reason(-r));
	if (s->loop.options->scope == SCOPE_LAB)
		return begin_lab(s, err);
	say_hello(s, getuid());
	if (s->loop.options->scope == SCOPE_HOST)
		return begin_host(s, err);
	s->file = capfile_new(&s->loop, err);
	s->reading = s->file != NULL;
	return s->file ? 0 : -EIO;
}

_Noreturn void helper_serve(const struct helper_options *options, int socket, int32_t front)
{
	struct server *s = calloc(1, sizeof *s);
	if (!s)
		_exit(1);
	s->loop.options = options;
	s->loop.front = front;
	outbox_init(&s->loop.outbox, socket);
	s->loop.epoll = epoll_create1(EPOLL_CLOEXEC);
	struct err err = { "" };
	if (begin(s, &err) < 0) {
		outbox_note(&s->loop.outbox, true, "%s", err.text);
		s->ending = true;
	}
	while (!s->ending) {
		settle(s);
		s->stalled |= s->loop.outbox.blocked;
		if (s->ending)
			break;
		if (s->loop.outbox.blocked)
			wait_for_front(s);
		else
			wait_for_sources(s);
		if (s->loop.outbox.blocked)
			s->stalled = true;
		else if (s->stalled)
			resume(s);
	}
	end(s);
}
