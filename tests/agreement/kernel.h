/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: what the files of agree-kernel share: a host made of namespaces, and what is done to it.
 *
 *	kernel.c          the command line, the loop over hosts and cases, the report
 *	kernel_space.c    two namespaces, their cables, their sysctls by descriptor
 *	kernel_fence.c    what takes its time there, come to its end
 *	kernel_ask.c      many rtnetlink requests in one message, with an answer to each
 *	kernel_chance.c   chance that can be repeated
 *	kernel_hosts.c    a random host: links, addresses, timers
 *	kernel_routes.c   its routes, policy rules, proxy neighbours
 *	kernel_sysctls.c  its sysctls
 *	kernel_facts.c    what the kernel says of it, read as the program reads it
 *	kernel_cases.c    a random stimulus, and entries that are there before
 *	kernel_act.c      a stimulus carried out, and all that came of it
 */
#ifndef TESTS_AGREE_KERNEL_H
#define TESTS_AGREE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

#include <arplab/model.h>

#include "agree.h"

/* ---- chance ---- */

struct rng {
	uint64_t state;
};

struct rng rng_of(uint64_t seed, uint64_t number);
uint32_t rng_u32(struct rng *r);
/* 0..n-1 */
unsigned rng_below(struct rng *r, unsigned n);
bool rng_percent(struct rng *r, unsigned percent);
/* One of several numbers; weights are made by naming one more than once. */
int rng_one(struct rng *r, const int *of, size_t count);

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* ---- requests ---- */

#define ASKS_MAX 128

struct ask {
	size_t len, last; /* Bytes; where the message that is being made begins. */
	unsigned count;
	int errors[ASKS_MAX]; /* Of each request, once they are sent. */
	_Alignas(8) uint8_t bytes[32768];
};

void ask_begin(struct ask *a);
void ask_add(struct ask *a, int type, int flags, const void *head, size_t len);
void ask_put(struct ask *a, int attribute, const void *data, size_t len);
void ask_u32(struct ask *a, int attribute, uint32_t value);
void ask_text(struct ask *a, int attribute, const char *text);
/* Begin a nest; its end takes what the begin gave. */
size_t ask_nest(struct ask *a, int attribute);
void ask_unnest(struct ask *a, size_t nest);
/* Append bytes as they are, such as the head of a peer. */
void ask_raw(struct ask *a, const void *data, size_t len);
/* Send all. Returns 0, or the first error; all of them stand in errors. */
int ask_send(struct ask *a, int fd);

/* ---- the namespaces ---- */

#define CABLES 3 /* e0, e1, e2, each with its other end in the namespace of the wires. */
#define LINKS (CABLES + 3)
#define ETH_P_FENCE 0x88b5 /* Local experiments, IEEE 802. */
#define PORT 9             /* Where datagrams go. */

/* Places: `all`, then the links, as in space.links. */
enum { LINK_LO, LINK_E0, LINK_E1, LINK_E2, LINK_BRIDGE, LINK_MACVLAN };

#define BRIDGE_MAC                     \
	{                              \
		0x02, 0x0b, 0, 0, 0, 0 \
	}
#define MACVLAN_MAC                    \
	{                              \
		0x02, 0x0c, 0, 0, 0, 0 \
	}

struct place {
	const char *name;
	int32_t ifindex; /* 0: there is none, since the kernel has no such kind. */
	bool up;
	int segment; /* NO_SEGMENT: down, or its cable is not plugged in, so it has no carrier. */
};

#define CONF_FILES 22

struct conf_files {
	int fds[CONF_FILES]; /* -1: this kernel does not have it. */
	int values[CONF_FILES];
};

struct space {
	int host, wire; /* Namespaces. */
	int requests;   /* rtnetlink of the host. */
	int wires[CABLES];
	int plugs; /* rtnetlink of the wires. */
	int fence, sink;
	int shadow; /* Hears on the macvlan, whose broadcasts take their time; -1: there is none. */
	struct place links[LINKS];
	struct conf_files all, own[LINKS];
	int locktime_ms;
	bool spoilt;       /* Something was done that cannot be undone. */
	bool default_made; /* A route was put into the table default, or refused by it. */
	bool bridged;      /* e2 is a port of the bridge. */
};

/* Enter a user namespace if need be. Ends the program where namespaces are refused. */
void space_prepare(void);
void space_open(struct space *s);
void space_close(struct space *s);
/* Names of sysctls by the number they have in conf_files. */
const char *conf_file_name(size_t i);
/* Write a sysctl of `all` (LINKS) or a link, unless it has that value. */
void space_set(struct space *s, size_t place, size_t key, int value);
/* Plug the cables in that have a segment, and pull the others out. */
void space_plug(struct space *s);
/* What the kernel's link watch would do a moment later. */
void space_sync(struct space *s);
/* Return when all frames sent before have been taken by whom they are for. */
void space_fence(struct space *s);
/* A frame of the macvlan's parent for all, and wait until the macvlan has had it. */
void space_fence_shadow(struct space *s);

/* ---- facts ---- */

struct facts;
struct facts *facts_new(void);
void facts_free(struct facts *f);
/*
 * Read what the kernel says now. news: by what it has told since, else from fresh dumps. What it
 * does not say is taken from the space. The host is good until the next call.
 */
const struct host *facts_read(struct facts *f, const struct space *s, bool news);
const struct model *facts_model(const struct facts *f);

/* ---- hosts and cases ---- */

/* Undo what the last host was, by what is known of it. */
void host_clear(struct space *s, const struct model *m);
void host_make(struct space *s, struct rng *r);
/* Something that changes its routes without a word about them. */
void host_change(struct space *s, struct rng *r);
/* Parts of it. */
void routes_make(struct space *s, struct rng *r);
void sysctls_make(struct space *s, struct rng *r);
/* An address that hosts like to have. */
uint32_t random_own_ip(struct rng *r);
/* That routes like to lead to. */
uint32_t random_hop(struct rng *r);

struct test_case {
	struct stimulus what;
	struct entry have[8];
	size_t have_count;
};

void case_make(const struct space *s, const struct host *h, struct rng *r, struct test_case *ret);

/*
 * Carry a case out and forget its neighbours again. Returns false if it was disturbed, and is to be
 * done once more: it took so long that the entries' ages are no longer what the case says, or an
 * entry was collected, as happens while the machine has more than gc_thresh1 neighbours.
 */
bool act(struct space *s, const struct test_case *c, size_t expected_frames, struct effect *ret);

/* Forget what the host has sent by itself, such as announcements of an interface that came up. */
void act_hush(struct space *s);

/* Print why, and end the program. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
