/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: a lesson being played: where the learner is, what they predicted, what is to be done
 * next in the lab, and whether the checks hold. Pure: it is told events and the time, and says
 * which actions it wants.
 *
 * A step's items are shown in order. Prose is there at once; what follows a prediction waits until
 * it was made; a `do` waits for play_enter(); a check waits until it holds. When the last item is
 * passed, the step is done and play_enter() goes on to the next, in the lab as it stands.
 *
 * A `break` is carried out as soon as it is reached, and nothing is said of it.
 *
 * The check of a step without a solution is looked at right after its `do`. If it does not hold in
 * time, it is the learner's to make it hold, and play_enter() repeats the `do`. The check of a step
 * with a solution is the learner's task from the beginning. One without orders is looked at
 * whenever the lab changes, so that work done in a shell counts at once. One with orders waits for
 * play_enter(): frames that nobody asked for would come between those that the learner looks at,
 * its orders may empty caches, and what is half done would be called wrong.
 *
 *	struct play p;
 *	play_init(&p, lesson, options);
 *	play_start(&p, step);                 builds the lab, replays earlier steps' changes
 *	for (;;) {
 *		switch (play_wants(&p, world, now_ns, &want)) …   send want.action, or wait
 *		play_feed(&p, world, event);          every event, after world_apply()
 *	}
 */
#ifndef ARPLAB_PLAY_H
#define ARPLAB_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/lesson.h>
#include <arplab/world.h>

enum play_phase {
	PLAY_MENU,     /* No lesson is played. */
	PLAY_BUILDING, /* The lab is made, or earlier steps' changes are replayed. */
	PLAY_READY,    /* A `do` waits for play_enter(). */
	PLAY_PREDICT,  /* Waits for play_predict(). */
	PLAY_DOING,    /* Orders of a do, solve or check are carried out. */
	PLAY_LOOKING,  /* The claims of a check are looked at until its time is up. */
	PLAY_TASK,     /* The learner is to make the check hold. */
	PLAY_STEP_DONE,
	PLAY_FINISHED, /* The last step is done. */
	PLAY_SKIPPED,  /* The step cannot be played here; `reason` says why. */
};

enum step_outcome { STEP_NEW, STEP_PLAYING, STEP_SOLVED, STEP_SHOWN, STEP_SKIPPED };

struct step_record {
	enum step_outcome outcome;
	uint8_t predictions, right; /* Predictions made, and right ones at the first try. */
	uint8_t hints;
};

#define PLAY_STEPS_MAX 32
#define PLAY_CLAIMS_MAX 16
#define PLAY_ITEMS_MAX 32

struct claim_result {
	bool holds;
	char seen[200];
};

/* Why actions are wanted. LOOK: cache entries are asked for anew, before claims about them. */
enum play_work { WORK_NONE, WORK_REPLAY, WORK_BREAK, WORK_DO, WORK_SOLVE, WORK_CHECK, WORK_LOOK };

struct play {
	const struct lesson *lesson;
	bool no_solve; /* An exam: no solutions, no hints. */
	enum play_phase phase;
	size_t step, item; /* The item that waits; items before it are passed. */
	struct step_record steps[PLAY_STEPS_MAX];
	int8_t chosen[PLAY_ITEMS_MAX]; /* By item: the choice taken, -1: none yet. */
	uint8_t hints_shown; /* Of this step. */
	bool why_shown, solved_by_us;
	uint32_t solutions; /* A bit for each item that was carried out as a solution. */
	size_t remedy; /* The `solve` or `wrong` that play_solve() takes; SIZE_MAX: the first `solve`. */
	struct claim_result claims[PLAY_CLAIMS_MAX]; /* Of the check looked at last. */
	size_t claim_count;
	size_t check_item;       /* Whose claims those are. */
	unsigned checks;         /* How often a check of this step was decided. */
	bool held;               /* How it was decided last. */
	char said[EVENT_TEXT_SIZE]; /* The last action's own words; the first refusal stays. */
	bool said_bad;           /* It was refused. */
	unsigned said_line;      /* Of the lesson's file: the order that it is about; 0: none. */
	/* Behind the scenes. */
	enum play_work work;
	size_t work_step, work_item, work_order;
	uint16_t work_node;      /* The next node of the order, 0 begins. */
	uint32_t waiting_id;     /* Of the action that is under way, 0: none. */
	uint32_t last_id;
	uint64_t wait_until_ns;  /* For `wait`, 0: not waiting. */
	uint64_t deadline_ns;    /* While LOOKING. */
	uint64_t looked_changes; /* world.changes and frames when claims were looked at last. */
	uint64_t looked_frames;
	struct since since;      /* Since when this check's evidence counts. */
	uint64_t first_frame;    /* Of the LAN's that the step's orders brought; UINT64_MAX: none. */
	uint64_t end_frame;      /* Behind the last of them; UINT64_MAX: the step is not done. */
	bool build_wanted, built;
	bool check_begins;       /* A check was reached, and has not been begun. */
	bool hasty;              /* Claims are looked at once, and no time is given to them. */
	bool last_look;          /* The caches were looked at when the time was up. */
	char reason[EVENT_TEXT_SIZE];
};

void play_init(struct play *p, const struct lesson *lesson, bool no_solve);
/* Begin a step: the lab is built anew, what earlier steps changed is replayed without traffic. */
void play_start(struct play *p, size_t step);
/* Reset the step: the same, for the step that is played; what was predicted stays. */
void play_reset(struct play *p);

enum play_want { WANT_NOTHING, WANT_ACTION, WANT_BUILD };
/*
 * What is to be sent next, or nothing for now. *ret_wake_ns (steady clock): when to call again at
 * the latest, UINT64_MAX for no time of its own. An action's id is set: answers with other ids are
 * not the play's. ids count from first_id, which must be out of reach of the caller's own.
 */
enum play_want play_wants(struct play *p, const struct world *w, uint64_t now_ns,
	struct action *ret, uint64_t *ret_wake_ns);
/* An event, already applied to the world. */
void play_feed(struct play *p, const struct world *w, const struct event *e, uint64_t now_ns);

/* Whether the lab lacks what a step needs. why: gets the reason then, as a sentence; or NULL. */
bool play_lacks(const struct step *s, const struct world *w, struct text *why);

/* ---- what a learner does ---- */

/*
 * What Enter would do now, as a short label: "do it", "do it again", "check", "next step",
 * "finish"; "" nothing.
 */
const char *play_entering(const struct play *p);
void play_enter(struct play *p, const struct world *w, uint64_t now_ns);
/* Choose the prediction number i, from 0 on. A step played once more is not scored again. */
void play_predict(struct play *p, size_t i);
/* Show one more hint. Returns false if there is none left (or none in an exam). */
bool play_hint(struct play *p);
/*
 * Carry the solution out and check; the step is marked as shown. Returns false if there is none,
 * or if the task is not reached yet.
 */
bool play_solve(struct play *p, const struct world *w, uint64_t now_ns);
/* Whether what is done now is kept from the learner: a task's `break`. */
bool play_hides(const struct play *p);
/* Show the longer explanation. Returns false if there is none (or not yet, in an exam). */
bool play_why(struct play *p);
/* Pass to the next step without solving this one. */
void play_skip(struct play *p);
void play_back(struct play *p);
/* Whether item i of the step is to be seen now. */
bool play_shows(const struct play *p, size_t i);
/* Whether the reply to the prediction of item i is to be seen: after what is done next, and seen. */
bool play_replied(const struct play *p, size_t i);
/*
 * The ladder number k of the `why` block that is item i, among the frames of the step's orders.
 * Returns false before what stands in front of the block is passed, or without such a frame.
 */
bool play_ladder(const struct play *p, size_t i, size_t k, const struct past *past,
	const struct world *w, struct ladder_shown *ret);
/* Right first predictions and all predictions so far. */
void play_score(const struct play *p, unsigned *ret_right, unsigned *ret_made);

/* ---- a play as text (play_text.c), for recordings ---- */

#define PLAY_TEXT_MAX 24576 /* Bytes that hold every play. */

/* All that can be seen of a play, as lines. What happens behind the scenes is left out. */
void play_write(const struct play *p, struct text *t);
/*
 * Lines to a play of that lesson, which cannot be played on, only shown; any bytes may be given.
 * Returns 0, or -EBADMSG and a sentence: it does not fit the lesson.
 */
int play_read(struct play *p, const struct lesson *lesson, const char *text, size_t len,
	struct err *err);
/* The word of a phase: "ready", "predict". */
const char *play_phase_name(enum play_phase phase);

/* ids that the play gives to its actions begin here. */
#define PLAY_FIRST_ID 0x40000000u

#endif
