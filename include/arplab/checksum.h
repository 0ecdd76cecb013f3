/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: CRC-32 as ISO 3309 and gzip have it, for files that a person may cut or damage. */
#ifndef ARPLAB_CHECKSUM_H
#define ARPLAB_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Tables for eight bytes at once; made once by whoever needs them. */
struct checksum {
	uint32_t table[8][256];
};

void checksum_init(struct checksum *c);
uint32_t checksum_of(const struct checksum *c, const void *bytes, size_t len);

#endif
