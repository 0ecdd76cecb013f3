/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a shell in a node, on a terminal that the front has passed along. */
#include <config.h>

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arplab/i18n.h>

#define SETTINGS_MAX 40
#define SETTING_SIZE 64

/* What the child needs, all made ready before it is there. */
struct plan {
	struct child_plan child;
	int terminal;
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
	dprintf(STDERR_FILENO, _("arplab: no shell can be started: %s: %s"), what,
		err_reason(errno));
	dprintf(STDERR_FILENO, "\r\n");
	_exit(CHILD_COULD_NOT_START);
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
			_exit(CHILD_COULD_NOT_START);
}

__attribute__((noreturn)) static void be_shell(struct child_plan *plan)
{
	struct plan *p = (struct plan *)plan;
	char bash[] = "bash", no_rc[] = "--norc", no_profile[] = "--noprofile";
	char interactive[] = "-i", sh[] = "sh", here[PATH_MAX];
	char *const bash_words[] = { bash, no_rc, no_profile, interactive, NULL };
	char *const sh_words[] = { sh, interactive, NULL };
	int r = child_settle(plan);
	take_terminal(p->terminal);
	errno = -r;
	if (r < 0)
		fail(_("its machine cannot be entered"));
	child_leave_nothing();
	if (!getcwd(here, sizeof here) && chdir("/") < 0)
		fail("/");
	environ = p->environment;
	execvp(bash, bash_words);
	p->environment[0] = p->plain_prompt;
	execvp(sh, sh_words);
	fail(sh);
}

/* ---- starting it ---- */

static void say_started(struct tasks *t, const struct task *task)
{
	bool there = lab_enter(t->lab, task->action.node) == 0;
	outbox_note(&t->loop->outbox, false,
		task->child.contained
			? _("a shell in %s runs")
			: _("a shell in %s runs; what it leaves in the background will outlive it, "
			    "since this system allows no process namespace"),
		task_where(t, task));
	if (there)
		lab_leave(t->lab);
}

static int begin(struct tasks *t, struct task *task, int fd, struct err *err)
{
	if (fd < 0 || !isatty(fd))
		return err_set(err, -ENOTTY, _("a shell needs a terminal, and none came along"));
	struct plan p = { .child = { .be = be_shell }, .terminal = fd };
	struct err why = { "" };
	plan_environment(&p, task_where(t, task));
	int r = child_run(t, task, &p.child, 0, &why);
	if (r < 0)
		return err_set(err, r, _("no shell can be started: %s"), why.text);
	say_started(t, task);
	return 0;
}

/* ---- its end ---- */

static void reap(struct tasks *t, struct task *task)
{
	int status;
	if (!child_ended(&task->child, &status))
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
	task_leave(t, task);
}

const struct task_class task_shell = { .what = N_("the shell"), .begin = begin, .reap = reap };
