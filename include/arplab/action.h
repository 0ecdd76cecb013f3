/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * model: what should be done, as plain data. Actions go from the front to the helper, which looks
 * every name up itself: an action holds indices of tables and interfaces, never a path.
 */
#ifndef ARPLAB_ACTION_H
#define ARPLAB_ACTION_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

#define ACTION_TEXT_SIZE 256

enum action_kind {
	ACTION_SET = 1,      /* Write a sysctl; keep says whether it outlives this program. */
	ACTION_UNDO,         /* Put the newest held change back. */
	ACTION_UNDO_ALL,     /* Put all held changes back. */
	ACTION_KEEP,         /* Let all held changes stay after exit. */
	ACTION_RESTORE,      /* Put back what an earlier arplab left: kept and orphaned changes. */
	ACTION_FORGET,       /* Strike orphaned changes from the journal, leave the values. */
	ACTION_FILTER,       /* Capture only what `text` (libpcap's syntax) lets through. */
	ACTION_CHECK_FILTER, /* Say whether `text` is a valid capture filter. */
	ACTION_LOOK_NEIGH,   /* Report one neighbour entry afresh, with its timers. */
	ACTION_FETCH,        /* Send `count` frames of the file from frame number `first` on. */
	ACTION_KINDS
};

struct action {
	uint32_t id; /* Chosen by the front; the answer's `done.id`. */
	uint16_t kind;
	uint16_t node;
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT. */
	uint16_t key;    /* Index into the table of sysctl.h. */
	uint8_t keep;    /* SET: 1 to stay after exit. RESTORE: 1 to overwrite others' values. */
	uint8_t any;     /* SET: 1 to write whatever the old value is; 0 to demand `before`. */
	int32_t value;
	int32_t before; /* SET: the old value that the person saw. */
	uint32_t ip;    /* LOOK_NEIGH */
	uint32_t count; /* FETCH */
	uint64_t first; /* FETCH */
	char text[ACTION_TEXT_SIZE];
};

/* Returns 0 if the bytes are one whole and sane action (aligned to 8), else -EBADMSG. */
int action_check(const void *bytes, size_t len);

/* Actions as lines of text, like events: `set id=1 ifindex=2 key=arp_ignore value=1 …`. */
struct text;
struct err;
void action_write(struct text *t, const struct action *a);
int action_read(const char *line, struct action *ret, struct err *err);

#endif
