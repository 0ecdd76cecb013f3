/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules of a packet on its way out: whether it may leave, and needs a who-has. */
#include <config.h>

#include "rules_parts.h"

#include <errno.h>

#include <linux/rtnetlink.h>

/* ---- may the packet be sent ---- */

static bool sends(struct asked *a)
{
	return a->question == QUESTION_ANNOUNCE && !a->departure->probe;
}

static bool sends_bound(struct asked *a)
{
	return sends(a) && a->departure->src != 0;
}

/* A packet whose way out is a matter of routes. */
static bool sends_routed(struct asked *a)
{
	return sends(a) && !a->direct;
}

static int source_is_foreign(struct asked *a)
{
	const struct host_link *on;
	if (a->direct && !a->departure->ifindex && asked_device(a, a->departure->src, &on) < 0)
		return -1;
	if (host_owner(a->h, a->departure->src))
		return 0;
	int type = asked_type(a, a->departure->src);
	return type < 0 ? -1 : type != RTN_LOCAL;
}

static void tell_source(struct text *t, struct asked *a)
{
	text_put(t, home_fact(a, a->departure->src).text);
}

static void refuse_source(struct asked *a, struct verdict *v)
{
	(void)a;
	v->error = -EADDRNOTAVAIL;
}

const struct rule send_source = {
	.id = "send.source",
	.brief = N_("foreign source"),
	.question = N_("Is the source that was asked for not this host's?"),
	.kernel = "net/ipv4/route.c, ip_route_output_key_hash_rcu()",
	.applies = sends_bound,
	.holds = source_is_foreign,
	.tell = tell_source,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_source,
};

/*
 * A packet bound to an interface needs no route: without one its target is taken to be on the
 * link. Source: Linux net/ipv4/route.c, ip_route_output_key_hash_rcu().
 */
static bool is_bound(struct asked *a)
{
	return a->departure->ifindex != 0;
}

static bool sends_bound_to_link(struct asked *a)
{
	return sends(a) && is_bound(a);
}

/* Even if the target is local, and the packet would never leave. */
static int is_down(struct asked *a)
{
	return !host_link(a->h, a->departure->ifindex)->up;
}

static void tell_up(struct text *t, struct asked *a)
{
	text_printf(t,
		is_down(a) ? _("the packet is bound to %s, which is down")
			   : _("the packet is bound to %s, which is up"),
		link_word(host_link(a->h, a->departure->ifindex)).text);
}

static void refuse_unreachable(struct asked *a, struct verdict *v)
{
	(void)a;
	v->error = -ENETUNREACH;
}

const struct rule send_down = {
	.id = "send.down",
	.routine = true,
	.brief = N_("interface down"),
	.question = N_("Is the interface down that the packet is bound to?"),
	.kernel = "net/ipv4/route.c, ip_route_output_key_hash_rcu()",
	.applies = sends_bound_to_link,
	.holds = is_down,
	.tell = tell_up,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_unreachable,
};

static int has_no_route(struct asked *a)
{
	const struct way *w = asked_there(a);
	return w->result == FIB_UNKNOWN ? -1 : w->result == FIB_NONE && !is_bound(a);
}

static void tell_route(struct text *t, struct asked *a)
{
	if (a->direct)
		text_printf(t,
			a->departure->ifindex ? _("%s needs no route: the packet leaves by the "
						  "interface it is bound to, %s")
					      : _("%s needs no route: the packet leaves by the "
						  "interface of its source, %s"),
			ip_word(a->dst).text, link_word(a->out).text);
	else if (is_bound(a) && asked_there(a)->result != FIB_ROUTE)
		text_printf(t, _("%s, but the packet is bound to %s"), there_fact(a).text,
			link_word(a->out).text);
	else
		tell_there(t, a);
}

const struct rule send_none = {
	.id = "send.none",
	.brief = N_("no route"),
	.question = N_("Is there no route to the target?"),
	.kernel = "net/ipv4/route.c, ip_route_output_key_hash_rcu()",
	.applies = sends_routed,
	.holds = has_no_route,
	.tell = tell_route,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_unreachable,
};

static int is_forbidden(struct asked *a)
{
	return asked_there(a)->result == FIB_ERROR && !is_bound(a);
}

/*
 * A policy rule that says "unreachable" has another error than a route that does.
 * Source: Linux net/ipv4/fib_semantics.c, fib_props; fib_rules.c, fib4_rule_action().
 */
static void refuse_as_route_says(struct asked *a, struct verdict *v)
{
	uint8_t type = a->there.route->type;
	bool by_rule = !a->there.route->table;
	v->error = type == RTN_BLACKHOLE  ? -EINVAL
		   : type == RTN_PROHIBIT ? -EACCES
		   : by_rule              ? -ENETUNREACH
					  : -EHOSTUNREACH;
}

const struct rule send_error = {
	.id = "send.error",
	.routine = true,
	.brief = N_("forbidden by a route"),
	.question = N_("Does the route forbid the packet?"),
	.kernel = "net/ipv4/fib_semantics.c, fib_props; fib_trie.c, fib_table_lookup()",
	.applies = sends_routed,
	.holds = is_forbidden,
	.tell = tell_route,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_as_route_says,
};

static bool sends_by_route(struct asked *a)
{
	return sends_routed(a) && asked_there(a)->result == FIB_ROUTE;
}

static int is_for_this_host(struct asked *a)
{
	return a->there.route->type == RTN_LOCAL;
}

const struct rule send_local = {
	.id = "send.local",
	.routine = true,
	.brief = N_("this host"),
	.question = N_("Is the target this host itself?"),
	.kernel = "net/ipv4/route.c, ip_route_output_key_hash_rcu()",
	.applies = sends_by_route,
	.holds = is_for_this_host,
	.tell = tell_route,
	.outcome = OUTCOME_NO_ARP,
};

static bool leaves(struct asked *a)
{
	return sends(a) && a->out;
}

static int carries_loopback(struct asked *a)
{
	a->unknown = N_("the source depends on route_localnet, whose value is not known");
	if (a->source_unknown)
		return -1;
	if (!ip_is_loopback(a->packet_src) || a->out->loopback)
		return 0;
	int on = asked_on(a, a->out, HOST_ROUTE_LOCALNET);
	return on < 0 ? on : !on;
}

static void tell_packet_source(struct text *t, struct asked *a)
{
	struct word ip = ip_word(a->packet_src);
	struct fact value = value_fact(a, a->out, HOST_ROUTE_LOCALNET);
	bool loopback = ip_is_loopback(a->packet_src);
	if (loopback && a->departure->src)
		text_printf(t, _("the packet's source is %s, and %s"), ip.text, value.text);
	else if (loopback)
		text_printf(t, _("the packet's source is %s, which the kernel chose, and %s"),
			ip.text, value.text);
	else if (a->departure->src)
		text_printf(t, _("the packet's source is %s"), ip.text);
	else
		text_printf(t, _("the packet's source is %s, which the kernel chose"), ip.text);
}

static void refuse_loopback(struct asked *a, struct verdict *v)
{
	(void)a;
	v->error = -EINVAL;
}

const struct rule send_loopback = {
	.id = "send.loopback",
	.routine = true,
	.brief = N_("127/8 source"),
	.question = N_("Would a source in 127.0.0.0/8 leave the host?"),
	.kernel = "net/ipv4/route.c, __mkroute_output()",
	.applies = leaves,
	.holds = carries_loopback,
	.tell = tell_packet_source,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_loopback,
};

static int is_to_all(struct asked *a)
{
	return ip_is_limited_broadcast(a->dst) || (!a->direct && a->there.result == FIB_ROUTE &&
							  a->there.route->type == RTN_BROADCAST);
}

static void refuse_broadcast(struct asked *a, struct verdict *v)
{
	(void)a;
	v->error = -EACCES;
}

const struct rule send_broadcast = {
	.id = "send.broadcast",
	.routine = true,
	.brief = N_("broadcast"),
	.question = N_("Is the target a broadcast address?"),
	.kernel = "net/ipv4/udp.c, udp_sendmsg(); net/ipv4/datagram.c",
	.applies = leaves,
	.holds = is_to_all,
	.tell = tell_route,
	.outcome = OUTCOME_REFUSED,
	.decide = refuse_broadcast,
};

/* Unless somebody made an entry for the group by hand. */
static int is_to_group(struct asked *a)
{
	return ip_is_multicast(a->dst) && a->hop == a->dst && !a->known.state;
}

const struct rule send_multicast = {
	.id = "send.multicast",
	.routine = true,
	.brief = N_("multicast"),
	.question = N_("Is the target a multicast address, whose MAC is reckoned?"),
	.kernel = "net/ipv4/arp.c, arp_constructor()",
	.applies = leaves,
	.holds = is_to_group,
	.tell = tell_route,
	.outcome = OUTCOME_NO_ARP,
};
