/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the links as they were last reported, in the order of their numbers. */
#ifndef ARPLAB_NETLINKS_H
#define ARPLAB_NETLINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arplab/event.h>

struct known_link {
	struct link link;
	bool named; /* By the dump that is running. */
};

struct netlinks {
	struct known_link *rows;
	size_t count, room;
};

void netlinks_done(struct netlinks *l);
/* The link with that number, or NULL. Good until the next change. */
struct known_link *netlinks_find(const struct netlinks *l, int32_t ifindex);
struct known_link *netlinks_find_name(const struct netlinks *l, const char *name);
/* Remember a link, new or changed, as named. Returns 0 or -ENOMEM. */
int netlinks_put(struct netlinks *l, const struct link *link);
void netlinks_remove(struct netlinks *l, int32_t ifindex);

#endif
