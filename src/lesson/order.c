/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: one line of an order parsed by the tables of words, places and options. */
#include <config.h>

#include "order_parts.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <linux/neighbour.h>

#include <arplab/addr.h>
#include <arplab/frame.h>
#include <arplab/i18n.h>

static_assert(ORDER_TEXT_SIZE == READING_LINE, "a line is kept whole");

static const char *word_name(const void *arg, size_t i)
{
	(void)arg;
	size_t count;
	const struct order_word *words = order_words(&count);
	return i < count ? words[i].name : NULL;
}

static int no_word(const struct reading *r)
{
	if (r->count == 0)
		return err_set(r->err, -EINVAL,
			_("the line is empty: an order is expected, such as ping client "
			  "192.0.2.1"));
	char also[80];
	return err_set(r->err, -EINVAL,
		_("there is no order \"%s\"; one such as set, ping or arping is expected.%s"),
		r->words[0],
		text_did_you_mean(also, sizeof also, text_nearest(r->words[0], word_name, NULL)));
}

static int missing(struct order_reading *x, enum place_kind place)
{
	return reading_missing(&x->r, _(order_place(place)->name), x->word->name, x->word->args);
}

/* The places in their order. *next: the line's word that stands at the first one. */
static int take_places(struct order_reading *x, size_t *next)
{
	const enum place_kind *places = x->word->grammar->places;
	for (size_t i = 0; places[i] != PLACE_END; i++) {
		if (order_left_out(x, places[i], places[i + 1], *next))
			continue;
		/* The = of CONF.KEY=VALUE. */
		if (places[i] == PLACE_VALUE && *next < x->r.count &&
			strcmp(x->r.words[*next], "=") == 0)
			++*next;
		if (*next == x->r.count)
			return missing(x, places[i]);
		int error = order_take(x, places[i], x->r.words[(*next)++]);
		if (error)
			return error;
	}
	return 0;
}

/* The options that a word takes, by their number among all of them. */
static const char *option_name(const void *arg, size_t i)
{
	const struct order_grammar *g = arg;
	const struct order_option *o;
	for (size_t k = 0, n = 0; (o = order_option(k)); k++)
		if (g->options & 1u << k && n++ == i)
			return o->name;
	return NULL;
}

static int find_option(struct order_reading *x, const char *word)
{
	const struct order_option *o;
	for (int i = 0; (o = order_option((size_t)i)); i++)
		if (x->word->grammar->options & 1u << i && strcmp(o->name, word) == 0)
			return i;
	const char *near = text_nearest(word, option_name, x->word->grammar);
	if (!near)
		return reading_surplus(&x->r, word, x->word->name, x->word->args);
	return err_set(x->r.err, -EINVAL, _("\"%s\" is not expected here: %s %s. Did you mean %s?"),
		word, x->word->name, x->word->args, near);
}

/* "x20" is "count 20". */
static bool is_times(const struct order_reading *x, const char *word)
{
	return x->word->grammar->options & 1u << OPTION_COUNT && word[0] == 'x' && word[1] >= '0' &&
	       word[1] <= '9';
}

static int take_options(struct order_reading *x, size_t next)
{
	while (next < x->r.count) {
		const char *word = x->r.words[next++];
		bool times = is_times(x, word);
		int i = times ? OPTION_COUNT : find_option(x, word);
		if (i < 0)
			return i;
		const struct order_option *o = order_option((size_t)i);
		/* States exclude each other: each is an option of its own. */
		for (size_t k = 0; order_option(k); k++)
			if (x->given & 1u << k && order_option(k)->place == o->place)
				return err_set(x->r.err, -EINVAL,
					_("\"%s\" comes too late: \"%s\" was said before"), word,
					order_option(k)->name);
		x->given |= 1u << i;
		if (!o->alone && !times && next == x->r.count)
			return missing(x, o->place);
		const char *value = times ? word + 1 : o->alone ? word : x->r.words[next++];
		int error = order_take(x, o->place, value);
		if (error)
			return error;
	}
	return 0;
}

/* ---- what was not said ---- */

static const char *node_name(const struct order_reading *x, uint16_t node)
{
	return x->r.t->nodes[node - 1].name;
}

/* The name that the first (or only) interfaces of all nodes share, or "". */
static int default_iface(struct order_reading *x, bool only)
{
	const char *name = NULL;
	bool same = true;
	for (uint16_t n = 1; n <= x->r.t->node_count; n++) {
		size_t first = 0;
		if (!(x->o->nodes & UINT64_C(1) << n))
			continue;
		size_t count = reading_iface_count(x->r.t, n, &first);
		if (count == 0)
			return err_set(x->r.err, -EINVAL,
				_("%s has no interface but lo, so it cannot do that"),
				node_name(x, n));
		if (only && count > 1) {
			const struct reading_ifaces own = { x->r.t, UINT64_C(1) << n, false };
			char names[120];
			struct text t = text_in(names, sizeof names);
			reading_list(&t, reading_iface_name, &own, _("or"));
			return err_set(x->r.err, -EINVAL, _("%s has several interfaces: name %s"),
				node_name(x, n), text_end(&t));
		}
		const char *here = x->r.t->ifaces[first].name;
		same = same && (!name || strcmp(name, here) == 0);
		name = here;
	}
	if (same && name)
		text_copy(x->o->iface, sizeof x->o->iface, name);
	return 0;
}

static int fill_iface(struct order_reading *x)
{
	const struct action *a = &x->o->action;
	if (x->o->iface[0])
		return 0;
	switch (x->word->grammar->iface) {
	case IFACE_NONE:
		return 0;
	case IFACE_ONLY:
		return default_iface(x, true);
	case IFACE_FIRST:
		return default_iface(x, false);
	case IFACE_ROUTE:
		if (a->value == 1 && !a->ip2)
			return reading_missing(
				&x->r, _("via or dev"), x->word->name, x->word->args);
		return 0;
	}
	return 0;
}

/* The address of the machine whose MAC it is, or 0. */
static uint32_t ip_of_mac(const struct topology *t, const uint8_t mac[6])
{
	for (size_t i = 0; i < t->iface_count; i++)
		for (size_t k = 0; memcmp(t->ifaces[i].mac, mac, 6) == 0 && k < t->addr_count; k++)
			if (t->addrs[k].iface == i + 1)
				return t->addrs[k].ip;
	return 0;
}

/*
 * A frame whose fields were not all said. The target's MAC of an announced reply stays zero here:
 * it is the sender's, which order_action() knows.
 */
static void fill_frame(struct order_reading *x)
{
	struct arp_fields *arp = &x->o->action.arp;
	bool to = x->given & 1u << OPTION_TO;
	bool announced = x->word->grammar->places[1] == PLACE_OWN_IP;
	if (!arp->op)
		arp->op = ARP_OP_REQUEST;
	if (!to)
		memset(arp->eth_dst, 0xff, sizeof arp->eth_dst);
	if (arp->op == ARP_OP_REQUEST || announced)
		return;
	memcpy(arp->tha, arp->eth_dst, sizeof arp->tha);
	/* An answer goes to whom it is sent; one to everybody tells of itself. */
	if (!arp->tpa && to)
		arp->tpa = ip_of_mac(x->r.t, arp->eth_dst);
	if (!arp->tpa)
		arp->tpa = arp->spa;
}

/* Each kind of filter wants other addresses. */
static int check_sieve(struct order_reading *x)
{
	const struct action *a = &x->o->action;
	bool as = x->given & 1u << OPTION_AS;
	if (a->kind != ACTION_SIEVE)
		return 0;
	if (a->value != SIEVE_OFF && !a->ip)
		return missing(x, PLACE_IP);
	if (a->value == SIEVE_REWRITE && !as)
		return reading_missing(&x->r, _("as IP"), x->word->name, x->word->args);
	if (a->value == SIEVE_OFF && a->ip)
		return reading_surplus(&x->r, x->r.words[3], x->word->name, x->word->args);
	if (a->value != SIEVE_REWRITE && as)
		return reading_surplus(&x->r, "as", x->word->name, x->word->args);
	return 0;
}

static void fill_action(struct order_reading *x)
{
	struct action *a = &x->o->action;
	switch ((enum action_kind)a->kind) {
	case ACTION_SET:
		a->any = 1; /* A lesson says what is to be, not what was. */
		break;
	case ACTION_NEIGH:
		if (!a->state)
			a->state = NUD_PERMANENT;
		break;
	case ACTION_VRRP:
		if (!a->count)
			a->count = PRIORITY_DEFAULT;
		break;
	case ACTION_REAL:
		if (!(x->given & 1u << OPTION_WEIGHT))
			a->count = 1;
		break;
	case ACTION_PING:
	case ACTION_ARPING:
	case ACTION_CONNECT:
		if (!a->count)
			a->count = 1;
		break;
	case ACTION_UDP:
		if (!a->count)
			a->count = ORDER_DEFAULT_PORT;
		break;
	case ACTION_SEND:
		fill_frame(x);
		break;
	default:
		break;
	}
}

int order_parse(const char *line, const struct topology *t, struct order *ret, struct err *err)
{
	struct order o;
	struct order_reading x = { .o = &o };
	size_t next = 1;
	memset(&o, 0, sizeof o);
	int error = reading_begin(&x.r, line, t, o.text, err);
	if (error)
		return error;
	x.word = order_word_of(x.r.words, x.r.count);
	if (!x.word)
		return no_word(&x.r);
	o.action.kind = (uint16_t)x.word->grammar->kind;
	error = take_places(&x, &next);
	if (!error)
		error = take_options(&x, next);
	if (!error)
		error = fill_iface(&x);
	if (!error)
		error = check_sieve(&x);
	if (error)
		return error;
	fill_action(&x);
	*ret = o;
	return 0;
}
