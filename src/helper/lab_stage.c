/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the stages of making a lab, each told when it is reached and when it changes. */
#include <config.h>

#include "lab_parts.h"

#include <arplab/clock.h>

static void tell(struct lab *l, enum lab_stage stage, int error, bool needed, const char *words)
{
	if (l->said[stage] && l->said_error[stage] == error)
		return;
	struct event e = { .stage = { .stage = stage, .error = error, .needed = needed } };
	text_copy(e.stage.text, sizeof e.stage.text, words);
	event_begin(&e, EVENT_STAGE, clock_wall_ns());
	/* It is no single node's, whichever is entered. */
	uint16_t node = l->loop->outbox.node;
	lab_speak(l, 0);
	int r = outbox_add_sure(&l->loop->outbox, &e);
	lab_speak(l, node);
	if (r < 0)
		return;
	l->said[stage] = true;
	l->said_error[stage] = error;
}

void stage_works(struct lab *l, enum lab_stage stage, const char *how)
{
	char words[EVENT_TEXT_SIZE];
	struct text t = text_in(words, sizeof words);
	text_put(&t, preflight_works(stage));
	if (how) {
		text_put(&t, ": ");
		text_put(&t, how);
	}
	tell(l, stage, 0, stage < STAGE_TIMERS || stage == STAGE_CAPTURE, text_end(&t));
}

int stage_fails(struct lab *l, enum lab_stage stage, int error, bool needed, struct err *err)
{
	char words[EVENT_TEXT_SIZE];
	struct text t = text_in(words, sizeof words);
	preflight_probe_module(&l->found, stage);
	preflight_explain(&t, stage, error, &l->found);
	tell(l, stage, error, needed, text_end(&t));
	return err_set(err, error, "%s", text_end(&t));
}
