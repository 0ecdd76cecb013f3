/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: which machines a ladder of frames has columns for, and what they are called. */
#include <config.h>

#include <arplab/arrows.h>

#include <assert.h>
#include <linux/if.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/utf8.h>

#include "arrows_parts.h"
#include "lab_text.h"

#define COLOURS 7 /* cell.host: 1..7 */

/* ---- who is who ---- */

#define ID_MAC (UINT64_C(1) << 48)
#define ID_NODE (UINT64_C(1) << 49)

static uint64_t id_of_node(uint16_t node)
{
	return ID_NODE | node;
}

static uint16_t node_of(uint64_t id)
{
	return id & ID_NODE ? (uint16_t)id : 0;
}

uint16_t party_node(const struct party *p)
{
	return node_of(p->id);
}

uint64_t party_id(const struct model *m, const uint8_t mac[6])
{
	uint16_t node = in_lab(m) ? world_mac_owner(m->world, mac) : 0;
	uint64_t id = 0;
	if (node)
		return id_of_node(node);
	for (size_t i = 0; i < 6; i++)
		id = id << 8 | mac[i];
	return id | ID_MAC;
}

uint64_t party_sender(const struct model *m, const struct event *e, const struct arp_packet *p)
{
	return e->node && m == world_machine(m->world, 0) ? id_of_node(e->node)
							  : party_id(m, p->eth_src);
}

uint64_t party_wire(const struct event *e, const struct arp_packet *p)
{
	uint64_t wire = (uint64_t)(uint32_t)e->frame.ifindex << 16 | (p->tagged ? p->vlan + 1u : 0);
	return UINT64_C(1) << (wire * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static void mac_of(uint64_t id, uint8_t mac[6])
{
	for (size_t i = 6; i-- > 0; id >>= 8)
		mac[i] = (uint8_t)id;
}

/* ---- the census ---- */

static void see(struct census *c, struct sighting s)
{
	if (c->count == c->room) {
		c->room = c->room ? 2 * c->room : 256;
		c->list = reallocarray(c->list, c->room, sizeof *c->list);
		if (!c->list)
			abort();
	}
	c->list[c->count++] = s;
}

void census_take(struct census *c, const struct model *m, const struct event *e)
{
	struct arp_packet p;
	enum arp_flaw flaw = arp_decode(e->frame.bytes, e->frame.caplen, &p);
	if (flaw == ARP_SHORT && e->frame.caplen < 12)
		return;
	bool sound = flaw == ARP_SOUND && memcmp(p.sha, p.eth_src, 6) == 0;
	uint64_t wire = party_wire(e, &p);
	struct sighting s = { .id = party_sender(m, e, &p), .wires = wire, .frames = 1 };
	s.ip = sound ? p.sip : 0;
	see(c, s);
	if (mac_is_group(p.eth_dst))
		return;
	s.id = party_id(m, p.eth_dst);
	s.ip = flaw == ARP_SOUND ? p.tip : 0;
	see(c, s);
}

void census_done(struct census *c)
{
	free(c->list);
	*c = (struct census) { 0 };
}

static int by_id(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->ip > y->ip) - (x->ip < y->ip);
}

static int by_ip(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	if (x->ip != y->ip)
		return x->ip < y->ip ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static int by_frames(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;
	if (x->frames != y->frames)
		return x->frames > y->frames ? -1 : 1;
	return by_id(a, b);
}

/* The same of the same one are one run. */
static void merge(struct census *c)
{
	size_t kept = 0;
	qsort(c->list, c->count, sizeof *c->list, by_id);
	for (size_t i = 0; i < c->count; i++) {
		struct sighting *last = kept ? &c->list[kept - 1] : NULL;
		const struct sighting *s = &c->list[i];
		if (last && last->id == s->id && last->ip == s->ip) {
			last->frames += s->frames;
			last->wires |= s->wires;
		} else {
			c->list[kept++] = *s;
		}
	}
	c->count = kept;
}

/* An address that several speak for names none of them. */
static void drop_shared(struct census *c)
{
	qsort(c->list, c->count, sizeof *c->list, by_ip);
	for (size_t begin = 0, end; begin < c->count; begin = end) {
		for (end = begin + 1; end < c->count && c->list[end].ip == c->list[begin].ip;)
			end++;
		for (size_t i = begin; end - begin > 1 && i < end; i++)
			c->list[i].ip = 0;
	}
}

/* Leave one sighting of each, with its number of frames and the address it says most often. */
static void condense(struct census *c)
{
	if (!c->count)
		return;
	merge(c);
	drop_shared(c);
	qsort(c->list, c->count, sizeof *c->list, by_id);
	size_t kept = 0;
	uint32_t most = 0;
	for (size_t i = 0; i < c->count; i++) {
		struct sighting s = c->list[i];
		bool same = kept && c->list[kept - 1].id == s.id;
		struct sighting *last = same ? &c->list[kept - 1] : &c->list[kept++];
		uint32_t total = (same ? last->frames : 0) + s.frames;
		uint64_t wires = (same ? last->wires : 0) | s.wires;
		if (!same || (s.ip && (!last->ip || s.frames > most))) {
			*last = s;
			most = s.frames;
		}
		last->frames = total;
		last->wires = wires;
	}
	c->count = kept;
}

static struct sighting *sighting_of(const struct census *c, uint64_t id)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i].id == id)
			return &c->list[i];
	return NULL;
}

/* ---- choosing ---- */

static const struct party *party_find(const struct party *list, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

/*
 * Machines of a lab are there, whether they talk or not; who has a column counts double, and keeps
 * it in silence where there is room.
 */
static void weigh(struct census *c, const struct parties *p, const struct model *m, size_t most)
{
	size_t heard = c->count;
	for (uint16_t node = 1; in_lab(m) && node <= m->world->count; node++) {
		bool known = false;
		for (size_t i = 0; i < heard; i++)
			known |= c->list[i].id == id_of_node(node);
		if (!known)
			see(c, (struct sighting) { .id = id_of_node(node) });
	}
	for (size_t i = 0; i < p->count; i++) {
		struct sighting *s = sighting_of(c, p->list[i].id);
		if (s)
			s->frames = s->frames < UINT32_MAX / 2 ? 2 * s->frames : UINT32_MAX;
		else if (!node_of(p->list[i].id) && c->count < most)
			see(c, (struct sighting) { .id = p->list[i].id,
				       .wires = p->list[i].wires,
				       .ip = p->list[i].ip });
	}
}

/* A colour that none of the first `count` has, if there is one. */
static uint8_t free_colour(const struct party *list, size_t count, size_t column)
{
	unsigned used = 0;
	for (size_t i = 0; i < count; i++)
		used |= 1u << list[i].colour;
	for (uint8_t colour = 1; colour <= COLOURS; colour++)
		if (!(used & 1u << colour))
			return colour;
	return (uint8_t)(column % COLOURS + 1);
}

static int by_number(const void *a, const void *b)
{
	const struct party *x = a, *y = b;
	return (x->id > y->id) - (x->id < y->id);
}

static void add(struct parties *p, const struct sighting *s)
{
	struct party *new = &p->list[p->count];
	*new = (struct party) { .id = s->id, .ip = s->ip, .wires = s->wires };
	new->colour = node_of(s->id) ? (uint8_t)((node_of(s->id) - 1u) % COLOURS + 1u)
				     : free_colour(p->list, p->count, p->count);
	p->count++;
}

void parties_choose(struct parties *p, struct census *c, const struct model *m, size_t most)
{
	struct parties old = *p;
	assert(most >= 2);
	if (most > PARTIES_MAX)
		most = PARTIES_MAX;
	condense(c);
	weigh(c, &old, m, most);
	if (c->count)
		qsort(c->list, c->count, sizeof *c->list, by_frames);
	size_t chosen = c->count <= most ? c->count : most - 1;
	p->count = 0;
	p->folded = c->count - chosen;
	/* Those that stay, in their old places; then the new ones. */
	for (size_t i = 0; i < old.count; i++)
		for (size_t k = 0; k < chosen; k++)
			if (c->list[k].id == old.list[i].id) {
				p->list[p->count] = old.list[i];
				p->list[p->count].wires = c->list[k].wires;
				if (c->list[k].ip)
					p->list[p->count].ip = c->list[k].ip;
				p->count++;
			}
	for (size_t k = 0; k < chosen; k++)
		if (!party_find(old.list, old.count, c->list[k].id))
			add(p, &c->list[k]);
	if (in_lab(m) && p->count)
		qsort(p->list, p->count, sizeof *p->list, by_number);
}

/* ---- columns ---- */

size_t parties_columns(const struct parties *p)
{
	return p->count + (p->folded > 0);
}

int parties_column(const struct parties *p, uint64_t id)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->list[i].id == id)
			return (int)i;
	return p->folded ? (int)p->count : -1;
}

int parties_of_interface(
	const struct parties *p, const struct model *m, uint16_t node, int32_t ifindex)
{
	const struct model_link *l = model_link(m, ifindex);
	if (node)
		return parties_column(p, id_of_node(node));
	return l && l->link.mac_len == 6 ? parties_column(p, party_id(m, l->link.mac)) : -1;
}

uint8_t party_colour(const struct parties *p, size_t column)
{
	return column < p->count ? p->list[column].colour : 0;
}

/* ---- names ---- */

static const struct link *own_link(const struct model *m, uint64_t id)
{
	uint8_t mac[6];
	mac_of(id, mac);
	const struct model_link *l = model_link(m, model_own_mac(m, mac));
	return node_of(id) || !l ? NULL : &l->link;
}

/* The first address of a machine's first interface that is none of lo's. */
static uint32_t address_of(const struct model *machine)
{
	for (size_t i = 0; machine && i < machine->addr_count; i++) {
		const struct model_link *l = model_link(machine, machine->addrs[i].addr.ifindex);
		if (l && !(l->link.flags & IFF_LOOPBACK))
			return machine->addrs[i].addr.local;
	}
	return 0;
}

void party_name(struct text *t, const struct parties *p, const struct model *m, size_t column,
	unsigned cells)
{
	if (column >= p->count) {
		text_put(t, C_("machines", "others"));
		return;
	}
	uint64_t id = p->list[column].id;
	uint32_t ip = p->list[column].ip;
	uint8_t mac[6];
	mac_of(id, mac);
	const struct link *own = own_link(m, id);
	if (node_of(id)) {
		text_name(t, world_name(m->world, node_of(id)), NODE_NAME_SIZE);
	} else if (own) {
		text_name(t, own->name, IFNAME_SIZE);
	} else if (ip) {
		char whole[24];
		struct text w = text_in(whole, sizeof whole);
		text_ip(&w, ip);
		if (utf8_width(text_end(&w)) <= cells)
			text_put(t, whole);
		else
			text_short_ip(t, ip);
	} else if (cells >= 17) {
		text_mac(t, mac);
	} else {
		text_short_mac(t, m, mac);
	}
}

void party_address(
	struct text *t, const struct parties *p, const struct model *m, size_t column, bool whole)
{
	if (column >= p->count) {
		text_printf(t, ngettext("%s machine", "%s machines", p->folded),
			grouped_word(p->folded).text);
		return;
	}
	uint64_t id = p->list[column].id;
	uint32_t ip = p->list[column].ip;
	uint8_t mac[6];
	mac_of(id, mac);
	const struct link *own = own_link(m, id);
	if (node_of(id)) {
		ip = address_of(world_machine(m->world, node_of(id)));
		if (ip)
			text_lab_ip(t, m, ip, whole);
	} else if (own) {
		if (ip)
			text_ip(t, ip);
	} else if (ip && whole) {
		text_mac(t, mac);
	} else if (ip) {
		text_short_mac(t, m, mac);
	}
}
