/* SPDX-License-Identifier: GPL-2.0-or-later */
/* arp: MACs that routers share by a protocol, known by how they begin. */
#include <config.h>

#include <arplab/conflict.h>

#include <string.h>

/* A MAC is of a protocol if it begins so; the bits that are left are group and forwarder. */
static const struct {
	const char *name;
	uint64_t begins, mask;
	uint64_t group; /* Which of the other bits are the group. */
	unsigned shift;
} protocols[] = {
	{ "VRRP or CARP", 0x00005e000100, 0xffffffffff00, 0xff, 0 },
	{ "HSRP", 0x00000c07ac00, 0xffffffffff00, 0xff, 0 },
	{ "HSRPv2", 0x00000c9ff000, 0xfffffffff000, 0xfff, 0 },
	/* Six bits of zero, ten of the group, eight of the forwarder. */
	{ "GLBP", 0x0007b4000000, 0xfffffffc0000, 0x3ff00, 8 },
};

const char *virtual_mac(const uint8_t mac[6], unsigned *ret_group)
{
	uint64_t number = 0;
	for (int i = 0; i < 6; i++)
		number = number << 8 | mac[i];
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
		if ((number & protocols[i].mask) != protocols[i].begins)
			continue;
		if (ret_group)
			*ret_group =
				(unsigned)((number & protocols[i].group) >> protocols[i].shift);
		return protocols[i].name;
	}
	return NULL;
}
