/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what the files of the lab share.
 *
 *	lab.c          the lab as a whole: in and out of nodes, what is ready, ticks, questions
 *	lab_space.c    the user namespace, and namespaces at all
 *	lab_stage.c    what works here and what does not, told once
 *	lab_build.c    a topology made real; all of it or nothing
 *	lab_wires.c    switches, cables, addresses, routes as netlink requests
 *	lab_tunnel.c   nodes that take ipip packets
 *	lab_baseline.c sysctls as the kernel has them by default, whatever the host has set
 *	lab_end.c      a lab torn down; closer.c waits for what the kernel takes long to close
 *	tap.c          the frames of all nodes in the order of time
 *	node_act.c     single actions, and their answers; they are in node_conf.c, node_net.c,
 *	               node_neigh.c and node_sieve.c
 */
#ifndef ARPLAB_LAB_PARTS_H
#define ARPLAB_LAB_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/parts.h>
#include <arplab/text.h>
#include <arplab/topology.h>

#include "closer.h"
#include "lab.h"
#include "lab_netlink.h"
#include "preflight.h"
#include "tap.h"

#define LO_INDEX 1 /* In every namespace (net/core/dev.c, dev_index_reserve). */

struct lab_node {
	struct lab *lab;
	uint16_t number;
	char name[NODE_NAME_SIZE];
	int space;    /* The namespace's descriptor, or -1. */
	int requests; /* Netlink socket for requests, or -1. */
	struct netsource *net;
	struct confs *confs;
	struct tap tap;
};

/* A cable: an interface of a node and the port of a switch that it is plugged into. */
struct lab_wire {
	uint16_t node;
	int32_t ifindex; /* In the node. */
	int32_t port;    /* In the switches' namespace. */
	int32_t bridge;
};

/* All that one topology was made into. */
struct lab_net {
	struct lab_node nodes[NODES_MAX]; /* Number n stands at n - 1. */
	size_t count;
	struct lab_wire wires[TOPOLOGY_IFACES_MAX];
	size_t wire_count;
	int switch_space;    /* The namespace of all switches, or -1. */
	int switch_requests; /* Netlink socket in it, or -1. */
};

struct lab {
	struct loop *loop;
	int home;   /* The namespace that the process stands in; nothing is in it. */
	int notice; /* inotify for all nodes, or -1. */
	struct preflight found;
	bool said[LAB_STAGES];
	int said_error[LAB_STAGES];
	struct lab_net net;
	struct taps taps;
	uint32_t number;  /* Of the lab that stands or was built last. */
	bool rising;      /* It is made, but not all of its tables have been told. */
	size_t told;      /* Wires whose captures have been told meanwhile. */
	bool late;        /* An answer waits until its news have been told. */
	struct done done; /* That answer. */
	uint16_t done_node;
	uint32_t build_id;    /* The action that is answered when all is told. */
	uint64_t began_ns;    /* Steady; when that action came. */
	struct closer closer; /* Of packet sockets. */
	struct cluster *cluster;
};

/* ---- lab_space.c ---- */

/* Enter a user namespace with as many ids as can be had, or as root do without. 0 or -errno. */
int space_user(struct lab *l, struct err *err);
/* Make a namespace and go into it. Returns its descriptor or -errno. */
int space_new(struct lab *l);
int space_enter(int space);

/* ---- lab_stage.c ---- */

/* A stage works; how: what was found besides, or NULL. */
void stage_works(struct lab *l, enum lab_stage stage, const char *how);
/* A stage failed. err: becomes the sentence. Returns error. */
int stage_fails(struct lab *l, enum lab_stage stage, int error, bool needed, struct err *err);

/* ---- lab_build.c, lab_wires.c, lab_baseline.c, lab_end.c ---- */

void net_init(struct lab_net *n);
/* Close everything that belongs to the topology. */
void net_end(struct lab *l);
/* If all tables of all nodes have been told, say that the lab is up. */
void net_rise(struct lab *l);
/* Switches and cables, then what each node has of its own. 0, or -errno and a sentence. */
int wires_make(struct lab *l, const struct topology *t, struct err *err);
/* Wait for no one: make the kernel use a cable that has just come up (both ends). */
void wires_sync(struct lab *l, const struct lab_wire *w);
/* What takes ipip packets. A lab that cannot have it has the addresses on lo, and it is said. */
void tunnels_make(struct lab *l, const struct topology *t);
struct lab_wire *wire_of(struct lab *l, uint16_t node, int32_t ifindex);
/* Append the requests that set one interface's neighbour timers. */
void timers_add(struct batch *b, int32_t ifindex, enum topology_timers which);

/* What must be written into every new namespace, found out in the first. */
#define BASELINE_MAX 64
#define BASELINE_PATH 56
struct baseline {
	bool known;
	size_t count;
	struct {
		char path[BASELINE_PATH]; /* Below /proc/sys/net/. */
		int32_t value;
	} writes[BASELINE_MAX];
};
/* Bring the namespace that the process is in to the baseline. 0, or -errno and a sentence. */
int baseline_apply(struct lab *l, struct baseline *b, struct err *err);
/* Let the namespace that the process is in route. 0 or -errno. */
int baseline_forward(void);
/* Keep the switches out of the packet filter, where it would look at bridged frames. */
void baseline_switches(void);

/* ---- nodes ---- */

/* A node by its number, or NULL. */
struct lab_node *lab_node(const struct lab *l, uint16_t number);
/* Let events be a node's for a moment without going there: sockets stay where they were made. */
void lab_speak(struct lab *l, uint16_t node);
/* Tell all news, then the answer; if the front is slow, do not. */
void lab_answer(struct lab *l);
/* The link as it was reported last, or NULL. */
const struct link *node_link(const struct lab_node *n, int32_t ifindex);

/*
 * Write a sysctl of the node that is entered, by its file or, where there is none, by netlink.
 * name: of the interface, "all" or "default". 0 or -errno.
 */
int conf_write(
	const struct lab_node *n, int32_t ifindex, const char *name, size_t key, int32_t value);

/* Actions; each says what has happened, or returns -errno and a sentence. */
int node_set(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_timers(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_addr(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_up(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_arp(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_route(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_mac(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_rule(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_sieve(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_port(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_neigh(struct lab_node *n, const struct action *a, struct text *said, struct err *err);
int node_flush(struct lab_node *n, const struct action *a, struct text *said, struct err *err);

/*
 * Whether this kernel has what some lessons need: policy rules; a packet filter for ARP that drops
 * frames, and one that rewrites them. 0 or -errno.
 */
int rules_try(const struct lab_node *n);
int sieve_try(const struct lab_node *n);
int rewrite_try(const struct lab_node *n);
/* Whether this machine has the program keepalived. 0 or -ENOENT. */
int keepalived_try(const struct lab_node *n);

#endif
