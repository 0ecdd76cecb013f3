/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: actions on one machine of the lab that are over at once, and their answers. */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>

#include <arplab/i18n.h>

/* The kernel's answer is read with the other news, before the action's own. */
static int look(struct lab_node *n, const struct action *a, struct text *said, struct err *err)
{
	(void)said;
	(void)err;
	netsource_look(n->net, a->ifindex, a->ip);
	return 0;
}

typedef int doer(struct lab_node *n, const struct action *a, struct text *said, struct err *err);

static doer *doer_of(enum action_kind kind)
{
	switch (kind) {
	case ACTION_SET:
		return node_set;
	case ACTION_ADDR:
		return node_addr;
	case ACTION_LINK:
		return node_up;
	case ACTION_ARP:
		return node_arp;
	case ACTION_ROUTE:
		return node_route;
	case ACTION_NEIGH:
		return node_neigh;
	case ACTION_FLUSH:
		return node_flush;
	case ACTION_TIMERS:
		return node_timers;
	case ACTION_PORT:
		return node_port;
	case ACTION_MAC:
		return node_mac;
	case ACTION_RULE:
		return node_rule;
	case ACTION_SIEVE:
		return node_sieve;
	case ACTION_LOOK_NEIGH:
		return look;
	default: /* Others are not over at once, or not for a lab. */
		return NULL;
	}
}

bool lab_busy(const struct lab *l)
{
	return l->rising || l->late;
}

void lab_answer(struct lab *l)
{
	struct outbox *o = &l->loop->outbox;
	lab_settle(l);
	if (o->blocked)
		return;
	l->late = false;
	lab_speak(l, l->done_node);
	outbox_done(o, l->done.id, l->done.error, "%s", l->done.text);
	lab_speak(l, 0);
}

void lab_act(struct lab *l, const struct action *a)
{
	struct text said = text_in(l->done.text, sizeof l->done.text);
	struct err err = { "" };
	struct lab_node *n = lab_node(l, a->node);
	doer *act = doer_of(a->kind);
	int r;
	if (l->net.count == 0)
		r = err_set(&err, -ENOENT, _("no lab is there: none was built yet"));
	else if (!n)
		r = err_set(&err, -ENOENT, _("the lab has no machine number %d"), a->node);
	else if (!act)
		r = err_set(&err, -EOPNOTSUPP, _("a lab cannot do this"));
	else
		r = act(n, a, &said, &err);
	text_end(&said);
	if (r < 0)
		text_copy(l->done.text, sizeof l->done.text, err.text);
	l->done.id = a->id;
	l->done.error = r;
	l->done_node = n ? n->number : 0;
	l->late = true;
	lab_answer(l);
}
