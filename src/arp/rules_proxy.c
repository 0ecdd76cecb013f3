/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that answer for a target behind this host: proxy ARP. */
#include <config.h>

#include "rules_parts.h"

static int goes_back_in_vain(struct asked *a)
{
	if (a->there.route->ifindex != a->d->ifindex)
		return 0;
	int on = asked_on(a, a->d, HOST_PROXY_PVLAN);
	return on < 0 ? on : !on;
}

static void tell_same(struct text *t, struct asked *a)
{
	if (a->there.route->ifindex == a->d->ifindex)
		text_printf(t, _("%s, where the frame came from; %s"), there_fact(a).text,
			value_fact(a, a->d, HOST_PROXY_PVLAN).text);
	else
		tell_there(t, a);
}

const struct rule forward_same = {
	.id = "forward.same",
	.foreign = true,
	.brief = N_("not mine"),
	.question = N_("Is the target on the side that asks?"),
	.kernel = "net/ipv4/route.c, __mkroute_input()",
	.when = NOW_ELSEWHERE,
	.holds = goes_back_in_vain,
	.tell = tell_same,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};

static bool target_is_on_another_side(struct asked *a)
{
	return a->there.route->ifindex != a->d->ifindex;
}

/* Interfaces with one medium_id share a wire, and -1 is no proxy: `net/ipv4/arp.c`. */
static int is_proxied(struct asked *a)
{
	int on = asked_on(a, a->d, HOST_PROXY_ARP);
	int32_t in, out = 0;
	if (on <= 0)
		return on;
	if (asked_value(a, a->d, HOST_MEDIUM_ID, &in) < 0)
		return -1;
	if (in == 0 || in == -1)
		return in == 0;
	const struct host_link *other = host_link(a->h, a->there.route->ifindex);
	if (asked_value(a, other, HOST_MEDIUM_ID, &out) < 0)
		return -1;
	return out != in && out != -1;
}

static void tell_proxy(struct text *t, struct asked *a)
{
	struct fact there = there_fact(a), proxy = value_fact(a, a->d, HOST_PROXY_ARP);
	int32_t medium;
	if (asked_value(a, a->d, HOST_MEDIUM_ID, &medium) == 0 && medium != 0)
		text_printf(t, _("%s, and %s, %s"), there.text, proxy.text,
			value_fact(a, a->d, HOST_MEDIUM_ID).text);
	else
		text_printf(t, _("%s, and %s"), there.text, proxy.text);
}

const struct rule proxy_arp = {
	.id = "proxy.arp",
	.brief = "proxy_arp",
	.question = N_("Does proxy_arp answer for what lies behind another interface?"),
	.kernel = "net/ipv4/arp.c, arp_fwd_proxy()",
	.when = NOW_ELSEWHERE,
	.applies = target_is_on_another_side,
	.holds = is_proxied,
	.tell = tell_proxy,
	.outcome = OUTCOME_PROXIED,
	.then = THEN_ASKER,
};

static bool target_is_on_this_side(struct asked *a)
{
	return a->there.route->ifindex == a->d->ifindex;
}

static int is_proxied_back(struct asked *a)
{
	return a->src == a->dst ? 0 : asked_on(a, a->d, HOST_PROXY_PVLAN);
}

const struct rule proxy_pvlan = {
	.id = "proxy.pvlan",
	.brief = "proxy_arp_pvlan",
	.question = N_("Does proxy_arp_pvlan answer for a host on the same side?"),
	.kernel = "net/ipv4/arp.c, arp_fwd_pvlan()",
	.when = NOW_ELSEWHERE,
	.applies = target_is_on_this_side,
	.holds = is_proxied_back,
	.tell = tell_same,
	.outcome = OUTCOME_PROXIED,
	.then = THEN_ASKER,
};

static int has_entry(struct asked *a)
{
	return host_has_proxy(a->h, a->dst, a->d->ifindex);
}

static void tell_entry(struct text *t, struct asked *a)
{
	text_printf(t,
		has_entry(a) ? _("there is a proxy entry for %s on %s")
			     : _("there is no proxy entry for %s on %s"),
		ip_word(a->dst).text, link_word(a->d).text);
}

const struct rule proxy_entry = {
	.id = "proxy.entry",
	.brief = N_("proxy entry"),
	.question = N_("Is there a proxy neighbour entry for the target?"),
	.kernel = "net/ipv4/arp.c, arp_process(); pneigh_lookup()",
	.when = NOW_ELSEWHERE,
	.applies = target_is_on_another_side,
	.holds = has_entry,
	.tell = tell_entry,
	.outcome = OUTCOME_PROXIED,
	.then = THEN_ASKER,
};

static void tell_no_proxy(struct text *t, struct asked *a)
{
	text_printf(t, _("%s, and nothing here answers in another host's place"),
		home_fact(a, a->dst).text);
}

const struct rule proxy_none = {
	.id = "proxy.none",
	.foreign = true,
	.brief = N_("not mine"),
	.question = N_("Is the target another host's, and no proxy meant?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.when = NOW_ELSEWHERE,
	.holds = always,
	.tell = tell_no_proxy,
	.outcome = OUTCOME_SILENT,
	.then = THEN_EXISTING,
};
