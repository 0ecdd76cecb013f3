/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: values that shall be set at every boot, as a file for sysctl.d. */
#ifndef ARPLAB_PERSIST_H
#define ARPLAB_PERSIST_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>

#define PERSIST_KEY_SIZE 96

struct persist_line {
	char key[PERSIST_KEY_SIZE]; /* net.ipv4.conf.eth0.arp_ignore */
	int32_t value;
};

/* Fill a line. Slashes stand between the parts when a dot stands in the name (sysctl.d(5)). */
void persist_line(struct persist_line *ret, size_t key, const char *name, int32_t value);
/*
 * Open the file, if it is a plain one: a link, a device or a pipe would be replaced by a file, and
 * what a link leads to would be copied into it. Returns a descriptor, or -errno; -EINVAL: no plain
 * file.
 */
int persist_open(const char *path, int flags);
/* Say why the file cannot be written. Returns code. */
int persist_refused(const char *path, int code, struct err *err);
/*
 * Put the lines into the file, in place of older ones of the same keys; all else in it and its
 * permissions stay. The file changes whole or not at all, and is on disk on return.
 * Returns 0, or -errno and a sentence.
 */
int persist_write(
	const char *path, const struct persist_line *lines, size_t count, struct err *err);

#endif
