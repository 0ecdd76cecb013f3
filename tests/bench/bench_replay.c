/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench: recordings: what writing one costs an event, how long a million events take until they are
 * loaded, applied, on the screen at their end, and printed.
 */
#include <config.h>

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arplab/conflict.h>
#include <arplab/past.h>
#include <arplab/text.h>
#include <arplab/world.h>

#include "../fuzz/seeds.h"
#include "../support/recordings.h"

#define EVENTS_DEFAULT 1000000
#define BLOCK_BYTES 65536
#define GAP_NS UINT64_C(10000) /* 100,000 frames a second. */

static uint64_t events = EVENTS_DEFAULT;
static struct tape tape;

/* A storm: frames of a hundred machines; and now and then an entry changes. */
static struct event event_number(uint64_t i)
{
	struct event e;
	bool neigh = i % 100 == 99;
	seed_event(neigh ? EVENT_NEIGH : EVENT_FRAME, &e);
	e.at_ns = TAPE_BEGAN_NS + i * GAP_NS;
	if (neigh) {
		e.neigh.mac[5] = (uint8_t)(i / 100);
		return e;
	}
	static const uint8_t who_has[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0, 8,
		6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 0, 192, 168, 1, 0, 0, 0, 0, 0, 0, 0, 192,
		168, 1, 1 };
	memcpy(e.frame.bytes, who_has, sizeof who_has);
	e.frame.bytes[11] = e.frame.bytes[27] = e.frame.bytes[31] = (uint8_t)(i % 100 + 50);
	e.frame.number = i + 1;
	return e;
}

/* What the recorder does with each, but for the disk. */
static void make(void)
{
	_Alignas(8) static uint8_t block[BLOCK_BYTES];
	struct event e;
	size_t len = 0;
	uint32_t count = 0;
	uint64_t at_ns = 0;
	tape_begin(&tape, SCOPE_HOST);
	seed_event(EVENT_HELLO, &e);
	e.at_ns = TAPE_BEGAN_NS;
	tape_event(&tape, &e);
	for (uint64_t i = 0; i < events; i++) {
		e = event_number(i);
		if (len + e.size > sizeof block) {
			tape_block(&tape, RECORDING_EVENTS, count, block, len, at_ns);
			len = count = 0;
		}
		memcpy(block + len, &e, e.size);
		len += e.size;
		count++;
		at_ns = e.at_ns - TAPE_BEGAN_NS;
	}
	tape_block(&tape, RECORDING_EVENTS, count, block, len, at_ns);
	tape_end(&tape);
}

static void writing(void *arg)
{
	uint64_t bytes = 0;
	(void)arg;
	double start = seconds();
	for (uint64_t i = 0; i < events; i++)
		bytes += event_number(i).size;
	double alone = seconds() - start;
	start = seconds();
	make();
	check(bytes < tape.len, "not all was written");
	tap_note("%llu events, %.0f MB: written in %.0f ns an event", (unsigned long long)events,
		(double)tape.len / 1e6, (seconds() - start - alone) / (double)events * 1e9);
}

/* All that the screen does with each event but drawing. */
static double apply_all(struct recording *r)
{
	struct recording_item item;
	struct world *w = calloc(1, sizeof *w);
	struct past *past = past_new();
	struct conflicts *conflicts = conflicts_new();
	double start = seconds();
	world_init(w, MODEL_FRAME_RING);
	while (recording_next(r, &item)) {
		past_take(past, w, item.event);
		world_apply(w, item.event);
		conflicts_frame(conflicts, w->machines[0], item.event);
	}
	double took = seconds() - start;
	world_done(w);
	past_free(past);
	conflicts_free(conflicts);
	free(w);
	return took;
}

static void loading(void *arg)
{
	struct err err = { "" };
	(void)arg;
	double start = seconds();
	struct recording *r = tape_open(&tape, &err);
	double loaded = seconds() - start;
	check(r && recording_count(r) == events + 1, "%s", err.text);
	double applied = apply_all(r);
	tap_note("loaded and checked in %.3f s, applied in %.3f s, together %.3f s", loaded,
		applied, loaded + applied);
	recording_free(r);
}

static void write_file(const char *path)
{
	FILE *f = fopen(path, "w");
	check(f && fwrite(tape.bytes, 1, tape.len, f) == tape.len && fclose(f) == 0, "%s", path);
}

static const char *program(void)
{
	const char *path = getenv("ARPLAB");
	return path ? path : "./arplab";
}

/* What the status line says when all frames but so many have come. */
static const char *frames_shown(uint64_t but)
{
	static char line[64];
	struct text t = text_in(line, sizeof line);
	text_put(&t, "frames ");
	text_grouped(&t, events - events / 100 - but);
	return text_end(&t);
}

static void seen(void *arg)
{
	char path[] = "/tmp/arplab-bench-XXXXXX", line[256];
	(void)arg;
	int fd = mkstemp(path);
	check(fd >= 0, "%s", path);
	close(fd);
	write_file(path);
	const char *words[] = { program(), "replay", path, NULL };
	double start = seconds();
	struct pty *p =
		pty_start(&(struct pty_options) { .argv = words, .rows = 40, .columns = 120 });
	pty_expect(p, "who-has");
	double first = seconds() - start;
	pty_key(p, "Space");
	pty_key(p, ":");
	pty_type(p, "goto 100%");
	pty_key(p, "Enter");
	double last = pty_seconds_until(p, frames_shown(0));
	pty_key(p, ",");
	double back = pty_seconds_until(p, frames_shown(1));
	pty_key(p, "q");
	pty_free(p);
	double cpu;
	snprintf(line, sizeof line, "%s replay --text %s", program(), path);
	double text = command_seconds(line, &cpu);
	tap_note("on the screen: the first frame after %.2f s, the end in %.2f s, a step back in "
		 "%.2f s; as lines %.2f s (processor %.2f s)",
		first, last, back, text, cpu);
	unlink(path);
}

static const struct tap_case cases[] = {
	{ "writing", writing },
	{ "loading", loading },
	{ "seen", seen },
};

/* bench_replay [EVENTS] */
int main(int argc, char **argv)
{
	if (argc > 1)
		events = strtoull(argv[1], NULL, 10);
	int status = tap_run(cases, sizeof cases / sizeof *cases, NULL);
	tape_done(&tape);
	return status;
}
