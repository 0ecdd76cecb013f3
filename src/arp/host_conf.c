/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: a host's sysctls, and what `all` and an interface make together.
 *
 * Source: Linux include/linux/inetdevice.h, IN_DEV_MAXCONF, IN_DEV_ORCONF, IN_DEV_CONF_GET, and the
 * macros of each sysctl there.
 */
#include <config.h>

#include "host_parts.h"

#include <errno.h>
#include <string.h>

#include <arplab/sysctl.h>

struct key {
	const char *name;
	enum sysctl_join join;
};

static const struct key keys[HOST_KEYS] = {
	[HOST_ARP_IGNORE] = { "arp_ignore", JOIN_MAX },
	[HOST_ARP_ANNOUNCE] = { "arp_announce", JOIN_MAX },
	[HOST_ARP_FILTER] = { "arp_filter", JOIN_OR },
	[HOST_ARP_ACCEPT] = { "arp_accept", JOIN_MAX },
	[HOST_DROP_GRATUITOUS] = { "drop_gratuitous_arp", JOIN_OR },
	[HOST_PROXY_ARP] = { "proxy_arp", JOIN_OR },
	[HOST_PROXY_PVLAN] = { "proxy_arp_pvlan", JOIN_OR },
	[HOST_RP_FILTER] = { "rp_filter", JOIN_MAX },
	[HOST_ACCEPT_LOCAL] = { "accept_local", JOIN_OR },
	[HOST_ROUTE_LOCALNET] = { "route_localnet", JOIN_OR },
	[HOST_FORWARDING] = { "forwarding", JOIN_OWN },
	[HOST_BC_FORWARDING] = { "bc_forwarding", JOIN_AND },
	[HOST_SEND_REDIRECTS] = { "send_redirects", JOIN_OR },
	[HOST_MEDIUM_ID] = { "medium_id", JOIN_OWN },
	[HOST_LOCKTIME] = { "locktime", JOIN_OWN },
};

const char *host_key_name(enum host_key key)
{
	return keys[key].name;
}

int host_key_find(const char *name)
{
	for (int i = 0; i < HOST_KEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return i;
	return -ENOENT;
}

int host_join(const struct host *h, enum host_key key)
{
	bool known = h->kernel != 0;
	if (key == HOST_ARP_ACCEPT && known && h->kernel < KERNEL(6, 0, 0))
		return JOIN_OR;
	/* That long nobody asked what `all` says. */
	if (key == HOST_PROXY_PVLAN && known && h->kernel < KERNEL(5, 11, 0))
		return JOIN_OWN;
	return (int)keys[key].join;
}

/* A value is known as soon as nothing that is not known could change it. */
static bool join_values(enum sysctl_join join, const int32_t *all, const int32_t *own, int32_t *ret)
{
	switch (join) {
	case JOIN_MAX:
		if (all && own)
			*ret = *all > *own ? *all : *own;
		return all && own;
	case JOIN_OR:
		*ret = (all && *all) || (own && *own);
		return *ret || (all && own);
	case JOIN_AND:
		*ret = all && *all && own && *own;
		return (all && own) || (all && !*all) || (own && !*own);
	case JOIN_OWN:
		if (own)
			*ret = *own;
		return own;
	}
	return false;
}

static const int32_t *value_of(const struct host_conf *c, enum host_key key)
{
	return c->known & 1u << key ? &c->values[key] : NULL;
}

static void join_key(const struct host *h, struct host_link *l, enum host_key key)
{
	const int32_t *all = value_of(&h->all, key);
	const int32_t *own = value_of(&l->own, key);
	int32_t value = 0;
	bool known = join_values((enum sysctl_join)host_join(h, key), all, own, &value);
	l->effective.values[key] = known ? value : 0;
	l->effective.known &= ~(1u << key);
	l->effective.known |= (uint32_t)known << key;
}

void conf_join_all(const struct host *h, struct host_link *l)
{
	for (int key = 0; key < HOST_KEYS; key++)
		join_key(h, l, (enum host_key)key);
}

static void conf_set(struct host_conf *c, enum host_key key, int32_t value)
{
	c->known |= 1u << key;
	c->values[key] = value;
}

int host_set(struct host *h, int32_t ifindex, enum host_key key, int32_t value)
{
	if (ifindex == CONF_ALL) {
		conf_set(&h->all, key, value);
		for (size_t i = 0; i < h->link_count; i++)
			join_key(h, &h->links[i], key);
		return 0;
	}
	for (size_t i = 0; i < h->link_count; i++) {
		if (h->links[i].ifindex != ifindex)
			continue;
		conf_set(&h->links[i].own, key, value);
		join_key(h, &h->links[i], key);
		return 0;
	}
	return -ENOENT;
}
