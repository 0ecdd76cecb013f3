/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: CRC-32 by tables, eight bytes a step, so that a recording of a storm is soon checked. */
#include <config.h>

#include <arplab/checksum.h>

#define POLYNOMIAL UINT32_C(0xedb88320) /* Bits turned round: the lowest comes first. */

void checksum_init(struct checksum *c)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? POLYNOMIAL : 0);
		c->table[0][i] = value;
	}
	for (size_t i = 0; i < 256; i++)
		for (size_t k = 1; k < 8; k++) {
			uint32_t before = c->table[k - 1][i];
			c->table[k][i] = before >> 8 ^ c->table[0][before & 255];
		}
}

/* Four bytes in the order of the file, whatever the machine's own is. */
static uint32_t four_bytes(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t checksum_of(const struct checksum *c, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t sum = UINT32_MAX;
	for (; len >= 8; p += 8, len -= 8) {
		uint32_t low = sum ^ four_bytes(p), high = four_bytes(p + 4);
		sum = c->table[7][low & 255] ^ c->table[6][low >> 8 & 255] ^
		      c->table[5][low >> 16 & 255] ^ c->table[4][low >> 24] ^
		      c->table[3][high & 255] ^ c->table[2][high >> 8 & 255] ^
		      c->table[1][high >> 16 & 255] ^ c->table[0][high >> 24];
	}
	for (; len; p++, len--)
		sum = sum >> 8 ^ c->table[0][(sum ^ *p) & 255];
	return ~sum;
}
