/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a recording on the screen. Going back is going forward from the beginning: the state at a
 * moment is that of all events until then, and a million of them are taken in within a second.
 */
#include <config.h>

#include "player_parts.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"

#define ITEMS_A_ROUND 20000 /* Then keys get their turn. */

struct player *player_open(struct recording *r)
{
	struct player *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->recording = r;
	p->step_began = PLAYER_NOWHERE;
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	lesson_free(p->lesson);
	course_done(&p->course);
	free(p);
}

bool player_has_lab(const struct player *p)
{
	return recording_head(p->recording)->scope == SCOPE_LAB;
}

/* ---- time ---- */

static uint64_t scaled(uint64_t ns, int speed)
{
	return speed >= 0 ? ns << speed : ns >> -speed;
}

uint64_t player_now_ns(const struct player *p)
{
	uint64_t end_ns = recording_span_ns(p->recording);
	if (!p->playing)
		return p->since_ns;
	uint64_t at_ns = p->since_ns + scaled(clock_steady_ns() - p->started_ns, p->speed);
	return at_ns < end_ns ? at_ns : end_ns;
}

void player_go_on_from(struct player *p, uint64_t since_ns)
{
	p->since_ns = since_ns;
	p->started_ns = clock_steady_ns();
}

uint64_t player_wall_ns(const struct player *p)
{
	return recording_wall_ns(p->recording, player_now_ns(p));
}

uint64_t player_wait_ns(const struct player *p, uint64_t age_ns)
{
	struct recording_item item;
	uint64_t now = player_now_ns(p), wall = recording_wall_ns(p->recording, now), wait;
	if (!p->playing)
		return UINT64_MAX;
	if (!recording_peek(p->recording, &item))
		return 0;
	/* The clock in the status line goes on by itself. */
	wait = NS_PER_S - now % NS_PER_S;
	if (item.since_ns < now + wait)
		wait = item.since_ns > now ? item.since_ns - now : 0;
	if (age_ns != UINT64_MAX && age_ns > wall && age_ns - wall < wait)
		wait = age_ns - wall;
	return scaled(wait, -p->speed);
}

/* ---- what happens ---- */

static void take_lesson(struct ui *u, const struct recording_item *item)
{
	struct player *p = u->player;
	struct err err = { "" };
	u->screen.lab.play = NULL;
	p->place.open = false;
	p->step_began = PLAYER_NOWHERE;
	conflicts_topology(u->conflicts, NULL);
	struct lesson *before = p->lesson;
	p->lesson = recorded_lesson(item->text, item->len, i18n_language(), &err);
	if (!p->lesson)
		screen_say(&u->screen, true, "%s", err.text);
	else
		conflicts_topology(u->conflicts, &p->lesson->topology);
	/* Time that is turned back brings the same lesson again, and not its first look. */
	if (p->lesson && !(before && strcmp(before->id, p->lesson->id) == 0))
		u->screen.lab.matrix = p->lesson->matrix;
	lesson_free(before);
}

static void take_place(struct ui *u, const struct recording_item *item)
{
	struct player *p = u->player;
	struct err err = { "" };
	size_t step = p->place.open ? p->place.play.step : SIZE_MAX;
	if (recorded_play(&p->place, p->lesson, item->text, item->len, &err) < 0)
		screen_say(&u->screen, true, "%s", err.text);
	if (!p->place.open)
		p->step_began = PLAYER_NOWHERE;
	else if (p->place.play.step != step)
		p->step_began = recording_position(p->recording) - 1;
	u->screen.lab.play = p->place.open ? &p->place.play : NULL;
	u->screen.lab.free = p->place.open && p->place.free_play;
	u->screen.lab.lesson_follow = true;
}

void player_take(struct ui *u, const struct recording_item *item)
{
	switch (item->kind) {
	case RECORDING_EVENTS:
		loop_apply(u, item->event);
		if (item->event->kind == EVENT_LAB && item->event->lab.state == LAB_UP)
			lab_choose_somebody(u);
		break;
	case RECORDING_LESSON:
		take_lesson(u, item);
		break;
	case RECORDING_PLAY:
		take_place(u, item);
		break;
	case RECORDING_LAYOUT:
	case RECORDING_END:
	case RECORDING_KINDS:
		break;
	}
}

/* Take in what happened until then. */
static bool advance(struct ui *u, uint64_t until_ns, unsigned most)
{
	struct recording *r = u->player->recording;
	struct recording_item item;
	unsigned count = 0;
	while (count < most && recording_peek(r, &item) && item.since_ns <= until_ns &&
		recording_next(r, &item)) {
		player_take(u, &item);
		count++;
	}
	return count > 0;
}

/* What is wrong with the recording is why it ends here. */
static void stand_at_end(struct ui *u)
{
	const char *trouble = recording_trouble(u->player->recording);
	u->player->playing = false;
	if (trouble[0])
		screen_say(&u->screen, true, "%s", trouble);
	else
		screen_say(&u->screen, false, _("The recording ends here. Space plays it again."));
}

bool player_work(struct ui *u)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t now = player_now_ns(p);
	if (!p->playing)
		return false;
	bool changed = advance(u, now, ITEMS_A_ROUND);
	if (recording_peek(p->recording, &item))
		return changed;
	player_go_on_from(p, now);
	stand_at_end(u);
	return true;
}

/* ---- going back and forth ---- */

static void forget_all(struct ui *u)
{
	world_done(&u->world);
	world_init(&u->world, MODEL_FRAME_RING);
	u->model = u->world.machines[0];
	past_free(u->past);
	u->screen.past = u->past = past_new();
	conflicts_free(u->conflicts);
	u->screen.conflicts = u->conflicts = conflicts_new();
	u->screen.lab.play = NULL;
	u->screen.lab.free = false;
	u->player->place.open = false;
	u->player->step_began = PLAYER_NOWHERE;
	screen_rewound(&u->screen);
}

void player_go_to(struct ui *u, uint64_t position)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t since_ns = p->since_ns;
	if (position < recording_position(p->recording)) {
		forget_all(u);
		recording_seek(p->recording, 0);
		since_ns = 0;
	}
	while (recording_position(p->recording) < position && recording_next(p->recording, &item)) {
		player_take(u, &item);
		since_ns = item.since_ns;
	}
	u->screen.message[0] = '\0';
	player_go_on_from(p, since_ns);
}

void player_go_to_time(struct ui *u, uint64_t since_ns)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t end_ns = recording_span_ns(p->recording);
	if (since_ns > end_ns)
		since_ns = end_ns;
	player_go_to(u, recording_find(p->recording, since_ns));
	player_go_on_from(p, since_ns);
	if (!recording_peek(p->recording, &item))
		stand_at_end(u);
}

void player_start(struct ui *u)
{
	struct player *p = u->player;
	struct err err;
	u->screen.lab.on = player_has_lab(p);
	u->screen.lab.present = u->options->present;
	if (u->screen.lab.on && course_open(&p->course, u->options, &err) == 0) {
		course_list(&p->course);
		u->screen.lab.menu = p->course.rows;
		u->screen.lab.menu_count = p->course.count;
		screen_focus(&u->screen, PANE_LESSON);
	}
	player_go_on_from(p, 0);
	p->playing = true;
}

void player_refuse(struct ui *u)
{
	screen_say(&u->screen, true, _("This is a recording: what it shows is over."));
}

/* ---- the status line ---- */

/* Of a lesson that was played without a person every hundredth counts. */
static void put_time(struct text *t, uint64_t ns, uint64_t span_ns)
{
	uint64_t s = ns / NS_PER_S;
	if (span_ns < 60 * NS_PER_S) {
		text_printf(t, "%u.%02u", (unsigned)s, (unsigned)(ns / (10 * NS_PER_MS) % 100));
		return;
	}
	if (s >= 3600)
		text_printf(t, "%llu:%02u:%02u", (unsigned long long)(s / 3600),
			(unsigned)(s / 60 % 60), (unsigned)(s % 60));
	else
		text_printf(t, "%u:%02u", (unsigned)(s / 60), (unsigned)(s % 60));
}

void player_status(const struct player *p, struct text *t, bool ascii)
{
	text_put(t, p->playing ? ascii ? "> " : "▶ " : ascii ? "= " : "‖ ");
	uint64_t span_ns = recording_span_ns(p->recording);
	put_time(t, player_now_ns(p), span_ns);
	text_char(t, '/');
	put_time(t, span_ns, span_ns);
	if (p->speed > 0)
		text_printf(t, " x%u", 1u << p->speed);
	else if (p->speed < 0)
		text_printf(t, " x1/%u", 1u << -p->speed);
}
