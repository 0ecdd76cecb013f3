/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab explain`: what a machine does with an ARP frame, and which rule decides it. */
#include <config.h>

#include "explain.h"

#include <stdlib.h>

/* Something happens; nothing does; it cannot be told. */
static int status_of(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_REPLY:
	case OUTCOME_PROXIED:
	case OUTCOME_CREATED:
	case OUTCOME_CHANGED:
	case OUTCOME_ASKS:
	case OUTCOME_USES:
	case OUTCOME_NO_ARP:
		return EXIT_FINE;
	case OUTCOME_SILENT:
	case OUTCOME_KEPT:
	case OUTCOME_NOTHING:
	case OUTCOME_REFUSED:
		return EXIT_NOTHING;
	case OUTCOME_UNKNOWN:
	case OUTCOMES:
		break;
	}
	return EXIT_UNKNOWN;
}

/* With --set it is the second verdict that was asked for. */
static int explain(
	const struct app_options *o, const struct explain_words *w, const struct survey *f)
{
	struct err err = { "" };
	struct explain_sets sets;
	struct explain_answer *now = calloc(2, sizeof *now), *then = now + 1;
	struct host *other = NULL;
	if (!now)
		abort();
	int error = explain_sets_from(o, w, &sets, &err);
	if (!error)
		error = explain_ask(w, f, f->host, now, &err);
	if (!error && sets.count) {
		other = explain_what_if(&sets, f->host, &err);
		error = other ? explain_ask(w, f, other, then, &err) : -1;
	}
	int status = EXIT_USAGE;
	if (!error) {
		if (o->json)
			explain_json(&sets, f->host, now, other ? then : NULL);
		else
			explain_text(o, &sets, now, other ? then : NULL);
		status = status_of((other ? then : now)->verdict.outcome);
	} else {
		app_fail(EXIT_USAGE, "%s", err.text);
	}
	host_free(other);
	free(now);
	return status;
}

int app_explain(const struct app_options *o)
{
	struct err err = { "" };
	struct explain_words words;
	struct survey facts;
	if (explain_parse(o->args, o->arg_count, &words, &err) < 0)
		return app_fail(EXIT_USAGE, "%s", err.text);
	int status = survey_open(o, &facts);
	if (status < 0) {
		status = explain(o, &words, &facts);
		survey_done(&facts);
	}
	return status;
}
