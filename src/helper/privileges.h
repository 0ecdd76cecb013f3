/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what a process may still do, as sets of capabilities (bit n is capability n). */
#ifndef ARPLAB_PRIVILEGES_H
#define ARPLAB_PRIVILEGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <arplab/err.h>

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
/*
 * Who has started the program, where that is not who it runs as. A set-user-ID program belongs to
 * its caller whatever the environment says; under sudo the environment names the caller.
 * Returns false when it is the right user already, and writes nothing.
 */
bool privileges_person(uid_t *ret_uid, gid_t *ret_gid);
/* Be that user, in no other group. Returns 0, or -errno and a sentence. */
int privileges_become(uid_t uid, gid_t gid, struct err *err);

#endif
