/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: what indexing a capture file and fetching frames from it have in common.
 *
 * There is one handle. While the index is made it stands where the index ends; a fetch takes it
 * elsewhere, and the index brings it back. `here` is the number of the ARP frame that comes next.
 *
 * libpcap keeps what the blocks of a pcapng file said of interfaces, in the order it met them. To
 * jump back over such a block and meet it again would give frames another interface's clock. Most
 * files have them all at the beginning, where no jump goes. Where the index finds one behind
 * packets, the file is indexed to its end first, and then read from its start without jumps.
 */
#ifndef ARPLAB_CAPFILE_PARTS_H
#define ARPLAB_CAPFILE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <pcap/pcap.h>

#include <arplab/parts.h>

#define FETCHES_MAX 8
#define FETCH_FRAMES_MAX 65536

/* A place to begin reading at. */
struct checkpoint {
	uint64_t number; /* Of the first ARP frame behind it. */
	int64_t offset;
};

struct fetch {
	uint32_t id;
	uint64_t next; /* Number of the frame to send next. */
	uint64_t end;  /* One past the last. */
};

struct pipe_feed;

struct capfile {
	struct loop *loop;
	const char *name;
	int wake; /* An eventfd: readable when a fetch waits, so that the loop comes back. */
	pcap_t *pcap;
	FILE *stream; /* The handle's own; closed with it. */
	char *buffer; /* The stream's. */
	uint32_t linktype;
	bool filtered;
	struct bpf_program filter;

	/* The index. */
	uint64_t packets, frames; /* Read so far, and ARP frames among them. */
	uint64_t bytes;
	bool complete;
	int error;
	char text[EVENT_TEXT_SIZE];
	struct checkpoint *points;
	size_t point_count, point_room;
	uint64_t packets_to_point, frames_to_point; /* When one of them is reached, one is due. */

	/* Of a pcapng file. */
	bool is_ng;
	bool swapped;
	int64_t head_end; /* Offset of the first packet's block. */
	int64_t expected; /* Bytes that the packets of this turn take if they stand alone. */

	/* Where the handle stands. */
	bool at_index;
	bool no_jumps;
	int64_t index_at; /* Offset of the index's end, when the handle is elsewhere. */
	uint64_t here;
	bool broken; /* pcap_breakloop() was called. */

	struct fetch fetches[FETCHES_MAX];
	size_t fetch_count;
	size_t pending; /* Bytes of the frame that found no room, or 0. */
	struct event frame;

	struct pipe_feed *pipe; /* NULL for a file that can be read anywhere. */
};

/* ---- capfile_open.c ---- */

/* Open a handle on a seekable file, at its start. Returns 0, or -errno and a sentence. */
int capfile_open(struct capfile *f, struct err *err);
/* Take a handle that was opened on `stream`: check what it holds. On failure both are closed. */
int capfile_adopt(struct capfile *f, pcap_t *pcap, FILE *stream, struct err *err);
void capfile_close(struct capfile *f);
/* Say that the bytes at the start are no capture's. Returns -EBADMSG. */
int capfile_refuse(const struct capfile *f, const uint8_t *bytes, size_t len, struct err *err);

/* ---- capfile.c ---- */

/* Whether it is a frame to count and to show. */
bool capfile_is_arp(const struct capfile *f, const struct pcap_pkthdr *h, const uint8_t *bytes);
/* Send a frame, or keep it until there is room; then the handle's loop is broken. */
void capfile_send(
	struct capfile *f, uint64_t number, const struct pcap_pkthdr *h, const uint8_t *bytes);
/* Read up to `count` packets. Returns 1, 0 at the end, or -1: the rest cannot be read. */
int capfile_read(struct capfile *f, int count, pcap_handler handler);
/* Tell the front how far the file has been read. */
void capfile_tell(struct capfile *f);
/* Note that nothing more can be read, and why. */
void capfile_give_up(struct capfile *f, const char *words);
/* Go back to where the index ends. */
bool capfile_to_index(struct capfile *f);

/* ---- capfile_blocks.c ---- */

/*
 * Walk to the first packet of a pcapng file. Returns false if it is none.
 * ret_end: offset of the packet's block, or of the file's end.
 */
bool blocks_head(int fd, bool *ret_swapped, int64_t *ret_end);
/* Whether blocks from begin (where one begins) to end describe interfaces, or cannot be read. */
bool blocks_describe(int fd, bool swapped, int64_t begin, int64_t end);

/* ---- capfile_fetch.c ---- */

/* Carry on with the first fetch that waits. */
void capfile_fetch_on(struct capfile *f);

/* ---- capfile_pipe.c ---- */

struct pipe_feed *pipe_feed_new(int fd);
void pipe_feed_free(struct pipe_feed *p);
/* Take what has arrived and pass frames on. Returns true while there is more at hand. */
bool capfile_pipe_work(struct capfile *f);

/* ---- capfile_cooked.c ---- */

/* Whether the link type is one of Linux's cooked ones (`tcpdump -i any`). */
bool cooked_is(uint32_t linktype);
/* Whether such a packet is an ARP frame from an Ethernet. */
bool cooked_is_arp(uint32_t linktype, const struct pcap_pkthdr *h, const uint8_t *bytes);
/*
 * Give it an Ethernet header. The destination MAC is not in the file: broadcasts are told from
 * others, which get zeros. Fills ret_h and ret, which has FRAME_BYTES_MAX bytes.
 */
void cooked_to_ethernet(uint32_t linktype, const struct pcap_pkthdr *h, const uint8_t *bytes,
	struct pcap_pkthdr *ret_h, uint8_t *ret);

#endif
