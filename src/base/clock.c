/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base: the two clocks. */
#include <config.h>

#include <arplab/clock.h>

#include <time.h>

static uint64_t now_ns(clockid_t clock)
{
	struct timespec ts = { 0 };
	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t clock_wall_ns(void)
{
	return now_ns(CLOCK_REALTIME);
}

uint64_t clock_steady_ns(void)
{
	return now_ns(CLOCK_MONOTONIC);
}
