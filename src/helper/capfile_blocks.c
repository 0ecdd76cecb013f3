/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: looks for the blocks of a pcapng file that a jump must not pass over.
 *
 * Source: the pcapng file format (draft-ietf-opsawg-pcapng), sections 3.1, 4.1 and 4.2.
 */
#include <config.h>

#include "capfile_parts.h"

#include <string.h>
#include <unistd.h>

#define WINDOW_BYTES 65536
#define BLOCK_LEAST 12
#define BYTE_ORDER_MAGIC 0x1a2b3c4d

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
};

/* A walk from block to block through a window on the file. */
struct walk {
	int fd;
	bool swapped;
	int64_t at;    /* Of the block. */
	int64_t start; /* Of the window. */
	size_t len;    /* Bytes in the window. */
	uint8_t window[WINDOW_BYTES];
};

static uint32_t number_at(const struct walk *w, size_t offset)
{
	uint32_t n;

	memcpy(&n, w->window + (w->at - w->start) + offset, sizeof n);
	return w->swapped ? __builtin_bswap32(n) : n;
}

/* Bring the first 12 bytes of the block into the window. */
static bool in_window(struct walk *w)
{
	if (w->at >= w->start && w->at + BLOCK_LEAST <= w->start + (int64_t)w->len)
		return true;
	ssize_t n = pread(w->fd, w->window, sizeof w->window, w->at);
	w->start = w->at;
	w->len = n > 0 ? (size_t)n : 0;
	return w->len >= BLOCK_LEAST;
}

/* Look at the block. Returns its type, and goes on to the next; 0 if there is none to be read. */
static uint32_t step(struct walk *w)
{
	if (!in_window(w))
		return 0;
	uint32_t type = number_at(w, 0);
	uint32_t len = number_at(w, 4);
	if (type == BLOCK_SECTION) {
		if (number_at(w, 8) != BYTE_ORDER_MAGIC)
			w->swapped = !w->swapped;
		len = number_at(w, 4);
	}
	if (len < BLOCK_LEAST)
		return 0;
	w->at += len;
	return type;
}

bool blocks_head(int fd, bool *ret_swapped, int64_t *ret_end)
{
	struct walk w = { .fd = fd };

	if (!in_window(&w) || number_at(&w, 0) != BLOCK_SECTION)
		return false;
	for (;;) {
		*ret_end = w.at;
		*ret_swapped = w.swapped;
		uint32_t type = step(&w);
		if (type == 0 || type == BLOCK_PACKET || type == BLOCK_PACKET_SIMPLE ||
			type == BLOCK_PACKET_OLD)
			return true;
	}
}

bool blocks_describe(int fd, bool swapped, int64_t begin, int64_t end)
{
	struct walk w = { .fd = fd, .swapped = swapped, .at = begin, .start = begin };

	while (w.at < end) {
		uint32_t type = step(&w);
		if (type == 0 || type == BLOCK_SECTION || type == BLOCK_INTERFACE)
			return true;
	}
	return false;
}
