/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what making a change and undoing one have in common.
 *
 * A change goes: row into the journal, journal on disk, value into the kernel, value read back. An
 * undo goes: old value into the kernel, read back, `undone` into the journal. Whoever is killed
 * between two of these steps leaves a row whose sysctl has either its old value (nothing is to be
 * done, the row is struck) or its new one (it is put back). There is no third case but that
 * somebody else wrote it, which is told and left alone.
 */
#ifndef ARPLAB_CHANGES_PARTS_H
#define ARPLAB_CHANGES_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/journal.h>
#include <arplab/parts.h>

#include "journal_file.h"
#include "places.h"

#define PLACE_NAME_SIZE 64 /* "eth0.arp_ignore" */
#define COUNTED_SIZE 40

struct changes {
	struct loop *loop;
	int32_t (*ifindex)(void *arg, const char *name);
	void *arg;
	struct places places;
	struct journal_file file;
	struct journal journal; /* As it is on disk while the lock is held, else as last seen. */
	bool lost;              /* A row did not fit into the outbox: all are told again. */
	uint32_t next;          /* No number is used twice, even if the file went in between. */
};

/*
 * Take the journal's lock, and read the rows again: those that say they are held are orphans now.
 * Returns 0, -ENOENT (only without create), or -errno and a sentence.
 */
int changes_lock(struct changes *c, bool create, struct err *err);
/* Give the lock back, unless rows are held. */
void changes_unlock(struct changes *c);
bool changes_held(const struct changes *c);

/* Give the rows that are in one state another, here and on disk. */
void rows_mark(struct changes *c, enum change_state from, enum change_state to);
/* Append a row's new state and tell the front; undone rows leave the journal. */
void row_mark(struct changes *c, size_t at, enum change_state to);
/* Tell the front of one row, or of all between marks. */
void row_send(struct changes *c, const struct change *row);
void rows_send(struct changes *c);
/* Tell the front of a value that was just read. */
void value_send(struct changes *c, int32_t ifindex, uint16_t key, int32_t value);
/* Write "eth0.arp_ignore", the interface under its present name if it has one. */
void row_label(const struct changes *c, const struct change *row, char ret[PLACE_NAME_SIZE]);
/* Whether the value is the one that was written, but for the kernel's rounding of timers. */
bool value_is(uint16_t key, int32_t value, int32_t written);

/* Write "1 change" or "3 changes"; returns ret. */
const char *changes_counted(size_t count, char ret[COUNTED_SIZE]);

/* changes_undo.c: the actions that put values back. */
void changes_undo(struct changes *c, const struct action *a);
void changes_undo_all(struct changes *c, const struct action *a);
void changes_restore(struct changes *c, const struct action *a);
void changes_forget(struct changes *c, const struct action *a);

#endif
