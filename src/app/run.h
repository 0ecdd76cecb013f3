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
};
/* Print what has come into sight since. */
void run_tell(struct told *t, const struct play *p);

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
