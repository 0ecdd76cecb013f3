/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: read an ARP packet out of a frame, write one, and name what it is. */
#ifndef ARPLAB_FRAME_H
#define ARPLAB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARP_OP_REQUEST 1
#define ARP_OP_REPLY 2
#define ARP_FRAME_LEN 42 /* Ethernet header and ARP packet, without a VLAN tag or padding. */

/* Why a frame cannot be read as ARP over Ethernet for IPv4. */
enum arp_flaw {
	ARP_SOUND = 0,
	ARP_SHORT,         /* Ends before the ARP packet does. */
	ARP_NOT_ARP,       /* Its Ethernet type is another one. */
	ARP_HARDWARE_TYPE, /* Neither 1 (Ethernet) nor 6 (IEEE 802). */
	ARP_PROTOCOL_TYPE, /* Not 0x0800 (IPv4). */
	ARP_LENGTHS,       /* Address lengths other than 6 and 4. */
};

struct arp_packet {
	uint8_t eth_dst[6], eth_src[6];
	uint8_t sha[6], tha[6]; /* Sender's and target's MAC. */
	uint32_t sip, tip;      /* Sender's and target's IP, network order. */
	uint16_t op;            /* Host order. */
	uint16_t hardware, protocol; /* Host order. */
	uint8_t hlen, plen;
	uint16_t vlan;   /* VLAN id when tagged: the innermost tag's. */
	bool tagged;
	uint16_t offset; /* Of the ARP packet in the frame: 14, or 18 or 22 behind VLAN tags. */
};

/* What a frame is, in the terms of RFC 5227 where it has one. */
enum arp_class {
	ARP_CLASS_REQUEST,      /* who-has, broadcast, for somebody else's address */
	ARP_CLASS_REPLY,        /* is-at */
	ARP_CLASS_PROBE,        /* who-has with sender IP 0.0.0.0 (RFC 5227, 1.1) */
	ARP_CLASS_ANNOUNCEMENT, /* who-has with sender IP = target IP, target MAC zero (1.1, 3) */
	ARP_CLASS_GRATUITOUS,   /* any other frame with sender IP = target IP */
	ARP_CLASS_POLL,         /* who-has to one MAC: unicast poll (RFC 1122, 2.3.2.1) */
	ARP_CLASS_OTHER,        /* another operation, such as RARP's or InARP's */
	ARP_CLASS_BROKEN,       /* cannot be read; see enum arp_flaw */
	ARP_CLASSES
};

/*
 * Read one ARP packet out of an Ethernet frame.
 * frame, len: bytes from the destination MAC on; up to two VLAN tags (802.1Q,
 * 802.1ad, or the older 0x9100) are skipped.
 * ret: what could be read; the rest is zero. Returns ARP_SOUND or the first flaw met.
 * Source: RFC 826 "Packet format"; Linux net/ipv4/arp.c, arp_rcv() and arp_process().
 */
enum arp_flaw arp_decode(const uint8_t *frame, size_t len, struct arp_packet *ret);
/* Write a frame of ARP_FRAME_LEN bytes (or 46 with a tag). Returns its length. */
size_t arp_encode(const struct arp_packet *p, uint8_t *frame, size_t size);
enum arp_class arp_classify(const struct arp_packet *p, enum arp_flaw flaw);
/* "request", "reply", "probe", "announcement", "gratuitous", "poll", "other", "broken". */
const char *arp_class_name(enum arp_class class);
/* One cell: ? ! P A G u o x. */
char arp_class_letter(enum arp_class class);
/* A plain sentence for the learner: what such a frame is for. */
const char *arp_class_help(enum arp_class class);
/* Why a frame is broken, as a sentence fragment: "ends after 20 bytes" needs no length here. */
const char *arp_flaw_text(enum arp_flaw flaw);

#endif
