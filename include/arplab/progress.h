/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: what a learner has done so far, kept as text lines in the XDG state folder.
 *
 * The first line names the format; each other line is one step of one lesson:
 *	step lesson=06-arp-ignore-0 step=three-machines outcome=solved predictions=1 right=1 at=1763841600
 * A line for a lesson or step that no longer exists is kept as it is.
 */
#ifndef ARPLAB_PROGRESS_H
#define ARPLAB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/lesson.h>
#include <arplab/play.h>

struct progress_row {
	char lesson[LESSON_ID_SIZE];
	char step[LESSON_ID_SIZE];
	struct step_record record;
	int64_t at_s; /* Wall clock, seconds since 1970. */
};

struct progress {
	struct progress_row *rows;
	size_t count, room;
};

/* Bytes of the longest file that is read. */
#define PROGRESS_BYTES_MAX (1u << 18)

/*
 * Text to rows. Returns 0, or -EBADMSG and a sentence (which line, what was read); then there are
 * none. p: zeroed, and freed by progress_done().
 */
int progress_parse(struct progress *p, const char *bytes, size_t len, struct err *err);
/* Rows to text, from malloc. */
char *progress_text(const struct progress *p, size_t *ret_len);
void progress_done(struct progress *p);
/* The word of an outcome: "new", "playing", "solved", "shown", "skipped". */
const char *progress_outcome(enum step_outcome outcome);
const struct step_record *progress_find(
	const struct progress *p, const char *lesson, const char *step);
void progress_put(struct progress *p, const char *lesson, const char *step,
	const struct step_record *r, int64_t at_s);
/* Take over what another has and this one has not, or has older. */
void progress_merge(struct progress *p, const struct progress *other);
/* Put a play's records into rows, where they differ, and back. */
void progress_from_play(struct progress *p, const struct play *play, int64_t at_s);
void progress_to_play(const struct progress *p, struct play *play);
/* Steps of a lesson that are done (solved, shown or skipped). */
size_t progress_steps_done(const struct progress *p, const struct lesson *l);

/*
 * The file: $XDG_STATE_HOME/arplab/progress, or ~/.local/state/arplab/progress.
 *
 * A damaged or unknown one is renamed to progress.damaged (.damaged.2 … where that is taken) and
 * said in *said, else ""; progress then begins anew. Saving keeps what another arplab has written
 * meanwhile, and replaces the file in one step. Returns 0, or -errno and a sentence.
 */
int progress_load(struct progress *p, char *said, size_t said_size, struct err *err);
int progress_save(const struct progress *p, struct err *err);

#endif
