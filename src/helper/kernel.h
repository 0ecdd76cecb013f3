/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: which Linux this is, down to the patch level where that can be found out. */
#ifndef ARPLAB_KERNEL_H
#define ARPLAB_KERNEL_H

#include <stdint.h>

/* The running kernel's version as hello.kernel has it, 0 if its release says no version. */
uint32_t kernel_version(void);
/*
 * Of the texts in which a kernel names itself. release: "5.10.0-28-amd64", whose first two numbers
 * count. Distributions hold its patch level still, so any version in `more` that begins with the
 * same two may give a higher one; the texts there are uname's version ("#1 SMP Debian 5.10.209-2")
 * and Ubuntu's signature ("Ubuntu 5.15.0-91.101-generic 5.15.131").
 * Returns major << 16 | minor << 8 | patch, with 255 for a higher patch, or 0.
 */
uint32_t kernel_version_of(const char *release, const char *more);

#endif
