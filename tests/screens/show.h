/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: one script being played on a screen of one size, through the program's own commands. */
#ifndef SHOW_H
#define SHOW_H

#include <arplab/text.h>

#include "../../src/app/lab_ui.h"
#include "../../src/app/ui.h"
#include "scene.h"

#define SHOW_BAR_ITEMS 24

struct answers;

struct show {
	struct ui ui;
	struct app_options options;
	struct app_line line;
	int far; /* The other end of the line: what the program asks for is read there. */
	struct bar_item bar[SHOW_BAR_ITEMS];
	struct canvas canvas;
	char dir[512];
	struct scene scene;
	struct lab_ui lab;       /* As the scene says, or the program's own. */
	struct answers *answers; /* What the machines of a played lesson say; NULL: nothing. */
	struct text *shots;      /* Where `shot` writes; NULL: nowhere. */
	const char *until;       /* The shot at which the script ends; NULL: it is played whole. */
	bool reached;
	char wrong[512]; /* What is wrong with the script, or "". */
};

struct show *show_new(const char *dir, int rows, int columns);
void show_free(struct show *p);
/*
 * Play a script, lines of:
 *
 *	events FILE, event LINE             what is fed to the world
 *	key NAME…, type TEXT                what is pressed
 *	time SECONDS                        how long after the newest event it is looked at
 *	language NAME                       what the program speaks from here on: zh_CN
 *	ascii, gone                         a terminal without line graphics; the helper has ended
 *	sizes ROWSxCOLUMNS…                 read by screens.c
 *	shot HEADING                        the screen as it is now is shown, too
 *	recorded FILE                       who answers from here on, and what it said (answers.h)
 *	play FILE                           the program opens a lesson and plays it
 *	enter                               turn the lesson's pages to its end, then press Enter
 *	shell MACHINE COMMAND               a person has a shell on another terminal
 *
 * and those of scene.h. Stops at what is wrong.
 */
void show_play(struct show *p, const char *script);
/* Take an event in as the loop of the screen does. */
void show_event(struct show *p, const struct event *e);
void show_draw(struct show *p);
/* A file's bytes, terminated; "" if there is none. The caller frees them. */
char *show_slurp(const char *path);

#endif
