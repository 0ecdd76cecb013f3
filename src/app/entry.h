/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: words that say what a neighbour entry is like: its state, and its age. */
#ifndef ARPLAB_ENTRY_H
#define ARPLAB_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/err.h>

/*
 * A state by its name in any case, "none" for 0, and whether an entry in it has a MAC.
 * Returns 0, or -EINVAL and a sentence.
 */
int entry_state(const char *word, uint16_t *ret, bool *ret_mac, struct err *err);
/* "500ms", "5s", "2m", "0". Returns 0, or -EINVAL and a sentence. */
int entry_age(const char *word, uint64_t *ret_ns, struct err *err);

#endif
