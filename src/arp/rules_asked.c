/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what the rules ask of the facts, each thing once, and what they say of what they found. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

#include <arplab/sysctl.h>

/* ---- asking ---- */

static const char *const not_known[HOST_KEYS] = {
	[HOST_ARP_IGNORE] = "the value of arp_ignore is not known",
	[HOST_ARP_ANNOUNCE] = "the value of arp_announce is not known",
	[HOST_ARP_FILTER] = "the value of arp_filter is not known",
	[HOST_ARP_ACCEPT] = "the value of arp_accept is not known",
	[HOST_DROP_GRATUITOUS] = "the value of drop_gratuitous_arp is not known",
	[HOST_PROXY_ARP] = "the value of proxy_arp is not known",
	[HOST_PROXY_PVLAN] = "the value of proxy_arp_pvlan is not known",
	[HOST_RP_FILTER] = "the value of rp_filter is not known",
	[HOST_ACCEPT_LOCAL] = "the value of accept_local is not known",
	[HOST_ROUTE_LOCALNET] = "the value of route_localnet is not known",
	[HOST_FORWARDING] = "the value of forwarding is not known",
	[HOST_BC_FORWARDING] = "the value of bc_forwarding is not known",
	[HOST_SEND_REDIRECTS] = "the value of send_redirects is not known",
	[HOST_MEDIUM_ID] = "the value of medium_id is not known",
	[HOST_LOCKTIME] = "the value of locktime is not known",
};

void asked_in_vain(struct asked *a, enum host_key key)
{
	a->unknown = not_known[key];
}

const struct way *asked_there(struct asked *a)
{
	struct way *w = &a->there;
	if (w->looked)
		return w;
	struct flow flow = { .dst = a->dst, .src = a->src };
	if (a->question == QUESTION_ANNOUNCE) {
		flow.oif = a->departure->ifindex;
		flow.output = true;
	} else {
		flow.iif = a->d->ifindex;
	}
	w->looked = true;
	w->result = host_lookup(a->h, &flow, &w->route, &a->unknown);
	if (w->result == FIB_ROUTE)
		a->now |= NOW_ROUTED | (w->route->type == RTN_LOCAL ? NOW_LOCAL : NOW_ELSEWHERE);
	return w;
}

int asked_type(struct asked *a, uint32_t ip)
{
	int type = host_addr_type(a->h, ip);
	if (type < 0)
		a->unknown = "the kind of an address cannot be told";
	return type;
}

int asked_confirm(
	struct asked *a, const struct host_link *on, uint32_t dst, uint32_t local, uint8_t limit)
{
	int found = addr_confirm(a->h, on, dst, local, limit);
	if (found < 0)
		asked_in_vain(a, HOST_ROUTE_LOCALNET);
	return found;
}

enum selected asked_select(struct asked *a, const struct host_link *on, uint32_t dst, uint8_t limit,
	uint32_t *ret, const struct host_link **ret_where)
{
	enum selected how = addr_select(a->h, on, dst, limit, ret, ret_where);
	if (how == SELECTED_UNKNOWN)
		asked_in_vain(a, HOST_ROUTE_LOCALNET);
	return how;
}

int asked_device(struct asked *a, uint32_t ip, const struct host_link **ret)
{
	const struct host_route *route;
	const struct flow flow = { .dst = ip };
	*ret = NULL;
	for (size_t i = 0; i < a->h->link_count; i++) {
		const struct host_link *l = &a->h->links[i];
		bool has = false;
		for (size_t k = l->first; k < l->first + l->count; k++)
			has |= a->h->addrs[k].local == ip;
		if (has && *ret) {
			a->unknown = "several interfaces have the source's address";
			return -1;
		}
		if (has)
			*ret = l;
	}
	if (!*ret && host_lookup(a->h, &flow, &route, &a->unknown) == FIB_ROUTE &&
		route->type == RTN_LOCAL)
		*ret = host_link(a->h, route->ifindex);
	return 0;
}

int always(struct asked *a)
{
	(void)a;
	return 1;
}

/* ---- telling ---- */

void tell_link(struct text *t, const struct host_link *l)
{
	text_name(t, l->name, IFNAME_SIZE);
}

void tell_ip(struct text *t, uint32_t ip)
{
	text_ip(t, ip);
}

static void tell_number(struct text *t, const struct host_conf *c, enum host_key key)
{
	if (c->known & 1u << key)
		text_i64(t, c->values[key]);
	else
		text_char(t, '?');
}

void tell_value(struct text *t, struct asked *a, const struct host_link *l, enum host_key key)
{
	enum sysctl_join join = (enum sysctl_join)host_join(a->h, key);
	text_put(t, host_key_name(key));
	if (join == JOIN_OWN) {
		text_put(t, " of ");
		tell_link(t, l);
	} else {
		text_put(t, " = ");
		text_put(t, sysctl_join_name(join));
		text_put(t, "(all ");
		tell_number(t, &a->h->all, key);
		text_put(t, ", ");
		tell_link(t, l);
		text_char(t, ' ');
		tell_number(t, &l->own, key);
		text_char(t, ')');
	}
	text_put(t, " = ");
	tell_number(t, &l->effective, key);
}

void tell_home(struct text *t, struct asked *a, uint32_t ip)
{
	const struct host_link *owner = host_owner(a->h, ip);
	tell_ip(t, ip);
	if (owner) {
		text_put(t, " is on ");
		tell_link(t, owner);
		return;
	}
	text_put(t, host_addr_type(a->h, ip) == RTN_LOCAL ? " is local by a route"
							  : " is not this host's");
}

/* "10.0.0.0/8", "default" */
static void tell_prefix(struct text *t, const struct host_route *r)
{
	if (!r->prefix && !r->dst) {
		text_put(t, "default");
		return;
	}
	tell_ip(t, r->dst);
	if (r->prefix < 32) {
		text_char(t, '/');
		text_u64(t, r->prefix);
	}
}

static const char *type_name(uint8_t type)
{
	switch (type) {
	case RTN_LOCAL:
		return "local ";
	case RTN_BROADCAST:
		return "broadcast ";
	case RTN_MULTICAST:
		return "multicast ";
	case RTN_BLACKHOLE:
		return "blackhole ";
	case RTN_UNREACHABLE:
		return "unreachable ";
	case RTN_PROHIBIT:
		return "prohibit ";
	case RTN_THROW:
		return "throw ";
	default:
		return "";
	}
}

void tell_way(struct text *t, struct asked *a, uint32_t ip, const struct way *w)
{
	if (w->result == FIB_UNKNOWN) {
		text_put(t, a->unknown);
		return;
	}
	text_put(t, w->result == FIB_NONE ? "there is no route to " : "the route to ");
	tell_ip(t, ip);
	if (w->result == FIB_NONE)
		return;
	const struct host_route *r = w->route;
	const struct host_link *out = r->ifindex ? host_link(a->h, r->ifindex) : NULL;
	text_put(t, " is ");
	text_put(t, type_name(r->type));
	tell_prefix(t, r);
	if (r->gateway) {
		text_put(t, " via ");
		tell_ip(t, r->gateway);
	}
	if (out) {
		text_put(t, " on ");
		tell_link(t, out);
	}
}
