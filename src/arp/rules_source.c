/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that doubt the sender of a who-has: own addresses, and rp_filter. */
#include <config.h>

#include "rules_parts.h"

#include <linux/rtnetlink.h>

/* The interface that the packet would leave by; none where the target is local. */
static int32_t leaves_by(struct asked *a)
{
	return a->now & NOW_LOCAL ? 0 : a->there.route->ifindex;
}

/*
 * How closely the kernel looks: with rp_filter 0 only at its own addresses, or not at all, unless
 * the packet would go back where it came from and a redirect might be due.
 * Source: Linux net/ipv4/fib_frontend.c, fib_validate_source().
 */
static enum check find_check(struct asked *a)
{
	int32_t rp;
	if (asked_value(a, a->d, HOST_RP_FILTER, &rp) < 0)
		return CHECK_UNKNOWN;
	if (rp != 0)
		return CHECK_ROUTE;
	int redirects = leaves_by(a) == a->d->ifindex ? asked_on(a, a->d, HOST_SEND_REDIRECTS) : 0;
	if (redirects)
		return redirects < 0 ? CHECK_UNKNOWN : CHECK_ROUTE;
	int local = asked_on(a, a->d, HOST_ACCEPT_LOCAL);
	if (local)
		return local < 0 ? CHECK_UNKNOWN : CHECK_NOT;
	return a->h->custom_local || a->h->split_tables ? CHECK_ROUTE : CHECK_OWN;
}

static enum check check_of(struct asked *a)
{
	if (a->check == CHECK_OPEN)
		a->check = find_check(a);
	return a->check;
}

static bool sender_may_be_own(struct asked *a)
{
	enum check check = check_of(a);
	return check == CHECK_OWN || check == CHECK_UNKNOWN;
}

static int sender_is_own(struct asked *a)
{
	return check_of(a) == CHECK_UNKNOWN ? -1 : host_owner(a->h, a->src) != NULL;
}

static void tell_own(struct text *t, struct asked *a)
{
	const struct host_link *owner = host_owner(a->h, a->src);
	if (owner)
		text_printf(t, _("the sender %s is this host's own address, on %s"),
			ip_word(a->src).text, link_word(owner).text);
	else
		text_printf(
			t, _("the sender %s is not an address of this host"), ip_word(a->src).text);
}

const struct rule source_own = {
	.id = "source.own",
	.brief = N_("own address asks"),
	.question = N_("Does the sender have one of this host's own addresses?"),
	.kernel = "net/ipv4/fib_frontend.c, fib_validate_source()",
	.when = NOW_ROUTED,
	.applies = sender_may_be_own,
	.holds = sender_is_own,
	.tell = tell_own,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

/* The route that a packet to the sender takes, as the check looks it up. */
static const struct way *back(struct asked *a)
{
	struct way *w = &a->back;
	if (w->looked)
		return w;
	int32_t oif = leaves_by(a);
	/* 1 is lo's index in every network namespace; it stands for packets of the host itself. */
	const struct flow flow = { .dst = a->src, .src = a->dst, .iif = oif ? oif : 1 };
	w->looked = true;
	w->result = host_lookup(a->h, &flow, &w->route, &a->unknown);
	return w;
}

static bool sender_is_looked_up(struct asked *a)
{
	return check_of(a) == CHECK_ROUTE;
}

static bool filters(struct asked *a)
{
	int32_t rp;
	return asked_value(a, a->d, HOST_RP_FILTER, &rp) == 0 && rp != 0;
}

static int sender_is_nowhere(struct asked *a)
{
	if (back(a)->result == FIB_UNKNOWN)
		return -1;
	return a->back.result != FIB_ROUTE && filters(a);
}

static void tell_back(struct text *t, struct asked *a)
{
	text_put(t, way_fact(a, a->src, back(a)).text);
}

static void tell_back_and_filter(struct text *t, struct asked *a)
{
	text_printf(t, _("%s; %s"), way_fact(a, a->src, back(a)).text,
		value_fact(a, a->d, HOST_RP_FILTER).text);
}

const struct rule source_none = {
	.id = "source.none",
	.brief = "rp_filter",
	.question = N_("Is there no route back to the sender, while rp_filter wants one?"),
	.kernel = "net/ipv4/fib_frontend.c, __fib_validate_source()",
	.when = NOW_ROUTED,
	.applies = sender_is_looked_up,
	.holds = sender_is_nowhere,
	.tell = tell_back_and_filter,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static bool sender_has_route(struct asked *a)
{
	return sender_is_looked_up(a) && back(a)->result == FIB_ROUTE;
}

static int sender_is_no_neighbour(struct asked *a)
{
	if (a->back.route->type == RTN_UNICAST)
		return 0;
	if (a->back.route->type != RTN_LOCAL)
		return 1;
	int local = asked_on(a, a->d, HOST_ACCEPT_LOCAL);
	return local < 0 ? local : !local;
}

const struct rule source_type = {
	.id = "source.type",
	.brief = N_("own address asks"),
	.question = N_("Is the sender an address of this host, or a broadcast?"),
	.kernel = "net/ipv4/fib_frontend.c, __fib_validate_source()",
	.when = NOW_ROUTED,
	.applies = sender_has_route,
	.holds = sender_is_no_neighbour,
	.tell = tell_back,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static bool sender_is_elsewhere(struct asked *a)
{
	return sender_has_route(a) && a->back.route->ifindex != a->d->ifindex;
}

static int is_unnumbered(struct asked *a)
{
	return a->d->count == 0 && filters(a);
}

static void tell_unnumbered(struct text *t, struct asked *a)
{
	if (a->d->count)
		text_printf(t, _("%s has an address"), link_word(a->d).text);
	else
		text_printf(t, _("%s has no address; %s"), link_word(a->d).text,
			value_fact(a, a->d, HOST_RP_FILTER).text);
}

const struct rule source_unnumbered = {
	.id = "source.unnumbered",
	.brief = "rp_filter",
	.question = N_("Has the interface no address, while rp_filter wants a route back?"),
	.kernel = "net/ipv4/fib_frontend.c, __fib_validate_source()",
	.when = NOW_ROUTED,
	.applies = sender_is_elsewhere,
	.holds = is_unnumbered,
	.tell = tell_unnumbered,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static bool sender_is_elsewhere_of_numbered(struct asked *a)
{
	return sender_is_elsewhere(a) && a->d->count != 0;
}

static int is_strict(struct asked *a)
{
	int32_t rp;
	return asked_value(a, a->d, HOST_RP_FILTER, &rp) < 0 ? -1 : rp == 1;
}

const struct rule source_path = {
	.id = "source.path",
	.brief = "rp_filter",
	.question =
		N_("Does the route back leave by another interface, while rp_filter is strict?"),
	.kernel = "net/ipv4/fib_frontend.c, __fib_validate_source()",
	.when = NOW_ROUTED,
	.applies = sender_is_elsewhere_of_numbered,
	.holds = is_strict,
	.tell = tell_back_and_filter,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};
