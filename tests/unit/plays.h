/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: a lesson made by hand and a lab that obeys at once: it builds, writes sysctls, answers
 * who-has as arp_ignore 0 and 1 would, and knows nothing else.
 */
#ifndef TESTS_PLAYS_H
#define TESTS_PLAYS_H

#include <errno.h>
#include <stdlib.h>

#include <arplab/lesson.h>
#include <arplab/play.h>

#include "lab.h"

/* ---- the lab ---- */

static inline bool lab_responds(const struct world *w, uint16_t node, uint32_t ip)
{
	const struct model *m = world_machine(w, node);
	int32_t all = 0, ifindex = model_own_ip(m, ip);
	model_sysctl(m, CONF_ALL, (size_t)sysctl_find("arp_ignore"), &all);
	return ifindex > 1 || (ifindex == 1 && all == 0);
}

static inline unsigned lab_question(struct world *w, const struct action *a)
{
	unsigned answers = 0;
	lab_asks(w, a->node, 0, a->ip, LAB_CLIENT);
	for (uint16_t n = (uint16_t)w->count; n > 0; n--) {
		if (n == a->node || !lab_responds(w, n, a->ip))
			continue;
		lab_answers(w, n, a->ip);
		answers++;
	}
	return answers;
}

/* Carry an action out. Returns its answer, which is still to be applied and fed. */
static inline struct event lab_obey(
	struct world *w, const struct topology *t, const struct action *a)
{
	struct event done = make(EVENT_DONE, 5000);
	done.node = a->node;
	done.done.id = a->id;
	text_copy(done.done.text, sizeof done.done.text, "done");
	if (a->kind == ACTION_LOOK_NEIGH) {
		done.done.text[0] = '\0';
	} else if (a->kind == ACTION_BUILD) {
		lab_build(w, t);
	} else if (a->kind == ACTION_SET) {
		lab_sysctl(w, a->node, a->ifindex, sysctl_key(a->key)->name, a->value);
	} else if (a->kind == ACTION_ARPING) {
		lab_question(w, a);
	} else if (a->kind == ACTION_PING) {
		lab_pinged(w, a->node, a->ip, a->count, lab_question(w, a) ? a->count : 0);
	} else if (a->kind == ACTION_ROUTE) {
		done.done.error = -ENETUNREACH;
		text_copy(done.done.text, sizeof done.done.text, "there is no such network");
	}
	return done;
}

/* ---- the lesson ---- */

struct made {
	struct topology topology;
	struct lesson lesson;
	struct step steps[4];
	struct item items[4][10];
	struct choice choices[3];
	struct order orders[16];
	struct claim claims[16];
	size_t order_count, claim_count;
	unsigned line;
};

static inline struct item *made_item(struct made *m, enum item_kind kind)
{
	struct step *s = &m->steps[m->lesson.step_count - 1];
	struct item *i = &s->items[s->item_count++];
	i->kind = kind;
	i->line = ++m->line;
	s->has_solve = s->has_solve || kind == ITEM_SOLVE;
	return i;
}

static inline void made_order(struct made *m, struct item *i, const char *line)
{
	struct err err;
	struct order *o = &m->orders[m->order_count++];
	if (order_parse(line, &m->topology, o, &err) < 0)
		abort();
	o->line = ++m->line;
	i->orders = i->orders ? i->orders : o;
	i->order_count++;
}

static inline void made_claim(struct made *m, struct item *i, const char *line)
{
	struct err err;
	struct claim *c = &m->claims[m->claim_count++];
	if (claim_parse(line, &m->topology, c, &err) < 0)
		abort();
	c->line = ++m->line;
	i->claims = i->claims ? i->claims : c;
	i->claim_count++;
	i->within_ms = 2000;
}

static inline void made_step(struct made *m, const char *id)
{
	struct step *s = &m->steps[m->lesson.step_count];
	s->items = m->items[m->lesson.step_count++];
	text_copy(s->id, sizeof s->id, id);
}

static inline void made_begin(struct made *m, const char *id)
{
	memset(m, 0, sizeof *m);
	lab_topology(&m->topology);
	m->lesson.topology = m->topology;
	m->lesson.steps = m->steps;
	text_copy(m->lesson.id, sizeof m->lesson.id, id);
}

static inline void made_predict(struct made *m)
{
	static char one[] = "one", two[] = "two", three[] = "three", reply[] = "Look.";
	struct item *i = made_item(m, ITEM_PREDICT);
	m->choices[0] = (struct choice) { .name = one, .reply = reply };
	m->choices[1] = (struct choice) { .name = two, .reply = reply };
	m->choices[2] = (struct choice) { .name = three, .reply = reply, .right = true };
	i->choices = m->choices;
	i->choice_count = 3;
}

enum { PROSE_BEFORE, PREDICT, DO, CHECK, PROSE_AFTER };
enum { TASK_PROSE, TASK_DO, TASK_CHECK, TASK_HINT, TASK_HINT_TWO, TASK_SOLVE, TASK_WHY };

/* Step 1: three machines answer. Step 2: make two of them silent; the check sends a who-has. */
static inline void made_two_steps(struct made *m)
{
	made_begin(m, "06-arp-ignore-0");
	made_step(m, "three-machines");
	made_item(m, ITEM_PROSE);
	made_predict(m);
	struct item *i = made_item(m, ITEM_DO);
	made_order(m, i, "flush client");
	made_order(m, i, "arping client 192.168.2.200");
	i = made_item(m, ITEM_CHECK);
	made_claim(m, i, "replies 192.168.2.200 = 3");
	made_item(m, ITEM_PROSE);

	made_step(m, "one-machine");
	made_item(m, ITEM_PROSE);
	i = made_item(m, ITEM_DO);
	made_order(m, i, "set rs1,rs2 all.arp_announce 2");
	i = made_item(m, ITEM_CHECK);
	made_order(m, i, "arping client 192.168.2.200");
	made_claim(m, i, "replies 192.168.2.200 = director");
	made_claim(m, i, "address rs1 192.168.2.200 = lo");
	made_item(m, ITEM_HINT);
	made_item(m, ITEM_HINT);
	i = made_item(m, ITEM_SOLVE);
	made_order(m, i, "set rs1,rs2 all.arp_ignore 1");
	made_item(m, ITEM_WHY);
}

/* Step 3: a task whose check needs no traffic. */
static inline void made_quiet_step(struct made *m)
{
	made_step(m, "write-it-down");
	struct item *i = made_item(m, ITEM_CHECK);
	made_claim(m, i, "sysctl director all.arp_ignore = 2");
	i = made_item(m, ITEM_SOLVE);
	made_order(m, i, "set director all.arp_ignore 2");
}

#endif
