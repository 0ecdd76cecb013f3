/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the table of claims, and how each kind looks at a world. */
#ifndef ARPLAB_CLAIM_PARTS_H
#define ARPLAB_CLAIM_PARTS_H

#include <arplab/claim.h>
#include <arplab/frame.h>

#include "reading.h"

enum claim_subject {
	SUBJECT_NOTHING,
	SUBJECT_IP,
	SUBJECT_KEY,     /* CONF.KEY */
	SUBJECT_OWN_KEY, /* IF.KEY */
	SUBJECT_IFACE,
};

/* A claim that is looked at. */
struct looking {
	const struct claim *c;
	const struct world *w;
	const struct model *m; /* The claim's machine; NULL when it is about the LAN. */
	struct since since;
	struct text *seen;
};

struct claim_grammar {
	enum claim_kind kind;
	bool node;
	enum claim_subject subject;
	/* Read a value; 0, or -EINVAL and a sentence. */
	int (*take)(struct reading *r, struct claim *c, const char *word);
	/* Say what is seen, and whether the claim holds. */
	bool (*look)(const struct looking *l);
};

const struct claim_grammar *claim_grammar(enum claim_kind kind);
/* Several names as a person lists them: rs1, rs2 and director. */
struct claim_names {
	char text[256];
};

/* For FORM_WORD: the words of scopes, of up and down, of answered and lost. */
const struct reading_choice *claim_choices(enum claim_kind kind);
/* NODE.IF, several with commas. 0, or -EINVAL and a sentence (claim_cards.c). */
int claim_take_cards(struct reading *r, struct claim *c, const char *word);
/* "rs1's eth0 and rs1's eth1": the value of such a claim. */
struct claim_names claim_cards(const struct looking *l);

/* ---- looking: state (claim_state.c), frames and results (claim_frames.c, claim_cards.c) ---- */

bool look_sysctl(const struct looking *l);
bool look_effective(const struct looking *l);
bool look_address(const struct looking *l);
bool look_scope(const struct looking *l);
bool look_link(const struct looking *l);
bool look_neigh(const struct looking *l);
bool look_state(const struct looking *l);
bool look_replies(const struct looking *l);
bool look_first(const struct looking *l);
bool look_cards(const struct looking *l);
bool look_asked(const struct looking *l);
bool look_polled(const struct looking *l);
bool look_tells(const struct looking *l);
bool look_sent(const struct looking *l);
bool look_announced(const struct looking *l);
bool look_ping(const struct looking *l);
bool look_outage(const struct looking *l);
/* Connections (claim_served.c). */
bool look_connected(const struct looking *l);
bool look_served(const struct looking *l);
bool look_passed(const struct looking *l);
bool look_bypassed(const struct looking *l);

/* Every whole ARP frame that was sent since the mark. */
void claim_frames(const struct looking *l,
	void (*take)(const struct looking *l, const struct event *e, const struct arp_packet *p,
		void *arg),
	void *arg);

/* Whether a number stands in the claim's relation to its value; whether something is the value. */
bool claim_compares(const struct claim *c, int64_t seen);
bool claim_is(const struct claim *c, bool same);
/* The name of the claim's machine. */
const char *claim_node(const struct looking *l);
/* "director, rs1 and rs2", at most so many that a sentence stays readable; "" for none. */
struct claim_names claim_machines(const struct looking *l, uint64_t nodes);

#endif
