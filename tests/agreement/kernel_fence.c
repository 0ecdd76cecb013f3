/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: what the kernel does by and by, come to its end: carriers, and frames on their way. */
#include <config.h>

#include "kernel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/sockios.h>

#include <arplab/text.h>

#define FENCE_MS 2000

/*
 * Source: net/ethtool/ioctl.c, ethtool_op_get_link(); net/core/link_watch.c, linkwatch_sync_dev().
 */
static void sync_link(int fd, const char *name)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	struct ifreq r = { .ifr_data = (void *)&value };
	text_copy(r.ifr_name, sizeof r.ifr_name, name);
	ioctl(fd, SIOCETHTOOL, &r);
}

void space_sync(struct space *s)
{
	char name[16];
	for (size_t i = LINK_E0; i < LINKS; i++)
		if (s->links[i].ifindex)
			sync_link(s->requests, s->links[i].name);
	for (int i = 0; i < CABLES; i++) {
		snprintf(name, sizeof name, "w%d", i);
		sync_link(s->wires[i], name);
	}
	/* The bridge has a carrier once its port has. */
	if (s->links[LINK_BRIDGE].ifindex)
		sync_link(s->requests, s->links[LINK_BRIDGE].name);
}

/* Whether a frame of ours comes within the time that one has. */
static bool wait_frame(int fd)
{
	uint8_t bytes[64];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (recv(fd, bytes, sizeof bytes, 0) < 0)
		if (poll(&p, 1, FENCE_MS) <= 0)
			return false;
	return true;
}

static const uint8_t fence_frame[ETH_HLEN + 46] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x57,
	0, 0, 0, 0, ETH_P_FENCE >> 8, ETH_P_FENCE & 0xff };

/*
 * All namespaces share a processor's queue of frames that have arrived. The first frame stands
 * behind all that were sent before, the second behind all that these have brought about.
 */
void space_fence(struct space *s)
{
	for (int i = 0; i < 2; i++)
		if (send(s->fence, fence_frame, sizeof fence_frame, 0) < 0 || !wait_frame(s->fence))
			give_up("a frame over the loopback is lost: %s", strerror(errno));
}

/* Source: drivers/net/macvlan.c, macvlan_broadcast_enqueue(): the frames are handed to a worker. */
void space_fence_shadow(struct space *s)
{
	if (send(s->wires[1], fence_frame, sizeof fence_frame, 0) < 0 || !wait_frame(s->shadow))
		give_up("a frame to the macvlan is lost: %s", strerror(errno));
}
