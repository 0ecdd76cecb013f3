/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the claim about the interfaces from which a question was answered. */
#include <config.h>

#include "claim_parts.h"

#include <errno.h>
#include <string.h>

#include <arplab/i18n.h>

/* ---- the value ---- */

static int take_card(struct reading *r, char *word, struct claim_card *ret)
{
	char *dot = strchr(word, '.');
	if (!dot)
		return err_set(r->err, -EINVAL,
			_("\"%s\" stands where a machine's interface is expected, such as "
			  "rs1.eth0"),
			word);
	*dot = '\0';
	int error = reading_node(r, word, &ret->node);
	if (error)
		return error;
	return reading_iface(r, dot + 1, UINT64_C(1) << ret->node, false, ret->iface);
}

static bool is_among(const struct claim_card *cards, size_t count, const struct claim_card *one)
{
	for (size_t i = 0; i < count; i++)
		if (cards[i].node == one->node && strcmp(cards[i].iface, one->iface) == 0)
			return true;
	return false;
}

int claim_take_cards(struct reading *r, struct claim *c, const char *word)
{
	c->form = FORM_CARDS;
	for (const char *s = word;;) {
		char one[READING_LINE];
		struct claim_card card = { 0 };
		size_t len = strcspn(s, ",");
		memcpy(one, s, len);
		one[len] = '\0';
		int error = take_card(r, one, &card);
		if (error)
			return error;
		if (is_among(c->cards, c->card_count, &card))
			return err_set(
				r->err, -EINVAL, _("\"%s\" names %.*s twice"), word, (int)len, s);
		if (c->card_count == CLAIM_CARDS_MAX)
			return err_set(r->err, -EINVAL, _("there are more than %d interfaces"),
				CLAIM_CARDS_MAX);
		c->cards[c->card_count++] = card;
		if (!s[len])
			return 0;
		s += len + 1;
	}
}

/* ---- what is seen ---- */

/* Interfaces in the order of their machines; those beyond the last are counted. */
struct cards {
	struct claim_card list[CLAIM_CARDS_MAX];
	char names[CLAIM_CARDS_MAX][NODE_NAME_SIZE + IFNAME_SIZE + 4];
	size_t count, more;
};

static bool is_before(const struct claim_card *a, const struct claim_card *b)
{
	return a->node != b->node ? a->node < b->node : strcmp(a->iface, b->iface) < 0;
}

static void put_in(struct cards *all, const struct claim_card *one)
{
	if (is_among(all->list, all->count, one))
		return;
	if (all->count == CLAIM_CARDS_MAX) {
		all->more++;
		return;
	}
	size_t at = all->count++;
	for (; at > 0 && is_before(one, &all->list[at - 1]); at--)
		all->list[at] = all->list[at - 1];
	all->list[at] = *one;
}

static void take_frame(
	const struct looking *l, const struct event *e, const struct arp_packet *p, void *arg)
{
	if (p->op != ARP_OP_REPLY || p->sip != l->c->ip || p->sip == p->tip)
		return;
	const struct model *m = world_machine(l->w, e->node);
	struct claim_card card = { .node = e->node };
	text_copy(card.iface, sizeof card.iface, m ? model_conf_name(m, e->frame.ifindex) : "?");
	put_in(arg, &card);
}

static const char *card_name(const void *arg, size_t i)
{
	const struct cards *all = arg;
	return i < all->count ? all->names[i] : NULL;
}

static struct claim_names name_cards(const struct looking *l, struct cards *all)
{
	struct claim_names names;
	struct text list = text_in(names.text, sizeof names.text);
	for (size_t i = 0; i < all->count; i++) {
		struct text t = text_in(all->names[i], sizeof all->names[i]);
		text_printf(
			&t, _("%s's %s"), world_name(l->w, all->list[i].node), all->list[i].iface);
		text_end(&t);
	}
	reading_list(&list, card_name, all, _("and"));
	text_end(&list);
	return names;
}

struct claim_names claim_cards(const struct looking *l)
{
	struct cards wanted = { .count = 0 };
	for (size_t i = 0; i < l->c->card_count; i++)
		put_in(&wanted, &l->c->cards[i]);
	return name_cards(l, &wanted);
}

bool look_cards(const struct looking *l)
{
	struct cards seen = { .count = 0 };
	claim_frames(l, take_frame, &seen);
	if (seen.count)
		text_printf(l->seen, _("%s answered who-has %s"), name_cards(l, &seen).text,
			ip_word(l->c->ip).text);
	else
		text_printf(l->seen, _("nobody answered who-has %s"), ip_word(l->c->ip).text);
	if (l->c->form == FORM_NUMBER)
		return claim_compares(l->c, (int64_t)(seen.count + seen.more));
	bool same = seen.count == l->c->card_count && seen.more == 0;
	for (size_t i = 0; same && i < seen.count; i++)
		same = is_among(l->c->cards, l->c->card_count, &seen.list[i]);
	return claim_is(l->c, same);
}
