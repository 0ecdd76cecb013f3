/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: frames of Linux's cooked captures (`tcpdump -i any`), given an Ethernet header again.
 *
 * Source: libpcap, pcap/sll.h; the link types LINUX_SLL and LINUX_SLL2 of tcpdump.org.
 */
#include <config.h>

#include "capfile_parts.h"

#include <string.h>

#define ETHERNET_LEN 14
#define ARPHRD_ETHER_HERE 1
#define SENT_TO_ALL 1
#define SENT_BY_US 4

/* Where things stand in one kind of cooked header. */
struct layout {
	uint8_t len, protocol, hardware, kind, addr_len, addr;
};

static const struct layout sll = {
	.len = 16, .protocol = 14, .hardware = 2, .kind = 1, .addr_len = 5, .addr = 6
};
static const struct layout sll2 = {
	.len = 20, .protocol = 0, .hardware = 8, .kind = 10, .addr_len = 11, .addr = 12
};

static const struct layout *layout_of(uint32_t linktype)
{
	return linktype == DLT_LINUX_SLL2 ? &sll2 : &sll;
}

bool cooked_is(uint32_t linktype)
{
	return linktype == DLT_LINUX_SLL || linktype == DLT_LINUX_SLL2;
}

bool cooked_is_arp(uint32_t linktype, const struct pcap_pkthdr *h, const uint8_t *b)
{
	const struct layout *at = layout_of(linktype);

	return h->caplen >= at->len && b[at->protocol] == 0x08 && b[at->protocol + 1] == 0x06 &&
	       b[at->hardware] == 0 && b[at->hardware + 1] == ARPHRD_ETHER_HERE;
}

/* A who-has that this host sent is nearly always a broadcast; the file does not say. */
static bool to_all(const struct layout *at, const uint8_t *b, size_t caplen)
{
	const uint8_t *arp = b + at->len;
	bool who_has = caplen >= at->len + 8U && arp[6] == 0 && arp[7] == 1;

	return b[at->kind] == SENT_TO_ALL || (b[at->kind] == SENT_BY_US && who_has);
}

void cooked_to_ethernet(uint32_t linktype, const struct pcap_pkthdr *h, const uint8_t *b,
	struct pcap_pkthdr *ret_h, uint8_t *ret)
{
	const struct layout *at = layout_of(linktype);
	size_t body = h->caplen - at->len;

	if (body > FRAME_BYTES_MAX - ETHERNET_LEN)
		body = FRAME_BYTES_MAX - ETHERNET_LEN;
	*ret_h = *h;
	ret_h->caplen = (bpf_u_int32)(ETHERNET_LEN + body);
	ret_h->len = h->len - at->len + ETHERNET_LEN;
	if (h->len < h->caplen)
		ret_h->len = ret_h->caplen;
	memset(ret, to_all(at, b, h->caplen) ? 0xff : 0, 6);
	memset(ret + 6, 0, 6);
	if (b[at->addr_len] == 6)
		memcpy(ret + 6, b + at->addr, 6);
	ret[12] = 0x08;
	ret[13] = 0x06;
	memcpy(ret + ETHERNET_LEN, b + at->len, body);
}
