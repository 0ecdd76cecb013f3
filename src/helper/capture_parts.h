/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the captures, and the one of each interface. */
#ifndef ARPLAB_CAPTURE_PARTS_H
#define ARPLAB_CAPTURE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pcap/pcap.h>

#include <arplab/parts.h>

struct capturing {
	struct captures *all;
	int32_t ifindex;
	uint32_t linktype;
	char name[IFNAME_SIZE];
	bool wanted; /* It should be open. */
	bool up;     /* IFF_UP, as last heard. */
	bool gone;   /* The interface is no more. */
	bool due;    /* captures_work() has something to do here. */
	bool stale;  /* The interface was down or gone since the handle was opened. */
	pcap_t *pcap;
	int fd;
	struct pcap_stat last; /* libpcap's counters when they were looked at last. */
	struct drops drops;    /* The same in 64 bits, as told. */
	size_t pending;        /* Bytes of the frame that found no room, or 0. */
	struct event frame;
};

struct captures {
	struct loop *loop;
	uint64_t frames; /* Number of the last frame. */
	size_t count;
	struct capturing **list;
	char *filter; /* What the person added, or NULL. */
};

/* Tell the front that the capture will be opened. */
void capturing_await(struct capturing *one);
/* Open the capture, and tell the front; also when that failed, and what to do then. */
void capturing_open(struct capturing *one);
/* Close an open one. error, why: told to the front. */
void capturing_close(struct capturing *one, int error, const char *why);
/* Send the drop counters of an open one, if they have changed. */
void capturing_count(struct capturing *one);

#endif
