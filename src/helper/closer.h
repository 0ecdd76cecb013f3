/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a process that closes what the kernel takes long to close.
 *
 * To close a packet socket is to wait until no processor can be using it any more, some 12 ms each
 * (net/packet/af_packet.c, packet_release, synchronize_net). Who has a socket open last waits; so
 * copies are handed to a small process, which is last and has nothing else to do.
 *
 *	closer_init(&c);
 *	closer_take(&c, fds, count);    as often as one likes
 *	closer_done(&c);
 */
#ifndef ARPLAB_CLOSER_H
#define ARPLAB_CLOSER_H

#include <stddef.h>
#include <sys/types.h>

#define CLOSER_FDS_MAX 64 /* At once. */

struct closer {
	int socket; /* Or -1. */
	pid_t pid;  /* Or 0: it is started when it is needed first. */
};

void closer_init(struct closer *c);
/* Close descriptors (-1: none), which are -1 afterwards. When it has too much to do, we wait. */
void closer_take(struct closer *c, int *fds, size_t count);
/* Let it end once it has closed what it was given. */
void closer_done(struct closer *c);

#endif
