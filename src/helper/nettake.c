/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what one message of the kernel means: an event, a link for the others, a table to dump.
 */
#include <config.h>

#include "netsource.h"

#include <errno.h>
#include <string.h>

#include <linux/if.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include "netparse.h"

/* Room for an event that is zeroed, or NULL while the front is slow. */
static struct event *room_for(struct netsource *n, enum event_kind kind, uint8_t flags)
{
	size_t size = event_size(kind, 0);
	struct event *e = outbox_room(&n->loop->outbox, size);
	if (!e)
		return NULL;
	memset(e, 0, size);
	event_begin(e, kind, n->dump.table ? n->dump.at_ns : n->news.at_ns);
	e->flags = flags;
	return e;
}

static void send_off(struct netsource *n, const struct event *e)
{
	outbox_commit(&n->loop->outbox, e->size);
}

/* Tell the others before the table changes, so that they can still ask for the old name. */
void net_link(struct netsource *n, const struct link *link, bool gone)
{
	n->ops.link(n->ops.arg, link, gone);
	if (gone)
		netlinks_remove(&n->links, link->ifindex);
	else
		netlinks_put(&n->links, link);
}

/*
 * Whether routes may have come, gone or died with this change of a link without a message of
 * their own (net/ipv4/fib_frontend.c, fib_netdev_event; fib_flush notifies nobody).
 */
static bool routes_follow(const struct link *before, const struct link *now)
{
	const uint32_t counts = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;
	return !before || (before->flags ^ now->flags) & counts || before->carrier != now->carrier;
}

static int take_link(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	struct event *e = room_for(n, EVENT_LINK, flags);
	if (!e)
		return -EAGAIN;
	if (!parse_link(m, &e->link))
		return 0;
	struct known_link *known = netlinks_find(&n->links, e->link.ifindex);
	bool same = known && memcmp(&known->link, &e->link, sizeof e->link) == 0;
	if (flags & EVENT_GONE ? !known : same && !(flags & EVENT_NAMED))
		return 0;
	/* With the link, proxies go in silence, too (net/core/neighbour.c, pneigh_ifdown…). */
	if (!(flags & EVENT_NAMED) &&
		(flags & EVENT_GONE || routes_follow(known ? &known->link : NULL, &e->link)))
		n->wanted |= (WANT(TABLE_ROUTES) | WANT(TABLE_PROXIES)) & n->tables;
	/* The outbox may be sent and filled anew while the others look at the link. */
	struct link link = e->link;
	send_off(n, e);
	if (same)
		known->named = true;
	else
		net_link(n, &link, flags & EVENT_GONE);
	return 0;
}

static int take_addr(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	if (!(flags & EVENT_NAMED)) {
		n->wanted |= WANT(TABLE_ADDRS);
		/* Routes with this preferred source go silently (fib_sync_down_addr). */
		if (flags & EVENT_GONE)
			n->wanted |= WANT(TABLE_ROUTES);
		return 0;
	}
	struct event *e = room_for(n, EVENT_ADDR, flags);
	if (!e)
		return -EAGAIN;
	if (!parse_addr(m, &e->addr))
		return 0;
	/* One interface after the other, in its own order (net/ipv4/devinet.c, inet_dump_ifaddr).
	 */
	if (e->addr.ifindex != n->dump.addr_ifindex)
		n->dump.addr_order = 0;
	n->dump.addr_ifindex = e->addr.ifindex;
	e->addr.order = n->dump.addr_order++;
	send_off(n, e);
	return 0;
}

static int take_route(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	struct event *e = room_for(n, EVENT_ROUTE, flags);
	if (!e)
		return -EAGAIN;
	if (!parse_route(m, &e->route))
		return 0;
	if (m->nlmsg_flags & NLM_F_APPEND)
		e->flags |= EVENT_BEHIND;
	/* The message does not name the route that was replaced (fib_trie.c, fib_table_insert). */
	if (!(flags & EVENT_NAMED) && m->nlmsg_flags & NLM_F_REPLACE)
		n->wanted |= WANT(TABLE_ROUTES);
	send_off(n, e);
	return 0;
}

static int take_rule(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	if (!(flags & EVENT_NAMED)) {
		n->wanted |= WANT(TABLE_RULES);
		return 0;
	}
	struct event *e = room_for(n, EVENT_RULE, flags);
	if (!e)
		return -EAGAIN;
	if (parse_rule(m, &e->rule))
		send_off(n, e);
	return 0;
}

/*
 * The sysctl by which routes of links without carrier are dead or not, which is told as part of the
 * route (net/ipv4/fib_semantics.c, fib_nexthop_info) and not told anew.
 */
static int take_netconf(struct netsource *n, const struct nlmsghdr *m)
{
	if (nlmsg_find_attr((struct nlmsghdr *)m, sizeof(struct netconfmsg),
		    NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN))
		n->wanted |= WANT(TABLE_ROUTES) & n->tables;
	return 0;
}

static int take_neigh(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	struct event *e = room_for(n, EVENT_NEIGH, flags);
	if (!e)
		return -EAGAIN;
	if (!parse_neigh(m, &e->neigh) || net_is_no_news(m, &e->neigh))
		return 0;
	net_remember_stale(n, &e->neigh, flags & EVENT_GONE);
	send_off(n, e);
	return 0;
}

int net_take(struct netsource *n, const struct nlmsghdr *m, uint8_t flags)
{
	switch (m->nlmsg_type) {
	case RTM_DELLINK:
		return take_link(n, m, flags | EVENT_GONE);
	case RTM_NEWLINK:
		return take_link(n, m, flags);
	case RTM_DELADDR:
		return take_addr(n, m, flags | EVENT_GONE);
	case RTM_NEWADDR:
		return take_addr(n, m, flags);
	case RTM_DELROUTE:
		return take_route(n, m, flags | EVENT_GONE);
	case RTM_NEWROUTE:
		return take_route(n, m, flags);
	case RTM_DELRULE:
	case RTM_NEWRULE:
		return take_rule(n, m, flags);
	case RTM_NEWNETCONF:
		return take_netconf(n, m);
	case RTM_DELNEIGH:
		return take_neigh(n, m, flags | EVENT_GONE);
	case RTM_NEWNEIGH:
		return take_neigh(n, m, flags);
	}
	return 0;
}
