/* SPDX-License-Identifier: GPL-2.0-or-later */
/* helper: what serve.c, which waits for everything, and obey.c, which carries actions out, share.
 */
#ifndef ARPLAB_SERVE_H
#define ARPLAB_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/parts.h>

#include "lab.h"

struct server {
	struct loop loop;
	struct netsource *net;
	struct confs *confs;
	struct captures *captures; /* NULL when nothing is captured. */
	struct changes *changes;
	struct capfile *file; /* File scope; then all others are NULL. */
	struct lab *lab;      /* Lab scope; then all others but tasks are NULL. */
	struct tasks *tasks;  /* What goes on in the lab. */
	int signals, timer;
	bool openings;    /* Captures wait to be opened. */
	bool reading;     /* The file has more. */
	bool reported;    /* The journal has been shown. */
	bool any_changed; /* A change may have altered any sysctl. */
	bool stalled;     /* The front was slow; the parts must be told when it is not. */
	bool ending;
	uint64_t read_ns; /* Steady; when news were read last. */
};

/*
 * Read actions from the front and carry them out, a few at a time. The end of the stream sets
 * s->ending. Nothing is read while there is no room for answers.
 */
void server_obey(struct server *s);
/* Whether the outbox has room for an action's answers. */
bool server_can_obey(const struct server *s);

#endif
