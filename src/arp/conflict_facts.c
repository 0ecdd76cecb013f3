/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: what is known of the machine behind a MAC, and on which segment an interface is. */
#include <config.h>

#include "conflict_parts.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>
#include <arplab/world.h>

#define STACK_DEPTH 4
#define FACT_TABLES \
	(1u << TABLE_LINKS | 1u << TABLE_ADDRS | 1u << TABLE_ROUTES | 1u << TABLE_SYSCTLS)

/* ---- facts ---- */

static bool is_mac_of(const struct link *l, const uint8_t mac[6])
{
	return l->mac_len == 6 && memcmp(l->mac, mac, 6) == 0;
}

/* The interface with a MAC: where several have it, the one that is the segment itself. */
static const struct link *link_with(const struct model *m, uint32_t segment, const uint8_t mac[6])
{
	const struct link *found = NULL;
	for (size_t i = 0; i < m->link_count; i++) {
		const struct link *l = &m->links[i].link;
		if (is_mac_of(l, mac) && (!found || l->ifindex == (int32_t)segment))
			found = l;
	}
	return found;
}

static bool has(const struct model *m, int32_t ifindex, const char *name)
{
	int32_t value, decider;
	int key = sysctl_find(name);
	return key >= 0 && model_effective(m, ifindex, (size_t)key, &value, &decider) && value;
}

static bool is_proxy(const struct model *m, int32_t ifindex, uint32_t ip)
{
	for (size_t i = 0; i < m->proxy_count; i++)
		if (m->proxies[i].ip == ip &&
			(!m->proxies[i].ifindex || m->proxies[i].ifindex == ifindex))
			return true;
	return has(m, ifindex, "proxy_arp") || has(m, ifindex, "proxy_arp_pvlan");
}

/* An interface by which a whole network is local, as a /24 on lo makes it. 0: there is none. */
static int32_t local_network(const struct model *m, uint32_t ip)
{
	for (size_t i = 0; i < m->route_count; i++) {
		const struct route *r = &m->routes[i].route;
		if (r->type == RTN_LOCAL && r->dst_len < 32 &&
			((r->dst ^ ip) & ip_mask(r->dst_len)) == 0 && (ntohl(ip) >> 24) != 127)
			return r->ifindex;
	}
	return 0;
}

static void find_address(
	const struct model *m, const struct link *here, uint32_t ip, struct claim_facts *ret)
{
	int32_t elsewhere = 0;
	ret->holds = HOLDS_NOT;
	for (size_t i = 0; i < m->addr_count; i++) {
		const struct addr *a = &m->addrs[i].addr;
		const struct model_link *l = model_link(m, a->ifindex);
		if (a->local != ip)
			continue;
		/* A bridge and its port have one MAC. */
		if (a->ifindex == here->ifindex || (l && is_mac_of(&l->link, here->mac))) {
			ret->holds = HOLDS_HERE;
			return;
		}
		elsewhere = a->ifindex;
	}
	if (!elsewhere)
		elsewhere = local_network(m, ip);
	if (!elsewhere)
		return;
	ret->holds = HOLDS_ELSEWHERE;
	text_copy(ret->elsewhere, sizeof ret->elsewhere, model_conf_name(m, elsewhere));
}

static bool find_on(const struct model *m, uint16_t node, uint32_t segment, const uint8_t mac[6],
	uint32_t ip, struct claim_facts *ret)
{
	const struct link *l = link_with(m, segment, mac);
	if (!l || (m->tables_seen & FACT_TABLES) != FACT_TABLES)
		return false;
	*ret = (struct claim_facts) { .node = node };
	if (node)
		text_copy(ret->machine, sizeof ret->machine, world_name(m->world, node));
	text_copy(ret->iface, sizeof ret->iface, l->name);
	find_address(m, l, ip, ret);
	ret->proxies = ret->holds == HOLDS_NOT && is_proxy(m, l->ifindex, ip);
	return true;
}

bool claim_facts_find(const struct model *m, uint32_t segment, const uint8_t mac[6], uint32_t ip,
	struct claim_facts *ret)
{
	if (m->hello.scope == SCOPE_HOST)
		return find_on(m, 0, segment, mac, ip, ret);
	/* Interfaces of a lab are counted anew in each machine: a segment is none of theirs. */
	for (uint16_t node = 1; m->world && node <= m->world->count; node++)
		if (find_on(world_machine(m->world, node), node, 0, mac, ip, ret))
			return true;
	return false;
}

/* ---- segments ---- */

/* What hears the same frames as an interface, the outermost of them. */
static int32_t top_of(const struct model *m, int32_t ifindex)
{
	for (int depth = 0; depth < STACK_DEPTH; depth++) {
		const struct model_link *l = model_link(m, ifindex);
		if (!l)
			break;
		const struct model_link *master = model_link(m, l->link.master);
		if (master && strcmp(master->link.kind, "vrf") != 0)
			ifindex = master->link.ifindex;
		else if (strncmp(l->link.kind, "macv", 4) == 0 && model_link(m, l->link.parent))
			ifindex = l->link.parent;
		else
			break;
	}
	return ifindex;
}

static uint32_t switch_of(
	const struct topology *t, const struct model *m, uint16_t node, int32_t ifindex)
{
	int i = t && m ? topology_iface(t, node, model_conf_name(m, ifindex)) : -1;
	return i < 0 ? 0 : t->ifaces[i].switch_number;
}

uint32_t conflicts_segment(
	struct conflicts *c, const struct model *m, uint16_t node, int32_t ifindex)
{
	const struct model *machine = node && m->world ? world_machine(m->world, node) : m;
	if (!machine || !ifindex)
		return 0;
	uint64_t links = machine->generation[PART_LINKS];
	if (c->segment_model == machine && c->segment_ifindex == ifindex &&
		c->segment_links == links)
		return c->segment;
	c->segment_model = machine;
	c->segment_ifindex = ifindex;
	c->segment_links = links;
	c->segment = node ? switch_of(c->topology, machine, node, ifindex)
			  : (uint32_t)top_of(machine, ifindex);
	return c->segment;
}

void conflicts_topology(struct conflicts *c, const struct topology *t)
{
	c->topology = t;
	c->segment_model = NULL;
}

void conflicts_frame(struct conflicts *c, const struct model *m, const struct event *e)
{
	if (e->kind == EVENT_LAB && e->lab.state != LAB_UP)
		conflicts_clear(c);
	if (e->kind == EVENT_LAB || e->kind == EVENT_NODE)
		c->segment_model = NULL;
	if (e->kind != EVENT_FRAME || (e->node && !(e->flags & EVENT_SENT)))
		return;
	conflicts_take(c, conflicts_segment(c, m, e->node, e->frame.ifindex), e->at_ns,
		e->frame.bytes, e->frame.caplen);
}
