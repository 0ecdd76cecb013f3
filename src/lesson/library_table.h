/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lesson: the table that lessons/table.awk makes from the files of lessons/. */
#ifndef ARPLAB_LIBRARY_TABLE_H
#define ARPLAB_LIBRARY_TABLE_H

#include <stddef.h>

#include <arplab/library.h>

struct library_topology {
	const char *name;
	const char *bytes;
	size_t len;
};

/* Each ends with a row of NULLs. */
extern const struct library_lesson library_lessons[];
extern const struct library_topology library_topologies[];

#endif
