/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the lab behind the screen: which lesson is played, what it wants is sent, what happens is
 * fed to it; free play; shells; a second terminal that attaches.
 */
#ifndef ARPLAB_LAB_UI_H
#define ARPLAB_LAB_UI_H

#include "course.h"
#include "relay.h"
#include "ui.h"

#define LAB_UNDO_MAX 64
#define LAB_SHELLS_MAX 64

struct lab_ui {
	struct course course;
	struct lesson *lesson; /* NULL in the menu. */
	struct play play;
	struct topology topology; /* What stands while no lesson is played. */
	bool free_play;           /* The lesson rests; the lab is the learner's. */
	uint32_t build_id;        /* Of the building that is under way for the menu, or 0. */
	/* Sysctls as they were before each change made by hand, oldest first. */
	struct action undo[LAB_UNDO_MAX];
	size_t undo_count;
	/* Actions of an order for several machines: their ids, and what was said so far. */
	uint32_t order_first, order_last;
	bool order_refused;
	char order_said[EVENT_TEXT_SIZE];
	struct action looked;               /* The cache entry that was asked for last. */
	uint32_t shell_ids[LAB_SHELLS_MAX]; /* Shells that run, by the ids of their actions. */
	unsigned shells;
	struct relay relay; /* The one on this terminal. */
	int listener;       /* -1: nobody can attach. */
	uint64_t wake_ns;   /* Steady; when the play wants to be asked again. */
	struct step_record saved[PLAY_STEPS_MAX]; /* The play's records when they were kept last. */
};

/* Make the lab's side of the screen; builds the first lab. Returns 0 or -errno and a sentence. */
int lab_ui_open(struct ui *u, struct err *err);
void lab_ui_done(struct ui *u);
/* An event that has been applied to the world. */
void lab_ui_feed(struct ui *u, const struct event *e);
/* Send what the lesson wants now; sets wake_ns. Call after events, keys and at wake_ns. */
void lab_ui_work(struct ui *u);

/* ---- lessons (lab_ui.c) ---- */

/* Play a lesson by its number, id or file, from the first step that is not done. */
void lab_play(struct ui *u, const char *word);
void lab_leave_lesson(struct ui *u);
void lab_free_play(struct ui *u);
/* Somebody must be chosen for the grid: a real server where there is one. */
void lab_choose_somebody(struct ui *u);

/* ---- machines (lab_hands.c) ---- */

/* Parse a line of the language of orders and send it. */
void lab_order(struct ui *u, const char *line);
/* Say what became of an order. Returns whether it is said; other answers are not of that kind. */
bool lab_order_done(struct ui *u, const struct done *done);
/* Ask for the timers of the chosen cache entry: the kernel does not tell them by itself. */
void lab_look(struct ui *u);
/* Whether a line begins with a word of that language. */
bool lab_is_order(const char *line);
void lab_set(struct ui *u, int32_t ifindex, size_t key, int32_t value);
void lab_undo(struct ui *u);
/* Lend the terminal to a shell in a machine. */
void lab_shell(struct ui *u, uint16_t node);
/* The shell on this terminal has ended: draw again. */
void lab_shell_over(struct ui *u);
/* Somebody on another terminal asks for a shell, or for what is known of a machine. */
void lab_attached(struct ui *u);

/* Answer the open question with prediction i, from 0 on. */
void lab_predict(struct ui *u, size_t i);
/* Whether a command has something to do now; the key bar leaves others out. */
bool lab_offers(const struct ui *u, const struct command *c);
/* What Enter does in the lesson now, for the key bar; "" for nothing. */
const char *lab_entering(const struct ui *u);
/* The lab's own commands; the first table that is looked at. */
const struct command *lab_commands(size_t *ret_count);

#endif
