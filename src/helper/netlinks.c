/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the links as they were last reported, so that repetitions and old names are known. */
#include <config.h>

#include "netlinks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 16

void netlinks_done(struct netlinks *l)
{
	free(l->rows);
	*l = (struct netlinks) { 0 };
}

/* The first row whose number is not below. */
static size_t place_of(const struct netlinks *l, int32_t ifindex)
{
	size_t low = 0, high = l->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (l->rows[middle].link.ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct known_link *netlinks_find(const struct netlinks *l, int32_t ifindex)
{
	size_t i = place_of(l, ifindex);
	return i < l->count && l->rows[i].link.ifindex == ifindex ? &l->rows[i] : NULL;
}

struct known_link *netlinks_find_name(const struct netlinks *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->rows[i].link.name, name) == 0)
			return &l->rows[i];
	return NULL;
}

static int grow(struct netlinks *l)
{
	size_t room = l->room ? l->room * 2 : ROOM_FIRST;
	struct known_link *rows = reallocarray(l->rows, room, sizeof *rows);
	if (!rows)
		return -ENOMEM;
	l->rows = rows;
	l->room = room;
	return 0;
}

int netlinks_put(struct netlinks *l, const struct link *link)
{
	size_t i = place_of(l, link->ifindex);
	if (i == l->count || l->rows[i].link.ifindex != link->ifindex) {
		if (l->count == l->room && grow(l) < 0)
			return -ENOMEM;
		memmove(&l->rows[i + 1], &l->rows[i], (l->count - i) * sizeof *l->rows);
		l->count++;
	}
	l->rows[i] = (struct known_link) { .link = *link, .named = true };
	return 0;
}

void netlinks_remove(struct netlinks *l, int32_t ifindex)
{
	const struct known_link *row = netlinks_find(l, ifindex);
	if (!row)
		return;
	size_t i = (size_t)(row - l->rows);
	l->count--;
	memmove(&l->rows[i], &l->rows[i + 1], (l->count - i) * sizeof *l->rows);
}
