/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: spans of time as people write them. */
#include <config.h>

#include <arplab/app.h>

#include <errno.h>

#include <arplab/clock.h>

#define DURATION_MAX_S (UINT64_C(366) * 86400)

/* Seconds of a unit's letter that is smaller than the one before, or 0. */
static uint64_t unit_of(char letter, uint64_t before)
{
	static const struct {
		char letter;
		uint64_t seconds;
	} units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (units[i].letter == letter && units[i].seconds < before)
			return units[i].seconds;
	return 0;
}

int app_parse_duration(const char *s, uint64_t *ret_ns)
{
	uint64_t sum = 0, unit = UINT64_MAX;
	do {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		uint64_t number = 0;
		for (; *s >= '0' && *s <= '9'; s++)
			if (number <= DURATION_MAX_S)
				number = number * 10 + (uint64_t)(*s - '0');
		/* Seconds need no letter when they stand alone; "1h30" would leave a doubt. */
		if (!*s && unit == UINT64_MAX)
			unit = 1;
		else
			unit = unit_of(*s, unit);
		if (!unit)
			return -EINVAL;
		sum += number * unit; /* Four times at most, and far from the end of 64 bits. */
		if (*s)
			s++;
	} while (*s);
	if (sum == 0 || sum > DURATION_MAX_S)
		return -ERANGE;
	*ret_ns = sum * NS_PER_S;
	return 0;
}
