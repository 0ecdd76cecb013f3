/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the neighbour table, a million entries and more, in at most 64 bytes an entry with its
 * index. Entries are found by (interface, IP) in constant time; their places are not stable across
 * a removal, so a selection remembers the key, not the place.
 */
#ifndef ARPLAB_NEIGHS_H
#define ARPLAB_NEIGHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

struct neigh_entry {
	int32_t ifindex;
	uint32_t ip;
	uint8_t mac[6];
	uint16_t state; /* NUD_* */
	uint8_t flags;  /* NTF_* */
	uint8_t probes; /* 255 stands for more. */
	uint8_t has_mac : 1, has_ages : 1;
	uint8_t mark; /* The dump that named it last. */
	uint32_t confirmed_ms, used_ms, updated_ms; /* Ages at at_ns. */
	uint64_t at_ns; /* When the kernel told of it last. */
};

struct neighs {
	struct neigh_entry *entries;
	uint32_t count, room;
	uint32_t *slots; /* Places + 1 of entries, open addressing; 0 is free. */
	uint32_t slot_count;
	uint8_t mark;
	uint64_t membership; /* Grows when an entry comes or goes. */
};

void neighs_init(struct neighs *n);
void neighs_done(struct neighs *n);
/* Add or change. at_ns: the event's time. Ends the program when memory is short. */
void neighs_put(struct neighs *n, const struct neigh *news, uint64_t at_ns);
void neighs_remove(struct neighs *n, int32_t ifindex, uint32_t ip);
/* Remove all entries of an interface. */
void neighs_remove_link(struct neighs *n, int32_t ifindex);
/* A fresh dump begins; until its end, entries put are remembered as named. */
void neighs_dump_begin(struct neighs *n);
/* The dump has ended: what it did not name is gone. */
void neighs_dump_end(struct neighs *n);
/* Valid until the next change, or NULL. */
const struct neigh_entry *neighs_find(const struct neighs *n, int32_t ifindex, uint32_t ip);
/* The kernel's name of a state: "REACHABLE", "STALE"…; "-" for none. */
const char *neigh_state_name(uint16_t state);
/* Its first letter as shown where room is short: R S D P I F N M(PERMANENT) -. */
char neigh_state_letter(uint16_t state);

#endif
