/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper: the kernel's messages about IPv4's neighbourhood as the events' plain structs.
 *
 * Each function reads one message of the kind it is named after, new or gone. ret must be zeroed
 * before. The result is false for a message that is not for us: another address family, too short,
 * or about less than a whole thing; *ret may then be half written.
 */
#ifndef ARPLAB_NETPARSE_H
#define ARPLAB_NETPARSE_H

#include <stdbool.h>

#include <linux/netlink.h>

#include <arplab/event.h>

bool parse_link(const struct nlmsghdr *m, struct link *ret);
/* order is left 0: it is the place in a dump. */
bool parse_addr(const struct nlmsghdr *m, struct addr *ret);
bool parse_route(const struct nlmsghdr *m, struct route *ret);
bool parse_rule(const struct nlmsghdr *m, struct policy_rule *ret);
bool parse_neigh(const struct nlmsghdr *m, struct neigh *ret);

#endif
