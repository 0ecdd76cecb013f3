/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what makes a lab a cluster: services on real servers, directors that hand connections on.
 *
 *	cluster.c   which services and directors there are, and what is told of them
 *	service.c   a service: answers connections with its machine's name
 *	director.c  a virtual service: by the kernel's IPVS, else by a stand-in
 *	ipvs.c      IPVS through its socket options
 *	standin.c   packets handed on by this process, where the kernel has no ip_vs
 */
#ifndef ARPLAB_CLUSTER_H
#define ARPLAB_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/text.h>

#include "lab.h"

#define SERVICES_MAX 64
#define VIRTUALS_MAX 8
#define REALS_MAX 16 /* Real servers of a virtual service. */

/* ---- a service (service.c) ---- */

#define KNOCKS 1024

/* A SYN that came: from where, and in whose frame. */
struct knock {
	uint32_t ip;
	uint16_t port; /* Network order. */
	uint8_t mac[6];
};

struct service {
	uint16_t node; /* 0: the place is free. */
	uint16_t port;
	uint32_t ip;
	int fds[2]; /* The listener, and what sees its SYNs with their frames' senders. */
	struct knock knocks[KNOCKS];
	uint64_t knocked; /* How often, ever. */
};

/* Open it in its node. Returns 0, or -errno and a sentence. */
int service_open(struct lab *l, struct service *s, struct err *err);
void service_close(struct lab *l, struct service *s);
/* Somebody has connected: answer all who did. */
void service_ready(struct lab *l, struct service *s);
/* The MAC in whose frame a connection began, newest first; false: it is not remembered. */
bool service_knocker(struct service *s, uint32_t ip, uint16_t port, uint8_t ret[6]);

/* ---- directors (director.c) ---- */

struct standin;

struct director {
	uint16_t node; /* 0: the place is free. */
	uint16_t port;
	uint32_t ip;
	uint8_t scheduler, backend;
	uint16_t ways; /* VIRTUAL_* */
	int refused;   /* Why there is a stand-in: 0, -ENOENT for want of the scheduler, -errno. */
	int control;   /* IPVS: a socket in the node; else -1. */
	struct standin *standin;
	struct real_server reals[REALS_MAX];
	size_t count;
	uint64_t connections;
};

/* Begin to balance, by IPVS where it can be had. Returns 0, or -errno and a sentence. */
int director_open(
	struct loop *loop, struct lab *l, struct director *d, int32_t which, struct err *err);
void director_close(struct loop *loop, struct lab *l, struct director *d);
/* Add a real server, change its weight, or take it out (weight < 0). 0, or -errno and a sentence.
 */
int director_real(struct director *d, uint32_t ip, int weight, struct err *err);
/* Whether the kernel has IPVS. 0 or -errno. */
struct lab_node;
int director_try(const struct lab_node *n);
/* "rr" */
const char *director_scheduler(const struct director *d);
/* Packets are there for the stand-in. */
void director_ready(struct director *d);
/* Bring the counters up to date. Returns whether any has changed. */
bool director_count(struct director *d);

/* ---- IPVS (ipvs.c) ---- */

/* Whether the kernel has it, asking it to load the module. Called in the node. 0 or -errno. */
int ipvs_try(void);
int ipvs_add(const struct director *d);
int ipvs_remove(const struct director *d);
int ipvs_real(const struct director *d, uint32_t ip, int weight, bool new);
int ipvs_count(struct director *d);

/* ---- the stand-in (standin.c) ---- */

/* Returns NULL and a sentence. Called in the node. */
struct standin *standin_open(
	struct loop *loop, const struct director *d, int32_t which, struct err *err);
void standin_close(struct loop *loop, struct lab *l, struct standin *s);
void standin_ready(struct standin *s, struct director *d);
/* The real server with that index is gone, and those behind it have moved up. */
void standin_forget(struct standin *s, size_t real);

/* ---- all of them (cluster.c) ---- */

struct cluster;
struct cluster *cluster_new(struct loop *l, struct lab *lab);
void cluster_free(struct cluster *c);
/* End all services and directors: the lab is taken down. */
void cluster_end(struct cluster *c);
/* What a topology has of them, once it stands. What cannot be had is noted; all else is there. */
void cluster_build(struct cluster *c, const struct topology *t);
/* Carry out SERVE, VIRTUAL or REAL, and answer it. */
void cluster_act(struct cluster *c, const struct action *a);
void cluster_service_ready(struct cluster *c, int32_t which);
void cluster_director_ready(struct cluster *c, int32_t which);
/* Tell what has changed: after connections, and every two seconds. */
void cluster_tell(struct cluster *c);
/* Whether that is balanced, but no director of it has a real server that takes connections. */
bool cluster_is_idle(struct cluster *c, uint32_t ip, uint16_t port);
/*
 * The director whose frame brought the SYN of a connection that a machine has served, or 0: it came
 * without one. Ports of clients are in network order.
 */
uint16_t cluster_handed_on(struct cluster *c, uint16_t server, uint32_t ip, uint16_t port,
	uint32_t client_ip, uint16_t client_port);

#endif
