/* SPDX-License-Identifier: GPL-2.0-or-later */
/* e2e: orders and claims in the words of lessons, for a front without a screen. */
#ifndef TESTS_LABWORDS_H
#define TESTS_LABWORDS_H

#include "labfront.h"

/* Carry out an order on all of its machines: "ping client 192.168.2.101". The last error. */
int front_order(struct front *f, const struct topology *t, const char *line);
/* The action of an order's first machine. */
struct action front_action(const struct front *f, const struct topology *t, const char *line);
/* Fail the case unless the claim comes true. Frames count from the lab's beginning on. */
void expect_claim(struct front *f, const struct topology *t, const char *line);
/* Fail unless the newest answer holds these words. */
void expect_said(const struct front *f, const char *words);
/* What the newest ping, arping or datagram has brought. */
const struct tried *newest_tried(const struct front *f);

#endif
