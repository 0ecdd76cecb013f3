/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: IPv4 and MAC addresses read from text. Writing them is text.h's. */
#ifndef ARPLAB_ADDR_H
#define ARPLAB_ADDR_H

#include <stdbool.h>
#include <stdint.h>

/* Dotted quad, the whole string. ret: network order. Returns 0 or -EINVAL; *ret only on success. */
int ip_parse(const char *s, uint32_t *ret);
/* Six pairs of hexadecimal digits with ':' or '-' between them. Returns 0 or -EINVAL. */
int mac_parse(const char *s, uint8_t ret[6]);
bool mac_is_zero(const uint8_t mac[6]);
bool mac_is_broadcast(const uint8_t mac[6]);
/* The group bit: multicast or broadcast. */
bool mac_is_group(const uint8_t mac[6]);
/* The network mask of a prefix length 0..32, in network order. */
uint32_t ip_mask(unsigned prefix);

#endif
