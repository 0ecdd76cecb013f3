/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: an order turned into one machine's action, with what only the running lab knows. */
#include <config.h>

#include "order_parts.h"

#include <errno.h>
#include <string.h>

#include <linux/if.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

/* The word of a kind; every kind that an order can have is in the table. */
static const struct order_grammar *grammar_of(enum action_kind kind)
{
	size_t count;
	const struct order_word *words = order_words(&count);
	for (size_t i = 0; i < count; i++)
		if (words[i].grammar->kind == kind)
			return words[i].grammar;
	return NULL;
}

bool order_changes_state(const struct order *o)
{
	const struct order_grammar *g = grammar_of((enum action_kind)o->action.kind);
	return g && g->changes;
}

/* Interfaces are numbered in the order in which they were made. */
static const struct model_link *first_link(const struct model *m)
{
	for (size_t i = 0; i < m->link_count; i++)
		if (!(m->links[i].link.flags & IFF_LOOPBACK))
			return &m->links[i];
	return NULL;
}

static int find_iface(const struct order *o, const struct model *m, const char *node, int32_t *ret,
	struct err *err)
{
	if (o->iface[0]) {
		if (model_conf_find(m, o->iface, ret) == 0)
			return 0;
		return err_set(
			err, -ENOENT, _("%s has no interface \"%s\" any more"), node, o->iface);
	}
	const struct model_link *l = first_link(m);
	if (!l)
		return err_set(err, -ENOENT, _("%s has no interface but lo any more"), node);
	*ret = l->link.ifindex;
	return 0;
}

/* The kernel takes a reply as gratuitous only if its target's MAC is the sender's. */
static void announce(struct arp_fields *arp, const struct model *m, int32_t ifindex)
{
	const struct model_link *l = model_link(m, ifindex);
	if (arp->op != ARP_OP_REPLY || arp->spa != arp->tpa || !mac_is_zero(arp->tha))
		return;
	if (!mac_is_zero(arp->sha))
		memcpy(arp->tha, arp->sha, sizeof arp->tha);
	else if (l)
		memcpy(arp->tha, l->link.mac, sizeof arp->tha);
}

int order_action(const struct order *o, uint16_t node, const struct world *w, struct action *ret,
	struct err *err)
{
	const struct model *m = node ? world_machine(w, node) : NULL;
	const struct order_grammar *g = grammar_of((enum action_kind)o->action.kind);
	struct action a = o->action;
	if (!m)
		return err_set(err, -ENOENT,
			_("the lab has no machine number %u: it has to be built first"), node);
	a.node = node;
	bool named = o->iface[0] != '\0';
	if (named || (g && (g->iface == IFACE_ONLY || g->iface == IFACE_FIRST))) {
		int error = find_iface(o, m, world_name(w, node), &a.ifindex, err);
		if (error)
			return error;
	}
	if (a.kind == ACTION_SEND)
		announce(&a.arp, m, a.ifindex);
	*ret = a;
	return 0;
}
