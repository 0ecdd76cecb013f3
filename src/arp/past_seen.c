/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: whether the wire agreed with a verdict: the reply looked for behind the who-has. */
#include <config.h>

#include "past_parts.h"

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#define NEXT_NS UINT64_C(50000000) /* After that, a reply behind a repetition is for that one. */
#define NS_PER_CS UINT64_C(10000000)

/* A who-has, and which reply to it is looked for. */
struct wanted {
	const struct world *w;
	const struct model *m; /* The machine that may reply. */
	const struct event *e;
	struct arp_packet packet;
	uint16_t node;
	int32_t ifindex; /* Where it arrived, and where the reply leaves. */
	uint64_t until_ns;
};

/* A proxy takes its time, up to a sysctl. */
static uint64_t patience_ns(const struct model *m, int32_t ifindex, const struct verdict *v)
{
	int32_t delay_cs;
	int key = sysctl_find("proxy_delay");
	if (!v->delayed || key < 0 || !model_sysctl(m, ifindex, (size_t)key, &delay_cs))
		return PAST_REPLY_NS;
	return PAST_REPLY_NS + (delay_cs > 0 ? (uint64_t)delay_cs * NS_PER_CS : 0);
}

/* The reply of an interface above passes here, too, and would be taken for its own. */
static bool is_of_another(const struct wanted *q)
{
	const struct model_link *l = model_link(q->m, q->ifindex);
	return !l || l->link.master || q->packet.tagged;
}

static bool is_reply(const struct wanted *q, const struct event *e)
{
	struct arp_packet p;
	const struct model_link *l = model_link(q->m, q->ifindex);
	if (e->frame.ifindex != q->ifindex || !past_read(e, &p) || p.op != ARP_OP_REPLY ||
		p.sip != q->packet.tip || memcmp(p.tha, q->packet.sha, 6) != 0)
		return false;
	if (q->node)
		return e->node == q->node && e->flags & EVENT_SENT;
	return l && memcmp(p.eth_src, l->link.mac, 6) == 0;
}

static bool is_repeated(const struct wanted *q, const struct event *e)
{
	struct arp_packet p;
	return e->node == q->e->node && e->frame.ifindex == q->e->frame.ifindex &&
	       past_read(e, &p) && p.op == ARP_OP_REQUEST && p.tip == q->packet.tip &&
	       p.sip == q->packet.sip && memcmp(p.sha, q->packet.sha, 6) == 0;
}

enum found { FOUND, FOUND_NONE, FOUND_TOO_MUCH };

static enum found look_for_reply(
	const struct wanted *q, const struct frames *f, uint64_t position, uint64_t *ret)
{
	bool repeated = false;
	for (int i = 0; i < PAST_FRAMES_LOOKED_AT; i++) {
		const struct event *e = frames_at(f, ++position);
		if (!e || e->at_ns > q->until_ns)
			return FOUND_NONE;
		if (repeated && e->at_ns > q->e->at_ns + NEXT_NS)
			return FOUND_NONE;
		if (is_reply(q, e)) {
			*ret = position;
			return FOUND;
		}
		repeated |= is_repeated(q, e);
	}
	return FOUND_TOO_MUCH;
}

static bool frames_lost(const struct past *p, const struct wanted *q)
{
	const struct loss *l = &p->losses[q->node];
	return l->from_ns < q->until_ns && l->to_ns > q->e->at_ns;
}

/* Where it arrived; 0: nowhere, or the machine sent it itself. */
static int32_t arrived_at(const struct past *p, const struct wanted *q)
{
	if (q->e->node != q->node)
		return past_landed(p, q->w, q->node, q->e);
	return past_is_own(q->m, q->e, &q->packet) ? 0 : q->e->frame.ifindex;
}

enum seen past_seen(const struct past *p, const struct world *w, uint16_t node,
	const struct model *ring, uint64_t position, const struct verdict *v, uint64_t *ret_reply)
{
	uint64_t reply;
	struct wanted q = { .w = w, .m = world_machine(w, node), .node = node };
	q.e = frames_at(&ring->frames, position);
	if (!q.m || !past_read(q.e, &q.packet) || q.packet.op != ARP_OP_REQUEST)
		return SEEN_OPEN;
	q.ifindex = arrived_at(p, &q);
	if (is_of_another(&q))
		return SEEN_OPEN;
	q.until_ns = q.e->at_ns + patience_ns(q.m, q.ifindex, v);
	bool answers = v->outcome == OUTCOME_REPLY || v->outcome == OUTCOME_PROXIED;
	enum found found = look_for_reply(&q, &ring->frames, position, &reply);
	if (found == FOUND && ret_reply)
		*ret_reply = reply;
	if (!answers && v->outcome != OUTCOME_SILENT)
		return SEEN_OPEN;
	if (found == FOUND)
		return answers ? SEEN_AGREES : SEEN_ANSWERED;
	if (found == FOUND_TOO_MUCH || w->machines[0]->now_ns < q.until_ns || frames_lost(p, &q))
		return SEEN_OPEN;
	return answers ? SEEN_SILENT : SEEN_AGREES;
}

const char *past_suspect(enum seen seen, size_t i)
{
	static const char *const silent[] = {
		N_("A packet filter drops ARP: look at `nft list ruleset` (families arp, bridge, "
		   "netdev) and `arptables -L`."),
		N_("XDP or tc drops the frame before ARP sees it: look at `ip link` and `tc filter "
		   "show`."),
		N_("The frame belongs to a macvlan or a network namespace with the same MAC."),
		N_("The capture filter lets the who-has pass, but not its answer."),
		N_("An address, a route or a sysctl changed in that very moment."),
	};
	static const char *const answered[] = {
		N_("A program answers in place of the kernel (keepalived, MetalLB, kube-vip, "
		   "Cilium)."),
		N_("Another machine has, or uses, the same MAC."),
		N_("A macvlan, a container or a network namespace shares the MAC."),
		N_("XDP or tc answers before ARP sees the frame: see ip link and tc filter show."),
		N_("An address, a route or a sysctl changed in that very moment."),
	};
	if (seen == SEEN_SILENT)
		return i < sizeof silent / sizeof *silent ? silent[i] : NULL;
	if (seen == SEEN_ANSWERED)
		return i < sizeof answered / sizeof *answered ? answered[i] : NULL;
	return NULL;
}
