/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the tables of rules, and the walk down one of them. */
#include <config.h>

#include "rules_parts.h"

#include <string.h>

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* ---- the tables, in the kernel's order ---- */

static const struct rule *const answer_rows[] = {
	&frame_down,
	&frame_noarp,
	&frame_port,
	&frame_vlan,
	&frame_otherhost,
	&frame_flaw,
	&frame_operation,
	&frame_multicast,
	&frame_loopback,
	&frame_gratuitous,
	&probe_reply,
	&probe_foreign,
	&reply_unasked,
	&route_source,
	&route_target,
	&route_loopback,
	&route_none,
	&route_broadcast,
	&forward_off,
	&forward_type,
	&source_own,
	&source_none,
	&source_type,
	&source_unnumbered,
	&source_path,
	&forward_same,
	&proxy_arp,
	&proxy_pvlan,
	&proxy_entry,
	&proxy_none,
	&ignore_1,
	&ignore_2,
	&ignore_3,
	&ignore_8,
	&probe_answer,
	&filter_source,
	&filter_none,
	&filter_interface,
	&answer_local,
};

static const struct rule *const learn_rows[] = {
	&learn_stopped,
	&learn_off,
	&learn_subnet,
	&learn_kind,
	&learn_create,
	&learn_permanent,
	&learn_locktime,
	&learn_same,
	&learn_update,
};

static const struct rule *const announce_rows[] = {
	&send_source,
	&send_down,
	&send_none,
	&send_error,
	&send_local,
	&send_loopback,
	&send_broadcast,
	&send_multicast,
	&resolve_noarp,
	&resolve_group,
	&resolve_known,
	&announce_0,
	&announce_1,
	&select_subnet,
	&select_first,
	&select_elsewhere,
	&select_none,
};

static const struct rule *const forward_rows[] = {
	&forward_group,
	&route_source,
	&route_target,
	&route_loopback,
	&route_none,
	&route_broadcast,
	&forward_off,
	&forward_type,
	&source_own,
	&source_none,
	&source_type,
	&source_unnumbered,
	&source_path,
	&forward_local,
	&resolve_noarp,
	&resolve_group,
	&resolve_known,
	&announce_0,
	&announce_1,
	&select_subnet,
	&select_first,
	&select_elsewhere,
	&select_none,
};

const struct rules *rules_kernel(void)
{
	static const struct rules kernel = {
		.rows = {
			[QUESTION_ANSWER] = answer_rows,
			[QUESTION_LEARN] = learn_rows,
			[QUESTION_ANNOUNCE] = announce_rows,
			[QUESTION_FORWARD] = forward_rows,
		},
		.counts = {
			[QUESTION_ANSWER] = COUNT(answer_rows),
			[QUESTION_LEARN] = COUNT(learn_rows),
			[QUESTION_ANNOUNCE] = COUNT(announce_rows),
			[QUESTION_FORWARD] = COUNT(forward_rows),
		},
	};
	return &kernel;
}

/* ---- the walk ---- */

static void tell_unknown(struct text *t, struct asked *a)
{
	text_put(t, a->unknown ? _(a->unknown) : _("something is not known"));
}

/* What decides where no rule does: facts are missing, or a table was cut short. */
static const struct rule undecided = {
	.id = "undecided",
	.brief = N_("not known"),
	.question = N_("Is all known that the rules need?"),
	.kernel = "",
	.tell = tell_unknown,
	.outcome = OUTCOME_UNKNOWN,
};

static void note(struct trace *trace, const struct rule *rule, int holds, struct asked *a)
{
	if (!trace || trace->count == TRACE_RUNGS)
		return;
	struct rung *s = &trace->rungs[trace->count++];
	struct text t = text_in(s->found, sizeof s->found);
	s->rule = rule;
	s->holds = holds > 0;
	s->unknown = holds < 0;
	if (holds < 0)
		tell_unknown(&t, a);
	else
		rule->tell(&t, a);
	text_end(&t);
}

static void give_up(struct asked *a, struct verdict *v, struct trace *trace, const char *why)
{
	a->unknown = why;
	v->rule = &undecided;
	v->outcome = OUTCOME_UNKNOWN;
	note(trace, &undecided, -1, a);
}

static void walk(const struct rules *r, struct asked *a, struct verdict *v, struct trace *trace)
{
	const struct rule *const *rows = r->rows[a->question];
	for (size_t i = 0; i < r->counts[a->question]; i++) {
		const struct rule *rule = rows[i];
		if (rule->when & ~a->now || (rule->applies && !rule->applies(a)))
			continue;
		int holds = rule->holds(a);
		note(trace, rule, holds, a);
		if (!holds)
			continue;
		v->rule = rule;
		v->outcome = holds > 0 ? rule->outcome : OUTCOME_UNKNOWN;
		if (holds > 0 && rule->decide)
			rule->decide(a, v);
		return;
	}
	give_up(a, v, trace,
		a->departure && !a->out ? N_("the interface that it leaves by is not known")
					: N_("no rule decides about it"));
}

static void begin(enum question question, struct verdict *v, struct trace *trace)
{
	*v = (struct verdict) { .question = question };
	if (trace)
		trace->count = 0;
}

/* ---- frames that arrived ---- */

static struct asked ask_arrival(
	const struct host *h, const struct arrival *arrival, enum question question)
{
	return (struct asked) {
		.h = h,
		.question = question,
		.d = host_link(h, arrival->ifindex),
		.p = &arrival->packet,
		.arrival = arrival,
		.src = arrival->packet.sip,
		.dst = arrival->packet.tip,
		.known = arrival->known,
		.now = arrival->packet.sip ? NOW_ASKS : NOW_PROBES,
	};
}

static void answer(const struct rules *r, struct asked *a, struct verdict *ret, struct trace *trace)
{
	begin(QUESTION_ANSWER, ret, trace);
	ret->ifindex = a->arrival->ifindex;
	if (!a->d) {
		give_up(a, ret, trace, N_("the interface is not known"));
		return;
	}
	walk(r ? r : rules_kernel(), a, ret, trace);
	if (ret->outcome != OUTCOME_REPLY && ret->outcome != OUTCOME_PROXIED)
		return;
	memcpy(ret->mac, a->d->mac, 6);
	ret->ip = a->dst;
	/* A proxied answer waits, but to one who asked this interface alone. */
	ret->delayed = ret->outcome == OUTCOME_PROXIED && !frame_is_own(a);
}

void rules_answer(const struct rules *r, const struct host *h, const struct arrival *arrival,
	struct verdict *ret, struct trace *trace)
{
	struct asked a = ask_arrival(h, arrival, QUESTION_ANSWER);
	answer(r, &a, ret, trace);
}

void rules_learn(const struct rules *r, const struct host *h, const struct arrival *arrival,
	struct verdict *ret, struct trace *trace)
{
	struct asked before = ask_arrival(h, arrival, QUESTION_ANSWER);
	struct verdict answered;
	answer(r, &before, &answered, NULL);
	struct asked a = ask_arrival(h, arrival, QUESTION_LEARN);
	begin(QUESTION_LEARN, ret, trace);
	ret->ifindex = arrival->ifindex;
	ret->ip = a.src;
	ret->state = a.known.state;
	memcpy(ret->mac, a.known.mac, 6);
	if (answered.outcome == OUTCOME_UNKNOWN) {
		give_up(&a, ret, trace, before.unknown);
		return;
	}
	a.before = answered.rule;
	a.then = answered.rule->then;
	walk(r ? r : rules_kernel(), &a, ret, trace);
}

/* ---- packets on their way out ---- */

/*
 * Whether a packet to a group or to all leaves by an interface that is named, or that has its
 * source, without a route. Source: Linux net/ipv4/route.c, ip_route_output_key_hash_rcu().
 */
static bool goes_direct(const struct asked *a)
{
	const struct departure *d = a->departure;
	bool group = ip_is_multicast(a->dst), all = ip_is_limited_broadcast(a->dst);
	if (a->question != QUESTION_ANNOUNCE)
		return false;
	if (d->ifindex)
		return all || (a->dst & ip_mask(24)) == htonl(0xe0000000);
	return d->src && (group || all);
}

/* The source that the kernel gives a packet which leaves by an interface and has none yet. */
static void choose_source(
	struct asked *a, const struct host_link *out, uint32_t gateway, uint8_t limit)
{
	const struct host_link *where;
	if (out && !a->packet_src)
		a->source_unknown = addr_select(a->h, out, gateway, limit, &a->packet_src,
					    &where) == SELECTED_UNKNOWN;
}

static void follow_source(struct asked *a)
{
	const struct departure *d = a->departure;
	a->direct = true;
	if (d->ifindex)
		a->out = host_link(a->h, d->ifindex);
	else
		asked_device(a, d->src, &a->out);
	choose_source(a, a->out, 0, RT_SCOPE_LINK);
}

/* A group is on the link; only a route of its own may lead to it by a gateway. */
static uint32_t hop_of(const struct asked *a, const struct host_route *route)
{
	bool wide = ip_is_multicast(a->dst) && route->prefix < 4;
	return route->gateway && !wide ? route->gateway : a->dst;
}

static void follow_unicast(struct asked *a, const struct host_route *route)
{
	a->out = host_link(a->h, route->ifindex);
	a->hop = hop_of(a, route);
	if (!a->packet_src)
		a->packet_src = route->source;
	choose_source(a, a->out, route->gateway, route->scope);
}

/* The interface, the next hop and the source that the route gives the packet. */
static void follow_route(struct asked *a)
{
	const struct departure *d = a->departure;
	a->hop = a->dst;
	a->packet_src = d->src;
	if (goes_direct(a)) {
		follow_source(a);
		return;
	}
	const struct way *w = asked_there(a);
	const struct host_link *bound =
		a->question == QUESTION_ANNOUNCE && d->ifindex ? host_link(a->h, d->ifindex) : NULL;
	/* To a group beyond the link the interface gives the source, before any route is asked. */
	if (bound && ip_is_multicast(a->dst))
		choose_source(a, bound, 0, RT_SCOPE_UNIVERSE);
	if (w->result == FIB_ROUTE && w->route->type != RTN_LOCAL) {
		follow_unicast(a, w->route);
	} else if (w->result == FIB_ROUTE && !a->packet_src) {
		a->packet_src = w->route->source ? w->route->source : a->dst;
	} else if (bound && w->result != FIB_ROUTE && w->result != FIB_UNKNOWN) {
		a->out = bound;
		choose_source(a, bound, 0, RT_SCOPE_LINK);
	}
}

static void find_known(struct asked *a)
{
	const struct departure *d = a->departure;
	if (!a->out || !d->known || !d->known(d->arg, a->out->ifindex, a->hop, &a->known))
		a->known = (struct known) { 0 };
}

static void finish_departure(const struct asked *a, struct verdict *v)
{
	if (v->outcome == OUTCOME_REFUSED)
		return;
	if (a->out) {
		v->ifindex = a->out->ifindex;
		v->ip = a->hop;
	}
	v->source = a->packet_src;
}

void rules_announce(const struct rules *r, const struct host *h, const struct departure *d,
	struct verdict *ret, struct trace *trace)
{
	struct asked a = {
		.h = h, .question = QUESTION_ANNOUNCE, .departure = d, .src = d->src, .dst = d->dst
	};
	begin(QUESTION_ANNOUNCE, ret, trace);
	if (d->ifindex && !host_link(h, d->ifindex)) {
		give_up(&a, ret, trace, N_("the interface is not known"));
		return;
	}
	if (d->probe) {
		a.out = host_link(h, d->ifindex);
		a.hop = d->dst;
	} else {
		follow_route(&a);
	}
	find_known(&a);
	walk(r ? r : rules_kernel(), &a, ret, trace);
	finish_departure(&a, ret);
}

void rules_forward(const struct rules *r, const struct host *h, const struct departure *d,
	struct verdict *ret, struct trace *trace)
{
	struct asked a = { .h = h,
		.question = QUESTION_FORWARD,
		.departure = d,
		.d = host_link(h, d->ifindex),
		.now = NOW_ASKS,
		.src = d->src,
		.dst = d->dst };
	begin(QUESTION_FORWARD, ret, trace);
	if (!a.d) {
		give_up(&a, ret, trace, N_("the interface is not known"));
		return;
	}
	follow_route(&a);
	find_known(&a);
	walk(r ? r : rules_kernel(), &a, ret, trace);
	/* The rules of routing call it silence; of a packet it is a refusal. */
	if (ret->outcome == OUTCOME_SILENT)
		ret->outcome = OUTCOME_REFUSED;
	finish_departure(&a, ret);
}

/* ---- names ---- */

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[OUTCOMES] = {
		[OUTCOME_UNKNOWN] = "unknown",
		[OUTCOME_REPLY] = "reply",
		[OUTCOME_PROXIED] = "proxied",
		[OUTCOME_SILENT] = "silent",
		[OUTCOME_CREATED] = "created",
		[OUTCOME_CHANGED] = "changed",
		[OUTCOME_KEPT] = "kept",
		[OUTCOME_NOTHING] = "nothing",
		[OUTCOME_ASKS] = "asks",
		[OUTCOME_USES] = "uses",
		[OUTCOME_NO_ARP] = "no-arp",
		[OUTCOME_REFUSED] = "refused",
	};
	return names[outcome];
}

const char *question_name(enum question question)
{
	static const char *const names[QUESTIONS] = {
		[QUESTION_ANSWER] = "answer",
		[QUESTION_LEARN] = "learn",
		[QUESTION_ANNOUNCE] = "announce",
		[QUESTION_FORWARD] = "forward",
	};
	return names[question];
}

bool rung_matters(const struct rung *r)
{
	return !r->rule->routine || r->holds || r->unknown;
}

bool verdict_matters(const struct verdict *v)
{
	return v->outcome != OUTCOME_SILENT || !v->rule->foreign;
}

const struct rung *trace_last(const struct trace *trace)
{
	return trace->count ? &trace->rungs[trace->count - 1] : NULL;
}
