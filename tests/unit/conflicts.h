/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: ARP frames told to the conflicts one by one, by short names: MACs 1…, IPs .1…. */
#ifndef TESTS_CONFLICTS_H
#define TESTS_CONFLICTS_H

#include <string.h>

#include <arplab/conflict.h>

#include "streams.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)
#define SEGMENT 2
#define CLIENT 222 /* Both a MAC and an IP. */

struct wire {
	struct conflicts *c;
	uint64_t now_ns;
};

static inline uint32_t lan(unsigned host)
{
	return ip4(192, 168, 2, host);
}

static inline void mac_numbered(unsigned n, uint8_t ret[6])
{
	const uint8_t mac[6] = { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n };
	memcpy(ret, mac, 6);
}

static inline void wire_open(struct wire *w)
{
	*w = (struct wire) { conflicts_new(), 1000 * NS_PER_S };
}

static inline void wait(struct wire *w, uint64_t ns)
{
	w->now_ns += ns;
}

static inline void put(struct wire *w, const struct arp_packet *p)
{
	uint8_t bytes[ARP_FRAME_LEN + 4];
	size_t len = arp_encode(p, bytes, sizeof bytes);
	wait(w, 10 * US);
	conflicts_take(w->c, SEGMENT, w->now_ns, bytes, len);
}

static inline struct arp_packet packet(
	const uint8_t sha[6], uint16_t op, uint32_t sip, uint32_t tip, const uint8_t *to)
{
	struct arp_packet p = { .op = op, .sip = sip, .tip = tip };
	memcpy(p.eth_src, sha, 6);
	memcpy(p.sha, sha, 6);
	memset(p.eth_dst, 0xff, 6);
	if (to)
		memcpy(p.eth_dst, to, 6);
	if (to && op == ARP_OP_REPLY)
		memcpy(p.tha, to, 6);
	return p;
}

/* A broadcast who-has. */
static inline void asks(struct wire *w, unsigned mac, unsigned sender, unsigned target)
{
	uint8_t sha[6];
	mac_numbered(mac, sha);
	struct arp_packet p = packet(sha, ARP_OP_REQUEST, lan(sender), lan(target), NULL);
	put(w, &p);
}

static inline void client_asks(struct wire *w, unsigned target)
{
	asks(w, CLIENT, CLIENT, target);
}

static inline void client_polls(struct wire *w, unsigned target, unsigned mac)
{
	uint8_t sha[6], to[6];
	mac_numbered(CLIENT, sha);
	mac_numbered(mac, to);
	struct arp_packet p = packet(sha, ARP_OP_REQUEST, lan(CLIENT), lan(target), to);
	put(w, &p);
}

/* An is-at to the client. */
static inline void answers(struct wire *w, unsigned mac, unsigned ip)
{
	uint8_t sha[6], to[6];
	mac_numbered(mac, sha);
	mac_numbered(CLIENT, to);
	struct arp_packet p = packet(sha, ARP_OP_REPLY, lan(ip), lan(CLIENT), to);
	put(w, &p);
}

static inline void announces(struct wire *w, unsigned mac, unsigned ip)
{
	uint8_t sha[6];
	mac_numbered(mac, sha);
	struct arp_packet p = packet(sha, ARP_OP_REQUEST, lan(ip), lan(ip), NULL);
	put(w, &p);
}

/* The client asks, and these answer; one MAC of 0 ends them. */
static inline void round_of(struct wire *w, unsigned ip, const unsigned *macs)
{
	client_asks(w, ip);
	for (; *macs; macs++)
		answers(w, *macs, ip);
	wait(w, NS_PER_S);
}

#define ROUND(w, ip, ...) round_of(w, ip, (const unsigned[]) { __VA_ARGS__, 0 })

/* A machine that resolves the client with an address of its own. */
static inline void has_main(struct wire *w, unsigned mac, unsigned ip)
{
	asks(w, mac, ip, CLIENT);
}

static inline struct conflict conflict_of(struct wire *w, unsigned ip)
{
	struct conflict ret;
	memset(&ret, 0, sizeof ret);
	ret.class = CONFLICT_CLASSES; /* None. */
	conflicts_find(w->c, NULL, SEGMENT, 0, lan(ip), &ret);
	return ret;
}

/* Whether a MAC is what the class speaks of. */
static inline bool is_blamed(const struct conflict *c, unsigned mac)
{
	uint8_t bytes[6];
	mac_numbered(mac, bytes);
	for (size_t i = 0; i < c->count; i++)
		if (memcmp(c->claimants[i].mac, bytes, 6) == 0)
			return c->claimants[i].blamed;
	return false;
}

#endif
