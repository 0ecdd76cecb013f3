/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a random stimulus for a host, and entries that its neighbour table holds before. */
#include <config.h>

#include "kernel.h"

#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>

/* ---- addresses, most of them near those of the host ---- */

static uint32_t odd_ip(struct rng *r)
{
	static const uint32_t ips[] = { 0x00000000, 0x00010203, 0x7f000001, 0x7f000005, 0x7f000909,
		0x7fffffff, 0xe0000001, 0xe0000005, 0xef010203, 0xffffffff, 0xf0000001, 0xa9fe0909,
		0x00000001 };
	return htonl(ips[rng_below(r, COUNT(ips))]);
}

static uint32_t known_ip(struct rng *r)
{
	static const uint32_t ips[] = { 0xc0a80201, 0xc0a80206, 0xc0a8028c, 0xc0a802de, 0xc0a802c8,
		0xc0a80265, 0xc0a802ff, 0xc0a803fa, 0xc0a84d09, 0x0ad33701, 0x0ad33702, 0x0ad33763,
		0x0ad37803, 0xac10010a, 0xac100505, 0xac10c801, 0x08080808 };
	return htonl(ips[rng_below(r, COUNT(ips))]);
}

/* 127.0.0.1 is everybody's, and leads nowhere: mostly another one. */
static const struct host_addr *own_addr(const struct host *h, struct rng *r)
{
	const struct host_addr *a = &h->addrs[rng_below(r, (unsigned)h->addr_count)];
	for (int i = 0; i < 4 && ntohl(a->local) >> 24 == IN_LOOPBACKNET; i++)
		a = &h->addrs[rng_below(r, (unsigned)h->addr_count)];
	return a;
}

static uint32_t own_ip(const struct host *h, struct rng *r)
{
	return h->addr_count ? own_addr(h, r)->local : known_ip(r);
}

static bool is_on_lo(const struct host *h, const struct host_addr *a)
{
	const struct host_link *lo = &h->links[0];
	return a >= h->addrs + lo->first && a < h->addrs + lo->first + lo->count;
}

/* In the subnet of an own address; now and then its first or last. */
static uint32_t near_ip(const struct host *h, struct rng *r)
{
	if (!h->addr_count)
		return known_ip(r);
	const struct host_addr *a = own_addr(h, r);
	/* What is near one of lo, is lo's. */
	for (int i = 0; i < 3 && is_on_lo(h, a); i++)
		a = own_addr(h, r);
	uint32_t rest = rng_percent(r, 15)   ? 0
			: rng_percent(r, 15) ? UINT32_MAX
					     : htonl(1 + rng_below(r, 6));
	return (a->address & a->mask) | (rest & ~a->mask);
}

static uint32_t routed_ip(const struct host *h, struct rng *r)
{
	size_t count = 0;
	while (host_route(h, count))
		count++;
	if (!count)
		return known_ip(r);
	const struct host_route *route = host_route(h, rng_below(r, (unsigned)count));
	if (route->gateway && rng_percent(r, 60))
		return route->gateway;
	return route->dst | (htonl(rng_below(r, 4)) & ~ip_mask(route->prefix));
}

static uint32_t any_ip(const struct host *h, struct rng *r)
{
	unsigned which = rng_below(r, 100);
	return which < 32   ? own_ip(h, r)
	       : which < 55 ? near_ip(h, r)
	       : which < 78 ? known_ip(r)
	       : which < 92 ? routed_ip(h, r)
			    : odd_ip(r);
}

/* Somebody who may well be there. */
static uint32_t peer_ip(const struct host *h, struct rng *r)
{
	unsigned which = rng_below(r, 100);
	return which < 55   ? near_ip(h, r)
	       : which < 75 ? known_ip(r)
	       : which < 95 ? routed_ip(h, r)
			    : any_ip(h, r);
}

/* ---- MACs ---- */

static void peer_mac(struct rng *r, uint8_t mac[6])
{
	const uint8_t peer[6] = { 0x02, 0x57, 0xaa, 0, 0, (uint8_t)rng_below(r, 3) };
	memcpy(mac, peer, 6);
}

static const uint8_t everyone[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static void group_mac(struct rng *r, uint8_t mac[6])
{
	static const uint8_t groups[][6] = { { 0x01, 0x00, 0x5e, 0, 0, 1 },
		{ 0x33, 0x33, 0, 0, 0, 1 }, { 0x01, 0x80, 0xc2, 0, 0, 0x0e } };
	/* The third is one that no bridge passes on, and without it bridges are as others. */
	memcpy(mac, groups[rng_below(r, 2)], 6);
}

/* Of an interface of the host on that segment, or of any. */
static void host_mac(
	const struct space *s, const struct host *h, int segment, struct rng *r, uint8_t mac[6])
{
	size_t from = rng_below(r, LINKS);
	for (size_t i = 0; i < LINKS; i++) {
		const struct place *p = &s->links[(from + i) % LINKS];
		const struct host_link *l = p->ifindex ? host_link(h, p->ifindex) : NULL;
		if (l && !l->loopback && (segment == NO_SEGMENT || p->segment == segment)) {
			memcpy(mac, l->mac, 6);
			return;
		}
	}
	memcpy(mac, everyone, 6);
}

/*
 * Of an interface that neither is a port nor has something upon it: what is sent to the others'
 * MACs by themselves never comes out.
 */
static const uint8_t *cable_mac(const struct space *s, const struct host *h)
{
	return host_link(h, s->links[LINK_E0].ifindex)->mac;
}

/* ---- segments ---- */

/* The segment of an interface that is up and plugged in. e0 always is. */
static int any_segment(const struct space *s, struct rng *r)
{
	size_t from = LINK_E0 + rng_below(r, CABLES);
	int segment = s->links[from].segment;
	return segment != NO_SEGMENT ? segment : s->links[LINK_E0].segment;
}

/* ---- a frame ---- */

static void choose_macs(
	const struct space *s, const struct host *h, struct rng *r, struct stimulus *ret)
{
	struct arp_packet *p = &ret->packet;
	unsigned to = rng_below(r, 100);
	if (to < 65)
		memcpy(p->eth_dst, everyone, 6);
	else if (to < 85)
		host_mac(s, h, ret->segment, r, p->eth_dst);
	else if (to < 92)
		group_mac(r, p->eth_dst);
	else
		peer_mac(r, p->eth_dst);
	peer_mac(r, p->eth_src);
	memcpy(p->sha, p->eth_src, 6);
	unsigned sender = rng_below(r, 100);
	if (sender < 6)
		peer_mac(r, p->sha);
	else if (sender < 8)
		memset(p->sha, 0, 6);
	else if (sender < 10)
		memcpy(p->sha, everyone, 6);
	else if (sender < 12)
		memcpy(p->sha, cable_mac(s, h), 6);
	unsigned target = rng_below(r, 100);
	if (target < 25)
		memcpy(p->tha, p->sha, 6);
	else if (target < 35)
		host_mac(s, h, ret->segment, r, p->tha);
	else if (target < 40)
		memcpy(p->tha, everyone, 6);
}

/* What is not sound for ARP over Ethernet, and what belongs to a VLAN. */
static void make_flaw(struct rng *r, struct arp_packet *p)
{
	static const int odd_operations[] = { 0, 3, 4, 8, 9, 23, 257, 512 };
	static const int odd_hardware[] = { 6, 6, 6, 0, 15, 32, 256 };
	if (rng_percent(r, 3))
		p->op = (uint16_t)rng_one(r, odd_operations, COUNT(odd_operations));
	if (rng_percent(r, 4))
		p->hardware = (uint16_t)rng_one(r, odd_hardware, COUNT(odd_hardware));
	if (rng_percent(r, 1))
		p->protocol = 0x86dd;
	if (rng_percent(r, 1))
		p->hlen = 8;
	if (rng_percent(r, 1))
		p->plen = 16;
	p->tagged = rng_percent(r, 4);
	p->vlan = p->tagged && rng_percent(r, 50) ? 5 : 0;
}

static void make_frame(
	const struct space *s, const struct host *h, struct rng *r, struct stimulus *ret)
{
	struct arp_packet *p = &ret->packet;
	ret->kind = STIMULUS_RX;
	ret->segment = any_segment(s, r);
	p->protocol = 0x0800;
	p->hlen = 6;
	p->plen = 4;
	p->offset = 14;
	p->op = rng_percent(r, 74) ? ARP_OP_REQUEST : ARP_OP_REPLY;
	p->hardware = 1;
	choose_macs(s, h, r, ret);
	p->sip = rng_percent(r, 75) ? peer_ip(h, r) : any_ip(h, r);
	p->tip = any_ip(h, r);
	unsigned shape = rng_below(r, 100);
	if (shape < 10)
		p->sip = 0;
	else if (shape < 24)
		p->sip = p->tip;
	else if (shape < 58)
		p->tip = own_ip(h, r);
	else if (shape < 80)
		p->tip = peer_ip(h, r);
	else if (shape < 92 && h->proxy_count)
		p->tip = h->proxies[rng_below(r, (unsigned)h->proxy_count)].ip;
	make_flaw(r, p);
}

/* ---- packets ---- */

/* Of an address on two interfaces nobody can tell by which a packet to a group leaves. */
static bool has_twins(const struct host *h)
{
	for (size_t i = 0; i < h->addr_count; i++)
		for (size_t k = i + 1; k < h->addr_count; k++)
			if (h->addrs[i].local == h->addrs[k].local)
				return true;
	return false;
}

static bool is_group(uint32_t ip)
{
	return ntohl(ip) >= 0xe0000000 && (ntohl(ip) < 0xf0000000 || ip == UINT32_MAX);
}

static void make_sending(const struct host *h, struct rng *r, struct stimulus *ret)
{
	ret->kind = STIMULUS_TX;
	ret->segment = NO_SEGMENT;
	if (rng_percent(r, 20))
		ret->ifindex = h->links[rng_below(r, (unsigned)h->link_count)].ifindex;
	unsigned source = rng_below(r, 100);
	ret->src = source < 50 ? 0 : source < 95 ? own_ip(h, r) : near_ip(h, r);
	/* A socket that is bound to such an address lets the kernel choose. */
	int type = host_addr_type(h, ret->src);
	if (type == RTN_BROADCAST || type == RTN_MULTICAST)
		ret->src = 0;
	do
		ret->dst = rng_percent(r, 8)    ? odd_ip(r)
			   : rng_percent(r, 70) ? peer_ip(h, r)
						: any_ip(h, r);
	while (ret->dst == 0 || (is_group(ret->dst) && has_twins(h)));
}

static void make_forwarding(
	const struct space *s, const struct host *h, struct rng *r, struct stimulus *ret)
{
	ret->kind = STIMULUS_FWD;
	ret->segment = any_segment(s, r);
	host_mac(s, h, ret->segment, r, ret->packet.eth_dst);
	peer_mac(r, ret->packet.eth_src);
	if (rng_percent(r, 4))
		peer_mac(r, ret->packet.eth_dst);
	ret->src = rng_percent(r, 75) ? peer_ip(h, r) : any_ip(h, r);
	ret->dst = rng_percent(r, 75) ? peer_ip(h, r) : any_ip(h, r);
	/* A few broadcasts more than by chance. */
	bool to_all = rng_percent(r, 15);
	for (int i = 0; i < 10 && to_all && host_addr_type(h, ret->dst) != RTN_BROADCAST; i++)
		ret->dst = near_ip(h, r);
}

/* An interface that is plugged in and does ARP, or NULL. */
static const struct host_link *arp_link(const struct space *s, const struct host *h, struct rng *r)
{
	size_t from = rng_below(r, LINKS);
	for (size_t i = 0; i < LINKS; i++) {
		const struct place *p = &s->links[(from + i) % LINKS];
		const struct host_link *l = p->ifindex ? host_link(h, p->ifindex) : NULL;
		if (l && p->segment != NO_SEGMENT && !l->noarp && l->above == ABOVE_NOTHING)
			return l;
	}
	return NULL;
}

static void make_poll(
	const struct space *s, const struct host *h, struct rng *r, struct stimulus *ret)
{
	const struct host_link *l = arp_link(s, h, r);
	if (!l) {
		make_sending(h, r, ret);
		return;
	}
	ret->kind = STIMULUS_PROBE;
	ret->segment = NO_SEGMENT;
	ret->ifindex = l->ifindex;
	do
		ret->dst = any_ip(h, r);
	while (ret->dst == 0);
	peer_mac(r, ret->mac);
}

/* ---- entries ---- */

static void add_entry(const struct host_link *l, uint32_t ip, struct rng *r, struct test_case *ret)
{
	static const int states[] = { NUD_STALE, NUD_STALE, NUD_STALE, NUD_STALE, NUD_REACHABLE,
		NUD_REACHABLE, NUD_REACHABLE, NUD_PERMANENT, NUD_INCOMPLETE, NUD_INCOMPLETE,
		NUD_FAILED, NUD_FAILED, NUD_NOARP, NUD_DELAY };
	uint16_t state = (uint16_t)rng_one(r, states, COUNT(states));
	struct entry *e = &ret->have[ret->have_count];
	if (ret->have_count == COUNT(ret->have))
		return;
	for (size_t i = 0; i < ret->have_count; i++)
		if (ret->have[i].ifindex == l->ifindex && ret->have[i].ip == ip)
			return;
	*e = (struct entry) { .ifindex = l->ifindex, .ip = ip, .state = state };
	peer_mac(r, e->mac);
	if (rng_percent(r, 40) && ret->what.kind == STIMULUS_RX)
		memcpy(e->mac, ret->what.packet.sha, 6);
	ret->have_count++;
}

/* Entries for the sender, for the next hop, and for somebody whom all this does not concern. */
static void add_entries(
	const struct space *s, const struct host *h, struct rng *r, struct test_case *ret)
{
	uint32_t ip = ret->what.kind == STIMULUS_RX ? ret->what.packet.sip : ret->what.dst;
	bool any = rng_percent(r, 55);
	for (size_t i = LINK_E0; i < LINKS; i++) {
		const struct host_link *l =
			s->links[i].ifindex ? host_link(h, s->links[i].ifindex) : NULL;
		bool this = rng_percent(r, 80), hop = rng_percent(r, 30), other = rng_percent(r, 6);
		if (!l || !l->up || l->noarp || !any)
			continue;
		/* A poll makes the entry itself. */
		if (this && ip && (ret->what.kind != STIMULUS_PROBE))
			add_entry(l, ip, r, ret);
		if (hop && ret->what.kind != STIMULUS_RX && ret->what.kind != STIMULUS_PROBE) {
			uint32_t next = routed_ip(h, r);
			if (next)
				add_entry(l, next, r, ret);
		}
		if (other && ret->what.kind != STIMULUS_PROBE)
			add_entry(l, known_ip(r), r, ret);
	}
}

void case_make(const struct space *s, const struct host *h, struct rng *r, struct test_case *ret)
{
	unsigned kind = rng_below(r, 100);
	*ret = (struct test_case) { .have_count = 0 };
	if (kind < 64)
		make_frame(s, h, r, &ret->what);
	else if (kind < 84)
		make_sending(h, r, &ret->what);
	else if (kind < 96)
		make_forwarding(s, h, r, &ret->what);
	else
		make_poll(s, h, r, &ret->what);
	add_entries(s, h, r, ret);
}
