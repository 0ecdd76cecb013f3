/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the words of claims: how each is written, which values it takes, how it is looked at. */
#include <config.h>

#include "claim_parts.h"

#include <errno.h>
#include <string.h>

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>

#define COUNT_MAX 1000000

/* ---- values ---- */

static int take_sysctl(struct reading *r, struct claim *c, const char *word)
{
	c->form = FORM_NUMBER;
	return reading_value(r, word, c->key, &c->number);
}

static int take_count(struct reading *r, struct claim *c, const char *word)
{
	c->form = FORM_NUMBER;
	return reading_number(r, word, 0, COUNT_MAX, &c->number);
}

static int take_iface(struct reading *r, struct claim *c, const char *word)
{
	c->form = strcmp(word, "none") == 0 ? FORM_NONE : FORM_IFACE;
	if (c->form == FORM_NONE)
		return 0;
	return reading_iface(r, word, UINT64_C(1) << c->node, true, c->iface);
}

static int take_node(struct reading *r, struct claim *c, const char *word)
{
	uint16_t node;
	c->form = FORM_NODE;
	int error = reading_node(r, word, &node);
	if (!error)
		c->nodes = UINT64_C(1) << node;
	return error;
}

static const char *cache_word(const void *topology, size_t i)
{
	if (i < 2)
		return i == 0 ? "none" : "unknown";
	return reading_node_name(topology, i - 2);
}

/* Whose MAC a cache has. */
static int take_owner(struct reading *r, struct claim *c, const char *word)
{
	uint16_t node = topology_node(r->t, word);
	char also[80];
	if (strcmp(word, "none") == 0) {
		c->form = FORM_NONE;
	} else if (strcmp(word, "unknown") == 0) {
		c->form = FORM_UNKNOWN;
	} else if (node) {
		c->form = FORM_NODE;
		c->nodes = UINT64_C(1) << node;
	} else if (mac_parse(word, c->mac) == 0) {
		c->form = FORM_MAC;
	} else {
		return err_set(r->err, -EINVAL,
			_("\"%s\" stands where a machine, a MAC, none or unknown is expected.%s"),
			word,
			text_did_you_mean(also, sizeof also, text_nearest(word, cache_word, r->t)));
	}
	return 0;
}

static int take_state(struct reading *r, struct claim *c, const char *word)
{
	static const struct reading_choice states[] = {
		{ "REACHABLE", NUD_REACHABLE },
		{ "STALE", NUD_STALE },
		{ "DELAY", NUD_DELAY },
		{ "PROBE", NUD_PROBE },
		{ "FAILED", NUD_FAILED },
		{ "INCOMPLETE", NUD_INCOMPLETE },
		{ "PERMANENT", NUD_PERMANENT },
		{ "none", 0 },
		{ NULL, 0 },
	};
	int64_t state;
	int error = reading_choice(r, word, states, &state);
	if (error)
		return error;
	c->form = state ? FORM_STATE : FORM_NONE;
	c->state = (uint16_t)state;
	return 0;
}

static bool is_number(const char *word)
{
	return strspn(word, "-0123456789") == strlen(word);
}

static int take_answerers(struct reading *r, struct claim *c, const char *word)
{
	if (is_number(word))
		return take_count(r, c, word);
	c->form = FORM_NODES;
	return reading_nodes(r, word, &c->nodes);
}

static int take_cards(struct reading *r, struct claim *c, const char *word)
{
	return is_number(word) ? take_count(r, c, word) : claim_take_cards(r, c, word);
}

static int take_ip(struct reading *r, struct claim *c, const char *word)
{
	c->form = FORM_IP;
	return reading_ip(r, word, &c->value_ip);
}

const struct reading_choice *claim_choices(enum claim_kind kind)
{
	static const struct reading_choice scopes[] = { { "global", RT_SCOPE_UNIVERSE },
		{ "link", RT_SCOPE_LINK }, { "host", RT_SCOPE_HOST }, { NULL, 0 } };
	static const struct reading_choice links[] = { { "up", 1 }, { "down", 0 }, { NULL, 0 } };
	static const struct reading_choice pings[] = { { "answered", 1 }, { "lost", 0 },
		{ NULL, 0 } };
	return kind == CLAIM_SCOPE ? scopes : kind == CLAIM_LINK ? links : pings;
}

static int take_word(struct reading *r, struct claim *c, const char *word)
{
	c->form = FORM_WORD;
	return reading_choice(r, word, claim_choices(c->kind), &c->number);
}

static int take_ping(struct reading *r, struct claim *c, const char *word)
{
	return is_number(word) ? take_count(r, c, word) : take_word(r, c, word);
}

/* ---- the table ---- */

static const struct claim_grammar grammars[CLAIM_KINDS] = {
	[CLAIM_SYSCTL] = { CLAIM_SYSCTL, true, SUBJECT_KEY, take_sysctl, look_sysctl },
	[CLAIM_EFFECTIVE] = { CLAIM_EFFECTIVE, true, SUBJECT_OWN_KEY, take_sysctl, look_effective },
	[CLAIM_ADDRESS] = { CLAIM_ADDRESS, true, SUBJECT_IP, take_iface, look_address },
	[CLAIM_SCOPE] = { CLAIM_SCOPE, true, SUBJECT_IP, take_word, look_scope },
	[CLAIM_LINK] = { CLAIM_LINK, true, SUBJECT_IFACE, take_word, look_link },
	[CLAIM_NEIGH] = { CLAIM_NEIGH, true, SUBJECT_IP, take_owner, look_neigh },
	[CLAIM_STATE] = { CLAIM_STATE, true, SUBJECT_IP, take_state, look_state },
	[CLAIM_REPLIES] = { CLAIM_REPLIES, false, SUBJECT_IP, take_answerers, look_replies },
	[CLAIM_FIRST] = { CLAIM_FIRST, false, SUBJECT_IP, take_node, look_first },
	[CLAIM_CARDS] = { CLAIM_CARDS, false, SUBJECT_IP, take_cards, look_cards },
	[CLAIM_ASKED] = { CLAIM_ASKED, true, SUBJECT_IP, take_count, look_asked },
	[CLAIM_POLLED] = { CLAIM_POLLED, true, SUBJECT_IP, take_count, look_polled },
	[CLAIM_TELLS] = { CLAIM_TELLS, true, SUBJECT_IP, take_ip, look_tells },
	[CLAIM_SENT] = { CLAIM_SENT, true, SUBJECT_NOTHING, take_count, look_sent },
	[CLAIM_ANNOUNCED] = { CLAIM_ANNOUNCED, true, SUBJECT_IP, take_count, look_announced },
	[CLAIM_PING] = { CLAIM_PING, true, SUBJECT_IP, take_ping, look_ping },
	[CLAIM_OUTAGE] = { CLAIM_OUTAGE, true, SUBJECT_IP, take_count, look_outage },
	[CLAIM_CONNECTED] = { CLAIM_CONNECTED, true, SUBJECT_IP, take_count, look_connected },
	[CLAIM_SERVED] = { CLAIM_SERVED, true, SUBJECT_NOTHING, take_count, look_served },
	[CLAIM_PASSED] = { CLAIM_PASSED, true, SUBJECT_NOTHING, take_count, look_passed },
	[CLAIM_BYPASSED] = { CLAIM_BYPASSED, false, SUBJECT_NOTHING, take_count, look_bypassed },
};

const struct claim_grammar *claim_grammar(enum claim_kind kind)
{
	return &grammars[kind];
}

static const struct claim_word words[] = {
	{ "sysctl", "NODE CONF.KEY = VALUE", N_("The value as it is written there."),
		&grammars[CLAIM_SYSCTL] },
	{ "effective", "NODE IF.KEY = VALUE", N_("The value that counts for an interface."),
		&grammars[CLAIM_EFFECTIVE] },
	{ "address", "NODE IP = IF|none", N_("Where an address is."), &grammars[CLAIM_ADDRESS] },
	{ "scope", "NODE IP = global|link|host", N_("The scope of an address."),
		&grammars[CLAIM_SCOPE] },
	{ "link", "NODE IF = up|down", N_("Whether an interface is up."), &grammars[CLAIM_LINK] },
	{ "neigh", "NODE IP = NODE|MAC|none|unknown",
		N_("Whose MAC the cache has; unknown: an entry without one."),
		&grammars[CLAIM_NEIGH] },
	{ "state", "NODE IP = REACHABLE|STALE|DELAY|PROBE|FAILED|INCOMPLETE|PERMANENT|none",
		N_("The state of a cache entry."), &grammars[CLAIM_STATE] },
	{ "replies", "IP = N|NAMES", N_("Which machines answered who-has IP, or how many."),
		&grammars[CLAIM_REPLIES] },
	{ "first", "IP = NODE", N_("Whose answer came first."), &grammars[CLAIM_FIRST] },
	{ "cards", "IP = N|NODE.IF,...",
		N_("From which interfaces who-has IP was answered, or how many."),
		&grammars[CLAIM_CARDS] },
	{ "asked", "NODE IP = N", N_("How often the machine asked who-has IP."),
		&grammars[CLAIM_ASKED] },
	{ "polled", "NODE IP = N", N_("How often it asked one MAC alone."),
		&grammars[CLAIM_POLLED] },
	{ "tells", "NODE IP = IP", N_("The sender address in its last who-has IP."),
		&grammars[CLAIM_TELLS] },
	{ "sent", "NODE = N", N_("How many ARP frames the machine sent."), &grammars[CLAIM_SENT] },
	{ "announced", "NODE IP = N", N_("How often the machine announced IP to everybody."),
		&grammars[CLAIM_ANNOUNCED] },
	{ "ping", "NODE IP = answered|lost|N", N_("What its last ping brought."),
		&grammars[CLAIM_PING] },
	{ "outage", "NODE IP = MS", N_("How long its last outage took, in milliseconds."),
		&grammars[CLAIM_OUTAGE] },
	{ "connected", "NODE IP = N", N_("How many of its last connections were answered."),
		&grammars[CLAIM_CONNECTED] },
	{ "served", "NODE = N", N_("How many connections the machine has answered."),
		&grammars[CLAIM_SERVED] },
	{ "passed", "NODE = N", N_("How many connections it has handed on as a director."),
		&grammars[CLAIM_PASSED] },
	{ "bypassed", "= N", N_("How many connections reached a server without a director."),
		&grammars[CLAIM_BYPASSED] },
};

const struct claim_word *claim_words(size_t *ret_count)
{
	*ret_count = sizeof words / sizeof *words;
	return words;
}
