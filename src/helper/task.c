/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the table of the tasks in the lab's nodes: how they begin, wake up, answer and leave. */
#include <config.h>

#include "child.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <arplab/i18n.h>

/* While the front is slow the loop sleeps anyway; this is the pause once it listens again. */
#define RETRY_NS (5 * NS_PER_MS)

struct tasks *tasks_new(struct loop *l, struct lab *lab)
{
	struct tasks *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	t->loop = l;
	t->lab = lab;
	t->clock = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->clock < 0 || loop_watch(l, t->clock, LOOP_TASK_CLOCK, 0) < 0) {
		tasks_free(t);
		return NULL;
	}
	return t;
}

static void close_all(struct tasks *t, struct task *task)
{
	/* Another process may have the same sockets open for a while. */
	for (size_t i = 0; i < TASK_FDS; i++)
		if (task->fds[i] >= 0)
			loop_forget(t->loop, task->fds[i]);
	lab_close(t->lab, task->fds, TASK_FDS);
}

void tasks_free(struct tasks *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *task = &t->slots[i];
		if (!task->class)
			continue;
		if (task->class->reap)
			child_kill(&task->child);
		close_all(t, task);
	}
	if (t->clock >= 0)
		close(t->clock);
	free(t);
}

/* ---- time ---- */

void task_after(struct task *task, uint64_t delay_ns)
{
	task->due_ns = clock_steady_ns() + delay_ns;
}

/* Set the clock to the first time that any task waits for. */
static void wind(struct tasks *t)
{
	uint64_t first = 0;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		uint64_t due = t->slots[i].class ? t->slots[i].due_ns : 0;
		if (due > 0 && (first == 0 || due < first))
			first = due;
	}
	const struct itimerspec at = { .it_value = { .tv_sec = (time_t)(first / NS_PER_S),
					       .tv_nsec = (long)(first % NS_PER_S) } };
	timerfd_settime(t->clock, TFD_TIMER_ABSTIME, &at, NULL);
}

/* ---- answers ---- */

static int send_tried(struct outbox *o, struct task *task)
{
	if (task->tried.kind == 0)
		return 0;
	struct event e = { .tried = task->tried };
	event_begin(&e, EVENT_TRIED, clock_wall_ns());
	int r = outbox_add_sure(o, &e);
	if (r == 0)
		task->tried.kind = 0;
	return r;
}

/* Report what happened until now, then the answer. Without room it waits for the next time. */
static void send_answer(struct tasks *t, struct task *task)
{
	struct outbox *o = &t->loop->outbox;
	lab_settle(t->lab);
	bool there = !task->homeless && lab_enter(t->lab, task->action.node) == 0;
	if (!o->blocked && send_tried(o, task) == 0) {
		struct event e = { .done = task->done };
		event_begin(&e, EVENT_DONE, clock_wall_ns());
		task->unsent = outbox_add_sure(o, &e) < 0;
	}
	if (there)
		lab_leave(t->lab);
	if (task->unsent)
		task_after(task, RETRY_NS);
	else if (task->left)
		task->class = NULL;
}

void task_answer(struct tasks *t, struct task *task, int error, const char *format, ...)
{
	if (task->answered)
		return;
	char whole[2 * EVENT_TEXT_SIZE];
	va_list args;
	va_start(args, format);
	vsnprintf(whole, sizeof whole, format, args);
	va_end(args);
	task->done = (struct done) { .id = task->action.id, .error = error };
	struct text text = text_in(task->done.text, sizeof task->done.text);
	text_name(&text, whole, sizeof task->done.text);
	text_end(&text);
	task->answered = task->unsent = true;
	send_answer(t, task);
}

void task_leave(struct tasks *t, struct task *task)
{
	close_all(t, task);
	task->left = true;
	if (!task->unsent)
		task->class = NULL;
}

/* ---- descriptors ---- */

int task_socket(struct tasks *t, struct task *task, size_t place, int domain, int type,
	int protocol, struct err *err)
{
	int fd = lab_socket(t->lab, task->action.node, domain, type, protocol);
	if (fd < 0)
		return err_set(err, fd, _("no socket can be opened in %s: %s"), task_where(t, task),
			err_reason(-fd));
	task->fds[place] = fd;
	return fd;
}

int task_watch(struct tasks *t, struct task *task, size_t place, enum loop_tag tag, struct err *err)
{
	int r = loop_watch(t->loop, task->fds[place], tag, (int32_t)(task - t->slots));
	return r < 0 ? err_set(err, r, _("the helper cannot wait for anything more: %s"),
			       err_reason(-r))
		     : 0;
}

/* ---- the life of a task ---- */

static const struct task_class *class_of(const struct action *a)
{
	switch ((enum action_kind)a->kind) {
	case ACTION_PING:
	case ACTION_OUTAGE:
		return &task_ping;
	case ACTION_ARPING:
		return &task_arping;
	case ACTION_SEND:
		return &task_send;
	case ACTION_UDP:
		return &task_udp;
	case ACTION_CAPTURE:
		return &task_capture;
	case ACTION_SHELL:
		return &task_shell;
	case ACTION_CONNECT:
		return &task_connect;
	case ACTION_VRRP:
		return &task_keepalived;
	case ACTION_SET:
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
	case ACTION_FILTER:
	case ACTION_CHECK_FILTER:
	case ACTION_LOOK_NEIGH:
	case ACTION_FETCH:
	case ACTION_BUILD:
	case ACTION_ADDR:
	case ACTION_LINK:
	case ACTION_ARP:
	case ACTION_ROUTE:
	case ACTION_NEIGH:
	case ACTION_FLUSH:
	case ACTION_TIMERS:
	case ACTION_PORT:
	case ACTION_MAC:
	case ACTION_RULE:
	case ACTION_SIEVE:
	case ACTION_SERVE:
	case ACTION_VIRTUAL:
	case ACTION_REAL:
	case ACTION_KINDS:
		return NULL;
	}
	return NULL;
}

static struct task *free_slot(struct tasks *t)
{
	for (size_t i = 0; i < TASKS_MAX; i++)
		if (!t->slots[i].class)
			return &t->slots[i];
	return NULL;
}

/* What is wrong with an action before anything is tried. */
static int check(const struct tasks *t, const struct action *a, struct err *err)
{
	if (a->node == 0 || a->node > lab_nodes(t->lab))
		return err_set(err, -ENODEV, _("the lab has no machine number %u"), a->node);
	if (a->ifindex > 0 && !lab_ifname(t->lab, a->node, a->ifindex))
		return err_set(err, -ENODEV, _("%s has no interface with the index %d"),
			lab_node_name(t->lab, a->node), (int)a->ifindex);
	return 0;
}

static void refuse(struct tasks *t, const struct action *a, int error, const char *why)
{
	lab_settle(t->lab);
	bool there = lab_enter(t->lab, a->node) == 0;
	outbox_done(&t->loop->outbox, a->id, error, "%s", why);
	if (there)
		lab_leave(t->lab);
}

static void start(struct tasks *t, const struct task_class *class, const struct action *a, int fd)
{
	struct err err = { "" };
	struct task *task = free_slot(t);
	int r = check(t, a, &err);
	if (r == 0 && !task)
		r = err_set(&err, -EAGAIN,
			_("%d things are going on in the lab already: wait until one of them is "
			  "over, or end a capture or a shell"),
			TASKS_MAX);
	if (r < 0) {
		refuse(t, a, r, err.text);
		return;
	}
	*task = (struct task) { .class = class, .action = *a, .fds = { -1, -1 } };
	r = class->begin(t, task, fd, &err);
	if (r < 0) {
		task->tried.kind = 0;
		task_answer(t, task, r, "%s", err.text);
		task_leave(t, task);
	}
}

void tasks_start(struct tasks *t, const struct action *a, int fd)
{
	const struct task_class *class = class_of(a);
	if (class)
		start(t, class, a, fd);
	if (fd >= 0)
		close(fd);
	wind(t);
}

void tasks_ready(struct tasks *t, int32_t which)
{
	if (which < 0 || which >= TASKS_MAX)
		return;
	struct task *task = &t->slots[which];
	/* The slot may have been freed, or filled anew, earlier in the same round. */
	if (task->class && !task->left && task->class->ready)
		task->class->ready(t, task);
	wind(t);
}

void tasks_due(struct tasks *t)
{
	uint64_t times, now = clock_steady_ns();
	if (read(t->clock, &times, sizeof times) < 0 && errno != EAGAIN)
		return;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *task = &t->slots[i];
		if (!task->class || task->due_ns == 0 || task->due_ns > now)
			continue;
		task->due_ns = 0;
		if (task->unsent)
			send_answer(t, task);
		else
			task->class->due(t, task);
	}
	wind(t);
}

void tasks_child(struct tasks *t)
{
	for (size_t i = 0; i < TASKS_MAX; i++)
		if (t->slots[i].class && t->slots[i].class->reap && !t->slots[i].left)
			t->slots[i].class->reap(t, &t->slots[i]);
	wind(t);
}

unsigned tasks_end(struct tasks *t)
{
	unsigned shells = 0;
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *task = &t->slots[i];
		if (!task->class || task->left)
			continue;
		bool child = task->class->reap && task->child.pid > 0;
		if (child && child_kill(&task->child))
			shells += task->class == &task_shell;
		task->tried.kind = 0;
		task_answer(t, task, -ECANCELED, _("%s in %s was cut short: the lab is taken down"),
			_(task->class->what), task_where(t, task));
		task->homeless = true;
		/* A child keeps its slot until the kernel has ended it. */
		if (!child)
			task_leave(t, task);
	}
	wind(t);
	return shells;
}
