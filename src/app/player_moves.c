/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what hands do with a recording: stop it, hurry it, step and jump in it. */
#include <config.h>

#include "player_parts.h"

#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#define DOUBLINGS_MAX 12
#define HALVINGS_MAX 4

/* ---- steps ---- */

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
		player_take(u, &item);
		player_go_on_from(p, item.since_ns);
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
	player_go_to(u, last);
}

/* On to where another step begins. */
static void next_step(struct ui *u)
{
	struct player *p = u->player;
	struct recording_item item;
	uint64_t before = p->step_began, here = recording_position(p->recording);
	uint64_t now = player_now_ns(p);
	while ((p->step_began == before || p->step_began == PLAYER_NOWHERE) &&
		recording_next(p->recording, &item)) {
		player_take(u, &item);
		player_go_on_from(p, item.since_ns);
	}
	u->screen.message[0] = '\0';
	if (p->step_began != before && p->step_began != PLAYER_NOWHERE)
		return;
	player_go_to(u, here);
	player_go_on_from(p, now);
	screen_say(&u->screen, false, _("No further step of a lesson begins in this recording."));
}

/* Back to where the step begins; from there, to the one before. */
static void step_before(struct ui *u)
{
	struct player *p = u->player;
	if (p->step_began != PLAYER_NOWHERE &&
		recording_position(p->recording) == p->step_began + 1)
		player_go_to(u, p->step_began);
	player_go_to(u, p->step_began == PLAYER_NOWHERE ? 0 : p->step_began + 1);
}

/* ---- commands ---- */

static void stand_still(struct player *p)
{
	player_go_on_from(p, player_now_ns(p));
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
		player_go_to(u, 0);
	player_go_on_from(p, p->since_ns);
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
	player_go_on_from(p, player_now_ns(p));
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

static void run_next_step(struct ui *u, const char *args)
{
	(void)args;
	next_step(u);
}

static void run_step_before(struct ui *u, const char *args)
{
	(void)args;
	step_before(u);
}

static void run_later(struct ui *u, const char *args)
{
	(void)args;
	player_go_to_time(u, player_now_ns(u->player) + 10 * NS_PER_S);
}

static void run_earlier(struct ui *u, const char *args)
{
	uint64_t now = player_now_ns(u->player);
	(void)args;
	player_go_to_time(u, now > 10 * NS_PER_S ? now - 10 * NS_PER_S : 0);
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
	/* The whole is the whole, and not what rounding leaves of it. */
	*ret_ns = percent == 100 ? span_ns : span_ns / 100 * (uint64_t)percent;
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
		player_go_to_time(u, since_ns);
}

static const struct command commands[] = {
	{ "play", "Space p", 0, NC_("key", "play"), NULL,
		N_("let time go on in the recording, or stand still"), run_play, 0 },
	{ "step", ".", 0, NC_("key", "step"), NULL, N_("on to the next thing that happened"),
		run_step, 0 },
	{ "step-back", ",", 0, NC_("key", "back"), NULL,
		N_("back to before the last thing that happened"), run_step_back, 0 },
	{ "faster", "+ =", 0, NC_("key", "faster"), NULL, N_("twice as fast"), run_faster, 0 },
	{ "slower", "-", 0, NC_("key", "slower"), NULL, N_("half as fast"), run_slower, 0 },
	{ "next-step", "}", 0, NC_("key", "next step"), NULL,
		N_("on to the next step of the lesson"), run_next_step, 0 },
	{ "step-before", "{", 0, NULL, NULL,
		N_("back to the beginning of the step, then to the step before"), run_step_before,
		0 },
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
