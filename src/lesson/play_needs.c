/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: whether a step can be played on this kernel. */
#include <config.h>

#include "play_parts.h"

#include <string.h>

#include <arplab/text.h>

/* What a lesson may need beyond what every lab has. */
static const struct {
	const char *name;
	enum lab_stage stage;
} needs[] = {
	{ "capture", STAGE_CAPTURE },
	{ "ping", STAGE_PING },
	{ "sysctls", STAGE_SYSCTLS },
	{ "timers", STAGE_TIMERS },
};

/* Why a need is not met, or NULL. */
static const char *lacking(const struct world *w, const char *need)
{
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		const struct stage *stage = &w->stages[needs[i].stage];
		if (strcmp(needs[i].name, need) == 0)
			return stage->stage && stage->error ? stage->text : NULL;
	}
	return "the lab does not have that";
}

bool play_can(struct play *p, const struct world *w)
{
	char words[sizeof play_step(p)->needs], *rest = NULL;
	text_copy(words, sizeof words, play_step(p)->needs);
	for (char *one = strtok_r(words, " ", &rest); one; one = strtok_r(NULL, " ", &rest)) {
		const char *why = lacking(w, one);
		if (!why)
			continue;
		struct text t = text_in(p->reason, sizeof p->reason);
		text_printf(&t, "this step needs %s: %s", one, why);
		text_end(&t);
		p->phase = PLAY_SKIPPED;
		return false;
	}
	return true;
}
