/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the parts of `arplab explain`: words make a question, the question is put to a machine's
 * facts, the answer is told as lines or as JSON.
 *
 *	struct explain_words w;
 *	explain_parse(words, count, &w, &err);        nothing is known of the machine yet
 *	explain_ask(&w, &facts, facts.host, &a, &err) names of interfaces are looked up here
 */
#ifndef ARPLAB_EXPLAIN_H
#define ARPLAB_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/app.h>
#include <arplab/err.h>
#include <arplab/host.h>
#include <arplab/rules.h>
#include <arplab/text.h>

#include "survey.h"

/* A question as it was typed. Names of interfaces are the caller's strings, NULL if not given. */
struct explain_words {
	enum question question; /* FORWARD for `announce` with `iif`. */
	uint32_t target, sender;
	uint32_t source; /* Of the packet; 0: the kernel's choice. */
	const char *dev, *iif;
	uint16_t op;
	bool has_target; /* An is-at names its sender alone, and may not say whom it is for. */
	bool has_smac, has_dmac, has_tmac;
	uint8_t smac[6], dmac[6], tmac[6];
	bool poll;
	bool has_known; /* The entry was said, and is not looked up. */
	struct known known;
};

/* Returns 0, or -EINVAL and a sentence about the first word that is wrong, or that is missing. */
int explain_parse(char *const *words, size_t count, struct explain_words *ret, struct err *err);

struct explain_answer {
	struct verdict verdict;
	struct trace trace;
	char sentence[600];
	char aside[600]; /* A second sentence that belongs to it, or "". */
};

/* Put the question to a host. facts: the neighbour table. Returns 0, or -EINVAL and a sentence. */
int explain_ask(const struct explain_words *w, const struct survey *f, const struct host *h,
	struct explain_answer *ret, struct err *err);

/* Sysctls that are thought of, each as NAME.KEY=VALUE. */
#define EXPLAIN_SETS APP_SETS
#define EXPLAIN_SET_SIZE 64
struct explain_sets {
	size_t count;
	char words[EXPLAIN_SETS][EXPLAIN_SET_SIZE];
};
/* Those of --set; one without a name is of the question's interface. Returns 0 or -EINVAL. */
int explain_sets_from(const struct app_options *o, const struct explain_words *w,
	struct explain_sets *ret, struct err *err);
/* A copy of a host with these values. Returns NULL and a sentence about a wrong word. */
struct host *explain_what_if(
	const struct explain_sets *sets, const struct host *h, struct err *err);

/* Both verdicts and a ladder on standard output. then: with --set, else NULL. */
void explain_text(const struct app_options *o, const struct explain_sets *sets,
	const struct explain_answer *now, const struct explain_answer *then);
/* What the JSON says of an answer, from `outcome` on, without braces. */
void explain_put_answer(struct text *t, const struct host *h, const struct explain_answer *a);
void explain_json(const struct explain_sets *sets, const struct host *h,
	const struct explain_answer *now, const struct explain_answer *then);

#endif
