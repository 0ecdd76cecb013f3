/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: a recording on the screen. Going back is going forward from the beginning: the state at a
 * moment is that of all events until then, and a million of them are taken in within a second.
 */
#include <config.h>

#include "player.h"

#include <stdlib.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "recorded.h"

#define ITEMS_A_ROUND 20000 /* Then keys get their turn. */
#define DOUBLINGS_MAX 12
#define HALVINGS_MAX 4

struct player {
	struct recording *recording;
	bool playing;
	int speed;             /* 2 to this power. */
	uint64_t since_ns;     /* The moment that is shown, since the recording began; */
	uint64_t started_ns;   /* and by the steady clock, when it went on from there. */
	struct lesson *lesson; /* What was opened last, or NULL. */
	struct recorded_play place;
};

struct player *player_open(struct recording *r)
{
	struct player *p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->recording = r;
	return p;
}

void player_free(struct player *p)
{
	if (!p)
		return;
	lesson_free(p->lesson);
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

/* The moment that is to be shown now. */
static uint64_t now_ns(const struct player *p)
{
	uint64_t end_ns = recording_span_ns(p->recording);
	if (!p->playing)
		return p->since_ns;
	uint64_t at_ns = p->since_ns + scaled(clock_steady_ns() - p->started_ns, p->speed);
	return at_ns < end_ns ? at_ns : end_ns;
}

static void go_on_from(struct player *p, uint64_t since_ns)
{
	p->since_ns = since_ns;
	p->started_ns = clock_steady_ns();
}

uint64_t player_wall_ns(const struct player *p)
{
	return recording_wall_ns(p->recording, now_ns(p));
}

uint64_t player_wait_ns(const struct player *p, uint64_t age_ns)
{
	struct recording_item item;
	uint64_t now = now_ns(p), wall = recording_wall_ns(p->recording, now), wait;
	if (!p->playing)
		return UINT64_MAX;
	if (!recording_peek(p->recording, &item))
		return 0;
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
	lesson_free(p->lesson);
	p->lesson = recorded_lesson(item->text, item->len, &err);
	if (!p->lesson)
		screen_say(&u->screen, true, "%s", err.text);
	else if (u->conflicts)
		conflicts_topology(u->conflicts, &p->lesson->topology);
}

static void take_place(struct ui *u, const struct recording_item *item)
{
	struct player *p = u->player;
	struct err err = { "" };
	if (recorded_play(&p->place, p->lesson, item->text, item->len, &err) < 0)
		screen_say(&u->screen, true, "%s", err.text);
	u->screen.lab.play = p->place.open ? &p->place.play : NULL;
	u->screen.lab.free = p->place.open && p->place.free_play;
	u->screen.lab.lesson_follow = true;
}

static void take(struct ui *u, const struct recording_item *item)
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
		take(u, &item);
		count++;
	}
	return count > 0;
}

bool player_work(struct ui *u)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t now = now_ns(p);
	if (!p->playing)
		return false;
	bool changed = advance(u, now, ITEMS_A_ROUND);
	if (!recording_peek(p->recording, &item)) {
		go_on_from(p, now);
		p->playing = false;
		screen_say(&u->screen, false, _("The recording ends here. Space plays it again."));
		return true;
	}
	return changed;
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
	u->screen.frames.follow = true;
	u->player->place.open = false;
}

/* Show the state before the item number `position`. */
static void go_to(struct ui *u, uint64_t position)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t since_ns = 0;
	if (position < recording_position(p->recording)) {
		forget_all(u);
		recording_seek(p->recording, 0);
	}
	while (recording_position(p->recording) < position && recording_next(p->recording, &item)) {
		take(u, &item);
		since_ns = item.since_ns;
	}
	u->screen.message[0] = '\0';
	go_on_from(p, since_ns ? since_ns : p->since_ns);
}

static void go_to_time(struct ui *u, uint64_t since_ns)
{
	struct player *p = u->player;
	uint64_t end_ns = recording_span_ns(p->recording);
	if (since_ns > end_ns)
		since_ns = end_ns;
	go_to(u, recording_find(p->recording, since_ns));
	go_on_from(p, since_ns);
}

/* What a person would call one thing that happened: not each entry that follows from it. */
static bool happens(const struct recording_item *item)
{
	const struct event *e = item->event;
	if (item->kind != RECORDING_EVENTS)
		return item->kind == RECORDING_PLAY;
	switch ((enum event_kind)e->kind) {
	case EVENT_FRAME:
		return !e->node || e->flags & EVENT_SENT;
	case EVENT_DONE:
	case EVENT_LAB:
	case EVENT_NOTE:
		return true;
	case EVENT_SYSCTL:
		return !(e->flags & EVENT_NAMED);
	default:
		return false;
	}
}

/* Pass one thing, and all that follows from it until the next one. */
static void step(struct ui *u)
{
	struct player *p = u->player;
	struct recording_item item;
	bool passed = false;
	u->screen.frames.follow = true;
	while (recording_peek(p->recording, &item)) {
		bool one = happens(&item);
		if (one && passed)
			break;
		passed = passed || one;
		recording_next(p->recording, &item);
		take(u, &item);
		go_on_from(p, item.since_ns);
	}
}

/* To before the thing that happened last. */
static void step_back(struct ui *u)
{
	struct recording *r = u->player->recording;
	struct recording_item item;
	uint64_t here = recording_position(r), last = 0;
	recording_seek(r, 0);
	for (uint64_t i = 0; i < here && recording_next(r, &item); i++)
		if (happens(&item))
			last = i;
	recording_seek(r, here);
	go_to(u, last);
}

void player_start(struct ui *u)
{
	struct player *p = u->player;
	u->screen.lab.on = player_has_lab(p);
	u->screen.lab.present = u->options->present;
	go_on_from(p, 0);
	p->playing = true;
}

/* ---- commands ---- */

static void stand_still(struct player *p)
{
	go_on_from(p, now_ns(p));
	p->playing = false;
}

static void run_play(struct ui *u, const char *args)
{
	struct player *p = u->player;
	struct recording_item item;
	(void)args;
	if (p->playing) {
		stand_still(p);
		return;
	}
	if (!recording_peek(p->recording, &item))
		go_to(u, 0);
	go_on_from(p, p->since_ns);
	p->playing = true;
}

static void run_step(struct ui *u, const char *args)
{
	(void)args;
	stand_still(u->player);
	step(u);
}

static void run_step_back(struct ui *u, const char *args)
{
	(void)args;
	stand_still(u->player);
	step_back(u);
}

static void change_speed(struct ui *u, int by)
{
	struct player *p = u->player;
	int speed = p->speed + by;
	if (speed < -HALVINGS_MAX || speed > DOUBLINGS_MAX)
		return;
	go_on_from(p, now_ns(p));
	p->speed = speed;
}

static void run_faster(struct ui *u, const char *args)
{
	(void)args;
	change_speed(u, 1);
}

static void run_slower(struct ui *u, const char *args)
{
	(void)args;
	change_speed(u, -1);
}

static void run_later(struct ui *u, const char *args)
{
	(void)args;
	go_to_time(u, now_ns(u->player) + 10 * NS_PER_S);
}

static void run_earlier(struct ui *u, const char *args)
{
	uint64_t now = now_ns(u->player);
	(void)args;
	go_to_time(u, now > 10 * NS_PER_S ? now - 10 * NS_PER_S : 0);
}

/* "90s", "2m30s", "50%"; the beginning is 0. */
static bool read_place(const char *word, uint64_t span_ns, uint64_t *ret_ns)
{
	char number[8];
	int64_t percent;
	size_t digits = strspn(word, "0123456789");
	if (strcmp(word, "0") == 0 || strcmp(word, "0s") == 0) {
		*ret_ns = 0;
		return true;
	}
	if (strcmp(word + digits, "%") != 0)
		return app_parse_duration(word, ret_ns) == 0;
	text_copy(number, sizeof number, word);
	number[digits < sizeof number ? digits : sizeof number - 1] = '\0';
	if (text_parse_int(number, 0, 100, &percent) < 0)
		return false;
	*ret_ns = span_ns / 100 * (uint64_t)percent;
	return true;
}

static void run_goto(struct ui *u, const char *args)
{
	uint64_t since_ns;
	if (!read_place(args, recording_span_ns(u->player->recording), &since_ns))
		screen_say(&u->screen, true,
			_("goto needs a time since the beginning, such as 90s or 2m30s, or a "
			  "share, such as 50%%."));
	else
		go_to_time(u, since_ns);
}

static const struct command commands[] = {
	{ "play", "Space p", 0, N_("play"), NULL,
		N_("let time go on in the recording, or stand still"), run_play, 0 },
	{ "step", ".", 0, N_("step"), NULL, N_("on to the next thing that happened"), run_step, 0 },
	{ "step-back", ",", 0, N_("back"), NULL, N_("back to before the last thing that happened"),
		run_step_back, 0 },
	{ "faster", "+ =", 0, N_("faster"), NULL, N_("twice as fast"), run_faster, 0 },
	{ "slower", "-", 0, N_("slower"), NULL, N_("half as fast"), run_slower, 0 },
	{ "later", ")", 0, NULL, NULL, N_("ten seconds on"), run_later, 0 },
	{ "earlier", "(", 0, NULL, NULL, N_("ten seconds back"), run_earlier, 0 },
	{ "goto", "", 0, NULL, "TIME", N_("to a time since the beginning: 90s, 2m30s, 50%"),
		run_goto, 0 },
};

const struct command *player_commands(size_t *ret_count)
{
	*ret_count = sizeof commands / sizeof *commands;
	return commands;
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
	put_time(t, now_ns(p), span_ns);
	text_char(t, '/');
	put_time(t, span_ns, span_ns);
	if (p->speed > 0)
		text_printf(t, " x%u", 1u << p->speed);
	else if (p->speed < 0)
		text_printf(t, " x1/%u", 1u << -p->speed);
}
