/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a world and its past, fed by hand: a host with eth0 (2) and eth1 (3), or a lab of machines
 * that are all plugged into one switch by their eth0 (2).
 */
#ifndef TESTS_PAST_H
#define TESTS_PAST_H

#include <linux/rtnetlink.h>

#include <arplab/past.h>
#include <arplab/topology.h>
#include <arplab/world.h>

#include "streams.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define LAN_IP(n) ip4(192, 168, 2, 100 + (n))
#define VIP ip4(192, 168, 2, 200)
#define ARRIVES_NS (5 * US) /* After it was sent. */

struct scene {
	struct world w;
	struct past *p;
};

static inline void say(struct scene *s, uint16_t node, uint64_t at_ns, struct event e)
{
	e.node = node;
	e.at_ns = at_ns;
	past_take(s->p, &s->w, &e);
	world_apply(&s->w, &e);
}

static inline void mark(
	struct scene *s, uint16_t node, uint64_t at_ns, enum event_table table, bool end)
{
	say(s, node, at_ns, make_mark(table, end));
}

static inline struct event named(struct event e)
{
	e.flags |= EVENT_NAMED;
	return e;
}

static inline struct event past_link(int32_t ifindex, const char *name, const uint8_t mac[6])
{
	struct event e = make_link(ifindex, name);
	if (mac)
		memcpy(e.link.mac, mac, 6);
	e.link.type = ifindex == 1 ? 772 : 1;
	return named(e);
}

static inline void past_conf(struct scene *s, uint16_t node, uint64_t at_ns, int32_t ifindex)
{
	size_t count;
	const struct sysctl_key *keys = sysctl_keys(&count);
	for (size_t i = 0; i < count; i++) {
		int32_t value = strcmp(keys[i].name, "locktime") == 0 ? 100 : 0;
		say(s, node, at_ns, named(make_sysctl(ifindex, keys[i].name, value)));
	}
}

/* lo and eth0 with LAN_IP(node), dumped within a millisecond from at_ns on; the table is empty. */
static inline void past_dump(struct scene *s, uint16_t node, uint64_t at_ns)
{
	static const enum event_table empty[] = { TABLE_RULES, TABLE_PROXIES, TABLE_NEIGHS };
	uint8_t mac[6];
	topology_mac(node, 0, mac);
	mark(s, node, at_ns, TABLE_LINKS, false);
	say(s, node, at_ns, past_link(1, "lo", NULL));
	say(s, node, at_ns, past_link(2, "eth0", mac));
	mark(s, node, at_ns, TABLE_LINKS, true);
	mark(s, node, at_ns, TABLE_ADDRS, false);
	say(s, node, at_ns, named(make_addr(2, LAN_IP(node), 0)));
	mark(s, node, at_ns, TABLE_ADDRS, true);
	mark(s, node, at_ns, TABLE_ROUTES, false);
	struct event e = named(make_route(2, ip4(192, 168, 2, 0), 0));
	e.route.scope = RT_SCOPE_LINK;
	e.route.protocol = RTPROT_KERNEL;
	say(s, node, at_ns, e);
	e = named(make_route(2, LAN_IP(node), 0));
	e.route.table = RT_TABLE_LOCAL;
	e.route.dst_len = 32;
	e.route.type = RTN_LOCAL;
	e.route.scope = RT_SCOPE_HOST;
	e.route.protocol = RTPROT_KERNEL;
	say(s, node, at_ns, e);
	mark(s, node, at_ns, TABLE_ROUTES, true);
	mark(s, node, at_ns, TABLE_SYSCTLS, false);
	for (int32_t ifindex = CONF_DEFAULT; ifindex <= 2; ifindex++)
		past_conf(s, node, at_ns, ifindex);
	mark(s, node, at_ns, TABLE_SYSCTLS, true);
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
		mark(s, node, at_ns, empty[i], false);
		mark(s, node, at_ns + MS, empty[i], true);
	}
}

static inline void past_open(struct scene *s, enum event_scope scope)
{
	world_init(&s->w, 1 << 18);
	s->p = past_new();
	say(s, 0, 1, make_hello(scope));
}

static inline void past_close(struct scene *s)
{
	past_free(s->p);
	world_done(&s->w);
}

/* A host, dumped at one second. */
static inline void host_scene(struct scene *s)
{
	past_open(s, SCOPE_HOST);
	past_dump(s, 0, NS_PER_S);
	past_settle(s->p, &s->w);
}

static inline void name_machine(struct scene *s, uint16_t node, uint64_t at_ns)
{
	struct event e = make(EVENT_NODE, at_ns);
	e.machine.number = node;
	e.machine.name[0] = (char)('a' + node - 1);
	say(s, node, at_ns, e);
	past_dump(s, node, at_ns);
}

static inline void lab_says(struct scene *s, uint64_t at_ns, enum lab_state state)
{
	struct event e = make(EVENT_LAB, at_ns);
	e.lab.state = state;
	say(s, 0, at_ns, e);
}

/* A lab of so many machines, dumped at one second. */
static inline void lab_scene(struct scene *s, uint16_t count)
{
	past_open(s, SCOPE_LAB);
	lab_says(s, NS_PER_S, LAB_GONE);
	for (uint16_t i = 1; i <= count; i++)
		name_machine(s, i, NS_PER_S);
	lab_says(s, NS_PER_S + MS, LAB_UP);
	past_settle(s->p, &s->w);
}

/* A frame of a machine with the first MAC of `from`; to: whose MAC it is sent to, 0: all. */
static inline struct event arp_frame(
	uint16_t from, uint16_t to, unsigned op, uint32_t sip, uint32_t tip)
{
	struct event e = make(EVENT_FRAME, 1);
	struct arp_packet p = { .eth_dst = { 255, 255, 255, 255, 255, 255 },
		.op = (uint16_t)op,
		.sip = sip,
		.tip = tip };
	topology_mac(from, 0, p.sha);
	memcpy(p.eth_src, p.sha, sizeof p.sha);
	if (to) {
		topology_mac(to, 0, p.eth_dst);
		memcpy(p.tha, p.eth_dst, sizeof p.tha);
	}
	e.frame.number = 1;
	e.frame.ifindex = 2;
	e.frame.len = 42;
	e.frame.caplen = (uint16_t)arp_encode(&p, e.frame.bytes, sizeof e.frame.bytes);
	event_begin(&e, EVENT_FRAME, 1);
	return e;
}

/* One frame on the LAN: sent by its machine, arrived where it is for. Returns its position. */
static inline uint64_t sent(struct scene *s, uint64_t at_ns, uint16_t from, uint16_t to,
	unsigned op, uint32_t sip, uint32_t tip)
{
	struct event e = arp_frame(from, to, op, sip, tip);
	e.flags = EVENT_SENT;
	say(s, from, at_ns, e);
	e.flags = 0;
	for (uint16_t i = 1; i <= s->w.count; i++)
		if (i != from && (!to || to == i))
			say(s, i, at_ns + ARRIVES_NS, e);
	const struct frames *f = &s->w.machines[0]->frames;
	return f->first + f->count - 1;
}

/* A frame that the host has captured. Returns its position. */
static inline uint64_t captured(struct scene *s, uint64_t at_ns, struct event e)
{
	say(s, 0, at_ns, e);
	const struct frames *f = &s->w.machines[0]->frames;
	return f->first + f->count - 1;
}

/* News of an entry, changed as they are read. owner: whose MAC; 0: none. */
static inline struct event entry(uint32_t ip, uint16_t state, uint16_t owner)
{
	struct event e = make_neigh(1, 2, ip, state, 0);
	topology_mac(owner, 0, e.neigh.mac);
	e.neigh.mac_len = owner ? 6 : 0;
	e.neigh.has_ages = 1;
	return e;
}

static inline bool is_at(const struct known *k, uint16_t owner)
{
	uint8_t mac[6];
	topology_mac(owner, 0, mac);
	return k->has_mac && memcmp(k->mac, mac, 6) == 0;
}

#endif
