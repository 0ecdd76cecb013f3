/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what the files of arrows.h share; nobody else includes it. */
#ifndef ARPLAB_ARROWS_PARTS_H
#define ARPLAB_ARROWS_PARTS_H

#include <arplab/arrows.h>

/* Who has a MAC: a machine of the lab, or the MAC itself. */
uint64_t party_id(const struct model *m, const uint8_t mac[6]);
/* The machine of a lab, or 0. */
uint16_t party_node(const struct party *p);
/* Who sent a frame. p: what could be read of it. */
uint64_t party_sender(const struct model *m, const struct event *e, const struct arp_packet *p);
/* The bit of the wire that a frame was seen on. */
uint64_t party_wire(const struct event *e, const struct arp_packet *p);
/* The column of such a one, or that of the others, or -1. */
int parties_column(const struct parties *p, uint64_t id);

#endif
