/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the commands that a lab adds: a lesson's keys, machines, shells. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>

#include "lab_ui.h"

#define IN(pane) (1u << (pane))
#define LAB (1u << SCOPE_LAB)
#define REPLAY (1u << SCOPE_REPLAY)

/* Whether a lesson is played; says so if not. */
static struct play *playing(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	if (u->screen.ended)
		screen_say(&u->screen, true, _("The lab is no more; quit and start again."));
	else if (!lab->lesson)
		screen_say(&u->screen, false, _("No lesson is open: choose one and press Enter."));
	else if (lab->free_play)
		screen_say(&u->screen, false, _("This is free play; F goes back to the lesson."));
	else
		return &lab->play;
	return NULL;
}

/* Whether the lesson goes on below what is shown: then Enter turns the page first. */
static bool more_below(const struct ui *u)
{
	const struct lab_view *view = &u->screen.lab;
	int rows = u->screen.layout.panes[PANE_LESSON].rows - 2;
	return view->play && rows > 0 && view->lesson_top + (size_t)rows < view->lesson_rows;
}

const char *lab_entering(const struct ui *u)
{
	const struct lab_ui *lab = u->lab;
	if (!lab->lesson)
		return C_("key", "open");
	if (lab->free_play)
		return "";
	if (more_below(u))
		return C_("key", "more");
	if (lab->play.phase == PLAY_PREDICT)
		return u->screen.lab.choice ? C_("key", "predict") : "";
	return play_entering(&lab->play);
}

static void run_enter(struct ui *u, const char *args)
{
	(void)args;
	struct lab_ui *lab = u->lab;
	struct lab_view *view = &u->screen.lab;
	if (more_below(u)) {
		screen_move(&u->screen, u->model, screen_page(&u->screen));
		return;
	}
	if (!lab->lesson) {
		if (view->menu_place.row < view->menu_count)
			lab_play(u, view->menu[view->menu_place.row].id);
		return;
	}
	struct play *p = playing(u);
	if (!p)
		return;
	/* Enter turns pages, too: it predicts nothing that no hand has chosen. */
	if (p->phase == PLAY_PREDICT && !view->choice) {
		screen_say(&u->screen, false,
			_("Predict first: press a number, or choose with Up and Down."));
		return;
	}
	screen_follow_lesson(&u->screen);
	if (p->phase == PLAY_PREDICT)
		play_predict(p, view->choice - 1);
	else if (p->phase == PLAY_FINISHED)
		lab_leave_lesson(u);
	else
		play_enter(p, &u->world, clock_steady_ns());
}

void lab_predict(struct ui *u, size_t i)
{
	struct play *p = playing(u);
	if (!p || p->phase != PLAY_PREDICT)
		return;
	screen_follow_lesson(&u->screen);
	play_predict(p, i);
}

static void run_choice_1(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 0);
}

static void run_choice_2(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 1);
}

static void run_choice_3(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 2);
}

static void run_choice_4(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 3);
}

static void run_choice_5(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 4);
}

static void run_choice_6(struct ui *u, const char *args)
{
	(void)args;
	lab_predict(u, 5);
}

static void run_hint(struct ui *u, const char *args)
{
	(void)args;
	struct play *p = playing(u);
	if (!p)
		return;
	if (play_hint(p))
		screen_follow_lesson(&u->screen);
	else
		screen_say(&u->screen, false,
			p->no_solve ? _("This is an exam: there are no hints.")
				    : _("There is no further hint here."));
}

static void run_solve(struct ui *u, const char *args)
{
	(void)args;
	struct play *p = playing(u);
	if (!p)
		return;
	if (play_solve(p, &u->world, clock_steady_ns()))
		screen_follow_lesson(&u->screen);
	else
		screen_say(&u->screen, false,
			p->no_solve ? _("This is an exam: there are no solutions.")
				    : _("There is nothing to solve at this point."));
}

static void run_why(struct ui *u, const char *args)
{
	(void)args;
	struct play *p = playing(u);
	if (p && !play_why(p))
		screen_say(&u->screen, false, _("This step has no longer explanation."));
}

static void run_next(struct ui *u, const char *args)
{
	(void)args;
	struct play *p = playing(u);
	if (!p)
		return;
	screen_follow_lesson(&u->screen);
	if (p->phase == PLAY_STEP_DONE)
		play_enter(p, &u->world, clock_steady_ns());
	else
		play_skip(p);
}

static void run_back(struct ui *u, const char *args)
{
	(void)args;
	struct play *p = playing(u);
	if (p)
		play_back(p);
}

static void run_reset(struct ui *u, const char *args)
{
	(void)args;
	struct lab_ui *lab = u->lab;
	if (!lab->lesson || lab->free_play) {
		lab_free_play(u);
		return;
	}
	play_reset(&lab->play);
	lab->undo_count = 0;
}

static void run_free(struct ui *u, const char *args)
{
	(void)args;
	lab_free_play(u);
}

static void run_menu(struct ui *u, const char *args)
{
	(void)args;
	lab_leave_lesson(u);
}

static void run_lesson(struct ui *u, const char *args)
{
	if (*args)
		lab_play(u, args);
	else
		screen_say(&u->screen, true, _("lesson needs a number, an id or a file."));
}

static void no_machine(struct ui *u, const char *name)
{
	screen_say(&u->screen, true, _("There is no machine '%s' in the lab."), name);
}

static void run_next_machine(struct ui *u, const char *args)
{
	uint16_t node = world_node(&u->world, args);
	if (!*args)
		screen_step_node(&u->screen, u->model, 1);
	else if (node)
		screen_choose_node(&u->screen, u->model, node);
	else
		no_machine(u, args);
}

static void run_previous_machine(struct ui *u, const char *args)
{
	(void)args;
	screen_step_node(&u->screen, u->model, -1);
}

static void run_alone(struct ui *u, const char *args)
{
	(void)args;
	u->screen.lab.alone = !u->screen.lab.alone;
}

static void run_matrix(struct ui *u, const char *args)
{
	(void)args;
	screen_matrix(&u->screen, u->model, !u->screen.lab.matrix);
}

static void run_shell(struct ui *u, const char *args)
{
	uint16_t node = *args ? world_node(&u->world, args) : u->screen.lab.node;
	if (node)
		lab_shell(u, node);
	else
		no_machine(u, args);
}

static const struct command commands[] = {
	{ "enter", "Enter", IN(PANE_LESSON), "", NULL,
		N_("do what the lesson offers: begin, do it, check, go on"), run_enter, LAB },
	{ "choose-1", "1", 0, NULL, NULL, N_("predict; so do 2 to 6"), run_choice_1, LAB },
	{ "choose-2", "2", 0, NULL, NULL, NULL, run_choice_2, LAB },
	{ "choose-3", "3", 0, NULL, NULL, NULL, run_choice_3, LAB },
	{ "choose-4", "4", 0, NULL, NULL, NULL, run_choice_4, LAB },
	{ "choose-5", "5", 0, NULL, NULL, NULL, run_choice_5, LAB },
	{ "choose-6", "6", 0, NULL, NULL, NULL, run_choice_6, LAB },
	{ "hint", "h", 0, NC_("key", "hint"), NULL, N_("a hint; each further one says more"),
		run_hint, LAB },
	{ "solve", "s", 0, NC_("key", "solution"), NULL, N_("show and carry out the solution"),
		run_solve, LAB },
	{ "why", "y", 0, NC_("key", "why"), NULL, N_("the longer explanation, where there is one"),
		run_why, LAB },
	{ "next", "n", IN(PANE_LESSON), NC_("key", "next"), NULL, N_("the next step, done or not"),
		run_next, LAB },
	{ "back", "b", IN(PANE_LESSON), NULL, NULL, N_("the step before"), run_back, LAB },
	{ "reset", "r", 0, NC_("key", "reset"), NULL, N_("begin the step anew, in a fresh lab"),
		run_reset, LAB },
	{ "free", "F", 0, NULL, NULL, N_("free play, and back to the step as it began"), run_free,
		LAB },
	{ "lesson", "", 0, NULL, "LESSON", N_("open a lesson by its number, id or file"),
		run_lesson, LAB },
	{ "machine", "]", 0, NULL, "MACHINE", N_("choose the next machine, or one by its name"),
		run_next_machine, LAB | REPLAY },
	{ "machine-before", "[", 0, NULL, NULL, N_("choose the machine before"),
		run_previous_machine, LAB | REPLAY },
	{ "alone", "v", 0, NULL, NULL, N_("look at the chosen machine alone, and back"), run_alone,
		LAB | REPLAY },
	{ "shell", "!", 0, NC_("key", "shell"), "MACHINE",
		N_("a shell in the chosen machine; exit comes back"), run_shell, LAB },
	{ "menu", "m", 0, NC_("key", "lessons"), NULL, N_("leave the lesson for the list"),
		run_menu, LAB },
	{ "matrix", "M", 0, NC_("key", "matrix"), NULL,
		N_("the caches as a matrix: who is believed to be where; and back"), run_matrix,
		LAB | REPLAY },
};

static bool has_item(const struct play *p, enum item_kind kind)
{
	const struct step *s = &p->lesson->steps[p->step];
	for (size_t i = 0; i < s->item_count; i++)
		if (s->items[i].kind == kind)
			return true;
	return false;
}

bool lab_offers(const struct ui *u, const struct command *c)
{
	const struct play *p = u->lab->lesson && !u->lab->free_play ? &u->lab->play : NULL;
	bool task = p && (p->phase == PLAY_TASK || p->phase == PLAY_LOOKING);
	bool over = p && (p->phase == PLAY_STEP_DONE || p->phase == PLAY_FINISHED);
	if (c->run == run_hint)
		return p && !p->no_solve && has_item(p, ITEM_HINT);
	if (c->run == run_solve)
		return task && !p->no_solve && has_item(p, ITEM_SOLVE);
	if (c->run == run_why)
		return over && !p->why_shown && has_item(p, ITEM_WHY);
	if (c->run == run_next)
		return p && !over;
	if (c->run == run_reset || c->run == run_menu)
		return u->lab->lesson != NULL;
	return true;
}

const struct command *lab_commands(size_t *ret_count)
{
	*ret_count = sizeof commands / sizeof *commands;
	return commands;
}
