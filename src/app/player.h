/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a recording on the screen: which moment of it is shown, and how time goes on in it. */
#ifndef ARPLAB_PLAYER_H
#define ARPLAB_PLAYER_H

#include <arplab/recording.h>

#include "ui.h"

struct player;

/* The recording stays the caller's. */
struct player *player_open(struct recording *r);
void player_free(struct player *p);
/* What of it was of a lab, so that the screen has a lab's panes. */
bool player_has_lab(const struct player *p);
/* Begin: show what was there first, and let time go on. */
void player_start(struct ui *u);
/* Take in what has happened until now. Returns whether anything shown has changed. */
bool player_work(struct ui *u);
/* The recording's own wall clock at the moment that is shown. */
uint64_t player_wall_ns(const struct player *p);
/* How long until something happens in it, or `age_ns` of its clock is reached; UINT64_MAX: never.
 */
uint64_t player_wait_ns(const struct player *p, uint64_t age_ns);
/* What the screen is asked to do with an action: say that this is over. */
void player_refuse(struct ui *u);
/* "▶ 0:07/3:20 x2", for the status line. */
void player_status(const struct player *p, struct text *t, bool ascii);
/* Its commands; the first table that is looked at. */
const struct command *player_commands(size_t *ret_count);

/* ---- screen_events.c ---- */

/* An event into all that is shown. */
void loop_apply(struct ui *u, const struct event *e);

#endif
