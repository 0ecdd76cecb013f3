/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: what the tests of the lab look at, and how they run as root and as an ordinary user. */
#ifndef TESTS_LABCHECKS_H
#define TESTS_LABCHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "labfront.h"
#include "tap.h"

#define VIP "192.168.2.200"

enum { CLIENT = 1, DIRECTOR, RS1, RS2 };

/* Each fails the case if there is no such thing. */
const struct model *machine(const struct front *f, uint16_t node);
int32_t ifindex_of(const struct front *f, uint16_t node, const char *name);
int32_t sysctl_of(const struct front *f, uint16_t node, const char *conf, const char *key);
void expect_sysctl(
	const struct front *f, uint16_t node, const char *conf, const char *key, int32_t wanted);
/* Build, and fail unless all is there when that is answered. */
void expect_built(struct front *f, const struct topology *t);
/* Act, and fail unless it is answered with that error, or with none, and with these words. */
void expect_refused(struct front *f, struct action a, int error, const char *words);
void expect_done(struct front *f, struct action a, const char *words);
/* An interface is there, up and captured; all addresses are there. */
void expect_iface(const struct front *f, const struct topology *t, size_t i);
void expect_addrs(const struct front *f, const struct topology *t);
bool has_addr(const struct model *m, uint32_t ip, int32_t ifindex, uint8_t prefix);

/* A front with a fresh lvs-dr. */
void open_lvs_dr(struct front *f);
/* As many machines as there may be, on one LAN. */
void topo_lan(struct topology *t, int machines);

/* Run all cases; as root all of them again as an ordinary user. The status for main(). */
int run_twice(const struct tap_case *cases, size_t count);

#endif
