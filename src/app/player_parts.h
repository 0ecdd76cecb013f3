/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a recording on the screen, as its own files see it. */
#ifndef ARPLAB_PLAYER_PARTS_H
#define ARPLAB_PLAYER_PARTS_H

#include "course.h"
#include "player.h"
#include "recorded.h"

#define PLAYER_NOWHERE UINT64_MAX

struct player {
	struct recording *recording;
	bool playing;
	int speed;             /* 2 to this power. */
	uint64_t since_ns;     /* The moment that is shown, since the recording began; */
	uint64_t started_ns;   /* and by the steady clock, when it went on from there. */
	struct lesson *lesson; /* What was opened last, or NULL. */
	struct recorded_play place;
	uint64_t step_began;  /* The item with which the learner's step began; or PLAYER_NOWHERE. */
	struct course course; /* Behind a menu that the learner was in. */
};

/* ---- player.c ---- */

/* The moment that is to be shown now. */
uint64_t player_now_ns(const struct player *p);
/* It is that moment now, and time goes on from it if it plays. */
void player_go_on_from(struct player *p, uint64_t since_ns);
/* An item that the recording has just given. */
void player_take(struct ui *u, const struct recording_item *item);
/* Show the state before the item with that number. */
void player_go_to(struct ui *u, uint64_t position);
/* Show the state at a time since the beginning. */
void player_go_to_time(struct ui *u, uint64_t since_ns);

#endif
