/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: run — lessons without a screen, for a learner's lines, for courses, and as their proof. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/text.h>

#include "run.h"

static int run_one(struct headless *h, struct course *c, const char *word,
	const struct app_options *o, struct proof_sum *sum)
{
	struct err err = { "" };
	struct lesson *l = course_read(c, word, false, &err);
	if (!l) {
		sum->failed++;
		return app_fail(EXIT_USAGE, "%s", err.text);
	}
	int status = o->solve ? run_proof(h, l, o, sum) : run_plain(h, c, l, o);
	lesson_free(l);
	return status;
}

/* The lesson number i that is asked for: a word of the command line, or `all` of them. */
static const char *wanted(const struct course *c, const struct app_options *o, size_t i)
{
	if (o->arg_count == 1 && strcmp(o->args[0], "all") == 0)
		return i < c->count ? c->lessons[i]->id : NULL;
	return i < o->arg_count ? o->args[i] : NULL;
}

/* A word that names no lesson is found before the first lesson runs. */
static int check_words(const struct course *c, const struct app_options *o)
{
	struct err err = { "" };
	const char *word;
	for (size_t i = 0; (word = wanted(c, o, i)); i++) {
		struct lesson *l = course_read(c, word, false, &err);
		if (!l)
			return app_fail(EXIT_USAGE, "%s", err.text);
		lesson_free(l);
	}
	return EXIT_FINE;
}

int app_run(const struct app_options *o)
{
	struct headless h;
	struct course c;
	struct err err = { "" };
	struct proof_sum sum = { 0 };
	char said[EVENT_TEXT_SIZE] = "";
	if (!o->solve && (o->tap || o->json))
		return app_fail(EXIT_USAGE, "--json and --tap are for the proof: add --solve");
	if (o->solve && o->no_solve)
		return app_fail(EXIT_USAGE, "--solve and --no-solve exclude each other");
	/* The line is opened first: it drops the privileges with which no file is to be touched. */
	int error = headless_open(&h, o, &err);
	int status = error ? app_fail(EXIT_REFUSED, "%s", err.text) : EXIT_FINE;
	if (!error && course_open(&c, o, said, sizeof said, &err) < 0) {
		error = -1;
		status = app_fail(EXIT_USAGE, "%s", err.text);
	}
	if (!error) {
		if (said[0] && !o->solve)
			app_fail(EXIT_FINE, "%s", said);
		const char *word;
		course_list(&c);
		status = check_words(&c, o);
		for (size_t i = 0; status != EXIT_USAGE && (word = wanted(&c, o, i)); i++) {
			int one = run_one(&h, &c, word, o, &sum);
			status = one > status ? one : status;
			if (one >= 128)
				break;
		}
		if (o->solve && o->tap)
			printf("1..%u\n", sum.tests);
		course_done(&c);
	}
	headless_close(&h);
	return status;
}
