/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: lessons as a person has them: built in or from a file, with what they have done so far. */
#ifndef ARPLAB_COURSE_H
#define ARPLAB_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/app.h>
#include <arplab/lesson.h>
#include <arplab/play.h>
#include <arplab/progress.h>
#include <arplab/screen.h>

struct course {
	struct progress progress;
	bool keeps;    /* Progress can be saved; else it was said why not. */
	uint32_t seed; /* 0: addresses and MACs as the lessons have them. */
	bool deal;     /* Without a seed, each ticket gets a new one when it is opened. */
	size_t cause;  /* Which of a ticket's causes, from 1 on; 0: the seed chooses. */
	/* The menu: built-in lessons without their steps' items, in their order. */
	struct lesson **lessons;
	struct menu_row *rows;
	size_t count;
};

/* Read --seed. Returns 0, or -EINVAL and a sentence about a wrong one. */
int course_open(struct course *c, const struct app_options *o, struct err *err);
/*
 * Read what was done so far; to be called when privileges have been dropped, since a damaged file
 * is renamed. said: a sentence for the person, or "".
 */
void course_recall(struct course *c, char *said, size_t said_size);
void course_done(struct course *c);
/* Have every built-in lesson in the menu, read when that is first wanted, with the progress as it
 * is. */
void course_list(struct course *c);
/*
 * A lesson by its number, its id or its file. Returns NULL and a sentence; where a file has faults
 * they are printed to standard error one a line first, unless quiet.
 */
struct lesson *course_read(const struct course *c, const char *word, bool quiet, struct err *err);
/* Tell a recording, if there is one, that a lesson is opened, by the word that it was read by. */
struct recorder;
void course_record(struct recorder *r, const char *word, const struct lesson *l);
/* The play's records into the progress, and to disk. Returns 0 or -errno and a sentence. */
int course_save(struct course *c, const struct play *p, struct err *err);

/*
 * A file's bytes, at most LESSON_BYTES_MAX, from malloc. Returns NULL and a sentence.
 */
char *course_file(const char *path, size_t *ret_len, struct err *err);
#define COURSE_PATH_SIZE 256
/*
 * The original of a translation: lessons/zh_CN/NAME.md is NAME.md in the folder above. Returns
 * false if this is no translation.
 */
bool course_original(const char *path, char ret[COURSE_PATH_SIZE]);
/* Print FILE:LINE: TEXT for each finding on standard error. */
void course_print_faults(const char *file, const struct faults *f);

#endif
