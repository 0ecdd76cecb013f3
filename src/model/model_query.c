/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: questions that readers of a model ask. */
#include <config.h>

#include <arplab/model.h>

#include <errno.h>
#include <string.h>

#include <arplab/addr.h>
#include <arplab/sysctl.h>
#include <arplab/world.h>

const struct model_link *model_link(const struct model *m, int32_t ifindex)
{
	for (size_t i = 0; i < m->link_count; i++)
		if (m->links[i].link.ifindex == ifindex)
			return &m->links[i];
	return NULL;
}

const struct model_link *model_link_named(const struct model *m, const char *name)
{
	for (size_t i = 0; i < m->link_count; i++)
		if (strcmp(m->links[i].link.name, name) == 0)
			return &m->links[i];
	return NULL;
}

const char *model_conf_name(const struct model *m, int32_t ifindex)
{
	if (ifindex == CONF_ALL)
		return "all";
	if (ifindex == CONF_DEFAULT)
		return "default";
	const struct model_link *l = model_link(m, ifindex);
	return l ? l->link.name : "?";
}

int model_conf_find(const struct model *m, const char *name, int32_t *ret)
{
	if (strcmp(name, "all") == 0) {
		*ret = CONF_ALL;
		return 0;
	}
	if (strcmp(name, "default") == 0) {
		*ret = CONF_DEFAULT;
		return 0;
	}
	const struct model_link *l = model_link_named(m, name);
	if (!l)
		return -ENOENT;
	*ret = l->link.ifindex;
	return 0;
}

const struct model_conf *model_conf(const struct model *m, int32_t ifindex)
{
	for (size_t i = 0; i < m->conf_count; i++)
		if (m->confs[i].ifindex == ifindex)
			return &m->confs[i];
	return NULL;
}

bool model_sysctl(const struct model *m, int32_t ifindex, size_t key, int32_t *ret)
{
	const struct model_conf *c = model_conf(m, ifindex);
	if (!c || !(c->known & UINT64_C(1) << key))
		return false;
	*ret = c->values[key];
	return true;
}

bool model_effective(
	const struct model *m, int32_t ifindex, size_t key, int32_t *ret, int32_t *ret_decider)
{
	const struct sysctl_key *k = sysctl_key(key);
	int32_t all = 0, own;
	if (!k || !model_sysctl(m, ifindex, key, &own))
		return false;
	if (k->join != JOIN_OWN && !model_sysctl(m, CONF_ALL, key, &all))
		return false;
	*ret = sysctl_effective(k, all, own);
	/* `all` decides when the interface's own value, taken alone, would have given less (or
	 * more). */
	bool own_alone = k->join == JOIN_OWN || *ret == sysctl_effective(k, own, own);
	*ret_decider = own_alone ? ifindex : CONF_ALL;
	return true;
}

bool model_ready(const struct model *m)
{
	if (m->hello.scope == SCOPE_FILE)
		return true;
	if (m->hello.scope == SCOPE_LAB && m->world && m->world->machines[0] == m)
		return world_ready(m->world);
	uint32_t wanted =
		1u << TABLE_LINKS | 1u << TABLE_ADDRS | 1u << TABLE_NEIGHS | 1u << TABLE_SYSCTLS;
	/* A machine of the lab has no journal: it is built anew. */
	if (m->hello.scope != SCOPE_LAB)
		wanted |= 1u << TABLE_CHANGES;
	return (m->tables_seen & wanted) == wanted;
}

uint64_t model_dropped(const struct model *m)
{
	uint64_t sum = m->gone_dropped;
	for (size_t i = 0; i < m->link_count; i++)
		sum += m->links[i].drops.kernel;
	return sum;
}

int32_t model_own_ip(const struct model *m, uint32_t ip)
{
	for (size_t i = 0; i < m->addr_count; i++)
		if (m->addrs[i].addr.local == ip)
			return m->addrs[i].addr.ifindex;
	return 0;
}

int32_t model_own_mac(const struct model *m, const uint8_t mac[6])
{
	for (size_t i = 0; i < m->link_count; i++)
		if (m->links[i].link.mac_len == 6 && memcmp(m->links[i].link.mac, mac, 6) == 0 &&
			!mac_is_zero(mac))
			return m->links[i].link.ifindex;
	return 0;
}

size_t model_changes(const struct model *m, enum change_state state)
{
	size_t n = 0;
	for (size_t i = 0; i < m->change_count; i++)
		n += m->changes[i].state == state;
	return n;
}
