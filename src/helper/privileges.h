/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what a process may still do, as sets of capabilities (bit n is capability n). */
#ifndef ARPLAB_PRIVILEGES_H
#define ARPLAB_PRIVILEGES_H

#include <stdint.h>

/* The capabilities that are in effect, or 0 if the kernel does not say. */
uint64_t privileges_effective(void);
/* Put these in effect, as far as they are permitted; the permitted set stays. 0 or -errno. */
int privileges_use(uint64_t set);
/*
 * Keep at most these, for good: the permitted, effective and bounding sets shrink to them, the
 * inheritable and ambient sets are emptied, and no program started later can have more. User and
 * groups stay. Returns 0 or -errno; the sets have then been read back from the kernel.
 */
int privileges_keep(uint64_t set);

#endif
