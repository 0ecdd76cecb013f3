/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the check that a topology can be built as it stands, and questions about one. */
#include <config.h>

#include <arplab/topology.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <arplab/sysctl.h>

static bool ends(const char *text, size_t size)
{
	return text[0] && memchr(text, '\0', size) != NULL;
}

static bool node_there(const struct topology *t, uint16_t node)
{
	return node > 0 && node <= t->node_count;
}

/* 0 stands for lo; else 1 + the index of one of the node's own interfaces. */
static bool iface_of(const struct topology *t, uint16_t node, uint16_t iface)
{
	return iface == 0 || (iface <= t->iface_count && t->ifaces[iface - 1].node == node);
}

static bool names_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->switch_count; i++)
		if (!ends(t->switches[i], sizeof t->switches[i]))
			return false;
	for (size_t i = 0; i < t->node_count; i++)
		if (!ends(t->nodes[i].name, sizeof t->nodes[i].name))
			return false;
	return true;
}

static bool ifaces_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->iface_count; i++) {
		const struct topology_iface *f = &t->ifaces[i];
		if (!node_there(t, f->node) || f->switch_number == 0 ||
			f->switch_number > t->switch_count || !ends(f->name, sizeof f->name) ||
			strchr(f->name, '/') || strcmp(f->name, "lo") == 0)
			return false;
	}
	return true;
}

static bool rows_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->addr_count; i++)
		if (!node_there(t, t->addrs[i].node) ||
			!iface_of(t, t->addrs[i].node, t->addrs[i].iface) ||
			t->addrs[i].prefix > 32)
			return false;
	for (size_t i = 0; i < t->route_count; i++)
		if (!node_there(t, t->routes[i].node) ||
			!iface_of(t, t->routes[i].node, t->routes[i].iface) ||
			t->routes[i].dst_len > 32)
			return false;
	for (size_t i = 0; i < t->sysctl_count; i++)
		if (!node_there(t, t->sysctls[i].node) || !sysctl_key(t->sysctls[i].key) ||
			!ends(t->sysctls[i].conf, sizeof t->sysctls[i].conf) ||
			strchr(t->sysctls[i].conf, '/') || t->sysctls[i].conf[0] == '.')
			return false;
	return true;
}

int topology_check(const struct topology *t)
{
	if (t->node_count == 0 || t->node_count > NODES_MAX || t->switch_count > SWITCHES_MAX ||
		t->iface_count > TOPOLOGY_IFACES_MAX || t->addr_count > TOPOLOGY_ADDRS_MAX ||
		t->route_count > TOPOLOGY_ROUTES_MAX || t->sysctl_count > TOPOLOGY_SYSCTLS_MAX ||
		t->timers >= TIMERS_KINDS)
		return -EBADMSG;
	return names_sane(t) && ifaces_sane(t) && rows_sane(t) ? 0 : -EBADMSG;
}

uint16_t topology_node(const struct topology *t, const char *name)
{
	for (uint16_t i = 0; i < t->node_count; i++)
		if (strcmp(t->nodes[i].name, name) == 0)
			return (uint16_t)(i + 1);
	return 0;
}

int topology_iface(const struct topology *t, uint16_t node, const char *name)
{
	for (int i = 0; i < t->iface_count; i++)
		if (t->ifaces[i].node == node && strcmp(t->ifaces[i].name, name) == 0)
			return i;
	return -ENOENT;
}

void topology_mac(uint16_t node, unsigned nth, uint8_t ret[6])
{
	const uint8_t mac[6] = { 0x02, 0, 0, 0, (uint8_t)nth, (uint8_t)node };
	memcpy(ret, mac, sizeof mac);
}

static const struct timer_value timers_true[] = {
	{ "base_reachable_time_ms", 30000 },
	{ "retrans_time_ms", 1000 },
	{ "delay_first_probe_time", 5000 },
	{ "locktime", 1000 },
	{ "mcast_solicit", 3 },
	{ "ucast_solicit", 3 },
};

static const struct timer_value timers_fast[] = {
	{ "base_reachable_time_ms", 1000 },
	{ "retrans_time_ms", 200 },
	{ "delay_first_probe_time", 500 },
	{ "locktime", 1000 },
	{ "mcast_solicit", 3 },
	{ "ucast_solicit", 3 },
};

const struct timer_value *topology_timers(enum topology_timers which, size_t *ret_count)
{
	static_assert(sizeof timers_true == sizeof timers_fast, "both name the same timers");
	*ret_count = sizeof timers_true / sizeof *timers_true;
	return which == TIMERS_FAST ? timers_fast : timers_true;
}
