/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: what the files of a play share: its flow, the orders it carries out, what it looks at. */
#ifndef ARPLAB_PLAY_PARTS_H
#define ARPLAB_PLAY_PARTS_H

#include <arplab/play.h>

const struct step *play_step(const struct play *p);

/* ---- flow (play.c) ---- */

/* Pass items until one waits, or the step is done. */
void play_advance(struct play *p);
/*
 * One move: something is wanted, or something changed and there may be more (*ret_more), or there
 * is nothing to do before an event or a time.
 */
enum play_want play_turn(struct play *p, const struct world *w, uint64_t now_ns, struct action *ret,
	uint64_t *ret_wake_ns, bool *ret_more);

/* play_needs.c — whether the lab has what the step needs; if not, it is skipped with a reason. */
bool play_can(struct play *p, const struct world *w);
/* The stages that the lesson needs, as bits: what ACTION_BUILD is to try. */
int32_t play_stages(const struct play *p);

/* ---- orders (play_work.c) ---- */

void play_work_begin(struct play *p, enum play_work work, size_t item);
/*
 * The next action of the orders. *ret_over: there is none left, and none is under way.
 */
enum play_want play_work_next(struct play *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns, bool *ret_over);
uint32_t play_next_id(struct play *p);
/* Where the order that is carried out stands in the lesson's file; 0 for none. */
unsigned play_work_line(const struct play *p);

/* ---- claims (play_look.c) ---- */

/* What happens from here on is evidence for the check that comes, and the step's own. */
void play_note_begin(struct play *p, const struct world *w);
/* Begin the check that waits: its orders, or looking at its claims. */
void play_check_begin(struct play *p, const struct world *w, uint64_t now_ns);
void play_look_begin(struct play *p, uint64_t now_ns);
/*
 * Ask for the cache entries that the claims are about: the kernel does not tell when an entry gets
 * INCOMPLETE or DELAY. play_refresh_next(): the next action; *ret_over: there is none left.
 */
void play_refresh_begin(struct play *p);
enum play_want play_refresh_next(
	struct play *p, const struct world *w, struct action *ret, bool *ret_over);
/* Whether anything happened since the claims were looked at last. */
bool play_look_again(const struct play *p, const struct world *w);
/* Look at all claims of an item; ret: what was seen. Returns whether all hold. */
bool play_look(const struct item *item, const struct world *w, struct since since,
	struct claim_result ret[PLAY_CLAIMS_MAX], size_t *ret_count);

#endif
