/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: the table of the sysctls that decide about ARP. */
#include <config.h>

#include <arplab/i18n.h>
#include <arplab/sysctl.h>

#include <errno.h>
#include <string.h>

#include <linux/ip.h>
#include <linux/neighbour.h>

#include <arplab/text.h>

/* Kernel headers older than Linux 5.16 do not name it yet. */
#define DEVCONF_ARP_EVICT_NOCARRIER 33

#define NUMBER_MAX INT32_MAX
#define LEVEL_MAX 255

static const struct sysctl_level off_on[] = { { 0, N_("off") }, { 1, N_("on") }, { 0, NULL } };

static const struct sysctl_level ignore_levels[] = {
	{ 0, N_("answer for any local address, whatever interface holds it") },
	{ 1, N_("answer only for addresses of the interface that was asked") },
	{ 2, N_("as 1, and the asker must be in the same subnet on that interface") },
	{ 3, N_("do not answer for addresses of scope host") },
	{ 8, N_("answer nothing at all") },
	{ 0, NULL },
};

static const struct sysctl_level announce_levels[] = {
	{ 0, N_("the packet's own source address goes into the who-has") },
	{ 1, N_("prefer an address of the target's subnet, if the source is not in it") },
	{ 2, N_("always the best address of the outgoing interface") },
	{ 0, NULL },
};

static const struct sysctl_level accept_levels[] = {
	{ 0, N_("no entry is made from gratuitous frames") },
	{ 1, N_("gratuitous frames make new entries") },
	{ 2, N_("the same, but only from senders in a subnet of the interface") },
	{ 0, NULL },
};

static const struct sysctl_level rp_levels[] = {
	{ 0, N_("no check of the source") },
	{ 1, N_("strict: the route back must leave by the same interface") },
	{ 2, N_("loose: there must be some route back") },
	{ 0, NULL },
};

#define CONF(key, combination, index, values, highest)                                        \
	.name = key, .unit = "", .family = SYSCTL_CONF, .join = combination, .source = index, \
	.levels = values, .min = 0, .max = highest
#define TIMER(key, attribute, of)                                                               \
	.name = key, .unit = of, .family = SYSCTL_NEIGH, .join = JOIN_OWN, .source = attribute, \
	.levels = NULL, .min = 0, .max = NUMBER_MAX

static const struct sysctl_key keys[] = {
	{ CONF("arp_ignore", JOIN_MAX, IPV4_DEVCONF_ARP_IGNORE, ignore_levels, LEVEL_MAX),
		.help = N_("Which who-has this host answers.") },
	{ CONF("arp_announce", JOIN_MAX, IPV4_DEVCONF_ARP_ANNOUNCE, announce_levels, LEVEL_MAX),
		.help = N_("Which sender address this host puts into its own who-has.") },
	{ CONF("arp_filter", JOIN_OR, IPV4_DEVCONF_ARPFILTER, off_on, 1),
		.help = N_("Answer only where the route back to the asker leaves.") },
	{ CONF("arp_accept", JOIN_MAX, IPV4_DEVCONF_ARP_ACCEPT, accept_levels, 2),
		.help = N_("Whether gratuitous frames make new neighbour entries.") },
	{ CONF("arp_notify", JOIN_MAX, IPV4_DEVCONF_ARP_NOTIFY, off_on, 1),
		.help = N_("Announce the interface's addresses when it comes up or changes its "
			   "MAC.") },
	{ CONF("drop_gratuitous_arp", JOIN_OR, IPV4_DEVCONF_DROP_GRATUITOUS_ARP, off_on, 1),
		.help = N_("Ignore every gratuitous frame, also a failover's.") },
	{ CONF("arp_evict_nocarrier", JOIN_AND, DEVCONF_ARP_EVICT_NOCARRIER, off_on, 1),
		.help = N_("Forget the neighbours when the cable is pulled.") },
	{ CONF("proxy_arp", JOIN_OR, IPV4_DEVCONF_PROXY_ARP, off_on, 1),
		.help = N_("Answer for hosts behind another interface that this host routes to.") },
	{ CONF("proxy_arp_pvlan", JOIN_OR, IPV4_DEVCONF_PROXY_ARP_PVLAN, off_on, 1),
		.help = N_("Answer for hosts on the same interface, on switches that separate "
			   "ports.") },
	{ CONF("rp_filter", JOIN_MAX, IPV4_DEVCONF_RP_FILTER, rp_levels, 2),
		.help = N_("Whether the asker's address must be reachable, and where.") },
	{ CONF("accept_local", JOIN_OR, IPV4_DEVCONF_ACCEPT_LOCAL, off_on, 1),
		.help = N_("Accept frames whose sender address is one of this host's own.") },
	{ CONF("route_localnet", JOIN_OR, IPV4_DEVCONF_ROUTE_LOCALNET, off_on, 1),
		.help = N_("Treat 127.0.0.0/8 as addresses that may be on a wire.") },
	{ CONF("forwarding", JOIN_OWN, IPV4_DEVCONF_FORWARDING, off_on, 1),
		.help = N_("Whether this host routes; proxy ARP needs it."), .all_refused = true },
	{ CONF("send_redirects", JOIN_OR, IPV4_DEVCONF_SEND_REDIRECTS, off_on, 1),
		.help = N_(
			"Send ICMP redirects; it also relaxes the check of an asker's address.") },
	{ CONF("shared_media", JOIN_OR, IPV4_DEVCONF_SHARED_MEDIA, off_on, 1),
		.help = N_("Several subnets share this wire; redirects may point across them.") },
	{ .name = "medium_id",
		.unit = "",
		.family = SYSCTL_CONF,
		.join = JOIN_OWN,
		.source = IPV4_DEVCONF_MEDIUM_ID,
		.min = -1,
		.max = NUMBER_MAX,
		.help = N_("Interfaces with the same number share a wire, for proxy ARP.") },
	{ CONF("bc_forwarding", JOIN_AND, IPV4_DEVCONF_BC_FORWARDING, off_on, 1),
		.help = N_("Route directed broadcasts.") },
	{ CONF("src_valid_mark", JOIN_OR, IPV4_DEVCONF_SRC_VMARK, off_on, 1),
		.help = N_("Use a packet's mark when its source is checked.") },
	{ CONF("mc_forwarding", JOIN_AND, IPV4_DEVCONF_MC_FORWARDING, off_on, 1),
		.help = N_("Multicast routing is on; a routing daemon decides."),
		.read_only = true },
	{ TIMER("base_reachable_time_ms", NDTPA_BASE_REACHABLE_TIME, "ms"),
		.help = N_("An entry stays REACHABLE for half to one and a half times this.") },
	{ TIMER("retrans_time_ms", NDTPA_RETRANS_TIME, "ms"),
		.help = N_("Time between two who-has for the same neighbour.") },
	{ TIMER("delay_first_probe_time", NDTPA_DELAY_PROBE_TIME, "s"),
		.help = N_("A STALE entry in use is DELAY for this long before it is polled.") },
	{ TIMER("locktime", NDTPA_LOCKTIME, "cs"),
		.help = N_("An entry younger than this does not yield to another MAC (1/100 s).") },
	{ TIMER("gc_stale_time", NDTPA_GC_STALETIME, "s"),
		.help = N_("How long an unused entry is kept before it may be collected.") },
	{ TIMER("mcast_solicit", NDTPA_MCAST_PROBES, "probes"),
		.help = N_("Broadcast who-has that are sent before an entry is FAILED.") },
	{ TIMER("ucast_solicit", NDTPA_UCAST_PROBES, "probes"),
		.help = N_("Unicast polls of an entry in PROBE.") },
	{ TIMER("mcast_resolicit", NDTPA_MCAST_REPROBES, "probes"),
		.help = N_("Broadcast who-has after the unicast polls stayed unanswered.") },
	{ TIMER("app_solicit", NDTPA_APP_PROBES, "probes"),
		.help = N_("Questions put to a user-space ARP daemon first.") },
	{ TIMER("proxy_delay", NDTPA_PROXY_DELAY, "cs"),
		.help = N_("A proxied answer waits a random time up to this (1/100 s).") },
};

#define KEY_COUNT (sizeof keys / sizeof *keys)

const struct sysctl_key *sysctl_keys(size_t *ret_count)
{
	*ret_count = KEY_COUNT;
	return keys;
}

const struct sysctl_key *sysctl_key(size_t index)
{
	return index < KEY_COUNT ? &keys[index] : NULL;
}

int sysctl_find(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(keys[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

const char *sysctl_suggest(const char *name)
{
	const char *best = NULL;
	unsigned best_distance = 4;
	for (size_t i = 0; i < KEY_COUNT; i++) {
		unsigned d = text_distance(name, keys[i].name);
		if (d < best_distance) {
			best_distance = d;
			best = keys[i].name;
		}
	}
	return best;
}

int32_t sysctl_effective(const struct sysctl_key *key, int32_t all, int32_t own)
{
	switch (key->join) {
	case JOIN_MAX:
		return all > own ? all : own;
	case JOIN_OR:
		return all || own;
	case JOIN_AND:
		return all && own;
	case JOIN_OWN:
		return own;
	}
	return own;
}

int32_t sysctl_next(const struct sysctl_key *key, int32_t value)
{
	if (!key->levels || key->read_only)
		return value;
	for (const struct sysctl_level *l = key->levels; l->means; l++)
		if (l->value > value)
			return l->value;
	return key->levels[0].value;
}

const char *sysctl_meaning(const struct sysctl_key *key, int32_t value)
{
	for (const struct sysctl_level *l = key->levels; l && l->means; l++)
		if (l->value == value)
			return l->means;
	if (key->levels == ignore_levels || key->levels == announce_levels)
		return N_("no such level: the kernel treats it like 0");
	return NULL;
}

void sysctl_path(struct text *t, const struct sysctl_key *key, const char *name)
{
	char between = strchr(name, '.') ? '/' : '.';
	const char *parts[] = { "net", "ipv4", key->family == SYSCTL_CONF ? "conf" : "neigh" };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		text_put(t, parts[i]);
		text_char(t, between);
	}
	text_name(t, name, strlen(name));
	text_char(t, between);
	text_put(t, key->name);
}

const char *sysctl_join_name(enum sysctl_join join)
{
	static const char *const names[] = {
		[JOIN_MAX] = "max",
		[JOIN_OR] = "or",
		[JOIN_AND] = "and",
		[JOIN_OWN] = "own",
	};
	return names[join];
}
