/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the fork that makes the helper, and what is checked before it. */
#include <config.h>

#include <arplab/helper.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/capability.h>

#include <arplab/i18n.h>
#include <arplab/parts.h>
#include <arplab/text.h>

#include "descriptors.h"
#include "persist.h"
#include "privileges.h"

#define SEND_BUFFER (1024 * 1024)
#define HOST_POWERS (UINT64_C(1) << CAP_NET_RAW | UINT64_C(1) << CAP_NET_ADMIN)

/* ---- checks ---- */

static int unknown_iface(const char *name, struct err *err)
{
	char list[200];
	struct text t = text_in(list, sizeof list);
	struct if_nameindex *all = if_nameindex();
	for (const struct if_nameindex *i = all; i && i->if_index; i++) {
		if (i != all)
			text_put(&t, ", ");
		text_name(&t, i->if_name, IFNAME_SIZE);
	}
	if_freenameindex(all);
	return err_set(
		err, -ENODEV, _("there is no interface %s; there are: %s"), name, text_end(&t));
}

static int check_ifaces(const struct helper_options *options, struct err *err)
{
	for (size_t i = 0; i < options->iface_count; i++)
		if (if_nametoindex(options->ifaces[i]) == 0)
			return unknown_iface(options->ifaces[i], err);
	return 0;
}

/* Whether a file could be created beside where it would stand. */
static int check_folder_of(const char *path)
{
	char copy[PATH_MAX];
	text_copy(copy, sizeof copy, path);
	return faccessat(AT_FDCWD, dirname(copy), W_OK | X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/*
 * Whether the helper will be able to write the file. Nothing is created or cut. The helper has not
 * the power to pass over permissions that root has, so the look is taken without it.
 */
static int check_persist(const char *path, struct err *err)
{
	uint64_t before = privileges_effective();
	privileges_use(HOST_POWERS);
	int fd = persist_open(path, O_WRONLY | O_APPEND);
	int r = fd < 0 ? fd : 0;
	if (r == -ENOENT)
		r = check_folder_of(path);
	if (fd >= 0)
		close(fd);
	privileges_use(before);
	if (r == -EACCES && getuid() == 0)
		return err_set(err, r,
			_("cannot write %s: arplab gives up root's power over other users' files; "
			  "choose "
			  "a place that root owns"),
			path);
	return r < 0 ? persist_refused(path, r, err) : 0;
}

static int check(const struct helper_options *options, struct err *err)
{
	int r = 0;
	if (options->scope == SCOPE_HOST)
		r = check_ifaces(options, err);
	if (r == 0)
		r = capture_filter_check(options->filter, err);
	if (r == 0 && options->persist_path)
		r = check_persist(options->persist_path, err);
	return r;
}

/* ---- the child ---- */

/* A capture may be read from standard input; that one stays. */
static void leave_terminal(int file)
{
	setsid();
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fd != file && (null < 0 || dup2(null, fd) < 0))
			close(fd);
}

/* Each interface that is captured takes two descriptors, and there may be hundreds of them. */
static void raise_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * Who reads a file of foreign bytes is not even root any more, whose files it could write. A lab
 * gives its powers up by entering a user namespace, for which it needs them.
 */
static int give_up(enum event_scope scope)
{
	struct err err;
	switch (scope) {
	case SCOPE_HOST:
		return privileges_keep(HOST_POWERS);
	case SCOPE_FILE:
		return front_drop_privileges(&err);
	case SCOPE_LAB:
		return 0;
	case SCOPE_REPLAY:
		break; /* It has no helper. */
	}
	return -EINVAL;
}

static _Noreturn void be_helper(const struct helper_options *options, int socket, pid_t front)
{
	int file = options->scope == SCOPE_FILE ? options->file : -1;
	/* The front may have been started without standard streams, so that the socket took one. */
	socket =
		socket > STDERR_FILENO ? socket : fcntl(socket, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	leave_terminal(file);
	/* Nothing else that the front has open is the helper's business. */
	close_others(socket, file);
	prctl(PR_SET_NAME, "arplab-helper", 0, 0, 0);
	raise_limit();
	if (give_up(options->scope) < 0)
		_exit(1);
	helper_serve(options, socket, (int32_t)front);
}

int helper_spawn(struct helper *h, const struct helper_options *options, struct err *err)
{
	int r = check(options, err);
	if (r < 0)
		return r;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return err_set(err, -errno, _("cannot make a socket: %s"), err_reason(errno));
	int size = SEND_BUFFER;
	if (setsockopt(pair[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
		setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	pid_t front = getpid(), pid = fork();
	if (pid == 0)
		be_helper(options, pair[1], front);
	r = pid < 0 ? -errno : 0;
	close(pair[1]);
	if (r < 0) {
		close(pair[0]);
		return err_set(err, r, _("cannot start the helper process: %s"), err_reason(-r));
	}
	h->socket = pair[0];
	h->pid = pid;
	return 0;
}
