/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the check that foreign bytes are one whole action. */
#include <config.h>

#include <arplab/action.h>

#include <errno.h>
#include <string.h>

#include <arplab/sysctl.h>
#include <arplab/topology.h>

#define PACKETS_MAX 1000
#define PORTS_MAX 65535
#define WEIGHT_MAX 65535

size_t action_message_max(void)
{
	return sizeof(struct action) + sizeof(struct topology);
}

static bool in_node(const struct action *a)
{
	return a->node > 0 && a->node <= NODES_MAX;
}

static bool on_iface(const struct action *a)
{
	return in_node(a) && a->ifindex > 0;
}

static bool sane(const struct action *a)
{
	switch ((enum action_kind)a->kind) {
	case ACTION_SET:
		return a->ifindex >= CONF_DEFAULT;
	case ACTION_LOOK_NEIGH:
		return a->ifindex > 0;
	case ACTION_FETCH:
		return a->first > 0 && a->count > 0;
	case ACTION_ADDR:
		return on_iface(a) && a->prefix <= 32 && a->value >= 0 && a->value <= 1;
	case ACTION_LINK:
	case ACTION_ARP:
		return on_iface(a) && a->value >= 0 && a->value <= 1;
	case ACTION_ROUTE:
		return in_node(a) && a->ifindex >= 0 && a->prefix <= 32 && a->value >= 0 &&
		       a->value <= 1 && a->count <= ROUTE_TABLE_MAX;
	case ACTION_RULE:
		return in_node(a) && a->prefix <= 32 && a->value >= 0 && a->value <= 1 &&
		       a->count > 0 && a->count <= ROUTE_TABLE_MAX;
	case ACTION_SIEVE:
		return in_node(a) && a->value >= 0 && a->value < SIEVES;
	case ACTION_NEIGH:
	case ACTION_PORT:
	case ACTION_MAC:
		return on_iface(a);
	case ACTION_FLUSH:
		return in_node(a) && a->ifindex >= 0;
	case ACTION_TIMERS:
		return in_node(a) && a->value >= 0 && a->value < TIMERS_KINDS;
	case ACTION_PING:
		return in_node(a) && a->count > 0 && a->count <= PACKETS_MAX;
	case ACTION_ARPING:
		return on_iface(a) && a->count > 0 && a->count <= PACKETS_MAX;
	case ACTION_SEND:
		return on_iface(a);
	case ACTION_UDP:
		return in_node(a) && a->count > 0 && a->count <= PORTS_MAX;
	case ACTION_CAPTURE:
		return on_iface(a) && a->value >= 0 && a->value <= 1;
	case ACTION_SHELL:
	case ACTION_OUTAGE:
		return in_node(a);
	case ACTION_SERVE:
		return in_node(a) && a->port > 0 && a->value >= 0 && a->value <= 1;
	case ACTION_VIRTUAL:
		return in_node(a) && a->port > 0 && a->value >= 0 && a->value < SCHEDULERS;
	case ACTION_REAL:
		return in_node(a) && a->port > 0 && a->value >= 0 && a->value <= 1 &&
		       a->count <= WEIGHT_MAX;
	case ACTION_CONNECT:
		return in_node(a) && a->port > 0 && a->count > 0 && a->count <= PACKETS_MAX;
	case ACTION_VRRP:
		return on_iface(a) && a->value >= 0 && a->value <= 1 && a->count > 0 &&
		       a->count <= PRIORITY_MAX;
	case ACTION_BUILD:
	case ACTION_UNDO:
	case ACTION_UNDO_ALL:
	case ACTION_KEEP:
	case ACTION_RESTORE:
	case ACTION_FORGET:
	case ACTION_FILTER:
	case ACTION_CHECK_FILTER:
		return true;
	case ACTION_KINDS:
		break;
	}
	return false;
}

int action_check(const void *bytes, size_t len)
{
	if (len < sizeof(struct action))
		return -EBADMSG;
	const struct action *a = bytes;
	if (a->kind == ACTION_BUILD) {
		if (len != action_message_max() ||
			topology_check((const struct topology *)(a + 1)) < 0)
			return -EBADMSG;
	} else if (len != sizeof *a) {
		return -EBADMSG;
	}
	if (memchr(a->text, '\0', sizeof a->text) == NULL || !sysctl_key(a->key) ||
		a->node > NODES_MAX)
		return -EBADMSG;
	return sane(a) ? 0 : -EBADMSG;
}
