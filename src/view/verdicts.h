/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view: what a frame comes to at the machines that it reached, and why its sender is what it is. */
#ifndef ARPLAB_VERDICTS_H
#define ARPLAB_VERDICTS_H

#include <arplab/frame.h>
#include <arplab/past.h>
#include <arplab/rules.h>
#include <arplab/sender.h>

#include "panes.h"

/* A who-has at one machine. */
struct judged {
	uint16_t node; /* 0: the host itself. */
	int32_t ifindex;
	const struct host *host;
	struct arrival arrival;
	struct verdict verdict;
	enum seen seen;
};

#define JUDGED_MAX NODES_MAX

/*
 * Ask the rules about a who-has for every machine that it reached: of a lab all, else the one whose
 * frames are shown. Returns how many; none for other frames, and where the facts are not known.
 */
size_t verdicts_of(const struct screen *s, const struct model *m, uint64_t position,
	const struct event *e, struct judged ret[JUDGED_MAX]);
/* Whether the machine that the frame was captured on is its sender. */
bool verdicts_sent(const struct model *m, const struct event *e, const struct arp_packet *p);
/* Whether a machine sent the frame as a question of its own, and why with this sender. */
bool verdicts_sender(const struct screen *s, const struct model *m, const struct event *e,
	const struct arp_packet *p, struct sender *ret);

/* Whether a line about a frame stands under its row. */
bool verdict_line_shown(
	const struct screen *s, const struct model *m, uint64_t position, const struct event *e);
void verdict_line_draw(const struct screen *s, const struct model *m, struct canvas *c,
	struct rect r, uint64_t position, const struct event *e);

/* The part of a frame's detail that says why: verdicts, ladder, what was seen, what it changed. */
int detail_why(const struct screen *s, const struct model *m, struct canvas *c, struct rect r,
	uint64_t position, const struct event *e);

#endif
