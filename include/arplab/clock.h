/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: the two clocks, read only by the loops and the helper, never by a pure part. */
#ifndef ARPLAB_CLOCK_H
#define ARPLAB_CLOCK_H

#include <stdint.h>

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)

/* Wall-clock time in nanoseconds since 1970, as captures stamp frames. */
uint64_t clock_wall_ns(void);
/* Time that never jumps, for deadlines. */
uint64_t clock_steady_ns(void);

#endif
