/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arp: what was known of each machine, and when, so that a frame is judged by the facts of its own
 * moment and a cache entry can be led back to the frame that made it.
 *
 * The facts of a machine are kept as hosts, one for each time they changed, the newest
 * PAST_HOSTS of them; the neighbour tables as the changes of their entries, the newest
 * PAST_CHANGES. It is told every event before the world is, and reads no clock.
 *
 * Frames and table changes reach the program on different ways. What is matched here is matched by
 * the kernel's time stamps, with PAST_SLACK_NS for the way of the news.
 */
#ifndef ARPLAB_PAST_H
#define ARPLAB_PAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/host.h>
#include <arplab/rules.h>
#include <arplab/world.h>

#define PAST_HOSTS 32
#define PAST_CHANGES 4096
#define PAST_SLACK_NS UINT64_C(100000000)
#define PAST_REPLY_NS UINT64_C(1000000000) /* A reply comes within it, or not at all. */

struct past;

struct past *past_new(void);
void past_free(struct past *p);
/* An event, before world_apply() has it. Cheap for frames. */
void past_take(struct past *p, const struct world *w, const struct event *e);
/* After a batch, before anything below is asked: what changed last is taken in. */
void past_settle(struct past *p, const struct world *w);
/* When it is to be called again though nothing happens, by the events' clock; UINT64_MAX: never. */
uint64_t past_due_ns(const struct past *p);

/*
 * The facts of a machine at a time (UINT64_MAX: now), or NULL while they are not known; in the
 * scope of a file they never are. node: 0 for the host. Good until the next past_take().
 */
const struct host *past_host(const struct past *p, uint16_t node, uint64_t at_ns);

/* An entry of a neighbour table just before a time. Returns false if that is not known. */
bool past_known(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t at_ns, struct known *ret);

/* ---- verdicts ---- */

/*
 * The arrival of a frame as a question for rules_answer() and rules_learn(), with the entry of its
 * sender as it was. node, ifindex: where it arrived. The event is a frame that arrived there, or
 * one of a lab's LAN that another machine sent.
 */
void past_arrival(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	const struct event *e, struct arrival *ret);
/* The interface of a machine on which a frame of the LAN arrived; 0: none, or it is the sender. */
int32_t past_landed(
	const struct past *p, const struct world *w, uint16_t node, const struct event *e);

/* Whether the wire agreed with what was predicted for a who-has. */
enum seen {
	SEEN_OPEN, /* It is too early to tell, or there was nothing to see. */
	SEEN_AGREES,
	SEEN_SILENT,   /* A reply was predicted, and none came. */
	SEEN_ANSWERED, /* Silence was predicted, and a reply came. */
};

/*
 * Look for a machine's reply to a who-has among the frames behind it. position: of the frame in
 * the ring it is looked for in (the machine's own; the LAN's for node > 0 when e is of the LAN).
 * ret_reply: the reply's position there if there is one; may be NULL.
 */
enum seen past_seen(const struct past *p, const struct world *w, uint16_t node,
	const struct model *ring, uint64_t position, const struct verdict *v, uint64_t *ret_reply);
/*
 * What could outrank the sysctls when the wire disagrees, likeliest first, as sentences; NULL
 * behind the last.
 */
const char *past_suspect(enum seen seen, size_t i);

/* ---- cause and effect ---- */

/* A change of a cache row. */
struct effect {
	uint16_t node;
	int32_t ifindex;
	uint32_t ip;
	uint64_t at_ns;
	struct known before, after;
	bool caused;       /* A frame is known that made it so. */
	bool asked;        /* That frame is the machine's own who-has: it made the entry. */
	uint64_t position; /* Of that frame, in the LAN's ring in a lab, in the host's else. */
};

/* The rows that a frame created or changed, on every machine. Returns how many; ret: the first. */
size_t past_effects(const struct past *p, const struct world *w, uint64_t position,
	struct effect *ret, size_t size);
/* The newest change of a row, if it is remembered, and the frame that made it if one is known. */
bool past_cause(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, struct effect *ret);
/*
 * The newest change before a time (UINT64_MAX: all) that put another MAC in the place of one; the
 * entry may have had none in between, or have been gone. ret: `before` has the MAC of before.
 * Returns false if none is remembered.
 */
bool past_flip(const struct past *p, const struct world *w, uint16_t node, int32_t ifindex,
	uint32_t ip, uint64_t before_ns, struct effect *ret);

#endif
