/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the neighbour table: a dense array of entries and an index of their places.
 *
 * The index is a hash table with linear probing and backward-shift deletion, so that it needs no
 * tombstones and stays quick however often entries come and go.
 */
#include <config.h>

#include <arplab/neighs.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <linux/neighbour.h>

static_assert(sizeof(struct neigh_entry) <= 40, "an entry and its index fit into 64 bytes");

void neighs_init(struct neighs *n)
{
	*n = (struct neighs) { 0 };
}

void neighs_done(struct neighs *n)
{
	free(n->entries);
	free(n->slots);
	neighs_init(n);
}

static uint32_t hash(int32_t ifindex, uint32_t ip)
{
	uint64_t h = ((uint64_t)(uint32_t)ifindex << 32 | ip) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

/* The slot that holds the key, or the free one where it would go. slot_count is not 0. */
static uint32_t slot_of(const struct neighs *n, int32_t ifindex, uint32_t ip)
{
	uint32_t mask = n->slot_count - 1;
	uint32_t s = hash(ifindex, ip) & mask;
	for (; n->slots[s]; s = (s + 1) & mask) {
		const struct neigh_entry *e = &n->entries[n->slots[s] - 1];
		if (e->ip == ip && e->ifindex == ifindex)
			break;
	}
	return s;
}

/* The front ends when memory is short; the helper then undoes what is held. */
static void *grown(void *old, size_t count, size_t size)
{
	void *bytes = reallocarray(old, count, size);
	if (!bytes)
		abort();
	return bytes;
}

static void index_all(struct neighs *n)
{
	memset(n->slots, 0, n->slot_count * sizeof *n->slots);
	for (uint32_t i = 0; i < n->count; i++)
		n->slots[slot_of(n, n->entries[i].ifindex, n->entries[i].ip)] = i + 1;
}

static void make_room(struct neighs *n)
{
	if (n->count == n->room) {
		n->room = n->room ? n->room + n->room / 2 : 64;
		n->entries = grown(n->entries, n->room, sizeof *n->entries);
	}
	/* At most three quarters full: 4 bytes a slot make 5.3 to 10.7 bytes an entry. */
	if ((uint64_t)(n->count + 1) * 4 > (uint64_t)n->slot_count * 3) {
		n->slot_count = n->slot_count ? n->slot_count * 2 : 128;
		free(n->slots);
		n->slots = grown(NULL, n->slot_count, sizeof *n->slots);
		index_all(n);
	}
}

void neighs_put(struct neighs *n, const struct neigh *news, uint64_t at_ns)
{
	make_room(n);
	uint32_t s = slot_of(n, news->ifindex, news->ip);
	if (!n->slots[s]) {
		n->slots[s] = ++n->count;
		n->membership++;
		n->entries[n->count - 1] =
			(struct neigh_entry) { .ifindex = news->ifindex, .ip = news->ip };
	}
	struct neigh_entry *e = &n->entries[n->slots[s] - 1];
	memcpy(e->mac, news->mac, sizeof e->mac);
	e->has_mac = news->mac_len == 6;
	e->flags = news->flags;
	e->state = news->state;
	e->has_ages = news->has_ages != 0;
	e->mark = n->mark;
	e->at_ns = at_ns;
	e->confirmed_ms = news->confirmed_ms;
	e->used_ms = news->used_ms;
	e->updated_ms = news->updated_ms;
	e->probes = (uint8_t)(news->probes > UINT8_MAX ? UINT8_MAX : news->probes);
}

/* Free a slot and pull the entries behind it nearer to where their hash wants them. */
static void free_slot(struct neighs *n, uint32_t s)
{
	uint32_t mask = n->slot_count - 1;
	uint32_t hole = s;
	for (uint32_t i = (s + 1) & mask; n->slots[i]; i = (i + 1) & mask) {
		const struct neigh_entry *e = &n->entries[n->slots[i] - 1];
		uint32_t home = hash(e->ifindex, e->ip) & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			n->slots[hole] = n->slots[i];
			hole = i;
		}
	}
	n->slots[hole] = 0;
}

static void remove_place(struct neighs *n, uint32_t place)
{
	const struct neigh_entry *e = &n->entries[place];
	free_slot(n, slot_of(n, e->ifindex, e->ip));
	uint32_t last = n->count - 1;
	if (place != last) {
		const struct neigh_entry *moved = &n->entries[last];
		n->slots[slot_of(n, moved->ifindex, moved->ip)] = place + 1;
		n->entries[place] = *moved;
	}
	n->count--;
	n->membership++;
}

void neighs_remove(struct neighs *n, int32_t ifindex, uint32_t ip)
{
	if (!n->count)
		return;
	uint32_t s = slot_of(n, ifindex, ip);
	if (n->slots[s])
		remove_place(n, n->slots[s] - 1);
}

void neighs_remove_link(struct neighs *n, int32_t ifindex)
{
	for (uint32_t i = n->count; i-- > 0;)
		if (n->entries[i].ifindex == ifindex)
			remove_place(n, i);
}

void neighs_dump_begin(struct neighs *n)
{
	n->mark++;
}

void neighs_dump_end(struct neighs *n)
{
	for (uint32_t i = n->count; i-- > 0;)
		if (n->entries[i].mark != n->mark)
			remove_place(n, i);
}

const struct neigh_entry *neighs_find(const struct neighs *n, int32_t ifindex, uint32_t ip)
{
	if (!n->count)
		return NULL;
	uint32_t s = slot_of(n, ifindex, ip);
	return n->slots[s] ? &n->entries[n->slots[s] - 1] : NULL;
}

static const struct {
	uint16_t state;
	char letter;
	const char *name;
} states[] = {
	{ NUD_PERMANENT, 'M', "PERMANENT" },
	{ NUD_NOARP, 'N', "NOARP" },
	{ NUD_REACHABLE, 'R', "REACHABLE" },
	{ NUD_STALE, 'S', "STALE" },
	{ NUD_DELAY, 'D', "DELAY" },
	{ NUD_PROBE, 'P', "PROBE" },
	{ NUD_INCOMPLETE, 'I', "INCOMPLETE" },
	{ NUD_FAILED, 'F', "FAILED" },
	{ 0, '-', "NONE" },
};

static size_t state_row(uint16_t state)
{
	size_t i = 0;
	while (states[i].state && !(states[i].state & state))
		i++;
	return i;
}

const char *neigh_state_name(uint16_t state)
{
	return states[state_row(state)].name;
}

char neigh_state_letter(uint16_t state)
{
	return states[state_row(state)].letter;
}
