/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: actions from the front: checked, handed to the part they concern, and answered. */
#include <config.h>

#include "cluster.h"
#include "serve.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/topology.h>

#define ACTIONS_A_ROUND 32
/* Room that an action's answers may need; with less, actions wait. */
#define ANSWER_ROOM (OUTBOX_RESERVE / 2)

/* File scope: nothing is there but the file. */
static void act_on_file(struct server *s, const struct action *a)
{
	if (a->kind == ACTION_FETCH)
		capfile_fetch(s->file, a);
	else
		outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP,
			_("not while a capture file is read: it shows what was, and nothing here "
			  "can "
			  "be changed"));
}

static void act_filter(struct server *s, const struct action *a)
{
	struct err err = { "" };
	int r;
	if (a->kind == ACTION_CHECK_FILTER)
		r = capture_filter_check(a->text, &err);
	else if (s->captures)
		r = captures_filter(s->captures, a->text, &err);
	else
		r = err_set(
			&err, -EOPNOTSUPP, _("nothing is captured, so there is nothing to filter"));
	if (r < 0)
		outbox_done(&s->loop.outbox, a->id, r, "%s", err.text);
	else if (a->kind == ACTION_CHECK_FILTER)
		outbox_done(&s->loop.outbox, a->id, 0, _("the filter is good"));
	else if (a->text[0])
		outbox_done(
			&s->loop.outbox, a->id, 0, _("capturing only what passes: %s"), a->text);
	else
		outbox_done(&s->loop.outbox, a->id, 0, _("capturing every ARP frame"));
}

static void act_on_host(struct server *s, const struct action *a)
{
	switch ((enum action_kind)a->kind) {
	case ACTION_CHECK_FILTER:
	case ACTION_FILTER:
		act_filter(s, a);
		return;
	case ACTION_SET:
		changes_act(s->changes, a);
		confs_look(s->confs, a->ifindex, a->key);
		return;
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
		changes_act(s->changes, a);
		s->any_changed = true;
		return;
	case ACTION_LOOK_NEIGH:
		netsource_look(s->net, a->ifindex, a->ip);
		outbox_done(&s->loop.outbox, a->id, 0, "%s", "");
		return;
	case ACTION_FETCH:
		outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP, _("no capture file is open"));
		return;
	case ACTION_BUILD:
	case ACTION_ADDR:
	case ACTION_LINK:
	case ACTION_ARP:
	case ACTION_ROUTE:
	case ACTION_NEIGH:
	case ACTION_FLUSH:
	case ACTION_TIMERS:
	case ACTION_PING:
	case ACTION_ARPING:
	case ACTION_SEND:
	case ACTION_UDP:
	case ACTION_PORT:
	case ACTION_CAPTURE:
	case ACTION_SHELL:
	case ACTION_MAC:
	case ACTION_RULE:
	case ACTION_SIEVE:
	case ACTION_SERVE:
	case ACTION_VIRTUAL:
	case ACTION_REAL:
	case ACTION_CONNECT:
	case ACTION_OUTAGE:
	case ACTION_VRRP:
		outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP,
			_("not on the live machine: such actions are for the machines of a lab"));
		return;
	case ACTION_KINDS:
		return;
	}
}

/* ---- lab scope ---- */

static void refuse_in_lab(struct server *s, const struct action *a)
{
	outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP,
		_("not in a lab: what was done there needs no undoing, it is built anew"));
}

static void build(struct server *s, const struct action *a, const struct topology *t)
{
	unsigned shells = tasks_end(s->tasks);
	if (shells > 0)
		outbox_note(&s->loop.outbox, false,
			ngettext("the lab is built anew: %u shell in it was ended",
				"the lab is built anew: %u shells in it were ended", shells),
			shells);
	lab_build(s->lab, a, t);
}

/* fd: what came along with the action, or -1; *fd becomes -1 when somebody took it over. */
static void act_in_lab(struct server *s, const struct action *a, const struct topology *t, int *fd)
{
	if (a->kind != ACTION_BUILD)
		lab_look_proxies(s->lab);
	switch ((enum action_kind)a->kind) {
	case ACTION_BUILD:
		build(s, a, t);
		return;
	case ACTION_SET:
	case ACTION_LOOK_NEIGH:
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
		lab_act(s->lab, a);
		return;
	case ACTION_CHECK_FILTER:
		act_filter(s, a);
		return;
	case ACTION_PING:
	case ACTION_ARPING:
	case ACTION_SEND:
	case ACTION_UDP:
	case ACTION_CAPTURE:
	case ACTION_SHELL:
	case ACTION_CONNECT:
	case ACTION_OUTAGE:
	case ACTION_VRRP:
		tasks_start(s->tasks, a, *fd);
		*fd = -1;
		return;
	case ACTION_SERVE:
	case ACTION_VIRTUAL:
	case ACTION_REAL:
		cluster_act(lab_cluster(s->lab), a);
		return;
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
	case ACTION_FILTER:
	case ACTION_FETCH:
		refuse_in_lab(s, a);
		return;
	case ACTION_KINDS:
		return;
	}
}

/* ---- messages ---- */

/* One message, as it comes: with a topology behind the action only when a lab is built. */
struct message {
	struct action action;
	struct topology topology;
};

static_assert(offsetof(struct message, topology) == sizeof(struct action),
	"the topology stands right behind the action");

/* The descriptor that came along, or -1. A second one would be a stray, as would any elsewhere. */
static int descriptor_of(struct msghdr *m)
{
	int found = -1;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
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

/* Returns the message's bytes, 0 at the end of the stream, or -errno. *ret_fd may need closing. */
static ssize_t receive(int socket, struct message *ret, int *ret_fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec part = { .iov_base = ret, .iov_len = sizeof *ret };
	struct msghdr m = { .msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	*ret_fd = -1;
	ssize_t len = recvmsg(socket, &m, MSG_DONTWAIT | MSG_TRUNC | MSG_CMSG_CLOEXEC);
	if (len < 0)
		return -errno;
	*ret_fd = descriptor_of(&m);
	return len;
}

static void obey(struct server *s, const struct message *m, int *fd)
{
	const struct action *a = &m->action;
	if (s->file && a->kind != ACTION_CHECK_FILTER)
		act_on_file(s, a);
	else if (s->lab)
		act_in_lab(s, a, &m->topology, fd);
	else
		act_on_host(s, a);
}

/*
 * In a lab, actions wait while the front is slow or a lab is being built: so the news of one stand
 * before its answer, and its answer before the next one's news.
 */
bool server_can_obey(const struct server *s)
{
	if (s->lab && (s->loop.outbox.blocked || lab_busy(s->lab)))
		return false;
	return s->loop.outbox.len + ANSWER_ROOM <= EVENT_BATCH_MAX;
}

void server_obey(struct server *s)
{
	struct message m;
	for (int i = 0; i < ACTIONS_A_ROUND && !s->ending && server_can_obey(s); i++) {
		int fd;
		ssize_t len = receive(s->loop.outbox.socket, &m, &fd);
		if (len == -EAGAIN || len == -EINTR)
			return;
		if (len <= 0)
			s->ending = true; /* The front has shut down, or is gone. */
		else if ((size_t)len > sizeof m || action_check(&m, (size_t)len) < 0)
			outbox_note(&s->loop.outbox, true,
				_("the helper was asked for something that it does not "
				  "understand"));
		else
			obey(s, &m, &fd);
		if (fd >= 0)
			close(fd);
	}
}
