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
	text_printf(t, a->d->up ? _("%s is up") : _("%s is down and receives nothing"),
		link_word(a->d).text);
}

const struct rule frame_down = {
	.id = "frame.down",
	.foreign = true,
	.routine = true,
	.brief = N_("it is down"),
	.question = N_("Is the interface down?"),
	.kernel = "net/core/dev.c, __netif_receive_skb_core()",
	.holds = is_down,
	.tell = tell_up,
	.outcome = OUTCOME_SILENT,
};

static int does_no_arp(struct asked *a)
{
	if (a->d->noarp || a->d->loopback)
		return 1;
	a->unknown = N_("the interface is not Ethernet");
	return a->d->ethernet ? 0 : -1;
}

static void tell_noarp(struct text *t, struct asked *a)
{
	text_printf(t,
		a->d->loopback ? _("%s is the loopback: no who-has arrives there")
		: a->d->noarp  ? _("%s has ARP switched off (NOARP)")
			       : _("%s does ARP"),
		link_word(a->d).text);
}

const struct rule frame_noarp = {
	.id = "frame.noarp",
	.foreign = true,
	.routine = true,
	.brief = N_("ARP is off"),
	.question = N_("Is ARP switched off on the interface?"),
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
		a->unknown = N_("the interface belongs to a VRF, whose routes are not followed");
		return -1;
	case ABOVE_OTHER:
		a->unknown = N_("another device stands above the interface and may take the frame");
		return -1;
	}
	return 0;
}

static void tell_port(struct text *t, struct asked *a)
{
	const struct host_link *above = a->d->master ? host_link(a->h, a->d->master) : NULL;
	if (a->d->above == ABOVE_NOTHING)
		text_printf(t, _("%s keeps the frame"), link_word(a->d).text);
	else if (above)
		text_printf(t,
			_("%s is a port and hands the frame to %s, which is asked in its place"),
			link_word(a->d).text, link_word(above).text);
	else
		text_printf(t,
			_("%s is a port and hands the frame to the device above it, which is asked "
			  "in its place"),
			link_word(a->d).text);
}

const struct rule frame_port = {
	.id = "frame.port",
	.foreign = true,
	.routine = true,
	.brief = N_("a port"),
	.question = N_("Is the interface a port of a bridge or bond?"),
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
		text_put(t, _("it carries no VLAN number"));
		return;
	}
	text_printf(t, _("it belongs to VLAN %u, whose own interface is asked if there is one"),
		a->p->vlan);
}

const struct rule frame_vlan = {
	.id = "frame.vlan",
	.foreign = true,
	.routine = true,
	.brief = N_("of a VLAN"),
	.question = N_("Does the frame belong to a VLAN?"),
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
	const uint8_t *to = a->p->eth_dst;
	if (mac_is_broadcast(to))
		text_put(t, _("the frame is sent to all"));
	else if (mac_is_group(to))
		text_printf(t, _("the frame is sent to %s, a group"), mac_word(to).text);
	else if (is_for_another(a))
		text_printf(t, _("the frame is sent to %s, and that is another MAC"),
			mac_word(to).text);
	else if (is_for_port(a))
		text_printf(t, _("the frame is sent to %s, a port of this interface"),
			mac_word(to).text);
	else
		text_printf(t, _("the frame is sent to %s, this interface"), mac_word(to).text);
}

const struct rule frame_otherhost = {
	.id = "frame.otherhost",
	.foreign = true,
	.routine = true,
	.brief = N_("for another MAC"),
	.question = N_("Is the frame sent to another MAC?"),
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
	if (is_flawed(a))
		text_printf(t, _("the frame %s"), arp_flaw_text(a->arrival->flaw));
	else
		text_put(t, _("the frame is ARP for IPv4 over Ethernet"));
}

const struct rule frame_flaw = {
	.id = "frame.flaw",
	.foreign = true,
	.routine = true,
	.brief = N_("not sound ARP"),
	.question = N_("Is it anything but ARP for IPv4 over Ethernet?"),
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
	text_printf(t,
		a->p->op == ARP_OP_REQUEST ? _("operation %u is a who-has")
		: a->p->op == ARP_OP_REPLY ? _("operation %u is an is-at")
					   : _("operation %u is neither a who-has nor an is-at"),
		a->p->op);
}

const struct rule frame_operation = {
	.id = "frame.operation",
	.foreign = true,
	.routine = true,
	.brief = N_("no who-has"),
	.question = N_("Is it neither a who-has nor an is-at?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = is_other_operation,
	.tell = tell_operation,
	.outcome = OUTCOME_SILENT,
};

static int targets_multicast(struct asked *a)
{
	return ip_is_multicast(a->dst);
}

const struct rule frame_multicast = {
	.id = "frame.multicast",
	.foreign = true,
	.routine = true,
	.brief = N_("multicast target"),
	.question = N_("Is the target a multicast address?"),
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
	if (ip_is_loopback(a->dst))
		text_printf(t, _("the target is %s, and %s"), ip_word(a->dst).text,
			value_fact(a, a->d, HOST_ROUTE_LOCALNET).text);
	else
		tell_target(t, a);
}

const struct rule frame_loopback = {
	.id = "frame.loopback",
	.routine = true,
	.brief = N_("127/8 target"),
	.question = N_("Is the target in 127.0.0.0/8, which no wire should carry?"),
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
	if (a->src != a->dst)
		text_put(t, _("sender and target are two addresses"));
	else
		text_printf(t, _("sender and target are the same address, and %s"),
			value_fact(a, a->d, HOST_DROP_GRATUITOUS).text);
}

const struct rule frame_gratuitous = {
	.id = "frame.gratuitous",
	.routine = true,
	.brief = "drop_gratuitous_arp",
	.question = N_("Is it gratuitous, and are such frames dropped?"),
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
	text_put(t, _("its sender IP is 0.0.0.0"));
}

const struct rule probe_reply = {
	.id = "probe.reply",
	.brief = N_("no sender"),
	.question = N_("Is it an is-at without a sender?"),
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
	text_put(t, home_fact(a, a->dst).text);
}

const struct rule probe_foreign = {
	.id = "probe.foreign",
	.foreign = true,
	.brief = N_("not mine"),
	.question = N_("Does the probe ask for an address that is not this host's?"),
	.kernel = "net/ipv4/arp.c, arp_process(); inet_addr_type_dev_table()",
	.when = NOW_PROBES,
	.holds = probes_foreign,
	.tell = tell_target_home,
	.outcome = OUTCOME_SILENT,
};

static void tell_reply(struct text *t, struct asked *a)
{
	text_put(t, is_reply(a) ? _("an is-at is never answered; it may teach")
				: _("it is a who-has, and wants an answer"));
}

const struct rule reply_unasked = {
	.id = "reply.unasked",
	.foreign = true,
	.routine = true,
	.brief = N_("an is-at"),
	.question = N_("Is it an is-at, which wants no answer?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = is_reply,
	.tell = tell_reply,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};
