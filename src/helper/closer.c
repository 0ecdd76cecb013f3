/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a process that closes what the kernel takes long to close. */
#include <config.h>

#include "closer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"

/*
 * What it may be behind with, in bytes that the kernel counts for messages: some twenty of them.
 * Who makes labs faster than the kernel clears them away must feel it.
 */
#define BACKLOG_BYTES 16384

void closer_init(struct closer *c)
{
	*c = (struct closer) { .socket = -1 };
}

/* Descriptors arrive with a message, and are closed. False at the end of the stream. */
static bool close_some(int socket)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(CLOSER_FDS_MAX * sizeof(int))];
	char byte;
	struct iovec part = { .iov_base = &byte, .iov_len = sizeof byte };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	ssize_t len = recvmsg(socket, &m, MSG_CMSG_CLOEXEC);
	if (len <= 0)
		return len < 0 && errno == EINTR;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			close(fd);
		}
	}
	return true;
}

/* The end of its socket is the end of the helper, however that came. */
static _Noreturn void be_closer(int socket)
{
	close_others(socket, -1);
	prctl(PR_SET_NAME, "arplab-closer", 0, 0, 0);
	while (close_some(socket))
		continue;
	_exit(0);
}

static int start(struct closer *c)
{
	int ends[2], backlog = BACKLOG_BYTES;
	if (c->pid > 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &backlog, sizeof backlog);
	pid_t pid = fork();
	if (pid == 0)
		be_closer(ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -EAGAIN;
	}
	*c = (struct closer) { .socket = ends[0], .pid = pid };
	return 0;
}

/* Somebody has killed it; the next one takes its place. */
static void bury(struct closer *c)
{
	close(c->socket);
	while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	closer_init(c);
}

/* Returns whether it has taken copies of them. */
static bool hand_over(struct closer *c, const int *fds, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(CLOSER_FDS_MAX * sizeof(int))] = { 0 };
	char byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = sizeof byte };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = CMSG_SPACE(count * sizeof *fds) };
	if (start(c) < 0)
		return false;
	struct cmsghdr *head = CMSG_FIRSTHDR(&m);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof *fds);
	memcpy(CMSG_DATA(head), fds, count * sizeof *fds);
	if (sendmsg(c->socket, &m, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return true;
	if (errno == EPIPE || errno == ECONNRESET)
		bury(c);
	return false;
}

void closer_take(struct closer *c, int *fds, size_t count)
{
	int open[CLOSER_FDS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0)
			open[n++] = fds[i];
		fds[i] = -1;
		if (n == 0 || (n < CLOSER_FDS_MAX && i + 1 < count))
			continue;
		/* Whether they were taken or not: ours are closed, and are the last ones if not. */
		hand_over(c, open, n);
		while (n > 0)
			close(open[--n]);
	}
}

void closer_done(struct closer *c)
{
	if (c->socket >= 0)
		close(c->socket);
	closer_init(c);
}
