/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: a large capture file: indexed on the screen, printed as lines, as JSON, beside others. */
#include <config.h>

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

struct bench {
	size_t count;
	char dir[128];
};

static void row(const struct bench *b, const char *name, const char *command)
{
	double cpu;
	double wall = command_seconds(command, &cpu);
	tap_note("%-22s %7.2f s  %6.3f us a packet, CPU %6.3f us", name, wall,
		wall * 1e6 / (double)b->count, cpu * 1e6 / (double)b->count);
}

static void reading(void *arg)
{
	struct bench *b = arg;
	char path[256], command[600];
	snprintf(path, sizeof path, "%s/big.pcap", b->dir);
	pcap_make(path, b->count);
	snprintf(command, sizeof command, "cat %s", path);
	row(b, "cat", command);

	const char *words[] = { arplab(), "read", path, NULL };
	double start = seconds();
	struct pty *p = pty_start(&(struct pty_options){ .argv = words, .rows = 40, .columns = 120 });
	pty_seconds_until(p, "who-has / is-at");
	double first = seconds() - start;
	pty_shows(p, "packets so far", 50);
	if (!pty_hides(p, "packets so far", 60000))
		tap_fail(__FILE__, __LINE__, "the file was never read to its end");
	struct usage u = usage_of(pty_pid(p));
	tap_note("%-22s %7.2f s  %6.3f us a packet, CPU %6.3f us; first screen %.1f ms, rss %.1f MiB",
		"arplab read (screen)", seconds() - start, (seconds() - start) * 1e6 / (double)b->count,
		u.cpu_s * 1e6 / (double)b->count, first * 1e3, u.rss_mib);
	char *screen = pty_text(p);
	tap_note("    head: %.120s", screen);
	free(screen);
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);

	snprintf(command, sizeof command, "%s read %s", arplab(), path);
	row(b, "arplab read", command);
	snprintf(command, sizeof command, "%s read --json %s", arplab(), path);
	row(b, "arplab read --json", command);
	if (have("tcpdump")) {
		snprintf(command, sizeof command, "tcpdump -Z root -n -r %s", path);
		row(b, "tcpdump -n -r", command);
	}
	if (have("tshark")) {
		size_t all = b->count;
		b->count = all / 10;
		pcap_make(path, b->count);
		snprintf(command, sizeof command, "tshark -n -r %s", path);
		row(b, "tshark -n -r (a tenth)", command);
		b->count = all;
	}
}

static const struct tap_case cases[] = { { "reading", reading } };

int main(int argc, char **argv)
{
	static struct bench b = { .count = 5000000 };
	if (argc > 1)
		b.count = strtoul(argv[1], NULL, 10);
	temporary(b.dir, sizeof b.dir);
	int status = tap_run(cases, 1, &b);
	temporary_remove(b.dir);
	return status;
}
