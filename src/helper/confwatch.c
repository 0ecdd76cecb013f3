/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: noticing at once that somebody has written a sysctl.
 *
 * A write to a file of /proc/sys is a write like any other to inotify (fs/read_write.c,
 * vfs_write(), calls fsnotify_modify). It is not noticed when it was made by netlink or through
 * the /proc of another PID namespace, whose files are others; so there are still looks.
 */
#include <config.h>

#include "confs.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <arplab/text.h>

void conf_watch_open(struct confs *c)
{
	c->notice = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (c->notice >= 0 && loop_watch(c->loop, c->notice, LOOP_CONFS, 0) < 0) {
		close(c->notice);
		c->notice = -1;
	}
}

static int watch_folder(struct confs *c, const char *family, const char *name)
{
	char path[128];
	struct text t = text_in(path, sizeof path);
	text_put(&t, "/proc/sys/net/ipv4");
	text_put(&t, family);
	text_put(&t, name);
	return inotify_add_watch(c->notice, text_end(&t), IN_MODIFY | IN_ONLYDIR);
}

void conf_watch(struct confs *c, struct conf_row *row)
{
	if (c->notice < 0)
		return;
	conf_unwatch(c, row);
	/* There is no neigh/all; but ip_forward, in the folder above, is `forwarding` of
	 * everything. */
	row->neigh_watch = row->ifindex == CONF_ALL ? watch_folder(c, "", "")
						    : watch_folder(c, "/neigh/", row->name);
	row->conf_watch = watch_folder(c, "/conf/", row->name);
	/*
	 * An interface may have no folder. But when there are no more watches to be had, what is
	 * not noticed must be looked for every time.
	 */
	if (row->conf_watch < 0 && errno != ENOENT) {
		if (c->shared)
			conf_unwatch_all(c);
		else
			close(c->notice);
		c->notice = -1;
	}
}

void conf_unwatch(struct confs *c, struct conf_row *row)
{
	if (c->notice >= 0 && row->conf_watch > 0)
		inotify_rm_watch(c->notice, row->conf_watch);
	if (c->notice >= 0 && row->neigh_watch > 0)
		inotify_rm_watch(c->notice, row->neigh_watch);
	row->conf_watch = row->neigh_watch = -1;
}

void conf_unwatch_all(struct confs *c)
{
	for (size_t i = 0; i < c->count; i++)
		conf_unwatch(c, &c->rows[i]);
}

void confs_noticed(struct confs *c, int watch)
{
	for (size_t i = 0; i < c->count && !c->waiting; i++)
		c->waiting = c->rows[i].conf_watch == watch || c->rows[i].neigh_watch == watch;
}

void confs_ready(struct confs *c)
{
	_Alignas(struct inotify_event) char events[4096];
	while (read(c->notice, events, sizeof events) > 0)
		c->waiting = true;
}
