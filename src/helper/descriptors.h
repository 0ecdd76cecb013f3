/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: descriptors that a child does not inherit. */
#ifndef ARPLAB_DESCRIPTORS_H
#define ARPLAB_DESCRIPTORS_H

/* Close all descriptors but the standard streams and these two. -1: none. */
void close_others(int a, int b);

#endif
