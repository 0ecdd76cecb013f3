/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: frames judged twice, by the values as they are and by one that is thought of. */
#include <config.h>

#include <arplab/whatif.h>

#include <string.h>

static bool asked_before(const struct arrival *arrivals, size_t i)
{
	const struct arrival *a = &arrivals[i];
	for (size_t k = 0; k < i; k++) {
		const struct arrival *b = &arrivals[k];
		if (a->ifindex == b->ifindex && a->packet.tip == b->packet.tip &&
			a->packet.sip == b->packet.sip && a->packet.op == b->packet.op)
			return true;
	}
	return false;
}

static bool answers(enum outcome outcome)
{
	return outcome == OUTCOME_REPLY || outcome == OUTCOME_PROXIED;
}

void whatif_look(struct whatif *ret, const struct host *h, int32_t ifindex, enum host_key key,
	int32_t value, const struct arrival *arrivals, size_t count)
{
	struct host *then = host_copy(h);
	*ret = (struct whatif) { 0 };
	host_set(then, ifindex, key, value);
	for (size_t i = 0; i < count; i++) {
		const struct arrival *a = &arrivals[i];
		struct verdict v, w;
		if (asked_before(arrivals, i))
			continue;
		ret->asked++;
		rules_answer(NULL, h, a, &v, NULL);
		rules_answer(NULL, then, a, &w, NULL);
		if (answers(v.outcome) == answers(w.outcome) &&
			(v.outcome == OUTCOME_UNKNOWN) == (w.outcome == OUTCOME_UNKNOWN))
			continue;
		ret->total++;
		if (ret->count == WHATIF_MAX)
			continue;
		struct whatif_differs *d = &ret->differs[ret->count++];
		*d = (struct whatif_differs) { .ifindex = a->ifindex,
			.target = a->packet.tip,
			.sender = a->packet.sip,
			.now = v.outcome,
			.then = w.outcome };
		memcpy(d->sha, a->packet.sha, 6);
	}
	host_free(then);
}

static const char *would(enum outcome outcome)
{
	return outcome == OUTCOME_UNKNOWN ? "cannot be told"
	       : answers(outcome)         ? "is answered"
					  : "stays silent";
}

void whatif_text(struct text *t, const struct host *h, const struct whatif_differs *d)
{
	const struct host_link *l = host_link(h, d->ifindex);
	text_put(t, "who-has ");
	text_ip(t, d->target);
	if (d->sender) {
		text_put(t, " tell ");
		text_ip(t, d->sender);
	}
	text_put(t, " on ");
	text_name(t, l ? l->name : "?", IFNAME_SIZE);
	text_char(t, ' ');
	text_put(t, would(d->then));
	text_put(t, answers(d->now) ? " (now answered)" : " (now silent)");
}
