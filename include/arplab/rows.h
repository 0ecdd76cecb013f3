/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model: growing arrays of plain rows that keep an order. */
#ifndef ARPLAB_ROWS_H
#define ARPLAB_ROWS_H

#include <stddef.h>

/*
 * Make room for a zeroed row at `place`; the rows behind it move. rows: from malloc, or NULL while
 * *count is 0; its capacity is the next power of two and is not kept anywhere. size: of one row.
 * Returns the array, which may have moved. Ends the program when memory is short.
 */
void *row_insert(void *rows, size_t *count, size_t place, size_t size);
void row_remove(void *rows, size_t *count, size_t place, size_t size);

#endif
