/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: the texts that a recording holds beside events: a lesson, and where the learner is in it. */
#ifndef ARPLAB_RECORDED_H
#define ARPLAB_RECORDED_H

#include <arplab/app.h>
#include <arplab/play.h>

#define RECORDED_LESSON_MAX (LESSON_BYTES_MAX + 256)
#define RECORDED_PLAY_MAX (PLAY_TEXT_MAX + 16)

/*
 * A lesson is `lesson name=ID seed=NUMBER` in a line, and behind it its file as it is. What is
 * written needs RECORDED_LESSON_MAX bytes. Returns how many it has.
 */
size_t recorded_put_lesson(
	char *bytes, const struct lesson *l, uint32_t seed, const char *source, size_t len);
/*
 * language: that of i18n_language(). A lesson that is built in just as it was recorded is told in
 * it; "" is as it was recorded. Returns NULL and a sentence if it is none; to be freed.
 */
struct lesson *recorded_lesson(const char *text, size_t len, const char *language, struct err *err);

/* Where the learner is. */
struct recorded_play {
	bool open;      /* A lesson is played; else the menu is shown. */
	bool free_play; /* It rests. */
	struct play play;
};

/*
 * A place is `menu` in a line, or `rests` in one where a lesson rests, and behind it the play's
 * lines. What is written needs RECORDED_PLAY_MAX bytes. p: NULL in the menu.
 */
size_t recorded_put_play(char *bytes, const struct play *p, bool free_play);
/* lesson: what was opened last, or NULL. Returns 0, or -EBADMSG and a sentence. */
int recorded_play(struct recorded_play *ret, const struct lesson *lesson, const char *text,
	size_t len, struct err *err);

#endif
