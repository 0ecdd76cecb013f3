/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the check that a topology can be built as it stands, and questions about one. */
#include <config.h>

#include <arplab/topology.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>
#include <arplab/text.h>

static_assert(sizeof(struct topology) % 8 == 0, "a message of one has no padding at its end");

/* The confs that are no interface's; the kernel refuses interfaces with names of two of them. */
static bool is_common(const char *conf)
{
	return strcmp(conf, "all") == 0 || strcmp(conf, "default") == 0 || strcmp(conf, "lo") == 0;
}

static bool node_there(const struct topology *t, uint16_t node)
{
	return node > 0 && node <= t->node_count;
}

/* Whether a row's interface is 0, or 1 + the index of one of its own node's. */
static bool iface_of(const struct topology *t, uint16_t node, uint16_t iface)
{
	return node_there(t, node) &&
	       (iface == 0 || (iface <= t->iface_count && t->ifaces[iface - 1].node == node));
}

static bool counts_sane(const struct topology *t)
{
	return t->node_count > 0 && t->node_count <= NODES_MAX && t->switch_count <= SWITCHES_MAX &&
	       t->iface_count <= TOPOLOGY_IFACES_MAX && t->addr_count <= TOPOLOGY_ADDRS_MAX &&
	       t->route_count <= TOPOLOGY_ROUTES_MAX && t->sysctl_count <= TOPOLOGY_SYSCTLS_MAX &&
	       t->service_count <= TOPOLOGY_SERVICES_MAX &&
	       t->virtual_count <= TOPOLOGY_VIRTUALS_MAX && t->timers < TIMERS_KINDS;
}

static bool switches_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->switch_count; i++) {
		if (!text_is_name(t->switches[i], sizeof t->switches[i], "-"))
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(t->switches[i], t->switches[k]) == 0)
				return false;
	}
	return true;
}

static bool nodes_sane(const struct topology *t)
{
	for (uint16_t i = 0; i < t->node_count; i++) {
		const struct topology_node *n = &t->nodes[i];
		if (!text_is_name(n->name, sizeof n->name, "-") || n->forwards > 1)
			return false;
		for (size_t k = 0; k < i; k++)
			if (strcmp(n->name, t->nodes[k].name) == 0)
				return false;
	}
	return true;
}

/* A MAC that is all zero is the one of topology_mac(). */
static bool ifaces_sane(const struct topology *t)
{
	for (int i = 0; i < t->iface_count; i++) {
		const struct topology_iface *f = &t->ifaces[i];
		if (!node_there(t, f->node) || f->switch_number == 0 ||
			f->switch_number > t->switch_count || mac_is_group(f->mac) ||
			!text_is_name(f->name, sizeof f->name, "-_") || is_common(f->name) ||
			topology_iface(t, f->node, f->name) != i)
			return false;
	}
	return true;
}

static bool addrs_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->addr_count; i++)
		if (!iface_of(t, t->addrs[i].node, t->addrs[i].iface) || t->addrs[i].prefix > 32)
			return false;
	return true;
}

static bool routes_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->route_count; i++) {
		const struct topology_route *r = &t->routes[i];
		if (!iface_of(t, r->node, r->iface) || r->dst_len > 32 ||
			(r->iface == 0 && r->gateway == 0))
			return false;
	}
	return true;
}

static bool sysctls_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->sysctl_count; i++) {
		const struct topology_sysctl *s = &t->sysctls[i];
		if (!node_there(t, s->node) || !sysctl_key(s->key) ||
			!memchr(s->conf, '\0', sizeof s->conf) ||
			(!is_common(s->conf) && topology_iface(t, s->node, s->conf) < 0))
			return false;
	}
	return true;
}

static bool services_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->service_count; i++)
		if (!node_there(t, t->services[i].node) || t->services[i].port == 0)
			return false;
	return true;
}

static bool virtuals_sane(const struct topology *t)
{
	for (size_t i = 0; i < t->virtual_count; i++) {
		const struct topology_virtual *v = &t->virtuals[i];
		if (!node_there(t, v->node) || v->port == 0 || v->scheduler == 0 ||
			v->scheduler >= SCHEDULERS || v->real_count == 0 ||
			v->real_count > TOPOLOGY_REALS_MAX)
			return false;
		for (size_t k = 0; k < v->real_count; k++)
			if (v->reals[k].weight > UINT16_MAX)
				return false;
	}
	return true;
}

/* In this order: rows are found by names only once all names are known to end. */
int topology_check(const struct topology *t)
{
	bool sane = counts_sane(t) && switches_sane(t) && nodes_sane(t) && ifaces_sane(t) &&
		    addrs_sane(t) && routes_sane(t) && sysctls_sane(t) && services_sane(t) &&
		    virtuals_sane(t);
	return sane ? 0 : -EBADMSG;
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

uint32_t topology_real(const struct topology *t, uint16_t node)
{
	for (size_t i = 0; i < t->addr_count; i++)
		if (t->addrs[i].node == node && t->addrs[i].iface > 0)
			return t->addrs[i].ip;
	return 0;
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
