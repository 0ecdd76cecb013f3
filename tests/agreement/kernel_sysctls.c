/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a random host's sysctls, each with all the values that the kernel takes. */
#include <config.h>

#include "kernel.h"

#include <assert.h>
#include <string.h>

/* Of one sysctl: how often it is other than by itself, and what it then is. */
static const struct {
	const char *name;
	int usual;
	unsigned percent; /* Of interfaces; `all` half as often. */
	unsigned router;  /* How often a host that passes packets on sets it to 1. */
	int lowest, highest;
} sysctls[] = {
	{ "arp_ignore", 0, 35, 0, 0, 9 },
	{ "arp_announce", 0, 35, 0, 0, 9 },
	{ "arp_filter", 0, 15, 0, 0, 2 },
	{ "arp_accept", 0, 35, 0, 0, 3 },
	{ "arp_notify", 0, 20, 0, 0, 1 },
	{ "rp_filter", 0, 25, 0, 0, 3 },
	{ "accept_local", 0, 15, 0, 0, 1 },
	{ "route_localnet", 0, 12, 0, 0, 1 },
	{ "drop_gratuitous_arp", 0, 6, 0, 0, 1 },
	{ "proxy_arp", 0, 18, 25, 0, 1 },
	{ "proxy_arp_pvlan", 0, 15, 15, 0, 1 },
	{ "send_redirects", 1, 50, 0, 0, 1 },
	{ "shared_media", 1, 30, 0, 0, 1 },
	{ "src_valid_mark", 0, 10, 0, 0, 1 },
	{ "arp_evict_nocarrier", 1, 20, 0, 0, 1 },
	{ "bc_forwarding", 0, 30, 15, 0, 1 },
	{ "forwarding", 0, 40, 70, 0, 1 },
	{ "medium_id", 0, 12, 5, -1, 2 },
	{ "promote_secondaries", 0, 20, 0, 0, 1 },
	{ "log_martians", 0, 0, 0, 0, 1 },
	{ "ignore_routes_with_linkdown", 0, 20, 0, 0, 1 },
	{ "disable_policy", 0, 20, 0, 0, 1 },
};

static_assert(sizeof sysctls / sizeof *sysctls == CONF_FILES, "a file for each");

const char *conf_file_name(size_t i)
{
	return sysctls[i].name;
}

static int value_of(struct rng *r, size_t key, unsigned percent, bool router)
{
	int span = sysctls[key].highest - sysctls[key].lowest + 1;
	int value = sysctls[key].lowest + (int)rng_below(r, (unsigned)span);
	/* The levels that mean something come more often than those above them. */
	if (value > 3 && value != 8 && rng_percent(r, 60))
		value &= 3;
	if (!rng_percent(r, percent))
		value = sysctls[key].usual;
	return router && rng_percent(r, sysctls[key].router) ? 1 : value;
}

void host_change(struct space *s, struct rng *r)
{
	size_t key = 0;
	while (strcmp(sysctls[key].name, "ignore_routes_with_linkdown") != 0)
		key++;
	for (size_t i = LINK_E0; i <= LINKS; i++)
		space_set(s, i, key, rng_percent(r, 50));
}

void sysctls_make(struct space *s, struct rng *r)
{
	bool router = rng_percent(r, 30);
	/* `all` comes first, since its forwarding is written into every interface. */
	for (size_t key = 0; key < CONF_FILES; key++)
		space_set(s, LINKS, key, value_of(r, key, sysctls[key].percent / 2, router));
	for (size_t i = 0; i < LINKS; i++)
		for (size_t key = 0; key < CONF_FILES; key++)
			space_set(s, i, key, value_of(r, key, sysctls[key].percent, router));
}
