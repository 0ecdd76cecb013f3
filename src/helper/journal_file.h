/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the journal's file on disk, and the lock that says who holds changes.
 *
 * One file a network namespace, appended to only by the process that has its lock:
 *
 *	journal_file_init(&f, options->state_dir);
 *	journal_file_open(&f, true, &journal, &err, &note);    the lock is taken, the rows are read
 *	journal_file_append(&f, bytes, len, true, &err);       on disk when this returns 0
 *	… the sysctl is written …
 *	journal_file_close(&f, journal.count == 0);            unlinked, if nothing is left in it
 *
 * A process that dies loses the lock and leaves the rows: so the next one knows them for orphans.
 */
#ifndef ARPLAB_JOURNAL_FILE_H
#define ARPLAB_JOURNAL_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <arplab/err.h>
#include <arplab/journal.h>

#define JOURNAL_PATH_MAX 1024

struct journal_file {
	int dir;       /* Descriptor of the directory, or -1. */
	int fd;        /* Of the file while its lock is held, else -1. */
	bool writable; /* False where the file could be opened for reading only. */
	size_t size;   /* Bytes of whole lines. */
	bool swept;    /* Journals of other boots were looked for. */
	bool torn;     /* More bytes may follow those: cut them off before the next append. */
	char boot[BOOT_ID_SIZE];
	char name[40];
	char path[JOURNAL_PATH_MAX]; /* Of the directory; "" if no place for it is known. */
};

/*
 * Find out where the file belongs; nothing is opened or made.
 * state_dir: the directory, or NULL for /var/lib/arplab (root) or the user's state directory.
 */
void journal_file_init(struct journal_file *f, const char *state_dir);
void journal_file_done(struct journal_file *f);

/*
 * Take the lock and read the rows.
 * create: make directory and file if they are not there.
 * ret: the rows; of another boot's none. Written on 0 and -EBUSY.
 * note: a sentence when something was found that a person should know, else "".
 * Returns 0; -ENOENT: no file, and none was wanted; -EBUSY: another arplab holds changes, and
 * nothing stays open; or another -errno. A sentence comes with all but -ENOENT.
 */
int journal_file_open(struct journal_file *f, bool create, struct journal *ret, struct err *err,
	struct err *note);

/*
 * Append whole lines; the head goes before the first. sync: return only when they are on disk.
 * Returns 0, or -errno and a sentence: then the file is as it was before.
 */
int journal_file_append(
	struct journal_file *f, const char *bytes, size_t len, bool sync, struct err *err);

/* Give the lock back. empty: no rows are left, so the file goes. */
void journal_file_close(struct journal_file *f, bool empty);

#endif
