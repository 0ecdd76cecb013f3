/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: what is done to a host, and all that comes of it, by the rules or by a kernel.
 *
 *	struct scene s = { .host = h, .segments = … };      segments: one a link, in its order
 *	struct stimulus what = { .kind = STIMULUS_RX, … };
 *	struct effect expected, seen;
 *	predict(NULL, &s, &what, &expected);                the rules' answer
 *	effect_same(&expected, &seen);                      sorted by effect_sort() before
 *
 * A segment is a wire that several interfaces may be plugged into. What a host sends is carried on
 * to its other interfaces there if the scene says so.
 */
#ifndef TESTS_AGREE_H
#define TESTS_AGREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/frame.h>
#include <arplab/host.h>
#include <arplab/rules.h>
#include <arplab/text.h>

#define ENTRIES_MAX 64
#define FRAMES_MAX 32
#define NO_SEGMENT (-1)

/* An entry of a neighbour table. Its MAC counts while its state has one. */
struct entry {
	int32_t ifindex;
	uint32_t ip;
	uint16_t state; /* NUD_* */
	uint8_t mac[6];
	uint64_t age_ns; /* Since it was made or changed. */
};

/* A frame that the host sent. */
struct emitted {
	int32_t ifindex;
	struct arp_packet packet;
};

/* Which rule decided a question. */
struct decided {
	int32_t ifindex; /* Where the frame arrived, or the packet came in; 0: the host's own. */
	enum question question;
	const char *rule;
};

#define DECIDED_MAX 16

struct effect {
	struct emitted frames[FRAMES_MAX];
	size_t frame_count;
	struct entry entries[ENTRIES_MAX]; /* The whole table. */
	size_t entry_count;
	int error;       /* TX: 0 or a negative errno. */
	uint32_t source; /* TX: the packet's source, 0 after an error. */
	bool unknown;    /* The rules could not tell; why is the reason. */
	char why[240];
	struct decided decided[DECIDED_MAX]; /* By the rules; not compared. */
	size_t decided_count;
};

enum stimulus_kind {
	STIMULUS_RX,    /* A frame on a segment: every interface there receives it. */
	STIMULUS_TX,    /* A program sends a datagram. */
	STIMULUS_FWD,   /* A packet of somebody else, to be routed. */
	STIMULUS_PROBE, /* An entry is polled. */
};

struct stimulus {
	enum stimulus_kind kind;
	int segment;              /* RX, FWD */
	struct arp_packet packet; /* RX. FWD: eth_dst alone. */
	uint32_t src, dst;        /* TX (src 0: none is asked for), FWD; PROBE: dst */
	int32_t ifindex;          /* PROBE. TX: the interface it is bound to, 0: none. */
	uint8_t mac[6];           /* PROBE: of the entry. */
};

struct scene {
	const struct host *host;
	const int *segments;      /* Of the host's links; NO_SEGMENT: not plugged in. */
	const struct entry *have; /* What the neighbour table holds before. */
	size_t have_count;
	bool carried; /* Segments carry the host's own frames to its other interfaces. */
};

/* ---- by the rules ---- */

/* What comes of a stimulus. rules: NULL for the kernel's. */
void predict(const struct rules *rules, const struct scene *s, const struct stimulus *what,
	struct effect *ret);
/*
 * The verdicts and ladders behind it, line by line, for somebody who looks for a fault.
 */
void predict_tell(const struct scene *s, const struct stimulus *what,
	void (*line)(void *arg, const char *text), void *arg);

/* The rule that decided, or "-" if the question was not asked. ifindex 0: any. */
const char *effect_decided(const struct effect *e, int32_t ifindex, enum question question);

/* ---- compared, and as text ---- */

/* Whether a state of an entry has a MAC. */
bool entry_has_mac(uint16_t state);
/* Frames by interface, entries by interface and IP. */
void effect_sort(struct effect *e);
/* Of two sorted ones. */
bool effect_same(const struct effect *a, const struct effect *b);
/*
 * As lines of a case: `have …`, `rx …` and its like, `expect …`. Interfaces are named by the host.
 */
void entry_write(struct text *t, const struct host *h, const char *word, const struct entry *e);
void stimulus_write(struct text *t, const struct host *h, const struct stimulus *what);
void effect_write(const struct host *h, const struct stimulus *what, const struct effect *e,
	void (*line)(void *arg, const char *text), void *arg);

#endif
