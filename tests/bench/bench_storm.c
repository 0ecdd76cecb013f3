/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: a storm of who-has frames: processor time a frame, frames lost, beside other programs. */
#include <config.h>

#include "bench.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <string.h>

static double span = 5;

static void print_row(const char *name, uint64_t sent, struct usage a, struct usage b, const char *lost)
{
	tap_note("%-28s %9.0f frames/s  %6.3f us CPU a frame  rss %.1f MiB  lost: %s", name,
		(double)sent / span, (b.cpu_s - a.cpu_s) * 1e6 / (double)sent, b.rss_mib, lost);
}

/* recording: where to, or NULL. */
static void live_screen(struct ns_pair *l, const char *recording)
{
	const char *words[] = { arplab(), "live", "-i", "eth0",
		recording ? "--record" : NULL, recording, NULL };
	char lost[64] = "?";
	struct pty *p = pty_start(&(struct pty_options){ .argv = words, .rows = 40, .columns = 120 });
	pty_seconds_until(p, "ARP cache");
	/* Until its capture is open. */
	for (int i = 0; i < 1000 && !pty_shows(p, "frames 1", 50); i++)
		ns_send(l, &(struct ns_arp){ .op = 1, .sip = PEER_IP, .tip = "10.0.0.1" });
	struct usage a = usage_of(pty_pid(p));
	pid_t sender = fork();
	if (sender == 0) {
		uint64_t sent = storm_send(l, span);
		char path[64];
		snprintf(path, sizeof path, "/tmp/arplab-storm-%d", (int)getppid());
		FILE *f = fopen(path, "we");
		if (f) {
			fprintf(f, "%llu", (unsigned long long)sent);
			fclose(f);
		}
		_exit(0);
	}
	size_t drawn = pty_written(p);
	/* The screen goes on being drawn: somebody has to look at it. */
	for (double end = seconds() + span + 0.5; seconds() < end;)
		pty_read(p, 20);
	waitpid(sender, NULL, 0);
	char path[64], text[64];
	snprintf(path, sizeof path, "/tmp/arplab-storm-%d", (int)getpid());
	slurp(path, text, sizeof text);
	unlink(path);
	struct usage b = usage_of(pty_pid(p));
	char *screen = pty_text(p);
	const char *dropped = strstr(screen, "dropped ");
	if (dropped)
		snprintf(lost, sizeof lost, "%.*s", (int)strcspn(dropped + 8, " "), dropped + 8);
	print_row(recording ? "arplab live --record" : "arplab live (screen)", strtoull(text, NULL, 10), a, b, lost);
	tap_note("    drawn: %zu bytes; head: %.*s", pty_written(p) - drawn,
		(int)strcspn(screen, "\n"), screen);
	free(screen);
	pty_key(p, "q");
	pty_wait(p, PATIENCE_MS);
	pty_free(p);
}

/* A program that is started by a shell command and says what it lost on standard error. */
static void other(struct ns_pair *l, const char *name, const char *command, const char *ready)
{
	char lost[128] = "?";
	const char *words[] = { "sh", "-c", command, NULL };
	struct proc *p = proc_start(&(struct proc_options){ .argv = words });
	if (ready)
		proc_wait_err(p, ready, PATIENCE_MS);
	/* What it prints goes to /dev/null by the command; a moment for its capture to open. */
	proc_read(p, 500);
	struct usage a = usage_of(p->pid);
	uint64_t sent = storm_send(l, span);
	proc_read(p, 500);
	struct usage b = usage_of(p->pid);
	kill(p->pid, SIGINT);
	proc_wait(p, PATIENCE_MS);
	const char *said = strstr(p->err_text, "dropped by kernel");
	if (said) {
		while (said > p->err_text && said[-1] != '\n')
			said--;
		snprintf(lost, sizeof lost, "%.*s", (int)strcspn(said, " "), said);
	}
	print_row(name, sent, a, b, lost);
	proc_free(p);
}

static void storm(void *arg)
{
	struct ns_pair *l = arg;
	char command[512];
	char recording[64];
	snprintf(recording, sizeof recording, "/tmp/arplab-storm-%d.arplab", (int)getpid());
	live_screen(l, NULL);
	live_screen(l, recording);
	unlink(recording);
	snprintf(command, sizeof command, "exec %s monitor -i eth0 >/dev/null", arplab());
	other(l, "arplab monitor", command, NULL);
	snprintf(command, sizeof command, "exec %s monitor -i eth0 --json >/dev/null", arplab());
	other(l, "arplab monitor --json", command, NULL);
	snprintf(command, sizeof command, "exec %s monitor -i eth0 --record %s >/dev/null",
		arplab(), recording);
	other(l, "arplab monitor --record", command, NULL);
	unlink(recording);
	if (have("tcpdump")) {
		other(l, "tcpdump -w", "exec tcpdump -Z root -i eth0 -w /dev/null arp", "listening");
		other(l, "tcpdump (printing)", "exec tcpdump -Z root -n -i eth0 arp >/dev/null",
			"listening");
	}
	if (have("tshark"))
		other(l, "tshark (printing)", "exec tshark -n -i eth0 -f arp >/dev/null", "Capturing");
}

static const struct tap_case cases[] = { { "storm", storm } };

int main(int argc, char **argv)
{
	struct ns_pair l;
	if (argc > 1)
		span = strtod(argv[1], NULL);
	ns_open(&l);
	return tap_run(cases, 1, &l);
}
