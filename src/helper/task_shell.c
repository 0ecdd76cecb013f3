/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a shell in a node, on a terminal that the front has passed along.
 *
 * Where it is allowed, the shell is the first process of a process namespace of its own: when it
 * ends, or when this process is killed in whatever way, all that was started in it ends with it,
 * and the node goes. /proc stays the machine's, where /proc/sys/net shows the reader's own node.
 */
#include <config.h>

#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include <arplab/i18n.h>

#include "descriptors.h"

#define SETTINGS_MAX 40
#define SETTING_SIZE 64
#define COULD_NOT_START 126 /* As shells say it of a command. */
#define PIDFD_OPEN 434      /* SYS_pidfd_open, which older C libraries do not name. */
#define CHILD 0             /* fds[]: readable when it has ended. */

/* What the child needs, all made ready before it is there. */
struct plan {
	int terminal, node;
	int parent;                          /* Readable once this process is gone. */
	char *environment[SETTINGS_MAX + 1]; /* The first is the prompt. */
	char where[SETTING_SIZE], prompt[SETTING_SIZE], plain_prompt[SETTING_SIZE];
	char no_history[16], path[PATH_MAX];
};

/* ---- environment ---- */

static bool is_kept(const char *setting)
{
	static const char *const kept[] = { "TERM=", "COLORTERM=", "HOME=", "LANG=", "LANGUAGE=",
		"LC_", "USER=", "LOGNAME=", "TZ=", "NO_COLOR=" };
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (strncmp(setting, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

static void plan_environment(struct plan *p, const char *name)
{
	const char *path = getenv("PATH");
	size_t count = 0;
	snprintf(p->prompt, sizeof p->prompt, "PS1=[%s] \\w \\$ ", name);
	snprintf(p->plain_prompt, sizeof p->plain_prompt, "PS1=[%s] # ", name);
	snprintf(p->where, sizeof p->where, "ARPLAB_NODE=%s", name);
	snprintf(p->path, sizeof p->path, "PATH=%s:/usr/local/sbin:/usr/sbin:/sbin",
		path && path[0] ? path : "/usr/local/bin:/usr/bin:/bin");
	p->environment[count++] = p->prompt;
	p->environment[count++] = p->where;
	p->environment[count++] = p->path;
	/* What is typed in the lab does not belong in the history of the person's own shell. */
	text_copy(p->no_history, sizeof p->no_history, "HISTFILE=");
	p->environment[count++] = p->no_history;
	for (char **e = environ; *e && count < SETTINGS_MAX; e++)
		if (is_kept(*e))
			p->environment[count++] = *e;
	p->environment[count] = NULL;
}

/* ---- the child ---- */

static _Noreturn void fail(const char *what)
{
	dprintf(STDERR_FILENO, _("arplab: no shell can be started: %s: %s\r\n"), what,
		strerror(errno));
	_exit(COULD_NOT_START);
}

/*
 * Die with the parent, which may be gone already: a parent outside of the process namespace is
 * not to be seen by its number.
 */
static void die_with_parent(const struct plan *p)
{
	struct pollfd gone = { .fd = p->parent, .events = POLLIN };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (poll(&gone, 1, 0) != 0)
		_exit(COULD_NOT_START);
}

static void reset_signals(void)
{
	sigset_t none;
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A session of its own on the terminal, so that its keys for signals and job control work. */
static void take_terminal(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	setsid();
	ioctl(fd, TIOCSCTTY, 0);
	if (flags >= 0)
		fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (dup2(fd, i) < 0)
			_exit(COULD_NOT_START);
}

static _Noreturn void be_shell(struct plan *p)
{
	char bash[] = "bash", no_rc[] = "--norc", no_profile[] = "--noprofile";
	char interactive[] = "-i", sh[] = "sh", here[PATH_MAX];
	char *const bash_words[] = { bash, no_rc, no_profile, interactive, NULL };
	char *const sh_words[] = { sh, interactive, NULL };
	die_with_parent(p);
	take_terminal(p->terminal);
	if (setns(p->node, CLONE_NEWNET) < 0)
		fail(_("its machine cannot be entered"));
	/* Everything is close-on-exec already; this is for what somebody may forget one day. */
	close_others(-1, -1);
	reset_signals();
	if (!getcwd(here, sizeof here) && chdir("/") < 0)
		fail("/");
	environ = p->environment;
	execvp(bash, bash_words);
	p->environment[0] = p->plain_prompt;
	execvp(sh, sh_words);
	fail(sh);
}

/* ---- starting it ---- */

/* Like fork(), into a new process namespace. */
static pid_t fork_contained(void)
{
	struct clone_args args = { .flags = CLONE_NEWPID, .exit_signal = SIGCHLD };
	return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static int run(struct task *task, struct plan *p)
{
	pid_t pid = fork_contained();
	bool contained = pid > 0;
	if (pid < 0)
		pid = fork();
	if (pid == 0)
		be_shell(p);
	if (pid < 0)
		return -errno;
	task->shell.pid = pid;
	task->shell.contained = contained;
	task->fds[CHILD] = (int)syscall(PIDFD_OPEN, pid, 0);
	return task->fds[CHILD] < 0 ? -errno : 0;
}

static int start(struct tasks *t, struct task *task, struct plan *p, struct err *err)
{
	int r = 0;
	p->parent = (int)syscall(PIDFD_OPEN, getpid(), 0);
	if (p->parent < 0 || fcntl(p->parent, F_SETFD, FD_CLOEXEC) < 0)
		r = -errno;
	if (r == 0)
		r = run(task, p);
	if (p->parent >= 0)
		close(p->parent);
	if (r < 0)
		return err_set(err, r, _("no shell can be started: %s"), strerror(-r));
	return task_watch(t, task, CHILD, LOOP_CHILD, err);
}

static void say_started(struct tasks *t, const struct task *task)
{
	bool there = lab_enter(t->lab, task->action.node) == 0;
	outbox_note(&t->loop->outbox, false,
		task->shell.contained
			? _("a shell in %s runs")
			: _("a shell in %s runs; what it leaves in the background will outlive it, "
			    "since this system allows no process namespace"),
		task_where(t, task));
	if (there)
		lab_leave(t->lab);
}

/* It runs, but its end could not be waited for. It is gone as soon as it is killed. */
static void stillborn(const struct task *task)
{
	if (task->shell.pid <= 0)
		return;
	kill(task->shell.pid, SIGKILL);
	waitpid(task->shell.pid, NULL, 0);
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	if (fd < 0 || !isatty(fd))
		return err_set(err, -ENOTTY, _("a shell needs a terminal, and none came along"));
	struct plan p = { .terminal = fd, .node = lab_namespace(t->lab, task->action.node) };
	plan_environment(&p, task_where(t, task));
	int r = start(t, task, &p, err);
	if (r < 0) {
		stillborn(task);
		return r;
	}
	say_started(t, task);
	return 0;
}

/* ---- its end ---- */

bool shell_kill(struct task *task)
{
	struct shell *s = &task->shell;
	if (s->pid <= 0 || s->killed)
		return false;
	s->killed = true;
	/*
	 * The kernel ends all of a process namespace with its first process. Elsewhere the shell is
	 * asked to go as when its window is closed, since it then tells its jobs.
	 */
	kill(s->pid, s->contained ? SIGKILL : SIGHUP);
	return true;
}

void shell_reap(struct tasks *t, struct task *task)
{
	int status = 0;
	pid_t ended = waitpid(task->shell.pid, &status, WNOHANG);
	if (ended == 0)
		return;
	const char *where = task_where(t, task);
	if (WIFSIGNALED(status))
		task_answer(t, task, 0, _("the shell in %s was ended by signal %d (%s)"), where,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) != 0)
		task_answer(t, task, 0, _("the shell in %s ended with status %d"), where,
			WEXITSTATUS(status));
	else
		task_answer(t, task, 0, _("the shell in %s ended"), where);
	task->shell.pid = 0;
	task_leave(t, task);
}

const struct task_class task_shell = { .what = N_("the shell"), .begin = begin };
