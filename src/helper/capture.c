/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: ARP frames as they pass, one libpcap handle an interface.
 *
 * Opening and closing a capture waits in the kernel for 10 to 40 ms, so captures_link() only notes
 * what is wanted, and captures_work() does one at a time. A frame goes from the kernel's ring into
 * the outbox in one copy. When the outbox is full, the one frame that has left the ring is kept,
 * and the others stay in the ring.
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include <arplab/clock.h>
#include <arplab/i18n.h>
#include <arplab/text.h>

#include "capture_filter.h"
#include "capture_parts.h"
#include "frame_fill.h"

#define FRAMES_A_TURN 8192

struct captures *captures_new(struct loop *l)
{
	struct captures *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->loop = l;
	if (l->options->filter) {
		c->filter = strdup(l->options->filter);
		if (!c->filter) {
			free(c);
			return NULL;
		}
	}
	return c;
}

static struct capturing *capturing_find(const struct captures *c, int32_t ifindex)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->list[i]->ifindex == ifindex)
			return c->list[i];
	}
	return NULL;
}

static struct capturing *capturing_add(struct captures *c, int32_t ifindex)
{
	struct capturing **list = realloc(c->list, (c->count + 1) * sizeof(struct capturing *));
	if (!list)
		return NULL;
	c->list = list;
	struct capturing *one = calloc(1, sizeof *one);
	if (!one)
		return NULL;
	*one = (struct capturing) { .all = c, .ifindex = ifindex, .fd = -1 };
	one->drops.ifindex = ifindex;
	c->list[c->count++] = one;
	return one;
}

void captures_free(struct captures *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->count; i++) {
		if (c->list[i]->pcap)
			pcap_close(c->list[i]->pcap);
		free(c->list[i]);
	}
	free(c->list);
	free(c->filter);
	free(c);
}

/* ---- links ---- */

static bool is_named(const struct helper_options *o, const char *name)
{
	for (size_t i = 0; i < o->iface_count; i++) {
		if (strcmp(o->ifaces[i], name) == 0)
			return true;
	}
	return false;
}

/* Interfaces that were asked for by name are tried whatever they are. */
static bool is_wanted(const struct captures *c, const struct link *link)
{
	const struct helper_options *o = c->loop->options;

	if (o->iface_count > 0)
		return is_named(o, link->name);
	return link->type == ARPHRD_ETHER && link->flags & IFF_UP &&
	       !(link->flags & (IFF_NOARP | IFF_LOOPBACK));
}

void captures_link(struct captures *c, const struct link *link, bool gone)
{
	struct capturing *one = capturing_find(c, link->ifindex);
	bool wanted = !gone && is_wanted(c, link);
	bool up = !gone && link->flags & IFF_UP;

	/* A name that was asked for means the interface that had it; renamed, it is still meant. */
	if (one && one->wanted && !gone && c->loop->options->iface_count > 0)
		wanted = true;
	if (!one && wanted)
		one = capturing_add(c, link->ifindex);
	if (!one)
		return;
	/* It may have been renamed while it was opened under its old name, in vain. */
	bool renamed = strcmp(one->name, link->name) != 0;
	text_copy(one->name, sizeof one->name, link->name);
	bool was_due = one->due;
	one->stale |= one->pcap && !up;
	one->due |= gone || one->stale || wanted != one->wanted ||
		    (wanted && up && (!one->up || (renamed && !one->pcap)));
	one->wanted = wanted;
	one->up = up;
	one->gone = gone;
	if (one->due && !was_due && wanted && !one->pcap)
		capturing_await(one);
}

/* Forget an interface that is gone. */
static void drop_place(struct captures *c, size_t at)
{
	free(c->list[at]);
	c->count--;
	memmove(&c->list[at], &c->list[at + 1], (c->count - at) * sizeof(struct capturing *));
}

static const char *why_not_wanted(const struct capturing *one)
{
	if (one->gone)
		return _("the interface is gone");
	return one->up ? _("the interface does no ARP now") : _("the interface is down");
}

/* Open or close what is due. A stale handle is closed first, and opened the next time. */
static void capturing_work(struct capturing *one)
{
	one->due = false;
	if (one->pcap && (!one->wanted || one->stale)) {
		capturing_close(one, 0, one->wanted ? _("it was down") : why_not_wanted(one));
		one->due = one->wanted;
		if (one->due)
			capturing_await(one);
	} else if (!one->pcap && one->wanted) {
		capturing_open(one);
	}
}

bool captures_work(struct captures *c)
{
	bool worked = false;

	for (size_t i = 0; i < c->count; i++) {
		if (!c->list[i]->due)
			continue;
		if (worked)
			return true;
		capturing_work(c->list[i]);
		worked = true;
		if (c->list[i]->due)
			return true;
		if (c->list[i]->gone)
			drop_place(c, i--);
	}
	return false;
}

/* ---- frames ---- */

static void take_frame(uint8_t *user, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct capturing *one = (struct capturing *)(void *)user;
	size_t size = frame_size(h);
	struct outbox *o = &one->all->loop->outbox;

	assert(one->pending == 0);
	struct event *e = outbox_room(o, size);
	if (e) {
		frame_fill(e, size, ++one->all->frames, one->ifindex, h, bytes);
		outbox_commit(o, size);
		return;
	}
	frame_fill(&one->frame, size, ++one->all->frames, one->ifindex, h, bytes);
	one->pending = size;
	pcap_breakloop(one->pcap);
}

static int send_pending(struct capturing *one)
{
	if (one->pending == 0)
		return 0;
	if (outbox_add(&one->all->loop->outbox, &one->frame) < 0)
		return -EAGAIN;
	one->pending = 0;
	return 0;
}

int captures_ready(struct captures *c, int32_t ifindex)
{
	struct capturing *one = capturing_find(c, ifindex);

	if (!one)
		return 0;
	if (send_pending(one) < 0)
		return -EAGAIN;
	if (!one->pcap)
		return 0;
	int n = pcap_dispatch(one->pcap, FRAMES_A_TURN, take_frame, (uint8_t *)one);
	if (n < 0 && n != PCAP_ERROR_BREAK)
		capturing_close(one, -EIO, pcap_geterr(one->pcap));
	return one->pending > 0 ? -EAGAIN : 0;
}

int captures_resume(struct captures *c)
{
	for (size_t i = 0; i < c->count; i++) {
		struct capturing *one = c->list[i];
		if (one->pending > 0 && captures_ready(c, one->ifindex) < 0)
			return -EAGAIN;
	}
	return 0;
}

void captures_count(struct captures *c)
{
	for (size_t i = 0; i < c->count; i++) {
		if (c->list[i]->pcap)
			capturing_count(c->list[i]);
	}
}

/* Install a filter on the first `count` captures. Returns how many took it. */
static size_t install(struct captures *c, size_t count, const char *text, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (c->list[i]->pcap && capture_filter_install(c->list[i]->pcap, text, err) < 0)
			return i;
	}
	return count;
}

int captures_filter(struct captures *c, const char *text, struct err *err)
{
	int r = capture_filter_check(text, err);
	if (r < 0)
		return r;
	char *copy = strdup(text ? text : "");
	if (!copy)
		return err_set(err, -ENOMEM, _("out of memory"));
	size_t installed = install(c, c->count, copy, err);
	if (installed < c->count) {
		install(c, installed, c->filter, NULL);
		free(copy);
		return -EINVAL;
	}
	free(c->filter);
	c->filter = copy;
	return 0;
}
