/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: nodes that take ipip packets, as real servers do behind a director that uses tunnels.
 *
 * With the module the kernel gives every namespace a tunl0 that takes them from anybody
 * (net/ipv4/ipip.c, ipip_init_net), unless net.core.fb_tunnels_only_for_init_net says otherwise:
 * then one is made. It comes behind the cables, whose indices are chosen before.
 */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <net/if.h>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/i18n.h>

#define TUNNEL "tunl0"

/* Asking for one has the kernel load the module; that may bring it along. */
static int make(const struct lab_node *n)
{
	const struct ifinfomsg head = { .ifi_family = AF_UNSPEC };
	struct batch b;
	batch_begin(&b, n->requests);
	struct nl_msg *m =
		batch_add(&b, 0, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	if (m) {
		nla_put_string(m, IFLA_IFNAME, TUNNEL);
		struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO);
		nla_put_string(m, IFLA_INFO_KIND, "ipip");
		nla_nest_end(m, info);
	}
	int r = batch_end(&b);
	return r == -EEXIST ? 0 : r;
}

static int furnish(const struct lab_node *n, unsigned index, uint32_t ip)
{
	const struct ifinfomsg link = {
		.ifi_index = (int)index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP
	};
	const struct ifaddrmsg addr = {
		.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = index
	};
	struct batch b;
	batch_begin(&b, n->requests);
	batch_add(&b, 0, RTM_NEWLINK, 0, &link, sizeof link);
	struct nl_msg *m =
		batch_add(&b, 1, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &addr, sizeof addr);
	if (m) {
		nla_put_u32(m, IFA_LOCAL, ip);
		nla_put_u32(m, IFA_ADDRESS, ip);
	}
	return batch_end(&b);
}

static int make_one(struct lab *l, const struct lab_node *n, uint32_t ip)
{
	int r = lab_enter(l, n->number);
	if (r < 0)
		return r;
	r = if_nametoindex(TUNNEL) ? 0 : make(n);
	unsigned index = if_nametoindex(TUNNEL);
	lab_leave(l);
	if (r == 0 && !index)
		r = -ENODEV;
	return r < 0 ? r : furnish(n, index, ip);
}

/* So services stand there, and direct routing reaches them. */
static void use_lo(struct lab *l, const struct topology *t)
{
	for (uint16_t i = 0; i < t->node_count; i++)
		if (t->nodes[i].tunnel)
			furnish(lab_node(l, (uint16_t)(i + 1)), LO_INDEX, t->nodes[i].tunnel);
}

void tunnels_make(struct lab *l, const struct topology *t)
{
	struct err err = { "" };
	for (uint16_t i = 0; i < t->node_count; i++) {
		if (!t->nodes[i].tunnel)
			continue;
		int r = make_one(l, lab_node(l, (uint16_t)(i + 1)), t->nodes[i].tunnel);
		if (r < 0) {
			stage_fails(l, STAGE_TUNNEL, r, false, &err);
			outbox_note(&l->loop->outbox, true, _("%s; their addresses are on lo"),
				err.text);
			use_lo(l, t);
			return;
		}
		stage_works(l, STAGE_TUNNEL, NULL);
	}
}
