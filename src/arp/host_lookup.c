/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: the way a packet would take: policy rules, tables, and what stays unknown.
 *
 * While a namespace has never had a policy rule of its own, local and main are one table, and the
 * rules are not asked at all. Since its first one each table is looked up by itself.
 */
#include <config.h>

#include "host_parts.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>

/* What one table has said. */
enum answer {
	ANSWER_ROUTE,
	ANSWER_NEXT, /* Nothing, or a throw: the next table is asked. */
	ANSWER_ERROR,
	ANSWER_UNKNOWN,
};

struct found {
	const struct host_route *route;
	const char *why;
};

/*
 * Of several default routes the kernel takes one whose gateway it believes to be alive.
 * Source: Linux net/ipv4/fib_semantics.c, fib_select_path(), fib_select_default().
 */
static bool has_rivals(const struct host *h, const struct flow *flow, const struct host_route *r)
{
	if (!flow->output || flow->oif || r->prefix || r->type != RTN_UNICAST || !r->gateway)
		return false;
	size_t first = 0;
	size_t count = fib_rows(h->fib, fib_table(h->fib, r->table), 0, 0, &first);
	for (size_t i = first; i < first + count; i++) {
		const struct host_route *o = host_route(h, i);
		if (o != r && !o->tos && o->metric == r->metric && o->scope == r->scope &&
			o->type == RTN_UNICAST && o->gateway)
			return true;
	}
	return false;
}

static bool is_vrf(const struct host *h, int32_t ifindex)
{
	const struct host_link *l = h->has_vrf && ifindex ? host_link(h, ifindex) : NULL;
	return l && l->above == ABOVE_VRF;
}

/* Why it is not known where a route leads, or NULL. */
static const char *route_doubt(
	const struct host *h, const struct flow *flow, const struct host_route *r)
{
	if (r->hops > 1)
		return "which way of a multipath route is taken is not known";
	if (r->linkdown)
		return "whether routes of a link without carrier are used is not known";
	if (is_vrf(h, r->ifindex))
		return "what a VRF routes is not followed";
	if (has_rivals(h, flow, r))
		return "which of several equal default routes is taken is not known";
	return NULL;
}

static enum answer ask_tables(const struct host *h, const struct flow *flow,
	const struct fib_table *const *tables, size_t count, struct found *ret)
{
	const struct fib_query q = { .dst = flow->dst, .oif = flow->oif };
	const struct host_route *r = fib_longest(h->fib, tables, count, &q);
	if (!r || r->type == RTN_THROW)
		return ANSWER_NEXT;
	if (route_is_error(r)) {
		ret->route = r;
		return ANSWER_ERROR;
	}
	const char *why = route_doubt(h, flow, r);
	if (why) {
		ret->why = why;
		return ANSWER_UNKNOWN;
	}
	ret->route = r;
	return ANSWER_ROUTE;
}

/*
 * A table default that is there has the last word, even over an error that main has found.
 * Source: Linux include/net/ip_fib.h, fib_lookup().
 */
static enum answer ask_as_one(const struct host *h, const struct flow *flow, struct found *ret)
{
	const struct fib_table *both[] = { fib_table(h->fib, RT_TABLE_LOCAL),
		fib_table(h->fib, RT_TABLE_MAIN) };
	enum answer answer = ask_tables(h, flow, both, 2, ret);
	if (answer == ANSWER_ROUTE || answer == ANSWER_UNKNOWN)
		return answer;
	const struct fib_table *last = fib_table(h->fib, RT_TABLE_DEFAULT);
	return last ? ask_tables(h, flow, &last, 1, ret) : answer;
}

/* ---- policy rules ---- */

static bool link_is_named(const struct host *h, int32_t ifindex, const char *name)
{
	const struct host_link *l = host_link(h, ifindex);
	return l && strcmp(l->name, name) == 0;
}

/* Packets of its own come in by lo, as far as rules are concerned. */
static bool came_in_by(const struct host *h, const struct flow *flow, const char *name)
{
	if (flow->iif && !flow->output)
		return link_is_named(h, flow->iif, name);
	const struct host_link *l = host_link_named(h, name);
	return l && l->loopback;
}

static bool is_l3mdev(const struct host_rule *r)
{
	return r->other && r->action == FR_ACT_TO_TBL && r->table == RT_TABLE_UNSPEC;
}

/* Source: Linux net/core/fib_rules.c, fib_rule_match(); net/ipv4/fib_rules.c, fib4_rule_match(). */
static bool rule_matches(const struct host *h, const struct host_rule *r, const struct flow *flow)
{
	if ((flow->src ^ r->source) & r->source_mask || (flow->dst ^ r->target) & r->target_mask)
		return false;
	if (r->iif[0] && !came_in_by(h, flow, r->iif))
		return false;
	if (r->oif[0] && !(flow->oif && link_is_named(h, flow->oif, r->oif)))
		return false;
	/* The rule of VRFs names no table; what is in none of them passes it by. */
	return !is_l3mdev(r);
}

/* What a rule does in place of a route stands as one without an interface. */
static const struct host_route *error_route(uint8_t action)
{
	static const struct host_route blackhole = { .type = RTN_BLACKHOLE };
	static const struct host_route unreachable = { .type = RTN_UNREACHABLE };
	static const struct host_route prohibit = { .type = RTN_PROHIBIT };
	switch (action) {
	case FR_ACT_UNREACHABLE:
		return &unreachable;
	case FR_ACT_PROHIBIT:
		return &prohibit;
	default:
		return &blackhole;
	}
}

static enum answer ask_table(
	const struct host *h, const struct flow *flow, uint32_t id, struct found *ret)
{
	const struct fib_table *t = fib_table(h->fib, id);
	return t ? ask_tables(h, flow, &t, 1, ret) : ANSWER_NEXT;
}

static enum answer ask_rule(
	const struct host *h, const struct flow *flow, const struct host_rule *r, struct found *ret)
{
	if (!rule_matches(h, r, flow) || r->action == FR_ACT_NOP)
		return ANSWER_NEXT;
	if (r->other || r->action == FR_ACT_GOTO) {
		ret->why = r->why;
		return ANSWER_UNKNOWN;
	}
	if (r->action == FR_ACT_TO_TBL)
		return ask_table(h, flow, r->table, ret);
	ret->route = error_route(r->action);
	return ANSWER_ERROR;
}

/* The rules that every namespace begins with, among those that were added. */
static enum answer ask_rules(const struct host *h, const struct flow *flow, struct found *ret)
{
	static const struct {
		uint32_t priority, table;
	} usual[] = { { 0, RT_TABLE_LOCAL }, { 32766, RT_TABLE_MAIN },
		{ 32767, RT_TABLE_DEFAULT } };
	size_t count = h->rules_replaced ? 0 : sizeof usual / sizeof *usual;
	size_t i = 0, u = 0;
	while (i < h->rule_count || u < count) {
		bool own = u == count ||
			   (i < h->rule_count && h->rules[i].priority < usual[u].priority);
		enum answer answer = own ? ask_rule(h, flow, &h->rules[i], ret)
					 : ask_table(h, flow, usual[u].table, ret);
		if (answer != ANSWER_NEXT)
			return answer;
		i += own;
		u += !own;
	}
	return ANSWER_NEXT;
}

enum fib_result host_lookup(const struct host *h, const struct flow *flow,
	const struct host_route **ret, const char **ret_why)
{
	struct found found = { 0 };
	enum answer answer = ANSWER_UNKNOWN;
	if (h->routes_unknown)
		found.why = "the routes are not known";
	else if (is_vrf(h, flow->iif) || is_vrf(h, flow->oif))
		found.why = "what a VRF routes is not followed";
	else
		answer = h->split_tables ? ask_rules(h, flow, &found) : ask_as_one(h, flow, &found);
	switch (answer) {
	case ANSWER_ROUTE:
	case ANSWER_ERROR:
		*ret = found.route;
		return answer == ANSWER_ROUTE ? FIB_ROUTE : FIB_ERROR;
	case ANSWER_NEXT:
		return FIB_NONE;
	case ANSWER_UNKNOWN:
		break;
	}
	if (ret_why)
		*ret_why = found.why;
	return FIB_UNKNOWN;
}

/* ---- types of addresses ---- */

static int type_of(const struct host *h, const struct fib_query *q)
{
	const struct fib_table *tables[] = { fib_table(h->fib, RT_TABLE_LOCAL),
		h->split_tables ? NULL : fib_table(h->fib, RT_TABLE_MAIN) };
	const struct host_route *r = fib_longest(h->fib, tables, 2, q);
	return r && !route_is_error(r) ? r->type : RTN_UNICAST;
}

int host_addr_type(const struct host *h, uint32_t ip)
{
	/* Linux 5.3 made 0.1.2.3 and its like ordinary addresses. */
	bool old = h->kernel && h->kernel < KERNEL(5, 3, 0);
	if (ip == 0 || ip == UINT32_MAX || (old && !(ip & htonl(0xff000000))))
		return RTN_BROADCAST;
	if ((ntohl(ip) & 0xf0000000) == 0xe0000000)
		return RTN_MULTICAST;
	if (h->routes_unknown)
		return -1;
	int type = type_of(h, &(struct fib_query) { .dst = ip });
	/* Where a link without carrier may be passed over, both ways have to agree. */
	return type == type_of(h, &(struct fib_query) { .dst = ip, .carrier = true }) ? type : -1;
}

const struct host_route *host_route(const struct host *h, size_t i)
{
	return i < h->fib->count ? &h->fib->routes[i] : NULL;
}
