/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what may come next in an order that is being typed, by the tables it is parsed with. */
#include <config.h>

#include "order_parts.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>

#define CANDIDATE_SIZE (2 * READING_LINE)

struct offering {
	struct order_reading x;
	char lead[READING_LINE]; /* What of the last word stays: "rs1," or "all.arp_ignore=". */
	const char *begun;       /* What was typed of the part that is completed. */
	bool (*take)(void *arg, const char *word);
	void *arg;
	bool over; /* take() wants no more. */
};

static void offer(struct offering *f, const char *word)
{
	if (f->over || strncmp(word, f->begun, strlen(f->begun)) != 0)
		return;
	char candidate[CANDIDATE_SIZE];
	struct text t = text_in(candidate, sizeof candidate);
	text_put(&t, f->lead);
	text_put(&t, word);
	f->over = !f->take(f->arg, text_end(&t));
}

static void offer_names(
	struct offering *f, const char *(*name)(const void *arg, size_t i), const void *arg)
{
	const char *one;
	for (size_t i = 0; !f->over && (one = name(arg, i)); i++)
		offer(f, one);
}

/* ---- what may stand at a place ---- */

/* Move what stands before the last c of the begun word into the lead. */
static void keep_before(struct offering *f, char c)
{
	const char *last = strrchr(f->begun, c);
	if (!last)
		return;
	size_t kept = strlen(f->lead), more = (size_t)(last + 1 - f->begun);
	if (kept + more >= sizeof f->lead)
		return;
	memcpy(f->lead + kept, f->begun, more);
	f->lead[kept + more] = '\0';
	f->begun = last + 1;
}

/* Whether a list with commas, each behind a name, has this one. */
static bool is_listed(const char *list, const char *name)
{
	size_t len = strlen(name);
	for (const char *s = list; *s; s += strcspn(s, ",") + 1)
		if (strncmp(s, name, len) == 0 && s[len] == ',')
			return true;
	return false;
}

static void offer_nodes(struct offering *f)
{
	const char *one;
	bool several = strchr(f->begun, ',') != NULL;
	keep_before(f, ',');
	for (size_t i = 0; (one = reading_node_name(f->x.r.t, i)); i++)
		if (!several || !is_listed(f->lead, one))
			offer(f, one);
	if (!several)
		offer(f, "all");
}

/* CONF first, with its dot; then the keys that are there. */
static void offer_keys(struct offering *f)
{
	const struct reading_ifaces ifaces = { f->x.r.t, f->x.o->nodes, true };
	const char *dot = strrchr(f->begun, '.'), *one;
	bool all = dot && dot - f->begun == 3 && strncmp(f->begun, "all", 3) == 0;
	if (dot) {
		keep_before(f, '.');
		size_t count;
		const struct sysctl_key *keys = sysctl_keys(&count);
		for (size_t i = 0; i < count; i++)
			if (!keys[i].read_only &&
				!(all && (keys[i].all_refused || keys[i].family == SYSCTL_NEIGH)))
				offer(f, keys[i].name);
		return;
	}
	offer(f, "all.");
	offer(f, "default.");
	for (size_t i = 0; (one = reading_iface_name(&ifaces, i)); i++) {
		char conf[IFNAME_SIZE + 1];
		struct text t = text_in(conf, sizeof conf);
		text_put(&t, one);
		text_char(&t, '.');
		offer(f, text_end(&t));
	}
}

static void offer_values(struct offering *f)
{
	const struct sysctl_key *k = sysctl_key(f->x.o->action.key);
	for (const struct sysctl_level *l = k->levels; l && l->means; l++) {
		char number[16];
		struct text t = text_in(number, sizeof number);
		text_i64(&t, l->value);
		offer(f, text_end(&t));
	}
}

static bool seen_before(const struct topology *t, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (t->addrs[k].ip == t->addrs[i].ip)
			return true;
	return false;
}

/* Where connections are answered, or could be: an address that several machines hold. */
static void offer_services(struct offering *f)
{
	const struct topology *t = f->x.r.t;
	for (size_t i = 0; i < t->addr_count; i++) {
		char service[32];
		struct text w = text_in(service, sizeof service);
		bool shared = false;
		for (size_t k = i + 1; k < t->addr_count; k++)
			shared |= t->addrs[k].ip == t->addrs[i].ip;
		if (!shared || seen_before(t, i))
			continue;
		text_ip(&w, t->addrs[i].ip);
		text_put(&w, ":80");
		offer(f, text_end(&w));
	}
}

static void offer_addresses(struct offering *f, bool prefixes)
{
	const struct topology *t = f->x.r.t;
	for (size_t i = 0; i < t->addr_count; i++) {
		char ip[24];
		struct text w = text_in(ip, sizeof ip);
		if (seen_before(t, i))
			continue;
		text_ip(&w, t->addrs[i].ip);
		if (prefixes)
			text_printf(&w, "/%u", t->addrs[i].prefix);
		offer(f, text_end(&w));
	}
}

static void offer_place(struct offering *f, enum place_kind kind)
{
	const struct reading_ifaces ifaces = { f->x.r.t, f->x.o->nodes, f->x.word->grammar->lo };
	const struct order_place *place = order_place(kind);
	if (place->choices) {
		offer_names(f, reading_choice_name, place->choices);
		return;
	}
	switch (kind) {
	case PLACE_NODES:
		offer_nodes(f);
		break;
	case PLACE_KEY:
		offer_keys(f);
		break;
	case PLACE_VALUE:
		offer_values(f);
		break;
	case PLACE_IFACE:
		offer_names(f, reading_iface_name, &ifaces);
		break;
	case PLACE_MAC:
	case PLACE_SENDER_MAC:
	case PLACE_TO_MAC:
		offer_names(f, reading_node_name, f->x.r.t);
		break;
	case PLACE_SERVICE:
		offer_services(f);
		break;
	case PLACE_SERVER:
		offer_nodes(f);
		break;
	case PLACE_NET:
		offer(f, "default");
		break;
	case PLACE_PREFIX:
		offer_addresses(f, true);
		break;
	case PLACE_IP:
	case PLACE_IP_OR_END:
	case PLACE_OWN_IP:
	case PLACE_SENDER:
	case PLACE_TARGET:
	case PLACE_SOURCE:
	case PLACE_RESOLVER:
		offer_addresses(f, false);
		break;
	default: /* Numbers and times: there is nothing to choose from. */
		break;
	}
}

/* ---- which place it is ---- */

static void offer_words(struct offering *f)
{
	size_t count;
	const struct order_word *words = order_words(&count);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(words[i].name, words[i - 1].name) != 0)
			offer(f, words[i].name);
}

/* Options that were not said yet; next: the line's word where they begin. */
static void offer_options(struct offering *f, size_t next)
{
	const struct order_option *o;
	uint32_t left = f->x.word->grammar->options;
	while (next < f->x.r.count) {
		size_t i = 0;
		while ((o = order_option(i)) && strcmp(o->name, f->x.r.words[next]) != 0)
			i++;
		next++;
		if (!o)
			continue;
		if (!o->alone && next++ == f->x.r.count) {
			offer_place(f, o->place);
			return;
		}
		for (size_t k = 0; order_option(k); k++)
			if (order_option(k)->place == o->place)
				left &= ~(1u << k);
	}
	for (size_t i = 0; (o = order_option(i)); i++)
		if (left & 1u << i)
			offer(f, o->name);
}

/*
 * Walk the places over the words that are complete. A word that does not fit is passed over: what
 * is wrong with it is said when the line is parsed.
 */
static void offer_next(struct offering *f)
{
	const enum place_kind *places = f->x.word->grammar->places;
	size_t next = 1;
	for (size_t i = 0; places[i] != PLACE_END; i++) {
		if (places[i] == PLACE_VALUE && next < f->x.r.count &&
			strcmp(f->x.r.words[next], "=") == 0)
			next++;
		if (next == f->x.r.count) {
			offer_place(f, places[i]);
			if (places[i] == PLACE_IFACE)
				offer_place(f, places[i + 1]);
			return;
		}
		if (order_take(&f->x, places[i], f->x.r.words[next]) == 0 ||
			places[i] != PLACE_IFACE)
			next++;
	}
	offer_options(f, next);
}

/* The last word of the line, behind the last blank or =, is the one that is completed. */
static size_t complete_words(const char *line, struct offering *f, char before[READING_LINE])
{
	size_t len = strlen(line), begin = len;
	if (len >= READING_LINE)
		return 0;
	while (begin > 0 && !strchr(" \t=", line[begin - 1]))
		begin--;
	f->begun = line + begin;
	memcpy(before, line, begin);
	before[begin] = '\0';
	/* What is joined to it by a = is replaced with it, and so is given back with it. */
	size_t lead = begin;
	while (lead > 0 && !strchr(" \t", line[lead - 1]))
		lead--;
	memcpy(f->lead, line + lead, begin - lead);
	f->lead[begin - lead] = '\0';
	return len + 1;
}

void order_complete(const char *line, const struct topology *t,
	bool (*take)(void *arg, const char *word), void *arg)
{
	char before[READING_LINE], text[READING_LINE];
	struct order o;
	struct offering f = { .x = { .o = &o }, .take = take, .arg = arg };
	memset(&o, 0, sizeof o);
	if (!complete_words(line, &f, before) || reading_begin(&f.x.r, before, t, text, NULL) < 0)
		return;
	if (f.x.r.count == 0) {
		offer_words(&f);
		return;
	}
	f.x.word = order_word_of(f.x.r.words, f.x.r.count);
	if (!f.x.word)
		return;
	offer_next(&f);
	/* The other `send`: which one it is shows at its third word. */
	if (f.x.r.count == 2 && strcmp(f.x.word->name, "send") == 0 && !f.over)
		offer_addresses(&f, false);
}
