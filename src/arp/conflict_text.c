/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: a conflict in words: in one cell of a table, and as what it is, what says so, what to do. */
#include <config.h>

#include <arplab/conflict.h>

#include <string.h>

static const struct {
	const char *name; /* In JSON. */
	const char *cell; /* Behind "2 MACs: ". */
} classes[CONFLICT_CLASSES] = {
	[CONFLICT_UNCLEAR] = { "unclear", "cause unclear" },
	[CONFLICT_SHARED] = { "shared", "shared by GLBP" },
	[CONFLICT_MOVE] = { "move", "moved to" },
	[CONFLICT_PROXY] = { "proxy", "proxy ARP" },
	[CONFLICT_FLUX] = { "flux", "ARP flux" },
	[CONFLICT_SENDER_LEAK] = { "sender-leak", "sender leak" },
	[CONFLICT_REPLY_LEAK] = { "reply-leak", "reply leak" },
	[CONFLICT_DUPLICATE] = { "duplicate", "duplicate" },
};

const char *conflict_class_name(enum conflict_class class)
{
	return classes[class].name;
}

const char *conflict_grade_name(enum conflict_grade grade)
{
	static const char *const names[] = { "likely", "seen", "known" };
	return names[grade];
}

/* ---- names ---- */

static bool is_known(const struct claimant *k)
{
	return k->facts.holds != HOLDS_UNKNOWN;
}

static void put_machine(struct text *t, const struct claimant *k)
{
	if (k->facts.machine[0])
		text_name(t, k->facts.machine, NODE_NAME_SIZE);
	else
		text_put(t, "this host");
}

/* The machine, or the last three bytes of the MAC. */
static void put_short_name(struct text *t, const struct claimant *k)
{
	if (is_known(k)) {
		put_machine(t, k);
		return;
	}
	for (int i = 3; i < 6; i++) {
		text_hex(t, k->mac[i]);
		if (i < 5)
			text_char(t, ':');
	}
}

/* The machine, or the MAC. */
static void put_name(struct text *t, const struct claimant *k)
{
	if (is_known(k))
		put_machine(t, k);
	else
		text_mac(t, k->mac);
}

/* "rs1 (02:00:00:00:00:03 on eth0)" */
static void put_whole_name(struct text *t, const struct claimant *k)
{
	unsigned group;
	const char *protocol = virtual_mac(k->mac, &group);
	put_name(t, k);
	if (is_known(k)) {
		text_put(t, " (");
		text_mac(t, k->mac);
		text_put(t, " on ");
		text_name(t, k->facts.iface, IFNAME_SIZE);
		text_char(t, ')');
	}
	if (protocol)
		text_printf(t, " (%s, group %u)", protocol, group);
}

static void put_list(struct text *t, const struct conflict *c, bool blamed,
	void (*put)(struct text *t, const struct claimant *k))
{
	size_t left = 0;
	for (size_t i = 0; i < c->count; i++)
		left += c->claimants[i].blamed == blamed;
	for (size_t i = 0; i < c->count; i++) {
		if (c->claimants[i].blamed != blamed)
			continue;
		put(t, &c->claimants[i]);
		if (--left)
			text_put(t, left == 1 ? " and " : ", ");
	}
}

static size_t blamed_count(const struct conflict *c)
{
	size_t n = 0;
	for (size_t i = 0; i < c->count; i++)
		n += c->claimants[i].blamed;
	return n;
}

static const struct claimant *first_blamed(const struct conflict *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->claimants[i].blamed)
			return &c->claimants[i];
	return &c->claimants[0];
}

/* ---- one cell ---- */

void conflict_short(struct text *t, const struct conflict *c)
{
	if (c->class != CONFLICT_MOVE) {
		text_u64(t, c->count);
		text_put(t, c->more ? "+ MACs: " : " MACs: ");
	}
	if (c->class != CONFLICT_UNCLEAR && c->grade == GRADE_LIKELY)
		text_put(t, "likely ");
	text_put(t, classes[c->class].cell);
	/* Who it is about, where that is not all of them. */
	const struct claimant *k = first_blamed(c);
	if (c->class == CONFLICT_FLUX && is_known(k)) {
		text_char(t, ' ');
		put_machine(t, k);
	} else if (c->class != CONFLICT_FLUX && c->class != CONFLICT_DUPLICATE && blamed_count(c) &&
		   blamed_count(c) < c->count) {
		text_char(t, ' ');
		put_list(t, c, true, put_short_name);
	}
}

/* ---- what it is ---- */

static void put_verb(struct text *t, const struct conflict *c, const char *one, const char *many)
{
	text_put(t, blamed_count(c) == 1 ? one : many);
}

static void put_headline(struct text *t, const struct conflict *c)
{
	text_ip(t, c->ip);
	text_put(t, " is claimed by ");
	text_u64(t, c->count);
	text_put(t, c->more ? " MACs and more. " : " MACs. ");
	bool likely = c->grade == GRADE_LIKELY;
	switch (c->class) {
	case CONFLICT_UNCLEAR:
		text_put(t, "Why is not clear.");
		break;
	case CONFLICT_SHARED:
		text_put(t, "GLBP: routers of one group share it by design, each with its MAC.");
		break;
	case CONFLICT_MOVE:
		text_put(t, likely ? "It seems to have moved to " : "It has moved to ");
		put_list(t, c, true, put_whole_name);
		text_put(t, ", as after a failover.");
		break;
	case CONFLICT_PROXY:
		text_put(t, likely ? "It looks like proxy ARP: " : "Proxy ARP: ");
		put_list(t, c, true, put_whole_name);
		put_verb(t, c, " answers", " answer");
		text_put(t, " for addresses of others.");
		break;
	case CONFLICT_FLUX:
		text_put(t, likely ? "It looks like ARP flux: " : "ARP flux: ");
		text_put(t, "one machine answers on several interfaces, ");
		put_list(t, c, true, put_whole_name);
		text_char(t, '.');
		break;
	case CONFLICT_SENDER_LEAK:
		text_put(t, likely ? "It looks like a sender leak: " : "Sender leak: ");
		put_list(t, c, true, put_whole_name);
		put_verb(t, c, " asks", " ask");
		text_put(t, " with it as the sender, and thereby ");
		put_verb(t, c, "turns", "turn");
		text_put(t, " the caches of those asked.");
		break;
	case CONFLICT_REPLY_LEAK:
		text_put(t, likely ? "It looks like a reply leak: " : "Reply leak: ");
		if (blamed_count(c)) {
			put_list(t, c, true, put_whole_name);
			put_verb(t, c, " answers", " answer");
			text_put(t, " for it and should be silent.");
		} else {
			text_put(t, "machines with addresses of their own answer for it, and only "
				    "one of them should.");
		}
		break;
	case CONFLICT_DUPLICATE:
		text_put(t, likely                    ? "It looks like a duplicate: "
			    : c->grade == GRADE_KNOWN ? "A true duplicate: "
						      : "A duplicate: ");
		put_list(t, c, true, put_whole_name);
		text_put(t, c->grade == GRADE_KNOWN ? " each hold it." : " each use it.");
		break;
	case CONFLICT_CLASSES:
		break;
	}
}

/* ---- what says so ---- */

static void put_deeds(struct text *t, const struct claimant *k)
{
	static const struct {
		uint16_t how;
		const char *word;
	} deeds[] = {
		{ CLAIM_ANSWERS, "answers" },
		{ CLAIM_UNASKED, "answers unasked" },
		{ CLAIM_ASKS, "asks with it" },
		{ CLAIM_ANNOUNCES, "announces it" },
	};
	bool any = false;
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
		if (!(k->how & deeds[i].how))
			continue;
		text_put(t, any ? ", " : " ");
		text_put(t, deeds[i].word);
		any = true;
	}
}

static void put_holding(struct text *t, const struct claimant *k)
{
	switch (k->facts.holds) {
	case HOLDS_UNKNOWN:
		if (k->main) {
			text_put(t, "; has ");
			text_ip(t, k->main);
		}
		break;
	case HOLDS_NOT:
		text_put(t, "; does not hold it");
		break;
	case HOLDS_HERE:
		text_put(t, "; holds it on ");
		text_name(t, k->facts.iface, IFNAME_SIZE);
		break;
	case HOLDS_ELSEWHERE:
		text_put(t, "; holds it on ");
		text_name(t, k->facts.elsewhere, IFNAME_SIZE);
		break;
	}
}

static void put_span(struct text *t, uint64_t ns)
{
	if (ns < 1000000)
		text_printf(t, "%u us", (unsigned)(ns / 1000));
	else
		text_printf(t, "%u ms", (unsigned)(ns / 1000000));
}

static void put_evidence(struct text *t, const struct conflict *c)
{
	text_put(t, " Seen: ");
	for (size_t i = 0; i < c->count; i++) {
		const struct claimant *k = &c->claimants[i];
		text_put(t, i ? "; " : "");
		put_name(t, k);
		put_deeds(t, k);
		put_holding(t, k);
		if (c->class == CONFLICT_PROXY && k->blamed && k->answers > 1)
			text_printf(t, "; answers for %u addresses that it never uses",
				(unsigned)k->answers);
	}
	if (c->gap_ns != UINT64_MAX) {
		text_put(t, "; answers to one who-has ");
		put_span(t, c->gap_ns);
		text_put(t, " apart");
	}
	if (c->common) {
		text_put(t, "; both also claim ");
		text_ip(t, c->common);
	}
	text_char(t, '.');
}

/* ---- what to do ---- */

/* Whether one name of an interface speaks of all to blame. */
static bool have_one_name(const struct conflict *c)
{
	const struct claimant *first = first_blamed(c);
	for (size_t i = 0; i < c->count; i++) {
		const struct claimant *k = &c->claimants[i];
		if (k->blamed && (!is_known(k) || strcmp(k->facts.iface, first->facts.iface) != 0))
			return false;
	}
	return blamed_count(c) && c->class != CONFLICT_FLUX;
}

/* "net.ipv4.conf.eth0.arp_ignore=1 on rs1 and rs2" */
static void put_sysctl(struct text *t, const struct conflict *c, const char *setting)
{
	const struct claimant *k = first_blamed(c);
	text_put(t, "net.ipv4.conf.");
	if (have_one_name(c))
		text_name(t, k->facts.iface, IFNAME_SIZE);
	else
		text_put(t, "all");
	text_char(t, '.');
	text_put(t, setting);
	if (!blamed_count(c))
		return;
	text_put(t, " on ");
	if (c->class == CONFLICT_FLUX && is_known(k))
		put_machine(t, k);
	else if (c->class == CONFLICT_FLUX)
		text_put(t, "it");
	else
		put_list(t, c, true, put_name);
}

/* What would decide. */
static const char *const doubts[] = {
	[DOUBT_SILENT] = " Only one was heard since the other came. Whether the first one still "
			 "answers a who-has would decide.",
	[DOUBT_OTHERS] = " A who-has for another address of either would decide: if both answer "
			 "for that too, they are one machine.",
	[DOUBT_FORGED] = " A machine sends frames with an address that it does not hold; what "
			 "program does that would decide.",
	[DOUBT_UNASKED] = " One of them sends answers that nobody was seen to ask for, as ARP "
			  "spoofing does, and some tools of failover. Whether it answers a "
			  "who-has, too, would decide.",
};

static void put_advice(struct text *t, const struct conflict *c)
{
	bool likely = c->grade == GRADE_LIKELY;
	switch (c->class) {
	case CONFLICT_UNCLEAR:
		text_put(t, doubts[c->doubt]);
		break;
	case CONFLICT_SHARED:
		text_put(t, " Nothing is to be done.");
		break;
	case CONFLICT_MOVE:
		text_put(t, likely ? " Nothing is to be done if that was meant; if the old one is "
				     "heard again, both have it."
				   : " Nothing is to be done if that was meant.");
		break;
	case CONFLICT_PROXY:
		text_put(t, " If that is not meant, set proxy_arp to 0 there and remove its proxy "
			    "neighbours.");
		break;
	case CONFLICT_FLUX:
		text_put(t, " Set ");
		put_sysctl(t, c, "arp_ignore=1");
		text_put(t, ", so that each interface answers for its own addresses alone.");
		if (likely)
			text_put(t, " Two machines that share all these addresses look the same.");
		break;
	case CONFLICT_SENDER_LEAK:
		text_put(t, " Set ");
		put_sysctl(t, c, "arp_announce=2");
		text_char(t, '.');
		break;
	case CONFLICT_REPLY_LEAK:
		text_put(t, likely ? " If it stands on lo there, set " : " Set ");
		put_sysctl(t, c, "arp_ignore=1");
		if (first_blamed(c)->how & CLAIM_ASKS && first_blamed(c)->blamed)
			text_put(t, ", and arp_announce=2, for it asks with the address, too");
		text_put(t, likely ? "; if it stands on the interface that answers, it is a "
				     "duplicate."
				   : ".");
		break;
	case CONFLICT_DUPLICATE:
		text_put(t, " Take it from one of them; in a cluster, see why both think they are "
			    "the master.");
		if (likely)
			text_put(t, " One that only answers may hold it on lo: a reply leak.");
		break;
	case CONFLICT_CLASSES:
		break;
	}
}

void conflict_text(struct text *t, const struct conflict *c)
{
	put_headline(t, c);
	put_evidence(t, c);
	put_advice(t, c);
}
