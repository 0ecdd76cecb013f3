/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: which of the last frames a host would treat differently if a sysctl had another value.
 *
 *	struct whatif w;
 *	whatif_look(&w, host, CONF_ALL, HOST_ARP_IGNORE, 1, arrivals, count);
 *	for (size_t i = 0; i < w.count; i++)	whatif_text(&t, &w.differs[i]);
 */
#ifndef ARPLAB_WHATIF_H
#define ARPLAB_WHATIF_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/host.h>
#include <arplab/rules.h>

#define WHATIF_MAX 8

/* One question that would be answered otherwise. */
struct whatif_differs {
	int32_t ifindex;
	uint32_t target, sender;
	uint8_t sha[6];
	enum outcome now, then;
};

struct whatif {
	size_t asked; /* Different questions among the frames. */
	size_t total; /* Of them, those that would be treated differently. */
	size_t count; /* Of those, the newest that are kept. */
	struct whatif_differs differs[WHATIF_MAX];
};

/*
 * ifindex: CONF_ALL or an interface. arrivals: who-has that arrived, newest first; the same
 * question (interface, target, sender) counts once.
 */
void whatif_look(struct whatif *ret, const struct host *h, int32_t ifindex, enum host_key key,
	int32_t value, const struct arrival *arrivals, size_t count);
/* "who-has 192.168.2.200 tell 192.168.2.222 on eth0 stays silent (now answered)" */
void whatif_text(struct text *t, const struct host *h, const struct whatif_differs *d);

#endif
