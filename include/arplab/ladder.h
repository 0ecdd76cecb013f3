/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: one line of a `why` block that shows the rules the kernel went through for a frame of
 * the step itself:
 *
 *	ladder NODE answers IP
 *
 * the last who-has IP that reached the node: is it answered?
 *
 *	ladder NODE learns IP
 *
 * the last frame with the sender IP that reached it: what is learnt?
 *
 *	ladder NODE asks IP from IP
 *
 * the last who-has IP that the node sent: why this sender? The packet that waited for the answer
 * is not on the wire; `from` says its source. Without it, that is taken to be the sender that was
 * told, which is what it was wherever the rules took it from the packet.
 */
#ifndef ARPLAB_LADDER_H
#define ARPLAB_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/frame.h>
#include <arplab/past.h>
#include <arplab/rules.h>
#include <arplab/topology.h>
#include <arplab/world.h>

#define LADDER_TEXT_SIZE 160
#define LADDERS_MAX 8 /* Of one block. */

/* What is said in place of a ladder, and below one that is contradicted. */
const char *ladder_not_yet(void);
const char *ladder_contradicted(void);

struct ladder {
	enum question question; /* ANSWER, LEARN or ANNOUNCE. */
	uint16_t node;
	uint32_t ip;
	uint32_t source; /* ANNOUNCE: of the packet that waited; 0: it is not said. */
	unsigned line;
	char text[LADDER_TEXT_SIZE]; /* As it was written. */
};

/* What a frame of the step has shown. */
struct ladder_shown {
	const struct host *host; /* The machine's facts when the frame came. */
	struct verdict verdict;
	struct trace trace;
	uint64_t position; /* Of the frame, in the LAN's ring. */
	uint16_t from;     /* The machine that sent it. */
	struct arp_packet packet;
	bool contradicted; /* The frames say otherwise than the rules. */
};

/* Whether a line is meant to be one: its first word says so. */
bool ladder_begins(const char *line);
/* Parse a line that is meant to be one. Returns 0, or -EINVAL and a sentence. */
int ladder_parse(const char *line, const struct topology *t, struct ladder *ret, struct err *err);
/*
 * Look for the frame among those of the LAN from position `first` on and before `end`, and ask the
 * rules about it. Returns false if there is none, or the facts of its moment are not known: ret is
 * then not written. p: settled; may be NULL, which knows nothing.
 */
bool ladder_look(const struct ladder *l, const struct past *p, const struct world *w,
	uint64_t first, uint64_t end, struct ladder_shown *ret);
/*
 * What the line asks, as a sentence: "Does rs1 answer client's who-has 192.168.2.200?" shown: NULL
 * while there is no such frame.
 */
void ladder_asks(struct text *t, const struct ladder *l, const struct world *w,
	const struct ladder_shown *shown);

#endif
