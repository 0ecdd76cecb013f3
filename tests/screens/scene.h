/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: a lesson in whatever state a script wants to show, without a lab that is played. */
#ifndef SCENE_H
#define SCENE_H

#include <arplab/screen.h>

#define SCENE_LESSONS 32

struct scene {
	char dir[512];
	struct lesson *lesson;
	struct play play;
	char texts[SCENE_LESSONS][3][80];
	struct menu_row menu[SCENE_LESSONS];
	size_t menu_count;
};

void scene_done(struct scene *g);
/*
 * Carry out one line of a script, if it is about a lab:
 *
 *	lab                                 the screen is a lab's
 *	menu ID MINUTES DONE/STEPS [fast |ticket ][shown ]TITLE - SUMMARY
 *	lesson FILE STEP ITEM PHASE [SEED]  a lesson, in a state that no play has brought about
 *	item N, phase PHASE, chosen ITEM CHOICE, hints N, why, solved, said TEXT
 *	claim holds|fails SEEN              one more result of the check that waits
 *	node NAME, alone, present           what is looked at, and how
 *
 * Returns whether it is. wrong: what is wrong with it, left alone if nothing is.
 */
bool scene_line(struct scene *g, struct screen *s, const struct model *m, const char *verb,
	char *rest, char *wrong, size_t size);

#endif
