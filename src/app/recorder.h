/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: --record: what the front takes in goes to a file, too.
 *
 * Events gather in a block that is written whenever the loop has nothing more to take in, and when
 * it is full: a front that is killed leaves a file that can be read to its last moment, and a storm
 * costs a write a thousand frames. Every function takes NULL for a recorder: nothing is recorded.
 */
#ifndef ARPLAB_RECORDER_H
#define ARPLAB_RECORDER_H

#include <arplab/app.h>
#include <arplab/play.h>

struct recorder;

/*
 * Begin a new file. NULL and 0 where none is asked for. Returns 0, or -errno and a sentence: it is
 * there already, or cannot be made.
 */
int recorder_open(struct recorder **ret, const char *path, enum event_scope scope, struct err *err);
/* An event, as it is applied. */
void recorder_event(struct recorder *r, const struct event *e);
/* A lesson is opened; source: its file's bytes, which stay the caller's. */
void recorder_lesson(
	struct recorder *r, const struct lesson *l, uint32_t seed, const char *source, size_t len);
/* Where the learner is, if that differs from what was said last. p: NULL in the menu. */
void recorder_play(struct recorder *r, const struct play *p, bool free_play);
/* Write what has gathered. Returns 0, or -errno and a sentence, once: the file ends there. */
int recorder_flush(struct recorder *r, struct err *err);
/* The same, end the recording and close the file. */
int recorder_close(struct recorder *r, struct err *err);

#endif
