/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: rtnetlink messages as events' structs: one pass over the attributes, bounds checked. */
#include <config.h>

#include "netparse.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <arplab/text.h>

#include "nethash.h"

#define MS_A_TICK 10 /* The kernel counts in USER_HZ = 100 towards user space. */

/*
 * The walk over attributes is written out here: libnl's steps are calls into a library, and with a
 * million neighbours to read they cost as much as all the rest.
 */
struct attrs {
	const uint8_t *at;
	size_t left;
};

static const struct nlattr *attr_next(struct attrs *l)
{
	const struct nlattr *a = (const void *)l->at;
	if (l->left < sizeof *a || a->nla_len < sizeof *a || a->nla_len > l->left)
		return NULL;
	size_t step = (a->nla_len + sizeof *a - 1) & ~(sizeof *a - 1);
	if (step > l->left)
		step = l->left;
	l->at += step;
	l->left -= step;
	return a;
}

static int attr_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

static size_t attr_len(const struct nlattr *a)
{
	return a->nla_len - sizeof *a;
}

static const void *attr_data(const struct nlattr *a)
{
	return a + 1;
}

static struct attrs attrs_in(const void *bytes, size_t len)
{
	return (struct attrs) { .at = bytes, .left = len };
}

/* A message's fixed head, or NULL if it is too short for it; *ret becomes what follows. */
static const void *head_of(const struct nlmsghdr *m, size_t size, struct attrs *ret)
{
	if (m->nlmsg_len < NLMSG_HDRLEN + size)
		return NULL;
	size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(size);
	*ret = attrs_in((const uint8_t *)m + skip, m->nlmsg_len > skip ? m->nlmsg_len - skip : 0);
	return (const uint8_t *)m + NLMSG_HDRLEN;
}

static uint32_t attr_u32(const struct nlattr *a)
{
	uint32_t value = 0;
	if (attr_len(a) >= sizeof value)
		memcpy(&value, attr_data(a), sizeof value);
	return value;
}

static uint8_t attr_u8(const struct nlattr *a)
{
	return attr_len(a) >= 1 ? *(const uint8_t *)attr_data(a) : 0;
}

static void attr_name(const struct nlattr *a, char field[IFNAME_SIZE])
{
	size_t len = strnlen(attr_data(a), attr_len(a));
	if (len >= IFNAME_SIZE)
		len = IFNAME_SIZE - 1;
	memcpy(field, attr_data(a), len);
}

/* A hardware address of another length than Ethernet's is known by its length alone. */
static uint8_t attr_mac(const struct nlattr *a, uint8_t field[6])
{
	size_t len = attr_len(a);
	if (len == 6)
		memcpy(field, attr_data(a), 6);
	return len > UINT8_MAX ? UINT8_MAX : (uint8_t)len;
}

/* ---- links ---- */

static void link_kind(const struct nlattr *info, struct link *ret)
{
	struct attrs rest = attrs_in(attr_data(info), attr_len(info));
	const struct nlattr *a;
	while ((a = attr_next(&rest)))
		if (attr_type(a) == IFLA_INFO_KIND)
			attr_name(a, ret->kind);
}

bool parse_link(const struct nlmsghdr *m, struct link *ret)
{
	struct attrs rest;
	const struct ifinfomsg *head = head_of(m, sizeof *head, &rest);
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
	while ((a = attr_next(&rest))) {
		switch (attr_type(a)) {
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
	struct attrs rest;
	const struct ifaddrmsg *head = head_of(m, sizeof *head, &rest);
	if (!head || head->ifa_family != AF_INET || head->ifa_prefixlen > 32)
		return false;
	ret->ifindex = (int32_t)head->ifa_index;
	ret->prefix = head->ifa_prefixlen;
	ret->scope = head->ifa_scope;
	ret->flags = head->ifa_flags;
	ret->valid_s = UINT32_MAX;
	bool peer = false;
	const struct nlattr *a;
	while ((a = attr_next(&rest))) {
		switch (attr_type(a)) {
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
			if (attr_len(a) >= sizeof(struct ifa_cacheinfo))
				ret->valid_s =
					((const struct ifa_cacheinfo *)attr_data(a))->ifa_valid;
			break;
		}
	}
	/* 0 addresses are left out (net/ipv4/devinet.c, inet_fill_ifaddr). */
	if (!peer)
		ret->address = ret->local;
	return true;
}

/* ---- routes ---- */

static void route_hash(struct route *ret, const void *bytes, size_t len)
{
	uint64_t hash = hash_bytes(ret->rest ? ret->rest : HASH_BEGIN, bytes, len);
	ret->rest = (uint32_t)(hash ^ hash >> 32);
}

/* The first next hop stands for all; `hops` says that there are more. */
static void route_hops(const struct nlattr *a, struct route *ret)
{
	const struct rtnexthop *hop = attr_data(a);
	size_t left = attr_len(a);
	while (left >= sizeof *hop && hop->rtnh_len >= sizeof *hop && hop->rtnh_len <= left) {
		/* The flags of a hop are its state, and nothing to tell it by. */
		route_hash(ret, &hop->rtnh_hops,
			hop->rtnh_len - offsetof(struct rtnexthop, rtnh_hops));
		if (ret->hops++ == 0) {
			ret->ifindex = hop->rtnh_ifindex;
			ret->flags |= hop->rtnh_flags;
			struct attrs rest = attrs_in(hop + 1, hop->rtnh_len - sizeof *hop);
			const struct nlattr *inner;
			while ((inner = attr_next(&rest)))
				if (attr_type(inner) == RTA_GATEWAY)
					ret->gateway = attr_u32(inner);
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
	struct attrs rest;
	const struct rtmsg *head = head_of(m, sizeof *head, &rest);
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
	while ((a = attr_next(&rest))) {
		switch (attr_type(a)) {
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
		default:
			route_hash(ret, a, a->nla_len);
		}
	}
	if (!several && (ret->ifindex || ret->gateway))
		ret->hops = 1;
	return true;
}

/* ---- policy rules ---- */

/* What an attribute that the event has no field for makes of the rule. */
static uint8_t rule_other(const struct nlattr *a)
{
	switch (attr_type(a)) {
	case FRA_UNSPEC:
	case FRA_FLOW: /* A realm: what the rule assigns, not what it asks for. */
	case FRA_PROTOCOL:
	case FRA_PAD:
		return 0;
	case FRA_SUPPRESS_IFGROUP: /* Always sent; all ones mean that it is not used. */
		return attr_u32(a) != UINT32_MAX ? RULE_MORE : 0;
	case FRA_L3MDEV:
		return attr_u8(a) ? RULE_VRF : 0;
	}
	return RULE_MORE;
}

static void rule_attr(const struct nlattr *a, struct policy_rule *ret)
{
	switch (attr_type(a)) {
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
	case FRA_FWMASK:
		ret->mask = attr_u32(a);
		ret->other |= ret->mask != UINT32_MAX ? RULE_MASK : 0;
		break;
	case FRA_GOTO:
		ret->jump = attr_u32(a);
		break;
	case FRA_SUPPRESS_PREFIXLEN: /* Always sent; all ones mean that it is not used. */
		if (attr_u32(a) != UINT32_MAX) {
			ret->suppress = (uint8_t)attr_u32(a);
			ret->other |= RULE_SUPPRESS;
		}
		break;
	case FRA_IIFNAME:
		attr_name(a, ret->iif);
		break;
	case FRA_OIFNAME:
		attr_name(a, ret->oif);
		break;
	default:
		ret->other |= rule_other(a);
	}
}

bool parse_rule(const struct nlmsghdr *m, struct policy_rule *ret)
{
	struct attrs rest;
	const struct fib_rule_hdr *head = head_of(m, sizeof *head, &rest);
	if (!head || head->family != AF_INET || head->src_len > 32 || head->dst_len > 32)
		return false;
	ret->table = head->table;
	ret->source_len = head->src_len;
	ret->target_len = head->dst_len;
	ret->action = head->action;
	if (head->tos)
		ret->other |= RULE_MORE;
	if (head->flags & FIB_RULE_INVERT)
		ret->other |= RULE_NOT;
	const struct nlattr *a;
	while ((a = attr_next(&rest)))
		rule_attr(a, ret);
	return true;
}

/* ---- neighbours ---- */

static uint32_t ticks_to_ms(uint32_t ticks)
{
	return ticks > UINT32_MAX / MS_A_TICK ? UINT32_MAX : ticks * MS_A_TICK;
}

bool parse_neigh(const struct nlmsghdr *m, struct neigh *ret)
{
	struct attrs rest;
	const struct ndmsg *head = head_of(m, sizeof *head, &rest);
	if (!head || head->ndm_family != AF_INET)
		return false;
	ret->ifindex = head->ndm_ifindex;
	ret->state = head->ndm_state;
	ret->flags = head->ndm_flags;
	const struct nlattr *a;
	while ((a = attr_next(&rest))) {
		switch (attr_type(a)) {
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
			if (attr_len(a) >= sizeof(struct nda_cacheinfo)) {
				const struct nda_cacheinfo *ages = attr_data(a);
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
