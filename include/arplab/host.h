/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: the facts about one machine that the kernel looks at when it decides about ARP.
 *
 * A host is made once, from a model, from a file, or by hand, then settled and only read: the same
 * host gives the same verdicts for ever. What a reader needs quickly is worked out by
 * host_settle(): effective sysctls, an index of own addresses, an index of routes. Hosts made from
 * one model share their routes while these do not change.
 *
 * IPs and masks are in network order.
 */
#ifndef ARPLAB_HOST_H
#define ARPLAB_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/model.h>
#include <arplab/text.h>

/*
 * A kernel's version as one number: KERNEL(6, 1, 0). 0: not known, taken for the newest. Long-lived
 * branches have patches beyond 255 (4.4.302), which count as 255.
 */
#define KERNEL(major, minor, patch)                         \
	((uint32_t)(major) << 16 | (uint32_t)(minor) << 8 | \
		((uint32_t)(patch) > 255 ? 255 : (uint32_t)(patch)))

/* The sysctls that the rules ask for. */
enum host_key {
	HOST_ARP_IGNORE,
	HOST_ARP_ANNOUNCE,
	HOST_ARP_FILTER,
	HOST_ARP_ACCEPT,
	HOST_DROP_GRATUITOUS,
	HOST_PROXY_ARP,
	HOST_PROXY_PVLAN,
	HOST_RP_FILTER,
	HOST_ACCEPT_LOCAL,
	HOST_ROUTE_LOCALNET,
	HOST_FORWARDING,
	HOST_BC_FORWARDING,
	HOST_SEND_REDIRECTS,
	HOST_MEDIUM_ID,
	HOST_LOCKTIME, /* In ms here, whatever the sysctl's unit is. */
	HOST_KEYS
};

/* Values of `all` or of one interface. A bit of `known` is set for each that is known. */
struct host_conf {
	uint32_t known;
	int32_t values[HOST_KEYS];
};

struct host_addr {
	uint32_t local;
	uint32_t address; /* The peer's on a point-to-point link, else `local`. */
	uint32_t mask;
	uint8_t prefix;
	uint8_t scope; /* RT_SCOPE_*: 0 global, 200 site, 253 link, 254 host. */
	bool secondary;
};

/* What stands above an interface and takes its frames away from it. */
enum host_above {
	ABOVE_NOTHING,
	ABOVE_BRIDGE, /* It is a port: the bridge, bond or team receives what it receives. */
	ABOVE_VRF,    /* Routes are looked up in another table, which is not followed. */
	ABOVE_OTHER,  /* Something whose ways are not known here. */
};

struct host_link {
	int32_t ifindex;
	int32_t master; /* ifindex above it, 0 if none. */
	char name[IFNAME_SIZE];
	uint8_t mac[6];
	uint8_t above; /* enum host_above; for a VRF device itself it is ABOVE_VRF, too. */
	bool up, noarp, loopback;
	bool ethernet; /* Hardware addresses of six bytes; others are not ARP over Ethernet. */
	struct host_conf own;
	struct host_conf effective; /* Made by host_settle(). */
	size_t first, count;        /* Its addresses in host.addrs, in the kernel's order. */
};

struct host_route {
	uint32_t table;                /* 255 local, 254 main, 253 default, or another. */
	uint32_t dst, gateway, source; /* 0 if none. */
	uint32_t metric;
	int32_t ifindex;             /* 0 if none. */
	uint8_t prefix, type, scope; /* RTN_*, RT_SCOPE_* */
	uint8_t tos;
	uint8_t hops; /* More than one: multipath. */
	bool dead; /* RTNH_F_DEAD: passed over; for now if linkdown, since a link has no carrier. */
	bool linkdown; /* RTNH_F_LINKDOWN; used nevertheless, unless it is dead. */
	bool onlink;
	bool manual; /* Not made by the kernel itself (protocol other than RTPROT_KERNEL). */
};

/* A policy rule, usually beyond the three that every namespace begins with. */
struct host_rule {
	uint32_t priority, table;
	uint32_t source, target, source_mask, target_mask;
	uint8_t action;   /* FR_ACT_* */
	uint8_t suppress; /* A route of a shorter prefix than this does not count as found. */
	bool invert;      /* It holds for all that its selectors do not fit. */
	bool other;       /* It asks for a mark or something else that is not followed. */
	char iif[IFNAME_SIZE], oif[IFNAME_SIZE];
	char why[56]; /* Made by host_add_rule(): what is not followed, for a reader. */
};

/* A proxy neighbour entry: `ip neigh add proxy IP dev IF`. */
struct host_proxy {
	uint32_t ip;
	int32_t ifindex; /* 0: any interface. */
};

struct host_fib; /* Routes with their index; shared and counted. */

struct host {
	char name[64];
	uint32_t kernel;         /* KERNEL(…), 0 if not known. */
	struct host_link *links; /* In the kernel's order, lo first. */
	size_t link_count;
	struct host_addr *addrs; /* Those of the first link, then of the next… */
	size_t addr_count;
	struct host_rule *rules; /* By priority. */
	size_t rule_count;
	struct host_proxy *proxies;
	size_t proxy_count;
	struct host_conf all;
	bool split_tables; /* local and main are looked up one after the other, not as one. */
	bool custom_local; /* A local route was ever added by hand. */
	bool default_made; /* The table default was ever used: it is asked even if it is empty. */
	/* Rules 0, 32766 and 32767 are not as every namespace has them: `rules` holds all there
	 * are. */
	bool rules_replaced;
	bool routes_unknown; /* Nothing is known of its routes, so no lookup can be told. */
	bool described;      /* host_read_line() has begun: what it does not name is 0. */
	bool has_vrf;        /* Made by host_settle(): some link is ABOVE_VRF. */
	bool ascending;      /* Made by host_settle(): links stand in the order of ifindex. */
	struct host_fib *fib;
	uint32_t *own;   /* Index of own addresses: places + 1 in addrs; 0 is free. */
	size_t own_size; /* A power of two. */
};

/* ---- making ---- */

struct host *host_new(void);
void host_free(struct host *h);
/* A copy that may be changed, for "what if"; it shares the routes. */
struct host *host_copy(const struct host *h);
/*
 * From what is known of a machine. before: an earlier host of the same model whose routes are
 * shared if the model's have not changed since (its generation is remembered), or NULL.
 */
struct host *host_from_model(const struct model *m, const struct host *before);

/* Add at the end, in the kernel's order. Returns the row, good until the next of its kind. */
struct host_link *host_add_link(struct host *h, int32_t ifindex, const char *name);
/* link: index into links. The address goes behind the link's others. */
struct host_addr *host_add_addr(struct host *h, size_t link, const struct host_addr *a);
/* Behind routes of the same table, destination and metric, as the kernel appends them. */
void host_add_route(struct host *h, const struct host_route *r);
void host_add_rule(struct host *h, const struct host_rule *r);
void host_add_proxy(struct host *h, uint32_t ip, int32_t ifindex);
/*
 * Set a sysctl of `all` (ifindex CONF_ALL) or an interface; the value becomes known.
 * Returns 0 or -ENOENT for no such interface. Effective values are worked out anew.
 */
int host_set(struct host *h, int32_t ifindex, enum host_key key, int32_t value);
/* Work out what readers need; to be called once after adding, before any question. */
void host_settle(struct host *h);

/* ---- asking ---- */

/* A link, or NULL. */
const struct host_link *host_link(const struct host *h, int32_t ifindex);
const struct host_link *host_link_named(const struct host *h, const char *name);
/* The sysctl's name: "arp_ignore". */
const char *host_key_name(enum host_key key);
/* The key of a sysctl's name, or -ENOENT: it is none that the rules ask for. */
int host_key_find(const char *name);
/* An effective value, if it is known. */
static inline bool host_value(const struct host_link *l, enum host_key key, int32_t *ret)
{
	if (!(l->effective.known & 1u << key))
		return false;
	*ret = l->effective.values[key];
	return true;
}
/* How `all` and the interface join for this kernel: enum sysctl_join. */
int host_join(const struct host *h, enum host_key key);
/*
 * The interface that has an address as its own, or NULL. The first in the kernel's order if there
 * are several.
 */
const struct host_link *host_owner(const struct host *h, uint32_t ip);
/* The proxy neighbour entry for an address on an interface, or on any. */
bool host_has_proxy(const struct host *h, uint32_t ip, int32_t ifindex);

enum fib_result {
	FIB_ROUTE,   /* ret is the route. */
	FIB_NONE,    /* No route. */
	FIB_ERROR,   /* blackhole, unreachable or prohibit: ret is that route, or stands for a rule.
		      */
	FIB_UNKNOWN, /* It cannot be told; why says what is not followed. */
};

/* What is looked up. iif, oif: ifindex, 0 if there is none. */
struct flow {
	uint32_t dst, src;
	int32_t iif, oif;
	bool output; /* Of a packet that this host sends itself. */
};

/*
 * The route that the kernel finds. ret: written for FIB_ROUTE and FIB_ERROR, good as long as h.
 * ret_why: for FIB_UNKNOWN a sentence fragment ("policy rule 100 asks for a mark"); may be NULL.
 * Source: Linux net/ipv4/fib_frontend.c, fib_lookup(); fib_rules.c; fib_trie.c,
 * fib_table_lookup().
 */
enum fib_result host_lookup(const struct host *h, const struct flow *flow,
	const struct host_route **ret, const char **ret_why);
/*
 * The type of an address as this host sees it: RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST,
 * RTN_UNICAST…; -1 if it cannot be told.
 * Source: Linux net/ipv4/fib_frontend.c, __inet_dev_addr_type().
 */
int host_addr_type(const struct host *h, uint32_t ip);
/* Routes one by one in the order of tables, destinations, metrics; NULL behind the last. */
const struct host_route *host_route(const struct host *h, size_t i);

/* ---- what commands make of it: ip address add, ip route add ---- */

/*
 * Carry out `ip address add` as the kernel would: its place in the list, whether it is secondary,
 * the routes that come with it. a->secondary is not looked at. The host must be settled again.
 * Returns 0, -EEXIST or -EINVAL, as the kernel does.
 * Source: Linux net/ipv4/devinet.c, __inet_insert_ifa(); fib_frontend.c, fib_add_ifaddr().
 */
int host_derive_addr(struct host *h, size_t link, const struct host_addr *a);
/*
 * The same for `ip route add`: -EEXIST, -ENETUNREACH, -EINVAL… as the kernel does, and -EOPNOTSUPP
 * if a lookup on the way cannot be told. The host must be settled before, and again after.
 * Multipath routes are not made. Source: Linux net/ipv4/fib_semantics.c, fib_create_info(),
 * fib_check_nh().
 */
int host_derive_route(struct host *h, const struct host_route *r);

/* ---- as text ---- */

/*
 * Write a settled host as lines that host_read() takes: what `arplab snapshot` prints. Each line is
 * handed to `line` without its line feed.
 */
void host_write(const struct host *h, void (*line)(void *arg, const char *text), void *arg);
/*
 * Read one line into a host that is being made:
 *
 *	config NAME [custom_local=0|1] [split_tables=0|1] [kernel=6.18.5] [routes=listed|unknown]
 *		[rules_replaced=0|1] [default_made=0|1]
 *	link IFINDEX NAME MAC [up=0|1] [lo=0|1] [noarp=0|1] [ethernet=0|1] [master=LINK]
 *		[above=nothing|bridge|vrf|other] [segment=…]
 *	addr LINK IP[/LENGTH] [address=PEER] [plen=LENGTH] [scope=SCOPE] [secondary=0|1]
 *	addaddr LINK IP[/LENGTH] [peer=PEER] [plen=LENGTH] [scope=SCOPE] [errno=NUMBER]
 *	route [NET] [dst=NET] [type=TYPE] [table=TABLE] [scope=SCOPE] [dev=LINK] [gw=IP] [src=IP]
 *		[metric=N] [onlink=0|1] [tos=N] [hops=N] [dead=0|1] [linkdown=0|1] [manual=0|1]
 *	addroute …as route, up to tos… [errno=NUMBER]
 *	rule PRIORITY [action=table|goto|nop|blackhole|unreachable|prohibit] [table=TABLE]
 *		[from=NET] [to=NET] [iif=LINK] [oif=LINK] [not=0|1] [suppress=N] [other=0|1]
 *	sysctl all|default|LINK NAME VALUE
 *	locktime LINK MS
 *	pneigh LINK IP
 *
 * config, if there is one, is the first; a link stands before what names it (a master may be named
 * by its ifindex in place of that). Scopes, tables, types and actions are names or numbers, NET is
 * IP[/LENGTH] or `default`, and "-" stands for none: as LINK of pneigh for any, as VALUE or MS for
 * one that is not known. Sysctls that nobody names are known to be 0, locktime to be 1000.
 * `segment` is passed over, as are empty lines and those that begin with '#'.
 *
 * addaddr and addroute stand for commands: they are carried out with host_derive_*() if `derive` is
 * true and passed over if it is not, while addr and route are then passed over in turn. A command
 * that gives another errno than its line says is an error.
 * Returns 0, -ENOENT for a word that begins no such line, or -EBADMSG, both with a sentence.
 */
int host_read_line(struct host *h, const char *line, bool derive, struct err *err);
/*
 * Read a whole description. name: for sentences. If it has lines `route`, then addr and route are
 * taken as they are. If it has none, the routes are derived: from the commands, or, if there is no
 * addaddr either, from the lines addr as if each were one, so that a few lines describe a machine.
 * `routes=` forbids that. Returns a settled host, or NULL and a sentence with the line's number.
 */
struct host *host_read(const char *name, const char *bytes, size_t len, struct err *err);

#endif
