/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: a hash to tell what the kernel said from what it said before (FNV-1a, 64 bits). */
#ifndef ARPLAB_NETHASH_H
#define ARPLAB_NETHASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
