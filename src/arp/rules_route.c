/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules of routing a who-has as if it were a packet to its target. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

/* ---- addresses that no route is looked up for ---- */

static int is_no_sender(struct asked *a)
{
	return ip_is_multicast(a->src) || ip_is_limited_broadcast(a->src) ||
	       ip_is_zero_net(a->h, a->src);
}

static void tell_sender(struct text *t, struct asked *a)
{
	text_printf(t, _("the sender is %s"), ip_word(a->src).text);
}

const struct rule route_source = {
	.id = "route.source",
	.routine = true,
	.brief = N_("impossible sender"),
	.question = N_("Is the sender an address that nobody can have?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ASKS,
	.holds = is_no_sender,
	.tell = tell_sender,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static int is_no_target(struct asked *a)
{
	return ip_is_limited_broadcast(a->dst) || ip_is_zero_net(a->h, a->dst);
}

const struct rule route_target = {
	.id = "route.target",
	.foreign = true,
	.routine = true,
	.brief = N_("impossible target"),
	.question = N_("Is the target an address that nobody can have?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ASKS,
	.holds = is_no_target,
	.tell = tell_target,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static int is_loopback(struct asked *a)
{
	int on;
	if (!ip_is_loopback(a->src) && !ip_is_loopback(a->dst))
		return 0;
	on = asked_on(a, a->d, HOST_ROUTE_LOCALNET);
	return on < 0 ? on : !on;
}

static void tell_loopback(struct text *t, struct asked *a)
{
	struct word ip = ip_word(ip_is_loopback(a->dst) ? a->dst : a->src);
	if (ip_is_loopback(a->src) || ip_is_loopback(a->dst))
		text_printf(t, _("%s is in 127.0.0.0/8, and %s"), ip.text,
			value_fact(a, a->d, HOST_ROUTE_LOCALNET).text);
	else
		text_printf(t, _("%s is not in 127.0.0.0/8"), ip.text);
}

const struct rule route_loopback = {
	.id = "route.loopback",
	.routine = true,
	.brief = "127/8",
	.question = N_("Does an address in 127.0.0.0/8 come from the wire?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ASKS,
	.holds = is_loopback,
	.tell = tell_loopback,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

/* ---- the route to the target ---- */

static int is_unreachable(struct asked *a)
{
	const struct way *w = asked_there(a);
	return w->result == FIB_UNKNOWN ? -1 : w->result != FIB_ROUTE;
}

const struct rule route_none = {
	.id = "route.none",
	.foreign = true,
	.brief = N_("no route"),
	.question = N_("Is there no route to the target?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow(); fib_lookup()",
	.when = NOW_ASKS,
	.holds = is_unreachable,
	.tell = tell_there,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

/* Where broadcasts are forwarded a packet goes on; a who-has is none, and nobody answers it. */
static int is_broadcast(struct asked *a)
{
	if (a->there.route->type != RTN_BROADCAST || a->question != QUESTION_FORWARD)
		return a->there.route->type == RTN_BROADCAST;
	int on = asked_on(a, a->d, HOST_BC_FORWARDING);
	return on < 0 ? on : !on;
}

static void tell_broadcast(struct text *t, struct asked *a)
{
	if (a->there.route->type == RTN_BROADCAST && a->question == QUESTION_FORWARD)
		text_printf(t, _("%s, and %s"), there_fact(a).text,
			value_fact(a, a->d, HOST_BC_FORWARDING).text);
	else
		tell_there(t, a);
}

/* What is left of broadcasts is forwarded, even where nothing else is. */
static bool is_for_one(struct asked *a)
{
	return a->there.route->type != RTN_BROADCAST;
}

const struct rule route_broadcast = {
	.id = "route.broadcast",
	.foreign = true,
	.routine = true,
	.brief = N_("broadcast target"),
	.question = N_("Is the target a subnet's broadcast address?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ROUTED,
	.holds = is_broadcast,
	.tell = tell_broadcast,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static int does_not_forward(struct asked *a)
{
	int on = asked_on(a, a->d, HOST_FORWARDING);
	return on < 0 ? on : !on;
}

static void tell_forwarding(struct text *t, struct asked *a)
{
	text_printf(t, _("%s, and %s"), home_fact(a, a->dst).text,
		value_fact(a, a->d, HOST_FORWARDING).text);
}

const struct rule forward_off = {
	.id = "forward.off",
	.foreign = true,
	.brief = N_("not mine"),
	.question = N_("Is the target not this host's, while it forwards nothing?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ELSEWHERE,
	.applies = is_for_one,
	.holds = does_not_forward,
	.tell = tell_forwarding,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static int is_not_unicast(struct asked *a)
{
	return a->there.route->type != RTN_UNICAST;
}

const struct rule forward_type = {
	.id = "forward.type",
	.foreign = true,
	.brief = N_("no unicast route"),
	.question = N_("Is the route to the target of a kind that cannot be forwarded to?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ELSEWHERE,
	.applies = is_for_one,
	.holds = is_not_unicast,
	.tell = tell_there,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

/* Only a daemon for multicast routing has such packets passed on, and those need no neighbour. */
static int is_for_group(struct asked *a)
{
	return ip_is_multicast(a->dst);
}

const struct rule forward_group = {
	.id = "forward.group",
	.routine = true,
	.brief = N_("multicast"),
	.question = N_("Is the packet for a group?"),
	.kernel = "net/ipv4/route.c, ip_route_input_mc()",
	.when = NOW_ASKS,
	.holds = is_for_group,
	.tell = tell_target,
	.outcome = OUTCOME_SILENT,
};

/* A packet for this host itself: it is delivered, and nobody is asked. */
static int is_local(struct asked *a)
{
	return a->there.route->type == RTN_LOCAL;
}

const struct rule forward_local = {
	.id = "forward.local",
	.routine = true,
	.brief = N_("for this host"),
	.question = N_("Is the packet for this host itself?"),
	.kernel = "net/ipv4/route.c, ip_route_input_slow()",
	.when = NOW_ROUTED,
	.holds = is_local,
	.tell = tell_there,
	.outcome = OUTCOME_NO_ARP,
};
