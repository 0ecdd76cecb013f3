/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: the capture filter: what arplab always asks for, and what a person adds to it. */
#ifndef ARPLAB_CAPTURE_FILTER_H
#define ARPLAB_CAPTURE_FILTER_H

#include <arplab/err.h>

#define CAPTURE_SNAPLEN 128

struct pcap;
struct bpf_program;

/*
 * Compile a filter for ARP frames alone, and of those what passes text; NULL or "" lets all pass.
 * pcap: a pcap_t, live, a file or a dead one. ret: the caller's to free.
 * Returns 0, or -EINVAL and what is wrong with the text.
 */
int capture_filter_compile(
	struct pcap *pcap, const char *text, struct bpf_program *ret, struct err *err);
/* Compile and install it on a capture, which is as it was when this fails. */
int capture_filter_install(struct pcap *pcap, const char *text, struct err *err);

#endif
