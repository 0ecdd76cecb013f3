/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: machines, frames and packets drawn from the input. An input that has ended draws zeros,
 * which stand for what is usual.
 */
#ifndef TESTS_FUZZ_MACHINES_H
#define TESTS_FUZZ_MACHINES_H

#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/host.h>
#include <arplab/rules.h>

enum { LINKS_MAX = 6, ADDRS_MAX = 10, ROUTES_MAX = 12 };

/* ---- drawing ---- */

struct draw {
	const uint8_t *bytes;
	size_t len;
};

static inline uint8_t draw_byte(struct draw *d)
{
	if (!d->len)
		return 0;
	d->len--;
	return *d->bytes++;
}

static inline uint32_t draw_word(struct draw *d)
{
	uint32_t word = 0;
	for (int i = 0; i < 4; i++)
		word = word << 8 | draw_byte(d);
	return word;
}

/* 0 .. limit - 1 */
static inline unsigned draw_below(struct draw *d, unsigned limit)
{
	return draw_byte(d) % limit;
}

/* True once in so many draws. */
static inline bool draw_rarely(struct draw *d, unsigned times)
{
	return draw_below(d, times) == times - 1;
}

/* Few addresses, so that they meet; the last byte makes networks, broadcasts and hosts. */
static inline uint32_t draw_ip(struct draw *d)
{
	static const uint32_t special[] = { 0, 0xffffffff, 0x7f000001, 0x7f000002, 0xe0000005,
		0xe8000001, 0x00000007, 0xf0000001 };
	static const uint8_t last[] = { 1, 2, 3, 4, 129, 254, 255, 0 };
	uint8_t how = draw_byte(d);
	if (how >= 0xf8)
		return draw_word(d);
	if (how >= 0xe0)
		return htonl(special[how % 8]);
	return htonl(0x0a000000u | (how >> 3 & 3u) << 8 | last[how & 7]);
}

static inline int32_t draw_value(struct draw *d)
{
	static const int32_t telling[] = { 0, 1, 2, 3, 4, 8, 9, -1, INT32_MIN, INT32_MAX };
	uint8_t how = draw_byte(d);
	return how < 0xf0 ? telling[how % 10] : (int32_t)draw_word(d);
}

static inline void draw_mac(struct draw *d, uint8_t mac[6])
{
	memset(mac, 0, 6);
	mac[0] = draw_rarely(d, 16) ? draw_byte(d) : 2;
	mac[5] = (uint8_t)draw_below(d, 4);
}

/* ---- a machine ---- */

static inline void make_link(struct draw *d, struct host *h, int32_t ifindex)
{
	char name[IFNAME_SIZE];
	snprintf(name, sizeof name, "eth%d", (int)ifindex);
	/* A name may have any bytes but a slash and white space. */
	if (draw_rarely(d, 8))
		for (size_t i = 0; i + 1 < sizeof name; i++)
			name[i] = (char)draw_byte(d);
	struct host_link *l = host_add_link(h, ifindex, ifindex == 1 ? "lo" : name);
	l->loopback = ifindex == 1;
	l->up = !draw_rarely(d, 16);
	l->noarp = draw_rarely(d, 16);
	l->ethernet = !l->loopback && !draw_rarely(d, 16);
	if (draw_rarely(d, 8)) {
		l->above = (uint8_t)draw_below(d, ABOVE_OTHER + 1);
		l->master = (int32_t)draw_below(d, LINKS_MAX + 2);
	}
	draw_mac(d, l->mac);
}

static inline void make_links(struct draw *d, struct host *h)
{
	unsigned count = 2 + draw_below(d, LINKS_MAX - 1);
	bool backwards = draw_rarely(d, 8);
	for (unsigned i = 0; i < count; i++)
		make_link(d, h, (int32_t)(backwards ? count - i : i + 1));
}

/* An interface that is there: seldom the loopback, once in a while none. */
static inline int32_t draw_ifindex(struct draw *d, const struct host *h)
{
	uint8_t how = draw_byte(d);
	if (how >= 0xfe)
		return (int32_t)draw_word(d);
	if (how >= 0xf0)
		return 1;
	return h->links[1 + how % (h->link_count - 1)].ifindex;
}

/* By the kernel's ways, so that routes come with it, or just so. */
static inline void make_addr(struct draw *d, struct host *h)
{
	static const uint8_t lengths[] = { 24, 32, 25, 31, 16, 8, 0, 24 };
	static const uint8_t scopes[] = { 0, 0, 254, 253, 200, 254, 0, 77 };
	size_t link = draw_below(d, 2 * LINKS_MAX) % h->link_count;
	struct host_addr a = { .local = draw_ip(d),
		.prefix = lengths[draw_below(d, 8)],
		.scope = scopes[draw_below(d, 8)] };
	a.address = draw_rarely(d, 8) ? draw_ip(d) : a.local;
	a.mask = ip_mask(a.prefix);
	if (!draw_rarely(d, 8)) {
		host_derive_addr(h, link, &a);
		host_settle(h);
		return;
	}
	a.secondary = draw_rarely(d, 4);
	host_add_addr(h, link, &a);
}

static inline void make_route(struct draw *d, struct host *h)
{
	static const uint8_t lengths[] = { 24, 0, 32, 16, 25, 8, 4, 1 };
	static const uint8_t types[] = { RTN_UNICAST, RTN_UNICAST, RTN_UNICAST, RTN_LOCAL,
		RTN_BROADCAST, RTN_BLACKHOLE, RTN_THROW, RTN_PROHIBIT };
	static const uint8_t tables[] = { 254, 254, 255, 253, 100, 254, 254, 255 };
	struct host_route r = {
		.table = tables[draw_below(d, 8)],
		.dst = draw_ip(d),
		.prefix = lengths[draw_below(d, 8)],
		.type = types[draw_below(d, 8)],
		.ifindex = draw_ifindex(d, h),
		.hops = 1,
		.linkdown = draw_rarely(d, 16),
	};
	if (draw_rarely(d, 2))
		r.gateway = draw_ip(d);
	if (draw_rarely(d, 4))
		r.source = draw_ip(d);
	if (draw_rarely(d, 8)) {
		r.type = (uint8_t)draw_below(d, 13);
		r.scope = draw_byte(d);
		r.metric = draw_byte(d);
		r.tos = draw_byte(d) & 0x1c;
		r.hops = (uint8_t)draw_below(d, 3);
		r.dead = draw_rarely(d, 4);
		r.manual = draw_rarely(d, 2);
	}
	if (draw_rarely(d, 2))
		host_derive_route(h, &r);
	else
		host_add_route(h, &r);
	host_settle(h);
}

static inline void make_rule(struct draw *d, struct host *h)
{
	struct host_rule r = { .priority = draw_word(d) % 40000,
		.table = 253 + draw_below(d, 4),
		.action = (uint8_t)(1 + draw_below(d, 8)),
		.suppress = (uint8_t)(draw_rarely(d, 4) ? draw_below(d, 33) : 0),
		.invert = draw_rarely(d, 8),
		.other = draw_rarely(d, 4) };
	if (draw_rarely(d, 4)) {
		r.source = draw_ip(d);
		r.source_mask = ip_mask(24);
		r.source &= r.source_mask;
	}
	if (draw_rarely(d, 4))
		text_copy(draw_rarely(d, 2) ? r.oif : r.iif, sizeof r.iif, "eth2");
	host_add_rule(h, &r);
	h->split_tables = true;
}

/* All known and 0 but locktime; then some are not. */
static inline void make_sysctls(struct draw *d, struct host *h)
{
	for (int key = 0; key < HOST_KEYS; key++) {
		int32_t usual = key == HOST_LOCKTIME ? 1000 : 0;
		host_set(h, CONF_ALL, (enum host_key)key, usual);
		for (size_t i = 0; i < h->link_count; i++)
			host_set(h, h->links[i].ifindex, (enum host_key)key, usual);
	}
	for (unsigned n = draw_below(d, 24); n > 0; n--) {
		enum host_key key = (enum host_key)draw_below(d, HOST_KEYS);
		int32_t ifindex = draw_rarely(d, 4) ? CONF_ALL : draw_ifindex(d, h);
		host_set(h, ifindex, key, draw_value(d));
	}
	for (unsigned n = draw_below(d, 4); n > 0; n--) {
		unsigned key = draw_below(d, HOST_KEYS);
		size_t link = draw_below(d, 2 * LINKS_MAX);
		struct host_conf *c = link < h->link_count ? &h->links[link].own : &h->all;
		c->known &= ~(1u << key);
	}
}

static inline struct host *make_host(struct draw *d)
{
	static const uint32_t kernels[] = { 0, KERNEL(6, 18, 5), KERNEL(5, 10, 3),
		KERNEL(5, 10, 200), KERNEL(4, 19, 0), KERNEL(5, 2, 0), KERNEL(5, 15, 0),
		KERNEL(3, 10, 0) };
	struct host *h = host_new();
	h->kernel = kernels[draw_below(d, 8)];
	make_links(d, h);
	host_settle(h);
	for (unsigned n = draw_below(d, ADDRS_MAX); n > 0; n--)
		make_addr(d, h);
	host_settle(h);
	for (unsigned n = draw_below(d, ROUTES_MAX); n > 0; n--)
		make_route(d, h);
	for (unsigned n = draw_rarely(d, 4) ? 1 + draw_below(d, 3) : 0; n > 0; n--)
		make_rule(d, h);
	for (unsigned n = draw_below(d, 4); n > 0; n--)
		host_add_proxy(h, draw_ip(d), (int32_t)draw_below(d, LINKS_MAX));
	make_sysctls(d, h);
	h->custom_local = draw_rarely(d, 8);
	h->split_tables |= draw_rarely(d, 8);
	h->rules_replaced = draw_rarely(d, 16);
	h->routes_unknown = draw_rarely(d, 32);
	host_settle(h);
	return h;
}

/* ---- what is asked ---- */

static inline void make_known(struct draw *d, struct known *k)
{
	static const uint16_t states[] = { 0, 0, NUD_STALE, NUD_REACHABLE, NUD_DELAY, NUD_FAILED,
		NUD_INCOMPLETE, NUD_PERMANENT };
	*k = (struct known) { .state = states[draw_below(d, 8)], .age_known = !draw_rarely(d, 4) };
	k->has_mac = (k->state & ~(NUD_FAILED | NUD_INCOMPLETE)) != 0;
	k->age_ns = (uint64_t)draw_byte(d) * 10000000;
	if (k->has_mac)
		draw_mac(d, k->mac);
}

static inline void make_arrival(struct draw *d, const struct host *h, struct arrival *a)
{
	static const uint16_t ops[] = { ARP_OP_REQUEST, ARP_OP_REQUEST, ARP_OP_REQUEST,
		ARP_OP_REPLY, ARP_OP_REQUEST, ARP_OP_REPLY, 3, 0 };
	struct arp_packet *p = &a->packet;
	*a = (struct arrival) { .ifindex = draw_ifindex(d, h) };
	const struct host_link *on = host_link(h, a->ifindex);
	if (draw_rarely(d, 32))
		a->flaw = (enum arp_flaw)draw_below(d, ARP_LENGTHS + 1);
	memset(p->eth_dst, 0xff, 6);
	if (on && draw_rarely(d, 4))
		memcpy(p->eth_dst, on->mac, 6);
	if (draw_rarely(d, 16))
		draw_mac(d, p->eth_dst);
	draw_mac(d, p->sha);
	draw_mac(d, p->tha);
	p->op = ops[draw_below(d, 8)];
	p->sip = draw_ip(d);
	p->tip = draw_ip(d);
	if (h->addr_count && draw_rarely(d, 2))
		p->tip = h->addrs[draw_below(d, ADDRS_MAX) % h->addr_count].local;
	if (draw_rarely(d, 8))
		p->tip = p->sip;
	p->tagged = draw_rarely(d, 32);
	p->vlan = (uint16_t)draw_below(d, 2);
	make_known(d, &a->known);
	a->known_unknown = draw_rarely(d, 16);
	if (a->known_unknown)
		a->known = (struct known) { 0 };
}

static inline bool give_known(void *arg, int32_t ifindex, uint32_t ip, struct known *ret)
{
	(void)ifindex;
	(void)ip;
	*ret = *(const struct known *)arg;
	return ret->state != 0;
}

static inline void make_departure(
	struct draw *d, const struct host *h, struct known *known, struct departure *ret)
{
	make_known(d, known);
	*ret = (struct departure) { .dst = draw_ip(d), .known = give_known, .arg = known };
	if (draw_rarely(d, 2))
		ret->src = draw_ip(d);
	if (h->addr_count && draw_rarely(d, 2))
		ret->src = h->addrs[draw_below(d, ADDRS_MAX) % h->addr_count].local;
	if (draw_rarely(d, 2))
		ret->ifindex = draw_ifindex(d, h);
	ret->probe = draw_rarely(d, 8);
	if (draw_rarely(d, 8))
		ret->known = NULL;
}

#endif
