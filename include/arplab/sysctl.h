/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the table of the sysctls that decide about ARP, and how `all` and an interface join.
 *
 * The combination is the kernel's, from include/linux/inetdevice.h (IN_DEV_MAXCONF, IN_DEV_ORCONF,
 * IN_DEV_ANDCONF, IN_DEV_CONF_GET) and the places that use them.
 */
#ifndef ARPLAB_SYSCTL_H
#define ARPLAB_SYSCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sysctl_family {
	SYSCTL_CONF,  /* net.ipv4.conf.<name>.<key>; has all, default and interfaces */
	SYSCTL_NEIGH, /* net.ipv4.neigh.<name>.<key>; has default and interfaces */
};

enum sysctl_join {
	JOIN_MAX, /* The larger number of `all` and the interface. */
	JOIN_OR,  /* 1 if either is not 0. */
	JOIN_AND, /* 1 if both are not 0. */
	JOIN_OWN, /* The interface alone; `all` means nothing. */
};

struct sysctl_level {
	int32_t value;
	const char *means; /* A plain sentence fragment. */
};

struct sysctl_key {
	const char *name;
	const char *unit; /* "", "ms", "cs" (1/100 s), "s", "probes" */
	const char *help; /* One plain sentence: what it decides. */
	const struct sysctl_level *levels; /* Values worth choosing; ends with means == NULL. */
	int32_t min, max;                  /* What may be written. */
	enum sysctl_family family;
	enum sysctl_join join;
	int source; /* IPV4_DEVCONF_* (1-based) for conf; NDTPA_* for neigh. */
	bool read_only;   /* The kernel sets it; it is shown and never written. */
	bool all_refused; /* Writing it for `all` changes other sysctls too; arplab does not. */
};

/* All keys; those about ARP first, the timers last. Returns the table, *ret_count its rows. */
const struct sysctl_key *sysctl_keys(size_t *ret_count);
/* One row, or NULL. */
const struct sysctl_key *sysctl_key(size_t index);
/* The index of a key's name, or -ENOENT. */
int sysctl_find(const char *name);
/* The name nearest to a misspelt one, or NULL if none is near. */
const char *sysctl_suggest(const char *name);
/* The value that counts for an interface. all is not looked at when the key joins by JOIN_OWN. */
int32_t sysctl_effective(const struct sysctl_key *key, int32_t all, int32_t own);
/* The next value worth choosing after `value`, round and round; value + 0 if there is no list. */
int32_t sysctl_next(const struct sysctl_key *key, int32_t value);
/* What a value means, or NULL if the table does not say. */
const char *sysctl_meaning(const struct sysctl_key *key, int32_t value);
/*
 * The name that sysctl(8) and sysctl.d(5) take: net.ipv4.conf.eth0.arp_ignore. An interface whose
 * name holds a dot gets the form with slashes: net/ipv4/conf/eth0.5/arp_ignore.
 */
struct text;
void sysctl_path(struct text *t, const struct sysctl_key *key, const char *name);
/* "max", "or", "and" or "own". */
const char *sysctl_join_name(enum sysctl_join join);

#endif
