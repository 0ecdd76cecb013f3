/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what the rules ask of the facts, each thing once, and what they say of what they found. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* ---- asking ---- */

static const char *const not_known[HOST_KEYS] = {
	[HOST_ARP_IGNORE] = N_("the value of arp_ignore is not known"),
	[HOST_ARP_ANNOUNCE] = N_("the value of arp_announce is not known"),
	[HOST_ARP_FILTER] = N_("the value of arp_filter is not known"),
	[HOST_ARP_ACCEPT] = N_("the value of arp_accept is not known"),
	[HOST_DROP_GRATUITOUS] = N_("the value of drop_gratuitous_arp is not known"),
	[HOST_PROXY_ARP] = N_("the value of proxy_arp is not known"),
	[HOST_PROXY_PVLAN] = N_("the value of proxy_arp_pvlan is not known"),
	[HOST_RP_FILTER] = N_("the value of rp_filter is not known"),
	[HOST_ACCEPT_LOCAL] = N_("the value of accept_local is not known"),
	[HOST_ROUTE_LOCALNET] = N_("the value of route_localnet is not known"),
	[HOST_FORWARDING] = N_("the value of forwarding is not known"),
	[HOST_BC_FORWARDING] = N_("the value of bc_forwarding is not known"),
	[HOST_SEND_REDIRECTS] = N_("the value of send_redirects is not known"),
	[HOST_MEDIUM_ID] = N_("the value of medium_id is not known"),
	[HOST_LOCKTIME] = N_("the value of locktime is not known"),
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
		a->unknown = N_("the kind of an address cannot be told");
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
			a->unknown = N_("several interfaces have the source's address");
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

struct word link_word(const struct host_link *l)
{
	return name_word(l->name);
}

static struct word number_word(const struct host_conf *c, enum host_key key)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	if (c->known & 1u << key)
		text_i64(&t, c->values[key]);
	else
		text_char(&t, '?');
	text_end(&t);
	return w;
}

struct fact value_fact(struct asked *a, const struct host_link *l, enum host_key key)
{
	enum sysctl_join join = (enum sysctl_join)host_join(a->h, key);
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	if (join == JOIN_OWN)
		/* TRANSLATORS: a sysctl of an interface, and its value */
		text_printf(&t, _("%s of %s = %s"), host_key_name(key), link_word(l).text,
			number_word(&l->effective, key).text);
	else
		text_printf(&t, "%s = %s(all %s, %s %s) = %s", host_key_name(key),
			sysctl_join_name(join), number_word(&a->h->all, key).text,
			link_word(l).text, number_word(&l->own, key).text,
			number_word(&l->effective, key).text);
	text_end(&t);
	return f;
}

struct fact home_fact(struct asked *a, uint32_t ip)
{
	const struct host_link *owner = host_owner(a->h, ip);
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	if (owner)
		text_printf(&t, _("%s is on %s"), ip_word(ip).text, link_word(owner).text);
	else if (host_addr_type(a->h, ip) == RTN_LOCAL)
		text_printf(&t, _("%s is local by a route"), ip_word(ip).text);
	else
		text_printf(&t, _("%s is not this host's"), ip_word(ip).text);
	text_end(&t);
	return f;
}

/* As `ip route` has it: no word of a language. */
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

/* "10.0.0.0/8", "local 10.0.0.1", "default" */
static struct word route_word(const struct host_route *r)
{
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	text_put(&t, type_name(r->type));
	if (!r->prefix && !r->dst)
		text_put(&t, "default");
	else if (r->prefix < 32)
		text_put(&t, prefix_word(r->dst, r->prefix).text);
	else
		text_ip(&t, r->dst);
	text_end(&t);
	return w;
}

static void put_route(
	struct text *t, uint32_t ip, const struct host_route *r, const struct host_link *out)
{
	struct word to = ip_word(ip), by = route_word(r), hop = ip_word(r->gateway);
	if (r->gateway && out)
		text_printf(t, _("the route to %s is %s via %s on %s"), to.text, by.text, hop.text,
			link_word(out).text);
	else if (r->gateway)
		text_printf(t, _("the route to %s is %s via %s"), to.text, by.text, hop.text);
	else if (out)
		text_printf(
			t, _("the route to %s is %s on %s"), to.text, by.text, link_word(out).text);
	else
		text_printf(t, _("the route to %s is %s"), to.text, by.text);
}

struct fact way_fact(struct asked *a, uint32_t ip, const struct way *w)
{
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	if (w->result == FIB_UNKNOWN)
		text_put(&t, _(a->unknown));
	else if (w->result == FIB_NONE)
		text_printf(&t, _("there is no route to %s"), ip_word(ip).text);
	else
		put_route(&t, ip, w->route,
			w->route->ifindex ? host_link(a->h, w->route->ifindex) : NULL);
	text_end(&t);
	return f;
}

struct fact there_fact(struct asked *a)
{
	return way_fact(a, a->dst, asked_there(a));
}

void tell_there(struct text *t, struct asked *a)
{
	text_put(t, there_fact(a).text);
}

void tell_target(struct text *t, struct asked *a)
{
	text_printf(t, _("the target is %s"), ip_word(a->dst).text);
}
