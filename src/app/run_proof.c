/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a lesson that proves itself, as text, as TAP or as JSON. */
#include <config.h>

#include <errno.h>
#include <stdio.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/proof.h>
#include <arplab/text.h>

#include "recorder.h"
#include "run.h"

struct proving {
	struct headless *h;
	struct proof proof;
};

static void feed(void *arg, const struct event *e)
{
	struct proving *p = arg;
	proof_feed(&p->proof, &p->h->world, e, clock_steady_ns());
}

/* Play it. Returns 0, or an error of the line. */
static int play(struct proving *p, const struct lesson *l)
{
	while (!proof_over(&p->proof)) {
		struct action a = { 0 };
		uint64_t wake_ns = UINT64_MAX;
		int error = 0;
		past_settle(p->h->past, &p->h->world);
		recorder_play(p->h->recorder, &p->proof.play, false);
		switch (proof_wants(&p->proof, &p->h->world, clock_steady_ns(), &a, &wake_ns)) {
		case WANT_ACTION:
			error = app_send(&p->h->line, &a);
			break;
		case WANT_BUILD:
			error = app_send_build(&p->h->line, &a, &l->topology);
			break;
		case WANT_NOTHING:
			if (!proof_over(&p->proof))
				error = headless_wait(p->h, wake_ns, -1, NULL);
			break;
		}
		if (error)
			return error == -EINTR ? error : -EPIPE;
	}
	recorder_play(p->h->recorder, &p->proof.play, false);
	return 0;
}

/* ---- what is said about one check ---- */

static const char *verdict(const struct proof_check *c)
{
	if (proof_check_good(c))
		return c->wrong ? _("red before, and after a wrong repair")
				: _("red before, green after");
	if (c->looked_before && !c->red_before)
		return _("already green before the solution");
	if (!c->looked_after)
		return _("never looked at");
	return c->wrong ? _("green after a wrong repair") : _("not green after the solution");
}

/* Claims that did not do as they should, with what was seen. */
static void print_claims(const struct lesson *l, const struct proof_check *c, const char *indent)
{
	const struct item *item = &l->steps[c->step].items[c->item];
	bool too_early = c->looked_before && !c->red_before;
	const struct claim_result *results = too_early ? c->before : c->after;
	for (size_t i = 0; i < c->claim_count; i++)
		if (too_early || !results[i].holds || c->wrong)
			printf("%s%s: %s\n", indent, item->claims[i].text, results[i].seen);
}

static void put_json(struct text *t, const char *key, const char *value)
{
	text_printf(t, "\"%s\":\"", key);
	text_json(t, value);
	text_char(t, '"');
}

static void print_check_json(const struct lesson *l, const struct proof_check *c)
{
	char line[8192];
	const struct step *step = &l->steps[c->step];
	struct text t = text_in(line, sizeof line);
	text_char(&t, '{');
	put_json(&t, "lesson", l->id);
	text_char(&t, ',');
	put_json(&t, "step", step->id);
	if (c->remedy != SIZE_MAX) {
		text_char(&t, ',');
		put_json(&t, "cause", l->cause);
		text_printf(&t, ",\"way\":%u,\"wrong\":%s", step->items[c->remedy].line,
			c->wrong ? "true" : "false");
	}
	text_printf(&t,
		",\"line\":%u,\"good\":%s,\"red_before\":%s,\"green_after\":%s,\"claims\":[",
		step->items[c->item].line, proof_check_good(c) ? "true" : "false",
		c->red_before ? "true" : "false", c->green_after ? "true" : "false");
	for (size_t i = 0; i < c->claim_count; i++) {
		text_put(&t, i ? ",{" : "{");
		put_json(&t, "claim", step->items[c->item].claims[i].text);
		text_printf(&t, ",\"holds\":%s,", c->after[i].holds ? "true" : "false");
		put_json(&t, "seen", c->after[i].seen);
		text_char(&t, '}');
	}
	text_put(&t, "]}");
	puts(text_end(&t));
}

/* Which of several ways it was about, and which cause: behind the check's own line. */
static void put_way(struct text *t, const struct lesson *l, const struct proof_check *c)
{
	if (c->remedy == SIZE_MAX)
		return;
	const struct item *way = &l->steps[c->step].items[c->remedy];
	const char *block = c->wrong ? "wrong" : "solve";
	if (l->cause[0])
		text_printf(t, _(" (%s, %s of line %u)"), l->cause, block, way->line);
	else
		text_printf(t, _(" (%s of line %u)"), block, way->line);
}

static void print_check(const struct lesson *l, const struct proof_check *c,
	const struct app_options *o, struct proof_sum *sum)
{
	bool good = proof_check_good(c);
	const struct step *step = &l->steps[c->step];
	unsigned line = step->items[c->item].line;
	char bytes[80];
	struct text way = text_in(bytes, sizeof bytes);
	put_way(&way, l, c);
	text_end(&way);
	if (o->json) {
		print_check_json(l, c);
	} else if (o->tap) {
		printf("%s - %s: %s, line %u%s: %s\n", good ? "ok" : "not ok", l->id, step->title,
			line, bytes, verdict(c));
		if (!good)
			print_claims(l, c, "# ");
	} else if (!o->quiet || !good) {
		printf("  %-6s ", good ? "ok" : "FAILED");
		printf(_("%s, line %u%s: %s\n"), step->title, line, bytes, verdict(c));
		if (!good)
			print_claims(l, c, "         ");
	}
	sum->failed += !good;
}

static void print_ladder_json(void *arg, const struct step *step, const struct ladder *l,
	const struct ladder_shown *shown)
{
	const struct proving *p = arg;
	run_json_ladder(p->proof.play.lesson, step, l, shown);
}

/* ---- what is said about the whole ---- */

static void print_trouble(const struct lesson *l, const struct app_options *o,
	struct proof_sum *sum, unsigned line, const char *text)
{
	sum->failed++;
	if (o->tap)
		printf("not ok - %s, line %u: %s\n", l->id, line, text);
	else
		app_fail(EXIT_REFUSED, _("%s, line %u: %s"), l->id, line, text);
}

static void print_skipped(
	const struct proving *p, const struct app_options *o, struct proof_sum *sum)
{
	const struct play *play = &p->proof.play;
	for (size_t i = 0; i < play->lesson->step_count; i++) {
		const struct step *s = &play->lesson->steps[i];
		char words[EVENT_TEXT_SIZE];
		struct text why = text_in(words, sizeof words);
		/* A step whose check is not good was left, too; that has been said. */
		if (play->steps[i].outcome != STEP_SKIPPED || !play_lacks(s, &p->h->world, &why))
			continue;
		sum->skipped++;
		text_end(&why);
		if (o->tap)
			printf("ok - %s: %s # SKIP %s\n", play->lesson->id, s->title, words);
		else if (!o->json)
			printf(_("  skipped %s: %s\n"), s->title, words);
	}
}

/* That is no trouble, but it shall not go unsaid. */
static void print_again(const struct proof *proof, const struct app_options *o)
{
	unsigned times = proof->again_total;
	if (!times || o->json || (o->quiet && !o->tap))
		return;
	printf("%s", o->tap ? "# " : "  ");
	printf(ngettext("%s: %u time a step was played again, as the kernel had collected a failed "
			"entry\n",
		       "%s: %u times a step was played again, as the kernel had collected a failed "
		       "entry\n",
		       times),
		proof->play.lesson->id, times);
}

static int report(const struct proving *p, const struct app_options *o, struct proof_sum *sum)
{
	const struct proof *proof = &p->proof;
	const struct lesson *l = proof->play.lesson;
	unsigned before = sum->failed;
	if (!o->tap && !o->json && !o->quiet)
		printf("%s  %s\n", l->id, l->title);
	for (size_t i = 0; i < proof->count; i++)
		print_check(l, &proof->checks[i], o, sum);
	for (size_t i = 0; i < proof->refusal_count && i < PROOF_REFUSALS; i++)
		print_trouble(l, o, sum, proof->refusals[i].line, proof->refusals[i].text);
	if (proof->problem[0])
		print_trouble(l, o, sum, l->steps[proof->play.step].line, proof->problem);
	print_skipped(p, o, sum);
	print_again(proof, o);
	fflush(stdout);
	return sum->failed == before ? EXIT_FINE : EXIT_REFUSED;
}

static void say_check(const struct lesson *l, const struct proof_check *c, const char *file)
{
	const struct item *item = &l->steps[c->step].items[c->item];
	bool too_early = c->looked_before && !c->red_before;
	const struct claim_result *results = too_early ? c->before : c->after;
	char line[640], bytes[80];
	struct text way = text_in(bytes, sizeof bytes);
	put_way(&way, l, c);
	snprintf(line, sizeof line, _("this check is %s%s."), verdict(c), text_end(&way));
	app_print_fault(file, item->line, line);
	for (size_t i = 0; i < c->claim_count; i++) {
		if (!too_early && results[i].holds && !c->wrong)
			continue;
		snprintf(line, sizeof line, "%s: %s", item->claims[i].text, results[i].seen);
		app_print_fault(file, item->claims[i].line, line);
	}
}

static size_t say_faults(const struct proof *proof, const char *file)
{
	const struct lesson *l = proof->play.lesson;
	size_t faults = 0;
	for (size_t i = 0; i < proof->count; i++)
		if (!proof_check_good(&proof->checks[i])) {
			say_check(l, &proof->checks[i], file);
			faults++;
		}
	for (size_t i = 0; i < proof->refusal_count && i < PROOF_REFUSALS; i++, faults++)
		app_print_fault(file, proof->refusals[i].line, proof->refusals[i].text);
	if (proof->problem[0]) {
		app_print_fault(file, l->steps[proof->play.step].line, proof->problem);
		faults++;
	}
	return faults;
}

int run_check(struct headless *h, const struct lesson *l, const char *file, size_t *ret_faults,
	struct err *err)
{
	struct proving p = { .h = h };
	proof_init(&p.proof, l, false);
	p.proof.past = h->past;
	h->feed = feed;
	h->arg = &p;
	int error = play(&p, l);
	h->feed = NULL;
	if (error)
		headless_trouble(h, error, err);
	else
		*ret_faults = say_faults(&p.proof, file);
	proof_done(&p.proof);
	return error;
}

int run_proof(struct headless *h, const struct lesson *l, const struct app_options *o,
	struct proof_sum *sum)
{
	struct proving p = { .h = h };
	struct err err = { "" };
	proof_init(&p.proof, l, o->reset);
	p.proof.past = h->past;
	p.proof.show = o->json ? print_ladder_json : NULL;
	p.proof.arg = &p;
	h->feed = feed;
	h->arg = &p;
	int error = play(&p, l);
	h->feed = NULL;
	int status = error ? EXIT_FINE : report(&p, o, sum);
	if (error) {
		headless_trouble(h, error, &err);
		status = app_fail(error == -EINTR ? 130 : EXIT_REFUSED, "%s", err.text);
	}
	proof_done(&p.proof);
	return status;
}
