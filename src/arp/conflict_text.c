/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: a conflict in words: in one cell of a table, and as what it is, what says so, what to do. */
#include <config.h>

#include <arplab/conflict.h>
#include <arplab/i18n.h>

#include <string.h>

static const struct {
	const char *name; /* In JSON. */
	const char *cell; /* Behind "2 MACs: "; of the place "conflict". */
} classes[CONFLICT_CLASSES] = {
	[CONFLICT_UNCLEAR] = { "unclear", NC_("conflict", "cause unclear") },
	[CONFLICT_SHARED] = { "shared", NC_("conflict", "shared by GLBP") },
	[CONFLICT_MOVE] = { "move", NC_("conflict", "moved to") },
	[CONFLICT_PROXY] = { "proxy", NC_("conflict", "proxy ARP") },
	[CONFLICT_FLUX] = { "flux", NC_("conflict", "ARP flux") },
	[CONFLICT_SENDER_LEAK] = { "sender-leak", NC_("conflict", "sender leak") },
	[CONFLICT_REPLY_LEAK] = { "reply-leak", NC_("conflict", "reply leak") },
	[CONFLICT_DUPLICATE] = { "duplicate", NC_("conflict", "duplicate") },
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

/* Names and pieces of a whole sentence, until the end of the whole expression. */
struct names {
	char text[600];
};

static bool is_known(const struct claimant *k)
{
	return k->facts.holds != HOLDS_UNKNOWN;
}

static struct names machine_name(const struct claimant *k)
{
	struct names n;
	struct text t = text_in(n.text, sizeof n.text);
	if (k->facts.machine[0])
		text_name(&t, k->facts.machine, NODE_NAME_SIZE);
	else
		text_put(&t, _("this host"));
	text_end(&t);
	return n;
}

/* The machine, or the last three bytes of the MAC. */
static void put_short_name(struct text *t, const struct claimant *k)
{
	if (is_known(k))
		text_put(t, machine_name(k).text);
	else
		text_put(t, mac_word(k->mac).text + strlen("00:00:00:"));
}

/* The machine, or the MAC. */
static void put_name(struct text *t, const struct claimant *k)
{
	text_put(t, is_known(k) ? machine_name(k).text : mac_word(k->mac).text);
}

/* "rs1 (02:00:00:00:00:03 on eth0)" */
static void put_whole_name(struct text *t, const struct claimant *k)
{
	unsigned group;
	const char *protocol = virtual_mac(k->mac, &group);
	if (is_known(k))
		/* TRANSLATORS: a machine, its MAC, its interface */
		text_printf(t, _("%s (%s on %s)"), machine_name(k).text, mac_word(k->mac).text,
			name_word(k->facts.iface).text);
	else
		text_mac(t, k->mac);
	if (protocol)
		text_printf(t, _(" (%s, group %u)"), protocol, group);
}

/* All that are to blame. */
static struct names blamed_names(
	const struct conflict *c, void (*put)(struct text *t, const struct claimant *k))
{
	struct names n;
	struct text t = text_in(n.text, sizeof n.text);
	size_t left = 0;
	for (size_t i = 0; i < c->count; i++)
		left += c->claimants[i].blamed;
	for (size_t i = 0; i < c->count; i++) {
		if (!c->claimants[i].blamed)
			continue;
		put(&t, &c->claimants[i]);
		if (--left)
			text_put(&t, left == 1 ? C_("list", " and ") : C_("list", ", "));
	}
	text_end(&t);
	return n;
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

/* Who it is about, where that is not all of them. */
static struct names cell_names(const struct conflict *c)
{
	const struct claimant *k = first_blamed(c);
	if (c->class == CONFLICT_FLUX && is_known(k))
		return machine_name(k);
	if (c->class != CONFLICT_FLUX && c->class != CONFLICT_DUPLICATE && blamed_count(c) &&
		blamed_count(c) < c->count)
		return blamed_names(c, put_short_name);
	return (struct names) { "" };
}

void conflict_short(struct text *t, const struct conflict *c)
{
	struct names names = cell_names(c);
	const char *cell = i18n_at("conflict", classes[c->class].cell);
	unsigned count = (unsigned)c->count;
	bool likely = c->class != CONFLICT_UNCLEAR && c->grade == GRADE_LIKELY;
	/* TRANSLATORS: how many MACs, and what kind of conflict that is */
	if (c->class != CONFLICT_MOVE && likely)
		text_printf(t, c->more ? _("%u+ MACs: likely %s") : _("%u MACs: likely %s"), count,
			cell);
	else if (c->class != CONFLICT_MOVE)
		text_printf(t, c->more ? _("%u+ MACs: %s") : _("%u MACs: %s"), count, cell);
	else
		text_printf(t, likely ? C_("conflict", "likely %s") : "%s", cell);
	if (*names.text)
		text_printf(t, " %s", names.text);
}

/* ---- what it is ---- */

/* Between two sentences of one text. */
static void put_gap(struct text *t)
{
	text_printf(t, C_("two sentences", "%s %s"), "", "");
}

static void put_proxy(struct text *t, const struct conflict *c, bool likely)
{
	unsigned long n = blamed_count(c);
	text_printf(t,
		likely ? ngettext("It looks like proxy ARP: %s answers for addresses of others.",
				 "It looks like proxy ARP: %s answer for addresses of others.", n)
		       : ngettext("Proxy ARP: %s answers for addresses of others.",
				 "Proxy ARP: %s answer for addresses of others.", n),
		blamed_names(c, put_whole_name).text);
}

static void put_sender_leak(struct text *t, const struct conflict *c, bool likely)
{
	unsigned long n = blamed_count(c);
	text_printf(t,
		likely ? ngettext("It looks like a sender leak: %s asks with it as the sender, and "
				  "thereby turns the caches of those asked.",
				 "It looks like a sender leak: %s ask with it as the sender, and "
				 "thereby turn the caches of those asked.",
				 n)
		       : ngettext("Sender leak: %s asks with it as the sender, and thereby turns "
				  "the caches of those asked.",
				 "Sender leak: %s ask with it as the sender, and thereby turn the "
				 "caches of those asked.",
				 n),
		blamed_names(c, put_whole_name).text);
}

static void put_reply_leak(struct text *t, const struct conflict *c, bool likely)
{
	unsigned long n = blamed_count(c);
	if (!n)
		text_put(t,
			likely ? _("It looks like a reply leak: machines with addresses of their "
				   "own answer for it, and only one of them should.")
			       : _("Reply leak: machines with addresses of their own answer for "
				   "it, and only one of them should."));
	else
		text_printf(t,
			likely ? ngettext("It looks like a reply leak: %s answers for it and "
					  "should be silent.",
					 "It looks like a reply leak: %s answer for it and should "
					 "be silent.",
					 n)
			       : ngettext("Reply leak: %s answers for it and should be silent.",
					 "Reply leak: %s answer for it and should be silent.", n),
			blamed_names(c, put_whole_name).text);
}

static void put_duplicate(struct text *t, const struct conflict *c)
{
	text_printf(t,
		c->grade == GRADE_LIKELY  ? _("It looks like a duplicate: %s each use it.")
		: c->grade == GRADE_KNOWN ? _("A true duplicate: %s each hold it.")
					  : _("A duplicate: %s each use it."),
		blamed_names(c, put_whole_name).text);
}

static void put_class(struct text *t, const struct conflict *c)
{
	bool likely = c->grade == GRADE_LIKELY;
	switch (c->class) {
	case CONFLICT_UNCLEAR:
		text_put(t, _("Why is not clear."));
		break;
	case CONFLICT_SHARED:
		text_put(t, _("GLBP: routers of one group share it by design, each with its MAC."));
		break;
	case CONFLICT_MOVE:
		text_printf(t,
			likely ? _("It seems to have moved to %s, as after a failover.")
			       : _("It has moved to %s, as after a failover."),
			blamed_names(c, put_whole_name).text);
		break;
	case CONFLICT_PROXY:
		put_proxy(t, c, likely);
		break;
	case CONFLICT_FLUX:
		text_printf(t,
			likely ? _("It looks like ARP flux: one machine answers on several "
				   "interfaces, %s.")
			       : _("ARP flux: one machine answers on several interfaces, %s."),
			blamed_names(c, put_whole_name).text);
		break;
	case CONFLICT_SENDER_LEAK:
		put_sender_leak(t, c, likely);
		break;
	case CONFLICT_REPLY_LEAK:
		put_reply_leak(t, c, likely);
		break;
	case CONFLICT_DUPLICATE:
		put_duplicate(t, c);
		break;
	case CONFLICT_CLASSES:
		break;
	}
}

static void put_headline(struct text *t, const struct conflict *c)
{
	text_printf(t,
		c->more ? _("%s is claimed by %u MACs and more.") : _("%s is claimed by %u MACs."),
		ip_word(c->ip).text, (unsigned)c->count);
	put_gap(t);
	put_class(t, c);
}

/* ---- what says so ---- */

/* What one does with the address, as a list: "answers, asks with it". */
static struct names deeds(const struct claimant *k)
{
	static const struct {
		uint16_t how;
		const char *word;
	} rows[] = {
		{ CLAIM_ANSWERS, NC_("deed", "answers") },
		{ CLAIM_UNASKED, NC_("deed", "answers unasked") },
		{ CLAIM_ASKS, NC_("deed", "asks with it") },
		{ CLAIM_ANNOUNCES, NC_("deed", "announces it") },
	};
	struct names n;
	struct text t = text_in(n.text, sizeof n.text);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!(k->how & rows[i].how))
			continue;
		if (t.len)
			text_put(&t, C_("list", ", "));
		text_put(&t, i18n_at("deed", rows[i].word));
	}
	text_end(&t);
	return n;
}

static void put_holding(struct text *t, const struct claimant *k)
{
	switch (k->facts.holds) {
	case HOLDS_UNKNOWN:
		if (k->main)
			text_printf(t, _("; has %s"), ip_word(k->main).text);
		break;
	case HOLDS_NOT:
		text_put(t, _("; does not hold it"));
		break;
	case HOLDS_HERE:
		text_printf(t, _("; holds it on %s"), name_word(k->facts.iface).text);
		break;
	case HOLDS_ELSEWHERE:
		text_printf(t, _("; holds it on %s"), name_word(k->facts.elsewhere).text);
		break;
	}
}

static void put_claimant(struct text *t, const struct conflict *c, const struct claimant *k)
{
	struct names list = deeds(k);
	put_name(t, k);
	if (*list.text)
		text_printf(t, " %s", list.text);
	put_holding(t, k);
	if (c->class == CONFLICT_PROXY && k->blamed && k->answers > 1)
		text_printf(t, _("; answers for %u addresses that it never uses"),
			(unsigned)k->answers);
}

static void put_evidence(struct text *t, const struct conflict *c)
{
	put_gap(t);
	/* TRANSLATORS: a list follows, of which each part begins with "; " */
	text_put(t, _("Seen: "));
	for (size_t i = 0; i < c->count; i++) {
		text_put(t, i ? C_("list of facts", "; ") : "");
		put_claimant(t, c, &c->claimants[i]);
	}
	if (c->gap_ns < 1000000)
		text_printf(
			t, _("; answers to one who-has %u us apart"), (unsigned)(c->gap_ns / 1000));
	else if (c->gap_ns != UINT64_MAX)
		text_printf(t, _("; answers to one who-has %u ms apart"),
			(unsigned)(c->gap_ns / 1000000));
	if (c->common)
		text_printf(t, _("; both also claim %s"), ip_word(c->common).text);
	text_put(t, C_("end of a sentence", "."));
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

/* Who is to set something. */
static struct names setters(const struct conflict *c)
{
	const struct claimant *k = first_blamed(c);
	if (c->class != CONFLICT_FLUX)
		return blamed_names(c, put_name);
	if (is_known(k))
		return machine_name(k);
	struct names it;
	text_copy(it.text, sizeof it.text, C_("a machine", "it"));
	return it;
}

/* "net.ipv4.conf.eth0.arp_ignore=1 on rs1 and rs2" */
static struct names setting_of(const struct conflict *c, const char *setting)
{
	const struct claimant *k = first_blamed(c);
	struct word conf = name_word(have_one_name(c) ? k->facts.iface : "all");
	struct names n;
	struct text t = text_in(n.text, sizeof n.text);
	if (blamed_count(c))
		/* TRANSLATORS: net.ipv4.conf.eth0.arp_ignore=1 on rs1 and rs2 */
		text_printf(
			&t, _("net.ipv4.conf.%s.%s on %s"), conf.text, setting, setters(c).text);
	else
		text_printf(&t, "net.ipv4.conf.%s.%s", conf.text, setting);
	text_end(&t);
	return n;
}

/* What would decide. */
static const char *const doubts[] = {
	[DOUBT_SILENT] = N_("Only one was heard since the other came. Whether the first one still "
			    "answers a who-has would decide."),
	[DOUBT_OTHERS] = N_("A who-has for another address of either would decide: if both answer "
			    "for that too, they are one machine."),
	[DOUBT_FORGED] = N_("A machine sends frames with an address that it does not hold; what "
			    "program does that would decide."),
	[DOUBT_UNASKED] = N_("One of them sends answers that nobody was seen to ask for, as ARP "
			     "spoofing does, and some tools of failover. Whether it answers a "
			     "who-has, too, would decide."),
};

static void advise_flux(struct text *t, const struct conflict *c, bool likely)
{
	text_printf(t, _("Set %s, so that each interface answers for its own addresses alone."),
		setting_of(c, "arp_ignore=1").text);
	if (!likely)
		return;
	put_gap(t);
	text_put(t, _("Two machines that share all these addresses look the same."));
}

static void advise_reply_leak(struct text *t, const struct conflict *c, bool likely)
{
	struct names setting = setting_of(c, "arp_ignore=1");
	bool asks = first_blamed(c)->how & CLAIM_ASKS && first_blamed(c)->blamed;
	if (likely && asks)
		text_printf(t,
			_("If it stands on lo there, set %s, and arp_announce=2, for it asks with "
			  "the address, too; if it stands on the interface that answers, it is a "
			  "duplicate."),
			setting.text);
	else if (likely)
		text_printf(t,
			_("If it stands on lo there, set %s; if it stands on the interface that "
			  "answers, it is a duplicate."),
			setting.text);
	else if (asks)
		text_printf(t, _("Set %s, and arp_announce=2, for it asks with the address, too."),
			setting.text);
	else
		text_printf(t, _("Set %s."), setting.text);
}

static void advise_duplicate(struct text *t, bool likely)
{
	text_put(t, _("Take it from one of them; in a cluster, see why both think they are the "
		      "master."));
	if (!likely)
		return;
	put_gap(t);
	text_put(t, _("One that only answers may hold it on lo: a reply leak."));
}

static void put_advice(struct text *t, const struct conflict *c)
{
	bool likely = c->grade == GRADE_LIKELY;
	put_gap(t);
	switch (c->class) {
	case CONFLICT_UNCLEAR:
		text_put(t, _(doubts[c->doubt]));
		break;
	case CONFLICT_SHARED:
		text_put(t, _("Nothing is to be done."));
		break;
	case CONFLICT_MOVE:
		text_put(t, likely ? _("Nothing is to be done if that was meant; if the old one is "
				       "heard again, both have it.")
				   : _("Nothing is to be done if that was meant."));
		break;
	case CONFLICT_PROXY:
		text_put(t, _("If that is not meant, set proxy_arp to 0 there and remove its proxy "
			      "neighbours."));
		break;
	case CONFLICT_FLUX:
		advise_flux(t, c, likely);
		break;
	case CONFLICT_SENDER_LEAK:
		text_printf(t, _("Set %s."), setting_of(c, "arp_announce=2").text);
		break;
	case CONFLICT_REPLY_LEAK:
		advise_reply_leak(t, c, likely);
		break;
	case CONFLICT_DUPLICATE:
		advise_duplicate(t, likely);
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
