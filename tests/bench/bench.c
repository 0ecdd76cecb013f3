/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: measuring from /proc, and traffic at the highest rate. */
#include <config.h>

#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define FRAME_LEN 60

double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Nanoseconds on a processor: the first number of schedstat; else the ticks of stat. */
static double cpu_of(pid_t pid)
{
	char path[64], text[1024];
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	if (slurp(path, text, sizeof text) > 0 && strtod(text, NULL) > 0)
		return strtod(text, NULL) / 1e9;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	unsigned long user = 0, system = 0;
	if (slurp(path, text, sizeof text) > 0 && strrchr(text, ')'))
		sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &system);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void add_usage(struct usage *u, pid_t pid)
{
	char text[4096], path[64];
	u->cpu_s += cpu_of(pid);
	if (proc_status(pid, "voluntary_ctxt_switches", text, sizeof text))
		u->switches += strtoull(text, NULL, 10);
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	if (slurp(path, text, sizeof text) <= 0)
		return;
	const char *pss = strstr(text, "\nPss:"), *rss = strstr(text, "\nRss:");
	u->pss_mib += pss ? strtod(pss + 5, NULL) / 1024 : 0;
	u->rss_mib += rss ? strtod(rss + 5, NULL) / 1024 : 0;
}

struct usage usage_of(pid_t pid)
{
	struct usage u = { 0 };
	pid_t child = proc_child(pid);
	add_usage(&u, pid);
	if (child)
		add_usage(&u, child);
	return u;
}

uint64_t storm_send(struct ns_pair *l, double for_s)
{
	static uint8_t frames[BATCH][FRAME_LEN];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = { 0 };
	for (size_t i = 0; i < BATCH; i++) {
		static const uint8_t head[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8,
			6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 192, 168, 77, 2 };
		memcpy(frames[i], head, sizeof head);
		/* For nobody: the receiver's kernel is not to be measured. */
		frames[i][38] = 10;
		frames[i][40] = (uint8_t)(i >> 8);
		frames[i][41] = (uint8_t)i;
		parts[i] = (struct iovec){ frames[i], FRAME_LEN };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	uint64_t sent = 0;
	for (double end = seconds() + for_s; seconds() < end;) {
		int n = sendmmsg(l->wire, messages, BATCH, 0);
		if (n > 0)
			sent += (uint64_t)n;
		else if (errno != EAGAIN && errno != ENOBUFS && errno != EINTR)
			tap_fail(__FILE__, __LINE__, "sendmmsg: %s", strerror(errno));
	}
	return sent;
}

void neigh_batch(const char *path, const char *verb, size_t count)
{
	FILE *f = fopen(path, "we");
	check(f, "%s: %s", path, strerror(errno));
	for (size_t i = 0; i < count; i++) {
		unsigned a = (unsigned)(i >> 16), b = (unsigned)(i >> 8 & 255), c = (unsigned)(i & 255);
		fprintf(f, "neigh %s 10.%u.%u.%u lladdr 02:%02x:%02x:%02x:00:01 dev eth0 nud permanent\n",
			verb, a, b, c, a, b, c);
	}
	check(fclose(f) == 0, "%s: %s", path, strerror(errno));
}

double neigh_run(const char *path)
{
	char command[300];
	snprintf(command, sizeof command, "ip -force -batch %s", path);
	return command_seconds(command, NULL);
}

void pcap_make(const char *path, size_t count)
{
	FILE *f = fopen(path, "we");
	check(f, "%s: %s", path, strerror(errno));
	static char buffer[1 << 20];
	setvbuf(f, buffer, _IOFBF, sizeof buffer);
	const uint32_t head[] = { 0xa1b23c4d, 0x00040002, 0, 0, 65535, 1 };
	fwrite(head, sizeof head, 1, f);
	uint8_t frame[FRAME_LEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8,
		0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 1 };
	for (size_t i = 0; i < count; i++) {
		const uint32_t packet[] = { (uint32_t)(1700000000 + i / 100000),
			(uint32_t)(i % 100000 * 10000), FRAME_LEN, FRAME_LEN };
		fwrite(packet, sizeof packet, 1, f);
		/* Few addresses: tcpdump keeps a list of all that it has printed, and slows down. */
		frame[38] = 10;
		frame[41] = (uint8_t)i;
		fwrite(frame, sizeof frame, 1, f);
	}
	check(fclose(f) == 0, "%s: %s", path, strerror(errno));
}

double pty_seconds_until(struct pty *p, const char *text)
{
	double start = seconds();
	if (!pty_shows(p, text, 60000)) {
		char *screen = pty_text(p);
		tap_note("%s", screen);
		free(screen);
		tap_fail(__FILE__, __LINE__, "\"%s\" never came", text);
	}
	return seconds() - start;
}

double command_seconds(const char *command, double *ret_cpu)
{
	char quiet[1024];
	struct rusage usage;
	snprintf(quiet, sizeof quiet, "%s >/dev/null 2>&1", command);
	double start = seconds();
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", quiet, (char *)NULL);
		_exit(127);
	}
	int status;
	wait4(pid, &status, 0, &usage);
	double took = seconds() - start;
	if (ret_cpu)
		*ret_cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6 +
			(double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6;
	return took;
}

bool have(const char *program)
{
	char command[128];
	snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
	return system(command) == 0;
}
