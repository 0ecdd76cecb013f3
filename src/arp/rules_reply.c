/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that decide whether a who-has for an own address is answered. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

/* ---- arp_ignore ---- */

/*
 * Whether the effective arp_ignore is a level; a value that is not known is met by the first level
 * that asks, which then cannot tell.
 */
static bool ignores_by(struct asked *a, int32_t level)
{
	int32_t value;
	return asked_value(a, a->d, HOST_ARP_IGNORE, &value) < 0 || value == level;
}

static int is_not_confirmed(
	struct asked *a, const struct host_link *on, uint32_t dst, uint8_t limit)
{
	int32_t value;
	if (asked_value(a, a->d, HOST_ARP_IGNORE, &value) < 0)
		return -1;
	int found = asked_confirm(a, on, dst, a->dst, limit);
	return found < 0 ? -1 : !found;
}

static void tell_ignore(struct text *t, struct asked *a)
{
	text_printf(t, _("%s, and %s"), home_fact(a, a->dst).text,
		value_fact(a, a->d, HOST_ARP_IGNORE).text);
}

static bool ignores_by_1(struct asked *a)
{
	return ignores_by(a, 1);
}

static int is_not_on_interface(struct asked *a)
{
	return is_not_confirmed(a, a->d, 0, RT_SCOPE_HOST);
}

const struct rule ignore_1 = {
	.id = "ignore.1",
	.brief = "arp_ignore 1",
	.question = N_("arp_ignore 1: is the target not an address of this interface?"),
	.kernel = "net/ipv4/arp.c, arp_ignore(); inet_confirm_addr()",
	.when = NOW_LOCAL,
	.applies = ignores_by_1,
	.holds = is_not_on_interface,
	.tell = tell_ignore,
	.outcome = OUTCOME_SILENT,
};

static bool ignores_by_2(struct asked *a)
{
	return ignores_by(a, 2);
}

static int is_not_on_subnet(struct asked *a)
{
	return is_not_confirmed(a, a->d, a->src, RT_SCOPE_HOST);
}

static void tell_subnet(struct text *t, struct asked *a)
{
	if (!a->src || is_not_confirmed(a, a->d, 0, RT_SCOPE_HOST)) {
		tell_ignore(t, a);
		return;
	}
	text_printf(t,
		is_not_on_subnet(a) ? _("%s, and %s; no subnet of %s holds it and %s")
				    : _("%s, and %s; a subnet of %s holds it and %s"),
		home_fact(a, a->dst).text, value_fact(a, a->d, HOST_ARP_IGNORE).text,
		link_word(a->d).text, ip_word(a->src).text);
}

const struct rule ignore_2 = {
	.id = "ignore.2",
	.brief = "arp_ignore 2",
	.question = N_("arp_ignore 2: has this interface not the target, or no subnet of both?"),
	.kernel = "net/ipv4/arp.c, arp_ignore(); inet_confirm_addr()",
	.when = NOW_LOCAL,
	.applies = ignores_by_2,
	.holds = is_not_on_subnet,
	.tell = tell_subnet,
	.outcome = OUTCOME_SILENT,
};

static bool ignores_by_3(struct asked *a)
{
	return ignores_by(a, 3);
}

static int is_of_scope_host(struct asked *a)
{
	return is_not_confirmed(a, NULL, 0, RT_SCOPE_LINK);
}

const struct rule ignore_3 = {
	.id = "ignore.3",
	.brief = "arp_ignore 3",
	.question = N_("arp_ignore 3: is the target of scope host?"),
	.kernel = "net/ipv4/arp.c, arp_ignore(); inet_confirm_addr()",
	.when = NOW_LOCAL,
	.applies = ignores_by_3,
	.holds = is_of_scope_host,
	.tell = tell_ignore,
	.outcome = OUTCOME_SILENT,
};

static bool ignores_by_8(struct asked *a)
{
	return ignores_by(a, 8);
}

static int is_ignored(struct asked *a)
{
	int32_t value;
	return asked_value(a, a->d, HOST_ARP_IGNORE, &value) < 0 ? -1 : 1;
}

const struct rule ignore_8 = {
	.id = "ignore.8",
	.brief = "arp_ignore 8",
	.question = N_("arp_ignore 8: is nothing answered at all?"),
	.kernel = "net/ipv4/arp.c, arp_ignore()",
	.when = NOW_LOCAL,
	.applies = ignores_by_8,
	.holds = is_ignored,
	.tell = tell_ignore,
	.outcome = OUTCOME_SILENT,
};

/* ---- probes are through ---- */

const struct rule probe_answer = {
	.id = "probe.answer",
	.brief = N_("own address"),
	.question = N_("Is it a probe for an address of this host?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.when = NOW_PROBES | NOW_LOCAL,
	.holds = always,
	.tell = tell_ignore,
	.outcome = OUTCOME_REPLY,
};

/* ---- arp_filter ---- */

static bool is_filtered(struct asked *a)
{
	return asked_on(a, a->d, HOST_ARP_FILTER) != 0;
}

static int is_no_source(struct asked *a)
{
	if (asked_on(a, a->d, HOST_ARP_FILTER) < 0)
		return -1;
	if (host_owner(a->h, a->dst))
		return 0;
	int type = asked_type(a, a->dst);
	return type < 0 ? -1 : type != RTN_LOCAL;
}

static void tell_filter(struct text *t, struct asked *a)
{
	/* TRANSLATORS: two facts */
	text_printf(t, _("%s; %s"), home_fact(a, a->dst).text,
		value_fact(a, a->d, HOST_ARP_FILTER).text);
}

const struct rule filter_source = {
	.id = "filter.source",
	.brief = "arp_filter",
	.question = N_("arp_filter: could no packet be sent from the target's address?"),
	.kernel = "net/ipv4/arp.c, arp_filter(); ip_route_output()",
	.when = NOW_LOCAL,
	.applies = is_filtered,
	.holds = is_no_source,
	.tell = tell_filter,
	.outcome = OUTCOME_SILENT,
};

/* The route that a packet from the target's address to the asker takes. */
static const struct way *reply_way(struct asked *a)
{
	struct way *w = &a->reply;
	if (w->looked)
		return w;
	const struct flow flow = { .dst = a->src, .src = a->dst, .output = true };
	w->looked = true;
	w->result = host_lookup(a->h, &flow, &w->route, &a->unknown);
	return w;
}

static int reply_has_no_way(struct asked *a)
{
	const struct way *w = reply_way(a);
	return w->result == FIB_UNKNOWN ? -1 : w->result != FIB_ROUTE;
}

static void tell_reply_way(struct text *t, struct asked *a)
{
	text_printf(t, _("%s; %s"), way_fact(a, a->src, reply_way(a)).text,
		value_fact(a, a->d, HOST_ARP_FILTER).text);
}

const struct rule filter_none = {
	.id = "filter.none",
	.brief = "arp_filter",
	.question = N_("arp_filter: is there no route to the asker?"),
	.kernel = "net/ipv4/arp.c, arp_filter(); ip_route_output()",
	.when = NOW_LOCAL,
	.applies = is_filtered,
	.holds = reply_has_no_way,
	.tell = tell_reply_way,
	.outcome = OUTCOME_SILENT,
};

static bool reply_is_routed(struct asked *a)
{
	return is_filtered(a) && reply_way(a)->result == FIB_ROUTE;
}

static int reply_leaves_elsewhere(struct asked *a)
{
	return a->reply.route->type == RTN_LOCAL || a->reply.route->ifindex != a->d->ifindex;
}

const struct rule filter_interface = {
	.id = "filter.interface",
	.brief = "arp_filter",
	.question = N_("arp_filter: does the route to the asker leave by another interface?"),
	.kernel = "net/ipv4/arp.c, arp_filter()",
	.when = NOW_LOCAL,
	.applies = reply_is_routed,
	.holds = reply_leaves_elsewhere,
	.tell = tell_reply_way,
	.outcome = OUTCOME_SILENT,
};

/* ---- the answer ---- */

const struct rule answer_local = {
	.id = "answer.local",
	.brief = N_("own address"),
	.question = N_("Is the target an address of this host?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.when = NOW_LOCAL,
	.holds = always,
	.tell = tell_ignore,
	.outcome = OUTCOME_REPLY,
	.then = THEN_ASKER,
};
