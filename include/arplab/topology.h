/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: a private network as plain data: machines, the switches between them, what they begin
 * with. The front reads it from a lesson and sends it to the helper, which makes it real.
 *
 * Nodes are numbered from 1 on, in the order they are named; so are switches. Node 0 stands for
 * the LAN as a whole: what no single machine saw or did.
 */
#ifndef ARPLAB_TOPOLOGY_H
#define ARPLAB_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

#define NODES_MAX 32
#define NODE_NAME_SIZE 16
#define SWITCHES_MAX 8
#define TOPOLOGY_IFACES_MAX 64
#define TOPOLOGY_ADDRS_MAX 128
#define TOPOLOGY_ROUTES_MAX 64
#define TOPOLOGY_SYSCTLS_MAX 128
#define TOPOLOGY_SERVICES_MAX 32
#define TOPOLOGY_VIRTUALS_MAX 4

struct topology_node {
	char name[NODE_NAME_SIZE]; /* Letters, digits, '-'; begins with a letter. */
	uint8_t forwards;          /* 1: a router (net.ipv4.ip_forward). */
	uint8_t spare[3];
	uint32_t tunnel; /* It takes ipip packets, and has this address on tunl0; 0: it does not. */
};

/* An interface plugged into a switch. Every node has lo besides. */
struct topology_iface {
	uint16_t node;     /* From 1 on. */
	uint16_t switch_number; /* From 1 on. */
	uint8_t mac[6]; /* All zero: that of topology_mac(). */
	uint8_t spare[2];
	/* Rank of its switch port: the port that is attached last is served first. */
	uint32_t rank;
	char name[IFNAME_SIZE]; /* Letters, digits, '-', '_'; begins with a letter. */
};

struct topology_addr {
	uint16_t node;
	uint16_t iface; /* 0: lo; else 1 + index into ifaces. */
	uint8_t prefix; /* 0..32 */
	uint8_t scope;  /* RT_SCOPE_*: 0 global, 253 link, 254 host. */
	uint8_t spare[2];
	uint32_t ip;
};

struct topology_route {
	uint16_t node;
	uint16_t iface; /* 0: by the gateway, which must be there; else 1 + index into ifaces. */
	uint8_t dst_len;
	uint8_t spare[3];
	uint32_t dst;
	uint32_t gateway; /* 0: none. */
};

struct topology_sysctl {
	uint16_t node;
	uint16_t key;      /* Index into the table of sysctl.h. */
	char conf[IFNAME_SIZE]; /* "all", "default", "lo" or an interface of the node. */
	int32_t value;
};

/* A TCP service that answers with its machine's name. */
struct topology_service {
	uint16_t node;
	uint16_t port;
	uint32_t ip;
};

#define TOPOLOGY_REALS_MAX 8

struct topology_real_server {
	uint32_t ip; /* Its own address. */
	uint32_t weight;
};

/* A virtual service: connections to ip:port are handed on by the node. */
struct topology_virtual {
	uint16_t node;
	uint16_t port;
	uint32_t ip;
	uint16_t scheduler; /* enum scheduler */
	uint16_t real_count;
	uint32_t ways; /* VIRTUAL_*; 0: direct routing. */
	struct topology_real_server reals[TOPOLOGY_REALS_MAX];
};

enum topology_timers { TIMERS_TRUE, TIMERS_FAST, TIMERS_KINDS };

struct topology {
	uint16_t node_count, switch_count, iface_count, addr_count, route_count, sysctl_count;
	uint16_t service_count, virtual_count;
	uint8_t timers; /* enum topology_timers */
	uint8_t spare[7]; /* Whatever stands behind it in a message is aligned. */
	char switches[SWITCHES_MAX][NODE_NAME_SIZE];
	struct topology_node nodes[NODES_MAX];
	struct topology_iface ifaces[TOPOLOGY_IFACES_MAX];
	struct topology_addr addrs[TOPOLOGY_ADDRS_MAX];
	struct topology_route routes[TOPOLOGY_ROUTES_MAX];
	struct topology_sysctl sysctls[TOPOLOGY_SYSCTLS_MAX];
	struct topology_service services[TOPOLOGY_SERVICES_MAX];
	struct topology_virtual virtuals[TOPOLOGY_VIRTUALS_MAX];
};

/*
 * Whether every count, index and name is in range and no name is given twice, so that the helper
 * can ask the kernel for it without a further look; the kernel judges addresses and values.
 * Returns 0 or -EBADMSG.
 */
int topology_check(const struct topology *t);
/* A node's number by its name, or 0. */
uint16_t topology_node(const struct topology *t, const char *name);
/* The index of a node's interface by its name, or -ENOENT. lo is not among them. */
int topology_iface(const struct topology *t, uint16_t node, const char *name);
/* The first address of a node on an interface, or 0: as a real server it is known by that. */
uint32_t topology_real(const struct topology *t, uint16_t node);
/*
 * The MAC that an interface gets when none is given: locally administered, 02:00:00:00:II:NN with
 * the node's number NN and II = 0 for its first interface, 1 for its second…
 */
void topology_mac(uint16_t node, unsigned nth, uint8_t ret[6]);

/*
 * The neighbour timers of a lab. True ones are the kernel's own (net/ipv4/arp.c, arp_tbl). Fast
 * ones let an entry grow stale, be probed and fail within seconds, so that a lesson can show it.
 */
struct timer_value {
	const char *key; /* A name of sysctl.h's table. */
	int32_t value;   /* Milliseconds, or a number of probes; never the table's unit. */
};
/* Returns a table, *ret_count its rows. */
const struct timer_value *topology_timers(enum topology_timers which, size_t *ret_count);

#endif
