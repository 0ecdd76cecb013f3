/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: keepalived, if it is installed, in a node: it makes VRRP decide who has an address.
 *
 * It runs in mounts of its own, where /run is empty and vanishes with it: its configuration and its
 * pid files are there, and nothing of the machine's own keepalived is touched. What it says is
 * read, and its changes of state are told.
 */
#include <config.h>

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>

#include <arplab/i18n.h>

#include "lab_parts.h"

#define CONFIGURATION "/run/keepalived.conf"
#define WORDS_FD 1                 /* fds[]: what it says, line by line. */
#define PATIENCE_NS (5 * NS_PER_S) /* In which it takes its addresses away and ends. */
#define LINES_A_ROUND 16

struct plan {
	struct child_plan child;
	int words; /* Where it writes to. */
	char program[PATH_MAX];
	char configuration[1024];
};

/* ---- the program ---- */

/* Find it where a shell would, and where programs for root are. */
static int find_program(char *ret, size_t size)
{
	char places[PATH_MAX];
	const char *path = getenv("PATH");
	snprintf(places, sizeof places, "%s:/usr/local/sbin:/usr/sbin:/sbin", path ? path : "");
	for (char *rest = places, *place; (place = strsep(&rest, ":"));) {
		int len = snprintf(ret, size, "%s/keepalived", place);
		if (place[0] == '/' && len > 0 && (size_t)len < size && access(ret, X_OK) == 0)
			return 0;
	}
	return -ENOENT;
}

int keepalived_try(const struct lab_node *n)
{
	char program[PATH_MAX];
	(void)n;
	return find_program(program, sizeof program);
}

/* ---- the child ---- */

static _Noreturn void fail(const char *what)
{
	dprintf(STDERR_FILENO, "%s: %s\n", what, err_reason(errno));
	_exit(CHILD_COULD_NOT_START);
}

/* Nothing that is mounted or written here is to be seen outside. */
static void have_own_run(void)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		mount("arplab", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=755") < 0)
		fail("/run");
}

static void write_configuration(const char *text)
{
	size_t len = strlen(text);
	int fd = open(CONFIGURATION, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len)
		fail(CONFIGURATION);
	close(fd);
}

__attribute__((noreturn)) static void be_keepalived(struct child_plan *plan)
{
	struct plan *p = (struct plan *)plan;
	/* Stay in front, VRRP alone, say everything on standard output and nothing in the log. */
	char how[] = "-nPGlD", file[] = "-f" CONFIGURATION;
	char pid[] = "-p/run/keepalived.pid", vrrp_pid[] = "-r/run/vrrp.pid";
	char *const words[] = { p->program, how, file, pid, vrrp_pid, NULL };
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int r = child_settle(plan);
	if (dup2(nothing, STDIN_FILENO) < 0 || dup2(p->words, STDOUT_FILENO) < 0 ||
		dup2(p->words, STDERR_FILENO) < 0)
		_exit(CHILD_COULD_NOT_START);
	errno = -r;
	if (r < 0)
		fail("network namespace");
	have_own_run();
	write_configuration(p->configuration);
	child_leave_nothing();
	execv(p->program, words);
	fail(p->program);
}

/* ---- starting it ---- */

/* As a cluster's usual configuration has it: all begin as backups, and the priority decides. */
static void configure(struct plan *p, const struct tasks *t, const struct task *task)
{
	const struct action *a = &task->action;
	unsigned router = ntohl(a->ip) & 0xff;
	snprintf(p->configuration, sizeof p->configuration,
		"global_defs {\n"
		"  router_id %s\n"
		"}\n"
		"vrrp_instance arplab {\n"
		"  state BACKUP\n"
		"  interface %s\n"
		"  virtual_router_id %u\n"
		"  priority %u\n"
		"  advert_int 1\n"
		"  virtual_ipaddress {\n"
		"    %s/32\n"
		"  }\n"
		"}\n",
		task_where(t, task), task_iface(t, task), router ? router : 1, a->count,
		ip_word(a->ip).text);
}

static struct task *running(struct tasks *t, const struct task *self)
{
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *other = &t->slots[i];
		if (other != self && other->class == &task_keepalived && !other->left &&
			!other->homeless && other->action.value &&
			other->action.node == self->action.node)
			return other;
	}
	return NULL;
}

static int start(struct tasks *t, struct task *task, struct err *err)
{
	struct plan p = { .child = { .be = be_keepalived } };
	struct err why = { "" };
	int ends[2];
	int r = find_program(p.program, sizeof p.program);
	if (r < 0)
		return err_set(err, r,
			_("keepalived is not installed: install it (Debian: apt install "
			  "keepalived); "
			  "its service need not run"));
	if (running(t, task))
		return err_set(err, -EEXIST, _("%s runs keepalived already"), task_where(t, task));
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_set(err, -errno, "%s", err_reason(errno));
	configure(&p, t, task);
	p.words = ends[1];
	task->fds[WORDS_FD] = ends[0];
	r = task_watch(t, task, WORDS_FD, LOOP_TASK, &why);
	if (r == 0)
		r = child_run(t, task, &p.child, CLONE_NEWNS, &why);
	close(ends[1]);
	if (r < 0)
		return err_set(err, r, _("keepalived cannot be started in %s: %s"),
			task_where(t, task), why.text);
	task_answer(t, task, 0, _("%s runs keepalived for %s, with priority %u"),
		task_where(t, task), ip_word(task->action.ip).text, task->action.count);
	return 0;
}

/* Who asks for the end waits for it: the address is gone then. */
static int stop(struct tasks *t, struct task *task, struct err *err)
{
	struct task *other = running(t, task);
	if (!other)
		return err_set(err, -ENOENT, _("%s does not run keepalived"), task_where(t, task));
	kill(other->child.pid, SIGTERM);
	task_after(task, PATIENCE_NS);
	return 0;
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	(void)fd;
	return task->action.value ? start(t, task, err) : stop(t, task, err);
}

/* It was asked to end, and has not. */
static void due(struct tasks *t, struct task *task)
{
	struct task *other = running(t, task);
	if (other)
		child_kill(&other->child);
}

/* ---- what it says ---- */

static void note(struct tasks *t, const struct task *task, bool warning, const char *text)
{
	bool there = !task->homeless && lab_enter(t->lab, task->action.node) == 0;
	outbox_note(&t->loop->outbox, warning, "%s", text);
	if (there)
		lab_leave(t->lab);
}

/* "Mon Nov 23 06:23:05 2026: (arplab) Entering MASTER STATE" */
static void take_line(struct tasks *t, struct task *task, const char *line)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	const char *stamp = strstr(line, ": ");
	text_copy(task->keeping.last, sizeof task->keeping.last, stamp ? stamp + 2 : line);
	const char *entering = strstr(line, "Entering ");
	if (!entering)
		return;
	entering += strlen("Entering ");
	text_printf(&text, _("keepalived in %s is %.*s now"), task_where(t, task),
		(int)strcspn(entering, " "), entering);
	note(t, task, false, text_end(&text));
}

static void ready(struct tasks *t, struct task *task)
{
	struct keeping *k = &task->keeping;
	for (int i = 0; i < LINES_A_ROUND; i++) {
		ssize_t len =
			read(task->fds[WORDS_FD], k->words + k->len, sizeof k->words - 1 - k->len);
		if (len == 0)
			loop_forget(t->loop, task->fds[WORDS_FD]);
		if (len <= 0)
			return;
		k->len += (size_t)len;
		k->words[k->len] = '\0';
		char *rest = k->words;
		for (char *feed; (feed = strchr(rest, '\n')); rest = feed + 1) {
			*feed = '\0';
			take_line(t, task, rest);
		}
		k->len = strlen(rest);
		/* A line without an end is nothing that is looked for. */
		if (k->len == sizeof k->words - 1)
			k->len = 0;
		memmove(k->words, rest, k->len);
	}
}

/* ---- its end ---- */

/* One who waits for its end. */
static struct task *stopper(struct tasks *t, const struct task *self)
{
	for (size_t i = 0; i < TASKS_MAX; i++) {
		struct task *other = &t->slots[i];
		if (other->class == &task_keepalived && !other->left && !other->action.value &&
			other->action.node == self->action.node)
			return other;
	}
	return NULL;
}

static void reap(struct tasks *t, struct task *task)
{
	char words[EVENT_TEXT_SIZE];
	struct text text = text_in(words, sizeof words);
	int status;
	if (!task->action.value || !child_ended(&task->child, &status))
		return;
	struct task *waiting = stopper(t, task);
	ready(t, task);
	task_leave(t, task);
	if (!waiting && !task->homeless) {
		text_printf(&text, _("keepalived in %s ended by itself: %s"), task_where(t, task),
			task->keeping.last[0] ? task->keeping.last
			: WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
					      : _("it said nothing"));
		note(t, task, true, text_end(&text));
	}
	for (; waiting; waiting = stopper(t, task)) {
		task_answer(t, waiting, 0, _("%s does not run keepalived any more"),
			task_where(t, waiting));
		task_leave(t, waiting);
	}
}

const struct task_class task_keepalived = {
	.what = "keepalived", .begin = begin, .ready = ready, .due = due, .reap = reap
};
