/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: a lab's machines by name and colour, and its addresses in short. */
#ifndef ARPLAB_LAB_TEXT_H
#define ARPLAB_LAB_TEXT_H

#include "panes.h"

/* How long it is shown that an entry has come to another MAC. */
#define FLIP_SHOWN_NS UINT64_C(30000000000)

/* A machine's name in its colour, cut to `columns`. Returns the column behind it. */
int put_machine(struct canvas *c, int row, int column, int columns, enum role role,
	const struct model *m, uint16_t node);
/*
 * Who has a MAC: the machine in its colour, "all" for broadcast, or the MAC itself where it is
 * nobody's. sender: the machine to name when it is not 0, whatever the MAC.
 */
int put_owner(struct canvas *c, int row, int column, int columns, enum role role,
	const struct model *m, uint16_t sender, const uint8_t mac[6]);
/* The same as text. */
void text_owner(struct text *t, const struct model *m, const uint8_t mac[6]);
/* Cells that the longest name of a machine takes. */
int names_width(const struct model *m);
/* Whole, or in short: ".200" in the network of the first machine, ".55.6" elsewhere. */
void text_lab_ip(struct text *t, const struct model *m, uint32_t ip, bool whole);
/* Cells that the longest of those takes among the addresses in the caches. */
int short_ips_width(const struct model *m);
/* Whether several machines hold an address. */
bool is_shared(const struct model *m, uint32_t ip);
/* The step that is being played, or NULL. */
const struct step *played_step(const struct screen *s);
/* "6" of "06-arp-ignore" and of "ticket-06-name"; 0 where the id begins with no number. */
unsigned lesson_number(const char *id);

#endif
