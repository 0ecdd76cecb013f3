/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: `arplab replay` in its parts: a recording as lines, and where a learner got to in it. */
#ifndef ARPLAB_REPLAY_H
#define ARPLAB_REPLAY_H

#include <arplab/app.h>
#include <arplab/recording.h>

#include "recorded.h"

/* ---- replay.c ---- */

/* What is wrong with its end, and what was passed over, on standard error. Returns the status. */
int replay_trouble(const struct recording *r, const char *path);

/* ---- replay_text.c ---- */

/* The whole recording as lines of text or JSON on standard output. Returns the status. */
int replay_print(const struct app_options *o, const struct app_line *line, struct recording *r);

/* ---- replay_lesson.c: lines about a learner, each when something has come to it ---- */

struct homework {
	struct app_out *out;
	bool json;
	struct line_clock clock;
	uint64_t at_ns;        /* Of the lines that are being written. */
	struct lesson *lesson; /* What was opened last, or NULL. */
	struct recorded_play now, before;
};

/* A block RECORDING_LESSON or RECORDING_PLAY. Returns 0, or -EBADMSG and a sentence. */
int homework_take(struct homework *h, const struct recording_item *item, struct err *err);
/* What was reached in the lesson that is open, if one is. */
void homework_summary(struct homework *h);
void homework_done(struct homework *h);

#endif
