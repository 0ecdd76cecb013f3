/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: processes that a task runs in its node: a shell, a program.
 *
 * Where it is allowed, such a process is the first one of a process namespace of its own: when it
 * ends, or when this process is killed in whatever way, all that was started in it ends with it,
 * and the node goes. /proc stays the machine's, where /proc/sys/net shows the reader's own node.
 */
#ifndef ARPLAB_CHILD_H
#define ARPLAB_CHILD_H

#include <stdbool.h>

#include "task.h"

#define CHILD_COULD_NOT_START 126 /* As shells say it of a command. */
#define CHILD_FD 0                /* In a task's fds[]: readable when the child has ended. */

/* What is made ready before the child is there, for the child to use. */
struct child_plan {
	int node;   /* The namespace to go into. */
	int parent; /* Readable once this process is gone. */
	/* In the child: become what it is to be. The plan is the first member of a larger one. */
	void (*be)(struct child_plan *plan) __attribute__((noreturn));
};

/*
 * Fork. In the child plan->be() is called. flags: CLONE_NEWNS where the child wants mounts of its
 * own, else 0; only a contained child can have them. Returns 0, or -errno and nothing runs.
 */
int child_run(struct tasks *t, struct task *task, struct child_plan *plan, uint64_t flags,
	struct err *err);
/* The child's first deeds: it dies with its parent, and is in the node. Returns 0 or -errno. */
int child_settle(const struct child_plan *plan);
/* Its last one before exec: signals as a program expects them, no descriptor of ours. */
void child_leave_nothing(void);
/*
 * End it at once, or ask it to go where it is not contained, as when a window is closed. Returns
 * false if it has been, or never was.
 */
bool child_kill(struct child *c);
/* Its exit status as of waitpid(), if it has ended. */
bool child_ended(struct child *c, int *ret_status);

#endif
