/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the capture filter: what arplab always asks for, and what a person adds to it. */
#ifndef ARPLAB_CAPTURE_FILTER_H
#define ARPLAB_CAPTURE_FILTER_H

#include <arplab/err.h>

#define CAPTURE_SNAPLEN 128

/*
 * Let a capture see ARP frames alone, and of those what passes text, which has been checked; NULL
 * or "" lets all pass. pcap: a pcap_t, live or a file; it is as it was when this fails.
 * Returns 0, or -EINVAL and libpcap's words.
 */
struct pcap;
int capture_filter_install(struct pcap *pcap, const char *text, struct err *err);

#endif
