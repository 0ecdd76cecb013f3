/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what there is to say of one machine of a lab, a row each. */
#ifndef ARPLAB_MACHINE_TEXT_H
#define ARPLAB_MACHINE_TEXT_H

#include "lab_text.h"

enum machine_row_kind {
	ROW_NAME,    /* The machine, with its first address. */
	ROW_ADDRESS, /* Another address. */
	ROW_LINK,    /* An interface without an address, or one that is down. */
	ROW_SYSCTLS, /* What is not 0 of an interface; of all of them alike with ifindex 0. */
	ROW_VIRTUAL, /* A virtual service; index: its number among the world's. */
	ROW_REAL,    /* A real server of it; ifindex: its number there. */
	ROW_SERVED,  /* Connections that the machine has answered. */
};

bool is_loopback(const struct model *m, int32_t ifindex);
/* "up", "down", or "noarp" where the interface neither asks nor answers. */
const char *machine_link_state(const struct model *m, int32_t ifindex);
/* Add the rows of a machine, its name first. */
void machine_rows_add(struct machine_view *v, const struct model *m, uint16_t node);
/*
 * What a row says, but for the machine's name. whole: addresses with all octets; arrow: stands
 * between a sysctl's own and effective value.
 */
void machine_row_text(struct text *t, const struct model *m, const struct machine_row *row,
	bool whole, const char *arrow);

#endif
