/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a topology with other addresses and MACs, so that two learners cannot copy an answer.
 *
 * What is varied is what a lesson does not depend on: which /24 a network is, which number a
 * machine has in it, which MAC an interface has. Who shares a network with whom stays: within a
 * /24, numbers are exchanged only inside of the smallest network that is used there, and never
 * those at its edges.
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lesson_parts.h"

/* A /24 before and after. */
struct lan {
	uint32_t from, to; /* Network order, the last byte 0. */
	unsigned longest;  /* Of the networks in it, 24 to 31; an address alone does not count. */
	uint8_t numbers[256]; /* What each last byte becomes. */
};

struct variation {
	uint64_t state;
	struct lan *lans;
	size_t count;
	struct err *err;
};

static uint64_t next_random(struct variation *v)
{
	/* splitmix64, by Steele, Lea and Flood. */
	uint64_t z = v->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct lan *lan_find(const struct variation *v, uint32_t ip)
{
	for (size_t i = 0; i < v->count; i++)
		if (((v->lans[i].from ^ ip) & ip_mask(24)) == 0)
			return &v->lans[i];
	return NULL;
}

static int lan_note(struct variation *v, uint32_t ip, unsigned prefix)
{
	if (prefix < 24) {
		char bytes[16];
		struct text t = text_in(bytes, sizeof bytes);
		text_ip(&t, ip);
		return err_set(v->err, -EINVAL,
			_("%s/%u is wider than a /24, so the addresses of this topology cannot be "
			  "varied."),
			text_end(&t), prefix);
	}
	struct lan *l = lan_find(v, ip);
	if (!l) {
		v->lans = grow_list(v->lans, v->count, sizeof *v->lans);
		l = &v->lans[v->count++];
		*l = (struct lan) { .from = ip & ip_mask(24), .longest = 24 };
	}
	if (prefix < 32 && prefix > l->longest)
		l->longest = prefix;
	return 0;
}

static int note_all(struct variation *v, const struct topology *t, const struct names *names)
{
	int result = 0;
	for (size_t i = 0; i < t->addr_count && result == 0; i++)
		result = lan_note(v, t->addrs[i].ip, t->addrs[i].prefix);
	for (size_t i = 0; i < t->route_count && result == 0; i++) {
		if (t->routes[i].dst_len)
			result = lan_note(v, t->routes[i].dst, t->routes[i].dst_len);
		if (result == 0 && t->routes[i].gateway)
			result = lan_note(v, t->routes[i].gateway, 32);
	}
	for (size_t i = 0; i < t->node_count && result == 0; i++)
		if (t->nodes[i].tunnel)
			result = lan_note(v, t->nodes[i].tunnel, 32);
	for (size_t i = 0; i < t->service_count && result == 0; i++)
		result = lan_note(v, t->services[i].ip, 32);
	for (size_t i = 0; i < t->virtual_count && result == 0; i++) {
		const struct topology_virtual *w = &t->virtuals[i];
		result = lan_note(v, w->ip, 32);
		for (size_t k = 0; k < w->real_count && result == 0; k++)
			result = lan_note(v, w->reals[k].ip, 32);
	}
	uint32_t ip;
	for (size_t i = 0; i < names->count && result == 0; i++)
		if (ip_parse(names->list[i].value, &ip) == 0)
			result = lan_note(v, ip, 32);
	return result;
}

/* One of the networks that RFC 1918 leaves to everybody. */
static uint32_t private_lan(struct variation *v)
{
	uint64_t r = next_random(v);
	unsigned third = (unsigned)(r >> 16 & 255), second = (unsigned)(r >> 24 & 255);
	switch (r % 3) {
	case 0:
		return htonl(10u << 24 | second << 16 | third << 8);
	case 1:
		return htonl(172u << 24 | (16 + second % 16) << 16 | third << 8);
	default:
		return htonl(192u << 24 | 168u << 16 | third << 8);
	}
}

static bool is_taken(const struct variation *v, size_t count, uint32_t network)
{
	for (size_t i = 0; i < count; i++)
		if (v->lans[i].to == network)
			return true;
	return false;
}

/* Exchange the numbers inside of each block, but for its first and last. */
static void shuffle(struct variation *v, struct lan *l)
{
	unsigned size = 1u << (32 - l->longest);
	for (unsigned i = 0; i < 256; i++)
		l->numbers[i] = (uint8_t)i;
	for (unsigned begin = 0; begin < 256 && size > 2; begin += size) {
		for (unsigned i = size - 2; i > 1; i--) {
			unsigned k = 1 + (unsigned)(next_random(v) % i);
			uint8_t number = l->numbers[begin + i];
			l->numbers[begin + i] = l->numbers[begin + k];
			l->numbers[begin + k] = number;
		}
	}
}

static uint32_t vary_ip(const struct variation *v, uint32_t ip)
{
	const struct lan *l = lan_find(v, ip);
	return l->to | htonl(l->numbers[ntohl(ip) & 255]);
}

static void vary_ips(const struct variation *v, struct topology *t, struct names *names)
{
	for (size_t i = 0; i < t->addr_count; i++)
		t->addrs[i].ip = vary_ip(v, t->addrs[i].ip);
	for (size_t i = 0; i < t->route_count; i++) {
		if (t->routes[i].dst_len)
			t->routes[i].dst = vary_ip(v, t->routes[i].dst);
		if (t->routes[i].gateway)
			t->routes[i].gateway = vary_ip(v, t->routes[i].gateway);
	}
	for (size_t i = 0; i < t->node_count; i++)
		if (t->nodes[i].tunnel)
			t->nodes[i].tunnel = vary_ip(v, t->nodes[i].tunnel);
	for (size_t i = 0; i < t->service_count; i++)
		t->services[i].ip = vary_ip(v, t->services[i].ip);
	for (size_t i = 0; i < t->virtual_count; i++) {
		struct topology_virtual *w = &t->virtuals[i];
		w->ip = vary_ip(v, w->ip);
		for (size_t k = 0; k < w->real_count; k++)
			w->reals[k].ip = vary_ip(v, w->reals[k].ip);
	}
	uint32_t ip;
	for (size_t i = 0; i < names->count; i++) {
		if (ip_parse(names->list[i].value, &ip) < 0)
			continue;
		struct text x = text_in(names->list[i].value, sizeof names->list[i].value);
		text_ip(&x, vary_ip(v, ip));
		text_end(&x);
	}
}

/* Locally administered ones; the last byte tells them apart for certain. */
static void vary_macs(struct variation *v, struct topology *t, struct names *names)
{
	uint8_t before[TOPOLOGY_IFACES_MAX][6];
	for (size_t i = 0; i < t->iface_count; i++) {
		uint64_t r = next_random(v);
		const uint8_t mac[6] = { 2, (uint8_t)(r >> 8), (uint8_t)(r >> 16),
			(uint8_t)(r >> 24), (uint8_t)(r >> 32), (uint8_t)((r & 0xc0) | i) };
		static_assert(TOPOLOGY_IFACES_MAX <= 64, "six bits tell interfaces apart");
		memcpy(before[i], t->ifaces[i].mac, sizeof mac);
		memcpy(t->ifaces[i].mac, mac, sizeof mac);
	}
	for (size_t n = 0; n < names->count; n++) {
		uint8_t mac[6];
		if (mac_parse(names->list[n].value, mac) < 0)
			continue;
		for (size_t i = 0; i < t->iface_count; i++) {
			if (memcmp(before[i], mac, sizeof mac) != 0)
				continue;
			struct text x = text_in(names->list[n].value, sizeof names->list[n].value);
			text_mac(&x, t->ifaces[i].mac);
			text_end(&x);
			break;
		}
	}
}

int topology_vary(struct topology *t, struct names *names, uint32_t seed, struct err *err)
{
	struct variation v = { .state = seed, .err = err };
	int result = note_all(&v, t, names);
	if (result == 0) {
		for (size_t i = 0; i < v.count; i++) {
			do
				v.lans[i].to = private_lan(&v);
			while (v.lans[i].to == v.lans[i].from || is_taken(&v, i, v.lans[i].to));
			shuffle(&v, &v.lans[i]);
		}
		vary_ips(&v, t, names);
		vary_macs(&v, t, names);
	}
	free(v.lans);
	return result;
}
