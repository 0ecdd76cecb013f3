/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the kernel's choices among the addresses of interfaces. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

/*
 * Scopes are compared as if they were not narrower than this: route_localnet lets addresses of
 * scope host be used like those of scope link. Before Linux 5.3 it did not.
 * Returns false, and the usual, where the value is not known: both ways have to be tried.
 */
static bool scope_limit(const struct host *h, const struct host_link *l, uint8_t *ret)
{
	int32_t localnet = 0;
	bool old = h->kernel && h->kernel < KERNEL(5, 3, 0);
	bool known = old || host_value(l, HOST_ROUTE_LOCALNET, &localnet);
	*ret = !old && localnet ? RT_SCOPE_LINK : RT_SCOPE_HOST;
	return known;
}

static uint8_t narrower(uint8_t scope, uint8_t limit)
{
	return scope < limit ? scope : limit;
}

static bool has_address(const struct host *h, const struct host_link *l, uint32_t local,
	uint8_t limit, uint8_t widest)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct host_addr *x = &h->addrs[l->first + i];
		if (x->local == local && narrower(x->scope, widest) <= limit)
			return true;
	}
	return false;
}

/* Some subnet of the link holds both; b may be 0: no matter. */
static bool has_subnet(const struct host *h, const struct host_link *l, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct host_addr *x = &h->addrs[l->first + i];
		if (addr_covers(x, a) && (!b || addr_covers(x, b)))
			return true;
	}
	return false;
}

/*
 * Any address that is usable, and a subnet that holds dst. The address is chosen in the walk that
 * looks for the subnet, and one that was chosen before has to lie in that subnet.
 */
static bool confirm_any(const struct host *h, const struct host_link *l, uint32_t dst,
	uint8_t limit, uint8_t widest)
{
	const struct host_addr *chosen = NULL;
	bool same = false;
	for (size_t i = 0; i < l->count && !(same && chosen); i++) {
		const struct host_addr *x = &h->addrs[l->first + i];
		bool usable = narrower(x->scope, widest) <= limit;
		if (!chosen && usable)
			chosen = x;
		if (same || (dst && !addr_covers(x, dst)))
			continue;
		if (chosen && !addr_covers(x, chosen->local) && usable)
			chosen = x;
		same = !chosen || addr_covers(x, chosen->local) || chosen == x;
	}
	return same && chosen;
}

static bool confirm_within(const struct host *h, const struct host_link *l, uint32_t dst,
	uint32_t local, uint8_t limit, uint8_t widest)
{
	if (!local)
		return confirm_any(h, l, dst, limit, widest);
	/* The address and the subnet may stand in two entries. */
	return has_address(h, l, local, limit, widest) && has_subnet(h, l, local, dst);
}

static int confirm_on(const struct host *h, const struct host_link *l, uint32_t dst, uint32_t local,
	uint8_t limit)
{
	uint8_t widest;
	bool known = scope_limit(h, l, &widest);
	bool found = confirm_within(h, l, dst, local, limit, widest);
	if (!known && found != confirm_within(h, l, dst, local, limit, RT_SCOPE_LINK))
		return -1;
	return found;
}

int addr_confirm(const struct host *h, const struct host_link *on, uint32_t dst, uint32_t local,
	uint8_t limit)
{
	int best = 0;
	if (on)
		return confirm_on(h, on, dst, local, limit);
	for (size_t i = 0; i < h->link_count && best != 1; i++) {
		int found = confirm_on(h, &h->links[i], dst, local, limit);
		if (found)
			best = found;
	}
	return best;
}

/* Any primary address of any link, in the order of links: where the chosen link has none. */
static enum selected select_elsewhere_on(
	const struct host *h, uint8_t limit, uint32_t *ret, const struct host_link **ret_where)
{
	for (size_t i = 0; i < h->link_count; i++) {
		const struct host_link *l = &h->links[i];
		for (size_t k = 0; k < l->count; k++) {
			const struct host_addr *x = &h->addrs[l->first + k];
			if (x->secondary || x->scope == RT_SCOPE_LINK || x->scope > limit)
				continue;
			*ret = x->local;
			*ret_where = l;
			return SELECTED_ELSEWHERE;
		}
	}
	*ret = 0;
	*ret_where = NULL;
	return SELECTED_NONE;
}

static enum selected select_within(const struct host *h, const struct host_link *on, uint32_t dst,
	uint8_t limit, uint8_t widest, uint32_t *ret, const struct host_link **ret_where)
{
	const struct host_addr *first = NULL;
	*ret_where = on;
	for (size_t i = 0; i < on->count; i++) {
		const struct host_addr *x = &h->addrs[on->first + i];
		if (x->secondary || narrower(x->scope, widest) > limit)
			continue;
		if (!dst || addr_covers(x, dst)) {
			*ret = x->local;
			return SELECTED_SUBNET;
		}
		if (!first)
			first = x;
	}
	if (first) {
		*ret = first->local;
		return SELECTED_FIRST;
	}
	return select_elsewhere_on(h, limit, ret, ret_where);
}

enum selected addr_select(const struct host *h, const struct host_link *on, uint32_t dst,
	uint8_t limit, uint32_t *ret, const struct host_link **ret_where)
{
	uint8_t widest;
	bool known = scope_limit(h, on, &widest);
	enum selected how = select_within(h, on, dst, limit, widest, ret, ret_where);
	if (known)
		return how;
	uint32_t other;
	const struct host_link *where;
	if (select_within(h, on, dst, limit, RT_SCOPE_LINK, &other, &where) == how && other == *ret)
		return how;
	*ret = 0;
	*ret_where = NULL;
	return SELECTED_UNKNOWN;
}
