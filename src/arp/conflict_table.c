/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: who claimed each IP last, and what each MAC is known for, in tables of a fixed size: an IP
 * or a MAC has WAYS places, and of those the one used longest ago gives way.
 */
#include <config.h>

#include "conflict_parts.h"

static uint64_t mixed(uint64_t x, struct domain d)
{
	x ^= ((uint64_t)d.segment << 16 | d.vlan) * UINT64_C(0x9e3779b97f4a7c15);
	x *= UINT64_C(0xff51afd7ed558ccd);
	return x ^ x >> 32;
}

static struct binding *binding_set(const struct conflicts *c, struct domain d, uint32_t ip)
{
	return &c->bindings[mixed(ip, d) % BINDING_SETS * WAYS];
}

struct binding *binding_find(const struct conflicts *c, struct domain d, uint32_t ip)
{
	struct binding *b = binding_set(c, d, ip);
	for (int i = 0; i < WAYS; i++)
		if (b[i].ip == ip && b[i].segment == d.segment && b[i].vlan == d.vlan && b[i].mac)
			return &b[i];
	return NULL;
}

/* A conflict keeps its place as long as there is another one. */
struct binding *binding_new(struct conflicts *c, struct domain d, uint32_t ip)
{
	struct binding *set = binding_set(c, d, ip), *b = set;
	for (int i = 1; i < WAYS && b->mac; i++)
		if (!set[i].mac || (b->record && !set[i].record) ||
			(!b->record == !set[i].record && set[i].last_ns < b->last_ns))
			b = &set[i];
	if (b->record) {
		c->records[b->record - 1].ip = 0;
		c->watched--;
	} else if (b->mac) {
		station_note(c, b, b->mac, b->last_ns, b->how, 0);
	}
	*b = (struct binding) { .ip = ip, .segment = d.segment, .vlan = d.vlan };
	return b;
}

/* ---- stations ---- */

static struct station *station_set(const struct conflicts *c, struct domain d, uint64_t mac)
{
	return &c->stations[mixed(mac, d) % STATION_SETS * WAYS];
}

struct station *station_find(const struct conflicts *c, struct domain d, uint64_t mac)
{
	struct station *s = station_set(c, d, mac);
	for (int i = 0; i < WAYS; i++)
		if (s[i].mac == mac && s[i].segment == d.segment && s[i].vlan == d.vlan)
			return &s[i];
	return NULL;
}

static struct station *station_new(struct conflicts *c, struct domain d, uint64_t mac)
{
	struct station *set = station_set(c, d, mac), *s = set;
	for (int i = 1; i < WAYS && s->mac; i++)
		if (!set[i].mac || set[i].last_ns < s->last_ns)
			s = &set[i];
	*s = (struct station) { .mac = mac, .segment = d.segment, .vlan = d.vlan };
	return s;
}

static void add_own(struct station *s, uint32_t ip)
{
	int i = 0;
	while (i < OWN_IPS - 1 && s->own[i] != ip)
		i++;
	for (; i > 0; i--)
		s->own[i] = s->own[i - 1];
	s->own[0] = ip;
}

static bool only_answers(uint16_t how)
{
	return how & CLAIM_ANSWERS && !uses(how);
}

/* Whether an IP is still claimed by one MAC alone. */
static bool is_alone(const struct conflicts *c, struct domain d, uint32_t ip, uint64_t mac)
{
	const struct binding *b = ip ? binding_find(c, d, ip) : NULL;
	return b && !b->record && b->mac == mac;
}

void station_note(struct conflicts *c, const struct binding *b, uint64_t mac, uint64_t at_ns,
	uint16_t before, uint16_t after)
{
	struct domain d = { b->segment, b->vlan };
	struct station *s = station_find(c, d, mac);
	if (!s && !after)
		return;
	if (!s)
		s = station_new(c, d, mac);
	if (at_ns > s->last_ns)
		s->last_ns = at_ns;
	if (uses(after) && !uses(before))
		add_own(s, b->ip);
	if (only_answers(after) && !only_answers(before) && s->answers < UINT16_MAX)
		s->answers++;
	if (only_answers(before) && !only_answers(after) && s->answers)
		s->answers--;
	if (after & CLAIM_ALL && !(before & CLAIM_ALL) && !b->record &&
		!is_alone(c, d, s->alone, mac))
		s->alone = b->ip;
	if (!c->watched)
		return;
	c->news++;
	if (c->due_ns > at_ns + SETTLE_NS)
		c->due_ns = at_ns + SETTLE_NS;
}
