/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the lab — machines as network namespaces, all held by descriptors of one process — and
 * what the files that make it (lab*.c), look at it (tap.c) and act in it (node_*.c, task*.c) share.
 *
 * The process is in its home namespace but for moments: lab_enter() goes into a node, and stamps
 * its number on every event until lab_leave(). Sockets and open files stay where they were made.
 * The same parts that watch a live host watch each node: a netsource and a confs a node.
 */
#ifndef ARPLAB_LAB_H
#define ARPLAB_LAB_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/parts.h>
#include <arplab/topology.h>

struct lab;

/*
 * Enter a user namespace of our own, with as many ids as can be had, and remember what worked as
 * stages. Called once, before any other thread or child. As root without user namespaces the lab
 * goes on with network namespaces alone. Returns NULL and a sentence when no lab can be made; the
 * stages have been queued as events in either case.
 */
struct lab *lab_new(struct loop *l, struct err *err);
void lab_free(struct lab *l);
/*
 * Tear down what there is and build a topology, as the action a asks for. Says LAB_GONE, nodes
 * and their tables, and LAB_UP or LAB_FAILED, and answers the action; the last of it may take
 * rounds of the loop when the front is slow.
 */
void lab_build(struct lab *l, const struct action *a, const struct topology *t);
/* Whether the last action is not answered yet, since the front is slow: others have to wait. */
bool lab_busy(const struct lab *l);
size_t lab_nodes(const struct lab *l);
/* Its services and directors (cluster.h). */
struct cluster;
struct cluster *lab_cluster(const struct lab *l);

/* Go into a node and come back. In between outbox.node is the node. Never nested. 0 or -errno. */
int lab_enter(struct lab *l, uint16_t node);
void lab_leave(struct lab *l);
/* A socket in a node's namespace, non-blocking and close-on-exec. A descriptor or -errno. */
int lab_socket(struct lab *l, uint16_t node, int domain, int type, int protocol);
/* Close sockets (-1: none), which are -1 afterwards, and let another process wait for the kernel.
 */
void lab_close(struct lab *l, int *fds, size_t count);
/* The namespace's descriptor, for a child that is to live there. */
int lab_namespace(const struct lab *l, uint16_t node);
const char *lab_node_name(const struct lab *l, uint16_t node);
/* An interface's name, or NULL; its MAC (false if it has none). */
const char *lab_ifname(const struct lab *l, uint16_t node, int32_t ifindex);
bool lab_mac(const struct lab *l, uint16_t node, int32_t ifindex, uint8_t ret[6]);
/* The machine that has a MAC, or 0. */
uint16_t lab_owner(const struct lab *l, const uint8_t mac[6]);
/* The first primary address of an interface whose network holds ip, else its first; 0 if none. */
uint32_t lab_source(const struct lab *l, uint16_t node, int32_t ifindex, uint32_t ip);
/*
 * Report all that has happened until now: frames of all taps in the order of time, and the news of
 * all nodes. Called before an action is answered, so that its answer comes last.
 */
void lab_settle(struct lab *l);

/*
 * Report what a shell may have changed of which the kernel gives no news. Called before an action
 * is begun, so that what it brings about is judged by what was there.
 */
void lab_look_proxies(struct lab *l);

/* The namespaces' descriptors are readable: dispatch by tag. */
void lab_tap_ready(struct lab *l);
void lab_monitor_ready(struct lab *l, uint16_t node);
void lab_dump_ready(struct lab *l, uint16_t node);
void lab_confs_ready(struct lab *l);
/* Every two seconds; after each round; after the front was slow. */
void lab_tick(struct lab *l);
void lab_round(struct lab *l);
void lab_resume(struct lab *l);

/*
 * Carry out an action that is over at once (SET, ADDR, LINK, ARP, ROUTE, NEIGH, FLUSH, TIMERS,
 * PORT, LOOK_NEIGH) and answer it with the kernel's own reason when it is refused.
 */
void lab_act(struct lab *l, const struct action *a);

/* ---- tasks: actions that take time (task*.c) ---- */

struct tasks;
struct tasks *tasks_new(struct loop *l, struct lab *lab);
void tasks_free(struct tasks *t);
/*
 * Begin PING, ARPING, SEND, UDP, CAPTURE, SHELL or CONNECT; EVENT_TRIED and EVENT_DONE follow when
 * it is over. fd: the terminal of a shell, which is taken over; else -1.
 */
void tasks_start(struct tasks *t, const struct action *a, int fd);
/* A task's socket is readable (which: its number), its time is due, a child has ended. */
void tasks_ready(struct tasks *t, int32_t which);
void tasks_due(struct tasks *t);
void tasks_child(struct tasks *t);
/* The lab is torn down: end all of them; each is answered. Returns how many shells were ended. */
unsigned tasks_end(struct tasks *t);

#endif
