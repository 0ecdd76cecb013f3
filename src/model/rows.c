/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: growing arrays of plain rows that keep an order. */
#include <config.h>

#include <arplab/rows.h>

#include <stdlib.h>
#include <string.h>

void *row_insert(void *rows, size_t *count, size_t place, size_t size)
{
	/* Capacity is the next power of two, so it need not be kept. */
	if ((*count & (*count - 1)) == 0) {
		rows = reallocarray(rows, *count ? *count * 2 : 1, size);
		if (!rows)
			abort();
	}
	char *at = (char *)rows + place * size;
	memmove(at + size, at, (*count - place) * size);
	memset(at, 0, size);
	(*count)++;
	return rows;
}

void row_remove(void *rows, size_t *count, size_t place, size_t size)
{
	char *at = (char *)rows + place * size;
	(*count)--;
	memmove(at, at + size, (*count - place) * size);
}
