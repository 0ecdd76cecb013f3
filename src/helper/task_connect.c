/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: connections of a client, one after the other: who answered each, and whether a director
 * had handed it on.
 */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <arplab/i18n.h>

#include "cluster.h"

#define ANSWER_NS (1500 * NS_PER_MS) /* A SYN is repeated after a second. */
#define LOST_MOST 3                  /* In a row; then it is not tried any more. */

/* ---- one connection ---- */

static void next(struct tasks *t, struct task *task);

static void finish_one(struct tasks *t, struct task *task)
{
	loop_forget(t->loop, task->fds[0]);
	lab_close(t->lab, task->fds, 1);
	next(t, task);
}

/* The machine whose name was said, or 0. */
static uint16_t named(const struct tasks *t, const char *reply, size_t len)
{
	const char *end = memchr(reply, '\n', len);
	size_t size = end ? (size_t)(end - reply) : len;
	for (uint16_t node = 1; node <= lab_nodes(t->lab); node++) {
		const char *own = lab_node_name(t->lab, node);
		if (strlen(own) == size && memcmp(own, reply, size) == 0)
			return node;
	}
	return 0;
}

static void count_answer(struct tasks *t, struct task *task, uint16_t server)
{
	struct sockaddr_in own = { 0 };
	socklen_t size = sizeof own;
	getsockname(task->fds[0], (struct sockaddr *)&own, &size);
	uint16_t by = cluster_handed_on(lab_cluster(t->lab), server, task->action.ip,
		task->action.port, own.sin_addr.s_addr, own.sin_port);
	task->tried.received++;
	task->connecting.lost = 0;
	for (size_t i = 0; i < SHARES_MAX; i++) {
		struct share *s = &task->connecting.shares[i];
		if (s->count && (s->server != server || s->director != by))
			continue;
		*s = (struct share) { server, by, s->count + 1 };
		return;
	}
}

static void lose(struct task *task, int error)
{
	task->tried.error = task->tried.error ? task->tried.error : error;
	task->connecting.lost++;
}

/*
 * Begin the next one. What the kernel refuses at once is counted as lost; -errno and a sentence if
 * not even that could be tried.
 */
static int connect_one(struct tasks *t, struct task *task, struct err *err)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(task->action.port),
		.sin_addr.s_addr = task->action.ip };
	int fd = task_socket(t, task, 0, AF_INET, SOCK_STREAM, IPPROTO_TCP, err);
	int r = fd < 0 ? fd : task_bind(t, task, fd, err);
	if (r < 0)
		return r;
	task->tried.sent++;
	task->connecting.asked = false;
	task_after(task, ANSWER_NS);
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) {
		lose(task, -errno);
		lab_close(t->lab, task->fds, 1);
		task_after(task, 1);
		return 0;
	}
	r = loop_watch_edges(t->loop, fd, LOOP_TASK, (int32_t)(task - t->slots));
	return r < 0 ? err_set(err, r, _("the helper cannot wait for anything more")) : 0;
}

/* ---- all of them ---- */

static void put_shares(const struct tasks *t, const struct task *task, struct text *text)
{
	const struct share *shares = task->connecting.shares;
	for (size_t i = 0; i < SHARES_MAX && shares[i].count; i++) {
		text_put(text, i ? _(", ") : ": ");
		text_printf(text, shares[i].director ? _("%s %u") : _("%s %u (no director)"),
			lab_node_name(t->lab, shares[i].server), shares[i].count);
	}
}

static void tell_shares(struct tasks *t, const struct task *task)
{
	const struct share *shares = task->connecting.shares;
	if (lab_enter(t->lab, task->action.node) < 0)
		return;
	for (size_t i = 0; i < SHARES_MAX && shares[i].count; i++) {
		struct event e = { .served = { .id = task->action.id,
					   .ip = task->action.ip,
					   .port = task->action.port,
					   .server = shares[i].server,
					   .director = shares[i].director,
					   .count = shares[i].count } };
		event_begin(&e, EVENT_SERVED, clock_wall_ns());
		outbox_add_sure(&t->loop->outbox, &e);
	}
	lab_leave(t->lab);
}

static void finish(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	const struct tried *tried = &task->tried;
	text_printf(&text, _("%s: %u of %u connections to %s:%u answered"), task_where(t, task),
		tried->received, task->action.count, ip_word(tried->ip).text,
		(unsigned)task->action.port);
	put_shares(t, task, &text);
	if (tried->error && cluster_is_idle(lab_cluster(t->lab), tried->ip, task->action.port)) {
		text_put(&text, "; ");
		text_put(&text, _("the director has no real server that takes connections"));
	} else if (tried->error) {
		text_put(&text, "; ");
		text_put(&text, task_reason(tried->error));
	}
	lab_settle(t->lab);
	cluster_tell(lab_cluster(t->lab));
	tell_shares(t, task);
	task_answer(t, task, 0, "%s", text_end(&text));
	task_leave(t, task);
}

static void next(struct tasks *t, struct task *task)
{
	struct err err = { "" };
	if (task->tried.sent == task->action.count || task->connecting.lost == LOST_MOST) {
		finish(t, task);
		return;
	}
	if (connect_one(t, task, &err) < 0) {
		task->tried.error = -EIO;
		finish(t, task);
	}
}

/* It has been connected, or answered, or refused. */
static void ready(struct tasks *t, struct task *task)
{
	static const char question[] = "who\n";
	char reply[64];
	int error = 0;
	socklen_t size = sizeof error;
	getsockopt(task->fds[0], SOL_SOCKET, SO_ERROR, &error, &size);
	if (!error && !task->connecting.asked) {
		if (send(task->fds[0], question, sizeof question - 1, MSG_NOSIGNAL) < 0)
			error = errno == EAGAIN ? 0 : errno;
		else
			task->connecting.asked = true;
	}
	ssize_t len = error ? -1 : recv(task->fds[0], reply, sizeof reply, 0);
	if (!error && len < 0 && errno == EAGAIN)
		return;
	if (len > 0)
		count_answer(t, task, named(t, reply, (size_t)len));
	else
		lose(task, error ? -error : len < 0 ? -errno : -ECONNRESET);
	finish_one(t, task);
}

static void due(struct tasks *t, struct task *task)
{
	if (task->fds[0] < 0) {
		next(t, task);
		return;
	}
	lose(task, -ETIMEDOUT);
	finish_one(t, task);
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	(void)fd;
	task->tried = (struct tried) { .id = task->action.id,
		.kind = ACTION_CONNECT,
		.ip = task->action.ip,
		.source = task->action.ip2 };
	return connect_one(t, task, err);
}

const struct task_class task_connect = {
	.what = N_("the connections"), .begin = begin, .ready = ready, .due = due
};
