/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: the ladder's window over 100,000 frames: brought up to date and drawn. */
#include <config.h>

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include <arplab/screen.h>

#include "../unit/past.h"

enum { FRAMES = 100000, ROUNDS = 200, RING = 32 << 20, ROWS = 60, COLUMNS = 200, MACHINES = 8 };

#define GAP_NS (100 * US) /* 10,000 frames a second. */

struct seat {
	struct scene scene;
	struct screen s;
	struct canvas c;
};

static struct model *shown(struct seat *t)
{
	return t->scene.w.machines[0];
}

/* A screen before a world that was just made, with room for all frames. */
static void sit_down(struct seat *t, bool lab)
{
	frames_done(&shown(t)->frames);
	frames_init(&shown(t)->frames, RING);
	screen_init(&t->s);
	t->s.past = t->scene.p;
	t->s.lab.on = lab;
	screen_resize(&t->s, ROWS, COLUMNS);
	canvas_init(&t->c, ROWS, COLUMNS, false);
}

static void stand_up(struct seat *t)
{
	canvas_done(&t->c);
	screen_done(&t->s);
	past_close(&t->scene);
}

/* Each asks all for the next one, is answered, and learns from that. */
static void fill_lab(struct seat *t)
{
	for (uint64_t i = 0; i < FRAMES; i += 2) {
		uint64_t at_ns = 2 * NS_PER_S + i * GAP_NS;
		uint16_t from = (uint16_t)(i / 2 % MACHINES + 1);
		uint16_t to = (uint16_t)(from % MACHINES + 1);
		sent(&t->scene, at_ns, from, 0, ARP_OP_REQUEST, LAN_IP(from), LAN_IP(to));
		sent(&t->scene, at_ns + GAP_NS, to, from, ARP_OP_REPLY, LAN_IP(to), LAN_IP(from));
		/* Each entry changes a few times a second. */
		if (i % 1000 < 2 * MACHINES)
			say(&t->scene, from, at_ns + GAP_NS + 20 * US,
				entry(LAN_IP(to), i / 1000 % 2 ? NUD_STALE : NUD_REACHABLE, to));
	}
}

/* A hundred machines ask for the host's address, or for another. */
static void fill_host(struct seat *t)
{
	for (uint64_t i = 0; i < FRAMES; i++) {
		uint8_t from = (uint8_t)(i % 100 + 50);
		struct event e = make_frame(1, i + 1, 2, ARP_OP_REQUEST, ip4(192, 168, 2, from),
			i % 2 ? LAN_IP(0) : ip4(192, 168, 2, 7));
		e.frame.bytes[6 + 5] = e.frame.bytes[22 + 5] = from;
		captured(&t->scene, 2 * NS_PER_S + i * GAP_NS, e);
		if (i % 1000 < 100)
			say(&t->scene, 0, 2 * NS_PER_S + i * GAP_NS + 20 * US,
				make_neigh(1, 2, ip4(192, 168, 2, from),
					i / 1000 % 2 ? NUD_STALE : NUD_DELAY,
					0x020000000100 | from));
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Each round elsewhere among the frames. */
static double median_ms(struct seat *t)
{
	double took[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		double start = seconds();
		screen_update(&t->s, shown(t));
		screen_draw(&t->s, shown(t), &t->c);
		took[i] = (seconds() - start) * 1e3;
		screen_move(&t->s, shown(t), i % 2 ? 300 : -700);
	}
	qsort(took, ROUNDS, sizeof *took, by_size);
	return took[ROUNDS / 2];
}

static void measure(struct seat *t, const char *what)
{
	past_settle(t->scene.p, &t->scene.w);
	screen_focus(&t->s, PANE_FRAMES);
	double lines = median_ms(t);
	screen_ladder(&t->s, shown(t));
	double ladder = median_ms(t);
	t->s.zoomed = true;
	screen_resize(&t->s, ROWS, COLUMNS);
	tap_note("%s, %zu frames: as lines %.2f ms, as a ladder %.2f ms, alone on the screen "
		 "%.2f ms",
		what, (size_t)shown(t)->frames.count, lines, ladder, median_ms(t));
}

static void host(void *arg)
{
	struct seat t = { 0 };
	(void)arg;
	host_scene(&t.scene);
	sit_down(&t, false);
	fill_host(&t);
	measure(&t, "a host");
	stand_up(&t);
}

static void lab(void *arg)
{
	struct seat t = { 0 };
	(void)arg;
	lab_scene(&t.scene, MACHINES);
	sit_down(&t, true);
	fill_lab(&t);
	measure(&t, "a lab");
	stand_up(&t);
}

static const struct tap_case cases[] = {
	{ "of a host", host },
	{ "of a lab", lab },
};

int main(void)
{
	return tap_run(cases, sizeof cases / sizeof *cases, NULL);
}
