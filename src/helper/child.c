/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: processes in a node: how they are begun, how they end with this one. */
#include <config.h>

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include "descriptors.h"

#define PIDFD_OPEN 434 /* SYS_pidfd_open, which older C libraries do not name. */

/* ---- in the child ---- */

/*
 * Die with the parent, which may be gone already: a parent outside of the process namespace is
 * not to be seen by its number.
 */
static void die_with_parent(const struct child_plan *p)
{
	struct pollfd gone = { .fd = p->parent, .events = POLLIN };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&gone, 1, 0) != 0)
		_exit(CHILD_COULD_NOT_START);
}

int child_settle(const struct child_plan *plan)
{
	die_with_parent(plan);
	return setns(plan->node, CLONE_NEWNET) < 0 ? -errno : 0;
}

static void reset_signals(void)
{
	sigset_t none;
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void child_leave_nothing(void)
{
	/* Everything is close-on-exec already; this is for what somebody may forget one day. */
	close_others(-1, -1);
	reset_signals();
}

/* ---- starting it ---- */

/* Like fork(), into a new process namespace. */
static pid_t fork_contained(uint64_t flags)
{
	struct clone_args args = { .flags = CLONE_NEWPID | flags, .exit_signal = SIGCHLD };
	return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static int run(struct task *task, struct child_plan *p, uint64_t flags)
{
	pid_t pid = fork_contained(flags);
	bool contained = pid > 0;
	if (pid < 0 && flags == 0)
		pid = fork();
	if (pid == 0)
		p->be(p);
	if (pid < 0)
		return -errno;
	task->child.pid = pid;
	task->child.contained = contained;
	task->fds[CHILD_FD] = (int)syscall(PIDFD_OPEN, pid, 0);
	return task->fds[CHILD_FD] < 0 ? -errno : 0;
}

/* It runs, but its end could not be waited for. It is gone as soon as it is killed. */
static void stillborn(struct child *c)
{
	if (c->pid <= 0)
		return;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	c->pid = 0;
}

int child_run(struct tasks *t, struct task *task, struct child_plan *plan, uint64_t flags,
	struct err *err)
{
	int r = 0;
	plan->node = lab_namespace(t->lab, task->action.node);
	plan->parent = (int)syscall(PIDFD_OPEN, getpid(), 0);
	if (plan->parent < 0 || fcntl(plan->parent, F_SETFD, FD_CLOEXEC) < 0)
		r = -errno;
	if (r == 0)
		r = run(task, plan, flags);
	if (plan->parent >= 0)
		close(plan->parent);
	if (r < 0)
		err_set(err, r, "%s", err_reason(-r));
	else
		r = task_watch(t, task, CHILD_FD, LOOP_CHILD, err);
	if (r < 0)
		stillborn(&task->child);
	return r;
}

/* ---- its end ---- */

bool child_kill(struct child *c)
{
	if (c->pid <= 0 || c->killed)
		return false;
	c->killed = true;
	/*
	 * The kernel ends all of a process namespace with its first process. Elsewhere the child is
	 * asked to go as when its window is closed, since a shell then tells its jobs.
	 */
	kill(c->pid, c->contained ? SIGKILL : SIGHUP);
	return true;
}

bool child_ended(struct child *c, int *ret_status)
{
	*ret_status = 0;
	if (waitpid(c->pid, ret_status, WNOHANG) == 0)
		return false;
	c->pid = 0;
	return true;
}
