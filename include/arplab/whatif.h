/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: which of the last frames a host would treat differently if a sysctl had another value: what
 * it answers, what it learns, and under which address it asks.
 *
 *	struct whatif w;
 *	whatif_look(&w, host, CONF_ALL, HOST_ARP_IGNORE, 1, asked, count);
 *	for (size_t i = 0; i < w.count; i++)	whatif_text(&t, host, &w.differs[i]);
 */
#ifndef ARPLAB_WHATIF_H
#define ARPLAB_WHATIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/host.h>
#include <arplab/rules.h>

#define WHATIF_MAX 8

/* A frame that arrived, or a who-has of the host's own. */
struct whatif_frame {
	struct arrival arrival; /* Of an own one: where it left, and the packet. */
	bool sent;
	bool poll; /* Sent to one MAC alone. */
};

/* A frame that would be treated differently. */
struct whatif_differs {
	enum question question; /* ANSWER, LEARN or ANNOUNCE. */
	int32_t ifindex;
	struct arp_packet packet;
	enum outcome now, then; /* ANSWER, LEARN */
	uint32_t sender;        /* ANNOUNCE: whom it would tell. */
};

struct whatif {
	size_t asked;   /* Different frames among those that were looked at. */
	size_t total;   /* Of them, those that would be treated differently. */
	size_t count;   /* What would be different with them, as far as it is kept: the newest. */
	size_t dropped; /* What is not kept. */
	struct whatif_differs differs[WHATIF_MAX];
};

/* Whether frames are the same question or answer: interface, operation, target, sender. */
bool whatif_alike(const struct whatif_frame *a, const struct whatif_frame *b);
/* ifindex: CONF_ALL or an interface. frames: newest first; frames that are alike count once. */
void whatif_look(struct whatif *ret, const struct host *h, int32_t ifindex, enum host_key key,
	int32_t value, const struct whatif_frame *frames, size_t count);
/* "who-has 192.168.2.200 tell 192.168.2.222 on eth0: not answered (now answered)" */
void whatif_text(struct text *t, const struct host *h, const struct whatif_differs *d);

#endif
