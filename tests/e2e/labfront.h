/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: a front without a screen: it spawns a lab's helper, sends actions and keeps a world. */
#ifndef TESTS_LABFRONT_H
#define TESTS_LABFRONT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <arplab/helper.h>
#include <arplab/world.h>

struct front {
	struct helper helper;
	struct world world;
	uint32_t id;                /* Of the action sent last. */
	struct done done;           /* The answer that came last. */
	size_t answers, refused;    /* All answers so far, and those with an error. */
	char note[EVENT_TEXT_SIZE]; /* The note that came last. */
	uint64_t frames;            /* Frames seen since the start. */
};

/* Spawn a helper of any scope and wait for its hello. Fails the case if it does not come. */
void front_spawn(struct front *f, const struct helper_options *options);
/*
 * Spawn a helper of lab scope and wait for its hello. Fails the case if it does not come, and skips
 * it where no lab can be made.
 */
void front_open(struct front *f);
/* Close the socket and wait until the helper is gone. */
void front_close(struct front *f);
/* Read what there is; wait for something, at most ms. False when the helper is gone. */
bool front_read(struct front *f, int ms);
/* Ask for a lab, and do not wait; then wait for the answer to what was sent last. */
void front_send_build(struct front *f, const struct topology *t);
int front_answer(struct front *f);
/* Build and wait for the answer; its error. */
int front_build(struct front *f, const struct topology *t);
/* Send an action, with its id filled in and a descriptor beside it if that is not -1. */
void front_send(struct front *f, struct action a, int fd);
/* Send an action and wait for the answer; its error. */
int front_act(struct front *f, struct action a);
/* Read until the condition holds; false when the time is up. */
bool front_until(struct front *f, bool (*holds)(const struct front *f, void *arg), void *arg);

/* Run fn in a process in the namespace of the machine that has this address; its exit status. */
int front_inside(const struct front *f, const char *ip, int (*fn)(void *arg), void *arg);

/* ---- topologies by hand ---- */

uint16_t topo_node(struct topology *t, const char *name);
/* An interface on a switch, with an address of "A.B.C.D/N" or NULL. Returns 1 + its index. */
uint16_t topo_iface(
	struct topology *t, uint16_t node, const char *name, const char *lan, const char *address);
/* iface: 0 is lo. */
void topo_addr(struct topology *t, uint16_t node, uint16_t iface, const char *address);
void topo_route(struct topology *t, uint16_t node, const char *prefix, const char *gateway);
void topo_sysctl(
	struct topology *t, uint16_t node, const char *conf, const char *key, int32_t value);
/* client, director, rs1 and rs2 with the VIP 192.168.2.200. */
void topo_lvs_dr(struct topology *t);

#endif
