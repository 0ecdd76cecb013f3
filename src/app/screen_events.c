/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: what the screen takes in from the helper, and what it asks for in turn. */
#include <config.h>

#include <errno.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "lab_ui.h"
#include "loop_state.h"
#include "player.h"
#include "recorder.h"

#define BATCHES_A_ROUND 64 /* Then keys get their turn. */
#define STORM_FRAMES 4000  /* Waiting at once; about 50,000 a second. */

static void save_frame(struct ui *u, const struct event *e)
{
	struct err err = { "" };
	if (pcap_out_frame(u->saving, e, &err) == 0)
		return;
	screen_say(&u->screen, true, "%s", err.text);
	pcap_out_close(u->saving, NULL);
	u->saving = NULL;
}

void loop_ask_for_frames(struct ui *u)
{
	struct action a = { .kind = ACTION_FETCH };
	if (!u->fetch_id && screen_wants(&u->screen, u->model, &a.first, &a.count)) {
		ui_send(u, a);
		u->fetch_id = u->last_id;
	}
}

static void take_done(struct ui *u, const struct done *done)
{
	if (done->id == u->check_id) {
		ui_prompt_checked(u, done);
		return;
	}
	/* The next frames are asked for at once, not when the screen is drawn next. */
	if (done->id == u->fetch_id) {
		u->fetch_id = 0;
		screen_update(&u->screen, u->model);
		loop_ask_for_frames(u);
	}
	if (done->id == u->filter_id && !done->error)
		text_copy(u->screen.capture_filter, sizeof u->screen.capture_filter, u->filter);
	/* What the lesson does itself stands in the lesson, and a lab that is up is seen. */
	bool built = u->lab && done->id == u->lab->build_id && !done->error;
	if (u->lab && lab_order_done(u, done))
		return;
	if (done->text[0] && done->id < PLAY_FIRST_ID && !built)
		screen_say(&u->screen, done->error != 0, "%s", done->text);
}

void loop_apply(struct ui *u, const struct event *e)
{
	recorder_event(u->recorder, e);
	past_take(u->past, &u->world, e);
	world_apply(&u->world, e);
	if (u->conflicts)
		conflicts_frame(u->conflicts, u->model, e);
	if (e->kind == EVENT_FRAME && u->saving)
		save_frame(u, e);
	else if (e->kind == EVENT_DONE)
		take_done(u, &e->done);
	else if (e->kind == EVENT_NOTE)
		screen_say(&u->screen, e->note.grave != 0, "%s", e->note.text);
	if (u->lab)
		lab_ui_feed(u, e);
}

void loop_pop_merged(struct loop_state *l, uint64_t until_ns)
{
	const struct event *e;
	while ((e = merge_pop(&l->ui.merge, until_ns))) {
		loop_apply(&l->ui, e);
		l->dirty = true;
	}
}

/*
 * Frames of several captures are put in order; one capture is in order by itself. In a storm they
 * are shown as they come: nobody reads them one by one, and every copy counts.
 */
static bool must_merge(struct loop_state *l)
{
	struct ui *u = &l->ui;
	size_t open = 0;
	/* The helper of a lab puts all machines' frames in order itself. */
	if (u->scope == SCOPE_LAB)
		return false;
	if (u->merge.waiting > STORM_FRAMES) {
		loop_pop_merged(l, UINT64_MAX);
		l->storm_until_ns = clock_steady_ns() + NS_PER_S;
	}
	if (l->storm_until_ns && clock_steady_ns() < l->storm_until_ns)
		return false;
	for (size_t i = 0; i < u->model->link_count; i++)
		open += u->model->links[i].capture.state == CAPTURE_ON;
	return open > 1 || u->merge.waiting > 0;
}

static void take_batch(struct loop_state *l, size_t len)
{
	struct ui *u = &l->ui;
	bool merging = must_merge(l);
	size_t pos = 0;
	const struct event *e;
	while ((e = app_next_event(l->batch, len, &pos))) {
		if (merging && e->kind == EVENT_FRAME)
			merge_push(&u->merge, e);
		else
			loop_apply(u, e);
		/* The answer to a hand is drawn as soon as it is there. */
		l->urgent |= e->kind == EVENT_DONE;
	}
	l->dirty = true;
}

/* A screen without a lab is of no use to anybody: the reason is printed in its place. */
static bool lab_never_was(const struct ui *u)
{
	return u->scope == SCOPE_LAB && u->world.lab.state == 0;
}

static void helper_ended(struct ui *u)
{
	const char *sentence = _("The helper has ended; what is shown stands still.");
	u->screen.ended = true;
	if (lab_never_was(u)) {
		u->quit = true;
		return;
	}
	if (u->lab)
		sentence = _("The lab's helper has ended; what is shown stands still. q quits.");
	else if (model_changes(u->model, CHANGE_HELD) > 0)
		sentence = _("The helper has ended. If it was killed, `arplab restore` puts its "
			     "changes back.");
	screen_say(&u->screen, true, "%s", sentence);
}

int loop_no_lab(const struct ui *u)
{
	const struct model *lan = u->model;
	if (!u->screen.ended || !lab_never_was(u))
		return EXIT_FINE;
	return app_fail(EXIT_REFUSED, _("no lab can run here: %s"),
		lan->note_count ? lan->notes[lan->note_count - 1].text
				: _("the helper process has ended unexpectedly"));
}

void loop_take_events(struct loop_state *l)
{
	for (int i = 0; i < BATCHES_A_ROUND; i++) {
		ssize_t len = app_receive(l->ui.line, l->batch, EVENT_BATCH_MAX);
		if (len == -EPIPE && !l->ui.screen.ended) {
			helper_ended(&l->ui);
			l->dirty = true;
		}
		if (len <= 0)
			return;
		take_batch(l, (size_t)len);
	}
}

/* ---- questions to the helper that follow from what is shown ---- */

void loop_ask_for_more(struct loop_state *l)
{
	struct ui *u = &l->ui;
	if (u->player)
		return;
	loop_ask_for_frames(u);
	if (u->lab) {
		lab_look(u);
		return;
	}
	/* The kernel does not tell of timers; the chosen entry's are asked for once. */
	if (u->screen.subject == PANE_CACHE && u->screen.cache.ip != u->look_ip) {
		u->look_ip = u->screen.cache.ip;
		if (u->screen.cache.ifindex > 0)
			ui_send(u, (struct action) { .kind = ACTION_LOOK_NEIGH,
					   .ifindex = u->screen.cache.ifindex,
					   .ip = u->look_ip });
	}
	if (!u->offered && u->model->tables_seen & 1u << TABLE_CHANGES) {
		u->offered = true;
		if (model_changes(u->model, CHANGE_ORPHAN) && u->model->hello.powers & POWER_CHANGE)
			ui_offer_restore(u);
	}
}
