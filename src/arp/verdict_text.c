/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: verdicts in words, whole and short. */
#include <config.h>

#include <arplab/i18n.h>
#include "rules_parts.h"

/* The interface that it is about. */
static struct word link_of(const struct host *h, const struct verdict *v)
{
	const struct host_link *l = host_link(h, v->ifindex);
	struct word w;
	struct text t = text_in(w.text, sizeof w.text);
	if (l)
		text_name(&t, l->name, IFNAME_SIZE);
	else
		text_put(&t, _("this host"));
	text_end(&t);
	return w;
}

/* "192.168.2.1 STALE 02:00:00:00:00:01" */
static struct fact entry_of(const struct verdict *v)
{
	struct fact f;
	struct text t = text_in(f.text, sizeof f.text);
	text_printf(&t, "%s %s %s", ip_word(v->ip).text, neigh_state_name(v->state),
		mac_word(v->mac).text);
	text_end(&t);
	return f;
}

static void put_unknown(struct text *t, const struct host *h, const struct verdict *v)
{
	switch (v->question) {
	case QUESTION_ANSWER:
		text_printf(t, _("it cannot be told whether %s answers"), link_of(h, v).text);
		break;
	case QUESTION_LEARN:
		text_printf(t, _("it cannot be told what %s learns"), link_of(h, v).text);
		break;
	case QUESTION_ANNOUNCE:
	case QUESTION_FORWARD:
		text_put(t, _("it cannot be told whether a who-has goes out, and as whom"));
		break;
	case QUESTIONS:
		break;
	}
}

/* What comes of it; why follows behind a colon. */
static void put_outcome(struct text *t, const struct host *h, const struct verdict *v)
{
	struct word link = link_of(h, v);
	switch (v->outcome) {
	case OUTCOME_UNKNOWN:
		put_unknown(t, h, v);
		break;
	case OUTCOME_REPLY:
		text_printf(t, _("%s answers with %s"), link.text, mac_word(v->mac).text);
		break;
	case OUTCOME_PROXIED:
		text_printf(
			t, _("%s answers in its place, with %s"), link.text, mac_word(v->mac).text);
		break;
	case OUTCOME_SILENT:
		text_printf(t, _("%s stays silent"), link.text);
		break;
	case OUTCOME_CREATED:
		text_printf(t, _("%s makes the entry %s"), link.text, entry_of(v).text);
		break;
	case OUTCOME_CHANGED:
		text_printf(t, _("%s changes its entry to %s"), link.text, entry_of(v).text);
		break;
	case OUTCOME_KEPT:
		text_printf(t, _("%s keeps its entry as it is"), link.text);
		break;
	case OUTCOME_NOTHING:
		text_printf(t, _("%s learns nothing"), link.text);
		break;
	case OUTCOME_ASKS:
		text_printf(t, _("%s asks who-has %s tell %s"), link.text, ip_word(v->ip).text,
			ip_word(v->sender).text);
		break;
	case OUTCOME_USES:
	case OUTCOME_NO_ARP:
		text_put(t, _("no who-has goes out"));
		break;
	case OUTCOME_REFUSED:
		text_put(t, _("the packet is not sent"));
		break;
	case OUTCOMES:
		break;
	}
}

void verdict_text(
	struct text *t, const struct host *h, const struct verdict *v, const struct trace *trace)
{
	const struct rung *last = trace ? trace_last(trace) : NULL;
	struct fact outcome;
	struct text o = text_in(outcome.text, sizeof outcome.text);
	put_outcome(&o, h, v);
	/* TRANSLATORS: what comes of it, and why */
	if (last)
		text_printf(t, _("%s: %s"), text_end(&o), last->found);
	else
		text_put(t, text_end(&o));
}

void verdict_brief(struct text *t, const struct host *h, const struct verdict *v)
{
	const char *why = _(v->rule->brief);
	switch (v->outcome) {
	case OUTCOME_UNKNOWN:
		text_printf(t, _("%s: cannot be told"), link_of(h, v).text);
		break;
	case OUTCOME_REPLY:
		text_printf(t, _("%s answers"), link_of(h, v).text);
		break;
	case OUTCOME_PROXIED:
		text_printf(t, _("%s answers: %s"), link_of(h, v).text, why);
		break;
	case OUTCOME_SILENT:
		text_printf(t, _("%s silent: %s"), link_of(h, v).text, why);
		break;
	case OUTCOME_CREATED:
		text_printf(t, _("new entry: %s"), entry_of(v).text);
		break;
	case OUTCOME_CHANGED:
		text_printf(t, _("entry becomes %s"), entry_of(v).text);
		break;
	case OUTCOME_KEPT:
		text_printf(t, _("entry stays: %s"), why);
		break;
	case OUTCOME_NOTHING:
		text_printf(t, _("nothing learnt: %s"), why);
		break;
	case OUTCOME_ASKS:
		text_printf(t, _("asks as %s: %s"), ip_word(v->sender).text, why);
		break;
	case OUTCOME_USES:
	case OUTCOME_NO_ARP:
		text_printf(t, _("no who-has: %s"), why);
		break;
	case OUTCOME_REFUSED:
		text_printf(t, _("not sent: %s"), why);
		break;
	case OUTCOMES:
		break;
	}
}
