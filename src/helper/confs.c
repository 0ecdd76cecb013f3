/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the sysctls' values, looked at again and again, and what differs reported.
 *
 * No netlink message tells of a written arp_* sysctl. Writes through /proc are noticed
 * (confwatch.c); for all others there is a look now and then: two netlink dumps and a few reads
 * from kept descriptors do it for all interfaces (confread.c). A value that could not be passed on
 * stays different from what was reported, and so comes up again by itself.
 */
#include <config.h>

#include "confs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#define ROOM_FIRST 16
/* Where writes are noticed, looks only catch those that were made in ways that are not. */
#define TICKS_A_LOOK 5
/* Dozens of machines that nobody but a learner changes are looked at more seldom. */
#define TICKS_A_LOOK_SHARED 15

/* ---- rows ---- */

/* The first row whose number is not below. */
static size_t place_of(const struct confs *c, int32_t ifindex)
{
	size_t low = 0, high = c->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c->rows[middle].ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct conf_row *conf_row(struct confs *c, int32_t ifindex)
{
	size_t i = place_of(c, ifindex);
	return i < c->count && c->rows[i].ifindex == ifindex ? &c->rows[i] : NULL;
}

static int row_put(struct confs *c, int32_t ifindex, const char *name)
{
	struct conf_row *row = conf_row(c, ifindex);
	if (!row) {
		if (c->count == c->room) {
			size_t room = c->room ? c->room * 2 : ROOM_FIRST;
			struct conf_row *rows = reallocarray(c->rows, room, sizeof *rows);
			if (!rows)
				return -ENOMEM;
			c->rows = rows;
			c->room = room;
		}
		size_t i = place_of(c, ifindex);
		row = &c->rows[i];
		memmove(row + 1, row, (c->count - i) * sizeof *row);
		memset(row, 0, sizeof *row);
		row->ifindex = ifindex;
		c->count++;
		c->waiting = true;
	} else if (strcmp(row->name, name) == 0) {
		return 0;
	}
	text_copy(row->name, sizeof row->name, name);
	conf_watch(c, row);
	return 0;
}

static void row_remove(struct confs *c, int32_t ifindex)
{
	struct conf_row *row = conf_row(c, ifindex);
	if (!row)
		return;
	conf_unwatch(c, row);
	size_t after = c->count - (size_t)(row - c->rows) - 1;
	memmove(row, row + 1, after * sizeof *row);
	c->count--;
}

void confs_link(struct confs *c, const struct link *link, bool gone)
{
	if (gone)
		row_remove(c, link->ifindex);
	else if (row_put(c, link->ifindex, link->name) < 0)
		outbox_note(&c->loop->outbox, true,
			_("out of memory: the sysctls of %s are not shown"), link->name);
}

/* ---- making and unmaking ---- */

static struct confs *make(struct loop *l, bool shared, int notice)
{
	struct confs *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->loop = l;
	size_t count;
	sysctl_keys(&count);
	c->keys = count < CONF_KEYS_MAX ? count : CONF_KEYS_MAX;
	c->notice = notice;
	c->shared = shared;
	/* Those of many do not all look at the same time. */
	c->turn = l->outbox.node;
	if (!c->shared)
		conf_watch_open(c);
	conf_open(c);
	if (row_put(c, CONF_DEFAULT, "default") < 0 || row_put(c, CONF_ALL, "all") < 0) {
		confs_free(c);
		return NULL;
	}
	return c;
}

struct confs *confs_new(struct loop *l)
{
	return make(l, false, -1);
}

struct confs *confs_new_shared(struct loop *l, int notice)
{
	return make(l, true, notice);
}

void confs_free(struct confs *c)
{
	if (!c)
		return;
	conf_close(c);
	if (c->shared)
		conf_unwatch_all(c);
	else if (c->notice >= 0)
		close(c->notice);
	free(c->rows);
	free(c);
}

/* ---- reporting ---- */

static bool same(const struct conf_cell *a, const struct conf_cell *b)
{
	return a->state == b->state && a->value == b->value;
}

static int report_cell(struct confs *c, struct conf_row *row, size_t key)
{
	const struct conf_cell *found = &row->found[key];
	if (found->state == CELL_UNREAD || same(found, &row->said[key]))
		return 0;
	struct event e = { .sysctl = { .ifindex = row->ifindex,
				   .key = (uint16_t)key,
				   .absent = found->state == CELL_ABSENT,
				   .value = found->value } };
	event_begin(&e, EVENT_SYSCTL, c->at_ns);
	e.flags = c->stage == CONFS_NAMING ? EVENT_NAMED : 0;
	int r = outbox_add(&c->loop->outbox, &e);
	if (r == 0)
		row->said[key] = *found;
	return r;
}

static int report(struct confs *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct conf_row *row = &c->rows[i];
		if (memcmp(row->found, row->said, sizeof row->found) == 0)
			continue;
		for (size_t key = 0; key < c->keys; key++) {
			int r = report_cell(c, row, key);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int send_mark(struct confs *c, bool end)
{
	struct event e = { .mark = { .table = TABLE_SYSCTLS, .end = end } };
	event_begin(&e, EVENT_MARK, c->at_ns);
	return outbox_add(&c->loop->outbox, &e);
}

/* files: those of all and default as well, each of which has to be opened. */
static int look(struct confs *c, bool files)
{
	c->at_ns = clock_wall_ns();
	c->waiting = true;
	if (c->stage == CONFS_RESTART) {
		if (send_mark(c, false) < 0)
			return -EAGAIN;
		c->stage = CONFS_NAMING;
	}
	conf_read_all(c, files);
	if (report(c) < 0)
		return -EAGAIN;
	if (c->stage == CONFS_NAMING) {
		if (send_mark(c, true) < 0)
			return -EAGAIN;
		c->stage = CONFS_NEWS;
	}
	c->waiting = false;
	return 0;
}

int confs_poll(struct confs *c)
{
	return look(c, true);
}

/* What a lab's machine has in files alone cannot be written unnoticed; the rest can, by netlink. */
int confs_tick(struct confs *c)
{
	bool noticed = c->notice >= 0 && !c->waiting;
	c->turn = (c->turn + 1) % (c->shared ? TICKS_A_LOOK_SHARED : TICKS_A_LOOK);
	if (noticed && c->turn != 0)
		return 0;
	return look(c, !noticed || !c->shared);
}

void confs_restart(struct confs *c)
{
	for (size_t i = 0; i < c->count; i++)
		memset(c->rows[i].said, 0, sizeof c->rows[i].said);
	c->stage = CONFS_RESTART;
	c->waiting = true;
}

void confs_look(struct confs *c, int32_t ifindex, size_t key)
{
	struct conf_row *row = conf_row(c, ifindex);
	if (!row || key >= c->keys || c->stage != CONFS_NEWS)
		return;
	c->at_ns = clock_wall_ns();
	conf_read_one(c, row, key);
	report_cell(c, row, key);
}

void confs_seed(struct confs *c, const struct confs *like)
{
	static const int32_t places[] = { CONF_ALL, CONF_DEFAULT };
	for (size_t i = 0; i < 2; i++) {
		struct conf_row *row = conf_row(c, places[i]);
		memcpy(row->found, conf_row((struct confs *)like, places[i])->found,
			sizeof row->found);
	}
	for (size_t key = 0; key < c->keys; key++) {
		c->all[key] = like->all[key];
		c->other[key] = like->other[key];
	}
	c->seeded = true;
}

bool confs_value(const struct confs *c, int32_t ifindex, size_t key, int32_t *ret)
{
	const struct conf_row *row = conf_row((struct confs *)c, ifindex);
	if (!row || key >= c->keys || row->found[key].state != CELL_PRESENT)
		return false;
	*ret = row->found[key].value;
	return true;
}

bool confs_waiting(const struct confs *c)
{
	return c->waiting;
}
