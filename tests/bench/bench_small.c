/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: the first screen, a quiet network, a toggle. */
#include <config.h>

#include "bench.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static double quiet_s = 60;

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double true_once(void)
{
	double start = seconds();
	const char *words[] = { "true", NULL };
	struct pty *p = pty_start(&(struct pty_options){ .argv = words });
	waitpid(pty_pid(p), NULL, 0);
	double took = seconds() - start;
	pty_free(p);
	return took;
}

/* From fork to the key bar at the bottom, read as quickly as it comes. */
static double screen_once(void)
{
	const char *words[] = { arplab(), "live", NULL };
	double start = seconds();
	struct pty *p = pty_start(&(struct pty_options){ .argv = words });
	pty_seconds_until(p, "? help");
	double took = seconds() - start;
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
	return took;
}

static void start(void *arg)
{
	enum { RUNS = 50 };
	double screens[RUNS], trues[RUNS];
	(void)arg;
	for (int i = 0; i < RUNS; i++) {
		screens[i] = screen_once();
		trues[i] = true_once();
	}
	qsort(screens, RUNS, sizeof *screens, by_size);
	qsort(trues, RUNS, sizeof *trues, by_size);
	tap_note("first full screen, 80x24   median %.2f ms, best %.2f ms; true: %.2f ms, %.2f ms",
		screens[RUNS / 2] * 1e3, screens[0] * 1e3, trues[RUNS / 2] * 1e3, trues[0] * 1e3);
}

static void quiet(void *arg)
{
	const char *words[] = { arplab(), "live", NULL };
	(void)arg;
	struct pty *p = pty_start(&(struct pty_options){ .argv = words });
	pty_seconds_until(p, "? help");
	for (double end = seconds() + 3; seconds() < end;)
		pty_read(p, 100);
	struct usage a = usage_of(pty_pid(p));
	double from = seconds();
	for (double end = from + quiet_s; seconds() < end;)
		pty_read(p, 1000);
	struct usage b = usage_of(pty_pid(p));
	double took = seconds() - from;
	tap_note("quiet network              CPU %.4f s/min, %.2f wake-ups/s, PSS %.1f MiB together",
		(b.cpu_s - a.cpu_s) * 60 / took, (double)(b.switches - a.switches) / took, b.pss_mib);
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
}

static void toggle(void *arg)
{
	enum { RUNS = 20000, KEYS = 50 };
	(void)arg;
	int fd = open("/proc/sys/net/ipv4/conf/eth0/arp_ignore", O_RDWR | O_CLOEXEC);
	double from = seconds();
	for (int i = 0; i < RUNS; i++)
		if (pwrite(fd, i % 2 ? "0" : "1", 1, 0) != 1)
			break;
	tap_note("toggle                     write to a kept descriptor %.2f us",
		(seconds() - from) * 1e6 / RUNS);
	close(fd);
	if (have("sysctl")) {
		from = seconds();
		for (int i = 0; i < 20; i++)
			command_seconds("sysctl -q -w net.ipv4.conf.eth0.arp_ignore=0", NULL);
		tap_note("                           sysctl -w %.0f us", (seconds() - from) * 1e6 / 20);
	}
	/* From the key to the value in the kernel, journal and all. */
	char dir[128];
	temporary(dir, sizeof dir);
	const char *words[] = { arplab(), "live", "--write", "--state", dir, NULL };
	struct pty *p = pty_start(&(struct pty_options){ .argv = words });
	pty_seconds_until(p, "0=0");
	double total = 0;
	for (int i = 0; i < KEYS; i++) {
		pty_type(p, ":set eth0.arp_ignore=1");
		pty_settle(p, 20);
		from = seconds();
		pty_key(p, "Enter");
		while (sysctl_get("conf/eth0/arp_ignore") != 1)
			;
		total += seconds() - from;
		pty_expect(p, "ignore 1");
		pty_key(p, "u");
		pty_expect(p, "ignore 0");
	}
	tap_note("                           from the key to the kernel %.0f us", total * 1e6 / KEYS);
	pty_signal(p, 15);
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
	temporary_remove(dir);
}

static const struct tap_case cases[] = {
	{ "start", start },
	{ "toggle", toggle },
	{ "quiet", quiet },
};

int main(int argc, char **argv)
{
	struct ns_pair l;
	if (argc > 1)
		quiet_s = strtod(argv[1], NULL);
	ns_open(&l);
	return tap_run(cases, sizeof cases / sizeof *cases, &l);
}
