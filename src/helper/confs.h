/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what confs.c (reports values), confread.c (reads) and confwatch.c (notices writes) share.
 */
#ifndef ARPLAB_CONFS_H
#define ARPLAB_CONFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/parts.h>
#include <arplab/sysctl.h>

#define CONF_KEYS_MAX 48
#define CONF_CLOSED (-1) /* Not kept open. */
#define CONF_NONE (-2)   /* There is no such file. */

enum conf_state { CELL_UNREAD, CELL_ABSENT, CELL_PRESENT };

struct conf_cell {
	int32_t value; /* 0 unless present. */
	int32_t state; /* enum conf_state */
};

/* One interface, or `all` or `default`. */
struct conf_row {
	int32_t ifindex; /* Or CONF_ALL, CONF_DEFAULT. */
	char name[IFNAME_SIZE];
	int conf_watch, neigh_watch;           /* Watches of its folders, or -1. */
	struct conf_cell found[CONF_KEYS_MAX]; /* When it was read last. */
	struct conf_cell said[CONF_KEYS_MAX];  /* As reported. */
};

enum confs_stage {
	CONFS_RESTART, /* The begin mark is due. */
	CONFS_NAMING,  /* Between the marks. */
	CONFS_NEWS,
};

struct nl_sock;

struct confs {
	struct loop *loop;
	enum confs_stage stage;
	bool waiting;
	unsigned turn; /* Ticks since the last look. */
	int notice;    /* The inotify descriptor, or -1. */
	bool shared;   /* It is many confs', and files are not kept open. */
	bool seeded;   /* all and default were taken from another, and are not read once more. */
	uint64_t at_ns;
	size_t keys;           /* Keys of the table. */
	struct conf_row *rows; /* By ifindex, so that default and all stand first. */
	size_t count, room;
	/* Descriptors of all and default, or CONF_CLOSED, CONF_NONE. */
	int all[CONF_KEYS_MAX], other[CONF_KEYS_MAX];
	uint32_t seq;
	struct nl_sock *sock; /* NULL when netlink is refused: then /proc is read. */
	uint8_t *bytes;
};

struct conf_row *conf_row(struct confs *c, int32_t ifindex);

void conf_open(struct confs *c);
void conf_close(struct confs *c);
/* Read every value of every row into `found`; all and default, if files. */
void conf_read_all(struct confs *c, bool files);
/* Read one value by its file. */
void conf_read_one(struct confs *c, struct conf_row *row, size_t key);

/* Notice writes below /proc/sys/net/ipv4; without, or for rows that cannot be, nothing is said. */
void conf_watch_open(struct confs *c);
void conf_watch(struct confs *c, struct conf_row *row);
void conf_unwatch(struct confs *c, struct conf_row *row);
void conf_unwatch_all(struct confs *c);

#endif
