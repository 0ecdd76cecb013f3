/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: claims about connections: who answered them, and by way of whom they came. */
#include <config.h>

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
	text_put(l->seen, "no connection was answered");
	return false;
}

bool look_connected(const struct looking *l)
{
	const struct tried *t =
		world_tried(l->w, l->c->node, ACTION_CONNECT, l->c->ip, l->since.tried);
	if (!t) {
		text_printf(l->seen, "%s has opened no connection to ", claim_node(l));
		text_ip(l->seen, l->c->ip);
		return false;
	}
	text_printf(l->seen, "%u of %u connections of %s were answered", t->received, t->sent,
		claim_node(l));
	return claim_compares(l->c, t->received);
}

bool look_served(const struct looking *l)
{
	uint64_t count = served(l, l->c->node, ANY_MACHINE);
	if (count)
		text_printf(l->seen, "%s answered %llu connection%s", claim_node(l),
			(unsigned long long)count, count == 1 ? "" : "s");
	else if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, "%s answered none", claim_node(l));
	return judge(l, count);
}

bool look_passed(const struct looking *l)
{
	uint64_t count = served(l, ANY_MACHINE, l->c->node);
	if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, "%s handed on %llu of %llu", claim_node(l),
			(unsigned long long)count,
			(unsigned long long)served(l, ANY_MACHINE, ANY_MACHINE));
	return judge(l, count);
}

bool look_bypassed(const struct looking *l)
{
	uint64_t count = served(l, ANY_MACHINE, 0);
	if (served(l, ANY_MACHINE, ANY_MACHINE))
		text_printf(l->seen, "%llu of %llu came without a director",
			(unsigned long long)count,
			(unsigned long long)served(l, ANY_MACHINE, ANY_MACHINE));
	return judge(l, count);
}
