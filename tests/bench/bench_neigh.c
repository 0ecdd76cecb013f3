/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: a large neighbour table: time until it is on the screen; then a burst of changes. */
#include <config.h>

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
	struct ns_pair lab;
	size_t count, burst;
	char dir[128];
};

/* 1,234,567 */
static const char *grouped(size_t n, char text[static 32])
{
	char plain[32];
	int len = snprintf(plain, sizeof plain, "%zu", n), at = 0;
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = plain[i];
	}
	text[at] = '\0';
	return text;
}

static void table(void *arg)
{
	struct bench *b = arg;
	char path[256], number[32], text[64];
	double cpu;
	snprintf(path, sizeof path, "%s/batch", b->dir);
	neigh_batch(path, "replace", b->count);
	tap_note("making %zu entries: %.2f s", b->count, neigh_run(path));
	double wall = command_seconds("ip neigh show", &cpu);
	tap_note("ip neigh show       %.3f s, CPU %.3f s", wall, cpu);

	const char *words[] = { arplab(), "live", NULL };
	snprintf(text, sizeof text, "ARP cache  %s", grouped(b->count, number));
	double start = seconds();
	struct pty *p = pty_start(&(struct pty_options){ .argv = words, .rows = 40, .columns = 120 });
	pty_seconds_until(p, text);
	struct usage u = usage_of(pty_pid(p));
	tap_note("arplab live         %.3f s until complete, CPU %.3f s, rss %.1f MiB, %.1f bytes "
		 "an entry",
		seconds() - start, u.cpu_s, u.rss_mib, u.rss_mib * 1048576 / (double)b->count);
	start = seconds();
	pty_type(p, "/10.1.2.77");
	pty_key(p, "Enter");
	pty_settle(p, 100);
	tap_note("    search          %.3f s and 0.1 s of quiet", seconds() - start);

	/* The burst: what is there goes, and the table is the kernel's again. */
	if (b->burst) {
		size_t left = b->count - b->burst;
		neigh_batch(path, "del", b->burst);
		double burst = neigh_run(path);
		start = seconds();
		snprintf(text, sizeof text, "ARP cache  %s", grouped(left, number));
		pty_seconds_until(p, text);
		char *screen = pty_text(p);
		const char *again = strstr(screen, "reread ");
		tap_note("burst of %zu changes in %.2f s: followed %.3f s after its end, %.*s",
			b->burst, burst, seconds() - start, again ? 12 : 0, again ? again : "");
		free(screen);
	}
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
}

static const struct tap_case cases[] = { { "neighbours", table } };

int main(int argc, char **argv)
{
	static struct bench b = { .count = 1000000, .burst = 400000 };
	if (argc > 1)
		b.count = strtoul(argv[1], NULL, 10);
	if (argc > 2 || b.burst > b.count)
		b.burst = argc > 2 ? strtoul(argv[2], NULL, 10) : b.count / 2;
	ns_open(&b.lab);
	temporary(b.dir, sizeof b.dir);
	int status = tap_run(cases, 1, &b);
	temporary_remove(b.dir);
	return status;
}
