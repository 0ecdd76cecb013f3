/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a lesson played without a person, to prove that it keeps its word: every check is red
 * before its solution and green after it.
 *
 * In a step without a solution the claims are looked at when nothing of the `do` before the check
 * has happened yet; in a task after the check's own orders, in the lab as the learner finds it. A
 * check that is not green at the end is left, and the proof goes on with the next step.
 *
 * A task that has several ways to be solved is played once for each, and once for each wrong way,
 * which must leave its check red; each time in a lab that is built anew.
 *
 * A step in which the kernel has collected a failed entry proves nothing when it is not green: it
 * is played again, in a lab that is built anew. With gc_thresh1 neighbours, 128, in all namespaces
 * together the kernel does that every 15 seconds (net/core/neighbour.c, neigh_periodic_work).
 *
 * It wants and is fed like a play:
 *
 *	struct proof p;
 *	proof_init(&p, lesson, false);
 *	while (!proof_over(&p)) {
 *		switch (proof_wants(&p, world, now_ns, &action, &wake_ns)) …
 *		proof_feed(&p, world, event, now_ns);
 *	}
 *	for (size_t i = 0; i < p.count; i++)	report p.checks[i];
 *	proof_done(&p);
 */
#ifndef ARPLAB_PROOF_H
#define ARPLAB_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/play.h>

/* One check, in the order in which they were played. */
struct proof_check {
	size_t step, item; /* lesson->steps[step].items[item] */
	size_t remedy;     /* The item that was carried out, SIZE_MAX: the only `solve`. */
	bool wrong;        /* It is one that must not solve the task. */
	bool task;         /* The learner's, with a solution. */
	bool looked_before, looked_after;
	bool red_before, green_after;
	struct claim_result before[PLAY_CLAIMS_MAX], after[PLAY_CLAIMS_MAX];
	size_t claim_count;
};

/* An order that the lab refused, or a ladder that no frame of its step is there for. */
struct proof_refusal {
	size_t step;
	unsigned line; /* Of the lesson's file. */
	char text[EVENT_TEXT_SIZE];
};

#define PROOF_REFUSALS 16
#define PROOF_AGAIN_MOST 3 /* Times that a step is played again. */

struct proof {
	struct play play;
	bool anew; /* Each step begins in a lab that was built anew, as after a reset. */
	struct proof_check *checks; /* From malloc. */
	size_t count, room;
	struct proof_refusal refusals[PROOF_REFUSALS];
	size_t refusal_count;          /* May be more than are kept. */
	unsigned predictions;          /* That were made, each with its right choice. */
	char problem[EVENT_TEXT_SIZE]; /* Why it could not go on; "" if it could. */
	size_t remedy;                 /* Of the step: which of its ways is played, from 0 on. */
	bool solved;             /* The solution of the task that is played was carried out. */
	struct action sent;      /* The play's last. */
	bool collected;          /* A failed entry was, since the step or its way began. */
	unsigned again;          /* How often this step was played again; */
	unsigned again_total;    /* how often any was. */
	const struct past *past; /* To look at ladders by, or NULL; the caller's, settled. */
	/* Is told of each ladder whose frame is there, while it is there; may be NULL. */
	void (*show)(void *arg, const struct step *step, const struct ladder *l,
		const struct ladder_shown *shown);
	void *arg;
};

void proof_init(struct proof *p, const struct lesson *lesson, bool anew);
void proof_done(struct proof *p);
enum play_want proof_wants(struct proof *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns);
void proof_feed(struct proof *p, const struct world *w, const struct event *e, uint64_t now_ns);
/* Whether every step was played, or there is a problem. */
bool proof_over(const struct proof *p);
/* Whether one check did as it should. */
bool proof_check_good(const struct proof_check *c);
/* Whether it is over, and all checks did, and nothing was refused. */
bool proof_good(const struct proof *p);

#endif
