/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that choose the sender of this host's own who-has: arp_announce. */
#include <config.h>

#include "rules_parts.h"

#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

static bool has_packet(struct asked *a)
{
	return resolves_packet(a) && a->packet_src;
}

static int takes_source(struct asked *a)
{
	int32_t level;
	if (asked_value(a, a->out, HOST_ARP_ANNOUNCE, &level) < 0)
		return -1;
	int type = asked_type(a, a->packet_src);
	return type < 0 ? -1 : type == RTN_LOCAL && level != 1 && level != 2;
}

static void tell_announce(struct text *t, struct asked *a)
{
	struct fact value = value_fact(a, a->out, HOST_ARP_ANNOUNCE);
	text_printf(t,
		asked_type(a, a->packet_src) == RTN_LOCAL
			? _("the packet's source is %s, and %s")
			: _("the packet's source is %s, no local one, and %s"),
		ip_word(a->packet_src).text, value.text);
}

static void ask_as(struct asked *a, struct verdict *v, uint32_t sender)
{
	v->sender = sender;
	v->state = a->departure->probe ? NUD_PROBE : NUD_INCOMPLETE;
	memcpy(v->mac, a->known.mac, 6);
}

static void ask_as_packet(struct asked *a, struct verdict *v)
{
	ask_as(a, v, a->packet_src);
}

const struct rule announce_0 = {
	.id = "announce.0",
	.brief = "arp_announce 0",
	.question = N_("arp_announce 0: does the who-has take the packet's own source?"),
	.kernel = "net/ipv4/arp.c, arp_solicit()",
	.applies = has_packet,
	.holds = takes_source,
	.tell = tell_announce,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_packet,
};

static bool announces_by_1(struct asked *a)
{
	int32_t level;
	return has_packet(a) && asked_value(a, a->out, HOST_ARP_ANNOUNCE, &level) == 0 &&
	       level == 1;
}

static bool shares_subnet(struct asked *a)
{
	for (size_t i = 0; i < a->out->count; i++) {
		const struct host_addr *x = &a->h->addrs[a->out->first + i];
		if (addr_covers(x, a->hop) && addr_covers(x, a->packet_src))
			return true;
	}
	return false;
}

static int keeps_source(struct asked *a)
{
	int type = asked_type(a, a->packet_src);
	return type < 0 ? -1 : type == RTN_LOCAL && shares_subnet(a);
}

static void tell_shared(struct text *t, struct asked *a)
{
	text_printf(t,
		shares_subnet(a) ? _("a subnet of %s holds both %s and %s")
				 : _("no subnet of %s holds both %s and %s"),
		link_word(a->out).text, ip_word(a->packet_src).text, ip_word(a->hop).text);
}

const struct rule announce_1 = {
	.id = "announce.1",
	.brief = "arp_announce 1",
	.question = N_("arp_announce 1: does the packet's source share a subnet with the target?"),
	.kernel = "net/ipv4/arp.c, arp_solicit(); inet_addr_onlink()",
	.applies = announces_by_1,
	.holds = keeps_source,
	.tell = tell_shared,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_packet,
};

static enum selected selected(struct asked *a, uint32_t *ret, const struct host_link **ret_where)
{
	return asked_select(a, a->out, a->hop, RT_SCOPE_LINK, ret, ret_where);
}

/* Whether the packet's source could have been announced, and is not. */
static bool sets_source_aside(struct asked *a, uint32_t ip)
{
	return has_packet(a) && a->packet_src != ip && asked_type(a, a->packet_src) == RTN_LOCAL;
}

static void put_selected(struct text *t, struct asked *a)
{
	uint32_t ip;
	const struct host_link *where;
	switch (selected(a, &ip, &where)) {
	case SELECTED_SUBNET:
		text_printf(t, _("%s is the first primary address of %s whose subnet holds %s"),
			ip_word(ip).text, link_word(where).text, ip_word(a->hop).text);
		break;
	case SELECTED_FIRST:
		text_printf(t,
			_("%s is the first primary address of %s, and none of its subnets holds "
			  "%s"),
			ip_word(ip).text, link_word(where).text, ip_word(a->hop).text);
		break;
	case SELECTED_ELSEWHERE:
		text_printf(t,
			_("%s has no address to show; the first of another interface is %s on %s"),
			link_word(a->out).text, ip_word(ip).text, link_word(where).text);
		break;
	case SELECTED_NONE:
	case SELECTED_UNKNOWN:
		text_put(t, _("no interface has an address to show; the sender is 0.0.0.0"));
		break;
	}
}

static void tell_selected(struct text *t, struct asked *a)
{
	uint32_t ip = 0;
	const struct host_link *where;
	struct fact chosen;
	struct text c = text_in(chosen.text, sizeof chosen.text);
	selected(a, &ip, &where);
	put_selected(&c, a);
	text_end(&c);
	if (sets_source_aside(a, ip))
		/* TRANSLATORS: a sysctl with its value; an address; how the sender is chosen */
		text_printf(t, _("%s sets the packet's source %s aside; %s"),
			value_fact(a, a->out, HOST_ARP_ANNOUNCE).text, ip_word(a->packet_src).text,
			chosen.text);
	else if (a->departure->probe)
		text_printf(
			t, _("%s; a poll has no packet whose source could be taken"), chosen.text);
	else
		text_put(t, chosen.text);
}

static void ask_as_selected(struct asked *a, struct verdict *v)
{
	uint32_t ip;
	const struct host_link *where;
	selected(a, &ip, &where);
	ask_as(a, v, ip);
}

static int selects(struct asked *a, enum selected wanted)
{
	uint32_t ip;
	const struct host_link *where;
	enum selected how = selected(a, &ip, &where);
	return how == SELECTED_UNKNOWN ? -1 : how == wanted;
}

static int selects_subnet(struct asked *a)
{
	return selects(a, SELECTED_SUBNET);
}

const struct rule select_subnet = {
	.id = "select.subnet",
	.brief = N_("same subnet"),
	.question = N_("Has the interface a primary address in the target's subnet?"),
	.kernel = "net/ipv4/devinet.c, inet_select_addr()",
	.applies = resolves,
	.holds = selects_subnet,
	.tell = tell_selected,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_selected,
};

static int selects_first(struct asked *a)
{
	return selects(a, SELECTED_FIRST);
}

const struct rule select_first = {
	.id = "select.first",
	.brief = N_("first address"),
	.question = N_("Has the interface any primary address?"),
	.kernel = "net/ipv4/devinet.c, inet_select_addr()",
	.applies = resolves,
	.holds = selects_first,
	.tell = tell_selected,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_selected,
};

static int selects_elsewhere(struct asked *a)
{
	return selects(a, SELECTED_ELSEWHERE);
}

const struct rule select_elsewhere = {
	.id = "select.elsewhere",
	.brief = N_("another interface"),
	.question = N_("Has any other interface a primary address?"),
	.kernel = "net/ipv4/devinet.c, inet_select_addr()",
	.applies = resolves,
	.holds = selects_elsewhere,
	.tell = tell_selected,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_selected,
};

const struct rule select_none = {
	.id = "select.none",
	.brief = N_("no address"),
	.question = N_("Is there no address at all?"),
	.kernel = "net/ipv4/devinet.c, inet_select_addr()",
	.applies = resolves,
	.holds = always,
	.tell = tell_selected,
	.outcome = OUTCOME_ASKS,
	.decide = ask_as_selected,
};
