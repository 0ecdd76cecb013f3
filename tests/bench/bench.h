/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench: what the benchmarks share: processor time of processes, frames at the highest rate. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ns.h"
#include "proc.h"
#include "pty.h"
#include "tap.h"

struct usage {
	double cpu_s;      /* User and system time. */
	uint64_t switches; /* Wake-ups: voluntary context switches. */
	double pss_mib, rss_mib;
};

/* Of a process and its children together. */
struct usage usage_of(pid_t pid);
double seconds(void);

/* Send who-has frames from the peer for some seconds, as fast as one core does. Their number. */
uint64_t storm_send(struct ns_pair *l, double for_s);
/* Append `count` neighbour commands for `ip -batch` to a file: "add", "del" or "replace". */
void neigh_batch(const char *path, const char *verb, size_t count);
/* Run `ip -batch FILE` in the host's namespace; seconds it took. */
double neigh_run(const char *path);
/* A pcap of `count` ARP frames of 60 bytes. */
void pcap_make(const char *path, size_t count);
/* Seconds until the screen shows a text; fails after a minute. */
double pty_seconds_until(struct pty *p, const char *text);
/* Run a shell command with its output thrown away: wall seconds, *ret_cpu seconds if not NULL. */
double command_seconds(const char *command, double *ret_cpu);
/* Whether a program is there. */
bool have(const char *program);

#endif
