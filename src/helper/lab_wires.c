/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: switches, cables, addresses, routes and timers of a topology, as requests to the kernel.
 *
 * One request makes both ends of a cable, each in its namespace, with its MAC and plugged in. The
 * node's end cannot be taken up by it, since the kernel opens it before the two are tied together
 * (drivers/net/veth.c, veth_newlink).
 * Interfaces' indices are chosen here, so that nothing has to be asked back. The switch port that
 * is attached last stands first in the bridge's list, and so gets a broadcast first
 * (net/bridge/br_if.c, new_nbp; br_forward.c, br_flood): cables are laid in the order of rank.
 */
#include <config.h>

#include "lab_parts.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <arplab/addr.h>
#include <arplab/i18n.h>
#include <arplab/sysctl.h>

/* In the switches' namespace: far from what a kernel puts into every new one. */
#define BRIDGE_INDEX 1001
#define PORT_INDEX 2001

/* ---- the order of ports ---- */

/* Indices of the interfaces by rank; equal ranks stay in the order of the topology. */
static void by_rank(const struct topology *t, uint16_t order[TOPOLOGY_IFACES_MAX])
{
	for (uint16_t i = 0; i < t->iface_count; i++) {
		size_t at = i;
		while (at > 0 && t->ifaces[order[at - 1]].rank > t->ifaces[i].rank) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = i;
	}
}

/* ---- links ---- */

static const struct ifinfomsg up = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };

static void add_bridge(struct batch *b, uint32_t tag)
{
	struct ifinfomsg head = up;
	head.ifi_index = (int)(BRIDGE_INDEX + tag);
	struct nl_msg *m =
		batch_add(b, tag, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	if (!m)
		return;
	char name[IFNAME_SIZE];
	struct text t = text_in(name, sizeof name);
	text_printf(&t, "switch%u", (unsigned)tag + 1);
	nla_put_string(m, IFLA_IFNAME, text_end(&t));
	struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO);
	nla_put_string(m, IFLA_INFO_KIND, "bridge");
	struct nlattr *data = nla_nest_start(m, IFLA_INFO_DATA);
	nla_put_u32(m, IFLA_BR_FORWARD_DELAY, 0);
	nla_put_u32(m, IFLA_BR_STP_STATE, 0);
	nla_put_u8(m, IFLA_BR_MCAST_SNOOPING, 0);
	nla_nest_end(m, data);
	nla_nest_end(m, info);
}

/* As many queues as processors would be made, each with its files in /sys. */
static void put_queues(struct nl_msg *m)
{
	nla_put_u32(m, IFLA_NUM_TX_QUEUES, 1);
	nla_put_u32(m, IFLA_NUM_RX_QUEUES, 1);
}

static void put_peer(struct nl_msg *m, const struct topology *t, const struct topology_iface *f,
	const struct lab_wire *w, int space)
{
	struct ifinfomsg head = { .ifi_index = w->ifindex };
	struct nlattr *peer = nla_nest_start(m, VETH_INFO_PEER);
	nlmsg_append(m, &head, sizeof head, NLMSG_ALIGNTO);
	nla_put_string(m, IFLA_IFNAME, f->name);
	uint8_t mac[6];
	static const uint8_t none[6];
	memcpy(mac, f->mac, sizeof mac);
	if (memcmp(mac, none, sizeof mac) == 0) {
		unsigned nth = 0;
		for (const struct topology_iface *i = t->ifaces; i < f; i++)
			nth += i->node == f->node;
		topology_mac(f->node, nth, mac);
	}
	nla_put(m, IFLA_ADDRESS, sizeof mac, mac);
	nla_put_u32(m, IFLA_NET_NS_FD, (uint32_t)space);
	put_queues(m);
	nla_nest_end(m, peer);
}

static void add_wire(struct batch *b, struct lab *l, const struct topology *t, uint16_t i)
{
	const struct topology_iface *f = &t->ifaces[i];
	const struct lab_wire *w = &l->net.wires[i];
	struct ifinfomsg head = up;
	head.ifi_index = w->port;
	struct nl_msg *m =
		batch_add(b, i, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	if (!m)
		return;
	char name[IFNAME_SIZE];
	struct text words = text_in(name, sizeof name);
	text_printf(&words, "port%u", (unsigned)i + 1);
	nla_put_string(m, IFLA_IFNAME, text_end(&words));
	nla_put_u32(m, IFLA_MASTER, (uint32_t)w->bridge);
	put_queues(m);
	struct nlattr *info = nla_nest_start(m, IFLA_LINKINFO);
	nla_put_string(m, IFLA_INFO_KIND, "veth");
	struct nlattr *data = nla_nest_start(m, IFLA_INFO_DATA);
	put_peer(m, t, f, w, l->net.nodes[f->node - 1].space);
	nla_nest_end(m, data);
	nla_nest_end(m, info);
}

/* ---- what a kernel puts into every new namespace besides lo ---- */

static void take_index(void *arg, const struct nlmsghdr *m)
{
	int32_t *most = arg;
	const struct ifinfomsg *head = nlmsg_data(m);
	if (m->nlmsg_type == RTM_NEWLINK && nlmsg_valid_hdr(m, sizeof *head) &&
		head->ifi_index > *most)
		*most = head->ifi_index;
}

static void choose_indices(struct lab *l, const struct topology *t)
{
	const struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
	int32_t first = LO_INDEX;
	dump_table(l->net.nodes[0].requests, RTM_GETLINK, &all, sizeof all, take_index, &first);
	int32_t used[NODES_MAX] = { 0 };
	for (uint16_t i = 0; i < t->iface_count; i++) {
		const struct topology_iface *f = &t->ifaces[i];
		l->net.wires[i] = (struct lab_wire) { .node = f->node,
			.ifindex = first + ++used[f->node - 1],
			.port = PORT_INDEX + i,
			.bridge = BRIDGE_INDEX + f->switch_number - 1 };
	}
	l->net.wire_count = t->iface_count;
}

static int make_links(struct lab *l, const struct topology *t, struct err *err)
{
	struct batch b;
	batch_begin(&b, l->net.switch_requests);
	for (uint32_t i = 0; i < t->switch_count; i++)
		add_bridge(&b, i);
	int r = batch_end(&b);
	if (r < 0)
		return stage_fails(l, STAGE_BRIDGE, r, true, err);
	if (t->switch_count > 0)
		stage_works(l, STAGE_BRIDGE, NULL);
	uint16_t order[TOPOLOGY_IFACES_MAX];
	by_rank(t, order);
	batch_begin(&b, l->net.switch_requests);
	for (uint16_t i = 0; i < t->iface_count; i++)
		add_wire(&b, l, t, order[i]);
	r = batch_end(&b);
	const char *why = r == -EEXIST          ? _("it has one of that name already")
			  : r == -EINVAL        ? _("no such name is allowed")
			  : r == -EADDRNOTAVAIL ? _("no such MAC is allowed")
						: NULL;
	if (why) {
		const struct topology_iface *f = &t->ifaces[b.failed];
		return err_set(err, r, _("%s cannot have the interface %s: %s"),
			t->nodes[f->node - 1].name, f->name, why);
	}
	if (r < 0)
		return stage_fails(l, STAGE_VETH, r, true, err);
	if (t->iface_count > 0)
		stage_works(l, STAGE_VETH, NULL);
	return 0;
}

/* ---- what each node has of its own ---- */

static int32_t index_of(const struct lab *l, uint16_t iface)
{
	return iface == 0 ? LO_INDEX : l->net.wires[iface - 1].ifindex;
}

static void add_addr(
	struct batch *b, const struct lab *l, uint32_t tag, const struct topology_addr *a)
{
	const struct ifaddrmsg head = { .ifa_family = AF_INET,
		.ifa_prefixlen = a->prefix,
		.ifa_scope = a->scope,
		.ifa_index = (uint32_t)index_of(l, a->iface) };
	struct nl_msg *m =
		batch_add(b, tag, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	if (!m)
		return;
	nla_put_u32(m, IFA_LOCAL, a->ip);
	nla_put_u32(m, IFA_ADDRESS, a->ip);
}

static void add_route(
	struct batch *b, const struct lab *l, uint32_t tag, const struct topology_route *route)
{
	const struct rtmsg head = { .rtm_family = AF_INET,
		.rtm_dst_len = route->dst_len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_scope = route->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST };
	struct nl_msg *m =
		batch_add(b, tag, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &head, sizeof head);
	if (!m)
		return;
	if (route->dst_len > 0)
		nla_put_u32(m, RTA_DST, route->dst);
	if (route->gateway)
		nla_put_u32(m, RTA_GATEWAY, route->gateway);
	if (route->iface)
		nla_put_u32(m, RTA_OIF, (uint32_t)index_of(l, route->iface));
}

/* Which of the topology's rows a refused request was: addresses first, routes behind them. */
enum { TAG_LINK = 1 << 16, TAG_ROUTE = 1 << 17 };

static void add_up(struct batch *b, int32_t ifindex)
{
	struct ifinfomsg head = up;
	head.ifi_index = ifindex;
	batch_add(b, TAG_LINK, RTM_NEWLINK, 0, &head, sizeof head);
}

static int explain_refusal(
	struct lab *l, const struct topology *t, const struct batch *b, struct err *err)
{
	char what[96];
	struct text words = text_in(what, sizeof what);
	if (b->error == -EPERM || b->failed & TAG_LINK)
		return stage_fails(l, STAGE_ADDRESSES, b->error, true, err);
	uint16_t node;
	if (b->failed & TAG_ROUTE) {
		const struct topology_route *route = &t->routes[b->failed & ~(uint32_t)TAG_ROUTE];
		node = route->node;
		text_printf(
			&words, _("the route to %s"), prefix_word(route->dst, route->dst_len).text);
	} else {
		const struct topology_addr *a = &t->addrs[b->failed];
		node = a->node;
		text_printf(&words, _("the address %s"), prefix_word(a->ip, a->prefix).text);
	}
	return err_set(err, b->error, _("%s cannot have %s: %s%s%s"), t->nodes[node - 1].name,
		text_end(&words), err_reason(-b->error), b->words[0] ? ": " : "", b->words);
}

static int furnish(struct lab *l, const struct topology *t, struct lab_node *n, struct err *err)
{
	struct batch b;
	batch_begin(&b, n->requests);
	add_up(&b, LO_INDEX);
	for (size_t i = 0; i < l->net.wire_count; i++)
		if (l->net.wires[i].node == n->number)
			add_up(&b, l->net.wires[i].ifindex);
	for (uint32_t i = 0; i < t->addr_count; i++)
		if (t->addrs[i].node == n->number)
			add_addr(&b, l, i, &t->addrs[i]);
	for (uint32_t i = 0; i < t->route_count; i++)
		if (t->routes[i].node == n->number)
			add_route(&b, l, TAG_ROUTE | i, &t->routes[i]);
	return batch_end(&b) < 0 ? explain_refusal(l, t, &b, err) : 0;
}

/* ---- timers ---- */

/*
 * Written out, because libnl's rtnl_neightbl_change() sends the proxy delay as the delay before
 * the first probe. `default` is the host's alone (net/core/neighbour.c, lookup_neigh_parms).
 */
void timers_add(struct batch *b, int32_t ifindex, enum topology_timers which)
{
	const struct ndtmsg head = { .ndtm_family = AF_INET };
	size_t count;
	const struct timer_value *timers = topology_timers(which, &count);
	struct nl_msg *m = batch_add(b, (uint32_t)ifindex, RTM_SETNEIGHTBL, 0, &head, sizeof head);
	if (!m)
		return;
	nla_put_string(m, NDTA_NAME, "arp_cache");
	struct nlattr *parms = nla_nest_start(m, NDTA_PARMS);
	nla_put_u32(m, NDTPA_IFINDEX, (uint32_t)ifindex);
	for (size_t i = 0; i < count; i++) {
		const struct sysctl_key *key = sysctl_key((size_t)sysctl_find(timers[i].key));
		if (strcmp(key->unit, "probes") == 0)
			nla_put_u32(m, key->source, (uint32_t)timers[i].value);
		else
			nla_put_u64(m, key->source, (uint64_t)timers[i].value);
	}
	nla_nest_end(m, parms);
}

/* A lab without its timers is slow, but a lab. */
static void set_timers(struct lab *l, const struct topology *t)
{
	struct err ignored;
	for (size_t n = 0; n < l->net.count; n++) {
		struct batch b;
		batch_begin(&b, l->net.nodes[n].requests);
		for (size_t i = 0; i < l->net.wire_count; i++)
			if (l->net.wires[i].node == l->net.nodes[n].number)
				timers_add(&b, l->net.wires[i].ifindex, t->timers);
		int r = batch_end(&b);
		if (r < 0) {
			stage_fails(l, STAGE_TIMERS, r, false, &ignored);
			return;
		}
	}
	if (t->iface_count > 0)
		stage_works(l, STAGE_TIMERS, NULL);
}

/* ---- all ---- */

int wires_make(struct lab *l, const struct topology *t, struct err *err)
{
	choose_indices(l, t);
	int r = make_links(l, t, err);
	for (size_t i = 0; i < l->net.count && r == 0; i++)
		r = furnish(l, t, &l->net.nodes[i], err);
	if (r < 0)
		return r;
	stage_works(l, STAGE_ADDRESSES, NULL);
	set_timers(l, t);
	for (size_t i = 0; i < l->net.wire_count; i++)
		wires_sync(l, &l->net.wires[i]);
	return 0;
}

static void sync_link(int requests, int32_t ifindex)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	struct ifreq r = { .ifr_ifindex = ifindex };
	if (ioctl(requests, SIOCGIFNAME, &r) < 0)
		return;
	r.ifr_data = (void *)&value;
	ioctl(requests, SIOCETHTOOL, &r);
}

/*
 * An interface that got its carrier is put to use a moment later, by the kernel's link watch; until
 * then what it should send is lost. Asking for its state does the watch's work at once
 * (net/ethtool/ioctl.c, ethtool_op_get_link; net/core/link_watch.c, linkwatch_sync_dev).
 */
void wires_sync(struct lab *l, const struct lab_wire *w)
{
	sync_link(l->net.switch_requests, w->port);
	sync_link(l->net.nodes[w->node - 1].requests, w->ifindex);
}

struct lab_wire *wire_of(struct lab *l, uint16_t node, int32_t ifindex)
{
	for (size_t i = 0; i < l->net.wire_count; i++)
		if (l->net.wires[i].node == node && l->net.wires[i].ifindex == ifindex)
			return &l->net.wires[i];
	return NULL;
}
