/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that look at the frame alone, before any address or route is asked for. */
#include <config.h>

#include "rules_parts.h"

#include <string.h>

#include <arplab/addr.h>

#include <linux/rtnetlink.h>

/* ---- the interface ---- */

static int is_down(struct asked *a)
{
	return !a->d->up;
}

static void tell_up(struct text *t, struct asked *a)
{
	tell_link(t, a->d);
	text_put(t, a->d->up ? " is up" : " is down and receives nothing");
}

const struct rule frame_down = {
	.id = "frame.down",
	.foreign = true,
	.routine = true,
	.brief = "it is down",
	.question = "Is the interface down?",
	.kernel = "net/core/dev.c, __netif_receive_skb_core()",
	.holds = is_down,
	.tell = tell_up,
	.outcome = OUTCOME_SILENT,
};

static int does_no_arp(struct asked *a)
{
	if (a->d->noarp || a->d->loopback)
		return 1;
	a->unknown = "the interface is not Ethernet";
	return a->d->ethernet ? 0 : -1;
}

static void tell_noarp(struct text *t, struct asked *a)
{
	tell_link(t, a->d);
	if (a->d->loopback)
		text_put(t, " is the loopback: no who-has arrives there");
	else
		text_put(t, a->d->noarp ? " has ARP switched off (NOARP)" : " does ARP");
}

const struct rule frame_noarp = {
	.id = "frame.noarp",
	.foreign = true,
	.routine = true,
	.brief = "ARP is off",
	.question = "Is ARP switched off on the interface?",
	.kernel = "net/ipv4/arp.c, arp_rcv()",
	.holds = does_no_arp,
	.tell = tell_noarp,
	.outcome = OUTCOME_SILENT,
};

static int is_port(struct asked *a)
{
	switch ((enum host_above)a->d->above) {
	case ABOVE_NOTHING:
		return 0;
	case ABOVE_BRIDGE:
		return 1;
	case ABOVE_VRF:
		a->unknown = "the interface belongs to a VRF, whose routes are not followed";
		return -1;
	case ABOVE_OTHER:
		a->unknown = "another device stands above the interface and may take the frame";
		return -1;
	}
	return 0;
}

static void tell_port(struct text *t, struct asked *a)
{
	const struct host_link *above = a->d->master ? host_link(a->h, a->d->master) : NULL;
	tell_link(t, a->d);
	if (a->d->above == ABOVE_NOTHING) {
		text_put(t, " keeps the frame");
		return;
	}
	text_put(t, " is a port and hands the frame to ");
	if (above)
		tell_link(t, above);
	else
		text_put(t, "the device above it");
	text_put(t, ", which is asked in its place");
}

const struct rule frame_port = {
	.id = "frame.port",
	.foreign = true,
	.routine = true,
	.brief = "a port",
	.question = "Is the interface a port of a bridge or bond?",
	.kernel = "net/core/dev.c, __netif_receive_skb_core(), rx_handler",
	.holds = is_port,
	.tell = tell_port,
	.outcome = OUTCOME_SILENT,
};

/* A tag with the number 0 only carries a priority; the frame is the interface's own. */
static int is_tagged(struct asked *a)
{
	return a->p->tagged && a->p->vlan != 0;
}

static void tell_tag(struct text *t, struct asked *a)
{
	if (!is_tagged(a)) {
		text_put(t, "it carries no VLAN number");
		return;
	}
	text_printf(t, "it belongs to VLAN %u, whose own interface is asked if there is one",
		a->p->vlan);
}

const struct rule frame_vlan = {
	.id = "frame.vlan",
	.foreign = true,
	.routine = true,
	.brief = "of a VLAN",
	.question = "Does the frame belong to a VLAN?",
	.kernel = "net/8021q/vlan_core.c, vlan_do_receive()",
	.holds = is_tagged,
	.tell = tell_tag,
	.outcome = OUTCOME_SILENT,
};

/* ---- the frame ---- */

static bool is_for_port(struct asked *a)
{
	for (size_t i = 0; i < a->h->link_count; i++) {
		const struct host_link *l = &a->h->links[i];
		if (l->above == ABOVE_BRIDGE && l->master == a->d->ifindex &&
			memcmp(a->p->eth_dst, l->mac, 6) == 0)
			return true;
	}
	return false;
}

bool frame_is_own(struct asked *a)
{
	return memcmp(a->p->eth_dst, a->d->mac, 6) == 0 || is_for_port(a);
}

static int is_for_another(struct asked *a)
{
	return !mac_is_group(a->p->eth_dst) && !frame_is_own(a);
}

static void tell_destination(struct text *t, struct asked *a)
{
	text_put(t, "the frame is sent to ");
	if (mac_is_broadcast(a->p->eth_dst)) {
		text_put(t, "all");
		return;
	}
	text_mac(t, a->p->eth_dst);
	if (mac_is_group(a->p->eth_dst))
		text_put(t, ", a group");
	else
		text_put(t, is_for_another(a) ? ", and that is another MAC"
			    : is_for_port(a)  ? ", a port of this interface"
					      : ", this interface");
}

const struct rule frame_otherhost = {
	.id = "frame.otherhost",
	.foreign = true,
	.routine = true,
	.brief = "for another MAC",
	.question = "Is the frame sent to another MAC?",
	.kernel = "net/ethernet/eth.c, eth_type_trans(); net/ipv4/arp.c, arp_rcv()",
	.holds = is_for_another,
	.tell = tell_destination,
	.outcome = OUTCOME_SILENT,
};

static int is_flawed(struct asked *a)
{
	return a->arrival->flaw != ARP_SOUND;
}

static void tell_flaw(struct text *t, struct asked *a)
{
	text_put(t, "the frame ");
	text_put(t,
		is_flawed(a) ? arp_flaw_text(a->arrival->flaw) : "is ARP for IPv4 over Ethernet");
}

const struct rule frame_flaw = {
	.id = "frame.flaw",
	.foreign = true,
	.routine = true,
	.brief = "not sound ARP",
	.question = "Is it anything but ARP for IPv4 over Ethernet?",
	.kernel = "net/ipv4/arp.c, arp_rcv() and arp_process()",
	.holds = is_flawed,
	.tell = tell_flaw,
	.outcome = OUTCOME_SILENT,
};

static int is_other_operation(struct asked *a)
{
	return a->p->op != ARP_OP_REQUEST && a->p->op != ARP_OP_REPLY;
}

static void tell_operation(struct text *t, struct asked *a)
{
	text_printf(t, "operation %u is %s", a->p->op,
		a->p->op == ARP_OP_REQUEST ? "a who-has"
		: a->p->op == ARP_OP_REPLY ? "an is-at"
					   : "neither a who-has nor an is-at");
}

const struct rule frame_operation = {
	.id = "frame.operation",
	.foreign = true,
	.routine = true,
	.brief = "no who-has",
	.question = "Is it neither a who-has nor an is-at?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = is_other_operation,
	.tell = tell_operation,
	.outcome = OUTCOME_SILENT,
};

static int targets_multicast(struct asked *a)
{
	return ip_is_multicast(a->dst);
}

static void tell_target(struct text *t, struct asked *a)
{
	text_put(t, "the target is ");
	tell_ip(t, a->dst);
}

const struct rule frame_multicast = {
	.id = "frame.multicast",
	.foreign = true,
	.routine = true,
	.brief = "multicast target",
	.question = "Is the target a multicast address?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = targets_multicast,
	.tell = tell_target,
	.outcome = OUTCOME_SILENT,
};

static int targets_loopback(struct asked *a)
{
	int on;
	if (!ip_is_loopback(a->dst))
		return 0;
	on = asked_on(a, a->d, HOST_ROUTE_LOCALNET);
	return on < 0 ? on : !on;
}

static void tell_localnet(struct text *t, struct asked *a)
{
	tell_target(t, a);
	if (ip_is_loopback(a->dst)) {
		text_put(t, ", and ");
		tell_value(t, a, a->d, HOST_ROUTE_LOCALNET);
	}
}

const struct rule frame_loopback = {
	.id = "frame.loopback",
	.routine = true,
	.brief = "127/8 target",
	.question = "Is the target in 127.0.0.0/8, which no wire should carry?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = targets_loopback,
	.tell = tell_localnet,
	.outcome = OUTCOME_SILENT,
};

static int drops_gratuitous(struct asked *a)
{
	return a->src == a->dst ? asked_on(a, a->d, HOST_DROP_GRATUITOUS) : 0;
}

static void tell_gratuitous(struct text *t, struct asked *a)
{
	if (a->src != a->dst) {
		text_put(t, "sender and target are two addresses");
		return;
	}
	text_put(t, "sender and target are the same address, and ");
	tell_value(t, a, a->d, HOST_DROP_GRATUITOUS);
}

const struct rule frame_gratuitous = {
	.id = "frame.gratuitous",
	.routine = true,
	.brief = "drop_gratuitous_arp",
	.question = "Is it gratuitous, and are such frames dropped?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = drops_gratuitous,
	.tell = tell_gratuitous,
	.outcome = OUTCOME_SILENT,
};

/* ---- frames without a sender, and replies ---- */

static int is_reply(struct asked *a)
{
	return a->p->op != ARP_OP_REQUEST;
}

static void tell_no_sender(struct text *t, struct asked *a)
{
	(void)a;
	text_put(t, "its sender IP is 0.0.0.0");
}

const struct rule probe_reply = {
	.id = "probe.reply",
	.brief = "no sender",
	.question = "Is it an is-at without a sender?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.when = NOW_PROBES,
	.holds = is_reply,
	.tell = tell_no_sender,
	.outcome = OUTCOME_SILENT,
};

static int probes_foreign(struct asked *a)
{
	int type = asked_type(a, a->dst);
	if (type == RTN_LOCAL)
		a->now |= NOW_LOCAL;
	return type < 0 ? -1 : type != RTN_LOCAL;
}

static void tell_target_home(struct text *t, struct asked *a)
{
	tell_home(t, a, a->dst);
}

const struct rule probe_foreign = {
	.id = "probe.foreign",
	.foreign = true,
	.brief = "not mine",
	.question = "Does the probe ask for an address that is not this host's?",
	.kernel = "net/ipv4/arp.c, arp_process(); inet_addr_type_dev_table()",
	.when = NOW_PROBES,
	.holds = probes_foreign,
	.tell = tell_target_home,
	.outcome = OUTCOME_SILENT,
};

static void tell_reply(struct text *t, struct asked *a)
{
	text_put(t, is_reply(a) ? "an is-at is never answered; it may teach"
				: "it is a who-has, and wants an answer");
}

const struct rule reply_unasked = {
	.id = "reply.unasked",
	.foreign = true,
	.routine = true,
	.brief = "an is-at",
	.question = "Is it an is-at, which wants no answer?",
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = is_reply,
	.tell = tell_reply,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};
