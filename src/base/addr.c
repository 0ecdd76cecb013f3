/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: IPv4 and MAC addresses read from text. */
#include <config.h>

#include <arplab/addr.h>

#include <assert.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>

int ip_parse(const char *s, uint32_t *ret)
{
	struct in_addr in;
	if (inet_pton(AF_INET, s, &in) != 1)
		return -EINVAL;
	*ret = in.s_addr;
	return 0;
}

/* The value of a hexadecimal digit, or -1. */
static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int mac_parse(const char *s, uint8_t ret[6])
{
	uint8_t mac[6];
	for (unsigned i = 0; i < 6; i++) {
		int high = nibble(s[0]);
		int low = high < 0 ? -1 : nibble(s[1]);
		if (low < 0)
			return -EINVAL;
		mac[i] = (uint8_t)(high << 4 | low);
		bool last = i == 5;
		if (last ? s[2] != '\0' : s[2] != ':' && s[2] != '-')
			return -EINVAL;
		s += 3;
	}
	memcpy(ret, mac, sizeof mac);
	return 0;
}

bool mac_is_zero(const uint8_t mac[6])
{
	return !(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

bool mac_is_broadcast(const uint8_t mac[6])
{
	return (mac[0] & mac[1] & mac[2] & mac[3] & mac[4] & mac[5]) == 0xff;
}

bool mac_is_group(const uint8_t mac[6])
{
	return mac[0] & 1;
}

uint32_t ip_mask(unsigned prefix)
{
	assert(prefix <= 32);
	return prefix ? htonl(UINT32_MAX << (32 - prefix)) : 0;
}
