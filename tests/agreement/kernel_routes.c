/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a random host's routes, policy rules and proxy neighbours. */
#include <config.h>

#include "kernel.h"

#include <string.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>

#define RULE_TABLE 100

/* ---- addresses that come again and again, so that things meet ---- */

static uint32_t random_ip(struct rng *r, const char *const *of, size_t count)
{
	uint32_t ip = 0;
	ip_parse(of[rng_below(r, (unsigned)count)], &ip);
	return ip;
}

static const char *const own_ips[] = { "192.168.2.101", "192.168.2.102", "192.168.2.130",
	"192.168.2.200", "192.168.2.200", "192.168.2.201", "192.168.2.5", "192.168.3.7",
	"192.168.3.250", "10.211.55.6", "10.211.55.7", "10.211.55.200", "10.211.99.4", "10.99.0.1",
	"172.16.1.9", "172.16.200.1", "127.0.0.5", "169.254.3.4" };

uint32_t random_own_ip(struct rng *r)
{
	return random_ip(r, own_ips, COUNT(own_ips));
}

/* ---- routes ---- */

static const char *const hops[] = { "192.168.2.1", "192.168.2.140", "192.168.2.6", "10.211.55.1",
	"10.211.55.2", "172.16.1.10", "192.168.77.9", "10.211.120.3", "8.8.8.8" };
uint32_t random_hop(struct rng *r)
{
	return random_ip(r, hops, COUNT(hops));
}

static const char *const nets[] = { "192.168.2.0", "192.168.2.128", "192.168.2.200",
	"192.168.2.222", "192.168.0.0", "10.0.0.0", "10.211.55.0", "10.211.0.0", "172.16.0.0",
	"8.8.8.8", "192.168.77.0" };

static void route_begin(struct space *s, struct ask *a, struct rng *r, struct rtmsg head,
	uint32_t dst, uint32_t table)
{
	static const int ways[] = { NLM_F_CREATE | NLM_F_EXCL, NLM_F_CREATE | NLM_F_APPEND,
		NLM_F_CREATE };
	head.rtm_family = AF_INET;
	head.rtm_protocol = RTPROT_BOOT;
	ask_add(a, RTM_NEWROUTE, rng_one(r, ways, COUNT(ways)), &head, sizeof head);
	ask_u32(a, RTA_TABLE, table);
	if (head.rtm_dst_len)
		ask_u32(a, RTA_DST, dst);
	s->default_made |= table == RT_TABLE_DEFAULT;
}

/* Default routes differ in their metric: which of equal ones is taken, the kernel finds by trying.
 */
static void add_default(
	struct space *s, struct rng *r, struct ask *a, uint32_t table, uint32_t metric)
{
	bool onlink = rng_percent(r, 50), gateway = rng_percent(r, 85);
	route_begin(s, a, r,
		(struct rtmsg) { .rtm_type = RTN_UNICAST,
			.rtm_scope = gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
			.rtm_flags = gateway && onlink ? RTNH_F_ONLINK : 0u },
		0, table);
	ask_u32(a, RTA_OIF, (uint32_t)s->links[LINK_E0 + rng_below(r, CABLES)].ifindex);
	if (gateway)
		ask_u32(a, RTA_GATEWAY, random_hop(r));
	if (metric)
		ask_u32(a, RTA_PRIORITY, metric);
}

/* Mostly a way; now and then an error, or a kind that nobody can be reached by. */
static uint8_t route_type(struct rng *r)
{
	static const int types[] = { RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW,
		RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW, RTN_BROADCAST, RTN_ANYCAST,
		RTN_MULTICAST };
	return rng_percent(r, 55) ? RTN_UNICAST : (uint8_t)rng_one(r, types, COUNT(types));
}

static void add_net(struct space *s, struct rng *r, struct ask *a, uint32_t table)
{
	static const int prefixes[] = { 24, 24, 25, 16, 32, 32, 8, 26, 30 };
	unsigned prefix = (unsigned)rng_one(r, prefixes, COUNT(prefixes));
	struct rtmsg head = { .rtm_type = route_type(r), .rtm_dst_len = (uint8_t)prefix };
	bool leads = head.rtm_type < RTN_BLACKHOLE, chosen = rng_percent(r, 20);
	bool gateway = head.rtm_type == RTN_UNICAST && rng_percent(r, 30);
	head.rtm_scope = leads && !gateway ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	head.rtm_flags = gateway && rng_percent(r, 50) ? RTNH_F_ONLINK : 0u;
	head.rtm_tos = rng_percent(r, 4) ? 0x10 : 0;
	route_begin(s, a, r, head, random_ip(r, nets, COUNT(nets)) & ip_mask(prefix), table);
	if (leads)
		ask_u32(a, RTA_OIF, (uint32_t)s->links[LINK_E0 + rng_below(r, CABLES)].ifindex);
	if (gateway)
		ask_u32(a, RTA_GATEWAY, random_hop(r));
	if (leads && chosen)
		ask_u32(a, RTA_PREFSRC, random_own_ip(r));
	if (rng_percent(r, 60))
		ask_u32(a, RTA_PRIORITY, 10 * rng_below(r, 3) + 5);
}

/* `ip route add local …`: from then on the kernel checks senders in another way. */
static void add_local(struct space *s, struct rng *r, struct ask *a)
{
	static const int prefixes[] = { 26, 29, 32, 24 };
	unsigned prefix = (unsigned)rng_one(r, prefixes, COUNT(prefixes));
	route_begin(s, a, r,
		(struct rtmsg) { .rtm_type = RTN_LOCAL,
			.rtm_dst_len = (uint8_t)prefix,
			.rtm_scope = RT_SCOPE_HOST },
		random_ip(r, nets, COUNT(nets)) & ip_mask(prefix), RT_TABLE_LOCAL);
	ask_u32(a, RTA_OIF, (uint32_t)s->links[rng_percent(r, 70) ? LINK_LO : LINK_E0].ifindex);
	s->spoilt = true;
}

static void make_routes(struct space *s, struct rng *r)
{
	struct ask a;
	unsigned count = rng_below(r, 4);
	ask_begin(&a);
	if (rng_percent(r, 55))
		add_default(s, r, &a, RT_TABLE_MAIN, 0);
	if (rng_percent(r, 10))
		add_default(s, r, &a, RT_TABLE_MAIN, 50);
	if (rng_percent(r, 5))
		add_default(s, r, &a, RT_TABLE_DEFAULT, 0);
	for (unsigned i = 0; i < count; i++)
		add_net(s, r, &a, rng_percent(r, 94) ? RT_TABLE_MAIN : RT_TABLE_DEFAULT);
	if (rng_percent(r, 6))
		add_local(s, r, &a);
	ask_send(&a, s->requests);
}

/* ---- policy rules ---- */

/* The first of them parts the tables local and main for good. */
static void add_rule(struct space *s, struct rng *r, struct ask *a)
{
	static const int actions[] = { FR_ACT_TO_TBL, FR_ACT_TO_TBL, FR_ACT_TO_TBL, FR_ACT_TO_TBL,
		FR_ACT_TO_TBL, FR_ACT_NOP, FR_ACT_BLACKHOLE, FR_ACT_UNREACHABLE, FR_ACT_PROHIBIT };
	static const int tables[] = { RULE_TABLE, RULE_TABLE, RT_TABLE_MAIN, RT_TABLE_DEFAULT };
	struct fib_rule_hdr head = { .family = AF_INET,
		.action = (uint8_t)rng_one(r, actions, COUNT(actions)),
		.table = RT_TABLE_UNSPEC };
	bool from = rng_percent(r, 50), to = rng_percent(r, 40), in = rng_percent(r, 20),
	     out = rng_percent(r, 10);
	head.src_len = from ? (uint8_t)(rng_percent(r, 50) ? 24 : 32) : 0;
	head.dst_len = to ? (uint8_t)(rng_percent(r, 50) ? 24 : 32) : 0;
	/* Without any condition only to a table, or nothing at all would work. */
	if (!from && !to && !in && !out)
		head.action = FR_ACT_TO_TBL;
	if (rng_percent(r, 10))
		head.flags = FIB_RULE_INVERT;
	ask_add(a, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_u32(a, FRA_PRIORITY, 100 + rng_below(r, 50));
	if (head.action == FR_ACT_TO_TBL)
		ask_u32(a, FRA_TABLE, (uint32_t)rng_one(r, tables, COUNT(tables)));
	if (from)
		ask_u32(a, FRA_SRC, random_own_ip(r) & ip_mask(head.src_len));
	if (to)
		ask_u32(a, FRA_DST, random_ip(r, nets, COUNT(nets)) & ip_mask(head.dst_len));
	if (head.action == FR_ACT_TO_TBL && rng_percent(r, 15))
		ask_u32(a, FRA_SUPPRESS_PREFIXLEN, rng_percent(r, 60) ? 0 : 24);
	if (in)
		ask_text(a, FRA_IIFNAME, s->links[rng_below(r, LINKS)].name);
	if (out)
		ask_text(a, FRA_OIFNAME, s->links[rng_below(r, LINKS)].name);
	s->spoilt = true;
}

/* One of the three that a namespace begins with, put elsewhere or left out. */
static void replace_rule(struct rng *r, struct ask *a)
{
	static const struct {
		uint32_t priority, table;
	} usual[] = { { 0, RT_TABLE_LOCAL }, { 32766, RT_TABLE_MAIN },
		{ 32767, RT_TABLE_DEFAULT } };
	const struct fib_rule_hdr head = { .family = AF_INET, .action = FR_ACT_TO_TBL };
	unsigned which = rng_below(r, COUNT(usual));
	bool elsewhere = rng_percent(r, 70);
	ask_add(a, RTM_DELRULE, 0, &head, sizeof head);
	ask_u32(a, FRA_PRIORITY, usual[which].priority);
	ask_u32(a, FRA_TABLE, usual[which].table);
	if (!elsewhere)
		return;
	ask_add(a, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	ask_u32(a, FRA_PRIORITY, 90 + rng_below(r, 70));
	ask_u32(a, FRA_TABLE, usual[which].table);
}

static void make_rules(struct space *s, struct rng *r)
{
	struct ask a;
	if (!rng_percent(r, 8))
		return;
	unsigned rules = 1 + rng_below(r, 2), routes = rng_below(r, 3);
	ask_begin(&a);
	for (unsigned i = 0; i < rules; i++)
		add_rule(s, r, &a);
	if (rng_percent(r, 15))
		replace_rule(r, &a);
	for (unsigned i = 0; i < routes; i++)
		add_net(s, r, &a, RULE_TABLE);
	if (rng_percent(r, 40))
		add_default(s, r, &a, RULE_TABLE, 0);
	ask_send(&a, s->requests);
}

/* ---- proxy neighbours ---- */

static void make_proxies(struct space *s, struct rng *r)
{
	struct ask a;
	if (!rng_percent(r, 30))
		return;
	ask_begin(&a);
	for (unsigned i = 1 + rng_below(r, 2); i > 0; i--) {
		const struct place *on = &s->links[LINK_E0 + rng_below(r, CABLES)];
		const struct ndmsg head = { .ndm_family = AF_INET,
			.ndm_ifindex = rng_percent(r, 25) ? 0 : on->ifindex,
			.ndm_flags = NTF_PROXY };
		ask_add(&a, RTM_NEWNEIGH, NLM_F_CREATE, &head, sizeof head);
		ask_u32(&a, NDA_DST, random_hop(r));
	}
	ask_send(&a, s->requests);
}

void routes_make(struct space *s, struct rng *r)
{
	make_routes(s, r);
	make_rules(s, r);
	make_proxies(s, r);
}
