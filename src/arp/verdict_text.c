/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: verdicts in words, whole and short. */
#include <config.h>

#include <arplab/rules.h>

static void put_link(struct text *t, const struct host *h, const struct verdict *v)
{
	const struct host_link *l = host_link(h, v->ifindex);
	if (l)
		text_name(t, l->name, IFNAME_SIZE);
	else
		text_put(t, "this host");
}

static void put_entry(struct text *t, const struct verdict *v)
{
	text_ip(t, v->ip);
	text_char(t, ' ');
	text_put(t, neigh_state_name(v->state));
	text_char(t, ' ');
	text_mac(t, v->mac);
}

static void put_unknown(struct text *t, const struct host *h, const struct verdict *v)
{
	switch (v->question) {
	case QUESTION_ANSWER:
		text_put(t, "it cannot be told whether ");
		put_link(t, h, v);
		text_put(t, " answers");
		break;
	case QUESTION_LEARN:
		text_put(t, "it cannot be told what ");
		put_link(t, h, v);
		text_put(t, " learns");
		break;
	case QUESTION_ANNOUNCE:
	case QUESTION_FORWARD:
		text_put(t, "it cannot be told whether a who-has goes out, and as whom");
		break;
	case QUESTIONS:
		break;
	}
}

static void put_asks(struct text *t, const struct host *h, const struct verdict *v)
{
	put_link(t, h, v);
	text_put(t, " asks who-has ");
	text_ip(t, v->ip);
	text_put(t, " tell ");
	text_ip(t, v->sender);
}

/* What comes of it; why follows behind a colon. */
static void put_outcome(struct text *t, const struct host *h, const struct verdict *v)
{
	switch (v->outcome) {
	case OUTCOME_UNKNOWN:
		put_unknown(t, h, v);
		break;
	case OUTCOME_REPLY:
	case OUTCOME_PROXIED:
		put_link(t, h, v);
		text_put(t, " answers ");
		text_put(t, v->outcome == OUTCOME_PROXIED ? "in its place, with " : "with ");
		text_mac(t, v->mac);
		break;
	case OUTCOME_SILENT:
		put_link(t, h, v);
		text_put(t, " stays silent");
		break;
	case OUTCOME_CREATED:
		put_link(t, h, v);
		text_put(t, " makes the entry ");
		put_entry(t, v);
		break;
	case OUTCOME_CHANGED:
		put_link(t, h, v);
		text_put(t, " changes its entry to ");
		put_entry(t, v);
		break;
	case OUTCOME_KEPT:
		put_link(t, h, v);
		text_put(t, " keeps its entry as it is");
		break;
	case OUTCOME_NOTHING:
		put_link(t, h, v);
		text_put(t, " learns nothing");
		break;
	case OUTCOME_ASKS:
		put_asks(t, h, v);
		break;
	case OUTCOME_USES:
	case OUTCOME_NO_ARP:
		text_put(t, "no who-has goes out");
		break;
	case OUTCOME_REFUSED:
		text_put(t, "the packet is not sent");
		break;
	case OUTCOMES:
		break;
	}
}

void verdict_text(
	struct text *t, const struct host *h, const struct verdict *v, const struct trace *trace)
{
	const struct rung *last = trace ? trace_last(trace) : NULL;
	put_outcome(t, h, v);
	if (last) {
		text_put(t, ": ");
		text_put(t, last->found);
	}
}

void verdict_brief(struct text *t, const struct host *h, const struct verdict *v)
{
	switch (v->outcome) {
	case OUTCOME_UNKNOWN:
		put_link(t, h, v);
		text_put(t, ": cannot be told");
		return;
	case OUTCOME_REPLY:
		put_link(t, h, v);
		text_put(t, " answers");
		return;
	case OUTCOME_PROXIED:
		put_link(t, h, v);
		text_put(t, " answers: ");
		break;
	case OUTCOME_SILENT:
		put_link(t, h, v);
		text_put(t, " silent: ");
		break;
	case OUTCOME_CREATED:
		text_put(t, "new entry: ");
		put_entry(t, v);
		return;
	case OUTCOME_CHANGED:
		text_put(t, "entry becomes ");
		put_entry(t, v);
		return;
	case OUTCOME_KEPT:
		text_put(t, "entry stays: ");
		break;
	case OUTCOME_NOTHING:
		text_put(t, "nothing learnt: ");
		break;
	case OUTCOME_ASKS:
		text_put(t, "asks as ");
		text_ip(t, v->sender);
		text_put(t, ": ");
		break;
	case OUTCOME_USES:
	case OUTCOME_NO_ARP:
		text_put(t, "no who-has: ");
		break;
	case OUTCOME_REFUSED:
		text_put(t, "not sent: ");
		break;
	case OUTCOMES:
		return;
	}
	text_put(t, v->rule->brief);
}
