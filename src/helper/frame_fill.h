/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a frame as libpcap hands it over, made an event; in line, since storms pass here. */
#ifndef ARPLAB_FRAME_FILL_H
#define ARPLAB_FRAME_FILL_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pcap/pcap.h>

#include <arplab/clock.h>
#include <arplab/event.h>

/* At nanosecond precision libpcap keeps nanoseconds in tv_usec. */
static inline uint64_t frame_stamp(const struct pcap_pkthdr *h)
{
	return (uint64_t)h->ts.tv_sec * NS_PER_S + (uint64_t)h->ts.tv_usec;
}

static inline size_t frame_caplen(const struct pcap_pkthdr *h)
{
	return h->caplen < FRAME_BYTES_MAX ? h->caplen : FRAME_BYTES_MAX;
}

/* Bytes of the event for a frame. */
static inline size_t frame_size(const struct pcap_pkthdr *h)
{
	return event_size(EVENT_FRAME, frame_caplen(h));
}

/* Fill e, which has room for frame_size() bytes. */
static inline void frame_fill(struct event *e, size_t size, uint64_t number, int32_t ifindex,
	const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	size_t caplen = frame_caplen(h);

	/* The few bytes after the frame must not be left over from another event. */
	memset((uint8_t *)e + size - 8, 0, 8);
	e->at_ns = frame_stamp(h);
	e->size = (uint16_t)size;
	e->kind = EVENT_FRAME;
	e->flags = 0;
	e->node = 0;
	e->spare = 0;
	e->frame.number = number;
	e->frame.ifindex = ifindex;
	e->frame.len = (uint16_t)(h->len < UINT16_MAX ? h->len : UINT16_MAX);
	e->frame.caplen = (uint16_t)caplen;
	memcpy(e->frame.bytes, bytes, caplen);
}

#endif
