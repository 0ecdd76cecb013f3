/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: all that is known about a machine, built from events alone.
 *
 * Only model_apply() changes it. Readers get a `const struct model *`, good until the next call.
 * Each table has a generation that grows with every change, so that a reader can tell cheaply
 * whether what it made of the table still holds.
 */
#ifndef ARPLAB_MODEL_H
#define ARPLAB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>
#include <arplab/frames.h>
#include <arplab/neighs.h>

#define MODEL_SYSCTL_KEYS 40 /* At least the rows of sysctl.h's table; checked at start. */
#define MODEL_FRAME_RING (8u << 20)
#define MODEL_NOTES 8

/* The sysctls of `all`, `default` or one interface. */
struct model_conf {
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT. */
	uint8_t mark;
	uint64_t known; /* Bit per key: the value below is the kernel's. */
	int32_t values[MODEL_SYSCTL_KEYS];
};

struct model_link {
	struct link link;
	struct capture capture; /* state 0 until the helper has said anything. */
	struct drops drops;
	uint64_t frames; /* Seen on it since the start. */
	uint8_t mark;
};

struct model_addr {
	struct addr addr;
	uint8_t mark;
};

struct model_route {
	struct route route;
	uint8_t mark;
};

struct model_rule {
	struct policy_rule rule;
	uint8_t mark;
};

/* A proxy neighbour: `ip neigh add proxy IP dev IF`. Not an entry of the neighbour table. */
struct model_proxy {
	uint32_t ip;
	int32_t ifindex; /* 0 for any. */
	uint8_t mark;
};

enum model_part {
	PART_LINKS,
	PART_ADDRS,
	PART_ROUTES,
	PART_RULES,
	PART_NEIGHS,
	PART_SYSCTLS,
	PART_FRAMES,
	PART_CAPTURES,
	PART_CHANGES,
	PART_NOTES,
	PART_FILE,
	PART_PROXIES,
	MODEL_PARTS
};

struct world;

struct model {
	const struct world *world; /* The machines around it in a lab; NULL for one alone. */
	struct hello hello; /* pid 0 until the helper has said hello. */
	uint64_t now_ns;    /* Time of the newest event, or what model_set_time() said. */
	struct model_link *links; /* In the kernel's order: by ifindex, lo first. */
	size_t link_count;
	struct model_addr *addrs; /* By interface, then in the kernel's order. */
	size_t addr_count;
	struct model_route *routes; /* By table, then in the kernel's order: the first wins. */
	size_t route_count;
	struct model_rule *rules; /* By priority, then in the kernel's order. */
	size_t rule_count;
	struct model_proxy *proxies; /* By address, then by interface. */
	size_t proxy_count;
	struct model_conf *confs; /* all, default, then interfaces by ifindex, lo last. */
	size_t conf_count;
	struct change *changes; /* The journal, oldest first; without rows that were put back. */
	size_t change_count;
	struct neighs neighs;
	struct frames frames;
	uint64_t frame_total;        /* Frames ever seen. */
	uint64_t gone_received, gone_dropped; /* Counters of captures that have ended. */
	struct note notes[MODEL_NOTES]; /* Newest last. */
	uint64_t note_at_ns[MODEL_NOTES];
	size_t note_count;
	struct done last_done;
	struct file_progress file;
	uint32_t tables_seen;   /* Bit per event_table: dumped at least once. */
	uint32_t tables_dumping; /* Bit per event_table: between its marks now. */
	uint32_t resyncs;       /* Fresh dumps that followed a loss. */
	uint64_t generation[MODEL_PARTS];
	uint8_t marks[EVENT_TABLES];
	bool bye;
};

/* ring: bytes for frames, MODEL_FRAME_RING usually. */
void model_init(struct model *m, size_t ring);
void model_done(struct model *m);
void model_apply(struct model *m, const struct event *e);
/* The clock of the loop, so that ages grow while nothing happens; it may have been set back. */
void model_set_time(struct model *m, uint64_t now_ns);

const struct model_link *model_link(const struct model *m, int32_t ifindex);
const struct model_link *model_link_named(const struct model *m, const char *name);
/* "all", "default", the interface's name, or "?" if it is not known. Never NULL. */
const char *model_conf_name(const struct model *m, int32_t ifindex);
/* The ifindex behind "all", "default" or an interface's name. Returns 0 or -ENOENT. */
int model_conf_find(const struct model *m, const char *name, int32_t *ret);
const struct model_conf *model_conf(const struct model *m, int32_t ifindex);
/* A value, if it is known. */
bool model_sysctl(const struct model *m, int32_t ifindex, size_t key, int32_t *ret);
/*
 * The effective value for an interface, and who decides it: CONF_ALL when `all` alone makes it
 * what it is, else the interface. Returns false if a value that it needs is not known.
 */
bool model_effective(const struct model *m, int32_t ifindex, size_t key, int32_t *ret,
	int32_t *ret_decider);
/* Whether all tables of the first dump are there. */
bool model_ready(const struct model *m);
/* Frames lost by all captures together. */
uint64_t model_dropped(const struct model *m);
/* Whether an IPv4 address is one of this machine's. Returns its interface's ifindex or 0. */
int32_t model_own_ip(const struct model *m, uint32_t ip);
/* Whether a MAC is one of this machine's. Returns its interface's ifindex or 0. */
int32_t model_own_mac(const struct model *m, const uint8_t mac[6]);
/* Changes held by this program, or left by another one. */
size_t model_changes(const struct model *m, enum change_state state);

#endif
