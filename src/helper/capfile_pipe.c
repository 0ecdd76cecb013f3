/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: a capture that comes through a pipe, passed on as it arrives.
 *
 * libpcap waits for the rest of a packet when a pipe has brought a part of it, and meanwhile
 * nothing else could be done. So bytes are collected here, and libpcap reads from a stream that
 * has whole packets only. For that the lengths of the records are looked at, and nothing else.
 */
#include <config.h>

#include "capfile_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/i18n.h>
#include <arplab/text.h>

#define ROOM_BYTES ((size_t)1 << 20)
#define RECORD_MAX ((size_t)16 << 20) /* What is longer is damage: libpcap will say so. */
#define STREAM_BYTES ((size_t)64 << 10)
#define PCAP_HEAD 24
#define SECTION 0x0a0d0d0a
#define PACKETS_A_TURN 65536

enum { BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_PACKET_SIMPLE = 3, BLOCK_PACKET = 6 };

struct pipe_feed {
	int fd;
	bool ended;   /* No more bytes will come. */
	bool is_ng;   /* pcapng, else pcap. */
	bool swapped; /* Its numbers have the other byte order. */
	size_t record_head;
	uint8_t *bytes;
	size_t room;
	size_t len;     /* Bytes there are. */
	size_t whole;   /* Of those, bytes of whole records that were looked at. */
	uint64_t total; /* Bytes that libpcap has read since the beginning. */
	size_t taken;   /* Of those, bytes that libpcap has read. */
	size_t packets; /* In whole records, and not yet read by libpcap. */
};

struct pipe_feed *pipe_feed_new(int fd)
{
	struct pipe_feed *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->fd = fd;
	p->room = ROOM_BYTES;
	p->bytes = malloc(p->room);
	if (!p->bytes) {
		free(p);
		return NULL;
	}
	return p;
}

void pipe_feed_free(struct pipe_feed *p)
{
	if (!p)
		return;
	free(p->bytes);
	free(p);
}

static uint32_t number_at(const struct pipe_feed *p, size_t at)
{
	uint32_t n;

	memcpy(&n, p->bytes + at, sizeof n);
	return p->swapped ? __builtin_bswap32(n) : n;
}

/* ---- whole records ---- */

/* Length of the record at `whole`, or 0 while that cannot be said. */
static size_t record_length(struct pipe_feed *p, bool *ret_packet)
{
	size_t at = p->whole, left = p->len - p->whole;

	if (!p->is_ng) {
		*ret_packet = true;
		if (left < p->record_head)
			return 0;
		uint32_t len = number_at(p, at + 8);
		/* Where a size_t has 32 bits, the sum could be small again. */
		return len > RECORD_MAX ? RECORD_MAX + 1 : p->record_head + len;
	}
	if (left < 12)
		return 0;
	/* A new section may have the other byte order; its type reads the same in both. */
	if (number_at(p, at) == SECTION && number_at(p, at + 8) != 0x1a2b3c4d)
		p->swapped = !p->swapped;
	uint32_t type = number_at(p, at);
	*ret_packet =
		type == BLOCK_PACKET || type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET_OLD;
	size_t len = number_at(p, at + 4);
	return len < 12 ? RECORD_MAX + 1 : len;
}

/* Count the whole records that have arrived. Behind damage all bytes are libpcap's to judge. */
static void count_whole(struct pipe_feed *p)
{
	bool packet = false;
	size_t len;

	while ((len = record_length(p, &packet)) > 0) {
		if (len > RECORD_MAX) {
			p->ended = true;
			break;
		}
		if (len > p->len - p->whole)
			break;
		p->whole += len;
		p->packets += packet;
	}
	if (p->ended && p->whole < p->len) {
		p->whole = p->len;
		p->packets++;
	}
}

/* ---- bytes ---- */

static bool is_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) > 0;
}

/* Take what has arrived. Returns 0, or -ENOMEM. */
static int fill(struct pipe_feed *p)
{
	if (p->taken > 0) {
		memmove(p->bytes, p->bytes + p->taken, p->len - p->taken);
		p->len -= p->taken;
		p->whole -= p->taken;
		p->taken = 0;
	}
	if (p->len == p->room) {
		uint8_t *more = realloc(p->bytes, p->room * 2);
		if (!more)
			return -ENOMEM;
		p->bytes = more;
		p->room *= 2;
	}
	while (!p->ended && p->len < p->room && is_readable(p->fd)) {
		ssize_t n = read(p->fd, p->bytes + p->len, p->room - p->len);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			break;
		if (n > 0)
			p->len += (size_t)n;
		else
			p->ended = true;
	}
	return 0;
}

/* The stream's reader: what is whole, and then an end. */
static ssize_t stream_read(void *cookie, char *buffer, size_t size)
{
	struct pipe_feed *p = cookie;
	size_t len = p->whole - p->taken;

	if (len > size)
		len = size;
	memcpy(buffer, p->bytes + p->taken, len);
	p->taken += len;
	p->total += len;
	return (ssize_t)len;
}

/* ---- the head ---- */

/* Whether the file's head is there, up to the first packet or interface. Fills what it says. */
static bool head_is_whole(struct pipe_feed *p)
{
	bool packet;

	if (p->len < PCAP_HEAD) {
		p->whole = p->len;
		return p->ended;
	}
	uint32_t magic = number_at(p, 0);
	p->is_ng = magic == SECTION;
	if (!p->is_ng) {
		p->swapped = (magic & 0xffff) == 0xb2a1;
		p->record_head = magic == 0xa1b2cd34 || magic == 0x34cdb2a1 ? 24 : 16;
		p->whole = PCAP_HEAD;
		return true;
	}
	p->whole = 0;
	p->swapped = false;
	for (;;) {
		size_t len = record_length(p, &packet);
		if (len == 0 || len > p->len - p->whole) {
			if (len <= RECORD_MAX && !p->ended)
				return false;
			p->whole = p->len;
			return true;
		}
		uint32_t type = number_at(p, p->whole);
		p->whole += len;
		if (type == BLOCK_INTERFACE || packet)
			return true;
	}
}

static bool has_magic(const struct pipe_feed *p)
{
	uint32_t magic = p->len < 4 ? 0 : number_at(p, 0);

	return magic == SECTION || magic == 0xa1b2c3d4 || magic == 0xd4c3b2a1 ||
	       magic == 0xa1b23c4d || magic == 0x4d3cb2a1 || magic == 0xa1b2cd34 ||
	       magic == 0x34cdb2a1;
}

/* Open the handle, now that it need not wait for the head. */
static int open_handle(struct capfile *f, struct err *err)
{
	static const cookie_io_functions_t functions = { .read = stream_read };
	struct pipe_feed *p = f->pipe;
	char words[PCAP_ERRBUF_SIZE] = "";

	if (!has_magic(p))
		return capfile_refuse(f, p->bytes, p->len, err);
	FILE *stream = fopencookie(p, "r", functions);
	if (!stream)
		return err_set(err, -ENOMEM, _("out of memory"));
	setvbuf(stream, NULL, _IOFBF, STREAM_BYTES);
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);
	if (!pcap) {
		fclose(stream);
		return err_set(err, -EBADMSG, _("%s cannot be read: %s"), f->name, words);
	}
	return capfile_adopt(f, pcap, stream, err);
}

/* ---- frames ---- */

static void pass_packet(uint8_t *user, const struct pcap_pkthdr *h, const uint8_t *bytes)
{
	struct capfile *f = (struct capfile *)(void *)user;

	f->packets++;
	f->pipe->packets--;
	if (capfile_is_arp(f, h, bytes))
		capfile_send(f, ++f->frames, h, bytes);
}

/* The pipe has said all, or what it says makes no sense. */
static bool finish(struct capfile *f)
{
	f->complete = true;
	f->bytes = f->pipe->total;
	loop_forget(f->loop, f->pipe->fd);
	capfile_tell(f);
	return false;
}

static bool refuse(struct capfile *f, const struct err *err, int error)
{
	f->error = error;
	struct text t = text_in(f->text, sizeof f->text);
	text_name(&t, err->text, sizeof f->text);
	text_end(&t);
	return finish(f);
}

bool capfile_pipe_work(struct capfile *f)
{
	struct pipe_feed *p = f->pipe;
	struct err err;
	err_set(&err, 0, _("out of memory"));

	if (f->complete)
		return false;
	if (p->packets == 0 && fill(p) < 0)
		return refuse(f, &err, -ENOMEM);
	if (!f->pcap) {
		if (p->len >= 4 ? has_magic(p) && !head_is_whole(p) : !p->ended)
			return false;
		int r = open_handle(f, &err);
		if (r < 0)
			return refuse(f, &err, r);
	}
	if (p->packets == 0)
		count_whole(p);
	int r = 1;
	if (p->packets > 0) {
		int count = p->packets < PACKETS_A_TURN ? (int)p->packets : PACKETS_A_TURN;
		r = capfile_read(f, count, pass_packet);
	}
	if (r < 0)
		capfile_give_up(f, pcap_geterr(f->pcap));
	if (f->pending > 0 || (r == 1 && p->packets > 0))
		return true;
	if (r < 0 || (p->ended && p->packets == 0) || r == 0)
		return finish(f);
	f->bytes = p->total;
	capfile_tell(f);
	return is_readable(p->fd);
}
