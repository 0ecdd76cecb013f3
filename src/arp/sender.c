/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the sender of a host's own who-has, led back to the rule that put it there. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/sender.h>

#include <linux/rtnetlink.h>

#include "rules_parts.h"

/*
 * Whether the kernel lets the packet's source stand at a level.
 * Source: Linux net/ipv4/arp.c, arp_solicit(); the same as the rules announce.0 and announce.1.
 */
static bool lets_stand(const struct host *h, const struct host_link *l, int32_t level,
	uint32_t target, uint32_t sip)
{
	if (level != 1)
		return level != 2;
	for (size_t i = 0; i < l->count; i++) {
		const struct host_addr *x = &h->addrs[l->first + i];
		if (addr_covers(x, target) && addr_covers(x, sip))
			return true;
	}
	return false;
}

void sender_look(const struct host *h, int32_t ifindex, uint32_t target, uint32_t sip, bool poll,
	struct sender *ret)
{
	const struct host_link *l = host_link(h, ifindex), *where;
	*ret = (struct sender) { .kind = SENDER_UNKNOWN };
	if (!l || !host_value(l, HOST_ARP_ANNOUNCE, &ret->level))
		return;
	if (addr_select(h, l, target, RT_SCOPE_LINK, &ret->chosen, &where) == SELECTED_UNKNOWN)
		return;
	int type = host_addr_type(h, sip);
	if (sip == ret->chosen)
		ret->kind = SENDER_CHOSEN;
	else if (type < 0)
		ret->kind = SENDER_UNKNOWN;
	else if (!poll && type == RTN_LOCAL && lets_stand(h, l, ret->level, target, sip))
		ret->kind = SENDER_PACKET;
	else
		ret->kind = SENDER_PROGRAM;
}

void sender_text(struct text *t, uint32_t sip, const struct sender *s)
{
	struct word ip = ip_word(sip), chosen = ip_word(s->chosen);
	switch (s->kind) {
	case SENDER_CHOSEN:
		text_printf(t,
			_("tell %s: the address that the kernel chooses for this interface, "
			  "whatever arp_announce is"),
			ip.text);
		break;
	case SENDER_PACKET:
		text_printf(t,
			s->level == 1 ? _("tell %s: arp_announce %d let the packet's source stand, "
					  "which shares a subnet with the target; with 2 it would "
					  "be %s")
				      : _("tell %s: arp_announce %d took the packet's source; with "
					  "2 it would be %s"),
			ip.text, (int)s->level, chosen.text);
		break;
	case SENDER_PROGRAM:
		text_printf(t,
			_("tell %s: not by the kernel, which would tell %s at arp_announce %d; a "
			  "program wrote this frame"),
			ip.text, chosen.text, (int)s->level);
		break;
	case SENDER_UNKNOWN:
		text_printf(t, _("tell %s: why it is this one cannot be told"), ip.text);
		break;
	}
}
