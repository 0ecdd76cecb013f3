/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: neighbours in STALE, which become DELAY without a word.
 *
 * The kernel tells of every change of state but that one: an entry that is used starts to wait for
 * a confirmation (net/core/neighbour.c, __neigh_event_send), and nothing is said before the wait is
 * over. Machines of a lab have few neighbours, and what they do is told when it has been done; so
 * those that were STALE are asked for then, one by one, and only what has changed is passed on.
 */
#include <config.h>

#include "netsource.h"

#include <linux/neighbour.h>
#include <netlink/netlink.h>

#define QUIETLY 0x5354414c /* The questions' number; news have none. */

static size_t place_of(const struct netsource *n, const struct neigh *entry)
{
	size_t i = 0;
	while (i < n->stale_count &&
		(n->stale[i].ifindex != entry->ifindex || n->stale[i].ip != entry->ip))
		i++;
	return i;
}

void net_remember_stale(struct netsource *n, const struct neigh *entry, bool gone)
{
	if (n->loop->options->scope != SCOPE_LAB)
		return;
	size_t i = place_of(n, entry);
	bool known = i < n->stale_count;
	if (!gone && entry->state == NUD_STALE) {
		if (!known && n->stale_count < STALE_MAX)
			n->stale[n->stale_count++] = (struct stale) { entry->ifindex, entry->ip };
	} else if (known) {
		n->stale[i] = n->stale[--n->stale_count];
	}
}

bool net_is_no_news(const struct nlmsghdr *m, const struct neigh *entry)
{
	return m->nlmsg_seq == QUIETLY && entry->state == NUD_STALE;
}

bool netsource_look_stale(struct netsource *n)
{
	for (size_t i = 0; i < n->stale_count; i++)
		net_ask(n, n->stale[i].ifindex, n->stale[i].ip, QUIETLY);
	return n->stale_count > 0;
}
