/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: events made in one line, and numbers that look random and are the same in every run. */
#ifndef TESTS_STREAMS_H
#define TESTS_STREAMS_H

#include <string.h>

#include <linux/if.h>
#include <linux/neighbour.h>

#include <arplab/event.h>
#include <arplab/frame.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

#define NS_PER_S UINT64_C(1000000000)

/* splitmix64: any seed will do. */
static inline uint64_t rng_next(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* 0 .. limit - 1 */
static inline uint32_t rng_below(uint64_t *seed, uint32_t limit)
{
	return (uint32_t)(rng_next(seed) >> 33) % limit;
}

static inline void rng_bytes(uint64_t *seed, void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)bytes)[i] = (uint8_t)(rng_next(seed) >> 24);
}

/* In network order. */
static inline uint32_t ip4(unsigned a, unsigned b, unsigned c, unsigned d)
{
	const uint8_t bytes[4] = { (uint8_t)a, (uint8_t)b, (uint8_t)c, (uint8_t)d };
	uint32_t ip;
	memcpy(&ip, bytes, sizeof ip);
	return ip;
}

static inline struct event make(enum event_kind kind, uint64_t at_ns)
{
	struct event e;
	memset(&e, 0, sizeof e);
	event_begin(&e, kind, at_ns);
	return e;
}

static inline struct event gone(struct event e)
{
	e.flags |= EVENT_GONE;
	return e;
}

static inline struct event make_hello(enum event_scope scope)
{
	struct event e = make(EVENT_HELLO, 1);
	e.hello = (struct hello) { .pid = 42, .scope = scope, .powers = POWER_CAPTURE };
	text_copy(e.hello.host, sizeof e.hello.host, "lvs-rs1");
	return e;
}

static inline struct event make_mark(enum event_table table, bool end)
{
	struct event e = make(EVENT_MARK, 1);
	e.mark.table = (uint16_t)table;
	e.mark.end = end;
	return e;
}

static inline struct event make_link(int32_t ifindex, const char *name)
{
	struct event e = make(EVENT_LINK, 1);
	e.link.ifindex = ifindex;
	e.link.flags = ifindex == 1 ? IFF_UP | IFF_LOOPBACK : IFF_UP | IFF_RUNNING;
	e.link.mtu = 1500;
	e.link.mac_len = 6;
	if (ifindex != 1) {
		const uint8_t mac[6] = { 2, 0, 0, 0, 0, (uint8_t)ifindex };
		memcpy(e.link.mac, mac, sizeof mac);
	}
	text_copy(e.link.name, sizeof e.link.name, name);
	return e;
}

static inline struct event make_addr(int32_t ifindex, uint32_t ip, unsigned order)
{
	struct event e = make(EVENT_ADDR, 1);
	e.addr = (struct addr) { .ifindex = ifindex,
		.local = ip,
		.address = ip,
		.prefix = 24,
		.order = (uint16_t)order,
		.valid_s = UINT32_MAX };
	return e;
}

static inline struct event make_route(int32_t ifindex, uint32_t dst, uint32_t metric)
{
	struct event e = make(EVENT_ROUTE, 1);
	e.route = (struct route) { .ifindex = ifindex,
		.dst = dst,
		.dst_len = 24,
		.table = 254,
		.type = 1,
		.metric = metric };
	return e;
}

static inline struct event make_rule(uint32_t priority, uint32_t table)
{
	struct event e = make(EVENT_RULE, 1);
	e.rule.priority = priority;
	e.rule.table = table;
	e.rule.action = 1;
	return e;
}

static inline struct event make_neigh(
	uint64_t at_ns, int32_t ifindex, uint32_t ip, uint16_t state, uint64_t mac)
{
	struct event e = make(EVENT_NEIGH, at_ns);
	e.neigh.ifindex = ifindex;
	e.neigh.ip = ip;
	e.neigh.state = state;
	e.neigh.mac_len = 6;
	for (int i = 0; i < 6; i++)
		e.neigh.mac[i] = (uint8_t)(mac >> (40 - 8 * i));
	return e;
}

static inline struct event make_proxy(int32_t ifindex, uint32_t ip)
{
	struct event e = make(EVENT_NEIGH, 1);
	e.neigh.ifindex = ifindex;
	e.neigh.ip = ip;
	e.neigh.flags = NTF_PROXY;
	return e;
}

static inline struct event make_sysctl(int32_t ifindex, const char *key, int32_t value)
{
	struct event e = make(EVENT_SYSCTL, 1);
	e.sysctl.ifindex = ifindex;
	e.sysctl.key = (uint16_t)sysctl_find(key);
	e.sysctl.value = value;
	return e;
}

static inline struct event make_drops(int32_t ifindex, uint64_t received, uint64_t kernel)
{
	struct event e = make(EVENT_DROPS, 1);
	e.drops.ifindex = ifindex;
	e.drops.received = received;
	e.drops.kernel = kernel;
	return e;
}

static inline struct event make_change(uint32_t number, enum change_state state)
{
	struct event e = make(EVENT_CHANGE, 1);
	e.change.number = number;
	e.change.state = (uint16_t)state;
	e.change.ifindex = 2;
	e.change.after = (int32_t)number;
	return e;
}

static inline struct event make_note(uint64_t at_ns, const char *text)
{
	struct event e = make(EVENT_NOTE, at_ns);
	text_copy(e.note.text, sizeof e.note.text, text);
	return e;
}

static inline struct event make_file(uint64_t frames, bool seekable, bool complete)
{
	struct event e = make(EVENT_FILE, 1);
	e.file.frames = frames;
	e.file.packets = frames * 2;
	e.file.seekable = seekable;
	e.file.complete = complete;
	return e;
}

/* A who-has, or an is-at when op is ARP_OP_REPLY. */
static inline struct event make_frame(
	uint64_t at_ns, uint64_t number, int32_t ifindex, unsigned op, uint32_t sip, uint32_t tip)
{
	struct event e = make(EVENT_FRAME, at_ns);
	struct arp_packet p = { .eth_dst = { 255, 255, 255, 255, 255, 255 },
		.eth_src = { 2, 0, 0, 0, 1, (uint8_t)number },
		.op = (uint16_t)op,
		.sip = sip,
		.tip = tip,
		.sha = { 2, 0, 0, 0, 1, (uint8_t)number } };
	e.frame.number = number;
	e.frame.ifindex = ifindex;
	e.frame.len = 60;
	e.frame.caplen = (uint16_t)arp_encode(&p, e.frame.bytes, sizeof e.frame.bytes);
	event_begin(&e, EVENT_FRAME, at_ns);
	return e;
}

#endif
