/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the ARP frames of all nodes: one socket a node, one order of time for all. */
#ifndef ARPLAB_TAP_H
#define ARPLAB_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/parts.h>

struct tap {
	int fd; /* Or -1. */
	uint64_t received, dropped;
	bool counted; /* There is something to be told of them. */
};

struct caught;
struct taps {
	uint64_t frames;       /* Number of the last frame. */
	struct caught *caught; /* Read and sorted; told from `at` on. */
	size_t count, at;
};

/* Capture on all interfaces of the namespace that the process is in. 0 or -errno. */
int tap_open(struct tap *t);
/* Read one tap's counters, and tell them as those of an interface if they have changed. */
void tap_count(struct tap *t, struct loop *l, int32_t ifindex);

int taps_init(struct taps *all);
void taps_done(struct taps *all);
/* Forget what was caught in a lab that is gone. */
void taps_reset(struct taps *all);
/*
 * Read all taps, and tell what they have caught in the order of time. The taps' nodes are numbered
 * from 1 on. Returns 0, or -EAGAIN: the front is slow; call again when there is room.
 */
int taps_read(struct taps *all, struct loop *l, struct tap *(*tap_of)(void *arg, uint16_t node),
	void *arg, uint16_t nodes);

#endif
