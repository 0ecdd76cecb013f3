/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tests: chance that can be repeated: each host and each case has numbers of its own. */
#include <config.h>

#include "kernel.h"

/* splitmix64, of Sebastiano Vigna: any seed is good. */
uint32_t rng_u32(struct rng *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) >> 32);
}

struct rng rng_of(uint64_t seed, uint64_t number)
{
	struct rng r = { seed };
	uint64_t mixed = (uint64_t)rng_u32(&r) << 32;
	mixed |= rng_u32(&r);
	return (struct rng) { mixed ^ number * 0xd1342543de82ef95u };
}

unsigned rng_below(struct rng *r, unsigned n)
{
	return (unsigned)((uint64_t)rng_u32(r) * n >> 32);
}

bool rng_percent(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}

/* One of several numbers; weights are made by naming one more than once. */
int rng_one(struct rng *r, const int *of, size_t count)
{
	return of[rng_below(r, (unsigned)count)];
}
