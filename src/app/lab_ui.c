/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: the lesson on the screen: what it wants is sent to the lab, what happens is fed to it, and
 * what the learner has done is kept.
 */
#include <config.h>

#include "lab_ui.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/library.h>
#include <arplab/text.h>

#include "attach.h"
#include "recorder.h"

/* The network that stands behind the menu. */
#define FIRST_TOPOLOGY "lvs-dr"

/* ---- building without a lesson ---- */

static int read_topology(const char *name, struct topology *ret, struct err *err)
{
	struct faults faults = { 0 };
	struct names names = { 0 };
	size_t len;
	const char *text = library_topology(name, &len);
	int error = text ? topology_read(text, len, 1, ret, &names, &faults) : -1;
	if (error)
		err_set(err, -EINVAL, _("the topology %s cannot be read: %s"), name,
			faults.count ? faults.list[0].text : _("it is not there"));
	names_done(&names);
	faults_done(&faults);
	return error ? -EINVAL : 0;
}

static void build(struct ui *u)
{
	struct action a = { .kind = ACTION_BUILD, .id = ++u->last_id };
	u->lab->build_id = a.id;
	u->lab->undo_count = 0;
	if (app_send_build(u->line, &a, &u->lab->topology) < 0)
		screen_say(
			&u->screen, true, _("The helper does not answer; quit and start again."));
}

/* ---- lessons ---- */

static void show_menu(struct ui *u)
{
	struct lab_view *view = &u->screen.lab;
	course_list(&u->lab->course);
	view->play = NULL;
	view->menu = u->lab->course.rows;
	view->menu_count = u->lab->course.count;
}

static void save(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	struct err err = { "" };
	if (memcmp(lab->saved, lab->play.steps, sizeof lab->saved) == 0)
		return;
	memcpy(lab->saved, lab->play.steps, sizeof lab->saved);
	if (course_save(&lab->course, &lab->play, &err) < 0 && lab->course.keeps) {
		lab->course.keeps = false; /* Said once; the lesson goes on. */
		screen_say(&u->screen, true, "%s", err.text);
	}
}

static void close_lesson(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	if (!lab->lesson)
		return;
	save(u);
	lesson_free(lab->lesson);
	lab->lesson = NULL;
	lab->free_play = u->screen.lab.free = false;
}

static size_t first_undone(const struct play *p)
{
	size_t i = 0;
	while (i < p->lesson->step_count && p->steps[i].outcome > STEP_PLAYING)
		i++;
	return i < p->lesson->step_count ? i : 0;
}

void lab_play(struct ui *u, const char *word)
{
	struct lab_ui *lab = u->lab;
	struct err err = { "" };
	struct lesson *lesson = course_read(&lab->course, word, true, &err);
	if (!lesson) {
		screen_say(&u->screen, true, "%s", err.text);
		return;
	}
	close_lesson(u);
	course_record(u->recorder, word, lesson);
	lab->lesson = lesson;
	lab->topology = lesson->topology;
	lab->undo_count = 0;
	uint32_t last_id = lab->play.last_id;
	play_init(&lab->play, lesson, u->options->no_solve);
	/* Answers to the lesson before may still come; they must not be taken for this one's. */
	if (last_id)
		lab->play.last_id = last_id;
	progress_to_play(&lab->course.progress, &lab->play);
	memcpy(lab->saved, lab->play.steps, sizeof lab->saved);
	play_start(&lab->play, first_undone(&lab->play));
	u->screen.lab.play = &lab->play;
	u->screen.lab.lesson_follow = true;
	u->screen.lab.matrix = lesson->matrix;
	screen_focus(&u->screen, PANE_LESSON);
}

void lab_leave_lesson(struct ui *u)
{
	if (!u->lab->lesson)
		return;
	close_lesson(u);
	show_menu(u);
	screen_focus(&u->screen, PANE_LESSON);
}

void lab_free_play(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	if (!lab->lesson) {
		build(u);
		screen_say(&u->screen, false, _("The lab is new. It is yours: nothing is judged."));
		return;
	}
	lab->free_play = u->screen.lab.free = !lab->free_play;
	if (lab->free_play) {
		screen_say(&u->screen, false,
			_("Free play: try what you like; F goes back to the step as it began."));
		return;
	}
	play_reset(&lab->play);
}

/* ---- what happens ---- */

void lab_choose_somebody(struct ui *u)
{
	uint16_t node = world_node(&u->world, "rs1");
	if (u->screen.lab.node == 0 || u->screen.lab.node > u->world.count)
		screen_choose_node(&u->screen, u->model, node ? node : 1);
}

static void shell_ended(struct lab_ui *lab, uint32_t id)
{
	for (unsigned i = 0; i < lab->shells; i++)
		if (lab->shell_ids[i] == id)
			lab->shell_ids[i] = lab->shell_ids[--lab->shells];
}

void lab_ui_feed(struct ui *u, const struct event *e)
{
	struct lab_ui *lab = u->lab;
	if (e->kind == EVENT_LAB && e->lab.state == LAB_UP)
		lab_choose_somebody(u);
	if (e->kind == EVENT_LAB && e->lab.state == LAB_FAILED)
		screen_say(&u->screen, true, "%s", e->lab.text);
	if (e->kind == EVENT_DONE)
		shell_ended(lab, e->done.id);
	if (lab->lesson && !lab->free_play)
		play_feed(&lab->play, &u->world, e, clock_steady_ns());
}

/* ---- what is wanted ---- */

static bool send_wanted(struct ui *u, enum play_want want, const struct action *a)
{
	struct lab_ui *lab = u->lab;
	if (want == WANT_BUILD)
		lab->undo_count = 0;
	int error = want == WANT_BUILD ? app_send_build(u->line, a, &lab->lesson->topology)
				       : app_send(u->line, a);
	return error == 0;
}

static void play_on(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	for (;;) {
		struct action a = { 0 };
		enum play_want want =
			play_wants(&lab->play, &u->world, clock_steady_ns(), &a, &lab->wake_ns);
		if (want == WANT_NOTHING || !send_wanted(u, want, &a))
			break;
	}
	save(u);
}

void lab_ui_work(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	lab->wake_ns = UINT64_MAX;
	if (lab->lesson && !lab->free_play && !u->screen.ended)
		play_on(u);
	recorder_play(u->recorder, lab->lesson ? &lab->play : NULL, lab->free_play);
}

/* ---- beginning and end ---- */

int lab_ui_open(struct ui *u, struct err *err)
{
	struct lab_ui *lab = calloc(1, sizeof *lab);
	char said[EVENT_TEXT_SIZE] = "";
	if (!lab)
		abort();
	u->lab = lab;
	lab->wake_ns = UINT64_MAX;
	relay_init(&lab->relay);
	lab->listener = attach_listen();
	u->screen.lab.on = true;
	u->screen.lab.present = u->options->present;
	conflicts_topology(u->conflicts, &lab->topology);
	int error = course_open(&lab->course, u->options, err);
	if (error)
		return error;
	lab->course.deal = true;
	course_recall(&lab->course, said, sizeof said);
	if (u->options->arg_count) {
		/* A word on the command line that names no lesson ends the program, not the lab. */
		struct lesson *lesson = course_read(&lab->course, u->options->args[0], false, err);
		if (!lesson)
			return -EINVAL;
		lesson_free(lesson);
		lab_play(u, u->options->args[0]);
		if (!lab->lesson)
			show_menu(u);
	} else {
		error = read_topology(FIRST_TOPOLOGY, &lab->topology, err);
		if (error)
			return error;
		build(u);
		show_menu(u);
		screen_focus(&u->screen, PANE_LESSON);
	}
	if (said[0])
		screen_say(&u->screen, true, "%s", said);
	return 0;
}

void lab_ui_done(struct ui *u)
{
	struct lab_ui *lab = u->lab;
	if (!lab)
		return;
	close_lesson(u);
	relay_end(&lab->relay);
	if (lab->listener >= 0)
		close(lab->listener);
	course_done(&lab->course);
	free(lab);
	u->lab = NULL;
}
