/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app: all that the rules may ask of one machine, taken at one moment: its host and its neighbour
 * table. It comes from this machine, from a machine of a lab, or from lines that `arplab snapshot`
 * has written.
 */
#ifndef ARPLAB_SURVEY_H
#define ARPLAB_SURVEY_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/app.h>
#include <arplab/err.h>
#include <arplab/host.h>
#include <arplab/rules.h>

struct survey_entry {
	int32_t ifindex;
	uint32_t ip;
	struct known known;
};

struct survey {
	struct host *host;
	struct survey_entry *entries; /* The neighbour table. */
	size_t count;
};

void survey_done(struct survey *f);

/* survey_open.c — by --host, --node, or else this machine. Returns -1 to go on, or the status. */
int survey_open(const struct app_options *o, struct survey *ret);

/* Of a model all of whose tables are there. now_ns: the wall clock, for the entries' ages. */
void survey_take(struct survey *ret, const struct model *m, uint64_t now_ns);
/* An entry of the neighbour table; none is told as state 0. */
void survey_known(const struct survey *f, int32_t ifindex, uint32_t ip, struct known *ret);

/* The lines of a snapshot, without line feeds; those that begin with '#' say what it is. */
void survey_write(const struct survey *f, void (*line)(void *arg, const char *text), void *arg);
/*
 * Read them, or what a person has written like them. name: for sentences. bytes: changed.
 * Returns 0, or -EBADMSG and a sentence with the line.
 */
int survey_read(struct survey *ret, const char *name, char *bytes, size_t len, struct err *err);

/*
 * Write the lines of a machine of the lab into a file, which must be a regular one (or of memory),
 * since a pipe could hold up who writes. Returns 0 or -errno.
 */
int survey_give(const struct model *m, const char *name, int fd);

#endif
