/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what the two ways of `arplab run` share: lines that a learner answers, and the proof. */
#ifndef ARPLAB_RUN_H
#define ARPLAB_RUN_H

#include "course.h"
#include "headless.h"

/* A lesson in plain lines on standard output, answered on standard input. */
int run_plain(
	struct headless *h, struct course *c, const struct lesson *l, const struct app_options *o);

/* What has been printed of a step; step SIZE_MAX: nothing yet. */
struct told {
	size_t step, items;
	uint64_t replies; /* A bit for each item. */
	unsigned checks;
	uint8_t hints;
	bool why, solution;
	uint64_t ladders; /* A bit for each of the step's, from its first on. */
};
/* Print what has come into sight since. h: its past is settled. */
void run_tell(struct told *t, const struct play *p, const struct headless *h,
	const struct app_options *o);

/* One of a lesson's ladders. shown: NULL while the step has no such frame. */
void run_print_ladder(const struct ladder *l, const struct ladder_shown *shown,
	const struct world *w, const struct app_options *o);
/* The same as a line of JSON; its members are documented in arplab(1). */
void run_json_ladder(const struct lesson *lesson, const struct step *step, const struct ladder *l,
	const struct ladder_shown *shown);

/* One lesson proved: each check red before its solution and green after it. */
struct proof_sum {
	unsigned failed, skipped;
};
int run_proof(struct headless *h, const struct lesson *l, const struct app_options *o,
	struct proof_sum *sum);

/*
 * The same for `lessons check`: what is wrong is said as FILE:LINE: TEXT. *ret_faults counts it.
 * Returns 0, or an error and a sentence when no lab can be had.
 */
int run_check(struct headless *h, const struct lesson *l, const char *file, size_t *ret_faults,
	struct err *err);

/* Prose on standard output, wrapped, without its marks. indent: blanks before each line. */
void run_print_prose(const struct prose *p, size_t count, unsigned indent);
void run_print_wrapped(const char *text, unsigned indent);

#endif
