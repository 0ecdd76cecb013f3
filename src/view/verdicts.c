/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: the rules asked about frames that are shown. */
#include <config.h>

#include "verdicts.h"

#include <string.h>

/* The machine whose own frames are shown; 0 is the host. */
static uint16_t shown_node(const struct screen *s)
{
	return s->lab.on ? s->lab.node : 0;
}

bool verdicts_sent(const struct model *m, const struct event *e, const struct arp_packet *p)
{
	return e->flags & EVENT_SENT || model_own_mac(m, p->eth_src) != 0;
}

static bool judge(const struct screen *s, const struct model *m, uint16_t node, int32_t ifindex,
	uint64_t position, const struct event *e, struct judged *ret)
{
	const struct host *h = past_host(s->past, node, e->at_ns);
	if (!h || !ifindex)
		return false;
	*ret = (struct judged) { .node = node, .ifindex = ifindex, .host = h };
	/* Whether it is answered does not depend on the entry for its sender. */
	ret->arrival = (struct arrival) { .ifindex = ifindex, .known_unknown = true };
	ret->arrival.flaw = arp_decode(e->frame.bytes, e->frame.caplen, &ret->arrival.packet);
	rules_answer(NULL, h, &ret->arrival, &ret->verdict, NULL);
	ret->seen = past_seen(s->past, m->world, node, m, position, &ret->verdict, NULL);
	return true;
}

size_t verdicts_of(const struct screen *s, const struct model *m, uint64_t position,
	const struct event *e, struct judged ret[JUDGED_MAX])
{
	struct arp_packet p;
	size_t count = 0;
	if (!s->past || !m->world || arp_decode(e->frame.bytes, e->frame.caplen, &p) != ARP_SOUND ||
		p.op != ARP_OP_REQUEST)
		return 0;
	if (!shows_lab(s)) {
		if (!verdicts_sent(m, e, &p))
			count += judge(s, m, shown_node(s), e->frame.ifindex, position, e, ret);
		return count;
	}
	for (uint16_t node = 1; node <= m->world->count && count < JUDGED_MAX; node++)
		if (node != e->node)
			count += judge(s, m, node, past_landed(s->past, m->world, node, e),
				position, e, &ret[count]);
	return count;
}

bool verdicts_sender(const struct screen *s, const struct model *m, const struct event *e,
	const struct arp_packet *p, struct sender *ret)
{
	uint16_t node = shows_lab(s) ? e->node : shown_node(s);
	if (!s->past || !m->world || p->op != ARP_OP_REQUEST || p->sip == p->tip || !p->sip)
		return false;
	if (shows_lab(s) ? !e->node : !verdicts_sent(m, e, p))
		return false;
	const struct host *h = past_host(s->past, node, e->at_ns);
	if (!h)
		return false;
	bool poll = arp_classify(p, ARP_SOUND) == ARP_CLASS_POLL;
	sender_look(h, e->frame.ifindex, p->tip, p->sip, poll, ret);
	return ret->kind != SENDER_UNKNOWN;
}
