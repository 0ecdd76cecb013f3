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
	a->unknown = "the interface is not Ethernet";
	return a->out->ethernet ? 0 : -1;
}

static void tell_out(struct text *t, struct asked *a)
{
	text_put(t, "the packet leaves by ");
	tell_link(t, a->out);
	text_put(t, a->out->loopback ? ", the loopback"
		    : a->out->noarp  ? ", where ARP is switched off"
				     : "");
	if (a->hop && a->hop != a->dst) {
		text_put(t, " to the gateway ");
		tell_ip(t, a->hop);
	}
}

const struct rule resolve_noarp = {
	.id = "resolve.noarp",
	.routine = true,
	.brief = "ARP is off",
	.question = "Does it leave by an interface that needs no ARP?",
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
	text_put(t, "the next hop is ");
	tell_ip(t, a->hop);
	text_put(t, " on ");
	tell_link(t, a->out);
}

const struct rule resolve_group = {
	.id = "resolve.group",
	.routine = true,
	.brief = "a group",
	.question = "Is the next hop a broadcast address or a group, whose MAC is reckoned?",
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
	if (!a->known.state) {
		text_put(t, "there is no entry for ");
		tell_ip(t, a->hop);
	} else {
		text_put(t, "the entry for ");
		tell_ip(t, a->hop);
		text_put(t, " is ");
		text_put(t, neigh_state_name(a->known.state));
	}
	text_put(t, " on ");
	tell_link(t, a->out);
}

static void use(struct asked *a, struct verdict *v)
{
	v->state = a->known.state == NUD_STALE ? NUD_DELAY : a->known.state;
	memcpy(v->mac, a->known.mac, 6);
}

const struct rule resolve_known = {
	.id = "resolve.known",
	.brief = "entry known",
	.question = "Is there an entry for the next hop already?",
	.kernel = "net/core/neighbour.c, __neigh_event_send()",
	.applies = resolves_packet,
	.holds = is_resolved,
	.tell = tell_entry,
	.outcome = OUTCOME_USES,
	.decide = use,
};
