/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lesson: the lessons that are built in, and the topologies that lessons may name.
 *
 * They are the files of the folder lessons/, which the build turns into a table: a program without
 * any other file can teach.
 */
#ifndef ARPLAB_LIBRARY_H
#define ARPLAB_LIBRARY_H

#include <stddef.h>

#include <arplab/err.h>
#include <arplab/lesson.h>

struct library_lesson {
	const char *file;     /* "zh_CN/06-arp-ignore-0.md", below lessons/; for findings. */
	const char *id;       /* "06-arp-ignore-0", the same in each language. */
	const char *language; /* "" for the original, else "zh_CN". */
	const char *bytes;
	size_t len;
};

/* Originals first, in the order of their ids; behind them translations, language by language. */
size_t library_count(void);
/* One of them, or NULL behind the last. */
const struct library_lesson *library_lesson(size_t i);
/*
 * Find a lesson by its id, by a beginning of it that no other has, or by its number:
 * "06-arp-ignore-0", "06-arp", "6". language: that of i18n_language(), "" for the original; where
 * there is no translation, the original is given.
 * Returns NULL and a sentence when there is none or more than one.
 */
const struct library_lesson *library_find(const char *name, const char *language, struct err *err);
/* The text of a topology by its name, or NULL. */
const char *library_topology(const char *name, size_t *ret_len);
/* For lesson_read(): the topologies that are built in. */
struct lesson_source library_source(void);

#endif
