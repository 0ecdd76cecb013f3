/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about connections: who answered them, and by way of whom they came. */
#include <config.h>

#include <arplab/i18n.h>

#include "claim_parts.h"

static uint64_t served(const struct looking *l, uint16_t server, uint16_t director)
{
	return world_served(l->w, server, director, l->since.served);
}

/* Without a connection nothing is shown. */
static bool judge(const struct looking *l, uint64_t count)
{
	if (served(l, ANY_MACHINE, ANY_MACHINE) > 0)
		return claim_compares(l->c, (int64_t)count);
	text_put(l->seen, _("no connection was answered"));
	return false;
}

bool look_connected(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_CONNECT, l->c->ip, l->since.tried);
	if (!t) {
		text_printf(l->seen, _("%s has opened no connection to %s"), claim_node(l),
			ip_word(l->c->ip).text);
		return false;
	}
	text_printf(l->seen, _("%u of %u connections of %s were answered"), t->received, t->sent,
		claim_node(l));
	return claim_compares(l->c, t->received);
}

bool look_served(const struct looking *l)
{
	uint64_t count = served(l, l->c->node, ANY_MACHINE);
	if (count)
		text_printf(l->seen,
			ngettext("%s answered %llu connection", "%s answered %llu connections",
				count),
			claim_node(l), (unsigned long long)count);
	else if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, _("%s answered none"), claim_node(l));
	return judge(l, count);
}

bool look_passed(const struct looking *l)
{
	uint64_t count = served(l, ANY_MACHINE, l->c->node);
	if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, _("%s handed on %llu of %llu"), claim_node(l),
			(unsigned long long)count,
			(unsigned long long)served(l, ANY_MACHINE, ANY_MACHINE));
	return judge(l, count);
}

bool look_bypassed(const struct looking *l)
{
	uint64_t count = served(l, ANY_MACHINE, 0);
	if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, _("%llu of %llu came without a director"),
			(unsigned long long)count,
			(unsigned long long)served(l, ANY_MACHINE, ANY_MACHINE));
	return judge(l, count);
}
