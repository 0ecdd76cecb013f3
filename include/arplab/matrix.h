/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: who is believed to be where: the machines of a lab by the addresses, and in each cell whose
 * MAC the machine's cache has for the address. Of now, or of the moment when a frame had come.
 *
 *	matrix_make(&x, w, past, MATRIX_NOW);
 *	const struct belief *b = matrix_at(&x, node, i);     what `node` believes of x.ips[i]
 */
#ifndef ARPLAB_MATRIX_H
#define ARPLAB_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/past.h>
#include <arplab/world.h>

#define MATRIX_IPS 64
#define MATRIX_NOW UINT64_MAX

enum belief_kind {
	BELIEF_NONE,    /* The cache has no entry. */
	BELIEF_ITSELF,  /* The machine has the address itself. */
	BELIEF_ENTRY,   /* As the entry says. */
	BELIEF_UNKNOWN, /* What it was is no longer remembered. */
};

struct belief {
	enum belief_kind kind;
	int32_t ifindex; /* Of the entry. */
	uint16_t state;  /* NUD_* */
	bool has_mac;
	bool flipped; /* It had another MAC before: */
	bool more;    /* Other interfaces have entries for the address, too. */
	uint8_t mac[6], before[6];
	uint64_t flipped_ns; /* When it came to the new one. */
};

struct matrix {
	uint32_t ips[MATRIX_IPS]; /* Those that several machines hold first, then the others. */
	size_t count;
	size_t shared; /* How many of them several machines hold, or a virtual service has. */
	bool cut;      /* There are more addresses than there is room for. */
	size_t nodes;
	uint64_t at_ns;                               /* The time that it is of. */
	struct belief beliefs[NODES_MAX][MATRIX_IPS]; /* By number of the machine - 1. */
};

/*
 * position: of a frame in the ring of machine 0; the caches are those behind it, with what it
 * changed. MATRIX_NOW: as they are. p: NULL: nothing is known but the present, and no flips.
 * Returns false if the frame is not there, and ret is not written.
 */
bool matrix_make(
	struct matrix *ret, const struct world *w, const struct past *p, uint64_t position);
/* node: from 1 to `nodes`; i: below `count`. */
const struct belief *matrix_at(const struct matrix *x, uint16_t node, size_t i);

#endif
