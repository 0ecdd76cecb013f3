/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: random machines and random frames: every question has a verdict, and a ladder that leads to
 * it.
 *
 * Where a verdict is given although some sysctls are not known, it has to be the same whatever
 * their values turn out to be: nothing was guessed.
 */
#include <config.h>

#include "fuzz.h"
#include "machines.h"

#include <arplab/rules.h>
#include <arplab/sender.h>
#include <arplab/utf8.h>
#include <arplab/whatif.h>

enum { FRAMES = 3, COMPLETIONS = 3 };

/* A question of either kind; the other of the two is NULL. */
struct query {
	enum question question;
	const struct arrival *arrival;
	const struct departure *departure;
};

static void ask(
	const struct host *h, const struct query *q, struct verdict *ret, struct trace *trace)
{
	switch (q->question) {
	case QUESTION_ANSWER:
		rules_answer(NULL, h, q->arrival, ret, trace);
		break;
	case QUESTION_LEARN:
		rules_learn(NULL, h, q->arrival, ret, trace);
		break;
	case QUESTION_ANNOUNCE:
		rules_announce(NULL, h, q->departure, ret, trace);
		break;
	case QUESTION_FORWARD:
		rules_forward(NULL, h, q->departure, ret, trace);
		break;
	case QUESTIONS:
		break;
	}
}

/* ---- what must hold ---- */

static void must_be_readable(const char *s)
{
	must(*s);
	for (uint32_t c; (c = utf8_next(&s));)
		must(c != 0xfffd);
}

static void must_be_same(const struct verdict *a, const struct verdict *b)
{
	must(a->question == b->question && a->outcome == b->outcome && a->rule == b->rule);
	must(a->ifindex == b->ifindex && a->ip == b->ip && a->state == b->state);
	must(a->sender == b->sender && a->source == b->source && a->error == b->error);
	must(a->delayed == b->delayed && memcmp(a->mac, b->mac, 6) == 0);
}

static bool is_outcome_of(enum question question, enum outcome outcome)
{
	static const unsigned outcomes[QUESTIONS] = {
		[QUESTION_ANSWER] =
			1u << OUTCOME_REPLY | 1u << OUTCOME_PROXIED | 1u << OUTCOME_SILENT,
		[QUESTION_LEARN] = 1u << OUTCOME_CREATED | 1u << OUTCOME_CHANGED |
				   1u << OUTCOME_KEPT | 1u << OUTCOME_NOTHING,
		[QUESTION_ANNOUNCE] = 1u << OUTCOME_ASKS | 1u << OUTCOME_USES |
				      1u << OUTCOME_NO_ARP | 1u << OUTCOME_REFUSED,
		[QUESTION_FORWARD] = 1u << OUTCOME_ASKS | 1u << OUTCOME_USES |
				     1u << OUTCOME_NO_ARP | 1u << OUTCOME_REFUSED,
	};
	return outcome == OUTCOME_UNKNOWN || outcomes[question] & 1u << outcome;
}

/* Whether what it says that will happen is a thing that can happen. */
static void must_be_whole(const struct host *h, const struct query *q, const struct verdict *v)
{
	const struct host_link *l = host_link(h, v->ifindex);
	must(v->question == q->question && is_outcome_of(v->question, v->outcome));
	must(v->rule && v->rule->id && v->rule->brief && v->rule->question && v->rule->kernel);
	if (v->outcome == OUTCOME_REPLY || v->outcome == OUTCOME_PROXIED)
		must(l && v->ifindex == q->arrival->ifindex && memcmp(v->mac, l->mac, 6) == 0);
	if (v->outcome == OUTCOME_CREATED || v->outcome == OUTCOME_CHANGED)
		must(v->state && v->ip == q->arrival->packet.sip);
	if (v->outcome == OUTCOME_ASKS || v->outcome == OUTCOME_USES)
		must(l && v->state);
	if (v->outcome == OUTCOME_REFUSED && v->question == QUESTION_ANNOUNCE)
		must(v->error < 0);
	if (v->question == QUESTION_ANSWER || v->question == QUESTION_LEARN)
		must(v->error == 0 && v->sender == 0);
}

static void must_lead_to(const struct trace *trace, const struct verdict *v)
{
	must(trace->count > 0 && trace->count <= TRACE_RUNGS);
	for (size_t i = 0; i < trace->count; i++) {
		const struct rung *r = &trace->rungs[i];
		bool last = i + 1 == trace->count;
		must(r->rule && !(r->holds && r->unknown));
		must((r->holds || r->unknown) == last);
		/* A text that was cut is as long as its place, but for a torn character. */
		must(strlen(r->found) < sizeof r->found - 4);
		must_be_readable(r->found);
	}
	const struct rung *last = trace_last(trace);
	must(last->rule == v->rule && rung_matters(last));
	must(last->unknown == (v->outcome == OUTCOME_UNKNOWN));
	must(!last->unknown || (strcmp(last->found, "something is not known") != 0 &&
				       strcmp(last->found, "no rule decides about it") != 0));
}

static void must_be_told(const struct host *h, const struct verdict *v, const struct trace *trace)
{
	char line[512];
	struct text t = text_in(line, sizeof line);
	verdict_text(&t, h, v, trace);
	must_be_readable(text_end(&t));
	must(!t.cut && strstr(line, trace_last(trace)->found));
	t = text_in(line, 80);
	verdict_brief(&t, h, v);
	must_be_readable(text_end(&t));
	must(!t.cut);
	verdict_matters(v);
}

/* A copy in which all that was not known has some value. */
static struct host *completed(const struct host *h, struct draw *d)
{
	struct host *c = host_copy(h);
	for (int key = 0; key < HOST_KEYS; key++) {
		if (!(c->all.known & 1u << key))
			host_set(c, CONF_ALL, (enum host_key)key, draw_value(d));
		for (size_t i = 0; i < c->link_count; i++)
			if (!(c->links[i].own.known & 1u << key))
				host_set(c, c->links[i].ifindex, (enum host_key)key, draw_value(d));
	}
	return c;
}

static void check(const struct host *h, const struct query *q, struct host *const *completions)
{
	struct verdict v, told;
	struct trace trace;
	ask(h, q, &v, NULL);
	ask(h, q, &told, &trace);
	must_be_same(&v, &told);
	must_be_whole(h, q, &v);
	must_lead_to(&trace, &v);
	must_be_told(h, &v, &trace);
	for (int i = 0; i < COMPLETIONS && v.outcome != OUTCOME_UNKNOWN; i++) {
		ask(completions[i], q, &told, NULL);
		must_be_same(&v, &told);
	}
}

/* ---- what is built upon the rules ---- */

static void check_sender(const struct host *h, const struct arrival *a)
{
	char line[256];
	struct text t = text_in(line, sizeof line);
	struct sender s;
	sender_look(h, a->ifindex, a->packet.tip, a->packet.sip, a->known_unknown, &s);
	sender_text(&t, a->packet.sip, &s);
	must_be_readable(text_end(&t));
	must(!t.cut);
}

static void check_whatif(struct draw *d, const struct host *h, const struct arrival *arrivals)
{
	struct whatif w;
	struct whatif_frame frames[FRAMES];
	for (int i = 0; i < FRAMES; i++)
		frames[i] = (struct whatif_frame) { arrivals[i], draw_rarely(d, 2), false };
	int32_t ifindex = draw_rarely(d, 2) ? CONF_ALL : arrivals[0].ifindex;
	enum host_key key = (enum host_key)draw_below(d, HOST_KEYS);
	whatif_look(&w, h, ifindex, key, draw_value(d), frames, FRAMES);
	must(w.asked >= 1 && w.asked <= FRAMES && w.total <= w.asked);
	must(w.count >= w.total && w.count <= 2 * w.total && w.dropped == 0);
	for (size_t i = 0; i < w.count; i++) {
		char line[200];
		struct text t = text_in(line, sizeof line);
		whatif_text(&t, h, &w.differs[i]);
		must_be_readable(text_end(&t));
		must(!t.cut);
		must(w.differs[i].question == QUESTION_ANNOUNCE ||
			w.differs[i].now != w.differs[i].then);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct draw d = { bytes, len };
	struct host *h = make_host(&d), *completions[COMPLETIONS];
	struct arrival arrivals[FRAMES];
	for (int i = 0; i < COMPLETIONS; i++)
		completions[i] = completed(h, &d);
	for (int i = 0; i < FRAMES; i++) {
		struct known known;
		struct departure departure;
		make_arrival(&d, h, &arrivals[i]);
		make_departure(&d, h, &known, &departure);
		for (int question = 0; question < QUESTIONS; question++) {
			const struct query q = { (enum question)question, &arrivals[i],
				&departure };
			/* A packet that is routed came in somewhere. */
			if (question == QUESTION_FORWARD && !departure.ifindex)
				departure.ifindex = draw_ifindex(&d, h);
			check(h, &q, completions);
		}
		check_sender(h, &arrivals[i]);
	}
	check_whatif(&d, h, arrivals);
	for (int i = 0; i < COMPLETIONS; i++)
		host_free(completions[i]);
	host_free(h);
	return 0;
}

/* Bytes as they come: every machine is as good as any other. */
size_t fuzz_seed(size_t number, uint8_t *bytes, size_t size)
{
	enum { SEEDS = 24, SEED_LEN = 500 };
	uint32_t state = (uint32_t)number;
	if (number == SEEDS)
		return SIZE_MAX;
	must(size >= SEED_LEN);
	for (size_t i = 0; i < SEED_LEN; i++) {
		state = state * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(state >> 24);
	}
	return SEED_LEN;
}
