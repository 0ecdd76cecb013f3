/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: orders and claims of lessons in tests of the lab. */
#include <config.h>

#include "labwords.h"

#include <string.h>

#include <arplab/claim.h>
#include <arplab/order.h>
#include <arplab/text.h>

#include "proc.h"
#include "tap.h"

#define CLAIM_MS 5000

static struct order parse(const struct topology *t, const char *line)
{
	struct order o;
	struct err err = { "" };
	check(order_parse(line, t, &o, &err) == 0, "%s: %s", line, err.text);
	return o;
}

static struct action action_of(const struct front *f, const struct order *o, uint16_t node)
{
	struct action a;
	struct err err = { "" };
	check(order_action(o, node, &f->world, &a, &err) == 0, "%s: %s", o->text, err.text);
	return a;
}

struct action front_action(const struct front *f, const struct topology *t, const char *line)
{
	const struct order o = parse(t, line);
	uint16_t node = 1;
	while (node < NODES_MAX && !(o.nodes >> node & 1))
		node++;
	return action_of(f, &o, node);
}

int front_order(struct front *f, const struct topology *t, const char *line)
{
	const struct order o = parse(t, line);
	int error = 0;
	for (uint16_t node = 1; node <= NODES_MAX; node++)
		if (o.nodes >> node & 1)
			error = front_act(f, action_of(f, &o, node));
	return error;
}

void expect_claim(struct front *f, const struct topology *t, const char *line)
{
	const struct since since = { .frame = 0 };
	struct err err = { "" };
	struct claim c;
	check(claim_parse(line, t, &c, &err) == 0, "%s: %s", line, err.text);
	int64_t end = now_ms() + CLAIM_MS;
	for (;;) {
		char words[300];
		struct text seen = text_in(words, sizeof words);
		if (claim_holds(&c, &f->world, since, &seen))
			return;
		check(now_ms() < end, "%s: %s", line, text_end(&seen));
		front_read(f, 50);
	}
}

void expect_said(const struct front *f, const char *words)
{
	check(strstr(f->done.text, words), "\"%s\" does not hold \"%s\"", f->done.text, words);
}

const struct tried *newest_tried(const struct front *f)
{
	check(f->world.tried_total > 0, "nothing was tried");
	return &f->world.tried[(f->world.tried_total - 1) % WORLD_TRIED];
}
