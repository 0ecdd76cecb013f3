/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a running lab and a second terminal find each other. */
#include <config.h>

#include "attach.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arplab/i18n.h>

#include "survey.h"

#define PREFIX "arplab/lab/"
#define ANSWER_WAIT_MS 2000

/* The abstract address of a process's lab: a zero byte, the prefix, the process's number. */
static socklen_t address(struct sockaddr_un *a, pid_t pid)
{
	*a = (struct sockaddr_un) { .sun_family = AF_UNIX };
	int len = snprintf(a->sun_path + 1, sizeof a->sun_path - 1, PREFIX "%d", (int)pid);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

int attach_listen(void)
{
	struct sockaddr_un a;
	socklen_t len = address(&a, getpid());
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&a, len) < 0 || listen(fd, 8) < 0) {
		int error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* Under sudo the front is the person again, and so is root in the lab. */
static bool may_attach(int connection)
{
	struct ucred who;
	socklen_t len = sizeof who;
	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
	       (who.uid == getuid() || who.uid == 0);
}

/* The descriptor that came with a message, or -1. */
static int descriptor_of(struct msghdr *m)
{
	int found = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		/* One that nobody asked for may come along; it is not kept. */
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof found;
		for (size_t i = 0; i < count; i++) {
			int fd;
			memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
			if (found < 0)
				found = fd;
			else
				close(fd);
		}
	}
	return found;
}

int attach_accept(int listener, struct attach_request *ret, int *ret_fd)
{
	int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (connection < 0)
		return -errno;
	if (!may_attach(connection)) {
		attach_answer(connection, _("this lab belongs to another user"));
		return -EPERM;
	}
	/* A client sends at once; one that does not is not waited for. */
	struct pollfd p = { .fd = connection, .events = POLLIN };
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec io = { .iov_base = ret, .iov_len = sizeof *ret };
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	ssize_t len = poll(&p, 1, 100) > 0
			      ? recvmsg(connection, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
			      : -1;
	int fd = len >= 0 ? descriptor_of(&m) : -1;
	if (len != sizeof *ret || fd < 0 || !memchr(ret->node, '\0', sizeof ret->node)) {
		if (fd >= 0)
			close(fd);
		attach_answer(connection, _("the lab did not understand the request"));
		return -EBADMSG;
	}
	*ret_fd = fd;
	return connection;
}

void attach_answer(int connection, const char *text)
{
	struct attach_answer answer = { "" };
	text_copy(answer.text, sizeof answer.text, text);
	send(connection, &answer, sizeof answer, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(connection);
}

void attach_no_machine(struct text *t, const struct world *w, const char *node)
{
	char name[NODE_NAME_SIZE], list[EVENT_TEXT_SIZE];
	struct text n = text_in(name, sizeof name), l = text_in(list, sizeof list);
	text_name(&n, node, NODE_NAME_SIZE);
	for (uint16_t i = 1; i <= w->count; i++) {
		text_put(&l, i > 1 ? " " : "");
		text_put(&l, world_name(w, i));
	}
	text_printf(t, _("there is no machine %s in the lab; there are: %s"), text_end(&n),
		text_end(&l));
}

void attach_give_survey(int connection, const struct world *w, const char *node, int fd)
{
	char why[EVENT_TEXT_SIZE] = "";
	struct text t = text_in(why, sizeof why);
	const struct model *m = world_machine(w, world_node(w, node));
	int error = 0;
	if (!world_node(w, node))
		attach_no_machine(&t, w, node);
	else if (!world_ready(w))
		text_put(&t, _("the lab is being built; ask again in a moment"));
	else if ((error = survey_give(m, node, fd)) < 0)
		text_printf(&t, _("the lab could not write what it knows: %s"), err_reason(-error));
	attach_answer(connection, text_end(&t));
}

/* ---- the other side ---- */

static int connect_to(pid_t lab)
{
	struct sockaddr_un a;
	socklen_t len = address(&a, lab);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&a, len) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

static bool is_mine(pid_t lab)
{
	struct ucred who;
	socklen_t len = sizeof who;
	int fd = connect_to(lab);
	if (fd < 0)
		return false;
	bool mine = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 &&
		    (who.uid == getuid() || getuid() == 0);
	close(fd);
	return mine;
}

size_t attach_find(pid_t *ret, size_t size)
{
	char line[512];
	size_t n = 0;
	FILE *f = fopen("/proc/net/unix", "re");
	while (f && n < size && fgets(line, sizeof line, f)) {
		const char *at = strstr(line, " @" PREFIX);
		pid_t pid = at ? atoi(at + strlen(" @" PREFIX)) : 0;
		bool known = pid <= 0;
		for (size_t i = 0; i < n; i++)
			known |= ret[i] == pid;
		if (!known && is_mine(pid))
			ret[n++] = pid;
	}
	if (f)
		fclose(f);
	return n;
}

int attach_ask(pid_t lab, enum attach_kind kind, const char *node, int fd, struct err *err)
{
	struct attach_request request = { .kind = kind };
	struct attach_answer answer;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec io = { .iov_base = &request, .iov_len = sizeof request };
	struct msghdr m = { .msg_iov = &io,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	text_copy(request.node, sizeof request.node, node);

	int line = connect_to(lab);
	if (line < 0)
		return err_set(err, line, _("cannot reach the lab of process %d: %s"), (int)lab,
			err_reason(-line));
	struct pollfd p = { .fd = line, .events = POLLIN };
	int error = sendmsg(line, &m, MSG_NOSIGNAL) < 0 ? -errno : 0;
	if (!error && poll(&p, 1, ANSWER_WAIT_MS) <= 0)
		error = -ETIMEDOUT;
	if (!error && recv(line, &answer, sizeof answer, 0) != sizeof answer)
		error = -EBADMSG;
	close(line);
	if (error)
		return err_set(err, error, _("the lab of process %d does not answer"), (int)lab);
	answer.text[sizeof answer.text - 1] = '\0';
	return answer.text[0] ? err_set(err, -EINVAL, "%s", answer.text) : 0;
}
