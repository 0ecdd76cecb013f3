/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: whether a step can be played on this kernel. */
#include <config.h>

#include "play_parts.h"

#include <string.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

/* What a lesson may need beyond what every lab has. */
static const struct {
	const char *name;
	enum lab_stage stage;
} needs[] = {
	{ "capture", STAGE_CAPTURE },
	{ "filter", STAGE_SIEVE },
	{ "ip_vs", STAGE_IPVS },
	{ "keepalived", STAGE_VRRP },
	{ "ping", STAGE_PING },
	{ "rewrite", STAGE_REWRITE },
	{ "rules", STAGE_RULES },
	{ "sysctls", STAGE_SYSCTLS },
	{ "timers", STAGE_TIMERS },
	{ "tunnel", STAGE_TUNNEL },
};

/* Why a need is not met, or NULL. */
static const char *lacking(const struct world *w, const char *need)
{
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		const struct stage *stage = &w->stages[needs[i].stage];
		if (strcmp(needs[i].name, need) == 0)
			return stage->stage && stage->error ? stage->text : NULL;
	}
	return _("the lab does not have that");
}

/*
 * The next of the words, or NULL; what is left of them is in *rest, which begins as all of them.
 * ret: has room for all of them.
 */
static const char *next_need(const char **rest, char *ret)
{
	const char *begin = *rest + strspn(*rest, " ");
	size_t len = strcspn(begin, " ");
	memcpy(ret, begin, len);
	ret[len] = '\0';
	*rest = begin + len;
	return len ? ret : NULL;
}

int32_t play_stages(const struct play *p)
{
	int32_t stages = 0;
	for (size_t s = 0; s < p->lesson->step_count; s++) {
		char word[sizeof p->lesson->steps[s].needs];
		const char *rest = p->lesson->steps[s].needs;
		while (next_need(&rest, word))
			for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
				if (strcmp(needs[i].name, word) == 0)
					stages |= 1 << needs[i].stage;
	}
	return stages;
}

bool play_lacks(const struct step *s, const struct world *w, struct text *why)
{
	char word[sizeof s->needs];
	const char *rest = s->needs;
	while (next_need(&rest, word)) {
		const char *reason = lacking(w, word);
		if (!reason)
			continue;
		if (why)
			text_printf(why, _("this step needs %s: %s"), word, reason);
		return true;
	}
	return false;
}

bool play_can(struct play *p, const struct world *w)
{
	struct text t = text_in(p->reason, sizeof p->reason);
	if (!play_lacks(play_step(p), w, &t))
		return true;
	text_end(&t);
	p->phase = PLAY_SKIPPED;
	return false;
}
