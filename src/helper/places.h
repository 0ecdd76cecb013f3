/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: sysctls by interface and key, through descriptors that stay open.
 *
 * A place is an ifindex (or CONF_ALL, CONF_DEFAULT) and a key. Its file is opened under the
 * interface's present name, and the name is looked at again once the file is open: so a rename in
 * between cannot lead to another interface. An open file stays bound to its interface; when that
 * goes or is renamed, the kernel answers ENOENT and the file is opened anew.
 */
#ifndef ARPLAB_PLACES_H
#define ARPLAB_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include <arplab/err.h>
#include <arplab/event.h>

#define PLACES_MAX 64

struct place {
	int32_t ifindex;
	uint16_t key;
	int fd;
};

struct places {
	const char *(*ifname)(
		void *arg, int32_t ifindex); /* Asked first; the kernel has the say. */
	void *arg;
	size_t count;
	size_t oldest; /* The one that gives way when all are taken. */
	struct place open[PLACES_MAX];
};

void places_done(struct places *p);
/* The present name of an ifindex, "all" or "default". Returns 0, or -ENODEV: there is none. */
int place_name(const struct places *p, int32_t ifindex, char ret[IFNAME_SIZE]);
/*
 * Read or write the value. Return 0; -ENODEV: no such interface; -ENOENT: no such sysctl there;
 * or what the kernel says.
 */
int place_read(struct places *p, int32_t ifindex, size_t key, int32_t *ret);
int place_write(struct places *p, int32_t ifindex, size_t key, int32_t value);
/* Close what was open below an interface. */
void places_forget(struct places *p, int32_t ifindex);
/* Say why a place could not be read or written. Returns code. */
int place_refused(const char *name, size_t key, int code, struct err *err);

#endif
