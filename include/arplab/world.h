/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: all machines of a lab, each as a model of its own, and what happened between them.
 *
 * Only world_apply() changes it. Machine 0 is always there: the host or the file of the other
 * scopes, and in a lab the LAN. The LAN's frames are those that a machine sent, each once and in
 * the order in which they are told, with the sender in the event's node and the sender's interface
 * in its ifindex; what arrived where is in the frames of the machines.
 *
 * Machines are named in the order of their numbers (EVENT_NODE), without gaps: a number beyond the
 * next one is passed over. One that is named again begins anew, with nothing known about it. What
 * is told of a machine that was not named is passed over. When the lab is gone (LAB_GONE), so are
 * its machines, the LAN's frames, whose positions begin at 0 again, and the results in `tried`,
 * which are counted on; when it failed, its machines are gone.
 */
#ifndef ARPLAB_WORLD_H
#define ARPLAB_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/action.h>
#include <arplab/model.h>
#include <arplab/topology.h>

#define WORLD_TRIED 64
#define WORLD_SERVED 256
#define WORLD_VIRTUALS 8
#define WORLD_REALS 16

/* A virtual service, as its director tells of it. */
struct world_virtual {
	uint16_t node; /* The director. */
	struct virtual_service service;
	struct real_server reals[WORLD_REALS];
	size_t count;
};

struct world {
	struct model *machines[NODES_MAX + 1]; /* From malloc; NULL behind number `count`. */
	char names[NODES_MAX + 1][NODE_NAME_SIZE];
	size_t count;        /* Machines besides number 0. */
	struct lab_news lab; /* state 0 until one was built. */
	struct stage stages[LAB_STAGES]; /* stage 0: not said yet. */
	struct tried tried[WORLD_TRIED]; /* The newest; tried_total of them ever came. */
	uint16_t tried_nodes[WORLD_TRIED];
	uint64_t tried_total;
	uint64_t tried_first; /* The first result of this lab. */
	struct served served[WORLD_SERVED]; /* The newest, as `tried`. */
	uint64_t served_total;
	uint64_t served_first;
	struct world_virtual virtuals[WORLD_VIRTUALS];
	size_t virtual_count;
	uint64_t changes; /* Grows with every event that is not a frame. */
};

/* ring: bytes for the frames of machine 0. The machines point to w, which must stay where it is. */
void world_init(struct world *w, size_t ring);
void world_done(struct world *w);
/* e: as event_check() lets it through. */
void world_apply(struct world *w, const struct event *e);
void world_set_time(struct world *w, uint64_t now_ns);

/* A machine by its number, or NULL. */
const struct model *world_machine(const struct world *w, uint16_t node);
/* A machine's number by its name, or 0. */
uint16_t world_node(const struct world *w, const char *name);
/* Its name; "" for number 0 and for none. */
const char *world_name(const struct world *w, uint16_t node);
/* Whose MAC it is: the machine's number, or 0. */
uint16_t world_mac_owner(const struct world *w, const uint8_t mac[6]);
/*
 * Whose address it is: the numbers of the machines, ascending, as many as `size` allows.
 * Returns how many have it, which may be more.
 */
size_t world_ip_owners(const struct world *w, uint32_t ip, uint16_t *ret, size_t size);
/* Whether the lab stands and the tables of all machines have been named. */
bool world_ready(const struct world *w);
/*
 * The newest result of a kind of action in a node for an address, or NULL.
 * since: what tried_total was when results began to count, or 0 for all of this lab.
 */
const struct tried *world_tried(const struct world *w, uint16_t node, enum action_kind kind,
	uint32_t ip, uint64_t since);
#define ANY_MACHINE UINT16_MAX
/*
 * Connections since a mark (served_total then; 0: all of this lab) that a server has answered and a
 * director has handed on; director 0: those that none has. Both may be ANY_MACHINE.
 */
uint64_t world_served(
	const struct world *w, uint16_t server, uint16_t director, uint64_t since);
/* The virtual services of a machine: the first, or the one behind `after`; NULL if there is none. */
const struct world_virtual *world_virtual(
	const struct world *w, uint16_t node, const struct world_virtual *after);

#endif
