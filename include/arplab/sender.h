/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: why a host's own who-has carries the sender that it does, and what arp_announce 2 would have
 * made of it. The packet that waited is not on the wire; what can be inferred of it is said, and
 * what cannot is not.
 */
#ifndef ARPLAB_SENDER_H
#define ARPLAB_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/host.h>
#include <arplab/text.h>

enum sender_kind {
	SENDER_CHOSEN,  /* The address that the kernel chooses for the interface by itself. */
	SENDER_PACKET,  /* Another own address: the waiting packet's source was it. */
	SENDER_PROGRAM, /* One that the kernel would not have sent: a program wrote the frame. */
	SENDER_UNKNOWN, /* A value is not known. */
};

struct sender {
	enum sender_kind kind;
	int32_t level;   /* Effective arp_announce. */
	uint32_t chosen; /* What the kernel chooses for the interface: the sender at level 2. */
};

/*
 * ifindex: where the who-has left. target, sip: its target and its sender IP. poll: it went to one
 * MAC alone, so that no packet was at hand.
 */
void sender_look(const struct host *h, int32_t ifindex, uint32_t target, uint32_t sip, bool poll,
	struct sender *ret);
/*
 * As one sentence: "tell 192.168.2.200: arp_announce 0 took the packet's source; with 2 it would be
 * 192.168.2.101".
 */
void sender_text(struct text *t, uint32_t sip, const struct sender *s);

#endif
