/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: rtnetlink messages as events' structs: one pass over the attributes, bounds checked. */
#include <config.h>

#include "netparse.h"

#include <limits.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>

#include <arplab/text.h>

#define MS_A_TICK 10 /* The kernel counts in USER_HZ = 100 towards user space. */

/* A message's fixed head, or NULL if it is too short for it. */
static const void *head_of(const struct nlmsghdr *m, size_t size)
{
	return nlmsg_valid_hdr(m, (int)size) ? nlmsg_data(m) : NULL;
}

static uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t value = 0;
	if (nla_len(a) >= (int)sizeof value)
		memcpy(&value, nla_data(a), sizeof value);
	return value;
}

static uint8_t attr_u8(const struct nlattr *a)
{
	return nla_len(a) >= 1 ? *(const uint8_t *)nla_data(a) : 0;
}

static void attr_name(const struct nlattr *a, char field[IFNAME_SIZE])
{
	size_t len = strnlen(nla_data(a), (size_t)nla_len(a));
	if (len >= IFNAME_SIZE)
		len = IFNAME_SIZE - 1;
	memcpy(field, nla_data(a), len);
}

/* A hardware address of another length than Ethernet's is known by its length alone. */
static uint8_t attr_mac(const struct nlattr *a, uint8_t field[6])
{
	int len = nla_len(a);
	if (len == 6)
		memcpy(field, nla_data(a), 6);
	return len > UINT8_MAX ? UINT8_MAX : (uint8_t)len;
}

/* ---- links ---- */

static void link_kind(const struct nlattr *info, struct link *ret)
{
	const struct nlattr *a;
	int left;
	nla_for_each_nested(a, info, left) if (nla_type(a) == IFLA_INFO_KIND)
		attr_name(a, ret->kind);
}

bool parse_link(const struct nlmsghdr *m, struct link *ret)
{
	const struct ifinfomsg *head = head_of(m, sizeof *head);
	/*
	 * AF_BRIDGE messages are about a bridge's ports (net/bridge/br_netlink.c,
	 * br_ifinfo_notify): their RTM_DELLINK says that a port left, not that a link is gone.
	 */
	if (!head || head->ifi_family != AF_UNSPEC || head->ifi_index <= 0)
		return false;
	ret->ifindex = head->ifi_index;
	ret->flags = head->ifi_flags;
	ret->type = head->ifi_type;
	bool whole = false, parent_elsewhere = false;
	const struct nlattr *a;
	int left;
	nlmsg_for_each_attr(a, m, (int)sizeof *head, left)
	{
		switch (nla_type(a)) {
		case IFLA_IFNAME:
			attr_name(a, ret->name);
			break;
		case IFLA_ADDRESS:
			ret->mac_len = attr_mac(a, ret->mac);
			break;
		case IFLA_BROADCAST:
			attr_mac(a, ret->broadcast);
			break;
		case IFLA_MTU:
			ret->mtu = attr_u32(a);
			whole = true;
			break;
		case IFLA_LINK:
			ret->parent = (int32_t)attr_u32(a);
			break;
		case IFLA_LINK_NETNSID: /* The parent's number counts in another namespace. */
			parent_elsewhere = true;
			break;
		case IFLA_MASTER:
			ret->master = (int32_t)attr_u32(a);
			break;
		case IFLA_OPERSTATE:
			ret->operstate = attr_u8(a);
			break;
		case IFLA_CARRIER:
			ret->carrier = attr_u8(a);
			break;
		case IFLA_LINKINFO:
			link_kind(a, ret);
			break;
		}
	}
	if (parent_elsewhere)
		ret->parent = 0;
	/*
	 * Wireless events (net/wireless/wext-core.c, rtnetlink_ifinfo_prep) name a link without
	 * describing it; a description always has the MTU (net/core/rtnetlink.c, rtnl_fill_ifinfo).
	 */
	return whole || m->nlmsg_type == RTM_DELLINK;
}

/* ---- addresses ---- */

bool parse_addr(const struct nlmsghdr *m, struct addr *ret)
{
	const struct ifaddrmsg *head = head_of(m, sizeof *head);
	if (!head || head->ifa_family != AF_INET || head->ifa_prefixlen > 32)
		return false;
	ret->ifindex = (int32_t)head->ifa_index;
	ret->prefix = head->ifa_prefixlen;
	ret->scope = head->ifa_scope;
	ret->flags = head->ifa_flags;
	ret->valid_s = UINT32_MAX;
	bool peer = false;
	const struct nlattr *a;
	int left;
	nlmsg_for_each_attr(a, m, (int)sizeof *head, left)
	{
		switch (nla_type(a)) {
		case IFA_LOCAL:
			ret->local = attr_u32(a);
			break;
		case IFA_ADDRESS:
			ret->address = attr_u32(a);
			peer = true;
			break;
		case IFA_BROADCAST:
			ret->broadcast = attr_u32(a);
			break;
		case IFA_LABEL:
			attr_name(a, ret->label);
			break;
		case IFA_FLAGS: /* The head has room for eight flags only. */
			ret->flags = attr_u32(a);
			break;
		case IFA_CACHEINFO:
			if (nla_len(a) >= (int)sizeof(struct ifa_cacheinfo))
				ret->valid_s =
					((const struct ifa_cacheinfo *)nla_data(a))->ifa_valid;
			break;
		}
	}
	/* 0 addresses are left out (net/ipv4/devinet.c, inet_fill_ifaddr). */
	if (!peer)
		ret->address = ret->local;
	return true;
}

/* ---- routes ---- */

/* The first next hop stands for all; `hops` says that there are more. */
static void route_hops(const struct nlattr *a, struct route *ret)
{
	const struct rtnexthop *hop = nla_data(a);
	size_t left = (size_t)nla_len(a);
	while (left >= sizeof *hop && hop->rtnh_len >= sizeof *hop && hop->rtnh_len <= left) {
		if (ret->hops++ == 0) {
			ret->ifindex = hop->rtnh_ifindex;
			ret->flags |= hop->rtnh_flags;
			const struct nlattr *inner = (const void *)(hop + 1);
			const struct nlattr *gateway =
				nla_find(inner, (int)(hop->rtnh_len - sizeof *hop), RTA_GATEWAY);
			if (gateway)
				ret->gateway = attr_u32(gateway);
		}
		size_t step = RTNH_ALIGN(hop->rtnh_len);
		if (step > left || ret->hops == UINT8_MAX)
			break;
		left -= step;
		hop = (const void *)((const char *)hop + step);
	}
}

bool parse_route(const struct nlmsghdr *m, struct route *ret)
{
	const struct rtmsg *head = head_of(m, sizeof *head);
	/* Cloned routes are exceptions of a single destination, such as a learnt path MTU. */
	if (!head || head->rtm_family != AF_INET || head->rtm_flags & RTM_F_CLONED ||
		head->rtm_dst_len > 32)
		return false;
	ret->table = head->rtm_table;
	ret->dst_len = head->rtm_dst_len;
	ret->type = head->rtm_type;
	ret->scope = head->rtm_scope;
	ret->protocol = head->rtm_protocol;
	ret->tos = head->rtm_tos;
	ret->flags = head->rtm_flags & UINT8_MAX; /* RTNH_F_*; higher bits are RTM_F_*. */
	bool several = false;
	const struct nlattr *a;
	int left;
	nlmsg_for_each_attr(a, m, (int)sizeof *head, left)
	{
		switch (nla_type(a)) {
		case RTA_TABLE: /* The head has room for 255 tables only. */
			ret->table = attr_u32(a);
			break;
		case RTA_DST:
			ret->dst = attr_u32(a);
			break;
		case RTA_GATEWAY:
			ret->gateway = attr_u32(a);
			break;
		case RTA_PREFSRC:
			ret->source = attr_u32(a);
			break;
		case RTA_PRIORITY:
			ret->metric = attr_u32(a);
			break;
		case RTA_OIF:
			ret->ifindex = (int32_t)attr_u32(a);
			break;
		case RTA_MULTIPATH:
			several = true;
			route_hops(a, ret);
			break;
		}
	}
	if (!several && (ret->ifindex || ret->gateway))
		ret->hops = 1;
	return true;
}

/* ---- policy rules ---- */

/* Whether this attribute is a condition that the event has no field for. */
static bool rule_attr_is_other(const struct nlattr *a)
{
	switch (nla_type(a)) {
	case FRA_UNSPEC:
	case FRA_GOTO:
	case FRA_FLOW: /* A realm: what the rule assigns, not what it asks for. */
	case FRA_PROTOCOL:
	case FRA_PAD:
		return false;
	case FRA_FWMASK:
	case FRA_SUPPRESS_PREFIXLEN: /* Always sent; all ones mean that it is not used. */
	case FRA_SUPPRESS_IFGROUP:
		return attr_u32(a) != UINT32_MAX;
	}
	return true;
}

bool parse_rule(const struct nlmsghdr *m, struct policy_rule *ret)
{
	const struct fib_rule_hdr *head = head_of(m, sizeof *head);
	if (!head || head->family != AF_INET || head->src_len > 32 || head->dst_len > 32)
		return false;
	ret->table = head->table;
	ret->source_len = head->src_len;
	ret->target_len = head->dst_len;
	ret->action = head->action;
	ret->other = head->tos != 0 || head->flags & FIB_RULE_INVERT ? 1 : 0;
	const struct nlattr *a;
	int left;
	nlmsg_for_each_attr(a, m, (int)sizeof *head, left)
	{
		switch (nla_type(a)) {
		case FRA_PRIORITY:
			ret->priority = attr_u32(a);
			break;
		case FRA_TABLE:
			ret->table = attr_u32(a);
			break;
		case FRA_SRC:
			ret->source = attr_u32(a);
			break;
		case FRA_DST:
			ret->target = attr_u32(a);
			break;
		case FRA_FWMARK:
			ret->mark = attr_u32(a);
			break;
		case FRA_IIFNAME:
			attr_name(a, ret->iif);
			break;
		case FRA_OIFNAME:
			attr_name(a, ret->oif);
			break;
		default:
			if (rule_attr_is_other(a))
				ret->other = 1;
		}
	}
	return true;
}

/* ---- neighbours ---- */

static uint32_t ticks_to_ms(uint32_t ticks)
{
	return ticks > UINT32_MAX / MS_A_TICK ? UINT32_MAX : ticks * MS_A_TICK;
}

bool parse_neigh(const struct nlmsghdr *m, struct neigh *ret)
{
	const struct ndmsg *head = head_of(m, sizeof *head);
	if (!head || head->ndm_family != AF_INET)
		return false;
	ret->ifindex = head->ndm_ifindex;
	ret->state = head->ndm_state;
	ret->flags = head->ndm_flags;
	const struct nlattr *a;
	int left;
	nlmsg_for_each_attr(a, m, (int)sizeof *head, left)
	{
		switch (nla_type(a)) {
		case NDA_DST:
			ret->ip = attr_u32(a);
			break;
		case NDA_LLADDR:
			ret->mac_len = attr_mac(a, ret->mac);
			break;
		case NDA_PROBES:
			ret->probes = attr_u32(a);
			break;
		case NDA_PROTOCOL:
			ret->protocol = attr_u8(a);
			break;
		case NDA_CACHEINFO:
			if (nla_len(a) >= (int)sizeof(struct nda_cacheinfo)) {
				const struct nda_cacheinfo *ages = nla_data(a);
				ret->has_ages = 1;
				ret->confirmed_ms = ticks_to_ms(ages->ndm_confirmed);
				ret->used_ms = ticks_to_ms(ages->ndm_used);
				ret->updated_ms = ticks_to_ms(ages->ndm_updated);
				ret->refs = ages->ndm_refcnt;
			}
			break;
		}
	}
	return true;
}
