/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: conflicts beside the cache rows that they concern. */
#include <config.h>

#include "conflict_marks.h"

#include <arplab/i18n.h>
#include <arplab/world.h>

bool conflict_of_row(const struct screen *s, const struct model *m, uint16_t node, int32_t ifindex,
	uint32_t ip, struct conflict *ret)
{
	if (!s->conflicts)
		return false;
	uint32_t segment = conflicts_segment(s->conflicts, m, node, ifindex);
	return conflicts_find(s->conflicts, m, segment, 0, ip, ret) &&
	       m->now_ns < conflict_until_ns(ret);
}

void conflict_mark(
	struct screen *s, struct canvas *c, int row, int column, const struct conflict *f)
{
	canvas_put(c, row, column, ROLE_WARN, "!");
	if (conflict_until_ns(f) < s->next_age_ns)
		s->next_age_ns = conflict_until_ns(f);
}

void conflict_words(struct canvas *c, int row, int column, int columns, const struct conflict *f)
{
	char bytes[160];
	struct text t = text_in(bytes, sizeof bytes);
	conflict_short(&t, f);
	canvas_put_cut(c, row, column, columns, ROLE_WARN, text_end(&t));
}

/* ---- the detail ---- */

static void claimant_line(struct lines *l, const struct claimant *k)
{
	char bytes[ROW_TEXT_SIZE];
	struct text t = text_in(bytes, sizeof bytes);
	text_put(&t, k->blamed ? "! " : "  ");
	text_mac(&t, k->mac);
	if (k->facts.holds != HOLDS_UNKNOWN) {
		text_put(&t, "  ");
		text_name(&t, k->facts.machine[0] ? k->facts.machine : _("this host"),
			NODE_NAME_SIZE);
		text_char(&t, ' ');
		text_name(&t, k->facts.iface, IFNAME_SIZE);
	}
	detail_line(l, k->blamed ? ROLE_WARN : ROLE_TEXT, text_end(&t));
}

void detail_conflict(const struct screen *s, const struct model *m, struct lines *l, uint16_t node,
	const struct neigh_entry *n)
{
	char bytes[CONFLICT_ROOM];
	struct text t = text_in(bytes, sizeof bytes);
	struct conflict f;
	if (!conflict_of_row(s, m, node, n->ifindex, n->ip, &f))
		return;
	conflict_short(&t, &f);
	detail_pair(l, C_("pair", "conflict"), ROLE_WARN, &t);
	for (size_t i = 0; i < f.count; i++)
		claimant_line(l, &f.claimants[i]);
	t = text_in(bytes, sizeof bytes);
	conflict_text(&t, &f);
	detail_wrapped(l, ROLE_TEXT, text_end(&t));
}
