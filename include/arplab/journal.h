/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: the undo journal as text. Pure: bytes in, rows out; the helper reads and writes the file.
 *
 * The file is append-only. Its lines:
 *
 *	arplab-journal 1
 *	boot BOOT-ID
 *	change NUMBER FAMILY NAME IFINDEX KEY BEFORE AFTER PID TIME-NS held|kept
 *	undone NUMBER
 *	kept NUMBER
 *	orphan NUMBER
 *	foreign NUMBER
 *
 * FAMILY is conf or neigh; NAME the interface's name (bytes outside !..~ and '%' as %XX), all or
 * default. A last line without its line feed is one that a power cut interrupted: it is ignored,
 * since the change it announced was never made. Any other line that cannot be read is an error.
 */
#ifndef ARPLAB_JOURNAL_H
#define ARPLAB_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/event.h>
#include <arplab/text.h>

#define JOURNAL_ROWS_MAX 512
#define JOURNAL_LINE_MAX 256
#define BOOT_ID_SIZE 40

struct journal {
	char boot[BOOT_ID_SIZE]; /* "" if the file is empty. */
	size_t count;
	struct change rows[JOURNAL_ROWS_MAX]; /* Without those that were undone. */
	uint32_t next; /* The number that the next change gets. */
};

/* Returns 0, or -EBADMSG with a sentence that names the line, or -E2BIG. */
int journal_parse(const char *bytes, size_t len, struct journal *ret, struct err *err);
/* Lines to append, each with its line feed. */
void journal_write_head(struct text *t, const char *boot);
void journal_write_change(struct text *t, const struct change *c);
void journal_write_state(struct text *t, uint32_t number, enum change_state state);

#endif
