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
#include <arplab/i18n.h>

/* What one table has said. */
enum answer {
	ANSWER_ROUTE,
	ANSWER_NEXT, /* Nothing, or a throw: the next table is asked. */
	ANSWER_ERROR,
	ANSWER_UNKNOWN,
};

/* A lookup on its way, and what it has come to. */
struct search {
	const struct host *h;
	const struct flow *flow;
	uint8_t scope;    /* Routes of a smaller scope are passed over. */
	bool any_carrier; /* As in fib_query. */
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
	const struct fib_group g = fib_rows(h->fib, r->table, 0, 0);
	for (size_t i = 0; i < g.count; i++) {
		const struct host_route *o = host_route(h, g.first + i);
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
static const char *route_doubt(const struct search *s, const struct host_route *r)
{
	if (r->hops > 1)
		return N_("which way of a multipath route is taken is not known");
	if (is_vrf(s->h, r->ifindex))
		return N_("what a VRF routes is not followed");
	if (has_rivals(s->h, s->flow, r))
		return N_("which of several equal default routes is taken is not known");
	return NULL;
}

static enum answer ask_view(struct search *s, const struct fib_view *v)
{
	const struct fib_query q = { .dst = s->flow->dst,
		.oif = s->flow->oif,
		.scope = s->scope,
		.any_carrier = s->any_carrier };
	const struct host_route *r = fib_longest(s->h->fib, v, &q);
	if (!r || r->type == RTN_THROW)
		return ANSWER_NEXT;
	s->route = r;
	if (route_is_error(r))
		return ANSWER_ERROR;
	s->why = route_doubt(s, r);
	return s->why ? ANSWER_UNKNOWN : ANSWER_ROUTE;
}

enum after_error { ERROR_IS_FINAL, ERROR_IS_NOTHING, ERROR_IS_UNSURE };

/*
 * Whether an error that local or main has found is the last word. It long was not: where there is a
 * table default, it was asked as if nothing had been found. Linux 7.2 began to stop there, and the
 * branches that live long took it over. A patch level of 0 or 255 says nothing of what is in it,
 * and neither does a branch that ended at that time.
 * Source: Linux include/net/ip_fib.h, fib_lookup().
 */
static enum after_error after_error(uint32_t kernel)
{
	static const uint32_t since[] = { KERNEL(7, 1, 5), KERNEL(6, 18, 40), KERNEL(6, 12, 97),
		KERNEL(6, 6, 145), KERNEL(6, 1, 178), KERNEL(5, 15, 212) };
	if (!kernel || kernel >= KERNEL(7, 2, 0))
		return ERROR_IS_FINAL;
	for (size_t i = 0; i < sizeof since / sizeof *since; i++)
		if (kernel >> 8 == since[i] >> 8 && kernel >= since[i])
			return ERROR_IS_FINAL;
	uint32_t patch = kernel & 255;
	return patch == 0 || patch == 255 || kernel >> 8 == KERNEL(7, 0, 0) >> 8 ? ERROR_IS_UNSURE
										 : ERROR_IS_NOTHING;
}

static enum answer ask_as_one(struct search *s)
{
	const struct fib_view *last = &s->h->fib->last;
	enum answer answer = ask_view(s, &s->h->fib->both);
	if (answer == ANSWER_ERROR && (last->table || s->h->default_made)) {
		enum after_error after = after_error(s->h->kernel);
		if (after == ERROR_IS_UNSURE) {
			s->why = N_(
				"whether the table default is asked after an error is not known");
			return ANSWER_UNKNOWN;
		}
		if (after == ERROR_IS_NOTHING)
			answer = ANSWER_NEXT;
	}
	return answer == ANSWER_NEXT ? ask_view(s, last) : answer;
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

/* Source: Linux net/core/fib_rules.c, fib_rule_match(); net/ipv4/fib_rules.c, fib4_rule_match(). */
static bool selectors_fit(const struct host *h, const struct host_rule *r, const struct flow *flow)
{
	if ((flow->src ^ r->source) & r->source_mask || (flow->dst ^ r->target) & r->target_mask)
		return false;
	if (r->iif[0] && !came_in_by(h, flow, r->iif))
		return false;
	return !r->oif[0] || (flow->oif && link_is_named(h, flow->oif, r->oif));
}

enum match { MATCH_NO, MATCH_YES, MATCH_UNSURE };

/* Selectors that do not fit decide, whatever else a rule may ask for. */
static enum match rule_matches(const struct search *s, const struct host_rule *r)
{
	if (!selectors_fit(s->h, r, s->flow))
		return r->invert ? MATCH_YES : MATCH_NO;
	if (r->other)
		return MATCH_UNSURE;
	return r->invert ? MATCH_NO : MATCH_YES;
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

static enum answer ask_table(struct search *s, uint32_t id)
{
	const struct fib_view v = fib_view(s->h->fib, id);
	return ask_view(s, &v);
}

/* A route too short for a rule is as if it were not there, but for one that may not be used at all.
 */
static enum answer ask_rule_table(struct search *s, const struct host_rule *r)
{
	enum answer answer = ask_table(s, r->table);
	bool found = answer == ANSWER_ROUTE || answer == ANSWER_UNKNOWN;
	return found && s->route->prefix < r->suppress ? ANSWER_NEXT : answer;
}

static enum answer ask_rule(struct search *s, const struct host_rule *r)
{
	enum match match = r->action == FR_ACT_NOP ? MATCH_NO : rule_matches(s, r);
	if (match == MATCH_NO)
		return ANSWER_NEXT;
	if (match == MATCH_UNSURE || r->action == FR_ACT_GOTO) {
		s->why = r->why;
		return ANSWER_UNKNOWN;
	}
	if (r->action == FR_ACT_TO_TBL)
		return ask_rule_table(s, r);
	s->route = error_route(r->action);
	return ANSWER_ERROR;
}

/* The rules that every namespace begins with, among those that were added. */
static enum answer ask_rules(struct search *s)
{
	static const struct {
		uint32_t priority, table;
	} usual[] = { { 0, RT_TABLE_LOCAL }, { 32766, RT_TABLE_MAIN },
		{ 32767, RT_TABLE_DEFAULT } };
	const struct host *h = s->h;
	size_t count = h->rules_replaced ? 0 : sizeof usual / sizeof *usual;
	size_t i = 0, u = 0;
	while (i < h->rule_count || u < count) {
		bool own = u == count ||
			   (i < h->rule_count && h->rules[i].priority < usual[u].priority);
		enum answer answer = own ? ask_rule(s, &h->rules[i]) : ask_table(s, usual[u].table);
		if (answer != ANSWER_NEXT)
			return answer;
		i += own;
		u += !own;
	}
	return ANSWER_NEXT;
}

static enum fib_result search_run(struct search *s)
{
	enum answer answer = ANSWER_UNKNOWN;
	if (s->h->routes_unknown)
		s->why = N_("the routes are not known");
	else if (is_vrf(s->h, s->flow->iif) || is_vrf(s->h, s->flow->oif))
		s->why = N_("what a VRF routes is not followed");
	else
		answer = s->h->split_tables ? ask_rules(s) : ask_as_one(s);
	switch (answer) {
	case ANSWER_ROUTE:
		return FIB_ROUTE;
	case ANSWER_ERROR:
		return FIB_ERROR;
	case ANSWER_NEXT:
		return FIB_NONE;
	case ANSWER_UNKNOWN:
		break;
	}
	return FIB_UNKNOWN;
}

enum fib_result host_lookup(const struct host *h, const struct flow *flow,
	const struct host_route **ret, const char **ret_why)
{
	struct search s = { .h = h, .flow = flow };
	enum fib_result result = search_run(&s);
	if (result == FIB_ROUTE || result == FIB_ERROR)
		*ret = s.route;
	else if (result == FIB_UNKNOWN && ret_why)
		*ret_why = s.why;
	return result;
}

enum fib_result lookup_gateway(const struct host *h, const struct host_route *r, uint8_t scope,
	const struct host_route **ret)
{
	const struct flow flow = { .dst = r->gateway, .oif = r->ifindex };
	struct search s = { .h = h, .flow = &flow, .scope = scope, .any_carrier = true };
	/* Its own table is asked first; Linux net/ipv4/fib_semantics.c, fib_check_nh_v4_gw(). */
	bool own = r->table != RT_TABLE_MAIN && !h->routes_unknown &&
		   ask_table(&s, r->table) == ANSWER_ROUTE;
	enum fib_result result = own ? FIB_ROUTE : search_run(&s);
	if (result == FIB_ROUTE || result == FIB_ERROR)
		*ret = s.route;
	return result;
}

/* ---- types of addresses ---- */

/* What the table of local addresses has for an address, or NULL. */
static const struct host_route *find_local(const struct host *h, uint32_t ip)
{
	const struct fib_query q = { .dst = ip };
	return fib_longest(h->fib, h->split_tables ? &h->fib->local : &h->fib->both, &q);
}

bool is_zeronet(const struct host *h, uint32_t ip)
{
	bool old = h->kernel && h->kernel < KERNEL(5, 3, 0);
	return ip == 0 || (old && !(ip & htonl(0xff000000)));
}

int host_addr_type(const struct host *h, uint32_t ip)
{
	if (is_zeronet(h, ip) || ip == UINT32_MAX)
		return RTN_BROADCAST;
	if ((ntohl(ip) & 0xf0000000) == 0xe0000000)
		return RTN_MULTICAST;
	if (h->routes_unknown)
		return -1;
	const struct host_route *r = find_local(h, ip);
	return r && !route_is_error(r) ? r->type : RTN_UNICAST;
}

const struct host_route *host_route(const struct host *h, size_t i)
{
	return i < h->fib->count ? &h->fib->routes[i] : NULL;
}
