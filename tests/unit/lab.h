/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a lab made by hand: the topology of an LVS-DR cluster, the events that a helper would send
 * when it was built, and frames between its machines.
 */
#ifndef TESTS_LAB_H
#define TESTS_LAB_H

#include <linux/rtnetlink.h>

#include <arplab/topology.h>
#include <arplab/world.h>

#include "streams.h"

enum { CLIENT = 1, DIRECTOR, RS1, RS2 };

#define LAB_VIP ip4(192, 168, 2, 200)
#define LAB_CLIENT ip4(192, 168, 2, 222)
#define LAB_RS1 ip4(192, 168, 2, 101)
#define LAB_SWITCHES 2

static inline void lab_node(struct topology *t, const char *name)
{
	text_copy(t->nodes[t->node_count++].name, NODE_NAME_SIZE, name);
}

static inline void lab_iface(struct topology *t, uint16_t node, unsigned nth, uint32_t ip)
{
	struct topology_iface *f = &t->ifaces[t->iface_count++];
	f->node = node;
	f->switch_number = (uint16_t)(nth + 1);
	f->rank = t->iface_count;
	topology_mac(node, nth, f->mac);
	text_copy(f->name, sizeof f->name, nth ? "eth1" : "eth0");
	t->addrs[t->addr_count++] = (struct topology_addr) {
		.node = node, .iface = t->iface_count, .prefix = 24, .ip = ip
	};
}

static inline void lab_vip(struct topology *t, uint16_t node, uint16_t iface)
{
	t->addrs[t->addr_count++] = (struct topology_addr) {
		.node = node, .iface = iface, .prefix = 32, .ip = LAB_VIP
	};
}

/* client .222, director .100 with the VIP on eth0, rs1 .101 with a second network, rs2 .102. */
static inline void lab_topology(struct topology *t)
{
	memset(t, 0, sizeof *t);
	t->switch_count = LAB_SWITCHES;
	text_copy(t->switches[0], NODE_NAME_SIZE, "lan");
	text_copy(t->switches[1], NODE_NAME_SIZE, "back");
	lab_node(t, "client");
	lab_node(t, "director");
	lab_node(t, "rs1");
	lab_node(t, "rs2");
	lab_iface(t, CLIENT, 0, LAB_CLIENT);
	lab_iface(t, DIRECTOR, 0, ip4(192, 168, 2, 100));
	lab_vip(t, DIRECTOR, 2);
	lab_iface(t, RS1, 0, LAB_RS1);
	lab_iface(t, RS1, 1, ip4(10, 211, 55, 6));
	lab_vip(t, RS1, 0);
	lab_iface(t, RS2, 0, ip4(192, 168, 2, 102));
	lab_vip(t, RS2, 0);
}

/* An interface's ifindex in its machine: lo is 1, eth0 is 2, eth1 is 3. */
static inline int32_t lab_ifindex(const char *name)
{
	return strcmp(name, "lo") == 0 ? 1 : name[3] - '0' + 2;
}

/* An event of a machine, applied. */
static inline void lab_say(struct world *w, uint16_t node, struct event e)
{
	e.node = node;
	world_apply(w, &e);
}

static inline void lab_state(struct world *w, enum lab_state state)
{
	struct event e = make(EVENT_LAB, 1);
	e.lab.state = state;
	e.lab.number = w->lab.number + (state == LAB_GONE);
	lab_say(w, 0, e);
}

static inline struct event lab_link(const struct topology_iface *f)
{
	struct event e = make_link(lab_ifindex(f->name), f->name);
	memcpy(e.link.mac, f->mac, sizeof f->mac);
	return e;
}

static inline void lab_dump(struct world *w, const struct topology *t, uint16_t node)
{
	static const char *const values[] = { "arp_ignore", "arp_announce" };
	lab_say(w, node, make_mark(TABLE_LINKS, false));
	lab_say(w, node, make_link(1, "lo"));
	for (size_t i = 0; i < t->iface_count; i++)
		if (t->ifaces[i].node == node)
			lab_say(w, node, lab_link(&t->ifaces[i]));
	lab_say(w, node, make_mark(TABLE_LINKS, true));
	lab_say(w, node, make_mark(TABLE_ADDRS, false));
	for (size_t i = 0; i < t->addr_count; i++) {
		const struct topology_addr *a = &t->addrs[i];
		const char *name = a->iface ? t->ifaces[a->iface - 1].name : "lo";
		struct event e = make_addr(lab_ifindex(name), a->ip, (unsigned)i);
		e.addr.prefix = a->prefix;
		e.addr.scope = a->scope;
		if (a->node == node)
			lab_say(w, node, e);
	}
	lab_say(w, node, make_mark(TABLE_ADDRS, true));
	lab_say(w, node, make_mark(TABLE_NEIGHS, false));
	lab_say(w, node, make_mark(TABLE_NEIGHS, true));
	lab_say(w, node, make_mark(TABLE_SYSCTLS, false));
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		for (int32_t ifindex = CONF_DEFAULT; ifindex <= 3; ifindex++)
			lab_say(w, node, make_sysctl(ifindex, values[i], 0));
	lab_say(w, node, make_mark(TABLE_SYSCTLS, true));
}

/* What a helper says while it builds a lab, without the answer to the action. */
static inline void lab_build(struct world *w, const struct topology *t)
{
	lab_state(w, LAB_GONE);
	for (uint16_t n = 1; n <= t->node_count; n++) {
		struct event e = make(EVENT_NODE, 1);
		e.machine.number = n;
		text_copy(e.machine.name, sizeof e.machine.name, t->nodes[n - 1].name);
		lab_say(w, n, e);
	}
	for (uint16_t n = 1; n <= t->node_count; n++)
		lab_dump(w, t, n);
	lab_state(w, LAB_UP);
}

static inline void lab_world(struct world *w, const struct topology *t)
{
	world_init(w, 1 << 16);
	lab_say(w, 0, make_hello(SCOPE_LAB));
	lab_build(w, t);
}

/* A frame that a machine sends from its first interface; to: a machine, 0: everybody. */
static inline struct event lab_frame(
	uint16_t from, uint16_t to, unsigned op, uint32_t sip, uint32_t tip)
{
	struct event e = make(EVENT_FRAME, 1000);
	struct arp_packet p = { .eth_dst = { 255, 255, 255, 255, 255, 255 },
		.op = (uint16_t)op,
		.sip = sip,
		.tip = tip };
	topology_mac(from, 0, p.sha);
	memcpy(p.eth_src, p.sha, sizeof p.sha);
	if (to)
		topology_mac(to, 0, p.eth_dst);
	e.frame.number = 1;
	e.frame.ifindex = 2;
	e.frame.len = 42;
	e.frame.caplen = (uint16_t)arp_encode(&p, e.frame.bytes, sizeof e.frame.bytes);
	event_begin(&e, EVENT_FRAME, 1000);
	e.flags = EVENT_SENT;
	return e;
}

static inline void lab_asks(
	struct world *w, uint16_t from, uint16_t to, uint32_t what, uint32_t tell)
{
	lab_say(w, from, lab_frame(from, to, ARP_OP_REQUEST, tell, what));
}

static inline void lab_answers(struct world *w, uint16_t from, uint32_t what)
{
	lab_say(w, from, lab_frame(from, CLIENT, ARP_OP_REPLY, what, LAB_CLIENT));
}

static inline void lab_sysctl(
	struct world *w, uint16_t node, int32_t ifindex, const char *key, int32_t value)
{
	lab_say(w, node, make_sysctl(ifindex, key, value));
}

/* An entry with the MAC of a machine; 0: without one. */
static inline void lab_neigh(
	struct world *w, uint16_t node, uint32_t ip, uint16_t state, uint16_t owner)
{
	struct event e = make_neigh(2000, 2, ip, state, 0);
	topology_mac(owner, 0, e.neigh.mac);
	e.neigh.mac_len = owner ? 6 : 0;
	lab_say(w, node, e);
}

static inline void lab_pinged(
	struct world *w, uint16_t node, uint32_t ip, uint32_t sent, uint32_t received)
{
	struct event e = make(EVENT_TRIED, 3000);
	e.tried = (struct tried) {
		.kind = ACTION_PING, .ip = ip, .sent = sent, .received = received
	};
	lab_say(w, node, e);
}

#endif
