/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a random host: everything that the rules ask for, in the oddest combinations. */
#include <config.h>

#include "kernel.h"

#include <string.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

#include <arplab/addr.h>

/* ---- what the last host leaves ---- */

static void delete_addr(struct ask *a, const struct addr *x)
{
	const struct ifaddrmsg head = {
		.ifa_family = AF_INET, .ifa_prefixlen = x->prefix, .ifa_index = (uint32_t)x->ifindex
	};
	ask_add(a, RTM_DELADDR, 0, &head, sizeof head);
	ask_u32(a, IFA_LOCAL, x->local);
	ask_u32(a, IFA_ADDRESS, x->address);
}

static void delete_route(struct ask *a, const struct route *x)
{
	const struct rtmsg head = { .rtm_family = AF_INET,
		.rtm_dst_len = x->dst_len,
		.rtm_tos = x->tos,
		.rtm_scope = RT_SCOPE_NOWHERE,
		.rtm_type = x->type };
	ask_add(a, RTM_DELROUTE, 0, &head, sizeof head);
	ask_u32(a, RTA_TABLE, x->table);
	if (x->dst_len)
		ask_u32(a, RTA_DST, x->dst);
	if (x->ifindex)
		ask_u32(a, RTA_OIF, (uint32_t)x->ifindex);
	if (x->metric)
		ask_u32(a, RTA_PRIORITY, x->metric);
}

static void delete_proxy(struct ask *a, uint32_t ip, int32_t ifindex)
{
	const struct ndmsg head = {
		.ndm_family = AF_INET, .ndm_ifindex = ifindex, .ndm_flags = NTF_PROXY
	};
	ask_add(a, RTM_DELNEIGH, 0, &head, sizeof head);
	ask_u32(a, NDA_DST, ip);
}

/* Routes go with the last address of their interface, so these come first. */
void host_clear(struct space *s, const struct model *m)
{
	struct ask a;
	ask_begin(&a);
	for (size_t i = 0; i < m->route_count; i++)
		if (m->routes[i].route.protocol != RTPROT_KERNEL)
			delete_route(&a, &m->routes[i].route);
	for (size_t i = 0; i < m->proxy_count; i++)
		delete_proxy(&a, m->proxies[i].ip, m->proxies[i].ifindex);
	/* Secondary ones stand last, and would go with their primary. */
	for (size_t i = m->addr_count; i-- > 0;)
		delete_addr(&a, &m->addrs[i].addr);
	ask_send(&a, s->requests);
}

/* ---- links ---- */

static void set_link(struct ask *a, const struct place *p, unsigned flags)
{
	const struct ifinfomsg head = {
		.ifi_index = p->ifindex, .ifi_flags = flags, .ifi_change = IFF_UP | IFF_NOARP
	};
	ask_add(a, RTM_NEWLINK, 0, &head, sizeof head);
}

static void set_master(struct ask *a, const struct place *p, int32_t master)
{
	const struct ifinfomsg head = { .ifi_index = p->ifindex };
	ask_add(a, RTM_NEWLINK, 0, &head, sizeof head);
	ask_u32(a, IFLA_MASTER, (uint32_t)master);
}

/* Which of them are up, and where they are plugged in. */
static void choose_links(struct space *s, struct rng *r)
{
	static const int counts[] = { 1, 1, 2, 2, 2, 3 };
	int up = rng_one(r, counts, COUNT(counts));
	bool bridge = rng_percent(r, 12), macvlan = rng_percent(r, 12);
	bool one_segment = rng_percent(r, 50);
	for (int i = LINK_LO; i < LINKS; i++) {
		s->links[i].up = i < LINK_E0 + up;
		s->links[i].segment = s->links[i].up && i >= LINK_E0 && i <= LINK_E2
					      ? (one_segment ? 0 : (int)rng_below(r, CABLES))
					      : NO_SEGMENT;
	}
	struct place *bridged = &s->links[LINK_BRIDGE], *shadow = &s->links[LINK_MACVLAN];
	s->bridged = bridge && bridged->ifindex;
	if (s->bridged) {
		s->links[LINK_E2].up = bridged->up = true;
		s->links[LINK_E2].segment = bridged->segment = (int)rng_below(r, CABLES);
	}
	for (int i = LINK_E1; i <= LINK_E2; i++)
		if (rng_percent(r, 12))
			s->links[i].segment = NO_SEGMENT;
	if (s->bridged)
		bridged->segment = s->links[LINK_E2].segment;
	if (macvlan && shadow->ifindex && s->links[LINK_E1].up) {
		shadow->up = true;
		shadow->segment = s->links[LINK_E1].segment;
	}
	if (rng_percent(r, 5))
		s->links[LINK_LO].up = false;
}

static void set_links(struct space *s, struct rng *r)
{
	struct ask a;
	ask_begin(&a);
	if (s->links[LINK_BRIDGE].ifindex)
		set_master(&a, &s->links[LINK_E2], s->bridged ? s->links[LINK_BRIDGE].ifindex : 0);
	/* A macvlan goes down with its parent, and cannot go up before it. */
	for (size_t i = 0; i < LINKS; i++) {
		bool noarp = i >= LINK_E0 && i <= LINK_E2 && rng_percent(r, 4);
		if (s->links[i].ifindex)
			set_link(&a, &s->links[i],
				(s->links[i].up ? IFF_UP : 0u) | (noarp ? IFF_NOARP : 0u));
	}
	int e = ask_send(&a, s->requests);
	if (e < 0)
		give_up("links cannot be set: %s", strerror(-e));
	space_plug(s);
	space_sync(s);
}

/* ---- addresses ---- */

static void add_addr(struct ask *a, const struct place *on, struct rng *r)
{
	static const int prefixes[] = { 24, 24, 24, 24, 24, 32, 32, 32, 30, 25, 26, 16, 8, 31, 22 };
	static const int scopes[] = { RT_SCOPE_UNIVERSE, RT_SCOPE_UNIVERSE, RT_SCOPE_UNIVERSE,
		RT_SCOPE_UNIVERSE, RT_SCOPE_UNIVERSE, RT_SCOPE_LINK, RT_SCOPE_HOST, RT_SCOPE_SITE };
	uint32_t local = random_own_ip(r);
	unsigned prefix = (unsigned)rng_one(r, prefixes, COUNT(prefixes));
	bool peer = rng_percent(r, 8), broadcast = rng_percent(r, 12), bare = rng_percent(r, 5);
	const struct ifaddrmsg head = { .ifa_family = AF_INET,
		.ifa_prefixlen = (uint8_t)prefix,
		.ifa_scope = (uint8_t)rng_one(r, scopes, COUNT(scopes)),
		.ifa_index = (uint32_t)on->ifindex };
	ask_add(a, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_u32(a, IFA_LOCAL, local);
	ask_u32(a, IFA_ADDRESS, peer ? random_own_ip(r) : local);
	if (broadcast)
		ask_u32(a, IFA_BROADCAST, local | ~ip_mask(rng_percent(r, 80) ? prefix : 24));
	if (bare)
		ask_u32(a, IFA_FLAGS, IFA_F_NOPREFIXROUTE);
}

static void make_addrs(struct space *s, struct rng *r)
{
	struct ask a;
	unsigned count = rng_below(r, 7);
	ask_begin(&a);
	if (rng_percent(r, 90)) {
		const struct ifaddrmsg head = { .ifa_family = AF_INET,
			.ifa_prefixlen = 8,
			.ifa_scope = RT_SCOPE_HOST,
			.ifa_index = (uint32_t)s->links[LINK_LO].ifindex };
		ask_add(&a, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
		ask_u32(&a, IFA_LOCAL, htonl(INADDR_LOOPBACK));
	}
	for (unsigned i = 0; i < count; i++) {
		/* Mostly those that are up; lo is where virtual addresses live. */
		size_t on = rng_percent(r, 25)   ? LINK_LO
			    : rng_percent(r, 85) ? LINK_E0 + rng_below(r, CABLES)
						 : rng_below(r, LINKS);
		if (on != LINK_LO && !s->links[on].up && rng_percent(r, 60))
			on = LINK_E0;
		if (s->links[on].ifindex)
			add_addr(&a, &s->links[on], r);
	}
	ask_send(&a, s->requests); /* Some are refused, as they would be in life. */
}

/* An address that comes behind the routes, and whose broadcast address may be a gateway's. */
static void make_late_addr(struct space *s, struct rng *r)
{
	struct ask a;
	uint32_t local = random_own_ip(r), broadcast = random_hop(r);
	const struct ifaddrmsg head = { .ifa_family = AF_INET,
		.ifa_prefixlen = 24,
		.ifa_index = (uint32_t)s->links[LINK_E0 + rng_below(r, CABLES)].ifindex };
	if (!rng_percent(r, 6))
		return;
	ask_begin(&a);
	ask_add(&a, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_u32(&a, IFA_LOCAL, local);
	ask_u32(&a, IFA_ADDRESS, local);
	ask_u32(&a, IFA_BROADCAST, broadcast);
	ask_send(&a, s->requests);
}

/* ---- timers ---- */

static void set_locktime(struct space *s, struct rng *r)
{
	struct ask a;
	const struct ndtmsg head = { .ndtm_family = AF_INET };
	s->locktime_ms = rng_percent(r, 60) ? 1000 : 0;
	const uint64_t ms = (uint64_t)s->locktime_ms;
	ask_begin(&a);
	for (size_t i = LINK_E0; i < LINKS; i++) {
		if (!s->links[i].ifindex)
			continue;
		ask_add(&a, RTM_SETNEIGHTBL, 0, &head, sizeof head);
		ask_text(&a, NDTA_NAME, "arp_cache");
		size_t parms = ask_nest(&a, NDTA_PARMS);
		ask_u32(&a, NDTPA_IFINDEX, (uint32_t)s->links[i].ifindex);
		ask_put(&a, NDTPA_LOCKTIME, &ms, sizeof ms);
		ask_unnest(&a, parms);
	}
	int e = ask_send(&a, s->requests);
	if (e < 0)
		give_up("locktime cannot be set: %s", strerror(-e));
}

/* ---- all ---- */

/* An interface lo that comes up without an address gets one by itself. */
static void begin_lo(struct space *s)
{
	const struct place up = { .ifindex = s->links[LINK_LO].ifindex };
	const struct addr first = { .ifindex = up.ifindex,
		.local = htonl(INADDR_LOOPBACK),
		.address = htonl(INADDR_LOOPBACK),
		.prefix = 8 };
	struct ask a;
	ask_begin(&a);
	set_link(&a, &up, IFF_UP);
	delete_addr(&a, &first);
	ask_send(&a, s->requests);
}

void host_make(struct space *s, struct rng *r)
{
	bool early = rng_percent(r, 25);
	begin_lo(s);
	choose_links(s, r);
	if (early)
		make_addrs(s, r);
	set_links(s, r);
	if (!early)
		make_addrs(s, r);
	/*
	 * The kernel chooses the source of a route when it is made, and again when an address
	 * changes, but not when route_localnet does: that has to come first.
	 */
	sysctls_make(s, r);
	routes_make(s, r);
	make_late_addr(s, r);
	set_locktime(s, r);
}
