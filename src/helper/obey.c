/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: actions from the front: checked, handed to the part they concern, and answered. */
#include <config.h>

#include "serve.h"

#include <errno.h>
#include <sys/socket.h>

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
			"not while a capture file is read: it shows what was, and nothing here can "
			"be changed");
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
			&err, -EOPNOTSUPP, "nothing is captured, so there is nothing to filter");
	if (r < 0)
		outbox_done(&s->loop.outbox, a->id, r, "%s", err.text);
	else if (a->kind == ACTION_CHECK_FILTER)
		outbox_done(&s->loop.outbox, a->id, 0, "the filter is good");
	else if (a->text[0])
		outbox_done(&s->loop.outbox, a->id, 0, "capturing only what passes: %s", a->text);
	else
		outbox_done(&s->loop.outbox, a->id, 0, "capturing every ARP frame");
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
		outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP, "no capture file is open");
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
		outbox_done(&s->loop.outbox, a->id, -EOPNOTSUPP,
			"not on the live machine: such actions are for the machines of a lab");
		return;
	case ACTION_KINDS:
		return;
	}
}

bool server_can_obey(const struct server *s)
{
	return s->loop.outbox.len + ANSWER_ROOM <= EVENT_BATCH_MAX;
}

void server_obey(struct server *s)
{
	struct action a;
	for (int i = 0; i < ACTIONS_A_ROUND && !s->ending && server_can_obey(s); i++) {
		ssize_t len = recv(s->loop.outbox.socket, &a, sizeof a, MSG_DONTWAIT | MSG_TRUNC);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (len <= 0)
			s->ending = true; /* The front has shut down, or is gone. */
		else if ((size_t)len > sizeof a || action_check(&a, (size_t)len) < 0)
			outbox_note(&s->loop.outbox, true,
				"the helper was asked for something that it does not understand");
		else if (s->file && a.kind != ACTION_CHECK_FILTER)
			act_on_file(s, &a);
		else
			act_on_host(s, &a);
	}
}
