/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: what `ip address add` and `ip route add` make of a host.
 *
 * Source: Linux net/ipv4/devinet.c, __inet_insert_ifa(); fib_frontend.c, fib_add_ifaddr(),
 * fib_magic(); fib_semantics.c, fib_create_info(), fib_check_nh(); fib_trie.c, fib_table_insert().
 */
#include <config.h>

#include "host_parts.h"

#include <errno.h>

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/rows.h>

/* ---- routes, as they are accepted ---- */

/* The preferred source has to be local, but a local route may bring its own. */
static bool source_is_valid(const struct host *h, const struct host_route *r)
{
	if (!r->source || (r->type == RTN_LOCAL && r->dst && r->source == r->dst))
		return true;
	return host_addr_type(h, r->source) == RTN_LOCAL;
}

static bool same_route(const struct host_route *a, const struct host_route *b)
{
	return a->type == b->type && a->scope == b->scope && a->source == b->source &&
	       a->ifindex == b->ifindex && a->gateway == b->gateway && a->onlink == b->onlink &&
	       a->manual == b->manual;
}

/*
 * A route of the same destination, TOS and metric, or with `same` set only one that is the same
 * altogether.
 */
static bool route_is_there(const struct host *h, const struct host_route *r, bool same)
{
	const struct fib_group g = fib_rows(h->fib, r->table, r->dst, r->prefix);
	for (size_t i = 0; i < g.count; i++) {
		const struct host_route *o = host_route(h, g.first + i);
		if (o->tos == r->tos && o->metric == r->metric && (!same || same_route(o, r)))
			return true;
	}
	return false;
}

/* ---- addresses ---- */

static bool covers(const struct host_addr *x, const struct host_addr *a)
{
	return x->prefix == a->prefix && !((x->address ^ a->address) & a->mask);
}

/*
 * Where a new address goes, and whether it is secondary: behind the last primary whose scope is not
 * narrower, or at the end. Returns 0 or a negative errno.
 */
static int place_addr(
	const struct host *h, const struct host_link *l, struct host_addr *a, size_t *ret)
{
	size_t end = l->first + l->count;
	for (size_t i = l->first; i < end; i++)
		if (covers(&h->addrs[i], a) && h->addrs[i].local == a->local)
			return -EEXIST;
	size_t place = l->first;
	a->secondary = false;
	for (size_t i = l->first; i < end; i++) {
		const struct host_addr *x = &h->addrs[i];
		if (!x->secondary && a->scope <= x->scope)
			place = i + 1;
		if (!covers(x, a))
			continue;
		if (x->scope != a->scope)
			return -EINVAL;
		a->secondary = true;
	}
	*ret = a->secondary ? end : place;
	return 0;
}

/* A route that comes with an address; without a valid source the kernel leaves it out silently. */
static void magic(struct host *h, const struct host_link *l, uint8_t type, uint32_t dst,
	uint8_t prefix, uint32_t source)
{
	const struct host_route r = {
		.table = type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
		.dst = dst,
		.prefix = prefix,
		.type = type,
		.scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
		.source = source,
		.ifindex = l->ifindex,
		.hops = 1,
	};
	fib_settle(h->fib);
	if (source_is_valid(h, &r) && !route_is_there(h, &r, true))
		host_add_route(h, &r);
}

/* The local address of the first entry of the same subnet: the source that its routes name. */
static uint32_t primary_of(
	const struct host *h, const struct host_link *l, const struct host_addr *a)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (covers(&h->addrs[i], a))
			return h->addrs[i].local;
	return a->local;
}

static void add_addr_routes(struct host *h, const struct host_link *l, const struct host_addr *a)
{
	uint32_t net = a->address & a->mask;
	uint32_t source = a->secondary ? primary_of(h, l, a) : a->local;
	magic(h, l, RTN_LOCAL, a->local, 32, source);
	if (!l->up || a->secondary || is_zeronet(h, net) || (net == a->local && a->prefix == 32))
		return;
	magic(h, l, l->loopback ? RTN_LOCAL : RTN_UNICAST, net, a->prefix, source);
	if (a->prefix >= 31)
		return;
	/* Until Linux 5.14 the address of the network was a broadcast, too. */
	if (h->kernel && h->kernel < KERNEL(5, 14, 0))
		magic(h, l, RTN_BROADCAST, net, 32, source);
	magic(h, l, RTN_BROADCAST, net | ~a->mask, 32, source);
}

int host_derive_addr(struct host *h, size_t link, const struct host_addr *a)
{
	if (a->prefix > 32)
		return -EINVAL;
	struct host_addr new = whole_addr(a);
	struct host_link *l = &h->links[link];
	size_t place;
	int r = place_addr(h, l, &new, &place);
	if (r < 0)
		return r;
	h->addrs = row_insert(h->addrs, &h->addr_count, place, sizeof *h->addrs);
	h->addrs[place] = new;
	l->count++;
	for (size_t i = link + 1; i < h->link_count; i++)
		h->links[i].first++;
	add_addr_routes(h, l, &new);
	fib_settle(h->fib);
	return 0;
}

/* ---- routes, as commands ---- */

/* The smallest scope that a route of a type may have; -1: there is no such route. */
static int least_scope(uint8_t type)
{
	switch (type) {
	case RTN_UNICAST:
	case RTN_MULTICAST:
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
	case RTN_THROW:
		return RT_SCOPE_UNIVERSE;
	case RTN_BROADCAST:
	case RTN_ANYCAST:
		return RT_SCOPE_LINK;
	case RTN_LOCAL:
		return RT_SCOPE_HOST;
	}
	return -1;
}

static int check_link(const struct host *h, int32_t ifindex)
{
	const struct host_link *l = host_link(h, ifindex);
	if (!l)
		return -ENODEV;
	return l->up ? 0 : -ENETDOWN;
}

static int check_onlink(const struct host *h, const struct host_route *r)
{
	if (r->scope >= RT_SCOPE_LINK)
		return -EINVAL;
	int error = check_link(h, r->ifindex);
	if (error)
		return error;
	return host_addr_type(h, r->gateway) == RTN_UNICAST ? 0 : -EINVAL;
}

/* What a program is told when a lookup ends at such a route. */
static int error_of(uint8_t type)
{
	switch (type) {
	case RTN_UNREACHABLE:
		return -EHOSTUNREACH;
	case RTN_PROHIBIT:
		return -EACCES;
	default:
		return -EINVAL;
	}
}

/* A gateway has to be on a link that is reached without another one. */
static int check_gateway(const struct host *h, struct host_route *r)
{
	if (r->onlink)
		return check_onlink(h, r);
	uint8_t scope = r->scope + 1 > RT_SCOPE_LINK ? (uint8_t)(r->scope + 1) : RT_SCOPE_LINK;
	const struct host_route *way = NULL;
	switch (lookup_gateway(h, r, scope, &way)) {
	case FIB_NONE:
		return -ENETUNREACH;
	case FIB_ERROR:
		return error_of(way->type);
	case FIB_UNKNOWN:
		return -EOPNOTSUPP;
	case FIB_ROUTE:
		break;
	}
	if (way->type != RTN_UNICAST && way->type != RTN_LOCAL)
		return -EINVAL;
	r->ifindex = way->ifindex;
	return check_link(h, r->ifindex);
}

/* Where a route leads has to be there. What has no interface by its nature needs none. */
static int check_way(const struct host *h, struct host_route *r)
{
	if (r->scope == RT_SCOPE_HOST) {
		if (r->gateway)
			return -EINVAL;
		return host_link(h, r->ifindex) ? 0 : -ENODEV;
	}
	if (r->gateway)
		return check_gateway(h, r);
	return r->onlink ? -EINVAL : check_link(h, r->ifindex);
}

static int check_route(const struct host *h, struct host_route *r)
{
	int least = least_scope(r->type);
	if (r->prefix > 32 || r->dst & ~ip_mask(r->prefix) || least < 0 || least > r->scope)
		return -EINVAL;
	if (route_is_error(r))
		return r->gateway || r->ifindex ? -EINVAL : 0;
	if (r->scope > RT_SCOPE_HOST)
		return -EINVAL;
	int error = check_way(h, r);
	if (error)
		return error;
	return source_is_valid(h, r) ? 0 : -EINVAL;
}

int host_derive_route(struct host *h, const struct host_route *r)
{
	struct host_route new = *r;
	/* Also a route that is refused then makes its table. */
	h->default_made |= r->table == RT_TABLE_DEFAULT;
	new.manual = true;
	new.hops = 1;
	fib_settle(h->fib);
	int error = check_route(h, &new);
	if (error)
		return error;
	if (route_is_there(h, &new, false))
		return -EEXIST;
	host_add_route(h, &new);
	h->custom_local |= new.type == RTN_LOCAL;
	return 0;
}
