/* SPDX-License-Identifier: GPL-2.0-or-later */
/* app: a lab without a screen: its line, its world, and one wait for everything. */
#ifndef ARPLAB_HEADLESS_H
#define ARPLAB_HEADLESS_H

#include <stdbool.h>
#include <stdint.h>

#include <arplab/app.h>
#include <arplab/past.h>
#include <arplab/world.h>

struct recorder;

struct headless {
	struct app_line line;
	struct world world;
	struct past *past;
	void *batch;
	struct recorder *recorder; /* --record, or NULL. */
	int listener;              /* For shells of other terminals; -1 if there is none. */
	uint32_t last_id;
	/* Every event, after it has been applied. */
	void (*feed)(void *arg, const struct event *e);
	void *arg;
};

/* Start the helper of a lab. Returns 0 or -errno and a sentence. */
int headless_open(struct headless *h, const struct app_options *o, struct err *err);
int headless_close(struct headless *h);
/*
 * Wait until something has happened, `wake_ns` (steady clock) has come, or, unless `hands` is -1,
 * that descriptor is readable: then *ret_hands is set. Takes in what has happened.
 * Returns 0, -EPIPE (the helper has ended) or -EINTR (a signal asked to end).
 */
int headless_wait(struct headless *h, uint64_t wake_ns, int hands, bool *ret_hands);
/* Build a topology and wait until it stands. Returns 0, or -errno and a sentence. */
int headless_build(struct headless *h, const struct topology *t, struct err *err);
/* A sentence for what headless_wait() returned: the helper's own last one where there is one. */
int headless_trouble(struct headless *h, int error, struct err *err);

#endif
