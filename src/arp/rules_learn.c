/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: the rules that decide what a frame changes in the neighbour table of its interface. */
#include <config.h>

#include "rules_parts.h"

#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#define NUD_HAS_MAC (NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE | NUD_STALE | NUD_DELAY)

/* The state that the frame gives: a reply to this interface proves that the way there works. */
static uint16_t new_state(struct asked *a)
{
	bool confirms = a->then == THEN_EXISTING && a->p->op == ARP_OP_REPLY && frame_is_own(a);
	return confirms ? NUD_REACHABLE : NUD_STALE;
}

/* 1 if it announces the sender itself, 0 if not, -1 if the type of the sender is not known. */
static int is_gratuitous(struct asked *a)
{
	if (a->src != a->dst)
		return 0;
	if (a->p->op == ARP_OP_REPLY && memcmp(a->p->tha, a->p->sha, 6) != 0)
		return 0;
	int type = asked_type(a, a->src);
	return type < 0 ? -1 : type == RTN_UNICAST;
}

/* "the entry for 10.0.0.1 is STALE 02:00:00:00:00:01 on eth0" */
static struct fact known_fact(struct asked *a)
{
	struct word ip = ip_word(a->src), link = link_word(a->d);
	const char *state = neigh_state_name(a->known.state);
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	if (!a->known.state)
		text_printf(&t, _("there is no entry for %s on %s"), ip.text, link.text);
	else if (a->known.has_mac)
		text_printf(&t, _("the entry for %s is %s %s on %s"), ip.text, state,
			mac_word(a->known.mac).text, link.text);
	else
		text_printf(&t, _("the entry for %s is %s on %s"), ip.text, state, link.text);
	text_end(&t);
	return f;
}

static void tell_known(struct text *t, struct asked *a)
{
	text_put(t, known_fact(a).text);
}

/* ---- whether it may learn at all ---- */

static int is_stopped(struct asked *a)
{
	return a->then == THEN_STOP;
}

static void tell_answer(struct text *t, struct asked *a)
{
	text_printf(t,
		is_stopped(a)           ? _("the rule %s ended all that the frame could do")
		: a->then == THEN_ASKER ? _("the rule %s answers it: its sender is entered")
					: _("the rule %s leaves it to the table"),
		a->before->id);
}

static void keep(struct asked *a, struct verdict *v)
{
	v->outcome = a->known.state ? OUTCOME_KEPT : OUTCOME_NOTHING;
}

const struct rule learn_stopped = {
	.id = "learn.stopped",
	.brief = N_("frame given up"),
	.question = N_("Was the frame given up before the table is looked at?"),
	.kernel = "net/ipv4/arp.c, arp_process()",
	.holds = is_stopped,
	.tell = tell_answer,
	.outcome = OUTCOME_NOTHING,
	.decide = keep,
};

/* ---- no entry: arp_accept ---- */

static bool is_new(struct asked *a)
{
	return a->then == THEN_EXISTING && !a->known.state;
}

/* Before Linux 6.0 there was no level 2: every value but 0 switched it on. */
static bool accepts_by_subnet(struct asked *a, int32_t level)
{
	return level == 2 && !(a->h->kernel && a->h->kernel < KERNEL(6, 0, 0));
}

static bool accepts(struct asked *a, int32_t level)
{
	if (a->h->kernel && a->h->kernel < KERNEL(6, 0, 0))
		return level != 0;
	return level == 1 || level == 2;
}

static int is_not_accepted(struct asked *a)
{
	int32_t level;
	if (a->arrival->known_unknown) {
		a->unknown = N_("it is not known whether the table has an entry");
		return -1;
	}
	return asked_value(a, a->d, HOST_ARP_ACCEPT, &level) < 0 ? -1 : !accepts(a, level);
}

static void tell_accept(struct text *t, struct asked *a)
{
	/* TRANSLATORS: two facts, both of which count */
	text_printf(
		t, _("%s, and %s"), known_fact(a).text, value_fact(a, a->d, HOST_ARP_ACCEPT).text);
}

const struct rule learn_off = {
	.id = "learn.off",
	.brief = "arp_accept 0",
	.question = N_("Is the sender new, while arp_accept lets no frame make an entry?"),
	.kernel = "net/ipv4/arp.c, arp_process(), arp_accept()",
	.applies = is_new,
	.holds = is_not_accepted,
	.tell = tell_accept,
	.outcome = OUTCOME_NOTHING,
};

static bool is_new_by_subnet(struct asked *a)
{
	int32_t level;
	return is_new(a) && asked_value(a, a->d, HOST_ARP_ACCEPT, &level) == 0 &&
	       accepts_by_subnet(a, level);
}

static int is_off_subnet(struct asked *a)
{
	int found = asked_confirm(a, a->d, a->src, 0, RT_SCOPE_LINK);
	return found < 0 ? -1 : !found;
}

static void tell_accept_subnet(struct text *t, struct asked *a)
{
	text_printf(t,
		is_off_subnet(a) ? _("no subnet of %s holds %s, and %s")
				 : _("a subnet of %s holds %s, and %s"),
		link_word(a->d).text, ip_word(a->src).text,
		value_fact(a, a->d, HOST_ARP_ACCEPT).text);
}

const struct rule learn_subnet = {
	.id = "learn.subnet",
	.brief = "arp_accept 2",
	.question = N_("arp_accept 2: is the sender in no subnet of this interface?"),
	.kernel = "net/ipv4/arp.c, arp_accept(); inet_confirm_addr()",
	.applies = is_new_by_subnet,
	.holds = is_off_subnet,
	.tell = tell_accept_subnet,
	.outcome = OUTCOME_NOTHING,
};

static int is_no_announcement(struct asked *a)
{
	int garp = is_gratuitous(a);
	if (garp || a->p->op != ARP_OP_REPLY)
		return garp < 0 ? -1 : !garp;
	int type = asked_type(a, a->src);
	return type < 0 ? -1 : type != RTN_UNICAST;
}

static void tell_kind(struct text *t, struct asked *a)
{
	text_printf(t,
		is_gratuitous(a) > 0       ? _("it is gratuitous, from %s")
		: a->p->op == ARP_OP_REPLY ? _("it is an is-at, from %s")
					   : _("it is an ordinary who-has, from %s"),
		ip_word(a->src).text);
}

const struct rule learn_kind = {
	.id = "learn.kind",
	.brief = N_("ordinary frame"),
	.question = N_("Is it a frame of a kind that makes no entry?"),
	.kernel = "net/ipv4/arp.c, arp_process(), arp_is_garp()",
	.applies = is_new,
	.holds = is_no_announcement,
	.tell = tell_kind,
	.outcome = OUTCOME_NOTHING,
};

static int has_none(struct asked *a)
{
	if (a->known.state)
		return 0;
	a->unknown = N_("it is not known whether the table has an entry");
	return a->arrival->known_unknown || asked_type(a, a->src) < 0 ? -1 : 1;
}

/* The MAC of a group is made of the last 23 bits of its IP: RFC 1112. */
static void put_group(uint8_t mac[6], uint32_t ip)
{
	static const uint8_t group[3] = { 0x01, 0x00, 0x5e };
	memcpy(mac, group, 3);
	memcpy(mac + 3, (const uint8_t *)&ip + 1, 3);
	mac[3] &= 0x7f;
}

/*
 * An entry for an address that is a broadcast address here, or a group by some route, needs no ARP:
 * what comes later does not change it. Source: Linux net/ipv4/arp.c, arp_constructor().
 */
static void create(struct asked *a, struct verdict *v)
{
	int type = asked_type(a, a->src);
	v->state = type == RTN_BROADCAST || type == RTN_MULTICAST ? NUD_NOARP : new_state(a);
	if (type == RTN_BROADCAST)
		memset(v->mac, 0xff, 6);
	else if (type == RTN_MULTICAST)
		put_group(v->mac, a->src);
	else
		memcpy(v->mac, a->p->sha, 6);
}

const struct rule learn_create = {
	.id = "learn.create",
	.brief = N_("new"),
	.question = N_("Is the sender new?"),
	.kernel = "net/core/neighbour.c, __neigh_create()",
	.holds = has_none,
	.tell = tell_known,
	.outcome = OUTCOME_CREATED,
	.decide = create,
};

/* ---- an entry is there ---- */

static int is_fixed(struct asked *a)
{
	return (a->known.state & (NUD_PERMANENT | NUD_NOARP)) != 0;
}

const struct rule learn_permanent = {
	.id = "learn.permanent",
	.brief = N_("fixed entry"),
	.question = N_("Is the entry one that no frame changes?"),
	.kernel = "net/core/neighbour.c, __neigh_update()",
	.holds = is_fixed,
	.tell = tell_known,
	.outcome = OUTCOME_KEPT,
};

static bool is_valid(struct asked *a)
{
	return (a->known.state & NUD_HAS_MAC) != 0;
}

static bool is_same_mac(struct asked *a)
{
	return memcmp(a->known.mac, a->p->sha, 6) == 0;
}

static bool is_challenged(struct asked *a)
{
	return a->then == THEN_EXISTING && is_valid(a) && !is_same_mac(a);
}

/*
 * Whether the entry is too young to yield: `now > updated + locktime` lets it, and with a time
 * below 0 always does.
 */
static int is_young(struct asked *a)
{
	int32_t locktime_ms;
	if (asked_value(a, a->d, HOST_LOCKTIME, &locktime_ms) < 0)
		return -1;
	if (locktime_ms < 0)
		return 0;
	if (a->known.age_known)
		return a->known.age_ns <= (uint64_t)locktime_ms * 1000000;
	if (locktime_ms == 0)
		return 0;
	a->unknown = N_("it is not known how old the entry is");
	return -1;
}

static int is_locked(struct asked *a)
{
	int garp = is_gratuitous(a);
	return garp < 0 ? -1 : garp ? 0 : is_young(a);
}

static void tell_locktime(struct text *t, struct asked *a)
{
	struct fact known = known_fact(a);
	int32_t locktime_ms = 0;
	bool timed = asked_value(a, a->d, HOST_LOCKTIME, &locktime_ms) == 0;
	unsigned long long age_ms = (unsigned long long)a->known.age_ns / 1000000;
	if (is_gratuitous(a) > 0)
		text_printf(t, _("%s; a gratuitous frame need not wait"), known.text);
	else if (a->known.age_known && timed)
		text_printf(t, _("%s, %llu ms old; locktime is %d ms"), known.text, age_ms,
			(int)locktime_ms);
	else if (a->known.age_known)
		text_printf(t, _("%s, %llu ms old"), known.text, age_ms);
	else if (timed)
		text_printf(t, _("%s; locktime is %d ms"), known.text, (int)locktime_ms);
	else
		text_put(t, known.text);
}

const struct rule learn_locktime = {
	.id = "learn.locktime",
	.brief = N_("locktime"),
	.question = N_("Has the entry another MAC, and is it too young to change?"),
	.kernel = "net/ipv4/arp.c, arp_process(); net/core/neighbour.c, __neigh_update()",
	.applies = is_challenged,
	.holds = is_locked,
	.tell = tell_locktime,
	.outcome = OUTCOME_KEPT,
};

static bool is_confirmed(struct asked *a)
{
	return is_valid(a) && is_same_mac(a);
}

/* A STALE that says nothing new leaves REACHABLE, DELAY and PROBE as they are. */
static int is_nothing_new(struct asked *a)
{
	return new_state(a) == NUD_STALE || a->known.state == new_state(a);
}

const struct rule learn_same = {
	.id = "learn.same",
	.brief = N_("nothing new"),
	.question = N_("Does the frame say what the entry says already?"),
	.kernel = "net/core/neighbour.c, __neigh_update()",
	.applies = is_confirmed,
	.holds = is_nothing_new,
	.tell = tell_known,
	.outcome = OUTCOME_KEPT,
};

static void tell_update(struct text *t, struct asked *a)
{
	text_printf(t, _("%s, and becomes %s %s"), known_fact(a).text,
		neigh_state_name(new_state(a)), mac_word(a->p->sha).text);
}

static void update(struct asked *a, struct verdict *v)
{
	v->state = new_state(a);
	memcpy(v->mac, a->p->sha, 6);
}

const struct rule learn_update = {
	.id = "learn.update",
	.brief = N_("news"),
	.question = N_("Does the frame bring another MAC or state?"),
	.kernel = "net/core/neighbour.c, __neigh_update()",
	.holds = always,
	.tell = tell_update,
	.outcome = OUTCOME_CHANGED,
	.decide = update,
};
