/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tests: who answers while a lesson is played: a recording (replay.c), or a real lab, of which the
 * recording is made (record.c). A program links one of the two.
 *
 * A recording is lines of events, as event.h has them. A line `> ID ACTION` stands where the
 * program asked for something; what follows, up to the next such line, came before it asked again.
 * The times are those of the recording.
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "show.h"

/* Begin with a recording, and take in what comes unasked. NULL: p->wrong says why. */
struct answers *answers_open(struct show *p, const char *path);
void answers_close(struct answers *a);
/*
 * Read what the program has asked for at p->far, and take in what comes next; where a lesson waits
 * for a moment and nothing else, that moment comes. Returns false when all is at rest.
 */
bool answers_next(struct show *p);

#endif
