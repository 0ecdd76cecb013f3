/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: a host made from what a model knows of a machine.
 *
 * It is made anew whenever something it needs has changed, so it costs little: rows are copied in
 * one go, and the routes, of which there may be many, are shared with the host before.
 */
#include <config.h>

#include "host_parts.h"

#include <errno.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>

enum { MS_PER_CS = 10 };

/* Where the host's keys are among the model's. */
struct places {
	size_t key[HOST_KEYS];
};

static struct places places_find(void)
{
	struct places p;
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		int key = host_key_find(keys[i].name);
		if (key >= 0)
			p.key[key] = i;
	}
	return p;
}

static int32_t ms_of(int32_t value_cs)
{
	int64_t ms = (int64_t)value_cs * MS_PER_CS;
	return ms > INT32_MAX ? INT32_MAX : ms < INT32_MIN ? INT32_MIN : (int32_t)ms;
}

static void take_conf(struct host_conf *ret, const struct model_conf *c, const struct places *p)
{
	for (int key = 0; c && key < HOST_KEYS; key++) {
		size_t place = p->key[key];
		if (!(c->known & UINT64_C(1) << place))
			continue;
		int32_t value = c->values[place];
		ret->known |= 1u << key;
		if (key != HOST_LOCKTIME)
			ret->values[key] = value;
		else
			ret->values[key] = ms_of(value);
	}
}

/*
 * The sysctls of an interface. Behind `all` and `default` they stand in the order of the links, but
 * lo, which is last; hint: where the next one is looked for first.
 */
static const struct model_conf *conf_at(const struct model *m, int32_t ifindex, size_t *hint)
{
	if (*hint < m->conf_count && m->confs[*hint].ifindex == ifindex)
		return &m->confs[(*hint)++];
	return model_conf(m, ifindex);
}

static enum host_above above_of(const struct model *m, const struct link *l)
{
	if (strcmp(l->kind, "vrf") == 0)
		return ABOVE_VRF;
	if (!l->master)
		return ABOVE_NOTHING;
	const struct model_link *master = model_link(m, l->master);
	const char *kind = master ? master->link.kind : "";
	if (strcmp(kind, "bridge") == 0 || strcmp(kind, "bond") == 0 || strcmp(kind, "team") == 0)
		return ABOVE_BRIDGE;
	return strcmp(kind, "vrf") == 0 ? ABOVE_VRF : ABOVE_OTHER;
}

static void take_link(struct host_link *ret, const struct model *m, const struct link *l)
{
	ret->ifindex = l->ifindex;
	ret->master = l->master;
	memcpy(ret->name, l->name, sizeof ret->name);
	memcpy(ret->mac, l->mac, sizeof ret->mac);
	ret->above = (uint8_t)above_of(m, l);
	ret->up = l->flags & IFF_UP;
	ret->noarp = l->flags & IFF_NOARP;
	ret->loopback = l->flags & IFF_LOOPBACK;
	ret->ethernet = (l->type == ARPHRD_ETHER || l->type == ARPHRD_IEEE802) && l->mac_len == 6;
}

static void take_addr(struct host_addr *ret, const struct addr *a)
{
	ret->local = a->local;
	ret->address = a->address ? a->address : a->local;
	ret->prefix = a->prefix;
	ret->mask = ip_mask(a->prefix);
	ret->scope = a->scope;
	ret->secondary = a->flags & IFA_F_SECONDARY;
}

/* Addresses stand by interface, as the links do; those of interfaces not known yet are left out. */
static void take_links(struct host *h, const struct model *m, const struct places *p)
{
	h->links = rows_new(m->link_count, sizeof *h->links);
	h->link_count = m->link_count;
	h->addrs = rows_new(m->addr_count, sizeof *h->addrs);
	size_t a = 0, hint = 2;
	for (size_t i = 0; i < m->link_count; i++) {
		struct host_link *l = &h->links[i];
		take_link(l, m, &m->links[i].link);
		take_conf(&l->own, conf_at(m, l->ifindex, &hint), p);
		l->first = h->addr_count;
		while (a < m->addr_count && m->addrs[a].addr.ifindex < l->ifindex)
			a++;
		for (; a < m->addr_count && m->addrs[a].addr.ifindex == l->ifindex; a++)
			take_addr(&h->addrs[h->addr_count++], &m->addrs[a].addr);
		l->count = h->addr_count - l->first;
	}
}

static void take_route(struct host_fib *f, const struct route *r)
{
	fib_add(f, &(struct host_route) {
			   .table = r->table,
			   .dst = r->dst,
			   .gateway = r->gateway,
			   .source = r->source,
			   .metric = r->metric,
			   .ifindex = r->ifindex,
			   .prefix = r->dst_len,
			   .type = r->type,
			   .scope = r->scope,
			   .tos = r->tos,
			   .hops = r->hops,
			   .dead = r->flags & RTNH_F_DEAD,
			   .linkdown = r->flags & RTNH_F_LINKDOWN,
			   .onlink = r->flags & RTNH_F_ONLINK,
			   .manual = r->protocol != RTPROT_KERNEL,
		   });
}

static void take_routes(struct host *h, const struct model *m, const struct host *before)
{
	uint64_t generation = m->generation[PART_ROUTES];
	h->routes_unknown = !(m->tables_seen & 1u << TABLE_ROUTES) && !m->route_count;
	if (before && before->fib->has_generation && before->fib->generation == generation) {
		fib_release(h->fib);
		h->fib = fib_hold(before->fib);
	} else {
		for (size_t i = 0; i < m->route_count; i++)
			take_route(h->fib, &m->routes[i].route);
		h->fib->has_generation = true;
		h->fib->generation = generation;
	}
	h->custom_local = h->fib->custom_local;
}

/* Which of the rules that every namespace begins with this one is, or -1. */
static int usual_rule(const struct policy_rule *r)
{
	static const struct {
		uint32_t priority, table;
	} usual[] = { { 0, RT_TABLE_LOCAL }, { 32766, RT_TABLE_MAIN },
		{ 32767, RT_TABLE_DEFAULT } };
	if (r->action != FR_ACT_TO_TBL || r->source_len || r->target_len || r->mark || r->mask ||
		r->other || r->iif[0] || r->oif[0])
		return -1;
	for (int i = 0; i < 3; i++)
		if (r->priority == usual[i].priority && r->table == usual[i].table)
			return i;
	return -1;
}

static void take_rule(struct host *h, const struct policy_rule *r)
{
	struct host_rule rule = {
		.priority = r->priority,
		.table = r->table,
		.source = r->source,
		.target = r->target,
		.source_mask = ip_mask(r->source_len),
		.target_mask = ip_mask(r->target_len),
		.action = r->action,
		.invert = r->other & RULE_NOT,
		.other = r->other & RULE_MORE || r->mark || r->mask,
	};
	/* All that the kernel compares is the length; routes of 32 bits are longer than any. */
	if (r->other & RULE_SUPPRESS)
		rule.suppress = (uint8_t)(r->suppress < 32 ? r->suppress + 1 : 33);
	memcpy(rule.iif, r->iif, sizeof rule.iif);
	memcpy(rule.oif, r->oif, sizeof rule.oif);
	/* What is in no VRF passes the rule of VRFs by, and what is in one is not followed at all.
	 */
	if (!(r->other & RULE_VRF))
		host_add_rule(h, &rule);
}

/* A kernel without policy rules names none at all; then it is as if the usual ones were there. */
static void take_rules(struct host *h, const struct model *m)
{
	unsigned usual = 0;
	for (size_t i = 0; i < m->rule_count; i++) {
		int which = usual_rule(&m->rules[i].rule);
		usual |= which < 0 ? 0 : 1u << which;
	}
	h->rules_replaced = m->rule_count && m->tables_seen & 1u << TABLE_RULES && usual != 7;
	h->split_tables = h->rules_replaced;
	for (size_t i = 0; i < m->rule_count; i++) {
		bool added = usual_rule(&m->rules[i].rule) < 0;
		h->split_tables |= added;
		if (added || h->rules_replaced)
			take_rule(h, &m->rules[i].rule);
	}
}

static void take_proxies(struct host *h, const struct model *m)
{
	for (size_t i = 0; i < m->proxy_count; i++)
		host_add_proxy(h, m->proxies[i].ip, m->proxies[i].ifindex);
}

struct host *host_from_model(const struct model *m, const struct host *before)
{
	struct host *h = host_new();
	const struct places p = places_find();
	text_copy(h->name, sizeof h->name, m->hello.host);
	h->kernel = m->hello.kernel;
	take_conf(&h->all, model_conf(m, CONF_ALL), &p);
	take_links(h, m, &p);
	take_routes(h, m, before);
	take_rules(h, m);
	take_proxies(h, m);
	host_settle(h);
	return h;
}
