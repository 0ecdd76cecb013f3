/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules of a packet's next hop: whether its MAC is there, or has to be asked for. */
#include <config.h>

#include "rules_parts.h"

#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

bool resolves(struct asked *a)
{
	return a->out != NULL;
}

static int needs_no_neighbour(struct asked *a)
{
	if (a->out->noarp || a->out->loopback)
		return 1;
	a->unknown = N_("the interface is not Ethernet");
	return a->out->ethernet ? 0 : -1;
}

static void tell_out_to(struct text *t, struct asked *a)
{
	struct word link = link_word(a->out), hop = ip_word(a->hop);
	if (a->out->loopback)
		text_printf(t, _("the packet leaves by %s, the loopback to the gateway %s"),
			link.text, hop.text);
	else if (a->out->noarp)
		text_printf(t,
			_("the packet leaves by %s, where ARP is switched off to the gateway %s"),
			link.text, hop.text);
	else
		text_printf(t, _("the packet leaves by %s to the gateway %s"), link.text, hop.text);
}

static void tell_out(struct text *t, struct asked *a)
{
	if (a->hop && a->hop != a->dst)
		tell_out_to(t, a);
	else
		text_printf(t,
			a->out->loopback ? _("the packet leaves by %s, the loopback")
			: a->out->noarp  ? _("the packet leaves by %s, where ARP is switched off")
					 : _("the packet leaves by %s"),
			link_word(a->out).text);
}

const struct rule resolve_noarp = {
	.id = "resolve.noarp",
	.routine = true,
	.brief = N_("ARP is off"),
	.question = N_("Does it leave by an interface that needs no ARP?"),
	.kernel = "net/ipv4/arp.c, arp_constructor()",
	.applies = resolves,
	.holds = needs_no_neighbour,
	.tell = tell_out,
	.outcome = OUTCOME_NO_ARP,
};

bool resolves_packet(struct asked *a)
{
	return resolves(a) && !a->departure->probe;
}

/*
 * A gateway that somebody's address has made a broadcast address, a broadcast that is forwarded, or
 * what a route calls a group. Unless somebody made an entry for it by hand. While the tables are
 * looked up as one, the route to a target says all about it.
 */
static int is_hop_to_many(struct asked *a)
{
	bool bound = a->question == QUESTION_ANNOUNCE && a->departure->ifindex;
	bool told = a->hop == a->dst && a->there.route && !bound && !a->h->split_tables;
	if (a->known.state)
		return 0;
	int type = told ? a->there.route->type : asked_type(a, a->hop);
	return type < 0 ? -1 : type == RTN_BROADCAST || type == RTN_MULTICAST;
}

static void tell_hop(struct text *t, struct asked *a)
{
	text_printf(t, _("the next hop is %s on %s"), ip_word(a->hop).text, link_word(a->out).text);
}

const struct rule resolve_group = {
	.id = "resolve.group",
	.routine = true,
	.brief = N_("a group"),
	.question = N_("Is the next hop a broadcast address or a group, whose MAC is reckoned?"),
	.kernel = "net/ipv4/arp.c, arp_constructor()",
	.applies = resolves_packet,
	.holds = is_hop_to_many,
	.tell = tell_hop,
	.outcome = OUTCOME_NO_ARP,
};

/* An entry with a MAC is used; one that waits for an answer takes the packet along. */
static int is_resolved(struct asked *a)
{
	return (a->known.state & ~(NUD_NONE | NUD_FAILED)) != 0;
}

static void tell_entry(struct text *t, struct asked *a)
{
	if (!a->known.state)
		text_printf(t, _("there is no entry for %s on %s"), ip_word(a->hop).text,
			link_word(a->out).text);
	else
		text_printf(t, _("the entry for %s is %s on %s"), ip_word(a->hop).text,
			neigh_state_name(a->known.state), link_word(a->out).text);
}

static void use(struct asked *a, struct verdict *v)
{
	v->state = a->known.state == NUD_STALE ? NUD_DELAY : a->known.state;
	memcpy(v->mac, a->known.mac, 6);
}

const struct rule resolve_known = {
	.id = "resolve.known",
	.brief = N_("entry known"),
	.question = N_("Is there an entry for the next hop already?"),
	.kernel = "net/core/neighbour.c, __neigh_event_send()",
	.applies = resolves_packet,
	.holds = is_resolved,
	.tell = tell_entry,
	.outcome = OUTCOME_USES,
	.decide = use,
};
