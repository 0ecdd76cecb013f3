/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pure half, linked whole and alone: a curses, pcap or netlink call in it fails to link. */
#include <stdio.h>

int main(void)
{
	puts("1..1\nok 1 - the pure half links without curses, libpcap and libnl");
	return 0;
}
